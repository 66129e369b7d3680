"""The engines of this program, a line each: how people are enrolled, found and tried by each.

Whatever makes, loads or searches a list reads this table, so a further engine is a folder beside
`fingerprint` and a line here. A list may hold templates of several. Where two of them take the
same kind of sample, a station compares with the first that the list has.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine, pack
from station_app.biometrics.fingerprint.live import assess
from station_app.biometrics.fingerprint.search import list_searcher
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk, TemplateStore, other_engine
from station_app.domain.matching import ListMatcher
from station_app.domain.samples import FingerImage, Meters, Sample


class Enroller(Protocol):
    """What makes an engine's templates; one thread at a time uses it."""

    def enrol(self, sample: Sample, position: FingerPosition) -> EnrolledTemplate:
        """What the list stores of a sample. Raises `KnownError` when there is too little in it."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """One way to compare people.

    `name` tells its version and parameters too: templates of other names are never compared.
    `takes` is the kind of sample. `pack` makes the gallery of (row, template) pairs in list order,
    `matcher` opens a list's. `assess` reads the meters of the live view from a frame.
    """

    name: str
    takes: type[Sample]
    enroller: Callable[[], Enroller]
    pack: Callable[[Iterable[tuple[int, EnrolledTemplate]]], Iterable[GalleryChunk]]
    matcher: Callable[[TemplateStore], ListMatcher]
    assess: Callable[[FingerImage], Meters]


ENGINES: tuple[Engine, ...] = (
    Engine(ENGINE, FingerImage, FingerEngine, pack, list_searcher, assess),
)


def engine_names() -> tuple[str, ...]:
    """Every engine of this program."""
    return tuple(one.name for one in ENGINES)


def usable(made_by: Sequence[str]) -> dict[type[Sample], Engine]:
    """Of the engines that made a list, those it is compared with here, by the sample they take.

    Raises `KnownError` `gallery_engine` where this program has none of them.
    """
    known = {one.takes: one for one in reversed(ENGINES) if one.name in made_by}
    if not known:
        raise other_engine(made_by, ", ".join(engine_names()))
    return known


class Enrollers:
    """An enroller of each engine; one thread at a time uses them."""

    def __init__(self) -> None:
        self.each = tuple((one.takes, one.enroller()) for one in ENGINES)

    def enrol(self, sample: Sample, position: FingerPosition) -> tuple[EnrolledTemplate, ...]:
        """The templates of every engine that takes such a sample.

        Raises `KnownError` when there is too little in it for one of them.
        """
        takers = (enroller for takes, enroller in self.each if isinstance(sample, takes))
        return tuple(enroller.enrol(sample, position) for enroller in takers)


def packed(templates: Sequence[tuple[int, EnrolledTemplate]]) -> Iterator[GalleryChunk]:
    """The galleries of (row, template) pairs in list order, engine by engine."""
    for one in ENGINES:
        yield from one.pack(pair for pair in templates if pair[1].engine == one.name)
