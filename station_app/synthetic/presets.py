"""How a finger meets the glass: four qualities, and the special cases a queue needs."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Preset(StrEnum):
    """`GOOD` to `BAD` are qualities; the others are single faults, each well developed."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    BAD = "bad"
    DRY = "dry"
    WET = "wet"
    PARTIAL = "partial"
    OFF_CENTRE = "off_centre"


@dataclass(frozen=True, slots=True)
class Conditions:
    """Typical size of every degradation; lengths are pixels at 500 ppi.

    `turn` (degrees) and `shift` are standard deviations of the placement, `slip` and
    `warp` of the skin's distortion. `reach` is the mean half height of the contact,
    `place` its centre relative to the window's. `moisture` is the mean level (below 0
    dry, above 0 wet), `moisture_spread` its scatter between impressions, `blotches` the
    unevenness within one. `rim_loss` thins the rim, `dryness` breaks the ridges, `ragged`
    frays the edge. `scratches` and `smears` are mean counts, `grain` is sensor noise
    (grey levels), `severity` the standard deviation of a log-normal factor on all of it.
    """

    turn: float
    shift: float
    slip: float
    warp: float
    reach: float
    moisture_spread: float
    blotches: float
    rim_loss: float
    dryness: float
    ragged: float
    scratches: float
    smears: float
    grain: float
    severity: float = 0.0
    moisture: float = 0.0
    place: tuple[float, float] = (0.0, 0.0)


_GOOD = Conditions(
    turn=4.5, shift=7, slip=3.0, warp=0.7, reach=176, moisture_spread=0.10, blotches=0.14,
    rim_loss=0.30, dryness=0.16, ragged=0.035, scratches=0.2, smears=0.4, grain=2.2,
)  # fmt: skip
_FAIR = Conditions(
    turn=8.0, shift=13, slip=5.5, warp=1.1, reach=160, moisture_spread=0.20, blotches=0.26,
    rim_loss=0.45, dryness=0.28, ragged=0.045, scratches=0.6, smears=1.0, grain=3.0,
)  # fmt: skip
_POOR = Conditions(
    turn=12.0, shift=20, slip=8.0, warp=1.5, reach=138, moisture_spread=0.34, blotches=0.42,
    rim_loss=0.60, dryness=0.46, ragged=0.06, scratches=1.4, smears=2.2, grain=4.2,
    severity=0.28,
)  # fmt: skip
_BAD = Conditions(
    turn=14.0, shift=24, slip=9.0, warp=1.8, reach=122, moisture_spread=0.48, blotches=0.55,
    rim_loss=0.70, dryness=0.62, ragged=0.07, scratches=2.4, smears=3.0, grain=5.5,
    severity=0.45,
)  # fmt: skip
_DRY = Conditions(
    turn=6.0, shift=10, slip=4.0, warp=1.0, reach=150, moisture_spread=0.06, blotches=0.30,
    rim_loss=0.50, dryness=0.55, ragged=0.06, scratches=1.0, smears=0.0, grain=3.0,
    moisture=-1.25,
)  # fmt: skip
_WET = Conditions(
    turn=6.0, shift=10, slip=4.0, warp=1.0, reach=165, moisture_spread=0.06, blotches=0.25,
    rim_loss=0.10, dryness=0.05, ragged=0.035, scratches=0.3, smears=3.0, grain=3.0,
    moisture=1.35,
)  # fmt: skip
_PARTIAL = Conditions(
    turn=10.0, shift=10, slip=5.0, warp=1.0, reach=66, moisture_spread=0.12, blotches=0.22,
    rim_loss=0.40, dryness=0.25, ragged=0.06, scratches=0.4, smears=0.4, grain=3.0,
)  # fmt: skip
_OFF_CENTRE = Conditions(
    turn=9.0, shift=5, slip=5.0, warp=1.0, reach=150, moisture_spread=0.12, blotches=0.22,
    rim_loss=0.40, dryness=0.25, ragged=0.045, scratches=0.4, smears=0.5, grain=3.0,
    place=(108.0, 128.0),
)  # fmt: skip

CONDITIONS = MappingProxyType(
    {
        Preset.GOOD: _GOOD,
        Preset.FAIR: _FAIR,
        Preset.POOR: _POOR,
        Preset.BAD: _BAD,
        Preset.DRY: _DRY,
        Preset.WET: _WET,
        Preset.PARTIAL: _PARTIAL,
        Preset.OFF_CENTRE: _OFF_CENTRE,
    }
)
