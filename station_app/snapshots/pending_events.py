"""What happened to a station while nobody could sign it (ADR 0011).

The station's log key is sealed until two persons unlock it, and a technician sets the
station up and loads its list before that. Until then events stand in a plain file, one
line of canonical JSON each; at unlock they become signed entries of the journal and are
dropped here. Nothing relies on the file: which list is loaded is in the signed head, and
each load names the head it put in place.
"""

import errno
import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import rfc8785

from station_app.domain.errors import KnownError
from station_app.snapshots.locks import locked
from station_app.vault import make_folder, replace_file, sync_folder, write_fault

_NAME: Final = re.compile(r"[a-z0-9_]{1,64}")
_ID: Final = re.compile(r"[0-9a-f]{16}")
_STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"
_ENOUGH_BYTES: Final = 256 * 1024
"""Beyond this, what changes nothing (a refusal) is not written any more."""

Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """One event: `id` is 16 hex digits, so that it is imported once; `at` is in UTC.

    `sha256` is the hex digest of its line.
    """

    id: str
    at: datetime
    event: str
    facts: Facts
    sha256: str


@dataclass(frozen=True, slots=True)
class Pending:
    """The events of a file in their order, the hex SHA-256 of its lines that are none, its
    size in bytes.
    """

    events: tuple[PendingEvent, ...]
    scraps: tuple[str, ...]
    size: int

    @property
    def unreadable(self) -> int:
        """How many lines are no event."""
        return len(self.scraps)


def add_pending(
    path: Path, event: str, facts: Facts, at: datetime, *, may_be_left_out: bool = False
) -> None:
    """Write one event; it is on the disk when this returns.

    `event` and the names of `facts` are codes. Raises `KnownError` as `write_fault` says.
    """
    if not all(_NAME.fullmatch(name) for name in (event, *facts)):
        raise ValueError("an event and its facts are named by codes")
    line = rfc8785.dumps(
        {
            "at": at.astimezone(UTC).strftime(_STAMP),
            "event": event,
            "facts": dict(facts),
            "id": secrets.token_hex(8),
        }
    )
    try:
        make_folder(path.parent)
        with locked(_lock(path)):
            _append(path, line + b"\n", may_be_left_out)
    except OSError as error:
        raise write_fault(error, path) from error


def read_pending(path: Path) -> Pending:
    """The events that wait for an unlock. Raises `KnownError` `events_unreadable`."""
    try:
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise KnownError(
            "events_unreadable",
            f"{path} cannot be read. Start the program as the user it belongs to.",
        ) from error
    lines = [line for line in content.splitlines() if line]
    found = [(line, _read(line)) for line in lines]
    events = tuple(event for _, event in found if event is not None)
    scraps = tuple(_sha256(line) for line, event in found if event is None)
    return Pending(events, scraps, len(content))


def drop_pending(path: Path, imported: Pending) -> None:
    """Drop what has been read, once the journal has it; later events stay.

    Raises `KnownError` as `write_fault` says.
    """
    try:
        with locked(_lock(path)):
            rest = path.read_bytes()[imported.size :] if path.exists() else b""
            if rest:
                replace_file(path, rest)
            else:
                path.unlink(missing_ok=True)
                sync_folder(path.parent)
    except OSError as error:
        raise write_fault(error, path) from error


def _append(path: Path, line: bytes, may_be_left_out: bool) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        if may_be_left_out and size > _ENOUGH_BYTES:
            return
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line  # a line that was cut off stays one of its own
        try:
            _write_durably(handle, line)
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    # Not only for a new file: a process cut off while it dropped events may have left the
    # file under a name that is not on the disk yet.
    sync_folder(path.parent)


def _write_durably(handle: int, line: bytes) -> None:
    if os.write(handle, line) < len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(handle)


def _read(line: bytes) -> PendingEvent | None:
    try:
        values = json.loads(line)
        event = PendingEvent(
            id=values["id"],
            at=datetime.strptime(values["at"], _STAMP).replace(tzinfo=UTC),
            event=values["event"],
            facts=values["facts"],
            sha256=_sha256(line),
        )
        names = (event.event, *event.facts)
        are_plain = all(type(fact) in (str, int) for fact in event.facts.values())
        good = _ID.fullmatch(event.id) and all(map(_NAME.fullmatch, names)) and are_plain
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return event if good else None


def _sha256(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _lock(path: Path) -> Path:
    return path.with_name(path.name + ".lock")
