"""The snapshot file: written whole, verified without a secret, refused when changed.

Every byte of the head (magic, length, manifest with its sealed keys, signature) is changed,
and positions of the list at random; `benchmarks/snapshot_figures.py` does it on a large one.
"""

import os
import random
import shutil
import struct
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.snapshots import (
    Manifest,
    is_container,
    list_key,
    read_manifest,
    verify_container,
)
from station_app.snapshots.container import MAGIC
from station_app.vault import (
    IdentityKind,
    PublicIdentity,
    Secret,
    Signer,
    StationIdentity,
    is_signed_by,
)
from tests.snapshots.list_samples import HEADER, voter
from tests.snapshots.snapshot_samples import (
    IDENTITY,
    ISSUER,
    LIST_KEY,
    OTHER,
    OTHER_IDENTITY,
    OWN,
    SIGNER,
    code_of,
    refusal,
    write_snapshot,
)

TRUSTED = (ISSUER,)
STRANGER = Signer(Secret(b"x" * 32))
FLIPS = 300
CUTS = 200


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot that no test changes."""
    path = tmp_path_factory.mktemp("snapshot") / "9042-3.vsnap"
    write_snapshot(path)
    return path


def _code(path: Path, trusted: tuple[PublicIdentity, ...] = TRUSTED) -> str:
    return code_of(lambda: verify_container(path, trusted)) or "sound"


def _head_bytes(path: Path) -> int:
    (length,) = struct.unpack_from("<I", path.read_bytes(), len(MAGIC))
    return len(MAGIC) + 4 + length + 64


def _code_with_change(path: Path, place: int) -> str:
    """What is said while one bit of one byte is flipped, another bit at each place."""
    with path.open("r+b", buffering=0) as file:
        byte = os.pread(file.fileno(), 1, place)[0]
        os.pwrite(file.fileno(), bytes([byte ^ 1 << place % 8]), place)
        code = _code(path)
        os.pwrite(file.fileno(), bytes([byte]), place)
    return code


def test_a_sound_one(sample: Path) -> None:
    told: list[tuple[int, int]] = []
    manifest = verify_container(sample, TRUSTED, lambda *at: told.append(at))
    assert manifest == read_manifest(sample)
    assert told[-1] == (manifest.list_size, manifest.list_size)
    assert manifest.counts["voters"] == 3
    assert is_container(sample)
    assert [file.name for file in sample.parent.iterdir()] == [sample.name]


def test_as_the_document_describes_it(sample: Path) -> None:
    """Read by hand, as an observer with other tools would."""
    content = sample.read_bytes()
    assert content[:7] == b"VSNAP1\n"
    length = int.from_bytes(content[7:11], "little")
    manifest = Manifest.from_bytes(content[11 : 11 + length])
    signature = content[11 + length : 75 + length]
    assert is_signed_by(SIGNER.public_key, content[: 11 + length], signature)
    assert len(content) == 75 + length + manifest.list_size


def test_nothing_of_a_voter_can_be_read(sample: Path) -> None:
    content = sample.read_bytes()
    for text in (voter(2).surname, voter(2).pin, voter(2).voter_id, "minutiae"):
        assert text.encode() not in content
    assert LIST_KEY.reveal() not in content
    assert HEADER.election.encode() in content


def test_both_stations_get_the_key_and_nobody_else(sample: Path) -> None:
    manifest = read_manifest(sample)
    for identity in (IDENTITY, OTHER_IDENTITY):
        assert list_key(manifest, identity).reveal() == LIST_KEY.reveal()
    assert code_of(lambda: list_key(manifest, StationIdentity.generate())) == "vsnap_key"


def test_every_byte_of_the_head(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "changed.vsnap"
    shutil.copy(sample, path)
    codes = {place: _code_with_change(path, place) for place in range(_head_bytes(sample))}
    magic = {codes.pop(place) for place in range(len(MAGIC))}
    length = {codes.pop(place) for place in range(len(MAGIC), len(MAGIC) + 4)}
    assert magic == {"vsnap_not_a_snapshot"}
    assert length <= {"vsnap_not_a_snapshot", "vsnap_signature", "vsnap_truncated"}
    assert set(codes.values()) == {"vsnap_signature"}


def test_positions_of_the_list(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "changed.vsnap"
    shutil.copy(sample, path)
    start, size, chance = _head_bytes(sample), sample.stat().st_size, random.Random(4)
    for place in [start, size - 1, *(chance.randrange(start, size) for _ in range(FLIPS))]:
        assert _code_with_change(path, place) == "vsnap_hash", f"byte {place}"
    assert _code(path) == "sound"


def test_cut_short_and_too_long(sample: Path, tmp_path: Path) -> None:
    content, path = sample.read_bytes(), tmp_path / "cut.vsnap"
    chance = random.Random(5)
    cuts = [0, 1, 6, 7, 10, 11, 12, _head_bytes(sample) - 1, _head_bytes(sample), len(content) - 1]
    for size in [*cuts, *(chance.randrange(len(content)) for _ in range(CUTS))]:
        path.write_bytes(content[:size])
        assert _code(path) == "vsnap_truncated", f"cut to {size}"
    path.write_bytes(content + b"\0")
    assert _code(path) == "vsnap_hash"


def test_who_signed(sample: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.vsnap"
    write_snapshot(foreign, signer=STRANGER)
    assert _code(foreign) == "vsnap_unknown_issuer"
    assert _code(sample, ()) == "vsnap_unknown_issuer"
    named = PublicIdentity(IdentityKind.ISSUER, "other", STRANGER.public_key, None)
    assert _code(foreign, (ISSUER, named)) == "sound"


def test_a_station_is_no_issuer(tmp_path: Path) -> None:
    path = tmp_path / "own.vsnap"
    write_snapshot(path, signer=IDENTITY.signer())
    assert _code(path, (ISSUER, OWN, OTHER)) == "vsnap_unknown_issuer"


def test_the_manifest_of_another_with_a_signature_of_its_own(sample: Path, tmp_path: Path) -> None:
    """A trusted issuer's signature under a manifest that names another key."""
    content = sample.read_bytes()
    length = int.from_bytes(content[7:11], "little")
    named = PublicIdentity(IdentityKind.ISSUER, "other", STRANGER.public_key, None)
    signed = content[: 11 + length]
    path = tmp_path / "mixed.vsnap"
    path.write_bytes(signed + STRANGER.sign(signed) + content[75 + length :])
    assert _code(path, (ISSUER, named)) == "vsnap_signature"
    path.write_bytes(signed + STRANGER.sign(signed[11:]) + content[75 + length :])
    assert _code(path) == "vsnap_signature"


def test_signed_but_not_understood(tmp_path: Path) -> None:
    path = tmp_path / "newer.vsnap"
    signed = MAGIC + struct.pack("<I", 13) + b'{"format": 2}'
    path.write_bytes(signed + SIGNER.sign(signed))
    assert _code(path) == "vsnap_not_a_snapshot"
    path.write_bytes(MAGIC + struct.pack("<I", 1 << 21) + bytes(1 << 21))
    assert _code(path) == "vsnap_not_a_snapshot"


def test_a_newer_format_names_the_version_that_reads_it(tmp_path: Path) -> None:
    manifest = b'{"format":7,"needs":"1.4.0"}'
    signed = MAGIC + struct.pack("<I", len(manifest)) + manifest
    path = tmp_path / "newer.vsnap"
    path.write_bytes(signed + SIGNER.sign(signed))
    with pytest.raises(KnownError, match=r"format 7.*version 1\.4\.0 or later") as refused:
        verify_container(path, (ISSUER,))
    assert refused.value.code == "vsnap_newer_format"
    path.write_bytes(signed + bytes(64))
    assert _code(path) == "vsnap_signature"


def test_no_file_and_no_snapshot(tmp_path: Path) -> None:
    assert _code(tmp_path / "none.vsnap") == "vsnap_missing"
    assert _code(tmp_path) == "vsnap_not_a_snapshot"
    (tmp_path / "text").write_text("list_number,pin\n" * 100)
    assert _code(tmp_path / "text") == "vsnap_not_a_snapshot"
    assert not is_container(tmp_path / "text")
    assert not is_container(tmp_path)
    assert refusal(tmp_path / "none.vsnap", tmp_path / "station") == "vsnap_missing"


def test_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "out" / "9042-3.vsnap"
    first = write_snapshot(out)
    second = write_snapshot(out)
    assert read_manifest(out) == second != first
    for bad in ({"counts": {"portraits": 2}}, {"recipients": ()}, {"recipients": (ISSUER,)}):
        with pytest.raises(ValueError, match=r"counts|recipients|sealed"):
            write_snapshot(out, **bad)
    assert read_manifest(out) == second
    (tmp_path / "file").touch()
    code = code_of(lambda: write_snapshot(tmp_path / "file" / "9042-3.vsnap"))
    assert code in ("no_write_permission", "disk_fault")
