"""Who agrees at an unlocked station: real people in a real vault."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person, Role
from station_app.flow.approvals import DemoApprover, VaultApprover
from station_app.vault import Passphrase
from tests.flow.loaded_station import CHAIR, OPERATOR, LoadedStation

MEMBER = "nine lakes hold the sky"


@pytest.fixture
def approver(tmp_path: Path) -> Iterator[VaultApprover]:
    """Operator and chair have just unlocked; a member is enrolled beside them."""
    station = LoadedStation(tmp_path, ())
    people = station.people
    unlocked = people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    member = Person("m1", "G. Ismailova", Role.MEMBER)
    people.add(unlocked, unlocked.proofs, member, Passphrase(MEMBER))
    yield VaultApprover(people, unlocked)
    unlocked.lock()


def refused(approver: VaultApprover | DemoApprover, operation: Operation) -> str:
    with pytest.raises(KnownError) as fault:
        approver.approve(operation)
    return fault.value.code


def ids(persons: tuple[Person, ...]) -> list[str]:
    return [person.id for person in persons]


def test_everybody_and_those_present(approver: VaultApprover) -> None:
    assert ids(approver.people) == ["o1", "c1", "m1"]
    assert ids(approver.present) == ["o1", "c1"]


def test_the_member_who_types_is_the_member_who_is_named(approver: VaultApprover) -> None:
    """Not the chair, who has typed a passphrase a moment ago to unlock."""
    approver.prove("m1", Passphrase(MEMBER))
    assert ids(approver.approve(Operation.MANUAL_DECISION)) == ["o1", "m1"]


def test_unlocking_agrees_to_nothing(approver: VaultApprover) -> None:
    for operation in (Operation.MANUAL_DECISION, Operation.VOID, Operation.OPEN_DAY):
        assert refused(approver, operation) == "not_allowed"


def test_an_agreement_is_used_up(approver: VaultApprover) -> None:
    approver.prove("m1", Passphrase(MEMBER))
    approver.approve(Operation.PHOTO_MISMATCH)
    assert refused(approver, Operation.PHOTO_MISMATCH) == "not_allowed"


def test_gone_back_nobody_has_agreed(approver: VaultApprover) -> None:
    approver.prove("m1", Passphrase(MEMBER))
    approver.forget()
    assert refused(approver, Operation.MANUAL_DECISION) == "not_allowed"


def test_opening_needs_chair_and_member_then_and_there(approver: VaultApprover) -> None:
    approver.prove("m1", Passphrase(MEMBER))
    assert refused(approver, Operation.OPEN_DAY) == "not_allowed"
    approver.prove("c1", Passphrase(CHAIR))
    assert ids(approver.approve(Operation.OPEN_DAY)) == ["c1", "m1"]


def test_a_wrong_passphrase_proves_nothing(approver: VaultApprover) -> None:
    with pytest.raises(KnownError) as fault:
        approver.prove("m1", Passphrase("ten rivers carry books"))
    assert fault.value.code == "wrong_passphrase"
    assert refused(approver, Operation.MANUAL_DECISION) == "not_allowed"


def test_a_demonstration_keeps_the_same_rules() -> None:
    people = (
        Person("o1", "N. Sadyrova", Role.OPERATOR),
        Person("c1", "B. Osmonov", Role.CHAIR),
    )
    approver = DemoApprover(people, "o1", "known to all")
    assert ids(approver.present) == ["o1"]
    assert refused(approver, Operation.VOID) == "not_allowed"
    with pytest.raises(KnownError) as fault:
        approver.prove("c1", Passphrase("not known"))
    assert fault.value.code == "wrong_passphrase"
    approver.prove("c1", Passphrase("known to all"))
    assert ids(approver.approve(Operation.VOID)) == ["o1", "c1"]
    approver.prove("c1", Passphrase("known to all"))
    approver.forget()
    assert refused(approver, Operation.VOID) == "not_allowed"
