"""The text of one document out of a stream of bytes that nobody vouches for."""

from typing import Final

from station_app.domain.documents import MOST_CHARACTERS

_QUIET_S: Final = 0.15
"""A line has ended, and nothing follows: readers send the lines of a zone without a pause."""
_HANGING_S: Final = 0.6
"""A line has not ended: it was cut off, or this reader ends none."""
_LONGEST_S: Final = 10.0
"""The longest text takes half of it at 9,600 bits a second."""


class CollectedText:
    """Times are monotonic seconds, given by the caller. Never holds more than a document may."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._began = self._last = 0.0

    def add(self, data: bytes, now: float) -> None:
        """More has come."""
        if data and not self._data:
            self._began = now
        self._last = now
        self._data += data[: MOST_CHARACTERS + 1 - len(self._data)]

    def is_flood(self, now: float) -> bool:
        """Whether this goes on for longer than any document."""
        return bool(self._data) and now - self._began > _LONGEST_S

    def take(self, now: float) -> str | None:
        """The text once it has ended, None before; white space alone is none.

        A text that was too long is one character longer than `MOST_CHARACTERS`.
        """
        has_ended = self._data.endswith((b"\r", b"\n"))
        if not self._data or now - self._last < (_QUIET_S if has_ended else _HANGING_S):
            return None
        text = self._data.decode("latin-1")  # digits and zones are ASCII; no byte is refused
        self._data.clear()
        return text if text.strip() else None
