"""`station-app evaluate robustness`: prints altered in known ways, searched as at a station.

Impression 1 of every finger is enrolled as it is, padded with fingers of strangers; later
impressions are the probes. Every probe goes through the station's own search.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from typing import Annotated

import numpy as np
import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.images import read_finger_image
from station_app.commands.answers import AsJson, measuring
from station_app.domain.decision import identify_threshold, verify_threshold
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FingerImage
from station_app.evaluation.alterations import ALTERATIONS, Alteration, Subject
from station_app.evaluation.folders import Dpi, Folders, Invented, folder_and_ppi
from station_app.evaluation.gallery_growth import searcher_of
from station_app.synthetic.precinct import pressed
from station_app.synthetic.presets import Preset
from station_app.synthetic.seeds import derive_seed

Progress = Callable[[str, int, int], None]
"""Called with the step ("enrol" or "search"), how many are done, and how many there are."""

Read = Callable[[], FingerImage]

_HOLDS, _WEAKENS = 5.0, 25.0
_SEED = 7


@dataclass(frozen=True, slots=True)
class Cases:
    """What is measured: images are read when their turn comes.

    `enrolments[k]` is the finger of row k, those beyond the fingers that `probes` name are
    strangers' padding. `probes` are pairs of a row and an image. `ghost` is a print of
    somebody who is not enrolled.
    """

    enrolments: Sequence[Read]
    probes: Sequence[tuple[int, Read]]
    ghost: FingerImage


@dataclass(frozen=True, slots=True)
class Robustness:
    """One row of the table; rates in percent, evidence is -log10 FMR.

    `rank1`: of a search without a name the finger's owner came first; `identified`: and
    reached the 1:N threshold. `fnmr`: held against the owner's finger, evidence was below the
    1:1 threshold. `strongest_other` is the largest evidence for anybody else, and
    `wrongly_accepted` counts the probes that reached the 1:N threshold for anybody else.
    `verdict`: "holds" where FNMR rises by 5 points or less over the unaltered probes,
    "weakens" up to 25, "fails" beyond.
    """

    group: str
    name: str
    probes: int
    rank1: float
    identified: float
    fnmr: float
    median_evidence: float
    strongest_other: float
    wrongly_accepted: int
    median_quality: float
    verdict: str


@dataclass(frozen=True, slots=True)
class RobustnessFigures:
    """The table, and what it was measured on."""

    fingers: int
    gallery: int
    threshold_1_1: float
    threshold_1_n: float
    rows: tuple[Robustness, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    named: float
    found: float
    other: float
    quality: int


def measure_robustness(
    cases: Cases,
    threshold_1_1: float,
    threshold_1_n: Callable[[int], float],
    tell: Progress,
    alterations: Sequence[Alteration] = ALTERATIONS,
) -> RobustnessFigures:
    """Search every probe in every alteration.

    `threshold_1_n` gives the 1:N threshold for a number of fingers. Raises
    `KnownError("folder_too_few")` where no probe's finger could be enrolled.
    """
    engine = FingerEngine()
    enrolled = {}
    for row, read in enumerate(cases.enrolments):
        tell("enrol", row, len(cases.enrolments))
        template = engine.extract(read())
        if len(template.encoding) >= engine.parameters.min_cylinders:
            enrolled[row] = engine.enrolled(template)
    tell("enrol", len(cases.enrolments), len(cases.enrolments))
    probes = [(row, read()) for row, read in cases.probes if row in enrolled]
    if not probes:
        raise KnownError(
            Code.FOLDER_TOO_FEW,
            "There is no finger with a first impression to enrol and a second one to look "
            "for; add images.",
        )
    searcher = searcher_of(engine, enrolled.items())
    needed = threshold_1_n(len(enrolled))
    rows: list[Robustness] = []
    total = len(alterations) * len(probes)
    for place, alteration in enumerate(alterations):
        outcomes = []
        for number, (row, image) in enumerate(probes):
            tell("search", place * len(probes) + number, total)
            rng = np.random.default_rng([_SEED, place, number])
            altered = alteration.change(Subject(image, cases.ghost, rng))
            outcomes.append(_searched(engine, searcher, altered, row, len(enrolled)))
        plain = rows[0].fnmr if rows else None
        rows.append(_summed_up(alteration, outcomes, threshold_1_1, needed, plain))
    tell("search", total, total)
    fingers = len({row for row, _ in probes})
    return RobustnessFigures(fingers, len(enrolled), threshold_1_1, needed, tuple(rows))


def _searched(
    engine: FingerEngine, searcher: Searcher, image: FingerImage, row: int, gallery: int
) -> _Outcome:
    template = engine.extract(image)
    nameless = searcher.candidates(template, limit=gallery)
    named = searcher.candidates(template, row, limit=gallery)
    return _Outcome(
        named=max((c.evidence for c in named if c.row == row), default=0.0),
        found=max((c.evidence for c in nameless if c.row == row), default=0.0),
        other=max((c.evidence for c in nameless if c.row != row), default=0.0),
        quality=template.quality,
    )


def _summed_up(
    alteration: Alteration,
    outcomes: Sequence[_Outcome],
    threshold: float,
    needed: float,
    plain_fnmr: float | None,
) -> Robustness:
    fnmr = 100 * float(np.mean([one.named < threshold for one in outcomes]))
    lost = 0.0 if plain_fnmr is None else fnmr - plain_fnmr
    return Robustness(
        group=alteration.group,
        name=alteration.name,
        probes=len(outcomes),
        rank1=100 * float(np.mean([one.found > one.other for one in outcomes])),
        identified=100 * float(np.mean([one.found >= max(needed, one.other) for one in outcomes])),
        fnmr=fnmr,
        median_evidence=float(np.median([one.named for one in outcomes])),
        strongest_other=max(one.other for one in outcomes),
        wrongly_accepted=sum(one.other >= needed for one in outcomes),
        median_quality=float(np.median([one.quality for one in outcomes])),
        verdict="holds" if lost <= _HOLDS else "weakens" if lost <= _WEAKENS else "fails",
    )


_WIDTH = 120
_STEPS = {"enrol": "Enrolling", "search": "Searching"}
_COLOURS = {"holds": "green", "weakens": "yellow", "fails": "red"}


def robustness(
    *,
    folders: Folders = None,
    invented: Invented = 20,
    padding: Annotated[
        int, typer.Option(min=0, max=10_000, help="Invented strangers enrolled beside them.")
    ] = 50,
    probes: Annotated[int, typer.Option(min=1, max=50, help="Probes a finger.")] = 2,
    dpi: Dpi = 500,
    as_json: AsJson = False,
) -> None:
    """Alter prints in known ways and search them: what holds and what fails.

    Rotation, partial contact, a wrong resolution, inverted polarity, dry, wet, moved and dirty
    prints, light and noise. Impression 1 is enrolled as it is, later ones are the probes.
    """
    with measuring(_STEPS) as tell:
        enrolments, queue = _real(folders, dpi, probes) if folders else _invented(invented, probes)
        enrolments += [_press("stranger", number, 0, Preset.GOOD) for number in range(padding)]
        cases = Cases(enrolments, queue, ghost=_press("ghost", 0, 1, Preset.GOOD)())
        figures = measure_robustness(
            cases,
            verify_threshold(PROVISIONAL),
            lambda fingers: identify_threshold(fingers, 1, PROVISIONAL),
            tell,
        )
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
    else:
        Console(width=_WIDTH).print(_table(figures))


def _invented(fingers: int, probes: int) -> tuple[list[Read], list[tuple[int, Read]]]:
    enrolments = [_press("finger", finger, 0, Preset.GOOD) for finger in range(fingers)]
    queue = [
        (finger, _press("finger", finger, number, Preset.FAIR))
        for finger in range(fingers)
        for number in range(1, probes + 1)
    ]
    return enrolments, queue


def _real(folders: list[str], dpi: int, probes: int) -> tuple[list[Read], list[tuple[int, Read]]]:
    enrolments: list[Read] = []
    queue: list[tuple[int, Read]] = []
    for name in folders:
        folder, ppi = folder_and_ppi(name, dpi)
        for _, group in groupby(list_finger_files(folder), key=lambda file: file.finger):
            first, *others = group
            queue += [
                (len(enrolments), partial(read_finger_image, file.path, ppi))
                for file in others[:probes]
            ]
            enrolments.append(partial(read_finger_image, first.path, ppi))
    return enrolments, queue


def _press(who: str, number: int, impression: int, preset: Preset) -> Read:
    return partial(pressed, derive_seed("robustness", who, number), impression, preset)


def _table(figures: RobustnessFigures) -> Table:
    table = Table(
        title=f"{figures.rows[0].probes} probes of {figures.fingers} fingers, each row; "
        f"{figures.gallery} fingers enrolled",
        caption=f"Identified: first, and {figures.threshold_1_n:.1f} reached (1:N). FNMR: below "
        f"{figures.threshold_1_1:.1f} (1:1). Wrong: somebody else reached "
        f"{figures.threshold_1_n:.1f}.",
        box=MARKDOWN,
    )
    for name in (
        "Alteration",
        "",
        "Rank-1",
        "Identified",
        "FNMR",
        "Evidence",
        "Others",
        "Wrong",
        "Verdict",
    ):
        left = name in {"Alteration", "", "Verdict"}
        table.add_column(name, justify="left" if left else "right", no_wrap=True)
    group = ""
    for row in figures.rows:
        table.add_row(
            row.group if row.group != group else "",
            row.name,
            f"{row.rank1:.0f} %",
            f"{row.identified:.0f} %",
            f"{row.fnmr:.1f} %",
            f"{row.median_evidence:.1f}",
            f"{row.strongest_other:.1f}",
            str(row.wrongly_accepted),
            f"[{_COLOURS[row.verdict]}]{row.verdict}[/]",
        )
        group = row.group
    return table
