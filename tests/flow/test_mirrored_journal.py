"""A real journal with its mirror: a day with a pulled stick, an old copy, a real medium."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from station_app.domain.entries import MirrorLost, MirrorReturned, SessionStarted
from station_app.domain.errors import KnownError
from station_app.flow.mirroring import MirrorBehind, MirrorUpToDate
from station_app.journal.leaves import read_leaf
from tests.flow.mirrored_station import EVERY_S, AtWork
from tests.private_mounts import run_with_mounts


@pytest.fixture
def station(tmp_path: Path) -> AtWork:
    return AtWork(tmp_path)


def test_a_day_with_a_pulled_stick(station: AtWork) -> None:
    station.start()
    station.sessions(1, 20)
    station.wait(MirrorUpToDate)
    station.stick.rename(station.stick.with_name("pulled"))
    station.sessions(21, 30)
    station.wait(MirrorBehind)
    station.sessions(31, 40)
    station.stick.with_name("pulled").rename(station.stick)
    station.wait(MirrorUpToDate)
    station.bridge.run(lambda: False, 2 * EVERY_S)
    station.wait(MirrorUpToDate)
    entries = [read_leaf(one.leaf)[0] for one in station.lane.call(station.all_records)]
    assert [one for one in entries if isinstance(one, MirrorLost)] == [MirrorLost("mirror_missing")]
    (returned,) = (one for one in entries if isinstance(one, MirrorReturned))
    assert 10 <= returned.behind <= 21
    assert len(entries) == 1 + 40 + 2
    station.stop()
    with closing(station.open_mirror()) as mirror:
        assert mirror.upto == len(entries)
    station.start()
    station.wait(MirrorUpToDate)
    station.stop()


def test_an_old_copy_of_journal_and_head_put_back(station: AtWork, tmp_path: Path) -> None:
    """In itself it is sound; the mirror knows more."""
    station.start()
    station.sessions(1, 5)
    station.wait(MirrorUpToDate)
    station.stop()
    old = tmp_path / "old"
    shutil.copytree(station.path.parent, old)
    station.start()
    station.sessions(6, 9)
    station.wait(MirrorUpToDate)
    station.stop()
    shutil.rmtree(station.path.parent)
    shutil.copytree(old, station.path.parent)
    for _ in range(2):
        with pytest.raises(KnownError) as noticed:
            station.start()
        assert noticed.value.code == "journal_rolled_back"
        for number in range(6, 15):  # gone on with all the same, and longer than the mirror
            station.journal.append(SessionStarted(station.journal.last_session() + number))
        station.journal.close()


def test_a_real_medium_is_pulled_out_exchanged_and_full(tmp_path: Path) -> None:
    """Mounted in a namespace of its own, and taken away while it is in use."""
    told = run_with_mounts("tests.flow.medium_in_use", tmp_path)
    assert told["codes"] == ["mirror_catching_up", "mirror_missing", "mirror_full"]
    assert told["lost"] == ["mirror_missing", "mirror_full"]
    assert told["upto"] == told["size"]
