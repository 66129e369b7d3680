"""What the commission decides about one person, told as what happens at the desk."""

import pytest

from station_app.domain import session_events as ev
from station_app.domain.appends import Appended
from station_app.domain.day import DayState
from station_app.domain.entries import (
    CommissionDecision,
    DeviceLost,
    DeviceReturned,
    Entry,
    FingerTry,
    Outcome,
    OutcomeVoided,
    SessionStarted,
    StopDecided,
)
from station_app.domain.entry_codes import (
    Decision,
    DocumentSeen,
    ManualReason,
    Method,
    OutcomeKind,
    StopFinding,
    VoidReason,
)
from station_app.domain.samples import RetryReason
from station_app.domain.session_desk import LAST_STOP_S
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingSample,
    Blocked,
    CommissionWhy,
    Idle,
    Recording,
    Resting,
    Verdict,
    Voided,
    Voiding,
    WaitingForScanner,
)
from tests.domain.session_desk import Desk, named, verdict
from tests.domain.session_samples import AT, ENROLLED, IMAGE, matched, voter

WORN = (ManualReason.WORN, DocumentSeen.ID_CARD, "asanov", "ismailova")
VOID = (VoidReason.PHOTO_MISMATCH, "asanov", "ismailova")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def asked(desk: Desk) -> AwaitingCommission:
    assert isinstance(desk.state, AwaitingCommission)
    return desk.state


def kinds(desk: Desk) -> list[type[Entry]]:
    return [type(entry) for entry in desk.book.entries]


def called_with_pin(desk: Desk, row: int = 4) -> None:
    desk.do(ev.CommissionCalled())
    desk.do(ev.PinEntered("1" * 14))
    desk.do(ev.PinFound(desk.ticket, row, fingers=ENROLLED))
    desk.read_record()
    assert asked(desk).voter == voter(row)


def worn_out(desk: Desk, row: int = 4) -> None:
    named(desk, row)
    for _ in range(4):
        desk.finger((row, 1.0))
    assert asked(desk).why is CommissionWhy.TRIES


def test_confirmed_after_all_tries(desk: Desk) -> None:
    worn_out(desk)
    desk.do(ev.CommissionConfirmed(desk.ticket, *WORN))
    shown = verdict(desk)
    assert shown.voter == voter(4)
    assert shown.outcome.outcome is OutcomeKind.IDENTIFIED
    assert shown.outcome.method is Method.COMMISSION
    assert shown.outcome.tries == 4
    assert shown.outcome.evidence_milli is None, "the machine has not decided"
    decision, outcome = desk.book.entries[-2:]
    assert decision == CommissionDecision(1, Decision.CONFIRMED, *WORN)
    assert outcome == shown.outcome


def test_refused_goes_to_the_next_person_and_names_nobody(desk: Desk) -> None:
    worn_out(desk)
    desk.do(ev.CommissionRefused(desk.ticket, *WORN))
    assert isinstance(desk.state, Idle)
    decision, outcome = desk.book.entries[-2:]
    assert decision == CommissionDecision(1, Decision.REFUSED, *WORN)
    assert isinstance(outcome, Outcome)
    assert (outcome.outcome, outcome.reason) == (OutcomeKind.REFUSED, "commission")
    assert outcome.voter_id is None


def test_a_person_without_a_document_can_only_be_refused(desk: Desk) -> None:
    desk.do(ev.CommissionCalled())
    before = desk.state
    assert desk.do(ev.CommissionConfirmed(desk.ticket, *WORN)) is before
    desk.do(ev.CommissionRefused(desk.ticket, *WORN))
    assert desk.outcomes()[0].outcome is OutcomeKind.REFUSED


def test_called_between_sessions_it_begins_one(desk: Desk) -> None:
    called_with_pin(desk)
    assert kinds(desk) == [SessionStarted]
    desk.do(ev.CommissionConfirmed(desk.ticket, *WORN))
    assert verdict(desk).outcome.tries == 0
    assert kinds(desk) == [SessionStarted, CommissionDecision, Outcome]


def test_called_during_a_session_it_keeps_the_tries_and_the_document(desk: Desk) -> None:
    named(desk, 4)
    desk.finger((4, 1.0))
    desk.do(ev.CommissionCalled())
    desk.read_record()
    assert asked(desk).voter == voter(4)
    assert asked(desk).session.tries == 1


def test_the_image_under_examination_is_finished_first(desk: Desk) -> None:
    desk.do(ev.Captured(desk.ticket, IMAGE))
    before = desk.state
    assert desk.do(ev.CommissionCalled()) is before


def test_an_unknown_pin_ends_it(desk: Desk) -> None:
    desk.do(ev.CommissionCalled())
    desk.do(ev.PinEntered("2" * 14))
    desk.do(ev.PinUnknown(desk.ticket))
    assert verdict(desk).outcome.reason == "pin_unknown"
    assert verdict(desk).outcome.method is Method.PIN


def test_a_voter_once_named_is_not_changed(desk: Desk) -> None:
    called_with_pin(desk)
    before = desk.state
    for event in (ev.PinEntered("3" * 14), ev.PinFound(desk.ticket, 9, fingers=ENROLLED)):
        assert desk.do(event) is before


def test_an_agreement_counts_only_for_the_state_that_asked(desk: Desk) -> None:
    desk.do(ev.CommissionCalled())
    late = ev.CommissionRefused(desk.ticket, *WORN)
    desk.do(ev.Cancelled())
    called_with_pin(desk)
    before = desk.state
    assert desk.do(late) is before


@pytest.mark.parametrize(
    ("why", "outcome", "reason"),
    [
        (CommissionWhy.TRIES, OutcomeKind.UNREADABLE, "no_match"),
        (CommissionWhy.OTHER_VOTER, OutcomeKind.REFUSED, "other_voter"),
        (CommissionWhy.MARKED, OutcomeKind.REFUSED, "marked"),
        (CommissionWhy.CALLED, OutcomeKind.ABANDONED, "cancelled"),
    ],
)
def test_gone_back_from_it_ends_as_the_machine_had_it(
    desk: Desk, why: CommissionWhy, outcome: OutcomeKind, reason: str
) -> None:
    if why is CommissionWhy.TRIES:
        worn_out(desk)
    elif why is CommissionWhy.OTHER_VOTER:
        named(desk, 4)
        desk.finger((9, 12.0), (4, 1.0))
    elif why is CommissionWhy.MARKED:
        desk.marked.add(9)
        desk.finger((9, 12.0))
    else:
        called_with_pin(desk)
    assert asked(desk).why is why
    desk.do(ev.Cancelled())
    (ended,) = desk.outcomes()
    assert (ended.outcome, ended.reason) == (outcome, reason)
    assert CommissionDecision not in kinds(desk)


def test_identified_before_it_is_stopped(desk: Desk) -> None:
    desk.finger((4, 12.0))
    desk.do(ev.NextPressed())
    called_with_pin(desk)
    desk.do(ev.CommissionConfirmed(desk.ticket, *WORN))
    shown = verdict(desk)
    assert shown.outcome.outcome is OutcomeKind.ALREADY_IDENTIFIED
    assert shown.outcome.method is Method.COMMISSION
    assert shown.voter == voter(4)
    assert shown.first_at is not None


def test_a_full_disk_loses_neither_decision_nor_outcome(desk: Desk) -> None:
    called_with_pin(desk)
    desk.book.full = True
    desk.do(ev.CommissionConfirmed(desk.ticket, *WORN))
    assert isinstance(desk.state, Blocked)
    assert [type(entry) for entry in desk.state.unwritten] == [CommissionDecision]
    assert isinstance(desk.state.pending, Recording)
    desk.book.full = False
    desk.do(ev.RetryPressed())
    assert kinds(desk) == [SessionStarted, CommissionDecision, Outcome]
    assert verdict(desk).voter == voter(4)


def test_a_try_that_was_not_written_leaves_what_the_machine_had_come_to(desk: Desk) -> None:
    worn_out(desk)
    tried = next(one for one in reversed(desk.book.entries) if isinstance(one, FingerTry))
    desk.do(ev.AppendFailed(tried, "disk_full"))
    assert isinstance(desk.state, Blocked)
    assert isinstance(desk.state.pending, Recording)
    assert desk.state.pending.outcome.outcome is OutcomeKind.UNREADABLE


def test_with_a_dead_scanner_people_are_still_decided_about(desk: Desk) -> None:
    desk.do(ev.ScannerLost(desk.ticket))
    called_with_pin(desk)
    desk.do(ev.CommissionConfirmed(desk.ticket, *WORN))
    shown = verdict(desk)
    assert not any(isinstance(one, ev.AwaitFingerOff) for one in desk.asked)
    desk.do(ev.TimeOver(shown.ticket))
    assert isinstance(desk.state, WaitingForScanner)
    assert desk.asked[-1] == ev.ReopenScanner(desk.ticket)
    assert kinds(desk).count(DeviceLost) == 1, "it went away once"
    desk.do(ev.ScannerReturned(desk.ticket))
    assert isinstance(desk.state, Idle)
    assert desk.state.next_session == 2
    assert kinds(desk)[-1] is DeviceReturned


def test_a_session_that_waits_for_the_scanner_may_go_to_the_commission(desk: Desk) -> None:
    named(desk, 4)
    desk.do(ev.ScannerLost(desk.ticket))
    late = ev.TimeOver(desk.ticket)
    desk.do(ev.CommissionCalled())
    before = desk.read_record()
    assert asked(desk).voter == voter(4)
    assert desk.do(late) is before
    desk.do(ev.Cancelled())
    assert isinstance(desk.state, WaitingForScanner)
    assert desk.state.session is None


# --- the photo differs ------------------------------------------------------------------


def test_a_wrong_photo_makes_it_void_and_the_voter_may_come_again(desk: Desk) -> None:
    desk.finger((4, 12.0))
    entry = verdict(desk).entry
    desk.do(ev.CommissionCalled())
    desk.do(ev.VoidConfirmed(desk.ticket, *VOID))
    assert isinstance(desk.state, Voided)
    void = desk.book.entries[-1]
    assert void == OutcomeVoided(entry, voter(4).voter_id, 5, *VOID)
    desk.do(ev.NextPressed())
    assert isinstance(desk.state, Idle)
    assert desk.state.next_session == 2


def test_the_verdict_stays_while_the_photo_is_looked_at(desk: Desk) -> None:
    desk.finger((4, 12.0))
    desk.do(ev.CommissionCalled())
    desk.do(ev.TimeOver(desk.ticket))
    desk.do(ev.FingerLifted(desk.ticket))
    desk.do(ev.NextPressed())
    assert isinstance(desk.state, Verdict)
    desk.do(ev.Cancelled())
    assert isinstance(desk.state, Idle), "it would have closed by now"
    assert OutcomeVoided not in kinds(desk)


def test_gone_back_the_agreement_counts_no_more(desk: Desk) -> None:
    desk.finger((4, 12.0))
    desk.do(ev.CommissionCalled())
    desk.do(ev.Cancelled())
    before = desk.state
    assert desk.do(ev.VoidConfirmed(desk.ticket, *VOID)) is before


def test_a_verdict_of_nobody_has_nothing_to_look_at(desk: Desk) -> None:
    desk.do(ev.PinEntered("2" * 14))
    desk.do(ev.PinUnknown(desk.ticket))
    before = desk.state
    assert isinstance(before, Verdict)
    assert desk.do(ev.CommissionCalled()) is before


def stopped(desk: Desk) -> Verdict:
    """Voter 4 comes a second time."""
    desk.finger((4, 12.0))
    desk.do(ev.NextPressed())
    desk.finger((4, 12.0))
    assert isinstance(desk.state, Verdict)
    assert desk.state.is_stop
    return desk.state


FOUND = StopFinding.OTHER_PERSON, "asanov", "ismailova"


def test_what_two_found_about_a_stop_is_written_and_identifies_nobody(desk: Desk) -> None:
    stop = stopped(desk)
    agreed = ev.StopAgreed(desk.ticket, *FOUND)
    assert desk.do(agreed) is stop, "nobody was called"
    desk.do(ev.CommissionCalled())
    assert desk.do(ev.NextPressed()) is desk.state, "Enter does not pass two persons by"
    desk.do(ev.StopAgreed(desk.ticket, *FOUND))
    assert desk.book.entries[-1] == StopDecided(stop.entry, *FOUND)
    shown = desk.state
    assert isinstance(shown, Verdict)
    assert (shown.found, shown.held) == (StopFinding.OTHER_PERSON, False)
    assert desk.do(ev.CommissionCalled()) is shown, "once is enough"
    assert len(desk.book.accepted) == 1
    after = desk.do(ev.NextPressed())
    assert isinstance(after, Idle)
    assert after.last_stop is None


def test_the_last_stop_is_looked_at_again_from_ready_without_the_record(desk: Desk) -> None:
    stop = stopped(desk)
    ready = desk.do(ev.NextPressed())
    assert isinstance(ready, Idle)
    assert ready.last_stop is not None
    assert desk.asked[-1] == ev.StartTimer(ready.ticket, LAST_STOP_S)
    again = desk.do(ev.CommissionCalled())
    assert isinstance(again, Verdict)
    assert (again.entry, again.outcome, again.voter) == (stop.entry, stop.outcome, None)
    desk.do(ev.CommissionCalled())
    desk.do(ev.StopAgreed(desk.ticket, *FOUND))
    assert kinds(desk).count(StopDecided) == 1
    after = desk.do(ev.NextPressed())
    assert isinstance(after, Idle)
    assert after.next_session == ready.next_session


@pytest.mark.parametrize("how", ["time", "session", "closed"])
def test_the_last_stop_is_forgotten(desk: Desk, how: str) -> None:
    stopped(desk)
    desk.do(ev.NextPressed())
    if how == "time":
        desk.do(ev.TimeOver(desk.ticket))
    elif how == "session":
        desk.finger((5, 12.0))
        desk.do(ev.NextPressed())
    else:
        desk.do(ev.CommissionCalled())
        desk.do(ev.NextPressed())
    assert isinstance(desk.state, Idle)
    assert desk.state.last_stop is None
    assert isinstance(desk.do(ev.CommissionCalled()), AwaitingCommission)


def test_the_commission_in_its_room_finds_the_last_stop_again(desk: Desk) -> None:
    stopped(desk)
    desk.do(ev.NextPressed())
    desk.do(ev.DayChanged(DayState.PAUSED))
    ready = desk.do(ev.DayChanged(DayState.OPEN))
    assert isinstance(ready, Idle)
    assert ready.last_stop is not None
    assert desk.asked[-1] == ev.StartTimer(ready.ticket, LAST_STOP_S)
    desk.do(ev.DayChanged(DayState.CLOSED))
    reopened = desk.do(ev.DayChanged(DayState.OPEN))
    assert isinstance(reopened, Idle)
    assert reopened.last_stop is None


def test_a_capture_that_failed_between_keeps_the_last_stop_for_its_time(desk: Desk) -> None:
    stopped(desk)
    desk.do(ev.NextPressed())
    desk.do(ev.CaptureFailed(desk.ticket, RetryReason.LIFTED_EARLY))
    assert isinstance(desk.state, Idle)
    assert desk.state.last_stop is not None
    assert desk.asked[-1] == ev.StartTimer(desk.ticket, LAST_STOP_S)


def test_what_was_found_is_owed_through_a_full_disk(desk: Desk) -> None:
    stopped(desk)
    desk.do(ev.CommissionCalled())
    desk.book.full = True
    desk.do(ev.StopAgreed(desk.ticket, *FOUND))
    assert isinstance(desk.state, Blocked)
    desk.book.full = False
    desk.do(ev.RetryPressed())
    assert isinstance(desk.state, Verdict)
    assert desk.state.found is StopFinding.OTHER_PERSON
    assert kinds(desk).count(StopDecided) == 1


def test_a_void_that_could_not_be_written_is_written_later(desk: Desk) -> None:
    desk.finger((4, 12.0))
    desk.do(ev.CommissionCalled())
    desk.book.full = True
    desk.do(ev.VoidConfirmed(desk.ticket, *VOID))
    assert isinstance(desk.state, Blocked)
    assert isinstance(desk.state.pending, Voiding)
    assert desk.state.unwritten == ()
    desk.book.full = False
    desk.do(ev.RetryPressed())
    assert isinstance(desk.state, Voided)
    assert kinds(desk).count(OutcomeVoided) == 1


# --- the day ----------------------------------------------------------------------------


@pytest.mark.parametrize("day", [DayState.BEFORE, DayState.PAUSED, DayState.CLOSED])
def test_a_day_that_is_not_open_begins_at_rest(day: DayState) -> None:
    desk = Desk(day)
    assert isinstance(desk.state, Resting)
    assert desk.state.why is day
    before = desk.state
    for event in (
        ev.PinEntered("1" * 14),
        ev.CommissionCalled(),
        ev.Captured(desk.ticket, IMAGE),
        matched(desk.ticket, (4, 12.0)),
        ev.DayChanged(day),
    ):
        assert desk.do(event) is before
    assert not desk.book.entries
    desk.do(ev.DayChanged(DayState.OPEN))
    assert isinstance(desk.state, Idle)
    assert desk.asked[-1] == ev.ArmScanner(desk.ticket)


def test_no_news_of_an_open_day_changes_nothing(desk: Desk) -> None:
    before = desk.state
    assert desk.do(ev.DayChanged(DayState.OPEN)) is before


def test_a_late_fault_does_not_end_the_rest(desk: Desk) -> None:
    late = DeviceReturned(None, "finger_scanner")
    desk.do(ev.DayChanged(DayState.PAUSED))
    desk.do(ev.AppendFailed(late, "disk_full"))
    assert isinstance(desk.state, Blocked)
    desk.do(ev.DayChanged(DayState.CLOSED))
    desk.do(ev.RetryPressed())
    assert isinstance(desk.state, Resting)
    assert desk.state.why is DayState.CLOSED
    assert desk.book.entries == [late]


def test_an_open_session_hears_nothing_of_the_day(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    before = desk.state
    assert isinstance(before, AwaitingSample)
    assert desk.do(ev.DayChanged(DayState.CLOSED)) is before
    assert desk.do(ev.EntryWritten(desk.ticket, Appended(1, AT))) is before


def test_a_marked_voter_passes_by_no_finger_and_no_pin(desk: Desk) -> None:
    """Somebody with this finger may have been identified under another id (ADR 0023)."""
    desk.marked.add(4)
    named(desk, 4)
    desk.finger((4, 12.0))
    assert asked(desk).why is CommissionWhy.MARKED
    assert desk.outcomes() == []
    desk.read_record()
    desk.do(ev.CommissionConfirmed(desk.ticket, *WORN))
    (ended,) = desk.outcomes()
    assert (ended.outcome, ended.method) == (OutcomeKind.IDENTIFIED, Method.COMMISSION)


def test_a_marked_voter_named_to_the_commission_is_told_as_such(desk: Desk) -> None:
    desk.marked.add(4)
    called_with_pin(desk)
    assert asked(desk).is_marked
    assert asked(desk).why is CommissionWhy.CALLED
