"""Linear layers multiplied together, rounded once.

Products and sums of float32 weights are formed exactly (`math.fsum`) or by single float64
operations, never by a BLAS, so that the files have the same bytes on every machine.
"""

from math import fsum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def product(left: Array, right: Array) -> Array:
    """The matrix product (n, k) x (k, m), every element's sum rounded once."""
    columns = np.ascontiguousarray(right.T)
    return np.array([[fsum(row * column) for column in columns] for row in left])


def applied(matrix: Array, vector: Array) -> Array:
    """The product (n, k) x (k,)."""
    return np.array([fsum(row * vector) for row in matrix])


def centred(kernels: Array) -> Array:
    """Kernels (n, ...) less their mean over n: their outputs sum to zero everywhere."""
    flat = kernels.reshape(len(kernels), -1)
    mean = np.array([fsum(column) for column in flat.T]) / len(flat)
    return (flat - mean).reshape(kernels.shape)


def matrix(kernel: Array) -> Array:
    """A 1x1 kernel (out, in, 1, 1) as the matrix (out, in)."""
    return kernel[:, :, 0, 0]


def kernel(of: Array) -> Array:
    """A matrix (out, in) as the 1x1 kernel (out, in, 1, 1)."""
    return of[:, :, np.newaxis, np.newaxis]


def widened(array: Array, size: int, axis: int = 0) -> Array:
    """`array` with zeros after it up to `size` along `axis`."""
    after = [(0, 0)] * array.ndim
    after[axis] = (0, size - array.shape[axis])
    return np.pad(array, after)


def phases(kernel5: Array) -> Array:
    """A 5x5 kernel at full size as a 3x3 one on the four phases of the half size.

    Kernel (out, in, 5, 5) on an image of `in` channels becomes (out * 4, in * 4, 3, 3) on
    its space-to-depth form, channels ordered (channel, y % 2, x % 2) on both sides: pixel
    2p + i looks at 2p + i + d, which is pixel (i + d) % 2 of block p + (i + d) // 2.
    """
    out, into = kernel5.shape[:2]
    blocks = np.zeros((out, 2, 2, into, 2, 2, 3, 3))
    for y, x in np.ndindex(2, 2):
        for v, h in np.ndindex(5, 5):
            down, across = y + v - 2, x + h - 2
            at = (down // 2 + 1, across // 2 + 1)
            blocks[:, y, x, :, down % 2, across % 2, at[0], at[1]] = kernel5[:, :, v, h]
    return blocks.reshape(out * 4, into * 4, 3, 3)


def phases_of_doubled(kernel5: Array) -> Array:
    """A 5x5 kernel on an image with doubled sides as one on the image before doubling.

    Kernel (out, in, 5, 5) becomes (out * 4, in, 3, 3): the four phases of a block are equal.
    """
    out, into = kernel5.shape[:2]
    four = phases(kernel5).reshape(out * 4, into, 4, 3, 3)
    return four[:, :, 0] + four[:, :, 1] + four[:, :, 2] + four[:, :, 3]
