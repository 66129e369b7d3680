"""People whose fingers are images in a folder: of an FVC set, or of a station's own list."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from station_app.biometrics.images import IMAGE_ENDINGS, read_finger_image
from station_app.centre.finger_sources import SourceFolder
from station_app.centre.list_building import RealFinger
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.voters import Voter, short_name
from station_app.snapshots import VoterList
from station_app.synthetic.presets import Preset
from station_app.training.script import Expected, FingerTouch, Impression, QueuePerson, VisitResult

_PPI: Final = 500
_NAME: Final = re.compile(r"_(?P<position>0?[0-9]|10)(_(?P<number>[0-9]{1,9}))?")


@dataclass(frozen=True, slots=True)
class ImageHand:
    """Image files by finger; those of an unknown finger are whichever is asked for.

    How a finger is laid down is in the image, and cannot be chosen. `unusable` takes up the files
    that turn out to be no images.
    """

    images: tuple[tuple[FingerPosition, tuple[Path, ...]], ...]
    ppi: int = _PPI
    unusable: set[Path] = field(default_factory=set, compare=False)

    def finger(self, position: FingerPosition, _manner: Preset, number: int) -> Impression:
        """See `Hand`: the file is read at once, the next one of that finger each time.

        One that cannot be read is passed over; where none can be, raises as `read_finger_image`.
        """
        refusal = KnownError(
            Code.NO_FINGER_IMAGE, "There is no image of this finger in the folder."
        )
        for known, paths in self.images:
            if known in (position, FingerPosition.UNKNOWN):
                first = (number - 1) % len(paths)
                for path in paths[first:] + paths[:first]:
                    try:
                        image = read_finger_image(path, self.ppi)
                    except KnownError as fault:
                        self.unusable.add(path)
                        refusal = fault
                    else:
                        return lambda: image
                break
        raise refusal


@dataclass(frozen=True, slots=True)
class ListPeople:
    """Whoever stands in the dock's queue.

    `unusable`: their files that are no images, as far as is known; reading finds more.
    """

    people: Sequence[QueuePerson] = ()
    unusable: set[Path] = field(default_factory=set)


def people_of_list(voters: VoterList, folder: Path) -> ListPeople:
    """The people of a list who have images in `folder`, in the list's order.

    The images are `<voter_id>_<finger position>.png` (.tif, .bmp, .wsq; 500 ppi) as a list is
    built of them, or with `_<number>` after the position. Where there are several of a finger,
    the first is taken for the enrolled one and not laid down. A precinct's own folder inside
    `folder` goes before it. Nobody, where `folder` cannot be opened. A link is no image, wherever
    it leads; nor is a folder or a pipe.
    """
    try:
        files = SourceFolder(folder, IMAGE_ENDINGS).of(voters.header.precinct)
    except KnownError:
        return ListPeople()
    people: list[QueuePerson] = []
    unusable: set[Path] = set()
    for row in range(voters.voters):
        voter = voters.voter(row)
        found: defaultdict[FingerPosition, list[tuple[int, Path]]] = defaultdict(list)
        for name, rest in files.claim(voter.voter_id):
            if not (given := _NAME.fullmatch(rest)):
                continue
            path = files.folder / name
            if path.is_symlink() or not path.is_file():
                unusable.add(path)
                continue
            number = int(given["number"] or -1)
            found[FingerPosition(int(given["position"]))].append((number, path))
        if found:
            people.append(_listed(len(people), voter, found, unusable))
    return ListPeople(people, unusable)


def _listed(
    number: int,
    voter: Voter,
    found: dict[FingerPosition, list[tuple[int, Path]]],
    unusable: set[Path],
) -> QueuePerson:
    images = tuple(
        (position, tuple(path for _, path in sorted(files)[len(files) > 1 :]))
        for position, files in sorted(found.items())
    )
    name = f"{voter.list_number}. {short_name(voter.surname, voter.given_names)}"
    return QueuePerson(
        name,
        (),
        (OutcomeKind.IDENTIFIED,),
        voter_id=voter.voter_id,
        insists=True,
        number=number,
        hand=ImageHand(images, unusable=unusable),
        pin=voter.pin,
        name=name,
    )


def readable(
    fingers: Sequence[RealFinger], ppi: int, progress: Callable[[int, int], None]
) -> tuple[tuple[RealFinger, ...], int]:
    """The same fingers without queued files that are no usable images, and how many these are."""
    total = sum(len(finger.queue) for finger in fingers)
    read = count(1)

    def is_image(path: Path) -> bool:
        try:
            read_finger_image(path, ppi)
        except KnownError:
            return False
        finally:
            progress(next(read), total)
        return True

    kept = tuple(replace(one, queue=tuple(filter(is_image, one.queue))) for one in fingers)
    return kept, total - sum(len(finger.queue) for finger in kept)


def people_of_fingers(
    fingers: Sequence[RealFinger], voters: Sequence[Voter], tries: int, ppi: int
) -> list[QueuePerson]:
    """One person an impression; asked to try again, they lay down the finger's next one.

    `voters[i]` is the invented voter of `fingers[i]`.
    """
    people: list[QueuePerson] = []
    for finger, voter in zip(fingers, voters, strict=True):
        queue = finger.queue
        for place, path in enumerate(queue):
            turns = [queue[(place + again) % len(queue)] for again in range(tries)]
            people.append(
                QueuePerson(
                    path.stem,
                    tuple(FingerTouch(partial(read_finger_image, turn, ppi)) for turn in turns),
                    (OutcomeKind.ALREADY_IDENTIFIED if place else OutcomeKind.IDENTIFIED,),
                    voter_id=voter.voter_id,
                    number=len(people),
                    hand=ImageHand(((FingerPosition.UNKNOWN, (path,)),), ppi),
                    name=path.stem,
                    expects=Expected.ALREADY if place else Expected.IDENTIFIED,
                )
            )
    return people


def summary_of(results: Sequence[VisitResult]) -> dict[str, int]:
    """Counts of the impressions by their result.

    `identified`: the right voter, `at_once` of them at the first try; the first impression
    of a finger is identified, the others are stopped as already identified, which names
    the right voter just the same. `wrong_person`: another voter than the finger's.
    """
    right = [r for r in results if r.end.voter_id == r.person.voter_id]
    named = [r for r in results if r.end.voter_id is not None]
    ends = Counter(r.end.outcome for r in results)
    return {
        "people": len(results),
        "identified": len(right),
        "at_once": sum(r.end.tries == 1 for r in right),
        "tried_again": sum(r.end.tries > 1 for r in results),
        "not_on_list": ends[OutcomeKind.NOT_ON_LIST],
        "unreadable": ends[OutcomeKind.UNREADABLE],
        "wrong_person": len(named) - len(right),
    }
