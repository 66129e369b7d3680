"""The five verdicts: one member gives colour, shape, word and sound, so they cannot mix."""

from dataclasses import dataclass
from enum import Enum

from station_app.ui.sounds import Sound
from station_app.ui.tokens import LIGHT
from station_app.ui.widgets.verdict_shapes import Shape


@dataclass(frozen=True, slots=True)
class Signal:
    """What one verdict looks and sounds like.

    `fill` and `on` are the band's colour and the colour upon it; `word` is a text key.
    `word_px` is the word's largest size before it is fitted to the width,
    `smallest_word_px` its smallest: capitals of 84 px are 14 mm high on a 14-inch panel
    and read from three metres. `enter_dead_ms` is how long Enter is dead after the verdict
    appears, so that a stray press cannot skip it.
    """

    fill: str
    on: str
    shape: Shape
    word: str
    sound: Sound
    word_px: int = 124
    smallest_word_px: int = 84
    hazard_stripe: bool = False
    enter_dead_ms: int = 600


class VerdictBand(Enum):
    """Every verdict the desk can show."""

    IDENTIFIED = Signal(
        LIGHT.ok, "#FFFFFF", Shape.CIRCLE_CHECK, "verdict.identified.word", Sound.IDENTIFIED
    )
    ALREADY = Signal(
        LIGHT.stop,
        "#FFFFFF",
        Shape.OCTAGON_HAND,
        "verdict.already.word",
        Sound.ALREADY,
        word_px=132,
        hazard_stripe=True,
        enter_dead_ms=1000,
    )
    NOT_ON_LIST = Signal(
        LIGHT.info, "#FFFFFF", Shape.DIAMOND_SIGN, "verdict.not_on_list.word", Sound.NOT_ON_LIST
    )
    TRY_AGAIN = Signal(
        LIGHT.warn, LIGHT.on_warn, Shape.SQUARE_ARROW, "verdict.try_again.word", Sound.TRY_AGAIN
    )
    COMMISSION = Signal(
        LIGHT.commission,
        "#FFFFFF",
        Shape.HEXAGON_PEOPLE,
        "verdict.commission.word",
        Sound.COMMISSION,
        smallest_word_px=60,  # a step, not a verdict: read at the desk, in English a long word
    )
