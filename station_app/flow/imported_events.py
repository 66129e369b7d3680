"""What waited for a signature becomes entries of the journal, each once."""

from contextlib import suppress
from typing import Final

from station_app.domain.entries import (
    KINDS,
    EventsLeftOut,
    EventUnread,
    ImportedEvent,
    SettingsSigned,
)
from station_app.journal import Journal
from station_app.snapshots import Pending, PendingEvent

_NOT_FROM_LINES: Final = (EventUnread, EventsLeftOut, SettingsSigned)
"""The import's own; signed settings are told from the sealed marks, which nobody else writes."""
_CLASSES: Final = {
    kind: cls
    for kind, cls in KINDS.items()
    if issubclass(cls, ImportedEvent) and cls not in _NOT_FROM_LINES
}
_LONGEST: Final = 4096


def import_events(journal: Journal, pending: Pending, left_out: str = "") -> None:
    """Append every event that the journal does not have yet, in the order of the file.

    `left_out` is the hex SHA-256 of the file that has the lines beyond those. After a crash the
    same file may be imported again. Raises as `Journal.append` does.
    """
    entries: list[ImportedEvent] = []
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


def _entry(event: PendingEvent) -> ImportedEvent:
    """The file is plain, and anybody may have written in it: what does not fit is not copied."""
    happened = event.at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    own = {"event_id": _id(event.sha256), "happened": happened}
    cls = _CLASSES.get(event.event)
    if cls and own.keys().isdisjoint(event.facts) and all(map(_is_short, event.facts.values())):
        with suppress(ValueError):
            return cls(**cls.about.read({**own, **event.facts}))
    return EventUnread(**own, sha256=event.sha256)


def _is_short(fact: str | int) -> bool:
    return isinstance(fact, int) or (len(fact) <= _LONGEST and fact.isprintable())
