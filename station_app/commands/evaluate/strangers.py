"""`station-app evaluate strangers`: is anybody who is not on the list taken for a voter?"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from station_app.biometrics.evaluation.alterations import piece_of
from station_app.biometrics.evaluation.in_memory import searcher_of
from station_app.biometrics.evaluation.strangers import (
    Stranger,
    StrangerFigures,
    search_strangers,
)
from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.search import Searcher
from station_app.commands.evaluate.measuring import Tell, measuring
from station_app.domain.decision import identify_threshold
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FingerImage
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList
from station_app.synthetic.precinct import FINGER_ORDER, invent_precinct
from station_app.synthetic.presets import Preset
from station_app.vault import load_key

_STEPS = {"enrol": "Enrolling", "search": "Searching"}
_SEED = 5_000_000
"""Far from the demo's seed: nobody on a demo list is one of these strangers."""
_PARTS = (0.4, 0.25, 0.12)
_REFUSED = 1


def strangers(
    *,
    precinct: Annotated[
        Path | None,
        typer.Option(metavar="LIST", help="A voter list, *.vlist; without, invented voters."),
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option(help="The list's key; without, the public key of demo lists.")
    ] = None,
    invented: Annotated[
        int, typer.Option(min=1, max=10_000, help="Invented voters, two fingers each.")
    ] = 50,
    people: Annotated[
        int, typer.Option(min=1, max=10_000, help="Strangers, each searched in every condition.")
    ] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Search prints of invented strangers, good to bad, in a list. Ends with 1 if one is found.

    Every condition there is, and 40, 25 and 12 % pieces of good prints. Prints below the quality
    floor, which a station does not decide on, are searched too.
    """
    with measuring(_STEPS) as tell, _list(precinct, key_file, invented, tell) as (searcher, size):
        figures = search_strangers(
            searcher,
            size,
            _queue(people),
            identify_threshold(size, 1, PROVISIONAL),
            PROVISIONAL.quality_floor,
            tell,
        )
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
    else:
        Console().print(_table(figures))
    if figures.wrong:
        raise typer.Exit(_REFUSED)


@contextmanager
def _list(
    path: Path | None, key_file: Path | None, invented: int, tell: Tell
) -> Iterator[tuple[Searcher, int]]:
    """A searcher over the list, and how many fingers it has."""
    engine = FingerEngine()
    if path is None:
        people = invent_precinct(invented, _SEED, FINGER_ORDER[:2])
        enrolled: list[tuple[int, EnrolledTemplate]] = []
        total = invented * len(people.fingers)
        for row in range(invented):
            for position in people.fingers:
                tell("enrol", len(enrolled), total)
                enrolled.append((row, engine.enrol(people.enrolment(row, position), position)))
        tell("enrol", total, total)
        yield searcher_of(engine, enrolled), len(enrolled)
        return
    key = PUBLIC_DEMO_LIST_KEY if key_file is None else load_key(key_file)
    voters = VoterList.open(path, key)
    try:
        gallery = Gallery(voters.chunks(ENGINE), ENGINE)
        yield Searcher(engine, gallery, partial(voters.templates, ENGINE)), len(gallery)
    finally:
        voters.close()


def _queue(people: int) -> list[Stranger]:
    # A precinct of one voter: its strangers are numbered without end.
    somewhere = invent_precinct(1, _SEED, FINGER_ORDER[:1])
    queue = []
    for number in range(people):
        finger = FINGER_ORDER[number % len(FINGER_ORDER)]
        queue += [
            Stranger(preset.value, partial(somewhere.stranger, number, finger, 1, preset))
            for preset in Preset
        ]
        good = partial(somewhere.stranger, number, finger, 1, Preset.GOOD)
        queue += [
            Stranger(f"{100 * share:.0f} % of a good print", partial(_piece, good, share))
            for share in _PARTS
        ]
    return queue


def _piece(good: Callable[[], FingerImage], share: float) -> FingerImage:
    return piece_of(good(), share)


def _table(figures: StrangerFigures) -> Table:
    table = Table(
        title=f"{figures.searches} searches of strangers in {figures.fingers} fingers",
        caption=f"Needed for a yes: {figures.threshold:.1f}. Largest found {figures.largest:.1f}; "
        f"so many comparisons give about {figures.expected:.1f} by chance.",
        box=MARKDOWN,
    )
    table.add_column("Print")
    for name in ("Searches", "Adequate", "Largest", "Median", "Accepted"):
        table.add_column(name, justify="right")
    for row in figures.conditions:
        table.add_row(
            row.name,
            str(row.searches),
            str(row.adequate),
            f"{row.largest:.1f}",
            f"{row.median:.1f}",
            f"[red]{row.wrong}[/]" if row.wrong else "0",
        )
    return table
