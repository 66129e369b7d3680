"""LEADER on onnxruntime: loads the two network files, checked, and runs them."""

from collections.abc import Mapping

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from station_app.biometrics.model_files import model_bytes

DENSE = "leader-dense.onnx"
DIRECTION = "leader-direction.onnx"
CHECKSUMS = {
    DENSE: "490b5ebaaf10825d3a653ca55079a6cedeaeef75f289d7204f0de944fd43c880",
    DIRECTION: "fedbd4b656bff40c06cbbab826d42419ea57aab3903f2378ebd246fcd8718f80",
}
_ROUND = np.arange(-4, 5)
"""The cells of 2 x 2 pixels round a minutia that its direction depends on."""


class Network:
    """LEADER (Cappelli and Ferrara, arXiv 2602.15493), rebuilt as two graphs.

    The dense graph gives the minutia confidence map and features at half resolution; the
    direction graph is run only on feature patches round the minutiae found.
    `threads`: how many the dense graph may use; a second one shortens the wait while its core
    is free, for somewhat more CPU in all. `files`: the two graphs by name, in place of the
    shipped ones.
    Raises `KnownError("model_damaged")` on a changed or missing file.
    """

    def __init__(self, threads: int = 1, files: Mapping[str, bytes] | None = None) -> None:
        given = files or {name: model_bytes(name, known) for name, known in CHECKSUMS.items()}
        self._dense = _session(given[DENSE], threads)
        self._direction = _session(given[DIRECTION], threads=1)

    def dense(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Confidence map (h, w), 0..1, after non-maximum suppression, and features.

        `pixels` is uint8 (h, w), both multiples of 32. Features are (h / 2, w / 2, 64).
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
        patches, inside = _patches(features, ys // 2, xs // 2)
        given = {"patches": patches, "inside": inside[:, np.newaxis, 3:6, 3:6].astype(np.float32)}
        (answer,) = self._direction.run(None, given)
        vectors = answer.reshape(-1, 2, 2, 2)[np.arange(ys.size), :, ys % 2, xs % 2]
        return np.asarray(-np.arctan2(vectors[:, 1], vectors[:, 0]), np.float32)


def _patches(
    features: NDArray[np.float32], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The 9 x 9 cells round each one, (n, 9, 9, 64), and which of them lie in the image.

    Those outside it are zero, as for the network's own convolutions.
    """
    height, width, _ = features.shape
    down = rows[:, np.newaxis, np.newaxis] + _ROUND[:, np.newaxis]
    across = columns[:, np.newaxis, np.newaxis] + _ROUND
    inside = (down >= 0) & (down < height) & (across >= 0) & (across < width)
    patches = features[down.clip(0, height - 1), across.clip(0, width - 1)]
    patches[~inside] = 0
    return patches, inside


def _session(graph: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A spinning worker doubles the CPU, and waits longest of all when its core is busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
