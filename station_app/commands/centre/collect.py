"""`station-app centre collect`: bundles and logs from folders into one PostgreSQL."""

import json
import re
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from station_app.commands.answers import ExitCode, answering, watched
from station_app.commands.passphrases import known
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.snapshots.takeover_pack import SUFFIX as PACK_SUFFIX
from station_app.snapshots.takeover_pack import OpenedPack, open_pack
from station_app.vault import AgeIdentity, IdentityKind, PublicIdentity, open_recipient, public_part

if TYPE_CHECKING:
    from station_app.centre.collecting.collect import Arrived, Collected

_INTERRUPTED = 130
_STEPS = {"collect": "Journals", "settle": "Ordering the tables"}
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>0\d|1[0-4]):(?P<minutes>[0-5]\d)")
_SHOWN = 20
"""So many sentences of each kind; all of them are in the JSON."""

Database = Annotated[
    str,
    typer.Option(
        help="The PostgreSQL, postgresql://USER@HOST/NAME; its password comes from ~/.pgpass or "
        "PGPASSWORD, never from here."
    ),
]


class Kind(StrEnum):
    """What journals were written for."""

    LIVE = "live"
    TRAINING = "training"
    DEMO = "demo"


def collect(
    *,
    folders: Annotated[
        list[Path],
        typer.Argument(
            help="Folders with bundles, *.journal.age, or logs (checkpoint, tile/), at any depth."
        ),
    ],
    database: Database,
    recipient: Annotated[
        Path | None,
        typer.Option(help="The key that opens the bundles, *.recipient-key.json."),
    ] = None,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(help="File of mode 0600 with its passphrase; without it you are asked."),
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the stations' public identities, *.station.json, at any depth: whose "
            "signatures count, and whose journals are awaited."
        ),
    ] = None,
    spares: Annotated[
        Path | None,
        typer.Option(help="Folder of the identities of spares: they may take a station over."),
    ] = None,
    packs: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the takeover packs that were issued, *.takeover: a spare counts with "
            "the pack that was made for it. Needs --issuer."
        ),
    ] = None,
    issuer: Annotated[
        Path | None,
        typer.Option(help="The public identity of who issued them, *.issuer.json."),
    ] = None,
    kind: Annotated[Kind, typer.Option(help="Which journals; one kind a database.")] = Kind.LIVE,
    election: Annotated[
        str,
        typer.Option(help="Its id in the signed lists: journals of another one are refused."),
    ] = "",
    utc_offset: Annotated[
        str, typer.Option(help="The polling stations' time less UTC, +HH:MM.")
    ] = "+06:00",
    jobs: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes; without it one a core.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole result as JSON.")
    ] = False,
) -> None:
    """Verify journals and load them, each whole or not at all; started again, it goes on.

    The same journal again changes nothing, a longer one adds its new entries. A source that
    cannot be used stops no other. Ends with 0 when all are in, with 1 when one was refused or
    there was none, with 3 when a station has two histories.
    """
    # The database and the centre's numerics are for this command only.
    from station_app.centre.collecting.collect import Collection
    from station_app.centre.collecting.collect import collect as collect_all

    try:
        with answering(as_json, finished=False):
            asked = Collection(
                database=database,
                folders=tuple(folders),
                recipient=_opened(recipient, passphrase_file),
                kind=kind.value,
                election=election,
                utc_offset=_offset(utc_offset),
                pins=_identities(keys),
                spares=_identities(spares),
                packs=_packs(packs, issuer),
                jobs=jobs,
            )
            with watched(_STEPS) as tell:
                found = collect_all(asked, tell)
    except KeyboardInterrupt as stop:
        typer.echo("Stopped. What was loaded stays; start again to go on.", err=True)
        raise typer.Exit(_INTERRUPTED) from stop
    typer.echo(
        json.dumps(_values(found), ensure_ascii=False) if as_json else terminal_text(_text(found))
    )
    if found.forks:
        raise typer.Exit(ExitCode.ALARM)
    if found.refused or _is_nothing(found):
        raise typer.Exit(ExitCode.REFUSED)


def _opened(recipient: Path | None, passphrase_file: Path | None) -> AgeIdentity | None:
    if recipient is None:
        return None
    name = public_part(recipient).name
    return open_recipient(recipient, known(f"Passphrase of the key of {name}", passphrase_file))


def _offset(text: str) -> timedelta:
    said = _OFFSET.fullmatch(text)
    if said is None:
        raise typer.BadParameter("An offset from UTC is written +06:00.")
    offset = timedelta(hours=int(said["hours"]), minutes=int(said["minutes"]))
    return -offset if said["sign"] == "-" else offset


def _identities(folder: Path | None) -> tuple[PublicIdentity, ...]:
    if folder is None:
        return ()
    found = [PublicIdentity.load(path) for path in sorted(folder.rglob("*.station.json"))]
    stations = tuple(one for one in found if one.kind is IdentityKind.STATION)
    if not stations:
        raise KnownError(
            Code.IDENTITY_MISSING,
            f"There is no public identity of a station, *.station.json, in {folder}. Check it.",
        )
    return stations


def _packs(folder: Path | None, issuer: Path | None) -> tuple[OpenedPack, ...]:
    if folder is None:
        return ()
    if issuer is None:
        raise typer.BadParameter("--packs needs --issuer: whose signature makes a pack one.")
    trusted = (PublicIdentity.load(issuer),)
    packs = tuple(open_pack(path, trusted) for path in sorted(folder.rglob(f"*{PACK_SUFFIX}")))
    if not packs:
        raise KnownError(
            Code.TAKEOVER_MISSING,
            f"There is no takeover pack, *{PACK_SUFFIX}, in {folder}. Check it.",
        )
    return packs


def _is_nothing(found: "Collected") -> bool:
    """Whether there was no journal at all in the folders."""
    return not found.known and not found.arrived


def _values(found: "Collected") -> dict[str, Any]:
    return {
        "finished": not found.refused and not _is_nothing(found),
        "known": found.known,
        "arrived": [asdict(one) for one in found.arrived],
        "seconds": round(found.seconds, 3),
    }


def _text(found: "Collected") -> str:
    if _is_nothing(found):
        return (
            "There is no journal in these folders: no *.journal.age, and no folder with "
            "`checkpoint` and `tile/`. Check the folders, and that the medium is in."
        )
    counts = Counter(one.loaded.arrival.value for one in found.arrived if one.loaded)
    added = sum(one.loaded.added for one in found.arrived if one.loaded)
    lines = [
        *_some("FORK", found.forks),
        *_some("refused", found.refused),
        f"Journals: {counts['new']} new, {counts['longer']} longer, {counts['fork']} forked, "
        f"{counts['same'] + counts['older'] + found.known} known before, "
        f"{len(found.refused)} refused. Entries added: {added}, in {found.seconds:.1f} s.",
    ]
    return "\n".join(lines)


def _some(what: str, arrived: "tuple[Arrived, ...]") -> list[str]:
    lines = [f"{what}: {one.path}: {_sentence(one)}" for one in arrived[:_SHOWN]]
    more = len(arrived) - _SHOWN
    return [*lines, f"{what}: and {more} more"] if more > 0 else lines


def _sentence(one: "Arrived") -> str:
    if one.loaded is None:
        return one.reason
    return (
        f"{one.loaded.station} has signed two histories that disagree. Both are kept; secure the "
        "station and its mirror, and compare the heads on its slips."
    )
