"""What the matching core answers about one image."""

from dataclasses import dataclass

from station_app.domain.captures import RetryReason
from station_app.domain.fingers import FingerPosition


@dataclass(frozen=True, slots=True)
class Candidate:
    """A voter the finger may belong to; `evidence` is -log10 FMR of the best finger.

    `row` is the voter's row in the list (0-based).
    """

    row: int
    finger: FingerPosition
    evidence: float


@dataclass(frozen=True, slots=True)
class Examination:
    """The matching core's whole answer to one image.

    `quality` is 0..100 (station quality, not NFIQ). `hint` is the coaching hint that fits
    the image, None where there is nothing to say. `candidates` are sorted by evidence,
    strongest first, at most one per voter; empty when the image was not fit to compare.
    `fingers_compared` is the number of enrolled fingers searched. Times are milliseconds.
    """

    quality: int
    hint: RetryReason | None
    candidates: tuple[Candidate, ...]
    fingers_compared: int
    extract_ms: float
    search_ms: float
