"""The commission's way to take the day away: which sticks there are, the file written to one."""

from collections.abc import Callable
from dataclasses import dataclass

from station_app.devices.media import Medium
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import SpokenHash
from station_app.flow.exporting import export_day, recipients_of
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder
from station_app.flow.sticks import StickFinder, Sticks
from station_app.vault import PublicIdentity, StationFolder, Unlocked

Failed = Callable[[KnownError], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """The file on the stick of the name `where` holds the first `size` entries.

    `is_new` is False when it was there already, intact, and nothing has happened since.
    """

    where: str
    size: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is exported, and to whom it is sealed."""

    recorder: Recorder
    folder: StationFolder
    identity: PublicIdentity
    sealed_to: tuple[SpokenHash, ...]


def leaving(recorder: Recorder, folder: StationFolder, unlocked: Unlocked) -> Leaving | None:
    """What an unlocked station exports; None where nobody was named to seal results to.

    Raises `KnownError` as `recipients_of` does.
    """
    identity = unlocked.identity.public(unlocked.station)
    recipients = recipients_of(folder, identity)
    if not recipients:
        return None
    return Leaving(
        recorder,
        folder,
        identity,
        tuple(SpokenHash(one.name, one.words(), one.digits()) for one in recipients),
    )


class DayExport:
    """Used on the main thread, answers there.

    Media are looked at and written on the lane `files`: a stick that hangs holds up nobody at
    the desk, as it would on the journal's lane. `mend` is `Runner.mend`.
    """

    def __init__(
        self,
        parts: Leaving,
        lane: Lane,
        files: Lane,
        sticks: StickFinder,
        mend: Callable[[Callable[[], None]], None],
    ) -> None:
        self._parts, self._lane, self._files, self._sticks = parts, lane, files, sticks
        self._mend = mend

    @property
    def sealed_to(self) -> tuple[SpokenHash, ...]:
        """Who can open what is exported."""
        return self._parts.sealed_to

    def find(self) -> Sticks:
        """The sticks there are, and how much room the day needs; on the lane `files`."""
        folder = self._parts.folder
        papers = folder.papers.iterdir() if folder.papers.is_dir() else ()
        needed = sum(path.stat().st_size for path in (folder.journal, *papers))
        return self._sticks.find(needed)

    def export(self, to: Medium, done: Callable[[Taken], None], failed: Failed) -> None:
        """Write the day onto a stick. Fails as `refuse_pulled` and `export_day` do."""
        parts = self._parts

        def write() -> Taken:
            self._sticks.refuse_pulled(to)
            recorder, lane = parts.recorder, self._lane
            made = export_day(recorder, parts.folder, parts.identity, to.folder, lane.call)
            return Taken(to.name, made.size, made.is_new)

        self._mend(lambda: self._files.run(write, done, failed))
