"""Proofs about the tree: that a leaf is in it, and that one tree continues another.

Making them is RFC 6962, 2.1.1 and 2.1.2, checking them RFC 9162, 2.1.3.2 and 2.1.4.2.
Everything is a pure function over 32-byte hashes; a leaf's is `tree.leaf_hash`.
"""

from collections.abc import Sequence

from station_app.journal.tree import Frontier, node_hash


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """The Merkle tree hash (32 bytes) over leaf hashes; that of nothing for none."""
    if not hashes:
        return Frontier().root()
    level = hashes
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def inclusion_proof(hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """What proves that leaf `index` (from 0) is in the tree over these leaf hashes.

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
    """What proves that the tree over these leaf hashes continues the tree of its first `size`.

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
    # A perfect old tree is a node of the new one, and is not said again.
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
    """Up over levels where the rightmost node has no neighbour and stands for itself."""
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
