"""Loading a snapshot: its seven steps, what is refused and why."""

import dataclasses
import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from station_app.domain.election import ElectionDay
from station_app.domain.errors import KnownError
from station_app.domain.policy import ADDED, Policy
from station_app.snapshots import (
    ListKind,
    LoadProgress,
    LoadStep,
    Manifest,
    list_key,
    load_snapshot,
    verify_container,
)
from station_app.snapshots.container import SnapshotHead
from station_app.snapshots.list_opening import SAID_TWICE
from station_app.vault import StationFolder
from tests.snapshots.list_samples import ENGINE, HEADER
from tests.snapshots.snapshot_samples import (
    FROM,
    IDENTITY,
    ISSUER,
    NOW,
    OTHER_IDENTITY,
    SIGNER,
    STATION,
    UNTIL,
    code_of,
    count_voters,
    load_here,
    names_left,
    open_loaded,
    refusal,
    write_snapshot,
)

TRUSTED = (ISSUER,)


def test_seven_steps(shelf: Path, root: Path) -> None:
    told: list[LoadProgress] = []
    loaded = load_here(shelf / "3.vsnap", root, tell=told.append)
    assert list(dict.fromkeys(at.step for at in told)) == list(LoadStep)
    assert all(0 < at.done <= at.of for at in told)
    assert told[0].manifest is None
    assert {at.manifest for at in told[1:] if at.manifest is not loaded.manifest} == set()
    assert loaded.before is None
    assert loaded.path.stat().st_mode & 0o777 == 0o600
    assert count_voters(root) == 3


def test_the_next_one(shelf: Path, root: Path) -> None:
    load_here(shelf / "2.vsnap", root)
    loaded = load_here(shelf / "3.vsnap", root)
    assert loaded.before is not None
    assert loaded.before.sequence == 2
    assert count_voters(root) == 3


def test_older_and_other_ones(shelf: Path, root: Path) -> None:
    load_here(shelf / "3.vsnap", root)
    refused = {
        "2": "vsnap_rollback",
        "3-again": "vsnap_same_sequence_other_hash",
        "other-precinct": "vsnap_other_precinct",
        "others": "vsnap_not_for_this_station",
        "election": "vsnap_other_election",
        "stranger": "vsnap_unknown_issuer",
    }
    for name, code in refused.items():
        assert refusal(shelf / f"{name}.vsnap", root) == code
        assert count_voters(root) == 3
    assert refusal(shelf / "3.vsnap", root) == ""
    assert refusal(shelf / "4.vsnap", root) == ""
    assert count_voters(root) == 4


def test_the_first_one_is_not_any_precincts(shelf: Path, root: Path) -> None:
    station = dataclasses.replace(STATION, precinct="9042")
    assert refusal(shelf / "other-precinct.vsnap", root, station=station) == "vsnap_other_precinct"
    assert code_of(lambda: count_voters(root)) == "vsnap_none_loaded"
    assert refusal(shelf / "3.vsnap", root, station=station) == ""


def test_a_station_takes_lists_of_its_own_kind_from_the_first(root: Path, tmp_path: Path) -> None:
    live = dataclasses.replace(STATION, kind=ListKind.LIVE)
    for kind in ListKind:
        write_snapshot(tmp_path / f"{kind}.vsnap", kind=kind)
    for kind in (ListKind.TRAINING, ListKind.DEMO):
        with pytest.raises(KnownError, match="this station for live lists only"):
            load_here(tmp_path / f"{kind}.vsnap", root, station=live)
        assert refusal(tmp_path / f"{kind}.vsnap", root, station=live) == "vsnap_other_purpose"
    assert refusal(tmp_path / "live.vsnap", root, station=live) == ""
    training = dataclasses.replace(STATION, kind=ListKind.TRAINING)
    assert refusal(tmp_path / "live.vsnap", tmp_path / "b", station=training) == (
        "vsnap_other_purpose"
    )


def test_a_list_of_several_engines_is_for_stations_with_one_of_them(
    root: Path, tmp_path: Path
) -> None:
    write_snapshot(tmp_path / "both.vsnap", engines=(ENGINE, "sface/1"))
    assert refusal(tmp_path / "both.vsnap", root) == ""
    assert count_voters(root) == 3
    other = dataclasses.replace(STATION, engines=("leader-mcc/9",))
    assert refusal(tmp_path / "both.vsnap", root, station=other) == "vsnap_other_engine"


def test_a_station_that_was_set_up_anew(shelf: Path, root: Path) -> None:
    """The name is the same, the keys are not: this list cannot be opened here."""
    again = dataclasses.replace(STATION, identity=OTHER_IDENTITY.public(STATION.identity.name))
    assert refusal(shelf / "3.vsnap", root, station=again) == "vsnap_not_for_this_station"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (FROM - timedelta(seconds=1), "vsnap_not_yet_valid"),
        (FROM, ""),
        (UNTIL, ""),
        (UNTIL + timedelta(seconds=1), "vsnap_expired"),
    ],
)
def test_the_clock(shelf: Path, root: Path, now: object, code: str) -> None:
    assert refusal(shelf / "3.vsnap", root, now=now) == code


def test_another_engine(shelf: Path, root: Path) -> None:
    station = dataclasses.replace(STATION, engines=("leader-mcc/9",))
    assert refusal(shelf / "3.vsnap", root, station=station) == "vsnap_other_engine"
    both = dataclasses.replace(STATION, engines=("leader-mcc/9", ENGINE))
    assert refusal(shelf / "3.vsnap", root, station=both) == ""


def test_changed_bytes_change_nothing(shelf: Path, root: Path, tmp_path: Path) -> None:
    load_here(shelf / "2.vsnap", root)
    content = (shelf / "3.vsnap").read_bytes()
    path = tmp_path / "changed.vsnap"
    changes = {
        "vsnap_hash": content[:-1] + b"\0",
        "vsnap_truncated": content[:-1],
        "vsnap_signature": content[:20] + bytes([content[20] ^ 1]) + content[21:],
        "vsnap_not_a_snapshot": b"v" + content[1:],
    }
    before = names_left(root)
    for code, changed in changes.items():
        path.write_bytes(changed)
        assert refusal(path, root) == code
        assert names_left(root) == before
    assert count_voters(root) == 2


def test_signed_but_no_encrypted_list(shelf: Path, root: Path, tmp_path: Path) -> None:
    """The centre's own mistakes: a plain database, and a list of half a page."""
    (sound, signed) = (shelf / "3.vsnap").read_bytes(), verify_container(shelf / "3.vsnap", TRUSTED)
    body = sound[-signed.list_size :]
    for data in (b"SQLite format 3\0" + body[16:], body[:-1]):
        _issue(tmp_path / "wrong.vsnap", signed, data)
        assert refusal(tmp_path / "wrong.vsnap", root) == "vsnap_list_form"


def _issue(path: Path, manifest: Manifest, data: bytes) -> None:
    """Sign `data` as the list of a snapshot."""
    digest = hashlib.sha256(data).hexdigest()
    changed = dataclasses.replace(manifest, list_size=len(data), list_sha256=digest)
    head = SnapshotHead(changed.to_bytes(), b"")
    path.write_bytes(head.signed + SIGNER.sign(head.signed) + data)


CONTRARY: dict[str, Any] = {
    "kind": ListKind.TRAINING,
    "election": "Шайлоо 2027",
    "precinct": "9043",
    "place": "№ 6 мектеп",
    "sequence": 4,
    "created": HEADER.created + timedelta(seconds=1),
    "engines": (ENGINE, "sface/1"),
    "policy": dataclasses.replace(HEADER.policy, tries=5),
    "election_day": ElectionDay("KG-2026-2", date(2026, 11, 29)),
    "ballots": HEADER.ballots[:1],
    "kits": HEADER.kits[:1],
    "voters": 4,
    "fingers": 7,
}


def test_everything_said_twice_is_tried() -> None:
    assert CONTRARY.keys() == {*SAID_TWICE, "voters", "fingers"}


@pytest.mark.parametrize("name", CONTRARY)
def test_a_manifest_that_says_another_thing_than_the_list(
    shelf: Path, root: Path, tmp_path: Path, name: str
) -> None:
    signed = verify_container(shelf / "3.vsnap", TRUSTED)
    body = (shelf / "3.vsnap").read_bytes()[-signed.list_size :]
    change = {name: CONTRARY[name]}
    if name in signed.counts:
        change = {"counts": {**signed.counts, **change}}
    _issue(tmp_path / "wrong.vsnap", dataclasses.replace(signed, **change), body)
    load_here(tmp_path / "wrong.vsnap", root)
    with pytest.raises(KnownError, match=rf"\({name}\)") as refused:
        count_voters(root)
    assert refused.value.code == "vsnap_list_disagrees"


def test_rules_of_the_same_meaning_in_another_text(
    shelf: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text is what entries hash: a rule that is left out is not one with its default."""
    monkeypatch.setitem(ADDED, "head_slip_minutes", HEADER.policy.head_slip_minutes)
    signed = verify_container(shelf / "3.vsnap", TRUSTED)
    body = (shelf / "3.vsnap").read_bytes()[-signed.list_size :]
    text = signed.policy.text.replace('"head_slip_minutes":60,', "")
    older = Policy.from_text(text)
    assert older == signed.policy
    _issue(tmp_path / "wrong.vsnap", dataclasses.replace(signed, policy=older), body)
    load_here(tmp_path / "wrong.vsnap", root)
    assert code_of(lambda: count_voters(root)) == "vsnap_list_disagrees"


def test_a_key_that_was_sealed_wrongly(shelf: Path, root: Path, tmp_path: Path) -> None:
    """Every byte of every key slot, signed all the same: the list does not open."""
    signed = verify_container(shelf / "3.vsnap", TRUSTED)
    sealed = signed.sealed_key
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1 << place % 8
        wrong = dataclasses.replace(signed, sealed_key=bytes(changed))
        assert code_of(lambda wrong=wrong: list_key(wrong, IDENTITY)) == "vsnap_key", place
    body = (shelf / "3.vsnap").read_bytes()[-signed.list_size :]
    _issue(tmp_path / "wrong.vsnap", dataclasses.replace(signed, sealed_key=b"age"), body)
    load_here(tmp_path / "wrong.vsnap", root)
    assert code_of(lambda: open_loaded(StationFolder(root), IDENTITY, TRUSTED)) == "vsnap_key"


def test_the_list_of_another_snapshot_under_this_head(
    shelf: Path, root: Path, tmp_path: Path
) -> None:
    """Both are genuine, of two precincts; together they are not."""
    own, other = (shelf / name for name in ("3.vsnap", "other-precinct.vsnap"))
    size = verify_container(own, TRUSTED).list_size
    path = tmp_path / "mixed.vsnap"
    path.write_bytes(own.read_bytes()[:-size] + other.read_bytes()[-size:])
    assert refusal(path, root) == "vsnap_hash"


def test_stopped_by_the_person(shelf: Path, root: Path) -> None:
    """Whatever the screen raises at any moment, a list is loaded whole."""
    load_here(shelf / "2.vsnap", root)
    steps = _steps(shelf / "3.vsnap", root.with_name("another"))
    for stop in range(len(steps) - 1):
        seen: list[LoadProgress] = []

        def stopping(at: LoadProgress, stop: int = stop, seen: list[LoadProgress] = seen) -> None:
            seen.append(at)
            if len(seen) > stop:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            load_here(shelf / "3.vsnap", root, tell=stopping)
        assert count_voters(root) == 2
        assert "loading.new" not in names_left(root)
    load_here(shelf / "3.vsnap", root)


def _steps(path: Path, root: Path) -> list[LoadProgress]:
    told: list[LoadProgress] = []
    load_here(path, root, tell=told.append)
    return told


def test_a_folder_that_can_not_be_made(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = StationFolder(tmp_path / "file")
    code = code_of(lambda: load_snapshot(shelf / "3.vsnap", folder, STATION, NOW))
    assert code in ("no_write_permission", "disk_fault")


def test_a_changed_list_is_never_told_as_copied(shelf: Path, root: Path) -> None:
    """The screen's proof of this step is "the list is the one that was signed"."""
    changed = root.parent / "changed.vsnap"
    data = (shelf / "3.vsnap").read_bytes()
    changed.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    told: list[LoadProgress] = []
    assert code_of(lambda: load_here(changed, root, tell=told.append)) == "vsnap_hash"
    assert [at for at in told if at.step is LoadStep.COPIED and at.done == at.of] == []
    assert [at for at in told if at.step is LoadStep.STORED] == []
