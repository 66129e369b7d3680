"""Every state of the page of exceptions with invented people, by the name of its picture."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from station_app.domain.appends import AlreadyAccepted
from station_app.domain.day import Day, DayState
from station_app.domain.day_acts import DayAct, LoggedAct
from station_app.domain.day_report import DayFigures
from station_app.domain.entries import (
    Admitted,
    CameBack,
    IssuedElsewhere,
    SentAway,
    StationMoved,
    StationWasOff,
    StruckOff,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    DocumentSeen,
    SentAwayReason,
    StrikeReason,
)
from station_app.flow.day_acts import CheckedNumber
from station_app.ui.commission.act_words import OffTimes
from station_app.ui.commission.exceptions_page import ActRow, ExceptionsView
from tests.ui.samples.invented import invented

_AT = datetime(2026, 11, 29, 14, 20, tzinfo=UTC)
_OPEN = Day(DayState.OPEN, 1, 5)
_ACTS: tuple[DayAct, ...] = (
    IssuedElsewhere("V-3", 612, BallotPlace.HOSPITAL, "c1", "m1"),
    CameBack("o1"),
    SentAway(SentAwayReason.NO_DOCUMENT, "o1"),
    StationMoved("Room 12", "Sports hall", "c1", "m1"),
    StationWasOff("2026-11-29T12:03:10Z"),
    StruckOff("V-2", 1431, StrikeReason.DUPLICATE, "c1", "m1"),
    Admitted(2, AdmissionBasis.SUPPLEMENTARY_LIST, DocumentSeen.PASSPORT, "c1", "m1"),
    Admitted(1, AdmissionBasis.COURT_ORDER, DocumentSeen.ID_CARD, "c1", "m1"),
)


def sample_exceptions_views(language: str) -> dict[str, ExceptionsView]:
    """Nothing chosen, each act with its fields filled, numbers that cannot be named, faults."""
    names = invented(language).voters
    rows = tuple(
        ActRow(LoggedAct(900 - place, at, act), at, is_undone=place == 7, may_undo=place in (0, 5))
        for place, act in enumerate(_ACTS)
        for at in (_AT - timedelta(minutes=13 * place),)
    )
    view = ExceptionsView(
        day=_OPEN,
        list_kind="live",
        figures=DayFigures(listed=2318, sent_away=2, came_back=1),
        rows=rows,
        off=OffTimes(_AT.replace(hour=12, minute=3), _AT.replace(hour=12, minute=41), 896),
    )
    free = tuple(
        CheckedNumber(number, f"V-{number}", name)
        for number, name in zip((12, 377, 954, 1702), names, strict=False)
    )
    settled = (
        free[0],
        replace(free[1], settled=AlreadyAccepted(40, _AT.replace(hour=9, minute=14))),
        replace(free[2], settled=AlreadyAccepted(7, _AT.replace(hour=8), BallotPlace.HOME)),
        replace(free[3], settled=AlreadyAccepted(8, _AT.replace(hour=8), is_struck_off=True)),
        CheckedNumber(4000),
    )
    moving = {"from_room": "Room 12", "to_room": "Sports hall"}
    return {
        "exceptions": view,
        "exceptions-first": ExceptionsView(day=Day(), list_kind="training", rows=()),
        "exceptions-elsewhere": replace(
            view, chosen=0, numbers="12 377 954 1702", checked=free, picks={"place": 0}
        ),
        "exceptions-settled": replace(view, chosen=0, numbers="12 377 954", checked=settled),
        "exceptions-admitted": replace(view, chosen=1, picks={"basis": 1, "document": 0}),
        "exceptions-struck": replace(
            view, chosen=2, numbers="12", checked=free[:1], picks={"reason": 3}
        ),
        "exceptions-sent-away": replace(view, chosen=3),
        "exceptions-came-back": replace(view, chosen=4),
        "exceptions-off": replace(view, chosen=5, picks={"cause": 0}),
        "exceptions-moved": replace(
            view, chosen=6, rooms=moving, day=replace(_OPEN, state=DayState.PAUSED)
        ),
        "exceptions-refused": replace(view, fault="act_refused"),
        "exceptions-written": replace(view, is_written=True),
    }
