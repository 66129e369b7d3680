"""A probe as it would be had it lain turned on the glass, or been scanned at another resolution.

Cylinders do not depend on how a finger lies, but two of a code's numbers are the direction: a
print turned by more than a quarter is not found in a list. A wrong resolution moves minutiae out
of their cells. Both can be set right on the minutiae, without touching the image again.
"""

from dataclasses import replace
from math import pi, radians

import numpy as np

from station_app.biometrics.fingerprint.encoding import Basis, coded
from station_app.biometrics.fingerprint.minutiae import DIRECTION_STEPS, Minutiae
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.template import Template


def turned(template: Template, degrees: float) -> Template:
    """The probe turned clockwise by `degrees` about the origin."""
    angle = radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    old = template.minutiae
    minutiae = Minutiae(
        xs=np.rint(cos * old.xs - sin * old.ys).astype(np.int32),
        ys=np.rint(sin * old.xs + cos * old.ys).astype(np.int32),
        directions=(old.directions + round(angle * DIRECTION_STEPS / (2 * pi))).astype(np.uint8),
        confidences=old.confidences,
    )
    encoding = template.encoding.astype(np.float32)
    turn = encoding[:, -2:] @ np.array([[cos, sin], [-sin, cos]], np.float32)
    encoding[:, -2:] = turn
    codes = np.rint(encoding).clip(-127, 127).astype(np.int8)
    return replace(template, minutiae=minutiae, encoding=codes)


def rescaled(template: Template, factor: float, basis: Basis, p: Parameters = STANDARD) -> Template:
    """The probe `factor` times as large, with new codes; quality stays as it was."""
    minutiae = replace(
        template.minutiae,
        xs=np.rint(template.minutiae.xs * factor).astype(np.int32),
        ys=np.rint(template.minutiae.ys * factor).astype(np.int32),
    )
    ordered, encoding = coded(minutiae, basis, p)
    return replace(template, minutiae=ordered, encoding=encoding)
