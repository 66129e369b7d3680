"""What a camera sees of an invented person, and of those who cheat."""

import numpy as np
import pytest

from station_app.synthetic import live_scenes
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.live_scenes import (
    Cheat,
    Sitting,
    at_edge,
    black,
    cheating,
    empty_seat,
    in_the_dark,
    recorded,
    silent,
    two_people,
)
from station_app.synthetic.portraits import Picture, View

FACE, OTHER = InventedFace(31, "m", 40), InventedFace(32, "f", 66)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[View]:
    """The views that are asked for; they are not drawn, which would take most of the time."""
    asked: list[View] = []

    def plain(_face: InventedFace, view: View) -> Picture:
        asked.append(view)
        return np.full((view.height, view.width, 3), 90, np.uint8)

    monkeypatch.setattr(live_scenes, "_drawn", plain)
    return asked


def test_somebody_turns_as_asked_and_not_at_once(drawn: list[View]) -> None:
    sitting = Sitting(FACE)
    sitting(1.0)
    sitting.turn_to(30)
    for number in range(31):
        sitting(1.0 + number / 30)
    angles = [view.yaw for view in drawn]
    assert angles[:2] == [0, 0]
    assert angles == sorted(angles)
    assert len(set(angles)) == 7
    assert angles[-1] == 30
    sitting.turn_to(-90)
    sitting(9.0)
    assert drawn[-1].yaw == -35


def test_somebody_looks_up(drawn: list[View]) -> None:
    sitting = Sitting(FACE)
    sitting.turn_to(0, 40)
    sitting(2.0)
    assert (drawn[-1].yaw, drawn[-1].pitch) == (0, 15)


def test_a_new_wish_begins_where_the_head_is(drawn: list[View]) -> None:
    sitting = Sitting(FACE)
    sitting.turn_to(30)
    sitting(0.2)
    sitting.turn_to(0)
    sitting(0.21)
    assert drawn[-1].yaw == 15


def test_eyes_close_now_and_then(drawn: list[View]) -> None:
    sitting = Sitting(FACE)
    for number in range(0, 240, 2):
        sitting(number / 30)
    assert 2 <= sum(view.closed > 0.5 for view in drawn) <= 6


def test_no_two_frames_are_the_same_but_of_a_frozen_stream(drawn: list[View]) -> None:
    sitting, frozen = Sitting(FACE), cheating(Cheat.FROZEN, FACE)
    assert not np.array_equal(sitting(0.0), sitting(1 / 30))
    assert not np.array_equal(empty_seat(0.0), empty_seat(1 / 30))
    first, second = frozen(0.0), frozen(5.0)
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)


def test_a_recording_obeys_nobody(drawn: list[View]) -> None:
    scene = recorded(FACE, (0, 30, -30))
    for number in range(36):
        scene(number / 10)
    assert drawn[10].yaw == 0
    assert drawn[22].yaw == 30
    assert drawn[35].yaw == -30


def test_no_light_no_picture() -> None:
    assert not black(1.0).any()
    assert silent(1.0) is None


def test_every_scene_has_a_cameras_size(drawn: list[View]) -> None:
    scenes = [two_people(FACE, OTHER), at_edge(FACE), in_the_dark(FACE)]
    for scene in (*scenes, *(cheating(one, FACE) for one in Cheat)):
        picture = scene(1.0)
        assert picture is not None
        assert (picture.shape, picture.dtype) == ((480, 640, 3), np.uint8)
