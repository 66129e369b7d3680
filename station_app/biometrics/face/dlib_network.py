"""dlib's face network as the package `face_recognition` brings it; optional beside SFace.

D. King, "Dlib-ml", JMLR 10, 2009; a ResNet with 29 layers, `dlib_face_recognition_resnet_model_v1`.
Faces are those that YuNet finds: dlib's own detector misses more and takes longer (ADR 0051).

The licence of the weights for 68 landmarks excludes commercial use, and `face_recognition` loads
them when it is imported. Here it is given those for 5 landmarks in their place.
"""

import hashlib
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from station_app.biometrics.face.detector import YUNET_CHECKSUM, Detection, Pixels
from station_app.biometrics.face.embedders import Embed, Embedder, Embedding, digest, unit
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

NETWORK_CHECKSUM: Final = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
LANDMARKS_CHECKSUM: Final = "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888"
"""SHA-256 of the two files of `face_recognition_models` that are used."""

_SIDE, _MIDDLE = 1.12, 0.53
"""The square in which dlib's landmarks were trained, seen from YuNet's box: side over width, and
the middle's place from top to bottom. Means over the photographs of ADR 0051."""


def is_installed() -> bool:
    """Whether this Python has dlib and the package, without loading either."""
    wanted = ("dlib", "face_recognition", "face_recognition_models")
    return all(find_spec(name) is not None for name in wanted)


def _package() -> Any:
    """`face_recognition`, its weights checked, without those for 68 landmarks.

    Raises `KnownError("model_damaged")`.
    """
    # What few lists need is not imported at every start.
    import face_recognition_models as models  # noqa: PLC0415
    from PIL import ImageFile  # noqa: PLC0415

    small = models.pose_predictor_five_point_model_location
    _check(Path(models.face_recognition_model_location()), NETWORK_CHECKSUM)
    _check(Path(small()), LANDMARKS_CHECKSUM)
    models.pose_predictor_model_location = small
    cut_off = ImageFile.LOAD_TRUNCATED_IMAGES
    import face_recognition  # noqa: PLC0415

    ImageFile.LOAD_TRUNCATED_IMAGES = cut_off  # the import lets half a portrait pass for a whole
    return face_recognition


def _check(path: Path, checksum: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise _damaged(path, "cannot be read") from fault
    if found != checksum:
        raise _damaged(path, "is not the file this program was built with")


def _damaged(path: Path, what: str) -> KnownError:
    return KnownError(
        Code.MODEL_DAMAGED,
        f"The model file {path.name} {what}; install the program again from its original medium.",
    )


class DlibNetwork:
    """The network and its landmarks; any thread may use it.

    Raises `KnownError("model_damaged")`.
    """

    def __init__(self) -> None:
        self._package = _package()
        self._one_at_a_time = threading.Lock()

    def embed(self, bgr: Pixels, face: Detection) -> Embedding:
        """See `Embed`."""
        left, top, width, height = face.box
        x, y, half = left + width / 2, top + _MIDDLE * height, _SIDE * width / 2
        square = (round(y - half), round(x + half), round(y + half), round(x - half))
        rgb = np.ascontiguousarray(bgr[..., ::-1])
        with self._one_at_a_time:
            (found,) = self._package.face_encodings(rgb, [square], model="small")
        return unit(np.asarray(found, np.float32))


_loading = threading.Lock()


@cache
def _loaded() -> DlibNetwork:
    return DlibNetwork()


def _load() -> Embed:
    with _loading:
        return _loaded().embed


DLIB_ENGINE: Final = Embedder(
    "yunet-dlib/1." + digest(YUNET_CHECKSUM, LANDMARKS_CHECKSUM, NETWORK_CHECKSUM),
    _load,
    most_shots=1,
)
