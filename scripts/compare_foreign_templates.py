"""Do templates of another vendor match ours? Prints the figures of docs/formats.md.

    pip install nbis-py && python scripts/compare_foreign_templates.py FOLDER[:PPI] ...

Each folder holds images named <finger>_<impression>.png. NIST's mindtct finds minutiae in
every image; its ISO/IEC 19794-2:2005 export goes through our reader and becomes a template
without an image. Printed: how far its directions are from ours where both found the same
minutia, what the image shows on either side of its minutiae, and the error rates of our
templates against ours, against the foreign ones, and against those without any quality.

The export of nbis-py 0.1.3 has neither a resolution nor a view's header, and the reader
refuses it; its rows are put under a sound header here, unchanged.
"""

import struct
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.finger_folder import FingerFile, list_finger_files
from station_app.biometrics.fingerprint.calibration import evidence
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.template import Template
from station_app.biometrics.images import read_finger_image
from station_app.biometrics.interchange import Representation, record_from
from station_app.biometrics.interchange.conversion import foreign_fingers, to_minutiae
from station_app.biometrics.interchange.records import NOT_REPORTED, FingerMinutiaeRecord
from station_app.evaluation.fingerprints import (
    compare_all,
    equal_error_rate,
    extract_all,
    fnmr_at_fmr,
)
from station_app.evaluation.nbis import MISSING, as_png, bozorth_here

PAIRED_WITHIN = 6.0  # pixels
BESIDE = range(6, 13)  # pixels from a minutia along its direction
CLEAR = 25  # mindtct's quality of the minutiae whose surroundings are looked at


def mended(export: bytes, ppi: int) -> bytes:
    """nbis-py's rows under a header with a resolution, one view and an unknown finger."""
    width, height = struct.unpack_from(">HH", export, 14)
    count = export[25]
    body = struct.pack(">BBBB", 0, 0, 50, count) + export[26 : 26 + 6 * count] + bytes(2)
    per_cm = round(ppi / 2.54)
    header = (b"FMR\0 20\0", 24 + len(body), 0, width, height, per_cm, per_cm, 1, 0)
    return struct.pack(">8sIHHHHHBB", *header) + body


def without_quality(record: FingerMinutiaeRecord) -> FingerMinutiaeRecord:
    """The same record as a vendor writes it who reports no qualities."""
    first = record.representations[0]
    plain = tuple(replace(minutia, quality=NOT_REPORTED) for minutia in first.minutiae)
    return replace(record, representations=(replace(first, minutiae=plain),))


def turned(engine: FingerEngine, ours: Template, theirs: Representation) -> list[float]:
    """Direction differences in degrees of the minutiae both found in one image."""
    a, b = ours.minutiae, to_minutiae(theirs, engine.parameters)
    far = np.hypot(a.xs[:, np.newaxis] - b.xs, a.ys[:, np.newaxis] - b.ys)
    if not far.size:
        return []
    nearest = far.argmin(axis=0)
    paired = far.min(axis=0) <= PAIRED_WITHIN
    steps = b.directions[paired].astype(int) - a.directions[nearest][paired]
    return [float(step) for step in ((steps + 128) % 256 - 128) * 360 / 256]


def beside(pixels: NDArray[np.uint8], theirs: Representation, kind: int) -> list[float]:
    """Grey ahead of minutiae of a kind minus grey behind them."""
    smooth = cv2.GaussianBlur(pixels, (0, 0), 1).astype(np.float64)
    found = []
    for m in theirs.minutiae:
        radians = m.angle * np.pi / 128
        steps = np.array([*BESIDE, *(-step for step in BESIDE)])
        xs = np.rint(m.x + steps * np.cos(radians)).astype(int)
        ys = np.rint(m.y - steps * np.sin(radians)).astype(int)
        inside = (min(xs.min(), ys.min()) >= 0) and (
            xs.max() < pixels.shape[1] and ys.max() < pixels.shape[0]
        )
        if inside and m.kind == kind and m.quality != NOT_REPORTED and m.quality >= CLEAR:
            grey = smooth[ys, xs].reshape(2, -1).mean(axis=1)
            found.append(float(grey[0] - grey[1]))
    return found


def report(folder: Path, ppi: int) -> None:
    """Everything about one folder."""
    yardstick = bozorth_here()
    if yardstick is None:
        sys.exit(MISSING)
    engine = FingerEngine()
    files = list_finger_files(folder)
    ours, _ = extract_all(engine, files, ppi, lambda *_: None)
    angles: list[float] = []
    ending: list[float] = []
    bifurcation: list[float] = []
    theirs, plain = [], []
    for file, template in zip(files, ours, strict=True):
        image = read_finger_image(file.path, ppi)
        found = yardstick.extract(as_png(image))
        record = record_from(mended(found.to_iso_19794_2_2005(), ppi), file.path.name)
        pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
        angles += turned(engine, template, record.representations[0])
        ending += beside(pixels, record.representations[0], 1)
        bifurcation += beside(pixels, record.representations[0], 2)
        theirs.append(engine.template_of(foreign_fingers(record)[0].minutiae))
        plain.append(engine.template_of(foreign_fingers(without_quality(record))[0].minutiae))
    print(f"\n{folder.name}: {len(files)} images")
    show_directions(np.array(angles), ending, bifurcation)
    print(f"{'enrolled':34}EER %  FMR1000 %  median evidence  identified at 4 %")
    show_scores(engine, files, ours, ours, "our templates")
    show_scores(engine, files, ours, theirs, "foreign, with qualities")
    show_scores(engine, files, ours, plain, "foreign, without qualities")


def show_directions(
    angles: NDArray[np.float64], ending: list[float], bifurcation: list[float]
) -> None:
    """Their directions against ours, and against the ridges."""
    middle = np.degrees(np.angle(np.exp(1j * np.radians(angles)).mean()))
    print(
        f"{len(angles)} minutiae found by both: direction difference, circular mean "
        f"{middle:+.1f} degrees, within 45 degrees {100 * np.mean(np.abs(angles) < 45):.1f} %, "
        f"turned by 135 or more {100 * np.mean(np.abs(angles) > 135):.1f} %"
    )
    for name, greys in (("endings", ending), ("bifurcations", bifurcation)):
        print(f"grey ahead minus behind {len(greys)} {name}: {np.mean(greys):+.1f}")


def show_scores(
    engine: FingerEngine,
    files: list[FingerFile],
    probes: list[Template],
    enrolled: list[Template],
    name: str,
) -> None:
    """Error rates of every probe against every other image's enrolled template."""
    table = compare_all(engine, [*files, *files], [*probes, *enrolled], lambda *_: None)
    scores = table.scores[: len(files), len(files) :]
    fingers = table.fingers[: len(files)]
    same = fingers[:, np.newaxis] == fingers[np.newaxis, :]
    genuine = scores[same & ~np.eye(len(files), dtype=bool)]
    impostor = scores[~same]
    support = table.support[: len(files), len(files) :]
    strength = evidence(genuine, support[same & ~np.eye(len(files), dtype=bool)])
    print(
        f"{name:32}{equal_error_rate(genuine, impostor):7.2f}"
        f"{fnmr_at_fmr(genuine, impostor, 0.001):11.2f}{np.median(strength):17.1f}"
        f"{100 * np.mean(strength >= 4):18.1f}"
    )


def main() -> None:
    """One report a folder."""
    for argument in sys.argv[1:]:
        name, _, ppi = argument.partition(":")
        report(Path(name), int(ppi or 500))


if __name__ == "__main__":
    main()
