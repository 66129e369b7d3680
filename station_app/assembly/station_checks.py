"""The checks of the self-test that this machine and this station have parts for."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final, assert_never

from station_app.biometrics.engines import engine_names
from station_app.devices.computer import battery, free_bytes, keeps_what_is_written
from station_app.devices.document_reader import DocumentReader
from station_app.devices.finger_scanner import FingerScanner, StopToken
from station_app.devices.media import Medium, mounted_media
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.domain.documents import DocumentRead, DocumentUnread, UnreadReason
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.readiness_report import Readiness
from station_app.domain.samples import FingerImage, Stopped
from station_app.domain.slips import SlipImage
from station_app.flow.kept_printer import KeptPrinter
from station_app.flow.readiness import clock_facts, look_at
from station_app.flow.station_devices import (
    document_reader,
    finger_scanner,
    printer_fault,
    slip_printer,
)
from station_app.flow.sticks import SMALL_FILE, StickFinder, Sticks
from station_app.papers.readiness_sheet import write_readiness_pdf
from station_app.settings import read_machine
from station_app.snapshots import loaded_list, read_pending
from station_app.ui.technician.self_test import (
    CardCheck,
    CardFinding,
    CardKey,
    CardState,
    judge_battery,
    judge_clock,
    judge_disk,
)
from station_app.vault import PublicIdentity, StationFolder, write_fault

_FINGER_WAIT_S: Final = 20.0
_DOCUMENT_WAIT_S: Final = 20.0
_SHOWN_DIGITS: Final = 4
_STRIPES: Final = 8
_STRIPE_DOTS: Final = 12


def machine_checks(
    folder: StationFolder,
    trusted: Callable[[], Sequence[PublicIdentity]],
    now: Callable[[], datetime],
    reader: DocumentReader | None = None,
) -> dict[CardKey, CardCheck]:
    """Printer, disk, clock and battery, the scanner where a real one is in the settings, and the
    document reader `reader` where there is one.

    Each is for a lane, while no desk has the devices open.
    """
    checks = {
        CardKey.PRINTER: CardCheck(partial(_printer, folder)),
        CardKey.DISK: CardCheck(partial(_disk, folder)),
        CardKey.CLOCK: CardCheck(partial(_clock, folder, trusted, now)),
        CardKey.BATTERY: CardCheck(lambda: judge_battery(battery())),
    }
    scanner = _real_scanner(folder)
    if scanner is not None:
        checks[CardKey.SCANNER] = CardCheck(partial(_finger, scanner))
    if reader is not None:
        checks[CardKey.DOCUMENT_READER] = CardCheck(partial(_document, reader))
    return checks


def document_reader_to_test(folder: StationFolder) -> DocumentReader | None:
    """The document reader of the settings; None without one, or where they cannot be read."""
    try:
        return document_reader(folder, read_machine(folder.settings))
    except KnownError:
        return None


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


def _finger(scanner: FingerScanner) -> CardFinding:
    stop = StopToken()
    timer = threading.Timer(_FINGER_WAIT_S, stop.stop)
    try:
        scanner.open()
        timer.start()
        found = scanner.capture(stop, lambda _: None)
    except DeviceLostError:
        return CardFinding(CardState.FAILED, "scanner_lost", {})
    finally:
        timer.cancel()
        scanner.close()
    if isinstance(found, FingerImage):
        return CardFinding(CardState.ASKING, "scanner_asked", {}, found)
    return CardFinding(CardState.FAILED, "scanner_nothing", {})


def _document(reader: DocumentReader) -> CardFinding:
    """The kind of a document and the end of its PIN, which a person compares with it."""
    stop = StopToken()
    timer = threading.Timer(_DOCUMENT_WAIT_S, stop.stop)
    try:
        reader.open()
        timer.start()
        found = reader.read(stop)
    finally:
        timer.cancel()
        reader.close()
    match found:
        case DocumentRead(pin=pin, kind=kind):
            facts = {"last": pin[-_SHOWN_DIGITS:]}
            return CardFinding(CardState.ASKING, f"document_reader_{kind.value}", facts)
        case DocumentUnread(reason=reason):
            state = CardState.ATTENTION if reason is UnreadReason.CHIP else CardState.FAILED
            return CardFinding(state, f"document_reader_{reason.value}", {})
        case Stopped():
            return CardFinding(CardState.FAILED, "document_reader_nothing", {})
        case _:
            assert_never(found)


def _printer(folder: StationFolder) -> CardFinding:
    """A striped slip, which a person sees come out. No desk has the printer open then."""
    settings = folder.settings
    printer = slip_printer(folder, read_machine(settings) if settings.exists() else None)
    if isinstance(printer, FolderPrinter):
        return CardFinding(CardState.ATTENTION, "printer_none", {})
    kept = KeptPrinter(printer)
    try:
        kept.print_slip(_stripes(kept.check().info.width), "self-test")
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
        self._sticks.refuse_pulled(to)
        name = found.station.name if found.station is not None else "station"
        path = to.folder / f"{name}-readiness.pdf"
        write_readiness_pdf(path, found, language)
        return path.name
