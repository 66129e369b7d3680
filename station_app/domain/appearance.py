"""How a station's screens look: contrast, the size of text, motion, the side of the hand."""

from dataclasses import dataclass, replace
from typing import Final

TEXT_PERCENTS: Final = (100, 125, 150, 200)
"""The sizes that text can have, in percent of the standard."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """One person chooses it at a station; it informs and decides nothing (ADR 0060).

    `text_percent` is one of `TEXT_PERCENTS`. `reduced_motion` stops loops. `left_handed` puts the
    picture of the hand at the left of the words, and begins with the left hand where no finger is
    asked for.
    """

    high_contrast: bool = False
    text_percent: int = 100
    reduced_motion: bool = False
    left_handed: bool = False

    @property
    def text_scale(self) -> float:
        """By how much text of the standard size grows, 1.0 to 2.0."""
        return self.text_percent / 100

    def with_text(self, step: int) -> "Appearance":
        """With text `step` sizes larger, or smaller where it is negative; never beyond the last."""
        place = TEXT_PERCENTS.index(self.text_percent) + step
        place = min(max(place, 0), len(TEXT_PERCENTS) - 1)
        return replace(self, text_percent=TEXT_PERCENTS[place])

    def with_other_contrast(self) -> "Appearance":
        """With high contrast, or without it again."""
        return replace(self, high_contrast=not self.high_contrast)


STANDARD: Final = Appearance()
