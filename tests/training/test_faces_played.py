"""People who sit down before the camera, played on the whole desk; the chair obeys the screen."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from station_app.devices.simulated.simulated_camera import SimulatedCamera, empty_chair
from station_app.domain.entries import FaceCompared, HeadNotTurned
from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason, OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.domain.liveness import FaceStep, Turn
from station_app.domain.matching import Examination
from station_app.domain.samples import Finger, Sample
from station_app.domain.session_states import AwaitingFace, FaceWhy, Idle, Session
from station_app.flow.approvals import DEMO_PASSPHRASE
from station_app.flow.face_capture import FaceView
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.live_scenes import Cheat
from station_app.training.chair import Chair, Obedience
from station_app.training.player import Player
from station_app.training.script import (
    Act,
    CallCommission,
    Decide,
    FingerTouch,
    GivePin,
    QueuePerson,
    ShowFace,
    Signature,
    VisitResult,
    without_faces,
)
from station_app.vault import Passphrase
from tests.flow.desk_parts import IMAGE, a_voter
from tests.flow.face_desk import FaceStation
from tests.ui.desk_samples import ManualClock

FACE = InventedFace(4, "f", 35)
SIGNED = Signature("ismailova", Passphrase(DEMO_PASSPHRASE))
CONFIRMED = Decide(SIGNED, Decision.CONFIRMED, ManualReason.WORN, DocumentSeen.ID_CARD)
REFUSED = Decide(SIGNED, Decision.REFUSED, ManualReason.OTHER, DocumentSeen.ID_CARD)


@pytest.fixture
def desk() -> Iterator[FaceStation]:
    made = FaceStation()
    yield made
    made.close()


def play(desk: FaceStation, person: QueuePerson, *, has_chair: bool = True) -> VisitResult:
    results: list[VisitResult] = []
    desk.start()
    player = Player(
        desk.runner, desk.scanner, desk.bridge, [person], results.append,
        chair=Chair(SimulatedCamera(), draw=lambda _: None) if has_chair else None,
    )  # fmt: skip
    player.start()
    desk.holds(lambda: player.is_over)
    (result,) = results
    return result


def comes(*acts: Act, row: int = 1, tries: int | None = None) -> QueuePerson:
    return QueuePerson("somebody", acts, (OutcomeKind.IDENTIFIED,), a_voter(row).voter_id, tries)


def ends(outcome: OutcomeKind, *acts: Act) -> QueuePerson:
    return QueuePerson("somebody", acts, (outcome,))


def test_worn_fingers_and_then_the_face(desk: FaceStation) -> None:
    desk.fingers.answers = [(1, 1.0)] * 4
    desk.faces.answers = [[(1, 6.0)]]
    fingers = [FingerTouch(lambda: IMAGE)] * 4
    result = play(desk, comes(GivePin(a_voter(1).pin), *fingers, ShowFace(FACE), tries=5))
    assert result.faults == []
    assert desk.written(FaceCompared)[0].machine_same


def test_the_operator_presses_f4_for_a_face(desk: FaceStation) -> None:
    desk.faces.answers = [[(1, 6.0)]]
    assert play(desk, comes(GivePin(a_voter(1).pin), ShowFace(FACE))).faults == []


def test_another_face_is_the_commissions_matter(desk: FaceStation) -> None:
    desk.faces.answers = [[(1, 0.5)]]
    acts = GivePin(a_voter(1).pin), ShowFace(FACE, same=True), REFUSED
    assert play(desk, ends(OutcomeKind.REFUSED, *acts)).faults == []
    (compared,) = desk.written(FaceCompared)
    assert (compared.operator_same, compared.machine_same) == (True, False)


@pytest.mark.parametrize("row", [1, 3])
def test_only_who_is_proposed_is_confirmed(desk: FaceStation, row: int) -> None:
    desk.faces.answers = [[(1, 9.0), (2, 8.0)]]
    person = comes(ShowFace(FACE), CONFIRMED, row=row)
    result = play(desk, person)
    proposed = row == 1
    assert result.as_expected is proposed
    assert result.end.outcome is (OutcomeKind.IDENTIFIED if proposed else OutcomeKind.REFUSED)


def test_a_try_that_failed_is_made_again(desk: FaceStation) -> None:
    desk.faces.answers = [[(1, 6.0)], [(1, 6.0)]]
    examine = desk.faces.examine

    def unclear_at_first(sample: Sample, row: int | None) -> Examination:
        desk.faces.quality = 80 if desk.faces.samples else 0
        return examine(sample, row)

    desk.faces.examine = unclear_at_first  # type: ignore[method-assign]
    acts = GivePin(a_voter(1).pin), ShowFace(FACE)
    assert play(desk, comes(*acts, tries=2)).faults == []


def test_the_commission_is_called_in_place_of_the_face(desk: FaceStation) -> None:
    desk.fingers.answers = [(1, 1.0)] * 4
    fingers = [FingerTouch(lambda: IMAGE)] * 4
    result = play(desk, comes(GivePin(a_voter(1).pin), *fingers, CallCommission(), CONFIRMED))
    assert result.faults == []
    assert result.end.outcome is OutcomeKind.IDENTIFIED


def test_without_a_chair_nobody_shows_a_face(desk: FaceStation) -> None:
    person = ends(OutcomeKind.ABANDONED, GivePin(a_voter(1).pin), ShowFace(FACE))
    assert play(desk, person, has_chair=False).faults == []
    assert without_faces([person, comes(CONFIRMED)]) == [comes(CONFIRMED)]


def test_whoever_insists_shows_their_own_face(desk: FaceStation) -> None:
    desk.fingers.answers = [(1, 1.0)] * 4
    desk.faces.answers = [[(1, 6.0)]]
    fingers = [FingerTouch(lambda: IMAGE)] * 4
    person = replace(comes(GivePin(a_voter(1).pin), *fingers), insists=True, face=FACE)
    assert play(desk, person).faults == []


def test_who_has_no_face_to_show_cannot_turn_the_head(desk: FaceStation) -> None:
    desk.fingers.answers = [(1, 1.0)] * 4
    fingers = [FingerTouch(lambda: IMAGE)] * 4
    person = replace(comes(GivePin(a_voter(1).pin), *fingers), insists=True, decided=CONFIRMED)
    assert play(desk, person).faults == []
    assert desk.written(HeadNotTurned)


def test_who_sits_there_turns_slowly_as_the_screen_says_and_leaves() -> None:
    camera, clock = SimulatedCamera(), ManualClock()
    chair = Chair(camera, draw=lambda work: work())
    obedience = Obedience(chair, clock)
    chair.sit(FACE, Cheat.RECORDED)
    assert camera._scene is not empty_chair
    session = Session(1, Finger(FingerPosition.RIGHT_INDEX))
    obedience.state_changed(AwaitingFace(5, session, FaceWhy.CALLED))

    def yaws(view: FaceView, seconds: float) -> list[float]:
        seen = []
        for _ in range(round(seconds * 10)):
            clock.now += 0.1
            obedience.show_face(5, view)
            seen.append(chair.yaw)
        return seen

    assert set(yaws(FaceView(FaceStep.LOOK), 0.5)) == {0.0}
    left = yaws(FaceView(FaceStep.TURN, turn=Turn.LEFT), 2.0)
    assert set(left[:4]) == {0.0}, "somebody has to say it first"
    assert left == sorted(left)
    assert left[-1] == 26.0
    assert max(after - before for before, after in pairwise(left)) < 4
    clock.now += 5  # a picture that is long in coming
    assert yaws(FaceView(FaceStep.BACK), 0.1) == [26.0]
    assert yaws(FaceView(FaceStep.BACK), 2.0)[-1] == 0.0
    obedience.state_changed(Idle(6, 2, session.asked))
    assert camera._scene is empty_chair
