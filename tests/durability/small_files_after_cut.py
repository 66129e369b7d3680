"""What a station's small files must be after a power cut."""

from datetime import UTC, datetime
from pathlib import Path

from station_app.domain.errors import KnownError
from station_app.snapshots import add_pending, read_pending
from station_app.snapshots.pending_events import PendingEvents
from station_app.vault import load_or_create_key

KEY = "keys/journal.key"
FILE = "head"
EVENTS = "station/pending-events.jsonl"
AFTER = 10**6
AT = datetime(2026, 10, 3, 9, 30, tzinfo=UTC)


def file_content(number: int) -> bytes:
    """What the file is replaced by: over sectors, of another length each time."""
    return f"content {number}\n".encode() * (100 + 17 * (number % 7))


def event_numbers(pending: PendingEvents) -> list[int]:
    """The numbers of the events that wait."""
    return [int(event.facts["number"]) for event in pending.events]


def judge(disk: Path, said: str) -> str:
    """What is wrong with the files after this was said, "" for nothing."""
    told = [line.split() for line in said.splitlines()]
    try:
        return _key_fault(disk, told) or _file_fault(disk, told) or _events_fault(disk, told)
    except KnownError as error:
        return f"{error.code}: {error.message}"


def _highest(told: list[list[str]], word: str) -> int:
    return max((int(words[1]) for words in told if words[0] == word), default=0)


def _key_fault(disk: Path, told: list[list[str]]) -> str:
    """A key that was told is there; where none was, one is found whole or made."""
    keys = {words[1] for words in told if words[0] == "key"}
    assert len(keys) < 2
    found = load_or_create_key(disk / KEY).reveal().hex()
    return "" if not keys or found in keys else "lost: the key is another one"


def _file_fault(disk: Path, told: list[list[str]]) -> str:
    least = _highest(told, "file")
    path = disk / FILE
    if not path.exists():
        return f"lost: no file after {least}" if least else ""
    content = path.read_bytes()
    later = range(least or 1, least + 200)
    if not any(content == file_content(number) for number in later):
        return f"lost or half: the file after {least}"
    return ""


def _events_fault(disk: Path, told: list[list[str]]) -> str:
    """Told events wait until they may be dropped; one more can follow them."""
    dropped = _highest(told, "dropped")
    gone = _highest(told, "dropping")
    least = [int(words[1]) for words in told if words[0] == "event" and int(words[1]) > gone]
    path = disk / EVENTS
    add_pending(path, "list_loaded", {"number": AFTER}, AT)
    pending = read_pending(path)
    found = event_numbers(pending)
    if found[-1] != AFTER:
        return "lost: the event after the cut"
    if pending.unreadable > 1:
        return "half: more than one event that was cut off"
    if not set(least) <= set(found):
        return f"lost: events {sorted(set(least) - set(found))}"
    if found != sorted(set(found)) or found[0] <= dropped:
        return "events are repeated, or dropped ones are there again"
    return ""
