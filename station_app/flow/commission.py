"""The commission agrees: passphrases go to the approver on a lane, persons come back."""

from collections.abc import Callable
from typing import TypeVar

from station_app.domain.errors import KnownError
from station_app.domain.roles import NEEDED, Operation, Person, Role
from station_app.flow.approvals import Approver
from station_app.flow.lane import Lane
from station_app.vault import Passphrase

Answer = TypeVar("Answer")


class CommissionAct:
    """One act at a time, used on the main thread; stretching a passphrase takes half a second.

    What is asked before `forget` is answered to nobody any more.
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
