"""Pictures of every screen, with invented fingers."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from station_app.assembly.lists import DEMO_FINGERS, demo_precinct
from station_app.domain.samples import FingerImage, RetryReason
from station_app.synthetic.presets import Preset
from station_app.ui.commission.screenshots import render_commission
from station_app.ui.screenshots import render_all
from station_app.ui.technician.screenshots import render_technician
from station_app.vault import write_fault

_PRESETS = {
    RetryReason.TOO_DRY: Preset.DRY,
    RetryReason.TOO_WET: Preset.WET,
    RetryReason.OFF_CENTRE: Preset.OFF_CENTRE,
    RetryReason.TOO_LIGHT: Preset.PARTIAL,
}


def save_screenshots(out: Path) -> int:
    """Write `<out>/<lang>/<state>.png`; how many there are."""
    precinct = demo_precinct()

    def finger(fault: RetryReason | None) -> FingerImage:
        preset = Preset.GOOD if fault is None else _PRESETS.get(fault, Preset.POOR)
        return precinct.impression(0, DEMO_FINGERS[0], 1, preset)

    app = QApplication.instance() or QApplication(sys.argv[:1])
    try:
        written = len(render_all(out, finger))
        written += len(render_technician(out, lambda: finger(None)))
        written += len(render_commission(out))
    except OSError as error:
        raise write_fault(error, out) from error
    del app
    return written
