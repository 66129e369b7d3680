"""What a widget needs to draw itself: colours, sizes at the current scale, bundled fonts."""

from functools import cache
from importlib import resources

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo

from station_app.domain.errors import KnownError
from station_app.ui.tokens import LIGHT, Colours

TEXT_FAMILY = "Inter"
DISPLAY_FAMILY = "Inter Display"
BUNDLED = ((TEXT_FAMILY, (400, 500, 600, 700)), (DISPLAY_FAMILY, (600, 700, 800)))
_DISPLAY_TRACKING_PERCENT = 99.6


@cache
def load_fonts() -> None:
    """Register the bundled Inter files with Qt, once a process.

    Raises `KnownError("fonts_missing")` when Qt would draw with any other font: widths,
    Kyrgyz letters and tabular digits are only known to be right in the bundled one.
    """
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
                    "fonts_missing",
                    f"The bundled font {family} {weight} does not load; install the program again.",
                )


class Style:
    """Sizes and fonts at one scale; `moving` is False where loops must stand still."""

    def __init__(
        self, scale: float = 1.0, *, moving: bool = True, colours: Colours = LIGHT
    ) -> None:
        load_fonts()
        self.scale = scale
        self.moving = moving
        self.colours = colours

    def px(self, length: float) -> int:
        """`length` logical pixels of the base layout at this scale, rounded."""
        return round(length * self.scale)

    def text(self, px: float, weight: int = 400) -> QFont:
        """Inter at `px` base pixels; its digits are of equal width, for PINs and columns."""
        return self._font(TEXT_FAMILY, px, weight)

    def display(self, px: float, weight: int = 700) -> QFont:
        """Inter Display at `px` base pixels: orders, names, verdict words, single numbers.

        Its tabular digits differ by up to a seventh of their width in this release of the
        font, so columns of numbers use `text`.
        """
        font = self._font(DISPLAY_FAMILY, px, weight)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, _DISPLAY_TRACKING_PERCENT)
        return font

    def _font(self, family: str, px: float, weight: int) -> QFont:
        font = QFont(family)
        font.setPixelSize(max(1, self.px(px)))
        font.setWeight(QFont.Weight(weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font


def colour(value: str, alpha: float = 1.0) -> QColor:
    """A QColor of `value` (#RRGGBB) with an opacity of 0.0 to 1.0."""
    result = QColor(value)
    result.setAlphaF(alpha)
    return result
