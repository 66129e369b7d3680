"""The bundled fonts, for paper and screens."""

import threading
from functools import cache
from importlib import resources
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

TEXT_FAMILY: Final = "Inter"
DISPLAY_FAMILY: Final = "Inter Display"
_ONE_THREAD: Final = threading.Lock()
BUNDLED: Final = ((TEXT_FAMILY, (400, 500, 600, 700)), (DISPLAY_FAMILY, (600, 700, 800)))


def load_fonts() -> None:
    """Register the bundled Inter files with Qt, once a process; on any thread.

    Raises `KnownError("fonts_missing")` when Qt would draw with any other font: widths,
    Kyrgyz letters and tabular digits are only known to be right in the bundled one.
    """
    with _ONE_THREAD:
        _load()


@cache
def _load() -> None:
    for file in sorted(
        entry.name
        for entry in (resources.files("station_app") / "content" / "fonts").iterdir()
        if entry.name.endswith(".otf")
    ):
        data = (resources.files("station_app") / "content" / "fonts" / file).read_bytes()
        QFontDatabase.addApplicationFontFromData(data)
    for family, weights in BUNDLED:
        for weight in weights:
            font = QFont(family)
            font.setWeight(QFont.Weight(weight))
            if not QFontInfo(font).exactMatch():
                raise KnownError(
                    Code.FONTS_MISSING,
                    f"The bundled font {family} {weight} does not load; install the program again.",
                )
