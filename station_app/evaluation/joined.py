"""`station-app evaluate joined`: what a face adds to a finger below its line.

No set here has fingers and faces of the same people, so they are paired at random: a finger of one
set and a face of another are one voter (chimeric users; Poh and Bengio, "Can chimeric persons be
used in multimodal biometric authentication experiments?", MLMI 2005: good for comparing rules,
not for naming a rate of a population). That makes both independent, which is the very assumption
of the rule (`domain/fusion`, ADR 0055), and no test of it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.table import Table

from station_app.biometrics.face.dlib_network import is_installed
from station_app.biometrics.face.evidence import calibration_of
from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.fingerprint.calibration import evidence
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.commands.answers import AsJson, measuring
from station_app.domain.decision import verify_threshold
from station_app.domain.fingers import FingerPosition
from station_app.domain.fusion import Compared, session_candidates
from station_app.domain.matching import Candidate
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Face, Finger
from station_app.evaluation.face_folder import list_face_files
from station_app.evaluation.face_scores import (
    FaceEngineName,
    FaceTable,
    Kept,
    embedded,
    wilson,
)
from station_app.evaluation.fingerprints import compare_all, extract_all
from station_app.evaluation.folders import folder_and_ppi

REACHED_AT: Final = (1.0, 2.0, 3.0, 4.0)
_STRANGERS: Final = 200_000
_VOTERS: Final = 20_000
_SEED: Final = 1
_ASKED: Final = Finger(FingerPosition.RIGHT_INDEX)

Evidence = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class JoinedFigures:
    """One set of fingers with the faces; percent, intervals of 95 %.

    `strangers`: the share (0..1) of strangers whose joined evidence reaches each of `REACHED_AT`;
    `strangers_below`: the same of those whose finger was below its line. `missed_*`: voters not
    confirmed 1:1 by the finger, by the face, and by both joined, each alone enough. `below` voters
    were missed by the finger; `rescued` is the share of them whom the face confirms, alone or
    joined, and `rescued_by_joining` whom only both together do.
    """

    name: str
    strangers: tuple[float, ...]
    strangers_below: tuple[float, ...]
    missed_finger: float
    missed_face: float
    missed_joined: float
    missed_joined_interval: tuple[float, float]
    below: int
    rescued: float
    rescued_by_joining: float


def joined_evidence(finger: float, face: float) -> float:
    """What a session has of a voter after one try of a finger and one of the face."""
    tries = (
        Compared(_ASKED, (Candidate(0, _ASKED, finger),), 1, "finger"),
        Compared(Face(), (Candidate(0, Face(), face),), 1, "face"),
    )
    return session_candidates(tries)[0].evidence


def measure_joined(
    name: str,
    finger_mated: Evidence,
    finger_others: Evidence,
    face_mated: Evidence,
    face_others: Evidence,
    drawn: int = _STRANGERS,
) -> JoinedFigures:
    """Draw voters and so many strangers, and join what their finger and face give."""
    rng = np.random.default_rng(_SEED)
    line = verify_threshold(PROVISIONAL)
    others = rng.choice(finger_others, drawn)
    strangers = _joined(others, rng.choice(face_others, drawn))
    fingers, faces = rng.choice(finger_mated, _VOTERS), rng.choice(face_mated, _VOTERS)
    both = _joined(fingers, faces)
    missed = both < line
    below = fingers < line
    by_joining = below & ~missed & (faces < line)
    return JoinedFigures(
        name=name,
        strangers=_shares(strangers),
        strangers_below=_shares(strangers[others < line]),
        missed_finger=100 * float(np.mean(below)),
        missed_face=100 * float(np.mean(faces < line)),
        missed_joined=100 * float(np.mean(missed)),
        missed_joined_interval=wilson(int(missed.sum()), _VOTERS),
        below=int(below.sum()),
        rescued=100 * float(np.mean(~missed[below])) if below.any() else float("nan"),
        rescued_by_joining=100 * float(np.mean(by_joining[below])) if below.any() else float("nan"),
    )


def _joined(fingers: Evidence, faces: Evidence) -> Evidence:
    pairs = zip(fingers.tolist(), faces.tolist(), strict=True)
    return np.array([joined_evidence(*pair) for pair in pairs])


def _shares(found: Evidence) -> tuple[float, ...]:
    return tuple(float(np.mean(found >= level)) for level in REACHED_AT)


def finger_evidence(
    folder: Path, ppi: int, tell: Callable[[str, int, int], None]
) -> tuple[Evidence, Evidence]:
    """Evidence of all mated comparisons of a folder, and of all others; both directions.

    Raises what `list_finger_files` and `read_finger_image` raise.
    """
    engine, files = FingerEngine(), list_finger_files(folder)
    templates, _ = extract_all(engine, files, ppi, tell)
    table = compare_all(engine, files, templates, tell)
    same = table.fingers[:, np.newaxis] == table.fingers
    itself = np.eye(len(files), dtype=np.bool_)
    strength = evidence(table.scores, table.support)
    return strength[same & ~itself], strength[~same]


def face_evidence(table: FaceTable) -> tuple[Evidence, Evidence]:
    """Evidence of all mated pairs of photographs, and of all others."""
    evidence = calibration_of(table.engine).of(table.scores())
    same = table.people[:, np.newaxis] == table.people
    once = np.triu(np.ones_like(same), 1)
    return evidence[same & once], evidence[~same & once]


_STEPS = {"embed": "Embedding faces", "extract": "Extracting fingers", "compare": "Comparing"}


def joined(
    fingers: Annotated[
        list[str], typer.Argument(metavar="DIR[:PPI]...", help="Fingers, a folder a sensor.")
    ],
    faces: Annotated[
        Path, typer.Option("--faces", metavar="DIR", help="Photographs <Name>/<Name>_0001.jpg.")
    ],
    engine: Annotated[
        FaceEngineName | None, typer.Option("--engine", help="Without, what a station uses.")
    ] = None,
    kept: Kept = None,
    as_json: AsJson = False,
) -> None:
    """Join fingers and faces of different sets at random: who is missed, who is let in."""
    used = engine or (FaceEngineName.FUSED if is_installed() else FaceEngineName.SFACE)
    found = []
    with measuring(_STEPS) as tell:
        table = embedded(list_face_files(faces), used.embedders, kept, tell)
        of_faces = face_evidence(table)
        for name in fingers:
            folder, ppi = folder_and_ppi(name)
            of_fingers = finger_evidence(folder, ppi, tell)
            found.append(measure_joined(folder.resolve().name, *of_fingers, *of_faces))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2))
        return
    for shown in _tables(found):
        Console(width=140).print(shown)


def _tables(found: Sequence[JoinedFigures]) -> list[Table]:
    levels = [f"10^-{level:g}" for level in REACHED_AT]
    strangers = _table("Strangers who reach 10^-n joined", *levels)
    below = _table("Strangers whose finger was below its line", *levels)
    voters = _table(
        "Voters not confirmed 1:1, percent",
        "finger", "face", "both", "below the finger's line", "of these rescued", "only joined",
    )  # fmt: skip
    for one in found:
        strangers.add_row(one.name, *(f"{share:.1e}" for share in one.strangers))
        below.add_row(one.name, *(f"{share:.1e}" for share in one.strangers_below))
        low, high = one.missed_joined_interval
        voters.add_row(
            one.name,
            f"{one.missed_finger:.2f}",
            f"{one.missed_face:.2f}",
            f"{one.missed_joined:.2f} ({low:.2f} to {high:.2f})",
            f"{one.below:,} of {_VOTERS:,}",
            f"{one.rescued:.1f}",
            f"{one.rescued_by_joining:.1f}",
        )
    return [strangers, below, voters]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.MARKDOWN)
    table.add_column("fingers")
    for column in columns:
        table.add_column(column, justify="right")
    return table
