"""The demonstration's script: invented people who meet every verdict the desk can give."""

from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Final

from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason, OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.domain.voters import Voter
from station_app.flow.approvals import DEMO_MEMBER, DEMO_PASSPHRASE
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.training.script import (
    Act,
    CallCommission,
    Decide,
    Expected,
    FingerTouch,
    GivePin,
    Impression,
    MidCapture,
    QueuePerson,
    ShowFace,
    Signature,
)
from station_app.vault import Passphrase

LEFT: Final = FingerPosition.LEFT_INDEX
NOT_ENROLLED: Final = FingerPosition.RIGHT_RING

UNKNOWN_PIN: Final = "29912300000000"
"""A PIN no invented voter has: there is no 99th of the month."""


@dataclass(frozen=True, slots=True)
class InventedHand:
    """The fingers of the voter in `row`, or where that is None of a stranger."""

    precinct: Precinct
    row: int | None
    stranger: int = 0

    @property
    def voter(self) -> Voter:
        """The fingers' owner; a stranger is on no list."""
        if self.row is not None:
            return self.precinct.voters[self.row]
        return self.precinct.stranger_voter(self.stranger)

    @property
    def face(self) -> InventedFace:
        """Their face."""
        if self.row is not None:
            return self.precinct.face(self.row)
        return self.precinct.stranger_face(self.stranger)

    def finger(
        self,
        position: FingerPosition = FingerPosition.RIGHT_INDEX,
        manner: Preset = Preset.GOOD,
        number: int = 1,
    ) -> Impression:
        """See `Hand`; the same finger always gives the same pixels."""
        if self.row is None:
            return partial(self.precinct.stranger, self.stranger, position, number, manner)
        return partial(self.precinct.impression, self.row, position, number, manner)


@dataclass(frozen=True, slots=True)
class _Own:
    """Of the person themselves: a finger on the glass, and what happens to it."""

    position: FingerPosition = FingerPosition.RIGHT_INDEX
    manner: Preset = Preset.GOOD
    number: int = 1
    then: MidCapture | None = None


_OWN_PIN: Final = GivePin("")
"""The PIN of the person's own document."""
_FOUR_DRY: Final = tuple(_Own(manner=Preset.DRY, number=number) for number in range(1, 5))
_SIGNED: Final = Signature(DEMO_MEMBER.id, Passphrase(DEMO_PASSPHRASE))


def demonstration(precinct: Precinct, *, faces: bool = False) -> list[QueuePerson]:
    """Nineteen people; needs a precinct of at least 300 voters with both index fingers.

    With `faces` three more, at a desk with a camera and a list with faces.
    """
    finger, other, pin = _Own(), _Own(LEFT), _OWN_PIN
    confirmed = Decide(_SIGNED, Decision.CONFIRMED, ManualReason.WORN, DocumentSeen.ID_CARD)
    refused = Decide(_SIGNED, Decision.REFUSED, ManualReason.OTHER, DocumentSeen.ID_CARD)
    person = _People(precinct)
    not_on_list: dict[str, Any] = {"ends": OutcomeKind.NOT_ON_LIST, "expects": Expected.NOT_ON_LIST}
    decided: dict[str, Any] = {"expects": Expected.COMMISSION}
    people = [
        person("recognised at once", 11, finger),
        person("recognised at once", 57, finger),
        person(
            "second try, other finger", 93, _Own(NOT_ENROLLED), other,
            tries=2, expects=Expected.SECOND_TRY,
        ),
        person(
            "dry finger, moistened", 128, _FOUR_DRY[0], _Own(number=2),
            tries=2, expects=Expected.DRY_FINGER,
        ),
        person(
            "already identified", 11, _Own(number=2),
            ends=OutcomeKind.ALREADY_IDENTIFIED, expects=Expected.ALREADY,
        ),
        person("stranger", None, finger, other, tries=2, **not_on_list),
        person(
            "cancelled", 170, _Own(then=MidCapture.CANCELLED),
            ends=OutcomeKind.ABANDONED, tries=0, expects=Expected.CANCELLED,
        ),
        person(
            "scanner unplugged", 170, _Own(then=MidCapture.UNPLUGGED), _Own(number=2),
            expects=Expected.UNPLUGGED,
        ),
        person(
            "lifted early", 203, _Own(then=MidCapture.LIFTED), finger,
            tries=2, expects=Expected.SECOND_TRY,
        ),
        person("with a document", 231, pin, finger),
        person("unknown document", None, pin, stranger=2, tries=0, **not_on_list),
        person(
            "another's document", 45, GivePin(precinct.voters[260].pin), finger,
            ends=OutcomeKind.REFUSED, **decided,
        ),
        person(
            "dry four times", 174, *_FOUR_DRY, ends=OutcomeKind.UNREADABLE, tries=4, **decided
        ),
        person("stranger", None, finger, other, stranger=1, tries=2, **not_on_list),
        person("recognised at once", 288, finger),
        person("worn fingers, confirmed", 219, pin, *_FOUR_DRY, confirmed, tries=4, **decided),
        person(
            "unlike the photo, refused", 142, CallCommission(), pin, refused,
            ends=OutcomeKind.REFUSED, tries=0, **decided,
        ),
        person(
            "another photo, made void", 77, finger,
            mismatch=_SIGNED, voided=True, expects=Expected.MADE_VOID,
        ),
        person("identified after the void", 77, _Own(number=2)),
    ]  # fmt: skip
    return [*people, *_before_camera(precinct, person, confirmed, refused)] if faces else people


def _before_camera(
    precinct: Precinct, person: "_People", confirmed: Decide, refused: Decide
) -> list[QueuePerson]:
    """A turn of the head that a busy machine has missed is made once more: any number of tries."""
    pin, like_another = _OWN_PIN, ShowFace(precinct.stranger_face(3))
    return [
        person(
            "worn fingers, by face", 101, pin, *_FOUR_DRY, ShowFace(precinct.face(101)),
            tries=None, expects=Expected.BY_FACE,
        ),
        person(
            "another's document and face", None, GivePin(precinct.voters[33].pin), like_another,
            refused, stranger=3, ends=OutcomeKind.REFUSED, tries=None,
            expects=Expected.FACE_DIFFERS,
        ),
        person(
            "no document, proposed by face", 187, ShowFace(precinct.face(187)), confirmed,
            tries=None, expects=Expected.FACE_PROPOSED,
        ),
    ]  # fmt: skip


class _People:
    """Makes the script's people, each with the next number."""

    def __init__(self, precinct: Precinct) -> None:
        self._precinct = precinct
        self._numbers = count()

    def __call__(
        self,
        who: str,
        row: int | None,
        *acts: _Own | Act,
        ends: OutcomeKind = OutcomeKind.IDENTIFIED,
        tries: int | None = 1,
        stranger: int = 0,
        **more: Any,
    ) -> QueuePerson:
        hand = InventedHand(self._precinct, row, stranger)
        voter = hand.voter
        pin = UNKNOWN_PIN if row is None else voter.pin
        return QueuePerson(
            who,
            tuple(_of(act, hand, pin) for act in acts),
            (ends,),
            voter_id=None if row is None else voter.voter_id,
            tries=tries,
            number=next(self._numbers),
            hand=hand,
            face=hand.face,
            pin=pin,
            name=f"{voter.surname} {voter.given_names}",
            **more,
        )


def _of(act: _Own | Act, hand: InventedHand, pin: str) -> Act:
    if isinstance(act, _Own):
        return FingerTouch(hand.finger(act.position, act.manner, act.number), act.then)
    return GivePin(pin) if act is _OWN_PIN else act
