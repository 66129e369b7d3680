"""Who sits before the simulated camera."""

from contextlib import closing

import pytest

from station_app.devices.finger_scanner import StopToken
from station_app.devices.simulated.simulated_camera import SimulatedCamera
from station_app.synthetic import live_scenes
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.live_scenes import Cheat
from station_app.synthetic.portraits import Picture, View
from station_app.training.chair import Chair

FACE = InventedFace(3, "f", 30)


def test_the_camera_sees_who_sits_there(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    drawn = live_scenes.empty_seat(0.0)

    def plain(_face: InventedFace, view: View) -> Picture:
        asked.append(view.yaw)
        return drawn

    monkeypatch.setattr(live_scenes, "_drawn", plain)
    camera = SimulatedCamera()
    chair = Chair(camera, draw=lambda work: work())
    with closing(camera):
        camera.open()
        chair.turn_to(30)  # nobody sits there
        assert camera.frame(StopToken()) is not None
        assert asked == []
        chair.sit(FACE)
        asked.clear()
        camera.frame(StopToken())
        chair.turn_to(30)
        while asked[-1] < 30:
            camera.frame(StopToken())
        chair.sit(FACE, Cheat.FROZEN)
        chair.turn_to(-30)
        first, second = camera.frame(StopToken()), camera.frame(StopToken())
        assert first is not None
        assert second is not None
        assert first.pixels == second.pixels
        chair.leave()
        asked.clear()
        camera.frame(StopToken())
        assert asked == []
