"""What Python raises for content that somebody has made for it, as the refusal of one source."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from station_app.centre.collecting.server import is_not_storable
from station_app.domain.errors import KnownError

_RAISED: Final = (ValueError, OverflowError, RecursionError, MemoryError)
"""By texts that are none, numbers and times out of range, deep nesting and huge members. Others,
as `TypeError`, are faults of this program and are not hidden here."""


@contextmanager
def refusing_hostile() -> Iterator[None]:
    """Around everything that parses a source or stores what it says.

    Raises `KnownError` `log_unreadable`.
    """
    try:
        yield
    except Exception as fault:
        if isinstance(fault, _RAISED) or is_not_storable(fault):
            raise KnownError(
                "log_unreadable",
                "The source holds what is no entry or cannot be kept, so it was not collected. "
                "Keep it and ask the developers.",
            ) from fault
        raise
