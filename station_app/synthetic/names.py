"""Invented names in the Kyrgyz and Russian forms of a voter register, in Cyrillic.

The parts are common given names; who bears which is drawn by chance, so that a full name
met in real life is a coincidence. Endings by the rules of Russian-style registers.
"""

from dataclasses import dataclass

import numpy as np

from station_app.synthetic.name_parts import (
    KYRGYZ_FATHERS,
    KYRGYZ_MEN,
    KYRGYZ_WOMEN,
    RUSSIAN_FATHERS,
    RUSSIAN_MEN,
    RUSSIAN_SURNAMES,
    RUSSIAN_WOMEN,
)

FEMALE, MALE = "f", "m"

_RUSSIAN_SHARE = 0.10
_UULU_SHARE = 0.18  # "Father уулу / кызы Given", of the Kyrgyz forms
_NO_PATRONYMIC_SHARE = 0.12  # of the Kyrgyz forms with a surname
_HUSHING = "жчшщц"
_VOWELS = "аеёиоөуүыэюя"
_IRREGULAR_STEMS = {"Пётр": "Петр", "Павел": "Павл"}
_ALPHABET = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
_ORDER = {letter: place for place, letter in enumerate(_ALPHABET, start=1)}


@dataclass(frozen=True, slots=True)
class RegisterName:
    """A name as a register splits it; `given_names` holds the patronymic, if any."""

    surname: str
    given_names: str


def draw_name(rng: np.random.Generator, sex: str) -> RegisterName:
    """One invented name for `sex` ("f" or "m")."""
    if rng.random() < _RUSSIAN_SHARE:
        given = _pick(rng, RUSSIAN_WOMEN if sex == FEMALE else RUSSIAN_MEN)
        surname = _pick(rng, RUSSIAN_SURNAMES)
        father = _pick(rng, RUSSIAN_FATHERS)
        return RegisterName(
            feminine(surname) if sex == FEMALE else surname, f"{given} {patronymic(father, sex)}"
        )
    given = _pick(rng, KYRGYZ_WOMEN if sex == FEMALE else KYRGYZ_MEN)
    father, ancestor = _pick(rng, KYRGYZ_FATHERS), _pick(rng, KYRGYZ_FATHERS)
    form = rng.random()
    if form < _UULU_SHARE:
        return RegisterName(f"{father} {'кызы' if sex == FEMALE else 'уулу'}", given)
    surname = family_name(ancestor)
    surname = feminine(surname) if sex == FEMALE else surname
    if form < _UULU_SHARE + _NO_PATRONYMIC_SHARE:
        return RegisterName(surname, given)
    return RegisterName(surname, f"{given} {patronymic(father, sex)}")


def family_name(ancestor: str) -> str:
    """The man's surname made of a forefather's name: Асан -> Асанов, Бакай -> Бакаев."""
    stem, soft = _stem(ancestor)
    return stem + ("ев" if soft else "ов")


def patronymic(father: str, sex: str) -> str:
    """-ович/-овна, or -евич/-евна after й, ь, vowels and ж ч ш щ ц."""
    stem, soft = _stem(father)
    ending = "вна" if sex == FEMALE else "вич"
    return stem + ("е" if soft else "о") + ending


def feminine(surname: str) -> str:
    """The woman's form of a man's surname: -ов, -ев, -ин take -а, -ский -ская, others none."""
    if surname.endswith(("ов", "ев", "ин", "ын")):
        return surname + "а"
    if surname.endswith("ий"):
        return surname[:-2] + "ая"
    return surname


def collation_key(text: str) -> tuple[int, ...]:
    """Sort key in the order of the Kyrgyz alphabet, case ignored; other signs come first."""
    return tuple(_ORDER.get(letter, 0) for letter in text.lower())


def _stem(name: str) -> tuple[str, bool]:
    """What an ending is added to, and whether it is the soft one (е) or the hard one (о)."""
    if name in _IRREGULAR_STEMS:
        return _IRREGULAR_STEMS[name], False
    if name.endswith("ий"):
        cluster = not set(name[-4:-2].lower()) & set(_VOWELS)
        return name[:-2] + ("и" if cluster else "ь"), True
    if name.endswith(("й", "ь")):
        return name[:-1], True
    if name.endswith("ы"):
        return name[:-1] + "и", True
    return name, name[-1] in _VOWELS or name[-1] in _HUSHING


def _pick(rng: np.random.Generator, parts: tuple[str, ...]) -> str:
    return parts[int(rng.integers(len(parts)))]
