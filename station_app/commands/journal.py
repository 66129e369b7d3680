"""`station-app journal`: judge a journal file."""

import json
from dataclasses import asdict
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.two_persons import MemberId, OperatorId, opened_by_two
from station_app.domain.errors import KnownError
from station_app.journal import VerifyReport, verify_journal
from station_app.vault import Signer, StationFolder, load_key


class ExitCode(IntEnum):
    """Usage errors (2) are raised by typer itself."""

    SOUND = 0
    REFUSED = 1


app = typer.Typer(name="journal", help="Examine a station's journal.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `verify` a command of its own while the group has only one."""


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The journal, e.g. .../journal.db")],
    key_file: Annotated[
        Path | None,
        typer.Option(help="The journal's key; without it keys/journal.key beside the journal."),
    ] = None,
    operator: OperatorId = "",
    member: MemberId = "",
    passphrase_dir: Annotated[
        Path | None,
        typer.Option(
            help="Folder with files <id>.passphrase of mode 0600 of the two who open a live "
            "station's journal. Without it both type their own."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Check every byte, entry, checkpoint and signature of a journal.

    A live station's journal, whose keys are sealed, is opened by an operator and a member,
    and held against the station's own key. Otherwise signatures are held against signing.key
    beside the journal's key; where there is none, against the key that the journal itself
    names. Ends with 0 when the journal is sound,
    with 1 and the reason when it is not or can not be examined.
    """
    try:
        _must_be_there(file)
        folder = StationFolder.of_journal(file)
        if key_file is None and folder.sealed_secrets.exists():
            with opened_by_two(folder, operator, member, passphrase_dir) as (_, unlocked):
                signer = unlocked.identity.signer()
                report = verify_journal(file, unlocked.journal_key, signer.public_key)
        else:
            report = _with_key_file(file, key_file or folder.journal_key)
    except KnownError as fault:
        if as_json:
            typer.echo(json.dumps({"sound": False, "code": fault.code, "reason": fault.message}))
        else:
            typer.echo(fault.message, err=True)
        raise typer.Exit(ExitCode.REFUSED) from fault
    typer.echo(json.dumps(asdict(report)) if as_json else _sentences(report))
    if not report.sound:
        raise typer.Exit(ExitCode.REFUSED)


def _with_key_file(file: Path, journal_key: Path) -> VerifyReport:
    signing_key = journal_key.with_name(StationFolder.of_journal(file).signing_key.name)
    public_key = Signer(load_key(signing_key)).public_key if signing_key.exists() else None
    return verify_journal(file, load_key(journal_key), public_key)


def _must_be_there(file: Path) -> None:
    """Said first: without the journal its keys are missing too, and that is not the news."""
    if not file.exists():
        raise KnownError("journal_missing", f"There is no journal {file}; check its name.")


def _sentences(report: VerifyReport) -> str:
    lines = [
        f"Journal {report.origin}: {report.entries} good entries, {report.sessions} sessions, "
        f"{report.identified} voters identified.",
        f"Tree root {report.root}.",
    ]
    if not report.key_is_given:
        lines.append("Signatures checked against the key that the journal itself names.")
    if report.sound:
        lines.append("The journal is sound.")
    else:
        where = "" if report.first_bad is None else f" First bad entry: {report.first_bad}."
        lines.append(f"NOT SOUND. {report.reason}{where}")
        lines.append("Keep the file as it is and call the commission's technician.")
    return "\n".join(lines)
