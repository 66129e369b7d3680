"""People played on the whole desk: each act, and each way a script ends."""

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from station_app.domain import session_events as events
from station_app.domain.entries import FingerTry, Outcome
from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason, OutcomeKind
from station_app.domain.errors import DeviceLostError
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage
from station_app.domain.session_states import Blocked
from station_app.flow.approvals import DEMO_PASSPHRASE
from station_app.training.player import Player
from station_app.training.script import (
    Act,
    CallCommission,
    Decide,
    FingerTouch,
    GivePin,
    MidCapture,
    QueuePerson,
    Signature,
    VisitResult,
)
from station_app.vault import Passphrase
from tests.flow.desk_parts import IMAGE, a_voter
from tests.flow.whole_desk import Station


def image() -> FingerImage:
    return IMAGE


class Stage:
    """A desk on which people are played."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.results: list[VisitResult] = []
        self.ends = 0

    def play(self, people: Sequence[QueuePerson], dwell_s: float = 0.0) -> list[VisitResult]:
        station = self.station
        player = Player(
            station.runner,
            station.scanner,
            station.bridge,
            people,
            self.results.append,
            self._end,
            dwell_s,
        )
        player.start()
        assert station.bridge.run(lambda: self.ends > 0, 60), station.runner.state
        station.bridge.run(lambda: False, 0.05)
        assert self.ends == 1
        return self.results

    def _end(self) -> None:
        self.ends += 1


@pytest.fixture
def stage(station: Station) -> Stage:
    return Stage(station)


def comes(*acts: Act, row: int = 3, tries: int | None = None) -> QueuePerson:
    """Somebody who should be identified as the voter in `row`."""
    return QueuePerson("somebody", acts, (OutcomeKind.IDENTIFIED,), a_voter(row).voter_id, tries)


def ends(outcome: OutcomeKind, *acts: Act, tries: int | None = None) -> QueuePerson:
    return QueuePerson("somebody", acts, (outcome,), tries=tries)


SIGNED = Signature("ismailova", Passphrase(DEMO_PASSPHRASE))
FORGED = Signature("ismailova", Passphrase("something else"))


def decides(decision: Decision, signed: Signature = SIGNED) -> Decide:
    return Decide(signed, decision, ManualReason.INJURED, DocumentSeen.PASSPORT)


def test_the_commission_confirms(stage: Stage) -> None:
    acts = CallCommission(), GivePin(a_voter(2).pin), decides(Decision.CONFIRMED)
    (result,) = stage.play([comes(*acts, row=2, tries=0)])
    assert result.as_expected
    kinds = [entry.kind for entry in stage.station.book.entries]
    assert kinds == ["session_started", "commission_decision", "outcome"]
    assert stage.station.runner.tally.by_commission == 1


def test_the_commission_refuses_after_all_tries(stage: Stage) -> None:
    stage.station.matcher.answers = [(1, 1.0)] * 4
    acts = (GivePin(a_voter(1).pin), *[FingerTouch(image)] * 4, decides(Decision.REFUSED))
    (result,) = stage.play([ends(OutcomeKind.REFUSED, *acts, tries=4)])
    assert result.as_expected
    assert stage.station.book.entries[-1].reason == "commission"


def test_after_a_stop_the_commission_is_called_twice(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 12.0), (3, 12.0)]
    acts = CallCommission(), GivePin(a_voter(2).pin), decides(Decision.CONFIRMED)
    *_, called = stage.play(
        [
            comes(FingerTouch(image)),
            ends(OutcomeKind.ALREADY_IDENTIFIED, FingerTouch(image)),
            comes(*acts, row=2, tries=0),
        ]
    )
    assert called.as_expected
    assert called.end.sessions == 1


def test_undecided_it_ends_as_before(stage: Stage) -> None:
    stage.station.matcher.answers = [(1, 1.0)] * 4
    acts = (GivePin(a_voter(1).pin), *[FingerTouch(image)] * 4)
    (result,) = stage.play([ends(OutcomeKind.UNREADABLE, *acts, tries=4)])
    assert result.as_expected


def test_a_forged_signature_decides_nothing(stage: Stage) -> None:
    acts = CallCommission(), GivePin(a_voter(2).pin), decides(Decision.CONFIRMED, FORGED)
    (result,) = stage.play([ends(OutcomeKind.ABANDONED, *acts, tries=0)])
    assert result.as_expected


def test_another_photo_makes_it_void_and_the_voter_comes_again(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 12.0), (3, 12.0)]
    first, again = stage.play(
        [
            replace(comes(FingerTouch(image)), mismatch=SIGNED, voided=True),
            comes(FingerTouch(image)),
        ]
    )
    assert first.as_expected
    assert isinstance(stage.station.book.entries[first.end.entry - 1], Outcome)
    assert again.as_expected
    tally = stage.station.runner.tally
    assert tally.identified == 1
    assert len(tally.voided) == 1


def test_a_forged_signature_makes_nothing_void(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 12.0)]
    (result,) = stage.play([replace(comes(FingerTouch(image)), mismatch=FORGED)])
    assert result.as_expected
    assert stage.station.runner.tally.identified == 1


def test_a_mismatch_waits_for_an_identification(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 1.0), (3, 12.0)]
    person = replace(
        comes(FingerTouch(image), FingerTouch(image), tries=2), mismatch=SIGNED, voided=True
    )
    (result,) = stage.play([person])
    assert result.as_expected


def test_nobody_at_all(stage: Stage) -> None:
    assert stage.play([]) == []


def test_people_one_after_another(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 12.0), (1, 12.0)]
    first, second = stage.play(
        [comes(FingerTouch(image)), comes(FingerTouch(image), row=1)], dwell_s=0.05
    )
    assert first.as_expected
    assert second.as_expected
    assert second.end.voter_id == a_voter(1).voter_id
    assert first.end.extract_ms == second.end.extract_ms == 1.0, "each person's own times"


def test_a_second_finger_after_no_match(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 1.0), (3, 12.0)]
    (result,) = stage.play([comes(FingerTouch(image), FingerTouch(image), tries=2)])
    assert result.as_expected
    assert result.end.extract_ms == 2.0


def test_a_pin_comes_before_the_finger(stage: Stage) -> None:
    stage.station.matcher.answers = [(2, 4.5)]
    (result,) = stage.play([comes(GivePin(a_voter(2).pin), FingerTouch(image), row=2)])
    assert result.as_expected
    assert stage.station.matcher.named == [2]


def test_a_pin_alone(stage: Stage) -> None:
    (result,) = stage.play([ends(OutcomeKind.NOT_ON_LIST, GivePin("9" * 14), tries=0)])
    assert result.as_expected


def test_lifted_too_early_and_again(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 12.0)]
    (result,) = stage.play(
        [comes(FingerTouch(image, MidCapture.LIFTED), FingerTouch(image), tries=2)]
    )
    assert result.as_expected


def test_the_cable_is_pulled_and_put_back(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 12.0)]
    (result,) = stage.play(
        [comes(FingerTouch(image, MidCapture.UNPLUGGED), FingerTouch(image), tries=1)]
    )
    assert result.as_expected
    kinds = [entry.kind for entry in stage.station.book.entries]
    assert kinds.index("device_lost") < kinds.index("device_returned") < kinds.index("outcome")


def test_cancelled_in_mid_capture_and_then_the_next(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 12.0)]
    cancelled, following = stage.play(
        [
            ends(OutcomeKind.ABANDONED, FingerTouch(image, MidCapture.CANCELLED), tries=0),
            comes(FingerTouch(image)),
        ]
    )
    assert cancelled.as_expected
    assert following.as_expected


def test_an_unexpected_try_again_ends_as_abandoned(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 1.0), (1, 12.0)]
    person, following = stage.play([comes(FingerTouch(image)), comes(FingerTouch(image), row=1)])
    assert person.end.outcome is OutcomeKind.ABANDONED
    assert not person.as_expected
    assert following.as_expected


@pytest.mark.parametrize(
    "person",
    [
        comes(FingerTouch(image), row=1),
        comes(FingerTouch(image), tries=2),
        ends(OutcomeKind.NOT_ON_LIST, FingerTouch(image)),
    ],
    ids=["another voter", "other tries", "another outcome"],
)
def test_a_result_is_held_against_what_was_expected(stage: Stage, person: QueuePerson) -> None:
    stage.station.matcher.answers = [(3, 12.0)]
    (result,) = stage.play([person])
    assert not result.as_expected


def test_a_bug_ends_the_script(stage: Stage) -> None:
    stage.station.matcher.bug = ZeroDivisionError("ours")
    assert stage.play([comes(FingerTouch(image)), comes(FingerTouch(image))]) == []
    assert len(stage.station.witness.bugs) == 1


def test_a_blocked_desk_ends_the_script(stage: Stage) -> None:
    stage.station.book.full = True
    assert stage.play([comes(FingerTouch(image)), comes(FingerTouch(image))]) == []
    assert isinstance(stage.station.runner.state, Blocked)
    stage.station.runner.report_bug(ZeroDivisionError("ours"))
    assert stage.ends == 1


def test_a_scanner_lost_before_the_touch_was_felt_costs_that_act(stage: Stage) -> None:
    stage.station.matcher.answers = [(3, 12.0)]

    def gone() -> FingerImage:
        raise DeviceLostError

    (result,) = stage.play([comes(FingerTouch(gone), FingerTouch(image), tries=1)])
    assert result.as_expected
    assert stage.station.book.entries[-1].session == 1


def test_an_operator_may_choose_a_finger_under_a_script(stage: Stage) -> None:
    """The touch under way goes on: nothing is lifted, no act is skipped."""
    station = stage.station
    station.matcher.answers = [(3, 12.0)]
    chosen = events.FingerChosen(FingerPosition.LEFT_RING)

    def while_ready() -> FingerImage:
        station.bridge.post(lambda: station.runner.handle(chosen))
        time.sleep(0.02)
        return IMAGE

    (result,) = stage.play([comes(FingerTouch(while_ready), tries=1)])
    assert result.as_expected
    tried = next(entry for entry in station.book.entries if isinstance(entry, FingerTry))
    assert tried.asked is FingerPosition.LEFT_RING


def test_a_verdict_closed_by_hand_leaves_the_next_one_its_time(station: Station) -> None:
    station.matcher.answers = [(3, 12.0), (1, 12.0)]
    seen: list[tuple[float, VisitResult]] = []
    over: list[float] = []

    def on_result(result: VisitResult) -> None:
        seen.append((time.monotonic(), result))
        if len(seen) == 1:
            station.bridge.post(lambda: station.runner.handle(events.NextPressed()))

    Player(
        station.runner,
        station.scanner,
        station.bridge,
        [comes(FingerTouch(image)), comes(FingerTouch(image), row=1)],
        on_result,
        lambda: over.append(time.monotonic()),
        dwell_s=0.5,
    ).start()
    assert station.bridge.run(lambda: bool(over), 60)
    assert seen[1][0] - seen[0][0] < 0.5, "or the test shows nothing"
    assert over[0] - seen[1][0] >= 0.5
