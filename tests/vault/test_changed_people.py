"""What somebody with the disk can do to a station's people and secrets, and is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station_app.domain.errors import KnownError
from station_app.domain.roles import Role
from station_app.vault import Passphrase, People, StationFolder, StationSecrets, Unlocked
from tests.vault.people_samples import BootClock, create, passphrase_of, person

Record = dict[str, Any]
REFUSALS = {"people_damaged", "people_changed", "wrong_passphrase", "unknown_person"}


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> StationFolder:
    folder = StationFolder(tmp_path_factory.mktemp("station"))
    create(folder.root, BootClock())
    return folder


def unlock(folder: StationFolder) -> Unlocked:
    people = People.load(folder, BootClock())
    return people.unlock("o1", passphrase_of("o1"), "c1", passphrase_of("c1"))


def code_of_unlock(folder: StationFolder) -> str:
    with pytest.raises(KnownError) as caught:
        unlock(folder)
    return caught.value.code


def changed(folder: StationFolder, to: Path, change: Callable[[Record], object]) -> StationFolder:
    other = StationFolder(to)
    other.keys.mkdir()
    other.sealed_secrets.write_bytes(folder.sealed_secrets.read_bytes())
    record = json.loads(folder.people.read_bytes())
    change(record)
    other.people.write_text(json.dumps(record))
    return other


def test_a_copy_opens(station: StationFolder, tmp_path: Path) -> None:
    # Form is not content: spaces and order of the members may differ.
    assert unlock(changed(station, tmp_path, lambda _: None)).station == "9042-1"


def put(place: str, value: object) -> Callable[[Record], None]:
    """What puts `value` at a place such as `people.0.name`."""

    def change(record: Any) -> None:
        *way, last = place.split(".")
        for step in way:
            record = record[int(step) if step.isdigit() else step]
        record[last] = value

    return change


# The people: 0 is o1, 1 the chair c1, 2 o2, 3 m1, 4 t1.
@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        # Of others: found when two have unlocked.
        ("people.2.name", "Somebody", "people_changed"),
        ("people.3.role", "chair", "people_changed"),
        ("people.4.role", "operator", "people_changed"),
        ("people.4.share.cost.iterations", 2, "people_changed"),
        ("mac", "00" * 32, "people_changed"),
        # Of those who unlock: then their passphrases open nothing.
        ("people.1.role", "member", "wrong_passphrase"),
        ("people.0.name", "Somebody", "wrong_passphrase"),
        ("people.0.share.cost.memory_kib", 9, "wrong_passphrase"),
        ("station", "9042-2", "wrong_passphrase"),
        # Nothing this program wrote.
        ("format", "station-app/people/3", "people_damaged"),
        ("more", 1, "people_damaged"),
        ("station", "a b", "people_damaged"),
        ("station", 9042, "people_damaged"),
        ("people", {}, "people_damaged"),
        ("people", [], "people_damaged"),
        ("people", [1], "people_damaged"),
        ("people.1.id", "o1", "people_damaged"),
        ("people.0.id", "O1", "people_damaged"),
        ("people.0.id", 1, "people_damaged"),
        ("people.0.name", None, "people_damaged"),
        ("people.0.role", "king", "people_damaged"),
        ("people.0.role", [], "people_damaged"),
        ("people.0.share", None, "people_damaged"),
        ("people.0.share.salt", "00", "people_damaged"),
        ("people.0.share.cost.memory_kib", 2**30, "people_damaged"),
        ("people.0.share.cost.memory_kib", "8", "people_damaged"),
        ("people.0.share.cost.lanes", 4, "people_damaged"),
    ],
)
def test_each_change_is_told(
    station: StationFolder, tmp_path: Path, place: str, value: object, code: str
) -> None:
    assert code_of_unlock(changed(station, tmp_path, put(place, value))) == code


@pytest.mark.parametrize("places", [[0, 1], [0, 2, 1, 3, 4], [0, 1, 2, 3, 4, 5]])
def test_a_person_taken_away_moved_or_added_is_told(
    station: StationFolder, tmp_path: Path, places: list[int]
) -> None:
    def change(record: Record) -> None:
        people = [*record["people"], record["people"][2] | {"id": "o3"}]
        record["people"] = [people[place] for place in places]

    assert code_of_unlock(changed(station, tmp_path, change)) == "people_changed"


@settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_changed_bytes_never_unlock_another_station(
    station: StationFolder, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    other = changed(station, tmp_path_factory.mktemp("changed"), lambda _: None)
    content = bytearray(station.people.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    other.people.write_bytes(content)
    try:
        unlock(other)
    except KnownError as refusal:
        code = refusal.code
    else:
        code = "open"
    same = json.loads(station.people.read_bytes())
    if code == "open":
        assert json.loads(content) == same
    else:
        assert code in REFUSALS


def test_every_byte_of_the_sealed_secrets_counts(station: StationFolder, tmp_path: Path) -> None:
    people = People.load(station, BootClock())
    entered = [people.enter(id_, passphrase_of(id_)) for id_ in ("o1", "c1")]
    whole = station.sealed_secrets.read_bytes()
    wrong = [whole[:size] for size in (0, 5, 8, 20, 30, len(whole) - 1)] + [whole + b"x"]
    for place in range(len(whole)):
        one = bytearray(whole)
        one[place] ^= 0x80
        wrong.append(bytes(one))
    try:
        for data in wrong:
            station.sealed_secrets.write_bytes(data)
            with pytest.raises(KnownError) as caught:
                people.join(*entered)
            assert caught.value.code == "secrets_damaged"
            assert caught.value.__suppress_context__
        station.sealed_secrets.unlink()
        assert code_of_unlock(station) == "secrets_missing"
    finally:
        station.sealed_secrets.write_bytes(whole)
    assert people.join(*entered)


def test_another_stations_secrets_do_not_open(station: StationFolder, tmp_path: Path) -> None:
    other = StationFolder(tmp_path)
    create(tmp_path, BootClock())
    other.sealed_secrets.write_bytes(station.sealed_secrets.read_bytes())
    assert code_of_unlock(other) == "secrets_damaged"


def test_secrets_are_bound_to_the_stations_name() -> None:
    key = StationSecrets.generate().journal_key
    sealed = StationSecrets.generate().seal(key, "9042-1")
    assert StationSecrets.open(sealed, key, "9042-1")
    with pytest.raises(ValueError, match="its key is another"):
        StationSecrets.open(sealed, key, "9042-2")


def test_what_a_copy_from_before_a_removal_opens(tmp_path: Path) -> None:
    """As ADR 0010 says: who has both files of then and both passphrases of then."""
    folder = StationFolder(tmp_path)
    people = create(tmp_path, BootClock())
    before, sealed = folder.people.read_bytes(), folder.sealed_secrets.read_bytes()
    unlocked = people.unlock("o1", passphrase_of("o1"), "c1", passphrase_of("c1"))
    people.remove(unlocked, unlocked.proofs, "o2")
    folder.people.write_bytes(before)
    with pytest.raises(KnownError) as caught:
        people.unlock("o2", passphrase_of("o2"), "c1", passphrase_of("c1"))
    assert caught.value.code == "people_changed"
    folder.sealed_secrets.write_bytes(sealed)
    assert people.unlock("o2", passphrase_of("o2"), "c1", passphrase_of("c1"))


def test_a_removal_cut_off_between_its_two_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = StationFolder(tmp_path)
    people = create(tmp_path, BootClock())
    unlocked = people.unlock("o1", passphrase_of("o1"), "c1", passphrase_of("c1"))
    with monkeypatch.context() as patch:
        patch.setattr("station_app.vault.marking.replace_file", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            people.remove(unlocked, unlocked.proofs, "o2")
    assert unlock(folder)
    with pytest.raises(KnownError) as caught:
        people.enter("o2", passphrase_of("o2"))
    assert caught.value.code == "unknown_person"


def test_no_change_is_added_to_a_changed_file(tmp_path: Path) -> None:
    folder = StationFolder(tmp_path)
    people = create(tmp_path, BootClock())
    unlocked = people.unlock("o1", passphrase_of("o1"), "c1", passphrase_of("c1"))
    record = json.loads(folder.people.read_bytes())
    record["people"].pop()
    folder.people.write_text(json.dumps(record))
    added = person("o3", Role.OPERATOR)
    with pytest.raises(KnownError) as caught:
        people.add(unlocked, unlocked.proofs, added, Passphrase("жаңы узун сөз тап"))
    assert caught.value.code == "people_changed"
    assert json.loads(folder.people.read_bytes()) == record
