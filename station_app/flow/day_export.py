"""The day's way out of a station: the journal and its papers, sealed, written onto a stick."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from station_app.devices.media import Medium
from station_app.domain.entries import JournalExported
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import SpokenHash
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder
from station_app.flow.sticks import StickFinder, Sticks, fault_of_medium
from station_app.journal.bundle import DayToExport, ExportedBundle, export_bundle, read_papers
from station_app.vault import (
    IdentityKind,
    PublicIdentity,
    StationFolder,
    Unlocked,
    refuse_changed_pins,
)

Failed = Callable[[KnownError], None]
Result = TypeVar("Result")


def recipients_of(folder: StationFolder, identity: PublicIdentity) -> tuple[PublicIdentity, ...]:
    """Those to whom a station's results are sealed; `identity` is that of the opened secrets.

    Raises `KnownError` as `refuse_changed_pins` does.
    """
    pins = refuse_changed_pins(folder, identity)
    return tuple(one for one in pins if one.kind is IdentityKind.RECIPIENT)


class OnLane(Protocol):
    """Does `work` where the journal is used, and waits for it (`Lane.call`)."""

    def __call__(self, work: Callable[[], Result], /) -> Result: ...


def _here(work: Callable[[], Result]) -> Result:
    return work()


def export_day(
    recorder: Recorder,
    folder: StationFolder,
    identity: PublicIdentity,
    to: Path,
    on_lane: OnLane = _here,
    still_in: Callable[[], None] = lambda: None,
) -> ExportedBundle:
    """Write the whole journal and the folder's papers as one sealed file into `to`.

    With `on_lane` it runs beside the journal's lane, which no medium can hold up then. `still_in`
    raises where the medium is not the one that was chosen any more; it is asked once the file is
    written, before anything says so. It is sealed to every recipient of results pinned when the
    station was set up; `identity` is the public part of the opened secrets. Afterwards the
    journal has one entry more, `journal_exported`; not where nothing was written because all is
    there, and not a journal that has ended.

    Raises `KnownError` as `refuse_changed_pins`, `read_papers`, `export_bundle` and
    `Recorder.append` do; a fault of the medium as `medium_full`, `medium_read_only` or
    `medium_lost`.
    """
    recipients, journal = recipients_of(folder, identity), recorder.journal

    def read() -> tuple[str, list[bytes]]:
        return journal.head.note, [one.leaf for one in journal.look.records(1, journal.size)]

    note, leaves = on_lane(read)
    day = DayToExport(note, leaves, read_papers(folder.papers), identity)
    is_on_medium = False

    def write_down(size: int, sha256: str, recipient: str) -> None:
        nonlocal is_on_medium
        still_in()
        is_on_medium = True
        entry = JournalExported(size=size, sha256=sha256, recipient=recipient)
        on_lane(lambda: None if journal.look.is_ended else recorder.append(entry))

    try:
        return export_bundle(to, day, recipients, write_down)
    except KnownError as fault:
        if is_on_medium:
            raise
        raise fault_of_medium(fault, to) from fault


@dataclass(frozen=True, slots=True)
class ExportedDay:
    """The file on the stick of the name `where` holds the first `size` entries.

    `is_new` is False when it was there already, intact, and nothing has happened since.
    """

    where: str
    size: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class ExportParts:
    """The exported parts of a station, and the recipients they are sealed to."""

    recorder: Recorder
    folder: StationFolder
    identity: PublicIdentity
    sealed_to: tuple[SpokenHash, ...]


def export_parts(
    recorder: Recorder, folder: StationFolder, unlocked: Unlocked
) -> ExportParts | None:
    """The parts an unlocked station exports; None without a recipient of results.

    Raises `KnownError` as `recipients_of` does.
    """
    identity = unlocked.identity.public(unlocked.station)
    recipients = recipients_of(folder, identity)
    if not recipients:
        return None
    return ExportParts(
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
        parts: ExportParts,
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

    def export(self, to: Medium, done: Callable[[ExportedDay], None], failed: Failed) -> None:
        """Write the day onto a stick. Fails as `refuse_pulled` and `export_day` do."""
        parts = self._parts

        def write() -> ExportedDay:
            def still_in() -> None:
                self._sticks.refuse_pulled(to)

            still_in()
            recorder, lane = parts.recorder, self._lane
            made = export_day(
                recorder, parts.folder, parts.identity, to.folder, lane.call, still_in
            )
            if not made.is_new:  # a new file has been asked about before it was written down
                still_in()
            return ExportedDay(to.name, made.size, made.is_new)

        self._mend(lambda: self._files.run(write, done, failed))
