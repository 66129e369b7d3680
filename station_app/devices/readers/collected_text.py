"""One document out of a stream of text that nobody vouches for."""

from collections.abc import Callable
from typing import Final

from station_app.domain.documents import (
    MOST_CHARACTERS,
    DocumentRead,
    DocumentUnread,
    UnreadReason,
    document_in,
)

_QUIET_S: Final = 0.1
"""A line has ended, and nothing follows: readers send the lines of a zone without a pause."""
_HANGING_S: Final = 0.6
"""The rest may still come: a line has not ended, or a zone lacks lines."""
_LONGEST_S: Final = 10.0
"""The longest text takes half of it at 9,600 bits a second."""


class CollectedText:
    """Times are monotonic seconds, given by the caller. Never holds more than a document may.

    `understand` is called with a text that has ended, or may have.
    """

    def __init__(
        self, understand: Callable[[str], DocumentRead | DocumentUnread] = document_in
    ) -> None:
        self._understand = understand
        self._text = ""
        self._began = self._last = 0.0

    def add(self, text: str, now: float) -> None:
        """More has come."""
        if text and not self._text:
            self._began = now
        self._last = now
        self._text += text[: MOST_CHARACTERS + 1 - len(self._text)]

    def is_flood(self, now: float) -> bool:
        """Whether this goes on for longer than any document."""
        return bool(self._text) and now - self._began > _LONGEST_S

    def take(self, now: float) -> DocumentRead | DocumentUnread | None:
        """What the text says once it has ended, None before; white space alone says nothing."""
        quiet = now - self._last
        if not self._text or quiet < _QUIET_S:
            return None
        if not self._text.strip():
            self._text = ""
            return None
        is_hanging = not self._text.endswith(("\r", "\n"))
        if is_hanging and quiet < _HANGING_S:
            return None
        found = self._understand(self._text)
        if found == DocumentUnread(UnreadReason.MISREAD) and quiet < _HANGING_S:
            return None
        self._text = ""
        return found
