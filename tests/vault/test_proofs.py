"""Proofs of who is there: made by the vault alone, and not for ever."""

import copy
import dataclasses
import gc
import pickle
import re
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Role
from station_app.vault import Proof, require
from station_app.vault.proofs import APPROVAL_SECONDS, issue_proof, withdraw
from tests.vault.people_samples import BootClock, person

CLOCK = BootClock()


def proof_of(id_: str, role: Role, station: str = "9042-1", made: float = CLOCK.now) -> Proof:
    return issue_proof(person(id_, role), station, made)


def refusal(operation: Operation, *proofs: object) -> KnownError:
    with pytest.raises(KnownError) as caught:
        require(proofs, operation, CLOCK)  # type: ignore[arg-type]
    return caught.value


def test_who_is_needed_is_returned_in_that_order() -> None:
    operator, member = proof_of("o1", Role.OPERATOR), proof_of("m1", Role.MEMBER)
    chair, technician = proof_of("c1", Role.CHAIR), proof_of("t1", Role.TECHNICIAN)
    everybody = [technician, member, chair, operator]
    assert require(everybody, Operation.OPEN_DAY, CLOCK) == (chair, member)
    assert require(everybody, Operation.VOID, CLOCK) == (operator, member)
    assert require([chair, operator], Operation.VOID, CLOCK) == (operator, chair)
    assert require([technician], Operation.PROVISION, CLOCK) == (technician,)
    assert (member.role, member.person_id) == (Role.MEMBER, "m1")


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (Operation.UNLOCK, "an operator and a member of the commission"),
        (Operation.OPEN_DAY, "the chair and a member of the commission"),
        (Operation.READ_VOTER, "an operator or a member of the commission"),
        (Operation.PROVISION, "a technician"),
    ],
)
def test_the_refusal_says_who_is_missing(operation: Operation, words: str) -> None:
    said = refusal(operation)
    assert said.code == "not_allowed"
    assert f"the passphrase of {words}." in said.message


def test_one_person_is_not_two() -> None:
    chairs = [proof_of("c1", Role.CHAIR) for _ in range(2)]
    assert refusal(Operation.OPEN_DAY, *chairs).code == "not_allowed"


def test_persons_of_two_stations_do_not_count_together() -> None:
    here, there = proof_of("o1", Role.OPERATOR), proof_of("m1", Role.MEMBER, "9042-2")
    assert refusal(Operation.VOID, here, there).code == "not_allowed"


def test_an_approval_grows_old_and_reading_does_not() -> None:
    old = CLOCK.now - APPROVAL_SECONDS
    chair, member = proof_of("c1", Role.CHAIR, made=old), proof_of("m1", Role.MEMBER)
    assert require([chair, member], Operation.OPEN_DAY, CLOCK)
    chair = proof_of("c1", Role.CHAIR, made=old - 0.001)
    said = refusal(Operation.OPEN_DAY, chair, member)
    assert said.code == "approval_expired"
    assert "5 minutes" in said.message
    assert require([chair], Operation.READ_VOTER, CLOCK) == (chair,)
    again = proof_of("c1", Role.CHAIR)
    assert require([again, chair, member], Operation.OPEN_DAY, CLOCK) == (again, member)


@pytest.mark.parametrize(
    "operation", [Operation.MANUAL_DECISION, Operation.VOID, Operation.PHOTO_MISMATCH]
)
def test_an_operator_agrees_by_being_there_and_a_member_by_typing(operation: Operation) -> None:
    long_ago = CLOCK.now - 10 * APPROVAL_SECONDS
    operator = proof_of("o1", Role.OPERATOR, made=long_ago)
    typed, earlier = proof_of("m1", Role.MEMBER), proof_of("m1", Role.MEMBER, made=long_ago)
    assert require([operator, typed], operation, CLOCK) == (operator, typed)
    assert refusal(operation, operator, earlier).code == "approval_expired"
    assert refusal(operation, typed).code == "not_allowed"
    withdraw("9042-1", ["o1"])
    assert refusal(operation, operator, typed).code == "not_allowed"


def test_only_the_vault_makes_them() -> None:
    real = proof_of("t1", Role.TECHNICIAN)
    with pytest.raises(TypeError):
        Proof()
    with pytest.raises(TypeError):
        dataclasses.replace(real, made=CLOCK.now)
    with pytest.raises(dataclasses.FrozenInstanceError):
        real.made = 0.0  # type: ignore[misc]
    made_by_hand = object.__new__(Proof)
    for name in ("person", "station", "made"):
        object.__setattr__(made_by_hand, name, getattr(real, name))
    forged = [made_by_hand, copy.copy(real), copy.deepcopy(real), pickle.loads(pickle.dumps(real))]
    for one in (*forged, "chair", None, Role.TECHNICIAN):
        assert refusal(Operation.PROVISION, one).code == "not_allowed"
    assert require([*forged, real], Operation.PROVISION, CLOCK) == (real,)


def test_nobody_else_names_the_makers() -> None:
    rooms = Path(__file__).parents[2] / "station_app"
    names = re.compile(r"\b(issue_proof|station_key|share_of)\b")
    users = {path.parent.name for path in rooms.rglob("*.py") if names.search(path.read_text())}
    assert users == {"vault"}


def test_a_withdrawn_proof_counts_for_nothing() -> None:
    operator, other = proof_of("o1", Role.OPERATOR), proof_of("o2", Role.OPERATOR)
    elsewhere = proof_of("o1", Role.OPERATOR, "9042-2")
    withdraw("9042-1", ["o1"])
    assert refusal(Operation.READ_VOTER, operator).code == "not_allowed"
    for one in (other, elsewhere):
        assert require([one], Operation.READ_VOTER, CLOCK) == (one,)
    del other, one
    gc.collect()
    withdraw("9042-1", ["o2"])


def test_nothing_is_allowed_by_default() -> None:
    for operation in Operation:
        assert refusal(operation).code == "not_allowed"
