"""`station-app readiness`: ready or not, with every reason, as text, JSON and one page."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from station_app.commands import readiness
from station_app.devices.computer import Battery
from station_app.devices.drivers import DeviceFamily
from station_app.domain.device_trials import TestKind
from station_app.flow import readiness as looking
from station_app.flow.trial_book import TrialBook
from station_app.vault import StationFolder
from tests.commands.stations import Table
from tests.commands.typed_words import answer, run


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    """A station with a loaded list of three voters, on a computer with all it needs."""
    monkeypatch.setattr(looking, "battery", lambda: Battery(84, True, None))
    monkeypatch.setattr(looking, "free_bytes", lambda _: 80 * 10**9)
    table = Table(tmp_path)
    run(*table.provisioning())
    table.snapshot()
    run(*table.provisioning("--again"))
    return table


def codes(table: Table, weight: str = "blocks", *, code: int = 1) -> list[str]:
    found = answer("readiness", "--station", table.station.root, code=code)
    assert found["ready"] is (code == 0)
    return [one["code"] for one in found["reasons"] if one["weight"] == weight]


def at(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    """The machine's clock, moved."""

    monkeypatch.setattr(readiness, "_now", lambda: datetime.now(UTC) + later)


def test_ready(table: Table) -> None:
    found = answer("readiness", "--station", table.station.root)
    assert found["ready"] is True
    assert (found["precinct"], found["kind"], found["station"]["name"]) == (
        "9042",
        "training",
        "9042-1",
    )
    assert found["list"]["counts"] == {
        "bad_rows": 2, "faces": 0, "fingers": 1, "portraits": 0, "voters": 3,
    }  # fmt: skip
    assert found["people"] == {"operator": 1, "member": 1, "chair": 1, "technician": 1}
    assert len(found["list"]["hash"]["words"].split()) == 6
    assert found["machine"]["engine"].startswith("leader-mcc/")
    assert found["trusted"][0]["name"] == "БШК"
    assert (found["mirror"], found["recipients"]) == ("", ["БШК"])
    assert found["events"] == 2
    assert codes(table, "attention", code=0) == [
        "passphrases_from_files", "list_untried", "rows_left_out", "devices_simulated",
    ]  # fmt: skip
    text = run("readiness", "--station", table.station.root).stdout
    assert text.startswith("READY\n")
    assert found["station"]["digits"] in text
    assert "mirror: none; results are sealed to: БШК" in text
    assert "look after: Simulated devices" in text


def test_no_station_yet(table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "bare"
    bare.mkdir(mode=0o700)
    found = answer("readiness", "--station", bare, code=1)
    assert [one["code"] for one in found["reasons"]] == [
        "identity_missing", "settings_missing", "people_missing", "issuers_missing",
    ]  # fmt: skip
    assert answer("readiness", "--station", tmp_path / "none", code=1)["code"] == "station_missing"
    monkeypatch.setenv("STATION_APP_HOME", str(tmp_path / "home"))
    assert answer("readiness", code=1)["code"] == "station_missing"


def test_out_of_its_time(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, timedelta(days=30))
    assert codes(table) == ["vsnap_expired"]
    at(monkeypatch, timedelta(days=6))
    assert "list_ends_soon" in codes(table, "attention", code=0)
    at(monkeypatch, timedelta(hours=-5))
    assert codes(table) == ["clock_behind"]
    table.station.journal.with_name("journal.db.head").touch()
    at(monkeypatch, timedelta(minutes=-30))
    assert codes(table) == ["clock_behind"]


def test_a_changed_list(table: Table) -> None:
    (path,) = table.station.lists.glob("*.vlist")
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    assert codes(table) == ["list_damaged"]
    path.unlink()
    assert codes(table) == ["list_missing"]


def test_another_stations_list(table: Table) -> None:
    other = table.folder / "other"
    table.write(**{'folder = "station"': 'folder = "other"'})
    run(*table.provisioning())
    table.station.public_identity.write_bytes(StationFolder(other).public_identity.read_bytes())
    assert codes(table) == ["settings_changed_unsigned", "pins_changed", "list_not_for_us"]


def test_no_scanner(table: Table) -> None:
    scanner = '[devices.finger_scanner]\ndriver = "simulated"\n'
    table.write(**{scanner: "", "snapshot": "#snapshot"})
    table.sign()
    assert codes(table) == ["scanner_not_configured"]


def test_settings_nobody_has_signed(table: Table) -> None:
    text = table.station.settings.read_text()
    signed = text.splitlines(keepends=True)
    table.station.settings.write_text(text.replace('"9042"', '"9043"'))
    assert codes(table) == ["settings_changed_unsigned"]
    # As the first version wrote them.
    table.station.settings.write_text("".join(signed[:-1]))
    assert codes(table) == ["settings_unsigned"]


def test_a_list_without_fingers(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.commands.stations._FINGERS", [])
    table.snapshot(sequence=2)
    table.provision("--again")
    assert codes(table) == ["list_without_fingers"]


def test_passphrases_from_files_are_said(table: Table) -> None:
    assert "passphrases_from_files" in codes(table, "attention", code=0)


def test_a_stranger_among_the_issuers(table: Table) -> None:
    words = ("--out", table.station.trusted, "--passphrase-file", table.words)
    run("issuer", "create", "X", *words)
    assert codes(table) == ["pins_changed"]
    assert table.provision("--again", code=1)["code"] == "pins_changed"
    for path in table.station.trusted.glob("*.issuer*.json"):
        path.unlink()
    assert codes(table) == ["issuers_missing"]


def test_a_poor_computer(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "battery", lambda: Battery(5, False, 8))
    monkeypatch.setattr(looking, "free_bytes", lambda _: 10**9)
    assert codes(table) == ["disk_short", "battery_empty"]
    monkeypatch.setattr(looking, "battery", lambda: Battery(30, False, 50))
    monkeypatch.setattr(looking, "free_bytes", lambda _: 3 * 10**9)
    assert codes(table, "attention", code=0)[-2:] == ["disk_low", "battery_low"]
    monkeypatch.setattr(looking, "battery", lambda: None)
    assert codes(table, "attention", code=0)[-1] == "battery_none"


def test_open_to_others(table: Table) -> None:
    table.station.keys.chmod(0o755)
    assert codes(table) == ["folder_exposed"]
    run(*table.provisioning("--again"))
    assert codes(table, code=0) == []


def test_lost_lines(table: Table) -> None:
    with table.station.pending_events.open("ab") as file:
        file.write(b"nonsense\n")
    assert "events_unreadable" in codes(table, "attention", code=0)


def test_the_sheet(table: Table, qapp: QApplication) -> None:
    pdf = table.folder / "sheet.pdf"
    for language in ("ky", "ru", "en"):
        words = ("--station", table.station.root, "--pdf", pdf, "--language", language)
        run("readiness", *words)
        assert pdf.read_bytes().startswith(b"%PDF-")
    assert not list(table.folder.glob("*.new"))
    none = table.folder / "none" / "sheet.pdf"
    run("readiness", "--station", table.station.root, "--pdf", none, code=1)


def test_ready_needs_the_printer_of_the_plan_and_only_mentions_the_mirror(table: Table) -> None:
    medium, port = table.folder / "stick", table.folder / "lp0"
    printer = f'[devices.printer]\ndriver = "escpos"\nport = "{port} 58mm"'
    added = f'{printer}\n\n[mirror]\nfolder = "{medium}"\n\n[trust]'
    table.write(**{"[trust]": added, "snapshot": "#snapshot"})
    table.sign()
    assert codes(table) == ["printer_lost", "devices_untried"]
    assert "mirror_missing" in codes(table, "attention")
    medium.mkdir()
    port.touch()
    assert codes(table) == ["devices_untried"]
    assert "mirror_missing" not in codes(table, "attention")
    book = TrialBook(table.station, lambda: datetime.now(UTC))
    subject = book.subject(DeviceFamily.PRINTER)
    book.note("printer", TestKind.FULL, subject, passed=True)
    found = answer("readiness", "--station", table.station.root)
    (_, tried) = found["devices"]
    assert (tried["verdict"], tried["test"], tried["by"]) == ("tried", "full", "")
    text = run("readiness", "--station", table.station.root).stdout
    assert "passed the full test of " in text
    assert "by nobody unlocked" in text
    late = TrialBook(table.station, lambda: datetime.now(UTC) + timedelta(seconds=5))
    book.note("printer", TestKind.MORNING, subject, passed=False)
    assert codes(table) == ["self_test_failed"]
    late.note("printer", TestKind.MORNING, subject, passed=True)
    assert codes(table, code=0) == []
    desk = table.station.desk_settings
    desk.write_text(desk.read_text().replace("lp0", "lp1"))
    (table.folder / "lp1").touch()
    assert codes(table) == ["devices_changed"], "another printer is in its place"
    desk.write_text(desk.read_text().replace("58mm", "60mm"))
    assert codes(table) == ["settings_refused"]
