"""Days as reports: one just opened, one closed with everything in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_report import (
    AgeBand,
    DayFigures,
    DayReport,
    Difference,
    Head,
    HourCount,
    Incident,
    SignedBy,
    Turnout,
)
from station_app.domain.entry_codes import Count, Method, OutcomeKind
from station_app.domain.roles import Role

MORNING = datetime(2026, 11, 29, 1, 12, tzinfo=UTC)
EVENING = datetime(2026, 11, 29, 14, 24, tzinfo=UTC)
NOTE = (
    "station-app/live/9042-1\n1566\nwH1S6GZuVZ2r2l1hJ4k0Xq6Zt5o6Wq4b0m1m2n3o4p4=\n\n"
    "— station-app/live/9042-1 Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDe"
    "OoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
HEAD = Head(1566, bytes.fromhex("c07d52e8" + "665a9dab" * 7), NOTE)
FIGURES = DayFigures(
    listed=2318,
    by_finger=1058,
    by_face=52,
    by_commission=21,
    voided=2,
    already_identified=14,
    not_on_list=6,
    unreadable=9,
    refused=1,
    abandoned=3,
    device_lost=1,
    interrupted=1,
    slips=1130,
    reprints=7,
)
HOURS = (38, 61, 84, 112, 131, 128, 96, 74, 82, 105, 126, 94)
AGES = ((62, 58), (121, 133), (128, 139), (102, 117), (74, 92), (41, 64))
BANDS = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, None))
SIGNERS = (
    SignedBy("osmonov", "Бакыт Осмонов", Role.CHAIR),
    SignedBy("ismailova", "Гүлнара Исмаилова", Role.MEMBER),
)
CLOSED = DayReport(
    station="9042-1",
    precinct="9042",
    place="№ 5 мектеп, «Ынтымак»",
    election="Президенттик шайлоо 2026",
    list_kind="live",
    list_sequence=3,
    day=1,
    opened_at=MORNING,
    closed_at=EVENING,
    phone_time=MORNING - timedelta(seconds=41),
    difference_s=41,
    turnout=Turnout(
        FIGURES,
        tuple(HourCount(hour, count) for hour, count in enumerate(HOURS, 8)),
        tuple(
            AgeBand(*band, men=men, women=women)
            for band, (men, women) in zip(BANDS, AGES, strict=True)
        ),
        EVENING + timedelta(minutes=2),
    ),
    ballots=1132,
    signatures=1131,
    differences=(
        Difference(Count.SLIPS, 1131, 1130, "Саат 14:20да кагаз түгөнүп, бир чек басылган жок."),
        Difference(
            Count.BALLOTS, 1131, 1132, "Один бюллетень испорчен избирателем и выдан повторно."
        ),
    ),
    incidents=(
        Incident(211, MORNING + timedelta(hours=2), "device_lost", "printer"),
        Incident(398, MORNING + timedelta(hours=3), "outcome_voided", "photo_mismatch"),
        Incident(402, MORNING + timedelta(hours=3), "day_paused", "power"),
        Incident(640, MORNING + timedelta(hours=5), "clock_changed", "12"),
        Incident(700, MORNING + timedelta(hours=6), "list_compared", "not_compared"),
        Incident(700, MORNING + timedelta(hours=6), "rows_marked", "2"),
        Incident(700, MORNING + timedelta(hours=6), "voters_missing", "1"),
        Incident(900, MORNING + timedelta(hours=7), "mirror_lost", "mirror_missing"),
        Incident(1100, MORNING + timedelta(hours=9), "interrupted", "812"),
        Incident(1560, EVENING, "difference_explained", "ballots"),
    ),
    head=HEAD,
    public_key="5e" * 32,
    signers=SIGNERS,
    app_version="0.1.0",
)
OPENED = replace(
    CLOSED,
    closed_at=None,
    turnout=Turnout(DayFigures(listed=2318), (), (), MORNING),
    ballots=None,
    signatures=None,
    differences=(),
    incidents=(),
    head=replace(HEAD, size=4),
)


def outcomes(count: int) -> list[tuple[LoggedOutcome, bool]]:
    """So many sessions' ends, every kind among them, some made void."""
    kinds, rows = list(OutcomeKind), []
    for number in range(count):
        kind = kinds[number % 9 % len(kinds)] if number % 5 == 0 else OutcomeKind.IDENTIFIED
        is_known = kind in (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
        logged = LoggedOutcome(
            number * 4 + 9,
            MORNING + timedelta(seconds=4 * number),
            kind,
            number % 2318 + 1 if is_known else None,
            Method.FINGER if is_known else Method.NONE,
        )
        rows.append((logged, kind is OutcomeKind.IDENTIFIED and number % 97 == 1))
    return rows
