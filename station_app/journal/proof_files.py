"""Proofs as files that people hand on: what they prove can be checked without the journal."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from station_app.journal.checkpoints import Checkpoint, read_note
from station_app.journal.tlog_tiles import SignedLog
from station_app.journal.tree import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    tree_root,
)
from station_app.vault.strict_json import (
    bytes_of,
    list_of,
    read_record,
    text_of,
    write_record,
)

_INCLUSION: Final = "station-app/inclusion-proof/1"
_CONSISTENCY: Final = "station-app/consistency-proof/1"
_COMMON: Final = ("hashes", "note", "public_key")
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Shows that `leaf` is entry `entry` (from 1) of the journal whose signed note is given.

    `public_key` (32 bytes) is the key that the note is signed with, according to the proof.
    """

    entry: int
    leaf: bytes
    hashes: tuple[bytes, ...]
    note: str
    public_key: bytes

    def check(self, public_key: bytes | None) -> Checkpoint:
        """The checkpoint that covers the entry. Raises `ValueError` where nothing is proven.

        Without a key (32 bytes) the proof's own is used.
        """
        checkpoint = read_note(self.note, public_key or self.public_key)
        hash_, index = leaf_hash(self.leaf), self.entry - 1
        if not is_included(hash_, index, checkpoint.size, checkpoint.root, self.hashes):
            raise ValueError("the entry does not lead to the signed root")
        return checkpoint

    def to_bytes(self) -> bytes:
        """The content of its file."""
        facts = {"entry": self.entry, "index": self.entry - 1, "leaf": self.leaf.decode()}
        return _written(_INCLUSION, facts, self)


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """Shows that the journal of the signed note begins with the tree of `since` and its root."""

    since: int
    since_root: bytes
    hashes: tuple[bytes, ...]
    note: str
    public_key: bytes

    def check(self, public_key: bytes | None) -> Checkpoint:
        """The checkpoint of the longer journal; keys and errors as in `InclusionProof`."""
        checkpoint = read_note(self.note, public_key or self.public_key)
        old, new = (self.since, self.since_root), (checkpoint.size, checkpoint.root)
        if not is_consistent(*old, *new, self.hashes):
            raise ValueError("the older head does not lead to the signed root")
        return checkpoint

    def to_bytes(self) -> bytes:
        """The content of its file."""
        return _written(
            _CONSISTENCY, {"since": self.since, "since_root": self.since_root.hex()}, self
        )


def prove_entry(log: SignedLog, entry: int) -> InclusionProof:
    """The proof of an entry, from 1. Raises `ValueError` when there is no such entry."""
    hashes = inclusion_proof(_hashes(log.leaves), entry - 1)
    return InclusionProof(entry, log.leaves[entry - 1], hashes, log.note, log.public_key)


def prove_since(log: SignedLog, since: int) -> ConsistencyProof:
    """The proof that nothing up to entry `since` has changed.

    Raises `ValueError` when there never was a journal of that size.
    """
    hashes = _hashes(log.leaves)
    proof = consistency_proof(hashes, since)
    return ConsistencyProof(since, tree_root(hashes[:since]), proof, log.note, log.public_key)


def read_proof(data: bytes) -> InclusionProof | ConsistencyProof:
    """The proof in a file's content. Raises `ValueError` where it is none."""
    for read in (_read_inclusion, _read_consistency):
        with contextlib.suppress(ValueError):
            return read(data)
    raise ValueError("it is not a proof")


def _read_inclusion(data: bytes) -> InclusionProof:
    record = read_record(data, _INCLUSION, (*_COMMON, "entry", "index", "leaf"))
    entry = _number(record["entry"])
    if record["index"] != entry - 1:
        raise ValueError("its index is not that of its entry")
    return InclusionProof(entry, text_of(record["leaf"]).encode(), *_common(record))


def _read_consistency(data: bytes) -> ConsistencyProof:
    record = read_record(data, _CONSISTENCY, (*_COMMON, "since", "since_root"))
    root = bytes_of(record["since_root"], _BYTES)
    return ConsistencyProof(_number(record["since"]), root, *_common(record))


def _common(record: dict[str, Any]) -> tuple[tuple[bytes, ...], str, bytes]:
    hashes = tuple(bytes_of(one, _BYTES) for one in list_of(record["hashes"]))
    return hashes, text_of(record["note"]), bytes_of(record["public_key"], _BYTES)


def _number(value: object) -> int:
    if type(value) is not int:
        raise ValueError("it is not a number")
    return value


def _written(form: str, facts: dict[str, Any], proof: InclusionProof | ConsistencyProof) -> bytes:
    common = {
        "format": form,
        "hashes": [one.hex() for one in proof.hashes],
        "note": proof.note,
        "public_key": proof.public_key.hex(),
    }
    return write_record(facts | common)


def _hashes(leaves: Sequence[bytes]) -> list[bytes]:
    return [leaf_hash(leaf) for leaf in leaves]
