"""From voters and images of their fingers to a list file."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from station_app.biometrics.engines import Enrollers, packed
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.samples import FingerImage
from station_app.domain.voters import Voter
from station_app.snapshots import ListHeader, write_list
from station_app.vault import Secret

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
    jobs: int = 1,
    progress: Progress | None = None,
) -> BuildReport:
    """Enrol every image and write the list file at `path` (see `write_list`).

    `jobs` threads work, so that as many cores are used; the list does not depend on their
    number. An image that cannot be used is left out and counted. Raises `KnownError`
    as `write_list` does, `ValueError` for a finger of no voter or one given twice.
    """
    ordered = sorted(images, key=lambda image: (image.row, image.position))
    _check_places(ordered, len(voters))
    failures: Counter[str] = Counter()
    templates: list[tuple[int, EnrolledTemplate]] = []
    for done, (image, result) in enumerate(_enrol_all(ordered, jobs), start=1):
        if isinstance(result, KnownError):
            failures[result.code] += 1
        else:
            templates += ((image.row, one) for one in result)
        if progress:
            progress(done, len(ordered))
    write_list(path, key, header, voters=voters, templates=templates, chunks=packed(templates))
    covered = {row for row, _ in templates}
    return BuildReport(
        voters=len(voters),
        enrolled=len(ordered) - failures.total(),
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
    images: Sequence[EnrolmentImage], jobs: int
) -> Iterator[tuple[EnrolmentImage, tuple[EnrolledTemplate, ...] | KnownError]]:
    """Each image with what became of it, in the order given."""
    idle: SimpleQueue[Enrollers] = SimpleQueue()
    for _ in range(jobs):
        idle.put(Enrollers())

    def enrol(image: EnrolmentImage) -> tuple[EnrolledTemplate, ...] | KnownError:
        enrollers = idle.get()
        try:
            return enrollers.enrol(image.read(), image.position)
        except KnownError as fault:
            return fault
        finally:
            idle.put(enrollers)

    with ThreadPoolExecutor(jobs, thread_name_prefix="enrol") as pool:
        yield from zip(images, pool.map(enrol, images), strict=True)
