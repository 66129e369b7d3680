"""A desk in memory that the session tests tell their stories on."""

from station_app.domain import session_events as ev
from station_app.domain.appends import Appended
from station_app.domain.day import DayState
from station_app.domain.entries import Outcome
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import PROVISIONAL, Policy
from station_app.domain.session import begin, step
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingSample,
    LookingUp,
    Matching,
    Reviewing,
    State,
    Verdict,
)
from tests.domain.session_samples import ENROLLED, IMAGE, Book, matched, voter


class Desk:
    """Drives `step` and keeps what was asked for; the journal answers at once."""

    def __init__(self, day: DayState = DayState.OPEN, policy: Policy = PROVISIONAL) -> None:
        self.book = Book()
        self.asked: list[ev.Effect] = []
        self.marked: set[int] = set()
        self._policy = policy
        self.state, effects = begin(1, policy, day)
        self._take(effects)

    def do(self, event: ev.Event) -> State:
        self.state, effects = step(self.state, event, self._policy)
        self._take(effects)
        return self.state

    def _take(self, effects: tuple[ev.Effect, ...]) -> None:
        for effect in effects:
            self.asked.append(effect)
            if isinstance(effect, ev.Append):
                self._append(effect)
            elif isinstance(effect, ev.ResumeJournal):
                self.do(ev.JournalResumed(effect.ticket))

    def _append(self, effect: ev.Append) -> None:
        try:
            answer = self.book.append(effect.entry)
        except KnownError as fault:
            self.do(ev.AppendFailed(effect.entry, fault.code))
            return
        if effect.ticket is None:
            return
        if isinstance(answer, Appended):
            self.do(ev.EntryWritten(effect.ticket, answer))
        else:
            self.do(ev.EntryRefused(effect.ticket, answer))

    @property
    def ticket(self) -> int:
        return self.state.ticket

    def finger(
        self,
        *evidence: tuple[int, float],
        quality: int = 80,
        met: FingerPosition = FingerPosition.RIGHT_INDEX,
    ) -> State:
        """A finger is laid down, captured and examined."""
        self.do(ev.FingerTouched(self.ticket))
        self.do(ev.Captured(self.ticket, IMAGE))
        assert isinstance(self.state, Matching)
        self.do(matched(self.ticket, *evidence, quality=quality, met=met))
        if isinstance(self.state, Reviewing | AwaitingCommission):
            self.read_record()
        return self.state

    def read_record(self) -> State:
        """The record last asked for is read."""
        if self.asked and isinstance(self.asked[-1], ev.ReadVoter):
            row = self.asked[-1].row
            self.do(ev.VoterRead(self.ticket, voter(row), row in self.marked))
        return self.state

    def outcomes(self) -> list[Outcome]:
        return [entry for entry in self.book.entries if isinstance(entry, Outcome)]


def verdict(desk: Desk) -> Verdict:
    assert isinstance(desk.state, Verdict)
    return desk.state


def named(desk: Desk, row: int, fingers: tuple[FingerPosition, ...] = ENROLLED) -> None:
    desk.do(ev.PinEntered("1" * 14))
    assert isinstance(desk.state, LookingUp)
    desk.do(ev.PinFound(desk.ticket, row, fingers=fingers))
    assert isinstance(desk.state, AwaitingSample)
