"""`station-app snapshot build`: a register and its folders to signed, sealed snapshots."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from station_app.commands.answers import ExitCode, answering, watched
from station_app.commands.passphrases import known
from station_app.domain.shown_text import terminal_text
from station_app.vault import open_issuer, public_part
from station_app.vault.identity import spoken_words

if TYPE_CHECKING:
    from station_app.centre.build_state import BatchReport, PrecinctReport

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
    invented_people: Annotated[
        bool,
        typer.Option(
            help="For training lists of `synthetic precinct`: faces that a computer drew are "
            "compared by limits of their own."
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
    from station_app.centre.batch import BatchJob
    from station_app.centre.batch import build as build_all
    from station_app.centre.csv_records import CsvEncoding
    from station_app.centre.policy_file import read_rules

    if (by is None) is not bool(precinct):
        raise typer.BadParameter("Say --by precinct for all of them, or --precinct CODE for one.")
    try:
        with answering(as_json, finished=False):
            rules = read_rules(policy)
            issuer = public_part(sign)
            passphrase = known(f"Passphrase of the key of {issuer.name}", passphrase_file)
            signer = open_issuer(sign, passphrase)
            job = BatchJob(
                register=register,
                encoding=CsvEncoding(encoding),
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
                invented=invented_people,
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


_SHOWN = 10
"""So many of each kind; all of them are in the JSON."""


def as_text(report: "BatchReport") -> str:
    """What was built, and what to look at, for a terminal."""
    return terminal_text("\n".join(_lines(report)))


def _lines(report: "BatchReport") -> Iterator[str]:
    for one in report.finished:
        yield from _precinct(one)
    for _, sentence in report.warnings:
        yield f"Warning: {sentence}"
    for code, why, sentence in report.refused:
        yield f"Precinct {code}: refused ({why}). {sentence}"
    if report.rows_of_no_precinct:
        yield f"Rows of no precinct, left out: {_rows(report.rows_of_no_precinct)}"
    if report.stray_files:
        yield f"Files that are no voter's: {_strays(report.stray_files, report.stray_names)}"
    if report.unknown_columns:
        yield f"Columns that nothing reads: {', '.join(report.unknown_columns)}"
    yield f"Policy: SHA-256 {report.policy_sha256}"
    yield (
        f"{len(report.built)} built, {len(report.kept)} finished before, "
        f"{len(report.refused)} refused."
    )


def _precinct(one: "PrecinctReport") -> Iterator[str]:
    yield (
        f"Precinct {one.precinct}: {one.voters} voters, {one.fingers} fingers, "
        f"{one.faces} faces, {one.portraits} portraits in {one.file}, "
        f"for {', '.join(one.stations)}"
    )
    yield f"  words of the list: {spoken_words(bytes.fromhex(one.list_sha256))}"
    if one.bad_rows:
        yield f"  rows left out: {_rows(one.bad_rows)}"
    if one.doubtful_rows:
        yield (
            "  Warning: rows of voters who are under 18 or over 110 on the election day: "
            f"{_some([row for row, _ in one.doubtful_rows])}"
        )
    if one.finger_exempt:
        yield f"  exempt from fingers: {one.finger_exempt}"
    if one.voters_without_finger:
        yield f"  voters without a finger, by list number: {_some(one.voters_without_finger)}"
    if one.fingers_left_out:
        yield f"  fingers left out: {_counts(code for _, _, code, _ in one.fingers_left_out)}"
        yield from _files((number, code, name) for number, _, code, name in one.fingers_left_out)
    if one.portraits_left_out:
        yield f"  portraits left out: {_counts(code for _, code, _ in one.portraits_left_out)}"
        yield from _files(one.portraits_left_out)
    for what, found in (
        (
            "portraits without a face to compare; people can look at them",
            one.portraits_without_face,
        ),
        ("portraits that compare worse", one.portraits_flawed),
    ):
        if found:
            yield f"  {what}: {_counts(flaw for _, _, flaw, _ in found)}"
            yield from _files(
                (number, flaw, f"{name}, row {row}") for number, row, flaw, name in found
            )
    if one.shared_fingers:
        pairs = [
            f"{first} (finger {at}) and {second} (finger {other}), evidence {milli / 1000:.1f}"
            for first, at, second, other, milli in one.shared_fingers
        ]
        yield (
            f"  voters who share a finger ({one.shared_by_chance} by chance): {_some(pairs, '; ')}"
        )
    if one.shared_faces:
        alike = [
            f"{first} and {second}, evidence {milli / 1000:.1f}"
            for first, second, milli in one.shared_faces
        ]
        yield (
            f"  voters whose portraits show one face ({one.shared_faces_by_chance} expected by "
            f"chance, more among relatives): {_some(alike, '; ')}"
        )
    if one.stray_files:
        yield f"  files that are no voter's: {_strays(one.stray_files, one.stray_names)}"
    if one.places > 1:
        yield f"  the register gives {one.places} places; the list has {one.place}"


def _files(files: Iterable[tuple[int, str, str]]) -> Iterator[str]:
    """A line each for the first of them."""
    found = list(files)
    for number, code, name in found[:_SHOWN]:
        yield f"    {name}, of number {number}: {code}"
    if len(found) > _SHOWN:
        yield f"    and {len(found) - _SHOWN} more"


def _strays(count: int, names: Sequence[str]) -> str:
    more = f" and {count - len(names)} more" if count > len(names) else ""
    return f"{count} ({', '.join(names)}{more})"


def _rows(rows: Sequence[tuple[int, str, int]]) -> str:
    told = [f"{row} {code}" + (f" of {first}" if first else "") for row, code, first in rows]
    return f"{len(rows)} ({_some(told)})"


def _counts(codes: Iterable[str]) -> str:
    return ", ".join(f"{count} {code}" for code, count in Counter(codes).most_common())


def _some(values: Sequence[object], between: str = ", ") -> str:
    shown = between.join(str(value) for value in values[:_SHOWN])
    more = len(values) - _SHOWN
    return f"{shown}{between}and {more} more" if more > 0 else shown
