"""The voters of an exam: a mix drawn by seed, and how each of them must be dealt with."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from station_app.domain.entries import IssuedElsewhere, StruckOff
from station_app.domain.entry_codes import (
    BallotPlace,
    Decision,
    DocumentSeen,
    ManualReason,
    OutcomeKind,
    StrikeReason,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.exam_sheet import ExamCase, ExamFault
from station_app.domain.fingers import FingerPosition
from station_app.domain.voters import Voter
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.names import FEMALE, MALE
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.training.demonstration import NOT_ENROLLED, InventedHand
from station_app.training.exam_view import ShownDocument
from station_app.training.script import (
    Act,
    Decide,
    GivePin,
    Impression,
    QueuePerson,
    ScriptFault,
    ShowFace,
    Signature,
)
from station_app.training.sentences import Sentence

EXAM_VOTERS: Final = 20
_ALWAYS: Final[Mapping[ExamCase, int]] = {
    ExamCase.AT_ONCE: 5,
    ExamCase.WITH_DOCUMENT: 2,
    ExamCase.DRY_FINGER: 2,
    ExamCase.OTHER_FINGER: 1,
    ExamCase.ALREADY: 1,
    ExamCase.ALREADY_OTHER_FINGER: 1,
    ExamCase.STRANGER: 1,
    ExamCase.UNKNOWN_DOCUMENT: 1,
    ExamCase.ANOTHERS_DOCUMENT: 1,
    ExamCase.COMMISSION: 1,
    ExamCase.OTHER_PHOTO: 1,
    ExamCase.VOTED_AT_HOME: 1,
}
"""The frequent cases: each is in every draw, so often."""
_SELDOM: Final = (ExamCase.BY_FACE, ExamCase.FINGER_EXEMPT, ExamCase.STRUCK_OFF)
"""The others: a draw has all but one of them."""

_STRANGERS: Final = frozenset({ExamCase.STRANGER, ExamCase.UNKNOWN_DOCUMENT})
_EARLIER: Final = frozenset(
    {ExamCase.ALREADY, ExamCase.ALREADY_OTHER_FINGER, ExamCase.ANOTHERS_DOCUMENT}
)
_BY_CAMERA: Final = frozenset({ExamCase.BY_FACE, ExamCase.FINGER_EXEMPT})
_USUAL: Final = frozenset({ExamCase.AT_ONCE, ExamCase.WITH_DOCUMENT})
"""With whom scanner and paper fail: nothing else is out of the ordinary."""
_PIN_FIRST: Final = frozenset(
    {
        ExamCase.WITH_DOCUMENT, ExamCase.UNKNOWN_DOCUMENT, ExamCase.ANOTHERS_DOCUMENT,
        ExamCase.COMMISSION, ExamCase.BY_FACE, ExamCase.FINGER_EXEMPT,
    }
)  # fmt: skip
"""Who holds out the document at once; the player shows it first."""
_SAYS: Final[Mapping[ExamCase, Sentence]] = {
    ExamCase.DRY_FINGER: Sentence("exam.says.rough"),
    ExamCase.OTHER_FINGER: Sentence("exam.says.hurt"),
    ExamCase.STRANGER: Sentence("exam.says.no_document"),
    ExamCase.COMMISSION: Sentence("exam.says.stiff"),
    ExamCase.BY_FACE: Sentence("exam.says.rough"),
    ExamCase.FINGER_EXEMPT: Sentence("exam.says.no_hands"),
}


@dataclass(frozen=True, slots=True)
class ExamRule:
    """The right end of a case.

    `ends`: outcomes of the machine by which the voter may leave. `decision`: what two persons have
    to sign where none of these came. `may_decide`: they may confirm, the machine does not always
    get through. `reasons` fit what they sign; empty for any.
    """

    ends: frozenset[OutcomeKind]
    decision: Decision | None = None
    may_decide: bool = False
    reasons: tuple[ManualReason, ...] = ()

    @property
    def is_let_in(self) -> bool:
        """Whether an identification as this voter has to stand."""
        return OutcomeKind.IDENTIFIED in self.ends or self.decision is Decision.CONFIRMED

    @property
    def all_ends(self) -> frozenset[OutcomeKind]:
        """How the last session may end, with the commission's decision."""
        match self.decision:
            case None:
                return self.ends
            case Decision.CONFIRMED:
                return self.ends | {OutcomeKind.IDENTIFIED}
            case Decision.REFUSED:
                return self.ends | {OutcomeKind.REFUSED}


_LET_IN: Final = ExamRule(frozenset({OutcomeKind.IDENTIFIED}))
_STOPPED: Final = ExamRule(frozenset({OutcomeKind.ALREADY_IDENTIFIED}))
_UNKNOWN: Final = ExamRule(
    frozenset({OutcomeKind.NOT_ON_LIST, OutcomeKind.REFUSED, OutcomeKind.UNREADABLE})
)
RULES: Final[Mapping[ExamCase, ExamRule]] = {
    ExamCase.AT_ONCE: _LET_IN,
    ExamCase.WITH_DOCUMENT: _LET_IN,
    ExamCase.DRY_FINGER: _LET_IN,
    ExamCase.OTHER_FINGER: _LET_IN,
    ExamCase.ALREADY: _STOPPED,
    ExamCase.ALREADY_OTHER_FINGER: _STOPPED,
    ExamCase.STRANGER: _UNKNOWN,
    ExamCase.UNKNOWN_DOCUMENT: _UNKNOWN,
    # The finger alone, without the document, is stopped: nobody was let in either.
    ExamCase.ANOTHERS_DOCUMENT: replace(
        _STOPPED, decision=Decision.REFUSED, reasons=(ManualReason.OTHER,)
    ),
    ExamCase.COMMISSION: ExamRule(
        frozenset(), Decision.CONFIRMED, may_decide=True, reasons=(ManualReason.WORN,)
    ),
    ExamCase.OTHER_PHOTO: ExamRule(frozenset()),
    ExamCase.VOTED_AT_HOME: _STOPPED,
    ExamCase.STRUCK_OFF: ExamRule(frozenset({OutcomeKind.REFUSED})),
    ExamCase.BY_FACE: replace(_LET_IN, may_decide=True, reasons=(ManualReason.WORN,)),
    ExamCase.FINGER_EXEMPT: replace(
        _LET_IN,
        may_decide=True,
        reasons=(ManualReason.NO_BIOMETRICS, ManualReason.INJURED, ManualReason.OTHER),
    ),
}


@dataclass(frozen=True, slots=True)
class ExamHand:
    """The fingers of an exam's voter; as good as the case has them, another image each time."""

    hand: InventedHand
    case: ExamCase
    first: int
    """The number of the first impression: no two voters, and no two exams, begin at the same."""

    def finger(self, position: FingerPosition, _manner: Preset, number: int) -> Impression:
        """See `PersonHand`: a dry finger is dry the first time, then it was moistened.

        Raises `no_finger_image` where there is none to lay down.
        """
        preset = Preset.GOOD
        match self.case:
            case ExamCase.FINGER_EXEMPT:
                raise KnownError(Code.NO_FINGER_IMAGE, "This voter cannot give a finger.")
            case ExamCase.DRY_FINGER if number == 1:
                preset = Preset.DRY
            case ExamCase.OTHER_FINGER if position is FingerPosition.RIGHT_INDEX:
                position = NOT_ENROLLED  # the plaster leaves nothing that is enrolled
            case ExamCase.COMMISSION | ExamCase.BY_FACE:
                position, preset = NOT_ENROLLED, Preset.DRY
            case ExamCase.ALREADY_OTHER_FINGER if position is FingerPosition.RIGHT_INDEX:
                position = FingerPosition.LEFT_INDEX
            case _:
                pass
        return self.hand.finger(position, preset, self.first + number)


@dataclass(frozen=True, slots=True)
class ExamVoter:
    """Voter `number` of an exam, from 1: who comes, and as what they are seen at the desk.

    `person` is for the player; they have a face for the camera where they can turn the head. `face`
    is what an operator sees. `document` is None without one; `says` is what the voter says.
    """

    number: int
    case: ExamCase
    person: QueuePerson
    face: InventedFace
    document: ShownDocument | None
    says: Sentence | None = None
    fault: ExamFault | None = None

    @property
    def rule(self) -> ExamRule:
        """The right end."""
        return RULES[self.case]

    @property
    def needs_camera(self) -> bool:
        """Whether the right way leads over the camera."""
        return self.case in _BY_CAMERA


@dataclass(frozen=True, slots=True)
class ExamDraw:
    """The voters of the exam `seed`, and what happened before it.

    `earlier` were identified today; `acts` the commission has written down, nobody's names in them.
    """

    seed: int
    voters: tuple[ExamVoter, ...]
    earlier: tuple[QueuePerson, ...]
    acts: tuple[IssuedElsewhere | StruckOff, ...]


def draw_exam(seed: int, precinct: Precinct, signed: Signature) -> ExamDraw:
    """Twenty voters; the same seed and precinct give the same, in the same order.

    `signed` agrees for the commission. Each frequent case is in every draw, and of the seldom ones
    all but one. The scanner and the paper fail once each, the camera at times. Raises `ValueError`
    for a precinct of fewer than 60 voters.
    """
    if len(precinct.voters) < 3 * EXAM_VOTERS:
        raise ValueError("an exam needs a list of at least 60 voters")
    rng = random.Random(f"exam {seed}")  # noqa: S311  (a draw for practice, no secret)
    cases = _cases(rng)
    faults = _faults(cases, rng)
    usual = [row for row, voter in enumerate(precinct.voters) if not voter.finger_exempt]
    rows = iter(rng.sample(usual, 2 * EXAM_VOTERS))
    crowd = _Crowd(precinct, signed, rng)
    voters = []
    for number, (case, fault) in enumerate(zip(cases, faults, strict=True), start=1):
        own = next(rows)
        other = next(rows) if case is ExamCase.ANOTHERS_DOCUMENT else own
        voters.append(crowd.voter(number, case, fault, own, other))
    return ExamDraw(seed, tuple(voters), tuple(crowd.earlier), tuple(crowd.acts))


def _cases(rng: random.Random) -> list[ExamCase]:
    cases = [case for case, count in _ALWAYS.items() for _ in range(count)]
    cases += rng.sample(_SELDOM, EXAM_VOTERS - len(cases))
    rng.shuffle(cases)
    return cases


def _faults(cases: Sequence[ExamCase], rng: random.Random) -> list[ExamFault | None]:
    """Scanner and paper fail with voters who are otherwise recognised at once."""
    faults: list[ExamFault | None] = [None] * len(cases)
    usual = [place for place, case in enumerate(cases) if case in _USUAL]
    places = rng.sample(usual, 2)
    faults[places[0]], faults[places[1]] = ExamFault.SCANNER_OUT, ExamFault.PAPER_OUT
    seen = [place for place, case in enumerate(cases) if case is ExamCase.BY_FACE]
    if seen and rng.random() < 0.5:
        faults[seen[0]] = ExamFault.CAMERA_OUT
    return faults


class _Crowd:
    """Makes the voters of a draw, and keeps what has to happen before they come."""

    def __init__(self, precinct: Precinct, signed: Signature, rng: random.Random) -> None:
        self._precinct, self._signed, self._rng = precinct, signed, rng
        self.earlier: list[QueuePerson] = []
        self.acts: list[IssuedElsewhere | StruckOff] = []

    def voter(
        self, number: int, case: ExamCase, fault: ExamFault | None, own: int, other: int
    ) -> ExamVoter:
        """The voter of row `own`, or a stranger; the document is that of row `other`."""
        precinct = self._precinct
        is_stranger = case in _STRANGERS
        hand = InventedHand(precinct, None if is_stranger else own, number)
        first = 1 + 16 * self._rng.randrange(1000)
        person = self._person(case, hand, fault, number, first)
        document = None
        if case is not ExamCase.STRANGER:
            shown = hand.voter if is_stranger else precinct.voters[other]
            document = self._document(shown)
            acts: tuple[Act, ...] = (GivePin(shown.pin),) if case in _PIN_FIRST else ()
            if case is ExamCase.FINGER_EXEMPT:
                acts = (*acts, ShowFace(hand.face))
            person = replace(person, pin=shown.pin, acts=acts)
        if case in _EARLIER:
            self.earlier.append(_came_before(person, hand, first))
        self._write(case, hand.voter)
        face = self._another_face(hand.voter) if case is ExamCase.OTHER_PHOTO else hand.face
        person = replace(person, face=None if case is ExamCase.COMMISSION else face)
        return ExamVoter(number, case, person, face, document, _SAYS.get(case), fault)

    def _person(
        self, case: ExamCase, hand: InventedHand, fault: ExamFault | None, number: int, first: int
    ) -> QueuePerson:
        rule, is_other = RULES[case], case is ExamCase.OTHER_PHOTO
        decided = None
        if rule.reasons:
            decision = rule.decision or Decision.CONFIRMED
            decided = Decide(self._signed, decision, rule.reasons[0], DocumentSeen.ID_CARD)
        voter = hand.voter
        return QueuePerson(
            case.value,
            (),
            (OutcomeKind.IDENTIFIED,) if is_other else rule.all_ends,
            voter_id=None if hand.row is None else voter.voter_id,
            voided=is_other,
            mismatch=self._signed if is_other else None,
            insists=True,
            decided=decided,
            fault=ScriptFault.SCANNER_PULLED if fault is ExamFault.SCANNER_OUT else None,
            number=number,
            hand=ExamHand(hand, case, first),
            is_same_face=case is not ExamCase.ANOTHERS_DOCUMENT and not is_other,
        )

    def _write(self, case: ExamCase, voter: Voter) -> None:
        known = voter.voter_id, voter.list_number
        match case:
            case ExamCase.VOTED_AT_HOME:
                self.acts.append(IssuedElsewhere(*known, BallotPlace.HOME, "", ""))
            case ExamCase.STRUCK_OFF:
                self.acts.append(StruckOff(*known, StrikeReason.MOVED, "", ""))
            case _:
                pass

    def _document(self, voter: Voter) -> ShownDocument:
        name = f"{voter.surname} {voter.given_names}"
        return ShownDocument(DocumentSeen.ID_CARD, voter.pin, name)

    def _another_face(self, voter: Voter) -> InventedFace:
        """A face that nobody takes for the voter's: of the other sex."""
        sex = FEMALE if voter.sex == MALE else MALE
        return InventedFace(self._rng.getrandbits(32), sex, self._rng.randrange(22, 76))


def _came_before(person: QueuePerson, hand: InventedHand, first: int) -> QueuePerson:
    """The same voter as identified earlier today: by the right finger, without any trouble."""
    return replace(
        person,
        acts=(),
        ends=(OutcomeKind.IDENTIFIED,),
        decided=None,
        fault=None,
        hand=ExamHand(hand, ExamCase.AT_ONCE, first + 8),
        pin=hand.voter.pin,
    )
