"""A queue of real images: every impression that is not enrolled steps up to the desk."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from station_app.biometrics.images import read_finger_image
from station_app.centre.list_building import RealFinger
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.domain.voters import Voter
from station_app.flow.acts import Touch
from station_app.flow.rehearsal import Person, Result


def readable(
    fingers: Sequence[RealFinger], ppi: int, progress: Callable[[int, int], None]
) -> tuple[tuple[RealFinger, ...], int]:
    """The same fingers without queued files that are no usable images, and how many these are."""
    total = sum(len(finger.queue) for finger in fingers)
    read = 0
    kept = []
    for finger in fingers:
        queue = []
        for path in finger.queue:
            try:
                read_finger_image(path, ppi)
            except KnownError:
                pass
            else:
                queue.append(path)
            read += 1
            progress(read, total)
        kept.append(replace(finger, queue=tuple(queue)))
    good = sum(len(finger.queue) for finger in kept)
    return tuple(kept), total - good


def finger_queue(
    fingers: Sequence[RealFinger], voters: Sequence[Voter], tries: int, ppi: int
) -> list[Person]:
    """One person an impression; asked to try again, they lay down the finger's next one.

    `voters[i]` is the invented voter of `fingers[i]`.
    """
    people = []
    for finger, voter in zip(fingers, voters, strict=True):
        queue = finger.queue
        for place, path in enumerate(queue):
            turns = [queue[(place + again) % len(queue)] for again in range(tries)]
            people.append(
                Person(
                    who=path.stem,
                    acts=tuple(Touch(partial(read_finger_image, turn, ppi)) for turn in turns),
                    outcome=OutcomeKind.ALREADY_IDENTIFIED if place else OutcomeKind.IDENTIFIED,
                    voter_id=voter.voter_id,
                )
            )
    return people


@dataclass(frozen=True, slots=True)
class FingerSummary:
    """What became of the impressions.

    `identified`: the right voter, `at_once` of them at the first try; the first impression
    of a finger is identified, the others are stopped as already identified, which names
    the right voter just the same. `wrong_person`: another voter than the finger's.
    """

    people: int
    identified: int
    at_once: int
    tried_again: int
    not_on_list: int
    unreadable: int
    wrong_person: int


def summarise(results: Sequence[Result]) -> FingerSummary:
    """Count the ends of a queue of real images."""
    right = [r for r in results if r.outcome.voter_id == r.person.voter_id]
    named = [r for r in results if r.outcome.voter_id is not None]
    ends = Counter(r.outcome.outcome for r in results)
    return FingerSummary(
        people=len(results),
        identified=len(right),
        at_once=sum(r.outcome.tries == 1 for r in right),
        tried_again=sum(r.outcome.tries > 1 for r in results),
        not_on_list=ends[OutcomeKind.NOT_ON_LIST],
        unreadable=ends[OutcomeKind.UNREADABLE],
        wrong_person=len(named) - len(right),
    )
