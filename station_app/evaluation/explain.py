"""`station-app explain`: two files compared, in numbers and as one picture.

A file is an image of one finger or an ISO/IEC 19794-2 record, which has no image. Of a
record with several fingers the one that scores highest is shown.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import typer

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.normalise import at_working_ppi
from station_app.biometrics.images import LARGEST_IMAGE, read_finger_image
from station_app.biometrics.interchange import read_record
from station_app.biometrics.interchange.conversion import foreign_fingers
from station_app.domain.decision import verify_threshold
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import RetryReason
from station_app.evaluation.by_kind import FINGERPRINTS, FingerprintsUnlessNamed
from station_app.evaluation.comparison import Explanation, Limit, compare, explain, find_limits
from station_app.evaluation.explain_faces import explain_faces
from station_app.evaluation.prints import Print
from station_app.evaluation.result_files import write_picture
from station_app.evaluation.sheet import draw_explanation
from station_app.vault import open_regular

_RECORD = b"FMR\0"


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two prints, their comparison, and what limited it."""

    enrolled: Print
    probe: Print
    seen: Explanation
    limits: tuple[Limit, ...]
    engine: str

    def numbers(self) -> dict[str, Any]:
        """Everything the picture shows, as plain values."""
        seen, score = self.seen, self.seen.score
        return {
            "engine": self.engine,
            "enrolled": _side_numbers(self.enrolled),
            "probe": _side_numbers(self.probe),
            "pairs_counted": len(seen.meeting.pairs),
            "pairs_that_met": int(seen.meeting.fitting.sum()),
            "shared_mm2": round(seen.meeting.shared_mm2, 1),
            "turned_degrees": round(seen.degrees, 1),
            "upside_down": seen.upside_down,
            "size_ratio": round(seen.meeting.size, 3),
            "relaxation": round(score.relaxation, 5),
            "likeness": round(score.likeness, 5),
            "minutiae_met": score.met,
            "minutiae_shared": list(score.shared),
            "share_met": round(score.share, 3),
            "support_factor": round(score.support, 3),
            "score": round(score.whole, 5),
            "evidence": round(score.evidence, 3),
            "fmr": float(f"{10**-score.evidence:.3g}"),
            "threshold": seen.threshold,
            "above_threshold": seen.matches,
            "limits": [
                {"cause": limit.cause.value, "sentence": limit.sentence} for limit in self.limits
            ],
        }

    def save_picture(self, out: Path) -> None:
        """Write the picture as PNG. Raises `KnownError("file_unwritable")`."""
        write_picture(
            out, draw_explanation(self.seen, self.limits, self.enrolled, self.probe, self.engine)
        )


def compare_files(
    probe: Path, enrolled: Path, ppi: int, threshold: float, quality_floor: int
) -> Dispute:
    """Read both files and compare them; `ppi` is the resolution of those that are images.

    `threshold` is the evidence a 1:1 decision needs, `quality_floor` the station quality
    below which an image is not adequate. Raises what the readers of images and records
    raise, and `KnownError`: "not_a_finger", "no_ridges", "template_empty".
    """
    engine = FingerEngine()
    one, other = _prints_in(engine, probe, ppi), _prints_in(engine, enrolled, ppi)
    shown, known = max(
        product(one, other),
        key=lambda pair: compare(pair[0].template, pair[1].template, engine.parameters)[0].whole,
    )
    seen = explain(engine, shown.template, known.template, threshold)
    limits = find_limits(seen, quality_floor, engine.parameters)
    return Dispute(known, shown, seen, limits, engine.name)


def _prints_in(engine: FingerEngine, path: Path, ppi: int) -> Sequence[Print]:
    """The prints of one file, at least one, each with a minutia or more."""
    try:
        with open_regular(path, LARGEST_IMAGE) as file:
            is_record = file.read(len(_RECORD)) == _RECORD
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise KnownError(
            Code.IMAGE_UNREADABLE,
            f"{path} cannot be opened ({fault.strerror}); check its name and rights.",
        ) from fault
    if is_record:
        return _prints_of_record(engine, path, digest)
    image = read_finger_image(path, ppi)
    template = engine.extract(image)
    if len(template.minutiae) == 0:
        raise _nothing_in(path, template.hint)
    origin = f"{image.width} x {image.height} pixels, {image.ppi} ppi"
    pixels = at_working_ppi(image, engine.parameters)
    return [Print(path.name, origin, digest, pixels, template)]


def _prints_of_record(engine: FingerEngine, path: Path, digest: str) -> Sequence[Print]:
    fingers = foreign_fingers(read_record(path), engine.parameters)
    prints = [
        Print(
            path.name,
            f"ISO/IEC 19794-2, finger {int(finger.position)}, stated quality {finger.quality}",
            digest,
            None,
            engine.template_of(finger.minutiae, finger.quality),
        )
        for finger in fingers
        if len(finger.minutiae)
    ]
    if not prints:
        raise KnownError(
            Code.TEMPLATE_EMPTY,
            f"{path.name} holds no minutiae; ask its supplier for the template of a finger.",
        )
    return prints


def _nothing_in(path: Path, hint: RetryReason | None) -> KnownError:
    if hint is RetryReason.NOT_A_FINGER:
        return KnownError(
            Code.NOT_A_FINGER,
            f"{path.name} does not show a finger; give an image of one finger, with dark or "
            "bright ridges, at the resolution stated by --dpi.",
        )
    return KnownError(
        Code.NO_RIDGES,
        f"{path.name} shows a finger whose ridges cannot be followed, as of very dry skin; "
        "there is nothing to compare, give another image.",
    )


def _side_numbers(side: Print) -> dict[str, Any]:
    template = side.template
    return {
        "file": side.name,
        "origin": side.origin,
        "sha256": side.sha256,
        "has_image": side.pixels is not None,
        "quality": template.quality,
        "hint": template.hint,
        "minutiae": len(template.minutiae),
        "cylinders": len(template.encoding),
    }


def explain_files(
    probe: Annotated[Path, typer.Argument(help="The print in question: an image.")],
    enrolled: Annotated[
        Path,
        typer.Argument(help="What it is compared with: an image, or an ISO/IEC 19794-2 record."),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE.png", help="Where the picture goes.")],
    dpi: Annotated[int, typer.Option("--dpi", help="Resolution of the images.")] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Compare two prints and draw why: the pairs joined, the score, what limited it."""
    dispute = compare_files(
        probe, enrolled, dpi, verify_threshold(PROVISIONAL), PROVISIONAL.quality_floor
    )
    dispute.save_picture(out)
    if as_json:
        typer.echo(json.dumps(dispute.numbers(), indent=2))
        return
    seen = dispute.seen
    word = "above" if seen.matches else "below"
    typer.echo(
        f"Evidence {seen.score.evidence:.1f}, {word} the 1:1 threshold of {seen.threshold:.1f}. "
        f"The picture is {out}."
    )
    for limit in dispute.limits:
        typer.echo(f"- {limit.sentence}")


app = typer.Typer(
    help="Compare two prints, or two faces, and draw why they match, or what limited it.",
    cls=FingerprintsUnlessNamed,
)
app.command(FINGERPRINTS)(explain_files)
app.command("faces")(explain_faces)
