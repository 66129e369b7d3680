"""The day's way out of a station: the journal and its papers, sealed to the commission."""

from pathlib import Path

from station_app.domain.entries import JournalExported
from station_app.journal import Journal
from station_app.journal.bundle import Day, Exported, export_bundle, read_papers
from station_app.vault import (
    IdentityKind,
    PublicIdentity,
    StationFolder,
    pinned,
    refuse_changed_pins,
)


def export_day(
    journal: Journal, folder: StationFolder, identity: PublicIdentity, to: Path
) -> Exported:
    """Write the whole journal and the folder's papers as one sealed file into `to`.

    Runs where the journal is used, on its lane. It is sealed to every recipient of results
    pinned when the station was set up; `identity` is the public part of the opened secrets.
    Afterwards the journal has one entry more, `journal_exported`; not where nothing was
    written because all is there.

    Raises `KnownError` as `refuse_changed_pins`, `pinned`, `read_papers`, `export_bundle` and
    `Journal.append` do.
    """
    refuse_changed_pins(folder, identity)
    recipients = [one for one in pinned(folder) if one.kind is IdentityKind.RECIPIENT]
    leaves = [record.leaf for record in journal.look.records(1, journal.size)]
    day = Day(journal.head.note, leaves, read_papers(folder.papers), identity)

    def write_down(size: int, sha256: str, recipient: str) -> None:
        journal.append(JournalExported(size=size, sha256=sha256, recipient=recipient))

    return export_bundle(to, day, recipients, write_down)
