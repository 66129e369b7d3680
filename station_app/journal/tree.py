"""The Merkle tree of RFC 6962, section 2.1, grown one leaf at a time."""

import hashlib
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
