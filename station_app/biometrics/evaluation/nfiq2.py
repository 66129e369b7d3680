"""NFIQ 2 of an image, through the optional package nbis-py: the known measure beside ours.

ISO/IEC 29794-4:2017; NISTIR 8382, 2021.
"""

from station_app.biometrics.evaluation.bozorth import as_png
from station_app.domain.samples import FingerImage

try:
    import nbis
except (ImportError, OSError):  # OSError: its library does not load on this system
    nbis = None

MISSING = "For NFIQ 2 beside station quality: pip install nbis-py (the extra `bench`)."


def nfiq2_here() -> bool:
    """True where the package is installed and loads."""
    return nbis is not None


def nfiq2_of(image: FingerImage) -> int:
    """0..100, 0 where NFIQ 2 cannot tell. Raises `RuntimeError` where the package is absent."""
    if nbis is None:
        raise RuntimeError(MISSING)
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
