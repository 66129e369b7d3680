"""Portraits that a build looks at: invented people, and pictures that show no face."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from station_app.synthetic.faces import InventedFace
from station_app.synthetic.portraits import ENROLMENT, portrait

PEOPLE = (InventedFace(11, "f", 34), InventedFace(71, "m", 71))


@cache
def drawn(number: int = 0, yaw: float = 0.0) -> Image.Image:
    """The portrait of an invented person, the head turned by so many degrees."""
    return Image.fromarray(portrait(PEOPLE[number], replace(ENROLMENT, yaw=yaw)))


def cat() -> Image.Image:
    """A cat, grey, from the front."""
    picture = Image.new("RGB", (300, 375), (190, 200, 180))
    draw = ImageDraw.Draw(picture)
    for left in (60, 180):  # ears
        draw.polygon([(left, 130), (left + 10, 40), (left + 60, 100)], (110, 105, 100))
    draw.ellipse((60, 90, 240, 270), (120, 115, 110))
    for left in (95, 165):
        draw.ellipse((left, 150, left + 40, 185), (180, 200, 60))
        draw.ellipse((left + 16, 150, left + 24, 185), (10, 10, 10))
    draw.polygon([(140, 205), (160, 205), (150, 218)], (200, 120, 120))
    for down in (215, 225, 235):
        draw.line((30, down, 120, 222), (240, 240, 240), 2)
        draw.line((180, 222, 270, down), (240, 240, 240), 2)
    return picture.filter(ImageFilter.GaussianBlur(1))


def two_people() -> Image.Image:
    """Both beside each other."""
    both = Image.new("RGB", (600, 375))
    both.paste(drawn(), (0, 0))
    both.paste(drawn(1), (300, 0))
    return both


def far_away() -> Image.Image:
    """A person of 150 pixels on a large picture."""
    small = Image.new("RGB", (900, 900), (220, 220, 220))
    small.paste(drawn().resize((120, 150)), (390, 375))
    return small


def dark() -> Image.Image:
    """In hardly any light."""
    return Image.fromarray((np.asarray(drawn()) * 0.18).astype(np.uint8))


def masked() -> Image.Image:
    """With something over the eyes, of the colour of the skin."""
    hidden = np.array(drawn())
    cv2.rectangle(hidden, (85, 135), (215, 200), hidden[235, 130].tolist(), -1)
    return Image.fromarray(hidden)


FLAWED: Final[Mapping[str, Callable[[], Image.Image]]] = {
    "no_face": cat,
    "several_faces": two_people,
    "too_small": far_away,
    "too_dark": dark,
    "blurred": lambda: drawn().filter(ImageFilter.GaussianBlur(6)),
    "eyes_hidden": masked,
    "turned": lambda: drawn(0, 35.0),
}
"""By the flaw that a build says: portraits that make no template."""


def tilted() -> Image.Image:
    """A photo that lies crooked."""
    return drawn().rotate(-24, Image.Resampling.BICUBIC, fillcolor=(200, 200, 200))


def saved(picture: Image.Image, path: Path) -> Path:
    """As a file whose form its ending says."""
    picture.save(path, quality=90)
    return path
