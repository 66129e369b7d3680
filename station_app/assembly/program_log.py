"""The program's log: JSON lines in a bounded file, of codes and places in the code.

Nobody is in it: what others say (the message of an exception, of Qt, of a library) may hold a
person, and is left out (ADR 0040).
"""

import json
import logging
import os
import re
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Final

from station_app import __version__
from station_app.domain.errors import KnownError

FILE: Final = "station-app.log"
FIELDS: Final = ("code", "part", "cause", "place", "version")
"""What a record may carry in `extra`, each a word of the code's own."""

_OURS: Final = "station_app"
MOST_BYTES: Final = 256 * 1024
OLDER: Final = 3
"""Files before the newest: a megabyte in all, some thousand lines."""
_PATIENCE_S: Final = 0.5
_MOST_FRAMES: Final = 40
_MOST_CAUSES: Final = 5
_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,59}|Q\w{1,60}::\w{1,60}|[0-9]+(\.[0-9a-z]+){1,4}")

_log = logging.getLogger(__name__)


def keep_log(folder: Path | None = None) -> None:
    """Write the log to `folder` from now on, and nowhere else; without one, to the program's own.

    The folder and the file are made with the first line. A log that cannot be written stops
    nobody and says nothing.
    """
    root = logging.getLogger()
    for old in _kept():
        root.removeHandler(old)
    # On the root, so that no library finds a log without a handler and writes to the terminal.
    root.addHandler(_LogFile(folder))
    logging.getLogger(_OURS).setLevel(logging.INFO)


def log_start() -> None:
    """Begin the log of one run of the screens."""
    _log.info("started", extra={"version": __version__})


def written_log() -> Path | None:
    """The file with the last line; None where that could not be written, or no log is kept."""
    return next((one.written for one in _kept()), None)


def _kept() -> list["_LogFile"]:
    return [one for one in logging.getLogger().handlers if isinstance(one, _LogFile)]


class _LogFile(logging.Handler):
    """A file of this user's alone, opened for every line: a fault ends with the next one.

    Lines come from the main thread too, and most of them when a disk has failed: one that hangs
    holds up whoever writes for `_PATIENCE_S`, and the lines until it goes on are lost.
    """

    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self._folder = folder
        self._writer = Thread()
        self.written: Path | None = None
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, or nothing."""
        if self._writer.is_alive():
            return
        self.written = None
        line = self.format(record).encode() + b"\n"
        with suppress(RuntimeError):  # the process is ending
            self._writer = Thread(target=self._write, args=(line,), daemon=True)
            self._writer.start()
            self._writer.join(_PATIENCE_S)

    def _write(self, line: bytes) -> None:
        with suppress(OSError):
            path = (self._folder or _home()) / FILE
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size >= MOST_BYTES:
                _move_on(path)
            _append(path, line)
            self.written = path


def _home() -> Path:
    """Read when it is written to: a command that says only what there is does without."""
    from station_app.settings import station_home

    return station_home("log")


def _move_on(path: Path) -> None:
    """Begin a new file, and drop the oldest.

    A folder that lies in the place of an older file stays there, and the others share its part;
    where every place is taken, the newest file is the only one.
    """
    older = (path.with_name(f"{FILE}.{number}") for number in range(1, OLDER + 1))
    files = [path, *(place for place in older if place.is_symlink() or not place.is_dir())]
    for to, one in zip(files[:0:-1], files[-2::-1], strict=True):
        if one.exists():
            one.replace(to)
    path.unlink(missing_ok=True)


def _append(path: Path, line: bytes) -> None:
    """No link is followed, and no pipe without a reader waited for."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    handle = os.open(path, flags, 0o600)
    try:
        os.write(handle, line)
    finally:
        os.close(handle)


class JsonLines(logging.Formatter):
    """A record as one line of JSON: when, how bad, where, what, and the fields of `FIELDS`.

    `what` is one of our own words; records of libraries give only who wrote them, and where.
    Exceptions give their type, a known fault's code, and the frames.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line without its end."""
        is_ours = record.name == _OURS or record.name.startswith(f"{_OURS}.")
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "where": f"{record.name}:{record.lineno}",
            "what": _word(record.msg) if is_ours else "library_message",
        }
        line |= {name: _word(record.__dict__[name]) for name in FIELDS if name in record.__dict__}
        if record.exc_info and record.exc_info[1]:
            line["raised"] = [
                _told(one) for one in islice(_chain(record.exc_info[1]), _MOST_CAUSES)
            ]
        return json.dumps(line)


def _word(value: object) -> str:
    """Whatever is no word of the code's own is not written."""
    text = str(value)
    return text if _WORD.fullmatch(text) else "?"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, and those it came from."""
    at: BaseException | None = error
    while at is not None:
        yield at
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)


def _told(error: BaseException) -> dict[str, object]:
    told: dict[str, object] = {"type": type(error).__qualname__}
    if isinstance(error, KnownError):
        told["code"] = _word(error.code)
    return told | {"frames": _frames(error.__traceback__)}


def _frames(trace: TracebackType | None) -> list[str]:
    """Modules and lines, the last first; no path, which may name whose computer it is."""
    frames = [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
    ]
    return frames[: -_MOST_FRAMES - 1 : -1]
