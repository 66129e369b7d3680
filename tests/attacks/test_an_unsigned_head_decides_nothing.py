"""Promise: a file in a station's folder refuses no list unless the commission signed it (ADR 0022).

The attack: whoever can write to the folder for a moment leaves a `withdrawn.head` there: the
manifest of the loaded snapshot with the highest number there is, under a signature of zeros
or of the attacker's own. On a9a29b6 every later list of the commission was then refused as
older (`vsnap_rollback`), for ever, and nothing else looked wrong.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.snapshots import Manifest, prove_list, put_list_back
from station_app.snapshots.container import SnapshotHead
from station_app.vault import Secret, Signer, StationFolder
from tests.snapshots.snapshot_samples import (
    ISSUER,
    SIGNER,
    count_voters,
    load_here,
    refusal,
    write_snapshot,
)

HIGHEST = 2**53 - 1
HEADS = ("withdrawn.head", "before.head", "loaded.head")


def forged(manifest: Manifest, sign: Callable[[bytes], bytes], **changes: object) -> bytes:
    head = SnapshotHead(replace(manifest, sequence=HIGHEST, **changes).to_bytes(), b"")
    return SnapshotHead(head.manifest, sign(head.signed)).to_bytes()


def zeros(manifest: Manifest) -> bytes:
    return forged(manifest, lambda _: bytes(64))


def of_a_stranger(manifest: Manifest) -> bytes:
    stranger = Signer(Secret(b"x" * 32))
    return forged(manifest, stranger.sign, issuer_key=stranger.public_key)


def with_the_real_ones_signature(manifest: Manifest) -> bytes:
    return forged(manifest, lambda _: SIGNER.sign(manifest.to_bytes()))


FORGERIES = (zeros, of_a_stranger, with_the_real_ones_signature)


@pytest.fixture
def station(tmp_path: Path) -> StationFolder:
    for sequence in (3, 4, 5):
        write_snapshot(tmp_path / f"{sequence}.vsnap", sequence=sequence)
    folder = StationFolder(tmp_path / "station")
    load_here(tmp_path / "3.vsnap", folder.root)
    return folder


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forged_head_blocks_no_later_list(
    station: StationFolder, forge: Callable[[Manifest], bytes], name: str
) -> None:
    shelf = station.root.parent
    manifest = write_snapshot(shelf / "own.vsnap", sequence=3)
    (station.lists / name).write_bytes(forge(manifest))
    assert refusal(shelf / "4.vsnap", station.root) == ""
    assert count_voters(station.root) == 3
    assert refusal(shelf / "3.vsnap", station.root) == "vsnap_rollback", "the real ones still count"


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forged_head_does_not_hide_the_one_that_failed(
    station: StationFolder, forge: Callable[[Manifest], bytes]
) -> None:
    """A withdrawn list stays written down, whatever stood in that file before."""
    shelf = station.root.parent
    prove_list(station)
    load_here(shelf / "5.vsnap", station.root)
    manifest = write_snapshot(shelf / "own.vsnap", sequence=3)
    (station.lists / "withdrawn.head").write_bytes(forge(manifest))
    assert put_list_back(station, (ISSUER,))
    assert refusal(shelf / "4.vsnap", station.root) == "vsnap_rollback"


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forged_head_is_not_gone_back_to(
    station: StationFolder, forge: Callable[[Manifest], bytes]
) -> None:
    shelf = station.root.parent
    prove_list(station)
    load_here(shelf / "4.vsnap", station.root)
    manifest = write_snapshot(shelf / "own.vsnap", sequence=3)
    (station.lists / "before.head").write_bytes(forge(manifest))
    assert not put_list_back(station, (ISSUER,)), "no list, rather than one that nobody signed"
    assert refusal(shelf / "5.vsnap", station.root) == ""
