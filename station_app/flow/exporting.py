"""The day's way out of a station: the journal and its papers, sealed to the commission."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol, TypeVar

from station_app.domain.entries import JournalExported
from station_app.domain.errors import KnownError
from station_app.flow.recorder import Recorder
from station_app.journal.bundle import DayToExport, ExportedBundle, export_bundle, read_papers
from station_app.vault import (
    IdentityKind,
    PublicIdentity,
    StationFolder,
    refuse_changed_pins,
)

_OF_MEDIUM: Final[Mapping[str, tuple[str, str]]] = {
    "disk_full": ("medium_full", "is full. Take one with more room."),
    "no_write_permission": ("medium_read_only", "may not be written. Take another one."),
    "disk_fault": ("medium_lost", "does not answer. Put it in again, or take another one."),
}
"""Faults of writing, where it is not the station's own disk: code, and what to do."""


def recipients_of(folder: StationFolder, identity: PublicIdentity) -> tuple[PublicIdentity, ...]:
    """Those to whom a station's results are sealed; `identity` is that of the opened secrets.

    Raises `KnownError` as `refuse_changed_pins` does.
    """
    pins = refuse_changed_pins(folder, identity)
    return tuple(one for one in pins if one.kind is IdentityKind.RECIPIENT)


Result = TypeVar("Result")


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
) -> ExportedBundle:
    """Write the whole journal and the folder's papers as one sealed file into `to`.

    With `on_lane` it runs beside the journal's lane, which no medium can hold up then. It is
    sealed to every recipient of results pinned when the station was set up; `identity` is the
    public part of the opened secrets. Afterwards the journal has one entry more,
    `journal_exported`; not where nothing was written because all is there, and not a journal that
    has ended.

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
        is_on_medium = True
        entry = JournalExported(size=size, sha256=sha256, recipient=recipient)
        on_lane(lambda: None if journal.look.is_ended else recorder.append(entry))

    try:
        return export_bundle(to, day, recipients, write_down)
    except KnownError as fault:
        if is_on_medium or fault.code not in _OF_MEDIUM:
            raise
        code, words = _OF_MEDIUM[fault.code]
        raise KnownError(code, f"Nothing was exported: {to} {words}") from fault
