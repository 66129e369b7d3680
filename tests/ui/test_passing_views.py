"""Pages that another follows within some milliseconds are not built; what takes longer is said."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from station_app.domain import session_events as events
from station_app.domain.policy import PROVISIONAL
from station_app.domain.session_states import AwaitingCommission, Idle, LookingUp, Verdict
from station_app.flow.open_station import utc_now
from station_app.ui.operator.capture import BusyStage, BusyView
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.manual import ManualView, PersonStage
from station_app.ui.operator.notice import BrokenView
from station_app.ui.operator.page import View
from station_app.ui.operator.pages import Presenter
from station_app.ui.operator.ready import ReadyView
from tests.flow.desk_parts import a_voter
from tests.flow.whole_desk import Station


@pytest.fixture
def station(desk: OperatorDesk) -> Iterator[Station]:
    """The desk's station; its bridge runs in `until` alone."""
    station = Station()
    presenter = Presenter(PROVISIONAL, 4, lambda at: at)
    controller = DeskController(
        station.runner, desk, presenter, precinct="9042", place="", now=utc_now
    )
    controller.state_changed(station.until(Idle))
    yield station
    station.runner.stop()


def shown(desk: OperatorDesk) -> list[View | None]:
    """What the desk shows from now on."""
    views: list[View | None] = []
    desk.view_shown.connect(lambda: views.append(desk.view))
    return views


def test_what_is_over_at_once_is_not_shown(station: Station, desk: OperatorDesk) -> None:
    views = shown(desk)
    station.runner.handle(events.CommissionCalled())
    station.until(AwaitingCommission)
    station.runner.handle(events.PinEntered(a_voter(2).pin))
    station.bridge.run(lambda: getattr(station.runner.state, "voter", None) is not None, 10)
    assert [type(one) for one in views] == [ManualView, ManualView]
    assert isinstance(desk.view, ManualView)
    assert desk.view.stage is PersonStage.KNOWN


def test_what_takes_longer_is_shown(station: Station, desk: OperatorDesk, qtbot: QtBot) -> None:
    station.runner.handle(events.PinEntered(a_voter(2).pin))
    assert isinstance(station.runner.state, LookingUp)
    assert isinstance(desk.view, ReadyView)
    qtbot.waitUntil(lambda: isinstance(desk.view, BusyView), timeout=5000)
    assert isinstance(desk.view, BusyView)
    assert desk.view.stage is BusyStage.LOOKING_UP


def test_a_verdict_does_not_wait_for_its_entry_to_be_seen_written(
    station: Station, desk: OperatorDesk, qtbot: QtBot
) -> None:
    station.matcher.answers = [(3, 12.0)]
    views = shown(desk)
    station.place()
    station.until(Verdict)
    stages = [one.stage for one in views if isinstance(one, BusyView)]
    assert BusyStage.RECORDING not in stages
    last = desk.view
    qtbot.wait(300)
    assert desk.view is last, "nothing late comes in the place of a verdict"


def test_nothing_late_comes_in_the_place_of_the_safe_screen(
    station: Station, desk: OperatorDesk, qtbot: QtBot
) -> None:
    station.runner.handle(events.PinEntered(a_voter(2).pin))
    station.runner.report_bug(ValueError("a bug"))
    assert isinstance(desk.view, BrokenView)
    qtbot.wait(300)
    assert isinstance(desk.view, BrokenView)
