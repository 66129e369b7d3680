"""Arbitrary event orders: whatever happens in whatever order, the promises hold."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from station_app.domain import session_events as ev
from station_app.domain.appends import Appended
from station_app.domain.day import DayState
from station_app.domain.entries import (
    CommissionDecision,
    DeviceLost,
    DeviceReturned,
    Entry,
    FaceCompared,
    FaceTry,
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
    StopFinding,
    VoidReason,
)
from station_app.domain.errors import KnownError
from station_app.domain.fingers import EVERY_FINGER, FingerPosition
from station_app.domain.liveness import FaceFailure
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FaceImage, FaceShots, RetryReason, position_of
from station_app.domain.session import begin, step
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    Blocked,
    DecidingStop,
    Idle,
    Recording,
    Resting,
    Verdict,
    Voided,
    WaitingForScanner,
)
from tests.domain.session_samples import ENROLLED, IMAGE, Book, matched, voter

rows = st.integers(0, 3)
fingers = st.sampled_from(EVERY_FINGER)
ALL = frozenset(EVERY_FINGER)
ages = st.integers(0, 4)
SHOTS = FaceShots((FaceImage(b"\0" * 12, 2, 2),))
SIGNED = (ManualReason.WORN, DocumentSeen.PASSPORT, "asanov", "ismailova")


class AnyOrder(RuleBasedStateMachine):
    """Events with current and stale tickets, and a journal that answers late or fails."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()
        self.queue: list[ev.Append | ev.ResumeJournal] = []
        self.failed: KnownError | None = None
        self.shown: list[Verdict | Voided] = []
        self.day = DayState.OPEN
        self.camera_is_on = False
        self.state, effects = begin(1, PROVISIONAL)
        self._take(effects)

    def _do(self, event: ev.Event) -> None:
        self.state, effects = step(self.state, event, PROVISIONAL)
        self._take(effects)
        if isinstance(self.state, Verdict | Voided):
            self.shown.append(self.state)

    def _take(self, effects: tuple[ev.Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, ev.ArmCamera | ev.StopCamera):
                self.camera_is_on = isinstance(effect, ev.ArmCamera)
        self.queue += [e for e in effects if isinstance(e, ev.Append | ev.ResumeJournal)]

    def _answer_one(self) -> None:
        effect = self.queue.pop(0)
        if isinstance(effect, ev.ResumeJournal):
            self.failed = None
            self._do(ev.JournalResumed(effect.ticket))
            return
        try:
            if self.failed is not None:
                raise self.failed
            answer = self.book.append(effect.entry)
        except KnownError as fault:
            self.failed = fault
            self._do(ev.AppendFailed(effect.entry, fault.code))
            return
        if effect.ticket is None:
            return
        if isinstance(answer, Appended):
            self._do(ev.EntryWritten(effect.ticket, answer))
        else:
            self._do(ev.EntryRefused(effect.ticket, answer))

    @precondition(lambda self: self.queue)
    @rule()
    def journal_answers(self) -> None:
        self._answer_one()

    @rule(full=st.booleans())
    def disk(self, full: bool) -> None:
        self.book.full = full

    @rule(age=ages, row=rows, evidence=st.floats(0, 15), quality=st.sampled_from([3, 80]))
    def matching_answers(self, age: int, row: int, evidence: float, quality: int) -> None:
        self._do(matched(self.state.ticket - age, (row, evidence), quality=quality))

    @rule(age=ages, row=rows)
    def record_is_read(self, age: int, row: int) -> None:
        self._do(ev.VoterRead(self.state.ticket - age, voter(row)))

    @rule(age=ages, which=st.integers(0, 10), row=rows)
    def device_answers(self, age: int, which: int, row: int) -> None:
        ticket = self.state.ticket - age
        answers: list[ev.Event] = [
            ev.FingerTouched(ticket),
            ev.Captured(ticket, IMAGE),
            ev.CaptureFailed(ticket, RetryReason.LIFTED_EARLY),
            ev.ScannerLost(ticket),
            ev.ScannerReturned(ticket),
            ev.FingerLifted(ticket),
            ev.PinFound(ticket, row, fingers=ENROLLED),
            ev.PinUnknown(ticket),
            ev.TimeOver(ticket),
            ev.PartFailed(ticket, "device_fault"),
            ev.PinFound(ticket, row, has_face=True, is_exempt=True, fingers=ENROLLED),
        ]
        self._do(answers[which])

    @rule(age=ages, which=st.integers(0, 3), why=st.sampled_from(FaceFailure))
    def camera_answers(self, age: int, which: int, why: FaceFailure) -> None:
        ticket = self.state.ticket - age
        answers: list[ev.Event] = [
            ev.FaceLive(ticket, SHOTS, "left right left"),
            ev.FaceFailed(ticket, why, "left right left"),
            ev.CameraLost(ticket, "camera_lost"),
            ev.CameraReturned(ticket),
        ]
        self._do(answers[which])

    @rule(row=rows, evidence=st.floats(0, 15), answers=st.sampled_from([None, True, False]))
    def face_is_compared(self, row: int, evidence: float, answers: bool | None) -> None:
        """All the way, where single rules seldom get."""
        if isinstance(self.state, AwaitingFace):
            self._do(ev.VoterRead(self.state.ticket, voter(self.state.session.named_row or 0)))
            self._do(ev.FaceLive(self.state.ticket, SHOTS, "left right left"))
            if answers is not None:
                self._do(ev.FaceAnswered(same=answers))
            self._do(matched(self.state.ticket, (row, evidence)))

    @rule(age=ages, writes=st.booleans())
    def commission_looks_at_a_stop(self, age: int, writes: bool) -> None:
        """All the way, also to the last one from Ready."""
        stopped = isinstance(self.state, Verdict) and self.state.is_stop
        if stopped or (isinstance(self.state, Idle) and self.state.last_stop is not None):
            self._do(ev.CommissionCalled())
            if isinstance(self.state, Verdict) and not self.state.held:
                self._do(ev.CommissionCalled())
        agreed = ev.StopAgreed(
            self.state.ticket - age, StopFinding.LIST_ERROR, "asanov", "ismailova"
        )
        self._do(agreed if writes else ev.Cancelled())

    @rule(age=ages, which=st.integers(0, 3), row=rows)
    def commission_agrees(self, age: int, which: int, row: int) -> None:
        ticket = self.state.ticket - age
        acts: list[ev.Event] = [
            ev.CommissionConfirmed(ticket, *SIGNED),
            ev.CommissionRefused(ticket, *SIGNED),
            ev.VoidConfirmed(ticket, VoidReason.PHOTO_MISMATCH, "asanov", "ismailova"),
            ev.CommissionConfirmed(ticket, *SIGNED, voter_id=f"V-{row}"),
        ]
        before = self.state
        self._do(acts[which])
        if which == 3 and isinstance(self.state, Recording) and self.state is not before:
            assert isinstance(before, AwaitingCommission)
            shown = [one.voter for one in before.proposed]
            assert self.state.voter in (*shown, before.voter), "nobody is chosen unseen"
        if which == 0 and isinstance(before, AwaitingCommission) and self.state is not before:
            assert before.voter is not None, "only a person who was looked up is confirmed"

    @precondition(lambda self: self._may_rest())
    @rule(day=st.sampled_from(DayState))
    def day_changes(self, day: DayState) -> None:
        self.day = day
        self._do(ev.DayChanged(day))
        assert isinstance(self.state, Blocked) or (
            isinstance(self.state, Resting) is (day is not DayState.OPEN)
        )

    def _may_rest(self) -> bool:
        state = self.state
        if isinstance(state, Blocked):
            return state.pending is None
        waits = isinstance(state, WaitingForScanner) and state.session is None
        return waits or isinstance(state, Idle | Resting)

    @rule(finger=fingers, missing=st.frozensets(fingers) | st.just(frozenset(EVERY_FINGER)))
    def fingers_are_marked(
        self, finger: FingerPosition, missing: frozenset[FingerPosition]
    ) -> None:
        self._do(ev.FingerChosen(finger, missing))

    @rule(age=ages, row=rows, has_face=st.booleans(), enrolled=st.lists(fingers, unique=True))
    def pin_is_found(
        self, age: int, row: int, has_face: bool, enrolled: list[FingerPosition]
    ) -> None:
        found = ev.PinFound(self.state.ticket - age, row, has_face, fingers=tuple(enrolled))
        self._do(found)

    @rule(which=st.integers(0, 9))
    def operator_does(self, which: int) -> None:
        keys: list[ev.Event] = [
            ev.PinEntered("1" * 14),
            ev.FingerChosen(FingerPosition.LEFT_RING),
            ev.Cancelled(),
            ev.NextPressed(),
            ev.RetryPressed(),
            ev.CommissionCalled(),
            ev.FaceCalled(),
            ev.FaceAnswered(same=True),
            ev.FaceAnswered(same=False),
            ev.TurnRefused(),
        ]
        self._do(keys[which])

    @invariant()
    def it_rests_while_the_day_is_not_open(self) -> None:
        assert self.day is DayState.OPEN or isinstance(self.state, Resting | Blocked)

    @invariant()
    def the_scanner_is_lost_and_returns_in_turn(self) -> None:
        told = [type(e) for e in self.book.entries if isinstance(e, DeviceLost | DeviceReturned)]
        assert told == [(DeviceLost, DeviceReturned)[i % 2] for i in range(len(told))]

    @invariant()
    def a_session_has_at_most_one_outcome(self) -> None:
        ended = [e.session for e in self.book.entries if isinstance(e, Outcome)]
        assert len(ended) == len(set(ended))

    @invariant()
    def a_session_starts_once_and_before_it_ends(self) -> None:
        started: set[int] = set()
        for entry in self.book.entries:
            if isinstance(entry, SessionStarted):
                assert entry.session not in started
                started.add(entry.session)
            elif isinstance(entry, Outcome):
                assert entry.session in started

    @invariant()
    def nothing_is_shown_that_is_not_in_the_journal(self) -> None:
        for shown in self.shown:
            if isinstance(shown, Verdict):
                assert self.book.entries[shown.entry - 1] == shown.outcome
            else:
                assert shown.void in self.book.entries
        self.shown.clear()

    @invariant()
    def the_commission_decides_before_it_is_said(self) -> None:
        decided: dict[int, Decision] = {}
        for entry in self.book.entries:
            if isinstance(entry, CommissionDecision):
                assert entry.session not in decided
                decided[entry.session] = entry.decision
            elif isinstance(entry, Outcome) and entry.session in decided:
                confirmed = decided[entry.session] is Decision.CONFIRMED
                named = entry.outcome in ("identified", "already_identified")
                assert confirmed is named
                assert entry.method is Method.COMMISSION
            elif isinstance(entry, Outcome):
                assert entry.method is not Method.COMMISSION

    @invariant()
    def a_face_identifies_where_both_say_so(self) -> None:
        agreed: set[int] = set()
        for entry in self.book.entries:
            if isinstance(entry, FaceCompared) and entry.operator_same and entry.machine_same:
                agreed.add(entry.session)
            elif isinstance(entry, Outcome) and "identified" in entry.outcome:
                assert entry.method is not Method.FACE or entry.session in agreed

    @invariant()
    def the_camera_looks_while_the_face_is_asked_for(self) -> None:
        assert self.camera_is_on == isinstance(self.state, AwaitingFace)

    @invariant()
    def a_session_has_so_many_face_tries(self) -> None:
        tried = Counter(e.session for e in self.book.entries if isinstance(e, FaceTry))
        assert all(count <= PROVISIONAL.face_tries for count in tried.values())

    @invariant()
    def a_stop_is_decided_once_and_after_it_was_written(self) -> None:
        decided: set[int] = set()
        for entry in self.book.entries:
            if isinstance(entry, StopDecided):
                assert entry.stopped not in decided
                decided.add(entry.stopped)
                stop = self.book.entries[entry.stopped - 1]
                assert isinstance(stop, Outcome)
                assert stop.outcome == "already_identified"

    @invariant()
    def a_finger_that_is_not_there_is_not_asked_for(self) -> None:
        if not isinstance(self.state, AwaitingSample) or self.state.session.missing == ALL:
            return
        session = self.state.session
        finger = position_of(session.asked)
        assert finger not in session.missing
        assert session.enrolled is None or finger in session.enrolled

    @invariant()
    def nobody_is_kept_who_was_stopped(self) -> None:
        last = self.state.last_stop if isinstance(self.state, Idle) else None
        assert last is None or last.voter is None
        if isinstance(self.state, DecidingStop):
            assert self.state.stop.is_stop

    @invariant()
    def nobody_is_identified_twice(self) -> None:
        standing: dict[str, int] = {}
        for number, entry in enumerate(self.book.entries, start=1):
            voter_id = _identified(entry)
            if voter_id is not None:
                assert voter_id not in standing
                standing[voter_id] = number
            elif isinstance(entry, OutcomeVoided):
                assert standing.pop(entry.voter_id) == entry.entry, "it voids what stands"

    def teardown(self) -> None:
        """In the end, with a mended disk, every session that started has its outcome."""
        self.book.full = False
        for _ in range(200):
            if self.queue:
                self._answer_one()
            elif isinstance(self.state, Blocked):
                self._do(ev.RetryPressed())
            else:
                break
        self._do(ev.Cancelled())
        while self.queue:
            self._answer_one()
        started = {e.session for e in self.book.entries if isinstance(e, SessionStarted)}
        ended = {e.session for e in self.book.entries if isinstance(e, Outcome)}
        assert started == ended


def _identified(entry: Entry) -> str | None:
    if isinstance(entry, Outcome) and entry.outcome == "identified":
        return entry.voter_id
    return None


AnyOrder.TestCase.settings = settings(max_examples=150, stateful_step_count=60)
TestAnyOrder = AnyOrder.TestCase
