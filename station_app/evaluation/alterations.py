"""Images made worse in known ways: turned, cut, rescaled, dried, soaked, smeared, noisy.

Every alteration is a function of a print, a second print of somebody else (for ghosts) and a
generator; the same three give the same pixels. All images are grey with dark ridges.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.segmentation import find_foreground
from station_app.domain.samples import FingerImage

Pixels = NDArray[np.uint8]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Subject:
    """The print to alter, and what an alteration may need beside it."""

    image: FingerImage
    ghost: FingerImage
    rng: np.random.Generator

    @property
    def pixels(self) -> Pixels:
        """The print, uint8 (h, w)."""
        return _pixels(self.image)


Change = Callable[[Subject], FingerImage]


@dataclass(frozen=True, slots=True)
class Alteration:
    """One row of the table: what is done to a print, and under which heading it stands."""

    group: str
    name: str
    change: Change


def _pixels(image: FingerImage) -> Pixels:
    return np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)


def _as_image(values: NDArray[Any], ppi: int) -> FingerImage:
    pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    height, width = pixels.shape
    return FingerImage(pixels.tobytes(), width, height, ppi)


def _background(pixels: Pixels) -> int:
    """The grey of the glass: the median along the image's edge."""
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return int(np.median(edge))


def _as_it_is(subject: Subject) -> FingerImage:
    return subject.image


def turned_image(degrees: float, subject: Subject) -> FingerImage:
    """Turned counter-clockwise on a larger canvas, nothing cut off."""
    pixels = subject.pixels
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(height * sin + width * cos), round(height * cos + width * sin)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    turned = cv2.warpAffine(
        pixels, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(_background(pixels),)
    )
    return _as_image(turned, subject.image.ppi)


def piece_of(
    image: FingerImage, share: float, across: float = 0.5, down: float = 0.5
) -> FingerImage:
    """Only an elliptic piece with `share` of the finger's area touches the glass.

    The piece's middle lies `across` and `down` of the way over the finger's box, 0..1; its
    shape is that of the box.
    """
    pixels = _pixels(image)
    height, width = pixels.shape
    found = find_foreground(pixels)
    if found.empty:
        return image
    block = -(-height // found.blocks.shape[0])
    finger = np.repeat(np.repeat(found.blocks, block, 0), block, 1)[:height, :width]
    rows, columns = np.flatnonzero(finger.any(1)), np.flatnonzero(finger.any(0))
    box = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.float64)
    middle = box[:2] + (box[2:] - box[:2]) * (across, down)
    half = (box[2:] - box[:2]) / 2
    y, x = np.mgrid[:height, :width]
    distance = np.hypot((x - middle[0]) / half[0], (y - middle[1]) / half[1])
    reach = float(np.quantile(distance[finger], share))
    soft = 6 / float(half.min())
    touch = np.clip((reach - distance) / soft + 0.5, 0, 1)
    glass = _background(pixels)
    return _as_image(glass + touch * (pixels.astype(np.float64) - glass), image.ppi)


def _part(share: float, across: float, down: float, subject: Subject) -> FingerImage:
    return piece_of(subject.image, share, across, down)


def with_wrong_ppi(factor: float, subject: Subject) -> FingerImage:
    """The same pixels said to have `factor` times their resolution."""
    return replace(subject.image, ppi=round(subject.image.ppi * factor))


def inverted(subject: Subject) -> FingerImage:
    """Bright ridges on dark ground."""
    return _as_image(255 - subject.pixels, subject.image.ppi)


def dried(subject: Subject) -> FingerImage:
    """Ridges thinned by a pixel on either side and broken into dots."""
    thin = cv2.dilate(subject.pixels, np.ones((3, 3), np.uint8)).astype(np.float32)
    glass = max(float(_background(subject.pixels)), float(np.percentile(thin, 90)))
    holes = cv2.GaussianBlur(_noise(subject, thin.shape), (0, 0), 1.6)
    left = np.clip(0.75 - 0.55 * holes / float(holes.std()), 0, 1)
    return _as_image(glass + left * (thin - glass), subject.image.ppi)


def soaked(subject: Subject) -> FingerImage:
    """Ridges a pixel wider on either side, valleys half filled, edges soft."""
    wide = cv2.erode(subject.pixels, np.ones((3, 3), np.uint8)).astype(np.float32)
    soft = cv2.GaussianBlur(wide, (0, 0), 1.2)
    black = float(np.percentile(soft, 2))
    ink = cv2.GaussianBlur(soft, (0, 0), 8.0) < 0.75 * _background(subject.pixels)
    filled = np.where(ink, black + 0.8 * (soft - black), soft)
    return _as_image(filled, subject.image.ppi)


def dragged(length: int, subject: Subject) -> FingerImage:
    """The whole finger moved by `length` pixels while it was scanned, in any direction."""
    angle = subject.rng.uniform(0, np.pi)
    kernel = np.zeros((length, length), np.float32)
    half = (length - 1) / 2
    end = half * np.array([np.cos(angle), np.sin(angle)])
    ends = [(int(16 * (half + s * end[0])), int(16 * (half + s * end[1]))) for s in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], (1.0,), 1, cv2.LINE_AA, 4)
    moved = cv2.filter2D(subject.pixels.astype(np.float32), -1, kernel / kernel.sum())
    return _as_image(moved, subject.image.ppi)


def smeared(subject: Subject) -> FingerImage:
    """Ridges run into each other in patches over a third of the image."""
    pixels = subject.pixels.astype(np.float32)
    patches = cv2.GaussianBlur(_noise(subject, pixels.shape), (0, 0), 24)
    where = (patches > np.quantile(patches, 0.67)).astype(np.float32)
    where = cv2.GaussianBlur(where, (0, 0), 4)
    return _as_image(pixels + where * (cv2.GaussianBlur(pixels, (0, 0), 4) - pixels), _ppi(subject))


def relit(contrast: float, offset: float, subject: Subject) -> FingerImage:
    """Grey levels times `contrast` about mid-grey, plus `offset`, cut off at 0 and 255."""
    return _as_image((subject.pixels - 128.0) * contrast + 128 + offset, _ppi(subject))


def noisy(deviation: float, subject: Subject) -> FingerImage:
    """Independent Gaussian noise of `deviation` grey levels."""
    return _as_image(
        subject.pixels + deviation * _noise(subject, subject.pixels.shape), _ppi(subject)
    )


def compressed(subject: Subject) -> FingerImage:
    """Through JPEG at quality 20, about 0.6 bits a pixel."""
    _, data = cv2.imencode(".jpg", subject.pixels, [cv2.IMWRITE_JPEG_QUALITY, 20])
    return _as_image(np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)), _ppi(subject))


def with_ghost(strength: float, subject: Subject) -> FingerImage:
    """Another person's print left on the glass; at strength 1 both are equally dark."""
    pixels, other = subject.pixels, _pixels(subject.ghost)
    height, width = pixels.shape
    left = np.full((height, width), 255.0)
    rows, columns = min(height, other.shape[0]), min(width, other.shape[1])
    left[:rows, :columns] = 255 - strength * (255.0 - other[:rows, :columns])
    return _as_image(np.minimum(pixels, left), _ppi(subject))


def _ppi(subject: Subject) -> int:
    return subject.image.ppi


def _noise(subject: Subject, shape: tuple[int, ...]) -> _Floats:
    return subject.rng.standard_normal(shape, np.float32)


_PLACES = {"middle": (0.5, 0.5), "tip": (0.5, 0.15), "side": (0.12, 0.5)}

ALTERATIONS: tuple[Alteration, ...] = (
    Alteration("none", "as it is", _as_it_is),
    *(
        Alteration("rotation", f"{degrees:+d} degrees", partial(turned_image, degrees))
        for degrees in (15, -15, 30, -30, 45, -45, 60, -60, 90, -90, 135, -135, 180)
    ),
    *(
        Alteration("partial", f"{share} %, {place}", partial(_part, share / 100, *where))
        for share in (60, 40, 25)
        for place, where in _PLACES.items()
    ),
    *(
        Alteration(
            "scale", f"ppi stated {percent:+d} %", partial(with_wrong_ppi, 1 + percent / 100)
        )
        for percent in (-10, -5, 5, 10)
    ),
    Alteration("polarity", "inverted", inverted),
    Alteration("skin", "dried", dried),
    Alteration("skin", "soaked", soaked),
    Alteration("movement", "dragged by 5 pixels", partial(dragged, 5)),
    Alteration("movement", "dragged by 9 pixels", partial(dragged, 9)),
    Alteration("movement", "smeared in patches", smeared),
    Alteration("light", "contrast x 0.3", partial(relit, 0.3, 0)),
    Alteration("light", "70 levels brighter", partial(relit, 1, 70)),
    Alteration("light", "70 levels darker", partial(relit, 1, -70)),
    Alteration("sensor", "noise of 20 levels", partial(noisy, 20)),
    Alteration("sensor", "noise of 40 levels", partial(noisy, 40)),
    Alteration("sensor", "JPEG at quality 20", compressed),
    Alteration("glass", "ghost of another print, 40 %", partial(with_ghost, 0.4)),
    Alteration("glass", "two prints on each other", partial(with_ghost, 1.0)),
)
"""All of them, in the order of the table."""
