"""An exam judged: a perfect learner gets 20 of 20, each kind of mistake is counted as itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from station_app.domain.entries import (
    ActUndone,
    Admitted,
    CommissionDecision,
    Entry,
    Outcome,
    OutcomeVoided,
    StopDecided,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    Decision,
    DocumentSeen,
    ManualReason,
    Method,
    OutcomeKind,
    StopFinding,
    UndoneAct,
    UndoReason,
    VoidReason,
)
from station_app.domain.exam_sheet import ExamCase, ExamError, ExamFault
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import Finger
from station_app.domain.session_states import (
    AwaitingSample,
    Idle,
    Recording,
    Session,
    Verdict,
    WaitingForScanner,
)
from station_app.synthetic.presets import Preset
from station_app.training.exam import Exam
from station_app.training.exam_draw import ExamVoter
from station_app.training.exam_judging import Visit, errors_of
from station_app.training.script import (
    CallCommission,
    Decide,
    FingerTouch,
    GivePin,
    MidCapture,
    QueuePerson,
)
from tests.training.exam_desk import BEGUN, SIGNED, ExamDesk, ToldHand, exam

WITHOUT_EXEMPT = next(
    seed
    for seed in range(50)
    if ExamCase.FINGER_EXEMPT not in [voter.case for voter in exam(seed).voters]
)
"""A draw for a desk without a camera."""


@contextmanager
def exam_desk() -> Iterator[ExamDesk]:
    desk = ExamDesk(exam(WITHOUT_EXEMPT))
    try:
        yield desk
    finally:
        desk.close()


def test_a_perfect_learner() -> None:
    with exam_desk() as desk:
        sheet = desk.hold()
    assert [line for line in sheet.lines if not line.is_right] == []
    assert sheet.right == sheet.voters == 20
    assert sheet.is_whole
    assert not sheet.errors
    assert 0 < sheet.median_s <= sheet.longest_s


def decide(
    decision: Decision, reason: ManualReason = ManualReason.WORN, seen: str = "id_card"
) -> Decide:
    return Decide(SIGNED, decision, reason, DocumentSeen(seen))


def mistaken(person: QueuePerson) -> Sequence[QueuePerson]:
    """A learner who makes a mistake of another kind with each of these."""
    leaves = replace(person, insists=False)
    match person.who:
        case ExamCase.ANOTHERS_DOCUMENT:
            return (replace(person, decided=decide(Decision.CONFIRMED, ManualReason.OTHER)),)
        case ExamCase.OTHER_PHOTO:
            return (replace(person, mismatch=None),)
        case ExamCase.UNKNOWN_DOCUMENT:
            return (replace(leaves, acts=()),)
        case ExamCase.COMMISSION:
            return (replace(person, decided=None),)
        case ExamCase.BY_FACE:
            wrong = decide(Decision.CONFIRMED, ManualReason.INJURED, "passport")
            return (replace(person, decided=wrong),)
        case ExamCase.OTHER_FINGER:
            return (replace(leaves, acts=(touch(person, MidCapture.CANCELLED),)),)
        case ExamCase.DRY_FINGER:
            return (person, replace(leaves, acts=(touch(person),)))
        case ExamCase.WITH_DOCUMENT:
            refused = GivePin(person.pin), CallCommission(), decide(Decision.REFUSED)
            return (replace(leaves, acts=refused),)
        case ExamCase.AT_ONCE if person.fault is None:
            early = GivePin(person.pin), CallCommission(), decide(Decision.CONFIRMED)
            return (replace(leaves, acts=early),)
        case _:
            return (person,)


def touch(person: QueuePerson, then: MidCapture | None = None) -> FingerTouch:
    assert person.hand is not None
    hand = ToldHand(person.hand)
    return FingerTouch(hand.finger(FingerPosition.LEFT_INDEX, Preset.GOOD, 3), then)


def test_a_learner_who_makes_every_mistake() -> None:
    with exam_desk() as desk:
        sheet = desk.hold(mistaken, loads_paper=False)
    errors = {line.case: line.errors for line in sheet.lines if line.fault is None}
    assert {case: found for case, found in errors.items() if ExamError.NO_SLIP not in found} == {
        case: found
        for case, found in {
            ExamCase.AT_ONCE: (ExamError.COMMISSION_TOO_EARLY,),
            ExamCase.WITH_DOCUMENT: (ExamError.RIGHT_PERSON_SENT_AWAY,),
            ExamCase.DRY_FINGER: (ExamError.IDENTIFIED_TWICE,),
            ExamCase.OTHER_FINGER: (ExamError.GIVEN_UP,),
            ExamCase.ALREADY: (),
            ExamCase.ALREADY_OTHER_FINGER: (),
            ExamCase.STRANGER: (),
            ExamCase.UNKNOWN_DOCUMENT: (ExamError.GIVEN_UP,),
            ExamCase.ANOTHERS_DOCUMENT: (ExamError.WRONG_PERSON_LET_IN,),
            ExamCase.COMMISSION: (ExamError.COMMISSION_NOT_ASKED,),
            ExamCase.OTHER_PHOTO: (ExamError.VOID_MISSED,),
            ExamCase.VOTED_AT_HOME: (),
            ExamCase.STRUCK_OFF: (),
            ExamCase.BY_FACE: (ExamError.WRONG_REASON, ExamError.WRONG_DOCUMENT),
        }.items()
        if case in errors and ExamError.NO_SLIP not in errors[case]
    }
    paper = next(line for line in sheet.lines if line.fault is ExamFault.PAPER_OUT)
    assert ExamError.NO_SLIP in paper.errors
    counted = Counter(error for line in sheet.lines for error in line.errors)
    assert sheet.errors == counted
    assert sheet.right == sum(not line.errors for line in sheet.lines) < sheet.voters


# --- one visit, judged by its entries ---------------------------------------------------------


def voter(case: ExamCase) -> ExamVoter:
    found = (one for seed in range(50) for one in exam(seed).voters)
    return next(one for one in found if one.case is case and one.fault is None)


VOTERS = {case: voter(case) for case in ExamCase}
OTHER = "V-another"


def outcome(
    kind: OutcomeKind, voter_id: str | None = None, method: Method = Method.FINGER, first: int = 0
) -> Outcome:
    named = None if voter_id is None else 12
    return Outcome(
        1, kind, "", method, voter_id, named, first or None, None, None, 0, 1, "", "0" * 64
    )


def decision(
    said: Decision,
    reason: ManualReason = ManualReason.WORN,
    document: DocumentSeen = DocumentSeen.ID_CARD,
) -> CommissionDecision:
    return CommissionDecision(1, said, reason, document, "a", "b")


def void(number: int) -> OutcomeVoided:
    return OutcomeVoided(number, "V-1", 12, VoidReason.PHOTO_MISMATCH, "a", "b")


IN = OutcomeKind.IDENTIFIED
STOP = OutcomeKind.ALREADY_IDENTIFIED
OWN = "own"


def judged(case: ExamCase, *entries: Entry, **more: bool) -> tuple[ExamError, ...]:
    """Entries are numbered from 101; outcomes that name `OWN` name this voter."""
    one = VOTERS[case]
    named = [
        replace(entry, voter_id=one.person.voter_id)
        if isinstance(entry, Outcome) and entry.voter_id == OWN
        else entry
        for entry in entries
    ]
    visit = Visit(one, 0.0, dict(enumerate(named, start=101)), **more)
    return errors_of(visit)


CONFIRMED, REFUSED = Decision.CONFIRMED, Decision.REFUSED
BY_COMMISSION = outcome(IN, OWN, Method.COMMISSION)
FIRST = 101
ADMITTED = Admitted(1, AdmissionBasis.COURT_ORDER, DocumentSeen.PASSPORT, "c", "m")
UNDONE = ActUndone(FIRST, UndoneAct.ADMITTED, None, None, UndoReason.OTHER, "c", "m")


@pytest.mark.parametrize(
    ("case", "entries", "errors"),
    [
        (ExamCase.AT_ONCE, [outcome(IN, OWN)], []),
        (ExamCase.AT_ONCE, [outcome(OutcomeKind.ABANDONED), outcome(IN, OWN)], []),
        (ExamCase.AT_ONCE, [], [ExamError.GIVEN_UP]),
        (ExamCase.AT_ONCE, [outcome(OutcomeKind.DEVICE_LOST)], [ExamError.GIVEN_UP]),
        (ExamCase.AT_ONCE, [outcome(OutcomeKind.NOT_ON_LIST)], [ExamError.RIGHT_PERSON_SENT_AWAY]),
        (ExamCase.AT_ONCE, [outcome(OutcomeKind.NOT_ON_LIST), outcome(IN, OWN)], []),
        (ExamCase.AT_ONCE, [outcome(IN, OTHER)], [ExamError.WRONG_PERSON_LET_IN]),
        (ExamCase.AT_ONCE, [outcome(IN, OWN), void(FIRST)], [ExamError.RIGHT_PERSON_SENT_AWAY]),
        (ExamCase.AT_ONCE, [outcome(IN, OWN), void(FIRST), outcome(IN, OWN)], []),
        (
            ExamCase.AT_ONCE,
            [outcome(IN, OWN), outcome(STOP, OWN, first=FIRST)],
            [ExamError.IDENTIFIED_TWICE],
        ),
        (ExamCase.AT_ONCE, [decision(CONFIRMED), BY_COMMISSION], [ExamError.COMMISSION_TOO_EARLY]),
        (ExamCase.ALREADY, [outcome(STOP, OWN, first=3)], []),
        (
            ExamCase.ALREADY,
            [outcome(STOP, OWN, first=3), StopDecided(101, StopFinding.SAME_PERSON, "a", "b")],
            [],
        ),
        (
            ExamCase.ALREADY,
            [outcome(STOP, OWN, first=3), StopDecided(101, StopFinding.LIST_ERROR, "a", "b")],
            [ExamError.WRONG_REASON],
        ),
        (ExamCase.ALREADY, [outcome(IN, OWN)], [ExamError.WRONG_PERSON_LET_IN]),
        (ExamCase.ALREADY, [], [ExamError.GIVEN_UP]),
        (ExamCase.VOTED_AT_HOME, [outcome(STOP, OWN, first=4)], []),
        (ExamCase.STRUCK_OFF, [outcome(OutcomeKind.REFUSED)], []),
        (ExamCase.STRANGER, [outcome(OutcomeKind.NOT_ON_LIST)], []),
        (ExamCase.STRANGER, [outcome(OutcomeKind.UNREADABLE)], []),
        (ExamCase.STRANGER, [outcome(OutcomeKind.ABANDONED)], [ExamError.GIVEN_UP]),
        (
            ExamCase.STRANGER,
            [outcome(OutcomeKind.NOT_ON_LIST), ADMITTED],
            [ExamError.WRONG_PERSON_LET_IN],
        ),
        (ExamCase.STRANGER, [ADMITTED, UNDONE, outcome(OutcomeKind.NOT_ON_LIST)], []),
        (
            ExamCase.STRANGER,
            [decision(CONFIRMED), outcome(IN, OTHER, Method.COMMISSION)],
            [ExamError.WRONG_PERSON_LET_IN, ExamError.WRONG_DOCUMENT],
        ),
        (ExamCase.OTHER_PHOTO, [outcome(IN, OWN), void(FIRST)], []),
        (ExamCase.OTHER_PHOTO, [outcome(IN, OWN)], [ExamError.VOID_MISSED]),
        (ExamCase.OTHER_PHOTO, [], [ExamError.GIVEN_UP]),
        (
            ExamCase.OTHER_PHOTO,
            [outcome(IN, OWN), void(FIRST), outcome(IN, OWN)],
            [ExamError.VOID_MISSED],
        ),
        (ExamCase.COMMISSION, [decision(CONFIRMED), BY_COMMISSION], []),
        (
            ExamCase.COMMISSION,
            [decision(CONFIRMED, ManualReason.EQUIPMENT), BY_COMMISSION],
            [ExamError.WRONG_REASON],
        ),
        (
            ExamCase.COMMISSION,
            [decision(CONFIRMED, document=DocumentSeen.PASSPORT), BY_COMMISSION],
            [ExamError.WRONG_DOCUMENT],
        ),
        (
            ExamCase.COMMISSION,
            [decision(REFUSED), outcome(OutcomeKind.REFUSED)],
            [ExamError.RIGHT_PERSON_SENT_AWAY],
        ),
        (ExamCase.COMMISSION, [outcome(OutcomeKind.UNREADABLE)], [ExamError.COMMISSION_NOT_ASKED]),
        (
            ExamCase.ANOTHERS_DOCUMENT,
            [decision(REFUSED, ManualReason.OTHER), outcome(OutcomeKind.REFUSED)],
            [],
        ),
        (ExamCase.ANOTHERS_DOCUMENT, [outcome(STOP, OWN, first=2)], []),
        (
            ExamCase.ANOTHERS_DOCUMENT,
            [outcome(OutcomeKind.REFUSED)],
            [ExamError.COMMISSION_NOT_ASKED],
        ),
        (
            ExamCase.ANOTHERS_DOCUMENT,
            [decision(REFUSED), outcome(OutcomeKind.REFUSED)],
            [ExamError.WRONG_REASON],
        ),
        (ExamCase.BY_FACE, [outcome(IN, OWN, Method.FACE)], []),
        (ExamCase.BY_FACE, [decision(CONFIRMED), BY_COMMISSION], []),
        (ExamCase.FINGER_EXEMPT, [outcome(IN, OWN, Method.FACE)], []),
        (
            ExamCase.FINGER_EXEMPT,
            [decision(CONFIRMED, ManualReason.INJURED), BY_COMMISSION],
            [],
        ),
    ],
)
def test_a_visit_is_judged_by_its_entries(
    case: ExamCase, entries: list[Entry], errors: list[ExamError]
) -> None:
    assert list(judged(case, *entries)) == errors


def test_what_no_entry_says() -> None:
    good = outcome(IN, OWN)
    assert judged(ExamCase.AT_ONCE, good, left_open=True) == (ExamError.LEFT_OPEN,)
    assert judged(ExamCase.AT_ONCE, good, without_paper=True) == (ExamError.NO_SLIP,)
    assert judged(ExamCase.STRANGER, outcome(OutcomeKind.NOT_ON_LIST), without_paper=True) == ()


def test_equipment_is_a_reason_while_a_device_is_out() -> None:
    voters = (one for seed in range(50) for one in exam(seed).voters)
    one = next(one for one in voters if one.fault is ExamFault.SCANNER_OUT)
    own = replace(BY_COMMISSION, voter_id=one.person.voter_id)
    signed = decision(CONFIRMED, ManualReason.EQUIPMENT)
    assert errors_of(Visit(one, 0.0, {1: signed, 2: own})) == ()
    worn = decision(CONFIRMED, ManualReason.WORN)
    assert errors_of(Visit(one, 0.0, {1: worn, 2: own})) == (ExamError.COMMISSION_TOO_EARLY,)


def test_every_kind_of_error_can_be_made() -> None:
    """Whatever the table above and the two tests after it name is all there is."""
    rows = test_a_visit_is_judged_by_its_entries.pytestmark[0].args[1]  # type: ignore[attr-defined]
    named = {error for _, _, errors in rows for error in errors}
    assert named | {ExamError.LEFT_OPEN, ExamError.NO_SLIP} == set(ExamError)


# --- who stands at the desk --------------------------------------------------------------------

READY = Idle(1, 1, Finger(FingerPosition.RIGHT_INDEX))
SESSION = Session(1, Finger(FingerPosition.RIGHT_INDEX))


class Hands:
    """An exam whose states the test tells; its clock stands still."""

    def __init__(self) -> None:
        self.now = 0.0
        self.views = 0
        self.came: list[int] = []
        self.exam = Exam(
            exam(1),
            BEGUN,
            lambda: self.now,
            self._changed,
            lambda one: self.came.append(one.number),
        )
        self.exam.state_changed(READY)
        self.exam.begin()

    def _changed(self) -> None:
        self.views += 1


def test_a_voters_time_ends_at_ready() -> None:
    hands = Hands()
    hands.exam.call_next()
    hands.now = 5
    hands.exam.state_changed(AwaitingSample(2, SESSION))
    hands.exam.entry_written(1, outcome(OutcomeKind.NOT_ON_LIST))
    hands.now = 9
    hands.exam.state_changed(READY)
    hands.now = 30
    hands.exam.state_changed(READY)  # a slip was printed
    hands.exam.call_next()
    hands.now = 37
    sheet = hands.exam.finish("ky")
    assert [line.seconds for line in sheet.lines] == [9, 7]
    assert (sheet.language, sheet.is_whole) == ("ky", False)
    assert hands.exam.finish("ky") is sheet
    assert hands.came == [1, 2]


def test_the_next_is_called_in_mid_session() -> None:
    hands = Hands()
    hands.exam.call_next()
    hands.exam.state_changed(AwaitingSample(2, SESSION, touched=True))
    hands.exam.call_next()
    second = hands.exam.voter
    assert second is not None
    hands.exam.entry_written(1, outcome(IN, second.person.voter_id or OTHER))
    hands.exam.state_changed(READY)
    first, other = hands.exam.finish("en").lines
    assert ExamError.LEFT_OPEN in first.errors
    assert ExamError.GIVEN_UP in first.errors
    assert ExamError.GIVEN_UP not in other.errors, "what was written counts for who stands there"


def test_a_call_waits_while_the_machine_decides() -> None:
    hands = Hands()
    hands.exam.call_next()
    said = outcome(OutcomeKind.NOT_ON_LIST)
    hands.exam.state_changed(Recording(2, SESSION, said))
    hands.exam.call_next()
    assert hands.came == [1]
    hands.exam.entry_written(5, said)
    hands.exam.state_changed(Verdict(3, SESSION, said, 5, None, None))
    assert hands.came == [1, 2], "it was heard"
    assert not hands.exam.view.is_free
    hands.exam.state_changed(READY)
    assert hands.came == [1, 2], "and not twice"
    first = hands.exam.finish("en").lines[0]
    assert ExamError.LEFT_OPEN not in first.errors
    assert ExamError.GIVEN_UP not in first.errors


def test_a_scanner_that_is_out_is_no_session() -> None:
    hands = Hands()
    hands.exam.call_next()
    hands.exam.state_changed(WaitingForScanner(2, 1))
    hands.exam.call_next()
    assert ExamError.LEFT_OPEN not in hands.exam.finish("en").lines[0].errors


def test_what_is_shown() -> None:
    hands = Hands()
    view = hands.exam.view
    assert (view.number, view.of, view.card, view.may_call) == (0, 20, None, True)
    hands.exam.call_next()
    one, view = hands.exam.voter, hands.exam.view
    assert one is not None
    assert view.card is not None
    assert (view.number, view.card.document, view.card.portrait) == (1, one.document, b"")
    hands.exam.show_portrait(2, b"later")
    hands.exam.show_portrait(1, b"jpeg")
    assert hands.exam.view.card is not None
    assert hands.exam.view.card.portrait == b"jpeg"
    for _ in range(19):
        assert not hands.exam.view.is_last
        hands.exam.call_next()
    assert hands.exam.view.is_last
    assert not hands.exam.is_left
    hands.exam.call_next()
    assert hands.exam.is_left
    assert hands.exam.voter is None
    sheet = hands.exam.finish("en")
    view = hands.exam.view
    assert view.is_over
    assert (view.sheet, view.card, view.may_call) == (sheet, None, False)
    assert len(sheet.lines) == 20
    assert hands.views > 20


def test_before_the_day_is_prepared_nobody_comes() -> None:
    prepared = Exam(exam(1), BEGUN)
    prepared.state_changed(READY)
    assert prepared.view.is_preparing
    prepared.call_next()
    assert prepared.voter is None
