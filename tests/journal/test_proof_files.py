"""Proofs that people hand on."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.journal.proof_files import (
    ConsistencyProof,
    InclusionProof,
    prove_entry,
    prove_since,
    read_proof,
)
from station_app.journal.tlog_tiles import read_log
from station_app.vault import Secret, Signer
from tests.journal.log_samples import KEY, log_of, made_up, signed_note

LOG = read_log(log_of(made_up(11)), KEY)
OTHER = Signer(Secret(b"t" * 32))


@given(st.integers(1, 11), st.booleans())
def test_there_and_back(number: int, of_entry: bool) -> None:
    proof = prove_entry(LOG, number) if of_entry else prove_since(LOG, number)
    again = read_proof(proof.to_bytes())
    assert again == proof
    for key in (KEY, None):
        checkpoint = again.check(key)
        assert (checkpoint.size, checkpoint.root) == (11, LOG.root)
    with pytest.raises(ValueError, match="another key"):
        again.check(bytes(32))


@pytest.mark.parametrize("number", [0, 12, -1])
def test_what_there_is_not(number: int) -> None:
    with pytest.raises(ValueError, match="there is no"):
        prove_entry(LOG, number)
    with pytest.raises(ValueError, match="there is no"):
        prove_since(LOG, number)


def _changed(proof: InclusionProof | ConsistencyProof, **facts: Any) -> bytes:
    return json.dumps(json.loads(proof.to_bytes()) | facts).encode()


@pytest.mark.parametrize(
    "facts",
    [
        {"leaf": "entry 9"},
        {"entry": 4, "index": 3},
        {"hashes": []},
        {"note": signed_note(made_up(10))},
        {"public_key": OTHER.public_key.hex()},
        {"note": "nothing"},
    ],
)
def test_a_bent_inclusion_proves_nothing(facts: dict[str, Any]) -> None:
    proof = read_proof(_changed(prove_entry(LOG, 3), **facts))
    with pytest.raises(ValueError, match=r"signed"):
        proof.check(None)


@pytest.mark.parametrize(
    "facts",
    [{"since": 4}, {"since_root": "00" * 32}, {"hashes": []}, {"note": signed_note(made_up(10))}],
)
def test_a_bent_consistency_proves_nothing(facts: dict[str, Any]) -> None:
    proof = read_proof(_changed(prove_since(LOG, 3), **facts))
    with pytest.raises(ValueError, match=r"signed"):
        proof.check(KEY)


@pytest.mark.parametrize(
    "data",
    [
        lambda: b"",
        lambda: b"[]",
        lambda: b'{"format": "station-app/inclusion-proof/1"}',
        lambda: _changed(prove_entry(LOG, 3), format="other"),
        lambda: _changed(prove_entry(LOG, 3), index=1),
        lambda: _changed(prove_entry(LOG, 3), entry=True, index=0),
        lambda: _changed(prove_entry(LOG, 3), leaf="\ud800"),
        lambda: _changed(prove_entry(LOG, 3), hashes=["00"]),
        lambda: _changed(prove_entry(LOG, 3), more=1),
        lambda: _changed(prove_since(LOG, 3), since="3"),
        lambda: _changed(prove_since(LOG, 3), since_root="00"),
        lambda: _changed(prove_since(LOG, 3), public_key="zz" * 32),
    ],
)
def test_what_is_no_proof(data: Callable[[], bytes]) -> None:
    with pytest.raises(ValueError, match="not a proof"):
        read_proof(data())
