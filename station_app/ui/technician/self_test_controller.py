"""Connects the self-test page with the checks: presses in, findings out."""

from collections.abc import Mapping

from PySide6.QtCore import QObject

from station_app.domain.errors import KnownError
from station_app.flow.lane import Lane
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.technician.self_test import CardKey, Check, Finding, SelfTest


class SelfTestController(QObject):
    """Checks that take time run on the lane, one after the other."""

    def __init__(self, room: TechnicianRoom, checks: Mapping[CardKey, Check], lane: Lane) -> None:
        super().__init__(room)
        self._room, self._checks, self._lane = room, checks, lane
        self._test = SelfTest(tuple(checks))
        room.card_pressed.connect(self.test)
        room.card_answered.connect(self._answer)
        room.test_all_pressed.connect(self.test_all)
        self._show()

    def test_all(self) -> None:
        """Test every card again."""
        for key in self._checks:
            self.test(key)

    def test(self, key: CardKey) -> None:
        """Test one card."""
        check = self._checks[key]
        check.end()
        if not self._test.start(key):
            return
        self._show()

        def found(finding: Finding) -> None:
            self._test.found(key, finding)
            self._show()

        def failed(fault: KnownError) -> None:
            self._test.fail(key, fault.code)
            self._show()

        if not check.here:
            self._lane.run(check.run, found, failed)
            return
        try:
            found(check.run())
        except KnownError as fault:
            failed(fault)

    def leave(self) -> None:
        """The room is left: nothing of a question stays on another screen."""
        for check in self._checks.values():
            check.end()
        self._test.leave()
        self._show()

    def _answer(self, key: CardKey, yes: bool) -> None:
        self._checks[key].end()
        self._test.answer(key, yes)
        self._show()

    def _show(self) -> None:
        self._room.show_test(self._test.view())
