"""All pictures of a language and appearance small on one sheet, and mock-ups beside their screens.

`make screenshots` writes them; `python -m tests.ui.contact_sheets --of build/screenshots` alone
writes them of pictures that are there. `MOCKUPS` (or `--mockups`) names the folder of mock-ups,
`NN-name.<language>.png`; without it there is no sheet of pairs.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from station_app.papers.fonts import load_fonts

STATE_OF_MOCKUP: Final = {
    "01-unlock": "unlock",
    "02-operator-ready": "ready",
    "03-operator-capture": "capture",
    "04-verdict-identified": "identified",
    "05-verdict-already": "already",
    "06-verdict-not-on-list": "not-on-list",
    "07-verdict-try-again": "try-again-too-dry",
    "08-face-fallback": "face",
    "09-manual-dialog": "manual",
    "10-day-log": "day-log",
    "11-turnout-closing": "turnout",
    "12-tech-snapshot": "load-running",
    "13-tech-selftest": "self-test",
    "14-training": "lesson-dry",
    "15-public-idle": "public-idle",
    "16-public-identified": "public-identified",
    "17-state-scanner-unplugged": "scanner-unplugged",
    "18-theme-high-contrast": "contrast/identified",
    "19-text-200-percent": "200/identified",
    "20-chair-open-day": "day-open",
    "21-public-please-wait": "public-wait",
}
"""Mock-ups to their states; before a slash an appearance of `pictures.LOOKS`."""

_SMALL, _LARGE = QSize(342, 192), QSize(1024, 576)
_GAP, _CAPTION = 12, 22
_COLUMNS: Final = 6
_GROUND, _INK = QColor("#d8dade"), QColor("#14181f")


def write_sheets(pictures: Path, mockups: Path | None) -> list[Path]:
    """`contact-<folder>.png` of each folder of pictures, `mockups-<language>.png` of pairs."""
    written = []
    for folder in sorted(path for path in pictures.iterdir() if path.is_dir()):
        files = [(file.stem, file) for file in sorted(folder.glob("*.png"))]
        written.append(pictures / f"contact-{folder.name}.png")
        _sheet(files, _SMALL, _COLUMNS).save(str(written[-1]))
    if mockups is None:
        return written
    for language in sorted({file.name.split(".")[1] for file in mockups.glob("*.*.png")}):
        pairs = [one for pair in _pairs(pictures, mockups, language) for one in pair]
        written.append(pictures / f"mockups-{language}.png")
        _sheet(pairs, _LARGE, 2).save(str(written[-1]))
    return written


def add_mockups(parser: argparse.ArgumentParser) -> None:
    """The option `--mockups`, whose default the environment names."""
    named = os.environ.get("MOCKUPS")
    parser.add_argument("--mockups", type=Path, default=Path(named) if named else None)


def _pairs(
    pictures: Path, mockups: Path, language: str
) -> Iterable[tuple[tuple[str, Path], tuple[str, Path]]]:
    """Each mock-up and its screen, with the captions of both."""
    for name, state in STATE_OF_MOCKUP.items():
        look, _, plain = state.rpartition("/")
        mockup = mockups / f"{name}.{language}.png"
        screen = pictures / (f"{language}.{look}" if look else language) / f"{plain}.png"
        if mockup.is_file():
            yield (name, mockup), (state, screen)


def _sheet(files: Sequence[tuple[str, Path]], cell: QSize, columns: int) -> QImage:
    """Pictures in rows, each above its caption; a missing one leaves its cell empty."""
    rows = -(-len(files) // columns)
    step = QSize(cell.width() + _GAP, cell.height() + _GAP + _CAPTION)
    image = QImage(
        step.width() * columns + _GAP, step.height() * rows + _GAP, QImage.Format.Format_RGB32
    )
    image.fill(_GROUND)
    painter = QPainter(image)
    painter.setPen(_INK)
    for at, (caption, file) in enumerate(files):
        row, column = divmod(at, columns)
        place = QRect(_GAP + column * step.width(), _GAP + row * step.height(), *cell.toTuple())
        picture = QImage(str(file))
        if not picture.isNull():
            small = picture.scaled(
                cell, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            painter.drawImage(place.topLeft(), small)
        painter.drawText(place.left(), place.bottom() + _CAPTION - 5, caption)
    painter.end()
    return image


def main() -> None:
    """The program: see the module."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--of", type=Path, default=Path("build/screenshots"), dest="pictures")
    add_mockups(parser)
    chosen = parser.parse_args()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    load_fonts()
    print(*write_sheets(chosen.pictures, chosen.mockups), sep="\n")
    del app


if __name__ == "__main__":
    main()
