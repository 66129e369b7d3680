"""The day log: pages of rows, the story of one, and the table for a stick.

Rows are selected on the journal's lane, names are read and searched on the list's lane. Each
step takes milliseconds, and identification continues between them.
"""

import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day import DayState
from station_app.domain.day_acts import LoggedAct
from station_app.domain.day_log import EntryStory, Integrity, LogFilter, LogPage, LogRow, StoryLine
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import csv_text
from station_app.domain.voters import Voter, short_name
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder
from station_app.journal.journal_view import JournalView
from station_app.journal.records import Record
from station_app.snapshots import VoterList
from station_app.vault import READABLE, refuse_other_spelling, replace_file

Failed = Callable[[KnownError], None]
Result = TypeVar("Result")

COLUMNS: Final = ("time", "list_number", "method", "result", "voided")
"""Of the table for a stick, which is read elsewhere: nobody's name."""

Logged = LoggedOutcome | LoggedAct
"""What has a row in the day log."""

_LIST_NUMBER: Final = re.compile(r"(?:№|#)?\s*(\d{1,9})")
_STANDING: Final = (DayState.OPEN, DayState.PAUSED)


@dataclass(frozen=True, slots=True)
class LogQuery:
    """At most `count` matching rows, newest first, after the first `first`.

    `text` is a list number, a PIN, or beginnings of names; empty for everybody. Rows of
    entries after `upto` are left out, so that those before keep their places; 0 for none.
    """

    shown: LogFilter = LogFilter.ALL
    text: str = ""
    first: int = 0
    count: int = 0
    upto: int = 0


@dataclass(frozen=True, slots=True)
class _Sought:
    """Whom the text means: a list number, or the ids of voters."""

    list_number: int | None = None
    voter_ids: frozenset[str] = frozenset()

    def fits(self, logged: Logged) -> bool:
        if self.list_number is not None:
            return logged.list_number == self.list_number
        return logged.voter_id in self.voter_ids


class DayLog:
    """Asked on the main thread, answers there.

    `integrity` tells what the last check of the journal has found: nothing is made void
    in a journal that does not hold together.
    """

    def __init__(
        self,
        recorder: Recorder,
        voters: VoterList,
        journal_lane: Lane,
        matching_lane: Lane,
        integrity: Callable[[], Integrity | None],
    ) -> None:
        self._recorder, self._journal, self._voters = recorder, recorder.journal, voters
        self._journal_lane, self._matching_lane = journal_lane, matching_lane
        self._integrity = integrity
        self._closed = False

    def listen(self, bridge: Bridge, changed: Callable[[], None]) -> None:
        """Call `changed` on the main thread after every append from now on."""

        def tell(_records: Iterable[Record]) -> None:
            bridge.post(changed)

        self._journal_lane.call(lambda: self._recorder.listen(tell))

    def ask(self, wanted: LogQuery, done: Callable[[LogPage], None], failed: Failed) -> None:
        """Read a page of rows, newest first."""
        text = wanted.text.strip()
        number = _LIST_NUMBER.fullmatch(text)
        if not text:
            self._select(wanted, None, done, failed)
        elif number is not None:
            self._select(wanted, _Sought(int(number[1])), done, failed)
        else:
            self._run(
                self._matching_lane,
                lambda: self._voters.search(text),
                lambda ids: self._select(wanted, _Sought(voter_ids=ids), done, failed),
                failed,
            )

    def story(self, number: int, done: Callable[[EntryStory | None], None], failed: Failed) -> None:
        """The story of the row of entry `number`; None where the day has no such row."""

        def read() -> EntryStory | None:
            look = self._journal.look
            logged = _logged(look, number)
            return None if logged is None else self._told(look, logged)

        def name(told: EntryStory | None) -> None:
            voter_id = told.row.logged.voter_id if told else None
            if told is None or voter_id is None:
                done(told)
                return
            self._run(
                self._matching_lane,
                lambda: self._voters.voter_of(voter_id),
                lambda voter: done(_named(told, voter)),
                failed,
            )

        self._run(self._journal_lane, read, name, failed)

    def table(self, done: Callable[[tuple[LogRow, ...]], None], failed: Failed) -> None:
        """Every row of the day without names, oldest first: for papers and exports."""

        def read() -> tuple[LogRow, ...]:
            look = self._journal.look
            return tuple(_row(look, logged) for logged in logged_of(look))

        self._run(self._journal_lane, read, done, failed)

    def close(self) -> None:
        """Ask the lanes nothing any more: they are about to end. Nobody is answered."""
        self._closed = True

    def _run(
        self,
        lane: Lane,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Failed,
    ) -> None:
        if not self._closed:
            lane.run(work, done, failed)

    def _select(
        self,
        wanted: LogQuery,
        sought: _Sought | None,
        done: Callable[[LogPage], None],
        failed: Failed,
    ) -> None:
        def name(page: LogPage) -> None:
            ids = {row.logged.voter_id for row in page.rows if row.logged.voter_id}
            if not ids:
                done(page)
                return
            self._run(
                self._matching_lane,
                lambda: self._voters.short_names(ids),
                lambda names: done(_with_names(page, names)),
                failed,
            )

        self._run(
            self._journal_lane, lambda: _page(self._journal.look, wanted, sought), name, failed
        )

    def _told(self, look: JournalView, logged: Logged) -> EntryStory:
        lines: tuple[StoryLine, ...] = look.story(logged)
        row = _row(look, logged)
        if isinstance(logged, LoggedAct):
            return EntryStory(row, None, lines, may_void=False)
        found = self._integrity()
        may_void = (
            logged.outcome is OutcomeKind.IDENTIFIED
            and not row.voided
            and look.day.state in _STANDING
            and (found is None or found.sound)
        )
        first = None
        if logged.outcome is OutcomeKind.ALREADY_IDENTIFIED:
            first = look.identified_before(logged)
        return EntryStory(row, None, lines, may_void, first.at if first else None)


def logged_of(look: JournalView) -> Sequence[Logged]:
    """The rows of the day: the ends of its sessions and its acts, oldest first."""
    acts = look.day_acts()
    if not acts:
        return look.day_outcomes()
    return sorted((*look.day_outcomes(), *acts), key=lambda one: one.number)


def filters_of(logged: Logged, *, voided: bool) -> tuple[LogFilter, ...]:
    """The filters that a row passes."""
    passed = [LogFilter.ALL]
    if isinstance(logged, LoggedAct):
        passed.append(LogFilter.ACTS)
    elif logged.outcome is OutcomeKind.ALREADY_IDENTIFIED:
        passed.append(LogFilter.STOPPED)
    elif logged.method is Method.FACE:
        passed.append(LogFilter.BY_FACE)
    elif logged.method is Method.COMMISSION:
        passed.append(LogFilter.BY_COMMISSION)
    if voided:
        passed.append(LogFilter.VOIDED)
    return tuple(passed)


def _page(look: JournalView, wanted: LogQuery, sought: _Sought | None) -> LogPage:
    rows = logged_of(look)
    last = rows[-1].number if rows else 0
    upto = wanted.upto or last
    counts: Counter[LogFilter] = Counter()
    fitting: list[Logged] = []
    newer = 0
    for logged in rows:
        passed = filters_of(logged, voided=look.void_of(logged.number) is not None)
        counts.update(passed)
        if wanted.shown not in passed or (sought is not None and not sought.fits(logged)):
            continue
        if logged.number > upto:
            newer += 1
        else:
            fitting.append(logged)
    end = len(fitting) - wanted.first
    newest_first = fitting[max(end - wanted.count, 0) : max(end, 0)][::-1]
    return LogPage(
        total=len(fitting),
        counts={shown: counts[shown] for shown in LogFilter},
        first=wanted.first,
        rows=tuple(_row(look, logged) for logged in newest_first),
        upto=upto,
        newer=newer,
    )


def _row(look: JournalView, logged: Logged) -> LogRow:
    number = logged.number
    return LogRow(logged, "", look.void_of(number) is not None, look.slips_of(number))


def _logged(look: JournalView, number: int) -> Logged | None:
    rows = logged_of(look)
    place = bisect_left(rows, number, key=lambda logged: logged.number)
    found = rows[place] if place < len(rows) else None
    return found if found is not None and found.number == number else None


def _with_names(page: LogPage, names: dict[str, str]) -> LogPage:
    rows = [replace(row, name=names.get(row.logged.voter_id or "", "")) for row in page.rows]
    return replace(page, rows=tuple(rows))


def _named(told: EntryStory, voter: Voter | None) -> EntryStory:
    if voter is None:
        return told
    name = short_name(voter.surname, voter.given_names)
    return replace(told, voter=voter, row=replace(told.row, name=name))


def result_of(logged: Logged) -> tuple[str, str]:
    """Codes of method and result of a row; an act has no method, its kind is the result."""
    if isinstance(logged, LoggedAct):
        return "", logged.entry.kind
    return logged.method.value, logged.outcome.value


def day_log_csv(rows: Iterable[LogRow], local: Callable[[datetime], datetime]) -> bytes:
    """The rows in their order: local ISO 8601 time, list number or nothing, codes, yes or no.

    `local` gives an aware local time. RFC 4180, UTF-8.
    """
    lines = [
        (
            local(row.logged.at).isoformat(timespec="seconds"),
            row.logged.list_number,
            *result_of(row.logged),
            "yes" if row.voided else "no",
        )
        for row in rows
    ]
    return csv_text([COLUMNS, *lines]).encode()


def write_day_log_csv(
    folder: Path, name: str, rows: Iterable[LogRow], local: Callable[[datetime], datetime]
) -> Path:
    """Write `<folder>/<name>`; it is whole and on the medium when this returns.

    Raises `KnownError`: `export_folder_missing`, `medium_name_taken`, and as `replace_file` does.
    """
    # A medium that is broken or closed to us is no folder; `Path.is_dir` would raise.
    if not os.path.isdir(folder):  # noqa: PTH112
        raise KnownError(
            Code.EXPORT_FOLDER_MISSING,
            f"There is no folder {folder}. Plug the stick in, and check the folder's name.",
        )
    path = folder / name
    refuse_other_spelling(path)
    replace_file(path, day_log_csv(rows, local), READABLE)
    return path
