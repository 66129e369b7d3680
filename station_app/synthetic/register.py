"""An invented voter register: who is on the list, sorted as a printed list is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from station_app.domain.shown_text import csv_text
from station_app.domain.voters import Voter
from station_app.synthetic.names import FEMALE, MALE, STREETS, collation_key, draw_name, draw_pin
from station_app.synthetic.seeds import derive_seed, generator

LINES_PER_PAGE = 20
REGISTER_DAY = date(2026, 1, 1)  # ages are counted on it, so that a seed never ages
COLUMNS = (
    "list_number", "page", "line", "voter_id", "pin", "surname", "given_names", "sex", "born",
    "address", "precinct", "place",
)  # fmt: skip

_WOMEN_SHARE = 0.5154  # of the 4,297,040 voters listed in 2025
_ADULT_DAYS = 6_575  # eighteen years and a day
_OLDEST_YEARS = 96


@dataclass(frozen=True, slots=True)
class Registered:
    """A voter and the number of the invented person, from which the fingers are grown."""

    voter: Voter
    person: int


def invent_register(voters: int, seed: int) -> tuple[Registered, ...]:
    """`voters` invented adults in list order: by surname, given names, birth, then PIN.

    List numbers run from 1, twenty lines a page. A person depends on (seed, person) alone,
    except for the serial of a PIN. Portraits stay empty: `Precinct.face` has the person's looks.
    Raises `ValueError` when `voters` is below 1.
    """
    if voters < 1:
        raise ValueError("a register needs at least one voter")
    taken: set[str] = set()
    drawn = [Registered(_invent_voter(seed, n, taken), n) for n in range(voters)]
    drawn.sort(key=_list_order)
    return tuple(
        Registered(_numbered(entry.voter, number), entry.person)
        for number, entry in enumerate(drawn, start=1)
    )


def register_csv(voters: Iterable[Voter], precinct: str, place: str) -> str:
    """The register as CSV text: a header of `COLUMNS`, a row a voter, lines end in LF.

    All belong to `precinct` and vote at `place`. `born` is YYYY-MM-DD, `sex` is f or m, `pin` has
    14 digits.
    """
    own, shared = COLUMNS[:-2], (precinct, place)
    rows = ([*(getattr(voter, column) for column in own), *shared] for voter in voters)
    return csv_text([COLUMNS, *rows], line_end="\n")


def _invent_voter(seed: int, person: int, taken: set[str]) -> Voter:
    rng = generator("person", seed, person)
    sex = FEMALE if rng.random() < _WOMEN_SHARE else MALE
    name = draw_name(rng, sex)
    born = _draw_birth(rng)
    return Voter(
        voter_id=f"V-{derive_seed('voter', seed, person):016X}",
        list_number=1,
        pin=draw_pin(rng, sex, born, taken),
        surname=name.surname,
        given_names=name.given_names,
        sex=sex,
        born=born,
        address=_draw_address(rng),
        page=1,
        line=1,
    )


def _draw_birth(rng: np.random.Generator) -> date:
    """An adult's birthday; many young, few very old, as in a young country."""
    span = _OLDEST_YEARS * 365 - _ADULT_DAYS
    return REGISTER_DAY - timedelta(days=_ADULT_DAYS + int(span * rng.beta(1.25, 2.6)))


def _draw_address(rng: np.random.Generator) -> str:
    street = STREETS[int(rng.integers(len(STREETS)))]
    house = int(rng.integers(1, 90))
    flat = int(rng.integers(1, 80))
    in_a_block = rng.random() < 0.55
    return f"ул. {street}, {house}" + (f", кв. {flat}" if in_a_block else "")


def _list_order(
    entry: Registered,
) -> tuple[tuple[int, ...], tuple[int, ...], date, str]:
    voter = entry.voter
    return collation_key(voter.surname), collation_key(voter.given_names), voter.born, voter.pin


def _numbered(voter: Voter, number: int) -> Voter:
    page, line = divmod(number - 1, LINES_PER_PAGE)
    return replace(voter, list_number=number, page=page + 1, line=line + 1)
