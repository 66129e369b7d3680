"""Voter list files: written whole, read back, refused when they are something else."""

import dataclasses
import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.voters import Voter
from station_app.snapshots import (
    PUBLIC_DEMO_LIST_KEY,
    VoterList,
    list_faults,
    list_hash,
    write_list,
)
from station_app.snapshots.voter_list import LIST
from station_app.vault import Database, Secret
from tests.snapshots.list_samples import (
    ENGINE,
    HEADER,
    POSITIONS,
    finger,
    fingers,
    packed,
    voter,
    write_sample,
)

VOTERS = 200


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list that no test changes."""
    return write_sample(tmp_path_factory.mktemp("list") / "demo.vlist", VOTERS)


@pytest.fixture
def opened(sample: Path) -> Iterator[VoterList]:
    with closing(VoterList.open(sample, PUBLIC_DEMO_LIST_KEY)) as voters:
        yield voters


def _code(path: Path, key: Secret = PUBLIC_DEMO_LIST_KEY) -> str:
    with pytest.raises(KnownError) as caught:
        VoterList.open(path, key)
    return caught.value.code


def test_the_header_comes_back(opened: VoterList) -> None:
    assert opened.header == HEADER
    assert opened.header.policy.digest() == HEADER.policy.digest()
    assert (opened.voters, opened.fingers) == (VOTERS, 2 * VOTERS)


def test_voters_come_back(opened: VoterList) -> None:
    for row in range(VOTERS):
        assert opened.voter(row) == voter(row)
    for row in (-1, VOTERS):
        with pytest.raises(KeyError):
            opened.voter(row)


def test_a_pin_leads_to_its_row(opened: VoterList) -> None:
    assert opened.find_by_pin(voter(77).pin) == 77
    assert opened.find_by_pin("00000000000000") is None
    assert opened.find_by_pin("") is None


def test_the_gallery_comes_back(opened: VoterList) -> None:
    assert list(opened.chunks(ENGINE)) == list(packed(fingers(VOTERS)))


def test_templates_of_candidates(opened: VoterList) -> None:
    keys = [(9, POSITIONS[1]), (3, POSITIONS[0]), (9, POSITIONS[0])]
    stored = [finger(row, position).content for row, position in keys]
    assert opened.templates(ENGINE, keys) == stored
    assert opened.templates(ENGINE, []) == []
    with pytest.raises(KnownError, match="lacks a template"):
        opened.templates(ENGINE, [(3, FingerPosition.LEFT_LITTLE)])
    with pytest.raises(KnownError, match="lacks a template"):
        opened.templates("sface/1", keys)


def test_opened_here_used_on_a_lane(opened: VoterList) -> None:
    answers: list[Voter] = []
    lane = threading.Thread(target=lambda: answers.append(opened.voter(5)))
    lane.start()
    lane.join()
    assert answers == [voter(5)]


def test_a_sound_file(sample: Path) -> None:
    assert list_faults(sample, PUBLIC_DEMO_LIST_KEY) == []
    assert list_hash(sample) == hashlib.sha256(sample.read_bytes()).hexdigest()
    assert [file.name for file in sample.parent.iterdir()] == ["demo.vlist"]


def test_nothing_can_be_read_without_the_key(sample: Path) -> None:
    content = sample.read_bytes()
    for text in (voter(3).surname.encode(), voter(3).pin.encode(), b"minutiae", b"9042"):
        assert text not in content
    assert _code(sample, Secret(b"x" * 32)) == "wrong_key"


def test_the_same_input_gives_the_same_rows(tmp_path: Path) -> None:
    def rows(path: Path) -> list[object]:
        database = Database.open_to_read(path, LIST, PUBLIC_DEMO_LIST_KEY)
        with closing(database):
            return [
                list(database.rows(f"SELECT * FROM {table} ORDER BY 1, 2"))
                for table in ("meta", "voter", "template", "gallery_chunk")
            ]

    one, other = write_sample(tmp_path / "a.vlist", 30), write_sample(tmp_path / "b.vlist", 30)
    assert rows(one) == rows(other)
    assert one.read_bytes() != other.read_bytes()


def test_an_older_list_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "demo.vlist"
    write_sample(path, 5)
    write_sample(path, 6)
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        assert voters.voters == 6
    assert [file.name for file in path.parent.iterdir()] == ["demo.vlist"]


@pytest.mark.parametrize(
    ("double", "what"),
    [
        (dataclasses.replace(voter(7), voter_id=voter(2).voter_id), "voter id"),
        (dataclasses.replace(voter(7), list_number=3), "list number"),
        (dataclasses.replace(voter(7), pin=voter(2).pin), "PIN"),
    ],
)
def test_a_register_with_doubles(tmp_path: Path, double: Voter, what: str) -> None:
    path = write_sample(tmp_path / "demo.vlist", 5)
    before = path.read_bytes()
    twice = [*map(voter, range(7)), double]
    with pytest.raises(KnownError) as caught:
        write_list(path, PUBLIC_DEMO_LIST_KEY, HEADER, voters=twice, templates=[], chunks=[])
    assert caught.value.code == "register_duplicate"
    assert f"Voters 3 and 8 of the register have the same {what}" in caught.value.message
    assert voter(2).pin not in caught.value.message
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["demo.vlist"]


CHUNK = next(packed(fingers(4)))


@pytest.mark.parametrize(
    ("chunks", "reason"),
    [
        ([], "do not hold"),
        ([CHUNK, CHUNK], "do not hold"),
        ([dataclasses.replace(CHUNK, engine="leader-mcc/2")], "leader-mcc/2"),
        ([dataclasses.replace(CHUNK, rows=CHUNK.rows[:-4])], "do not hold"),
        ([dataclasses.replace(CHUNK, rows=CHUNK.rows[:-1])], "whole numbers"),
    ],
)
def test_chunks_that_do_not_fit(tmp_path: Path, chunks: list[GalleryChunk], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        write_list(
            tmp_path / "demo.vlist",
            PUBLIC_DEMO_LIST_KEY,
            HEADER,
            voters=map(voter, range(4)),
            templates=fingers(4),
            chunks=chunks,
        )
    assert list(tmp_path.iterdir()) == []


def test_nowhere_to_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnownError) as caught:
        write_sample(tmp_path / "file" / "demo.vlist", 2)
    assert caught.value.code in ("no_write_permission", "disk_fault")


def test_files_that_are_no_list(tmp_path: Path, sample: Path) -> None:
    empty, plain, text = (tmp_path / name for name in ("empty", "plain", "text"))
    empty.touch()
    with closing(sqlite3.connect(plain)) as connection:
        connection.execute("CREATE TABLE voter (row)")
    text.write_text("list_number,pin\n" * 5000)
    assert _code(empty) == "list_damaged"
    assert _code(plain) == "not_a_list"
    assert _code(text) == "wrong_key"
    assert _code(tmp_path / "none") == "list_missing"
    assert _code(tmp_path) == "no_read_permission"
    with pytest.raises(KnownError) as caught:
        list_hash(tmp_path / "none")
    assert caught.value.code == "list_missing"
    with pytest.raises(KnownError) as caught:
        list_hash(tmp_path)
    assert caught.value.code == "no_read_permission"


def test_a_list_cut_short(tmp_path: Path, sample: Path) -> None:
    content = sample.read_bytes()
    path = tmp_path / "cut.vlist"
    for size in (1, 16384, len(content) // 2, len(content) - 16384, len(content) - 1):
        path.write_bytes(content[:size])
        assert _all_read(path) in ("list_damaged", "wrong_key"), f"cut to {size}"


def test_a_list_with_a_changed_byte(tmp_path: Path, sample: Path) -> None:
    content = sample.read_bytes()
    path = tmp_path / "changed.vlist"
    for place in range(5, len(content), 16384 * 3 + 1000):
        changed = bytearray(content)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert _all_read(path) in ("list_damaged", "wrong_key"), f"byte {place}"


def test_a_header_that_can_not_be_read(tmp_path: Path, sample: Path) -> None:
    content = bytearray(sample.read_bytes())
    content[16384 + 100] ^= 1  # the first page after SQLite's own is the table of the header
    path = tmp_path / "changed.vlist"
    path.write_bytes(content)
    assert _code(path) == "list_damaged"


def _all_read(path: Path) -> str:
    """The code that checking the whole file ends with."""
    try:
        faults = list_faults(path, PUBLIC_DEMO_LIST_KEY)
    except KnownError as error:
        return error.code
    return "list_damaged" if faults else "sound"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM meta",
        "DELETE FROM meta WHERE name = 'place'",
        "DELETE FROM meta WHERE name = 'voters'",
        "UPDATE meta SET value = 'many' WHERE name = 'voters'",
        "UPDATE meta SET value = 'party' WHERE name = 'kind'",
        "UPDATE meta SET value = 'today' WHERE name = 'created'",
        "UPDATE meta SET value = '{}' WHERE name = 'policy'",
        "UPDATE meta SET value = '[]' WHERE name = 'policy'",
        "UPDATE meta SET value = '{\"finger_order\":[99]}' WHERE name = 'policy'",
        "DROP TABLE meta",
        "UPDATE gallery_chunk SET rows = x'00'",
        "UPDATE gallery_chunk SET rows = x'05000000'",
        "UPDATE gallery_chunk SET rows = x'ffffffff'",
        "DELETE FROM meta WHERE name = 'election_id'",
        "UPDATE meta SET value = 'a b' WHERE name = 'election_id'",
        "UPDATE meta SET value = 'tomorrow' WHERE name = 'election_date'",
        "UPDATE meta SET value = '[{}]' WHERE name = 'ballots'",
        "UPDATE meta SET value = '[' WHERE name = 'kits'",
        "UPDATE meta SET value = '7' WHERE name = 'engines'",
        "UPDATE meta SET value = '[7]' WHERE name = 'engines'",
        "DELETE FROM meta WHERE name = 'engines'",
        "UPDATE voter SET ballots = 'of nobody'",
        "UPDATE voter SET row = 5 WHERE row = 4",
    ],
)
def test_authentic_pages_with_nonsense(tmp_path: Path, statement: str) -> None:
    path = write_sample(tmp_path / "demo.vlist", 5)
    with closing(Database.open_log(path, LIST, PUBLIC_DEMO_LIST_KEY)) as database:
        database.execute(statement)
    with pytest.raises(KnownError) as caught:
        _open_and_read(path)
    assert caught.value.code == "list_damaged"


def _open_and_read(path: Path) -> None:
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        list(voters.chunks(ENGINE))
        voters.voter(1)
        voters.places([voter(4).voter_id])


def test_an_engine_that_made_nothing(opened: VoterList) -> None:
    with pytest.raises(KnownError, match="made for the engine leader-mcc/1, this program has x/1"):
        list(opened.chunks("x/1"))


FACES = "sface/1"


@pytest.fixture
def with_faces(tmp_path: Path) -> Iterator[VoterList]:
    """Ten voters with two fingers, nine of them with a face too, by another engine."""
    own = fingers(10)
    faces = [
        (row, EnrolledTemplate(FACES, 20, 90, b"", bytes([row]) * 512)) for row in range(1, 10)
    ]
    path = tmp_path / "faces.vlist"
    write_list(
        path,
        PUBLIC_DEMO_LIST_KEY,
        dataclasses.replace(HEADER, engines=(ENGINE, FACES)),
        voters=map(voter, range(10)),
        templates=[*own, *faces],
        chunks=[*packed(own), *packed(faces)],
    )
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        yield voters


def test_each_engine_gets_its_own(with_faces: VoterList) -> None:
    (chunk,) = with_faces.chunks(FACES)
    assert chunk.content == b"".join(bytes([row]) * 512 for row in range(1, 10))
    assert list(with_faces.chunks(ENGINE)) == list(packed(fingers(10)))
    assert with_faces.templates(FACES, [(3, 20)]) == [b""]
    with pytest.raises(KnownError, match="lacks a template"):
        with_faces.templates(FACES, [(0, 20)])
    assert with_faces.fingers == 20, "a face is no finger"
    assert with_faces.has_face(3, ("other/1", FACES))
    assert not with_faces.has_face(0, (FACES,))
    assert not with_faces.has_face(3, ("other/1",)), "a face that nothing here compares is none"


def test_the_fingers_of_a_voter_the_best_first(with_faces: VoterList) -> None:
    assert with_faces.fingers_of(3, (ENGINE,)) == tuple(sorted(POSITIONS, reverse=True))
    assert with_faces.fingers_of(3, (FACES,)) == (), "a face is no finger"
    assert with_faces.fingers_of(99, (ENGINE,)) == ()


def test_what_a_voter_is_due_and_spared(opened: VoterList) -> None:
    assert [opened.voter(row).ballots for row in range(3)] == [(), ("president",), ()]
    assert [opened.voter(row).finger_exempt for row in (1, 2)] == [False, True]


def test_a_list_without_an_election_day_is_not_written(tmp_path: Path) -> None:
    old = dataclasses.replace(HEADER, election_day=None, ballots=(), kits=())
    with pytest.raises(ValueError, match="election day"):
        write_list(tmp_path / "a", PUBLIC_DEMO_LIST_KEY, old, voters=[], templates=[], chunks=[])


def test_a_ballot_that_the_header_lacks_is_not_written(tmp_path: Path) -> None:
    odd = dataclasses.replace(voter(1), ballots=("president", "mayor"))
    with pytest.raises(ValueError, match="row 1 is due"):
        write_list(
            tmp_path / "a", PUBLIC_DEMO_LIST_KEY, HEADER,
            voters=[voter(0), odd], templates=[], chunks=[],
        )  # fmt: skip
