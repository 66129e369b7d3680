"""What waits for an unlock: written whole, read line by line, dropped once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from station_app.snapshots import add_pending, drop_pending, read_pending
from tests.snapshots.snapshot_samples import code_of

AT = datetime(2026, 10, 3, 9, 30, 15, 999, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "station" / "pending-events.jsonl"


def test_events_come_back_in_their_order(path: Path) -> None:
    assert read_pending(path).events == ()
    add_pending(path, "station_provisioned", {"name": "9042-1", "people": 4}, AT)
    add_pending(path, "list_loaded", {"sequence": 3}, AT)
    pending = read_pending(path)
    assert [event.event for event in pending.events] == ["station_provisioned", "list_loaded"]
    assert pending.events[0].facts == {"name": "9042-1", "people": 4}
    assert pending.events[0].at == AT.replace(microsecond=0)
    assert len({event.sha256 for event in pending.events}) == 2
    assert pending.unreadable == 0
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_came_later_stays(path: Path) -> None:
    add_pending(path, "one", {}, AT)
    imported = read_pending(path)
    add_pending(path, "two", {}, AT)
    drop_pending(path, imported)
    assert [event.event for event in read_pending(path).events] == ["two"]
    drop_pending(path, read_pending(path))
    assert not path.exists()
    drop_pending(path, read_pending(path))


def test_a_line_that_was_cut_off(path: Path) -> None:
    add_pending(path, "one", {}, AT)
    whole = path.read_bytes()
    for size in range(1, len(whole)):
        path.write_bytes(whole + whole[:size])
        add_pending(path, "two", {}, AT)
        pending = read_pending(path)
        named = [event.event for event in pending.events]
        # Cut before its line end alone, the event is whole.
        assert (named, pending.unreadable) in (
            (["one", "two"], 1),
            (["one", "one", "two"], 0),
        )


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 5000,
        b'{"at":"2026-10-03T09:30:15Z","event":"a","facts":{},"id":"00"}',
        b'{"at":"yesterday","event":"a","facts":{},"id":"0011223344556677"}',
        b'{"at":"2026-10-03T09:30:15Z","event":"A b","facts":{},"id":"0011223344556677"}',
        b'{"at":"2026-10-03T09:30:15Z","event":"a","facts":{"b":1.5},"id":"0011223344556677"}',
        b'{"at":"2026-10-03T09:30:15Z","event":"a","facts":[],"id":"0011223344556677"}',
        b'{"at":"2026-10-03T09:30:15Z","event":1,"facts":{},"id":"0011223344556677"}',
    ],
)
def test_lines_that_are_no_event(path: Path, line: bytes) -> None:
    add_pending(path, "one", {}, AT)
    path.write_bytes(line + b"\n" + path.read_bytes())
    pending = read_pending(path)
    assert ([event.event for event in pending.events], pending.unreadable) == (["one"], 1)


def test_refusals_do_not_fill_the_disk(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"x\n" * (130 * 1024))
    size = path.stat().st_size
    add_pending(path, "list_refused", {}, AT, may_be_left_out=True)
    assert path.stat().st_size == size
    add_pending(path, "list_loaded", {}, AT)
    assert path.stat().st_size > size


def test_names_are_codes(path: Path) -> None:
    for event, facts in (("Two words", {}), ("one", {"два": 1})):
        with pytest.raises(ValueError, match="codes"):
            add_pending(path, event, facts, AT)
    assert not path.exists()


def test_places_where_nothing_can_be_written_or_read(path: Path) -> None:
    path.mkdir(parents=True)
    assert code_of(lambda: read_pending(path)) == "events_unreadable"
    assert code_of(lambda: add_pending(path, "one", {}, AT)) == "disk_fault"
    assert code_of(lambda: drop_pending(path, read_pending(path.with_name("none")))) != ""
