"""A journal that cannot be written, at a whole station: nothing is lost, and all is in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from station_app.domain import session_events as events
from station_app.domain.day import DayState
from station_app.domain.entries import (
    DayPaused,
    Entry,
    Outcome,
    OutcomeVoided,
    PaperMade,
    SessionStarted,
    SlipPrinted,
)
from station_app.domain.entry_codes import Paper, PauseReason, VoidReason
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.domain.session_states import Blocked, Idle, Resting
from station_app.flow.runner import DeskObserver
from station_app.journal import Journal, verify_journal
from station_app.vault import PublicIdentity
from tests.commands.days import VOTERS, Day, fresh_day


class Witness(DeskObserver):
    """Remembers what the safe screen says."""

    def __init__(self) -> None:
        self.last_entries: list[int] = []

    def broke(self, bug: BaseException, last_entry: int) -> None:
        self.last_entries.append(last_entry)


@contextmanager
def full_disk() -> Iterator[None]:
    """Every append fails within."""

    def full(journal: Journal, entry: object) -> None:
        raise KnownError("disk_full", "The disk is full.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "append", full)
        patch.setattr(Journal, "append_all", full)
        yield


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Day:
    """The day is open, and one voter was identified and has a slip."""
    day = fresh_day(tmp_path, monkeypatch)
    open_day(day)
    day.identify_by_commission(VOTERS[0].pin)
    day.wait(lambda: not day.look().unprinted)
    day.bridge.run(lambda: False, 0.2)
    return day


def open_day(day: Day) -> None:
    signers = day.sign(Operation.OPEN_DAY, "c1", "m1")
    day.act(day.services.desk.open_day, signers, None, is_confirmed=False)
    day.wait(lambda: isinstance(day.runner.state, Idle))


def size(day: Day) -> int:
    return day.station.opened.recorder.last_entry


def refused(day: Day, do, *args: object, **words: object) -> str:  # type: ignore[no-untyped-def]
    """The code that an act fails with."""
    faults: list[KnownError] = []
    done: list[object] = []
    do(*args, **words, done=done.append, failed=faults.append)
    day.wait(lambda: bool(faults or done))
    assert done == []
    return faults[0].code


def closed_entries(day: Day) -> list[Entry]:
    """Everything in the closed journal, which is sound."""
    day.close()
    identity = PublicIdentity.load(day.table.station.public_identity)
    report = verify_journal(day.table.station.journal, day.journal_key, identity.signing_key)
    assert report.sound, report.reason
    return day.entries()


def test_nobody_writes_past_a_fault_and_all_that_is_owed_is_written_in_order(day: Day) -> None:
    runner, before = day.runner, size(day)
    slip = day.station.runner.tally.last_standing
    assert slip is not None
    with full_disk():
        runner.handle(events.CommissionCalled())
        day.wait(lambda: isinstance(runner.state, Blocked))
        signers = day.sign(Operation.VOID, "m1")
        code = refused(day, day.services.desk.void, signers, slip, VoidReason.OTHER)
        assert code == "disk_full"
        day.wait(lambda: isinstance(runner.state, Blocked))
    day.services.slips.reprint(slip)  # the disk is mended, but nobody has said so
    day.bridge.run(lambda: False, 1.0)
    assert size(day) == before
    assert isinstance(runner.state, Blocked)
    runner.handle(events.RetryPressed())
    day.wait(lambda: isinstance(runner.state, Idle))
    day.services.slips.wake()
    day.wait(lambda: size(day) == before + 3)
    day.bridge.run(lambda: False, 0.3)
    last = closed_entries(day)[before:]
    assert [type(one) for one in last] == [SessionStarted, Outcome, SlipPrinted]
    assert last[2].copies == 2  # type: ignore[union-attr]


def test_an_act_of_the_room_tries_again_and_what_the_desk_owes_comes_first(day: Day) -> None:
    runner, before = day.runner, size(day)
    with full_disk():
        runner.handle(events.CommissionCalled())
        day.wait(lambda: isinstance(runner.state, Blocked))
    first = day.station.runner.tally.last_standing
    signers = day.sign(Operation.VOID, "m1")
    day.act(day.services.desk.void, signers, first, VoidReason.OTHER)
    assert isinstance(runner.state, Idle)
    last = closed_entries(day)[before:]
    assert [type(one) for one in last] == [SessionStarted, Outcome, OutcomeVoided]


def test_a_pause_is_refused_and_works_once_the_disk_is_mended(day: Day) -> None:
    runner, before = day.runner, size(day)
    person = runner.commission.present[0]
    with full_disk():
        assert refused(day, day.services.desk.pause, person, PauseReason.POWER) == "disk_full"
        assert isinstance(runner.state, Blocked)
        assert refused(day, day.services.desk.pause, person, PauseReason.POWER) == "disk_full"
        assert isinstance(runner.state, Blocked)
    day.act(day.services.desk.pause, person, PauseReason.POWER)
    assert isinstance(runner.state, Resting)
    assert [type(one) for one in closed_entries(day)[before:]] == [DayPaused]


def test_a_fault_that_slips_meet_at_rest_is_mended_at_the_desk(day: Day) -> None:
    runner = day.runner
    day.act(day.services.desk.pause, runner.commission.present[0], PauseReason.ORDER)
    before = size(day)
    with full_disk():
        day.services.slips.print_head()
        day.wait(lambda: isinstance(runner.state, Blocked))
        runner.handle(events.RetryPressed())
        day.bridge.run(lambda: False, 0.3)
        day.services.slips.wake()
        day.wait(lambda: isinstance(runner.state, Blocked))
    runner.handle(events.RetryPressed())
    day.wait(lambda: isinstance(runner.state, Resting))
    assert isinstance(runner.state, Resting)
    assert runner.state.why is DayState.PAUSED
    day.services.slips.wake()
    day.wait(lambda: size(day) == before + 1)
    day.bridge.run(lambda: False, 0.3)
    (head,) = closed_entries(day)[before:]
    assert isinstance(head, PaperMade)
    assert head.paper is Paper.HEAD_SLIP


@pytest.mark.expected_log("desk_broke")
def test_the_safe_screen_names_the_last_entry_of_the_file(day: Day) -> None:
    """Whoever wrote it: here the slips were last, and after the bug nobody is any more."""
    witness = Witness()
    day.runner.observe(witness)
    day.services.slips.print_head()
    day.wait(
        lambda: day.services.slips.status.waiting == 0 and day.services.slips.status.printed >= 0
    )
    day.wait(lambda: isinstance(_last(day), PaperMade))
    day.services.slips.print_head()
    day.runner.report_bug(ZeroDivisionError())
    day.services.slips.print_head()
    day.bridge.run(lambda: False, 0.5)
    assert witness.last_entries == [len(closed_entries(day))]


@pytest.mark.expected_log("desk_broke")
def test_the_safe_screen_names_the_last_entry_of_a_journal_opened_again(day: Day) -> None:
    day.close()
    again, witness = Day(day.table), Witness()
    again.runner.observe(witness)
    again.runner.report_bug(ZeroDivisionError())
    assert witness.last_entries == [len(closed_entries(again))]
    assert witness.last_entries[0] > 5


def _last(day: Day) -> Entry:
    opened = day.station.opened
    return opened.lanes.journal.call(
        lambda: opened.recorder.journal.look.entries({PaperMade})[-1].entry
    )
