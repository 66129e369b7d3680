"""The runner on real lanes: the simulated scanner, a slow or failing core, a journal."""

import threading
import time

from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain import session_events as ev
from station_app.domain.day import DayState
from station_app.domain.entries import DayOpened, OutcomeVoided
from station_app.domain.entry_codes import OutcomeKind, VoidReason
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FingerImage
from station_app.domain.session_states import (
    AwaitingSample,
    Blocked,
    Idle,
    Matching,
    Recording,
    Resting,
    Verdict,
    WaitingForScanner,
)
from station_app.flow.bridge import QueueBridge
from station_app.flow.day_reading import Tally
from tests.flow.desk_parts import IMAGE, a_voter
from tests.flow.whole_desk import Station


def test_from_the_glass_to_the_verdict(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.place()
    shown = station.until(Verdict)
    assert isinstance(shown, Verdict)
    assert shown.voter == a_voter(3)
    assert station.witness.frames == 3
    assert station.runner.tally.identified == 1
    assert station.runner.tally.last[0].list_number == 4
    assert station.runner.times.extract_ms > 0
    station.scanner.lift()
    station.until(Idle)


def test_verdict_only_after_the_journal_answered(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.book.gate.clear()
    station.place()
    assert not station.bridge.run(lambda: isinstance(station.runner.state, Verdict), 0.5)
    station.book.gate.set()
    station.until(Verdict)


OPENED = DayOpened(1, 1, 300, "", 0, "asanov", "ismailova")


def test_at_rest_no_finger_begins_a_session(station: Station) -> None:
    station.runner.handle(ev.DayChanged(DayState.PAUSED))
    station.place()
    station.bridge.run(lambda: False, 0.3)
    assert isinstance(station.runner.state, Resting)
    assert station.runner.may_rest
    assert station.book.entries == []


def test_a_day_that_is_not_open_lets_the_desk_rest_until_it_is() -> None:
    station = Station(day=DayState.BEFORE)
    assert isinstance(station.runner.state, Resting)
    station.runner.handle(ev.DayChanged(DayState.OPEN))
    assert isinstance(station.runner.state, Idle)
    station.matcher.answers = [(3, 12.0)]
    station.place()
    station.until(Verdict)
    assert not station.runner.may_rest
    station.runner.stop()


def test_after_a_bug_the_scanner_takes_no_more_fingers(station: Station) -> None:
    read: list[FingerImage] = []

    def impression() -> FingerImage:
        read.append(IMAGE)
        return IMAGE

    station.runner.report_bug(RuntimeError("a bug of ours"))
    station.scanner.place(impression)
    station.bridge.run(lambda: bool(read), 0.5)
    assert read == []
    assert station.book.entries == []


def test_a_new_day_counts_from_nothing(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.place()
    station.until(Verdict)
    station.write(OPENED)
    assert station.bridge.run(lambda: station.runner.tally == Tally(0), 60)


def test_a_void_from_elsewhere_counts_at_the_desk(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.place()
    shown = station.until(Verdict)
    assert isinstance(shown, Verdict)
    voter = a_voter(3)
    reason = VoidReason.WRONG_VOTER
    station.write(
        OutcomeVoided(shown.entry, voter.voter_id, voter.list_number, reason, "asanov", "ismailova")
    )
    assert station.bridge.run(lambda: station.runner.tally.identified == 0, 60)
    assert station.runner.tally.voided == {shown.entry}
    assert station.witness.states[-1] is shown, "the desk shows the count anew"
    assert station.witness.states[-2] is shown


def test_without_a_scanner_the_day_may_be_changed_between_sessions(station: Station) -> None:
    station.scanner.unplug()
    station.place()
    station.until(WaitingForScanner)
    assert station.runner.may_rest
    station.runner.handle(ev.CommissionCalled())
    assert not station.runner.may_rest


def test_a_slow_match_for_a_cancelled_person_reaches_nobody(station: Station) -> None:
    station.matcher.answers = [(1, 12.0), (2, 12.0)]
    station.matcher.gate.clear()
    station.place()
    station.until(Matching)
    station.runner.handle(ev.Cancelled())
    station.until(Idle)
    station.scanner.lift()
    station.place()
    station.until(Matching)
    station.matcher.gate.set()
    shown = station.until(Verdict)
    assert isinstance(shown, Verdict)
    assert shown.voter == a_voter(2)
    assert [e.outcome for e in station.book.outcomes()] == [
        OutcomeKind.ABANDONED,
        OutcomeKind.IDENTIFIED,
    ]


def test_pulled_cable_and_back(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]

    def pulled() -> FingerImage:
        station.scanner.unplug()
        return IMAGE

    station.scanner.place(pulled)
    station.until(WaitingForScanner)
    station.scanner.lift()
    station.scanner.plug_in()
    assert isinstance(station.until(AwaitingSample), AwaitingSample | Idle)
    station.place()
    station.until(Verdict)
    kinds = [entry.kind for entry in station.book.entries]
    assert kinds.count("device_lost") == kinds.count("device_returned") == 1


def test_a_pin_is_looked_up_on_the_lane(station: Station) -> None:
    station.matcher.answers = [(3, 4.5)]
    station.runner.handle(ev.PinEntered(a_voter(3).pin))
    station.until(AwaitingSample)
    assert station.matcher.named == []
    station.place()
    station.until(Verdict)
    assert station.matcher.named == [3]


def test_an_unknown_pin(station: Station) -> None:
    station.runner.handle(ev.PinEntered("9" * 14))
    shown = station.until(Verdict)
    assert isinstance(shown, Verdict)
    assert shown.outcome.reason == "pin_unknown"


def test_disk_full_and_mended(station: Station) -> None:
    station.matcher.answers = [(3, 12.0), (3, 12.0)]
    station.book.full = True
    station.place()
    station.until(Blocked)
    assert not station.book.entries
    assert not station.runner.may_lock
    station.book.full = False
    station.runner.handle(ev.RetryPressed())
    station.until(Idle)
    assert [e.outcome for e in station.book.outcomes()] == [OutcomeKind.ABANDONED]


def test_entries_refused_together_are_written_in_their_order(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.book.gate.clear()
    station.place()
    station.until(Recording)
    station.book.full = True
    station.book.gate.set()
    blocked = station.until(Blocked)
    station.book.full = False
    station.runner.handle(ev.RetryPressed())
    shown = station.until(Verdict)
    assert isinstance(blocked, Blocked)
    assert isinstance(shown, Verdict)
    kinds = [entry.kind for entry in station.book.entries]
    assert kinds == ["session_started", "finger_try", "outcome"]
    assert shown.voter == a_voter(3)


def test_a_broken_list_blocks(station: Station) -> None:
    station.matcher.fault_code = "list_damaged"
    station.place()
    blocked = station.until(Blocked)
    assert isinstance(blocked, Blocked)
    assert blocked.code == "list_damaged"


def test_a_blocked_desk_that_owes_nothing_may_be_locked(station: Station) -> None:
    assert station.runner.may_lock
    station.runner.refuse_sessions("journal_rolled_back")
    station.until(Blocked)
    assert station.runner.may_lock
    assert not station.runner.may_rest


def test_a_bug_stops_the_desk(station: Station) -> None:
    station.matcher.bug = ZeroDivisionError("ours")
    station.place()
    assert station.bridge.run(lambda: bool(station.witness.bugs), 60)
    before = station.runner.state
    station.runner.handle(ev.Cancelled())
    assert station.runner.state is before


def test_only_the_main_thread_may_handle(station: Station) -> None:
    caught: list[BaseException] = []

    def wrong() -> None:
        try:
            station.runner.handle(ev.Cancelled())
        except AssertionError as error:
            caught.append(error)

    thread = threading.Thread(target=wrong)
    thread.start()
    thread.join()
    assert caught


def test_a_scanner_that_is_not_there_at_the_start() -> None:
    scanner = SimulatedFingerScanner()
    scanner.unplug()
    station = Station(scanner)
    station.until(WaitingForScanner)
    scanner.plug_in()
    station.until(Idle)
    station.runner.stop()


def test_the_bridge_keeps_order_and_time() -> None:
    bridge = QueueBridge()
    seen: list[str] = []
    bridge.later(0.05, lambda: seen.append("later"))
    bridge.post(lambda: seen.append("first"))
    bridge.post(lambda: seen.append("second"))
    begun = time.monotonic()
    assert bridge.run(lambda: len(seen) == 3, 60)
    assert seen == ["first", "second", "later"]
    assert time.monotonic() - begun >= 0.05
    assert not bridge.run(lambda: False, 0.01)


def test_a_second_identification_names_the_first(station: Station) -> None:
    station.matcher.answers = [(3, 12.0), (3, 12.0)]
    for _ in range(2):
        station.place()
        shown = station.until(Verdict)
        station.scanner.lift()
        station.runner.handle(ev.NextPressed())
    assert isinstance(shown, Verdict)
    assert shown.outcome.outcome is OutcomeKind.ALREADY_IDENTIFIED
    assert shown.outcome.first_entry == 3
    assert station.runner.tally.identified == 1
    assert [one.outcome for one in station.runner.tally.last] == [
        OutcomeKind.ALREADY_IDENTIFIED,
        OutcomeKind.IDENTIFIED,
    ]


def test_frames_of_another_capture_are_not_shown(station: Station) -> None:
    """The frames wait in the bridge while the operator cancels."""
    station.place()
    station.until(AwaitingSample)
    shown = station.witness.frames
    time.sleep(0.2)
    station.runner.handle(ev.Cancelled())
    station.until(Idle)
    station.bridge.run(lambda: False, 0.1)
    assert station.witness.frames == shown
    assert isinstance(station.runner.state, Idle)


def test_only_the_first_bug_is_told(station: Station) -> None:
    first = ZeroDivisionError("first")
    station.runner.report_bug(first)
    station.runner.report_bug(ZeroDivisionError("second"))
    assert station.witness.bugs == [first]
    station.place()
    assert not station.bridge.run(lambda: station.witness.frames > 0, 0.2)


def test_the_policy_is_the_desks(station: Station) -> None:
    assert station.runner.policy is PROVISIONAL
