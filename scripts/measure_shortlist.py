"""Prints how often the prefilter's first stage loses the mate that one pass would have found.

    python scripts/measure_shortlist.py [FOLDER[:PPI] ...] [--invented 200] [--fingers 20000]
        [--floors 0.25 0.3 0.35 0.5]

Each folder holds the images of one sensor, named <finger>_<impression>.png. All folders and
the invented fingers are one list: the first impression of every finger is enrolled, and made
fingers (cylinders of all of them, mixed and shaken) fill it up. The others are probes; an
invented finger's are a poor impression, and the same with most of its cylinders replaced by
other fingers': a print that hardly overlaps.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.finger_folder import list_finger_files
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.domain.gallery import EnrolledTemplate
from station_app.evaluation.fingerprints import extract_all
from station_app.evaluation.gallery_growth import FingerMaker
from station_app.synthetic.impressions import press
from station_app.synthetic.masters import grow_master
from station_app.synthetic.presets import Preset

FIRST_SEED = 8_000_000  # neither the basis' fingers nor those of any demo or test precinct
SHARES = (0.02, 0.05, 0.1)
OVERLAP = (0.25, 0.6)  # share of the cylinders that stay


@dataclass(frozen=True, slots=True)
class Source:
    """Codes of a set: `enrolled[i]` and its probes (i, codes).

    Where nothing is enrolled the fingers are those of the source before it.
    """

    name: str
    enrolled: list[EnrolledTemplate]
    probes: list[tuple[int, NDArray[np.int8]]]


def real_source(engine: FingerEngine, folder: Path, ppi: int) -> Source:
    """First impressions against the others."""
    files = list_finger_files(folder)
    templates, _ = extract_all(engine, files, ppi, lambda *_: None)
    source = Source(folder.name, [], [])
    numbers: dict[int, int] = {}
    for file, template in zip(files, templates, strict=True):
        if len(template.encoding) < engine.parameters.min_cylinders:
            continue
        if file.finger in numbers:
            source.probes.append((numbers[file.finger], template.encoding))
        else:
            numbers[file.finger] = len(source.enrolled)
            source.enrolled.append(engine.enrolled(template))
    return source


def invented_sources(engine: FingerEngine, count: int) -> Iterator[Source]:
    """Poor impressions, and prints that hardly overlap."""
    masters = [grow_master(FIRST_SEED + number) for number in range(count)]
    enrolled = [engine.enrol(press(m, 0, Preset.GOOD)) for m in masters]
    poor = [engine.extract(press(m, 1, Preset.POOR)).encoding for m in masters]
    yield Source("invented, poor", enrolled, [(i, one) for i, one in enumerate(poor) if len(one)])
    others, rng = np.concatenate(poor), np.random.default_rng(0)
    torn = []
    for number, one in enumerate(poor):
        gone = rng.random(len(one)) > rng.uniform(*OVERLAP)
        codes = one.copy()
        codes[gone] = others[rng.integers(len(others), size=int(gone.sum()))]
        if len(one):
            torn.append((number, codes))
    yield Source("invented, little overlap", [], torn)


def main() -> None:
    """Measure every share of the list, and print a row a source."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--invented", type=int, default=200)
    parser.add_argument("--fingers", type=int, default=20_000)
    parser.add_argument("--floors", type=float, nargs="+", default=[STANDARD.coarse_floor])
    given = parser.parse_args()
    engine = FingerEngine()
    p = engine.parameters
    sources = list(invented_sources(engine, given.invented)) if given.invented else []
    for argument in given.folders:
        name, _, ppi = argument.partition(":")
        sources.append(real_source(engine, Path(name), int(ppi or 500)))
    everyone: list[EnrolledTemplate] = []
    probes = []
    first = 0
    for source in sources:
        first = len(everyone) if source.enrolled else first
        everyone += source.enrolled
        probes.append([(first + number, codes) for number, codes in source.probes])
    maker = FingerMaker(everyone)
    print(f"{given.fingers} fingers, {len(everyone)} of them with probes; best {p.rerank}")
    shares = " | ".join(f"lost at {share:.0%}" for share in SHARES)
    print(f"floor | source | probes | found in one pass | {shares}")
    for floor in given.floors:
        galleries = {
            share: Gallery(
                maker.chunks(given.fingers, 1),
                engine.name,
                replace(p, coarse_floor=floor, shortlist_share=share, shortlist_least=p.rerank),
            )
            for share in (*SHARES, 1.0)
        }
        for source, own in zip(sources, probes, strict=True):
            found = {
                share: {
                    i for i, (mate, codes) in enumerate(own) if among_best(gallery, codes, mate)
                }
                for share, gallery in galleries.items()
            }
            lost = " | ".join(str(len(found[1.0] - found[share])) for share in SHARES)
            print(f"{floor} | {source.name} | {len(own)} | {len(found[1.0])} | {lost}", flush=True)


def among_best(gallery: Gallery, probe: NDArray[np.int8], mate: int) -> bool:
    """Whether a search would look at the mate closely."""
    return mate in gallery.best(probe, STANDARD.rerank)[0]


if __name__ == "__main__":
    main()
