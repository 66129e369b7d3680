"""The session machine while the scanner is away: its loss and its return are written once."""

import pytest

from station_app.domain import session_events as ev
from station_app.domain.day import DayState
from station_app.domain.entries import DeviceLost, DeviceReturned, SessionStarted
from station_app.domain.session_states import (
    AwaitingSample,
    Blocked,
    Idle,
    Resting,
    Verdict,
    WaitingForScanner,
)
from tests.domain.session_desk import Desk


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


def test_back_during_a_session_it_is_there_for_the_next_person(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.ScannerLost(desk.ticket))
    desk.do(ev.ScannerReturned(desk.ticket))
    desk.finger((4, 12.0))
    assert isinstance(desk.state, Verdict)
    assert not desk.state.lifted, "the finger is waited for"
    desk.do(ev.NextPressed())
    assert isinstance(desk.state, Idle)


def test_a_loss_and_a_fault_in_one_session_use_no_number_twice(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.ScannerLost(desk.ticket))
    desk.do(ev.PartFailed(desk.ticket, "journal_damaged"))
    assert isinstance(desk.state, Blocked)
    assert desk.state.next_session == 2
    desk.do(ev.RetryPressed())
    desk.do(ev.NextPressed())
    is_waited_for(desk)
    desk.do(ev.FingerTouched(desk.ticket))
    assert isinstance(desk.state, AwaitingSample)
    started = [one.session for one in desk.book.entries if isinstance(one, SessionStarted)]
    assert started == [1, 2]


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
