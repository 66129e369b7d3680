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
    `blackness` is the depth of the ink, 1 for skin that wets the glass well.
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
    blackness: float = 1.0
    moisture: float = 0.0
    place: tuple[float, float] = (0.0, 0.0)


_GOOD = Conditions(
    turn=4.5, shift=8, slip=4.0, warp=1.0, reach=166, moisture_spread=0.10, blotches=0.16,
    rim_loss=0.34, dryness=0.18, ragged=0.035, scratches=0.2, smears=0.4, grain=2.2,
)  # fmt: skip
_FAIR = Conditions(
    turn=8.0, shift=16, slip=7.5, warp=1.7, reach=152, moisture_spread=0.22, blotches=0.28,
    rim_loss=0.45, dryness=0.32, ragged=0.045, scratches=0.6, smears=1.0, grain=3.0,
)  # fmt: skip
_POOR = Conditions(
    turn=12.0, shift=24, slip=10.0, warp=2.2, reach=134, moisture_spread=0.36, blotches=0.44,
    rim_loss=0.60, dryness=0.46, ragged=0.06, scratches=1.4, smears=2.2, grain=4.2,
    severity=0.28,
)  # fmt: skip
_BAD = Conditions(
    turn=14.0, shift=26, slip=11.0, warp=2.3, reach=122, moisture_spread=0.48, blotches=0.52,
    rim_loss=0.70, dryness=0.56, ragged=0.07, scratches=2.4, smears=3.0, grain=5.5,
    severity=0.45,
)  # fmt: skip
_DRY = Conditions(
    turn=6.0, shift=8, slip=5.0, warp=1.4, reach=112, moisture_spread=0.03, blotches=0.55,
    rim_loss=0.50, dryness=0.54, ragged=0.06, scratches=0.5, smears=0.0, grain=3.0,
    moisture=-1.95, blackness=0.8,
)  # fmt: skip
_WET = Conditions(
    turn=6.0, shift=10, slip=4.0, warp=1.0, reach=165, moisture_spread=0.06, blotches=0.25,
    rim_loss=0.10, dryness=0.05, ragged=0.035, scratches=0.3, smears=3.0, grain=3.0,
    moisture=1.65,
)  # fmt: skip
_PARTIAL = Conditions(
    turn=10.0, shift=10, slip=5.0, warp=1.0, reach=66, moisture_spread=0.12, blotches=0.22,
    rim_loss=0.40, dryness=0.25, ragged=0.06, scratches=0.4, smears=0.4, grain=3.0,
)  # fmt: skip
_OFF_CENTRE = Conditions(
    turn=9.0, shift=5, slip=5.0, warp=1.0, reach=150, moisture_spread=0.12, blotches=0.30,
    rim_loss=0.40, dryness=0.35, ragged=0.045, scratches=0.4, smears=0.5, grain=3.0,
    place=(112.0, 132.0),
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
