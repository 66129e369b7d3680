"""The checks of the self-test that this machine and this station have parts for."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final

from station_app.biometrics.engines import engine_names
from station_app.devices.computer import battery, free_bytes, keeps_what_is_written
from station_app.devices.finger_scanner import FingerScanner, LimitedStop
from station_app.devices.media import Medium, mounted_media
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.readiness_report import Readiness
from station_app.domain.samples import FingerImage
from station_app.domain.slips import SlipImage
from station_app.flow.kept_printer import KeptPrinter
from station_app.flow.readiness import clock_facts, look_at
from station_app.flow.same_finger import can_be_compared, is_same_finger
from station_app.flow.station_devices import finger_scanner, printer_fault, slip_printer
from station_app.flow.sticks import SMALL_FILE, StickFinder, Sticks
from station_app.papers.readiness_sheet import write_readiness_pdf
from station_app.settings import read_machine
from station_app.snapshots import loaded_list, read_pending
from station_app.ui.technician.self_test import (
    CardCheck,
    CardFinding,
    CardKey,
    CardProgress,
    CardRun,
    CardState,
    judge_battery,
    judge_clock,
    judge_disk,
)
from station_app.vault import PublicIdentity, StationFolder, refuse_other_spelling, write_fault

_FINGER_WAIT_S: Final = 20.0
_STRIPES: Final = 8
_STRIPE_DOTS: Final = 12


def machine_checks(
    folder: StationFolder,
    trusted: Callable[[], Sequence[PublicIdentity]],
    now: Callable[[], datetime],
) -> dict[CardKey, CardCheck]:
    """Printer, disk, clock and battery, and the scanner where a real one is in the settings.

    Each is for a lane, while no desk has the devices open.
    """
    checks = {
        CardKey.PRINTER: CardCheck(partial(_printer, folder)),
        CardKey.DISK: CardCheck(lambda _run: _disk(folder)),
        CardKey.CLOCK: CardCheck(lambda _run: _clock(folder, trusted, now)),
        CardKey.BATTERY: CardCheck(lambda _run: judge_battery(battery())),
    }
    scanner = _real_scanner(folder)
    if scanner is not None:
        checks[CardKey.SCANNER] = CardCheck(partial(_finger, scanner))
    return checks


def _real_scanner(folder: StationFolder) -> FingerScanner | None:
    """The scanner of the settings; None where it is simulated, or they cannot be read."""
    try:
        scanner = finger_scanner(folder, read_machine(folder.settings))
    except KnownError:
        return None
    return None if scanner.is_simulated else scanner


def _disk(folder: StationFolder) -> CardFinding:
    try:
        return judge_disk(free_bytes(folder.root), keeps=keeps_what_is_written(folder.root))
    except OSError as error:
        raise write_fault(error, folder.root) from error


def _clock(
    folder: StationFolder,
    trusted: Callable[[], Sequence[PublicIdentity]],
    now: Callable[[], datetime],
) -> CardFinding:
    loaded = None
    with suppress(KnownError):  # without a list only the station's own times are there
        loaded = loaded_list(folder, trusted())
    waiting = read_pending(folder.pending_events).events
    return judge_clock(clock_facts(folder, loaded, waiting, now().astimezone()))


def _finger(scanner: FingerScanner, run: CardRun) -> CardFinding:
    """One finger, laid down twice: both prints are shown to the engine that decides on the day.

    The morning check is content with one print that can be compared.
    """
    try:
        scanner.open()
        first = _captured(scanner, run, CardProgress("scanner_first", of=2))
        if isinstance(first, str):
            return CardFinding(CardState.FAILED, first, {})
        if run.is_morning:
            fits = can_be_compared(first)
            code = "scanner_reads" if fits else "scanner_poor"
            return CardFinding(CardState.PASSED if fits else CardState.FAILED, code, {}, first)
        again = CardProgress("scanner_again", done=1, of=2, image=first)
        second = _captured(scanner, run, again)
        if isinstance(second, str):
            return CardFinding(CardState.FAILED, second, {}, first)
    except DeviceLostError:
        return CardFinding(CardState.FAILED, "scanner_lost", {})
    finally:
        scanner.close()
    run.tell(CardProgress("scanner_comparing", done=2, of=2, image=second))
    if not can_be_compared(first):
        return CardFinding(CardState.FAILED, "scanner_poor", {}, first)
    if not is_same_finger(first, second):
        return CardFinding(CardState.FAILED, "scanner_other", {}, second)
    return CardFinding(CardState.PASSED, "scanner_same", {}, second)


def _captured(scanner: FingerScanner, run: CardRun, asking: CardProgress) -> FingerImage | str:
    """The next finger laid down; the code of why there is none."""
    run.tell(asking)
    stop = LimitedStop(run.stop, _FINGER_WAIT_S)
    while not isinstance(found := scanner.capture(stop, lambda _: None), FingerImage):
        if stop.stopped:
            return "scanner_nothing"
    return found


def _printer(folder: StationFolder, run: CardRun) -> CardFinding:
    """A striped slip, which a person sees come out; in the morning the printer is only asked.

    No desk has the printer open then.
    """
    settings = folder.settings
    printer = slip_printer(folder, read_machine(settings) if settings.exists() else None)
    if isinstance(printer, FolderPrinter):
        return CardFinding(CardState.ATTENTION, "printer_none", {})
    kept = KeptPrinter(printer)
    try:
        ready = kept.check()
        if run.is_morning:
            code = "printer_paper_low" if ready.is_paper_low else "printer_answers"
            state = CardState.ATTENTION if ready.is_paper_low else CardState.PASSED
            return CardFinding(state, code, {})
        kept.print_slip(_stripes(ready.info.width), "self-test")
    except DeviceLostError:
        return CardFinding(CardState.FAILED, "printer_lost", {})
    finally:
        kept.close()
    return CardFinding(CardState.ASKING, "printer_asked", {})


def _stripes(width: int) -> SlipImage:
    """Eight black stripes: a burnt-out dot or a crooked roll shows."""
    row = (width + 7) // 8
    pair = b"\xff" * (row * _STRIPE_DOTS) + b"\x00" * (row * _STRIPE_DOTS)
    return SlipImage(pair * _STRIPES, width, 2 * _STRIPES * _STRIPE_DOTS)


class StationSheet:
    """Implements `ReadinessDesk`: the sheet goes to a stick."""

    def __init__(
        self,
        folder: StationFolder,
        now: Callable[[], datetime],
        media: Callable[[], Sequence[Medium]] = mounted_media,
    ) -> None:
        self._folder, self._now = folder, now
        self._sticks = StickFinder([folder.root.absolute()], media)

    def look(self) -> Readiness:
        """See `ReadinessDesk`."""
        ask = partial(printer_fault, self._folder)
        return look_at(self._folder, engine_names(), self._now(), ask)

    def sticks(self) -> Sticks:
        """See `ReadinessDesk`."""
        return self._sticks.find(SMALL_FILE)

    def save(self, found: Readiness, language: str, to: Medium) -> str:
        """See `ReadinessDesk`."""
        name = found.station.name if found.station is not None else "station"
        path = to.folder / f"{name}-readiness.pdf"
        with self._sticks.writing(to):
            refuse_other_spelling(path)
            write_readiness_pdf(path, found, language)
        return path.name
