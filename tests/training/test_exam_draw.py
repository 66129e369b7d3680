"""The draw of an exam: the same for a seed, every frequent case in each, the others soon."""

from collections import Counter

import pytest

from station_app.domain.entries import IssuedElsewhere, StruckOff
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.exam_sheet import ExamCase, ExamFault
from station_app.synthetic.precinct import invent_precinct
from station_app.training.exam_draw import _ALWAYS, EXAM_VOTERS, RULES, draw_exam
from station_app.training.lists import DEMO_FINGERS
from tests.training.exam_desk import PRECINCT, SIGNED, exam

SEEDS = range(12)


def test_a_seed_gives_one_draw() -> None:
    first, again, other = exam(1), draw_exam(1, PRECINCT, SIGNED), exam(2)
    assert first == again
    assert [one.case for one in first.voters] != [one.case for one in other.voters]
    assert first.earlier != other.earlier


@pytest.mark.parametrize("seed", SEEDS)
def test_every_draw_has_the_frequent_cases_and_the_faults(seed: int) -> None:
    draw = exam(seed)
    cases = Counter(voter.case for voter in draw.voters)
    assert len(draw.voters) == EXAM_VOTERS == cases.total()
    assert {case: cases[case] for case in _ALWAYS} == _ALWAYS
    faults = Counter(voter.fault for voter in draw.voters)
    assert faults[ExamFault.SCANNER_OUT] == faults[ExamFault.PAPER_OUT] == 1
    assert [voter.number for voter in draw.voters] == list(range(1, EXAM_VOTERS + 1))


def test_every_case_and_fault_comes_within_a_few_seeds() -> None:
    voters = [voter for seed in SEEDS for voter in exam(seed).voters]
    assert {voter.case for voter in voters} == set(ExamCase) == RULES.keys()
    assert {voter.fault for voter in voters} == {None, *ExamFault}


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_comes_twice(seed: int) -> None:
    draw = exam(seed)
    own = [one.person.voter_id for one in draw.voters if one.person.voter_id is not None]
    pins = [one.document.pin for one in draw.voters if one.document is not None]
    assert len(set(own)) == len(own)
    assert len(set(pins)) == len(pins)
    earlier = {one.voter_id for one in draw.earlier}
    assert len(earlier) == 3
    assert earlier <= set(own)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_written_before_is_of_who_comes(seed: int) -> None:
    draw = exam(seed)
    kinds = {ExamCase.VOTED_AT_HOME: IssuedElsewhere, ExamCase.STRUCK_OFF: StruckOff}
    written = {(type(act), act.voter_id) for act in draw.acts}
    assert written == {
        (kinds[voter.case], voter.person.voter_id) for voter in draw.voters if voter.case in kinds
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_cards_do_not_tell_more_than_a_person_shows(seed: int) -> None:
    for voter in exam(seed).voters:
        has_document = voter.case is not ExamCase.STRANGER
        assert (voter.document is not None) is has_document
        row = next((row for row in PRECINCT.voters if row.voter_id == voter.person.voter_id), None)
        if row is None:
            assert voter.case in (ExamCase.STRANGER, ExamCase.UNKNOWN_DOCUMENT)
            continue
        assert (voter.face.sex == row.sex) is (voter.case is not ExamCase.OTHER_PHOTO)
        is_own = voter.document is not None and voter.document.pin == row.pin
        assert is_own is (voter.case is not ExamCase.ANOTHERS_DOCUMENT)


def test_no_document_of_a_stranger_is_on_the_list() -> None:
    pins = {voter.pin for voter in PRECINCT.voters}
    for seed in SEEDS:
        for voter in exam(seed).voters:
            if voter.case is ExamCase.UNKNOWN_DOCUMENT:
                assert voter.document is not None
                assert voter.document.pin not in pins


def test_the_player_ends_as_the_rule_says() -> None:
    for voter in exam(3).voters:
        if voter.case is not ExamCase.OTHER_PHOTO:
            assert voter.rule.is_let_in is (OutcomeKind.IDENTIFIED in voter.person.ends)


def test_too_short_a_list() -> None:
    with pytest.raises(ValueError, match="at least 60"):
        draw_exam(1, invent_precinct(59, 1, DEMO_FINGERS), SIGNED)
