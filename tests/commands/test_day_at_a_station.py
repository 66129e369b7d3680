"""A day at a provisioned station, from the passphrases to the protocol: nothing stands in."""

from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from station_app.assembly.paper_maker import paper_name
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.domain import session_events as events
from station_app.domain.day import DayState
from station_app.domain.day_report import HandCount
from station_app.domain.device_trials import Trials
from station_app.domain.entries import DayClosed, DayOpened, DifferenceExplained, PaperMade
from station_app.domain.entry_codes import Count, Paper, PauseReason, ReopenReason, VoidReason
from station_app.domain.roles import Operation
from station_app.domain.session_states import Idle, Resting
from station_app.flow.opening_checks import CheckedPart, station_checks
from station_app.journal import verify_journal
from station_app.vault import PublicIdentity
from tests.commands.days import VOTERS, Day, fresh_day, now


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Day:
    return fresh_day(tmp_path, monkeypatch)


def test_a_day_from_the_zero_report_to_the_protocol(day: Day) -> None:
    folder, desk, runner = day.table.station, day.services.desk, day.runner
    checks = station_checks(folder, ENGINE, now, day.services.devices_now, Trials)()
    assert {check.fault for check in checks} == {""}
    assert {check.what: check.note for check in checks} == {
        CheckedPart.LIST: "",
        CheckedPart.SCANNER: "scanner_simulated",
        CheckedPart.SLIPS: "slips_in_folder",
        CheckedPart.MACHINE: "",
        CheckedPart.CLOCK: "",
    }
    assert isinstance(runner.state, Resting)
    leaders = day.sign(Operation.OPEN_DAY, "c1", "m1")
    opened = day.act(desk.open_day, leaders, now(), is_confirmed=False)
    assert opened.paper_fault == ""
    day.wait(lambda: isinstance(runner.state, Idle))

    first, second = (day.identify_by_commission(voter.pin) for voter in VOTERS[:2])
    day.act(desk.pause, runner.commission.present[0], PauseReason.POWER)
    assert isinstance(runner.state, Resting)
    day.act(desk.resume, runner.commission.present[1])
    day.act(desk.void, day.sign(Operation.VOID, "m1"), second, VoidReason.WRONG_VOTER)
    assert runner.tally.identified == 1

    day.act(desk.print_paper, Paper.TURNOUT)
    day.wait(lambda: not day.look().unprinted)
    seen = day.look()
    leaders = day.sign(Operation.CLOSE_DAY, "c1", "m1")
    reasons = {Count.BALLOTS: "Испорченный бюллетень заменён"}
    closed = day.act(desk.close_day, leaders, seen.figures, HandCount(2, 1), reasons)
    assert (closed.look.day.state, closed.paper_fault) == (DayState.CLOSED, "")
    assert isinstance(runner.state, Resting)
    runner.handle(events.CommissionCalled())
    assert isinstance(runner.state, Resting), "nobody is identified any more"
    day.close()

    entries = day.entries()
    assert [type(entry) for entry in entries if isinstance(entry, DayOpened | DayClosed)] == [
        DayOpened,
        DayClosed,
    ]
    closing = next(entry for entry in entries if isinstance(entry, DayClosed))
    assert (closing.by_commission, closing.voided, closing.slips, closing.ballots) == (1, 1, 1, 2)
    assert (closing.chair, closing.member) == ("c1", "m1")
    difference = next(entry for entry in entries if isinstance(entry, DifferenceExplained))
    assert difference == DifferenceExplained(Count.BALLOTS, 1, 2, reasons[Count.BALLOTS])
    made = {entry.paper: entry.sha256 for entry in entries if isinstance(entry, PaperMade)}
    for paper in (Paper.PROTOCOL, Paper.ZERO_REPORT, Paper.READINESS):
        pdf = (folder.papers / paper_name("9042-1", 1, paper)).read_bytes()
        assert pdf.startswith(b"%PDF")
        assert sha256(pdf).hexdigest() == made[paper]
    identity = PublicIdentity.load(folder.public_identity)
    report = verify_journal(folder.journal, day.journal_key, identity.signing_key)
    assert report.entries == len(entries)
    assert first < second


def test_a_station_unlocked_again_finds_the_day_as_it_was(day: Day) -> None:
    desk = day.services.desk
    day.act(desk.open_day, day.sign(Operation.OPEN_DAY, "c1", "m1"), None, is_confirmed=False)
    day.identify_by_commission(VOTERS[0].pin)
    day.act(desk.pause, day.runner.commission.present[0], PauseReason.ORDER)
    day.close()
    again = Day(day.table)
    assert isinstance(again.runner.state, Resting)
    assert again.runner.tally.identified == 1
    again.act(again.services.desk.resume, again.runner.commission.present[0])
    again.wait(lambda: not again.look().unprinted)  # the slip that the locking left waiting
    figures = again.look().figures
    assert figures.identified == 1
    leaders = again.sign(Operation.CLOSE_DAY, "c1", "m1")
    reasons = dict.fromkeys(Count, "not counted in this test")
    again.act(again.services.desk.close_day, leaders, figures, HandCount(0, 0), reasons)
    again.act(
        again.services.desk.reopen,
        again.sign(Operation.REOPEN_DAY, "c1", "m1"),
        ReopenReason.CLOSED_EARLY,
    )
    assert isinstance(again.runner.state, Idle)
    again.close()
