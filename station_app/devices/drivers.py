"""The table of drivers: a driver is its adapter's module in this room and one line here.

Settings, readiness, the self-test, the desk's device chips and the conformance suites
(`tests/devices`) read this table; a name that is not in it is refused where settings are read.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Generic, TypeVar

from station_app.devices.camera import Camera
from station_app.devices.cameras.camera_sources import (
    is_plugged_in,
    is_video,
    look_for_cameras,
    v4l2_camera,
    video_camera,
)
from station_app.devices.document_reader import DocumentReader
from station_app.devices.finger_scanner import DecodeFinger, FingerScanner
from station_app.devices.found_device import FoundDevice
from station_app.devices.hosted.futronic_reader import FUTRONIC, futronic_scanner
from station_app.devices.hosted.libfprint_reader import LIBFPRINT, LibfprintScanner
from station_app.devices.hosted.signed_program import SignedScanner, find_signed
from station_app.devices.hosted.usb_scanner import finder, looker
from station_app.devices.monitors import VoterScreen, is_monitor_there, look_for_monitors
from station_app.devices.printers.escpos import EscposRasterPrinter
from station_app.devices.printers.escpos_settings import (
    escpos_settings,
    look_for_printers,
    network_settings,
)
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.devices.printers.slip_printer import SlipPrinter
from station_app.devices.readers.camera_codes import CameraCodes, look_for_code_cameras
from station_app.devices.readers.card_reader import (
    CardReader,
    find_card_reader,
    look_for_card_readers,
)
from station_app.devices.readers.serial_reader import (
    SerialReader,
    look_for_serial,
    serial_settings,
)
from station_app.devices.readers.wedge_reader import WedgeReader, wedge_settings
from station_app.devices.scanners.folder_scanner import FolderScanner
from station_app.devices.scanners.sbi_scanner import SbiScanner, sbi_devices
from station_app.devices.scanners.uart_scanner import UartScanner
from station_app.devices.signed_files import SignedFile
from station_app.devices.simulated.simulated_camera import SimulatedCamera, is_simulated_camera
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from station_app.vault import DeviceRoots


class DeviceFamily(StrEnum):
    """The role of a device at the station."""

    FINGER_SCANNER = "finger_scanner"
    CAMERA = "camera"
    PRINTER = "printer"
    DOCUMENT_READER = "document_reader"
    VOTER_DISPLAY = "voter_display"


Adapter_co = TypeVar("Adapter_co", covariant=True)


class DriverUse(StrEnum):
    """Where a driver may be used."""

    LIVE = "live"
    EVALUATION = "evaluation"
    """A real device that no station should depend on: live stations refuse it."""
    SIMULATED = "simulated"
    """No finger or paper of a real device: live stations and live lists refuse it."""


def _no_roots() -> DeviceRoots:
    return DeviceRoots(())


def _undecoded(_data: bytes, name: str, _ppi: int) -> FingerImage:
    raise KnownError(Code.IMAGE_UNREADABLE, f"{name} is encoded, and nothing here decodes it.")


@dataclass(frozen=True, slots=True)
class DriverContext:
    """What a driver is given besides its port.

    `folder` is the station's: where a device without hardware leaves what it makes.
    `executables` are the programs that the signed settings let the station start. `decode` reads
    images of readers that encode them, `roots` are what certified readers have to prove.
    """

    folder: Path
    executables: tuple[SignedFile, ...] = ()
    decode: DecodeFinger = _undecoded
    roots: Callable[[], DeviceRoots] = _no_roots


@dataclass(frozen=True, slots=True)
class Driver(Generic[Adapter_co]):
    """One driver. `port` is the driver's own text from the settings, empty where it finds its
    device.

    `open(port, context)` makes the adapter, which is not connected yet. `find(port)`: whether the
    device is plugged in, without opening it, as another program may be using it. Both raise
    `KnownError` `settings_refused` for a port that they cannot read. `look()`: the devices of this
    driver that are plugged in; none where they cannot be looked for.
    """

    family: DeviceFamily
    name: str
    open: Callable[[str, DriverContext], Adapter_co]
    find: Callable[[str], bool]
    look: Callable[[], tuple[FoundDevice, ...]] = tuple
    use: DriverUse = DriverUse.LIVE

    @property
    def is_simulated(self) -> bool:
        """No finger or paper of a real device."""
        return self.use is DriverUse.SIMULATED


def _always(_port: str) -> bool:
    return True


def _certified_readers() -> tuple[FoundDevice, ...]:
    return tuple(FoundDevice(one.identity, one.title) for one in sbi_devices())


SCANNERS: Final[tuple[Driver[FingerScanner], ...]] = (
    Driver(
        DeviceFamily.FINGER_SCANNER,
        "libfprint",
        lambda port, _context: LibfprintScanner(port),
        finder(LIBFPRINT),
        looker(LIBFPRINT),
    ),
    Driver(
        DeviceFamily.FINGER_SCANNER,
        "futronic",
        lambda port, _context: futronic_scanner(port),
        finder(FUTRONIC),
        looker(FUTRONIC),
    ),
    Driver(
        DeviceFamily.FINGER_SCANNER,
        "hosted",
        lambda port, context: SignedScanner(port, context.folder, context.executables),
        find_signed,
    ),
    Driver(
        DeviceFamily.FINGER_SCANNER,
        "simulated",
        lambda port, _context: SimulatedFingerScanner(images=port),
        lambda port: not port or os.path.isdir(port),  # noqa: PTH112  (raises for none)
        use=DriverUse.SIMULATED,
    ),
    Driver(
        DeviceFamily.FINGER_SCANNER,
        "folder",
        lambda port, context: FolderScanner(port, context.decode),
        lambda port: FolderScanner(port, _undecoded).find(),
        use=DriverUse.SIMULATED,
    ),
    Driver(
        DeviceFamily.FINGER_SCANNER,
        "uart",
        lambda port, _context: UartScanner(port),
        lambda port: UartScanner(port).find(),
        use=DriverUse.EVALUATION,
    ),
    Driver(
        DeviceFamily.FINGER_SCANNER,
        "sbi",
        lambda port, context: SbiScanner(port, context.roots, context.decode),
        lambda port: SbiScanner(port, _no_roots, _undecoded).find(),
        look=_certified_readers,
    ),
)
PRINTERS: Final[tuple[Driver[SlipPrinter], ...]] = (
    Driver(
        DeviceFamily.PRINTER,
        "escpos",
        lambda port, _context: EscposRasterPrinter(escpos_settings(port)),
        lambda port: escpos_settings(port).is_plugged_in,
        look_for_printers,
    ),
    Driver(
        DeviceFamily.PRINTER,
        "escpos_network",
        lambda port, _context: EscposRasterPrinter(network_settings(port)),
        lambda port: network_settings(port).is_plugged_in,
    ),
    Driver(
        DeviceFamily.PRINTER,
        "simulated",
        lambda _port, context: FolderPrinter(context.folder / "slips"),
        _always,
        use=DriverUse.SIMULATED,
    ),
)
CAMERAS: Final[tuple[Driver[Camera], ...]] = (
    Driver(
        DeviceFamily.CAMERA,
        "v4l2",
        lambda port, _context: v4l2_camera(port),
        is_plugged_in,
        look_for_cameras,
    ),
    Driver(
        DeviceFamily.CAMERA,
        "video",
        lambda port, _context: video_camera(port),
        is_video,
        use=DriverUse.SIMULATED,
    ),
    Driver(
        DeviceFamily.CAMERA,
        "simulated",
        lambda port, _context: SimulatedCamera(port),
        is_simulated_camera,
        use=DriverUse.SIMULATED,
    ),
)
DOCUMENT_READERS: Final[tuple[Driver[DocumentReader], ...]] = (
    Driver(
        DeviceFamily.DOCUMENT_READER,
        "wedge",
        lambda port, _context: WedgeReader(wedge_settings(port)),
        lambda port: wedge_settings(port).is_plugged_in,
    ),
    Driver(
        DeviceFamily.DOCUMENT_READER,
        "serial",
        lambda port, _context: SerialReader(serial_settings(port)),
        lambda port: serial_settings(port).is_plugged_in,
        look_for_serial,
    ),
    Driver(
        DeviceFamily.DOCUMENT_READER,
        "camera",
        lambda port, _context: CameraCodes(v4l2_camera(port)),
        is_plugged_in,
        look_for_code_cameras,
    ),
    Driver(
        DeviceFamily.DOCUMENT_READER,
        "video",
        lambda port, _context: CameraCodes(video_camera(port)),
        is_video,
        use=DriverUse.SIMULATED,
    ),
    Driver(
        DeviceFamily.DOCUMENT_READER,
        "pcsc",
        lambda port, _context: CardReader(port),
        find_card_reader,
        look_for_card_readers,
        use=DriverUse.EVALUATION,
    ),
)

DISPLAYS: Final[tuple[Driver[VoterScreen], ...]] = (
    Driver(
        DeviceFamily.VOTER_DISPLAY,
        "screen",
        lambda port, _context: VoterScreen(port),
        is_monitor_there,
        look_for_monitors,
    ),
)


def named(lines: tuple[Driver[Adapter_co], ...], name: str) -> Driver[Adapter_co]:
    """The driver of this name. Raises `KnownError` `settings_refused` where there is none."""
    for line in lines:
        if line.name == name:
            return line
    known = ", ".join(line.name for line in lines)
    raise KnownError(
        Code.SETTINGS_REFUSED,
        f"The driver {name} is not known. Write one of these in the station's settings: {known}.",
    )


def drivers(family: DeviceFamily) -> tuple[Driver[object], ...]:
    """The lines of one family; none where this version has no adapter for such a device."""
    lines = (*SCANNERS, *PRINTERS, *CAMERAS, *DOCUMENT_READERS, *DISPLAYS)
    return tuple(one for one in lines if one.family is family)
