"""How well head angles are measured: invented people before a webcam, turned by known angles.

Usage: python scripts/head_angles.py [PEOPLE]     8 by default; a minute a person on one core
"""

import argparse
import sys
from collections import defaultdict
from dataclasses import replace

import numpy as np

from station_app.biometrics.face.assessment import assess_face
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FaceImage
from station_app.synthetic.portraits import WEBCAM, portrait
from station_app.synthetic.precinct import invent_precinct

SEED = 79
"""Of a precinct that nothing is fitted on; the depth of the nose was chosen with 77 in view."""
YAWS, PITCHES = (-40, -30, -20, -10, 10, 20, 30, 40), (-20, -10, 10, 20)
ANGLES = [(0, 0, 0), *((yaw, 0, 0) for yaw in YAWS), *((0, pitch, 0) for pitch in PITCHES)]
ANGLES += [(0, 0, 15), (20, 10, 5)]


def main() -> None:
    """Draw, measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("people", metavar="PEOPLE", type=int, nargs="?", default=8)
    people = options.parse_args().people
    precinct = invent_precinct(people, SEED, (FingerPosition.RIGHT_INDEX,))
    measured = defaultdict(list)
    for row in range(people):
        print(f"{row} of {people}", file=sys.stderr)
        for angles in ANGLES:
            yaw, pitch, roll = angles
            view = replace(WEBCAM, yaw=yaw, pitch=pitch, roll=roll)
            picture = portrait(precinct.face(row), view)
            seen = assess_face(FaceImage(picture.tobytes(), view.width, view.height))
            if seen.box is not None:
                measured[angles].append((seen.yaw, seen.pitch, seen.roll))
    for angles, found in measured.items():
        middle, spread = np.mean(found, axis=0), np.std(found, axis=0)
        shown = ", ".join(f"{one:5.1f} +- {of:.1f}" for one, of in zip(middle, spread, strict=True))
        print(f"yaw, pitch, roll of {angles}: {shown}")
    errors = [np.abs(np.array(found) - angles) for angles, found in measured.items()]
    print(f"mean error: {np.concatenate(errors).mean(axis=0).round(1)}")


if __name__ == "__main__":
    main()
