"""Another election, and a list that lacks somebody identified: the two commands at a station."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from station_app.domain.day_report import HandCount
from station_app.domain.entries import JournalOpened, ListCompared, ListCounted
from station_app.domain.roles import Operation
from station_app.synthetic.register import invent_register
from tests.commands.days import VOTERS, Day, fresh_day
from tests.commands.typed_words import answer, run


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Day:
    """A training station whose day is open."""
    made = fresh_day(tmp_path, monkeypatch)
    leaders = made.sign(Operation.OPEN_DAY, "c1", "m1")
    made.act(made.services.desk.open_day, leaders, None, is_confirmed=True)
    return made


def by_two(day: Day) -> list[str | Path]:
    return ["--station", day.table.station.root, "--passphrase-dir", day.table.secrets]


def unlocking(day: Day) -> list[str | Path]:
    return [*by_two(day), "--member", "c1"]


def load(day: Day, voters: int, sequence: int) -> None:
    snapshot = day.table.snapshot(voters, sequence)
    answer("snapshot", "load", snapshot, "--station", day.table.station.root)


def close_and_export(day: Day) -> None:
    figures, leaders = day.look().figures, day.sign(Operation.CLOSE_DAY, "c1", "m1")
    counted = HandCount(figures.identified, figures.identified)
    day.act(day.services.desk.close_day, leaders, figures, counted, {})
    day.close()
    stick = day.table.folder / "STICK"
    stick.mkdir()
    answer(
        "journal", "export", day.table.station.journal, "--to", stick, "--member", "m1",
        "--passphrase-dir", day.table.secrets,
    )  # fmt: skip


def test_a_station_takes_another_election(day: Day) -> None:
    close_and_export(day)
    done = answer("renew", *unlocking(day))
    aside = Path(done["journal"])
    assert (done["renewed"], aside.parent) == (True, day.table.station.journals)
    assert not day.table.station.journal.exists()
    opened = ("--member", "m1", "--passphrase-dir", day.table.secrets)
    assert answer("journal", "verify", aside / "journal.db", *opened)["sound"]
    again = day.table.folder / "AGAIN"
    again.mkdir()
    assert answer("journal", "export", aside / "journal.db", "--to", again, *opened)["exported"]
    assert answer("journal", "verify", aside / "journal.db", *opened)["sound"]
    twice = answer("renew", *unlocking(day), code=1)
    assert (twice["renewed"], twice["code"]) == (False, "renew_nothing")
    load(day, 3, 1)
    next_day = Day(day.table)
    next_day.close()
    first = next_day.entries()[0]
    assert isinstance(first, JournalOpened)
    assert first.previous_origin == "station-app/training/9042-1"
    assert first.previous_size


def test_an_open_day_is_not_renewed(day: Day) -> None:
    day.close()
    refused = answer("renew", *unlocking(day), code=1)
    assert (refused["renewed"], refused["code"]) == (False, "renew_day_open")
    assert "Close it" in run("renew", *unlocking(day), code=1).stderr


def test_it_takes_the_chair_and_another_member(day: Day) -> None:
    day.close()
    nobody = run("renew", *by_two(day), "--member", "c1", "--second", "x9", code=2)
    assert "--second: m1" in nobody.stderr.replace("\n", " ")


def test_two_persons_agree_to_a_list_that_lacks_somebody(day: Day) -> None:
    (left,) = (one.voter for one in invent_register(1, 7))
    gone = next(one for one in VOTERS if one.voter_id != left.voter_id)
    day.identify_by_commission(gone.pin)
    day.close()
    load(day, 1, 2)
    said = answer("list", "accept", *unlocking(day))
    assert said == {
        "accepted": True, "list_sequence": 2, "voters": 1, "struck_off": 0, "struck_not_listed": 0,
        "comparison": {"compared": True, "accepted": 1, "unseen": 0, "marked": 0, "missing": 1},
    }  # fmt: skip
    (entry,) = [one for one in day.entries() if isinstance(one, ListCompared)]
    assert (entry.compared, entry.missing, entry.chair, entry.member) == (True, 1, "c1", "m1")
    (counted,) = [one for one in day.entries() if isinstance(one, ListCounted)]
    assert counted == ListCounted(2, 1, "")
    load(day, 2, 3)
    assert run("list", "accept", *unlocking(day)).stdout.splitlines() == [
        "List number 3 is in use: 2 voters.",
        "Identified, or with a ballot taken to them: 1.",
        "Not on the new list: 0; they stay identified.",
        "Rows of it left to the commission: 0.",
        "Not on the list before either: 1; of them nothing was compared. "
        "Check the signatures on the paper list.",
        "Unlock the station to go on.",
    ]
    assert "Nothing was compared" in run("list", "accept", *unlocking(day)).stdout
