"""The face at a desk: the camera's lane, the two opinions, and cameras that do not work."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from station_app.domain import session_events as ev
from station_app.domain.entries import (
    DeviceLost,
    DeviceReturned,
    FaceCompared,
    FacesProposed,
    FaceTry,
    FingerTry,
    HeadNotTurned,
)
from station_app.domain.entry_codes import DocumentSeen, ManualReason, Method, OutcomeKind
from station_app.domain.errors import DeviceFaultError, KnownError
from station_app.domain.faces import FaceFlaw
from station_app.domain.liveness import FaceFailure, FaceStep
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FaceImage
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    CommissionWhy,
    FaceWhy,
    Idle,
    Verdict,
)
from station_app.flow.face_capture import MOST_SHOTS, BestShots, CameraNow
from tests.domain.turning_heads import Person, Photograph, still
from tests.flow.desk_parts import a_voter
from tests.flow.face_desk import FaceStation


@pytest.fixture
def desk() -> Iterator[FaceStation]:
    made = FaceStation()
    yield made
    made.close()


def tries(desk: FaceStation) -> list[FaceTry]:
    return desk.written(FaceTry)


# --- both opinions ------------------------------------------------------------------------


def test_both_say_that_it_is_the_same_person(desk: FaceStation) -> None:
    desk.start()
    desk.faces.answers = [[(1, 6.0)]]
    face = desk.face_of(1)
    assert not face.may_answer(same=True), "locked until the head was turned"
    desk.do(ev.FaceAnswered(same=True))
    assert desk.face.answer is None
    desk.holds(lambda: desk.face.may_answer(same=True))
    desk.do(ev.FaceAnswered(same=True))
    verdict = desk.until(Verdict)
    assert isinstance(verdict, Verdict)
    outcome = verdict.outcome
    assert (outcome.outcome, outcome.method) == (OutcomeKind.IDENTIFIED, Method.FACE)
    assert (outcome.voter_id, outcome.engine, outcome.tries) == ("V-1", "faces/1", 1)
    assert outcome.evidence_milli == 6000
    (one,) = tries(desk)
    assert (one.failed, one.is_live, one.adequate, one.best_evidence_milli) == (
        None, True, True, 6000,
    )  # fmt: skip
    assert len(one.turns.split()) == PROVISIONAL.face_turns
    compared = desk.written(FaceCompared)[0]
    assert (compared.operator_same, compared.machine_same) == (True, True)
    desk.holds(lambda: not desk.camera.is_open)


def test_the_machine_does_not_say_so(desk: FaceStation) -> None:
    desk.start()
    desk.faces.answers = [[(2, 9.0), (1, 1.0)]]
    desk.face_of(1)
    desk.holds(lambda: desk.face.may_answer(same=True))
    desk.do(ev.FaceAnswered(same=True))
    asked = desk.until(AwaitingCommission)
    assert isinstance(asked, AwaitingCommission)
    assert asked.why is CommissionWhy.FACE_DISAGREES
    assert tries(desk)[0].best_evidence_milli == 1000, "another voter's face is no matter here"


@pytest.mark.parametrize("waits", [True, False])
def test_the_operator_does_not_say_so(desk: FaceStation, waits: bool) -> None:
    desk.start()
    desk.faces.answers = [[(1, 9.0)]]
    desk.face_of(1)
    if waits:
        desk.holds(lambda: desk.face.finding is not None)
    desk.do(ev.FaceAnswered(same=False))
    asked = desk.until(AwaitingCommission)
    assert isinstance(asked, AwaitingCommission)
    assert asked.why is CommissionWhy.FACE_DIFFERS
    compared = desk.written(FaceCompared)[0]
    assert (compared.operator_same, compared.machine_same) == (False, True if waits else None)


def test_after_the_finger_tries_the_face_is_asked_for(desk: FaceStation) -> None:
    desk.start()
    desk.fingers.answers = [(1, 0.5)] * 4
    desk.faces.answers = [[(1, 8.0)]]
    desk.do(ev.PinEntered(a_voter(1).pin))
    for _ in range(PROVISIONAL.tries):
        desk.until(AwaitingSample)
        before = desk.state.ticket
        desk.place()
        desk.holds(lambda before=before: desk.state.ticket > before + 1)  # type: ignore[misc]
        desk.scanner.lift()
    face = desk.until(AwaitingFace)
    assert isinstance(face, AwaitingFace)
    assert face.why is FaceWhy.TRIES
    desk.holds(lambda: desk.face.may_answer(same=True) and desk.face.finding is not None)
    desk.do(ev.FaceAnswered(same=True))
    verdict = desk.until(Verdict)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome.method is Method.FACE
    assert verdict.outcome.engine == "scripted/1, faces/1"
    assert len(desk.written(FingerTry)) == 4
    assert verdict.outcome.tries == 5


def _finger():  # type: ignore[no-untyped-def]
    from tests.flow.desk_parts import IMAGE

    return IMAGE


def test_who_is_exempt_from_fingers_goes_to_the_face_at_once(desk: FaceStation) -> None:
    desk.start()
    desk.do(ev.PinEntered(a_voter(0).pin))
    face = desk.until(AwaitingFace)
    assert isinstance(face, AwaitingFace)
    assert face.why is FaceWhy.EXEMPT


def test_who_has_no_face_in_the_list_is_not_asked_for_one(desk: FaceStation) -> None:
    desk.start()
    desk.do(ev.PinEntered(a_voter(3).pin))
    desk.until(AwaitingSample)
    desk.do(ev.FaceCalled())
    assert isinstance(desk.state, AwaitingSample)


def test_rules_without_faces_ask_for_none() -> None:
    desk = FaceStation(policy=replace(PROVISIONAL, face_tries=0))
    try:
        desk.start()
        desk.do(ev.FaceCalled())
        assert isinstance(desk.state, Idle)
        desk.do(ev.PinEntered(a_voter(1).pin))
        desk.until(AwaitingSample)
        desk.do(ev.Cancelled())
        desk.until(Idle)
        desk.do(ev.PinEntered(a_voter(0).pin))
        desk.until(AwaitingCommission)
        assert desk.state.why is CommissionWhy.NO_FINGERS, "nobody asks the exempt for a finger"
    finally:
        desk.close()


# --- without a PIN ------------------------------------------------------------------------


def test_a_search_proposes_and_two_persons_choose(desk: FaceStation) -> None:
    desk.start()
    desk.faces.answers = [[(2, 9.0), (0, 7.0), (3, 6.0), (1, 5.0)]]
    desk.do(ev.FaceCalled())
    desk.holds(lambda: isinstance(desk.state, AwaitingCommission) and not desk.state.unread)
    asked = desk.state
    assert isinstance(asked, AwaitingCommission)
    assert [one.voter.list_number for one in asked.proposed] == [1, 3, 4], "by list number"
    signed = (ManualReason.OTHER, DocumentSeen.ID_CARD, "sadyrova", "ismailova")
    desk.runner.handle(ev.CommissionConfirmed(asked.ticket, *signed))
    desk.runner.handle(ev.CommissionConfirmed(asked.ticket, *signed, voter_id="V-1"))
    assert desk.state is asked, "nobody who is not shown"
    desk.runner.handle(ev.CommissionConfirmed(asked.ticket, *signed, voter_id="V-2"))
    verdict = desk.until(Verdict)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome.voter_id, verdict.outcome.method) == ("V-2", Method.COMMISSION)
    assert [e.proposed for e in desk.written(FacesProposed)] == [3]


def test_a_search_that_finds_nobody(desk: FaceStation) -> None:
    desk.start()
    desk.faces.answers = [[(2, 3.9)]]
    desk.do(ev.FaceCalled())
    asked = desk.until(AwaitingCommission)
    assert isinstance(asked, AwaitingCommission)
    assert (asked.why, asked.proposed, asked.unread) == (CommissionWhy.FACE_UNKNOWN, (), 0)


def test_a_document_given_meanwhile_names_the_voter(desk: FaceStation) -> None:
    desk.camera.gate.clear()
    desk.start()
    desk.do(ev.FaceCalled())
    desk.until(AwaitingFace)
    desk.do(ev.PinEntered(a_voter(2).pin))
    desk.holds(lambda: isinstance(desk.state, AwaitingFace) and desk.state.voter is not None)
    assert desk.face.session.named_row == 2


# --- tries that give nothing --------------------------------------------------------------


def test_a_picture_before_the_camera_goes_to_the_commission() -> None:
    desk = FaceStation(still)
    try:
        desk.start()
        desk.face_of(1)
        asked = desk.until(AwaitingCommission)
        assert isinstance(asked, AwaitingCommission)
        assert asked.why is CommissionWhy.FACE_FAILED
        assert [one.failed for one in tries(desk)] == [FaceFailure.TOO_SLOW] * 2
        assert desk.faces.samples == [], "nothing was compared"
    finally:
        desk.close()


def test_the_next_try_says_why_and_asks_for_other_turns() -> None:
    desk = FaceStation(Photograph())
    try:
        desk.start()
        first = desk.face_of(1)
        desk.holds(lambda: isinstance(desk.state, AwaitingFace) and desk.state.failed is not None)
        assert desk.face.ticket > first.ticket
        assert desk.face.failed is FaceFailure.FLAT
        assert desk.face.voter is not None, "the photo stays"
    finally:
        desk.close()


def test_who_cannot_turn_the_head_goes_to_the_commission(desk: FaceStation) -> None:
    desk.camera.gate.clear()
    desk.start()
    desk.face_of(1)
    desk.do(ev.TurnRefused())
    asked = desk.until(AwaitingCommission)
    assert isinstance(asked, AwaitingCommission)
    assert asked.why is CommissionWhy.CANNOT_TURN
    assert desk.written(HeadNotTurned) == [HeadNotTurned(1)]
    assert tries(desk) == []


def test_pictures_that_cannot_be_compared_are_a_try(desk: FaceStation) -> None:
    desk.start()
    desk.faces.quality = 10
    desk.faces.answers = [[], []]
    desk.face_of(1)
    asked = desk.until(AwaitingCommission)
    assert isinstance(asked, AwaitingCommission)
    assert asked.why is CommissionWhy.FACE_FAILED
    assert [one.failed for one in tries(desk)] == [FaceFailure.UNCLEAR] * 2


# --- what is shown ------------------------------------------------------------------------


def test_what_the_screen_is_told(desk: FaceStation) -> None:
    desk.start()
    desk.holds(desk.prepared.is_set)
    desk.faces.answers = [[(1, 6.0)]]
    desk.face_of(1)
    desk.holds(lambda: desk.face.finding is not None)
    shown = len(desk.witness.views)
    desk.holds(lambda: len(desk.witness.views) > shown + 3)
    look, turn, back = FaceStep.LOOK, FaceStep.TURN, FaceStep.BACK
    assert [one for one in desk.witness.steps if one is not FaceStep.OPENING] == [
        look, turn, back, look, turn, back, look, turn, back, FaceStep.DONE,
    ]  # fmt: skip
    last = desk.witness.views[-1][1]
    assert last.image is not None, "the preview goes on until the operator has answered"
    assert (last.made, last.of, last.progress) == (3, 3, 1.0)


def test_only_the_newest_picture_waits_for_the_screen(desk: FaceStation) -> None:
    desk.start()
    desk.face_of(1)
    desk.camera.runs_ahead = True
    desk.camera.shown.set()
    posted = desk.camera.number
    while desk.camera.number < posted + 40:  # the main thread does something else
        pass
    desk.witness.views.clear()
    desk.bridge.run(lambda: len(desk.witness.views) > 0, 10)
    assert len(desk.witness.views) == 1


def test_engines_still_loading_are_said_and_hold_nothing_up(desk: FaceStation) -> None:
    desk.may_prepare.clear()
    desk.start()
    desk.fingers.answers = [(2, 12.0)]
    desk.place()
    desk.until(Verdict)
    desk.scanner.lift()
    desk.do(ev.NextPressed())
    desk.until(Idle)
    desk.do(ev.FaceCalled())
    desk.holds(lambda: len(desk.witness.views) > 0)
    assert desk.witness.views[0][1].step is FaceStep.LOADING
    desk.may_prepare.set()
    desk.holds(lambda: desk.witness.views[-1][1].step is FaceStep.TURN)


def test_engines_that_cannot_be_loaded_leave_the_fingers(desk: FaceStation) -> None:
    desk.prepare_fault = KnownError("model_damaged", "damaged")
    desk.start()
    desk.holds(lambda: not desk.runner.can_face)
    desk.do(ev.FaceCalled())
    assert isinstance(desk.state, Idle)
    assert desk.runner.camera is not None
    assert desk.runner.camera.fault == "model_damaged"


def test_no_picture_is_kept_after_the_session(desk: FaceStation) -> None:
    desk.start()
    desk.faces.answers = [[(1, 6.0)]]
    desk.face_of(1)
    desk.holds(lambda: desk.face.may_answer(same=True))
    desk.do(ev.Cancelled())
    desk.until(Idle)
    desk.holds(lambda: not desk.camera.is_open)
    for lane in (desk.lanes.camera, desk.lanes.matching):
        lane.call(lambda: None)
    desk.holds(lambda: not pictures(desk))  # the last view may still be on its way to the witness


def pictures(desk: FaceStation) -> list[FaceImage]:
    """The pictures of this desk's camera that are in memory, those with the witness let go."""
    desk.faces.samples.clear()
    desk.witness.views.clear()
    desk.witness.states.clear()
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, FaceImage) and one.width == 4]


# --- cameras that do not work -------------------------------------------------------------


def test_a_camera_pulled_out_in_mid_turn_goes_on_with_other_turns(desk: FaceStation) -> None:
    desk.start()
    desk.faces.answers = [[(1, 6.0)]]
    first = desk.face_of(1)
    desk.holds(lambda: desk.witness.views[-1][1].step is FaceStep.TURN)
    desk.camera.unplug()
    desk.holds(lambda: desk.face.fault == "camera_lost")
    assert desk.runner.camera is not None
    assert desk.runner.camera.fault == "camera_lost"
    desk.camera.fault = None
    desk.holds(lambda: desk.face.is_live)
    assert desk.face.ticket > first.ticket, "it began anew"
    assert desk.runner.camera.fault == ""
    assert desk.written(DeviceLost) == [DeviceLost(1, "camera")]
    assert desk.written(DeviceReturned) == [DeviceReturned(1, "camera")]


def test_a_camera_that_stays_away_leads_to_the_commission() -> None:
    desk = FaceStation(policy=replace(PROVISIONAL, camera_wait_s=1))
    try:
        desk.start()
        desk.camera.unplug()
        desk.face_of(1)
        asked = desk.until(AwaitingCommission)
        assert isinstance(asked, AwaitingCommission)
        assert asked.why is CommissionWhy.CAMERA_LOST
        assert tries(desk) == [], "nobody has tried"
        desk.do(ev.Cancelled())
        desk.until(Idle)
        assert desk.book.outcomes()[-1].outcome is OutcomeKind.DEVICE_LOST
        desk.fingers.answers = [(2, 12.0)]
        desk.place()
        desk.until(Verdict)
    finally:
        desk.close()


def test_a_camera_that_is_busy_is_said_and_tried_again(desk: FaceStation) -> None:
    desk.start()
    desk.camera.fault = DeviceFaultError("camera_busy", "busy")
    desk.face_of(1)
    desk.holds(lambda: desk.face.fault == "camera_busy")
    desk.do(ev.CommissionCalled())
    asked = desk.until(AwaitingCommission)
    assert isinstance(asked, AwaitingCommission)
    assert asked.why is CommissionWhy.CALLED
    assert desk.written(DeviceLost) == []


def test_a_camera_lost_after_the_turns_changes_nothing(desk: FaceStation) -> None:
    desk.start()
    desk.faces.answers = [[(1, 6.0)]]
    desk.face_of(1)
    desk.holds(lambda: desk.face.finding is not None)
    desk.camera.unplug()
    desk.holds(lambda: desk.face.fault != "")
    desk.do(ev.FaceAnswered(same=True))
    desk.until(Verdict)


def test_black_pictures_are_said_to_be_dark(desk: FaceStation) -> None:
    desk.camera.is_black = True
    desk.start()
    desk.face_of(1)
    desk.holds(lambda: desk.witness.views[-1][1].flaw is FaceFlaw.TOO_DARK)


def test_a_frozen_camera_fails_the_try(desk: FaceStation) -> None:
    desk.camera.is_frozen = True
    desk.start()
    desk.face_of(1)
    desk.until(AwaitingCommission)
    assert [one.failed for one in tries(desk)] == [FaceFailure.FROZEN] * 2


def test_ten_pictures_a_second_and_sizes_that_change_do() -> None:
    desk = FaceStation(Person(), fps=10.0)
    desk.camera.sizes = [(4, 4), (8, 6)]
    try:
        desk.start()
        desk.faces.answers = [[(1, 6.0)]]
        desk.face_of(1)
        desk.holds(lambda: desk.face.is_live)
    finally:
        desk.close()


def test_a_camera_pulled_between_the_faces_is_said(desk: FaceStation) -> None:
    desk.is_plugged_in = False
    desk.start()
    desk.holds(lambda: desk.runner.camera == CameraNow("camera_lost", is_simulated=True))
    desk.is_plugged_in = True
    desk.holds(lambda: desk.runner.camera == CameraNow(is_simulated=True))
    assert desk.camera.opened == 0, "nobody is filmed for that"
    assert desk.written(DeviceLost) == []


class OtherUser:
    """Has the camera between the faces."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.lent: Callable[[], None] = lambda: None

    def lend(self, lent: Callable[[], None]) -> None:
        self.told.append("lend")
        self.lent = lent

    def take_back(self) -> None:
        self.told.append("take back")


def test_another_user_of_the_camera_lends_it(desk: FaceStation) -> None:
    other = OtherUser()
    desk.runner.share_camera(other)
    desk.start()
    desk.face_of(1)
    assert desk.camera.opened == 0, "it is not free yet"
    other.lent()
    desk.holds(lambda: desk.camera.opened == 1)
    desk.do(ev.Cancelled())
    desk.holds(lambda: other.told == ["lend", "take back"])
    assert not desk.camera.is_open


# --- the best pictures --------------------------------------------------------------------


def test_the_best_pictures_are_kept_apart_in_time() -> None:
    best = BestShots()
    assert best.pooled() is None
    images = [FaceImage(bytes([n] * 3), 1, 1) for n in range(20)]
    for number, image in enumerate(images):
        best.add(image, quality=50 + number % 7, at=number * 0.1)
    pooled = best.pooled()
    assert pooled is not None
    assert len(pooled.frames) <= MOST_SHOTS
    places = [images.index(image) for image in pooled.frames]
    assert all(later - sooner > 1 for sooner, later in pairwise(places))
    assert {6, 13} <= set(places), "the best of all are among them"
