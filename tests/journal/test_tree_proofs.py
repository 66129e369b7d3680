"""Proofs against RFC 6962's own words, known answers, and whoever bends them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.journal.tree import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    tree_root,
)
from tests.journal.test_tree import LEAVES, ROOTS

HASHES = [leaf_hash(leaf) for leaf in LEAVES]


def _hashes(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def _defined_root(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    split = _split(len(hashes))
    return node_hash(_defined_root(hashes[:split]), _defined_root(hashes[split:]))


def _defined_path(index: int, hashes: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1, word for word."""
    if len(hashes) == 1:
        return []
    split = _split(len(hashes))
    if index < split:
        return [*_defined_path(index, hashes[:split]), _defined_root(hashes[split:])]
    return [*_defined_path(index - split, hashes[split:]), _defined_root(hashes[:split])]


def _defined_subproof(size: int, hashes: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2, word for word."""
    if size == len(hashes):
        return [] if whole else [_defined_root(hashes)]
    split = _split(len(hashes))
    if size <= split:
        return [*_defined_subproof(size, hashes[:split], whole), _defined_root(hashes[split:])]
    return [
        *_defined_subproof(size - split, hashes[split:], False),
        _defined_root(hashes[:split]),
    ]


def _split(size: int) -> int:
    split = 1
    while split * 2 < size:
        split *= 2
    return split


def test_known_answers() -> None:
    """The proofs of certificate-transparency's test vectors over these eight leaves."""
    assert [one.hex() for one in inclusion_proof(HASHES, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [one.hex() for one in consistency_proof(HASHES, 1)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    for size, root in enumerate(ROOTS, start=1):
        assert tree_root(HASHES[:size]).hex() == root


def test_the_root_of_nothing() -> None:
    assert tree_root([]) == hashlib.sha256().digest() == Frontier().root()


def test_every_proof_of_every_small_tree() -> None:
    for size in range(1, 34):
        hashes = _hashes(size)
        root = _defined_root(hashes)
        assert tree_root(hashes) == root
        for index in range(size):
            proof = inclusion_proof(hashes, index)
            assert list(proof) == _defined_path(index, hashes)
            assert is_included(hashes[index], index, size, root, proof)
        for old in range(1, size + 1):
            proof = consistency_proof(hashes, old)
            assert list(proof) == _defined_subproof(old, hashes, whole=True)
            assert is_consistent(old, _defined_root(hashes[:old]), size, root, proof)


@given(st.integers(1, 700), st.data())
def test_proofs_of_larger_trees(size: int, data: st.DataObject) -> None:
    hashes = _hashes(size)
    root = tree_root(hashes)
    index = data.draw(st.integers(0, size - 1))
    assert is_included(hashes[index], index, size, root, inclusion_proof(hashes, index))
    old_root = tree_root(hashes[: index + 1])
    assert is_consistent(index + 1, old_root, size, root, consistency_proof(hashes, index + 1))


@given(st.integers(2, 60), st.data())
def test_a_bent_proof_proves_nothing(size: int, data: st.DataObject) -> None:
    hashes = _hashes(size)
    root = tree_root(hashes)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size - 1))
    inclusion, consistency = inclusion_proof(hashes, index), consistency_proof(hashes, old)
    old_root, other = tree_root(hashes[:old]), hashlib.sha256(b"other").digest()

    for proof in _bent(inclusion, data):
        assert not is_included(hashes[index], index, size, root, proof)
    for proof in _bent(consistency, data):
        assert not is_consistent(old, old_root, size, root, proof)

    assert not is_included(other, index, size, root, inclusion)
    assert not is_included(hashes[index], index, size, other, inclusion)
    elsewhere = data.draw(st.integers(0, size - 1).filter(lambda place: place != index))
    assert not is_included(hashes[index], elsewhere, size, root, inclusion)
    assert not is_consistent(old, other, size, root, consistency)
    assert not is_consistent(old, old_root, size, other, consistency)


def _bent(proof: tuple[bytes, ...], data: st.DataObject) -> list[tuple[bytes, ...]]:
    place = data.draw(st.integers(0, len(proof) - 1))
    changed = bytearray(proof[place])
    changed[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
    return [
        (*proof[:place], bytes(changed), *proof[place + 1 :]),
        (*proof[:place], *proof[place + 1 :]),
        (*proof, proof[-1]),
        (proof[0], *proof),
        (),
    ]


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_such_leaf(index: int, size: int) -> None:
    hashes = _hashes(size)
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(hashes, index)
    assert not is_included(leaf_hash(b""), index, size, tree_root(hashes), ())


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3), (-1, 3)])
def test_no_such_older_tree(old: int, size: int) -> None:
    hashes = _hashes(size)
    with pytest.raises(ValueError, match="no tree of that size"):
        consistency_proof(hashes, old)
    assert not is_consistent(old, tree_root([]), size, tree_root(hashes), ())


def test_a_tree_continues_itself_without_proof() -> None:
    root = tree_root(HASHES)
    assert is_consistent(8, root, 8, root, ())
    assert not is_consistent(8, root, 8, root, (root,))
    assert not is_consistent(8, root, 8, tree_root(HASHES[:7]), ())
