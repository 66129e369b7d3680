"""LEADER's building blocks in the form onnxruntime runs fastest, each equal to the original.

Tensors are NCHW and stay in onnxruntime's blocked layout wherever their channels are whole
blocks; only what works across channels (layer normalisation, wide matrix products) goes
through rows of pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import folding
import numpy as np
from folding import Array
from graph import CONTRIBUTED, Graph, Shape, Tensor
from onnx import TensorProto

EPSILON = 0.001
BLOCK = 16


def blocked(channels: int) -> int:
    """Channels rounded up to whole blocks of the layout."""
    return -(-channels // BLOCK) * BLOCK


def convolve(
    g: Graph,
    x: Tensor,
    kernel: Array,
    bias: Array | None = None,
    *,
    dilation: int = 1,
    groups: int = 1,
    sides: Shape | None = None,
) -> Tensor:
    """A convolution that keeps the sides, or with `sides` loses its margin and has those."""
    size = kernel.shape[2]
    return g.node(
        "Conv",
        [x, kernel] if bias is None else [x, kernel, bias],
        (x.shape[0], len(kernel), *(sides or x.shape[2:])),
        kernel_shape=[size, size],
        pads=[0 if sides else dilation * (size // 2)] * 4,
        dilations=[dilation, dilation],
        group=groups,
    )


def mixed(g: Graph, x: Tensor, matrix: Array, bias: Array | None = None) -> Tensor:
    """A 1x1 convolution by a matrix (out, in)."""
    return convolve(g, x, folding.kernel(matrix), bias)


def scaled(g: Graph, x: Tensor, scale: Array, bias: Array | None = None) -> Tensor:
    """Every channel times its number plus its other number."""
    return convolve(g, x, scale.reshape(-1, 1, 1, 1), bias, groups=len(scale))


def plus(g: Graph, x: Tensor, y: Tensor) -> Tensor:
    """The sum of two tensors; where one is a convolution it is fused into it."""
    return g.node("Add", [x, y], x.shape)


def times(g: Graph, x: Tensor, y: Tensor) -> Tensor:
    """The product of two tensors; `y` may have one channel."""
    return g.node("Mul", [x, y], x.shape)


def gelu(g: Graph, x: Tensor) -> Tensor:
    """GELU in the tanh form, as LEADER was trained."""
    return g.node("Gelu", [x], x.shape, approximate="tanh")


def joined(g: Graph, *parts: Tensor) -> Tensor:
    """Concatenation of channels."""
    channels = sum(part.channels for part in parts)
    return g.node("Concat", parts, (1, channels, *parts[0].shape[2:]), axis=1)


def pooled(g: Graph, x: Tensor, kind: str, sides: Shape) -> Tensor:
    """Halves the sides by "Max" or "Average"."""
    shape = (1, x.channels, *sides)
    return g.node(f"{kind}Pool", [x], shape, kernel_shape=[2, 2], strides=[2, 2])


def half_pooled(g: Graph, x: Tensor, sides: Shape) -> Tensor:
    """Halves the sides: maximum in the first half of the channels, mean in the second.

    Both are taken of all channels and masked, which is cheaper than to leave the blocked
    layout for cutting the channels in two.
    """
    first = (np.arange(x.channels) < x.channels // 2).astype(np.float64)
    largest = scaled(g, pooled(g, x, "Max", sides), first)
    return plus(g, scaled(g, pooled(g, x, "Average", sides), 1 - first), largest)


def doubled(g: Graph, x: Tensor, sides: Shape) -> Tensor:
    """Doubles the sides by repeating pixels."""
    return g.node(
        "Resize",
        [x, None, np.array([1, 1, 2, 2], np.float32)],
        (1, x.channels, *sides),
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def deviation(g: Graph, parts: Sequence[Tensor], of: int) -> Tensor:
    """One over the standard deviation across channels, which sum to zero; one channel.

    `parts` have equally many channels, of which only the first `of` count.
    """
    squares = [times(g, part, part) for part in parts]
    total = reduce(lambda x, y: plus(g, x, y), squares)
    mean = np.full((1, of), 1 / (of * len(parts)))
    mean = folding.widened(mean, total.channels, axis=1)
    variance = mixed(g, total, mean, np.full(1, EPSILON))
    root = g.node("Sqrt", [variance], variance.shape)
    return g.node("Reciprocal", [root], root.shape)


def normalised(g: Graph, parts: Sequence[Tensor], gain: Array, bias: Array) -> list[Tensor]:
    """Layer normalisation over the channels of `parts`, which sum to zero; equal whole blocks.

    onnxruntime's own works on rows and costs twice as much on so few channels.
    """
    channels = parts[0].channels
    inverse = mixed(g, deviation(g, parts, channels), np.ones((channels, 1)))
    numbers = zip(gain.reshape(-1, channels), bias.reshape(-1, channels), strict=True)
    return [
        scaled(g, times(g, part, inverse), *both) for part, both in zip(parts, numbers, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """One inverted bottleneck as arrays.

    `depthwise` (c, 1, k, k); `gain`, `bias` (c,) of the normalisation; `widen` (e, c) and
    `widen_bias` (e,); `narrow` (o, e), what follows the GELU.
    """

    depthwise: Array
    gain: Array
    bias: Array
    widen: Array
    widen_bias: Array
    narrow: Array


@dataclass(frozen=True, slots=True)
class Pieces:
    """How many parts rows of pixels are worked on in, and their sides, an int64 (2,)."""

    count: int
    sides: Tensor


def bottleneck(
    g: Graph,
    x: Tensor,
    block: Bottleneck,
    pieces: Pieces | None = None,
    sides: Shape | None = None,
) -> Tensor:
    """Depthwise, normalised, widened, GELU, narrowed: (n, o, h, w); `sides` as in `convolve`."""
    kernel = folding.widened(block.depthwise, x.channels)
    spread = convolve(g, x, kernel, groups=x.channels, sides=sides)
    sides, channels = spread.shape[2:], len(block.narrow)
    rows = g.node("Transpose", [spread], (x.shape[0], *sides, x.channels), perm=[0, 2, 3, 1])
    narrow = _in_pieces(g, rows, block, pieces) if pieces else _pointwise(g, rows, block)
    shape = (x.shape[0], channels, *sides)
    through = g.node("Transpose", [narrow], shape, perm=[0, 3, 1, 2])
    if channels % BLOCK == 0:
        # A convolution by one takes it back to the blocked layout, where adding is free.
        return scaled(g, through, np.ones(channels))
    return through


def _in_pieces(g: Graph, rows: Tensor, block: Bottleneck, pieces: Pieces) -> Tensor:
    """The pointwise part in equal pieces, so that the wide rows stay in the cache."""
    count = f"{rows.name}/rows"
    body = Graph(f"{rows.name}/")
    piece = Tensor(f"{rows.name}/piece", (count, rows.shape[-1]))
    end = _pointwise(body, piece, block)
    cut = np.array([pieces.count, -1, rows.shape[-1]], np.int64)
    done = g.node(
        "Scan",
        [g.node("Reshape", [rows, cut], (pieces.count, *piece.shape))],
        (pieces.count, *end.shape),
        body=body.proto([piece], [end]),
        num_scan_inputs=1,
    )
    ends = [np.array([n], np.int64) for n in (1, len(block.narrow))]
    shape = g.node("Concat", [ends[0], pieces.sides, ends[1]], (4,), TensorProto.INT64, axis=0)
    return g.node("Reshape", [done, shape], (*rows.shape[:3], len(block.narrow)))


def _pointwise(g: Graph, rows: Tensor, block: Bottleneck) -> Tensor:
    """From the depthwise output to the narrow end, on rows (..., channels)."""
    before, real = rows.shape[:-1], len(block.gain)
    if rows.shape[-1] != real:
        start, end, axis = (np.array([n], np.int64) for n in (0, real, len(before)))
        rows = g.node("Slice", [rows, start, end, axis], (*before, real))
    normal = g.node(
        "LayerNormalization",
        [rows, block.gain, block.bias],
        rows.shape,
        axis=-1,
        epsilon=EPSILON,
    )
    wide = g.node("MatMul", [normal, block.widen.T], (*before, len(block.widen)))
    bent = g.node("FastGelu", [wide, block.widen_bias], wide.shape, domain=CONTRIBUTED)
    return g.node("MatMul", [bent, block.narrow.T], (*before, len(block.narrow)))
