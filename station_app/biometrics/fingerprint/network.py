"""LEADER on onnxruntime: loads the two network files, checked, and runs them."""

import hashlib
from collections.abc import Mapping
from importlib.resources import files as package_files

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from station_app.domain.errors import KnownError

DENSE = "leader-dense.onnx"
DIRECTION = "leader-direction.onnx"
CHECKSUMS = {
    DENSE: "cf3135a7cadd556c6d03f2939581101d0d265c1d712b3b4e56987f3082eea1c5",
    DIRECTION: "88931d79a5ecface405915eefea75733417ce31620f340f886dd76bfa83e0579",
}
_PATCH = 9
_MIDDLE = np.arange(-1, 2)  # the cells round a minutia whose answers its direction is made of


def model_bytes(name: str, checksum: str) -> bytes:
    """A file of `content/models`, its hex SHA-256 checked.

    Raises `KnownError("model_damaged")` when it is missing or not the file it should be.
    """
    try:
        data = package_files("station_app").joinpath("content", "models", name).read_bytes()
    except OSError as fault:
        raise _damaged(name, "cannot be read") from fault
    if hashlib.sha256(data).hexdigest() != checksum:
        raise _damaged(name, "is not the file this program was built with")
    return data


def _damaged(name: str, what: str) -> KnownError:
    return KnownError(
        "model_damaged",
        f"The model file {name} {what}; install the program again from its original medium.",
    )


class Network:
    """LEADER (Cappelli and Ferrara, arXiv 2602.15493), rebuilt as two graphs.

    The dense graph gives the minutia confidence map and features at half resolution; the
    direction graph is run only on feature patches round the minutiae found.
    `files`: the two graphs by name, in place of the shipped ones.
    Raises `KnownError("model_damaged")` on a changed or missing file.
    """

    def __init__(self, threads: int = 1, files: Mapping[str, bytes] | None = None) -> None:
        given = files or {name: model_bytes(name, known) for name, known in CHECKSUMS.items()}
        self._dense = _session(given[DENSE], threads)
        self._direction = _session(given[DIRECTION], threads)

    def dense(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Confidence map (h, w), 0..1, after non-maximum suppression, and features.

        `pixels` is uint8 (h, w), both multiples of 32. Features are (64, h / 2, w / 2).
        """
        batch = pixels.astype(np.float32)[np.newaxis, np.newaxis]
        confidence, features = self._dense.run(None, {"input": batch})
        return np.asarray(confidence[0, 0], np.float32), np.asarray(features[0], np.float32)

    def directions(
        self, features: NDArray[np.float32], ys: NDArray[np.intp], xs: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """Direction at the pixels (ys, xs), radians in (-pi, pi], clockwise as seen.

        The network answers counter-clockwise (y up); here y grows downwards, so the
        direction's unit vector is (cos, sin) in pixel coordinates.
        """
        if ys.size == 0:
            return np.zeros(0, np.float32)
        half = _PATCH // 2
        padded = np.pad(features, ((0, 0), (half, half), (half, half)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (_PATCH, _PATCH), axis=(1, 2))
        patches = windows[:, ys // 2, xs // 2].transpose(1, 0, 2, 3)
        given = {"patches": np.ascontiguousarray(patches), "inside": _inside(features, ys, xs)}
        (answer,) = self._direction.run(None, given)
        vectors = answer.reshape(-1, 2, 2, 2)[np.arange(ys.size), :, ys % 2, xs % 2]
        return np.asarray(-np.arctan2(vectors[:, 1], vectors[:, 0]), np.float32)


def _inside(
    features: NDArray[np.float32], ys: NDArray[np.intp], xs: NDArray[np.intp]
) -> NDArray[np.float32]:
    """1 where the cell and its eight neighbours lie in the image, else 0: (n, 1, 3, 3)."""
    rows, columns = ys[:, np.newaxis] // 2 + _MIDDLE, xs[:, np.newaxis] // 2 + _MIDDLE
    rows_in = (rows >= 0) & (rows < features.shape[1])
    columns_in = (columns >= 0) & (columns < features.shape[2])
    both = rows_in[:, np.newaxis, :, np.newaxis] & columns_in[:, np.newaxis, np.newaxis, :]
    return np.asarray(both, np.float32)


def _session(graph: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Spinning workers burn the second core while the matcher and the screen need it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
