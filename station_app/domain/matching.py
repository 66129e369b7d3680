"""What a matcher is asked, and what it answers about one sample."""

from dataclasses import dataclass
from typing import Protocol

from station_app.domain.samples import Asked, RetryReason, Sample


@dataclass(frozen=True, slots=True)
class Candidate:
    """A voter the sample may belong to; `evidence` is -log10 FMR of the best template.

    `row` is the voter's row in the list (0-based), `met` whose template that is.
    """

    row: int
    met: Asked
    evidence: float


@dataclass(frozen=True, slots=True)
class Examination:
    """A matcher's whole answer to one sample.

    `quality` is 0..100 (station quality, not NFIQ). `hint` is the coaching hint that fits
    the sample, None where there is nothing to say. `candidates` are sorted by evidence,
    strongest first, at most one per voter; empty when the sample was not fit to compare.
    `fingers_compared` is the number of enrolled templates searched. Times are milliseconds.
    """

    quality: int
    hint: RetryReason | None
    candidates: tuple[Candidate, ...]
    fingers_compared: int
    extract_ms: float
    search_ms: float


class Matcher(Protocol):
    """One engine over one list's templates; one thread at a time uses it (the matching lane)."""

    engine: str

    def examine(self, sample: Sample, named_row: int | None) -> Examination:
        """Examine a sample; the named voter is scored in any case.

        Raises `KnownError` `gallery_damaged` when the list lacks a template it names.
        """
        ...
