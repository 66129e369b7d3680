"""The desk with everything that its printer, its document reader and its second copy can say."""

from dataclasses import dataclass, replace
from typing import Final

from station_app.domain.documents import ReaderStatus, UnreadReason
from station_app.domain.errors import READER_CODES
from station_app.domain.fingers import FingerPosition
from station_app.domain.slips import PRINTER_CODES, PrinterStatus, Printing
from station_app.flow.battery_watch import LowBattery
from station_app.flow.face_capture import CameraNow
from station_app.flow.mirroring import CATCHING_UP, MirrorBehind, MirrorUpToDate
from station_app.ui.operator.devices import DevicesView, SlipStage, SlipView
from station_app.ui.operator.page import View
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import IdentifiedView
from station_app.ui.operator.views import DayView, VoterCard

_KEEPING: Final = MirrorUpToDate(1043)
_GONE: Final = MirrorBehind(1012, "mirror_missing", 1043)
ALL_WELL: Final = DevicesView(
    PrinterStatus(Printing.READY), _KEEPING, ReaderStatus(), CameraNow(), display=True
)


@dataclass(frozen=True, slots=True)
class DeviceSample:
    """A view, and how the devices do meanwhile; `slip` for an identified voter."""

    view: View
    devices: DevicesView
    slip: SlipView | None = None


def device_samples(
    day: DayView, voter: VoterCard, verdict: View, ballots: tuple[str, ...]
) -> dict[str, DeviceSample]:
    """Every state of the devices, by the name of its picture; `verdict` has an amber band."""
    ready = ReadyView(FingerPosition.RIGHT_INDEX, day, has_face=True)
    identified = IdentifiedView(voter)
    busy = DevicesView(
        PrinterStatus(Printing.PRINTING, 1, 1043), MirrorBehind(0, CATCHING_UP, 1043)
    )
    low = DevicesView(PrinterStatus(Printing.READY, is_paper_low=True), _KEEPING)
    waiting = {
        code.removeprefix("printer_").replace("_", "-"): DevicesView(
            PrinterStatus(Printing.WAITING, 2, 0, code), _KEEPING
        )
        for code in PRINTER_CODES
    }
    out = waiting["paper-out"]
    both = DevicesView(PrinterStatus(Printing.WAITING, 12, 0, "disk_full"), _GONE)
    return {
        "slip-printing": DeviceSample(identified, busy, SlipView(SlipStage.PRINTING)),
        "slip-printed": DeviceSample(identified, ALL_WELL, SlipView(SlipStage.PRINTED)),
        **{
            f"slip-{name}": DeviceSample(
                identified,
                devices,
                SlipView(SlipStage.WAITING, f"printer_{name}".replace("-", "_")),
            )
            for name, devices in waiting.items()
        },
        "slip-ballots": DeviceSample(
            replace(identified, voter=replace(identified.voter, ballots=ballots)),
            both,
            SlipView(SlipStage.WAITING, "disk_full"),
        ),
        "slip-other": DeviceSample(identified, both, SlipView(SlipStage.WAITING, "disk_full")),
        "devices-busy": DeviceSample(ready, busy),
        "devices-paper-low": DeviceSample(ready, low),
        "devices-slips-wait": DeviceSample(ready, out),
        "devices-no-paper": DeviceSample(
            ready, DevicesView(PrinterStatus(Printing.WAITING, 0, 0, "printer_paper_out"), _KEEPING)
        ),
        "devices-mirror": DeviceSample(ready, DevicesView(ALL_WELL.printer, _GONE)),
        "devices-both": DeviceSample(ready, both),
        "devices-on-amber": DeviceSample(verdict, out),
        **{
            code.replace("_", "-"): DeviceSample(
                ready, replace(ALL_WELL, reader=ReaderStatus(code))
            )
            for code in READER_CODES
        },
        **{
            f"document-{reason.replace('_', '-')}": DeviceSample(
                ready, replace(ALL_WELL, document=reason)
            )
            for reason in UnreadReason
        },
        "document-asked-first": DeviceSample(verdict, replace(ALL_WELL, document="asked_first")),
        "document-not-now": DeviceSample(
            identified, replace(ALL_WELL, document="not_now"), SlipView(SlipStage.PRINTED)
        ),
        "devices-camera": DeviceSample(ready, replace(ALL_WELL, camera=CameraNow("camera_lost"))),
        "devices-camera-other": DeviceSample(
            verdict, replace(ALL_WELL, camera=CameraNow("camera_busy"))
        ),
        "devices-battery-low": DeviceSample(
            ready, replace(ALL_WELL, battery=LowBattery(18, is_empty=False))
        ),
        "devices-battery-empty": DeviceSample(
            verdict, replace(ALL_WELL, battery=LowBattery(6, is_empty=True))
        ),
        "devices-display": DeviceSample(ready, replace(ALL_WELL, display=False)),
        "devices-display-on-amber": DeviceSample(verdict, replace(ALL_WELL, display=False)),
        "devices-all": DeviceSample(
            ready,
            replace(
                both,
                reader=ReaderStatus(READER_CODES[0]),
                camera=CameraNow("camera_no_picture"),
                battery=LowBattery(18, is_empty=False),
                display=False,
            ),
        ),
    }
