"""The devices that a station's settings name, made by the table of drivers."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from station_app.biometrics.images import finger_image_of
from station_app.devices import drivers
from station_app.devices.camera import Camera
from station_app.devices.document_reader import DocumentReader
from station_app.devices.drivers import DeviceFamily, DriverContext
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.monitors import VoterScreen
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.devices.printers.slip_printer import SlipPrinter
from station_app.devices.signed_files import SignedFile, signed_bytes
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.slips import PrinterState
from station_app.flow.kept_printer import KeptPrinter
from station_app.settings import Device, Machine, StationKind
from station_app.vault import DeviceRoots, StationFolder

Cable = Callable[[], bool | None]
"""Whether a device is plugged in; None where that is not known without opening it."""

_SIMULATED_SCANNER = Device(DeviceFamily.FINGER_SCANNER, "simulated")
_CODES_OF = {"v4l2": "camera", "video": "video"}
"""The document readers that are cameras, by the camera's driver."""
_NO_PRINTER = Device(DeviceFamily.PRINTER, "simulated")


def _context(folder: StationFolder, machine: Machine | None) -> DriverContext:
    if machine is None:
        return DriverContext(folder.root, decode=finger_image_of)
    roots = partial(_roots, folder, machine.certificates)
    return DriverContext(folder.root, machine.executables, finger_image_of, roots)


def _roots(folder: StationFolder, certificates: Sequence[SignedFile]) -> DeviceRoots:
    try:
        return DeviceRoots(signed_bytes(folder.root, one) for one in certificates)
    except ValueError as error:
        raise DeviceFaultError(
            Code.SCANNER_UNPROVEN,
            f"A root certificate of the signed settings {error}. Put the programme's file in its "
            "place, or let two persons sign another one with `station-app settings apply`.",
        ) from error


def finger_scanner(folder: StationFolder, machine: Machine) -> FingerScanner:
    """The scanner, not connected yet; a training station without one has a simulated one.

    Raises `KnownError` `live_without_scanner`, and `settings_refused` for a driver or a port that
    is not known.
    """
    device = machine.device(DeviceFamily.FINGER_SCANNER)
    if device is None and machine.kind is StationKind.LIVE:
        raise KnownError(
            Code.LIVE_WITHOUT_SCANNER,
            "The list is live, and no fingerprint scanner is in the settings. The list is checked "
            "and written down. Add the scanner, or load a training list to work with.",
        )
    device = device or _SIMULATED_SCANNER
    return drivers.named(drivers.SCANNERS, device.driver).open(
        device.port, _context(folder, machine)
    )


def scanner_cable(machine: Machine) -> Cable:
    """Looks for the scanner of the settings, without opening it."""
    device = machine.device(DeviceFamily.FINGER_SCANNER) or _SIMULATED_SCANNER
    return partial(_is_plugged_in, drivers.SCANNERS, device)


def camera_cable(machine: Machine) -> Cable:
    """Looks for the camera of the settings, without opening it."""
    device = machine.device(DeviceFamily.CAMERA)
    return unknown_cable if device is None else partial(_is_plugged_in, drivers.CAMERAS, device)


def _is_plugged_in(lines: tuple[drivers.Driver[Any], ...], device: Device) -> bool | None:
    try:
        return drivers.named(lines, device.driver).find(device.port)
    except KnownError:  # opening it says what is wrong
        return None


def unknown_cable() -> bool | None:
    """Of a device that is found by opening it."""
    return None


def camera(folder: StationFolder, machine: Machine) -> Camera | None:
    """The camera, not connected yet; None where the settings name none.

    Raises `KnownError` `settings_refused` for a driver or a port that is not known.
    """
    device = machine.device(DeviceFamily.CAMERA)
    if device is None:
        return None
    line = drivers.named(drivers.CAMERAS, device.driver)
    return line.open(device.port, _context(folder, machine))


def is_camera_shared(machine: Machine) -> bool:
    """Whether documents are read with the camera that faces are seen with."""
    faces = machine.device(DeviceFamily.CAMERA)
    documents = machine.device(DeviceFamily.DOCUMENT_READER)
    if faces is None or documents is None or documents.driver != _CODES_OF.get(faces.driver):
        return False
    return faces.port == documents.port or not (faces.port and documents.port)


def slip_printer(folder: StationFolder, machine: Machine | None) -> SlipPrinter:
    """The printer, not connected yet; without one, the station's folder of slips.

    `machine` is None where a station has no settings. Raises `KnownError` `settings_refused`
    for a driver or a port that is not known.
    """
    device = None if machine is None else machine.device(DeviceFamily.PRINTER)
    device = device or _NO_PRINTER
    return drivers.named(drivers.PRINTERS, device.driver).open(
        device.port, _context(folder, machine)
    )


def document_reader(folder: StationFolder, machine: Machine) -> DocumentReader | None:
    """The document reader, not connected yet; None where the settings have none.

    Raises `KnownError` `settings_refused` for a driver or a port that is not known.
    """
    device = machine.device(DeviceFamily.DOCUMENT_READER)
    if device is None:
        return None
    line = drivers.named(drivers.DOCUMENT_READERS, device.driver)
    return line.open(device.port, _context(folder, machine))


def voter_screen(machine: Machine) -> VoterScreen | None:
    """The monitor of the voter's display; None where the settings name none.

    Raises `KnownError` `settings_refused` for a driver that is not known.
    """
    device = machine.device(DeviceFamily.VOTER_DISPLAY)
    if device is None:
        return None
    line = drivers.named(drivers.DISPLAYS, device.driver)
    return line.open(device.port, DriverContext(Path()))


def printer_fault(folder: StationFolder, machine: Machine) -> str:
    """Ask the printer; the code of why it cannot print, empty where it can or there is none.

    Only while no desk has it open. Raises `KnownError` as `slip_printer` does.
    """
    printer = slip_printer(folder, machine)
    if isinstance(printer, FolderPrinter):
        return ""
    kept = KeptPrinter(printer)
    try:
        kept.check()
    except DeviceLostError:
        return PrinterState.LOST.code
    except DeviceFaultError as fault:
        return fault.code
    finally:
        kept.close()
    return ""
