"""Pictures of every screen with invented people and fingers: `make screenshots`.

`python -m tests.ui.pictures --out DIR` writes `DIR/<language>/<state>.png`, the other appearances
into `DIR/<language>.<look>`, and the sheets of `contact_sheets`.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.domain.samples import FingerImage, RetryReason
from station_app.languages import language_codes
from station_app.synthetic.presets import Preset
from station_app.training.lists import DEMO_FINGERS, demo_precinct
from station_app.ui.tokens import BASE_SIZE
from tests.ui.contact_sheets import add_mockups, write_sheets
from tests.ui.samples.commission import day_states
from tests.ui.samples.desk import desk_states
from tests.ui.samples.faces import INVENTED
from tests.ui.samples.lessons import lesson_states
from tests.ui.samples.public import SIZES, public_states
from tests.ui.samples.technician import technician_states

STANDARD_LOOK: Final = "standard"
LOOKS: Final = {
    STANDARD_LOOK: STANDARD,
    "contrast": Appearance(high_contrast=True),
    "125": Appearance(text_percent=125),
    "150": Appearance(text_percent=150, left_handed=True),
    "200": Appearance(text_percent=200),
    "contrast-200": Appearance(high_contrast=True, text_percent=200, reduced_motion=True),
}
"""Appearances by name: what `make walk` measures, and `make screenshots` shows."""

StatesOf = Callable[..., Iterable[tuple[str, QWidget]]]
"""Language and size to every state's name and its widget, until the next is asked for."""

_PRESETS = {
    RetryReason.TOO_DRY: Preset.DRY,
    RetryReason.TOO_WET: Preset.WET,
    RetryReason.OFF_CENTRE: Preset.OFF_CENTRE,
    RetryReason.TOO_LIGHT: Preset.PARTIAL,
}


def free_gone_widgets() -> None:
    """Delete what `deleteLater` was called on, as an event loop does; the tests run none.

    Pages that are left pile up otherwise, and each hidden one slows what comes after.
    """
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def grab(widget: QWidget, size: QSize) -> QImage:
    """A picture of `widget` at `size`, laid out as on a screen, with its scroll bars."""
    free_gone_widgets()
    widget.resize(size)
    was_hidden = widget.isHidden()
    if was_hidden:
        widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        widget.show()
    QApplication.processEvents()
    picture = widget.grab().toImage()
    if was_hidden:
        widget.hide()
        widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
    return picture


def write_pictures(
    out: Path,
    languages: Sequence[str],
    states: StatesOf,
    pixels: tuple[int, int] = BASE_SIZE,
    ending: str = "",
    look: str = STANDARD_LOOK,
) -> list[Path]:
    """Write `<out>/<language>/<state><ending>.png` of each state; the files written.

    Appearances other than the standard have folders of their own, `<language>.<look>`.
    """
    written = []
    size = QSize(*pixels)
    for language in languages:
        folder = out / (language if look == STANDARD_LOOK else f"{language}.{look}")
        folder.mkdir(parents=True, exist_ok=True)
        for state, widget in states(language, size=size):
            path = folder / f"{state}{ending}.png"
            grab(widget, size).save(str(path))
            written.append(path)
    return written


def _public(language: str, size: QSize) -> Iterable[tuple[str, QWidget]]:
    return public_states(language, size, INVENTED)


def main() -> None:
    """The program: see the module."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    add_mockups(parser)
    chosen = parser.parse_args()
    out = chosen.out
    precinct = demo_precinct()

    def finger(fault: RetryReason | None) -> FingerImage:
        preset = Preset.GOOD if fault is None else _PRESETS.get(fault, Preset.POOR)
        return precinct.impression(0, DEMO_FINGERS[0], 1, preset)

    app = QApplication.instance() or QApplication(sys.argv[:1])
    written = 0
    for look, appearance in LOOKS.items():
        screens: tuple[StatesOf, ...] = (
            partial(desk_states, finger=finger, faces=INVENTED, appearance=appearance),
            partial(technician_states, finger=lambda: finger(None), appearance=appearance),
            partial(day_states, appearance=appearance),
            partial(lesson_states, finger=finger, faces=INVENTED, appearance=appearance),
        )
        for states in screens:
            written += len(write_pictures(out, language_codes(), states, look=look))
    for ending, pixels in SIZES.items():
        written += len(write_pictures(out, language_codes(), _public, pixels, ending))
    sheets = write_sheets(out, chosen.mockups)
    del app
    print(f"{written} pictures and {len(sheets)} sheets of them in {out}")


if __name__ == "__main__":
    main()
