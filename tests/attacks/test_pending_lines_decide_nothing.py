"""Promise: the plain file of waiting events decides nothing, and floods nothing (ADR 0011, 0023).

The attack: `pending-events.jsonl` is a plain file, and anybody with the disk may write in it. On
a9a29b6 5,000 lines of two bytes became 5,000 signed entries for ever; a line that took the id of
a real event beforehand suppressed that event (a `person_removed` that the journal never told);
and a pipe in the file's place let the unlocking hang.
"""

import json
import os
from pathlib import Path

import pytest

from station_app.domain.entries import EventsLeftOut, EventUnread, PersonRemoved, SettingsChanged
from station_app.domain.errors import KnownError
from station_app.snapshots import add_pending, read_pending
from tests.flow.loaded_station import NOW, LoadedStation

REMOVED = {"by": "o1 c1", "person": "m1", "role": "member"}


@pytest.fixture
def station(tmp_path: Path) -> LoadedStation:
    made = LoadedStation(tmp_path, [])
    made.load(1)
    made.open()
    return made


def test_thousands_of_lines_become_one_entry_and_a_file(station: LoadedStation) -> None:
    path, before = station.folder.pending_events, len(station.entries())
    path.write_bytes(b"".join(b"%d\n" % number for number in range(5000)))
    station.open()
    entries = station.entries()[before:]
    assert sum(isinstance(one, EventUnread) for one in entries) == 200
    (rest,) = [one for one in entries if isinstance(one, EventsLeftOut)]
    assert (len(entries), rest.count) == (201, 4800)
    kept = station.folder.root / f"left-out-{rest.sha256[:16]}.jsonl"
    assert len(kept.read_bytes().splitlines()) == 4800
    assert read_pending(path).size == 0
    assert station.verified().sound


def test_a_flood_does_not_push_a_real_event_out(station: LoadedStation) -> None:
    path = station.folder.pending_events
    path.write_bytes(b"".join(b"%d\n" % number for number in range(5000)))
    add_pending(path, "person_removed", REMOVED, NOW)
    station.open()
    assert any(isinstance(one, PersonRemoved) for one in station.entries())


def test_an_id_taken_beforehand_suppresses_nothing(station: LoadedStation) -> None:
    path = station.folder.pending_events
    add_pending(path, "person_removed", REMOVED, NOW)
    real = path.read_bytes()
    fake = dict(json.loads(real), event="settings_changed", facts={"app": "1"})
    line = json.dumps(fake, sort_keys=True, separators=(",", ":")).encode()
    path.write_bytes(line + b"\n" + real)
    station.open()
    entries = station.entries()
    assert sum(isinstance(one, SettingsChanged) for one in entries) == 1
    assert sum(isinstance(one, PersonRemoved) for one in entries) == 1


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "0999-12-31T23:59:59Z"])
@pytest.mark.parametrize("event", ["settings_changed", "nonsense"])
def test_a_line_of_an_old_year_stops_no_unlocking(
    station: LoadedStation, at: str, event: str
) -> None:
    """It ended every unlocking as a fault of the program until the last review."""
    line = {"at": at, "event": event, "facts": {"app": "1"}, "id": "ab" * 8}
    station.folder.pending_events.write_text(json.dumps(line) + "\n")
    station.open()
    assert station.kinds()[-1] in ("settings_changed", "event_unread")
    assert read_pending(station.folder.pending_events).size == 0
    assert station.verified().sound


def test_a_link_in_its_place_leads_nowhere(station: LoadedStation, tmp_path: Path) -> None:
    other = tmp_path / "key"
    other.write_text("secret")
    station.folder.pending_events.symlink_to(other)
    with pytest.raises(KnownError) as caught:
        add_pending(station.folder.pending_events, "settings_changed", {"app": "1"}, NOW)
    assert caught.value.code == "disk_fault"
    assert other.read_text() == "secret"


@pytest.mark.timeout(60)
def test_a_pipe_in_its_place_is_refused_and_nothing_hangs(station: LoadedStation) -> None:
    os.mkfifo(station.folder.pending_events)
    with pytest.raises(KnownError) as caught:
        station.open()
    assert caught.value.code == "events_unreadable"
