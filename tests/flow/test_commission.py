"""The commission's agreement: who may give it, and when an answer counts."""

from collections.abc import Iterator

import pytest

from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import DEMO_PASSPHRASE, CommissionAct, demo_approver
from station_app.flow.bridge import QueueBridge
from station_app.flow.lane import Lane
from station_app.vault import Passphrase

RIGHT, WRONG = Passphrase(DEMO_PASSPHRASE), Passphrase("something else")


class Asked:
    """An act on its lane, and what it has answered."""

    def __init__(self) -> None:
        self.bridge = QueueBridge()
        self.bugs: list[BaseException] = []
        self.lane = Lane("approval", self.bridge, self.bugs.append)
        self.act = CommissionAct(self.lane, demo_approver())
        self.proved = 0
        self.agreed: list[tuple[Person, ...]] = []
        self.refused: list[str] = []

    def prove(self, person_id: str, passphrase: Passphrase = RIGHT) -> None:
        self.act.prove(person_id, passphrase, self._done, self._refuse)

    def approve(self, operation: Operation) -> None:
        self.act.approve(operation, self.agreed.append, self._refuse)

    def settle(self) -> None:
        """Everything asked for has been answered."""
        self.lane.call(lambda: None)
        self.bridge.run(lambda: False, 0.05)

    def _done(self) -> None:
        self.proved += 1

    def _refuse(self, fault: KnownError) -> None:
        self.refused.append(fault.code)


@pytest.fixture
def asked() -> Iterator[Asked]:
    asked = Asked()
    yield asked
    asked.lane.close()
    assert asked.bugs == []


def test_each_place_knows_who_may_sign_there(asked: Asked) -> None:
    operators, members = asked.act.who_may(Operation.MANUAL_DECISION)
    assert [one.id for one in operators] == ["sadyrova"]
    assert [one.id for one in members] == ["osmonov", "ismailova", "abdykadyrov"]
    chairs, _ = asked.act.who_may(Operation.OPEN_DAY)
    assert [one.id for one in chairs] == ["abdykadyrov"]


def test_the_operator_at_the_desk_agrees_by_being_there(asked: Asked) -> None:
    assert [one.id for one in asked.act.present_operators] == ["sadyrova"]
    asked.prove("ismailova")
    asked.approve(Operation.MANUAL_DECISION)
    asked.settle()
    assert asked.proved == 1
    ((operator, member),) = asked.agreed
    assert (operator.id, member.id) == ("sadyrova", "ismailova")


def test_an_agreement_is_used_up(asked: Asked) -> None:
    asked.prove("ismailova")
    for _ in range(2):
        asked.approve(Operation.MANUAL_DECISION)
    asked.settle()
    assert len(asked.agreed) == 1
    assert asked.refused == ["not_allowed"]


def test_a_wrong_passphrase_agrees_to_nothing(asked: Asked) -> None:
    asked.prove("ismailova", WRONG)
    asked.approve(Operation.PHOTO_MISMATCH)
    asked.settle()
    assert asked.refused == ["wrong_passphrase", "not_allowed"]


def test_gone_back_nobody_is_answered_and_nobody_has_agreed(asked: Asked) -> None:
    asked.prove("ismailova")
    asked.act.forget()
    asked.approve(Operation.MANUAL_DECISION)
    asked.settle()
    assert asked.proved == 0
    assert asked.refused == ["not_allowed"]


def test_a_fault_from_before_is_told_to_nobody(asked: Asked) -> None:
    asked.prove("ismailova", WRONG)
    asked.act.forget()
    asked.settle()
    assert asked.refused == []
