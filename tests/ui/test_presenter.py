"""Every state has its view, and no view names a voter whom it may not name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day import DayState
from station_app.domain.decision import Finding, Match, NoMatch, OtherVoter
from station_app.domain.election import Ballot
from station_app.domain.entries import Outcome, OutcomeVoided, StopDecided
from station_app.domain.entry_codes import (
    BallotPlace,
    Method,
    OutcomeKind,
    StopFinding,
    VoidReason,
)
from station_app.domain.fingers import FingerPosition
from station_app.domain.liveness import FaceFailure
from station_app.domain.matching import Candidate
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Face, Finger, RetryReason
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
from station_app.domain.voters import Voter
from station_app.flow.day_reading import Tally
from station_app.ui.operator.capture import BusyStage, BusyView, CaptureView
from station_app.ui.operator.face import FaceAnswer, FaceStageView
from station_app.ui.operator.manual import ManualShare, ManualView, PersonStage, ProposedCard
from station_app.ui.operator.notice import (
    BlockedView,
    RestingView,
    ScannerUnpluggedView,
    VoidedView,
)
from station_app.ui.operator.page import StateContext, View
from station_app.ui.operator.pages import MODULES, PAGES, Presenter
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.verdict import (
    AlreadyView,
    CommissionReason,
    CommissionView,
    IdentifiedView,
    MismatchView,
    NotOnListView,
    StopFacts,
    StopLookView,
    ballot_words,
)
from station_app.ui.operator.views import DayView, DeskParts, LastOutcome, LastRow, VoterCard
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey
from tests.ui.desk_samples import finger_source

RIGHT, LEFT = FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX
VOTER = Voter(
    voter_id="V-0123456789ABCDEF",
    list_number=8613,
    pin="21204199100123",
    surname="Toktonalieva",
    given_names="Aizharkyn",
    sex="f",
    born=date(1991, 4, 12),
    address="Abdrakhmanov 176",
    page=431,
    line=12,
    portrait=b"portrait",
)
SESSION = Session(5, Finger(RIGHT), tries=1)
AT = datetime(2026, 11, 24, 3, 14, tzinfo=UTC)
BISHKEK = timezone(timedelta(hours=6))
IMAGE = finger_source(None)
STOPPED = StopFacts("09:14", 8613, "f", b"portrait")
TALLY = Tally(
    7,
    (
        LoggedOutcome(40, AT, OutcomeKind.NOT_ON_LIST, None),
        LoggedOutcome(38, AT, OutcomeKind.IDENTIFIED, 611),
    ),
    by_commission=1,
)
DAY = DayView(
    7,
    300,
    (LastRow("09:14", LastOutcome.NOT_ON_LIST), LastRow("09:14", LastOutcome.IDENTIFIED, 611)),
)


def view(state: State) -> View:
    presenter = Presenter(PROVISIONAL, 300, lambda at: at.astimezone(BISHKEK))
    return presenter.view(state, TALLY, IMAGE)


def context(tally: Tally) -> StateContext:
    return StateContext(PROVISIONAL, 300, lambda at: at.astimezone(BISHKEK), tally)


def outcome(kind: OutcomeKind, reason: str = "", method: Method = Method.FINGER) -> Outcome:
    named = kind in (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
    return Outcome(
        session=5,
        outcome=kind,
        reason=reason,
        method=method,
        voter_id=VOTER.voter_id if named else None,
        list_number=VOTER.list_number if named else None,
        first_entry=3 if kind is OutcomeKind.ALREADY_IDENTIFIED else None,
        evidence_milli=9000,
        threshold_milli=6000,
        fingers_compared=600,
        tries=1,
        engine="test/1",
        policy=PROVISIONAL.digest(),
    )


def verdict(kind: OutcomeKind, reason: str = "", method: Method = Method.FINGER) -> Verdict:
    """A verdict whose state knows more than its view may show."""
    return Verdict(9, SESSION, outcome(kind, reason, method), 41, VOTER, AT)


def asked(why: CommissionWhy) -> AwaitingCommission:
    return AwaitingCommission(7, SESSION, why)


def manual(reason: CommissionReason, stage: PersonStage) -> ManualView:
    return ManualView(7, 5, reason, stage, None, 1, ManualShare(1, 7, 5))


VOID = OutcomeVoided(41, VOTER.voter_id, 8613, VoidReason.PHOTO_MISMATCH, "asanov", "ismailova")
IDENTIFIED = outcome(OutcomeKind.IDENTIFIED)
LAST_STOP = replace(verdict(OutcomeKind.ALREADY_IDENTIFIED), voter=None, is_again=True)
AGAIN = AwaitingSample(3, replace(SESSION, asked=Finger(LEFT)), reason=RetryReason.NO_MATCH)
FACE = AwaitingFace(5, replace(SESSION, named_row=8), FaceWhy.TRIES, VOTER)
LIVE = replace(FACE, session=replace(FACE.session, face_tries=1), is_live=True)
ASKED = FaceStageView(
    5, FaceWhy.TRIES, True, 1, 2, VoterCard.of(VOTER), answer=FaceAnswer.NO_ONLY, has_finger=True
)
SEARCH = FaceStageView(5, FaceWhy.CALLED, False, 1, 2, has_finger=True)
VIEWS: list[tuple[State, View]] = [
    (Idle(1, 5, Finger(LEFT)), ReadyView(LEFT, DAY)),
    (LookingUp(2, SESSION), BusyView(BusyStage.LOOKING_UP)),
    (AwaitingSample(3, Session(5, Finger(RIGHT))), CaptureView(RIGHT, 1, 2)),
    (AwaitingSample(3, Session(5, Finger(RIGHT)), touched=True), CaptureView(RIGHT, 1, 2)),
    (
        AwaitingSample(3, Session(5, Finger(RIGHT), named_row=8)),
        CaptureView(RIGHT, 1, 4, pin_found=True),
    ),
    (AGAIN, TryAgainView(LEFT, RetryReason.NO_MATCH, 2, 3, IMAGE, RetryReason.NO_MATCH)),
    (
        replace(AGAIN, hint=RetryReason.TOO_DRY),  # as the meters said: one story
        TryAgainView(LEFT, RetryReason.NO_MATCH, 2, 3, IMAGE, RetryReason.TOO_DRY),
    ),
    (replace(AGAIN, touched=True), CaptureView(LEFT, 2, 3)),
    (Matching(4, SESSION), BusyView(BusyStage.MATCHING, RIGHT)),
    (AwaitingFace(5, SESSION, FaceWhy.CALLED), SEARCH),
    (replace(FACE, voter=None), replace(ASKED, voter=None, answer=FaceAnswer.WAITS)),
    (FACE, ASKED),
    (replace(FACE, fault="camera_lost"), replace(ASKED, fault="camera_lost")),
    (
        replace(FACE, session=replace(FACE.session, face_tries=1), failed=FaceFailure.FLAT),
        replace(ASKED, attempt=2, failed=FaceFailure.FLAT),
    ),
    (LIVE, replace(ASKED, is_live=True, answer=FaceAnswer.OPEN, has_finger=False)),
    (
        replace(LIVE, answer=False),
        replace(ASKED, is_live=True, answer=FaceAnswer.SAID_NO, has_finger=False),
    ),
    (Reviewing(5, SESSION), BusyView(BusyStage.MATCHING, RIGHT)),
    (Recording(6, SESSION, IDENTIFIED, VOTER), BusyView(BusyStage.RECORDING, can_cancel=False)),
    (verdict(OutcomeKind.IDENTIFIED), IdentifiedView(VoterCard.of(VOTER))),
    (verdict(OutcomeKind.ALREADY_IDENTIFIED), AlreadyView(STOPPED)),
    (replace(verdict(OutcomeKind.ALREADY_IDENTIFIED), held=True), StopLookView(9, STOPPED)),
    (LAST_STOP, AlreadyView(StopFacts("09:14", 8613))),
    (
        replace(LAST_STOP, found=StopFinding.OTHER),
        AlreadyView(StopFacts("09:14", 8613), StopFinding.OTHER),
    ),
    (
        DecidingStop(9, SESSION, LAST_STOP, StopDecided(8, StopFinding.OTHER, "a", "b")),
        BusyView(BusyStage.RECORDING, can_cancel=False),
    ),
    (Idle(1, 5, Finger(RIGHT), LAST_STOP), ReadyView(RIGHT, DAY, has_last_stop=True)),
    (
        replace(verdict(OutcomeKind.ALREADY_IDENTIFIED), place=BallotPlace.HOSPITAL),
        AlreadyView(replace(STOPPED, place=BallotPlace.HOSPITAL)),
    ),
    (verdict(OutcomeKind.REFUSED, "struck_off"), CommissionView(CommissionReason.STRUCK_OFF)),
    (verdict(OutcomeKind.NOT_ON_LIST, "no_candidate"), NotOnListView(pin_given=False)),
    (verdict(OutcomeKind.NOT_ON_LIST, "pin_unknown", Method.PIN), NotOnListView(pin_given=True)),
    (verdict(OutcomeKind.UNREADABLE, "inadequate"), CommissionView(CommissionReason.UNREADABLE)),
    (verdict(OutcomeKind.UNREADABLE, "no_match"), CommissionView(CommissionReason.NO_MATCH)),
    (verdict(OutcomeKind.REFUSED, "other_voter"), CommissionView(CommissionReason.OTHER_VOTER)),
    (verdict(OutcomeKind.REFUSED, "marked"), CommissionView(CommissionReason.MARKED)),
    (replace(verdict(OutcomeKind.IDENTIFIED), held=True), MismatchView(9, VoterCard.of(VOTER))),
    (Resting(7, 6, DayState.PAUSED), RestingView(DayState.PAUSED, DAY)),
    (asked(CommissionWhy.CALLED), manual(CommissionReason.CALLED, PersonStage.ASK_PIN)),
    (asked(CommissionWhy.MARKED), manual(CommissionReason.MARKED, PersonStage.ASK_PIN)),
    (
        replace(asked(CommissionWhy.CALLED), voter=VOTER, is_marked=True),
        replace(manual(CommissionReason.MARKED, PersonStage.KNOWN), voter=VoterCard.of(VOTER)),
    ),
    (
        replace(asked(CommissionWhy.CALLED), looks_up=True),
        manual(CommissionReason.CALLED, PersonStage.LOOKING_UP),
    ),
    (
        replace(asked(CommissionWhy.FACE_PROPOSES), proposed=(Proposed(VOTER, True),), unread=1),
        manual(CommissionReason.FACE_PROPOSES, PersonStage.LOOKING_UP),
    ),
    (
        replace(asked(CommissionWhy.FACE_PROPOSES), proposed=(Proposed(VOTER, True),)),
        replace(
            manual(CommissionReason.FACE_PROPOSES, PersonStage.PROPOSED),
            proposed=(ProposedCard(VoterCard.of(VOTER), is_marked=True),),
        ),
    ),
    (
        verdict(OutcomeKind.IDENTIFIED, method=Method.COMMISSION),
        IdentifiedView(VoterCard.of(VOTER), by_commission=True),
    ),
    (
        replace(asked(CommissionWhy.TRIES), session=replace(SESSION, named_row=4)),
        manual(CommissionReason.UNREADABLE, PersonStage.LOOKING_UP),
    ),
    (
        replace(asked(CommissionWhy.OTHER_VOTER), voter=VOTER),
        replace(manual(CommissionReason.OTHER_VOTER, PersonStage.KNOWN), voter=VoterCard.of(VOTER)),
    ),
    (Voiding(7, SESSION, VOID), BusyView(BusyStage.RECORDING, can_cancel=False)),
    (Voided(7, SESSION, VOID), VoidedView(8613, DAY)),
    (WaitingForScanner(7, 6), ScannerUnpluggedView(DAY, 611, in_session=False)),
    (WaitingForScanner(7, 6, SESSION), ScannerUnpluggedView(DAY, 611, in_session=True)),
    (Blocked(8, 6, "disk_full"), BlockedView("disk_full", DAY, 611)),
    (
        Blocked(8, 6, "disk_full", Recording(8, SESSION, IDENTIFIED, VOTER)),
        BlockedView("disk_full", DAY, 611, has_unwritten=True),
    ),
]


@pytest.mark.parametrize(("state", "expected"), VIEWS, ids=lambda one: type(one).__name__)
def test_every_state_has_its_view(state: State, expected: View) -> None:
    assert view(state) == expected


def test_an_identified_voter_s_ballots_are_those_of_the_record() -> None:
    day = (Ballot("a", "President"), Ballot("b", "Council"), Ballot("c", "Mayor"))
    state = verdict(OutcomeKind.IDENTIFIED)
    due = replace(state, voter=replace(VOTER, ballots=("c", "a")))
    presenter = Presenter(PROVISIONAL, 300, lambda at: at, day)
    shown = presenter.view(due, TALLY, None)
    assert isinstance(shown, IdentifiedView)
    assert shown.voter.ballots == ("President", "Mayor")
    alone = Presenter(PROVISIONAL, 300, lambda at: at, day[:1]).view(due, TALLY, None)
    assert isinstance(alone, IdentifiedView)
    assert alone.voter.ballots == ()


def test_titles_that_make_a_screen_wider_are_counted_instead() -> None:
    texts, card = Texts("en"), VoterCard.of(VOTER)
    for titles in (("President", "Mayor " * 30), ("P" * 31, "Mayor"), ("a\u00a0b" * 12, "Mayor")):
        assert "2" in ballot_words(texts, replace(card, ballots=titles))
    assert "P" * 30 in ballot_words(texts, replace(card, ballots=("P" * 30, "Mayor")))


def test_every_state_has_exactly_one_page() -> None:
    assert {type(state) for state, _ in VIEWS} == set(PAGES) == set(State.__args__)
    assert len(PAGES) == sum(len(module.PAGES) for module in MODULES)


@pytest.mark.parametrize("state", [state for state, _ in VIEWS], ids=lambda one: type(one).__name__)
def test_no_view_names_a_voter_it_may_not_name(state: State) -> None:
    """A PIN and a voter id never; the record when identified or asked about; STOP nameless."""
    shown = repr(view(state))
    assert VOTER.pin not in shown
    assert VOTER.voter_id not in shown
    kind = state.outcome.outcome if isinstance(state, Verdict) else None
    asked_about = isinstance(state, AwaitingCommission | AwaitingFace) and state.voter is not None
    if isinstance(state, AwaitingCommission):
        asked_about |= bool(state.proposed) and not state.unread
    named = kind is OutcomeKind.IDENTIFIED or asked_about
    stopped = isinstance(state, Voided) or kind is OutcomeKind.ALREADY_IDENTIFIED
    assert (VOTER.surname in shown) is named
    assert (VOTER.address in shown) is named
    assert (str(VOTER.list_number) in shown) is (named or stopped)
    has_record = isinstance(state, Verdict) and state.voter is not None
    assert ("portrait=b'portrait'" in shown) is (named or (stopped and has_record))


@pytest.mark.parametrize("answer", [None, True, False])
@pytest.mark.parametrize("state", [FACE, LIVE], ids=["turning", "live"])
def test_what_the_machine_found_changes_nothing_on_the_face_screen(
    state: AwaitingFace, answer: bool | None
) -> None:
    found: list[Finding | None] = [
        None, NoMatch(1.0, 6.0), Match(Candidate(8, Face(), 9.0), 6.0), OtherVoter(9.0, 6.0)
    ]  # fmt: skip
    views = {view(replace(state, answer=answer, finding=one)) for one in found}
    assert len(views) == 1


def test_who_did_not_agree_reads_alike() -> None:
    operator, machine = (
        view(asked(why)) for why in (CommissionWhy.FACE_DIFFERS, CommissionWhy.FACE_DISAGREES)
    )
    assert operator == machine


@pytest.mark.parametrize("state", [Idle(1, 5, Finger(LEFT)), AGAIN, WaitingForScanner(7, 6)])
def test_a_key_asks_for_the_face_where_it_can_be_compared(state: State) -> None:
    presenter = Presenter(PROVISIONAL, 300, lambda at: at)
    parts = DeskParts()
    without = presenter.view(state, TALLY, None)
    with_face = presenter.view(state, TALLY, None, can_face=True)
    assert DeskKey.FACE not in without.keys(parts)
    assert DeskKey.FACE in with_face.keys(parts)


@pytest.mark.parametrize("kind", OutcomeKind)
def test_scores_are_shown_to_nobody(kind: OutcomeKind) -> None:
    shown = repr(view(verdict(kind)))
    for number in ("9000", "6000", "600"):
        assert number not in shown


@pytest.mark.parametrize("kind", OutcomeKind)
def test_the_last_people_of_every_kind(kind: OutcomeKind) -> None:
    day = context(Tally(1, (LoggedOutcome(2, AT, kind, None),))).day
    assert day.last[0].time == "09:14"


def test_the_last_voter_saved() -> None:
    assert context(TALLY).last_saved == 611
    assert context(Tally(0, ())).last_saved is None


def test_the_last_people_say_what_became_of_them() -> None:
    refused = LoggedOutcome(4, AT, OutcomeKind.REFUSED, None, Method.COMMISSION)
    undecided = LoggedOutcome(3, AT, OutcomeKind.REFUSED, None, Method.FINGER)
    void = LoggedOutcome(2, AT, OutcomeKind.IDENTIFIED, 611)
    day = context(Tally(0, (refused, undecided, void), voided=frozenset({2}))).day
    assert [row.outcome for row in day.last] == [
        LastOutcome.REFUSED,
        LastOutcome.COMMISSION,
        LastOutcome.VOID,
    ]
    assert day.last[2].list_number == 611


@pytest.mark.parametrize(
    ("by_commission", "identified", "over"),
    [(0, 0, False), (1, 20, False), (1, 19, True), (13, 261, False), (14, 261, True)],
)
def test_the_manual_share_is_held_against_the_alarm(
    by_commission: int, identified: int, over: bool
) -> None:
    assert ManualShare(by_commission, identified, alarm_percent=5).is_over is over
