"""Pattern classes of fingers and how often nature makes each."""

from enum import StrEnum
from types import MappingProxyType

import numpy as np


class PatternClass(StrEnum):
    """The classes of Henry's system that the generator grows."""

    ARCH = "arch"
    TENTED_ARCH = "tented_arch"
    LEFT_LOOP = "left_loop"
    RIGHT_LOOP = "right_loop"
    WHORL = "whorl"
    TWIN_LOOP = "twin_loop"


# Natural frequencies as used by SFinGe: Cappelli, Maio, Maltoni, "Synthetic fingerprint
# generation", in Handbook of Fingerprint Recognition, 2nd ed., chapter 6 (after Wilson,
# Candela, Watson 1994, with the twin loops taken out of the whorls).
NATURAL_FREQUENCY = MappingProxyType(
    {
        PatternClass.ARCH: 0.037,
        PatternClass.TENTED_ARCH: 0.029,
        PatternClass.LEFT_LOOP: 0.338,
        PatternClass.RIGHT_LOOP: 0.317,
        PatternClass.WHORL: 0.235,
        PatternClass.TWIN_LOOP: 0.044,
    }
)


def draw_class(rng: np.random.Generator) -> PatternClass:
    """One class, drawn by `NATURAL_FREQUENCY`."""
    at = rng.choice(len(NATURAL_FREQUENCY), p=list(NATURAL_FREQUENCY.values()))
    return list(NATURAL_FREQUENCY)[int(at)]
