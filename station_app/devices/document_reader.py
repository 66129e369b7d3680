"""What every document reader adapter does; `tests/devices` holds the conformance suite."""

from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from station_app.devices.finger_scanner import StopToken
from station_app.domain.documents import DocumentRead, DocumentUnread
from station_app.domain.samples import Stopped

ReadResult = DocumentRead | DocumentUnread | Stopped


@dataclass(frozen=True, slots=True)
class DocumentReaderInfo:
    """What a reader says of itself: one line of printable characters."""

    name: str


class DocumentReader(Protocol):
    """A reader of documents. All calls block and are made on its own lane only.

    `open` and `read` raise `DeviceLostError` `document_reader_lost` when the reader is not there,
    and `DeviceFaultError` when it is there but does not work (`document_reader_fault` where nothing
    closer is known). After either the reader may be closed and opened again.

    Whatever comes from a document is hostile text: it is bounded and parsed by
    `domain.documents.document_in`, and nothing else of it goes on.
    """

    @property
    def is_simulated(self) -> bool:
        """Whether this is no real device."""
        ...

    def open(self) -> DocumentReaderInfo:
        """Make the reader ready. What was read before does not count."""
        ...

    def read(self, stop: StopToken) -> ReadResult:
        """The next document; one that stays in the reader, or in its sight, counts once.

        Returns within 200 ms of `stop`, as `Stopped`.
        """
        ...

    def close(self) -> None:
        """Let the reader go; never raises, may be called twice."""
        ...


@runtime_checkable
class TakesKeystrokes(Protocol):
    """An extra ability: the reader types, and the desk gives it what was typed."""

    @property
    def gap_ms(self) -> int:
        """The longest pause between two of its characters; people are slower."""
        ...

    @property
    def listens(self) -> bool:
        """Whether the reader is open; keys are nobody's but the widgets' otherwise."""
        ...

    def typed(self, text: str) -> None:
        """Take what was typed; on any thread."""
        ...


AWAY_S: Final = 1.0
"""Seconds out of sight after which the same document counts again."""


class StillThere:
    """Tells a document that lies there from one that is shown again."""

    def __init__(self) -> None:
        self._last: DocumentRead | DocumentUnread | None = None
        self._seen = 0.0

    def is_new(self, document: DocumentRead | DocumentUnread, now: float) -> bool:
        """Whether it is another one, or was away for `AWAY_S`; `now` is monotonic seconds."""
        lies = document == self._last and now - self._seen < AWAY_S
        self._last, self._seen = document, now
        return not lies
