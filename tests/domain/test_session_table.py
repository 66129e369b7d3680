"""Every state against every event: the table says what happens, and what is ignored."""

from dataclasses import replace
from typing import cast, get_args

import pytest

from station_app.domain import session_events as ev
from station_app.domain import session_outcomes as ends
from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.day import DayState
from station_app.domain.decision import Match
from station_app.domain.entries import (
    DeviceReturned,
    Outcome,
    OutcomeVoided,
    SessionStarted,
    StopDecided,
)
from station_app.domain.entry_codes import (
    DocumentSeen,
    ManualReason,
    OutcomeKind,
    StopFinding,
    VoidReason,
)
from station_app.domain.fingers import FingerPosition
from station_app.domain.liveness import FaceFailure
from station_app.domain.matching import Candidate
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Face, FaceImage, FaceShots, Finger, RetryReason
from station_app.domain.session import step
from station_app.domain.session_desk import Step
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    Blocked,
    CommissionWhy,
    DecidingStop,
    FaceWhy,
    Idle,
    LookingUp,
    Matching,
    Proposed,
    Recording,
    Resting,
    Reviewing,
    Session,
    State,
    Verdict,
    Voided,
    Voiding,
    WaitingForScanner,
)
from tests.domain.session_samples import AT, ENROLLED, IMAGE, matched, voter

TICKET = 7
SESSION = Session(3, Finger(FingerPosition.RIGHT_INDEX), tries=1)
IDENTIFIED = ends.identified(SESSION, voter(4), PROVISIONAL)
ALREADY = ends.already_identified(IDENTIFIED, AlreadyAccepted(2, AT))
OWED = Recording(TICKET - 1, SESSION, IDENTIFIED, voter(4))
NAMED = replace(SESSION, named_row=4)
FACE = replace(NAMED, asked=Face(), has_face=True)
LIVE = replace(FACE, face_tries=1)
OPINION = Match(Candidate(4, Face(), 6.0), 4.0)
SHOTS = FaceShots((FaceImage(b"\0" * 12, 2, 2),))
VOID = OutcomeVoided(9, "V-4", 5, VoidReason.PHOTO_MISMATCH, "asanov", "ismailova")
SIGNED = (ManualReason.WORN, DocumentSeen.ID_CARD, "asanov", "ismailova")

STOP = Verdict(TICKET, SESSION, ALREADY, 9, voter(4), AT)
FOUND = StopDecided(9, StopFinding.SAME_PERSON, "asanov", "ismailova")

STATES: dict[str, State] = {
    "idle": Idle(TICKET, 3, Finger(FingerPosition.RIGHT_INDEX)),
    "looking": LookingUp(TICKET, SESSION),
    "waiting": AwaitingSample(TICKET, SESSION),
    "touched": AwaitingSample(TICKET, SESSION, touched=True),
    "matching": Matching(TICKET, SESSION),
    "reviewing": Reviewing(TICKET, SESSION),
    "resting": Resting(TICKET, 3, DayState.PAUSED),
    "asked": AwaitingCommission(TICKET, SESSION, CommissionWhy.CALLED),
    "looks_up": AwaitingCommission(TICKET, SESSION, CommissionWhy.CALLED, looks_up=True),
    "tries_over": AwaitingCommission(TICKET, NAMED, CommissionWhy.TRIES, voter(4)),
    "proposes": AwaitingCommission(
        TICKET,
        SESSION,
        CommissionWhy.FACE_PROPOSES,
        proposed=(Proposed(voter(5), False),),
        unread=1,
    ),
    "face": AwaitingFace(TICKET, FACE, FaceWhy.TRIES, voter(4)),
    "live": AwaitingFace(TICKET, LIVE, FaceWhy.TRIES, voter(4), is_live=True),
    "judged": AwaitingFace(TICKET, LIVE, FaceWhy.TRIES, voter(4), is_live=True, finding=OPINION),
    "no_camera": AwaitingFace(TICKET, FACE, FaceWhy.TRIES, voter(4), fault="camera_lost"),
    "search": AwaitingFace(TICKET, replace(SESSION, asked=Face()), FaceWhy.CALLED),
    "searched": AwaitingFace(
        TICKET, replace(SESSION, asked=Face(), face_tries=1), FaceWhy.CALLED, is_live=True
    ),
    "recording": Recording(TICKET, SESSION, IDENTIFIED, voter(4)),
    "identified": Verdict(TICKET, SESSION, IDENTIFIED, 9, voter(4), None),
    "held": Verdict(TICKET, SESSION, IDENTIFIED, 9, voter(4), None, held=True),
    "voiding": Voiding(TICKET, SESSION, VOID),
    "voided": Voided(TICKET, SESSION, VOID),
    "stop": STOP,
    "looked_at": replace(STOP, held=True),
    "deciding": DecidingStop(TICKET, SESSION, STOP, FOUND),
    "found": replace(STOP, found=StopFinding.SAME_PERSON),
    "after_stop": Idle(TICKET, 4, Finger(FingerPosition.RIGHT_INDEX), replace(STOP, voter=None)),
    "lost": WaitingForScanner(TICKET, 3),
    "lost_in_session": WaitingForScanner(TICKET, 4, SESSION),
    "blocked": Blocked(TICKET, 3, "disk_full"),
    "blocked_owing": Blocked(TICKET, 4, "disk_full", OWED, (SessionStarted(3),)),
}

EVENTS: dict[str, ev.Event] = {
    "PinEntered": ev.PinEntered("1" * 14),
    "FingerChosen": ev.FingerChosen(FingerPosition.LEFT_RING),
    "Cancelled": ev.Cancelled(),
    "NextPressed": ev.NextPressed(),
    "RetryPressed": ev.RetryPressed(),
    "CommissionCalled": ev.CommissionCalled(),
    "FaceCalled": ev.FaceCalled(),
    "FaceAnswered": ev.FaceAnswered(same=True),
    "FaceDenied": ev.FaceAnswered(same=False),
    "TurnRefused": ev.TurnRefused(),
    "DayChanged": ev.DayChanged(DayState.CLOSED),
    "CommissionConfirmed": ev.CommissionConfirmed(TICKET, *SIGNED),
    "CommissionRefused": ev.CommissionRefused(TICKET, *SIGNED),
    "VoidConfirmed": ev.VoidConfirmed(TICKET, VOID.reason, VOID.operator, VOID.member),
    "StopAgreed": ev.StopAgreed(TICKET, FOUND.finding, FOUND.operator, FOUND.member),
    "FingerTouched": ev.FingerTouched(TICKET),
    "Captured": ev.Captured(TICKET, IMAGE),
    "CaptureFailed": ev.CaptureFailed(TICKET, RetryReason.SMEARED),
    "ScannerLost": ev.ScannerLost(TICKET),
    "ScannerReturned": ev.ScannerReturned(TICKET),
    "FaceLive": ev.FaceLive(TICKET, SHOTS, "left right left"),
    "FaceFailed": ev.FaceFailed(TICKET, FaceFailure.TOO_SLOW, "left right left"),
    "CameraLost": ev.CameraLost(TICKET, "camera_busy"),
    "CameraReturned": ev.CameraReturned(TICKET),
    "FingerLifted": ev.FingerLifted(TICKET),
    "PinFound": ev.PinFound(TICKET, 4, fingers=ENROLLED),
    "PinUnknown": ev.PinUnknown(TICKET),
    "Matched": matched(TICKET, (4, 12.0)),
    "VoterRead": ev.VoterRead(TICKET, voter(4)),
    "EntryWritten": ev.EntryWritten(TICKET, Appended(9, AT)),
    "EntryRefused": ev.EntryRefused(TICKET, AlreadyAccepted(2, AT)),
    "JournalResumed": ev.JournalResumed(TICKET),
    "TimeOver": ev.TimeOver(TICKET),
    "PartFailed": ev.PartFailed(TICKET, "list_damaged"),
    "AppendFailed": ev.AppendFailed(DeviceReturned(None, "finger_scanner"), "disk_full"),
}

NEXT: dict[str, type] = {
    "I": Idle, "Z": Resting, "L": LookingUp, "A": AwaitingSample, "M": Matching, "R": Reviewing,
    "C": AwaitingCommission, "W": Recording, "V": Verdict, "X": Voiding, "O": Voided,
    "S": WaitingForScanner, "B": Blocked, "F": AwaitingFace, "D": DecidingStop,
}  # fmt: skip
"""The letters of the table; a dot is an ignored pair. W is "being written", X "being made void"."""

TABLE = """
                     idle   looking  waiting  touched  matching  reviewing  resting
PinEntered           L      .        L        L        .         .          .
FingerChosen         I      .        A        A        .         .          .
Cancelled            .      W        W        W        W         W          .
NextPressed          .      .        .        .        .         .          .
RetryPressed         .      .        .        .        .         .          .
CommissionCalled     C      .        C        C        .         .          .
FaceCalled           F      .        F        F        .         .          .
FaceAnswered         .      .        .        .        .         .          .
FaceDenied           .      .        .        .        .         .          .
TurnRefused          .      .        .        .        .         .          .
DayChanged           Z      .        .        .        .         .          Z
CommissionConfirmed  .      .        .        .        .         .          .
CommissionRefused    .      .        .        .        .         .          .
VoidConfirmed        .      .        .        .        .         .          .
StopAgreed           .      .        .        .        .         .          .
FingerTouched        A      .        A        .        .         .          .
Captured             M      .        M        M        .         .          .
CaptureFailed        I      .        A        A        .         .          .
ScannerLost          S      .        S        S        .         .          .
ScannerReturned      .      .        .        .        .         .          .
FaceLive             .      .        .        .        .         .          .
FaceFailed           .      .        .        .        .         .          .
CameraLost           .      .        .        .        .         .          .
CameraReturned       .      .        .        .        .         .          .
FingerLifted         .      .        .        .        .         .          .
PinFound             .      A        .        .        .         .          .
PinUnknown           .      W        .        .        .         .          .
Matched              .      .        .        .        R         .          .
VoterRead            .      .        .        .        .         W          .
EntryWritten         .      .        .        .        .         .          .
EntryRefused         .      .        .        .        .         .          .
JournalResumed       .      .        .        .        .         .          .
TimeOver             .      .        .        .        .         .          .
PartFailed           B      B        B        B        B         B          B
AppendFailed         B      B        B        B        B         B          B

                     asked  looks_up  tries_over  recording  identified  held  stop
PinEntered           C      .         .           .          .           .     .
FingerChosen         .      .         .           .          .           .     .
Cancelled            W      W         W           .          .           V     .
NextPressed          .      .         .           .          I           .     I
RetryPressed         .      .         .           .          .           .     .
CommissionCalled     .      .         .           .          V           .     V
FaceCalled           .      .         .           .          .           .     .
FaceAnswered         .      .         .           .          .           .     .
FaceDenied           .      .         .           .          .           .     .
TurnRefused          .      .         .           .          .           .     .
DayChanged           .      .         .           .          .           .     .
CommissionConfirmed  .      .         W           .          .           .     .
CommissionRefused    W      W         W           .          .           .     .
VoidConfirmed        .      .         .           .          .           X     .
StopAgreed           .      .         .           .          .           .     .
FingerTouched        .      .         .           .          .           .     .
Captured             .      .         .           .          .           .     .
CaptureFailed        .      .         .           .          .           .     .
ScannerLost          .      .         .           .          V           V     V
ScannerReturned      .      .         .           .          .           .     .
FaceLive             .      .         .           .          .           .     .
FaceFailed           .      .         .           .          .           .     .
CameraLost           .      .         .           .          .           .     .
CameraReturned       .      .         .           .          .           .     .
FingerLifted         .      .         .           .          V           V     V
PinFound             .      C         .           .          .           .     .
PinUnknown           .      W         .           .          .           .     .
Matched              .      .         .           .          .           .     .
VoterRead            C      C         .           .          .           .     .
EntryWritten         .      .         .           V          .           .     .
EntryRefused         .      .         .           W          .           .     .
JournalResumed       .      .         .           .          .           .     .
TimeOver             .      .         .           .          V           V     V
PartFailed           B      B         B           .          V           V     V
AppendFailed         B      B         B           B          B           B     B

                     voiding  voided  lost  lost_in_session  blocked  blocked_owing
PinEntered           .        .       .     .                .        .
FingerChosen         .        .       .     .                .        .
Cancelled            .        .       .     W                .        .
NextPressed          .        I       .     .                .        .
RetryPressed         .        .       .     .                B        B
CommissionCalled     .        .       C     C                .        .
FaceCalled           .        .       F     F                .        .
FaceAnswered         .        .       .     .                .        .
FaceDenied           .        .       .     .                .        .
TurnRefused          .        .       .     .                .        .
DayChanged           .        .       Z     .                B        .
CommissionConfirmed  .        .       .     .                .        .
CommissionRefused    .        .       .     .                .        .
VoidConfirmed        .        .       .     .                .        .
StopAgreed           .        .       .     .                .        .
FingerTouched        .        .       .     .                .        .
Captured             .        .       .     .                .        .
CaptureFailed        .        .       .     .                .        .
ScannerLost          .        .       .     .                .        .
ScannerReturned      .        .       I     A                .        .
FaceLive             .        .       .     .                .        .
FaceFailed           .        .       .     .                .        .
CameraLost           .        .       .     .                .        .
CameraReturned       .        .       .     .                .        .
FingerLifted         .        .       .     .                .        .
PinFound             .        .       .     .                .        .
PinUnknown           .        .       .     .                .        .
Matched              .        .       .     .                .        .
VoterRead            .        .       .     .                .        .
EntryWritten         O        .       .     .                .        .
EntryRefused         .        .       .     .                .        .
JournalResumed       .        .       .     .                I        W
TimeOver             .        .       .     W                .        .
PartFailed           .        .       B     B                .        .
AppendFailed         B        B       B     B                B        B

                     proposes  face  live  judged  no_camera  search  searched
PinEntered           C         .     .     .       .          L       .
FingerChosen         .         A     .     .       A          A       .
Cancelled            W         W     W     W       W          W       W
NextPressed          .         .     .     .       .          .       .
RetryPressed         .         .     .     .       .          .       .
CommissionCalled     .         C     C     C       C          C       C
FaceCalled           .         .     .     .       .          .       .
FaceAnswered         .         .     F     W       .          .       .
FaceDenied           .         C     F     C       C          .       .
TurnRefused          .         C     .     .       C          C       .
DayChanged           .         .     .     .       .          .       .
CommissionConfirmed  .         .     .     .       .          .       .
CommissionRefused    W         .     .     .       .          .       .
VoidConfirmed        .         .     .     .       .          .       .
StopAgreed           .         .     .     .       .          .       .
FingerTouched        .         .     .     .       .          .       .
Captured             .         .     .     .       .          .       .
CaptureFailed        .         .     .     .       .          .       .
ScannerLost          .         .     .     .       .          .       .
ScannerReturned      .         .     .     .       .          .       .
FaceLive             .         F     .     .       F          F       .
FaceFailed           .         F     .     .       F          F       .
CameraLost           .         F     F     F       F          F       F
CameraReturned       .         .     .     .       F          .       .
FingerLifted         .         .     .     .       .          .       .
PinFound             .         .     .     .       .          .       .
PinUnknown           .         .     .     .       .          .       .
Matched              .         .     F     .       .          .       C
VoterRead            C         .     .     .       .          .       .
EntryWritten         .         .     .     .       .          .       .
EntryRefused         .         .     .     .       .          .       .
JournalResumed       .         .     .     .       .          .       .
TimeOver             .         .     .     .       C          .       .
PartFailed           B         B     B     B       B          B       B
AppendFailed         B         B     B     B       B          B       B

                     looked_at  deciding  found  after_stop
PinEntered           .          .         .      L
FingerChosen         .          .         .      I
Cancelled            V          .         .      .
NextPressed          .          .         I      .
RetryPressed         .          .         .      .
CommissionCalled     .          .         .      V
FaceCalled           .          .         .      F
FaceAnswered         .          .         .      .
FaceDenied           .          .         .      .
TurnRefused          .          .         .      .
DayChanged           .          .         .      Z
CommissionConfirmed  .          .         .      .
CommissionRefused    .          .         .      .
VoidConfirmed        .          .         .      .
StopAgreed           D          .         .      .
FingerTouched        .          .         .      A
Captured             .          .         .      M
CaptureFailed        .          .         .      I
ScannerLost          V          .         V      S
ScannerReturned      .          .         .      .
FaceLive             .          .         .      .
FaceFailed           .          .         .      .
CameraLost           .          .         .      .
CameraReturned       .          .         .      .
FingerLifted         V          .         V      .
PinFound             .          .         .      .
PinUnknown           .          .         .      .
Matched              .          .         .      .
VoterRead            .          .         .      .
EntryWritten         .          V         .      .
EntryRefused         .          .         .      .
JournalResumed       .          .         .      .
TimeOver             V          .         V      I
PartFailed           V          .         V      B
AppendFailed         B          B         B      B
"""


def _cells() -> dict[tuple[str, str], str]:
    cells: dict[tuple[str, str], str] = {}
    for part in TABLE.strip("\n").split("\n\n"):
        head, *rows = (line.split() for line in part.splitlines())
        for event, *letters in rows:
            cells |= {(state, event): cell for state, cell in zip(head, letters, strict=True)}
    return cells


CELLS = _cells()
PAIRS = pytest.mark.parametrize(("state", "event"), CELLS, ids=str)
IN_SESSION = (
    "looking", "waiting", "touched", "matching", "reviewing", "asked", "looks_up",
    "lost_in_session", "face", "live", "judged", "no_camera", "search", "searched",
)  # fmt: skip


def appended(effects: tuple[ev.Effect, ...]) -> list[ev.Append]:
    return [effect for effect in effects if isinstance(effect, ev.Append)]


def mended(blocked: State) -> Step:
    """Enter is pressed, and the journal answers at once."""
    asked, effects = step(blocked, ev.RetryPressed(), PROVISIONAL)
    assert effects == (ev.ResumeJournal(asked.ticket),), "first the journal, then its entries"
    return step(asked, ev.JournalResumed(asked.ticket), PROVISIONAL)


def test_the_table_is_whole() -> None:
    assert {type(state) for state in STATES.values()} == set(get_args(State))
    assert {type(event) for event in EVENTS.values()} == set(get_args(ev.Event))
    assert set(CELLS) == {(state, event) for state in STATES for event in EVENTS}


@PAIRS
def test_each_pair_is_a_transition_or_leaves_the_state_alone(state: str, event: str) -> None:
    before = STATES[state]
    after, effects = step(before, EVENTS[event], PROVISIONAL)
    if CELLS[state, event] == ".":
        assert after is before
        assert effects == ()
    else:
        assert type(after) is NEXT[CELLS[state, event]]
        assert after != before
        assert after.ticket >= before.ticket


@pytest.mark.parametrize("event", [name for name in EVENTS if hasattr(EVENTS[name], "ticket")])
@pytest.mark.parametrize("state", STATES)
def test_an_answer_to_another_request_is_nobodys(state: str, event: str) -> None:
    before = STATES[state]
    for other in (TICKET - 1, TICKET + 1):
        answer = replace(cast(ev.TimeOver, EVENTS[event]), ticket=other)
        after, effects = step(before, answer, PROVISIONAL)
        assert after is before
        assert effects == ()


@pytest.mark.parametrize("state", IN_SESSION)
def test_a_cancelled_session_is_written_as_abandoned(state: str) -> None:
    after, effects = step(STATES[state], ev.Cancelled(), PROVISIONAL)
    assert isinstance(after, Recording)
    assert appended(effects) == [ev.Append(after.ticket, after.outcome)]
    assert after.outcome.outcome is OutcomeKind.ABANDONED
    assert after.outcome.reason == "cancelled"
    idle, _ = step(after, ev.EntryWritten(after.ticket, Appended(9, AT)), PROVISIONAL)
    assert isinstance(idle, Idle)
    assert idle.next_session == SESSION.number + 1


@pytest.mark.parametrize("state", IN_SESSION)
def test_a_failed_part_ends_the_session_once_it_is_mended(state: str) -> None:
    blocked, effects = step(STATES[state], ev.PartFailed(TICKET, "list_damaged"), PROVISIONAL)
    assert isinstance(blocked, Blocked)
    assert blocked.code == "list_damaged"
    assert effects[-1] == ev.StopScanner()
    assert appended(effects) == [], "nothing is written before a person has looked"
    again, effects = mended(blocked)
    assert isinstance(again, Recording)
    assert [one.entry for one in appended(effects)] == [again.outcome]
    assert again.outcome.outcome is OutcomeKind.ABANDONED
    assert again.outcome.reason == "station_fault"


@pytest.mark.parametrize("state", ["idle", "lost"])
def test_a_failed_part_between_sessions_owes_nothing(state: str) -> None:
    blocked, _ = step(STATES[state], ev.PartFailed(TICKET, "device_fault"), PROVISIONAL)
    free, effects = mended(blocked)
    assert isinstance(free, Idle | WaitingForScanner)
    assert type(free) is type(STATES[state])
    assert free.next_session == 3, "no number was used"
    assert appended(effects) == []
    assert effects[-1] in (ev.ArmScanner(free.ticket), ev.ReopenScanner(free.ticket))


@pytest.mark.parametrize("state", STATES)
def test_an_entry_that_was_not_written_is_never_forgotten(state: str) -> None:
    entry = DeviceReturned(None, "finger_scanner")
    blocked, _ = step(STATES[state], ev.AppendFailed(entry, "disk_full"), PROVISIONAL)
    _, effects = mended(blocked)
    entries = [one.entry for one in appended(effects)]
    assert entry in entries
    outcomes = [one for one in entries if isinstance(one, Outcome | OutcomeVoided | StopDecided)]
    owes = state in (
        *IN_SESSION, "tries_over", "proposes", "recording", "voiding", "blocked_owing", "deciding"
    )  # fmt: skip
    assert len(outcomes) == owes
    if outcomes:
        assert entries[-1] == outcomes[0], "an outcome is its session's last entry"


def test_entries_refused_after_enter_was_pressed_are_written_too() -> None:
    asked, _ = step(STATES["blocked_owing"], ev.RetryPressed(), PROVISIONAL)
    late = DeviceReturned(None, "finger_scanner")
    asked, _ = step(asked, ev.AppendFailed(late, "disk_full"), PROVISIONAL)
    asked, _ = step(asked, ev.AppendFailed(OWED.outcome, "disk_full"), PROVISIONAL)
    _, effects = step(asked, ev.JournalResumed(asked.ticket), PROVISIONAL)
    entries = [one.entry for one in appended(effects)]
    assert entries == [SessionStarted(3), late, OWED.outcome]


def test_enter_pressed_twice_writes_once() -> None:
    first, _ = step(STATES["blocked_owing"], ev.RetryPressed(), PROVISIONAL)
    second, _ = step(first, ev.RetryPressed(), PROVISIONAL)
    assert step(second, ev.JournalResumed(first.ticket), PROVISIONAL) == (second, ())
    after, _ = step(second, ev.JournalResumed(second.ticket), PROVISIONAL)
    assert isinstance(after, Recording)


def test_a_failed_outcome_is_owed_once() -> None:
    recording = STATES["recording"]
    assert isinstance(recording, Recording)
    failed = ev.AppendFailed(recording.outcome, "disk_full")
    blocked, _ = step(recording, failed, PROVISIONAL)
    assert isinstance(blocked, Blocked)
    assert blocked.unwritten == ()
    assert step(blocked, failed, PROVISIONAL) == (blocked, ())


@pytest.mark.parametrize("gone", ["FingerLifted", "ScannerLost", "PartFailed"])
@pytest.mark.parametrize("time_first", [True, False])
def test_identified_leaves_when_the_finger_is_off_and_the_time_over(
    gone: str, time_first: bool
) -> None:
    first, second = (EVENTS["TimeOver"], EVENTS[gone])
    if not time_first:
        first, second = second, first
    half, _ = step(STATES["identified"], first, PROVISIONAL)
    assert isinstance(half, Verdict)
    left, effects = step(half, second, PROVISIONAL)
    assert isinstance(left, Idle)
    assert effects == (ev.ArmScanner(left.ticket),)
