"""The demo's queue: invented people who meet every verdict the desk can give."""

from dataclasses import dataclass

from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason, OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.domain.roles import Person as Signatory
from station_app.domain.roles import Role
from station_app.domain.samples import FingerImage
from station_app.flow.acts import (
    Act,
    CallCommission,
    Decide,
    FindMismatch,
    GivePin,
    Impression,
    Signature,
    Touch,
    TouchAndCancel,
    TouchAndLift,
    TouchAndPull,
)
from station_app.flow.approvals import DemoApprover
from station_app.flow.rehearsal import Person
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.synthetic.register import invent_register
from station_app.vault import Passphrase

RIGHT, LEFT = FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX
NOT_ENROLLED = FingerPosition.RIGHT_RING

UNKNOWN_PIN = "29912300000000"
"""A PIN no invented voter has: there is no 99th of the month."""

DEMO_PASSPHRASE = "demonstration only"  # noqa: S105
"""Everybody's of the invented commission; it is shown beside the desk."""

_OPERATOR = Signatory("sadyrova", "N. Sadyrova", Role.OPERATOR)
_MEMBER = Signatory("ismailova", "G. Ismailova", Role.MEMBER)
_COMMISSION = (
    _OPERATOR,
    _MEMBER,
    Signatory("osmonov", "B. Osmonov", Role.MEMBER),
    Signatory("abdykadyrov", "T. Abdykadyrov", Role.CHAIR),
)


def demo_approver() -> DemoApprover:
    """The invented commission, whose operator is at the desk."""
    return DemoApprover(_COMMISSION, _OPERATOR.id, DEMO_PASSPHRASE)


@dataclass(frozen=True, slots=True)
class Body:
    """An invented person as far as the scanner knows them; `name` is for the dock."""

    precinct: Precinct
    name: str
    row: int | None
    stranger: int = 0

    @property
    def pin(self) -> str:
        """What their document says; a stranger's is on no list."""
        return UNKNOWN_PIN if self.row is None else self.precinct.voters[self.row].pin

    def finger(
        self, position: FingerPosition = RIGHT, preset: Preset = Preset.GOOD, number: int = 1
    ) -> Impression:
        """The person's finger on the glass, the `number`-th time."""

        def press() -> FingerImage:
            if self.row is None:
                return self.precinct.stranger(self.stranger, position, number, preset)
            return self.precinct.impression(self.row, position, number, preset)

        return press


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody in the demo's queue; `lesson` is what they show, one word for the dock."""

    person: Person
    body: Body
    lesson: str


def demo_queue(precinct: Precinct) -> list[DemoPerson]:
    """Nineteen people; needs a precinct of at least 300 voters with both index fingers."""
    return [*_first_half(precinct), *_second_half(precinct), *_with_commission(precinct)]


def _first_half(precinct: Precinct) -> list[DemoPerson]:
    again, dry = _body(precinct, 93), _body(precinct, 128)
    first, unknown = _body(precinct, 11), _stranger(precinct, 0)
    return [
        _comes("recognised at once", first, Touch(first.finger())),
        _comes("recognised at once", _body(precinct, 57), Touch(_body(precinct, 57).finger())),
        _comes(
            "second try, other finger",
            again,
            Touch(again.finger(NOT_ENROLLED)),
            Touch(again.finger(LEFT)),
            tries=2,
            lesson="second_try",
        ),
        _comes(
            "dry finger, moistened",
            dry,
            Touch(dry.finger(preset=Preset.DRY)),
            Touch(dry.finger(number=2)),
            tries=2,
            lesson="dry_finger",
        ),
        _ends(
            "already identified",
            first,
            OutcomeKind.ALREADY_IDENTIFIED,
            Touch(first.finger(number=2)),
            tries=1,
            lesson="already",
        ),
        _ends(
            "stranger",
            unknown,
            OutcomeKind.NOT_ON_LIST,
            Touch(unknown.finger()),
            Touch(unknown.finger(LEFT)),
            tries=2,
            lesson="not_on_list",
        ),
        _ends(
            "cancelled",
            _body(precinct, 170),
            OutcomeKind.ABANDONED,
            TouchAndCancel(_body(precinct, 170).finger()),
            tries=0,
            lesson="cancelled",
        ),
    ]


def _second_half(precinct: Precinct) -> list[DemoPerson]:
    pulled, early, named = (_body(precinct, row) for row in (170, 203, 231))
    other, dry, last = (_body(precinct, row) for row in (45, 174, 288))
    unknown = _stranger(precinct, 1)
    four_dry = [Touch(dry.finger(preset=Preset.DRY, number=n)) for n in range(1, 5)]
    return [
        _comes(
            "scanner unplugged",
            pulled,
            TouchAndPull(pulled.finger()),
            Touch(pulled.finger(number=2)),
            lesson="unplugged",
        ),
        _comes(
            "lifted early",
            early,
            TouchAndLift(early.finger()),
            Touch(early.finger()),
            tries=2,
            lesson="second_try",
        ),
        _comes("with a document", named, GivePin(_pin(precinct, 231)), Touch(named.finger())),
        _ends(
            "unknown document",
            _stranger(precinct, 2),
            OutcomeKind.NOT_ON_LIST,
            GivePin(UNKNOWN_PIN),
            tries=0,
            lesson="not_on_list",
        ),
        _ends(
            "another's document",
            other,
            OutcomeKind.REFUSED,
            GivePin(_pin(precinct, 260)),
            Touch(other.finger()),
            tries=1,
            lesson="commission",
        ),
        _ends(
            "dry four times",
            dry,
            OutcomeKind.UNREADABLE,
            *four_dry,
            tries=4,
            lesson="commission",
        ),
        _ends(
            "stranger",
            unknown,
            OutcomeKind.NOT_ON_LIST,
            Touch(unknown.finger()),
            Touch(unknown.finger(LEFT)),
            tries=2,
            lesson="not_on_list",
        ),
        _comes("recognised at once", last, Touch(last.finger())),
    ]


def _with_commission(precinct: Precinct) -> list[DemoPerson]:
    worn, unlike, mistaken = (_body(precinct, row) for row in (219, 142, 77))
    signed = Signature(_MEMBER.id, Passphrase(DEMO_PASSPHRASE))
    card = DocumentSeen.ID_CARD
    four_worn = [Touch(worn.finger(preset=Preset.DRY, number=n)) for n in range(1, 5)]
    return [
        _comes(
            "worn fingers, confirmed",
            worn,
            GivePin(_pin(precinct, 219)),
            *four_worn,
            Decide(signed, Decision.CONFIRMED, ManualReason.WORN, card),
            tries=4,
            lesson="commission",
        ),
        _ends(
            "unlike the photo, refused",
            unlike,
            OutcomeKind.REFUSED,
            CallCommission(),
            GivePin(_pin(precinct, 142)),
            Decide(signed, Decision.REFUSED, ManualReason.OTHER, card),
            tries=0,
            lesson="commission",
        ),
        _comes(
            "another photo, made void",
            mistaken,
            Touch(mistaken.finger()),
            FindMismatch(signed),
            lesson="made_void",
            voided=True,
        ),
        _comes("identified after the void", mistaken, Touch(mistaken.finger(number=2))),
    ]


def _comes(
    who: str,
    body: Body,
    *acts: Act,
    tries: int = 1,
    lesson: str = "identified",
    voided: bool = False,
) -> DemoPerson:
    """A voter who is identified in the end, and whose identification may be made void."""
    assert body.row is not None
    voter_id = body.precinct.voters[body.row].voter_id
    person = Person(who, acts, OutcomeKind.IDENTIFIED, voter_id, tries, voided)
    return DemoPerson(person, body, lesson)


def _ends(
    who: str, body: Body, outcome: OutcomeKind, *acts: Act, tries: int, lesson: str
) -> DemoPerson:
    """Somebody whose session ends in another way; only STOP names the voter."""
    voter_id = None
    if outcome is OutcomeKind.ALREADY_IDENTIFIED and body.row is not None:
        voter_id = body.precinct.voters[body.row].voter_id
    return DemoPerson(Person(who, acts, outcome, voter_id, tries), body, lesson)


def _body(precinct: Precinct, row: int) -> Body:
    voter = precinct.voters[row]
    return Body(precinct, f"{voter.surname} {voter.given_names}", row)


def _stranger(precinct: Precinct, number: int) -> Body:
    voter = invent_register(number + 1, precinct.seed + 1)[number].voter
    return Body(precinct, f"{voter.surname} {voter.given_names}", None, number)


def _pin(precinct: Precinct, row: int) -> str:
    return precinct.voters[row].pin
