"""LEADER as two graphs: the dense one, and the direction of the minutiae found.

Architecture: Cappelli and Ferrara, arXiv 2602.15493, as in the published network: a U-net of
separable convolutions makes an attention mask, a second one of inverted bottlenecks the
features, three heads the position, direction and kind. The kind is not used and left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import folding
import numpy as np
from folding import Array
from graph import Graph, Shape, Tensor
from layers import (
    BLOCK,
    Bottleneck,
    Pieces,
    blocked,
    bottleneck,
    convolve,
    deviation,
    doubled,
    gelu,
    half_pooled,
    joined,
    mixed,
    normalised,
    plus,
    pooled,
    times,
)
from numpy.typing import NDArray
from onnx import TensorProto
from source import Weights

PIECES = {1: 32, 2: 16}
"""Parts in which the wide layers of a level are run: 0.6 MB each at 256 x 288.

Each divides the pixels that a 32 x 32 square of the image has at its level.
"""


FEATURES = np.roll(np.arange(52), -20)
"""The published order of the heads' input, [doubled 20, encoder 32], in ours."""

Index = NDArray[np.intp]


def sides(level: int) -> Shape:
    """Height and width after `level` halvings."""
    return f"h{level}", f"w{level}"


def dense_graph(w: Weights, metadata: Mapping[str, str]) -> bytes:
    """The dense graph: image (1, 1, h, w) to `q` (1, 1, h, w) and `feat` (1, h/2, w/2, 64)."""
    g = Graph()
    image = Tensor("input", (1, 1, *sides(0)))
    pieces = {level: _pieces(g, image, level) for level in PIECES}
    mask = _attention(g, w, _first_net(g, w, image))
    texture = [pooled(g, x, "Average", sides(1)) for x in _stem(g, w, image, "stem1")]
    features = _second_net(g, w, joined(g, mask, *texture), pieces)
    rows = g.named(g.node("Transpose", [features], (1, *sides(1), 64), perm=[0, 2, 3, 1]), "feat")
    confidence = g.named(_confidence(g, w, features, pieces), "q")
    return g.model([image], [confidence, rows], metadata)


def _pieces(g: Graph, image: Tensor, level: int) -> Pieces:
    whole = g.node("Shape", [image], (2,), TensorProto.INT64, start=2)
    shrunk = g.node("Div", [whole, np.array([2**level] * 2)], (2,), TensorProto.INT64)
    return Pieces(PIECES[level], shrunk)


def direction_graph(w: Weights, metadata: Mapping[str, str]) -> bytes:
    """The direction head on single cells of two by two pixels.

    `patches` (n, 9, 9, 64) of `feat` round the cells and `inside` (n, 1, 3, 3), 1 where the
    patch's middle lies in the image and 0 elsewhere, to `direction` (n, 8, 1, 1): the cosine,
    then the sine, of the cell's four pixels in reading order, counter-clockwise.
    """
    g, head = Graph(), _head(w, 1)
    patches = Tensor("patches", ("n", 9, 9, 64))
    inside = Tensor("inside", ("n", 1, 3, 3))
    ends = [np.array(two) for two in ([3, 3], [6, 6], [2, 3])]
    x = g.node("Transpose", [patches], ("n", 64, 9, 9), perm=[0, 3, 1, 2])
    middle = g.node("Slice", [x, *ends], ("n", 64, 3, 3))
    past = mixed(g, middle, head.past, head.past_bias)
    through = bottleneck(g, x, head.block, sides=(3, 3))
    last = times(g, _bent(g, plus(g, past, through), head.shift), inside)
    kernel, bias = w.convolution("head_conv_dir")
    seen = convolve(g, last, folding.phases_of_doubled(kernel), np.repeat(bias, 4), sides=(1, 1))
    return g.model([patches, inside], [g.named(seen, "direction")], metadata)


def _stem(g: Graph, w: Weights, image: Tensor, name: str) -> list[Tensor]:
    """Two 5x5 convolutions side by side, one dilated, normalised together, GELU.

    The channels come in parts of one block: at full size more do not stay in the cache.
    """
    near, near_bias = w.convolution(f"{name}_conv")
    wide, wide_bias = w.convolution(f"{name}_dilated_conv")
    none = np.zeros_like(near)
    bias = folding.centred(np.concatenate([near_bias, wide_bias]))
    near = folding.centred(np.concatenate([near, none]))
    wide = folding.centred(np.concatenate([none, wide]))
    parts = []
    for at in range(0, len(bias), BLOCK):
        part = slice(at, at + BLOCK)
        first = convolve(g, image, near[part], bias[part])
        parts.append(plus(g, first, convolve(g, image, wide[part], dilation=2)))
    return [gelu(g, part) for part in normalised(g, parts, *w.normalisation(f"{name}_ln"))]


def _separable(g: Graph, w: Weights, x: Tensor, name: str) -> Tensor:
    """Depthwise and 1x1 convolution, normalised, GELU."""
    depthwise, pointwise, bias = w.separable(f"{name}_conv")
    spread = convolve(g, x, depthwise, groups=x.channels)
    x = convolve(g, spread, folding.centred(pointwise), folding.centred(bias))
    (normal,) = normalised(g, [x], *w.normalisation(f"{name}_ln"))
    return gelu(g, normal)


def _first_net(g: Graph, w: Weights, image: Tensor) -> Tensor:
    (stem,) = _stem(g, w, image, "stem0")
    x = pooled(g, stem, "Max", sides(1))
    kept = []
    for level in range(4):
        kept.append(_separable(g, w, x, f"enc0_{level}"))
        x = half_pooled(g, kept[-1], sides(level + 2))
    for level in reversed(range(4)):
        x = doubled(g, _separable(g, w, x, f"dec0_{level}"), sides(level + 1))
        x = joined(g, x, kept[level])
    return x


def _attention(g: Graph, w: Weights, x: Tensor) -> Tensor:
    """`x` times a mask of itself from three dilated convolutions."""
    kernel, bias = w.convolution("attention_s")
    parts = []
    for dilation in (1, 3, 6):
        seen = convolve(g, x, *w.convolution(f"attention_conv_d{dilation}"), dilation=dilation)
        parts.append(gelu(g, seen))
    weighed = convolve(g, joined(g, *parts), kernel, bias)
    return times(g, x, g.node("Sigmoid", [weighed], weighed.shape))


def _second_net(g: Graph, w: Weights, x: Tensor, pieces: Mapping[int, Pieces]) -> Tensor:
    """The U-net of bottlenecks; its decoder's input is [encoder, doubled, zeros]."""
    kept, order = [], np.arange(x.channels)
    for level in range(4):
        kept.append(_adjusted(g, w, x, f"enc1_{level}", order, pieces.get(level + 1)))
        x = half_pooled(g, kept[-1], sides(level + 2))
        order = np.arange(x.channels)
    for level in reversed(range(4)):
        x = _adjusted(g, w, x, f"dec1_{level}", order, pieces.get(level + 2))
        order = _skipped(len(w.convolution(f"dec1_{level}_conv_adj")[1]), kept[level].channels)
        x = joined(g, kept[level], doubled(g, x, sides(level + 1)))
    return x


def _skipped(doubled_channels: int, kept_channels: int) -> Index:
    """The published order of a decoder's input, [doubled, encoder], in ours."""
    return np.roll(np.arange(doubled_channels + kept_channels), -doubled_channels)


def _bottleneck(w: Weights, name: str, order: Index, after: Array) -> Bottleneck:
    """The block `name` with the matrix `after` (o, c) multiplied onto its narrow end."""
    gain, shift = w.normalisation(f"{name}_ln")
    widen, widen_bias = w.convolution(f"{name}_conv_exp")
    narrow, _ = w.convolution(f"{name}_conv_red")
    return Bottleneck(
        depthwise=w.depthwise(f"{name}_depthwise_conv")[order],
        gain=gain[order],
        bias=shift[order],
        widen=folding.matrix(widen)[:, order],
        widen_bias=widen_bias,
        narrow=folding.product(after, folding.matrix(narrow)),
    )


def _adjusted(
    g: Graph, w: Weights, x: Tensor, name: str, order: Index, pieces: Pieces | None = None
) -> Tensor:
    """A bottleneck added to its input, and the 1x1 convolution after it; whole blocks.

    Where that narrows it is multiplied into both; where it widens it comes after them.
    """
    kernel, bias = w.convolution(f"{name}_conv_adj")
    adjust = folding.widened(folding.matrix(kernel), blocked(len(bias)))
    bias = folding.widened(bias, len(adjust))
    bias = bias + folding.applied(adjust, w.convolution(f"{name}_conv_red")[1])
    ours = folding.widened(adjust[:, order], x.channels, axis=1)
    if len(kernel) < len(order):
        past = mixed(g, x, ours, bias)
        return plus(g, bottleneck(g, x, _bottleneck(w, name, order, adjust), pieces), past)
    same = folding.widened(np.eye(len(order))[order], x.channels)
    return mixed(g, plus(g, bottleneck(g, x, _bottleneck(w, name, order, same)), x), ours, bias)


@dataclass(frozen=True, slots=True)
class Head:
    """A head's bottleneck down to eight channels, the way past it, and what follows.

    The first four channels are what the head normalises; they sum to zero. The last four,
    divided by the deviation of the first and plus `shift` (4,), go into its last GELU.
    """

    block: Bottleneck
    past: Array
    past_bias: Array
    shift: Array


def _head(w: Weights, number: int) -> Head:
    name = f"head_{number}"
    first, first_bias = w.convolution(f"{name}_conv1")
    adjust, adjust_bias = w.convolution(f"{name}_ibc_conv_adj")
    last, last_bias = w.convolution(f"{name}_conv2")
    gain, shift = w.normalisation(f"{name}_ln")
    narrow_bias = w.convolution(f"{name}_ibc_conv_red")[1]
    four = folding.product(folding.matrix(first), folding.matrix(adjust))
    bias = folding.applied(folding.matrix(first), adjust_bias) + first_bias
    bias = folding.centred(bias + folding.applied(four, narrow_bias))
    four, gained = folding.centred(four), folding.matrix(last) * gain
    after = np.concatenate([four, folding.product(gained, four)])
    return Head(
        block=_bottleneck(w, f"{name}_ibc", FEATURES, after),
        past=folding.widened(after[:, FEATURES], blocked(len(FEATURES)), axis=1),
        past_bias=np.concatenate([bias, folding.applied(gained, bias)]),
        shift=folding.applied(folding.matrix(last), shift) + last_bias,
    )


def _bent(g: Graph, eight: Tensor, bias: Array) -> Tensor:
    """The head's last GELU of the eight channels of `_head`: (n, 4, h, w)."""
    start, end, axis = (np.array([n], np.int64) for n in (4, 8, 1))
    shape = (eight.shape[0], 4, *eight.shape[2:])
    four = g.node("Slice", [eight, start, end, axis], shape)
    level = times(g, four, deviation(g, [eight], of=4))
    return gelu(g, g.node("Add", [level, bias.reshape(1, 4, 1, 1)], shape))


def _confidence(g: Graph, w: Weights, features: Tensor, pieces: Mapping[int, Pieces]) -> Tensor:
    """The position head, its blur and its non-maximum suppression, at full size.

    All but the suppression is done on the four phases of the half size.
    """
    head = _head(w, 0)
    past = mixed(g, features, head.past, head.past_bias)
    last = _bent(g, plus(g, past, bottleneck(g, features, head.block, pieces[1])), head.shift)
    kernel, last_bias = w.convolution("head_conv_pos")
    seen = convolve(g, last, folding.phases_of_doubled(kernel), np.repeat(last_bias, 4))
    sure = g.node("Sigmoid", [seen], seen.shape)
    soft = convolve(g, sure, folding.phases(w.kernel("nms_Gaussian_blur")))
    full = (1, 1, *sides(0))
    smooth = g.node("DepthToSpace", [soft], full, blocksize=2, mode="CRD")
    peak = g.node("MaxPool", [smooth], full, kernel_shape=[7, 7], pads=[3] * 4, strides=[1, 1])
    kept = g.node("Equal", [smooth, peak], full, TensorProto.BOOL)
    return times(g, smooth, g.node("Cast", [kept], full, to=TensorProto.FLOAT))
