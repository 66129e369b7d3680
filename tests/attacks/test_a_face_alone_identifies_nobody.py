"""The promise: a face identifies only where a living head turned and two opinions agree.

The attacks: keys in another order, answers of earlier tries, a finger chosen while the operator has
not yet said who this is, a photograph shown before somebody else turns the head. Version a9a29b6
compared no faces. The first one that did took the face's evidence along when a finger was chosen
after the pictures (F3), and identified by it without any answer; and it kept pictures of whoever
was seen before the person who then turned the head, so that a photograph held up for a second was
compared in the turner's place.
"""

import random
from dataclasses import replace

import pytest

from station_app.domain import session_events as ev
from station_app.domain.day import DayState
from station_app.domain.entries import Entry, FaceCompared, FaceTry, Outcome
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.faces import FaceSeen
from station_app.domain.fingers import FingerPosition
from station_app.domain.liveness import FaceFailure, FaceStep
from station_app.domain.matching import Candidate, Examination
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Face, FaceImage, FaceShots, Finger
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    Blocked,
    Idle,
    LookingUp,
    Matching,
    Resting,
    Reviewing,
    WaitingForScanner,
)
from tests.domain.session_desk import Desk
from tests.domain.session_samples import ENROLLED, IMAGE, voter
from tests.domain.turning_heads import Person
from tests.flow.face_desk import NOBODY, FaceStation, PosedCamera

SHOTS = FaceShots((FaceImage(b"\0" * 12, 2, 2),))
RING = FingerPosition.LEFT_RING


def at_the_question(desk: Desk, evidence: float) -> AwaitingFace:
    """Voter 4 was named, the head was turned, and the machine has its opinion."""
    desk.do(ev.PinEntered("1" * 14))
    desk.do(ev.PinFound(desk.ticket, 4, has_face=True, fingers=ENROLLED))
    desk.do(ev.FaceCalled())
    desk.do(ev.VoterRead(desk.ticket, voter(4), False))
    desk.do(ev.FaceLive(desk.ticket, SHOTS, "left right left"))
    seen = Examination(80, None, (Candidate(4, Face(), evidence),), 300, 1.0, 1.0)
    desk.do(ev.Matched(desk.ticket, seen, "faces/1"))
    assert isinstance(desk.state, AwaitingFace)
    return desk.state


def test_a_finger_does_not_bring_the_face_past_the_operator() -> None:
    desk = Desk()
    at_the_question(desk, 9.0)
    desk.do(ev.FingerChosen(RING))
    assert isinstance(desk.state, AwaitingFace), "the question is still open"
    desk.do(ev.FaceAnswered(same=False))
    assert desk.outcomes() == []


def test_nor_does_a_no_get_lost_while_the_machine_compares() -> None:
    desk = Desk()
    face = at_the_question(desk, 9.0)
    desk.state = replace(face, finding=None, answer=False)
    desk.do(ev.FingerChosen(RING))
    assert isinstance(desk.state, AwaitingFace)


# --- every order of keys and answers --------------------------------------------------------


def likely(desk: Desk, rng: random.Random) -> ev.Event:  # noqa: PLR0912  (a branch a state)
    """What leads on from this state, wherever a device or the list answers."""
    ticket, row = desk.ticket, rng.randrange(2)
    seen = Examination(
        rng.choice((0, 80, 80, 80)),
        None,
        (Candidate(row, _source(desk), rng.choice((0.0, 2.0, 3.5, 5.0, 9.0))),),
        300,
        1.0,
        1.0,
    )
    match desk.state:
        case Idle():
            return ev.PinEntered("1" * 14)
        case LookingUp():
            return ev.PinFound(ticket, row, has_face=True, fingers=ENROLLED)
        case AwaitingSample():
            return rng.choice((ev.Captured(ticket, IMAGE), ev.FaceCalled()))
        case AwaitingFace(voter=None, session=session) if session.named_row is not None:
            return ev.VoterRead(ticket, voter(session.named_row), rng.random() < 0.1)
        case AwaitingFace(is_live=False):
            return ev.FaceLive(ticket, SHOTS, "left right")
        case AwaitingFace(finding=None) | Matching():
            return ev.Matched(ticket, seen, "test/1")
        case AwaitingFace():
            return ev.FaceAnswered(same=rng.random() < 0.7)
        case Blocked():
            return ev.RetryPressed()
        case WaitingForScanner():
            return ev.ScannerReturned(ticket)
        case Resting():
            return ev.DayChanged(DayState.OPEN)
        case Reviewing():
            return ev.VoterRead(ticket, voter(row), is_marked=False)
        case AwaitingCommission():
            return ev.Cancelled()
        case _:
            return ev.NextPressed()


def anything(desk: Desk, rng: random.Random) -> ev.Event:
    """A key, or an answer that may be of an earlier request."""
    ticket, row = desk.ticket - rng.randrange(2), rng.randrange(2)
    seen = Examination(80, None, (Candidate(row, _source(desk), 9.0),), 300, 1.0, 1.0)
    return rng.choice((
        ev.PinEntered("1" * 14), ev.PinUnknown(ticket),
        ev.PinFound(ticket, row, has_face=True, fingers=ENROLLED),
        ev.FaceCalled(), ev.FingerChosen(RING), ev.Captured(ticket, IMAGE),
        ev.VoterRead(ticket, voter(row), is_marked=False),
        ev.FaceLive(ticket, SHOTS, "left right"),
        ev.FaceFailed(ticket, FaceFailure.FLAT, "left right"), ev.Matched(ticket, seen, "test/1"),
        ev.FaceAnswered(same=True), ev.FaceAnswered(same=False),
        ev.CameraLost(ticket, "camera_lost"), ev.CameraReturned(ticket),
        ev.ScannerLost(ticket), ev.ScannerReturned(ticket), ev.TimeOver(ticket),
        ev.NextPressed(), ev.RetryPressed(), ev.TurnRefused(), ev.Cancelled(),
        ev.CommissionCalled(), ev.PartFailed(ticket, "matcher"),
        ev.DayChanged(rng.choice((DayState.OPEN, DayState.PAUSED))),
    ))  # fmt: skip


def _source(desk: Desk) -> Finger | Face:
    return Finger(RING) if isinstance(desk.state, Matching) else Face()


def of_session(desk: Desk, number: int) -> list[Entry]:
    return [one for one in desk.book.entries if getattr(one, "session", None) == number]


def test_no_order_of_keys_and_answers_identifies_by_a_face_alone() -> None:
    by_face = by_finger = 0
    for seed in range(150):
        rng = random.Random(seed)
        desk = Desk(policy=replace(PROVISIONAL, tries=4, face_tries=3))
        for _ in range(150):
            desk.book.accepted.clear()
            desk.do((likely if rng.random() < 0.75 else anything)(desk, rng))
        for outcome in desk.outcomes():
            if outcome.outcome is not OutcomeKind.IDENTIFIED:
                continue
            written = of_session(desk, outcome.session)
            faces = [one for one in written if isinstance(one, FaceTry) and one.adequate]
            opinions = [one for one in written if isinstance(one, FaceCompared)]
            agreed = [one.operator_same and one.machine_same for one in opinions]
            if outcome.method is Method.FACE:
                by_face += 1
                assert agreed == [True], seed
                assert [one.is_live for one in faces] == [True], seed
            else:
                by_finger += 1
                assert (faces, opinions) == ([], []), seed
            assert written[-1] is outcome, seed
    assert min(by_face, by_finger) > 50, "the orders reach what they are about"


# --- a photograph first, then a head that turns ---------------------------------------------


class PhotographFirst(PosedCamera):
    """A photograph is held up, taken away, and somebody turns the head."""

    def assess(self, image: FaceImage) -> FaceSeen:
        at = self.number / self.fps
        if 0.3 < at < 0.4:
            return NOBODY
        seen = super().assess(image)  # the photograph is the better picture: it would be kept
        return replace(seen, quality=99) if at <= 0.3 else seen


def test_pictures_from_before_somebody_came_are_not_compared() -> None:
    desk = FaceStation(camera=PhotographFirst(Person()), policy=replace(PROVISIONAL, face_turns=2))
    try:
        desk.start()
        desk.faces.answers = [[(1, 6.0)]]
        desk.face_of(1)
        desk.holds(lambda: desk.face.finding is not None)
        numbers = [
            int.from_bytes(one.pixels[:8], "little")
            for sample in desk.faces.samples
            for one in sample.frames
        ]
        assert numbers
        assert min(numbers) / desk.camera.fps >= 0.4
        assert FaceStep.DONE in desk.witness.steps
    finally:
        desk.close()


@pytest.mark.parametrize("kind", [Outcome, AwaitingSample])
def test_an_earlier_tries_pictures_are_nobodys(kind: type) -> None:
    """Pictures that come after F3, or after the session, are dropped by their ticket."""
    desk = Desk()
    desk.do(ev.PinEntered("1" * 14))
    desk.do(ev.PinFound(desk.ticket, 4, has_face=True, fingers=ENROLLED))
    desk.do(ev.FaceCalled())
    old = desk.ticket
    desk.do(ev.FingerChosen(RING) if kind is AwaitingSample else ev.Cancelled())
    before = desk.state
    desk.do(ev.FaceLive(old, SHOTS, "left right"))
    assert desk.state == before
