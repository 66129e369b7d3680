"""Two persons unlock a station; who they are can change."""

import copy
import itertools
import json
import pickle
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Role
from station_app.vault import (
    Enrolment,
    Passphrase,
    People,
    StationFolder,
    StationSecrets,
    Unlocked,
    require,
)
from station_app.vault.proofs import APPROVAL_SECONDS
from tests.vault.people_samples import (
    CHAIR,
    OPERATOR,
    OTHERS,
    QUICK,
    STATION,
    WRONG,
    BootClock,
    create,
    enrolment,
    passphrase_of,
    person,
)

SECRETS = StationSecrets.generate()
NEW = Passphrase("жаңы узун сөз тап")


@pytest.fixture
def clock() -> BootClock:
    return BootClock()


@pytest.fixture
def people(tmp_path: Path, clock: BootClock) -> People:
    return create(tmp_path / "station", clock, SECRETS)


@pytest.fixture
def folder(tmp_path: Path) -> StationFolder:
    return StationFolder(tmp_path / "station")


def unlock(people: People, operator: str = "o1", member: str = "c1") -> Unlocked:
    return people.unlock(operator, passphrase_of(operator), member, passphrase_of(member))


def code_of(act: object, *values: object) -> str:
    assert callable(act)
    with pytest.raises(KnownError) as caught:
        act(*values)
    return caught.value.code


def is_open(unlocked: Unlocked) -> bool:
    return (
        unlocked.identity.signing_seed.reveal() == SECRETS.identity.signing_seed.reveal()
        and unlocked.identity.age.reveal() == SECRETS.identity.age.reveal()
        and unlocked.journal_key.reveal() == SECRETS.journal_key.reveal()
    )


@pytest.mark.parametrize("operator", ["o1", "o2"])
@pytest.mark.parametrize("member", ["c1", "m1"])
def test_any_operator_with_any_member_unlocks(people: People, operator: str, member: str) -> None:
    unlocked = unlock(people, operator, member)
    assert is_open(unlocked)
    assert unlocked.station == STATION == people.station
    assert [proof.person_id for proof in unlocked.proofs] == [operator, member]
    assert require(unlocked.proofs, Operation.READ_VOTER, BootClock())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pair
        for pair in itertools.product(("o1", "o2", "m1", "c1", "t1"), repeat=2)
        if {pair[0][0], pair[1][0]} not in ({"o", "m"}, {"o", "c"})
    ],
)
def test_no_other_two_do(people: People, one: str, other: str) -> None:
    assert code_of(unlock, people, one, other) == "not_allowed"


def test_the_halves_come_in_any_order(people: People) -> None:
    entered = [people.enter(id_, passphrase_of(id_)) for id_ in ("m1", "o2")]
    assert is_open(people.join(*entered))


def test_a_half_waits_five_minutes_for_the_other(people: People, clock: BootClock) -> None:
    operator = people.enter("o1", passphrase_of("o1"))
    clock.now += APPROVAL_SECONDS + 1
    member = people.enter("m1", passphrase_of("m1"))
    assert code_of(people.join, operator, member) == "approval_expired"


def test_the_halves_say_nothing_about_the_key_and_differ_at_every_station(
    tmp_path: Path, people: People, clock: BootClock
) -> None:
    other = create(tmp_path / "other", clock)
    halves = [
        station.enter(id_, passphrase_of(id_)).share.reveal()
        for station in (people, other)
        for id_ in ("o1", "m1", "t1")
    ]
    keys = [unlock(station).station_key().reveal() for station in (people, other)]
    assert len({*halves, *keys}) == 8
    # The same half under another person's passphrase.
    assert people.enter("o2", passphrase_of("o2")).share.reveal() == halves[0]


@pytest.mark.parametrize(("operator", "member"), [(True, False), (False, True)])
def test_both_passphrases_must_be_right(people: People, operator: bool, member: bool) -> None:
    first = passphrase_of("o1") if operator else WRONG
    second = passphrase_of("c1") if member else WRONG
    assert code_of(people.unlock, "o1", first, "c1", second) == "wrong_passphrase"


def test_another_persons_passphrase_does_not_do(people: People) -> None:
    assert code_of(people.enter, "o1", passphrase_of("o2")) == "wrong_passphrase"


def test_five_wrong_ones_and_a_wait(people: People, clock: BootClock) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(KnownError) as caught:
            people.enter("m1", WRONG)
        assert f"Tries before a wait: {left}." in caught.value.message
        assert caught.value.__cause__ is None
    with pytest.raises(KnownError) as caught:
        people.enter("c1", WRONG)
    assert caught.value.code == "wrong_passphrase"
    assert "Now there is a wait." in caught.value.message
    # During it the right one is not looked at either; operators are another kind.
    assert code_of(people.enter, "m1", passphrase_of("m1")) == "too_many_tries"
    people.enter("o1", passphrase_of("o1"))
    clock.now += people.attempts.wait_seconds(Role.MEMBER)
    people.enter("m1", passphrase_of("m1"))
    assert people.attempts.tries_left(Role.MEMBER) == 5


def test_a_try_is_counted_before_it_is_looked_at(
    people: People, clock: BootClock, folder: StationFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled_plug(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("station_app.vault.people.unwrap", pulled_plug)
    with pytest.raises(KeyboardInterrupt):
        people.enter("o1", WRONG)
    assert People.load(folder, clock).attempts.tries_left(Role.OPERATOR) == 4


def test_who_is_not_there_is_not_counted(people: People) -> None:
    assert code_of(people.enter, "nobody", WRONG) == "unknown_person"
    assert people.attempts.tries_left(Role.OPERATOR) == 5


def test_a_proof_is_of_one_person(people: People) -> None:
    unlocked = unlock(people)
    proofs = [people.prove(unlocked, id_, passphrase_of(id_)) for id_ in ("c1", "m1", "t1")]
    assert [proof.role for proof in proofs] == [Role.CHAIR, Role.MEMBER, Role.TECHNICIAN]
    assert require(proofs, Operation.OPEN_DAY, BootClock()) == tuple(proofs[:2])
    assert require(proofs, Operation.PROVISION, BootClock()) == (proofs[2],)


def test_locking_lets_go(people: People) -> None:
    unlocked = unlock(people)
    assert not unlocked.is_locked
    unlocked.lock()
    unlocked.lock()
    assert unlocked.is_locked
    for act in (lambda: unlocked.identity, lambda: unlocked.journal_key, unlocked.station_key):
        assert code_of(act) == "station_locked"
    assert code_of(require, unlocked.proofs, Operation.READ_VOTER) == "not_allowed"
    again = unlock(people)
    assert code_of(people.remove, unlocked, again.proofs, "m1") == "station_locked"
    assert code_of(people.prove, unlocked, "o1", passphrase_of("o1")) == "station_locked"


def test_what_is_unlocked_shows_nowhere(people: People) -> None:
    unlocked, entered = unlock(people), people.enter("o1", passphrase_of("o1"))
    assert repr(unlocked) == f"Unlocked({STATION}, open)"
    unlocked.lock()
    assert repr(unlocked) == f"Unlocked({STATION}, locked)"
    for one in (unlocked, entered):
        with pytest.raises(TypeError):
            pickle.dumps(one)
        with pytest.raises(TypeError):
            copy.copy(one)


def test_adding_a_person_of_each_kind(people: People, clock: BootClock) -> None:
    unlocked = unlock(people)
    for id_, role in (("o3", Role.OPERATOR), ("m2", Role.MEMBER), ("t2", Role.TECHNICIAN)):
        people.add(unlocked, unlocked.proofs, person(id_, role), passphrase_of(id_))
    assert [one.id for one in people.persons] == ["o1", "c1", "o2", "m1", "t1", "o3", "m2", "t2"]
    assert is_open(unlock(people, "o3", "m2"))
    assert is_open(unlock(people, "o3", "c1"))
    assert people.prove(unlocked, "t2", passphrase_of("t2")).role is Role.TECHNICIAN
    assert code_of(unlock, people, "o1", "t2") == "not_allowed"


def test_replacing_a_passphrase(people: People) -> None:
    unlocked = unlock(people)
    people.replace_passphrase(unlocked, unlocked.proofs, "m1", NEW)
    assert code_of(people.enter, "m1", passphrase_of("m1")) == "wrong_passphrase"
    assert is_open(people.unlock("o1", passphrase_of("o1"), "m1", NEW))
    assert is_open(unlock(people))
    assert [one.id for one in people.persons] == ["o1", "c1", "o2", "m1", "t1"]


def test_removing_a_person(people: People) -> None:
    unlocked = unlock(people)
    removed = people.prove(unlocked, "o2", passphrase_of("o2"))
    people.remove(unlocked, unlocked.proofs, "o2")
    assert code_of(people.enter, "o2", passphrase_of("o2")) == "unknown_person"
    assert code_of(require, [removed], Operation.READ_VOTER) == "not_allowed"
    assert is_open(unlock(people))


@pytest.mark.parametrize(
    ("leave", "last"), [(["o2"], "o1"), (["m1"], "c1"), (["o1"], "o2"), ([], "c1")]
)
def test_the_last_of_a_kind_stays(people: People, leave: list[str], last: str) -> None:
    unlocked = unlock(people)
    fresh = unlock(people, "o2" if last == "o2" else "o1", "c1")
    for id_ in leave:
        people.remove(unlocked, fresh.proofs, id_)
    assert code_of(people.remove, fresh, fresh.proofs, last) == "last_person"


def test_the_last_member_stays_without_a_chair(tmp_path: Path, clock: BootClock) -> None:
    member = enrolment("m1", Role.MEMBER)
    people = People.create(
        StationFolder(tmp_path), STATION, SECRETS, OPERATOR, member, QUICK, clock=clock
    )
    unlocked = unlock(people, "o1", "m1")
    assert code_of(people.remove, unlocked, unlocked.proofs, "m1") == "last_person"


def test_the_chair_is_replaced_by_adding_first(people: People) -> None:
    unlocked = unlock(people, "o1", "m1")
    people.add(unlocked, unlocked.proofs, person("c2", Role.CHAIR), passphrase_of("c2"))
    people.remove(unlocked, unlocked.proofs, "c1")
    assert is_open(unlock(people, "o1", "c2"))


def test_a_technician_may_always_leave(people: People) -> None:
    unlocked = unlock(people)
    people.remove(unlocked, unlocked.proofs, "t1")
    assert all(one.role is not Role.TECHNICIAN for one in people.persons)


@pytest.mark.parametrize("ids", [[], ["o1"], ["c1"], ["o1", "o2"], ["c1", "m1"], ["o1", "t1"]])
def test_changes_take_an_operator_and_a_member(people: People, ids: list[str]) -> None:
    unlocked = unlock(people)
    proofs = [people.prove(unlocked, id_, passphrase_of(id_)) for id_ in ids]
    added = person("o3", Role.OPERATOR)
    assert code_of(people.add, unlocked, proofs, added, NEW) == "not_allowed"
    assert code_of(people.replace_passphrase, unlocked, proofs, "o1", NEW) == "not_allowed"
    assert code_of(people.remove, unlocked, proofs, "o2") == "not_allowed"


def test_an_unlocking_of_the_morning_does_not_change_people(
    people: People, clock: BootClock
) -> None:
    unlocked = unlock(people)
    clock.now += APPROVAL_SECONDS + 1
    assert code_of(people.remove, unlocked, unlocked.proofs, "o2") == "approval_expired"
    fresh = [people.prove(unlocked, id_, passphrase_of(id_)) for id_ in ("o2", "m1")]
    people.remove(unlocked, fresh, "o1")


def test_refused_changes_change_nothing(people: People, folder: StationFolder) -> None:
    before = folder.people.read_bytes()
    unlocked = unlock(people)
    proofs = unlocked.proofs
    added = person("o1", Role.MEMBER)
    assert code_of(people.add, unlocked, proofs, added, NEW) == "person_exists"
    added = person("o3", Role.OPERATOR)
    short, named = Passphrase("short"), Passphrase("Person o3 9042-1")
    assert code_of(people.add, unlocked, proofs, added, short) == "passphrase_short"
    assert code_of(people.add, unlocked, proofs, added, named) == "passphrase_guessable"
    assert code_of(people.replace_passphrase, unlocked, proofs, "o1", short) == "passphrase_short"
    assert code_of(people.replace_passphrase, unlocked, proofs, "no", NEW) == "unknown_person"
    assert code_of(people.remove, unlocked, proofs, "no") == "unknown_person"
    assert folder.people.read_bytes() == before


def test_another_stations_unlocking_changes_nobody(
    tmp_path: Path, people: People, clock: BootClock
) -> None:
    other = create(tmp_path / "other", clock)
    theirs = unlock(other)
    assert code_of(people.remove, theirs, theirs.proofs, "o2") == "people_changed"


def test_a_change_counts_at_once_in_every_program(
    people: People, folder: StationFolder, clock: BootClock
) -> None:
    other = People.load(folder, clock)
    unlocked = unlock(people)
    people.add(unlocked, unlocked.proofs, person("m2", Role.MEMBER), NEW)
    assert is_open(other.unlock("o1", passphrase_of("o1"), "m2", NEW))


def test_a_station_is_made_once(tmp_path: Path, people: People, folder: StationFolder) -> None:
    before = folder.people.read_bytes(), folder.sealed_secrets.read_bytes()
    assert code_of(create, folder.root, BootClock()) == "station_exists"
    assert before == (folder.people.read_bytes(), folder.sealed_secrets.read_bytes())


def test_a_cut_off_creation_is_done_again(
    tmp_path: Path, clock: BootClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("station_app.vault.people_file.replace_file", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            create(tmp_path, clock)
    assert StationFolder(tmp_path).sealed_secrets.exists()
    assert is_open(unlock(create(tmp_path, clock, SECRETS)))


def test_its_files_are_its_own(people: People, folder: StationFolder) -> None:
    people.enter("o1", passphrase_of("o1"))
    assert folder.keys.stat().st_mode & 0o777 == 0o700
    files = {path.name: path.stat().st_mode & 0o777 for path in folder.keys.iterdir()}
    assert files == dict.fromkeys(("people.json", "station.sealed", "attempts.json"), 0o600)


def test_a_place_where_nothing_can_be_made(tmp_path: Path, clock: BootClock) -> None:
    (tmp_path / "file").touch()
    assert code_of(create, tmp_path / "file", clock) == "no_write_permission"


@pytest.mark.parametrize(
    ("first", "second", "others"),
    [
        (OTHERS[1], CHAIR, ()),
        (OPERATOR, OTHERS[0], ()),
        (OPERATOR, OTHERS[2], ()),
        (OPERATOR, enrolment("o1", Role.MEMBER), ()),
        (OPERATOR, CHAIR, (OPERATOR,)),
    ],
)
def test_who_can_not_be_first(
    tmp_path: Path, first: Enrolment, second: Enrolment, others: tuple[Enrolment, ...]
) -> None:
    folder = StationFolder(tmp_path)
    with pytest.raises(ValueError, match=r"first two|one id"):
        People.create(folder, STATION, SECRETS, first, second, QUICK, others)
    assert not any(tmp_path.iterdir())


def test_a_stations_name_is_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a name has"):
        People.create(StationFolder(tmp_path), "9042 1", SECRETS, OPERATOR, CHAIR, QUICK)


def test_a_first_passphrase_is_not_weak_either(tmp_path: Path) -> None:
    weak = Enrolment(OPERATOR.person, Passphrase("қысқа"))
    with pytest.raises(KnownError) as caught:
        People.create(StationFolder(tmp_path), STATION, SECRETS, weak, CHAIR, QUICK)
    assert caught.value.code == "passphrase_short"
    assert not any(tmp_path.iterdir())


def test_no_station_there(tmp_path: Path) -> None:
    assert code_of(People.load, StationFolder(tmp_path)) == "people_missing"


def test_the_file_is_for_people_to_read(people: People, folder: StationFolder) -> None:
    record = json.loads(folder.people.read_text(encoding="utf-8"))
    assert set(record) == {"format", "mac", "people", "removed", "revision", "station"}
    assert [one["role"] for one in record["people"]] == [
        "operator",
        "chair",
        "operator",
        "member",
        "technician",
    ]
    assert set(record["people"][0]) == {"from_file", "id", "name", "role", "share"}
    assert record["people"][0]["share"]["cost"] == {
        "iterations": 1,
        "lanes": 1,
        "memory_kib": 8,
    }
