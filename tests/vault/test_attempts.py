"""Five wrong passphrases, then a wait that nothing shortens."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from station_app.domain.errors import KnownError
from station_app.domain.roles import Role
from station_app.vault import Attempts
from station_app.vault.attempts import TRIES, WAIT_SECONDS, boot_seconds
from tests.vault.people_samples import BootClock

KINDS = (Role.OPERATOR, Role.MEMBER, Role.TECHNICIAN)


@pytest.fixture
def clock() -> BootClock:
    return BootClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "attempts.json"


def spend(attempts: Attempts, tries: int, kind: Role = Role.OPERATOR) -> None:
    for _ in range(tries):
        attempts.begin(kind)


def refusal(attempts: Attempts, kind: Role = Role.OPERATOR) -> KnownError:
    with pytest.raises(KnownError) as caught:
        attempts.begin(kind)
    assert caught.value.code == "too_many_tries"
    return caught.value


def test_five_then_a_minute_then_five_again(path: Path, clock: BootClock) -> None:
    attempts = Attempts(path, clock)
    for left in range(TRIES, 0, -1):
        assert attempts.tries_left(Role.OPERATOR) == left
        attempts.begin(Role.OPERATOR)
    assert attempts.wait_seconds(Role.OPERATOR) == WAIT_SECONDS
    clock.now += 20
    assert "40 seconds" in refusal(attempts).message
    # Trying during the wait neither counts nor lengthens it.
    clock.now += 39.5
    refusal(attempts)
    assert attempts.tries_left(Role.OPERATOR) == 0
    clock.now += 0.5
    assert attempts.wait_seconds(Role.OPERATOR) == 0
    assert attempts.tries_left(Role.OPERATOR) == TRIES
    spend(attempts, TRIES)
    assert "60 seconds" in refusal(attempts).message


def test_the_right_one_begins_the_count_again(path: Path, clock: BootClock) -> None:
    attempts = Attempts(path, clock)
    spend(attempts, TRIES - 1)
    attempts.begin(Role.OPERATOR)
    attempts.succeed(Role.OPERATOR)
    assert attempts.tries_left(Role.OPERATOR) == TRIES


def test_kinds_are_counted_apart(path: Path, clock: BootClock) -> None:
    attempts = Attempts(path, clock)
    spend(attempts, TRIES)
    refusal(attempts)
    for kind in (Role.MEMBER, Role.TECHNICIAN):
        assert attempts.tries_left(kind) == TRIES
        spend(attempts, TRIES, kind)
        refusal(attempts, kind)


def test_a_restart_forgets_no_try_and_shortens_no_wait(path: Path, clock: BootClock) -> None:
    spend(Attempts(path, clock), 3)
    attempts = Attempts(path, clock)
    assert attempts.tries_left(Role.OPERATOR) == TRIES - 3
    spend(attempts, 2)
    clock.now += 59
    again = Attempts(path, clock)
    assert again.wait_seconds(Role.OPERATOR) == WAIT_SECONDS
    # The machine itself was started again: its clock begins at nothing.
    clock.now = 0
    again = Attempts(path, clock)
    clock.now += 59
    refusal(again)
    clock.now += 1
    again.begin(Role.OPERATOR)


def test_another_process_fills_the_count(path: Path, clock: BootClock) -> None:
    attempts, other = Attempts(path, clock), Attempts(path, clock)
    spend(other, TRIES)
    clock.now += 30
    assert attempts.wait_seconds(Role.OPERATOR) == WAIT_SECONDS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\xff",
        json.dumps({"format": "station-app/attempts/2", "wrong": {}}).encode(),
        json.dumps({"format": "station-app/attempts/1", "wrong": {"operator": 0}}).encode(),
        json.dumps(
            {
                "format": "station-app/attempts/1",
                "wrong": {"operator": -1, "member": 0, "technician": 0},
            }
        ).encode(),
        json.dumps(
            {
                "format": "station-app/attempts/1",
                "wrong": {"operator": 0.0, "member": 0, "technician": 0},
            }
        ).encode(),
    ],
)
def test_a_damaged_file_costs_one_wait(path: Path, clock: BootClock, data: bytes) -> None:
    path.write_bytes(data)
    attempts = Attempts(path, clock)
    for kind in KINDS:
        refusal(attempts, kind)
    clock.now += WAIT_SECONDS
    for kind in KINDS:
        attempts.begin(kind)
        assert attempts.tries_left(kind) == TRIES - 1


def test_what_cannot_be_read_is_said(tmp_path: Path, clock: BootClock) -> None:
    with pytest.raises(KnownError) as caught:
        Attempts(tmp_path, clock)
    assert caught.value.code == "attempts_unreadable"


def test_it_holds_counts_alone(path: Path, clock: BootClock) -> None:
    attempts = Attempts(path, clock)
    assert not path.exists()
    attempts.begin(Role.MEMBER)
    assert json.loads(path.read_text()) == {
        "format": "station-app/attempts/1",
        "wrong": {"member": 1, "operator": 0, "technician": 0},
    }
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_wait_that_another_screen_has_ended_is_not_taken_for_the_next(
    path: Path, clock: BootClock
) -> None:
    one, other = Attempts(path, clock), Attempts(path, clock)
    spend(one, TRIES)
    assert one.wait_seconds(Role.OPERATOR) == WAIT_SECONDS
    assert other.wait_seconds(Role.OPERATOR) == WAIT_SECONDS
    clock.now += WAIT_SECONDS
    assert one.wait_seconds(Role.OPERATOR) == 0
    spend(other, TRIES)
    assert other.wait_seconds(Role.OPERATOR) == WAIT_SECONDS


ROUNDS = st.lists(
    st.tuples(
        st.floats(0, 90),
        st.integers(0, 2 * TRIES),
        st.sampled_from(["", "right", "restart"]),
    ),
    max_size=12,
)
"""Seconds that pass, how many wrong ones are tried then, and what comes after them."""


@settings(max_examples=40)
@given(ROUNDS)
@example([(0.0, TRIES + 1, ""), (WAIT_SECONDS, 1, "")])
@example([(0.0, TRIES + 1, "restart"), (WAIT_SECONDS - 1, 1, ""), (1.0, TRIES, "")])
def test_never_more_than_five_wrong_ones_a_minute(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[tuple[float, int, str]]
) -> None:
    path = tmp_path_factory.mktemp("station") / "attempts.json"
    clock = BootClock()
    attempts = Attempts(path, clock)
    looked_at: list[float] = []
    for seconds, wrong, after in rounds:
        clock.now += seconds
        for _ in range(wrong):
            if attempts.wait_seconds(Role.OPERATOR) == 0:
                attempts.begin(Role.OPERATOR)
                looked_at.append(clock.now)
        if after == "restart":
            attempts = Attempts(path, clock)
        elif after == "right" and attempts.wait_seconds(Role.OPERATOR) == 0:
            attempts.begin(Role.OPERATOR)
            attempts.succeed(Role.OPERATOR)
            looked_at.clear()
    for first, sixth in zip(looked_at, looked_at[TRIES:], strict=False):
        assert sixth - first >= WAIT_SECONDS


def test_the_clock_counts_seconds_and_can_not_be_set() -> None:
    before = boot_seconds()
    assert 0 < before <= boot_seconds()
