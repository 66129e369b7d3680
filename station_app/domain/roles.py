"""The roles at a station, and those that each operation needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations
from typing import Final

_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_LONGEST_NAME: Final = 80


class Role(StrEnum):
    """A person's role at the station. The chair is a member of the commission too."""

    OPERATOR = "operator"
    MEMBER = "member"
    CHAIR = "chair"
    TECHNICIAN = "technician"

    @property
    def kind(self) -> "Role":
        """Operator, member or technician."""
        return Role.MEMBER if self is Role.CHAIR else self


@dataclass(frozen=True, slots=True)
class Person:
    """A person with a passphrase of their own.

    `id` is for files and entries: 1 to 32 of `a-z`, `0-9` and, not first, `-`. `name` is
    for people: one line of at most 80 characters. Raises `ValueError` otherwise.
    """

    id: str
    name: str
    role: Role

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError("a person's id has 1 to 32 of a-z, 0-9 and -")
        name = self.name
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise ValueError(f"a person's name is a line of 1 to {_LONGEST_NAME} characters")


class Operation(StrEnum):
    """Operations that only certain persons may do."""

    UNLOCK = "unlock"
    READ_VOTER = "read_voter"
    MANUAL_DECISION = "manual_decision"
    VOID = "void"
    PHOTO_MISMATCH = "photo_mismatch"
    STOP_DECISION = "stop_decision"
    OPEN_DAY = "open_day"
    CLOSE_DAY = "close_day"
    REOPEN_DAY = "reopen_day"
    DAY_ACT = "day_act"
    TAKE_OVER = "take_over"
    ACCEPT_LIST = "accept_list"
    RENEW = "renew"
    CHANGE_PEOPLE = "change_people"
    SIGN_SETTINGS = "sign_settings"
    PROVISION = "provision"

    @property
    def is_an_act(self) -> bool:
        """Whether each act needs its own approval; that of reading lasts until the locking."""
        return self is not Operation.READ_VOTER

    @property
    def counts_presence(self) -> bool:
        """Whether an operator agrees by being at the desk they unlocked, however long ago.

        They have the person before them; the member is called, and types.
        """
        return self in (
            Operation.MANUAL_DECISION,
            Operation.VOID,
            Operation.PHOTO_MISMATCH,
            Operation.STOP_DECISION,
        )


_OPERATOR: Final = frozenset({Role.OPERATOR})
_MEMBER: Final = frozenset({Role.MEMBER, Role.CHAIR})
_CHAIR: Final = frozenset({Role.CHAIR})
_OPERATOR_AND_MEMBER: Final = (_OPERATOR, _MEMBER)
_CHAIR_AND_MEMBER: Final = (_CHAIR, _MEMBER)

NEEDED: Final[Mapping[Operation, tuple[frozenset[Role], ...]]] = {
    Operation.UNLOCK: _OPERATOR_AND_MEMBER,
    Operation.READ_VOTER: (_OPERATOR | _MEMBER,),
    Operation.MANUAL_DECISION: _OPERATOR_AND_MEMBER,
    Operation.VOID: _OPERATOR_AND_MEMBER,
    Operation.PHOTO_MISMATCH: _OPERATOR_AND_MEMBER,
    Operation.STOP_DECISION: _OPERATOR_AND_MEMBER,
    Operation.OPEN_DAY: _CHAIR_AND_MEMBER,
    Operation.CLOSE_DAY: _CHAIR_AND_MEMBER,
    Operation.REOPEN_DAY: _CHAIR_AND_MEMBER,
    Operation.DAY_ACT: _CHAIR_AND_MEMBER,
    Operation.TAKE_OVER: _CHAIR_AND_MEMBER,
    Operation.ACCEPT_LIST: _CHAIR_AND_MEMBER,
    Operation.RENEW: _CHAIR_AND_MEMBER,
    Operation.CHANGE_PEOPLE: _OPERATOR_AND_MEMBER,
    Operation.SIGN_SETTINGS: _OPERATOR_AND_MEMBER,
    Operation.PROVISION: (frozenset({Role.TECHNICIAN}),),
}
"""For each operation the persons it needs, each as the roles one of which they must have.

From DECISIONS 6; `CHANGE_PEOPLE` needs those who could unlock, so that nobody makes
themselves the second person.
"""


def who_may(operation: Operation, present: Mapping[str, Role]) -> tuple[str, ...] | None:
    """The ids of the persons present that make the operation allowed, None when it is not.

    One person a need, in the order of `NEEDED`, nobody twice.
    """
    needs = NEEDED[operation]
    for ids in permutations(present, len(needs)):
        if all(present[id_] in roles for id_, roles in zip(ids, needs, strict=True)):
            return ids
    return None
