"""What a widget needs to draw itself: colours, sizes at the current scale, fonts."""

from PySide6.QtGui import QColor, QFont

from station_app.domain.appearance import STANDARD, Appearance
from station_app.papers.fonts import DISPLAY_FAMILY, TEXT_FAMILY, load_fonts
from station_app.ui.tokens import HIGH_CONTRAST, LIGHT, Colours, grown_px

_DISPLAY_TRACKING_PERCENT = 99.6


class Style:
    """Colours, sizes and fonts at one scale, as the station's `appearance` asks for.

    Text grows with the appearance, places do not: `px` gives lengths of the layout, and widgets
    that paint their own words measure with `grown`. `moving` is False where loops must stand still.
    """

    def __init__(
        self, scale: float = 1.0, *, moving: bool = True, appearance: Appearance = STANDARD
    ) -> None:
        load_fonts()
        self.scale = self._font_scale = scale
        self.appearance = appearance
        self.moving = moving and not appearance.reduced_motion
        self.colours: Colours = HIGH_CONTRAST if appearance.high_contrast else LIGHT

    @property
    def is_large(self) -> bool:
        """Whether text is larger than the standard: pages scroll, and rows may be stacked."""
        return self.appearance.text_percent > 100

    @property
    def grown(self) -> "Style":
        """The same fonts, and lengths that have grown as text has."""
        return self._at(self.appearance.text_scale)

    @property
    def half_grown(self) -> "Style":
        """The same fonts, and lengths that have grown half as much: bars at the window's edges."""
        return self._at((1 + self.appearance.text_scale) / 2)

    def px(self, length: float) -> int:
        """`length` logical pixels of the base layout at this scale, rounded."""
        return round(length * self.scale)

    def text(self, px: float, weight: int = 400) -> QFont:
        """Inter at `px` base pixels; its digits are of equal width, for PINs and columns."""
        return self._font(TEXT_FAMILY, px, weight)

    def display(self, px: float, weight: int = 700, *, grows: bool = True) -> QFont:
        """Inter Display at `px` base pixels: orders, names, verdict words, single numbers.

        Its tabular digits differ by up to a seventh of their width in this release of the
        font, so columns of numbers use `text`. `grows` False: large enough for everybody.
        """
        font = self._font(DISPLAY_FAMILY, px, weight, grows=grows)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, _DISPLAY_TRACKING_PERCENT)
        return font

    def _at(self, growth: float) -> "Style":
        if growth == 1.0:
            return self
        other = Style(self._font_scale, moving=self.moving, appearance=self.appearance)
        other.scale = self._font_scale * growth
        return other

    def _font(self, family: str, px: float, weight: int, *, grows: bool = True) -> QFont:
        font = QFont(family)
        size = grown_px(px, self.appearance.text_scale) if grows else px
        font.setPixelSize(max(1, round(size * self._font_scale)))
        font.setWeight(QFont.Weight(weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font


def colour(value: str, alpha: float = 1.0) -> QColor:
    """A QColor of `value` (#RRGGBB) with an opacity of 0.0 to 1.0."""
    result = QColor(value)
    result.setAlphaF(alpha)
    return result
