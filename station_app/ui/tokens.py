"""Colours and measures of the interface: two themes, in logical pixels at 1366x768.

Saturated colour is spent on verdicts and faults only; all other UI is ink, white and grey.
Every text pair here has a contrast of at least 4.5 (WCAG 2.2, 1.4.3).
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """Named colours as #RRGGBB.

    `ok`, `stop`, `info` and `commission` are fillings, the same in both themes; `ok_ink` and the
    like are their words and signs on `surface`. `outline` is drawn around verdicts, empty for none.
    """

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
    on_primary: str
    place: str
    place_deep: str
    on_place: str
    focus: str
    ok: str
    ok_ink: str
    ok_soft: str
    on_ok_soft: str
    stop: str
    stop_ink: str
    on_stop: str
    stop_soft: str
    on_stop_soft: str
    warn: str
    warn_ink: str
    warn_edge: str
    warn_soft: str
    on_warn: str
    on_warn_soft: str
    info: str
    info_ink: str
    info_soft: str
    on_info_soft: str
    commission: str
    commission_ink: str
    on_commission: str
    commission_soft: str
    face: str
    on_face: str
    hand: str
    slot: str
    bar: str
    training_a: str
    training_b: str
    veil: str
    outline: str


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
    on_primary="#FFFFFF",
    place="#14344F",
    place_deep="#0B2438",
    on_place="#FFFFFF",
    focus="#0B63CE",
    ok="#00795F",
    ok_ink="#00795F",
    ok_soft="#DDF1EB",
    on_ok_soft="#00543F",
    stop="#A31200",
    stop_ink="#A31200",
    on_stop="#FFFFFF",
    stop_soft="#FBE4E0",
    on_stop_soft="#8A0F00",
    warn="#FFB71B",
    warn_ink="#3A2500",
    warn_edge="#C98700",
    warn_soft="#FFF1CF",
    on_warn="#241700",
    on_warn_soft="#3A2500",
    info="#1F56DB",
    info_ink="#1F56DB",
    info_soft="#E1EAFD",
    on_info_soft="#123C9E",
    commission="#2E0F52",
    commission_ink="#2E0F52",
    on_commission="#FFFFFF",
    commission_soft="#EBE4F4",
    face="#DCE5ED",
    on_face="#0E1C2B",
    hand="#C3CFD9",
    slot="#8495A5",
    bar="#7D93A6",
    training_a="#14344F",
    training_b="#2B5578",
    veil="#0E1C2B",
    outline="",
)

HIGH_CONTRAST = Colours(
    ink="#FFFFFF",
    ink2="#E6E6E6",
    ink3="#CFCFCF",
    line="#8C8C8C",
    row_line="#6E6E6E",
    control_border="#FFFFFF",
    bg="#000000",
    sunken="#1A1A1A",
    surface="#000000",
    primary="#FFE14D",
    on_primary="#000000",
    place="#000000",
    place_deep="#1A1A1A",
    on_place="#FFFFFF",
    focus="#FFE14D",
    ok=LIGHT.ok,
    ok_ink="#62E6C3",
    ok_soft=LIGHT.ok,
    on_ok_soft="#FFFFFF",
    stop=LIGHT.stop,
    stop_ink="#FFA599",
    on_stop="#FFFFFF",
    stop_soft=LIGHT.stop,
    on_stop_soft="#FFFFFF",
    warn=LIGHT.warn,
    warn_ink=LIGHT.warn,
    warn_edge=LIGHT.warn,
    warn_soft=LIGHT.warn,
    on_warn="#000000",
    on_warn_soft="#000000",
    info=LIGHT.info,
    info_ink="#A9C2FF",
    info_soft=LIGHT.info,
    on_info_soft="#FFFFFF",
    commission=LIGHT.commission,
    commission_ink="#DCC4FF",
    on_commission="#FFFFFF",
    commission_soft=LIGHT.commission,
    face="#FFFFFF",
    on_face="#000000",
    hand="#6E6E6E",
    slot="#B5B5B5",
    bar="#8C8C8C",
    training_a=LIGHT.training_a,
    training_b=LIGHT.training_b,
    veil="#000000",
    outline="#FFFFFF",
)
"""Black ground, white and yellow: at least 7 between text and ground outside verdicts."""

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
LARGE_WIDTH, LARGE_HEIGHT = 1600, 900
LARGE_SCALE = 1.25
"""Above either of `LARGE_WIDTH` and `LARGE_HEIGHT` everything is drawn this much larger."""
SMALLEST_SCALE = 0.7
"""In less room than `SMALLEST_SIZE` everything is drawn smaller, down to this (ADR 0029)."""
_SCALE_STEPS = 50


def scale_for(width: int, height: int) -> float:
    """The scale factor of a desk of this size in device-independent pixels.

    Larger type needs a window that holds the smallest desk at that scale: 1920x1080, and
    1600x1200, which is 4:3 and would be half empty without. A window too small for that desk,
    because a dock or a frame takes its part, gets it drawn smaller.
    """
    fitting = min(width / SMALLEST_SIZE[0], height / SMALLEST_SIZE[1])
    if fitting >= LARGE_SCALE and (width > LARGE_WIDTH or height > LARGE_HEIGHT):
        return LARGE_SCALE
    stepped = math.floor(fitting * _SCALE_STEPS) / _SCALE_STEPS
    return min(1.0, max(SMALLEST_SCALE, stepped))


_WHOLE_GROWTH = 22
_REST_GROWTH = 0.28


def grown_px(px: float, by: float) -> float:
    """The size of a text of `px` where text of the standard size grows `by` (1.0 to 2.0).

    Up to 22 px text grows whole; of what is larger than that, little: 54 px become 85 at 2.0
    (screen 19), so that one order still fits its place.
    """
    return px + (by - 1) * (min(px, _WHOLE_GROWTH) + _REST_GROWTH * max(0, px - _WHOLE_GROWTH))
