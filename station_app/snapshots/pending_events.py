"""Events of a station that nobody could sign when they happened (ADR 0011).

The station's log key is sealed until two persons unlock it, and a technician sets the
station up and loads its list before that. Until then events stand in a plain file, one
line of canonical JSON each; at unlock they become signed entries of the journal and are
dropped here. Nothing relies on the file: which list is loaded is in the signed head, and
each load names the head it put in place. Anybody may have written in it, so one unlocking takes
a bounded number of lines, and no line chooses the id it is imported under.
"""

import errno
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import rfc8785

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person
from station_app.snapshots.loaded import locked
from station_app.vault import (
    Proof,
    StationFolder,
    make_folder,
    read_regular,
    replace_file,
    sync_folder,
    write_fault,
)

_NAME: Final = re.compile(r"[a-z0-9_]{1,64}")
_ID: Final = re.compile(r"[0-9a-f]{16}")
_STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"
_ENOUGH_BYTES: Final = 256 * 1024
"""Beyond this, what changes nothing (a refusal) is not written any more."""
_MOST_BYTES: Final = 16 * 1024 * 1024
MOST_LINES: Final = 200
"""Lines that one unlocking writes down; a station at work has a handful."""

Facts = Mapping[str, str | int]

PersonEvent = Literal["person_added", "person_removed", "passphrase_replaced"]


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """One event; `at` is in UTC, `sha256` the hex digest of its line.

    The line has an `id` of 16 random hex digits, so that no two lines are the same.
    """

    at: datetime
    event: str
    facts: Facts
    sha256: str


@dataclass(frozen=True, slots=True)
class PendingEvents:
    """The events of a file in their order, the hex SHA-256 of its lines that are none, the
    lines beyond `MOST_LINES`, the file's size in bytes. Events come before what is none.
    """

    events: tuple[PendingEvent, ...]
    scraps: tuple[str, ...]
    left_out: tuple[bytes, ...]
    size: int

    @property
    def unreadable(self) -> int:
        """How many lines are no event, or too many."""
        return len(self.scraps) + len(self.left_out)


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


def read_pending(path: Path) -> PendingEvents:
    """The events that wait for an unlock. Raises `KnownError` `events_unreadable`."""
    content = _content(path)
    found = [(line, _read(line)) for line in content.splitlines() if line]
    good = [(line, event) for line, event in found if event is not None]
    bad = [line for line, event in found if event is None]
    room = max(MOST_LINES - len(good), 0)
    return PendingEvents(
        events=tuple(event for _, event in good[:MOST_LINES]),
        scraps=tuple(_sha256(line) for line in bad[:room]),
        left_out=(*(line for line, _ in good[MOST_LINES:]), *bad[room:]),
        size=len(content),
    )


def keep_left_out(path: Path, pending: PendingEvents) -> str:
    """Put the lines that are too many into a file beside `path`; the hex SHA-256 of that file.

    It is on the disk when this returns, under a name that its content gives. Raises `KnownError`
    as `write_fault` says.
    """
    content = b"".join(line + b"\n" for line in pending.left_out)
    digest = _sha256(content)
    replace_file(path.with_name(f"left-out-{digest[:16]}.jsonl"), content)
    return digest


def drop_pending(path: Path, imported: PendingEvents) -> None:
    """Drop what has been read, once the journal has it; later events stay.

    Raises `KnownError` as `write_fault` says.
    """
    try:
        with locked(_lock(path)):
            rest = _content(path)[imported.size :]
            if rest:
                replace_file(path, rest)
            else:
                path.unlink(missing_ok=True)
                sync_folder(path.parent)
    except OSError as error:
        raise write_fault(error, path) from error


def _content(path: Path) -> bytes:
    try:
        return read_regular(path, _MOST_BYTES)
    except FileNotFoundError:
        return b""
    except (OSError, KnownError) as error:
        raise KnownError(
            Code.EVENTS_UNREADABLE,
            f"{path} cannot be read: it is no plain file, too large, or another user's. Start "
            "the program as the user it belongs to, or move it away and tell the commission.",
        ) from error


def _append(path: Path, line: bytes, may_be_left_out: bool) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
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
            at=datetime.strptime(values["at"], _STAMP).replace(tzinfo=UTC),
            event=values["event"],
            facts=values["facts"],
            sha256=_sha256(line),
        )
        names = (event.event, *event.facts)
        are_plain = all(type(fact) in (str, int) for fact in event.facts.values())
        good = _ID.fullmatch(values["id"]) and all(map(_NAME.fullmatch, names)) and are_plain
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return event if good else None


def _sha256(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _lock(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def note_person(
    folder: StationFolder,
    event: PersonEvent,
    person: Person,
    by: Iterable[Proof],
    now: datetime,
    *,
    from_file: bool = False,
) -> None:
    """Note who was changed and who agreed, until the next unlocking signs it.

    `from_file` says that a new passphrase was not typed. Raises `KnownError` as `add_pending`.
    """
    facts: dict[str, str | int] = {
        "by": " ".join(one.person_id for one in by),
        "person": person.id,
        "role": person.role.value,
    }
    if event != "person_removed":
        facts["typed"] = int(not from_file)
    add_pending(folder.pending_events, event, facts, now)
