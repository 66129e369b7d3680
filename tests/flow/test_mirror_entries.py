"""What is told of the mirror gets into the journal in order, also after a full disk."""

import pytest

from station_app.domain.entries import MirrorLost, MirrorReturned
from station_app.flow.mirror_entries import MirrorEntries
from tests.flow.whole_desk import Station

LOST, RETURNED = MirrorLost("mirror_missing"), MirrorReturned(3)


def written(station: Station, count: int) -> bool:
    return station.bridge.run(lambda: len(station.book.entries) == count, 60)


@pytest.mark.expected_log("mirror_entry_waits")
def test_what_a_full_disk_refused_is_written_before_the_next(
    station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    about = MirrorEntries(station.runner.write)
    station.book.full = True
    about.write(LOST)
    assert station.bridge.run(lambda: bool(caplog.records), 60)
    station.book.full = False
    about.write(RETURNED)
    assert written(station, 2)
    about.write(LOST)
    assert written(station, 3)
    assert station.book.entries == [LOST, RETURNED, LOST]


@pytest.mark.expected_log("mirror_entry_waits")
def test_what_comes_while_one_is_refused_waits_its_turn(
    station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    about = MirrorEntries(station.runner.write)
    station.book.full = True
    station.book.gate.clear()
    about.write(LOST)
    about.write(RETURNED)
    station.book.gate.set()
    assert station.bridge.run(lambda: bool(caplog.records), 60)
    station.book.full = False
    about.write(LOST)
    assert written(station, 3)
    assert station.book.entries == [LOST, RETURNED, LOST]


def test_what_comes_while_one_is_written_follows_it(station: Station) -> None:
    about = MirrorEntries(station.runner.write)
    station.book.gate.clear()
    about.write(LOST)
    about.write(RETURNED)
    station.book.gate.set()
    assert written(station, 2)
    assert station.book.entries == [LOST, RETURNED]
