"""Every state of the day's pages with invented facts, by the name of its picture."""

from dataclasses import replace
from datetime import datetime, timedelta

from station_app.domain.day_log import Integrity
from station_app.domain.day_report import DayFigures, Gap
from station_app.domain.entry_codes import Count, Paper
from station_app.domain.readiness_report import SpokenHash
from station_app.domain.roles import Person, Role
from station_app.flow.day_export import ExportedDay
from station_app.flow.day_parts import PaperDestination
from station_app.flow.opening_checks import CheckedPart, OpeningCheck
from station_app.ui.commission.act_words import OffTimes
from station_app.ui.commission.closing_page import ClosingView
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.commission.day_page import DayView
from station_app.ui.commission.day_views import ClosedView, ListChange, RunningView
from station_app.ui.commission.decisions_page import DecisionResult, DecisionRow, DecisionsView
from station_app.ui.commission.export import ExportView, LastExport
from station_app.ui.commission.opening_page import ClockState, OpeningView
from station_app.ui.operator.views import GapView
from tests.ui.samples.invented import invented

MORNING = datetime(2026, 11, 29, 7, 32)  # noqa: DTZ001  # local, as the screens are told it
EVENING = MORNING.replace(hour=20, minute=4)

_FIGURES = DayFigures(
    listed=2318,
    by_finger=1110,
    by_commission=21,
    voided=2,
    already_identified=14,
    not_on_list=9,
    refused=1,
    slips=1131,
    reprints=3,
)
_ACTS = {"issued_elsewhere": 12, "admitted": 2, "struck_off": 3, "struck_not_listed": 1}
_INTACT = IntegrityView(Integrity(True, 3187, "3187 c07d 52e8", EVENING))
_BROKEN = IntegrityView(Integrity(False, 3187, "3187 c07d 52e8", EVENING, first_bad=731))
_GOOD = tuple(OpeningCheck(what) for what in CheckedPart)


def sample_people(language: str) -> tuple[Person, ...]:
    """The chair, a member and the operator."""
    said = invented(language)
    names = (said.people[1], said.member, said.people[0])
    roles = (Role.CHAIR, Role.MEMBER, Role.OPERATOR)
    ids = ("c1", "m1", "o1")
    return tuple(Person(*parts) for parts in zip(ids, names, roles, strict=True))


def sample_day_views(language: str) -> dict[str, DayView]:
    """The page of the day: before it, open, paused, closed."""
    chair, member, _operator = sample_people(language)
    signers = (chair.name, member.name)
    export = ExportView((SpokenHash(invented(language).results, "", "42424 31016 77310 90551"),))
    last = replace(export, last=LastExport(MORNING.replace(hour=14), 1566))
    opening = OpeningView(
        today=MORNING,
        listed=2318,
        list_sequence=3,
        checks=_GOOD,
        integrity=IntegrityView(Integrity(True, 4, "4 1a5e 90cc", MORNING)),
        clock=ClockState.RIGHT,
        checked_at=MORNING,
    )
    faulty = (
        OpeningCheck(CheckedPart.LIST),
        OpeningCheck(CheckedPart.SCANNER, note="scanner_unplugged"),
        OpeningCheck(CheckedPart.SLIPS, note="slips_in_folder"),
        OpeningCheck(CheckedPart.MIRROR, note="mirror_missing"),
        OpeningCheck(CheckedPart.MACHINE, "battery_empty", {"percent": 6}),
        OpeningCheck(CheckedPart.CLOCK),
    )
    running = RunningView(
        figures=replace(_FIGURES, by_finger=644, by_commission=17, slips=659),
        opened_at=MORNING,
        signers=signers,
        unprinted=2,
        integrity=_INTACT,
        export=export,
    )
    many = replace(running.figures, by_commission=61, slips=705)
    closed = ClosedView(
        figures=_FIGURES,
        closed_at=EVENING,
        signers=signers,
        ballots=1132,
        signatures=1131,
        gaps=(Gap(Count.BALLOTS, 1131, 1132),),
        integrity=_INTACT,
        export=export,
    )
    left = replace(closed, exported=LastExport(EVENING, 3187))
    at_printer = PaperDestination(
        Paper.ZERO_REPORT,
        MORNING,
        "HP_LaserJet_M110w",
        is_printing=True,
        waits_for="page_printer_stuck",
    )
    return {
        "day-open": opening,
        "day-open-checking": replace(
            opening, checks=None, clock=ClockState.NOT_TOLD, integrity=IntegrityView()
        ),
        "day-open-clock": replace(opening, clock=ClockState.BEHIND, minutes=4),
        "day-open-fault": replace(opening, checks=faulty, fault="vsnap_expired"),
        "day-open-gap": replace(opening, gap=GapView("9042-1")),
        "day-running": running,
        "day-running-gap": replace(running, gap=GapView("9042-1", "10:42")),
        "day-running-first": RunningView(
            DayFigures(listed=2318), MORNING, signers, is_untouched=True, paper_fault="printer_lost"
        ),
        "day-running-printing": RunningView(
            DayFigures(listed=2318), MORNING, signers, is_untouched=True, went=at_printer
        ),
        "day-running-alarm": replace(running, figures=many, integrity=_BROKEN, export=last),
        "day-running-acts": replace(
            running,
            figures=replace(running.figures, **_ACTS),
            off=OffTimes(MORNING.replace(hour=12, minute=3), MORNING.replace(hour=12, minute=41)),
        ),
        "day-paused": replace(running, is_paused=True, unprinted=0, integrity=_INTACT),
        "day-list-compared": replace(running, list_change=ListChange(True, 0, 0)),
        "day-list-differs": replace(running, list_change=ListChange(True, 2, 1)),
        "day-list-not-compared": replace(running, list_change=ListChange(False, 2, 1)),
        "day-closed": closed,
        "day-closed-acts": replace(closed, figures=replace(_FIGURES, **_ACTS)),
        "day-closed-printing": replace(closed, went=replace(at_printer, paper=Paper.PROTOCOL)),
        "day-closed-printed-not": replace(
            left,
            went=PaperDestination(Paper.PROTOCOL, EVENING),
            paper_fault="page_printer_stuck",
        ),
        "day-closed-list-not-compared": replace(closed, list_change=ListChange(False, 0, 1)),
        "day-exporting": replace(closed, export=replace(export, writing_to="KINGSTON")),
        "day-exported": replace(
            left, export=replace(export, taken=ExportedDay("KINGSTON", 3187, is_new=True))
        ),
        "day-exported-again": replace(
            left, export=replace(export, taken=ExportedDay("KINGSTON", 3187, is_new=False))
        ),
        "day-export-fault": replace(closed, export=replace(export, fault="medium_full")),
        "day-closed-training": replace(
            left, gaps=(), ballots=1131, may_open_next=True, fault="day_refused"
        ),
    }


def sample_closing_views(language: str) -> dict[str, ClosingView | None]:
    """Closing: nothing counted, all agrees, differences, a damaged journal."""
    spoiled, no_paper = invented(language).reasons
    begun = ClosingView(_FIGURES, integrity=_INTACT, decisions=23, reviewed=0)
    equal = {Count.BALLOTS: "1131", Count.SIGNATURES: "1131"}
    agreed = replace(begun, typed=equal, reviewed=23)
    differing = replace(
        agreed,
        figures=replace(_FIGURES, slips=1129),
        unprinted=2,
        typed=equal | {Count.BALLOTS: "1132"},
        reasons={Count.BALLOTS: spoiled},
        is_desk_free=False,
    )
    explained = replace(
        differing, reasons={Count.BALLOTS: spoiled, Count.SLIPS: no_paper}, is_desk_free=True
    )
    return {
        "close": begun,
        "close-agreed": agreed,
        "close-differences": differing,
        "close-explained": explained,
        "close-acts": replace(
            explained,
            figures=replace(explained.figures, **_ACTS),
            typed={Count.BALLOTS: "1145", Count.SIGNATURES: "1144"},
            reasons={**explained.reasons, Count.SIGNATURES: spoiled},
        ),
        "close-damaged": replace(agreed, integrity=_BROKEN, fault="counts_changed"),
        "close-none": None,
    }


def sample_decisions_views(language: str) -> dict[str, DecisionsView]:
    """Decisions: some, none, too many."""
    chair, member, operator = (person.name for person in sample_people(language))
    signers = (operator, member)
    figures = replace(_FIGURES, by_finger=644, by_commission=17)
    noon = MORNING.replace(hour=12, minute=40)

    def row(place: int, result: DecisionResult, reason: str, number: int | None) -> DecisionRow:
        return DecisionRow(
            number=1860 - 40 * place,
            at=noon - timedelta(minutes=17 * place),
            result=result,
            reason=reason,
            document=""
            if result is DecisionResult.VOIDED
            else ("passport" if place % 2 else "id_card"),
            list_number=number,
            signers=signers if place % 3 else (operator, chair),
        )

    rows = (
        row(0, DecisionResult.IDENTIFIED, "worn", 93),
        row(1, DecisionResult.VOIDED, "photo_mismatch", 1431),
        row(2, DecisionResult.REFUSED, "other", None),
        row(3, DecisionResult.IDENTIFIED_THEN_VOIDED, "injured", 1431),
        row(4, DecisionResult.STOPPED, "no_biometrics", 204),
        row(5, DecisionResult.IDENTIFIED, "equipment", 17),
    )
    many = replace(figures, by_commission=61)
    return {
        "decisions": DecisionsView(rows, figures),
        "decisions-none": DecisionsView((), DayFigures(listed=2318, by_finger=12)),
        "decisions-alarm": DecisionsView(rows[:2], many),
        "decisions-reading": DecisionsView(None),
    }
