"""Promise: nobody is identified into a journal that is no longer there (docs/reliability.md).

The attack: while the desk works, `journal.db` (or its write-ahead log) is unlinked, or an older
copy is renamed into its place. On a9a29b6 every append still succeeded, into a file without a
name: the desk said "identified", and at the next start nothing of it was there.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from station_app.domain.appends import Appended
from station_app.domain.election import entry_texts
from station_app.domain.entries import DayOpened, SessionStarted
from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.domain.session import step
from station_app.domain.session_events import AppendFailed
from station_app.domain.session_states import Blocked, Idle
from tests.flow.loaded_station import DAY, LoadedStation

OPENED = DayOpened(1, 1, 6, "", 0, "c1", "m1", *entry_texts(DAY))


@pytest.fixture
def station(tmp_path: Path) -> LoadedStation:
    made = LoadedStation(tmp_path, [])
    made.load(1)
    made.open()
    return made


def unlinked(journal: Path) -> None:
    journal.unlink()


def exchanged(journal: Path) -> None:
    other = journal.with_name("copy")
    shutil.copyfile(journal, other)
    other.replace(journal)


def without_log(journal: Path) -> None:
    journal.with_name(journal.name + "-wal").unlink()


@pytest.mark.parametrize(
    ("take_away", "code"),
    [
        (unlinked, "journal_missing"),
        (exchanged, "journal_exchanged"),
        (without_log, "journal_exchanged"),
    ],
)
def test_the_next_entry_is_refused(
    station: LoadedStation, take_away: Callable[[Path], None], code: str
) -> None:
    with station.journal() as journal:
        journal.append(OPENED)
        size = journal.size
        take_away(station.folder.journal)
        for _ in range(2):
            with pytest.raises(KnownError) as caught:
                journal.append(SessionStarted(1))
            assert caught.value.code == code
        assert journal.size == size


def test_the_desk_is_blocked_by_it() -> None:
    idle = Idle(1, 1, PROVISIONAL.asked_order[0])
    entry = SessionStarted(1)
    blocked, _ = step(idle, AppendFailed(entry, "journal_missing"), PROVISIONAL)
    assert isinstance(blocked, Blocked)
    assert (blocked.code, blocked.unwritten) == ("journal_missing", (entry,))


def test_a_journal_put_back_goes_on(station: LoadedStation) -> None:
    with station.journal() as journal:
        aside = station.folder.root / "aside"
        station.folder.journal.rename(aside)
        with pytest.raises(KnownError, match="taken away"):
            journal.append(OPENED)
        aside.rename(station.folder.journal)
        assert isinstance(journal.append(OPENED), Appended)
    assert station.verified().sound
