"""Sticks to read from or write to; the station's own disk and its mirror are left out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from station_app.devices.media import Medium, mounted_media
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

SMALL_FILE: Final = 2_000_000
"""Room for a sheet or a table, bytes."""


_OF_MEDIUM: Final[Mapping[str, tuple[str, str]]] = {
    Code.DISK_FULL: (Code.MEDIUM_FULL, "is full. Take one with more room."),
    Code.NO_WRITE_PERMISSION: (Code.MEDIUM_READ_ONLY, "may not be written. Take another one."),
    Code.DISK_FAULT: (Code.MEDIUM_LOST, "does not answer. Put it in again, or take another one."),
}
"""Faults of writing, where it is not the station's own disk: code, and what to do."""


def fault_of_medium(fault: KnownError, place: Path) -> KnownError:
    """A fault of writing to a medium, said of it and not of the station's disk; others as they
    are."""
    if fault.code not in _OF_MEDIUM:
        return fault
    code, words = _OF_MEDIUM[fault.code]
    return KnownError(code, f"Nothing was written: {place} {words}")


class StickFault(StrEnum):
    """Why a stick cannot take a file."""

    READ_ONLY = "read_only"
    TOO_SMALL = "too_small"


@dataclass(frozen=True, slots=True)
class Sticks:
    """The sticks there are; `needed` are the bytes to be written, None to read only."""

    media: tuple[Medium, ...]
    needed: int | None = None

    def fault(self, medium: Medium) -> StickFault | None:
        """Why this one will not do, None where it will."""
        if self.needed is None:
            return None
        if not medium.is_writable:
            return StickFault.READ_ONLY
        return StickFault.TOO_SMALL if medium.free < self.needed else None

    @property
    def only(self) -> Medium | None:
        """The one that needs no choice: there is no other, and it will do."""
        one = self.media[0] if len(self.media) == 1 else None
        return one if one is not None and self.fault(one) is None else None


class StickFinder:
    """Asked on a lane: a stick may hang. `apart` are folders on media that nobody takes away."""

    def __init__(
        self, apart: Sequence[Path], media: Callable[[], Sequence[Medium]] = mounted_media
    ) -> None:
        self._apart, self._media = tuple(apart), media

    def find(self, needed: int | None) -> Sticks:
        """The sticks there are now."""
        return Sticks(
            tuple(
                one
                for one in self._media()
                if not any(own.is_relative_to(one.folder) for own in self._apart)
            ),
            needed,
        )

    def refuse_pulled(self, medium: Medium) -> None:
        """Raises `KnownError`: `medium_lost`, nothing is mounted there any more or it does not
        respond; `medium_exchanged`, another stick is in its place.

        A file written into a folder without its stick would stay on the station's own disk.
        """
        now = next((one for one in self._media() if one.folder == medium.folder), None)
        if now is None:
            raise KnownError(
                Code.MEDIUM_LOST,
                f"{medium.folder} is not mounted any more. Put the stick in again.",
            )
        if not now.is_same(medium):
            raise KnownError(
                Code.MEDIUM_EXCHANGED,
                f"Another stick is in the place of {medium.name} now. Choose one again.",
            )

    @contextmanager
    def writing(self, to: Medium) -> Iterator[None]:
        """Write small files to a chosen stick: it is in before and after, and a fault inside is
        said of it.

        Raises `KnownError` as `refuse_pulled` does, `medium_full`, `medium_read_only`.
        """
        self.refuse_pulled(to)
        try:
            yield
        except KnownError as fault:
            raise fault_of_medium(fault, to.folder) from fault
        self.refuse_pulled(to)
