"""What waited for a signature becomes entries of the journal, each once."""

from dataclasses import MISSING, fields
from typing import Final, get_args

from station_app.domain.entries import (
    EventsLeftOut,
    EventUnread,
    ImportedEvent,
    SettingsSigned,
    StationEvent,
)
from station_app.journal import Journal
from station_app.snapshots import Pending, PendingEvent

_CLASSES: Final[dict[str, type[StationEvent]]] = {
    cls.kind: cls
    for cls in get_args(StationEvent)
    # Told from the sealed marks alone, which nobody else writes.
    if cls is not SettingsSigned
}
_OWN: Final = {field.name for field in fields(ImportedEvent)}
_LONGEST: Final = 4096
_LARGEST: Final = 2**53 - 1  # of RFC 8785


def import_events(journal: Journal, pending: Pending, left_out: str = "") -> None:
    """Append every event that the journal does not have yet, in the order of the file.

    `left_out` is the hex SHA-256 of the file that has the lines beyond those. After a crash the
    same file may be imported again. Raises as `Journal.append` does.
    """
    entries: list[StationEvent | EventUnread | EventsLeftOut] = []
    entries += [_entry(event) for event in pending.events]
    entries += [EventUnread(_id(sha256), "", sha256) for sha256 in pending.scraps]
    if left_out:
        entries.append(EventsLeftOut(_id(left_out), "", len(pending.left_out), left_out))
    for entry in entries:
        if not journal.has_imported(entry.event_id):
            journal.append(entry)


def _id(sha256: str) -> str:
    """An id that the line itself cannot choose: two lines with one id are the same line."""
    return sha256[:16]


def _entry(event: PendingEvent) -> StationEvent | EventUnread:
    """The file is plain, and anybody may have written in it: what does not fit is not copied."""
    happened = event.at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    cls = _CLASSES.get(event.event)
    if cls is None or not _fits(cls, event):
        return EventUnread(_id(event.sha256), happened, event.sha256)
    return cls(_id(event.sha256), happened, **event.facts)  # type: ignore[arg-type]  # `_fits` has looked


def _fits(cls: type[StationEvent], event: PendingEvent) -> bool:
    own = [field for field in fields(cls) if field.name not in _OWN]
    wanted = {field.name: get_args(field.type) or (field.type,) for field in own}
    # A file of an older version lacks the fields that its kind has gained.
    gained = {field.name for field in own if field.default is not MISSING}
    names = event.facts.keys()
    return names in (wanted.keys(), wanted.keys() - gained) and all(
        type(fact) in wanted[name] and _can_be_written(fact) for name, fact in event.facts.items()
    )


def _can_be_written(fact: str | int) -> bool:
    if isinstance(fact, int):
        return abs(fact) <= _LARGEST
    return len(fact) <= _LONGEST and fact.isprintable()
