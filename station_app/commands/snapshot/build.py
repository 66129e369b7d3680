"""`station-app snapshot build`: a register and its folders to signed, sealed snapshots."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.answers import ExitCode, answering, watched
from station_app.commands.passphrases import known
from station_app.commands.snapshot.build_answers import as_text
from station_app.vault import open_issuer, public_part

_INTERRUPTED = 130
_STEPS = {
    "register": "Reading the register",
    "precincts": "Precincts",
    "enrol": "Enrolling the voters of one",
    "search": "Looking for shared fingers in it",
}


class By(StrEnum):
    """What gets a snapshot of its own."""

    PRECINCT = "precinct"


class Letters(StrEnum):
    """How a register may be written."""

    UTF8 = "utf-8"
    CP1251 = "cp1251"


def build(
    *,
    register: Annotated[Path, typer.Option(help="The voters, CSV.")],
    fingers: Annotated[
        Path | None,
        typer.Option(
            help="Folder of images and ISO 19794-2 records, <voter_id>_<finger>.<png|tif|bmp|"
            "wsq|fmr>, all together or in one folder a precinct."
        ),
    ] = None,
    portraits: Annotated[
        Path | None, typer.Option(help="Folder of portraits, <voter_id>.<jpg|png>.")
    ] = None,
    policy: Annotated[Path, typer.Option(help="The election and its rules, TOML.")],
    recipients: Annotated[
        Path,
        typer.Option(
            help="Folder of the stations' public identities: <precinct>-<kit>.station.json, or "
            "one folder a precinct. The commission's *.recipient.json in it opens every list too, "
            "for takeovers."
        ),
    ],
    sign: Annotated[Path, typer.Option(help="The issuer's key, *.issuer-key.json.")],
    out: Annotated[Path, typer.Option(help="Folder for the snapshots.")],
    by: Annotated[By | None, typer.Option(help="A snapshot for each precinct there is.")] = None,
    precinct: Annotated[
        list[str] | None, typer.Option(help="Build this precinct; may be given again.")
    ] = None,
    sequence: Annotated[
        int, typer.Option(min=1, max=2**31, help="The number among the precinct's snapshots.")
    ] = 1,
    encoding: Annotated[Letters, typer.Option(help="Of the register.")] = Letters.UTF8,
    dpi: Annotated[
        int, typer.Option(min=100, max=2000, help="Resolution of the finger images, ppi.")
    ] = 500,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=512, help="Processes; without it one a core.")
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            help="Refuse a precinct of which a row or file would be left out or is doubtful, "
            "and a policy whose time is past."
        ),
    ] = False,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(help="File of mode 0600 with the passphrase; without it you are asked."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole report as JSON.")
    ] = False,
) -> None:
    """Build the snapshots of one precinct or of thousands; started again, it goes on.

    Rows and images that cannot be used are left out, listed and counted; they stop nothing
    without --strict. Ends with 0 when every precinct has its snapshot, with 1 when one was
    refused or, with --strict, anything is doubtful.
    """
    # The numerics come with the builder; no other of these commands needs them.
    from station_app.centre.batch import Job  # noqa: PLC0415
    from station_app.centre.batch import build as build_all  # noqa: PLC0415
    from station_app.centre.csv_records import Encoding  # noqa: PLC0415
    from station_app.centre.policy_file import read_rules  # noqa: PLC0415

    if (by is None) is not bool(precinct):
        raise typer.BadParameter("Say --by precinct for all of them, or --precinct CODE for one.")
    try:
        with answering(as_json, finished=False):
            rules = read_rules(policy)
            issuer = public_part(sign)
            passphrase = known(f"Passphrase of the key of {issuer.name}", passphrase_file)
            signer = open_issuer(sign, passphrase)
            job = Job(
                register=register,
                encoding=Encoding(encoding),
                fingers=fingers,
                portraits=portraits,
                rules=rules,
                recipients=recipients,
                issuer=issuer.name,
                signer=signer,
                out=out,
                precincts=None if by else tuple(precinct or ()),
                sequence=sequence,
                ppi=dpi,
                jobs=jobs,
                now=datetime.now(UTC),
                strict=strict,
            )
            with watched(_STEPS) as tell:
                report = build_all(job, tell)
    except KeyboardInterrupt as stop:
        typer.echo(f"Stopped. What is finished in {out} stays; start again to go on.", err=True)
        raise typer.Exit(_INTERRUPTED) from stop
    finished = not (report.refused or (strict and report.is_doubtful))
    if as_json:
        said = {"finished": finished, "issuer": {"name": issuer.name, "words": issuer.words()}}
        typer.echo(json.dumps(said | report.to_values(), ensure_ascii=False))
    else:
        typer.echo(as_text(report))
        typer.echo(f"Signed by {issuer.name}. Stations compare aloud: {issuer.words()}")
    if not finished:
        raise typer.Exit(ExitCode.REFUSED)
