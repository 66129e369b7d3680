"""From the session's state to what the desk shows; words and widgets begin after this."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from station_app.domain.appends import LoggedOutcome
from station_app.domain.captures import FingerImage
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.policy import Policy
from station_app.domain.session_states import (
    AwaitingFinger,
    Blocked,
    Idle,
    LookingUp,
    Matching,
    Recording,
    Reviewing,
    State,
    Verdict,
    WaitingForScanner,
)
from station_app.flow.tally import Tally
from station_app.ui.operator.views import (
    AlreadyView,
    BlockedView,
    BusyStage,
    BusyView,
    CaptureView,
    CommissionReason,
    CommissionView,
    DayView,
    IdentifiedView,
    LastOutcome,
    LastRow,
    NotOnListView,
    ReadyView,
    ScannerUnpluggedView,
    TryAgainView,
    View,
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
            case Idle(finger=finger):
                return ReadyView(finger, self.day(tally))
            case LookingUp():
                return BusyView(BusyStage.LOOKING_UP)
            case AwaitingFinger():
                return self._awaiting(state, last_image)
            case Matching() | Reviewing():
                return BusyView(BusyStage.MATCHING, state.session.finger)
            case Recording():
                return BusyView(BusyStage.RECORDING, can_cancel=False)
            case Verdict():
                return self._verdict(state)
            case WaitingForScanner():
                in_session = state.session is not None
                return ScannerUnpluggedView(self.day(tally), last_saved(tally), in_session)
            case Blocked(code=code):
                return BlockedView(code, self.day(tally), last_saved(tally))
            case _:
                assert_never(state)

    def day(self, tally: Tally) -> DayView:
        """The count and the last sessions."""
        return DayView(tally.identified, self._on_list, tuple(map(self._row, tally.last)))

    def clock(self, at: datetime) -> str:
        """A time (aware) as the station's clock shows it."""
        return f"{self._local(at):%H:%M}"

    def _row(self, logged: LoggedOutcome) -> LastRow:
        return LastRow(self.clock(logged.at), _LAST[logged.outcome], logged.list_number)

    def _awaiting(self, state: AwaitingFinger, last_image: FingerImage | None) -> View:
        session, tries = state.session, self._policy.tries
        if state.reason is None or state.touched:
            pin_found = session.named_row is not None
            return CaptureView(session.finger, session.tries + 1, tries, pin_found)
        return TryAgainView(session.finger, state.reason, session.tries + 1, tries, last_image)

    def _verdict(self, state: Verdict) -> View:
        kind = state.outcome.outcome
        if kind is OutcomeKind.IDENTIFIED and state.voter is not None:
            return IdentifiedView(VoterCard.of(state.voter))
        if kind is OutcomeKind.ALREADY_IDENTIFIED and state.voter and state.first_at:
            voter = state.voter
            return AlreadyView(
                self.clock(state.first_at), voter.list_number, voter.sex, voter.portrait
            )
        if kind is OutcomeKind.NOT_ON_LIST:
            return NotOnListView(pin_given=state.outcome.method is Method.PIN)
        return CommissionView(_REASONS.get(state.outcome.reason, CommissionReason.UNREADABLE))


def last_saved(tally: Tally) -> int | None:
    """The list number of the last voter identified here."""
    return next(
        (one.list_number for one in tally.last if one.outcome is OutcomeKind.IDENTIFIED), None
    )
