"""`station-app evaluate strangers`: is a stranger ever taken for a voter of a list?

Poor, partial, dry and wet prints count more than good ones here: with few minutiae two
fingers agree by chance most easily. Every search counts, whatever the quality of the print;
at a station those below the quality floor are not decided on at all.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from math import log10
from pathlib import Path
from typing import Annotated

import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.search import Searcher
from station_app.commands.answers import AsJson, Tell, measuring
from station_app.domain.decision import identify_threshold
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FingerImage
from station_app.evaluation.alterations import piece_of
from station_app.evaluation.gallery_growth import searcher_of
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList
from station_app.synthetic.precinct import FINGER_ORDER, invent_precinct
from station_app.synthetic.presets import Preset
from station_app.vault import load_key

Progress = Callable[[str, int, int], None]
"""Called with the step "search", how many are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """One print of somebody who is not on the list; `condition` names its row."""

    condition: str
    read: Callable[[], FingerImage]


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of the table; evidence is -log10 FMR.

    `adequate`: prints at or above the quality floor. `largest`, `median`: of the strongest
    candidate's evidence in each search. `wrong`: searches that reached the threshold.
    """

    name: str
    searches: int
    adequate: int
    largest: float
    median: float
    wrong: int


@dataclass(frozen=True, slots=True)
class StrangerFigures:
    """The table. `expected` is the largest evidence so many comparisons give by chance.

    Evidence e is reached by one comparison in 10^e: the largest of n is about log10 n.
    """

    fingers: int
    searches: int
    threshold: float
    largest: float
    expected: float
    wrong: int
    conditions: tuple[Condition, ...]


def search_strangers(
    searcher: Searcher,
    fingers: int,
    strangers: Sequence[Stranger],
    threshold: float,
    quality_floor: int,
    tell: Progress,
) -> StrangerFigures:
    """Search every print in the list of `fingers` fingers that `searcher` has.

    `threshold` is the evidence a 1:N decision needs in that list.
    """
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for done, stranger in enumerate(strangers):
        tell("search", done, len(strangers))
        answer = searcher.examine(stranger.read(), limit=1)
        best = answer.candidates[0].evidence if answer.candidates else 0.0
        found[stranger.condition].append((best, answer.quality))
    tell("search", len(strangers), len(strangers))
    rows = tuple(
        Condition(
            name=name,
            searches=len(outcomes),
            adequate=sum(quality >= quality_floor for _, quality in outcomes),
            largest=max(best for best, _ in outcomes),
            median=sorted(best for best, _ in outcomes)[len(outcomes) // 2],
            wrong=sum(best >= threshold for best, _ in outcomes),
        )
        for name, outcomes in found.items()
    )
    return StrangerFigures(
        fingers=fingers,
        searches=len(strangers),
        threshold=threshold,
        largest=max((row.largest for row in rows), default=0.0),
        expected=log10(max(1, fingers * len(strangers))),
        wrong=sum(row.wrong for row in rows),
        conditions=rows,
    )


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
    as_json: AsJson = False,
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
