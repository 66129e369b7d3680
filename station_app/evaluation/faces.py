"""`station-app evaluate faces`: the protocol of LFW, error rates, times, and rates by group.

LFW (G. Huang and others, 2007, unrestricted with labelled outside data): the pairs of a fold are
decided with the threshold that is best on the other folds. Error rates: mated are the pairs that
the list names, impostors are all pairs of photographs in it that show different people. 1:N: the
first photograph of everybody is enrolled, all others are probes.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from station_app.biometrics.face.evidence import calibration_of
from station_app.commands.answers import AsJson, measuring
from station_app.domain.decision import verify_threshold
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.evaluation.face_folder import (
    FaceFile,
    FacePair,
    list_face_files,
    read_groups,
    read_pairs,
)
from station_app.evaluation.face_scores import FaceEngineName, FaceTable, Kept, embedded, wilson
from station_app.evaluation.fingerprints import equal_error_rate, fnmr_at_fmr

Scores = NDArray[np.float32]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Rates within one group at the thresholds of the whole set, percent; intervals of 95 %.

    `fmr_1e3`: share of impostors of this group that reach the whole set's threshold at FMR 10^-3;
    `fnmr_1e3`: share of its mated pairs that do not.
    """

    images: int
    mated: int
    impostors: int
    fnmr_1e3: float
    fnmr_1e3_interval: Interval
    fmr_1e3: float
    fmr_1e3_interval: Interval
    failed_to_detect: float


@dataclass(frozen=True, slots=True)
class FaceFigures:
    """What was measured; rates in percent, intervals of 95 % (Wilson), CPU times in milliseconds.

    `accuracy` is the mean over the folds, `accuracy_by_fold` each. `stated_*` are at the evidence
    of a 1:1 decision by the shipped calibration, FMR stated as 10^-4: the share of impostors that
    reach it and of mated pairs that do not. `rank1`, `rank3`: of probes whose person is the first,
    or among the first three, of `enrolled` people. `flawed` counts photographs by what the live
    checks would say of them. `embed_ms_p50` is the sum over the networks of the engine.
    """

    engine: str
    images: int
    people: int
    mated: int
    impostors: int
    accuracy: float
    accuracy_interval: Interval
    accuracy_by_fold: tuple[float, ...]
    eer: float
    fnmr_at_fmr_1e3: float
    fnmr_at_fmr_1e3_interval: Interval
    fnmr_at_fmr_1e4: float
    fnmr_at_fmr_1e4_interval: Interval
    stated_evidence: float
    stated_fmr: float
    stated_fnmr: float
    enrolled: int
    probes: int
    rank1: float
    rank3: float
    failed_to_detect: float
    detect_ms_p50: float
    embed_ms_p50: float
    flawed: Mapping[str, int]
    groups: Mapping[str, GroupFigures]


def evaluate_faces(
    folder: Path,
    pairs_file: Path,
    engine: FaceEngineName,
    groups_file: Path | None,
    kept: Path | None,
    tell: Callable[[str, int, int], None],
) -> FaceFigures:
    """Embed the photographs that the pairs name, and compare them all.

    Raises what `list_face_files`, `read_pairs`, `read_groups`, `embedded` raise, and
    `KnownError`: `pairs_unreadable` for a photograph that is not there.
    """
    pairs = read_pairs(pairs_file)
    groups = {} if groups_file is None else read_groups(groups_file)
    files = list_face_files(folder)
    wanted = sorted({file for pair in pairs for file in (pair.one, pair.other)})
    if missing := [file for file in wanted if file not in files]:
        raise KnownError(
            Code.PAIRS_UNREADABLE,
            f"{pairs_file.name} names {len(missing)} photographs that {folder} does not have, "
            f"{missing[0].stem} for one; give the folder of these pairs.",
        )
    table = embedded({file: files[file] for file in wanted}, engine.embedders, kept, tell)
    tell("compare", 0, 1)
    figures = figures_of(table, pairs, groups)
    tell("compare", 1, 1)
    return figures


def figures_of(
    table: FaceTable, pairs: Sequence[FacePair], groups: Mapping[str, str]
) -> FaceFigures:
    """All rates of a set; `groups` by photograph."""
    scores = table.scores()
    places = {file: at for at, file in enumerate(table.files)}
    compared = np.array([scores[places[pair.one], places[pair.other]] for pair in pairs])
    is_mated = np.array([pair.is_mated for pair in pairs])
    mated = compared[is_mated]
    different = np.triu(table.people[:, np.newaxis] != table.people, 1)
    impostors = scores[different]
    by_fold = _accuracy_by_fold(compared, is_mated, np.array([pair.fold for pair in pairs]))
    right = sum(hits for hits, _ in by_fold)
    rates = {fmr: fnmr_at_fmr(mated, impostors, fmr) for fmr in (1e-3, 1e-4)}
    stated = verify_threshold(PROVISIONAL)
    needed = calibration_of(table.engine).needed(stated)
    ranks, enrolled = _ranks(table, scores)
    return FaceFigures(
        engine=table.engine,
        images=len(table.files),
        people=int(table.people.max()) + 1,
        mated=len(mated),
        impostors=len(impostors),
        accuracy=100 * float(np.mean([hits / of for hits, of in by_fold])),
        accuracy_interval=wilson(right, len(pairs)),
        accuracy_by_fold=tuple(round(100 * hits / of, 3) for hits, of in by_fold),
        eer=equal_error_rate(mated, impostors),
        fnmr_at_fmr_1e3=rates[1e-3],
        fnmr_at_fmr_1e3_interval=_interval(rates[1e-3], len(mated)),
        fnmr_at_fmr_1e4=rates[1e-4],
        fnmr_at_fmr_1e4_interval=_interval(rates[1e-4], len(mated)),
        stated_evidence=stated,
        stated_fmr=100 * float(np.mean(impostors >= needed)),
        stated_fnmr=100 * float(np.mean(mated < needed)),
        enrolled=enrolled,
        probes=len(ranks),
        rank1=100 * float(np.mean(ranks < 1)) if len(ranks) else float("nan"),
        rank3=100 * float(np.mean(ranks < 3)) if len(ranks) else float("nan"),
        failed_to_detect=100 * float(np.mean(~table.found)),
        detect_ms_p50=table.detect_ms,
        embed_ms_p50=round(sum(table.embed_ms[name] for name in table.embeddings), 2),
        flawed={flaw.value: count for flaw, count in table.flaws.items()},
        groups=_by_group(table, scores, pairs, groups, impostors),
    )


def _interval(percent: float, of: int) -> Interval:
    return wilson(round(percent / 100 * of), of)


def _accuracy_by_fold(
    scores: Scores, is_mated: NDArray[np.bool_], folds: NDArray[np.intp]
) -> list[tuple[int, int]]:
    """Right decisions and pairs of each fold; of a single fold, with its own best threshold."""
    found = []
    for fold in np.unique(folds):
        here = folds == fold
        others = ~here if not here.all() else here
        threshold = _best_threshold(scores[others], is_mated[others])
        right = (scores[here] >= threshold) == is_mated[here]
        found.append((int(np.count_nonzero(right)), int(np.count_nonzero(here))))
    return found


def _best_threshold(scores: Scores, is_mated: NDArray[np.bool_]) -> float:
    """The middle of the gap between two scores that decides most pairs rightly."""
    order = np.argsort(scores, kind="stable")
    ordered, mated = scores[order], is_mated[order]
    rejected_rightly = np.concatenate([[0], np.cumsum(~mated)])
    accepted_rightly = mated.sum() - np.concatenate([[0], np.cumsum(mated)])
    best = int(np.argmax(rejected_rightly + accepted_rightly))
    low = ordered[best - 1] if best else ordered[0] - 1
    high = ordered[best] if best < len(ordered) else ordered[-1] + 1
    return float(low + high) / 2


def _ranks(table: FaceTable, scores: Scores) -> tuple[NDArray[np.intp], int]:
    """How many other people are before the right one, by probe; the number enrolled."""
    people, first = np.unique(table.people, return_index=True)
    probes = np.setdiff1d(np.arange(len(table.files)), first)
    searched = scores[np.ix_(probes, first)]
    own = searched[np.arange(len(probes)), np.searchsorted(people, table.people[probes])]
    before = (searched >= own[:, np.newaxis]).sum(axis=1) - 1
    return np.asarray(before, np.intp), len(first)


def _by_group(
    table: FaceTable,
    scores: Scores,
    pairs: Sequence[FacePair],
    groups: Mapping[str, str],
    impostors: Scores,
) -> dict[str, GroupFigures]:
    """Mated and impostor pairs of which both photographs are in a group."""
    if not groups or not len(impostors):
        return {}
    allowed = int(1e-3 * len(impostors) + 1e-9)
    threshold = np.sort(impostors)[::-1][allowed]
    of = np.array([groups.get(file.stem, "") for file in table.files])
    places = {file: at for at, file in enumerate(table.files)}
    different = np.triu(table.people[:, np.newaxis] != table.people, 1)
    found = {}
    for group in sorted(set(of.tolist()) - {""}):
        here = of == group
        mated = np.array([scores[one, two] for one, two in _mated(pairs, places, here)])
        others = scores[different & here[:, np.newaxis] & here]
        missed, met = int(np.sum(mated <= threshold)), int(np.sum(others > threshold))
        found[group] = GroupFigures(
            images=int(here.sum()),
            mated=len(mated),
            impostors=len(others),
            fnmr_1e3=100 * missed / max(len(mated), 1),
            fnmr_1e3_interval=wilson(missed, len(mated)),
            fmr_1e3=100 * met / max(len(others), 1),
            fmr_1e3_interval=wilson(met, len(others)),
            failed_to_detect=100 * float(np.mean(~table.found[here])),
        )
    return found


def _mated(
    pairs: Sequence[FacePair], places: Mapping[FaceFile, int], here: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    both = [(places[pair.one], places[pair.other]) for pair in pairs if pair.is_mated]
    return [(one, two) for one, two in both if here[one] and here[two]]


_STEPS = {"embed": "Embedding", "compare": "Comparing"}


def faces(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Photographs <Name>/<Name>_0001.jpg.")
    ],
    pairs: Annotated[
        Path, typer.Option("--pairs", metavar="FILE", help="The pairs, as LFW lists them.")
    ],
    engine: Annotated[
        FaceEngineName, typer.Option("--engine", help="Which engine, or both fused.")
    ] = FaceEngineName.SFACE,
    by: Annotated[
        Path | None,
        typer.Option("--by", metavar="FILE", help="Also by group: a CSV file, image,group."),
    ] = None,
    kept: Kept = None,
    as_json: AsJson = False,
) -> None:
    """Run the protocol of LFW and all pairs of different people on a folder of photographs."""
    with measuring(_STEPS) as tell:
        figures = evaluate_faces(folder, pairs, engine, by, kept, tell)
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
        return
    console = Console()
    console.print(_table(figures))
    if figures.groups:
        console.print(_group_table(figures))


def _table(figures: FaceFigures) -> Table:
    table = Table(
        title=f"{figures.images} photographs of {figures.people} people, "
        f"{figures.mated} mated pairs, {figures.impostors:,} of different people"
    )
    table.add_column("Measure")
    table.add_column("Value", justify="right")
    table.add_column("95 %", justify="right")
    stated = f"at evidence {figures.stated_evidence:g}"
    for name, value, interval in (
        ("Accuracy, LFW protocol", f"{figures.accuracy:.2f} %", figures.accuracy_interval),
        ("EER", f"{figures.eer:.2f} %", None),
        (
            "FNMR at FMR 10^-3",
            f"{figures.fnmr_at_fmr_1e3:.2f} %",
            figures.fnmr_at_fmr_1e3_interval,
        ),
        (
            "FNMR at FMR 10^-4",
            f"{figures.fnmr_at_fmr_1e4:.2f} %",
            figures.fnmr_at_fmr_1e4_interval,
        ),
        (f"FMR counted {stated}", f"{figures.stated_fmr:.4f} %", None),
        (f"FNMR {stated}", f"{figures.stated_fnmr:.2f} %", None),
        (f"Rank-1 of {figures.enrolled}", f"{figures.rank1:.2f} %", None),
        ("Among the first three", f"{figures.rank3:.2f} %", None),
        ("No face found", f"{figures.failed_to_detect:.2f} %", None),
        ("Detection, median CPU", f"{figures.detect_ms_p50:.1f} ms", None),
        ("Embedding, median CPU", f"{figures.embed_ms_p50:.1f} ms", None),
    ):
        table.add_row(name, value, "" if interval is None else _shown(interval))
    return table


def _group_table(figures: FaceFigures) -> Table:
    table = Table(title="By group, at the thresholds of the whole set")
    for column in ("Group", "images", "mated", "FNMR at 10^-3", "impostors", "FMR", "no face"):
        table.add_column(column, justify="left" if column == "Group" else "right")
    for name, one in figures.groups.items():
        table.add_row(
            name,
            f"{one.images:,}",
            f"{one.mated:,}",
            f"{one.fnmr_1e3:.2f} % ({_shown(one.fnmr_1e3_interval)})",
            f"{one.impostors:,}",
            f"{one.fmr_1e3:.3f} % ({_shown(one.fmr_1e3_interval)})",
            f"{one.failed_to_detect:.2f} %",
        )
    return table


def _shown(interval: Interval) -> str:
    return f"{interval[0]:.2f} to {interval[1]:.2f}"
