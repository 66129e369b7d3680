"""What screen 10 shows: rows, the story of one, the journal's state. Rules without Qt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from station_app.domain.day_acts import LoggedAct
from station_app.domain.day_log import EntryStory, Integrity, LogFilter, LogRow, StoryLine
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.flow.day_parts import PaperDestination
from station_app.flow.integrity import IntegrityCheck

Local = Callable[[datetime], datetime]
"""The station's local time of an aware one."""


class RowResult(StrEnum):
    """How a row ended, in the words of its tag."""

    IDENTIFIED = "identified"
    BY_COMMISSION = "by_commission"
    STOPPED = "stopped"
    NOT_ON_LIST = "not_on_list"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    DEVICE_LOST = "device_lost"
    INTERRUPTED = "interrupted"
    VOIDED = "voided"
    ISSUED_ELSEWHERE = "issued_elsewhere"
    ADMITTED = "admitted"
    STRUCK_OFF = "struck_off"
    SENT_AWAY = "sent_away"
    CAME_BACK = "came_back"
    STATION_WAS_OFF = "station_was_off"
    STATION_MOVED = "station_moved"


_RESULTS = {
    OutcomeKind.IDENTIFIED: RowResult.IDENTIFIED,
    OutcomeKind.ALREADY_IDENTIFIED: RowResult.STOPPED,
    OutcomeKind.NOT_ON_LIST: RowResult.NOT_ON_LIST,
    OutcomeKind.UNREADABLE: RowResult.UNREADABLE,
    OutcomeKind.REFUSED: RowResult.REFUSED,
    OutcomeKind.ABANDONED: RowResult.CANCELLED,
    OutcomeKind.DEVICE_LOST: RowResult.DEVICE_LOST,
    OutcomeKind.INTERRUPTED: RowResult.INTERRUPTED,
}


@dataclass(frozen=True, slots=True)
class RowView:
    """One row: entry `number`, local time, and what its cells say."""

    number: int
    at: datetime
    list_number: int | None
    name: str
    method: Method
    result: RowResult

    @classmethod
    def of(cls, row: LogRow, local: Local) -> "RowView":
        """The row as it is shown."""
        logged = row.logged
        if isinstance(logged, LoggedAct):
            method, result = Method.NONE, RowResult(logged.entry.kind)
        else:
            method, result = logged.method, _RESULTS[logged.outcome]
        if row.voided:
            result = RowResult.VOIDED
        elif result is RowResult.IDENTIFIED and method is Method.COMMISSION:
            result = RowResult.BY_COMMISSION
        at = local(logged.at)
        return cls(logged.number, at, logged.list_number, row.name, method, result)


@dataclass(frozen=True, slots=True)
class StoryView:
    """The story of a row, its lines in local time; `people` are names by id.

    `name` is the whole one, empty for nobody; `page` and `line` are 0 for nobody. `first_at`
    is when somebody who was stopped had been identified.
    """

    row: RowView
    name: str
    sex: str
    page: int
    line: int
    portrait: bytes
    lines: tuple[StoryLine, ...]
    people: Mapping[str, str]
    may_void: bool
    first_at: datetime | None = None

    @classmethod
    def of(cls, story: EntryStory, people: Mapping[str, str], local: Local) -> "StoryView":
        """The story as it is shown."""
        voter = story.voter
        return cls(
            row=RowView.of(story.row, local),
            name=f"{voter.surname} {voter.given_names}".strip() if voter else "",
            sex=voter.sex if voter else "",
            page=voter.page if voter else 0,
            line=voter.line if voter else 0,
            portrait=voter.portrait if voter else b"",
            lines=tuple(replace(line, at=local(line.at)) for line in story.lines),
            people=people,
            may_void=story.may_void,
            first_at=local(story.first_at) if story.first_at else None,
        )


@dataclass(frozen=True, slots=True)
class IntegrityView:
    """The strip: what the last check found (local time), how far one is that runs.

    `total` is 0 while none runs; `fault` is the code of why the last could not be finished.
    """

    last: Integrity | None = None
    checked: int = 0
    total: int = 0
    fault: str = ""

    @classmethod
    def of(cls, check: IntegrityCheck, local: Local) -> "IntegrityView":
        """How the check stands now."""
        last, progress = check.last, check.progress
        return cls(
            last=last and replace(last, checked_at=local(last.checked_at)),
            checked=progress.checked if progress else 0,
            total=progress.entries if progress else 0,
            fault=check.fault,
        )

    @property
    def is_sound(self) -> bool:
        """Whether the newest check was finished and found nothing."""
        return self.last is not None and self.last.sound and not self.fault

    @property
    def is_broken(self) -> bool:
        """Whether the journal does not hold together."""
        return self.last is not None and not self.last.sound


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file of this name is on the stick of that name."""

    name: str
    stick: str


@dataclass(frozen=True, slots=True)
class DayLogView:
    """Everything on the screen.

    `rows` are those read so far, by their place from the newest (0); `total` is how many
    there are, None while that is not known. `newer` were written after the newest of them.
    `saved` tells what was exported, `went` where the printed log is (local time), `fault` is
    the code of what failed last.
    """

    shown: LogFilter = LogFilter.ALL
    text: str = ""
    total: int | None = None
    counts: Mapping[LogFilter, int] = field(default_factory=dict)
    rows: Mapping[int, RowView] = field(default_factory=dict)
    newer: int = 0
    story: StoryView | None = None
    integrity: IntegrityView = IntegrityView()
    saved: SavedFile | None = None
    went: PaperDestination | None = None
    fault: str = ""
