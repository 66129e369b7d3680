"""Every state of screen 10 with invented people, by the name of its picture."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from station_app.domain.day_log import Integrity, LogFilter, StoryLine
from station_app.domain.entries import (
    CommissionDecision,
    Entry,
    FingerTry,
    Outcome,
    OutcomeVoided,
    SlipPrinted,
    StationMoved,
)
from station_app.domain.entry_codes import (
    Decision,
    DocumentSeen,
    ManualReason,
    Method,
    OutcomeKind,
    PrintedTo,
    VoidReason,
)
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import RetryReason
from station_app.ui.commission.day_log import (
    DayLogView,
    IntegrityView,
    RowResult,
    RowView,
    SavedFile,
    StoryView,
)
from tests.ui.samples.invented import invented

LOG_AT = datetime(2026, 11, 29, 17, 41)  # noqa: DTZ001  # local, as the screens are told it
_ENTRIES, _TOTAL = 3187, 1204
_COUNTS = {
    LogFilter.ALL: _TOTAL,
    LogFilter.STOPPED: 12,
    LogFilter.BY_FACE: 0,
    LogFilter.BY_COMMISSION: 17,
    LogFilter.VOIDED: 2,
}
Shown = tuple[int, int | None, int | None, Method, RowResult]
"""Minutes ago, list number, place among the invented voters, method, result."""
_FINGER, _COMMISSION, _NONE = Method.FINGER, Method.COMMISSION, Method.NONE
_ROWS = (
    (0, 1702, 0, _FINGER, RowResult.IDENTIFIED),
    (1, 288, 1, _FINGER, RowResult.IDENTIFIED),
    (2, 845, 2, _FINGER, RowResult.STOPPED),
    (4, 93, 3, _COMMISSION, RowResult.BY_COMMISSION),
    (5, None, None, _FINGER, RowResult.NOT_ON_LIST),
    (7, 954, 4, _COMMISSION, RowResult.BY_COMMISSION),
    (8, 1431, 5, _FINGER, RowResult.VOIDED),
    (10, None, None, _NONE, RowResult.CANCELLED),
    (11, 377, 6, _FINGER, RowResult.IDENTIFIED),
)
_ACTS = (
    (0, 612, 0, _NONE, RowResult.ISSUED_ELSEWHERE),
    (1, None, None, _NONE, RowResult.ADMITTED),
    (2, 1431, 5, _NONE, RowResult.STRUCK_OFF),
    (3, None, None, _NONE, RowResult.SENT_AWAY),
    (4, None, None, _NONE, RowResult.CAME_BACK),
    (5, None, None, _NONE, RowResult.STATION_WAS_OFF),
    (6, None, None, _NONE, RowResult.STATION_MOVED),
)
_SOUND = Integrity(True, _ENTRIES, "9f3a 71c4", LOG_AT + timedelta(minutes=1))


def sample_log_views(language: str) -> dict[str, DayLogView]:
    """Every state of the day log."""
    rows = {place: _row(place, language) for place in range(len(_ROWS))}
    known = {place: rows[place % len(_ROWS)] for place in range(64)}
    day = DayLogView(
        total=_TOTAL,
        counts=_COUNTS,
        rows=known,
        story=_story(rows[5], language),
        integrity=IntegrityView(_SOUND),
    )
    voided = _voided_story(rows[6], language)
    broken = replace(_SOUND, sound=False, first_bad=731)
    acts = {place: _row(place, language, _ACTS) for place in range(len(_ACTS))}
    counts = _COUNTS | {LogFilter.ACTS: len(_ACTS)}
    return {
        "day-log": day,
        "day-log-acts": replace(
            day,
            shown=LogFilter.ACTS,
            total=len(_ACTS),
            counts=counts,
            rows=acts,
            story=_moved_story(acts[6], language),
        ),
        "day-log-newer": replace(day, newer=3, story=voided),
        "day-log-saved": replace(day, saved=SavedFile("7042-1-day-log.csv", "KINGSTON")),
        "day-log-checking": replace(day, integrity=IntegrityView(_SOUND, 1500, _ENTRIES)),
        "day-log-broken": replace(
            day,
            story=replace(_story(rows[5], language), may_void=False),
            integrity=IntegrityView(broken),
        ),
        "day-log-unchecked": replace(day, story=None, integrity=IntegrityView(fault="disk_fault")),
        "day-log-empty": DayLogView(
            total=0, integrity=IntegrityView(replace(_SOUND, entries=9, short_head="04be 2f60"))
        ),
        "day-log-nothing-fits": replace(day, text="Абв", total=0, rows={}, story=None),
    }


def sample_story(language: str) -> StoryView:
    """The story that a dialog is opened for."""
    return _story(_row(5, language), language)


def _moved_story(row: RowView, language: str) -> StoryView:
    moved = StationMoved("Room 12", "Sports hall", "c1", "m1")
    lines = (StoryLine(row.number, row.at, moved),)
    member = invented(language).member
    return StoryView(row, "", "", 0, 0, b"", lines, {"c1": member, "m1": member}, may_void=False)


def _row(place: int, language: str, rows: Sequence[Shown] = _ROWS) -> RowView:
    minutes, number, person, method, result = rows[place]
    name = "" if person is None else invented(language).voters[person]
    at = LOG_AT - timedelta(minutes=minutes)
    return RowView(_ENTRIES - 3 * place, at, number, name, method, result)


def _story(row: RowView, language: str) -> StoryView:
    at = row.at.replace(second=52)
    entries: tuple[tuple[int, Entry], ...] = (
        (0, _try(1, RetryReason.TOO_DRY)),
        (9, _try(2, None)),
        (17, _try(3, None)),
        (24, _try(4, None)),
        (62, CommissionDecision(
            7, Decision.CONFIRMED, ManualReason.WORN, DocumentSeen.ID_CARD, "o1", "m1"
        )),
        (63, _identified()),
        (64, SlipPrinted(row.number, 1, PrintedTo.PRINTER)),
    )  # fmt: skip
    return StoryView(
        row=row,
        name=invented(language).whole_names[0],
        sex="m",
        page=48,
        line=4,
        portrait=b"",
        lines=_lines(at, entries),
        people={"m1": invented(language).witness},
        may_void=True,
    )


def _voided_story(row: RowView, language: str) -> StoryView:
    void = OutcomeVoided(row.number, "sample", 1431, VoidReason.WRONG_VOTER, "o1", "m1")
    entries: tuple[tuple[int, Entry], ...] = (
        (0, _try(1, None)),
        (1, replace(_identified(), method=Method.FINGER)),
        (3, SlipPrinted(row.number, 1, PrintedTo.PRINTER)),
        (290, void),
    )
    return StoryView(
        row=row,
        name=invented(language).whole_names[1],
        sex="f",
        page=72,
        line=11,
        portrait=b"",
        lines=_lines(row.at.replace(second=8), entries),
        people={"m1": invented(language).witness},
        may_void=False,
    )


def _lines(at: datetime, entries: tuple[tuple[int, Entry], ...]) -> tuple[StoryLine, ...]:
    return tuple(
        StoryLine(number, at + timedelta(seconds=after), entry)
        for number, (after, entry) in enumerate(entries, start=1)
    )


def _try(number: int, hint: RetryReason | None) -> FingerTry:
    return FingerTry(7, number, FingerPosition.RIGHT_INDEX, 40, hint, None, 2318, hint is None)


def _identified() -> Outcome:
    return Outcome(
        session=7,
        outcome=OutcomeKind.IDENTIFIED,
        reason="",
        method=Method.COMMISSION,
        voter_id="sample",
        list_number=954,
        first_entry=None,
        evidence_milli=None,
        threshold_milli=None,
        fingers_compared=0,
        tries=4,
        engine="",
        policy="",
    )
