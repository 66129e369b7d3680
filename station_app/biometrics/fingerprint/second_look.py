"""A probe as it would be had it lain turned on the glass, or been scanned at another resolution.

Cylinders do not depend on how a finger lies, but comparing them is limited to
`max_rotation`, and the prefilter prefers like directions: a print turned further is not
found. A wrong resolution moves minutiae out of their cells. Both can be set right on the
minutiae, without touching the image again.
"""

from dataclasses import replace
from math import radians

import numpy as np

from station_app.biometrics.fingerprint.cylinders import make_cylinders
from station_app.biometrics.fingerprint.encoding import Basis, encode
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.template import Template


def turned(template: Template, degrees: float, basis: Basis, p: Parameters = STANDARD) -> Template:
    """The probe turned clockwise by `degrees`; its `minutiae` stay as they were found."""
    angle = radians(degrees)
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    x, y = template.cylinders.points[..., 0], template.cylinders.points[..., 1]
    cylinders = replace(
        template.cylinders,
        points=np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1),
        radians=template.cylinders.radians + np.float32(angle),
    )
    return replace(template, cylinders=cylinders, encoding=encode(cylinders, basis, p)[0])


def rescaled(template: Template, factor: float, basis: Basis, p: Parameters = STANDARD) -> Template:
    """The probe `factor` times as large, with new cylinders; quality stays as it was."""
    minutiae = replace(
        template.minutiae,
        xs=np.rint(template.minutiae.xs * factor).astype(np.int32),
        ys=np.rint(template.minutiae.ys * factor).astype(np.int32),
    )
    cylinders = make_cylinders([minutiae], p)
    encoding = encode(cylinders, basis, p)[0]
    return replace(template, minutiae=minutiae, cylinders=cylinders, encoding=encoding)
