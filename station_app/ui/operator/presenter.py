"""From the session's state to what the desk shows; words and widgets begin after this."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import assert_never

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_report import Predecessor
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.policy import Policy
from station_app.domain.samples import FingerImage, position_of
from station_app.domain.session_capturing import tries_at_most
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingSample,
    Blocked,
    CommissionWhy,
    Idle,
    LookingUp,
    Matching,
    Recording,
    Resting,
    Reviewing,
    State,
    Verdict,
    Voided,
    Voiding,
    WaitingForScanner,
)
from station_app.flow.day_reading import Tally
from station_app.ui.operator.views import (
    AlreadyView,
    BlockedView,
    BusyStage,
    BusyView,
    CaptureView,
    CommissionReason,
    CommissionView,
    DayView,
    GapView,
    IdentifiedView,
    LastOutcome,
    LastRow,
    ManualShare,
    ManualView,
    MismatchView,
    NotOnListView,
    PersonStage,
    ReadyView,
    RestingView,
    ScannerUnpluggedView,
    TryAgainView,
    View,
    VoidedView,
    VoterCard,
)

_LAST = {
    OutcomeKind.IDENTIFIED: LastOutcome.IDENTIFIED,
    OutcomeKind.ALREADY_IDENTIFIED: LastOutcome.ALREADY,
    OutcomeKind.NOT_ON_LIST: LastOutcome.NOT_ON_LIST,
    OutcomeKind.UNREADABLE: LastOutcome.COMMISSION,
    OutcomeKind.REFUSED: LastOutcome.COMMISSION,
    OutcomeKind.ABANDONED: LastOutcome.CANCELLED,
    OutcomeKind.DEVICE_LOST: LastOutcome.CANCELLED,
    OutcomeKind.INTERRUPTED: LastOutcome.CANCELLED,
}

_REASONS = {
    "no_match": CommissionReason.NO_MATCH,
    "inadequate": CommissionReason.UNREADABLE,
    "other_voter": CommissionReason.OTHER_VOTER,
    "marked": CommissionReason.MARKED,
}


class Presenter:
    """Makes views; `local` turns UTC into the station's clock."""

    def __init__(self, policy: Policy, on_list: int, local: Callable[[datetime], datetime]) -> None:
        self._policy = policy
        self._on_list = on_list
        self._local = local

    def view(self, state: State, tally: Tally, last_image: FingerImage | None) -> View:
        """What to show in this state; `last_image` is the last one captured."""
        match state:
            case Idle(asked=asked):
                return ReadyView(position_of(asked), self.day(tally))
            case Resting(why=why):
                return RestingView(why, self.day(tally))
            case LookingUp():
                return BusyView(BusyStage.LOOKING_UP)
            case AwaitingSample():
                return self._awaiting(state, last_image)
            case Matching() | Reviewing():
                return BusyView(BusyStage.MATCHING, position_of(state.session.asked))
            case AwaitingCommission():
                return self._manual(state, tally)
            case Recording() | Voiding():
                return BusyView(BusyStage.RECORDING, can_cancel=False)
            case Verdict():
                return self._verdict(state)
            case Voided(void=void):
                return VoidedView(void.list_number, self.day(tally))
            case WaitingForScanner():
                in_session = state.session is not None
                return ScannerUnpluggedView(self.day(tally), last_saved(tally), in_session)
            case Blocked(code=code):
                has_unwritten = state.pending is not None or bool(state.unwritten)
                return BlockedView(code, self.day(tally), last_saved(tally), has_unwritten)
            case _:
                assert_never(state)

    def day(self, tally: Tally) -> DayView:
        """The count and the last sessions."""
        rows = tuple(self._row(one, one.number in tally.voided) for one in tally.last)
        return DayView(tally.identified, self._on_list, rows)

    def clock(self, at: datetime) -> str:
        """A time (aware) as the station's clock shows it."""
        return f"{self._local(at):%H:%M}"

    def _row(self, logged: LoggedOutcome, is_void: bool) -> LastRow:
        outcome = _LAST[logged.outcome]
        if is_void:
            outcome = LastOutcome.VOID
        elif logged.outcome is OutcomeKind.REFUSED and logged.method is Method.COMMISSION:
            outcome = LastOutcome.REFUSED
        return LastRow(self.clock(logged.at), outcome, logged.list_number)

    def _manual(self, state: AwaitingCommission, tally: Tally) -> View:
        session, voter = state.session, state.voter
        stage = PersonStage.KNOWN if voter else PersonStage.ASK_PIN
        if voter is None and (state.looks_up or session.named_row is not None):
            stage = PersonStage.LOOKING_UP
        share = ManualShare(
            tally.by_commission, tally.identified, self._policy.manual_alarm_percent
        )
        return ManualView(
            state.ticket,
            session.number,
            _why(state),
            stage,
            VoterCard.of(voter) if voter else None,
            session.tries,
            share,
        )

    def _awaiting(self, state: AwaitingSample, last_image: FingerImage | None) -> View:
        session = state.session
        tries = tries_at_most(session, self._policy)
        if state.reason is None or state.touched:
            pin_found = session.named_row is not None
            return CaptureView(position_of(session.asked), session.tries + 1, tries, pin_found)
        seen = state.hint or state.reason
        return TryAgainView(
            position_of(session.asked), state.reason, session.tries + 1, tries, last_image, seen
        )

    def _verdict(self, state: Verdict) -> View:
        kind = state.outcome.outcome
        if kind is OutcomeKind.IDENTIFIED and state.voter is not None:
            voter_card = VoterCard.of(state.voter)
            by_commission = state.outcome.method is Method.COMMISSION
            if state.held:
                return MismatchView(state.ticket, voter_card, by_commission)
            return IdentifiedView(voter_card, by_commission)
        if kind is OutcomeKind.ALREADY_IDENTIFIED and state.voter and state.first_at:
            voter = state.voter
            return AlreadyView(
                self.clock(state.first_at), voter.list_number, voter.sex, voter.portrait
            )
        if kind is OutcomeKind.NOT_ON_LIST:
            return NotOnListView(pin_given=state.outcome.method is Method.PIN)
        return CommissionView(_REASONS.get(state.outcome.reason, CommissionReason.UNREADABLE))


def _why(state: AwaitingCommission) -> CommissionReason:
    if state.is_marked:
        return CommissionReason.MARKED
    match state.why:
        case CommissionWhy.MARKED:
            return CommissionReason.MARKED
        case CommissionWhy.OTHER_VOTER:
            return CommissionReason.OTHER_VOTER
        case CommissionWhy.CALLED:
            return CommissionReason.CALLED
        case CommissionWhy.TRIES:
            some = bool(state.session.compared)
            return CommissionReason.NO_MATCH if some else CommissionReason.UNREADABLE
        case _:
            assert_never(state.why)


def gap_view(
    predecessors: Sequence[Predecessor], clock: Callable[[datetime], str]
) -> GapView | None:
    """The newest station taken over whose entries are not all here; `clock` writes a time."""
    found = next((one for one in predecessors if one.needs_paper_list), None)
    if found is None:
        return None
    return GapView(found.station, "" if found.seen_until is None else clock(found.seen_until))


def last_saved(tally: Tally) -> int | None:
    """The list number of the last voter identified here."""
    return next(
        (one.list_number for one in tally.last if one.outcome is OutcomeKind.IDENTIFIED),
        None,
    )
