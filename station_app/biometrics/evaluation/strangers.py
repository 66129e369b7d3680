"""Is a stranger ever taken for a voter? Prints of people who are not on a list, searched in it.

Poor, partial, dry and wet prints count more than good ones here: with few minutiae two
fingers agree by chance most easily. Every search counts, whatever the quality of the print;
at a station those below the quality floor are not decided on at all.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10

from station_app.biometrics.fingerprint.search import Searcher
from station_app.domain.samples import FingerImage

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
