"""NIST's software beside ours, through the optional package nbis-py: mindtct, bozorth3, NFIQ 2.

Watson et al., NISTIR 7392, 2007; ISO/IEC 29794-4:2017 and NISTIR 8382, 2021.
"""

from typing import Any

import cv2
import numpy as np

from station_app.domain.samples import FingerImage

try:
    import nbis
except (ImportError, OSError):  # OSError: its library does not load on this system
    nbis = None

MISSING = "For the comparison with bozorth3: pip install nbis-py (the extra `bench`)."

Prints = Any
"""Minutiae as nbis-py keeps them."""


class Bozorth:
    """Extraction and 1:1 comparison as nbis-py offers them, one image at a time.

    Every comparison makes the pair tables of both sides anew, as bozorth3 does when it
    compares two files.
    """

    def __init__(self) -> None:
        """Raises `RuntimeError` where the package is absent: see `bozorth_here`."""
        if nbis is None:
            raise RuntimeError(MISSING)
        self._extractor = nbis.new_nbis_extractor(
            nbis.NbisExtractorSettings(
                min_quality=0.0,
                get_center=False,
                check_fingerprint=False,
                compute_nfiq2=False,
                ppi=500.0,
            )
        )

    def extract(self, image: bytes) -> Prints:
        """The minutiae mindtct finds in an image file; its decoding is a part of it."""
        return self._extractor.extract_minutiae(image)

    def score(self, one: Prints, other: Prints) -> int:
        """bozorth3's score, 0 and up; above 50 is a likely match."""
        return int(one.compare(other))


def bozorth_here() -> Bozorth | None:
    """The yardstick if it is installed."""
    return None if nbis is None else Bozorth()


def as_png(image: FingerImage) -> bytes:
    """An image as the file nbis-py takes."""
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    _, file = cv2.imencode(".png", pixels)
    return file.tobytes()


NFIQ2_MISSING = "For NFIQ 2 beside station quality: pip install nbis-py (the extra `bench`)."


def nfiq2_here() -> bool:
    """True where the package is installed and loads."""
    return nbis is not None


def nfiq2_of(image: FingerImage) -> int:
    """0..100, 0 where NFIQ 2 cannot tell. Raises `RuntimeError` where the package is absent."""
    if nbis is None:
        raise RuntimeError(NFIQ2_MISSING)
    settings = nbis.NbisExtractorSettings(
        min_quality=0.0,
        get_center=False,
        check_fingerprint=False,
        compute_nfiq2=True,
        ppi=float(image.ppi),
    )
    try:
        found = nbis.new_nbis_extractor(settings).extract_minutiae(as_png(image))
        return int(found.quality().score)
    except nbis.NbisError:
        return 0
