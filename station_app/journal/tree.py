"""The Merkle tree of RFC 6962, section 2.1: grown one leaf at a time, and proofs about it.

Proofs show that a leaf is in the tree, or that one tree continues another. They are made as in
RFC 6962, 2.1.1 and 2.1.2, and checked as in RFC 9162, 2.1.3.2 and 2.1.4.2: pure functions over
32-byte hashes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf (32 bytes)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and the two 32-byte hashes below (32 bytes)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: all that is needed to append and to know the root.

    `hashes` are the roots of the perfect subtrees the leaves fall into, largest first,
    one for every set bit of `size`.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def with_leaf(self, leaf: bytes) -> "Frontier":
        """The frontier after `leaf`; O(log size) hashes at most, one or two on average."""
        merged = leaf_hash(leaf)
        hashes = list(self.hashes)
        # Each trailing set bit of the size is a full subtree that the new one completes.
        remaining = self.size
        while remaining & 1:
            merged = node_hash(hashes.pop(), merged)
            remaining >>= 1
        return Frontier(self.size + 1, (*hashes, merged))

    def root(self) -> bytes:
        """The Merkle tree hash (32 bytes); SHA-256 of nothing for the empty tree."""
        if not self.hashes:
            return hashlib.sha256().digest()
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """The Merkle tree hash (32 bytes) over leaf hashes; that of nothing for none."""
    if not hashes:
        return Frontier().root()
    level = hashes
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def inclusion_proof(hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The proof that leaf `index` (from 0) is in the tree over these leaf hashes.

    At most 1 + log2(size) hashes, the leaf's neighbour first. Raises `ValueError` when there
    is no such leaf.
    """
    if not 0 <= index < len(hashes):
        raise ValueError("there is no such leaf")
    level, proof = hashes, []
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            proof.append(level[beside])
        level, index = _level_above(level), index >> 1
    return tuple(proof)


def consistency_proof(hashes: Sequence[bytes], size: int) -> tuple[bytes, ...]:
    """The proof that the tree over these leaf hashes continues the tree of its first `size`.

    Empty for the whole tree. Raises `ValueError` when `size` is 0 or more than there is.
    """
    if not 0 < size <= len(hashes):
        raise ValueError("there is no tree of that size to continue")
    return _subproof(size, hashes, is_whole=True)


def is_included(
    leaf_hash: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows the leaf at `index` in the tree of `size` leaves and `root`."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf_hash
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(beside, found)
            place, last = _over_missing(place, last)
        else:
            found = node_hash(found, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the tree of `size` and `root` continues the old one."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    # A perfect old tree is a node of the new one, so the proof leaves it out.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found = node_hash(beside, found_old), node_hash(beside, found)
            place, last = _over_missing(place, last)
        else:
            found = node_hash(found, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found == root


def _over_missing(place: int, last: int) -> tuple[int, int]:
    """Go up the levels on which the rightmost node has no neighbour."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return [*pairs, level[-1]] if len(level) & 1 else pairs


def _subproof(size: int, hashes: Sequence[bytes], *, is_whole: bool) -> tuple[bytes, ...]:
    if size == len(hashes):
        return () if is_whole else (tree_root(hashes),)
    split = 1 << (len(hashes) - 1).bit_length() - 1
    if size <= split:
        rest = tree_root(hashes[split:])
        return (*_subproof(size, hashes[:split], is_whole=is_whole), rest)
    return (*_subproof(size - split, hashes[split:], is_whole=False), tree_root(hashes[:split]))
