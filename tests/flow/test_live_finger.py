"""The live view: which frame is taken where the scanner leaves that open, and what is told."""

from collections.abc import Iterator

import pytest

from station_app.devices.simulated.simulated_scanner import Manner
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.samples import FingerImage, LiveFrame, Meters, Retry, RetryReason
from station_app.domain.session_states import AwaitingSample, Idle, Matching, Verdict
from station_app.flow.live_finger import GIVE_UP_S, STEADY_FRAMES, BestFrame, PacedMeters
from tests.flow.whole_desk import Station

GOOD = Meters(5, 4, 5)
FAIR = Meters(3, 3, 3)
NOTHING = Meters(0, 0, 0)


class Hands:
    """A clock that is turned by hand, and frames that can be told apart."""

    def __init__(self) -> None:
        self.now = 0.0
        self.best = BestFrame(lambda: self.now)

    def frame(self, number: int, meters: Meters) -> LiveFrame | None:
        image = FingerImage(bytes([number]) * 4, 2, 2, 500)
        return self.best.see(LiveFrame(image, 0.0), meters)

    @property
    def chosen(self) -> int | Retry | None:
        chosen = self.best.chosen
        return chosen.pixels[0] if isinstance(chosen, FingerImage) else chosen


@pytest.fixture
def hands() -> Hands:
    return Hands()


def test_a_finger_that_lies_steady_is_taken(hands: Hands) -> None:
    shown = [hands.frame(number, GOOD) for number in range(STEADY_FRAMES)]
    assert [one.progress for one in shown if one] == [0.25, 0.5, 0.75, 1.0]
    assert hands.chosen == STEADY_FRAMES - 1


def test_the_best_of_the_steady_frames_is_taken(hands: Hands) -> None:
    for number, meters in enumerate((GOOD, Meters(5, 5, 5), GOOD, GOOD)):
        hands.frame(number, meters)
    assert hands.chosen == 1


def test_a_finger_that_moves_begins_anew_and_its_progress_does_not_go_back(hands: Hands) -> None:
    for number in range(3):
        hands.frame(number, GOOD)
    moved = hands.frame(3, FAIR)
    assert moved is not None
    assert moved.progress == 0.75
    assert hands.chosen is None
    for number in range(4, 4 + STEADY_FRAMES):
        hands.frame(number, GOOD)
    assert hands.chosen is not None


def test_an_empty_glass_is_not_shown_and_not_waited_for(hands: Hands) -> None:
    for _ in range(3):
        assert hands.frame(0, NOTHING) is None
        hands.now += GIVE_UP_S
    hands.best.lifted()
    assert hands.chosen is None


def test_after_a_while_the_best_so_far_is_taken(hands: Hands) -> None:
    hands.frame(1, FAIR)
    hands.frame(2, Meters(3, 2, 3))
    hands.now += GIVE_UP_S
    hands.frame(3, Meters(1, 1, 1))
    assert hands.chosen == 1


@pytest.mark.parametrize(
    ("meters", "reason"),
    [
        (Meters(1, 3, 3), RetryReason.OFF_CENTRE),
        (Meters(4, 1, 1, RetryReason.TOO_DRY), RetryReason.TOO_DRY),
        (Meters(4, 1, 3, RetryReason.TOO_WET), RetryReason.TOO_LIGHT),
    ],
)
def test_without_a_fair_frame_it_says_what_to_mend(
    hands: Hands, meters: Meters, reason: RetryReason
) -> None:
    hands.frame(1, meters)
    hands.now += GIVE_UP_S
    hands.frame(2, meters)
    assert hands.chosen == Retry(reason)


@pytest.mark.parametrize(
    ("meters", "chosen"), [(FAIR, 1), (Meters(4, 1, 4), Retry(RetryReason.LIFTED_EARLY))]
)
def test_a_finger_lifted_early(hands: Hands, meters: Meters, chosen: int | Retry) -> None:
    hands.frame(1, meters)
    hands.best.lifted()
    assert hands.chosen == chosen


def test_meters_take_a_quarter_of_a_processor_at_most() -> None:
    now = [0.0]

    def slow(_: FingerImage) -> Meters:
        now[0] += 0.04
        return GOOD

    image, paced = FingerImage(b"\0", 1, 1, 500), PacedMeters(slow, lambda: now[0])
    read = 0
    while now[0] < 1.0:
        read += paced.read(image, is_last=False) is not None
        now[0] += 0.01
    assert 5 <= read <= 7
    assert paced.read(image, is_last=True) == GOOD


@pytest.fixture(params=list(Manner))
def manner(request: pytest.FixtureRequest) -> Manner:
    found = request.param
    assert isinstance(found, Manner)
    return found


@pytest.fixture
def desk(manner: Manner) -> Iterator[Station]:
    made = Station(manner=manner)
    yield made
    made.runner.stop()


def test_every_kind_of_scanner_identifies(desk: Station, manner: Manner) -> None:
    desk.matcher.answers = [(3, 12.0)]
    desk.until(Idle)
    desk.place()
    if manner is Manner.AFTER_LIFT:
        desk.until(AwaitingSample)
        assert desk.bridge.run(lambda: desk.witness.touches == [True], 60)
        desk.bridge.run(lambda: False, 0.1)  # the finger lies there as long as it takes
        desk.scanner.lift()
    shown = desk.until(Verdict)
    assert isinstance(shown, Verdict)
    assert shown.outcome.outcome is OutcomeKind.IDENTIFIED
    assert any(isinstance(one, Matching) for one in desk.witness.states)
    info = desk.runner.scanner.info
    assert info is not None
    assert info.streams is bool(desk.witness.frames)
    assert info.senses_finger is bool(desk.witness.touches)


def test_a_finger_that_only_lies_there_begins_no_second_session(desk: Station) -> None:
    desk.matcher.answers = [(3, 12.0)]
    desk.place()
    desk.bridge.run(lambda: isinstance(desk.runner.state, AwaitingSample), 60)
    desk.bridge.run(lambda: False, 0.1)
    desk.scanner.lift()
    desk.until(Verdict)
    desk.until(Idle)
    desk.bridge.run(lambda: False, 0.2)
    assert isinstance(desk.runner.state, Idle)
    assert len(desk.book.outcomes()) == 1
