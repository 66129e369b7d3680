"""Finding voters of an open list: by the beginnings of names, by PIN, by id."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.domain.voters import short_name
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList, write_list
from station_app.snapshots.voter_list import NameSearch
from tests.snapshots.list_samples import HEADER, fingers, packed, voter

FOUR = [voter(row) for row in range(4)]


@pytest.fixture
def voters(tmp_path: Path) -> Iterator[VoterList]:
    pairs = fingers(len(FOUR))
    path = tmp_path / "four.vlist"
    write_list(
        path, PUBLIC_DEMO_LIST_KEY, HEADER, voters=FOUR, templates=pairs, chunks=packed(pairs)
    )
    opened = VoterList.open(path, PUBLIC_DEMO_LIST_KEY)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "text",
    ["үсөнова2", "ҮСӨН жоом", "усонова2", "Айп", "жоо үсө", "  Үсөнова2  Айпери "],
)
def test_names_are_found_by_their_beginnings_in_any_case(text: str) -> None:
    assert NameSearch(text).fits("Үсөнова2 Айпери Жоомартовна")


@pytest.mark.parametrize("text", ["", " ", "-", "сөнова", "Айпери Үсөнова3", "№"])
def test_what_begins_no_word_finds_nobody(text: str) -> None:
    assert not NameSearch(text).fits("Үсөнова2 Айпери Жоомартовна")


def test_letters_with_their_dots_apart_are_the_same_letters() -> None:
    assert NameSearch("Ко\u0308роглы и\u0306").fits("Кӧроглы Йылмаз")
    assert NameSearch("елкин").fits("Ёлкин Пётр")


def test_a_list_is_searched_by_name_and_by_pin(voters: VoterList) -> None:
    assert voters.search("ҮСӨНОВА2 ай") == {FOUR[2].voter_id}
    assert len(voters.search("айпери")) == 4
    assert voters.search("Nobody") == frozenset()
    assert voters.search(f" {FOUR[1].pin} ") == {FOUR[1].voter_id}
    assert voters.search(FOUR[1].pin[:-1]) == frozenset()


def test_names_and_records_are_read_by_id(voters: VoterList) -> None:
    wanted = [FOUR[3].voter_id, FOUR[0].voter_id, "V-UNKNOWN"]
    assert voters.short_names(wanted) == {
        FOUR[3].voter_id: "Үсөнова3 А. Ж.",
        FOUR[0].voter_id: "Үсөнова0 А. Ж.",
    }
    assert voters.short_names([]) == {}
    assert voters.voter_of(FOUR[3].voter_id) == FOUR[3]
    assert voters.voter_of("V-UNKNOWN") is None


def test_a_short_name_leaves_small_words_out() -> None:
    assert short_name("Асанов", "Нурлан Асан уулу") == "Асанов Н. А."
    assert short_name("Асанов", "") == "Асанов"


def test_sex_and_birth_are_read_by_id_for_the_turnout(voters: VoterList) -> None:
    wanted = [FOUR[2].voter_id, "V-UNKNOWN", FOUR[1].voter_id]
    assert voters.demographics(wanted) == {
        FOUR[1].voter_id: ("f", FOUR[1].born),
        FOUR[2].voter_id: ("f", FOUR[2].born),
    }
