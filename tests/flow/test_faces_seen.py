"""Invented portraits before the camera: a person turns and is known, pictures of them are not.

Everything is the program's own here, from the pixels on; only the clock runs with the pictures.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pytest

from station_app.biometrics.engines import Enrollers, packed, usable
from station_app.biometrics.face.assessment import assess_face
from station_app.devices.camera import CameraFrame
from station_app.devices.finger_scanner import StopToken
from station_app.domain import session_events as ev
from station_app.domain.entries import FaceTry
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.faces import FaceSeen
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.liveness import FaceFailure, HeadTurns, Turn, draw
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FaceImage, FaceShots
from station_app.domain.session_states import AwaitingCommission, CommissionWhy, Verdict
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.live_scenes import Cheat, Scene, Sitting, cheating
from station_app.synthetic.portraits import Picture, portrait
from tests.domain.turning_heads import still
from tests.flow.face_desk import FaceStation, PosedCamera

FACE, OTHER = InventedFace(901, "m", 27), InventedFace(7, "f", 31)
FPS = 10.0
LOOKS = 30.0
"""Degrees by which somebody turns the head who is asked to."""
REACTS_S = 0.45


def image(picture: Picture | None) -> FaceImage:
    assert picture is not None
    height, width = picture.shape[:2]
    return FaceImage(picture.tobytes(), width, height)


class Asked:
    """Does as the screen says, a moment later."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._turn: Turn | None = None
        self._due = 0.0

    def hear(self, turn: Turn | None, at: float) -> None:
        if turn is not self._turn:
            self._turn, self._due = turn, at + REACTS_S
        if at >= self._due:
            self._sitting.turn_to({None: 0.0, Turn.LEFT: LOOKS, Turn.RIGHT: -LOOKS}[self._turn])


def tried(scene: Scene, seed: int, limit: float = 40.0) -> HeadTurns:
    """One try before a scene that obeys nobody."""
    turns = HeadTurns(draw(3, random.Random(seed).randrange))
    before = b""
    for number in range(int(limit * FPS)):
        at = number / FPS
        picture = image(scene(at))
        turns.see(assess_face(picture), at, is_repeated=picture.pixels == before)
        before = picture.pixels
        if turns.is_over:
            break
    return turns


@pytest.mark.parametrize(
    ("cheat", "failures"),
    [
        (Cheat.STILL_PHOTO, {FaceFailure.TOO_SLOW}),
        (Cheat.BENT_PHOTO, {FaceFailure.TOO_SLOW, FaceFailure.FLAT, FaceFailure.JUMPED}),
        (Cheat.RECORDED, {FaceFailure.WRONG_WAY, FaceFailure.TOO_FAST}),
        (Cheat.FROZEN, {FaceFailure.FROZEN}),
    ],
)
def test_pictures_of_them_do_not(cheat: Cheat, failures: set[FaceFailure]) -> None:
    turns = tried(cheating(cheat, FACE), 3)
    assert turns.failure in failures
    assert turns.made < 2


# --- the whole way ------------------------------------------------------------------------


class Portraits:
    """The faces of a list in memory: rows 0 and 1."""

    def __init__(self, faces: Sequence[InventedFace]) -> None:
        enrollers = Enrollers(invented=True)
        self._made = [
            (row, one)
            for row, face in enumerate(faces)
            for one in enrollers.enrol(FaceShots((image(portrait(face)),)), FingerPosition.UNKNOWN)
        ]

    @property
    def engines(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.engine for _, one in self._made))

    def chunks(self, engine: str) -> Iterable[GalleryChunk]:
        return [one for one in packed(self._made) if one.engine == engine]

    def templates(self, engine: str, keys: Sequence[tuple[int, int]]) -> list[bytes]:
        made: dict[tuple[int, int], EnrolledTemplate] = {
            (row, one.position): one for row, one in self._made if one.engine == engine
        }
        return [made[key].content for key in keys]


class ScenedCamera(PosedCamera):
    """Shows a scene; the person in it hears what is asked."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(still)
        self.scene = scene
        self._person = Asked(scene) if isinstance(scene, Sitting) else None

    def frame(self, stop: StopToken) -> CameraFrame | None:
        if not self.await_shown(stop):
            return None
        self.number += 1
        at = self.number / FPS
        if self._person is not None:
            self._person.hear(self.turn, at)
        one = image(self.scene(at))
        return CameraFrame(one.pixels, one.width, one.height, self.number, at, False)

    def assess(self, picture: FaceImage) -> FaceSeen:
        return assess_face(picture)


@pytest.fixture(scope="module")
def portraits() -> Portraits:
    return Portraits((OTHER, FACE))


def opened(scene: Scene, portraits: Portraits) -> FaceStation:
    engine = usable(portraits.engines)[FaceShots]
    camera = ScenedCamera(scene)
    rules = replace(PROVISIONAL, face_turns=2)
    desk = FaceStation(camera=camera, policy=rules, compares=engine.matcher(portraits))
    desk.start()
    return desk


@pytest.fixture
def desk(portraits: Portraits) -> Iterator[FaceStation]:
    made = opened(Sitting(FACE), portraits)
    yield made
    made.close()


def test_who_turns_the_head_is_known_by_portrait(desk: FaceStation) -> None:
    desk.face_of(1)
    desk.holds(lambda: desk.face.may_answer(same=True))
    desk.do(ev.FaceAnswered(same=True))
    verdict = desk.until(Verdict)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome.outcome, verdict.outcome.method) == (
        OutcomeKind.IDENTIFIED,
        Method.FACE,
    )


def test_another_voters_document_does_not_help(desk: FaceStation) -> None:
    desk.face_of(0)
    desk.holds(lambda: desk.face.may_answer(same=True))
    desk.do(ev.FaceAnswered(same=True))  # the operator is taken in
    asked = desk.until(AwaitingCommission)
    assert isinstance(asked, AwaitingCommission)
    assert asked.why is CommissionWhy.FACE_DISAGREES


def test_without_a_document_the_person_is_among_the_proposed(desk: FaceStation) -> None:
    desk.do(ev.FaceCalled())
    desk.holds(lambda: isinstance(desk.state, AwaitingCommission) and not desk.state.unread)
    asked = desk.state
    assert isinstance(asked, AwaitingCommission)
    assert [one.voter.voter_id for one in asked.proposed] == ["V-1"]
    assert all(one.adequate for one in desk.written(FaceTry))
