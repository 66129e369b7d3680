"""The engines of this program, a line each: how people are enrolled, found and tried by each.

Whatever makes, loads or searches a list reads this table, so a further engine is a folder beside
`fingerprint` and a line here. A list may hold templates of several. Where two of them take the
same kind of sample, a station compares with those that `FUSED` joins, or else with the first that
the list has.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from station_app.biometrics.face.assessment import assess_face
from station_app.biometrics.face.dlib_network import DLIB_ENGINE, is_installed
from station_app.biometrics.face.embedders import INVENTED_ENGINE, SFACE_ENGINE, Embedder
from station_app.biometrics.face.engine import FaceEnroller, packer
from station_app.biometrics.face.fusion import fused_name
from station_app.biometrics.face.search import FaceSearcher
from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine, pack
from station_app.biometrics.fingerprint.live import assess
from station_app.biometrics.fingerprint.search import list_searcher
from station_app.domain.faces import FaceSeen
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import (
    OF_INVENTED,
    EnrolledTemplate,
    GalleryChunk,
    TemplateStore,
    other_engine,
)
from station_app.domain.matching import ListMatcher
from station_app.domain.samples import FaceImage, FaceShots, FingerImage, Meters, Sample

Frame = TypeVar("Frame")
Seen = TypeVar("Seen")


class Enroller(Protocol):
    """What makes an engine's templates; one thread at a time uses it."""

    def enrol(self, sample: Sample, position: FingerPosition) -> EnrolledTemplate:
        """What the list stores of a sample. Raises `KnownError` when there is too little in it."""
        ...


def _nothing_to_prepare() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Engine(Generic[Frame, Seen]):
    """One way to compare people.

    `name` tells its version and parameters too: templates of other names are never compared.
    `takes` is the kind of sample. `pack` makes the gallery of (row, template) pairs in list order,
    `matcher` opens a list's. `assess` says of one frame of the live view what is seen in it; any
    thread may ask. `prepare` loads what the first sample would wait for; any thread, at any time.
    """

    name: str
    takes: type[Sample]
    enroller: Callable[[], Enroller]
    pack: Callable[[Iterable[tuple[int, EnrolledTemplate]]], Iterable[GalleryChunk]]
    matcher: Callable[[TemplateStore], ListMatcher]
    assess: Callable[[Frame], Seen]
    prepare: Callable[[], object] = _nothing_to_prepare


def _face_engine(embedder: Embedder) -> Engine[FaceImage, FaceSeen]:
    return Engine(
        embedder.name,
        FaceShots,
        partial(FaceEnroller, embedder),
        packer(embedder.name),
        partial(FaceSearcher, embedders=(embedder,)),
        assess_face,
        embedder.load,
    )


FINGERS: Engine[FingerImage, Meters] = Engine(
    ENGINE, FingerImage, FingerEngine, pack, list_searcher, assess
)

FACES: Engine[FaceImage, FaceSeen] = _face_engine(SFACE_ENGINE)

ENGINES: tuple[Engine[Any, Any], ...] = (
    FINGERS,
    FACES,
    *((_face_engine(DLIB_ENGINE),) if is_installed() else ()),
    _face_engine(INVENTED_ENGINE),
)

FUSED: tuple[tuple[Embedder, ...], ...] = ((SFACE_ENGINE, DLIB_ENGINE),)
"""Engines for faces that compare together where a list has all of them and this program too."""


def engine_names() -> tuple[str, ...]:
    """Every engine of this program."""
    return tuple(one.name for one in ENGINES)


def usable(made_by: Sequence[str]) -> dict[type[Sample], Engine[Any, Any]]:
    """Of the engines that made a list, those it is compared with here, by the sample they take.

    Engines that are fused are one, which names them all. Raises `KnownError` `gallery_engine` where
    this program has none of them.
    """
    common = set(made_by) & set(engine_names())
    known = {one.takes: one for one in reversed(ENGINES) if one.name in common}
    if not known:
        raise other_engine(made_by, ", ".join(engine_names()))
    for embedders in FUSED:
        if common.issuperset(one.name for one in embedders):
            known[FaceShots] = _fused(embedders)
    return known


def _fused(embedders: Sequence[Embedder]) -> Engine[FaceImage, FaceSeen]:
    """It compares; each of its engines enrols for itself."""

    def prepare() -> None:
        for one in embedders:
            one.load()

    return replace(
        FACES,
        name=fused_name(one.name for one in embedders),
        matcher=partial(FaceSearcher, embedders=embedders),
        prepare=prepare,
    )


class Enrollers:
    """An enroller of each engine for real people, or for `invented` ones; one thread at a time.

    Engines that compare both, as those for fingers do, are in both.
    """

    def __init__(self, invented: bool = False) -> None:
        self.each = tuple((one.takes, one.enroller()) for one in _makers(invented))

    def enrol(self, sample: Sample, position: FingerPosition) -> tuple[EnrolledTemplate, ...]:
        """The templates of every engine that takes such a sample.

        Raises `KnownError` when there is too little in it for one of them.
        """
        takers = (enroller for takes, enroller in self.each if isinstance(sample, takes))
        return tuple(enroller.enrol(sample, position) for enroller in takers)


def _makers(invented: bool) -> Iterator[Engine[Any, Any]]:
    """For a kind of sample that has engines for invented people: those, or the others."""
    apart = {one.takes for one in ENGINES if one.name.endswith(OF_INVENTED)}
    for one in ENGINES:
        if one.takes not in apart or one.name.endswith(OF_INVENTED) == invented:
            yield one


def packed(templates: Sequence[tuple[int, EnrolledTemplate]]) -> Iterator[GalleryChunk]:
    """The galleries of (row, template) pairs in list order, engine by engine."""
    for one in ENGINES:
        yield from one.pack(pair for pair in templates if pair[1].engine == one.name)
