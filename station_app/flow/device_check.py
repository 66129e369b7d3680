"""Opens a device and lets it do what it is for, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from station_app.biometrics.engines import FACES, FINGERS
from station_app.devices import drivers
from station_app.devices.drivers import DeviceFamily, DriverContext
from station_app.devices.finger_scanner import LimitedStop, StopToken
from station_app.domain.errors import KnownError
from station_app.domain.samples import FaceImage, FingerImage, Retry
from station_app.flow.kept_printer import KeptPrinter
from station_app.flow.same_person import can_be_compared
from station_app.flow.scanning import KeptScanner
from station_app.settings import Device

_FRAME_S = 10.0


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of it; `code` is empty where it works, `reason` an English sentence.

    `facts` are what the device said of itself, and what it gave.
    """

    device: Device
    facts: Mapping[str, str | int] = field(default_factory=dict)
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckWay:
    """How long a finger is waited for, in seconds, 0 for not at all; `ask` tells when to lay it."""

    finger_s: float
    ask: Callable[[], None]
    stop: StopToken


def check_device(device: Device, context: DriverContext, way: CheckWay) -> Checked:
    """Open the device, exercise it and close it; its faults are the answer."""
    try:
        return _CHECKS[device.family](device, context, way)
    except KnownError as fault:
        return Checked(device, {}, fault.code, fault.message)


def _scanner(device: Device, context: DriverContext, way: CheckWay) -> Checked:
    scanner = drivers.named(drivers.SCANNERS, device.driver).open(device.port, context)
    kept = KeptScanner(scanner, FINGERS.assess)
    try:
        info = scanner.open()
        said: dict[str, str | int] = {"name": info.name, "ppi": info.ppi}
        if not way.finger_s:
            return Checked(device, said)
        way.ask()
        limit = LimitedStop(way.stop, way.finger_s)
        while not limit.stopped:
            found = kept.capture(LimitedStop(limit, way.finger_s))
            if isinstance(found, FingerImage):
                said |= {"width": found.width, "height": found.height, "ppi": found.ppi}
                if can_be_compared(found):
                    return Checked(device, said)
                return Checked(
                    device,
                    said,
                    "scanner_poor",
                    "The print is too poor to compare. Wipe glass and finger, and check again.",
                )
            if isinstance(found, Retry):
                said["last_try"] = found.reason.value
    finally:
        kept.close()
    seconds = round(way.finger_s)
    return Checked(
        device,
        said,
        "scanner_nothing",
        f"No finger was read in {seconds} s. Check again; --no-finger only opens the reader.",
    )


def _printer(device: Device, context: DriverContext, _way: CheckWay) -> Checked:
    kept = KeptPrinter(drivers.named(drivers.PRINTERS, device.driver).open(device.port, context))
    try:
        ready = kept.check()
    finally:
        kept.close()
    paper = "low" if ready.is_paper_low else "there"
    return Checked(device, {"width": ready.info.width, "paper": paper})


def _camera(device: Device, context: DriverContext, way: CheckWay) -> Checked:
    camera = drivers.named(drivers.CAMERAS, device.driver).open(device.port, context)
    try:
        info = camera.open()
        frame = camera.frame(LimitedStop(way.stop, _FRAME_S))
    finally:
        camera.close()
    if frame is None:
        return Checked(
            device,
            {"name": info.name},
            "camera_no_picture",
            "The camera gives no picture. Plug it out and in again.",
        )
    seen = FACES.assess(FaceImage(frame.pixels, frame.width, frame.height))
    return Checked(
        device,
        {
            "name": info.name,
            "width": frame.width,
            "height": frame.height,
            "picture": "dark" if frame.is_dark else "light",
            "face": next((flaw.value for flaw in seen.flaws), "good"),
        },
    )


def _document_reader(device: Device, context: DriverContext, _way: CheckWay) -> Checked:
    reader = drivers.named(drivers.DOCUMENT_READERS, device.driver).open(device.port, context)
    try:
        return Checked(device, {"name": reader.open().name})
    finally:
        reader.close()


def _voter_display(device: Device, context: DriverContext, _way: CheckWay) -> Checked:
    """Only a person can say whether there is a picture: the self-test asks for a number."""
    line = drivers.named(drivers.DISPLAYS, device.driver)
    monitor = line.open(device.port, context).monitor()
    return Checked(device, {"name": monitor.name, "connector": monitor.connector})


_CHECKS: Mapping[DeviceFamily, Callable[[Device, DriverContext, CheckWay], Checked]] = {
    DeviceFamily.FINGER_SCANNER: _scanner,
    DeviceFamily.CAMERA: _camera,
    DeviceFamily.PRINTER: _printer,
    DeviceFamily.DOCUMENT_READER: _document_reader,
    DeviceFamily.VOTER_DISPLAY: _voter_display,
}
