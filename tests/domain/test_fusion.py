"""Combined evidence stays evidence: an impostor gets e or more at most once in 10^e."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.fingers import FingerPosition
from station_app.domain.fusion import Compared, combine, combine_same, session_candidates
from station_app.domain.matching import Candidate
from station_app.domain.samples import Asked, Face, Finger

RIGHT, LEFT = Finger(FingerPosition.RIGHT_INDEX), Finger(FingerPosition.LEFT_INDEX)
evidences = st.floats(min_value=0, max_value=15)
several = st.lists(evidences, min_size=1, max_size=5)
CLOSE = 1e-9


def test_fisher_by_hand() -> None:
    # Two p-values of 10^-3: P(chi-square, 4 degrees, >= 27.63) = 10^-6 (1 + 13.816) = 1.482e-5;
    # one third of the chances is the combination's.
    assert combine([3, 3]) == pytest.approx(-math.log10(3 * 1.482e-5), abs=1e-3)
    # The strong one alone is better than together with nothing.
    assert combine([6, 0]) == pytest.approx(6 - math.log10(3))
    assert combine_same([3, 5]) == pytest.approx(5 - math.log10(2))


@given(evidences)
def test_one_alone_is_unchanged(one: float) -> None:
    assert combine([one]) == combine_same([one]) == one


def test_nothing_is_no_evidence() -> None:
    assert combine([]) == combine_same([]) == 0
    assert session_candidates([Compared(RIGHT, (), 600, "test/1")]) == ()


@given(several, evidences, st.data())
def test_more_of_any_is_never_less(values: list[float], more: float, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(values) - 1))
    raised = [v + more if n == place else v for n, v in enumerate(values)]
    assert combine(raised) >= combine(values) - CLOSE
    assert combine_same(raised) >= combine_same(values)


@given(several)
def test_never_more_than_independence_allows(values: list[float]) -> None:
    assert 0 <= combine_same(values) <= max(values)
    assert 0 <= combine(values) <= sum(values) + CLOSE


@given(several, evidences)
def test_a_weak_one_adds_at_most_itself(values: list[float], weak: float) -> None:
    assert combine([*values, weak]) <= combine(values) + weak + CLOSE


@given(several, evidences)
def test_a_weak_one_costs_no_more_than_its_chances(values: list[float], weak: float) -> None:
    assert combine([*values, weak]) >= max(values) - math.log10(len(values) + 2) - CLOSE


@given(several, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(values: list[float], shuffler: random.Random) -> None:
    mixed = list(values)
    shuffler.shuffle(mixed)
    assert combine(mixed) == pytest.approx(combine(values))
    assert combine_same(mixed) == combine_same(values)


def impostor(draw: random.Random) -> float:
    """-log10 of a uniform number: what an impostor's evidence is at most."""
    return -math.log10(1 - draw.random())


@pytest.mark.parametrize("fingers", [1, 2, 3, 4])
def test_impostors_get_evidence_no_more_often_than_it_says(fingers: int) -> None:
    draw = random.Random(fingers)
    sessions = 40_000
    got = [combine([impostor(draw) for _ in range(fingers)]) for _ in range(sessions)]
    assert_evidence(got)


@pytest.mark.parametrize("copied", [0.0, 0.5, 1.0])
def test_tries_of_one_finger_may_depend_on_each_other(copied: float) -> None:
    draw = random.Random(int(10 * copied))
    got = []
    for _ in range(40_000):
        first = impostor(draw)
        again = [first if draw.random() < copied else impostor(draw) for _ in range(2)]
        got.append(combine_same([first, *again]))
    assert_evidence(got)


def assert_evidence(got: Sequence[float]) -> None:
    """Shares above each level within three standard deviations of what they say."""
    for level in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0):
        expected = 10**-level * len(got)
        assert sum(e >= level for e in got) <= expected + 3 * math.sqrt(expected)


def met(asked: Asked, *seen: tuple[int, Asked, float]) -> Compared:
    return Compared(asked, tuple(Candidate(*one) for one in seen), 600, "test/1")


def of_row(tries: Sequence[Compared], row: int) -> float:
    return next(c.evidence for c in session_candidates(tries) if c.row == row)


def test_a_single_image_is_what_it_is() -> None:
    image = met(RIGHT, (4, LEFT, 5.0), (7, RIGHT, 2.0))
    assert session_candidates([image]) == image.candidates


def test_two_fingers_of_a_voter_are_joined() -> None:
    tries = [met(RIGHT, (4, RIGHT, 5.5), (7, RIGHT, 1.0)), met(LEFT, (4, LEFT, 5.0))]
    assert of_row(tries, 4) == pytest.approx(combine([5.5, 5.0]))
    assert of_row(tries, 4) > 8
    assert of_row(tries, 7) == pytest.approx(1 - math.log10(3))
    assert session_candidates(tries)[0] == Candidate(4, RIGHT, of_row(tries, 4))


def test_a_face_is_a_source_beside_the_fingers() -> None:
    finger, face = met(RIGHT, (4, RIGHT, 5.5)), met(Face(), (4, Face(), 5.0))
    assert of_row([finger, face], 4) == pytest.approx(combine([5.5, 5.0]))
    assert of_row([finger, finger, face], 4) == pytest.approx(
        combine([combine_same([5.5, 5.5]), 5.0])
    )


def test_two_engines_on_one_finger_are_two_tries_of_it() -> None:
    first = met(RIGHT, (4, RIGHT, 5.5))
    other = replace(met(RIGHT, (4, RIGHT, 5.0)), engine="other/1")
    assert of_row([first, other], 4) == pytest.approx(combine_same([5.5, 5.0]))


def test_what_was_not_asked_for_is_not_joined() -> None:
    """The same finger twice, under whatever name, is one finger."""
    twice = [met(RIGHT, (4, RIGHT, 5.5)), met(LEFT, (4, RIGHT, 5.5))]
    assert of_row(twice, 4) == pytest.approx(5.5 - math.log10(3))
    again = [met(RIGHT, (4, RIGHT, 5.5)), met(RIGHT, (4, RIGHT, 5.5))]
    assert of_row(again, 4) == pytest.approx(5.5 - math.log10(2))
    unknown = Finger(FingerPosition.UNKNOWN)
    nameless = [met(unknown, (4, unknown, 5.5)), met(RIGHT, (4, unknown, 5.5))]
    assert of_row(nameless, 4) == pytest.approx(5.5 - math.log10(3))


def test_a_repeated_finger_is_paid_for_before_it_is_joined() -> None:
    tries = [met(RIGHT, (4, RIGHT, 2.0)), met(RIGHT, (4, RIGHT, 5.5)), met(LEFT, (4, LEFT, 5.0))]
    assert of_row(tries, 4) == pytest.approx(combine([5.5 - math.log10(2), 5.0]))


@given(
    st.lists(st.tuples(st.sampled_from([RIGHT, LEFT]), evidences, evidences), max_size=4),
    evidences,
    st.data(),
)
def test_more_for_a_voter_in_one_image_is_never_less_in_all(
    rows: list[tuple[Asked, float, float]], more: float, data: st.DataObject
) -> None:
    def tries(raised: int) -> list[Compared]:
        return [
            met(asked, (0, RIGHT, a + more * (n == raised)), (1, LEFT, b))
            for n, (asked, a, b) in enumerate(rows)
        ]

    raised = data.draw(st.integers(0, max(len(rows) - 1, 0)))
    before = {c.row: c.evidence for c in session_candidates(tries(-1))}
    after = {c.row: c.evidence for c in session_candidates(tries(raised))}
    for row, evidence in before.items():
        assert after[row] >= evidence - CLOSE
    assert after.get(1) == before.get(1), "nobody else gains"


def test_impostors_in_a_list_get_evidence_no_more_often_than_the_list_is_long() -> None:
    """Two tries against 12 voters with two fingers: N = 24 chances, whatever is joined."""
    draw = random.Random(5)
    sessions, voters, level = 4_000, 12, 2.5
    alarms = 0
    for _ in range(sessions):
        tries = []
        for asked in (RIGHT, LEFT):
            best = [
                max((RIGHT, impostor(draw)), (LEFT, impostor(draw)), key=lambda seen: seen[1])
                for _ in range(voters)
            ]
            tries.append(met(asked, *((row, *seen) for row, seen in enumerate(best))))
        alarms += session_candidates(tries)[0].evidence >= level
    expected = sessions * 2 * voters * 10**-level
    assert alarms <= expected + 3 * math.sqrt(expected)
