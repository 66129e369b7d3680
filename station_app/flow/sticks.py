"""Sticks to read from or write to; the station's own disk and its mirror are left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from station_app.devices.media import Medium, mounted_media
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

SMALL_FILE: Final = 2_000_000
"""Room for a sheet or a table, bytes."""


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
        """Raises `KnownError` `medium_lost`: nothing is mounted there any more.

        A file written into such a folder would stay on the station's own disk.
        """
        if all(one.folder != medium.folder for one in self._media()):
            raise KnownError(
                Code.MEDIUM_LOST,
                f"{medium.folder} is not mounted any more. Put the stick in again.",
            )
