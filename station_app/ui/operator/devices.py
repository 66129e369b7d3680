"""What the desk says of its scanner, camera, printer, document reader, second copy and battery."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from station_app.domain.documents import ReaderStatus
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.error_codes import Code
from station_app.domain.session_states import Blocked, Resting, State, WaitingForScanner
from station_app.domain.slips import PrinterStatus, Printing
from station_app.flow.battery_watch import LowBattery
from station_app.flow.face_capture import CameraNow
from station_app.flow.mirroring import (
    CATCHING_UP,
    MirrorBehind,
    MirrorOff,
    MirrorState,
    MirrorUpToDate,
)
from station_app.ui.texts import Texts
from station_app.ui.widgets.top_bar import ChipLevel, ChipView


@dataclass(frozen=True, slots=True)
class DevicesView:
    """The devices beside the scanner; None where the station has no such thing.

    `display` is whether voters see their display. `document` is what to do about the document that
    was shown last, empty for nothing. `battery` is None too where nothing has to be said of it.
    """

    printer: PrinterStatus | None = None
    mirror: MirrorState | None = None
    reader: ReaderStatus | None = None
    camera: CameraNow | None = None
    display: bool | None = None
    document: str = ""
    battery: LowBattery | None = None


class SlipStage(StrEnum):
    """How far the slip of the identification on the screen is."""

    PRINTING = "printing"
    PRINTED = "printed"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class SlipView:
    """The slip of the identification on the screen; `reason` is why it waits, else empty."""

    stage: SlipStage
    reason: str = ""


NO_DEVICES: Final = DevicesView()


def slip_view(status: PrinterStatus, entry: int) -> SlipView:
    """How far the slip of the identification `entry` is, which is the newest one."""
    is_under_way = status.printing is Printing.PRINTING and status.entry == entry
    if status.printed == entry and not is_under_way:
        return SlipView(SlipStage.PRINTED)
    if status.printing is Printing.WAITING:
        return SlipView(SlipStage.WAITING, status.reason)
    return SlipView(SlipStage.PRINTING)


def printer_order(texts: Texts, reason: str) -> str:
    """What to do about a printer that does not print: Put in a new paper roll."""
    key = f"slip.{reason}"
    return texts(key) if key in texts else texts("slip.other")


class ScannerState(StrEnum):
    """What is known of the scanner: armed or read from, lost, or not asked since the start."""

    ARMED = "armed"
    LOST = "lost"
    UNKNOWN = "unknown"


def scanner_state(state: State, *, is_plugged_in: bool | None = None) -> ScannerState:
    """What the session's state says of it, and its cable: the state says nothing while nothing is
    asked of the scanner.
    """
    if is_plugged_in is False:
        return ScannerState.LOST
    match state:
        case WaitingForScanner():
            return ScannerState.LOST
        case Resting() | Blocked():
            is_lost = state.scanner_lost and is_plugged_in is None
            return ScannerState.LOST if is_lost else ScannerState.UNKNOWN
        case _:
            return ScannerState.ARMED


def scanner_chip(texts: Texts, state: ScannerState, *, is_simulated: bool) -> ChipView | None:
    """The scanner in the top bar; None while nothing is known of it."""
    if state is ScannerState.LOST:
        return ChipView(ChipLevel.FAULT, texts("top.scanner_fault"))
    if state is ScannerState.UNKNOWN:
        return None
    key = "top.scanner_simulated" if is_simulated else "top.scanner_ok"
    return ChipView(ChipLevel.OK, texts(key))


def camera_chip(texts: Texts, camera: CameraNow | None) -> ChipView | None:
    """The camera in the top bar; None where no face is compared, or none was asked for yet: it is
    opened for that only. Amber where it does not work: a finger needs none.
    """
    if camera is None:
        return None
    if camera.fault:
        key = f"top.camera.{camera.fault}"
        return ChipView(ChipLevel.WARN, texts(key if key in texts else "top.camera.other"))
    key = "top.camera_simulated" if camera.is_simulated else "top.camera_ok"
    return ChipView(ChipLevel.OK, texts(key))


def display_chip(texts: Texts, is_on: bool | None) -> ChipView | None:
    """The voter's display in the top bar; None where the station has none."""
    if is_on is None:
        return None
    if is_on:
        return ChipView(ChipLevel.OK, texts("top.display_ok"))
    return ChipView(ChipLevel.WARN, texts("top.display_off"))


def printer_chip(
    texts: Texts, status: PrinterStatus | None, to: PrintedTo | None = PrintedTo.PRINTER
) -> ChipView | None:
    """The printer in the top bar; None where files take its place, or it was not asked yet."""
    if status is None:
        return None
    if status.printing is Printing.WAITING:
        order = printer_order(texts, status.reason)
        if not status.waiting:
            return ChipView(ChipLevel.WARN, order)
        waiting = texts.number(status.waiting)
        words = texts("top.slips_waiting", number=waiting, order=order)
        return ChipView(ChipLevel.WARN, words)
    if to is not PrintedTo.PRINTER or status.printing is Printing.UNKNOWN:
        return None
    if status.is_paper_low:
        return ChipView(ChipLevel.WARN, texts("top.paper_low"))
    if status.printing is Printing.PRINTING:
        return ChipView(ChipLevel.BUSY, texts("top.printer_busy"))
    return ChipView(ChipLevel.OK, texts("top.printer_ok"))


def reader_chip(texts: Texts, devices: DevicesView) -> ChipView | None:
    """The document reader in the top bar; None where there is none, or it was not asked yet."""
    if devices.reader is None:
        return None
    if code := devices.reader.code:
        key = f"top.reader.{code}"
        return ChipView(ChipLevel.WARN, texts(key if key in texts else "top.reader.other"))
    if devices.document:
        return ChipView(ChipLevel.WARN, texts(f"document.{devices.document}"))
    return ChipView(ChipLevel.OK, texts("top.reader_ok"))


def mirror_chip(texts: Texts, state: MirrorState | None) -> ChipView | None:
    """The journal's second copy in the top bar; None where none is configured."""
    match state:
        case None | MirrorOff():
            return None
        case MirrorUpToDate():
            return ChipView(ChipLevel.OK, texts("top.mirror_ok"))
        case MirrorBehind(code=code):
            if code == CATCHING_UP:
                return ChipView(ChipLevel.BUSY, texts("top.mirror_busy"))
            return ChipView(ChipLevel.WARN, texts("top.mirror_behind"))
        case _:
            assert_never(state)


def battery_chip(texts: Texts, battery: LowBattery | None) -> ChipView | None:
    """The battery in the top bar, once it matters: the charger has to be plugged in."""
    if battery is None:
        return None
    level = ChipLevel.FAULT if battery.is_empty else ChipLevel.WARN
    words = "top.battery_empty" if battery.is_empty else "top.battery_low"
    return ChipView(level, texts(words, percent=texts.number(battery.percent)))


def device_pages(devices: DevicesView) -> tuple[str, ...]:
    """The help pages of what is wrong with the devices, the most urgent first."""
    pages = []
    if devices.battery is not None:
        pages.append("battery_empty" if devices.battery.is_empty else "battery_low")
    if devices.printer is not None and devices.printer.reason:
        pages.append(devices.printer.reason)
    if devices.reader is not None and devices.reader.code:
        pages.append(devices.reader.code)
    if devices.camera is not None and devices.camera.fault:
        pages.append(devices.camera.fault)
    if devices.display is False:
        pages.append(Code.DISPLAY_LOST)
    if isinstance(devices.mirror, MirrorBehind) and devices.mirror.code != CATCHING_UP:
        pages.append(devices.mirror.code)
    return tuple(pages)
