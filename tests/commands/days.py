"""A provisioned station with a training list, unlocked, and the day's works around it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from station_app.assembly.desk_services import DeskServices, StationEquipment
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.devices.computer import Battery
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain import session_events as events
from station_app.domain.entries import Entry
from station_app.domain.entry_codes import DocumentSeen, ManualReason
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person
from station_app.domain.session_states import AwaitingCommission, Idle, Verdict
from station_app.flow import readiness as looking
from station_app.flow.bridge import QueueBridge
from station_app.flow.day_parts import ActResult
from station_app.flow.day_reading import DayLook, read_day
from station_app.flow.mirroring import mirror_opener
from station_app.flow.open_station import OpenStation, prepare_unlocked
from station_app.flow.opening import open_unlocked
from station_app.journal.leaves import read_leaf
from station_app.journal.records import JOURNAL, read_records
from station_app.settings import read_machine
from station_app.synthetic.register import invent_register
from station_app.vault import (
    Database,
    Passphrase,
    People,
    Secret,
    Unlocked,
)
from tests.commands.stations import Table, passphrase_of
from tests.commands.typed_words import make_cheap, run

VOTERS = [one.voter for one in invent_register(3, 7)]


def now() -> datetime:
    return datetime.now(UTC)


class Day:
    """An unlocked station with the day's works around it, driven without a window."""

    def __init__(self, table: Table, scanner: SimulatedFingerScanner | None = None) -> None:
        self.table, folder = table, table.station
        self.bridge = QueueBridge()
        self.unlocked: Unlocked = People.load(folder).unlock(
            "o1", Passphrase(passphrase_of("o1")), "m1", Passphrase(passphrase_of("m1"))
        )
        self.journal_key: Secret = self.unlocked.journal_key
        unlocked = open_unlocked(folder, self.unlocked, now)
        scanner = scanner or SimulatedFingerScanner(seconds=0.0)
        self.station: OpenStation = prepare_unlocked(unlocked, scanner).station(self.bridge)
        opened = self.station.opened.recorder.journal.opened
        self.equipment = StationEquipment(
            printer=FolderPrinter(folder.root / "slips"),
            voter_languages=("ky", "ru"),
            now=now,
            local=lambda at: at.astimezone(),
            language=lambda: "ru",
            open_mirror=mirror_opener(folder, self.unlocked, read_machine(folder.settings), opened),
            readiness=lambda: looking.look_at(folder, (ENGINE,), now()),
            valid_from=unlocked.manifest.valid_from,
            valid_to=unlocked.manifest.valid_to,
        )
        self.services = DeskServices(
            self.station, folder, self.equipment, self.bridge, lambda _: None
        )
        self.services.start()
        self.station.runner.start()
        self.runner = self.station.runner

    def wait(self, until: Callable[[], bool]) -> None:
        assert self.bridge.run(until, 60)

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
        return self.station.opened.lanes.journal.call(
            lambda: read_day(self.station.opened.recorder.journal)
        )

    def act(self, do: Callable[..., None], *args: object, **words: object) -> ActResult:
        done: list[ActResult] = []
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
        self.services.close()
        self.station.close()
        self.unlocked.lock()

    def entries(self) -> list[Entry]:
        """What the closed journal says."""
        database = Database.open_to_read(self.table.station.journal, JOURNAL, self.journal_key)
        try:
            return [read_leaf(record.leaf)[0] for record in read_records(database)]
        finally:
            database.close()


def fresh_day(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Day:
    """Provision a station in a folder, load its list, and let two persons unlock it."""
    make_cheap(monkeypatch)
    monkeypatch.setattr(looking, "battery", lambda: Battery(84, True, None))
    monkeypatch.setattr(looking, "free_bytes", lambda _: 80 * 10**9)
    table = Table(folder)
    run(*table.provisioning())
    table.snapshot()
    run(*table.provisioning("--again"))
    return Day(table)
