"""One comparison of two prints taken apart: the parts of the score, and the pairs behind it.

For disputes and for developers. Decisions are made elsewhere (`domain.decision`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.explanation.placement import Placement, place, shared_area
from station_app.biometrics.fingerprint.calibration import MOST_EVIDENCE, evidence
from station_app.biometrics.fingerprint.close_look import CloseLook, look_closely
from station_app.biometrics.fingerprint.encoding import shipped_basis
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.relaxation import ranking
from station_app.biometrics.fingerprint.second_look import rescaled, turned
from station_app.biometrics.fingerprint.template import Template

_OTHER_TURNS = (120.0, 240.0)
"""With these every print lies within 60 degrees of one that can be compared."""

_OTHER_SIZES = (0.93, 1.07)
"""With these a resolution wrong by 12 % is within 5 % of one that is right."""

_FITTING_PAIRS, _FITTING, _FITTING_OF_ALL = 5, 0.6, 0.3
"""Number and share of the counted pairs, and share of all pairs, in one placement: of
impressions of one finger nearly always more, of different fingers nearly always fewer."""


@dataclass(frozen=True, slots=True)
class Score:
    """The parts of one comparison, as in `CloseLook`; all 0 where a side has too few codes.

    `met` minutiae met, of `shared` of the probe and of the enrolled print that lie in the area
    both show. `evidence` is -log10 FMR of the `whole`, 0..12.
    """

    relaxation: float = 0.0
    likeness: float = 0.0
    share: float = 0.0
    support: float = 0.0
    whole: float = 0.0
    evidence: float = 0.0
    met: int = 0
    shared: tuple[int, int] = (0, 0)

    @property
    def capped(self) -> bool:
        """True where the evidence is the most that is ever claimed."""
        return self.evidence >= MOST_EVIDENCE


@dataclass(frozen=True, slots=True)
class Remedy:
    """The probe matches turned clockwise by `degrees` (-180..180) and `size` times as large."""

    degrees: float
    size: float


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs behind a score, those that kept most of their similarity first.

    `probe`, `candidate`: intp (pairs,), places among the minutiae of either side. `before`,
    `after`: float32 (pairs,), similarity before and after relaxation. The first `counted`
    pairs make the relaxation score: it is the mean of their `after`.
    """

    probe: NDArray[np.intp]
    candidate: NDArray[np.intp]
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    counted: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """`threshold` is the evidence a 1:1 decision needs.

    `placement` is None where the pairs propose none; `shared_mm2` and `smaller_mm2` are
    the areas `shared_area` gives. `remedy` is what would make the probe match, None where it
    does as it is or nothing tried does.
    """

    probe: Template
    enrolled: Template
    score: Score
    threshold: float
    pairing: Pairing
    placement: Placement | None
    shared_mm2: float
    smaller_mm2: float
    remedy: Remedy | None

    @property
    def matches(self) -> bool:
        """True where a 1:1 decision would be yes."""
        return self.score.evidence >= self.threshold

    @property
    def pairs(self) -> int:
        """How many pairs of minutiae are alike at all."""
        return int((self.pairing.before > 0).sum())

    @property
    def agreeing(self) -> NDArray[np.bool_]:
        """Which of the counted pairs fit the placement, bool (counted,)."""
        if self.placement is None:
            return np.zeros(self.pairing.counted, np.bool_)
        return self.placement.agreeing[: self.pairing.counted]

    @property
    def placed(self) -> bool:
        """True where so many pairs agree that the placement means something."""
        if self.placement is None:
            return False
        fitting, of_all = int(self.agreeing.sum()), int(self.placement.agreeing.sum())
        return (
            fitting >= _FITTING_PAIRS
            and fitting >= _FITTING * self.pairing.counted
            and of_all >= _FITTING_OF_ALL * self.pairs
        )


def explain(
    engine: FingerEngine, probe: Template, enrolled: Template, threshold: float
) -> Explanation:
    """Compare two prints as the station does, and keep everything."""
    p = engine.parameters
    score, pairing = compare(probe, enrolled, p)
    placement = _placed(probe, enrolled, pairing)
    shared, smaller = 0.0, 0.0
    if placement is not None:
        shared, smaller = shared_area(placement.of(points_of(probe)), points_of(enrolled), p)
    remedy = None
    if score.evidence < threshold:
        remedy = _remedy(engine, probe, enrolled, threshold)
    return Explanation(
        probe=probe,
        enrolled=enrolled,
        score=score,
        threshold=threshold,
        pairing=pairing,
        placement=placement,
        shared_mm2=shared,
        smaller_mm2=smaller,
        remedy=remedy,
    )


def compare(probe: Template, enrolled: Template, p: Parameters = STANDARD) -> tuple[Score, Pairing]:
    """The score of two templates taken apart, and its pairs; nothing with too few codes."""
    if min(len(probe.encoding), len(enrolled.encoding)) < p.min_cylinders:
        nowhere, nothing = np.zeros(0, np.intp), np.zeros(0, np.float32)
        return Score(), Pairing(nowhere, nowhere, nothing, nothing, 0)
    look = look_closely(probe.alone(p), enrolled.alone(p), p)
    score = Score(
        relaxation=float(look.relaxation[0]),
        likeness=float(look.likeness[0]),
        share=float(look.share[0]),
        support=float(look.support[0]),
        whole=float(look.scores[0]),
        evidence=float(evidence(look.scores)[0]),
        met=int(look.agreement.matched[0]),
        shared=(int(look.agreement.probe[0]), int(look.agreement.candidate[0])),
    )
    return score, _pairing(look, p)


def _pairing(look: CloseLook, p: Parameters) -> Pairing:
    pairs = look.pairs
    order, wanted = ranking(pairs, p)
    first = order[0][pairs.used[0][order[0]]]
    return Pairing(
        probe=pairs.probe[0][first],
        candidate=pairs.candidate[0][first],
        before=pairs.before[0][first],
        after=pairs.after[0][first],
        counted=int(wanted[0]),
    )


def points_of(template: Template) -> NDArray[np.float32]:
    """All minutiae as float32 (n, 2), pixels at the working ppi."""
    return np.stack([template.minutiae.xs, template.minutiae.ys], axis=1).astype(np.float32)


def _placed(probe: Template, enrolled: Template, pairing: Pairing) -> Placement | None:
    a, b = pairing.probe, pairing.candidate
    return place(
        points_of(probe)[a],
        probe.minutiae.radians[a],
        points_of(enrolled)[b],
        enrolled.minutiae.radians[b],
        pairing.counted,
    )


def _remedy(
    engine: FingerEngine, probe: Template, enrolled: Template, threshold: float
) -> Remedy | None:
    p, basis = engine.parameters, shipped_basis()
    tries = [(turn, 1.0, turned(probe, turn)) for turn in _OTHER_TURNS]
    tries += [(0.0, size, rescaled(probe, size, basis, p)) for size in _OTHER_SIZES]
    for turn, size, other in tries:
        score, pairing = compare(other, enrolled, p)
        if score.evidence < threshold:
            continue
        placement = _placed(other, enrolled, pairing)
        if placement is None:
            return Remedy(turn, size)
        whole_turn = turn + float(np.degrees(placement.radians))
        return Remedy((whole_turn + 180) % 360 - 180, size * placement.scale)
    return None
