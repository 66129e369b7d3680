"""An unlocking on an open day that nobody had locked says since when the station was off."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.domain.entries import (
    DayOpened,
    DayPaused,
    Entry,
    StationLocked,
    StationUnlocked,
    StationWasOff,
)
from station_app.domain.entry_codes import LockCause, PauseReason
from station_app.flow.opening import open_unlocked
from tests.flow.loaded_station import NOW, LoadedStation, enrolled

OPENED = DayOpened(1, 3, 6, "", 0, "c1", "m1", "KG-2026", "2026-11-29")
UNTIL = (
    # What is written after an unlocking, and whether the next one finds the station cut off.
    ([], False),
    ([OPENED], True),
    ([StationLocked(LockCause.KEY)], False),
    ([StationLocked(LockCause.IDLE)], False),
    ([DayPaused(PauseReason.OTHER, "m1"), StationLocked(LockCause.BATTERY)], True),
    ([], True),
)  # before the day, on it, locked by people, by an empty battery, cut off again


def test_it_is_told_on_an_open_day_that_nobody_locked(tmp_path: Path) -> None:
    station = LoadedStation(tmp_path, enrolled(FingerEngine(), 6))
    station.load(3)
    now, last, was_off, times = NOW, NOW, False, 0
    for entries, is_cut_off in UNTIL:
        now += timedelta(minutes=38)
        with (
            station.unlocked() as unlocked,
            closing(open_unlocked(station.folder, unlocked, lambda at=now: at)) as opened,
        ):
            since = StationWasOff(f"{last:%Y-%m-%dT%H:%M:%SZ}")
            by: list[Entry] = [StationUnlocked("o1", "c1", unlocked.marks.settings)]
            assert list(opened.by) == ([*by, since] if was_off else by)
            times += was_off
            opened.recorder.append_all([*opened.by, *entries])
        last, was_off = now, is_cut_off
    assert station.kinds().count("station_was_off") == times == 2
    assert station.verified().sound
