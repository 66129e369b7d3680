"""What a widget needs to draw itself: colours, sizes at the current scale, fonts."""

from PySide6.QtGui import QColor, QFont

from station_app.papers.fonts import DISPLAY_FAMILY, TEXT_FAMILY, load_fonts
from station_app.ui.tokens import LIGHT, Colours

_DISPLAY_TRACKING_PERCENT = 99.6


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
