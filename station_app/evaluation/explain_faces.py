"""`station-app explain faces`: two pictures of faces compared, in numbers and as one picture."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import cv2
import numpy as np
import typer

from station_app.biometrics.face.alignment import aligned
from station_app.biometrics.face.assessment import seen_in
from station_app.biometrics.face.detector import Pixels, bgr_of, find_faces
from station_app.biometrics.face.dlib_network import is_installed
from station_app.biometrics.face.evidence import calibration_of
from station_app.biometrics.face.fusion import fused_name, fused_score
from station_app.biometrics.face.pictures import read_face_image
from station_app.commands.answers import answering
from station_app.domain.decision import verify_threshold
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.faces import FaceFlaw, FaceSeen
from station_app.domain.policy import PROVISIONAL
from station_app.evaluation.face_scores import FaceEngineName
from station_app.evaluation.prints import Colour, Lettering, Picture, shortened, wrapped
from station_app.evaluation.result_files import write_picture
from station_app.vault import read_regular

_WIDTH, _MARGIN, _GAP = 1600, 48, 64
_PANEL = (_WIDTH - 2 * _MARGIN - _GAP) // 2
_LEFTS: Final = (_MARGIN, _MARGIN + _PANEL + _GAP)
_TOP, _TALL, _FACE = 120, 420, 280
_STEP = 29
_INK: Colour = (24, 28, 34)
_GREY: Colour = (92, 100, 110)
_YES: Colour = (0, 120, 84)
_NO: Colour = (180, 60, 0)
_MARK: Colour = (213, 94, 0)
_MOST_BYTES: Final = 20 * 1024 * 1024

WHY: Final[Mapping[FaceFlaw, str]] = {
    FaceFlaw.NO_FACE: "shows no face",
    FaceFlaw.SEVERAL_FACES: "shows several faces; the largest was compared",
    FaceFlaw.AT_THE_EDGE: "cuts the face off",
    FaceFlaw.TOO_SMALL: "shows the face too small, so that details are missing",
    FaceFlaw.TOO_DARK: "is too dark",
    FaceFlaw.TOO_BRIGHT: "is too bright",
    FaceFlaw.UNEVEN_LIGHT: "is lit from one side",
    FaceFlaw.BLURRED: "is blurred",
    FaceFlaw.EYES_HIDDEN: "hides the eyes",
    FaceFlaw.TURNED: "shows the head turned",
    FaceFlaw.TILTED: "shows the head tilted",
}
"""What a flaw is, as the end of a sentence on a picture."""


@dataclass(frozen=True, slots=True)
class FaceSide:
    """One of two pictures: the file, its pixels, its face and that face aligned."""

    name: str
    sha256: str
    bgr: Pixels
    seen: FaceSeen
    cut: Pixels
    embeddings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FaceDispute:
    """Two pictures and their comparison. `cosines` by network, the score of all of them."""

    enrolled: FaceSide
    probe: FaceSide
    engine: str
    cosines: Mapping[str, float]
    score: float
    evidence: float
    threshold: float

    @property
    def matches(self) -> bool:
        """Whether the evidence is enough for a 1:1 decision."""
        return self.evidence >= self.threshold

    @property
    def limits(self) -> tuple[str, ...]:
        """What limited the comparison, a sentence each."""
        sides = (("The enrolled picture", self.enrolled), ("The probe", self.probe))
        return tuple(f"{role} {WHY[flaw]}." for role, side in sides for flaw in side.seen.flaws)

    def numbers(self) -> dict[str, Any]:
        """Everything the picture shows, as plain values."""
        return {
            "engine": self.engine,
            "enrolled": _side_numbers(self.enrolled),
            "probe": _side_numbers(self.probe),
            "cosines": {name: round(one, 4) for name, one in self.cosines.items()},
            "score": round(self.score, 4),
            "evidence": round(self.evidence, 3),
            "fmr": float(f"{10**-self.evidence:.3g}"),
            "threshold": self.threshold,
            "above_threshold": self.matches,
            "limits": list(self.limits),
        }


def compare_pictures(probe: Path, enrolled: Path, engine: FaceEngineName) -> FaceDispute:
    """Read both pictures and compare the largest face of each.

    Raises what `read_face_image` raises, and `KnownError`: `no_face`, `face_engine_missing`.
    """
    one, other = _side(probe, engine), _side(enrolled, engine)
    cosines = {
        name: np.array([one.embeddings[name] @ other.embeddings[name]], np.float32)
        for name in one.embeddings
    }
    name = fused_name(cosines)
    score = fused_score(cosines)
    return FaceDispute(
        enrolled=other,
        probe=one,
        engine=name,
        cosines={network: float(found[0]) for network, found in cosines.items()},
        score=float(score[0]),
        evidence=float(calibration_of(name).of(score)[0]),
        threshold=verify_threshold(PROVISIONAL),
    )


def _side(path: Path, engine: FaceEngineName) -> FaceSide:
    bgr = bgr_of(read_face_image(path))
    faces = find_faces(bgr)
    if not faces:
        raise KnownError(
            Code.NO_FACE, f"{path.name} shows no face that can be found; give another picture."
        )
    return FaceSide(
        path.name,
        hashlib.sha256(read_regular(path, _MOST_BYTES)).hexdigest(),
        bgr,
        seen_in(bgr, faces),
        aligned(bgr, faces[0].landmarks),
        {one.name: one.load()(bgr, faces[0]) for one in engine.embedders},
    )


def _side_numbers(side: FaceSide) -> dict[str, Any]:
    seen = side.seen
    return {
        "file": side.name,
        "sha256": side.sha256,
        "box": seen.box,
        "landmarks": [[round(x, 1), round(y, 1)] for x, y in seen.landmarks],
        "yaw": round(seen.yaw, 1),
        "pitch": round(seen.pitch, 1),
        "roll": round(seen.roll, 1),
        "quality": seen.quality,
        "flaws": [flaw.value for flaw in seen.flaws],
    }


def draw_dispute(dispute: FaceDispute) -> Picture:
    """The whole sheet, uint8 (h, 1600, 3) RGB: the enrolled picture left and the probe right."""
    reasons = dispute.limits or ("Nothing: both pictures are good.",)
    lines = [line for one in reasons for line in wrapped(one, _PANEL - 24, 19)]
    numbers = _number_lines(dispute)
    text = _TOP + _TALL + _FACE + 150
    height = text + _STEP * (max(len(lines), len(numbers)) + 1) + 110
    sheet = np.full((height, _WIDTH, 3), 255, np.uint8)
    pen_lines: list[tuple[str, float, float, int, Colour]] = []
    for left, side, role in zip(
        _LEFTS, (dispute.enrolled, dispute.probe), ("Enrolled", "Probe"), strict=True
    ):
        _lay(sheet, _marked(side), left, _TOP, _PANEL, _TALL)
        face_top = _TOP + _TALL + 56
        _lay(sheet, np.asarray(side.cut[..., ::-1]), left, face_top, _PANEL, _FACE)
        title = shortened(f"{role}: {side.name}", _PANEL, 20)
        pen_lines.append((title, left, _TOP - 14, 20, _INK))
        pen_lines.append((_facts(side.seen), left, _TOP + _TALL + 32, 18, _GREY))
    pen = Lettering(sheet)
    for one in pen_lines:
        pen.write(*one)
    pen.write("Comparison of two faces", _MARGIN, 64, 32, _INK, bold=True)
    word, colour = (
        ("Above the threshold", _YES) if dispute.matches else ("Below the threshold", _NO)
    )
    pen.write(word, _WIDTH - _MARGIN, 64, 30, colour, bold=True, anchor="r")
    pen.write("What the score is made of", _LEFTS[0], text, 21, _INK, bold=True)
    for number, (name, value) in enumerate(numbers, start=1):
        pen.write(name, _LEFTS[0], text + 6 + number * _STEP, 19, _GREY)
        pen.write(value, _LEFTS[0] + _PANEL, text + 6 + number * _STEP, 19, _INK, anchor="r")
    pen.write("What limited it", _LEFTS[1], text, 21, _INK, bold=True)
    for number, line in enumerate(lines, start=1):
        pen.write(line, _LEFTS[1], text + 6 + number * _STEP, 19, _INK)
    foot = (
        f"SHA-256 of the enrolled file  {dispute.enrolled.sha256}",
        f"SHA-256 of the probe file  {dispute.probe.sha256}",
        f"Engine {dispute.engine}. The lower pictures are what the networks were given.",
    )
    for number, line in enumerate(foot):
        pen.write(line, _MARGIN, height - 76 + number * 25, 16, _GREY)
    pen.done()
    return sheet


def _number_lines(dispute: FaceDispute) -> list[tuple[str, str]]:
    odds = 10**dispute.evidence
    return [
        *((f"Cosine, {name}", f"{one:.3f}") for name, one in dispute.cosines.items()),
        ("Score", f"{dispute.score:.3f}"),
        ("Evidence, -log10 of the false match rate", f"{dispute.evidence:.2f}"),
        ("False match rate", f"1 in {float(f'{odds:.2g}'):,.0f}"),
        ("Needed, one to one", f"{dispute.threshold:.2f}"),
    ]


def _facts(seen: FaceSeen) -> str:
    return (
        f"quality {seen.quality} of 100   ·   turned {seen.yaw:+.0f}°, up {seen.pitch:+.0f}°, "
        f"tilted {seen.roll:+.0f}°"
    )


def _marked(side: FaceSide) -> Picture:
    """The picture with box and landmarks, RGB."""
    shown = np.ascontiguousarray(side.bgr[..., ::-1])
    assert side.seen.box is not None
    left, top, width, height = side.seen.box
    thick = max(1, round(max(shown.shape) / 300))
    cv2.rectangle(shown, (left, top), (left + width, top + height), _MARK, thick, cv2.LINE_AA)
    for x, y in side.seen.landmarks:
        cv2.circle(shown, (round(x), round(y)), 2 * thick, _MARK, -1, cv2.LINE_AA)
    return shown


def _lay(sheet: Picture, shown: Picture, left: int, top: int, width: int, height: int) -> None:
    """Put a picture into a part of the sheet, as large as fits, in the middle of its width."""
    tall, wide = shown.shape[:2]
    scale = min(width / wide, height / tall)
    size = max(1, int(wide * scale)), max(1, int(tall * scale))
    drawn = cv2.resize(shown, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    across = left + (width - size[0]) // 2
    sheet[top : top + size[1], across : across + size[0]] = drawn


def explain_faces(
    probe: Annotated[Path, typer.Argument(help="The picture in question: JPEG or PNG.")],
    enrolled: Annotated[Path, typer.Argument(help="What it is compared with: JPEG or PNG.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Where the picture goes.")
    ] = None,
    engine: Annotated[
        FaceEngineName | None, typer.Option("--engine", help="Without, what a station uses.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Compare two faces and draw why: the aligned faces, the evidence, what limited it.

    For photographs of real people. Drawn people are compared by --engine invented; by the others
    different ones match (ADR 0053).
    """
    used = engine or (FaceEngineName.FUSED if is_installed() else FaceEngineName.SFACE)
    with answering(as_json):
        dispute = compare_pictures(probe, enrolled, used)
        if out is not None:
            write_picture(out, draw_dispute(dispute))
    if as_json:
        typer.echo(json.dumps(dispute.numbers(), indent=2))
        return
    typer.echo("\n".join(_sentences(dispute, out)))


def _sentences(dispute: FaceDispute, out: Path | None) -> Sequence[str]:
    word = "above" if dispute.matches else "below"
    first = f"Evidence {dispute.evidence:.1f}, {word} the 1:1 threshold of {dispute.threshold:.1f}."
    told = "" if out is None else f" The picture is {out}."
    return [first + told, *(f"- {limit}" for limit in dispute.limits)]
