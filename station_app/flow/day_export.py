"""The commission's way to take the day away: which media there are, the file written to one."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from station_app.devices.media import mounted_media
from station_app.domain.errors import KnownError
from station_app.domain.readiness import Compared
from station_app.flow.day_papers import known
from station_app.flow.exporting import export_day, recipients_of
from station_app.flow.lane import Lane
from station_app.journal import Journal
from station_app.vault import PublicIdentity, StationFolder, Unlocked

Failed = Callable[[KnownError], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """The file on a medium of the name `where` holds the first `size` entries.

    `is_new` is False when it was there already, intact, and nothing has happened since.
    """

    where: str
    size: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is exported, and to whom it is sealed; `apart` are folders whose media are the
    station's own (its disk, its mirror), which nobody takes away.
    """

    journal: Journal
    folder: StationFolder
    identity: PublicIdentity
    sealed_to: tuple[Compared, ...]
    apart: tuple[Path, ...]


def leaving(
    journal: Journal, folder: StationFolder, unlocked: Unlocked, mirror: str
) -> Leaving | None:
    """What an unlocked station exports; None where nobody was named to seal results to.

    Raises `KnownError` as `recipients_of` does.
    """
    identity = unlocked.identity.public(unlocked.station)
    recipients = recipients_of(folder, identity)
    if not recipients:
        return None
    return Leaving(
        journal,
        folder,
        identity,
        tuple(Compared(one.name, one.words(), one.digits()) for one in recipients),
        (folder.root.absolute(), *([Path(mirror)] if mirror else [])),
    )


class DayExport:
    """Used on the main thread, answers there.

    Media are looked at and written on the lane `files`: a stick that hangs holds up nobody at
    the desk, as it would on the journal's lane.
    """

    def __init__(
        self,
        parts: Leaving,
        lane: Lane,
        files: Lane,
        media: Callable[[], Sequence[Path]] = mounted_media,
    ) -> None:
        self._parts, self._lane, self._files, self._media = parts, lane, files, media

    @property
    def sealed_to(self) -> tuple[Compared, ...]:
        """Who can open what is exported."""
        return self._parts.sealed_to

    def find(self, done: Callable[[tuple[Path, ...]], None], failed: Failed) -> None:
        """The media that can take the file, by name."""
        self._files.run(lambda: _free(self._media(), self._parts.apart), done, known(failed))

    def export(self, to: Path, done: Callable[[Taken], None], failed: Failed) -> None:
        """Write the day into a folder of a medium. Fails as `export_day` does."""
        parts = self._parts

        def write() -> Taken:
            made = export_day(parts.journal, parts.folder, parts.identity, to, self._lane.call)
            return Taken(to.name or str(to), made.size, made.is_new)

        self._files.run(write, done, known(failed))


def _free(media: Iterable[Path], apart: Sequence[Path]) -> tuple[Path, ...]:
    return tuple(
        one
        for one in media
        if os.access(one, os.W_OK) and not any(own.is_relative_to(one) for own in apart)
    )
