"""The runner: holds the session's state, hands effects to the lanes, brings answers back."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from station_app.devices.finger_scanner import StopToken
from station_app.domain import session_events as events
from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.captures import (
    CaptureResult,
    FingerImage,
    LiveFrame,
    Meters,
    Retry,
    Stopped,
)
from station_app.domain.entries import Entry, Outcome
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.matching import Examination
from station_app.domain.policy import Policy
from station_app.domain.session import begin, step
from station_app.flow.bridge import Bridge
from station_app.flow.kept_scanner import KeptScanner
from station_app.flow.lane import Fault
from station_app.flow.parts import Lanes, Observer, Parts, Times


class Runner:
    """Runs one desk. Made and used on the main thread; lanes never touch it."""

    def __init__(self, parts: Parts, lanes: Lanes, bridge: Bridge) -> None:
        self._main = threading.get_ident()
        self._parts = parts
        self._lanes = lanes
        self._bridge = bridge
        self._observers: list[Observer] = []
        self._scanner = KeptScanner(parts.scanner)
        self._scanner_stop = StopToken()
        self._journal_fault: KnownError | None = None
        self._broken = False
        self.tally = parts.tally
        self.times = Times()
        self.last_image: FingerImage | None = None
        self.last_entry: int | None = None
        self.state, self._first_effects = begin(parts.next_session, parts.policy)

    @property
    def policy(self) -> Policy:
        """The rules this desk runs by."""
        return self._parts.policy

    def observe(self, observer: Observer) -> None:
        """Tell `observer` of every change from now on."""
        self._observers.append(observer)

    def start(self) -> None:
        """Be ready for the first person."""
        self._tell_state()
        for effect in self._first_effects:
            self._start(effect)

    def stop(self) -> None:
        """Stop the scanner and wait for the lanes; what was asked of the journal is written."""
        self._broken = True
        self._scanner_stop.stop()
        self._lanes.scanner.call(self._scanner.close)
        self._lanes.close()

    def handle(self, event: events.Event) -> None:
        """Take one event, move on, and start what follows."""
        assert threading.get_ident() == self._main, "the main thread owns the state"
        if self._broken:
            return
        if isinstance(event, events.Captured) and event.ticket == self.state.ticket:
            self.last_image = event.image
        before = self.state
        self.state, effects = step(before, event, self._parts.policy)
        for effect in effects:
            self._start(effect)
        if self.state is not before:
            self._tell_state()

    def report_bug(self, bug: BaseException) -> None:
        """Our fault: stop here, never go on."""
        if self._broken:
            return
        self._broken = True
        self._scanner_stop.stop()
        for observer in self._observers:
            observer.broke(bug, self.last_entry)

    def _tell_state(self) -> None:
        for observer in self._observers:
            observer.state_changed(self.state)

    def _start(self, effect: events.Effect) -> None:
        match effect:
            case events.ArmScanner():
                self._arm(effect.ticket)
            case events.StopScanner():
                self._scanner_stop.stop()
            case events.AwaitFingerOff():
                self._await_finger_off(effect.ticket)
            case events.ReopenScanner():
                self._reopen(effect.ticket)
            case events.LookUpPin():
                self._look_up(effect)
            case events.Examine():
                self._examine(effect)
            case events.ReadVoter():
                self._read_voter(effect)
            case events.Append():
                self._append(effect)
            case events.ResumeJournal():
                resumed = events.JournalResumed(effect.ticket)
                self._lanes.journal.run(
                    self._resume_journal, lambda _: self.handle(resumed), self.report_bug
                )
            case events.StartTimer():
                over = events.TimeOver(effect.ticket)
                self._bridge.later(effect.seconds, lambda: self.handle(over))
            case _:
                assert_never(effect)

    # --- the scanner's lane ---

    def _new_stop(self) -> StopToken:
        self._scanner_stop.stop()
        self._scanner_stop = StopToken()
        return self._scanner_stop

    def _arm(self, ticket: int) -> None:
        stop = self._new_stop()
        assess = self._parts.assess

        def tell(frame: LiveFrame) -> None:
            meters = assess(frame.image)
            self._bridge.post(lambda: self._frame_came(ticket, frame, meters))

        def done(result: CaptureResult) -> None:
            match result:
                case FingerImage():
                    self.handle(events.Captured(ticket, result))
                case Retry(reason=reason):
                    self.handle(events.CaptureFailed(ticket, reason))
                case Stopped():
                    pass
                case _:
                    assert_never(result)

        self._lanes.scanner.run(
            lambda: self._scanner.capture(stop, tell),
            done,
            lambda fault: self._scanner_failed(ticket, fault),
        )

    def _frame_came(self, ticket: int, frame: LiveFrame, meters: Meters) -> None:
        if ticket != self.state.ticket or self._broken:
            return
        self.handle(events.FingerTouched(ticket))
        for observer in self._observers:
            observer.frame_came(frame, meters)

    def _await_finger_off(self, ticket: int) -> None:
        stop = self._new_stop()

        def done(lifted: bool) -> None:
            if lifted:
                self.handle(events.FingerLifted(ticket))

        self._lanes.scanner.run(
            lambda: self._scanner.wait_finger_off(stop),
            done,
            lambda fault: self._scanner_failed(ticket, fault),
        )

    def _reopen(self, ticket: int) -> None:
        stop = self._new_stop()

        def done(is_open: bool) -> None:
            if is_open:
                self.handle(events.ScannerReturned(ticket))

        self._lanes.scanner.run(
            lambda: self._scanner.reopen(stop),
            done,
            lambda fault: self._scanner_failed(ticket, fault),
        )

    def _scanner_failed(self, ticket: int, fault: Fault) -> None:
        if isinstance(fault, DeviceLostError):
            self.handle(events.ScannerLost(ticket))
        else:
            self.handle(events.PartFailed(ticket, fault.code))

    # --- the matching lane ---

    def _look_up(self, effect: events.LookUpPin) -> None:
        def done(row: int | None) -> None:
            if row is None:
                self.handle(events.PinUnknown(effect.ticket))
            else:
                self.handle(events.PinFound(effect.ticket, row))

        voters = self._parts.voters
        self._lanes.matching.run(
            lambda: voters.find_by_pin(effect.pin), done, self._part_failed(effect.ticket)
        )

    def _examine(self, effect: events.Examine) -> None:
        matcher = self._parts.matcher

        def done(seen: Examination) -> None:
            self.times = replace(
                self.times,
                extract_ms=self.times.extract_ms + seen.extract_ms,
                search_ms=self.times.search_ms + seen.search_ms,
            )
            self.handle(events.Matched(effect.ticket, seen, matcher.engine))

        self._lanes.matching.run(
            lambda: matcher.examine(effect.image, effect.named_row),
            done,
            self._part_failed(effect.ticket),
        )

    def _read_voter(self, effect: events.ReadVoter) -> None:
        voters = self._parts.voters
        self._lanes.matching.run(
            lambda: voters.voter(effect.row),
            lambda voter: self.handle(events.VoterRead(effect.ticket, voter)),
            self._part_failed(effect.ticket),
        )

    def _part_failed(self, ticket: int) -> Callable[[Fault], None]:
        def failed(fault: Fault) -> None:
            assert isinstance(fault, KnownError)
            self.handle(events.PartFailed(ticket, fault.code))

        return failed

    # --- the journal's lane ---

    def _append(self, effect: events.Append) -> None:
        entry = effect.entry

        def failed(fault: Fault) -> None:
            assert isinstance(fault, KnownError)
            self.handle(events.AppendFailed(entry, fault.code))

        self._lanes.journal.run(
            lambda: self._append_on_lane(entry),
            lambda answer: self._appended(effect, *answer),
            failed,
        )

    def _append_on_lane(self, entry: Entry) -> tuple[Appended | AlreadyAccepted, float]:
        if self._journal_fault is not None:
            # After a fault nothing may be written out of order before a person has mended it.
            raise self._journal_fault
        begun = time.perf_counter()
        try:
            answer = self._parts.journal.append(entry)
        except KnownError as fault:
            self._journal_fault = fault
            raise
        return answer, (time.perf_counter() - begun) * 1000

    def _resume_journal(self) -> None:
        self._journal_fault = None

    def _appended(
        self, effect: events.Append, answer: Appended | AlreadyAccepted, took_ms: float
    ) -> None:
        entry = effect.entry
        if isinstance(entry, Outcome):
            self.times = replace(self.times, journal_ms=took_ms)
        if isinstance(answer, AlreadyAccepted):
            assert effect.ticket is not None, "only an outcome is refused, and a state waits for it"
            self.handle(events.EntryRefused(effect.ticket, answer))
            return
        self.last_entry = answer.number
        if isinstance(entry, Outcome):
            self.tally = self.tally.with_outcome(answer.number, answer.at, entry)
        if effect.ticket is not None:
            self.handle(events.EntryWritten(effect.ticket, answer))
