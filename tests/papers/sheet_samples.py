"""Stations that are ready, and that are not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from station_app.domain.readiness_report import (
    DeviceState,
    ListState,
    MachineState,
    Readiness,
    Reason,
    SpokenHash,
    Weight,
)
from station_app.domain.roles import Role

NOW = datetime(2026, 11, 28, 15, 20, tzinfo=UTC)
DAY = timedelta(days=1)
READY = Readiness(
    station=SpokenHash("9042-1", "whip wing tape armed tonight when", "97850 74868 75906 41198"),
    kind="live",
    precinct="9042",
    languages=("ky", "ru", "en"),
    trusted=(
        SpokenHash("БШК", "cousin noble orphan silver lunch broom", "12345 67890 12345 67890"),
    ),
    recipients=("БШК жыйынтыктар",),
    mirror="/media/mirror-9042",
    people={Role.OPERATOR: 2, Role.MEMBER: 3, Role.CHAIR: 1, Role.TECHNICIAN: 1},
    devices=(
        DeviceState("finger_scanner", "fap20", "", "/dev/ttyUSB0", "tried", NOW, "full"),
        DeviceState("printer", "escpos", "", "usb:0416:5011", "tried", NOW, "full", "", True),
    ),
    list=ListState(
        election="Президенттик шайлоо 2026",
        kind="live",
        precinct="9042",
        place="№ 5 мектеп, «Ынтымак»",
        sequence=3,
        counts={"voters": 2318, "fingers": 4611, "faces": 2251, "portraits": 2296, "bad_rows": 7},
        created=NOW - DAY,
        valid_from=NOW - DAY,
        valid_to=NOW + 5 * DAY,
        issuer="БШК",
        hash=SpokenHash("9042-3.vsnap", "gravity ostrich yellow anchor bike solid", "00412 " * 4),
        is_proven=True,
    ),
    machine=MachineState(NOW, NOW - DAY, 84 * 10**9, 84, True, "0.1.0", "leader-mcc/2.ea070a"),
    events=2,
    reasons=(),
)
FACTS: dict[str, str | int] = {
    "offered": "9043", "own": "9042", "number": 7, "hours": 26, "percent": 38, "free": 1,
    "needed": 4, "path": "/var/lib/station-app/live",
}  # fmt: skip


def not_ready(*codes: str) -> Readiness:
    """With these reasons, the first half of which block."""
    weights = [
        Weight.BLOCKS if place < len(codes) / 2 else Weight.ATTENTION for place in range(len(codes))
    ]
    reasons = tuple(
        Reason(code, weight, FACTS) for code, weight in zip(codes, weights, strict=True)
    )
    return replace(READY, reasons=reasons)


BARE = replace(
    not_ready("identity_missing", "settings_missing", "people_missing", "issuers_missing"),
    station=None,
    kind="",
    precinct="",
    languages=(),
    trusted=(),
    recipients=(),
    mirror="",
    people={},
    devices=(),
    list=None,
    machine=replace(READY.machine, last_known=None, battery_percent=None),
)
