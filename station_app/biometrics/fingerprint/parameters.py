"""Every number the extractor and the matcher depend on, in one frozen object."""

from dataclasses import dataclass
from math import pi


@dataclass(frozen=True, slots=True)
class TemplateParameters:
    """Parameters of a template's content; lengths in pixels at `ppi`, angles in radians.

    All of them are in the engine's name (`engine.ENGINE`): a field more, or another value, makes
    an engine whose templates are not comparable with older ones.

    Segmentation: `block` is the side of a variance block; a block is foreground when its
    standard deviation reaches `block_contrast` of the image's 95th percentile and at least
    `block_floor` grey levels; `crop_margin` is kept round the foreground; crops are
    multiples of `crop_multiple` (the network's stride), and not longer than `crop_most`,
    52 mm, so that a picture of a whole hand does not stop the station.

    Minutiae: `confidence` is LEADER's threshold (Cappelli and Ferrara, arXiv 2602.15493;
    0.3 chosen on FVC2002 DB1-2 and FVC2004 DB1, DB3 of the development set);
    `max_minutiae` are kept, most confident first.

    Cylinders: Minutia Cylinder-Code, Cappelli, Ferrara, Maltoni, IEEE TPAMI 32(12), 2010,
    table 1: `radius` R, `sections` N_S (MCC8), `directions` N_D, `sigma_s`, `sigma_d`,
    `hull_margin` Omega, `min_valid_cells` minVC, `min_contributing` minM,
    `sigmoid_mean` mu_Psi, `sigmoid_slope` tau_Psi; `max_cylinders` of the most confident
    minutiae are made.

    Encoding: `code_size` numbers a cylinder of which two are the direction, weighted
    `direction_weight` against 1 for the descriptor; `code_scale` maps to int8.
    """

    ppi: int = 500
    block: int = 16
    block_contrast: float = 0.25
    block_floor: float = 7.0
    crop_margin: int = 12
    crop_multiple: int = 32
    crop_most: int = 1024

    confidence: float = 0.3
    max_minutiae: int = 120

    radius: float = 70.0
    sections: int = 8
    directions: int = 6
    sigma_s: float = 28 / 3
    sigma_d: float = 2 * pi / 9
    hull_margin: float = 50.0
    min_valid_cells: float = 0.75
    min_contributing: int = 2
    sigmoid_mean: float = 0.01
    sigmoid_slope: float = 400.0
    max_cylinders: int = 48

    code_size: int = 64
    direction_weight: float = 0.3
    code_scale: float = 240.0


@dataclass(frozen=True, slots=True)
class Parameters(TemplateParameters):
    """Parameters of the whole fingerprint path; those added here decide how two are compared.

    Relaxation (LGS-R, the MCC paper, section 4.2 and table 1): `relax_weight` w_R,
    `relax_rounds` n_rel, `relax_distance`, `relax_angle`, `relax_radial` are the pairs
    (mu, tau) of the sigmoids over the three differences, `pairs_min`, `pairs_max`,
    `pairs_mean`, `pairs_slope` give n_P.

    Prefilter: `prefilter_floor` is the similarity below which a cylinder adds nothing.

    First stage of the prefilter: the probe's `coarse_cylinders` most confident cylinders, by
    half of their values and with a floor of `coarse_floor`; the best `shortlist_share` of the
    list, and at least `shortlist_least` fingers, go on to the second. Chosen on invented
    fingers, ADR 0009: few of the enrolled cylinders would lose more than few of the probe's.

    Agreement: two minutiae meet within `meet` (a ridge period and a third; `meet_first`
    before the placement is refined) and `meet_angle`; `guesses` placements are tried, `lever`
    is the distance at which a direction weighs like a place; `near` says what lies in the
    shared area, rather more than the distance of neighbouring minutiae; `bend` is the width of
    the regions that move together.

    Final score: (relaxation score + `prefilter_share` x prefilter score) x (`share_floor` +
    share of minutiae that met beyond chance), given only when both sides have `min_cylinders`,
    times the smaller number of cylinders over `full_support` where that is below 1: a few agree
    by chance far more easily than many (with the root of it instead, `evaluate strangers` lets
    small pieces of prints in). `share_doubt` minutiae are added to those that should have met;
    `chance_meets` times what would meet at random does not count, twice because the placement
    is the best of several and then bent (ADR 0054). The numbers were chosen with invented
    fingers and the development sets in view (ADR 0012); a wide range round them gives much the
    same errors. `rerank` candidates and `rerank_share` of the list are looked at closely: what the
    prefilter ranks lower is lost, however alike. The `laid_on` most alike of them are laid on
    the probe. Where none has `stands_out` evidence (that of a 1:1 decision) the probe is tried
    upside down, at `upside_down` evidence less.
    """

    relax_weight: float = 0.5
    relax_rounds: int = 5
    relax_distance: tuple[float, float] = (5.0, -8 / 5)
    relax_angle: tuple[float, float] = (pi / 12, -30.0)
    relax_radial: tuple[float, float] = (pi / 12, -30.0)
    pairs_min: int = 4
    pairs_max: int = 12
    pairs_mean: float = 20.0
    pairs_slope: float = 2 / 5

    prefilter_floor: float = 0.65

    coarse_cylinders: int = 32
    coarse_floor: float = 0.3
    shortlist_share: float = 0.1
    shortlist_least: int = 500

    meet: float = 12.0
    meet_first: float = 15.0
    meet_angle: float = pi / 7
    guesses: int = 4
    lever: float = 20.0
    near: float = 35.0
    bend: float = 60.0

    prefilter_share: float = 2.0
    share_floor: float = 0.5
    share_doubt: float = 2.0
    chance_meets: float = 2.0
    full_support: float = 24.0
    min_cylinders: int = 6
    rerank: int = 100
    rerank_share: float = 0.004
    laid_on: int = 30
    stands_out: float = 4.0
    upside_down: float = 1.0


STANDARD = Parameters()
