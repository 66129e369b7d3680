"""The manifest: canonical bytes, read strictly."""

import dataclasses
import hashlib
import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import assume, example, given
from hypothesis import strategies as st
from snapshot_samples import OWN, SIGNER, write_snapshot

from station_app.snapshots import Manifest


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return write_snapshot(tmp_path_factory.mktemp("snapshot") / "a.vsnap")


def test_it_comes_back(manifest: Manifest) -> None:
    data = manifest.to_bytes()
    assert Manifest.from_bytes(data) == manifest
    assert data == rfc8785.dumps(json.loads(data))
    assert manifest.file_name == "9042-3.vsnap"


def test_what_it_says(manifest: Manifest) -> None:
    values = json.loads(manifest.to_bytes())
    assert values["kind"] == "demo"
    assert values["counts"] == {"voters": 3, "fingers": 6, "portraits": 2, "bad_rows": 0}
    assert values["issuer"] == {"name": "БШК", "public_key": SIGNER.public_key.hex()}
    assert values["recipients"][0] == {
        "station": OWN.name,
        "recipient": OWN.recipient,
        "fingerprint": OWN.fingerprint().hex(),
    }
    assert values["valid_to"] == "2026-11-30T23:59:59Z"
    assert not any(isinstance(value, float) for value in values.values())


def test_the_policys_text_is_what_its_hash_is_of(manifest: Manifest) -> None:
    text = json.loads(manifest.to_bytes())["policy"]
    assert hashlib.sha256(text.encode()).hexdigest() == manifest.policy.digest()


def test_recipients_are_found_by_their_fingerprint(manifest: Manifest) -> None:
    found = manifest.recipient(OWN.fingerprint())
    assert found is not None
    assert found.station == OWN.name
    assert manifest.recipient(b"\0" * 32) is None


CHANGES = {
    "kind": "party",
    "election": "a\x1b[2Jb",
    "precinct": "../9042",
    "place": " ",
    "sequence": "3",
    "created": "2026-09-30",
    "valid_to": "2020-01-01T00:00:00Z",
    "engines": [],
    "counts": {"voters": 3},
    "policy": "{}",
    "list_size": True,
    "list_sha256": "AB" * 32,
    "issuer": {"name": "БШК", "public_key": "00"},
    "recipients": [],
    "sealed_key": "",
}


def test_changes_cover_every_member(manifest: Manifest) -> None:
    assert CHANGES.keys() | {"valid_from"} == manifest.to_values().keys()


@pytest.mark.parametrize("name", CHANGES)
def test_values_that_can_not_be(manifest: Manifest, name: str) -> None:
    data = rfc8785.dumps(manifest.to_values() | {name: CHANGES[name]})
    with pytest.raises(ValueError, match=r"manifest|JSON|integer|is not a valid|does not match"):
        Manifest.from_bytes(data)


def test_a_place_without_a_name(manifest: Manifest) -> None:
    assert Manifest.from_bytes(dataclasses.replace(manifest, place="").to_bytes()).place == ""


@pytest.mark.parametrize(
    "counts",
    [
        {"voters": 3, "fingers": 6, "portraits": 2, "bad_rows": -1},
        {"voters": 3, "fingers": 6, "portraits": 2, "bad_rows": 0, "Bad Name": 1},
    ],
)
def test_counts_that_can_not_be(manifest: Manifest, counts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="count"):
        dataclasses.replace(manifest, counts=counts)


def test_other_forms_of_the_same_values(manifest: Manifest) -> None:
    values = manifest.to_values()
    for data in (
        json.dumps(values).encode(),
        manifest.to_bytes() + b" ",
        rfc8785.dumps(values | {"more": 1}),
        rfc8785.dumps({name: value for name, value in values.items() if name != "place"}),
    ):
        with pytest.raises(ValueError, match="it is not"):
            Manifest.from_bytes(data)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_manifest(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"it is not|\(char \d+\)|can't decode"):
        Manifest.from_bytes(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(name=st.sampled_from(sorted(CHANGES)), value=JSON)
@example(name="place", value="№ 6 мектеп")
@example(name="election", value="")
@example(name="sequence", value=4)
@example(name="sequence", value=4.0)
@example(name="valid_to", value="2027-01-01T00:00:00Z")
@example(name="engines", value=["one/1", "two/2"])
@example(name="recipients", value=[{"station": 1, "recipient": 2, "fingerprint": 3}])
def test_any_value_in_any_member(manifest: Manifest, name: str, value: object) -> None:
    """Either refused, or read so that it says the same again: nothing is lost or made up."""
    try:
        changed = rfc8785.dumps(manifest.to_values() | {name: value})
    except rfc8785.CanonicalizationError:
        assume(False)
    try:
        read = Manifest.from_bytes(changed)
    except ValueError:
        return
    assert read.to_bytes() == changed
    assert read.to_values()[name] == value


def test_some_changed_values_are_read(manifest: Manifest) -> None:
    """The property above is not about refusals alone."""
    for name, value in (("place", "№ 6 мектеп"), ("sequence", 4), ("engines", ["one/1", "two/2"])):
        changed = rfc8785.dumps(manifest.to_values() | {name: value})
        assert Manifest.from_bytes(changed).to_values()[name] == value


@pytest.mark.parametrize("name", ["sequence", "list_size"])
@pytest.mark.parametrize("number", [0, -1, 2**53])
def test_numbers_that_can_not_be(manifest: Manifest, name: str, number: int) -> None:
    with pytest.raises(ValueError, match="a number of the manifest can not be so"):
        dataclasses.replace(manifest, **{name: number})


def test_deep_nesting() -> None:
    with pytest.raises(ValueError, match="it is not a manifest"):
        Manifest.from_bytes(b"[" * 100_000)


def test_nothing_is_shown_of_the_key(manifest: Manifest, tmp_path: Path) -> None:
    assert b"a list's key" not in manifest.to_bytes()
