"""Who may do what, and who a person can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.roles import NEEDED, Operation, Person, Role, who_may

OP, ME, CH, TE = Role.OPERATOR, Role.MEMBER, Role.CHAIR, Role.TECHNICIAN

# Every set of two persons, and the operations it is enough for (DECISIONS 6).
OPERATOR_AND_MEMBER = {
    Operation.UNLOCK,
    Operation.MANUAL_DECISION,
    Operation.VOID,
    Operation.PHOTO_MISMATCH,
    Operation.STOP_DECISION,
    Operation.CHANGE_PEOPLE,
    Operation.SIGN_SETTINGS,
    Operation.READ_VOTER,
}
CHAIR_AND_MEMBER = {
    Operation.OPEN_DAY,
    Operation.CLOSE_DAY,
    Operation.REOPEN_DAY,
    Operation.DAY_ACT,
    Operation.TAKE_OVER,
    Operation.ACCEPT_LIST,
    Operation.RENEW,
    Operation.READ_VOTER,
}
READ, PROVISION = {Operation.READ_VOTER}, {Operation.PROVISION}
PAIRS = [
    ((OP, OP), READ),
    ((OP, ME), OPERATOR_AND_MEMBER),
    ((OP, CH), OPERATOR_AND_MEMBER),
    ((OP, TE), READ | PROVISION),
    ((ME, ME), READ),
    ((ME, CH), CHAIR_AND_MEMBER),
    ((ME, TE), READ | PROVISION),
    ((CH, CH), CHAIR_AND_MEMBER),
    ((CH, TE), READ | PROVISION),
    ((TE, TE), PROVISION),
]


@pytest.mark.parametrize(("roles", "allowed"), PAIRS)
def test_what_two_persons_may_do(roles: tuple[Role, Role], allowed: set[Operation]) -> None:
    for one, other in (roles, roles[::-1]):
        present = {"a": one, "b": other}
        assert {op for op in Operation if who_may(op, present) is not None} == allowed


@pytest.mark.parametrize("role", list(Role))
def test_nobody_alone_does_what_takes_two(role: Role) -> None:
    alone = {op for op in Operation if who_may(op, {"a": role})}
    assert alone == (PROVISION if role is TE else READ)


@given(st.dictionaries(st.text(max_size=3), st.sampled_from(Role), max_size=5))
def test_who_is_named_may_do_it(present: dict[str, Role]) -> None:
    for operation in Operation:
        ids = who_may(operation, present)
        if ids is None:
            continue
        assert len(set(ids)) == len(ids) == len(NEEDED[operation])
        for id_, roles in zip(ids, NEEDED[operation], strict=True):
            assert present[id_] in roles


def test_every_operation_needs_somebody() -> None:
    assert set(NEEDED) == set(Operation)
    assert all(NEEDED.values())
    assert [op for op in Operation if not op.is_an_act] == [Operation.READ_VOTER]


def test_the_chair_is_a_member() -> None:
    assert [role.kind for role in Role] == [OP, ME, ME, TE]


@pytest.mark.parametrize("id_", ["", "-a", "A", "ы", "a b", "a" * 33, "a\n"])
def test_ids_that_are_none(id_: str) -> None:
    with pytest.raises(ValueError, match="id has 1 to 32"):
        Person(id_, "Асанова Айгуль", OP)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[2J", "\ud800", "x" * 81])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(ValueError, match="a line of 1 to 80"):
        Person("o1", name, OP)
