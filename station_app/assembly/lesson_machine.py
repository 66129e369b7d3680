"""What a lesson's station has in the place of the computer it runs on: nothing real is touched."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from station_app.assembly.desk_services import StationEquipment
from station_app.assembly.scanner_check import ScannerCheck
from station_app.devices.computer import Battery
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.ui.technician.self_test import (
    CardCheck,
    CardFinding,
    CardKey,
    CardRun,
    CardState,
    judge_battery,
)
from station_app.vault import StationFolder

_FULL: Final = Battery(percent=100, is_charging=True, minutes=None)


@dataclass(frozen=True, slots=True)
class LessonMachine:
    """Its scanner, whose glass the lesson's bar touches; its battery is full, and it has no printer
    for pages: papers stay files in the lesson's folder.
    """

    scanner: SimulatedFingerScanner

    def around(self, equipment: StationEquipment) -> StationEquipment:
        """The same, with the lesson's in the place of the computer's."""
        return replace(equipment, battery=lambda: _FULL, page_printer=lambda: "")

    def checks(self, folder: StationFolder) -> dict[CardKey, CardCheck]:
        """The cards of the self-test that would touch the computer's own devices.

        The scanner's is made as that of a real one, on the glass of the bar.
        """
        return {
            CardKey.SCANNER: CardCheck(
                lambda run: ScannerCheck(folder, run, self.scanner).finding()
            ),
            CardKey.PAPER: CardCheck(partial(_found, CardState.ATTENTION, "paper_none")),
            CardKey.BATTERY: CardCheck(lambda _run: judge_battery(_FULL)),
        }


def _found(state: CardState, code: str, _run: CardRun) -> CardFinding:
    return CardFinding(state, code, {})
