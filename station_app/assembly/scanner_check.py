"""The scanner's card of the self-test: a finger laid down twice has to match itself."""

from typing import Final

from station_app.biometrics.engines import FINGERS
from station_app.biometrics.fingerprint.ridge_distance import ridge_distance
from station_app.devices.finger_scanner import FingerScanner, LimitedStop, ScannerInfo
from station_app.domain.errors import DeviceLostError
from station_app.domain.samples import FingerImage
from station_app.flow.same_person import can_be_compared, is_same_finger
from station_app.flow.scanning import KeptScanner
from station_app.flow.station_devices import finger_scanner
from station_app.settings import read_machine
from station_app.ui.technician.self_test import CardFinding, CardProgress, CardRun, CardState
from station_app.vault import StationFolder

_FINGER_WAIT_S: Final = 20.0


class ScannerCheck:
    """One run of the check; on a lane, while no desk has the scanner open."""

    def __init__(
        self, folder: StationFolder, run: CardRun, scanner: FingerScanner | None = None
    ) -> None:
        """`scanner` is the one to try; without it that of the settings."""
        tried = scanner or finger_scanner(folder, read_machine(folder.settings))
        self._scanner = KeptScanner(tried, FINGERS.assess, opened=self._opened)
        self._run = run
        self._info: ScannerInfo | None = None

    def _opened(self, info: ScannerInfo) -> None:
        self._info = info

    def finding(self) -> CardFinding:
        """Both prints are shown to the engine that decides on the day.

        The morning check is content with one print that can be compared.
        """
        try:
            first = self._captured(CardProgress("scanner_first", of=2))
            if isinstance(first, str):
                return CardFinding(CardState.FAILED, first, {})
            if self._run.is_morning:
                fits = can_be_compared(first)
                code = "scanner_reads" if fits else "scanner_poor"
                state = CardState.PASSED if fits else CardState.FAILED
                return CardFinding(state, code, {}, first)
            second = self._captured(CardProgress("scanner_again", done=1, of=2, image=first))
            if isinstance(second, str):
                return CardFinding(CardState.FAILED, second, {}, first)
        except DeviceLostError:
            return CardFinding(CardState.FAILED, "scanner_lost", {})
        finally:
            self._scanner.close()
        self._run.tell(CardProgress("scanner_comparing", done=2, of=2, image=second))
        return compared(first, second)

    def _captured(self, asking: CardProgress) -> FingerImage | str:
        """The next finger laid down; the code of why there is none."""
        self._run.tell(asking)

        def touched(is_on: bool) -> None:
            if is_on and self._info is not None and self._info.gives_after_lift:
                self._run.tell(CardProgress("scanner_lift", done=asking.done, of=asking.of))

        limit = LimitedStop(self._run.stop, _FINGER_WAIT_S)
        while not limit.stopped:
            stop = LimitedStop(limit, _FINGER_WAIT_S)  # of one capture, which may use it up
            found = self._scanner.capture(stop, show_touch=touched)
            if isinstance(found, FingerImage):
                return found
        return "scanner_nothing"


def compared(first: FingerImage, second: FingerImage) -> CardFinding:
    """Whether both are of one finger, at the resolution that the scanner claims."""
    if not can_be_compared(first):
        return CardFinding(CardState.FAILED, "scanner_poor", {}, first)
    if not is_same_finger(first, second):
        return CardFinding(CardState.FAILED, "scanner_other", {}, second)
    distance = ridge_distance(first)
    if not distance.fits:
        facts = {"ppi": first.ppi, "likely": distance.likely_ppi(first.ppi)}
        return CardFinding(CardState.FAILED, "scanner_resolution", facts, second)
    return CardFinding(CardState.PASSED, "scanner_same", {}, second)
