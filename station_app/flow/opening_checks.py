"""The checks repeated before a day is opened, and the limits of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from station_app.domain.device_trials import Trials
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.readiness_report import TRIAL_REASONS, Readiness, Reason, Weight
from station_app.flow.mirroring import CATCHING_UP, MirrorBehind, MirrorOff, MirrorState
from station_app.flow.readiness import look_at
from station_app.vault import StationFolder


class CheckedPart(StrEnum):
    """The parts that are checked, in the order of the screen.

    `LIST`: its signature and every byte. `SCANNER`: it was opened; no finger was laid down.
    `SLIPS`: the printer has answered that it can print. `MIRROR`: it holds every entry.
    `MACHINE`: free space and battery. `CLOCK`: within the list's validity, not behind the
    station's files; whether it is right only a phone can tell. `TRIED`: the journal tells that the
    devices that are there have passed the self-test; only of a station with real ones.
    """

    LIST = "list"
    SCANNER = "scanner"
    SLIPS = "slips"
    MIRROR = "mirror"
    MACHINE = "machine"
    CLOCK = "clock"
    TRIED = "tried"


@dataclass(frozen=True, slots=True)
class OpeningCheck:
    """One check; `fault` is the code of what blocks the day, `note` of what does not.

    `facts` fill the words of either.
    """

    what: CheckedPart
    fault: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class DevicesNow:
    """The state of an open desk's devices; codes are empty where nothing is wrong."""

    scanner_fault: str = ""
    is_simulated: bool = False
    slips: PrintedTo = PrintedTo.PRINTER
    printer_fault: str = ""
    mirror: MirrorState = field(default_factory=MirrorOff)


SLIPS_IN_FOLDER: Final = "slips_in_folder"
SCANNER_SIMULATED: Final = "scanner_simulated"
_PLACES: Final[Mapping[str, CheckedPart]] = {
    "clock_behind": CheckedPart.CLOCK,
    "vsnap_expired": CheckedPart.CLOCK,
    "vsnap_not_yet_valid": CheckedPart.CLOCK,
    "list_ends_soon": CheckedPart.CLOCK,
    "scanner_not_configured": CheckedPart.SCANNER,
    "disk_short": CheckedPart.MACHINE,
    "disk_low": CheckedPart.MACHINE,
    "battery_empty": CheckedPart.MACHINE,
    "battery_low": CheckedPart.MACHINE,
    "battery_none": CheckedPart.MACHINE,
}


def checks_of(readiness: Readiness, devices: DevicesNow) -> tuple[OpeningCheck, ...]:
    """The checks, each with its first blocking reason, else its first warning.

    Reasons without a place of their own count as the list's. A device that does not work blocks
    nothing: the commission identifies without it.
    """
    found = _device_looks(devices)
    if any(one.verdict for one in readiness.devices):
        found[CheckedPart.TRIED] = _tried(readiness)
    for reason in readiness.reasons:
        if reason.is_of_devices:  # the open devices tell better than a look from outside
            continue
        what = _PLACES.get(reason.code, CheckedPart.LIST)
        known = found.get(what, OpeningCheck(what))
        if known.fault or not _is_said(reason, what, known):
            continue
        blocks = reason.weight is Weight.BLOCKS
        found[what] = OpeningCheck(
            what,
            fault=reason.code if blocks else "",
            facts=reason.facts,
            note="" if blocks else reason.code,
        )
    return tuple(found[what] for what in CheckedPart if what in found)


def _tried(readiness: Readiness) -> OpeningCheck:
    """What the trials leave to be said; it blocks nothing."""
    said = next((one for one in readiness.reasons if one.code in TRIAL_REASONS), None)
    if said is None:
        return OpeningCheck(CheckedPart.TRIED)
    return OpeningCheck(CheckedPart.TRIED, facts=said.facts, note=said.code)


def _device_looks(devices: DevicesNow) -> dict[CheckedPart, OpeningCheck]:
    """The checks before readiness is considered; none of a mirror that is not configured."""
    scanner = devices.scanner_fault or (SCANNER_SIMULATED if devices.is_simulated else "")
    in_folder = SLIPS_IN_FOLDER if devices.slips is PrintedTo.FOLDER else ""
    notes = {CheckedPart.SCANNER: scanner, CheckedPart.SLIPS: devices.printer_fault or in_folder}
    match devices.mirror:
        case MirrorBehind(code=code) if code != CATCHING_UP:
            notes[CheckedPart.MIRROR] = code
        case MirrorOff():
            pass
        case _:
            notes[CheckedPart.MIRROR] = ""
    always = (CheckedPart.LIST, CheckedPart.MACHINE, CheckedPart.CLOCK)
    return {
        what: OpeningCheck(what, note=notes.get(what, ""))
        for what in CheckedPart
        if what in notes or what in always
    }


def _is_said(reason: Reason, what: CheckedPart, known: OpeningCheck) -> bool:
    """A warning is left out for the list, and after another warning."""
    if reason.weight is Weight.BLOCKS:
        return True
    return what is not CheckedPart.LIST and not known.note


def station_checks(
    folder: StationFolder,
    engines: Sequence[str],
    now: Callable[[], datetime],
    devices: Callable[[], DevicesNow],
    trials: Callable[[], Trials],
) -> Callable[[], tuple[OpeningCheck, ...]]:
    """The checks of a provisioned station: every byte of its list against the signature.

    `trials` are those that its journal tells of.
    """

    def look() -> tuple[OpeningCheck, ...]:
        return checks_of(look_at(folder, engines, now(), trials=trials()), devices())

    return look
