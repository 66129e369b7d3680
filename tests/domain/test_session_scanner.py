"""The session machine while the scanner is away: its loss and its return are written once."""

import pytest
from session_desk import Desk

from station_app.domain import session_events as ev
from station_app.domain.day import DayState
from station_app.domain.entries import DeviceLost, DeviceReturned, SessionStarted
from station_app.domain.session_states import Blocked, Idle, Resting, WaitingForScanner


@pytest.fixture
def desk() -> Desk:
    return Desk()


def is_waited_for(desk: Desk) -> None:
    """The scanner is away, as is written, and its return will be."""
    assert isinstance(desk.state, WaitingForScanner)
    assert desk.asked[-1] == ev.ReopenScanner(desk.ticket)
    desk.do(ev.ScannerReturned(desk.ticket))
    assert isinstance(desk.state, Idle)
    told = [one for one in desk.book.entries if isinstance(one, DeviceLost | DeviceReturned)]
    assert [type(one) for one in told] == [DeviceLost, DeviceReturned]


def test_while_the_desk_rests(desk: Desk) -> None:
    desk.do(ev.ScannerLost(desk.ticket))
    desk.do(ev.DayChanged(DayState.PAUSED))
    desk.do(ev.DayChanged(DayState.CLOSED))
    assert isinstance(desk.state, Resting)
    desk.do(ev.DayChanged(DayState.OPEN))
    is_waited_for(desk)


def test_when_the_session_that_waited_for_it_is_cancelled(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.ScannerLost(desk.ticket))
    desk.do(ev.Cancelled())
    is_waited_for(desk)


@pytest.mark.parametrize("in_session", [True, False])
def test_while_a_part_does_not_work(desk: Desk, in_session: bool) -> None:
    if in_session:
        desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.ScannerLost(desk.ticket))
    desk.do(ev.PartFailed(desk.ticket, "journal_damaged"))
    assert isinstance(desk.state, Blocked)
    desk.do(ev.RetryPressed())
    desk.do(ev.NextPressed())
    is_waited_for(desk)


def test_when_a_full_disk_refuses_its_loss(desk: Desk) -> None:
    desk.book.full = True
    desk.do(ev.ScannerLost(desk.ticket))
    assert isinstance(desk.state, Blocked)
    desk.book.full = False
    desk.do(ev.RetryPressed())
    is_waited_for(desk)


def test_when_the_disk_is_full_while_the_desk_rests(desk: Desk) -> None:
    desk.do(ev.ScannerLost(desk.ticket))
    desk.do(ev.DayChanged(DayState.PAUSED))
    desk.do(ev.AppendFailed(SessionStarted(9), "disk_full"))
    assert isinstance(desk.state, Blocked)
    desk.do(ev.RetryPressed())
    assert isinstance(desk.state, Resting)
    desk.do(ev.DayChanged(DayState.OPEN))
    is_waited_for(desk)


def test_when_the_disk_is_full_after_the_commission_decided_without_it(desk: Desk) -> None:
    desk.do(ev.ScannerLost(desk.ticket))
    desk.do(ev.CommissionCalled())
    desk.do(ev.PinEntered("1" * 14))
    desk.do(ev.PinUnknown(desk.ticket))
    desk.do(ev.AppendFailed(SessionStarted(9), "disk_full"))
    assert isinstance(desk.state, Blocked)
    desk.do(ev.RetryPressed())
    is_waited_for(desk)
