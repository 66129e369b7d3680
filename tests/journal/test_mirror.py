"""The mirror on a second medium: what it holds, what it refuses, what it notices."""

import errno
import json
import os
import random
import resource
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import rfc8785

from station_app.domain.errors import KnownError
from station_app.journal.mirror import (
    Mirror,
    MirroredJournal,
    MirrorOwner,
    check_against_journal,
    find_mirror,
    load_header,
    read_mirror,
)
from station_app.journal.mirror_file import (
    LARGEST_FRAME,
    MAGIC,
    MirrorHeader,
    mirror_fault,
    mirror_key,
    read_header,
)
from station_app.journal.records import JOURNAL, Record, read_records
from station_app.vault import AgeIdentity, Database, FrameCipher, Secret, Signer, unseal
from tests.journal.journal_samples import Station

COMMISSION = AgeIdentity.generate()
ENTRY = bytes(8 + 32 + 64)


@pytest.fixture
def records(station: Station) -> list[Record]:
    """The 12 entries of a day."""
    station.write_day()
    with closing(Database.open_to_read(station.path, JOURNAL, station.key)) as database:
        return list(read_records(database))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def owner_of(station: Station) -> MirrorOwner:
    return MirrorOwner(
        "9042-1", station.origin, station.signer, station.key, (COMMISSION.recipient,)
    )


@pytest.fixture
def owner(station: Station) -> MirrorOwner:
    return owner_of(station)


def read(path: Path, owner: MirrorOwner) -> MirroredJournal:
    return read_mirror(path, mirror_key(owner.journal_key, load_header(path).header.salt))


def filled(stick: Path, owner: MirrorOwner, records: list[Record]) -> Path:
    """A mirror with a frame an entry."""
    with closing(Mirror.open(stick, owner)) as mirror:
        for one in records:
            mirror.append([one])
        return mirror.path


def code_of(stick: Path, owner: MirrorOwner, apart_from: Path | None = None) -> str:
    with pytest.raises(KnownError) as refused:
        Mirror.open(stick, owner, apart_from).close()
    return refused.value.code


def test_what_was_appended_is_there_again(
    stick: Path, owner: MirrorOwner, records: list[Record]
) -> None:
    with closing(Mirror.open(stick, owner)) as mirror:
        assert (mirror.upto, mirror.root) == (0, b"")
        assert mirror.append(records[:1]) == 1
        assert mirror.append([]) == 1
        assert mirror.append(records[1:7]) == 7
    with closing(Mirror.open(stick, owner)) as mirror:
        assert (mirror.upto, mirror.root) == (7, records[6].root)
        mirror.append(records[7:])
        with pytest.raises(ValueError, match="do not follow"):
            mirror.append(records[3:4])
    found = read(mirror.path, owner)
    assert not found.is_damaged
    assert [(one.number, one.leaf, one.root, one.signature) for one in found.entries] == [
        (one.number, one.leaf, one.root, one.signature) for one in records
    ]
    assert (found.size, found.root_at(5)) == (12, records[4].root)


def test_the_commission_opens_it(stick: Path, owner: MirrorOwner, records: list[Record]) -> None:
    path = filled(stick, owner, records)
    header = load_header(path).header
    key = Secret(unseal(header.sealed_key, COMMISSION))
    assert read_mirror(path, key).size == 12
    assert (header.station, header.origin) == ("9042-1", owner.origin)
    with pytest.raises(KnownError) as refused:
        unseal(header.sealed_key, AgeIdentity.generate())
    assert refused.value.code == "seal_not_for_us"


def test_nothing_is_readable_without_the_key(
    stick: Path, owner: MirrorOwner, records: list[Record]
) -> None:
    content = filled(stick, owner, records).read_bytes()
    assert b"identified" not in content
    assert not [one for one in records if one.leaf[:24] in content]
    assert read_mirror(stick / owner.file_name, Secret(b"x" * 32)).size == 0


def test_a_torn_end_is_cut_off_and_written_again(
    stick: Path, owner: MirrorOwner, records: list[Record]
) -> None:
    path = filled(stick, owner, records[:11])
    whole = path.read_bytes()
    shorter = len(whole)
    filled_more = stick.parent / "more"
    shutil.copytree(stick, filled_more)
    with closing(Mirror.open(filled_more, owner)) as mirror:
        mirror.append(records[11:])
    frame = (filled_more / owner.file_name).read_bytes()[shorter:]
    for left in (1, 7, 8, 11, 12, 30, len(frame) - 1):
        for torn in (frame[:left], frame[:left] + bytes(len(frame) - left)):
            path.write_bytes(whole + torn)
            with closing(Mirror.open(stick, owner)) as mirror:
                assert mirror.upto == 11
                assert path.stat().st_size == shorter
                mirror.append(records[11:])
            assert read(path, owner).size == 12
            path.write_bytes(whole)


def test_a_changed_byte_is_a_finding(
    stick: Path, owner: MirrorOwner, records: list[Record]
) -> None:
    """Every byte of header and frames but for the last frame, which cannot be told from torn."""
    path = filled(stick, owner, records[:3])
    last = path.stat().st_size
    with closing(Mirror.open(stick, owner)) as mirror:
        mirror.append(records[3:4])
    content = path.read_bytes()
    for at in range(last):
        path.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
        assert code_of(stick, owner) == "mirror_damaged", at
        assert path.read_bytes()[at] == content[at] ^ 4
    for at in range(last, len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
        with closing(Mirror.open(stick, owner)) as mirror:
            assert mirror.upto == 3


def test_a_frame_that_was_taken_out(stick: Path, owner: MirrorOwner, records: list[Record]) -> None:
    ends = [filled(stick, owner, []).stat().st_size]
    for one in records[:4]:
        with closing(Mirror.open(stick, owner)) as mirror:
            mirror.append([one])
            ends.append(mirror.path.stat().st_size)
    content = mirror.path.read_bytes()
    mirror.path.write_bytes(content[: ends[1]] + content[ends[2] :])
    assert code_of(stick, owner) == "mirror_damaged"
    with pytest.raises(KnownError) as refused:
        read(mirror.path, owner)
    assert refused.value.code == "mirror_damaged"


def test_a_dead_stations_mirror_is_read_up_to_the_damage(
    stick: Path, owner: MirrorOwner, records: list[Record]
) -> None:
    path = filled(stick, owner, records[:6])
    at = path.stat().st_size + 20
    with closing(Mirror.open(stick, owner)) as mirror:
        mirror.append(records[6:7])
        mirror.append(records[7:])
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    found = read(path, owner)
    assert (found.size, found.is_damaged) == (6, True)
    assert path.read_bytes() == content


def test_entries_nobody_signed(stick: Path, owner: MirrorOwner, records: list[Record]) -> None:
    path = filled(stick, owner, [*records[:2], replace(records[2], signature=bytes(64))])
    with pytest.raises(KnownError) as refused:
        read(path, owner)
    assert refused.value.code == "mirror_damaged"


def test_another_stations_mirror(stick: Path, owner: MirrorOwner, records: list[Record]) -> None:
    path = filled(stick, owner, records)
    before = path.read_bytes()
    stranger = replace(owner, signer=Signer(Secret(b"o" * 32)))
    assert code_of(stick, stranger) == "mirror_foreign"
    assert code_of(stick, replace(owner, origin="station-app/live/9042-1")) == "mirror_foreign"
    assert code_of(stick, replace(owner, station="9042-2")) == "mirror_foreign"
    assert [one.name for one in stick.iterdir()] == ["9042-1.journal-mirror"]
    assert path.read_bytes() == before


def test_a_medium_that_is_not_in(stick: Path, owner: MirrorOwner, records: list[Record]) -> None:
    assert code_of(stick / "none", owner) == "mirror_missing"
    mirror = Mirror.open(stick, owner)
    mirror.append(records[:1])
    stick.rename(stick.with_name("pulled"))
    with pytest.raises(KnownError) as gone:
        mirror.append(records[1:2])
    assert gone.value.code == "mirror_missing"
    shutil.copytree(stick.with_name("pulled"), stick)
    with pytest.raises(KnownError) as exchanged:
        mirror.refuse_gone()
    assert exchanged.value.code == "mirror_missing"
    mirror.close()
    mirror.close()


@contextmanager
def full_at(size: int) -> Iterator[None]:
    """No file of this process grows beyond this size; a medium that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 5, 100])
def test_a_full_medium(stick: Path, owner: MirrorOwner, records: list[Record], room: int) -> None:
    path = filled(stick, owner, records[:2])
    size = path.stat().st_size
    with closing(Mirror.open(stick, owner)) as mirror:
        with full_at(size + room), pytest.raises(KnownError) as full:
            mirror.append(records[2:3])
        assert full.value.code == "mirror_full"
        assert path.stat().st_size == size
        assert mirror.append(records[2:3]) == 3
    path.unlink()
    with full_at(room), pytest.raises(KnownError) as full:
        Mirror.open(stick, owner)
    assert full.value.code == "mirror_full"
    assert not list(stick.iterdir())


def test_a_mirror_that_can_not_be_opened(
    stick: Path, owner: MirrorOwner, records: list[Record]
) -> None:
    path = stick / owner.file_name
    path.mkdir()
    assert code_of(stick, owner) == "mirror_missing"
    with pytest.raises(KnownError) as refused:
        read_mirror(path, owner.journal_key)
    assert refused.value.code == "not_a_regular_file"


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EIO])
def test_a_file_system_that_syncs_no_folder(
    stick: Path,
    owner: MirrorOwner,
    records: list[Record],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    sync = os.fsync

    def refuse(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))
        sync(handle)

    monkeypatch.setattr(os, "fsync", refuse)
    if number == errno.EINVAL:
        assert read(filled(stick, owner, records), owner).size == 12
    else:
        assert code_of(stick, owner) == "mirror_missing"


def test_what_no_cut_off_frame_can_be(
    stick: Path, owner: MirrorOwner, records: list[Record]
) -> None:
    path = filled(stick, owner, records)
    with path.open("ab") as file:
        file.truncate(path.stat().st_size + LARGEST_FRAME + 13)
    assert code_of(stick, owner) == "mirror_damaged"
    assert read(path, owner).is_damaged


def test_more_than_a_frame_can_hold(stick: Path, owner: MirrorOwner, records: list[Record]) -> None:
    with closing(Mirror.open(stick, owner)) as mirror:
        with pytest.raises(ValueError, match="too many"):
            mirror.append([replace(records[0], leaf=bytes(1 << 24))])
        assert mirror.append(records[:1]) == 1


@pytest.mark.parametrize("plain", [b"x", ENTRY + b"\5\0\0\0leaf", ENTRY])
def test_frames_of_another_program(stick: Path, owner: MirrorOwner, plain: bytes) -> None:
    """Sealed with the right key, and not as this one seals: not taken for entries."""
    path = filled(stick, owner, [])
    header = load_header(path)
    sealed = FrameCipher(mirror_key(owner.journal_key, header.header.salt)).seal(
        plain, header.digest
    )
    with path.open("ab") as file:
        file.write(header.mark + len(sealed).to_bytes(4, "little") + sealed)
    assert read(path, owner).size == 0


def test_a_mirror_changed_in_any_way(
    stick: Path, owner: MirrorOwner, records: list[Record]
) -> None:
    """Cut, changed, moved together or blown up: the first entries, or a finding; never more."""
    path = filled(stick, owner, records)
    content, key = path.read_bytes(), mirror_key(owner.journal_key, load_header(path).header.salt)
    leaves = [one.leaf for one in records]
    chance = random.Random(7)
    for _ in range(300):
        begin, end = sorted(chance.randrange(len(content)) for _ in range(2))
        middle = chance.choice(
            [b"", chance.randbytes(end - begin), content[begin:end] * 2, bytes(end - begin)]
        )
        path.write_bytes(content[:begin] + middle + chance.choice([b"", content[end:]]))
        with suppress(KnownError):
            found = read_mirror(path, key)
            assert [one.leaf for one in found.entries] == leaves[: found.size]


def test_a_header_of_other_values(owner: MirrorOwner) -> None:
    good = MirrorHeader("9042-1", owner.origin, owner.signer.public_key, bytes(16), b"age")
    assert read_header(BytesIO(good.to_bytes(owner.signer))).header == good
    for wrong in ({"salt": bytes(15)}, {"public_key": bytes(31)}):
        with pytest.raises(ValueError, match="another length"):
            replace(good, **wrong)


@pytest.mark.parametrize(
    "values",
    [
        {"station": 1},
        {"station": "\x1b[2J"},
        {"origin": "o" * 201},
        {"origin": None},
        {"salt": 5},
        {"public_key": []},
        None,
    ],
)
def test_a_header_of_wrong_types_is_refused_though_it_is_signed(
    owner: MirrorOwner, values: dict[str, object] | None
) -> None:
    good = MirrorHeader("9042-1", owner.origin, owner.signer.public_key, bytes(16), b"age")
    text = json.loads(good.to_bytes(owner.signer)[len(MAGIC) + 4 : -64])
    assert signed_header(owner, text)[-64:] == good.to_bytes(owner.signer)[-64:]
    changed = [text] if values is None else text | values
    with pytest.raises(ValueError, match=r"not a mirror's header|not a name|fromhex"):
        read_header(BytesIO(signed_header(owner, changed)))


def signed_header(owner: MirrorOwner, values: object) -> bytes:
    """The beginning of a mirror with these values, signed by its station."""
    text = rfc8785.dumps(values)
    signed = MAGIC + len(text).to_bytes(4, "little") + text
    return signed + owner.signer.sign(signed)


class Counted(BytesIO):
    """Knows how much was asked of it at once."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        self.most = max(self.most, 1 << 40 if size < 0 else size)
        return super().read(size)


def test_a_header_that_says_it_is_huge_is_not_read(owner: MirrorOwner) -> None:
    good = MirrorHeader("9042-1", owner.origin, owner.signer.public_key, bytes(16), b"age")
    text = json.loads(good.to_bytes(owner.signer)[len(MAGIC) + 4 : -64])
    long = signed_header(owner, text | {"station": "9" * (1 << 16)})
    for content in (MAGIC + b"\xff\xff\xff\xff" + bytes(99), long):
        file = Counted(content)
        with pytest.raises(ValueError, match="not a mirror's header"):
            read_header(file)
        assert file.most < 1 << 16


def test_a_folder_on_the_journals_own_disk(
    stick: Path, owner: MirrorOwner, station: Station
) -> None:
    station.create().close()
    assert code_of(stick, owner, station.path) == "mirror_same_disk"
    assert not list(stick.iterdir())


@pytest.fixture
def other_disk() -> Iterator[Path]:
    folder = Path("/dev/shm") / f"mirror-{os.getpid()}"  # memory: another disk everywhere
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def test_a_folder_on_another_disk(other_disk: Path, owner: MirrorOwner, station: Station) -> None:
    station.create().close()
    with closing(Mirror.open(other_disk, owner, station.path)) as mirror:
        assert mirror.upto == 0


def test_a_mirror_that_nobody_else_could_open(stick: Path, owner: MirrorOwner) -> None:
    assert code_of(stick, replace(owner, recipients=())) == "mirror_without_recipient"
    assert not list(stick.iterdir())


@pytest.mark.parametrize(
    "content",
    [b"", b"SAMIRR1\n", MAGIC + b"\xff\xff\xff\xff", MAGIC + b"\x02\0\0\0{}", MAGIC + bytes(80)],
)
def test_files_that_are_no_mirrors(stick: Path, owner: MirrorOwner, content: bytes) -> None:
    (stick / owner.file_name).write_bytes(content)
    assert code_of(stick, owner) == "mirror_damaged"
    with pytest.raises(KnownError) as refused:
        load_header(stick / owner.file_name)
    assert refused.value.code == "mirror_damaged"


def test_finding_a_mirror(stick: Path, owner: MirrorOwner) -> None:
    with pytest.raises(KnownError) as none:
        find_mirror(stick)
    path = filled(stick, owner, [])
    assert find_mirror(stick) == find_mirror(path) == path
    shutil.copy(path, stick / "9042-2.journal-mirror")
    with pytest.raises(KnownError) as several:
        find_mirror(stick)
    assert (none.value.code, several.value.code) == ("mirror_missing", "mirror_several")
    with pytest.raises(KnownError) as gone:
        load_header(stick / "none.journal-mirror")
    assert gone.value.code == "mirror_missing"


def test_an_old_copy_of_journal_and_head_is_noticed(
    stick: Path, station: Station, records: list[Record]
) -> None:
    """The head beside the journal does not notice this: it was put back with it."""
    owner = owner_of(station)
    with closing(station.open()) as journal:
        assert journal.size == 12
    roots = {one.number: one.root for one in records}
    with closing(Mirror.open(stick, owner)) as mirror:
        mirror.append(records)
        check_against_journal(mirror, 12, roots.__getitem__)
        check_against_journal(mirror, 13, roots.__getitem__)
        for size, root_at in ((11, roots.__getitem__), (14, lambda _: bytes(32))):
            with pytest.raises(KnownError) as noticed:
                check_against_journal(mirror, size, root_at)
            assert noticed.value.code == "journal_rolled_back"
    fresh = stick.with_name("fresh")
    fresh.mkdir()
    with closing(Mirror.open(fresh, owner)) as mirror:
        check_against_journal(mirror, 0, roots.__getitem__)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "mirror_full"),
        (errno.EROFS, "mirror_unwritable"),
        (errno.EIO, "mirror_missing"),
        (errno.ENODEV, "mirror_missing"),
    ],
)
def test_what_a_medium_can_say(number: int, code: str) -> None:
    assert mirror_fault(OSError(number, ""), Path("/stick/a")).code == code
