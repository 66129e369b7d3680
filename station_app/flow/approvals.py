"""Who agrees to what changes the count: two persons, by their passphrases (DECISIONS 6)."""

from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import NEEDED, Operation, Person, Role, who_may
from station_app.flow.lane import Lane
from station_app.vault import Passphrase, People, Proof, Unlocked, require

Answer = TypeVar("Answer")


class Approver(Protocol):
    """Collects the passphrases of those who agree; used on one lane, which they keep busy."""

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who may sign at this station."""
        ...

    @property
    def present(self) -> tuple[Person, ...]:
        """Those who have unlocked the station: the operator at the desk is one of them."""
        ...

    def prove(self, person_id: str, passphrase: Passphrase) -> None:
        """Keep it that this person agrees now.

        Raises `KnownError` `unknown_person`, `too_many_tries`, `wrong_passphrase`,
        `people_changed`.
        """
        ...

    def approve(self, operation: Operation) -> tuple[Person, ...]:
        """Those who agree, one for each person that `operation` needs, in that order.

        The proofs are used up. Raises `KnownError` `not_allowed`, `approval_expired`;
        `unknown_person` where one of them has been removed.
        """
        ...

    def forget(self) -> None:
        """Drop the proofs: somebody went back."""
        ...


class VaultApprover:
    """The people of a station that is unlocked: those its key authenticates; made on a lane."""

    def __init__(self, people: People, unlocked: Unlocked) -> None:
        self.people = unlocked.persons
        self._people = people
        self._unlocked = unlocked
        self._proofs: list[Proof] = []

    @property
    def present(self) -> tuple[Person, ...]:
        """See `Approver`."""
        return tuple(proof.person for proof in self._unlocked.proofs)

    def prove(self, person_id: str, passphrase: Passphrase) -> None:
        """See `Approver`."""
        self._proofs.append(self._people.prove(self._unlocked, person_id, passphrase))

    def approve(self, operation: Operation) -> tuple[Person, ...]:
        """See `Approver`. Of those who unlocked only the operator agrees by being there.

        Otherwise an entry could name the person who unlocked a moment ago instead of the one
        who has just typed a passphrase.
        """
        by_presence = [
            proof
            for proof in self._unlocked.proofs
            if operation.counts_presence and proof.role is Role.OPERATOR
        ]
        allowing = require((*by_presence, *self._proofs), operation)
        self._people.refuse_gone(self._unlocked, allowing)
        self._proofs.clear()
        return tuple(proof.person for proof in allowing)

    def forget(self) -> None:
        """See `Approver`."""
        self._proofs.clear()


class DemoApprover:
    """Invented people whose passphrase everybody knows, for demonstrations without a vault.

    The operator is at the desk, and the member `member_id` beside it, where one is named.
    """

    def __init__(
        self, people: tuple[Person, ...], operator_id: str, passphrase: str, member_id: str = ""
    ) -> None:
        self.people = people
        self._operator_id, self._here = operator_id, (operator_id, member_id)
        self._passphrase = Passphrase(passphrase)
        self._agreed: set[str] = set()

    @property
    def present(self) -> tuple[Person, ...]:
        """See `Approver`."""
        return tuple(person for person in self.people if person.id in self._here)

    def prove(self, person_id: str, passphrase: Passphrase) -> None:
        """See `Approver`."""
        if not passphrase.is_same(self._passphrase):
            name = next((one.name for one in self.people if one.id == person_id), person_id)
            raise KnownError(
                Code.WRONG_PASSPHRASE,
                f"This is not the passphrase of {name}. In a demonstration everybody's is shown "
                "beside the desk. Check the keyboard's language, then try again.",
            )
        self._agreed.add(person_id)

    def approve(self, operation: Operation) -> tuple[Person, ...]:
        """See `Approver`."""
        here = {
            person.id: person.role
            for person in self.people
            if person.id in self._agreed or person.id == self._operator_id
        }
        ids = who_may(operation, here)
        if ids is None:
            raise KnownError(
                Code.NOT_ALLOWED,
                f"This needs the passphrases of {len(NEEDED[operation])} persons. Type both.",
            )
        self._agreed.clear()
        by_id = {person.id: person for person in self.people}
        return tuple(by_id[id_] for id_ in ids)

    def forget(self) -> None:
        """See `Approver`."""
        self._agreed.clear()


DEMO_PASSPHRASE: Final = "demonstration only"  # noqa: S105
"""Everybody's of the invented commission; it is shown beside the desk."""
DEMO_MEMBER: Final = Person("ismailova", "G. Ismailova", Role.MEMBER)


def demo_approver(member_id: str = "") -> DemoApprover:
    """The invented commission, whose operator is at the desk; see `DemoApprover`."""
    operator = Person("sadyrova", "N. Sadyrova", Role.OPERATOR)
    others = (
        Person("osmonov", "B. Osmonov", Role.MEMBER),
        Person("abdykadyrov", "T. Abdykadyrov", Role.CHAIR),
    )
    people = (operator, DEMO_MEMBER, *others)
    return DemoApprover(people, operator.id, DEMO_PASSPHRASE, member_id)


def demo_person(role: Role) -> Person:
    """The first of the invented commission with this role."""
    return next(one for one in demo_approver().people if one.role is role)


class CommissionAct:
    """One act at a time, used on the main thread; stretching a passphrase takes half a second.

    Questions asked before `forget` are never answered.
    """

    def __init__(self, lane: Lane, approver: Approver) -> None:
        self._lane = lane
        self._approver = approver
        self._round = 0

    @property
    def present(self) -> tuple[Person, ...]:
        """Those who have unlocked the station."""
        return self._approver.present

    @property
    def present_operators(self) -> tuple[Person, ...]:
        """The operator at the desk, whose presence counts."""
        return tuple(one for one in self.present if one.role is Role.OPERATOR)

    def who_may(self, operation: Operation) -> tuple[tuple[Person, ...], ...]:
        """For each person that `operation` needs, those who may be that person, by name."""
        people = sorted(self._approver.people, key=lambda person: person.name)
        return tuple(
            tuple(person for person in people if person.role in roles)
            for roles in NEEDED[operation]
        )

    def prove(
        self,
        person_id: str,
        passphrase: Passphrase,
        done: Callable[[], None],
        refused: Callable[[KnownError], None],
    ) -> None:
        """Take one person's passphrase; see `Approver.prove`."""
        self._run(lambda: self._approver.prove(person_id, passphrase), lambda _: done(), refused)

    def approve(
        self,
        operation: Operation,
        done: Callable[[tuple[Person, ...]], None],
        refused: Callable[[KnownError], None],
    ) -> None:
        """Ask who agrees to `operation`; what was proved is used up."""
        self._run(lambda: self._approver.approve(operation), done, refused)

    def forget(self) -> None:
        """Somebody went back: nobody has agreed to anything."""
        self._round += 1
        self._lane.run(self._approver.forget, lambda _: None, lambda _: None)

    def _run(
        self,
        work: Callable[[], Answer],
        done: Callable[[Answer], None],
        refused: Callable[[KnownError], None],
    ) -> None:
        asked = self._round

        def answered(answer: Answer) -> None:
            if asked == self._round:
                done(answer)

        def failed(fault: KnownError) -> None:
            if asked == self._round:
                refused(fault)

        self._lane.run(work, answered, failed)
