"""`station-app people`: two persons agree to each change."""

from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.snapshots import read_pending
from station_app.vault import Passphrase, People
from tests.commands.stations import PEOPLE, Table, passphrase_of
from tests.commands.typed_words import Typing, answer, run, secret_file

NEW = "жаңы узун сөз тап"


@pytest.fixture
def table(tmp_path: Path) -> Table:
    table = Table(tmp_path)
    run(*table.provisioning())
    for id_ in ("o2", "o1"):
        secret_file(table.secrets / f"{id_}.new.passphrase", NEW)
    return table


def change(table: Table, *words: str | Path, code: int = 0) -> dict[str, object]:
    """A change that o1 and c1 agree to."""
    given = ("--station", table.station.root, "--member", "c1", "--passphrase-dir", table.secrets)
    found = answer("people", *words, *given, code=code)
    assert found["changed"] is (code == 0)
    return dict(found)


def opens(table: Table, id_: str, text: str) -> bool:
    try:
        People.load(table.station).enter(id_, Passphrase(text))
    except KnownError:
        return False
    return True


def test_who_there_is(table: Table) -> None:
    listed = answer("people", "list", "--station", table.station.root)
    assert [(one["id"], one["name"], one["role"]) for one in listed] == [
        (id_, *PEOPLE[id_]) for id_ in ("o1", "c1", "m1", "t1")
    ]
    text = run("people", "list", "--station", table.station.root).stdout
    assert "m1\tmember\tНурлан Токтогулов\n" in text
    (table.folder / "bare").mkdir()
    assert (
        answer("people", "list", "--station", table.folder / "bare", code=1)["code"]
        == "people_missing"
    )


def test_add_and_remove(table: Table) -> None:
    change(table, "add", "o2", "--name", "Жылдыз Эсенова", "--role", "operator")
    assert opens(table, "o2", NEW)
    again = change(
        table, "add", "o2", "--name", "X", "--role", "operator", "--operator", "o1", code=1
    )
    assert again["code"] == "person_exists"
    change(table, "remove", "o1", "--operator", "o1")
    assert [one.id for one in People.load(table.station).persons] == ["c1", "m1", "t1", "o2"]
    secret_file(table.secrets / "o2.passphrase", NEW)
    assert change(table, "remove", "o2", code=1)["code"] == "last_person"
    assert change(table, "remove", "o9", code=1)["code"] == "unknown_person"
    events = read_pending(table.station.pending_events).events[1:]
    assert [(one.event, one.facts["person"], one.facts["by"]) for one in events] == [
        ("person_added", "o2", "o1 c1"),
        ("person_removed", "o1", "o1 c1"),
    ]


def test_a_new_passphrase(table: Table) -> None:
    change(table, "passphrase", "o1")
    assert opens(table, "o1", NEW)
    assert not opens(table, "o1", passphrase_of("o1"))
    assert (
        change(table, "passphrase", "o9", "--operator", "o1", code=1)["code"] == "wrong_passphrase"
    )


def test_typed(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    typing = Typing(monkeypatch)
    typing.ready(passphrase_of("o1"), passphrase_of("m1"), NEW, NEW)
    words = ("--station", table.station.root, "--member", "m1")
    said = run("people", "passphrase", "t1", *words)
    assert said.stdout == "Азамат Рысалиев has a new passphrase.\n"
    assert [asked.split(",")[0] for asked in typing.asked[:3]] == [
        "Айбек Асанов (operator)",
        "Нурлан Токтогулов (member)",
        "Азамат Рысалиев (technician)",
    ]
    assert opens(table, "t1", NEW)


def test_nobody_alone(table: Table) -> None:
    secret_file(table.secrets / "c1.passphrase", NEW)
    words = ("add", "o2", "--name", "X", "--role", "operator")
    assert change(table, *words, code=1)["code"] == "wrong_passphrase"
    assert len(People.load(table.station).persons) == 4


def test_usage(table: Table) -> None:
    words = ("--station", table.station.root, "--passphrase-dir", table.secrets)
    several = run("people", "remove", "m1", *words, code=2)
    assert "c1, m1" in several.stderr
    run("people", "remove", "m1", *words, "--member", "o1", code=2)
    run("people", "add", "O 2", *words, "--name", "X", "--role", "operator", code=2)
    run("people", "add", "o2", *words, "--name", "X", "--role", "boss", code=2)
