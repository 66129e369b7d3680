"""What is left of a dead station's journal, held against every head that is known."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from station_app.flow.takeover_evidence import TakeoverEvidence, read_seen, weigh_evidence
from station_app.journal.checkpoints import Checkpoint, ShortHead
from station_app.journal.mirror import Mirror, MirroredJournal, load_header, read_mirror
from station_app.journal.mirror_file import mirror_key
from station_app.snapshots.takeover_pack import OriginalStation, TakeoverPack
from station_app.vault import Secret, Signer
from tests.flow.test_mirroring import AT, ORIGIN, OWNER, Book

PACK = TakeoverPack(
    made=datetime(2026, 11, 29, tzinfo=UTC),
    issuer="CEC",
    issuer_key=bytes(32),
    original=OriginalStation("9042-1", ORIGIN, OWNER.signer.public_key, "9042"),
    spare="9042-S1",
    spare_fingerprint=bytes(32),
    people=(),
    heads=(),
    sealed_keys=b"",
    snapshot_head=bytes(32),
    snapshot_size=1,
)


@pytest.fixture
def mirror(tmp_path: Path) -> MirroredJournal:
    """Nine entries."""
    book = Book()
    records = [book.add(SessionStarted(number + 1)) for number in range(9)]
    with closing(Mirror.open(tmp_path, OWNER)) as made:
        made.append(records)
    return read_mirror(made.path, key_of(made.path))


def key_of(path: Path) -> Secret:
    return mirror_key(OWNER.journal_key, load_header(path).header.salt)


def note(size: int, root: bytes, signer: Signer = OWNER.signer, origin: str = ORIGIN) -> str:
    checkpoint = Checkpoint(origin, size, root)
    return checkpoint.note(signer.public_key, checkpoint.sign(signer))


def with_heads(*notes: str) -> TakeoverPack:
    return replace(PACK, heads=notes)


def code_of(pack: TakeoverPack, mirror: MirroredJournal | None, *typed: ShortHead) -> str:
    with pytest.raises(KnownError) as refused:
        weigh_evidence(pack, mirror, typed)
    return refused.value.code


def test_everything_is_at_hand(mirror: MirroredJournal) -> None:
    heads = [note(size, mirror.root_at(size)) for size in (1, 4, 9)]
    short = ShortHead(9, mirror.root_at(9).hex()[:8])
    found = weigh_evidence(with_heads(*heads, note(0, bytes(32))), mirror, [short])
    assert (found.size, found.newest_head, found.missing) == (9, 9, 0)
    assert found.last_at == AT
    found.refuse_gaps("9042-1")
    assert (found.known_size, found.known_at, found.is_blind) == (9, AT, False)


@pytest.mark.parametrize("has_mirror", [True, False])
def test_more_is_known_than_is_at_hand(mirror: MirroredJournal, has_mirror: bool) -> None:
    there = mirror if has_mirror else None
    size = there.size if there else 0
    for found in (
        weigh_evidence(with_heads(note(12, bytes(32)), note(10, bytes(32))), there),
        weigh_evidence(PACK, there, [ShortHead(12, "9f3a71c4"), ShortHead(11, "00000000")]),
    ):
        assert (found.size, found.missing) == (size, 12 - size)
        with pytest.raises(KnownError) as refused:
            found.refuse_gaps("9042-1")
        assert refused.value.code == ("takeover_behind" if has_mirror else "takeover_blind")
        assert (found.known_size, found.known_at, found.is_blind) == (12, None, not has_mirror)
        assert "at least 12" in refused.value.message


def test_nothing_is_known() -> None:
    found = weigh_evidence(PACK, None)
    assert (found.size, found.missing, found.last_at) == (0, 0, None)
    assert (found.known_size, found.known_at, found.is_blind) == (0, None, True)
    with pytest.raises(KnownError, match="identified here again") as refused:
        found.refuse_gaps("9042-1")
    assert refused.value.code == "takeover_blind"


def test_a_slip_has_a_time() -> None:
    times = {12: AT, 11: AT + timedelta(hours=1)}
    heads = [ShortHead(12, "9f3a71c4"), ShortHead(11, "00000000")]
    assert weigh_evidence(PACK, None, heads, times).known_at == AT


def test_damage_may_hide_entries(mirror: MirroredJournal) -> None:
    found = TakeoverEvidence(replace(mirror, is_damaged=True), 0)
    assert (found.missing, found.is_damaged) == (0, True)
    with pytest.raises(KnownError, match="may have been more") as refused:
        found.refuse_gaps("9042-1")
    assert refused.value.code == "takeover_behind"


def test_another_history(mirror: MirroredJournal) -> None:
    assert code_of(with_heads(note(4, bytes(32))), mirror) == "takeover_other_history"
    assert code_of(PACK, mirror, ShortHead(4, "9f3a71c4")) == "takeover_other_history"


def test_heads_that_are_not_the_originals(mirror: MirroredJournal) -> None:
    root = mirror.root_at(4)
    other = Signer(Secret(b"x" * 32))
    for foreign in (note(4, root, other), note(4, root, origin="station-app/live/9042-2"), "x"):
        assert code_of(with_heads(foreign), mirror) == "takeover_head_foreign"


def test_which_mirror_is_read(tmp_path: Path, mirror: MirroredJournal) -> None:
    keys = {mirror.header.salt: key_of(tmp_path / OWNER.file_name)}
    assert read_seen(tmp_path, PACK, keys) == mirror
    for pack, known, code in (
        (replace(PACK, original=replace(PACK.original, origin="a")), keys, "takeover_other_mirror"),
        (PACK, {}, "takeover_mirror_sealed"),
    ):
        with pytest.raises(KnownError) as refused:
            read_seen(tmp_path, pack, known)
        assert refused.value.code == code
