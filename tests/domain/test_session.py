"""The session machine, told as what happens at the desk."""

from dataclasses import replace
from typing import get_args

import pytest

from station_app.domain import session_events as ev
from station_app.domain.appends import AlreadyAccepted
from station_app.domain.entries import FingerTry, Outcome, SessionStarted
from station_app.domain.entry_codes import (
    BallotPlace,
    DocumentSeen,
    ManualReason,
    Method,
    OutcomeKind,
)
from station_app.domain.fingers import FingerPosition
from station_app.domain.fusion import combine
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Finger, RetryReason, position_of
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingSample,
    Blocked,
    Idle,
    Verdict,
    WaitingForScanner,
)
from tests.domain.session_desk import Desk, named, verdict
from tests.domain.session_samples import AT, IMAGE, matched, voter


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_finger_becomes_an_entry_and_then_a_verdict(desk: Desk) -> None:
    desk.finger((4, 12.0))
    shown = verdict(desk)
    assert shown.outcome.outcome is OutcomeKind.IDENTIFIED
    assert shown.voter == voter(4)
    assert desk.book.entries[shown.entry - 1] == shown.outcome
    kinds = [type(entry) for entry in desk.book.entries]
    assert kinds == [SessionStarted, FingerTry, Outcome]


def test_identified_closes_by_itself_after_the_finger_is_off_and_the_time_over(
    desk: Desk,
) -> None:
    desk.finger((4, 12.0))
    desk.do(ev.FingerLifted(desk.ticket))
    assert isinstance(desk.state, Verdict)
    desk.do(ev.TimeOver(desk.ticket))
    assert isinstance(desk.state, Idle)
    assert desk.state.next_session == 2


def test_a_second_identification_is_stopped(desk: Desk) -> None:
    desk.finger((4, 12.0))
    desk.do(ev.NextPressed())
    desk.finger((4, 12.0))
    shown = verdict(desk)
    assert shown.outcome.outcome is OutcomeKind.ALREADY_IDENTIFIED
    assert shown.first_at is not None
    assert shown.outcome.first_entry == 3
    desk.do(ev.FingerLifted(desk.ticket))
    desk.do(ev.TimeOver(desk.ticket))
    assert isinstance(desk.state, Verdict), "STOP never leaves by itself"
    desk.do(ev.NextPressed())
    assert isinstance(desk.state, Idle)


def test_a_ballot_taken_to_the_voter_is_stopped_with_its_place(desk: Desk) -> None:
    desk.book.settled[voter(4).voter_id] = AlreadyAccepted(1, AT, BallotPlace.HOME)
    desk.finger((4, 12.0))
    shown = verdict(desk)
    assert shown.outcome.outcome is OutcomeKind.ALREADY_IDENTIFIED
    assert (shown.outcome.reason, shown.outcome.first_entry) == ("issued_elsewhere", 1)
    assert (shown.place, shown.first_at, shown.voter) == (BallotPlace.HOME, AT, voter(4))


@pytest.mark.parametrize("by_commission", [False, True])
def test_a_voter_struck_off_is_led_to_the_commission(desk: Desk, by_commission: bool) -> None:
    desk.book.settled[voter(4).voter_id] = AlreadyAccepted(1, AT, is_struck_off=True)
    if by_commission:
        named(desk, 4)
        desk.do(ev.CommissionCalled())
        desk.read_record()
        reason, seen = ManualReason.WORN, DocumentSeen.PASSPORT
        desk.do(ev.CommissionConfirmed(desk.ticket, reason, seen, "o1", "m1"))
    else:
        desk.finger((4, 12.0))
    shown = verdict(desk)
    assert (shown.outcome.outcome, shown.outcome.reason) == (OutcomeKind.REFUSED, "struck_off")
    assert (shown.outcome.voter_id, shown.voter) == (None, None)
    assert [one.outcome for one in desk.outcomes()] == [OutcomeKind.REFUSED]


def test_a_stranger_is_asked_for_another_finger_once(desk: Desk) -> None:
    desk.finger((4, 2.0))
    assert isinstance(desk.state, AwaitingSample)
    assert desk.state.reason is RetryReason.NO_MATCH
    assert desk.state.session.asked == Finger(FingerPosition.LEFT_INDEX)
    desk.finger((9, 1.0))
    shown = verdict(desk)
    assert shown.outcome.outcome is OutcomeKind.NOT_ON_LIST
    assert shown.voter is None
    assert shown.outcome.voter_id is None


def test_two_fingers_that_each_fall_short_identify_together(desk: Desk) -> None:
    desk.finger((4, 5.5), (7, 2.0))
    assert isinstance(desk.state, AwaitingSample), "below the threshold: another finger"
    assert desk.state.reason is RetryReason.NO_MATCH
    assert desk.state.session.asked == Finger(FingerPosition.LEFT_INDEX)
    desk.finger((4, 5.0), (9, 2.0), met=FingerPosition.LEFT_INDEX)
    outcome = verdict(desk).outcome
    assert outcome.outcome is OutcomeKind.IDENTIFIED
    assert outcome.list_number == 5
    tried = [entry for entry in desk.book.entries if isinstance(entry, FingerTry)]
    assert [entry.best_evidence_milli for entry in tried] == [5500, 5000], "each by itself"
    assert outcome.evidence_milli == round(1000 * combine([5.5, 5.0]))
    assert outcome.threshold_milli == 6079, "and the threshold is the second try's"


def test_the_threshold_is_for_the_largest_gallery_and_every_engine_is_named(desk: Desk) -> None:
    desk.finger((4, 5.5))
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.Captured(desk.ticket, IMAGE))
    small = matched(desk.ticket, (4, 5.0), met=FingerPosition.LEFT_INDEX)
    desk.do(replace(small, seen=replace(small.seen, fingers_compared=3), engine="other/1"))
    desk.read_record()
    outcome = verdict(desk).outcome
    assert (outcome.threshold_milli, outcome.fingers_compared) == (6079, 600)
    assert outcome.engine == "test/1, other/1"


def test_one_finger_twice_is_not_two_fingers(desk: Desk) -> None:
    desk.finger((4, 5.5))
    desk.finger((4, 5.7))
    assert verdict(desk).outcome.outcome is OutcomeKind.NOT_ON_LIST


def test_two_voters_too_close_are_told_apart_by_another_finger(desk: Desk) -> None:
    desk.finger((4, 9.0), (7, 8.5))
    assert isinstance(desk.state, AwaitingSample)
    desk.finger((4, 8.0), (9, 1.0), met=FingerPosition.LEFT_INDEX)
    assert verdict(desk).outcome.list_number == 5


def test_a_poor_image_proves_nothing(desk: Desk) -> None:
    desk.finger((4, 12.0), quality=3)
    assert isinstance(desk.state, AwaitingSample)
    assert desk.state.session.compared == ()


def test_a_named_voters_tries_count_together(desk: Desk) -> None:
    named(desk, 4)
    desk.finger((4, 3.5))
    desk.finger((4, 3.0), met=FingerPosition.LEFT_INDEX)
    assert verdict(desk).outcome.outcome is OutcomeKind.IDENTIFIED


def test_bad_images_are_counted_and_keep_the_finger(desk: Desk) -> None:
    for _ in range(3):
        desk.finger(quality=3)
        assert isinstance(desk.state, AwaitingSample)
        assert desk.state.reason is RetryReason.TOO_DRY
        assert desk.state.session.asked == Finger(FingerPosition.RIGHT_INDEX)
    desk.finger(quality=3)
    assert isinstance(desk.state, AwaitingCommission)
    desk.do(ev.Cancelled())
    assert verdict(desk).outcome.outcome is OutcomeKind.UNREADABLE
    assert verdict(desk).outcome.reason == "inadequate"
    assert verdict(desk).outcome.tries == 4


def test_a_failed_capture_is_a_try(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.CaptureFailed(desk.ticket, RetryReason.LIFTED_EARLY))
    assert isinstance(desk.state, AwaitingSample)
    assert desk.state.session.tries == 1
    tried = desk.book.entries[-1]
    assert isinstance(tried, FingerTry)
    assert not tried.adequate


def test_a_touch_that_never_became_a_session_only_arms_again(desk: Desk) -> None:
    before = desk.ticket
    desk.do(ev.CaptureFailed(desk.ticket, RetryReason.LIFTED_EARLY))
    assert isinstance(desk.state, Idle)
    assert desk.ticket == before + 1
    assert not desk.book.entries


def test_a_named_voter_is_never_not_on_the_list(desk: Desk) -> None:
    named(desk, 4)
    for _ in range(4):
        desk.finger((4, 1.0))
    desk.do(ev.Cancelled())
    shown = verdict(desk)
    assert shown.outcome.outcome is OutcomeKind.UNREADABLE
    assert shown.outcome.reason == "no_match"


def test_a_named_voter_is_identified_one_to_one(desk: Desk) -> None:
    named(desk, 4)
    desk.finger((4, 4.5))
    assert verdict(desk).outcome.outcome is OutcomeKind.IDENTIFIED
    assert verdict(desk).outcome.threshold_milli == 4000


def test_another_voters_finger_shows_nothing_of_the_other(desk: Desk) -> None:
    named(desk, 4)
    desk.finger((9, 12.0), (4, 1.0))
    assert isinstance(desk.state, AwaitingCommission)
    assert desk.state.voter == voter(4), "the document's voter, not the finger's"
    desk.do(ev.Cancelled())
    shown = verdict(desk)
    assert shown.outcome.outcome is OutcomeKind.REFUSED
    assert shown.voter is None
    assert shown.outcome.voter_id is None


def test_an_unknown_pin_is_not_on_this_list(desk: Desk) -> None:
    desk.do(ev.PinEntered("2" * 14))
    desk.do(ev.PinUnknown(desk.ticket))
    assert verdict(desk).outcome.outcome is OutcomeKind.NOT_ON_LIST
    assert verdict(desk).outcome.method is Method.PIN
    assert "2" * 14 not in repr(desk.book.entries)


def test_a_late_answer_for_one_voter_never_reaches_the_next(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.Captured(desk.ticket, IMAGE))
    late = matched(desk.ticket, (4, 12.0))
    desk.do(ev.Cancelled())
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.Captured(desk.ticket, IMAGE))
    waiting = desk.state
    assert desk.do(late) is waiting, "A's answer must not become B's verdict"
    desk.do(matched(desk.ticket, (9, 12.0)))
    desk.do(ev.VoterRead(desk.ticket, voter(9)))
    assert verdict(desk).voter == voter(9)


def test_cancelled_ends_in_an_entry(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.Cancelled())
    assert isinstance(desk.state, Idle)
    assert [o.outcome for o in desk.outcomes()] == [OutcomeKind.ABANDONED]


def test_an_unplugged_scanner_is_waited_for_and_the_session_goes_on(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.ScannerLost(desk.ticket))
    assert isinstance(desk.state, WaitingForScanner)
    desk.do(ev.ScannerReturned(desk.ticket))
    assert isinstance(desk.state, AwaitingSample)
    desk.finger((4, 12.0))
    assert verdict(desk).outcome.session == 1


def test_a_scanner_that_stays_away_ends_the_session(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.ScannerLost(desk.ticket))
    desk.do(ev.TimeOver(desk.ticket))
    assert isinstance(desk.state, WaitingForScanner)
    assert desk.state.session is None
    assert [o.outcome for o in desk.outcomes()] == [OutcomeKind.DEVICE_LOST]
    desk.do(ev.Cancelled())
    desk.do(ev.TimeOver(desk.ticket))
    assert isinstance(desk.state, WaitingForScanner)
    desk.do(ev.ScannerReturned(desk.ticket))
    assert isinstance(desk.state, Idle)
    assert desk.state.next_session == 2


def test_cancelling_while_the_scanner_is_away(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.ScannerLost(desk.ticket))
    desk.do(ev.Cancelled())
    assert [o.outcome for o in desk.outcomes()] == [OutcomeKind.ABANDONED]


def test_a_full_disk_says_nothing_and_loses_nothing(desk: Desk) -> None:
    desk.book.full = True
    desk.do(ev.FingerTouched(desk.ticket))
    assert isinstance(desk.state, Blocked)
    assert desk.state.code == "disk_full"
    desk.do(ev.RetryPressed())
    assert isinstance(desk.state, Blocked), "still full"
    desk.book.full = False
    desk.do(ev.RetryPressed())
    assert isinstance(desk.state, Idle)
    kinds = [type(entry) for entry in desk.book.entries]
    assert kinds[0] is SessionStarted
    assert kinds[-1] is Outcome
    assert len(desk.outcomes()) == 1


def test_a_full_disk_at_the_outcome_shows_the_verdict_after_it_is_mended(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.Captured(desk.ticket, IMAGE))
    desk.do(matched(desk.ticket, (4, 12.0)))
    desk.book.full = True
    desk.do(ev.VoterRead(desk.ticket, voter(4)))
    assert isinstance(desk.state, Blocked)
    desk.book.full = False
    desk.do(ev.RetryPressed())
    assert verdict(desk).outcome.outcome is OutcomeKind.IDENTIFIED
    assert verdict(desk).voter == voter(4)


def test_a_broken_part_ends_the_session_in_an_entry(desk: Desk) -> None:
    desk.do(ev.FingerTouched(desk.ticket))
    desk.do(ev.Captured(desk.ticket, IMAGE))
    desk.do(ev.PartFailed(desk.ticket, "list_damaged"))
    assert isinstance(desk.state, Blocked)
    desk.do(ev.RetryPressed())
    assert [o.reason for o in desk.outcomes()] == ["station_fault"]


def test_a_chosen_finger_is_asked_for(desk: Desk) -> None:
    desk.do(ev.FingerChosen(FingerPosition.LEFT_THUMB))
    desk.do(ev.FingerTouched(desk.ticket))
    assert isinstance(desk.state, AwaitingSample)
    assert desk.state.session.asked == Finger(FingerPosition.LEFT_THUMB)
    desk.do(ev.FingerChosen(FingerPosition.LEFT_RING))
    desk.finger((4, 1.0))
    assert isinstance(desk.state, AwaitingSample)
    assert desk.state.session.asked == Finger(FingerPosition.RIGHT_INDEX), (
        "back into the policy's order"
    )


def test_fingers_are_asked_for_in_the_record_s_order() -> None:
    order = (
        FingerPosition.RIGHT_THUMB,
        FingerPosition.RIGHT_INDEX,
        FingerPosition.LEFT_THUMB,
        FingerPosition.LEFT_INDEX,
    )
    desk = Desk(policy=replace(PROVISIONAL, tries=6))
    named(desk, 4, order)
    asked = []
    for _ in range(5):
        assert isinstance(desk.state, AwaitingSample)
        asked.append(position_of(desk.state.session.asked))
        desk.finger((4, 0.1))
    assert tuple(asked) == (*order, order[0])


def test_every_event_is_named_once() -> None:
    assert len(set(get_args(ev.Event))) == 34
