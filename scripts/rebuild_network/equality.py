"""Is the rebuilt network the published one? Both are run on the same images."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import thread_time

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.fingerprint.network import Network
from station_app.biometrics.fingerprint.normalise import at_working_ppi
from station_app.biometrics.fingerprint.segmentation import crop, find_foreground
from station_app.biometrics.images import read_finger_image
from station_app.domain.samples import FingerImage
from station_app.synthetic.impressions import press
from station_app.synthetic.masters import grow_master
from station_app.synthetic.presets import Preset

TOLERANCE = 1e-3
"""Of confidences and, in radians, of directions."""

CONFIDENCE = 0.3
"""The station's threshold; a peak counts as a minutia from here on."""

FAINT = 0.05
"""Lower peaks are not compared: on flat ground the highest pixel is a matter of rounding."""

_FIRST_SEED = 8_000_000
_PRESETS = (Preset.GOOD, Preset.FAIR, Preset.POOR)
_PERIOD, _PIXELS_A_MINUTIA = 9, 4000
_SIDES = ((32, 32), (96, 160), (256, 288), (384, 352))

Image = NDArray[np.uint8]


@dataclass(slots=True)
class Difference:
    """The largest differences over some images.

    `confidence`: between peaks at the same pixel; `moved`: minutiae found a pixel off;
    `unpaired`: minutiae without a counterpart within a pixel; `direction`: in radians.
    `published_s`, `rebuilt_s`: CPU seconds of the dense part on one thread, all images.
    """

    images: int = 0
    minutiae: int = 0
    confidence: float = 0.0
    moved: int = 0
    unpaired: int = 0
    direction: float = 0.0
    published_s: float = 0.0
    rebuilt_s: float = 0.0

    @property
    def within(self) -> bool:
        """True when this is the same network within the tolerance."""
        return max(self.confidence, self.direction) <= TOLERANCE and not self.unpaired


def compare(original: bytes, rebuilt: Network, images: Iterable[Image]) -> Difference:
    """Runs both on images whose sides are multiples of 32."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    published = onnxruntime.InferenceSession(original, options, ["CPUExecutionProvider"])
    found = Difference()
    for image in images:
        batch = image.astype(np.float32)[np.newaxis, :, :, np.newaxis]
        start = thread_time()
        answer = published.run(None, {"input": batch})[0][0]
        between = thread_time()
        ours = rebuilt.dense(image)
        found.rebuilt_s += thread_time() - between
        found.published_s += between - start
        _look(found, answer[..., 3], answer[..., 1], *ours, rebuilt)
    return found


def _look(
    found: Difference,
    theirs: NDArray[np.float32],
    angles: NDArray[np.float32],
    ours: NDArray[np.float32],
    features: NDArray[np.float32],
    rebuilt: Network,
) -> None:
    both = (theirs >= FAINT) & (ours >= FAINT)
    apart = np.abs(theirs - ours)[both]
    found.images += 1
    found.confidence = max(found.confidence, float(apart.max(initial=0)))
    square = np.ones((3, 3), np.uint8)
    for one, other in ((theirs, ours), (ours, theirs)):
        ys, xs = np.nonzero(one >= CONFIDENCE)
        near = cv2.dilate(other, square)[ys, xs] >= CONFIDENCE - TOLERANCE
        same = other[ys, xs] >= CONFIDENCE - TOLERANCE
        found.moved += int((near & ~same).sum())
        found.unpaired += int((~near).sum())
    ys, xs = np.nonzero((theirs >= CONFIDENCE) & (ours >= CONFIDENCE))
    # The station turns clockwise, the published network counter-clockwise.
    turn = rebuilt.directions(features, ys, xs) + angles[ys, xs]
    turned = np.abs(np.angle(np.exp(1j * turn.astype(np.float64))))
    found.minutiae += len(ys)
    found.direction = max(found.direction, float(turned.max(initial=0)))


def random_images(count: int) -> Iterator[Image]:
    """White noise, and straight ridges that end or fork at random places, of several sides."""
    rng = np.random.default_rng(_FIRST_SEED)
    for number in range(count):
        height, width = _SIDES[number // 2 % len(_SIDES)]
        if number % 2 == 0:
            yield rng.integers(0, 256, (height, width)).astype(np.uint8)
            continue
        ys, xs = np.mgrid[:height, :width]
        along = rng.uniform(0, 2 * np.pi)
        phase = 2 * np.pi / _PERIOD * (xs * np.cos(along) + ys * np.sin(along))
        for _ in range(height * width // _PIXELS_A_MINUTIA):
            y, x, sign = rng.uniform(0, height), rng.uniform(0, width), rng.choice([-1, 1])
            phase += sign * np.arctan2(ys - y, xs - x)
        yield np.clip(128 + 100 * np.cos(phase), 0, 255).astype(np.uint8)


def invented_fingers(count: int) -> Iterator[Image]:
    """Impressions of invented fingers, good, fair and poor in turn."""
    for number in range(count):
        preset = _PRESETS[number % len(_PRESETS)]
        yield from _cut(press(grow_master(_FIRST_SEED + number), 0, preset))


def folder_images(folder: Path) -> Iterator[Image]:
    """The finger images of a folder as the station would give them to the network."""
    for file in list_finger_files(folder):
        yield from _cut(read_finger_image(file.path))


def _cut(image: FingerImage) -> Iterator[Image]:
    pixels = at_working_ppi(image)
    found = find_foreground(pixels)
    if not found.empty:
        yield crop(pixels, found)
