"""From voters and images of their fingers to a list file."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol

from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.samples import FingerImage
from station_app.domain.voters import Voter
from station_app.snapshots import ListHeader, write_list
from station_app.vault import Secret


class Enroller(Protocol):
    """The engine as the centre uses it; one is used by one thread at a time."""

    def enrol(self, image: FingerImage, position: FingerPosition) -> EnrolledTemplate:
        """The enrolled form of an image. Raises `KnownError` when there is too little in it."""
        ...


Pack = Callable[[Iterable[tuple[int, EnrolledTemplate]]], Iterable[GalleryChunk]]
Progress = Callable[[int, int], None]
"""Is told how many images are done, of how many."""


@dataclass(frozen=True, slots=True)
class EnrolmentImage:
    """One finger of the voter in `row` (0-based); `read` fetches the image when its turn comes.

    `read` may raise `KnownError` for an image that cannot be used.
    """

    row: int
    position: FingerPosition
    read: Callable[[], FingerImage]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What became of the images.

    `failures` counts the images left out by the code of their fault;
    `voters_without_finger` are the list numbers that no finger can be held against.
    """

    voters: int
    enrolled: int
    failures: Mapping[str, int]
    voters_without_finger: tuple[int, ...]


def build_list(
    path: Path,
    key: Secret,
    header: ListHeader,
    *,
    voters: Sequence[Voter],
    images: Sequence[EnrolmentImage],
    engines: Sequence[Enroller],
    pack: Pack,
    progress: Progress | None = None,
) -> BuildReport:
    """Enrol every image and write the list file at `path` (see `write_list`).

    One thread works for each of `engines`, so that as many cores are used; the list does
    not depend on their number. `pack` makes the packed gallery of (row, finger) pairs in
    list order. An image that cannot be used is left out and counted. Raises `KnownError`
    as `write_list` does, `ValueError` for a finger of no voter or one given twice.
    """
    ordered = sorted(images, key=lambda image: (image.row, image.position))
    _check_places(ordered, len(voters))
    failures: Counter[str] = Counter()
    fingers: list[tuple[int, EnrolledTemplate]] = []
    for done, (image, result) in enumerate(_enrol_all(ordered, engines), start=1):
        if isinstance(result, KnownError):
            failures[result.code] += 1
        else:
            fingers.append((image.row, result))
        if progress:
            progress(done, len(ordered))
    write_list(path, key, header, voters=voters, templates=fingers, chunks=pack(fingers))
    covered = {row for row, _ in fingers}
    return BuildReport(
        voters=len(voters),
        enrolled=len(fingers),
        failures=dict(sorted(failures.items())),
        voters_without_finger=tuple(
            voter.list_number for row, voter in enumerate(voters) if row not in covered
        ),
    )


def _check_places(images: Sequence[EnrolmentImage], voters: int) -> None:
    places = [(image.row, image.position) for image in images]
    if any(not 0 <= row < voters for row, _ in places):
        raise ValueError("a finger belongs to no voter of the list")
    if len(set(places)) < len(places):
        raise ValueError("a voter's finger is given twice")


def _enrol_all(
    images: Sequence[EnrolmentImage], engines: Sequence[Enroller]
) -> Iterator[tuple[EnrolmentImage, EnrolledTemplate | KnownError]]:
    """Each image with what became of it, in the order given."""
    idle: SimpleQueue[Enroller] = SimpleQueue()
    for engine in engines:
        idle.put(engine)

    def enrol(image: EnrolmentImage) -> EnrolledTemplate | KnownError:
        engine = idle.get()
        try:
            return engine.enrol(image.read(), image.position)
        except KnownError as fault:
            return fault
        finally:
            idle.put(engine)

    with ThreadPoolExecutor(len(engines), thread_name_prefix="enrol") as pool:
        yield from zip(images, pool.map(enrol, images), strict=True)
