"""The face in a session: when it is asked for, what both opinions lead to, what is written."""

from dataclasses import replace

import pytest

from station_app.domain import session_events as ev
from station_app.domain.entries import (
    CommissionDecision,
    Entry,
    FaceCompared,
    FacesProposed,
    FaceTry,
    HeadNotTurned,
)
from station_app.domain.entry_codes import DocumentSeen, ManualReason, Method, OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.domain.fusion import combine
from station_app.domain.liveness import FaceFailure
from station_app.domain.matching import Candidate, Examination
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Face, FaceImage, FaceShots
from station_app.domain.session_asking import offers_face, offers_finger
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    Blocked,
    CommissionWhy,
    FaceWhy,
    Idle,
    LookingUp,
    Verdict,
    WaitingForScanner,
)
from tests.domain.session_desk import Desk, verdict
from tests.domain.session_samples import ENROLLED, voter

SHOTS = FaceShots((FaceImage(b"\0" * 12, 2, 2),))
TURNS = "left right left"
SIGNED = (ManualReason.OTHER, DocumentSeen.PASSPORT, "asanov", "ismailova")
RING = FingerPosition.LEFT_RING


def named(desk: Desk, row: int, *, has_face: bool = True, is_exempt: bool = False) -> None:
    desk.do(ev.PinEntered("1" * 14))
    desk.do(ev.PinFound(desk.ticket, row, has_face, is_exempt, fingers=ENROLLED))
    if isinstance(desk.state, AwaitingFace):
        read(desk)


def read(desk: Desk) -> None:
    """The record that the face asked for is read."""
    asked = [one for one in desk.asked if isinstance(one, ev.ReadVoter)][-1]
    desk.do(ev.VoterRead(asked.ticket, voter(asked.row), asked.row in desk.marked))


def called(desk: Desk) -> AwaitingFace:
    desk.do(ev.FaceCalled())
    face = desk.state
    assert isinstance(face, AwaitingFace)
    if face.session.named_row is not None:
        read(desk)
    assert isinstance(desk.state, AwaitingFace)
    return desk.state


def compared(desk: Desk, *evidence: tuple[int, float], quality: int = 80) -> None:
    """The head was turned, and the pictures are compared."""
    desk.do(ev.FaceLive(desk.ticket, SHOTS, TURNS))
    candidates = tuple(Candidate(row, Face(), e) for row, e in evidence)
    seen = Examination(quality, None, candidates, 300, 1.0, 1.0)
    desk.do(ev.Matched(desk.ticket, seen, "faces/1"))


def commission(desk: Desk) -> AwaitingCommission:
    assert isinstance(desk.state, AwaitingCommission)
    return desk.state


def entries(desk: Desk, *kinds: type[Entry]) -> list[Entry]:
    return [one for one in desk.book.entries if isinstance(one, kinds)]


# --- when it is asked for -----------------------------------------------------------------


def test_after_the_finger_tries_of_a_voter_with_a_face() -> None:
    desk = Desk()
    named(desk, 4)
    for _ in range(PROVISIONAL.tries):
        desk.finger((4, 0.2))
    assert isinstance(desk.state, AwaitingFace)
    assert desk.state.why is FaceWhy.TRIES


def test_after_the_finger_tries_of_others_the_commission_decides() -> None:
    desk = Desk()
    named(desk, 4, has_face=False)
    for _ in range(PROVISIONAL.tries):
        desk.finger((4, 0.2))
    assert commission(desk).why is CommissionWhy.TRIES


@pytest.mark.parametrize("has_face", [True, False])
def test_who_is_exempt_goes_to_the_face_where_the_list_has_it(has_face: bool) -> None:
    desk = Desk()
    named(desk, 4, has_face=has_face, is_exempt=True)
    if has_face:
        assert isinstance(desk.state, AwaitingFace)
    else:
        assert commission(desk).why is CommissionWhy.NO_FINGERS


def test_where_the_key_does_something() -> None:
    desk = Desk()
    assert offers_face(desk.state, PROVISIONAL)
    named(desk, 4)
    assert offers_face(desk.state, PROVISIONAL)
    assert not offers_face(desk.state, replace(PROVISIONAL, face_tries=0))
    called(desk)
    assert not offers_face(desk.state, PROVISIONAL)
    faceless = Desk()
    named(faceless, 4, has_face=False)
    assert not offers_face(faceless.state, PROVISIONAL)
    faceless.do(ev.FaceCalled())
    assert isinstance(faceless.state, AwaitingSample)


@pytest.mark.parametrize("in_session", [True, False])
def test_while_the_scanner_is_away(in_session: bool) -> None:
    desk = Desk()
    if in_session:
        named(desk, 4)
    desk.do(ev.ScannerLost(desk.ticket))
    assert isinstance(desk.state, WaitingForScanner)
    assert offers_face(desk.state, PROVISIONAL)
    face = called(desk)
    assert (face.why, face.session.named_row) == (
        FaceWhy.SCANNER_LOST,
        4 if in_session else None,
    )
    desk.do(ev.FingerChosen(RING))
    assert isinstance(desk.state, WaitingForScanner), "it is still away"
    desk.do(ev.ScannerReturned(desk.ticket))
    assert isinstance(desk.state, AwaitingSample)


def test_after_the_face_the_lost_scanner_is_waited_for() -> None:
    desk = Desk()
    named(desk, 4)
    desk.do(ev.ScannerLost(desk.ticket))
    called(desk)
    compared(desk, (4, 6.0))
    desk.do(ev.FaceAnswered(same=True))
    assert verdict(desk).outcome.method is Method.FACE
    desk.do(ev.NextPressed())
    assert isinstance(desk.state, WaitingForScanner)


# --- both opinions ------------------------------------------------------------------------


def test_fingers_below_their_line_and_the_face_are_joined() -> None:
    desk = Desk()
    named(desk, 4)
    desk.finger((4, 3.0))
    called(desk)
    compared(desk, (4, 3.5))
    desk.do(ev.FaceAnswered(same=True))
    outcome = verdict(desk).outcome
    joined = combine([3.0, 3.5])
    assert joined > PROVISIONAL.fmr_verify_log10
    assert outcome.evidence_milli == round(1000 * joined)
    assert (outcome.engine, outcome.fingers_compared) == ("test/1, faces/1", 600)


def test_another_voters_face_is_no_matter() -> None:
    """The person is compared with the voter of the PIN only: relatives look alike."""
    desk = Desk()
    named(desk, 4)
    called(desk)
    compared(desk, (7, 12.0), (4, 5.0))
    desk.do(ev.FaceAnswered(same=True))
    assert verdict(desk).outcome.voter_id == "V-4"


def test_the_answer_may_come_before_the_machine_has_compared() -> None:
    desk = Desk()
    named(desk, 4)
    called(desk)
    desk.do(ev.FaceLive(desk.ticket, SHOTS, TURNS))
    desk.do(ev.FaceAnswered(same=True))
    assert isinstance(desk.state, AwaitingFace)
    desk.do(ev.FaceAnswered(same=False))
    assert desk.state.answer is True, "the first answer counts"
    seen = Examination(80, None, (Candidate(4, Face(), 6.0),), 300, 1.0, 1.0)
    desk.do(ev.Matched(desk.ticket, seen, "faces/1"))
    assert isinstance(desk.state, Verdict)


@pytest.mark.parametrize("press", [ev.Cancelled(), ev.CommissionCalled()])
@pytest.mark.parametrize("same", [True, False])
def test_an_answer_is_written_though_nobody_waits_for_the_machine(
    press: ev.Press, same: bool
) -> None:
    desk = Desk()
    named(desk, 4)
    called(desk)
    desk.do(ev.FaceLive(desk.ticket, SHOTS, TURNS))
    desk.do(ev.FaceAnswered(same=same))
    desk.do(press)
    (opinions,) = entries(desk, FaceCompared)
    assert isinstance(opinions, FaceCompared)
    assert (opinions.operator_same, opinions.machine_same) == (same, None)


def test_yes_is_locked_until_the_head_was_turned() -> None:
    desk = Desk()
    named(desk, 4)
    face = called(desk)
    assert not face.may_answer(same=True)
    assert face.may_answer(same=False)
    desk.do(ev.FaceAnswered(same=True))
    assert desk.state == face


@pytest.mark.parametrize(
    ("evidence", "same", "why", "machine"),
    [
        (6.0, False, CommissionWhy.FACE_DIFFERS, True),
        (1.0, False, CommissionWhy.FACE_DIFFERS, False),
        (1.0, True, CommissionWhy.FACE_DISAGREES, False),
    ],
)
def test_anything_but_agreement_goes_to_the_commission(
    evidence: float, same: bool, why: CommissionWhy, machine: bool
) -> None:
    desk = Desk()
    named(desk, 4)
    called(desk)
    compared(desk, (4, evidence))
    desk.do(ev.FaceAnswered(same=same))
    assert commission(desk).why is why
    (both,) = entries(desk, FaceCompared)
    assert isinstance(both, FaceCompared)
    assert (both.operator_same, both.machine_same) == (same, machine)
    assert both.evidence_milli == round(1000 * evidence)
    desk.do(ev.Cancelled())
    outcome = desk.outcomes()[-1]
    assert (outcome.outcome, outcome.reason, outcome.method) == (
        OutcomeKind.UNREADABLE, "face_no_match", Method.FACE,
    )  # fmt: skip


def test_a_marked_voter_is_the_commissions() -> None:
    desk = Desk()
    desk.marked.add(4)
    named(desk, 4)
    desk.do(ev.FaceCalled())
    read(desk)
    assert commission(desk).why is CommissionWhy.MARKED


def test_somebody_identified_before_is_stopped() -> None:
    desk = Desk()
    for _ in range(2):
        named(desk, 4)
        called(desk)
        compared(desk, (4, 6.0))
        desk.do(ev.FaceAnswered(same=True))
        shown = verdict(desk)
        desk.do(ev.NextPressed())
    assert shown.outcome.outcome is OutcomeKind.ALREADY_IDENTIFIED


# --- without a PIN ------------------------------------------------------------------------


def test_a_search_never_identifies() -> None:
    desk = Desk()
    desk.finger((4, 5.0))
    called(desk)
    compared(desk, (4, 15.0))
    assert commission(desk).why is CommissionWhy.FACE_PROPOSES
    assert entries(desk, FacesProposed) == [FacesProposed(1, 1)]
    assert desk.outcomes() == []


def test_at_most_three_who_are_alike_enough_are_proposed() -> None:
    desk = Desk()
    called(desk)
    compared(desk, (9, 8.0), (2, 7.0), (5, 6.0), (4, 5.0), (3, 1.0))
    rows = [one.row for one in desk.asked if isinstance(one, ev.ReadVoter)]
    assert rows == [9, 2, 5]
    for row in rows:
        desk.do(ev.VoterRead(desk.ticket, voter(row)))
    asked = commission(desk)
    assert [one.voter.voter_id for one in asked.proposed] == ["V-2", "V-5", "V-9"]
    assert (asked.voter, asked.unread) == (None, 0)
    desk.do(ev.CommissionConfirmed(desk.ticket, *SIGNED, voter_id="V-5"))
    outcome = verdict(desk).outcome
    assert (outcome.voter_id, outcome.method) == ("V-5", Method.COMMISSION)
    assert len(entries(desk, CommissionDecision)) == 1


def test_nobody_is_confirmed_before_all_are_shown() -> None:
    desk = Desk()
    called(desk)
    compared(desk, (9, 8.0), (2, 7.0))
    desk.do(ev.VoterRead(desk.ticket, voter(9)))
    desk.do(ev.CommissionConfirmed(desk.ticket, *SIGNED, voter_id="V-9"))
    assert commission(desk).unread == 1
    desk.do(ev.VoterRead(desk.ticket, voter(2)))
    desk.do(ev.CommissionConfirmed(desk.ticket, *SIGNED, voter_id="V-9"))
    assert verdict(desk).outcome.voter_id == "V-9"


@pytest.mark.parametrize("voter_id", [None, "V-4", ""])
def test_nobody_is_confirmed_who_is_not_shown(voter_id: str | None) -> None:
    desk = Desk()
    called(desk)
    compared(desk, (5, 6.0))
    desk.do(ev.VoterRead(desk.ticket, voter(5)))
    desk.do(ev.CommissionConfirmed(desk.ticket, *SIGNED, voter_id=voter_id))
    assert isinstance(desk.state, AwaitingCommission)
    desk.do(ev.CommissionRefused(desk.ticket, *SIGNED))
    assert desk.outcomes()[-1].outcome is OutcomeKind.REFUSED


def test_a_document_comes_before_what_was_proposed() -> None:
    desk = Desk()
    called(desk)
    compared(desk, (5, 6.0))
    desk.do(ev.PinEntered("1" * 14))
    desk.do(ev.PinFound(desk.ticket, 2, fingers=ENROLLED))
    desk.read_record()
    asked = commission(desk)
    assert asked.proposed == ()
    assert asked.voter == voter(2)
    desk.do(ev.CommissionConfirmed(desk.ticket, *SIGNED, voter_id="V-5"))
    assert isinstance(desk.state, AwaitingCommission), "who is not shown any more"
    desk.do(ev.CommissionConfirmed(desk.ticket, *SIGNED))
    assert verdict(desk).outcome.voter_id == "V-2"


def test_a_document_before_the_turns_names_the_voter() -> None:
    desk = Desk()
    called(desk)
    desk.do(ev.PinEntered("1" * 14))
    assert isinstance(desk.state, LookingUp)
    assert desk.asked[-3:] == [
        ev.StopCamera(), ev.StopScanner(), ev.LookUpPin(desk.ticket, "1" * 14),
    ]  # fmt: skip
    desk.do(ev.PinFound(desk.ticket, 4, has_face=True, fingers=ENROLLED))
    assert isinstance(desk.state, AwaitingFace)
    assert desk.state.session.named_row == 4


def test_a_document_of_a_voter_without_a_face_asks_for_a_finger() -> None:
    desk = Desk()
    called(desk)
    desk.do(ev.PinEntered("1" * 14))
    desk.do(ev.PinFound(desk.ticket, 4, fingers=ENROLLED))
    assert isinstance(desk.state, AwaitingSample)
    assert desk.state.session.asked == PROVISIONAL.asked_order[0]


# --- the tries ----------------------------------------------------------------------------


def test_failed_tries_are_counted_and_end() -> None:
    desk = Desk()
    named(desk, 4)
    first = called(desk)
    desk.do(ev.FaceFailed(desk.ticket, FaceFailure.TOO_FAST, TURNS))
    again = desk.state
    assert isinstance(again, AwaitingFace)
    assert (again.failed, again.voter) == (FaceFailure.TOO_FAST, voter(4))
    assert again.ticket > first.ticket
    assert not again.is_live
    desk.do(ev.FaceFailed(desk.ticket, FaceFailure.JUMPED, TURNS))
    assert commission(desk).why is CommissionWhy.FACE_FAILED
    tried = entries(desk, FaceTry)
    assert [(one.number, one.failed, one.turns) for one in tried if isinstance(one, FaceTry)] == [
        (1, FaceFailure.TOO_FAST, TURNS), (2, FaceFailure.JUMPED, TURNS),
    ]  # fmt: skip
    desk.do(ev.Cancelled())
    outcome = desk.outcomes()[-1]
    assert (outcome.outcome, outcome.reason, outcome.tries) == (
        OutcomeKind.UNREADABLE, "face_failed", 2,
    )  # fmt: skip


def test_pictures_that_are_no_good_are_a_try_and_have_no_opinion() -> None:
    desk = Desk()
    named(desk, 4)
    called(desk)
    compared(desk, (4, 9.0), quality=PROVISIONAL.quality_floor - 1)
    again = desk.state
    assert isinstance(again, AwaitingFace)
    assert (again.failed, again.finding, again.is_live) == (FaceFailure.UNCLEAR, None, False)
    compared(desk, (4, 9.0))
    desk.do(ev.FaceAnswered(same=True))
    assert verdict(desk).outcome.tries == 2


def test_whoever_cannot_turn_the_head_is_counted() -> None:
    desk = Desk()
    named(desk, 4)
    called(desk)
    desk.do(ev.TurnRefused())
    assert commission(desk).why is CommissionWhy.CANNOT_TURN
    assert entries(desk, HeadNotTurned, FaceTry) == [HeadNotTurned(1)]


def test_another_finger_in_place_of_the_face_while_a_try_is_left() -> None:
    desk = Desk()
    named(desk, 4)
    desk.finger((4, 0.2))
    face = called(desk)
    assert offers_finger(face, PROVISIONAL)
    desk.do(ev.FingerChosen(RING))
    for _ in range(PROVISIONAL.tries - 1):
        desk.finger((4, 0.2), met=RING)
    assert isinstance(desk.state, AwaitingFace)
    assert not offers_finger(desk.state, PROVISIONAL)
    desk.do(ev.FingerChosen(RING))
    assert isinstance(desk.state, AwaitingFace), "the policy's tries are used up"


# --- the camera ---------------------------------------------------------------------------


def test_a_camera_that_goes_is_waited_for_and_asks_anew() -> None:
    desk = Desk()
    named(desk, 4)
    face = called(desk)
    desk.do(ev.CameraLost(desk.ticket, "camera_lost"))
    assert desk.asked[-1] == ev.StartTimer(face.ticket, PROVISIONAL.camera_wait_s)
    desk.do(ev.CameraReturned(desk.ticket))
    again = desk.state
    assert isinstance(again, AwaitingFace)
    assert (again.fault, again.voter) == ("", voter(4))
    assert desk.asked[-1] == ev.ArmCamera(again.ticket, 1, PROVISIONAL.face_turns)
    desk.do(ev.TimeOver(face.ticket))
    assert desk.state == again, "the wait is over"


def test_a_camera_that_stays_away_leaves_the_commission() -> None:
    desk = Desk()
    named(desk, 4)
    called(desk)
    desk.do(ev.CameraLost(desk.ticket, "camera_busy"))
    desk.do(ev.TimeOver(desk.ticket))
    assert commission(desk).why is CommissionWhy.CAMERA_LOST
    desk.do(ev.Cancelled())
    outcome = desk.outcomes()[-1]
    assert (outcome.outcome, outcome.reason) == (OutcomeKind.DEVICE_LOST, "camera")
    assert isinstance(desk.state, Idle)


def test_a_part_that_fails_stops_the_camera() -> None:
    desk = Desk()
    named(desk, 4)
    called(desk)
    desk.do(ev.PartFailed(desk.ticket, "list_damaged"))
    assert isinstance(desk.state, Blocked)
    assert desk.asked[-2:] == [ev.StopCamera(), ev.StopScanner()]
