"""YuNet on OpenCV: finds faces and five landmarks of each.

W. Wu, H. Peng, S. Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence
Research 20(5), 2023. Weights and licence: `content/models/README.md`.
"""

import threading
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.model_files import model_bytes
from station_app.domain.samples import FaceImage

YUNET: Final = "face_detection_yunet_2023mar_int8bq.onnx"
YUNET_CHECKSUM: Final = "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10"

LEAST_CONFIDENCE: Final = 0.6
LONGEST_SIDE: Final = 640
"""Larger pictures are made smaller before a face is looked for: a face that fills a thousandth of
them is of no use here."""
_CELL: Final = 32
"""Pixels, the network's coarsest step. Of a picture only one cell high or wide OpenCV's detector
returns faces that are not in it, others each time, once it has looked at a larger picture.
"""
_OVERLAP: Final = 0.3
_MOST_FACES: Final = 50

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Detection:
    """One face, in pixels of the picture.

    `row` is what OpenCV's `FaceRecognizerSF` takes, float32 (15,): left, top, width, height, the
    five landmarks as (x, y) in the order of `FaceSeen.landmarks`, and a confidence of 0..1.
    """

    row: NDArray[np.float32]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width, height."""
        left, top, width, height = self.row[:4].tolist()
        return left, top, width, height

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """Float32 (5, 2)."""
        return self.row[4:14].reshape(5, 2)

    @property
    def width(self) -> float:
        """Of the box."""
        return float(self.row[2])

    @property
    def confidence(self) -> float:
        """0..1."""
        return float(self.row[14])


def bgr_of(image: FaceImage) -> Pixels:
    """The picture as OpenCV has it, uint8 (height, width, 3)."""
    rgb = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width, 3)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8)


def find_faces(bgr: Pixels, longest: int = LONGEST_SIDE) -> list[Detection]:
    """The faces in a picture, largest first; any thread may ask.

    A picture with a side above `longest` pixels is looked at in that size; one whose other side is
    32 or less then has none. Raises `KnownError("model_damaged")`.
    """
    height, width = bgr.shape[:2]
    scale = min(1.0, longest / max(height, width))
    small = bgr
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
    if min(small.shape[:2]) <= _CELL:
        return []
    net = _detector()
    net.setInputSize((small.shape[1], small.shape[0]))
    _, rows = net.detect(small)
    if rows is None:
        return []
    found = np.asarray(rows, np.float32)
    found[:, :14] /= np.float32(scale)
    found = found[_plausible(found, width, height)]
    ordered = found[np.argsort(-found[:, 2] * found[:, 3], kind="stable")]
    return [Detection(row) for row in ordered]


def _plausible(rows: NDArray[np.float32], width: int, height: int) -> NDArray[np.bool_]:
    """Faces of a pixel or more, not far outside; pictures a few pixels high give others."""
    far = np.float32(2 * max(width, height))
    is_near = (np.abs(rows[:, :14]) < far).all(axis=1)  # NaN is not
    return np.asarray(is_near & (rows[:, 2:4] >= 1).all(axis=1))


_own = threading.local()


def _detector() -> Any:
    """This thread's: the network remembers the size it was last given."""
    net = getattr(_own, "net", None)
    if net is None:
        model = np.frombuffer(model_bytes(YUNET, YUNET_CHECKSUM), np.uint8)
        net = cv2.FaceDetectorYN.create(
            "onnx", model, np.zeros(0, np.uint8), (LONGEST_SIDE, LONGEST_SIDE),
            LEAST_CONFIDENCE, _OVERLAP, _MOST_FACES,
        )  # fmt: skip
        _own.net = net
    return net
