"""Drives the self-test: checks one after the other, questions, and what is kept of them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer

from station_app.domain.device_trials import TestKind
from station_app.domain.errors import KnownError
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.ui.room_shell import RoomShell
from station_app.ui.sounds import Sound, SoundPlayer
from station_app.ui.technician.self_test import (
    CARDS,
    CardCheck,
    CardFinding,
    CardKey,
    CardProgress,
    CardRun,
    CardState,
    SelfTest,
    TrialNotes,
)
from station_app.ui.technician.self_test_page import TEST, SelfTestPage


class SelfTestController(QObject):
    """Checks that take time run on the lane, one after the other; `notes` keeps what they find."""

    def __init__(
        self,
        room: RoomShell,
        checks: Mapping[CardKey, CardCheck],
        lane: Lane,
        bridge: Bridge,
        notes: TrialNotes,
    ) -> None:
        super().__init__(room)
        self._room, self._checks, self._lane, self._bridge = room, checks, lane, bridge
        self._notes = notes
        self._test = SelfTest(tuple(checks))
        self._runs: dict[CardKey, CardRun] = {}
        self._asked: dict[CardKey, tuple[TestKind, tuple[str, str]]] = {}
        room.connect_pages(SelfTestPage, self._connect)
        self._show()

    def _connect(self, page: SelfTestPage) -> None:
        page.card_pressed.connect(self.test)
        page.card_stopped.connect(self.stop)
        page.card_answered.connect(self._answer)
        page.test_all_pressed.connect(self.test_all)
        page.morning_pressed.connect(self.test_morning)
        page.stop_pressed.connect(self.stop_all)

    def test_all(self) -> None:
        """Test every card again."""
        for key in self._in_order():
            self.test(key)

    def test_morning(self) -> None:
        """Test what has to work today, in its short form."""
        for key in self._in_order():
            if CARDS[key].is_in_morning:
                self.test(key, TestKind.MORNING)

    def _in_order(self) -> Sequence[CardKey]:
        return [key for key in CardKey if key in self._checks]

    def test(self, key: CardKey, kind: TestKind = TestKind.FULL) -> None:
        """Test one card."""
        check = self._checks[key]
        check.end()
        if not self._test.start(key):
            return
        run = self._runs[key] = CardRun(
            partial(self._told, key), is_morning=kind is TestKind.MORNING
        )
        self._show()

        def found(result: tuple[CardFinding, tuple[str, str]] | None) -> None:
            if self._runs.get(key) is not run:
                return  # stopped meanwhile, and perhaps begun again
            del self._runs[key]
            if result is None:
                self._test.forget(key)
            else:
                finding, subject = result
                self._test.found(key, finding)
                if finding.state is CardState.ASKING:
                    self._asked[key] = (kind, subject)
            self._show()

        def failed(fault: KnownError) -> None:
            if self._runs.pop(key, None) is run:
                self._test.fail(key, fault.code)
                self._show()

        if not check.here:
            self._lane.run(lambda: self._tried(key, kind, run), found, failed)
            return
        try:
            found((check.run(run), ("", "")))
        except KnownError as fault:
            failed(fault)

    def _tried(
        self, key: CardKey, kind: TestKind, run: CardRun
    ) -> tuple[CardFinding, tuple[str, str]] | None:
        """On the lane: what one run has found, written down unless it asks; None if stopped."""
        if run.is_over():
            return None
        subject = self._notes.subject(CARDS[key].family)
        try:
            finding = self._checks[key].run(run)
        except KnownError:
            if not run.is_over():
                self._notes.note(_part(key), kind, subject, passed=False)
            raise
        if run.is_over():
            return None
        if finding.state is not CardState.ASKING:
            passed = finding.state is not CardState.FAILED
            self._notes.note(_part(key), kind, subject, passed=passed)
        return finding, subject

    def _told(self, key: CardKey, how_far: CardProgress) -> None:
        """Called on the lane, by a run."""

        def tell() -> None:
            self._test.tell(key, how_far)
            self._show()

        self._bridge.post(tell)

    def stop(self, key: CardKey) -> None:
        """End one card's test; what it finds is not looked at."""
        run = self._runs.pop(key, None)
        if run is not None:
            run.stop.stop()
            self._test.forget(key)
            self._show()

    def stop_all(self) -> None:
        """End every test that runs or waits."""
        for key in tuple(self._runs):
            self.stop(key)

    def leave(self) -> None:
        """The room is left: no test goes on, and no question stays on another screen."""
        self.stop_all()
        for check in self._checks.values():
            check.end()
        self._test.leave()
        self._asked.clear()
        self._show()

    def _answer(self, key: CardKey, yes: bool) -> None:
        self._checks[key].end()
        if not self._test.answer(key, yes):
            return
        self._show()
        kind, subject = self._asked.pop(key, (TestKind.FULL, ("", "")))

        def failed(fault: KnownError) -> None:
            self._test.fail(key, fault.code)
            self._show()

        self._lane.run(
            lambda: self._notes.note(_part(key), kind, subject, passed=yes),
            lambda _: None,
            failed,
        )

    def _show(self) -> None:
        self._room.show_view(TEST, self._test.view())


def _part(key: CardKey) -> str:
    """The name of a card's part in the trials: its family's, which the settings have too."""
    family = CARDS[key].family
    return key.value if family is None else family.value


_TONES: Final = (Sound.IDENTIFIED, Sound.ALREADY, Sound.NOT_ON_LIST, Sound.TRY_AGAIN)
_BETWEEN_MS: Final = 1200


class SoundCheck(QObject):
    """Plays the four tones of the verdicts, one after the other; None has no loudspeaker."""

    def __init__(self, player: SoundPlayer | None) -> None:
        super().__init__()
        self._player = player

    def check(self) -> CardCheck:
        """Its card's check."""
        return CardCheck(self._run, here=True)

    def _run(self, _run: CardRun) -> CardFinding:
        player = self._player
        if player is None or not player.is_audible:
            return CardFinding(CardState.ATTENTION, "sound_none", {})
        for place, tone in enumerate(_TONES):
            QTimer.singleShot(place * _BETWEEN_MS, self, partial(player.play, tone))
        return CardFinding(CardState.ASKING, "sound_asked", {})
