"""Colours and measures of the interface: the light theme, in logical pixels at 1366x768.

Saturated colour is spent on verdicts and faults only; all other UI is ink, white and grey.
Every text pair here has a contrast of at least 4.5 (WCAG 2.2, 1.4.3).
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """Named colours as #RRGGBB."""

    ink: str
    ink2: str
    ink3: str
    line: str
    row_line: str
    control_border: str
    bg: str
    sunken: str
    surface: str
    primary: str
    primary_deep: str
    on_primary: str
    focus: str
    ok: str
    ok_soft: str
    on_ok_soft: str
    stop: str
    on_stop: str
    stop_soft: str
    on_stop_soft: str
    warn: str
    warn_edge: str
    warn_soft: str
    on_warn: str
    on_warn_soft: str
    info: str
    info_soft: str
    on_info_soft: str
    commission: str
    commission_soft: str
    face: str
    hand: str
    slot: str
    training_a: str
    training_b: str


LIGHT = Colours(
    ink="#0E1C2B",
    ink2="#3C4E60",
    ink3="#566779",
    line="#D3DBE2",
    row_line="#E7ECF0",
    control_border="#74879A",
    bg="#EDF1F4",
    sunken="#E1E8ED",
    surface="#FFFFFF",
    primary="#14344F",
    primary_deep="#0B2438",
    on_primary="#FFFFFF",
    focus="#0B63CE",
    ok="#00795F",
    ok_soft="#DDF1EB",
    on_ok_soft="#00543F",
    stop="#A31200",
    on_stop="#FFFFFF",
    stop_soft="#FBE4E0",
    on_stop_soft="#8A0F00",
    warn="#FFB71B",
    warn_edge="#C98700",
    warn_soft="#FFF1CF",
    on_warn="#241700",
    on_warn_soft="#3A2500",
    info="#1F56DB",
    info_soft="#E1EAFD",
    on_info_soft="#123C9E",
    commission="#2E0F52",
    commission_soft="#EBE4F4",
    face="#DCE5ED",
    hand="#C3CFD9",
    slot="#8495A5",
    training_a="#14344F",
    training_b="#2B5578",
)

SCREEN_MARGIN = 32
STAGE_TOP = 24
TOP_BAR = 56
KEY_BAR = 76
VERDICT_KEY_BAR = 70
VERDICT_FRAME = 10
BAND = 300
STOP_BAND = 322
CARD_RADIUS = 20
FIELD_RADIUS = 12
KEY_RADIUS = 12
PHOTO_RADIUS = 16
FACE_BAND = 132
FACE_PICTURE = (396, 440)
"""Width and height of the live picture; a photo beside it is as high."""

BASE_SIZE = (1366, 768)
SMALLEST_SIZE = (1280, 720)
LARGE_WIDTH = 1600
LARGE_SCALE = 1.25
"""Above `LARGE_WIDTH` everything is drawn `LARGE_SCALE` times larger."""
SMALLEST_SCALE = 0.7
"""In less room than `SMALLEST_SIZE` everything is drawn smaller, down to this (ADR 0029)."""
_SCALE_STEPS = 50


def scale_for(width: int, height: int) -> float:
    """The scale factor of a desk of this size in device-independent pixels.

    Larger type needs a window that holds the smallest desk at that scale. A window too
    small for that desk, because a dock or a frame takes its part, gets it drawn smaller.
    """
    if width > LARGE_WIDTH and height >= SMALLEST_SIZE[1] * LARGE_SCALE:
        return LARGE_SCALE
    fitting = min(width / SMALLEST_SIZE[0], height / SMALLEST_SIZE[1])
    stepped = math.floor(fitting * _SCALE_STEPS) / _SCALE_STEPS
    return min(1.0, max(SMALLEST_SCALE, stepped))
