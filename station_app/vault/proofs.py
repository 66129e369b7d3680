"""Proofs that a person has just typed their passphrase.

An operation asks for proofs, not for a flag that says somebody is a chair. Only the vault
makes them: a copied, unpickled or hand-made proof counts for nothing. This stops mistakes
in the rooms above, not somebody who can run code of their own in the process.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, final
from weakref import WeakSet

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import NEEDED, Operation, Person, Role, who_may
from station_app.vault.attempts import Clock, boot_seconds

APPROVAL_SECONDS: Final = 300
"""How long a typed passphrase approves acts; reading stays approved until the station is locked."""


@final
@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False, init=False)
class Proof:
    """That `person` of `station` typed their passphrase, at `made` (boot seconds)."""

    person: Person
    station: str
    made: float

    def __init__(self) -> None:
        raise TypeError("proofs are made by the vault")

    @property
    def role(self) -> Role:
        """The person's role."""
        return self.person.role

    @property
    def person_id(self) -> str:
        """The person's id, for entries."""
        return self.person.id


_issued: Final[WeakSet[Proof]] = WeakSet()


def issue_proof(person: Person, station: str, made: float) -> Proof:
    """A proof, for `vault.people` alone: it has seen the passphrase open something."""
    proof = object.__new__(Proof)
    for name, value in (("person", person), ("station", station), ("made", made)):
        object.__setattr__(proof, name, value)
    _issued.add(proof)
    return proof


def withdraw(station: str, person_ids: Iterable[str]) -> None:
    """Make all proofs of these persons of a station count for nothing from now on."""
    gone = set(person_ids)
    for proof in list(_issued):
        if proof.station == station and proof.person_id in gone:
            _issued.discard(proof)


def require(
    proofs: Iterable[Proof], operation: Operation, clock: Clock = boot_seconds
) -> tuple[Proof, ...]:
    """The proofs that allow `operation`, one for each person it needs, in that order.

    They are of different persons of one station; for an act none is older than
    `APPROVAL_SECONDS`, but an operator's where their presence counts. Raises `KnownError`:
    `not_allowed` (somebody is missing), `approval_expired` (they were there, but too long
    ago).
    """
    real = [proof for proof in proofs if isinstance(proof, Proof) and proof in _issued]
    if len({proof.station for proof in real}) > 1:
        raise _not_allowed(operation)
    oldest = clock() - APPROVAL_SECONDS
    fresh = [proof for proof in real if proof.made >= oldest or _lasts(proof, operation)]
    if _allowing(real, operation) is None:
        raise _not_allowed(operation)
    allowing = _allowing(fresh, operation)
    if allowing is None:
        raise _expired(operation)
    return allowing


def _lasts(proof: Proof, operation: Operation) -> bool:
    at_desk = operation.counts_presence and proof.role is Role.OPERATOR
    return at_desk or not operation.is_an_act


def _allowing(proofs: list[Proof], operation: Operation) -> tuple[Proof, ...] | None:
    by_person = {proof.person_id: proof for proof in proofs}
    ids = who_may(operation, {id_: proof.role for id_, proof in by_person.items()})
    return None if ids is None else tuple(by_person[id_] for id_ in ids)


def _not_allowed(operation: Operation) -> KnownError:
    return KnownError(
        Code.NOT_ALLOWED,
        f"This needs the passphrase of {_persons(operation)}. Ask them to the station.",
    )


def _expired(operation: Operation) -> KnownError:
    return KnownError(
        Code.APPROVAL_EXPIRED,
        f"More than {APPROVAL_SECONDS // 60} minutes have passed since the passphrases were "
        f"typed. Type those of {_persons(operation)} again.",
    )


_SAID: Final = {
    Role.OPERATOR: "an operator",
    Role.MEMBER: "a member of the commission",
    Role.CHAIR: "the chair",
    Role.TECHNICIAN: "a technician",
}


def _persons(operation: Operation) -> str:
    """The roles it needs, in words. The chair counts as a member; that is not mentioned."""
    needs = [roles - {Role.CHAIR} or roles for roles in NEEDED[operation]]
    return " and ".join(" or ".join(_SAID[role] for role in Role if role in one) for one in needs)
