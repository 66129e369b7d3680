"""Networks that make 128 numbers of an aligned face, a line each.

Embeddings of one network are compared by their cosine; those of two never.
"""

import hashlib
import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.face.alignment import aligned
from station_app.biometrics.face.detector import YUNET_CHECKSUM, Detection, Pixels
from station_app.biometrics.model_files import model_bytes
from station_app.domain.gallery import OF_INVENTED

LENGTH: Final = 128
"""Numbers of an embedding."""

SFACE: Final = "face_recognition_sface_2021dec_int8bq.onnx"
SFACE_CHECKSUM: Final = "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee"

INVENTED_MEAN: Final = "invented-faces-mean.npy"
"""What SFace's embeddings of invented faces have in common, float32 (128,), as
`scripts/invented_faces.py` fits it (ADR 0053)."""
INVENTED_MEAN_CHECKSUM: Final = "b9b3ab8097ae943535b0198edd52e79c9070e5a3d194fefc9808d71e6e7edaf1"

Embedding = NDArray[np.float32]
Embed = Callable[[Pixels, Detection], Embedding]
"""Of the face found in a BGR picture: float32 (128,) of length 1."""


@dataclass(frozen=True, slots=True)
class Embedder:
    """One network. `name` is the engine's, `load` gives its only instance in this process.

    `most_shots` pictures of one sample are embedded, the best: more cost time and buy little.
    `load` raises `KnownError("model_damaged")`.
    """

    name: str
    load: Callable[[], Embed]
    most_shots: int = 3


def unit(values: NDArray[np.float32]) -> Embedding:
    """The same direction with length 1; zeros stay zeros."""
    flat = np.asarray(values, np.float32).reshape(-1)
    return np.asarray(flat / max(float(np.linalg.norm(flat)), 1e-9), np.float32)


def digest(*made_with: str) -> str:
    """The first 8 hex digits of SHA-256 over everything that makes an embedding what it is."""
    return hashlib.sha256("\n".join(made_with).encode()).hexdigest()[:8]


class SFaceNetwork:
    """SFace on OpenCV (Y. Zhong et al., "SFace", IEEE TIP 30, 2021); any thread may use it."""

    def __init__(self) -> None:
        model = np.frombuffer(model_bytes(SFACE, SFACE_CHECKSUM), np.uint8)
        self._net: Any = cv2.FaceRecognizerSF.create("onnx", model, np.zeros(0, np.uint8))
        self._one_at_a_time = threading.Lock()

    def embed(self, bgr: Pixels, face: Detection) -> Embedding:
        """See `Embed`."""
        cut = aligned(bgr, face.landmarks)
        with self._one_at_a_time:
            return unit(self._net.feature(cut))


_loading = threading.Lock()


@cache
def _loaded_sface() -> SFaceNetwork:
    return SFaceNetwork()


def _sface() -> Embed:
    with _loading:
        return _loaded_sface().embed


def _sface_of_invented() -> Embed:
    data = model_bytes(INVENTED_MEAN, INVENTED_MEAN_CHECKSUM)
    embed, common = _sface(), np.load(io.BytesIO(data), allow_pickle=False)

    def without_common(bgr: Pixels, face: Detection) -> Embedding:
        return unit(embed(bgr, face) - common)

    return without_common


SFACE_ENGINE: Final = Embedder("yunet-sface/1." + digest(YUNET_CHECKSUM, SFACE_CHECKSUM), _sface)
INVENTED_ENGINE: Final = Embedder(
    "yunet-sface/1." + digest(YUNET_CHECKSUM, SFACE_CHECKSUM, INVENTED_MEAN_CHECKSUM) + OF_INVENTED,
    _sface_of_invented,
)
