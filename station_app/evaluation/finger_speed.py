"""Times of the fingerprint path: extraction by image size, the close look, the verdict."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.close_look import comparison_scores
from station_app.biometrics.fingerprint.comparable import comparables
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.minutiae import unpack_minutiae
from station_app.biometrics.fingerprint.normalise import at_working_ppi
from station_app.biometrics.fingerprint.parameters import STANDARD
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.fingerprint.segmentation import crop, find_foreground
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.decision import Match, decide
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FingerImage
from station_app.evaluation.gallery_growth import FingerMaker
from station_app.evaluation.nbis import Bozorth, as_png
from station_app.evaluation.timing import Spread, Tell, interleaved

ONE_THREAD, TWO_THREADS, MINDTCT = "one_thread", "two_threads", "mindtct"
OURS, BOZORTH3 = "ours", "bozorth3"
NOBODY = -1
"""The number of a finger that is not in the list."""


@dataclass(frozen=True, slots=True)
class ExtractionTimes:
    """Images of one size. `network_input` is the most common crop the network got (w x h)."""

    network_input: str
    times: dict[str, Spread]


@dataclass(frozen=True, slots=True)
class VerdictTimes:
    """From an image to what `decide` says of it, on as many threads as at a station.

    `fingers` is the size of the list, `image` that of the images. `search_ms_p50` is the
    search's part, wall clock. A core that finds nobody would be quick, too: `mate_first` is
    the share of images whose own finger came first, `identified` of those where the evidence
    sufficed, too, `misidentified` of those taken for somebody else.
    """

    fingers: int
    image: str
    time: Spread
    search_ms_p50: float
    mate_first: float
    identified: float
    misidentified: float


@dataclass(frozen=True, slots=True)
class VerdictCase:
    """A list to search, and images to search it with: (finger number or NOBODY, image)."""

    voters: int
    fingers_a_voter: int
    probes: Sequence[tuple[int, FingerImage]]


def at_size(image: FingerImage, width: int, height: int) -> FingerImage:
    """The middle of the image at 500 ppi, `width` x `height`; a smaller image is enlarged.

    Enlarged, the ridges are wider than life; the finger fills the image, and the time that
    takes is what is asked for.
    """
    pixels = at_working_ppi(image)
    scale = max(1.0, width / pixels.shape[1], height / pixels.shape[0])
    if scale > 1:
        size = round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    cut = pixels[top : top + height, left : left + width]
    return FingerImage(cut.tobytes(), width, height, STANDARD.ppi)


def time_extraction(
    engines: Mapping[str, FingerEngine],
    bozorth: Bozorth | None,
    images: Sequence[FingerImage],
    tell: Tell,
) -> ExtractionTimes:
    """Every engine, and mindtct where it is, on the same images of one size."""
    files = [as_png(image) for image in images]

    def with_engine(engine: FingerEngine) -> Callable[[int], object]:
        return lambda place: engine.extract(images[place])

    cases = {name: with_engine(engine) for name, engine in engines.items()}
    if bozorth is not None:
        cases[MINDTCT] = lambda place: bozorth.extract(files[place])
    times = interleaved(cases, range(len(images)), tell)
    crops = Counter(_network_input(image) for image in images)
    return ExtractionTimes(crops.most_common(1)[0][0], times)


def time_close_look(
    maker: FingerMaker, probes: Sequence[Template], candidates: Sequence[int], tell: Tell
) -> dict[str, Spread]:
    """The close look at n made fingers, from their stored minutiae and codes, for each n."""

    def looking_at(n: int) -> Callable[[Template], object]:
        fingers = maker.made(n)
        return lambda template: close_look(template, fingers)

    return interleaved({str(n): looking_at(n) for n in candidates}, probes, tell)


def close_look(template: Template, fingers: Sequence[tuple[bytes, NDArray[np.int8]]]) -> object:
    """Scores of a template against stored minutiae and codes, as the search gets them."""
    others = comparables([(unpack_minutiae(record), codes) for record, codes in fingers])
    return comparison_scores(template.alone(), others, STANDARD, STANDARD.laid_on)


def time_comparisons(
    bozorth: Bozorth | None,
    templates: Sequence[tuple[FingerImage, Template]],
    enrolled: Sequence[tuple[FingerImage, EnrolledTemplate]],
    pairs: Sequence[tuple[int, int]],
    tell: Tell,
) -> dict[str, Spread]:
    """One comparison of two stored fingers: ours from minutiae and codes, bozorth3's from minutiae.

    `pairs` are places in `templates` and in `enrolled`.
    """
    stored = [
        (
            finger.content,
            np.frombuffer(finger.encoding, np.int8).reshape(-1, STANDARD.code_size),
        )
        for _, finger in enrolled
    ]
    cases: dict[str, Callable[[tuple[int, int]], object]] = {
        OURS: lambda pair: close_look(templates[pair[0]][1], [stored[pair[1]]])
    }
    if bozorth is not None:
        yardstick = bozorth
        probes = [yardstick.extract(as_png(image)) for image, _ in templates]
        others = [yardstick.extract(as_png(image)) for image, _ in enrolled]
        cases[BOZORTH3] = lambda pair: yardstick.score(probes[pair[0]], others[pair[1]])
    return interleaved(cases, pairs, tell)


def time_verdicts(
    engine: FingerEngine,
    maker: FingerMaker,
    cases: Mapping[str, VerdictCase],
    galleries: Mapping[tuple[int, int], Gallery],
    tell: Tell,
) -> dict[str, VerdictTimes]:
    """Image to verdict, the cases in turn; they have equally many images.

    `galleries` are by voters and fingers a voter.
    """
    runs = {}
    for name, case in cases.items():
        gallery = galleries[case.voters, case.fingers_a_voter]
        searcher = Searcher(engine, gallery, maker.fetch(case.fingers_a_voter))
        runs[name] = _Run(searcher, case)
    (images,) = {len(case.probes) for case in cases.values()}
    times = interleaved(runs, range(images), tell)
    return {name: run.summary(times[name]) for name, run in runs.items()}


class _Run:
    """One case under way; calling it examines an image and decides."""

    def __init__(self, searcher: Searcher, case: VerdictCase) -> None:
        self._searcher, self._case = searcher, case
        self._search_ms: list[float] = []
        self._first: list[bool] = []
        self._matched: list[bool] = []

    def __call__(self, place: int) -> None:
        number, image = self._case.probes[place]
        seen = self._searcher.examine(image)
        finding = decide(seen.candidates, seen.fingers_compared, 1, PROVISIONAL)
        row = number // self._case.fingers_a_voter
        self._first.append(bool(seen.candidates) and seen.candidates[0].row == row)
        self._matched.append(isinstance(finding, Match))
        self._search_ms.append(seen.search_ms)

    def summary(self, time: Spread) -> VerdictTimes:
        case = self._case
        sizes = Counter(at_working_ppi(image).shape for _, image in case.probes)
        height, width = sizes.most_common(1)[0][0]
        return VerdictTimes(
            fingers=case.voters * case.fingers_a_voter,
            image=f"{width}x{height}",
            time=time,
            search_ms_p50=round(float(np.median(self._search_ms)), 2),
            mate_first=_share(self._first),
            identified=_share(first and self._matched[at] for at, first in enumerate(self._first)),
            misidentified=_share(
                self._matched[at] and not first for at, first in enumerate(self._first)
            ),
        )


def mirrored(image: FingerImage) -> FingerImage:
    """The image as in a mirror: as long to search for, and nobody's finger."""
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    return FingerImage(pixels[:, ::-1].tobytes(), image.width, image.height, image.ppi)


def _share(facts: Iterable[bool]) -> float:
    known = list(facts)
    return round(sum(known) / len(known), 4)


def _network_input(image: FingerImage) -> str:
    pixels = at_working_ppi(image)
    found = find_foreground(pixels)
    if found.empty:
        return "none"
    height, width = crop(pixels, found).shape
    return f"{width}x{height}"
