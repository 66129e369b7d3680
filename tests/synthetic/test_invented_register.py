"""The register: numbers, pages, personal numbers, ages and the balance of the sexes."""

import csv
import io
import re
from datetime import date

import pytest

from station_app.domain.voters import Voter
from station_app.synthetic.names import collation_key, draw_pin
from station_app.synthetic.register import (
    COLUMNS,
    REGISTER_DAY,
    Registered,
    invent_register,
    register_csv,
)
from station_app.synthetic.seeds import generator


@pytest.fixture(scope="module")
def register() -> tuple[Registered, ...]:
    return invent_register(1_724, 41)


@pytest.fixture(scope="module")
def voters(register: tuple[Registered, ...]) -> list[Voter]:
    return [entry.voter for entry in register]


def test_list_numbers_pages_and_lines(voters: list[Voter]) -> None:
    assert [v.list_number for v in voters] == list(range(1, len(voters) + 1))
    assert all((v.page - 1) * 20 + v.line == v.list_number for v in voters)
    assert {v.line for v in voters} == set(range(1, 21))


def test_sorted_by_surname_then_given_names(voters: list[Voter]) -> None:
    keys = [(collation_key(v.surname), collation_key(v.given_names)) for v in voters]
    assert keys == sorted(keys)


def test_pins_say_sex_and_birth_and_are_invented(voters: list[Voter]) -> None:
    for voter in voters:
        expected = ("1" if voter.sex == "f" else "2") + voter.born.strftime("%d%m%Y") + "9"
        assert re.fullmatch(r"\d{14}", voter.pin)
        assert voter.pin.startswith(expected)
    assert len({v.pin for v in voters}) == len(voters)


def test_voter_ids_are_opaque_and_unique(voters: list[Voter]) -> None:
    assert all(re.fullmatch(r"V-[0-9A-F]{16}", v.voter_id) for v in voters)
    assert len({v.voter_id for v in voters}) == len(voters)


def test_everybody_is_of_age_and_alive(voters: list[Voter]) -> None:
    for voter in voters:
        birthday = (voter.born.month, voter.born.day) > (REGISTER_DAY.month, REGISTER_DAY.day)
        age = REGISTER_DAY.year - voter.born.year - birthday
        assert 18 <= age <= 96


def test_half_and_a_little_more_are_women(voters: list[Voter]) -> None:
    share = sum(v.sex == "f" for v in voters) / len(voters)
    assert abs(share - 0.5154) < 0.04


def test_addresses_differ_and_portraits_are_left_empty(voters: list[Voter]) -> None:
    assert all(re.fullmatch(r"ул\. [^,]+, \d+(, кв\. \d+)?", v.address) for v in voters)
    assert len({v.address for v in voters}) > 0.8 * len(voters)
    assert all(v.portrait == b"" for v in voters)


def test_same_seed_same_people_other_seed_other_people() -> None:
    assert invent_register(50, 3) == invent_register(50, 3)
    ids = {entry.voter.voter_id for entry in invent_register(50, 3)}
    assert not ids & {entry.voter.voter_id for entry in invent_register(50, 4)}


def test_a_longer_list_keeps_the_people_of_a_shorter_one() -> None:
    short = {e.person: e.voter.voter_id for e in invent_register(30, 9)}
    longer = {e.person: e.voter.voter_id for e in invent_register(60, 9)}
    assert all(longer[person] == voter_id for person, voter_id in short.items())


def test_csv_reads_back(voters: list[Voter]) -> None:
    rows = list(csv.DictReader(io.StringIO(register_csv(voters[:40], "9042", "№ 5 мектеп"))))
    assert tuple(rows[0]) == COLUMNS
    assert {(row["precinct"], row["place"]) for row in rows} == {("9042", "№ 5 мектеп")}
    for row, voter in zip(rows, voters, strict=False):
        assert row["surname"] == voter.surname
        assert row["pin"] == voter.pin
        assert date.fromisoformat(row["born"]) == voter.born


def test_a_day_runs_out_of_serials_in_the_open() -> None:
    born = date(1990, 5, 4)
    taken = {f"1040519909{n:04d}" for n in range(10_000)}
    with pytest.raises(ValueError, match="no serial left"):
        draw_pin(generator("pin"), "f", born, taken)
    taken.remove("10405199091234")
    assert draw_pin(generator("pin"), "f", born, taken) == "10405199091234"


def test_an_empty_register_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one voter"):
        invent_register(0, 1)
