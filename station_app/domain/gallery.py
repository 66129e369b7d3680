"""The doorway between the list file and the matching cores: enrolled samples as bytes.

Only the engine that made them understands `content`, `encoding` and a chunk's content; its
name says how they are laid out. Everybody else stores and carries them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

FACE_POSITION: Final = 20
"""Position of a face's template, where a finger's has its finger."""

OF_INVENTED: Final = "-invented"
"""Ends the names of engines that compare people drawn by a computer; no live list has them."""

FUSED_BY: Final = "+"
"""Joins the names of engines whose matcher compares by all of them."""


def engines_of(matcher: str) -> tuple[str, ...]:
    """The engines by which the matcher of this name compares."""
    return tuple(matcher.split(FUSED_BY))


def reads(matcher: str, made_by: Collection[str]) -> bool:
    """Whether the matcher of this name has something to compare in a list made by these engines."""
    return any(one in made_by for one in engines_of(matcher))


@dataclass(frozen=True, slots=True)
class EnrolledTemplate:
    """What an engine made of one enrolment image.

    `engine` names the engine, its version and its parameters; templates of different ones are
    never compared. `position` is the ISO/IEC 19794-2 finger (0 to 10), or 20 for the face.
    `quality` is 0..100. `content` is stored for each template and read for the candidates of
    a search only; `encoding` goes into the chunks that the search has in memory.
    """

    engine: str
    position: int
    quality: int
    content: bytes
    encoding: bytes


@dataclass(frozen=True, slots=True)
class GalleryChunk:
    """About 256 templates of one engine packed for reading at speed.

    `rows`: little-endian int32, the voter's row number in the list (0-based, list order), one
    a template. `content` is the engine's, for all of them.
    """

    engine: str
    rows: bytes
    content: bytes

    def __len__(self) -> int:
        """Number of templates."""
        return len(self.rows) // 4


class TemplateStore(Protocol):
    """The templates of a list, as a matcher reads them; `VoterList` is one."""

    def chunks(self, engine: str) -> Iterable[GalleryChunk]:
        """The packed gallery of an engine, in list order."""
        ...

    def templates(self, engine: str, keys: Sequence[tuple[int, int]]) -> list[bytes]:
        """The contents stored for (row, position) keys, in their order.

        Raises `KnownError` `gallery_damaged` for one that is not stored.
        """
        ...


def other_engine(made_by: Iterable[str], own: str) -> KnownError:
    """Nothing in the list was made by this program's engine."""
    return KnownError(
        Code.GALLERY_ENGINE,
        f"The voter list was made for the engine {', '.join(made_by)}, this program has {own}; "
        "the two cannot be compared. Ask the commission's centre to enrol the fingers again "
        "with this version and to issue the list anew.",
    )
