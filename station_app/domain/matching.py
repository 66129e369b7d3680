"""What a matcher is asked, and what it answers about one sample."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from station_app.domain.gallery import TemplateStore
from station_app.domain.policy import Policy
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
    """Compares samples with a list by one engine; one thread at a time uses it."""

    engine: str

    def examine(self, sample: Sample, named_row: int | None) -> Examination:
        """Examine a sample; the named voter is scored in any case.

        Raises `KnownError` `gallery_damaged` when the list lacks a template it names.
        """
        ...


class ListMatcher(Matcher, Protocol):
    """A matcher over a list that can also be tried, and held against another list."""

    def finds_its_own(self) -> bool:
        """Whether templates from all over the list are found where they are enrolled.

        True where there are none. Raises `KnownError` `gallery_damaged`, `minutiae_damaged`.
        """
        ...

    def meetings(
        self,
        keys: Collection[tuple[int, int]],
        before: TemplateStore,
        rows: Collection[int],
        policy: Policy,
    ) -> Iterator[tuple[tuple[int, int], int | None]]:
        """Each of this list's templates at `keys` (row, position), and the row whose it is too.

        That is one of `rows` in the list `before`, None where none reaches the threshold for all
        of these comparisons.
        """
        ...
