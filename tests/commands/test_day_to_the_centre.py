"""A day from a bare machine to the commission's report: every hand it goes through is real."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from station_app.domain.day_report import HandCount
from station_app.domain.entries import DayClosed, JournalExported
from station_app.domain.entry_codes import Count, VoidReason
from station_app.domain.roles import Operation
from station_app.flow.day_export import DayExport, ExportedDay, export_parts
from station_app.flow.lane import Lane
from station_app.flow.sticks import StickFinder
from station_app.vault import Passphrase, PublicIdentity, open_recipient
from tests.centre.postgres_server import create_database, running_server
from tests.commands.days import VOTERS, Day, fresh_day, now
from tests.commands.stations import ISSUER_WORDS
from tests.commands.typed_words import answer, run
from tests.devices.folder_medium import folder_as_medium
from tests.journal import independent_verifier
from tests.journal.opened_bundle import open_bundle

REASON = "Испорченный бюллетень заменён"


@pytest.fixture
def database() -> Iterator[str]:
    with running_server("fsync=off", "max_connections=10", "shared_buffers=16MB") as data:
        yield create_database(data, "centre")


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Day:
    return fresh_day(tmp_path, monkeypatch)


def work(day: Day) -> None:
    """Three are identified, one by mistake; the day is closed with one ballot too many."""
    desk = day.services.desk
    day.act(desk.open_day, day.sign(Operation.OPEN_DAY, "c1", "m1"), now(), is_confirmed=False)
    entries = [day.identify_by_commission(voter.pin) for voter in VOTERS]
    day.act(desk.void, day.sign(Operation.VOID, "m1"), entries[1], VoidReason.WRONG_VOTER)
    day.wait(lambda: not day.look().unprinted)
    leaders, seen = day.sign(Operation.CLOSE_DAY, "c1", "m1"), day.look().figures
    counted, reasons = HandCount(3, 2), dict.fromkeys(Count, REASON)
    day.act(desk.close_day, leaders, seen, counted, reasons)


def export(day: Day, stick: Path) -> ExportedDay:
    """As the room does with F9."""
    opened = day.station.opened
    parts = export_parts(opened.recorder, day.table.station, day.unlocked)
    assert parts is not None
    files = Lane("files", day.bridge, lambda _: None)
    medium = folder_as_medium(stick)
    leave = DayExport(
        parts,
        opened.lanes.journal,
        files,
        StickFinder([], lambda: [medium]),
        day.station.runner.mend,
    )
    assert leave.find().only == medium
    taken: list[ExportedDay] = []
    leave.export(medium, taken.append, lambda fault: pytest.fail(fault.message))
    day.wait(lambda: bool(taken))
    files.close()
    return taken[0]


def test_what_the_protocol_says_is_what_the_centre_reports(
    day: Day, database: str, tmp_path: Path
) -> None:
    stick, table = tmp_path / "STICK", day.table
    stick.mkdir()
    work(day)
    taken = export(day, stick)
    day.close()
    entries = day.entries()
    exported = next(one for one in entries if isinstance(one, JournalExported))
    closed = next(one for one in entries if isinstance(one, DayClosed))
    assert (taken.where, taken.size, taken.is_new) == ("STICK", exported.size, True)

    keys = tmp_path / "keys"
    keys.mkdir()
    PublicIdentity.load(table.station.public_identity).save(keys)
    recipient = table.folder / "БШК.recipient-key.json"
    found = answer(
        "centre", "collect", stick, "--database", database, "--recipient", recipient,
        "--passphrase-file", table.words, "--keys", keys, "--kind", "training", "--jobs", "1",
    )  # fmt: skip
    assert [one["loaded"]["station"] for one in found["arrived"]] == ["9042-1"]
    said = run("centre", "report", "--database", database, "--json", code=3)
    report = json.loads(said.stdout)
    (precinct,) = report["precincts"]
    figures = {
        name: precinct[name]
        for name in ("listed", "by_finger", "by_face", "by_commission", "voided",
                     "already_identified", "not_on_list", "unreadable", "refused")
    }  # fmt: skip
    assert figures == {name: getattr(closed, name) for name in figures}
    assert (closed.by_commission, closed.voided, closed.ballots) == (2, 1, 3)
    assert (report["identified"], report["listed"]) == (2, closed.listed)
    (station,) = precinct["stations"]
    told = next(one for one in station["explanations"] if one["what"] == "ballots")
    assert (told["expected"], told["counted"], told["reason"]) == (2, 3, REASON)
    # That all were identified by the commission is what the centre is to see.
    assert {one["code"] for one in report["alarms"]} == {"manual_share"}


def test_a_stranger_s_verifier_agrees(day: Day, tmp_path: Path) -> None:
    work(day)
    stick = tmp_path / "STICK"
    stick.mkdir()
    taken = export(day, stick)
    day.close()
    key = open_recipient(day.table.folder / "БШК.recipient-key.json", Passphrase(ISSUER_WORDS))
    (path,) = stick.iterdir()
    bundle, log = open_bundle(path, key), tmp_path / "log"
    assert taken.size == len(day.entries()) - 1
    for name, content in bundle.log.items():
        (log / name).parent.mkdir(parents=True, exist_ok=True)
        (log / name).write_bytes(content)
    signing = bundle.identity.signing_key
    assert signing is not None
    command = [sys.executable, independent_verifier.__file__, log, signing.hex()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "sound\n"
