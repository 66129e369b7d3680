"""What a lesson's station has in the place of the computer it runs on: nothing real is touched."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from station_app.assembly.desk_services import StationEquipment
from station_app.assembly.scanner_check import ScannerCheck
from station_app.devices.computer import Battery
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.samples import FingerImage
from station_app.ui.technician.self_test import (
    CardCheck,
    CardFinding,
    CardKey,
    CardProgress,
    CardRun,
    CardState,
    judge_battery,
)
from station_app.vault import StationFolder

_ASKING: Final = ("scanner_first", "scanner_again")
_FULL: Final = Battery(percent=100, is_charging=True, minutes=None)


@dataclass(frozen=True, slots=True)
class LessonMachine:
    """Its scanner, whose glass the lesson's bar touches; its battery is full, and it has no printer
    for pages: papers stay files in the lesson's folder.

    `finger` makes the technician's finger as it is laid on the glass for the n-th time, from 1;
    `clock` gives the desk's monotonic seconds.
    """

    scanner: SimulatedFingerScanner
    finger: Callable[[int], FingerImage]
    clock: Callable[[], float]

    def around(self, equipment: StationEquipment) -> StationEquipment:
        """The same, with the lesson's in the place of the computer's."""
        return replace(equipment, battery=lambda: _FULL, page_printer=lambda: "")

    def checks(self, folder: StationFolder) -> dict[CardKey, CardCheck]:
        """The cards of the self-test that would touch the computer's own devices.

        The scanner's is that of a real one; when it asks for a finger the technician's is laid.
        """
        return {
            CardKey.SCANNER: CardCheck(partial(self._test_scanner, folder)),
            CardKey.PAPER: CardCheck(partial(_found, CardState.ATTENTION, "paper_none")),
            CardKey.BATTERY: CardCheck(lambda _run: judge_battery(_FULL)),
        }

    def _test_scanner(self, folder: StationFolder, run: CardRun) -> CardFinding:
        def tell(how_far: CardProgress) -> None:
            run.tell(how_far)
            if how_far.code in _ASKING:
                self.scanner.place(partial(self.finger, how_far.done + 1))

        asked = CardRun(tell, is_morning=run.is_morning)
        asked.stop = run.stop
        try:
            return ScannerCheck(folder, asked, self.scanner).finding()
        finally:
            self.scanner.lift()


def _found(state: CardState, code: str, _run: CardRun) -> CardFinding:
    return CardFinding(state, code, {})
