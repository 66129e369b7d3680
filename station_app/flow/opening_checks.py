"""What is looked at anew before a day is opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from station_app.domain.readiness import Readiness
from station_app.flow.readiness import look_at
from station_app.vault import StationFolder


class Checked(StrEnum):
    """What is looked at, in the order of the screen."""

    LIST = "list"
    DEVICES = "devices"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class OpeningCheck:
    """One look; `fault` is the code of why it is not as it should be, `facts` fill its words."""

    what: Checked
    fault: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)


_CLOCK: Final = frozenset({"clock_behind", "vsnap_expired", "vsnap_not_yet_valid"})
_DEVICES: Final = frozenset({"scanner_not_configured", "disk_short", "battery_empty"})


def checks_of(readiness: Readiness, device_fault: str) -> tuple[OpeningCheck, ...]:
    """The looks, each with the first of what blocks it.

    `device_fault` is the code of a device that does not work now, empty for none. What is
    about neither clock nor devices is about the list and the station that may open it.
    """
    found = {what: OpeningCheck(what) for what in Checked}
    if device_fault:
        found[Checked.DEVICES] = OpeningCheck(Checked.DEVICES, device_fault)
    for reason in readiness.blocking:
        what = Checked.LIST
        if reason.code in _CLOCK:
            what = Checked.CLOCK
        elif reason.code in _DEVICES:
            what = Checked.DEVICES
        if not found[what].fault:
            found[what] = OpeningCheck(what, reason.code, reason.facts)
    return tuple(found.values())


def station_checks(
    folder: StationFolder,
    engine: str,
    now: Callable[[], datetime],
    device_fault: Callable[[], str],
) -> Callable[[], tuple[OpeningCheck, ...]]:
    """The looks at a provisioned station: every byte of its list against the signature."""

    def look() -> tuple[OpeningCheck, ...]:
        return checks_of(look_at(folder, engine, now()), device_fault())

    return look
