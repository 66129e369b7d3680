"""What the system's print service (CUPS) says of its printers and jobs.

Asked over IPP (RFC 8010, RFC 8011; operations from 0x4001 are CUPS's own), because the service's
commands print sentences: `lpstat` shows a finished job and a cancelled one alike.
"""

import http.client
import os
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from urllib.parse import quote

from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError

_SOCKET: Final = "/run/cups/cups.sock"
_PATIENCE_S: Final = 5.0
_MOST_BYTES: Final = 1 << 18
_MOST_PRINTERS: Final = 32

_GET_JOB, _GET_PRINTER, _GET_DEFAULT, _GET_PRINTERS = 0x0009, 0x000B, 0x4001, 0x4002
_OPERATION, _END, _PRINTER_GROUP = 0x01, 0x03, 0x04
_FIRST_VALUE: Final = 0x10
_INTEGER, _BOOLEAN, _ENUM, _KEYWORD, _URI = 0x21, 0x22, 0x23, 0x44, 0x45
_CHARSET, _LANGUAGE = 0x47, 0x48
_OK, _NOT_FOUND = range(0x0100), 0x0406


class JobState(IntEnum):
    """RFC 8011, 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELLED = 7
    ABORTED = 8
    COMPLETED = 9

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of the job."""
        return self >= JobState.CANCELLED


@dataclass(frozen=True, slots=True)
class Job:
    """A job; `pages` were made ready by the service, which says nothing of paper."""

    state: JobState
    pages: int


@dataclass(frozen=True, slots=True)
class PagePrinter:
    """A printer. `reasons` are the `printer-state-reasons` of RFC 8011, 5.4.12."""

    name: str
    is_stopped: bool
    is_accepting: bool
    reasons: frozenset[str]


Value = int | str
_Group = tuple[int, Mapping[str, Sequence[Value]]]


class PrintService:
    """Its socket, or where `CUPS_SERVER` says. All calls take seconds at most.

    They raise `DeviceFaultError` `page_printer_fault` where the service does not answer.
    """

    def printers(self) -> tuple[PagePrinter, ...]:
        """All printers there are, by name."""
        groups = self._ask(_GET_PRINTERS, {}, _PRINTER_FACTS)
        found = [_printer(facts) for tag, facts in groups if tag == _PRINTER_GROUP]
        known = sorted((one for one in found if one.name), key=lambda one: one.name)
        return tuple(known[:_MOST_PRINTERS])

    def default(self) -> str:
        """The name of the default printer, empty where there is none."""
        groups = self._ask(_GET_DEFAULT, {}, ("printer-name",))
        return next((_text(facts, "printer-name") for tag, facts in groups
                     if tag == _PRINTER_GROUP), "")  # fmt: skip

    def printer(self, name: str) -> PagePrinter | None:
        """One printer, None where there is none of this name."""
        uri = f"ipp://localhost/printers/{quote(name, safe='')}"
        for tag, facts in self._ask(_GET_PRINTER, {"printer-uri": uri}, _PRINTER_FACTS):
            if tag == _PRINTER_GROUP:
                return _printer(facts)
        return None

    def job(self, number: int) -> Job | None:
        """A job, None where the service knows none of this number."""
        uri = {"job-uri": f"ipp://localhost/jobs/{number}"}
        for _, facts in self._ask(_GET_JOB, uri, ("job-state", "job-impressions-completed")):
            state = _number(facts, "job-state")
            if state in JobState.__members__.values():
                return Job(JobState(state), _number(facts, "job-impressions-completed"))
        return None

    def _ask(
        self, operation: int, uri: Mapping[str, str], wanted: Sequence[str]
    ) -> Sequence[_Group]:
        """The groups of the answer; none where what was asked for is not there."""
        request = _request(operation, uri, wanted)
        try:
            with closing(_connection()) as connection:
                connection.request("POST", "/", request, {"Content-Type": "application/ipp"})
                with connection.getresponse() as answer:
                    data = answer.read(_MOST_BYTES + 1)
            if answer.status != http.client.OK or len(data) > _MOST_BYTES:
                raise _no_service()
            status, groups = _parsed(data)
        except (OSError, http.client.HTTPException, ValueError, struct.error) as error:
            raise _no_service() from error
        if status == _NOT_FOUND:
            return ()
        if status not in _OK:
            raise _no_service()
        return groups


_PRINTER_FACTS: Final = (
    "printer-name",
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
)
_PRINTER_STOPPED: Final = 5


def _printer(facts: Mapping[str, Sequence[Value]]) -> PagePrinter:
    return PagePrinter(
        _text(facts, "printer-name"),
        _number(facts, "printer-state") == _PRINTER_STOPPED,
        _number(facts, "printer-is-accepting-jobs") != 0,
        frozenset(one for one in facts.get("printer-state-reasons", ()) if isinstance(one, str)),
    )


def _text(facts: Mapping[str, Sequence[Value]], name: str) -> str:
    return next((one for one in facts.get(name, ()) if isinstance(one, str)), "")


def _number(facts: Mapping[str, Sequence[Value]], name: str) -> int:
    return next((one for one in facts.get(name, ()) if isinstance(one, int)), 0)


def _no_service() -> DeviceFaultError:
    return DeviceFaultError(
        Code.PAGE_PRINTER_FAULT,
        "The print service does not answer. Start it (systemctl start cups), then print again.",
    )


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_PATIENCE_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _connection() -> http.client.HTTPConnection:
    server = os.environ.get("CUPS_SERVER", "") or _SOCKET
    if server.startswith("/"):
        return _SocketConnection(server)
    return http.client.HTTPConnection(server, timeout=_PATIENCE_S)


def _request(operation: int, uri: Mapping[str, str], wanted: Sequence[str]) -> bytes:
    parts = [
        struct.pack(">BBHIB", 2, 0, operation, 1, _OPERATION),
        _attribute(_CHARSET, "attributes-charset", "utf-8"),
        _attribute(_LANGUAGE, "attributes-natural-language", "en-us"),
        *(_attribute(_URI, name, value) for name, value in uri.items()),
    ]
    for place, name in enumerate(wanted):  # further values of one attribute have no name
        parts.append(_attribute(_KEYWORD, "" if place else "requested-attributes", name))
    return b"".join((*parts, bytes((_END,))))


def _attribute(tag: int, name: str, value: str) -> bytes:
    key, data = name.encode(), value.encode()
    return struct.pack(">BH", tag, len(key)) + key + struct.pack(">H", len(data)) + data


def _parsed(data: bytes) -> tuple[int, Sequence[_Group]]:
    """The status and the groups of attributes; raises `ValueError` and `struct.error`."""
    (status,) = struct.unpack_from(">H", data, 2)
    groups: list[tuple[int, dict[str, list[Value]]]] = []
    for tag, name, value in _tags(data, 8):
        if tag < _FIRST_VALUE:
            groups.append((tag, {}))
            values: list[Value] = []
        elif groups:
            if name:
                values = groups[-1][1].setdefault(name, [])
            values.append(_value(tag, value))
    return status, groups


def _tags(data: bytes, at: int) -> Iterator[tuple[int, str, bytes]]:
    """Each tag with its name and value; a group's has neither. Raises where the end is missing."""
    while (tag := data[at] if at < len(data) else -1) != _END:
        if tag < 0:
            raise ValueError("the answer was cut short")
        at += 1
        if tag < _FIRST_VALUE:
            yield tag, "", b""
            continue
        parts = []
        for _ in range(2):
            (size,) = struct.unpack_from(">H", data, at)
            at += 2 + size
            if at > len(data):
                raise ValueError("the answer was cut short")
            parts.append(data[at - size : at])
        yield tag, parts[0].decode("ascii", "replace"), parts[1]


def _value(tag: int, value: bytes) -> Value:
    if tag in (_INTEGER, _ENUM):
        return int(struct.unpack(">i", value)[0])
    if tag == _BOOLEAN:
        return int(value != b"\0")
    text = value[:256].decode("utf-8", "replace")
    return "".join(filter(str.isprintable, text))
