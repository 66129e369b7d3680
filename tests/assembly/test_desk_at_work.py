"""From the finger to the screen and the journal: real parts, keyboard only."""

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer

from station_app.assembly.endings import bugs_raised
from station_app.biometrics.fingerprint.search import Searcher
from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.entries import Entry, Outcome
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import LiveFrame, Meters, RetryReason
from station_app.domain.session_states import State, Verdict
from station_app.flow.runner import DeskObserver
from station_app.journal import Journal
from station_app.synthetic.presets import Preset
from station_app.ui.operator.capture import BusyStage, BusyView, CaptureView
from station_app.ui.operator.manual import ManualView
from station_app.ui.operator.notice import BlockedView, BrokenView, ScannerUnpluggedView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.verdict import (
    AlreadyView,
    CommissionReason,
    CommissionView,
    IdentifiedView,
    NotOnListView,
)
from station_app.ui.operator.views import HandMarks
from station_app.ui.widgets.text_block import TextBlock
from tests.assembly.desk_at_work import DeskAtWork, outcomes_of, report_of

ENTER, ESC, F2, F3 = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F2, Qt.Key.Key_F3
GUARD_S = 1.1
LONG_S = 60.0
"""A capture during which something happens."""
UNKNOWN_PIN = "29912300000000"


class Frames(DeskObserver):
    """Counts live frames, and the verdicts the runner announces."""

    def __init__(self) -> None:
        self.frames = 0
        self.verdicts: list[Verdict] = []

    def state_changed(self, state: State) -> None:
        if isinstance(state, Verdict):
            self.verdicts.append(state)

    def frame_came(self, frame: LiveFrame, meters: Meters) -> None:
        self.frames += 1

    def broke(self, bug: BaseException, last_entry: int) -> None:
        raise AssertionError from bug


@pytest.fixture
def frames(at_work: DeskAtWork) -> Frames:
    frames = Frames()
    at_work.station.runner.observe(frames)
    return frames


def hold_outcomes(monkeypatch: pytest.MonkeyPatch, gate: threading.Event) -> None:
    """A slow disk: outcomes are written once the gate opens."""
    write = Journal.append

    def append(journal: Journal, entry: Entry) -> Appended | AlreadyAccepted:
        if isinstance(entry, Outcome):
            assert gate.wait(60)
        return write(journal, entry)

    monkeypatch.setattr(Journal, "append", append)


def test_a_voter_is_identified_once_it_is_written(
    at_work: DeskAtWork, frames: Frames, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = threading.Event()
    hold_outcomes(monkeypatch, gate)
    at_work.lay_down(3)
    at_work.qtbot.waitUntil(
        lambda: at_work.desk.view == BusyView(BusyStage.RECORDING, can_cancel=False), timeout=60_000
    )
    assert frames.frames > 0
    assert at_work.outcomes(tmp_path / "before") == []
    at_work.qtbot.wait(200)
    assert at_work.desk.view == BusyView(BusyStage.RECORDING, can_cancel=False)
    gate.set()
    card = at_work.sees(IdentifiedView).voter
    (logged,) = at_work.outcomes(tmp_path / "after")
    voter = at_work.people.voters[3]
    assert (logged.outcome, logged.list_number) == (OutcomeKind.IDENTIFIED, voter.list_number)
    assert [verdict.entry for verdict in frames.verdicts] == [logged.number]
    assert (card.list_number, card.surname) == (voter.list_number, voter.surname)
    assert voter.surname.casefold() in at_work.words().casefold()
    at_work.press(ENTER)
    at_work.sees(IdentifiedView)  # Enter came before the guard was over
    at_work.clock.now += GUARD_S
    at_work.press(ENTER)
    day = at_work.sees(ReadyView).day
    assert day.identified_today == 1
    assert voter.surname.casefold() not in at_work.words().casefold()


def test_the_screen_of_an_identified_voter_closes_by_itself(at_work: DeskAtWork) -> None:
    at_work.lay_down(0)
    at_work.sees(IdentifiedView)
    at_work.scanner.lift()
    at_work.sees(ReadyView)


def test_a_second_time_is_stopped(at_work: DeskAtWork) -> None:
    for number, kind in ((1, IdentifiedView), (2, AlreadyView)):
        at_work.lay_down(5, number)
        view = at_work.sees(kind)
        at_work.clock.now += GUARD_S
        at_work.press(ENTER)
        at_work.sees(ReadyView)
    assert isinstance(view, AlreadyView)
    assert view.stop.list_number == at_work.people.voters[5].list_number


def test_a_document_first(at_work: DeskAtWork, frames: Frames) -> None:
    at_work.press(F2)
    at_work.write(at_work.people.voters[7].pin[:-1])
    at_work.press(ENTER)
    at_work.sees(ReadyView)  # a digit is missing
    at_work.write(at_work.people.voters[7].pin[-1])
    at_work.press(ENTER)
    assert at_work.sees(CaptureView).pin_found
    at_work.lay_down(7)
    at_work.sees(IdentifiedView)
    assert frames.verdicts[-1].outcome.list_number == at_work.people.voters[7].list_number


def test_an_unknown_document(at_work: DeskAtWork) -> None:
    at_work.press(F2)
    at_work.write(UNKNOWN_PIN)
    at_work.press(ENTER)
    assert at_work.sees(NotOnListView).pin_given


def test_anothers_document_shows_nobody(at_work: DeskAtWork) -> None:
    named, owner = at_work.people.voters[1], at_work.people.voters[2]
    at_work.press(F2)
    at_work.write(named.pin)
    at_work.press(ENTER)
    at_work.sees(CaptureView)
    at_work.lay_down(2)
    asked = at_work.sees(ManualView)
    assert asked.reason is CommissionReason.OTHER_VOTER
    at_work.qtbot.waitUntil(
        lambda: isinstance(at_work.desk.view, ManualView) and at_work.desk.view.voter is not None
    )
    everything = [block.text() for block in at_work.desk.findChildren(TextBlock)]
    assert named.surname in everything
    assert owner.surname == named.surname or owner.surname not in everything
    at_work.press(ESC)
    assert at_work.sees(CommissionView).reason is CommissionReason.OTHER_VOTER
    words = at_work.words().casefold()
    for voter in (named, owner):
        assert voter.surname.casefold() not in words
        assert voter.pin not in words


def test_escape_ends_a_session(at_work: DeskAtWork, tmp_path: Path) -> None:
    at_work.press(F2)
    at_work.write(at_work.people.voters[0].pin)
    at_work.press(ENTER)
    at_work.sees(CaptureView)
    at_work.press(ESC)
    at_work.sees(ReadyView)
    (logged,) = at_work.outcomes(tmp_path / "copy")
    assert logged.outcome is OutcomeKind.ABANDONED
    at_work.lay_down(0)
    at_work.sees(IdentifiedView)


def test_another_finger_is_asked_for(at_work: DeskAtWork) -> None:
    """The left index is not enrolled: TRY AGAIN, then F3 back to the right one."""
    at_work.press(F3, Qt.Key.Key_Left, ENTER)
    assert at_work.sees(ReadyView).finger is FingerPosition.LEFT_INDEX
    at_work.lay_down(4, position=FingerPosition.LEFT_INDEX)
    again = at_work.sees(TryAgainView)
    assert again.reason is RetryReason.NO_MATCH
    at_work.press(F3, Qt.Key.Key_Right, Qt.Key.Key_2, ENTER)
    at_work.qtbot.waitUntil(
        lambda: getattr(at_work.desk.view, "finger", None) is FingerPosition.RIGHT_INDEX
    )
    at_work.lay_down(4)
    card = at_work.sees(IdentifiedView).voter
    assert card.list_number == at_work.people.voters[4].list_number


def test_a_missing_finger_is_skipped_and_with_a_document_the_commission_comes(
    at_work: DeskAtWork,
) -> None:
    """The only finger of the record is marked as missing; Esc, and the marks are gone."""
    at_work.press(F3, Qt.Key.Key_0, ENTER)
    at_work.qtbot.waitUntil(
        lambda: getattr(at_work.desk.view, "finger", None) is FingerPosition.LEFT_INDEX
    )
    at_work.press(F2)
    at_work.write(at_work.people.voters[3].pin)
    at_work.press(ENTER)
    assert at_work.sees(ManualView).reason is CommissionReason.NO_FINGERS
    at_work.press(ESC)
    assert at_work.sees(CommissionView).reason is CommissionReason.NO_FINGERS
    at_work.clock.now += GUARD_S
    at_work.press(ENTER)
    ready = at_work.sees(ReadyView)
    assert (ready.finger, ready.marks) == (FingerPosition.RIGHT_INDEX, HandMarks())


def test_a_stranger_is_on_no_list(at_work: DeskAtWork) -> None:
    for number, view in ((1, TryAgainView), (2, NotOnListView)):
        at_work.lay_down_image(
            at_work.people.stranger(0, FingerPosition.RIGHT_INDEX, number, Preset.GOOD)
        )
        at_work.sees(view)


def test_the_scanner_goes_and_comes_back(at_work: DeskAtWork) -> None:
    at_work.scanner.set_seconds(LONG_S)
    at_work.lay_down(6)
    at_work.sees(CaptureView)
    at_work.scanner.unplug()
    assert at_work.sees(ScannerUnpluggedView).in_session
    at_work.scanner.set_seconds(0.15)
    at_work.scanner.plug_in()
    at_work.sees(CaptureView)
    at_work.lay_down(6, 2)
    at_work.sees(IdentifiedView)
    at_work.clock.now += GUARD_S
    at_work.press(ENTER)
    at_work.sees(ReadyView)
    at_work.scanner.unplug()
    assert not at_work.sees(ScannerUnpluggedView).in_session
    at_work.scanner.plug_in()
    at_work.sees(ReadyView)


def test_escape_while_the_scanner_is_away(at_work: DeskAtWork, tmp_path: Path) -> None:
    at_work.scanner.set_seconds(LONG_S)
    at_work.lay_down(6)
    at_work.sees(CaptureView)
    at_work.scanner.unplug()
    at_work.sees(ScannerUnpluggedView)
    at_work.press(ESC)
    at_work.qtbot.waitUntil(
        lambda: (
            at_work.station.runner.tally is not None
            and not getattr(at_work.desk.view, "in_session", False)
        )
    )
    at_work.scanner.plug_in()
    at_work.sees(ReadyView)
    (logged,) = at_work.outcomes(tmp_path / "copy")
    assert logged.outcome is OutcomeKind.ABANDONED


@pytest.mark.expected_log("desk_broke")
def test_a_bug_shows_the_safe_screen(
    at_work: DeskAtWork, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    at_work.lay_down(0)
    at_work.sees(IdentifiedView)
    at_work.clock.now += GUARD_S
    at_work.press(ENTER)
    at_work.sees(ReadyView)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Searcher, "examine", broken)
    at_work.lay_down(1)
    view = at_work.sees(BrokenView)
    assert str(view.last_entry) in at_work.words()
    at_work.press(ENTER, ESC, F2)
    at_work.lay_down(2)
    at_work.qtbot.wait(200)
    assert at_work.desk.view is view, "nothing goes on after a bug"
    at_work.leave()
    assert report_of(at_work.folder).sound
    assert report_of(at_work.folder).entries == view.last_entry


@pytest.mark.expected_log("desk_broke")
def test_a_bug_in_a_slot_is_raised_in_the_end(at_work: DeskAtWork) -> None:
    """Qt itself would print the traceback and go on."""

    def broken() -> None:
        raise ZeroDivisionError

    def work() -> None:
        with bugs_raised(at_work.station.runner):
            QTimer.singleShot(0, at_work.desk, broken)
            assert at_work.sees(BrokenView).last_entry == at_work.station.opened.recorder.last_entry

    hook = sys.excepthook
    with pytest.raises(ZeroDivisionError):
        work()
    assert sys.excepthook is hook


def test_a_full_disk_blocks_until_it_is_mended(
    at_work: DeskAtWork, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The journal refuses; Enter asks again; then the outcome owed is written first."""

    def full(journal: Journal, entry: Entry) -> Appended:
        raise KnownError("disk_full", "The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", full)
        at_work.lay_down(8)
        assert at_work.sees(BlockedView).code == "disk_full"
        at_work.qtbot.wait(300)
        at_work.press(ENTER)
        at_work.sees(BlockedView)
        at_work.qtbot.wait(100)
        assert at_work.outcomes(tmp_path / "full") == []
    at_work.sees(BlockedView)
    at_work.press(ENTER)
    at_work.qtbot.waitUntil(lambda: not isinstance(at_work.desk.view, BlockedView | BusyView))
    at_work.leave()
    assert report_of(at_work.folder).sound
    kinds = [logged.outcome for logged in outcomes_of(at_work.folder)]
    assert len(kinds) == 1, "the session has one outcome, whichever it came to"


def test_what_a_day_leaves_behind(at_work: DeskAtWork) -> None:
    for row in range(3):
        at_work.lay_down(row)
        at_work.sees(IdentifiedView)
        at_work.clock.now += GUARD_S
        at_work.press(ENTER)
        at_work.sees(ReadyView)
    at_work.leave()
    report = report_of(at_work.folder)
    assert report.sound, report.reason
    assert (report.sessions, report.identified) == (3, 3)
    named = [logged.list_number for logged in outcomes_of(at_work.folder)]
    assert named == [voter.list_number for voter in at_work.people.voters[:3]]
