"""Two captures of one person, compared by the station's own engines: a device that was tried."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from station_app.biometrics.engines import FACES, FINGERS, Engine
from station_app.domain.decision import verify_threshold
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FaceImage, FaceShots, FingerImage, Sample


@dataclass(frozen=True, slots=True)
class _OneTemplate:
    """A store of one template, as a list has them."""

    engine: Engine[Any, Any]
    template: EnrolledTemplate

    def chunks(self, engine: str) -> Iterator[GalleryChunk]:
        """See `TemplateStore`."""
        assert engine == self.engine.name
        yield from self.engine.pack([(0, self.template)])

    def templates(self, engine: str, keys: Sequence[tuple[int, int]]) -> list[bytes]:
        """See `TemplateStore`."""
        assert engine == self.engine.name
        return [self.template.content for _ in keys]


def can_be_compared(image: FingerImage) -> bool:
    """Whether a desk would take this image, and a list would hold it."""
    try:
        template = FINGERS.enroller().enrol(image, FingerPosition.UNKNOWN)
    except KnownError as fault:
        if fault.code != Code.NOT_ENROLLABLE:
            raise
        return False
    return template.quality >= PROVISIONAL.quality_floor


def is_same_finger(first: FingerImage, second: FingerImage) -> bool:
    """Whether two captures meet as those of one voter would: `first` is enrolled, `second` is
    looked for.

    Raises `KnownError` `not_enrollable` where the first has too little in it, and as the engine
    does.
    """
    return _meet(FINGERS, first, second)


def is_same_face(first: FaceImage, second: FaceImage) -> bool:
    """As `is_same_finger`, of two pictures of a face."""
    return _meet(FACES, FaceShots((first,)), FaceShots((second,)))


def _meet(engine: Engine[Any, Any], first: Sample, second: Sample) -> bool:
    template = engine.enroller().enrol(first, FingerPosition.UNKNOWN)
    found = engine.matcher(_OneTemplate(engine, template)).examine(second, 0).candidates
    return any(one.evidence >= verify_threshold(PROVISIONAL) for one in found)
