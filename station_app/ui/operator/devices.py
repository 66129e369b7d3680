"""What the desk says of its scanner, its slip printer and the journal's second copy."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from station_app.domain.slips import PrinterStatus, Printing
from station_app.flow.mirroring import CATCHING_UP, Behind, Keeping, MirrorState, Off
from station_app.ui.texts import Texts
from station_app.ui.widgets.device_chip import ChipLevel, ChipView


@dataclass(frozen=True, slots=True)
class DevicesView:
    """The devices beside the scanner; None where the station has no such thing."""

    printer: PrinterStatus | None = None
    mirror: MirrorState | None = None


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


def scanner_chip(texts: Texts, *, is_plugged: bool) -> ChipView:
    """The scanner in the top bar."""
    if is_plugged:
        return ChipView(ChipLevel.OK, texts("top.scanner_ok"))
    return ChipView(ChipLevel.FAULT, texts("top.scanner_fault"))


def printer_chip(texts: Texts, status: PrinterStatus | None) -> ChipView | None:
    """The printer in the top bar; None where nothing is printed."""
    if status is None:
        return None
    if status.printing is Printing.WAITING:
        order = printer_order(texts, status.reason)
        if not status.waiting:
            return ChipView(ChipLevel.WARN, order)
        waiting = texts.number(status.waiting)
        words = texts("top.slips_waiting", number=waiting, order=order)
        return ChipView(ChipLevel.WARN, words)
    if status.is_paper_low:
        return ChipView(ChipLevel.WARN, texts("top.paper_low"))
    if status.printing is Printing.PRINTING:
        return ChipView(ChipLevel.BUSY, texts("top.printer_busy"))
    return ChipView(ChipLevel.OK, texts("top.printer_ok"))


def mirror_chip(texts: Texts, state: MirrorState | None) -> ChipView | None:
    """The journal's second copy in the top bar; None where none is configured."""
    match state:
        case None | Off():
            return None
        case Keeping():
            return ChipView(ChipLevel.OK, texts("top.mirror_ok"))
        case Behind(code=code):
            if code == CATCHING_UP:
                return ChipView(ChipLevel.BUSY, texts("top.mirror_busy"))
            return ChipView(ChipLevel.WARN, texts("top.mirror_behind"))
        case _:
            assert_never(state)


def device_pages(devices: DevicesView) -> tuple[str, ...]:
    """The help pages of what is wrong with the devices, the most urgent first."""
    pages = []
    if devices.printer is not None and devices.printer.reason:
        pages.append(devices.printer.reason)
    if isinstance(devices.mirror, Behind) and devices.mirror.code != CATCHING_UP:
        pages.append(devices.mirror.code)
    return tuple(pages)
