"""The day as a sealed file on a medium: whole, read back, repeatable, and nobody else's."""

import contextlib
import errno
import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.entries import JournalExported, SessionStarted
from station_app.domain.errors import KnownError
from station_app.journal.bundle import (
    Bundle,
    DayToExport,
    ExportedBundle,
    export_bundle,
    pack,
    read_papers,
    unpack,
)
from station_app.journal.leaves import write_leaf
from station_app.journal.tlog_tiles import read_log
from station_app.vault import AgeIdentity, IdentityKind, PublicIdentity, seal, unseal
from tests.journal.journal_samples import MORNING
from tests.journal.log_samples import KEY, SIGNER, made_up, signed_note
from tests.journal.opened_bundle import open_bundle

STATION = PublicIdentity(IdentityKind.STATION, "9042-1", KEY, AgeIdentity.generate().recipient)
CENTRE = AgeIdentity.generate()
PAPERS = {"протокол.pdf": b"%PDF protocol", "readiness (1).pdf": b"%PDF"}


def _recipient(age: AgeIdentity, name: str = "CEC") -> PublicIdentity:
    return PublicIdentity(IdentityKind.RECIPIENT, name, None, age.recipient)


def _day(leaves: list[bytes], papers: Mapping[str, bytes] = PAPERS) -> DayToExport:
    return DayToExport(signed_note(leaves), leaves, papers, STATION)


class Book:
    """A journal that writes down its exports."""

    def __init__(self, size: int) -> None:
        self.leaves = made_up(size)
        self.told: list[tuple[int, str, str]] = []

    def written(self, size: int, sha256: str, recipient: str) -> None:
        self.told.append((size, sha256, recipient))
        self.leaves.append(write_leaf(JournalExported(size, sha256, recipient), MORNING))

    def export(self, folder: Path) -> ExportedBundle:
        return export_bundle(folder, _day(self.leaves), [_recipient(CENTRE)], self.written)


def _refused(code: str, work: Callable[[], object]) -> str:
    with pytest.raises(KnownError) as caught:
        work()
    assert caught.value.code == code
    return caught.value.message


def test_there_and_back(tmp_path: Path) -> None:
    book = Book(300)
    exported = book.export(tmp_path)
    path = tmp_path / "9042-1-00000300.journal.age"
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert exported == ExportedBundle(path, 300, sha256, is_new=True)
    assert book.told == [(300, sha256, _recipient(CENTRE).fingerprint().hex())]
    assert list(tmp_path.iterdir()) == [path]

    bundle = open_bundle(path, CENTRE)
    assert bundle.identity == STATION
    assert bundle.papers == PAPERS
    log = read_log(bundle.log, KEY)
    assert log.leaves == tuple(book.leaves[:300])


def test_every_recipient_opens_it_and_nobody_else(tmp_path: Path) -> None:
    other = AgeIdentity.generate()
    told: list[str] = []
    recipients = [_recipient(CENTRE), _recipient(other, "Precinct")]
    export_bundle(
        tmp_path, _day(made_up(1)), recipients, lambda size, digest, who: told.append(who)
    )
    (path,) = tmp_path.iterdir()
    assert open_bundle(path, CENTRE) == open_bundle(path, other)
    assert told[0].split(" ") == [one.fingerprint().hex() for one in recipients]
    _refused("seal_not_for_us", lambda: open_bundle(path, AgeIdentity.generate()))


def test_the_same_day_is_the_same_tar() -> None:
    leaves = made_up(3)
    packed = pack(signed_note(leaves), leaves, PAPERS, STATION)
    assert packed == pack(signed_note(leaves), leaves, dict(reversed(PAPERS.items())), STATION)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        members = tar.getmembers()
    assert {(one.mtime, one.uid, one.gid, one.uname, one.mode) for one in members} == {
        (0, 0, 0, "", 0o644)
    }
    assert [one.name for one in members] == [
        "station.json",
        "checkpoint",
        "tile/entries/000.p/3",
        "tile/0/000.p/3",
        "papers/readiness (1).pdf",
        "papers/протокол.pdf",
    ]


def test_again_changes_nothing(tmp_path: Path) -> None:
    book = Book(5)
    first = book.export(tmp_path)
    content = first.path.read_bytes()
    for _ in range(2):
        again = book.export(tmp_path)
        assert again == ExportedBundle(first.path, 5, first.sha256, is_new=False)
    assert len(book.told) == 1
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [content]


def test_to_a_second_medium_and_back_to_the_first(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    book = Book(5)
    book.export(tmp_path / "a")
    second = book.export(tmp_path / "b")
    assert (second.size, second.is_new) == (6, True)
    assert book.export(tmp_path / "a") == ExportedBundle(
        tmp_path / "a" / "9042-1-00000005.journal.age", 5, book.told[0][1], is_new=False
    )


def test_later_ones_lie_beside_it(tmp_path: Path) -> None:
    book = Book(5)
    book.export(tmp_path)
    book.leaves.append(write_leaf(SessionStarted(1), MORNING))
    later = book.export(tmp_path)
    assert (later.size, later.is_new) == (7, True)
    assert len(list(tmp_path.iterdir())) == 2
    assert read_log(open_bundle(later.path, CENTRE).log, KEY).size == 7


@pytest.mark.parametrize("content", [b"", b"changed"])
def test_a_damaged_one_is_not_taken_for_it(tmp_path: Path, content: bytes) -> None:
    book = Book(5)
    first = book.export(tmp_path)
    first.path.write_bytes(content)
    again = book.export(tmp_path)
    assert (again.size, again.is_new) == (6, True)
    assert first.path.read_bytes() == content
    open_bundle(again.path, CENTRE)


def test_one_that_nobody_wrote_down_is_written_anew(tmp_path: Path) -> None:
    """The station went down after the file was in place, before its entry."""
    book = Book(5)
    path = tmp_path / "9042-1-00000005.journal.age"
    path.write_bytes(b"of the run that was cut off")
    for size in (3, 5):
        (tmp_path / f"9042-1-{size:08}.journal.age.{size:016x}.new").write_bytes(b"a part")
    assert book.export(tmp_path).is_new
    assert list(tmp_path.iterdir()) == [path]
    open_bundle(path, CENTRE)


def test_an_entry_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    def full(size: int, digest: str, recipient: str) -> None:
        raise KnownError("disk_full", "Full.")

    _refused(
        "disk_full",
        lambda: export_bundle(tmp_path, _day(made_up(1)), [_recipient(CENTRE)], full),
    )
    assert len(list(tmp_path.iterdir())) == 1


def test_a_journal_without_entries(tmp_path: Path) -> None:
    assert Book(0).export(tmp_path).size == 0
    (path,) = tmp_path.iterdir()
    assert read_log(open_bundle(path, CENTRE).log, KEY).leaves == ()


def test_another_station_s_export_is_left_alone(tmp_path: Path) -> None:
    draft = tmp_path / f"9042-2-00000003.journal.age.{3:016x}.new"
    draft.write_bytes(b"under way, perhaps")
    Book(1).export(tmp_path)
    assert draft.exists()


def test_nobody_to_seal_to_and_nowhere_to_write(tmp_path: Path) -> None:
    book = Book(1)
    _refused("recipient_missing", lambda: export_bundle(tmp_path, _day([]), [], book.written))
    for name in ("none", "n" * 300):
        _refused("export_folder_missing", lambda name=name: book.export(tmp_path / name))
    (tmp_path / "9042-1-00000001.journal.age").mkdir()
    _refused("disk_fault", lambda: book.export(tmp_path))
    assert not book.told


def test_a_journal_that_is_not_sound_is_not_sealed(tmp_path: Path) -> None:
    day = DayToExport(signed_note(made_up(4)), made_up(5), {}, STATION)
    _refused(
        "log_damaged",
        lambda: export_bundle(tmp_path, day, [_recipient(CENTRE)], lambda *_: None),
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a\nb.pdf", "\udcff.pdf", "note.txt"])
def test_a_paper_without_a_decent_name(tmp_path: Path, name: str) -> None:
    _refused(
        "paper_name",
        lambda: export_bundle(
            tmp_path, _day(made_up(1), {name: b""}), [_recipient(CENTRE)], lambda *_: None
        ),
    )


def test_a_medium_that_gives_back_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worn(handle: int, *_: int) -> None:
        os.pwrite(handle, b"\x00", 100)  # in an age file's header, which is text

    monkeypatch.setattr(os, "posix_fadvise", worn)
    book = Book(1)
    _refused("export_not_read_back", lambda: book.export(tmp_path))
    assert not list(tmp_path.iterdir())
    assert not book.told


def test_a_full_medium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(os, "fsync", full)
    _refused("disk_full", lambda: Book(1).export(tmp_path))
    assert not list(tmp_path.iterdir())


def test_papers(tmp_path: Path) -> None:
    assert read_papers(tmp_path / "none") == {}
    (tmp_path / "b.pdf").write_bytes(b"b")
    (tmp_path / "a.pdf").write_bytes(b"a")
    (tmp_path / "a.txt").write_bytes(b"not a paper")
    assert list(read_papers(tmp_path).items()) == [("a.pdf", b"a"), ("b.pdf", b"b")]
    (tmp_path / "c.pdf").mkdir()
    _refused("paper_unreadable", lambda: read_papers(tmp_path))


def test_no_bundle(tmp_path: Path) -> None:
    path = tmp_path / "one.journal.age"
    _refused("bundle_missing", lambda: open_bundle(path, CENTRE))
    _refused("not_a_regular_file", lambda: open_bundle(tmp_path, CENTRE))
    _refused("bundle_unreadable", lambda: open_bundle(tmp_path / ("n" * 300), CENTRE))
    path.write_bytes(b"nothing")
    _refused("seal_damaged", lambda: open_bundle(path, CENTRE))
    path.write_bytes(seal(b"nothing", [CENTRE.recipient]))
    _refused("bundle_damaged", lambda: open_bundle(path, CENTRE))


def _tar(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in members:
            about = tarfile.TarInfo(name)
            about.size, about.type = len(content), kind
            tar.addfile(about, io.BytesIO(content))
    return packed.getvalue()


IDENTITY = ("station.json", STATION.to_bytes())


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        _tar(),
        _tar(("checkpoint", b"")),
        _tar(IDENTITY, ("../checkpoint", b"")),
        _tar(IDENTITY, ("/tile/0/000", b"")),
        _tar(IDENTITY, ("papers/../x.pdf", b"")),
        _tar(IDENTITY, ("papers/x.exe", b"")),
        _tar(IDENTITY, IDENTITY),
        _tar(("station.json", b"{}")),
        _tar(("station.json", _recipient(CENTRE).to_bytes())),
        _tar(IDENTITY, kind=tarfile.SYMTYPE),
        _tar(IDENTITY, kind=tarfile.GNUTYPE_SPARSE),
        _tar(IDENTITY)[:700],
        _tar(IDENTITY)[:1000],
    ],
)
def test_tars_that_no_station_makes(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it |^a "):
        unpack(packed)


@given(st.data())
def test_a_bent_tar_is_a_bundle_or_a_fault(data: st.DataObject) -> None:
    leaves = made_up(2)
    packed = bytearray(pack(signed_note(leaves), leaves, PAPERS, STATION))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(packed) - 1))
        packed[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ValueError):
        assert isinstance(unpack(bytes(packed)), Bundle)


def test_what_is_sealed_says_nothing_about_who_sealed(tmp_path: Path) -> None:
    """Anybody can seal to the commission: only the key tells (see `Bundle`)."""
    path = Book(2).export(tmp_path).path
    packed = unseal(path.read_bytes(), CENTRE)
    path.write_bytes(seal(packed, [CENTRE.recipient]))
    bundle = open_bundle(path, CENTRE)
    assert read_log(bundle.log, SIGNER.public_key).size == 2
    _refused("log_damaged", lambda: read_log(bundle.log, bytes(32)))
