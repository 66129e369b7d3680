"""Devices pulled, put back and broken at random, while people come and go at random.

More walks than the two that run with the others: `STATION_WALKS=200 pytest` with this file.
"""

import os
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from station_app.devices.finger_scanner import StopToken, Tell
from station_app.domain import session_events as ev
from station_app.domain.fingers import FingerPosition
from station_app.domain.matching import Candidate, Examination
from station_app.domain.samples import (
    CaptureResult,
    FaceShots,
    Finger,
    FingerImage,
    LiveFrame,
    Sample,
    Stopped,
)
from tests.flow import pulled_devices
from tests.flow.desk_parts import ScriptedMatcher, a_voter
from tests.flow.pulled_devices import NodeScanner, PulledDesk
from tests.flow.test_hot_plug import repair

WALKS = int(os.environ.get("STATION_WALKS", "2"))
STEPS = 25
VOTERS = 4


class PeoplesScanner(NodeScanner):
    """Every touch is an image of its own, which names the person and the touch."""

    def __init__(self) -> None:
        super().__init__()
        self.touches = 0
        self.person = 0

    def place(self) -> None:
        with self._lock:
            self.touches += 1
            pixels = self.touches.to_bytes(4, "big") + bytes((self.person,)) + bytes(251)
            self._finger, self._is_new = FingerImage(pixels, 16, 16, 500), True

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        while not stop.wait(0.005):
            if self._look() and self._is_new and self.opened != self._silent_opening:
                with self._lock:
                    taken, self._is_new = self._finger, False
                if taken is not None:
                    tell(LiveFrame(taken, 1.0))
                    self._look()
                    return taken
        return Stopped()


class PeoplesMatcher(ScriptedMatcher):
    """Knows whose finger an image is of, and keeps what it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[bytes] = []

    def examine(self, sample: Sample, named_row: int | None) -> Examination:
        self.gate.wait(60)
        if isinstance(sample, FaceShots):
            return Examination(80, None, (), 4, 1.0, 1.0)
        self.shown.append(sample.pixels)
        person = Candidate(sample.pixels[4], Finger(FingerPosition.RIGHT_INDEX), 12.0)
        return Examination(80, None, (person,), 600, 1.0, 1.0)


def steps(desk: PulledDesk, dice: random.Random) -> list[Callable[[], object]]:
    scanner, printer, runner = desk.scanner, desk.printer, desk.runner
    assert isinstance(scanner, PeoplesScanner)

    def somebody_comes() -> None:
        scanner.person = dice.randrange(VOTERS)
        scanner.lift()
        scanner.place()

    def somebody_types() -> None:
        runner.handle(ev.PinEntered(a_voter(dice.randrange(VOTERS + 1)).pin))

    def somebody_sleeps() -> None:
        scanner.fall_silent()
        runner.woke_up()
        desk.slips.queue.renew()
        desk.documents.renew()

    def breaks() -> None:
        scanner.is_faulty = True

    def holds_back() -> None:
        desk.hold(dice.choice([desk.matcher.gate, desk.voters.pins, desk.voters.records]))

    return [
        somebody_comes, somebody_comes, somebody_comes, somebody_types, somebody_sleeps, breaks,
        holds_back, desk.release, desk.release, scanner.lift, scanner.pull, scanner.put_back,
        scanner.put_back, printer.unplug, printer.plug_in, printer.open_cover, printer.close_cover,
        desk.reader.pull, desk.reader.break_down, desk.reader.repair, lambda: repair(desk),
        lambda: runner.handle(ev.Cancelled()), lambda: runner.handle(ev.NextPressed()),
        desk.camera.unplug, lambda: runner.handle(ev.FaceCalled()),
        lambda: runner.handle(ev.FaceAnswered(same=False)), lambda: runner.handle(ev.TurnRefused()),
        lambda: runner.handle(ev.RetryPressed()), lambda: runner.handle(ev.CommissionCalled()),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(WALKS))
def test_whatever_happens_each_person_has_one_end(
    tmp_path: Path, qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(pulled_devices, "NodeScanner", PeoplesScanner)
    monkeypatch.setattr(pulled_devices, "ScriptedMatcher", PeoplesMatcher)
    dice = random.Random(seed)
    desk = PulledDesk(tmp_path)
    try:
        for _ in range(STEPS):
            dice.choice(steps(desk, dice))()
            pause, over = dice.choice([0.0, 0.01, 0.05, 0.3]), threading.Event()
            threading.Timer(pause, over.set).start()
            desk.holds(over.is_set)
        repair(desk)
        desk.scanner.is_faulty = False
        desk.scanner.lift()
        desk.go_on()
        assert isinstance(desk.scanner, PeoplesScanner)
        assert isinstance(desk.matcher, PeoplesMatcher)
        desk.scanner.person = VOTERS  # who has not come yet
        desk.identify_the_next()
        desk.check_entries()
        shown = desk.matcher.shown
        assert len(set(shown)) == len(shown), "one touch was taken for two people"
        assert shown == sorted(shown), "an image came after that of the next person"
        assert not desk.slips.bugs
    finally:
        desk.end()
