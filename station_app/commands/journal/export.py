"""`station-app journal export`: the day as one sealed file on a medium."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.answers import answering
from station_app.commands.journal.sources import Json, PassphraseDir, refuse_other_file
from station_app.commands.two_persons import MemberId, OperatorId, opened_by_two
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.flow.day_export import export_day
from station_app.flow.recorder import Recorder
from station_app.journal import Journal
from station_app.journal.bundle import ExportedBundle
from station_app.journal.stored_log import stored_origin
from station_app.vault import StationFolder, Unlocked


def export(
    file: Annotated[Path, typer.Argument(help="A live station's journal, e.g. .../journal.db")],
    to: Annotated[Path, typer.Option(help="Folder on the medium that takes the file.")],
    operator: OperatorId = "",
    member: MemberId = "",
    passphrase_dir: PassphraseDir = None,
    as_json: Json = False,
) -> None:
    """Write the journal and the day's papers as one file, sealed to the commission.

    An operator and a member open the station. The file holds everything from the first
    entry on, so that the latest one suffices; it is read back from the medium before it
    counts. Where all is there already, nothing is written. Ends with 0, or with 1 and the
    reason.
    """
    folder = StationFolder.of_journal(file)
    with answering(as_json, exported=False):
        _refuse_other(file, folder)
        with opened_by_two(folder, operator, member, passphrase_dir) as (_, unlocked):
            exported = _exported(file, folder, unlocked, to)
    if as_json:
        facts = {"path": str(exported.path), "size": exported.size, "sha256": exported.sha256}
        typer.echo(
            json.dumps(
                {"exported": True, "is_new": exported.is_new, "is_proven": exported.is_proven}
                | facts
            )
        )
    else:
        typer.echo(_sentences(exported))


def _exported(file: Path, folder: StationFolder, unlocked: Unlocked, to: Path) -> ExportedBundle:
    origin, signer = stored_origin(file, unlocked.journal_key), unlocked.identity.signer()
    recorder = Recorder(
        Journal.open(file, unlocked.journal_key, signer, origin, lambda: datetime.now(UTC))
    )
    with closing(recorder):
        return export_day(recorder, folder, unlocked.identity.public(unlocked.station), to)


def _refuse_other(file: Path, folder: StationFolder) -> None:
    if not file.exists():
        raise KnownError(Code.JOURNAL_MISSING, f"There is no journal {file}; check its name.")
    refuse_other_file(file)
    if not folder.sealed_secrets.exists():
        raise KnownError(
            Code.NOT_A_LIVE_STATION,
            f"{folder.root} was not set up with `station-app provision`: there is nobody its "
            "journal could be sealed to. Name the journal of a live station.",
        )


def _sentences(exported: ExportedBundle) -> str:
    if not exported.is_new:
        return (
            f"Nothing was written: {exported.path} is intact and holds all {exported.size} "
            "entries; since then there were only exports."
        )
    # What was read back from memory proves nothing of the medium.
    source = "from the medium" if exported.is_proven else "(perhaps from memory: no O_DIRECT here)"
    return (
        f"{exported.path} holds {exported.size} entries and was read back {source}.\n"
        f"SHA-256 {exported.sha256}"
    )
