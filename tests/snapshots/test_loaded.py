"""What a station holds after loads: the list in use, the one before, what is written down."""

import json
import struct
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.snapshots import (
    loaded_list,
    prove_list,
    put_list_back,
    read_pending,
    verify_container,
)
from station_app.snapshots.container import MAGIC
from station_app.snapshots.loaded import locked
from station_app.vault import StationFolder
from tests.snapshots.list_samples import voter
from tests.snapshots.snapshot_samples import (
    IDENTITY,
    ISSUER,
    LIST_KEY,
    NOW,
    SIGNER,
    code_of,
    count_voters,
    load_here,
    names_left,
    open_loaded,
    refusal,
)

TRUSTED = (ISSUER,)


def _lists(root: Path) -> int:
    return sum(name.endswith(".vlist") for name in names_left(root))


def test_until_the_new_one_is_proven(shelf: Path, root: Path) -> None:
    folder = StationFolder(root)
    load_here(shelf / "2.vsnap", root)
    assert not loaded_list(folder, TRUSTED).is_proven
    prove_list(folder)
    assert loaded_list(folder, TRUSTED).is_proven
    load_here(shelf / "3.vsnap", root)
    assert not loaded_list(folder, TRUSTED).is_proven
    assert _lists(root) == 2
    prove_list(folder)
    assert loaded_list(folder, TRUSTED).is_proven
    assert _lists(root) == 1
    assert count_voters(root) == 3
    load_here(shelf / "3.vsnap", root)
    assert loaded_list(folder, TRUSTED).is_proven
    assert _lists(root) == 1


def test_a_new_one_that_fails_its_trial(shelf: Path, root: Path) -> None:
    folder = StationFolder(root)
    load_here(shelf / "2.vsnap", root)
    prove_list(folder)
    load_here(shelf / "3.vsnap", root)
    assert put_list_back(folder, TRUSTED)
    assert loaded_list(folder, TRUSTED).is_proven
    assert count_voters(root) == 2
    assert refusal(shelf / "3-again.vsnap", root) == "vsnap_same_sequence_other_hash"
    assert refusal(shelf / "2.vsnap", root) == "vsnap_rollback"
    assert refusal(shelf / "3.vsnap", root) == ""
    assert put_list_back(folder, TRUSTED)
    assert refusal(shelf / "4.vsnap", root) == ""
    assert count_voters(root) == 4


def test_the_only_one_fails_its_trial(shelf: Path, root: Path) -> None:
    folder = StationFolder(root)
    load_here(shelf / "3.vsnap", root)
    assert not put_list_back(folder, TRUSTED)
    for action in (
        lambda: count_voters(root),
        lambda: prove_list(folder),
        lambda: put_list_back(folder, TRUSTED),
    ):
        assert code_of(action) == "vsnap_none_loaded"
    assert refusal(shelf / "2.vsnap", root) == "vsnap_rollback"
    load_here(shelf / "4.vsnap", root)
    assert count_voters(root) == 4


def test_two_new_ones_before_any_trial(shelf: Path, root: Path) -> None:
    """The proven one is what is gone back to, not the one in between."""
    folder = StationFolder(root)
    load_here(shelf / "2.vsnap", root)
    prove_list(folder)
    load_here(shelf / "3.vsnap", root)
    load_here(shelf / "4.vsnap", root)
    assert put_list_back(folder, TRUSTED)
    assert count_voters(root) == 2


def test_none_was_ever_tried(shelf: Path, root: Path) -> None:
    """Loaded weeks before and again the day before: the first may yet save the day."""
    load_here(shelf / "2.vsnap", root)
    load_here(shelf / "3.vsnap", root)
    assert put_list_back(StationFolder(root), TRUSTED)
    assert count_voters(root) == 2


def test_the_one_gone_back_to_fails_too(shelf: Path, root: Path) -> None:
    """The number of the newest one stays used, and a cut-off step back is no second list."""
    folder = StationFolder(root)
    load_here(shelf / "2.vsnap", root)
    prove_list(folder)
    load_here(shelf / "4.vsnap", root)
    before = (root / "lists" / "before.head").read_bytes()
    assert put_list_back(folder, TRUSTED)
    (root / "lists" / "before.head").write_bytes(before)
    assert not put_list_back(folder, TRUSTED)
    assert code_of(lambda: count_voters(root)) == "vsnap_none_loaded"
    assert refusal(shelf / "3.vsnap", root) == "vsnap_rollback"
    assert refusal(shelf / "4.vsnap", root) == ""


def test_a_damaged_list_is_loaded_again(shelf: Path, root: Path) -> None:
    path = load_here(shelf / "3.vsnap", root).path
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"\0")
    assert code_of(lambda: count_voters(root)) == "list_damaged"
    path.unlink()
    assert code_of(lambda: count_voters(root)) == "list_missing"
    load_here(shelf / "3.vsnap", root)
    assert count_voters(root) == 3


def test_a_damaged_head(shelf: Path, root: Path) -> None:
    """No list is removed while it is not known which is loaded; a load repairs it."""
    load_here(shelf / "2.vsnap", root)
    prove_list(StationFolder(root))
    head = root / "lists" / "loaded.head"
    content = head.read_bytes()
    for damaged in (b"", content[:-1], content + b"\0", MAGIC):
        head.write_bytes(damaged)
        assert code_of(lambda: count_voters(root)) == "list_damaged"
        assert refusal(shelf / "others.vsnap", root) == "vsnap_not_for_this_station"
        assert _lists(root) == 1
    head.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert code_of(lambda: count_voters(root)) == "vsnap_signature"
    load_here(shelf / "3.vsnap", root)
    assert count_voters(root) == 3


def test_an_issuer_that_is_no_longer_trusted(shelf: Path, root: Path) -> None:
    load_here(shelf / "3.vsnap", root)
    assert code_of(lambda: open_loaded(StationFolder(root), IDENTITY, ())) == "vsnap_unknown_issuer"


def test_one_at_a_time(shelf: Path, root: Path) -> None:
    load_here(shelf / "2.vsnap", root)
    with locked(root / "lists" / "lock"):
        assert refusal(shelf / "3.vsnap", root) == "vsnap_busy"
        assert code_of(lambda: prove_list(StationFolder(root))) == "vsnap_busy"
    assert refusal(shelf / "3.vsnap", root) == ""


def test_what_is_written_down(shelf: Path, root: Path) -> None:
    load_here(shelf / "3.vsnap", root)
    refusal(shelf / "2.vsnap", root)
    refusal(shelf / "none.vsnap", root)
    pending = read_pending(StationFolder(root).pending_events)
    assert [event.event for event in pending.events] == ["list_loaded", "list_refused"]
    loaded, refused = pending.events
    signed = verify_container(shelf / "3.vsnap", TRUSTED)
    head = loaded_list(StationFolder(root), TRUSTED).head_sha256
    assert loaded.at == refused.at == NOW
    assert loaded.facts == {
        "precinct": "9042",
        "sequence": 3,
        "list_sha256": signed.list_sha256,
        "head_sha256": head,
        "issuer_key": SIGNER.public_key.hex(),
        "by": "t-1",
    }
    assert refused.facts == {"code": "vsnap_rollback", "by": "t-1"}


def test_no_list_without_its_event(shelf: Path, root: Path) -> None:
    load_here(shelf / "2.vsnap", root)
    StationFolder(root).pending_events.unlink()
    StationFolder(root).pending_events.mkdir()
    with pytest.raises(KnownError):
        load_here(shelf / "3.vsnap", root)
    assert count_voters(root) == 2


def test_nothing_secret_is_left_in_the_folder(shelf: Path, root: Path) -> None:
    load_here(shelf / "3.vsnap", root)
    count_voters(root)
    prove_list(StationFolder(root))
    written = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
    for secret in (LIST_KEY.reveal(), IDENTITY.age.reveal(), voter(2).pin.encode()):
        assert secret not in written
        assert secret.hex().encode() not in written
    for line in StationFolder(root).pending_events.read_text().splitlines():
        json.loads(line)


def test_a_list_that_a_newer_program_has_loaded(shelf: Path, root: Path) -> None:
    """This one, gone back to, neither opens it nor loads another over it."""
    load_here(shelf / "3.vsnap", root)
    manifest = b'{"format":9,"needs":"2.0.0"}'
    signed = MAGIC + struct.pack("<I", len(manifest)) + manifest
    (root / "lists" / "loaded.head").write_bytes(signed + SIGNER.sign(signed))
    assert code_of(lambda: loaded_list(StationFolder(root), TRUSTED)) == "vsnap_newer_format"
    assert refusal(shelf / "4.vsnap", root) == "vsnap_newer_format"
    assert _lists(root) == 1
    # Without the commission's signature it says nothing, and holds up nothing.
    (root / "lists" / "loaded.head").write_bytes(signed + bytes(64))
    assert refusal(shelf / "4.vsnap", root) == ""
