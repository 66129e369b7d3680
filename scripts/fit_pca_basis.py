"""Fits the cylinders' principal components on invented fingers and writes the product asset.

    python scripts/fit_pca_basis.py [--fingers 400] [--out FILE]

Prints the SHA-256 to be written into `station_app/biometrics/fingerprint/encoding.py`.
No real finger is involved, so that figures on real sets are never flattered by the basis.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.cylinders import make_cylinders
from station_app.biometrics.fingerprint.encoding import BASIS, fit_basis, save_basis
from station_app.biometrics.fingerprint.minutiae import find_minutiae
from station_app.biometrics.fingerprint.network import Network
from station_app.biometrics.fingerprint.normalise import at_working_ppi
from station_app.biometrics.fingerprint.segmentation import crop, find_foreground
from station_app.domain.samples import FingerImage
from station_app.synthetic.impressions import press
from station_app.synthetic.masters import grow_master
from station_app.synthetic.presets import Preset

PRESETS = (Preset.GOOD, Preset.FAIR, Preset.POOR)
FIRST_SEED = 7_000_000  # far from the seeds of any demo or test precinct


def cylinders_of(network: Network, image: FingerImage) -> NDArray[np.float32]:
    """All cylinders of one impression, float32 (n, 312)."""
    pixels = at_working_ppi(image)
    found = find_foreground(pixels)
    if found.empty:
        return np.zeros((0, 312), np.float32)
    minutiae, _ = find_minutiae(network, crop(pixels, found), found.left, found.top)
    made = make_cylinders([minutiae])
    return made.values[0, : made.counts[0]]


def main() -> None:
    """Grow, press, extract, fit, write."""
    here = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fingers", type=int, default=400)
    default = here / "station_app" / "content" / "models" / BASIS
    parser.add_argument("--out", type=Path, default=default)
    given = parser.parse_args()
    network, collected = Network(), []
    for number in range(given.fingers):
        master = grow_master(FIRST_SEED + number)
        for preset in PRESETS:
            collected.append(cylinders_of(network, press(master, number, preset)))
        if number % 50 == 49:
            print(f"{number + 1} of {given.fingers} fingers", flush=True)
    values = np.concatenate(collected)
    made_from = {
        "command": f"python scripts/fit_pca_basis.py --fingers {given.fingers}",
        "cylinders": len(values),
        "fingers": given.fingers,
        "first_seed": FIRST_SEED,
        "presets": [str(preset) for preset in PRESETS],
        "source": "invented fingers of station_app.synthetic; no real person's",
    }
    data = save_basis(fit_basis(values, made_from))
    given.out.write_bytes(data)
    print(f"{len(values)} cylinders -> {given.out.name}, {len(data)} bytes")
    print(f"SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
