"""The people of a simulated day: what those of the plan lay down, show and ask for."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason
from station_app.domain.fingers import FingerPosition
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.training.day_plan import Case, Visit
from station_app.training.demonstration import NOT_ENROLLED, UNKNOWN_PIN, InventedHand
from station_app.training.script import Decide, GivePin, Impression, Person, Signature

_SHOWS_DOCUMENT: Final = (
    Case.WITH_DOCUMENT, Case.AGAIN_WITH_DOCUMENT, Case.ANOTHERS_DOCUMENT, Case.UNKNOWN_DOCUMENT,
    Case.WORN, Case.WORN_REFUSED, Case.CANCELLED,
)  # fmt: skip
_REFUSED: Final = (
    Case.WORN_REFUSED, Case.ANOTHERS_DOCUMENT, Case.STRANGER, Case.AGAIN_OTHER_NUMBER,
)  # fmt: skip
_WORN: Final = (Case.WORN, Case.WORN_REFUSED)
_PRESSES: Final = ((0.60, Preset.GOOD), (0.92, Preset.FAIR), (1.0, Preset.POOR))


@dataclass(frozen=True, slots=True)
class VisitorsHand:
    """A visitor's fingers: the one asked for, as well as the day has it, another image a touch."""

    visit: Visit
    precinct: Precinct

    def finger(self, position: FingerPosition, _manner: Preset, number: int) -> Impression:
        """See `Hand`."""
        visit, precinct = self.visit, self.precinct
        rng = random.Random(f"press {precinct.seed} {visit.number} {number}")  # noqa: S311
        chance = rng.random()
        preset = next(preset for limit, preset in _PRESSES if chance <= limit)
        if visit.case in _WORN:
            # A dry print of a finger that is not enrolled: nothing the machine could match.
            position, preset = NOT_ENROLLED, Preset.DRY
        if visit.case is Case.AGAIN_OTHER_FINGER and len(precinct.fingers) > 1:
            position = next(one for one in precinct.fingers if one is not position)
        hand = InventedHand(precinct, visit.row, visit.stranger)
        # Never the image that was enrolled.
        return hand.finger(position, preset, 1 + visit.number * 16 + number % 16)


def people_of(visits: Sequence[Visit], precinct: Precinct, signed: Signature) -> list[Person]:
    """Who comes to the desk, as the list in use knows them; `signed` agrees for the commission."""
    voter_ids = [voter.voter_id for voter in precinct.voters]
    return [_person_of(visit, precinct, voter_ids, signed) for visit in visits]


def _person_of(
    visit: Visit, precinct: Precinct, voter_ids: Sequence[str], signed: Signature
) -> Person:
    row = visit.row if visit.document_row is None else visit.document_row
    pin = UNKNOWN_PIN if row is None else precinct.voters[row].pin
    decision = Decision.REFUSED if visit.case in _REFUSED else Decision.CONFIRMED
    return replace(
        visit.expected(voter_ids),
        acts=(GivePin(pin),) if visit.case in _SHOWS_DOCUMENT else (),
        mismatch=signed if visit.case is Case.PHOTO_MISMATCH else None,
        insists=visit.case is not Case.CANCELLED,
        decided=Decide(signed, decision, ManualReason.WORN, DocumentSeen.PASSPORT),
        hand=VisitorsHand(visit, precinct),
        # A stranger has no document to come back with.
        pin="" if visit.row is None else pin,
    )
