"""Notices that a fault kept out of the journal come into it at the next unlocking."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.domain.entries import (
    DeviceLost,
    DeviceReturned,
    EventUnread,
    MirrorLost,
    MirrorReturned,
    NoticeKept,
    SlipFailed,
)
from station_app.flow.kept_notices import keep_notices
from station_app.flow.recorder import Notice, Recorder
from station_app.snapshots import add_pending
from tests.flow.desk_parts import Book
from tests.flow.loaded_station import NOW, Fingers, LoadedStation, enrolled

NOTICES: dict[Notice, tuple[str, int]] = {
    MirrorLost("mirror_missing"): ("mirror_missing", 0),
    MirrorReturned(3): ("", 3),
    DeviceLost(None, "printer"): ("printer", 0),
    DeviceReturned(12, "camera"): ("camera", 12),
    SlipFailed(7, "printer_lost"): ("printer_lost", 7),
}


class SlowBook(Book):
    """Its clock goes on by a minute whenever it is read; nothing can be written."""

    def __init__(self) -> None:
        super().__init__()
        self.full = True
        self.minutes = 0

    def now(self) -> datetime:
        self.minutes += 1
        return NOW - timedelta(hours=1) + timedelta(minutes=self.minutes)


@pytest.fixture(scope="module")
def fingers() -> Fingers:
    return enrolled(FingerEngine(), 3)


@pytest.fixture
def station(tmp_path: Path, fingers: Fingers) -> LoadedStation:
    made = LoadedStation(tmp_path, fingers)
    made.load(1)
    return made


@pytest.fixture
def recorder() -> Recorder:
    """All notices wait in it."""
    made = Recorder(SlowBook())  # type: ignore[arg-type]
    for one in NOTICES:
        made.append_late(one)
    return made


def kept(station: LoadedStation) -> list[NoticeKept]:
    return [one for one in station.entries() if isinstance(one, NoticeKept)]


@pytest.mark.expected_log("entries_wait")
def test_they_are_imported_once_each_with_its_time(
    station: LoadedStation, recorder: Recorder
) -> None:
    keep_notices(station.folder, recorder)
    for _ in range(2):
        station.open()
    found = kept(station)
    assert [one.notice for one in found] == [one.kind for one in NOTICES]
    assert [(one.what, one.number) for one in found] == list(NOTICES.values())
    times = [f"2026-11-28T08:{minute:02}:00Z" for minute in range(31, 36)]
    assert [one.happened for one in found] == times
    assert station.verified().sound


@pytest.mark.expected_log("entries_wait", "notices_lost")
def test_where_the_folder_takes_nothing_they_are_lost_and_the_log_says_so(
    station: LoadedStation, recorder: Recorder
) -> None:
    station.folder.pending_events.unlink()
    station.folder.pending_events.mkdir()
    keep_notices(station.folder, recorder)
    station.folder.pending_events.rmdir()
    station.open()
    assert kept(station) == []


@pytest.mark.parametrize(
    "facts", [{"what": "Айгүл Асанова"}, {"notice": ""}, {"notice": "x" * 65}, {"number": "7"}]
)
def test_a_planted_line_tells_of_nobody(
    station: LoadedStation, facts: dict[str, str | int]
) -> None:
    line = {"notice": "mirror_lost", "what": "mirror_missing", "number": 0}
    add_pending(station.folder.pending_events, "notice_kept", line | facts, NOW)
    station.open()
    assert kept(station) == []
    assert any(isinstance(one, EventUnread) for one in station.entries())
