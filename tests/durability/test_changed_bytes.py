"""Any changed byte is found (DECISIONS 12): every byte of a small closed journal.

Every byte is changed under `Database.faults`, the first thing `verify_journal` does: what
it finds is never sound. That takes a minute of processor time: `make test` changes every eighth,
`make test-long` all of them. The whole `verify_journal` runs on every 31st byte, and on every
byte of the head. What happens to a log (WAL) is in `test_changed_log.py`.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.journal import verify_journal
from station_app.journal.records import JOURNAL
from station_app.vault import Database
from tests.durability.durable_station import KEY, SIGNER, write_sessions

PAGE = 16384
WORKERS = 2
STRIDE = 31
FOUND = ("wrong_key", "journal_damaged")


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A closed journal of 13 entries: four pages, one for each table and index."""
    path = tmp_path / "journal.db"
    write_sessions(path, sessions=6)
    return path


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.long), 8])
def test_every_byte_of_the_file(journal: Path, step: int) -> None:
    size = journal.stat().st_size
    assert size == 4 * PAGE
    places = range(0, size, step)
    parts = [(journal, places[worker::WORKERS], worker) for worker in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("forkserver")) as pool:
        tried = [result for part in pool.map(_try_changes, parts) for result in part]
    assert sorted(place for place, _ in tried) == list(places)
    assert [place for place, is_found in tried if not is_found] == []


def test_the_whole_check_on_a_sample(journal: Path) -> None:
    handle = os.open(journal, os.O_RDWR)
    for place in range(0, journal.stat().st_size, STRIDE):
        with _changed(handle, place):
            assert not _is_sound(journal), f"byte {place}"
    os.close(handle)
    assert _is_sound(journal)


def test_every_byte_of_the_head(journal: Path) -> None:
    head = journal.with_name(journal.name + ".head")
    handle = os.open(head, os.O_RDWR)
    for place in range(head.stat().st_size):
        with _changed(handle, place):
            assert not _is_sound(journal), f"byte {place}"
    os.close(handle)
    assert _is_sound(journal)


def _try_changes(part: tuple[Path, range, int]) -> list[tuple[int, bool]]:
    """Change the bytes at these places, one at a time, in a copy of the file."""
    journal, places, worker = part
    copy = journal.with_name(f"copy-{worker}.db")
    copy.write_bytes(journal.read_bytes())
    assert not _has_faults(copy)
    handle = os.open(copy, os.O_RDWR)
    tried = []
    for place in places:
        with _changed(handle, place):
            tried.append((place, _has_faults(copy)))
    os.close(handle)
    assert not _has_faults(copy)
    return tried


def _has_faults(journal: Path) -> bool:
    """Whether the change is found; a refusal for another reason does not count as that."""
    try:
        with closing(Database.open_to_read(journal, JOURNAL, KEY)) as database:
            return bool(database.faults())
    except KnownError as error:
        return error.code in FOUND


def _is_sound(journal: Path) -> bool:
    """Whether the change goes unseen; a refusal for another reason does not count as seen."""
    try:
        return verify_journal(journal, KEY, SIGNER.public_key).sound
    except KnownError as error:
        return error.code not in FOUND


@contextmanager
def _changed(handle: int, place: int) -> Iterator[None]:
    """One bit of one byte flipped, another bit at each place; put right afterwards."""
    byte = os.pread(handle, 1, place)
    os.pwrite(handle, bytes([byte[0] ^ 1 << place // 8 % 8]), place)
    yield
    os.pwrite(handle, byte, place)
