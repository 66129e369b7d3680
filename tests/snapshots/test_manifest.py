"""The manifest: canonical bytes, read strictly."""

import dataclasses
import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import assume, example, given
from hypothesis import strategies as st

from station_app import __version__
from station_app.domain import policy
from station_app.domain.election import Ballot, ElectionDay
from station_app.snapshots import Kit, Manifest
from station_app.snapshots.manifest import NewerFormatError
from tests.snapshots.snapshot_samples import OWN, SIGNER, write_snapshot


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
    assert values["counts"] == {
            "voters": 3, "fingers": 6, "faces": 0, "portraits": 2, "bad_rows": 0,
        }  # fmt: skip
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


CHANGES: dict[str, tuple[object, str]] = {
    "kind": ("party", "is not a valid ListKind"),
    "election": ("a\x1b[2Jb", "the election's name"),
    "precinct": ("../9042", "the precinct's code"),
    "place": (" ", "the place"),
    "sequence": ("3", "not an integer"),
    "created": ("2026-09-30", "does not match format"),
    "valid_to": ("2020-01-01T00:00:00Z", "the validity"),
    "engines": ([], "engines and recipients"),
    "counts": ({"voters": 3}, "the counts"),
    "policy": ("{}", "the policy cannot say so of tries"),
    "list_size": (True, "not an integer"),
    "list_sha256": ("AB" * 32, "the list's hash"),
    "issuer": ({"name": "БШК", "public_key": "00"}, "a key"),
    "recipients": ([], "engines and recipients"),
    "sealed_key": ("", "a key"),
    "format": (1, "canonical form"),
    "needs": ("0.1.0", "canonical form"),
    "election_id": ("a b", "an election's id"),
    "election_date": ("29.11.2026", "Invalid isoformat"),
    "ballots": ([{"id": "a", "title": "A"}, {"id": "a", "title": "B"}], "two ballots"),
    "kits": ([{"station": "a", "fingerprint": "00" * 32, "list_numbers": [2, 1]}], "a kit serves"),
}


def test_changes_cover_every_member(manifest: Manifest) -> None:
    assert CHANGES.keys() | {"valid_from"} == manifest.to_values().keys()


@pytest.mark.parametrize("name", CHANGES)
def test_values_that_can_not_be(manifest: Manifest, name: str) -> None:
    value, reason = CHANGES[name]
    data = rfc8785.dumps(manifest.to_values() | {name: value})
    with pytest.raises(ValueError, match=reason):
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


UNREADABLE = r"it is not|Expecting|Extra data|Invalid|decode|Unterminated|Unexpected"


@given(st.binary(max_size=200))
def test_bytes_that_are_no_manifest(data: bytes) -> None:
    with pytest.raises(ValueError, match=UNREADABLE):
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
    with pytest.raises(ValueError, match="a number of the manifest cannot be so"):
        dataclasses.replace(manifest, **{name: number})


def test_deep_nesting() -> None:
    with pytest.raises(ValueError, match="it is not a manifest"):
        Manifest.from_bytes(b"[" * 100_000)


def test_nothing_is_shown_of_the_key(manifest: Manifest, tmp_path: Path) -> None:
    assert b"a list's key" not in manifest.to_bytes()


@pytest.mark.parametrize("sequence", [0, -1, 2**53])
def test_sequences_that_can_not_be(manifest: Manifest, sequence: int) -> None:
    with pytest.raises(ValueError, match="a number"):
        dataclasses.replace(manifest, sequence=sequence)


@pytest.mark.parametrize("sequence", [1, 2**53 - 1])
def test_the_first_sequence_and_the_last(manifest: Manifest, sequence: int) -> None:
    assert Manifest.from_bytes(dataclasses.replace(manifest, sequence=sequence).to_bytes())


FULL = {
    "election_day": ElectionDay("KG-2026-2", date(2026, 12, 13)),
    "ballots": (Ballot("president", "Президент"), Ballot("local.9042", "Local council")),
    "kits": (Kit("9042-1", "1" * 64, (1, 1200)), Kit("9042-2", "2" * 64)),
}


def test_election_day_ballots_and_kits_come_back(manifest: Manifest) -> None:
    full = dataclasses.replace(manifest, **FULL)
    values = json.loads(full.to_bytes())
    assert Manifest.from_bytes(full.to_bytes()) == full
    assert (values["election_id"], values["election_date"]) == ("KG-2026-2", "2026-12-13")
    assert values["kits"][0]["list_numbers"] == [1, 1200]
    assert values["kits"][1]["list_numbers"] is None
    assert full.format == 2


def test_format_1_is_read_and_written_as_it_was(manifest: Manifest) -> None:
    first = dataclasses.replace(manifest, election_day=None, ballots=(), kits=())
    assert first.to_values().keys() == manifest.to_values().keys() - set(NEW)
    assert Manifest.from_bytes(first.to_bytes()) == first
    assert first.format == 1


NEW = ("format", "needs", "election_id", "election_date", "ballots", "kits")


@pytest.mark.parametrize("name", NEW)
def test_formats_are_not_mixed(manifest: Manifest, name: str) -> None:
    values = manifest.to_values()
    first = {key: value for key, value in values.items() if key not in NEW}
    for mixed in (
        {key: values[key] for key in values if key != name},
        first | {name: values[name]},
    ):
        with pytest.raises(ValueError, match="it is not"):
            Manifest.from_bytes(rfc8785.dumps(mixed))


def test_this_program_is_the_one_that_is_needed(manifest: Manifest) -> None:
    needs = manifest.to_values()["needs"]
    assert [int(part) for part in __version__.split(".")] >= [int(x) for x in needs.split(".")]


@pytest.mark.parametrize("needs", ["0.3.0", "2.10", None, "\x1b[2J", "latest"])
def test_a_newer_format_says_what_it_needs(manifest: Manifest, needs: str | None) -> None:
    data = rfc8785.dumps({"format": 3, "needs": needs, "voters": 3})
    with pytest.raises(NewerFormatError) as refused:
        Manifest.from_bytes(data)
    said = needs if needs in ("0.3.0", "2.10") else ""
    assert (refused.value.what, refused.value.needs) == ("format 3", said)


def test_a_rule_of_a_later_program_is_refused(manifest: Manifest) -> None:
    rules = json.loads(manifest.policy.text) | {"a_rule": 1, "\x1b[2J": 1}
    text = json.dumps(rules, sort_keys=True, separators=(",", ":"))
    data = rfc8785.dumps(manifest.to_values() | {"policy": text})
    with pytest.raises(NewerFormatError) as refused:
        Manifest.from_bytes(data)
    assert (refused.value.what, refused.value.needs) == ("the rules a_rule", "0.2.0")


def test_the_signed_text_of_the_rules_is_kept(
    manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older program signed stays byte for byte, though a rule was added since."""
    rules = json.loads(manifest.policy.text)
    del rules["head_slip_minutes"]
    text = json.dumps(rules, sort_keys=True, separators=(",", ":"))
    data = rfc8785.dumps(manifest.to_values() | {"policy": text})
    monkeypatch.setitem(policy.ADDED, "head_slip_minutes", 0)
    read = Manifest.from_bytes(data)
    assert read.to_bytes() == data
    assert read.policy.head_slip_minutes == 0
    assert read.policy.digest() == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "changes",
    [
        {"election_day": None, "kits": ()},
        {"election_day": None, "ballots": ()},
        {"ballots": (Ballot("a", "A"), Ballot("a", "B"))},
        {"kits": (Kit("9042-1", "1" * 64), Kit("9042-1", "2" * 64))},
        {"kits": (Kit("9042-1", "1" * 64), Kit("9042-2", "1" * 64))},
    ],
)
def test_days_that_can_not_be(manifest: Manifest, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"ballots|kits"):
        dataclasses.replace(manifest, **(FULL | changes))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Ballot("", "A"),
        lambda: Ballot("a b", "A"),
        lambda: Ballot("a", " "),
        lambda: Ballot("a", "A\x1b"),
        lambda: Ballot("a", "A" * 301),
        lambda: Kit("9042-1", "1" * 63),
        lambda: Kit(" ", "1" * 64),
        lambda: Kit("9042-1", "1" * 64, (-1, 2)),
        lambda: Kit("9042-1", "1" * 64, (3, 2)),
        lambda: Kit("9042-1", "1" * 64, (1, 10_000_000)),
    ],
)
def test_ballots_and_kits_that_can_not_be(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"a ballot's|a kit"):
        make()
