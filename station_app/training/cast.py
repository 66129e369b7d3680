"""The people of a lesson, taken from an invented precinct."""

from collections.abc import Mapping
from dataclasses import dataclass

from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.synthetic.precinct import Precinct
from station_app.training.actions import Present
from station_app.training.demonstration import UNKNOWN_PIN, InventedHand
from station_app.training.lesson import Lesson, LessonPerson
from station_app.training.script import FingerTouch, QueuePerson
from station_app.training.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody of a lesson: as the player leads them, their list number (0 for a stranger), and
    what they say.
    """

    person: QueuePerson
    list_number: int = 0
    says: Sentence | None = None


Cast = Mapping[str, Actor]
"""By the names of the lesson's file."""


def cast_of(lesson: Lesson, precinct: Precinct) -> Cast:
    """Everybody of the lesson."""
    named = enumerate(lesson.people.items())
    return {name: _actor(number, person, precinct) for number, (name, person) in named}


def present_of(cast: Cast, at_desk: str) -> Present:
    """What a learner's action may speak of while this person is at the desk (empty for nobody)."""
    numbers = tuple((name, one.list_number) for name, one in cast.items() if one.list_number)
    return Present(cast[at_desk].person.pin if at_desk else "", numbers)


def _actor(number: int, person: LessonPerson, precinct: Precinct) -> Actor:
    hand = InventedHand(precinct, person.row, person.stranger)
    voter = hand.voter
    led = QueuePerson(
        person.name,
        (FingerTouch(hand.finger(FingerPosition.RIGHT_INDEX)),),
        (OutcomeKind.IDENTIFIED,),
        voter_id=None if person.row is None else voter.voter_id,
        number=number,
        hand=hand,
        pin=_pin(person, precinct),
        name=f"{voter.surname} {voter.given_names}",
        face=hand.face,
    )
    return Actor(led, 0 if person.row is None else voter.list_number, person.says)


def _pin(person: LessonPerson, precinct: Precinct) -> str:
    if not person.has_document:
        return ""
    return UNKNOWN_PIN if person.document is None else precinct.voters[person.document].pin
