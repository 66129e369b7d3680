"""A station whose journal does not hold together identifies nobody any more."""

from pathlib import Path

import pytest

from station_app.domain.roles import Operation
from station_app.domain.session_events import RetryPressed
from station_app.domain.session_states import Blocked
from tests.commands.days import VOTERS, fresh_day


def test_a_failed_check_stops_the_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    day = fresh_day(tmp_path, monkeypatch)
    try:
        signers = day.sign(Operation.OPEN_DAY, "c1", "m1")
        day.act(day.services.desk.open_day, signers, None, is_confirmed=True)
        day.identify_by_commission(VOTERS[0].pin)
        opened = day.station.opened
        database = opened.recorder.journal._database

        def change() -> None:
            database.execute("DROP TRIGGER entries_do_not_change")
            database.execute("UPDATE entry SET root = zeroblob(32) WHERE number = 2")

        opened.lanes.journal.call(change)
        day.services.integrity.check()
        day.wait(lambda: isinstance(day.runner.state, Blocked))
        assert day.services.integrity.last is not None
        assert day.services.integrity.last.first_bad == 2
        day.runner.handle(RetryPressed())
        day.wait(lambda: isinstance(day.runner.state, Blocked))
        state = day.runner.state
        assert isinstance(state, Blocked)
        assert state.code == "journal_damaged"
    finally:
        day.close()
