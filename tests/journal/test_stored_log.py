"""A journal's file as a signed log."""

from collections.abc import Callable

import pytest

from station_app.domain.errors import KnownError
from station_app.journal.stored_log import stored_leaves, stored_log, stored_origin
from station_app.journal.tlog_tiles import log_files, read_log
from tests.journal.journal_samples import ORIGIN, Station
from tests.journal.log_samples import KEY, leaves_of


@pytest.fixture
def closed(station: Station) -> Station:
    station.write_day()
    return station


def _damaged(work: Callable[[], object]) -> None:
    with pytest.raises(KnownError) as caught:
        work()
    assert caught.value.code == "journal_damaged"


def test_it_is_the_log_that_leaves(closed: Station) -> None:
    log = stored_log(closed.path, closed.key, KEY)
    assert log.note == closed.head.read_text()
    assert (log.origin, log.size, log.key_is_given) == (ORIGIN, 12, True)
    assert read_log(dict(log_files(log.note, log.leaves)), KEY) == log
    assert not stored_log(closed.path, closed.key, None).key_is_given
    assert stored_origin(closed.path, closed.key) == ORIGIN


def test_leaves(closed: Station) -> None:
    assert list(stored_leaves(closed.path, closed.key)) == leaves_of(closed)
    part = stored_leaves(closed.path, closed.key)
    next(part)
    part.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entry",
        "DELETE FROM entry WHERE number = 5",
        "UPDATE entry SET leaf = x'00' WHERE number = 7",
        "UPDATE entry SET root = zeroblob(32) WHERE number = 12",
        "UPDATE entry SET signature = zeroblob(64) WHERE number = 12",
    ],
)
def test_what_the_signature_does_not_cover(closed: Station, statement: str) -> None:
    with closed.tampering() as database:
        database.execute(statement)
    _damaged(lambda: stored_log(closed.path, closed.key, KEY))


def test_another_key(closed: Station) -> None:
    _damaged(lambda: stored_log(closed.path, closed.key, bytes(32)))


def test_nobody_s_journal(closed: Station) -> None:
    with closed.tampering() as database:
        database.execute("DELETE FROM entry WHERE number = 1")
    _damaged(lambda: stored_origin(closed.path, closed.key))
