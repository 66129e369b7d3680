"""Names follow the endings of a register, and sort as a printed list does."""

import random
import re

import pytest

from station_app.synthetic.names import (
    KYRGYZ_FATHERS,
    KYRGYZ_MEN,
    KYRGYZ_WOMEN,
    RUSSIAN_FATHERS,
    RUSSIAN_MEN,
    RUSSIAN_SURNAMES,
    RUSSIAN_WOMEN,
    STREETS,
    collation_key,
    draw_name,
    family_name,
    feminine,
    patronymic,
)
from station_app.synthetic.seeds import generator


@pytest.mark.parametrize(
    ("ancestor", "man", "woman"),
    [
        ("Асан", "Асанов", "Асанова"),
        ("Бакай", "Бакаев", "Бакаева"),
        ("Алтымыш", "Алтымышев", "Алтымышева"),
        ("Токтоналы", "Токтоналиев", "Токтоналиева"),
        ("Муса", "Мусаев", "Мусаева"),
        ("Эгемберди", "Эгембердиев", "Эгембердиева"),
        ("Игорь", "Игорев", "Игорева"),
        ("Василий", "Васильев", "Васильева"),
    ],
)
def test_family_name(ancestor: str, man: str, woman: str) -> None:
    assert family_name(ancestor) == man
    assert feminine(man) == woman


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Асан", "Асанович", "Асановна"),
        ("Бакай", "Бакаевич", "Бакаевна"),
        ("Нуралы", "Нуралиевич", "Нуралиевна"),
        ("Иса", "Исаевич", "Исаевна"),
        ("Жумаш", "Жумашевич", "Жумашевна"),
        ("Игорь", "Игоревич", "Игоревна"),
        ("Сергей", "Сергеевич", "Сергеевна"),
        ("Юрий", "Юрьевич", "Юрьевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Георгий", "Георгиевич", "Георгиевна"),
        ("Пётр", "Петрович", "Петровна"),
        ("Павел", "Павлович", "Павловна"),
    ],
)
def test_patronymic(father: str, son: str, daughter: str) -> None:
    assert patronymic(father, "m") == son
    assert patronymic(father, "f") == daughter


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("Никитин", "Никитина"),
        ("Островский", "Островская"),
        ("Шевченко", "Шевченко"),
        ("Ковальчук", "Ковальчук"),
    ],
)
def test_feminine_of_russian_surnames(man: str, woman: str) -> None:
    assert feminine(man) == woman


def test_every_name_is_spelled_with_one_alphabet() -> None:
    parts = (
        *KYRGYZ_MEN, *KYRGYZ_WOMEN, *KYRGYZ_FATHERS, *RUSSIAN_MEN, *RUSSIAN_WOMEN,
        *RUSSIAN_FATHERS, *RUSSIAN_SURNAMES, *STREETS,
    )  # fmt: skip
    for part in parts:
        assert re.fullmatch(r"[А-ЯЁҢӨҮа-яёңөү -]+", part), part


@pytest.mark.parametrize("parts", [KYRGYZ_MEN, KYRGYZ_WOMEN, KYRGYZ_FATHERS, RUSSIAN_SURNAMES])
def test_no_part_is_listed_twice(parts: tuple[str, ...]) -> None:
    assert len(set(parts)) == len(parts)


@pytest.mark.parametrize(("sex", "child"), [("f", "кызы"), ("m", "уулу")])
def test_drawn_names_agree_with_the_sex(sex: str, child: str) -> None:
    drawn = [draw_name(generator("names", sex, n), sex) for n in range(600)]
    endings = ("вна",) if sex == "f" else ("вич",)
    kyrgyz_forms = 0
    for name in drawn:
        last = name.surname.split()[-1]
        if " " in name.surname:
            kyrgyz_forms += 1
            assert last == child
            assert " " not in name.given_names, "this form has no patronymic"
        elif " " in name.given_names:
            assert name.given_names.endswith(endings)
        if sex == "f":
            assert not last.endswith(("ов", "ев", "ий"))
        else:
            assert not last.endswith(("ова", "ева", "ая"))
    assert 0.10 < kyrgyz_forms / len(drawn) < 0.25


def test_kyrgyz_letters_sort_in_their_places() -> None:
    ordered = ["Нур", "Ңур", "Осмон", "Өмүр", "Петр", "Уран", "Үсөн", "Федор"]
    mixed = ordered[:]
    random.Random(3).shuffle(mixed)
    assert sorted(mixed, key=collation_key) == ordered
