"""A day at a provisioned station, from the passphrases to the protocol: nothing stands in."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from stations import Table, passphrase_of
from typed_words import QUICK, make_cheap, run

from station_app.assembly.day_works import Around, DayWorks
from station_app.assembly.station import Station, prepare_unlocked
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.commands import provision
from station_app.devices.machine import Battery
from station_app.devices.printers.folder import FolderPrinter
from station_app.devices.simulated.finger_scanner import SimulatedFingerScanner
from station_app.domain import session_events as events
from station_app.domain.day import DayState
from station_app.domain.entries import DayClosed, DayOpened, DifferenceExplained, Entry, PaperMade
from station_app.domain.entry_codes import (
    Count,
    DocumentSeen,
    ManualReason,
    Paper,
    PauseReason,
    ReopenReason,
    VoidReason,
)
from station_app.domain.errors import KnownError
from station_app.domain.reconciliation import HandCount
from station_app.domain.roles import Operation, Person
from station_app.domain.session_states import AwaitingCommission, Idle, Resting, Verdict
from station_app.flow import readiness as looking
from station_app.flow.bridge import QueueBridge
from station_app.flow.day_parts import Acted
from station_app.flow.day_reading import DayLook, read_day
from station_app.flow.opening import finish_load
from station_app.flow.opening_checks import station_checks
from station_app.journal import verify_journal
from station_app.journal.leaves import read_leaf
from station_app.journal.records import JOURNAL, read_records
from station_app.snapshots import loaded_list
from station_app.synthetic.register import invent_register
from station_app.vault import (
    Database,
    IdentityKind,
    Passphrase,
    People,
    PublicIdentity,
    Secret,
    Unlocked,
)

VOTERS = [one.voter for one in invent_register(3, 7)]


def now() -> datetime:
    return datetime.now(UTC)


class Day:
    """An unlocked station with the day's works around it, driven without a window."""

    def __init__(self, table: Table) -> None:
        self.table, folder = table, table.station
        self.bridge = QueueBridge()
        self.unlocked: Unlocked = People.load(folder).unlock(
            "o1", Passphrase(passphrase_of("o1")), "m1", Passphrase(passphrase_of("m1"))
        )
        self.journal_key: Secret = self.unlocked.journal_key
        trusted = PublicIdentity.load_all(folder.trusted, IdentityKind.ISSUER)
        finish_load(folder, self.unlocked, trusted, now)
        loaded = loaded_list(folder, trusted)
        prepared = prepare_unlocked(
            folder, self.unlocked, loaded, SimulatedFingerScanner(seconds=0.0), self.bridge, now
        )
        self.station: Station = prepared.station(self.bridge)
        around = Around(
            printer=FolderPrinter(folder.root / "slips"),
            voter_languages=("ky", "ru"),
            now=now,
            local=lambda at: at.astimezone(),
            language=lambda: "ru",
            valid_from=loaded.manifest.valid_from,
            valid_to=loaded.manifest.valid_to,
        )
        self.works = DayWorks(self.station, folder, around, self.bridge, lambda _: None)
        self.works.start()
        self.station.runner.start()
        self.runner = self.station.runner

    def wait(self, until: Callable[[], bool]) -> None:
        assert self.bridge.run(until, 20)

    def sign(self, operation: Operation, *ids: str) -> tuple[Person, ...]:
        """These persons type their own passphrases, and agree."""
        signed: list[tuple[Person, ...]] = []
        faults: list[KnownError] = []
        act = self.runner.commission
        for id_ in ids:
            act.prove(id_, Passphrase(passphrase_of(id_)), lambda: None, faults.append)
        act.approve(operation, signed.append, faults.append)
        self.wait(lambda: bool(signed or faults))
        assert faults == []
        return signed[0]

    def look(self) -> DayLook:
        """How the day stands."""
        return self.station.opened.lanes.journal.call(lambda: read_day(self.station.opened.journal))

    def act(self, do: Callable[..., None], *args: object, **words: object) -> Acted:
        done: list[Acted] = []
        faults: list[KnownError] = []
        do(*args, **words, done=done.append, failed=faults.append)
        self.wait(lambda: bool(done or faults))
        assert faults == []
        return done[0]

    def identify_by_commission(self, pin: str) -> int:
        """The operator calls the commission, which knows the voter by the document."""
        runner = self.runner
        runner.handle(events.CommissionCalled())
        self.wait(lambda: isinstance(runner.state, AwaitingCommission))
        runner.handle(events.PinEntered(pin))
        self.wait(lambda: isinstance(runner.state, AwaitingCommission) and bool(runner.state.voter))
        operator, member = self.sign(Operation.MANUAL_DECISION, "m1")
        runner.handle(
            events.CommissionConfirmed(
                runner.state.ticket,
                ManualReason.NO_BIOMETRICS,
                DocumentSeen.PASSPORT,
                operator.id,
                member.id,
            )
        )
        self.wait(lambda: isinstance(runner.state, Verdict))
        state = runner.state
        assert isinstance(state, Verdict)
        runner.handle(events.NextPressed())
        self.wait(lambda: isinstance(runner.state, Idle))
        return state.entry

    def close(self) -> None:
        self.works.close()
        self.station.close()
        self.unlocked.lock()

    def entries(self) -> list[Entry]:
        """What the closed journal says."""
        database = Database.open_to_read(self.table.station.journal, JOURNAL, self.journal_key)
        try:
            return [read_leaf(record.leaf)[0] for record in read_records(database)]
        finally:
            database.close()


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Day:
    make_cheap(monkeypatch)
    monkeypatch.setattr(provision, "measure_cost", lambda: QUICK)
    monkeypatch.setattr(looking, "battery", lambda: Battery(84, True, None))
    monkeypatch.setattr(looking, "free_bytes", lambda _: 80 * 10**9)
    table = Table(tmp_path)
    run(*table.provisioning())
    table.snapshot()
    run(*table.provisioning("--again"))
    return Day(table)


def test_a_day_from_the_zero_report_to_the_protocol(day: Day) -> None:
    folder, desk, runner = day.table.station, day.works.desk, day.runner
    checks = station_checks(folder, ENGINE, now, lambda: "")()
    assert [check.fault for check in checks] == ["", "", ""]
    assert isinstance(runner.state, Resting)
    leaders = day.sign(Operation.OPEN_DAY, "c1", "m1")
    opened = day.act(desk.open_day, leaders, now(), is_confirmed=False)
    assert opened.paper_fault == ""
    day.wait(lambda: isinstance(runner.state, Idle))

    first, second = (day.identify_by_commission(voter.pin) for voter in VOTERS[:2])
    day.act(desk.pause, runner.commission.present[0], PauseReason.POWER)
    assert isinstance(runner.state, Resting)
    day.act(desk.resume, runner.commission.present[1])
    day.act(desk.void, day.sign(Operation.VOID, "m1"), second, VoidReason.WRONG_VOTER)
    assert runner.tally.identified == 1

    day.act(desk.print_paper, Paper.TURNOUT)
    day.wait(lambda: not day.look().unprinted)
    seen = day.look()
    leaders = day.sign(Operation.CLOSE_DAY, "c1", "m1")
    reasons = {Count.BALLOTS: "Испорченный бюллетень заменён"}
    closed = day.act(desk.close_day, leaders, seen.figures, HandCount(2, 1), reasons)
    assert (closed.look.day.state, closed.paper_fault) == (DayState.CLOSED, "")
    assert isinstance(runner.state, Resting)
    runner.handle(events.CommissionCalled())
    assert isinstance(runner.state, Resting), "nobody is identified any more"
    day.close()

    entries = day.entries()
    assert [type(entry) for entry in entries if isinstance(entry, DayOpened | DayClosed)] == [
        DayOpened,
        DayClosed,
    ]
    closing = next(entry for entry in entries if isinstance(entry, DayClosed))
    assert (closing.by_commission, closing.voided, closing.slips, closing.ballots) == (1, 1, 1, 2)
    assert (closing.chair, closing.member) == ("c1", "m1")
    difference = next(entry for entry in entries if isinstance(entry, DifferenceExplained))
    assert difference == DifferenceExplained(Count.BALLOTS, 1, 2, reasons[Count.BALLOTS])
    made = {entry.paper: entry.sha256 for entry in entries if isinstance(entry, PaperMade)}
    for paper, name in ((Paper.PROTOCOL, "protocol"), (Paper.ZERO_REPORT, "zero-report")):
        pdf = next(folder.papers.glob(f"*{name}.pdf")).read_bytes()
        assert pdf.startswith(b"%PDF")
        assert sha256(pdf).hexdigest() == made[paper]
    identity = PublicIdentity.load(folder.public_identity)
    report = verify_journal(folder.journal, day.journal_key, identity.signing_key)
    assert report.entries == len(entries)
    assert first < second


def test_a_station_unlocked_again_finds_the_day_as_it_was(day: Day) -> None:
    desk = day.works.desk
    day.act(desk.open_day, day.sign(Operation.OPEN_DAY, "c1", "m1"), None, is_confirmed=False)
    day.identify_by_commission(VOTERS[0].pin)
    day.act(desk.pause, day.runner.commission.present[0], PauseReason.ORDER)
    day.close()
    again = Day(day.table)
    assert isinstance(again.runner.state, Resting)
    assert again.runner.tally.identified == 1
    again.act(again.works.desk.resume, again.runner.commission.present[0])
    figures = again.look().figures
    assert figures.identified == 1
    leaders = again.sign(Operation.CLOSE_DAY, "c1", "m1")
    reasons = dict.fromkeys(Count, "not counted in this test")
    again.act(again.works.desk.close_day, leaders, figures, HandCount(0, 0), reasons)
    again.act(
        again.works.desk.reopen,
        again.sign(Operation.REOPEN_DAY, "c1", "m1"),
        ReopenReason.CLOSED_EARLY,
    )
    assert isinstance(again.runner.state, Idle)
    again.close()
