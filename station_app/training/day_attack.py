"""One who tries to be two: an operator puts shares of their own under other people's ids.

What `tests/attacks/test_one_person_is_not_two.py` shows to fail, played within a simulated day.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import Approver
from station_app.training.day_stations import CHAIR, COST, MEMBER
from station_app.vault import Passphrase, StationFolder, replace_file
from station_app.vault.people_file import share_context
from station_app.vault.shares import new_share
from station_app.vault.wrapping import wrap

_VICTIMS: Final = (CHAIR, MEMBER)
_AIMS: Final = (Operation.OPEN_DAY, Operation.VOID)


def try_to_be_two(folder: StationFolder, station: str, approver: Approver) -> tuple[str, ...]:
    """Forge the file of people, type both passphrases, open and void; the codes of the refusals.

    "allowed" stands for what was not refused. The file is put back afterwards.
    """
    mine = {one.id: Passphrase(f"a passphrase of my own for {one.id}") for one in _VICTIMS}
    tries: list[Callable[[], object]] = [
        *(partial(approver.prove, one.id, mine[one.id]) for one in _VICTIMS),
        *(partial(approver.approve, aim) for aim in _AIMS),
    ]
    with _forged(folder, station, mine):
        return tuple(map(_refusal_of, tries))


@contextmanager
def _forged(folder: StationFolder, station: str, mine: dict[str, Passphrase]) -> Iterator[None]:
    good = folder.people.read_bytes()
    record = json.loads(good)
    for one in record["people"]:
        victim = next((each for each in _VICTIMS if each.id == one["id"]), None)
        if victim is not None:
            one["share"] = _share(victim, station, mine[victim.id])
    replace_file(folder.people, json.dumps(record).encode())
    try:
        yield
    finally:
        replace_file(folder.people, good)


def _share(person: Person, station: str, passphrase: Passphrase) -> dict[str, object]:
    return wrap(new_share(), passphrase, COST, share_context(person, station)).to_record()


def _refusal_of(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except KnownError as refusal:
        return refusal.code
    return "allowed"
