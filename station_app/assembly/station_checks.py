"""The checks of the self-test that this machine and this station have parts for."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from station_app.assembly.camera_check import CameraCheck
from station_app.assembly.device_cards import (
    battery_card,
    document_card,
    page_card,
    slip_card,
    stick_card,
)
from station_app.assembly.scanner_check import ScannerCheck
from station_app.biometrics.engines import engine_names
from station_app.devices.computer import free_bytes, keeps_what_is_written
from station_app.devices.document_reader import DocumentReader
from station_app.devices.media import Medium, mounted_media
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import Readiness
from station_app.flow.readiness import clock_facts, look_at
from station_app.flow.station_devices import (
    camera,
    document_reader,
    finger_scanner,
    printer_fault,
)
from station_app.flow.sticks import SMALL_FILE, StickFinder, Sticks
from station_app.papers.readiness_sheet import write_readiness_pdf
from station_app.settings import read_machine
from station_app.snapshots import loaded_list, read_pending
from station_app.ui.technician.self_test import (
    CardCheck,
    CardFinding,
    CardKey,
    judge_clock,
    judge_disk,
)
from station_app.vault import PublicIdentity, StationFolder, refuse_other_spelling, write_fault


def machine_checks(
    folder: StationFolder,
    trusted: Callable[[], Sequence[PublicIdentity]],
    now: Callable[[], datetime],
    reader: DocumentReader | None = None,
    media: Callable[[], Sequence[Medium]] = mounted_media,
) -> dict[CardKey, CardCheck]:
    """Printers, stick, disk, clock and battery; the scanner where a real one is in the settings,
    the camera where they name one, and the document reader `reader` where there is one.

    Each is for a lane, while no desk has the devices open.
    """
    checks = {
        CardKey.PRINTER: CardCheck(partial(slip_card, folder)),
        CardKey.PAPER: CardCheck(partial(page_card, folder, now)),
        CardKey.STICK: CardCheck(partial(stick_card, folder, media)),
        CardKey.DISK: CardCheck(lambda _run: _disk(folder)),
        CardKey.CLOCK: CardCheck(lambda _run: _clock(folder, trusted, now)),
        CardKey.BATTERY: CardCheck(battery_card),
    }
    if _has_real_scanner(folder):
        checks[CardKey.SCANNER] = CardCheck(lambda run: ScannerCheck(folder, run).finding())
    with suppress(KnownError):  # the settings cannot be read
        if camera(folder, read_machine(folder.settings)) is not None:
            checks[CardKey.CAMERA] = CardCheck(lambda run: CameraCheck(folder, run).finding())
    if reader is not None:
        checks[CardKey.DOCUMENT_READER] = CardCheck(partial(document_card, folder, reader))
    return checks


def document_reader_to_test(folder: StationFolder) -> DocumentReader | None:
    """The document reader of the settings; None without one, or where they cannot be read."""
    try:
        return document_reader(folder, read_machine(folder.settings))
    except KnownError:
        return None


def _has_real_scanner(folder: StationFolder) -> bool:
    """Whether the settings can be read and name a scanner that is none of simulation."""
    try:
        return not finger_scanner(folder, read_machine(folder.settings)).is_simulated
    except KnownError:
        return False


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
