"""Small pictures of every verdict in both themes, to hold screens against.

    python -m tests.ui.verdict_snapshots        draws the references anew, on purpose

The references are in `tests/ui/references/<state>.<theme>.png`. One language a theme; 342x192 in 64
colours. Frames and bands are compared, not letters: see `difference`.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from station_app.domain.appearance import STANDARD, Appearance
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.tokens import BASE_SIZE
from tests.ui.desk_samples import finger_source
from tests.ui.pictures import grab
from tests.ui.samples.desk import sample_views, show_sample

REFERENCES: Final = Path(__file__).parent / "references"
VERDICTS: Final = (
    "identified", "already", "not-on-list", "try-again-too-dry", "commission-no-match", "face",
)  # fmt: skip
THEMES: Final = {
    "light": ("ky", STANDARD),
    "contrast": ("ru", Appearance(high_contrast=True)),
}
"""The language and appearance of each theme."""

SMALL: Final = QSize(342, 192)
_COLOURS: Final = 64


def snapshots(theme: str) -> Iterator[tuple[str, QImage]]:
    """Every verdict of a theme, drawn at the standard size and made small."""
    language, appearance = THEMES[theme]
    desk = OperatorDesk(language=language, moving=False, appearance=appearance)
    views = sample_views(language, finger_source)
    size = QSize(*BASE_SIZE)
    for state in VERDICTS:
        show_sample(desk, views[state], finger_source, language)
        yield state, _small(grab(desk, size))
    desk.deleteLater()


def reference(state: str, theme: str) -> Path:
    """Where the reference of a verdict lies."""
    return REFERENCES / f"{state}.{theme}.png"


def difference(one: QImage, other: QImage) -> float:
    """The share of pixels, 0 to 1, that differ by more than a quarter of a channel's range.

    Small pictures are meant to let letters pass that another version of Qt or of FreeType shapes
    otherwise, but no band, frame, shape or photo in another colour or place.
    """
    far = np.abs(_pixels(one) - _pixels(other)).max(axis=2) > 64
    return float(far.mean())


def _small(picture: QImage) -> QImage:
    return picture.scaled(
        SMALL, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def _pixels(image: QImage) -> NDArray[np.int16]:
    """Height x width x 3, 0 to 255."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(np.int16)


def main() -> None:
    """Write every reference."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    REFERENCES.mkdir(exist_ok=True)
    for theme in THEMES:
        for state, picture in snapshots(theme):
            indexed = picture.convertToFormat(
                QImage.Format.Format_Indexed8, Qt.ImageConversionFlag.ThresholdDither
            )
            file = reference(state, theme)
            indexed.save(str(file), quality=0)
            print(f"{file.name}: {file.stat().st_size} bytes")
    del app


if __name__ == "__main__":
    main()
