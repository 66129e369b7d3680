"""A station's people with passphrases that cost next to nothing to try."""

from pathlib import Path

from station_app.domain.roles import Person, Role
from station_app.vault import Cost, Enrolment, Passphrase, People, StationFolder, StationSecrets

QUICK = Cost(memory_kib=8, iterations=1)
STATION = "9042-1"


class BootClock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def person(id_: str, role: Role) -> Person:
    """A person whose name tells no more than their id."""
    return Person(id_, f"Person {id_}", role)


def passphrase_of(id_: str) -> Passphrase:
    """What that person typed."""
    return Passphrase(f"жети өмүр китеп {id_}")


def enrolment(id_: str, role: Role) -> Enrolment:
    """The person with that passphrase."""
    return Enrolment(person(id_, role), passphrase_of(id_))


OPERATOR = enrolment("o1", Role.OPERATOR)
CHAIR = enrolment("c1", Role.CHAIR)
OTHERS = (
    enrolment("o2", Role.OPERATOR),
    enrolment("m1", Role.MEMBER),
    enrolment("t1", Role.TECHNICIAN),
)
WRONG = Passphrase("бул туура эмес сөз")


def create(root: Path, clock: BootClock, secrets: StationSecrets | None = None) -> People:
    """A station with two operators, a chair, a member and a technician."""
    return People.create(
        StationFolder(root),
        STATION,
        secrets or StationSecrets.generate(),
        OPERATOR,
        CHAIR,
        QUICK,
        OTHERS,
        clock,
    )
