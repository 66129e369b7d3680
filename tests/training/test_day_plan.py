"""The plan of a simulated day holds what it must, and always the same."""

from collections import Counter
from itertools import pairwise

import pytest

from station_app.training.day_plan import (
    CRASHES,
    ENDS,
    REFUSALS,
    DayMilestone,
    PlannedVisit,
    VisitCase,
    correction_of,
    plan_day,
    taken_over_at,
)
from station_app.training.script import ScriptFault


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
    assert cases.keys() == set(VisitCase) == ENDS.keys()
    assert faults.keys() == {None, *ScriptFault}
    assert faults[ScriptFault.CRASH] == CRASHES
    assert faults[ScriptFault.CLOCK_BACK] == 1
    assert [visit.number for visit in visits] == list(range(len(visits)))
    milestones = [visit.before for visit in visits if visit.before is not None]
    assert sorted(milestones) == sorted(DayMilestone) == sorted(REFUSALS)


COMES_AGAIN = (
    VisitCase.AGAIN_SAME_FINGER,
    VisitCase.AGAIN_OTHER_FINGER,
    VisitCase.AGAIN_WITH_DOCUMENT,
    VisitCase.AGAIN_MISSING,
    VisitCase.AGAIN_OTHER_NUMBER,
    VisitCase.SENT_AWAY,
)


@pytest.mark.parametrize("seed", range(8))
def test_who_comes_again_has_been_there(seed: int) -> None:
    standing: set[int] = set()
    for visit in plan_day(120, seed):
        if visit.case in COMES_AGAIN:
            assert visit.row in standing
        elif visit.stands:
            assert visit.row not in standing
            standing.add(visit.row)
        elif visit.row is not None and visit.case is not VisitCase.PHOTO_MISMATCH:
            assert visit.row not in standing


def place_of(visits: tuple[PlannedVisit, ...], milestone: DayMilestone) -> int:
    return next(visit.number for visit in visits if visit.before is milestone)


@pytest.mark.parametrize(("voters", "seed"), [(40, 1), (40, 7), (300, 2)])
def test_the_corrected_list_changes_who_has_come_or_will_come(voters: int, seed: int) -> None:
    visits = plan_day(voters, seed)
    noon = place_of(visits, DayMilestone.LIST_CORRECTED)
    correction = correction_of(visits)
    came = {visit.row for visit in visits[:noon] if visit.stands}
    assert {correction.missing, correction.renamed} <= came
    changed = {correction.missing, correction.renamed}
    after = [visit for visit in visits[noon:] if {visit.row, visit.document_row} & changed]
    assert {visit.case for visit in after} == {
        VisitCase.AGAIN_MISSING,
        VisitCase.AGAIN_OTHER_NUMBER,
    }
    (added,) = [visit for visit in visits if visit.row == correction.added]
    assert added.case is VisitCase.ADDED
    assert added.number >= noon


@pytest.mark.parametrize("seed", range(8))
def test_somebody_of_before_comes_after_each_milestone(seed: int) -> None:
    visits = plan_day(40, seed)
    for milestone in (DayMilestone.LIST_CORRECTED, DayMilestone.CLOSED_EARLY):
        place = place_of(visits, milestone)
        before = {visit.row for visit in visits[:place] if visit.stands}
        again = [visit for visit in visits[place:] if visit.case is VisitCase.AGAIN_SAME_FINGER]
        assert any(visit.row in before for visit in again)


@pytest.mark.parametrize("seed", range(8))
def test_a_blind_spare_is_not_asked_about_those_of_before(seed: int) -> None:
    visits = plan_day(120, seed)
    death = taken_over_at(visits)
    before = {visit.row for visit in visits[:death] if visit.stands}
    asked = {visit.row for visit in visits[death:] if visit.ends}
    assert not before & asked
    assert any(visit.case is VisitCase.SENT_AWAY for visit in visits[death:])


@pytest.mark.parametrize("seed", range(8))
def test_no_crash_meets_what_happens_between_two_visits(seed: int) -> None:
    visits = plan_day(40, seed)
    for visit in visits:
        if visit.fault is ScriptFault.CRASH:
            following = visits[visit.number : visit.number + 4]
            assert [one.before for one in following] == [None] * 4


@pytest.mark.parametrize("voters", [40, 2500])
def test_the_clock_goes_back_once_and_comes_right(voters: int) -> None:
    times = [visit.at for visit in plan_day(voters, 1)]
    back = [later for one, later in pairwise(times) if later < one]
    assert len(back) == 1
    assert times[-1] > times[0]
