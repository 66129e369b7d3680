"""The plan of a simulated day holds what it must, and always the same."""

from collections import Counter
from itertools import pairwise

import pytest

from station_app.flow.day_plan import CRASHES, ENDS, Case, Fault, plan_day


def test_a_seed_gives_one_day() -> None:
    assert plan_day(100, 1) == plan_day(100, 1)
    assert plan_day(100, 1) != plan_day(100, 2)


def test_too_short_a_list() -> None:
    with pytest.raises(ValueError, match="at least 40"):
        plan_day(39, 1)


@pytest.mark.parametrize(("voters", "seed"), [(40, 1), (100, 3), (2500, 1)])
def test_every_case_and_fault_is_in_it(voters: int, seed: int) -> None:
    visits = plan_day(voters, seed)
    cases = Counter(visit.case for visit in visits)
    faults = Counter(visit.fault for visit in visits)
    assert cases.keys() == set(Case) == ENDS.keys()
    assert faults.keys() == {None, *Fault}
    assert faults[Fault.CRASH] == CRASHES
    assert faults[Fault.CLOCK_BACK] == 1
    assert [visit.number for visit in visits] == list(range(len(visits)))


@pytest.mark.parametrize("seed", range(8))
def test_who_comes_again_has_been_there(seed: int) -> None:
    standing: set[int] = set()
    for visit in plan_day(120, seed):
        if visit.case in (
            Case.AGAIN_SAME_FINGER,
            Case.AGAIN_OTHER_FINGER,
            Case.AGAIN_WITH_DOCUMENT,
        ):
            assert visit.row in standing
        elif visit.stands:
            assert visit.row not in standing
            standing.add(visit.row)
        elif visit.row is not None and visit.case is not Case.PHOTO_MISMATCH:
            assert visit.row not in standing


@pytest.mark.parametrize("voters", [40, 2500])
def test_the_clock_goes_back_once_and_comes_right(voters: int) -> None:
    times = [visit.at for visit in plan_day(voters, 1)]
    back = [later for one, later in pairwise(times) if later < one]
    assert len(back) == 1
    assert times[-1] > times[0]
