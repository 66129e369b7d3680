"""The promise: what needs two persons needs two secrets, every time.

The attack: one operator alone at a desk that two persons have unlocked, with write access to the
station's folder. They put shares of their own under the ids of the chair and of a member into the
plain file of people, type passphrases they have just invented for both, and put the file back.
On version a9a29b6 that opened the day as chair and member and identified a voter without a
finger; the journal was sound and the next unlocking found nothing.

Now who somebody is comes from the file that the unlocked key authenticates, and what a passphrase
opens is compared with the half that the station was unlocked with.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person, Role
from station_app.domain.session_states import Resting
from station_app.flow.bridge import QueueBridge
from station_app.flow.open_station import OpenStation, prepare_unlocked
from station_app.flow.opening import open_unlocked
from station_app.settings import StationKind
from station_app.vault import Cost, Passphrase, People, Proof, Secret, StationFolder, require
from station_app.vault.keys import new_share
from station_app.vault.people_file import PeopleRecord, share_context
from station_app.vault.wrapping import Wrapped, unwrap, wrap
from tests.flow.loaded_station import CHAIR, MACHINE, NOW, OPERATOR, LoadedStation, enrolled

MEMBER = "nine lakes hold the sky"
Record = dict[str, Any]


@pytest.fixture
def station(tmp_path: Path) -> LoadedStation:
    """Operator o1, chair c1 and member m1, and a list that was tried."""
    training = replace(MACHINE, kind=StationKind.TRAINING)
    made = LoadedStation(tmp_path, enrolled(FingerEngine(1), 3), training)
    unlocked = made.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    member = Person("m1", "G. Ismailova", Role.MEMBER)
    made.people.add(unlocked, unlocked.proofs, member, Passphrase(MEMBER))
    unlocked.lock()
    made.load(1)
    made.open()
    return made


def test_a_removal_cut_off_before_its_mark_is_not_undone(
    station: LoadedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of people says that m1 has gone, its mark did not get onto the disk; the file from
    before is put back. Until the last review m1 could sign again.
    """
    old = station.folder.people.read_bytes()
    unlocked = station.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    with monkeypatch.context() as cut:
        cut.setattr("station_app.vault.people.write_marks", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            station.people.remove(unlocked, unlocked.proofs, "m1")
    unlocked.lock()
    station.open()
    station.folder.people.write_bytes(old)
    with pytest.raises(KnownError) as caught:
        station.open()
    assert caught.value.code == "people_changed"


class Desk:
    """The desk after two persons have unlocked it; one of them stays alone there."""

    def __init__(self, station: LoadedStation) -> None:
        self.bridge = QueueBridge()
        self.unlocked = station.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
        opened = open_unlocked(station.folder, self.unlocked, lambda: NOW)
        scanner = SimulatedFingerScanner(seconds=0.0)
        self.station: OpenStation = prepare_unlocked(opened, scanner).station(self.bridge)
        self.station.runner.start()

    def _answer(self, ask: Callable[..., object], *values: object) -> str:
        said: list[str] = []
        ask(*values, lambda *_: said.append("agreed"), lambda fault: said.append(fault.code))
        assert self.bridge.run(lambda: bool(said), 20)
        return said[0]

    def prove(self, person_id: str, passphrase: str) -> str:
        act = self.station.runner.commission
        return self._answer(act.prove, person_id, Passphrase(passphrase))

    def approve(self, operation: Operation) -> str:
        return self._answer(self.station.runner.commission.approve, operation)


@pytest.fixture
def desk(station: LoadedStation) -> Iterator[Desk]:
    made = Desk(station)
    yield made
    made.station.close()
    made.unlocked.lock()


def forge(folder: StationFolder, change: Callable[[Record], None]) -> None:
    record = json.loads(folder.people.read_bytes())
    change(record)
    folder.people.write_text(json.dumps(record), encoding="utf-8")


def under_my_passphrase(one: Record, station: str, share: Secret) -> None:
    """Wrap a share for that person with a passphrase that the attacker knows."""
    person = Person(one["id"], one["name"], Role(one["role"]))
    mine = Passphrase(f"attacker {person.id}")
    one["share"] = wrap(share, mine, Cost(8, 1), share_context(person, station)).to_record()


def take_the_commissions_places(record: Record) -> None:
    for one in record["people"]:
        if one["role"] in ("chair", "member"):
            under_my_passphrase(one, record["station"], new_share())


def test_shares_of_ones_own_prove_nobody(station: LoadedStation, desk: Desk) -> None:
    """As the attack did it, at the desk: then put the file back, as if nothing had been."""
    good = station.folder.people.read_bytes()
    forge(station.folder, take_the_commissions_places)
    for person_id in ("c1", "m1"):
        assert desk.prove(person_id, f"attacker {person_id}") == "people_changed"
    for operation in (Operation.OPEN_DAY, Operation.MANUAL_DECISION):
        assert desk.approve(operation) == "not_allowed"
    station.folder.people.write_bytes(good)
    assert isinstance(desk.station.runner.state, Resting)
    assert desk.prove("c1", CHAIR) == desk.prove("m1", MEMBER) == "agreed"
    assert desk.approve(Operation.OPEN_DAY) == "agreed"


def test_the_list_of_who_signs_does_not_come_from_the_file(
    station: LoadedStation, desk: Desk
) -> None:
    def rename(record: Record) -> None:
        record["people"][1]["name"] = "Somebody else"
        record["people"][2]["role"] = "chair"

    forge(station.folder, rename)
    persons = desk.station.opened.approver.people
    assert [(one.id, one.role) for one in persons] == [
        ("o1", Role.OPERATOR), ("c1", Role.CHAIR), ("m1", Role.MEMBER),
    ]  # fmt: skip
    assert "Somebody else" not in {one.name for one in persons}


def test_one_who_knows_their_half_is_still_one(station: LoadedStation) -> None:
    """An operator can open the operators' half, and wrap it for an operator who is not there.

    On a9a29b6 that one stood in the journal as who had unlocked: the file was checked after it
    had been put back.
    """
    good = station.folder.people.read_bytes()
    own = json.loads(good)["people"][0]
    person = Person(own["id"], own["name"], Role.OPERATOR)
    half = Secret(
        unwrap(
            Wrapped.from_record(own["share"], 32),
            Passphrase(OPERATOR),
            share_context(person, "9042-1"),
        )
    )

    def add_a_ghost(record: Record) -> None:
        ghost = {"from_file": False, "id": "o9", "name": "Nobody", "role": "operator"}
        under_my_passphrase(ghost, record["station"], half)
        record["people"].append(ghost)

    forge(station.folder, add_a_ghost)
    ghost = station.people.enter("o9", Passphrase("attacker o9"))
    station.folder.people.write_bytes(good)
    chair = station.people.enter("c1", Passphrase(CHAIR))
    with pytest.raises(KnownError) as caught:
        station.people.join(ghost, chair)
    assert caught.value.code == "people_changed"


def test_who_has_entered_has_proved_nothing_yet(station: LoadedStation) -> None:
    """Before the unlocking nobody can check the file: what it says is worth no act."""
    forge(station.folder, take_the_commissions_places)
    entered = [station.people.enter(one, Passphrase(f"attacker {one}")) for one in ("c1", "m1")]
    assert not any(isinstance(getattr(one, "proof", None), Proof) for one in entered)
    with pytest.raises(KnownError) as caught:
        require(entered, Operation.OPEN_DAY)  # type: ignore[arg-type]
    assert caught.value.code == "not_allowed"


def test_a_removed_person_does_not_come_back(station: LoadedStation) -> None:
    """Neither with the file of before, nor under the id that they had."""
    before = station.folder.people.read_bytes()
    unlocked = station.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    station.people.remove(unlocked, unlocked.proofs, "m1")
    now = station.folder.people.read_bytes()
    station.folder.people.write_bytes(before)
    with pytest.raises(KnownError) as caught:
        station.people.prove(unlocked, "m1", Passphrase(MEMBER))
    assert caught.value.code == "people_changed"
    with pytest.raises(KnownError) as caught:
        station.people.unlock("o1", Passphrase(OPERATOR), "m1", Passphrase(MEMBER))
    assert caught.value.code == "people_changed"
    station.folder.people.write_bytes(now)
    again = Person("m1", "Another Person", Role.MEMBER)
    with pytest.raises(KnownError) as caught:
        station.people.add(unlocked, unlocked.proofs, again, Passphrase("four deer cross a bridge"))
    assert caught.value.code == "person_removed"


def test_who_was_removed_meanwhile_agrees_to_nothing(station: LoadedStation, desk: Desk) -> None:
    """By another program, while the desk is open: neither by typing nor by being there."""
    assert desk.prove("c1", CHAIR) == desk.prove("m1", MEMBER) == "agreed"
    another = People.load(station.folder)
    unlocked = another.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    record = PeopleRecord.read(station.folder.people)
    record.followed_by(record.without("m1"), unlocked.station_key()).write(station.folder.people)
    assert desk.approve(Operation.OPEN_DAY) == "unknown_person"
    assert isinstance(desk.station.runner.state, Resting)


@pytest.mark.parametrize("typed", [CHAIR, OPERATOR])
def test_two_persons_do_not_have_one_passphrase(station: LoadedStation, typed: str) -> None:
    unlocked = station.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    added = Person(f"m{secrets.randbelow(90) + 10}", "Another Person", Role.MEMBER)
    with pytest.raises(KnownError) as caught:
        station.people.add(unlocked, unlocked.proofs, added, Passphrase(typed))
    assert caught.value.code == "passphrase_shared"
    with pytest.raises(KnownError) as caught:
        station.people.replace_passphrase(unlocked, unlocked.proofs, "m1", Passphrase(typed))
    assert caught.value.code == "passphrase_shared"
