"""One comparison of two prints taken apart: the parts of the score, and the pairs behind it.

For disputes and for developers. Decisions are made elsewhere (`domain.decision`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.explanation.placement import Placement, place, shared_area
from station_app.biometrics.fingerprint.calibration import MOST_EVIDENCE, evidence
from station_app.biometrics.fingerprint.encoding import shipped_basis
from station_app.biometrics.fingerprint.engine import FingerEngine, pack
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.relaxation import Pairing, pairing_of, relaxation_scores
from station_app.biometrics.fingerprint.search import final_scores
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
    """The parts of one comparison.

    `whole` is `support` x (`relaxation` + share x `prefilter`), all 0 where a side has too
    few cylinders; `evidence` is -log10 FMR of it, 0..12.
    """

    relaxation: float
    prefilter: float
    support: float
    whole: float
    evidence: float

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
    score = score_of(engine, probe, enrolled)
    pairing = pairing_of(probe.cylinders, enrolled.cylinders, p)
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


def score_of(engine: FingerEngine, probe: Template, enrolled: Template) -> Score:
    """The score of two templates and its parts; all 0 where a side has too few cylinders."""
    p = engine.parameters
    fewer = np.minimum(len(probe.encoding), enrolled.cylinders.counts)
    if int(fewer[0]) < p.min_cylinders:
        return Score(0.0, 0.0, 0.0, 0.0, 0.0)
    close = relaxation_scores(probe.cylinders, enrolled.cylinders, p)
    alone = Gallery(pack([(0, engine.enrolled(enrolled))]), engine.name, p)
    prefilter = alone.scores(probe.encoding)
    whole = final_scores(close, prefilter, fewer, p)
    full = float(close[0] + p.prefilter_share * prefilter[0])
    return Score(
        relaxation=float(close[0]),
        prefilter=float(prefilter[0]),
        support=float(whole[0]) / full if full > 0 else 0.0,
        whole=float(whole[0]),
        evidence=float(evidence(whole)[0]),
    )


def points_of(template: Template) -> NDArray[np.float32]:
    """All minutiae as float32 (n, 2), pixels at the working ppi."""
    return np.stack([template.minutiae.xs, template.minutiae.ys], axis=1).astype(np.float32)


def _placed(probe: Template, enrolled: Template, pairing: Pairing) -> Placement | None:
    a, b = pairing.probe, pairing.candidate
    one, other = probe.cylinders, enrolled.cylinders
    return place(
        one.points[0, a],
        one.radians[0, a],
        other.points[0, b],
        other.radians[0, b],
        pairing.counted,
    )


def _remedy(
    engine: FingerEngine, probe: Template, enrolled: Template, threshold: float
) -> Remedy | None:
    p, basis = engine.parameters, shipped_basis()
    tries = [(turn, 1.0, turned(probe, turn, basis, p)) for turn in _OTHER_TURNS]
    tries += [(0.0, size, rescaled(probe, size, basis, p)) for size in _OTHER_SIZES]
    for turn, size, other in tries:
        if score_of(engine, other, enrolled).evidence < threshold:
            continue
        placement = _placed(other, enrolled, pairing_of(other.cylinders, enrolled.cylinders, p))
        if placement is None:
            return Remedy(turn, size)
        whole_turn = turn + float(np.degrees(placement.radians))
        return Remedy((whole_turn + 180) % 360 - 180, size * placement.scale)
    return None
