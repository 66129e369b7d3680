"""A desk's journal, list and slip printer, with a queue that joins them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from station_app.devices.printers.escpos import EscposRasterPrinter
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.printers.slip_printer import SlipPrinter
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.domain.entries import (
    DayOpened,
    Entry,
    JournalOpened,
    Outcome,
    OutcomeVoided,
    SessionStarted,
)
from station_app.domain.entry_codes import Method, OutcomeKind, VoidReason
from station_app.domain.errors import KnownError
from station_app.domain.slips import HeadSlip, PrinterStatus, Slip, SlipImage
from station_app.domain.voters import Voter
from station_app.flow.bridge import QueueBridge
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder
from station_app.flow.slips import SlipLanes, SlipParts, SlipQueue
from station_app.journal import Journal
from station_app.journal.leaves import read_leaf
from station_app.papers.slip import SlipPlace, draw_slip
from station_app.vault import Secret, Signer

WIDTH = 384

Result = TypeVar("Result")
PLACE = SlipPlace("9042", "9042-1", "demo", ("ky",))
_KEY, _SIGNER = Secret(b"k" * 32), Signer(Secret(b"s" * 32))
_ORIGIN = "station-app/demo/9042-1"
_OPENING = JournalOpened(
    _ORIGIN, "ab" * 32, 1, "demo", "cd" * 32, _SIGNER.public_key.hex(), "0.1.0"
)


class SlipDesk:
    """Everything real but the drawing's frame, which remembers what was drawn.

    Made again for the same folder it is the station after a restart.
    """

    def __init__(
        self,
        folder: Path,
        printer: SlipPrinter | None = None,
        machine: SimulatedPrinter | None = None,
        recorder: Callable[[Journal], Recorder] = Recorder,
    ) -> None:
        self.bridge = QueueBridge()
        self.papers: list[SlipImage] = []
        self.drawn: list[Slip | HeadSlip] = []
        self.told: list[PrinterStatus] = []
        self.bugs: list[BaseException] = []
        self.list_fault: KnownError | None = None
        self.machine = machine or SimulatedPrinter(folder / "lp0", self.papers.append)
        settings = EscposSettings(str(folder / "lp0"), WIDTH)
        self._lanes = SlipLanes(*(Lane(name, self.bridge, self.bugs.append) for name in "pmj"))
        path = folder / "journal.db"
        self.journal: Journal = self.on_lane(
            lambda: (
                Journal.open(path, _KEY, _SIGNER, _ORIGIN, clock)
                if path.exists()
                else Journal.create(path, _KEY, _SIGNER, _OPENING, clock)
            )
        )
        self.recorder = recorder(self.journal)
        parts = SlipParts(
            recorder=self.recorder,
            read_voter=self._read_voter,
            printer=printer or EscposRasterPrinter(settings, patience=1),
            render=self._render,
            clock=clock,
        )
        self.queue = SlipQueue(parts, self._lanes, self.bridge, self.told.append, 0.2)

    @property
    def journal_lane(self) -> Lane:
        return self._lanes.journal

    def on_lane(self, work: Callable[[], Result]) -> Result:
        return self._lanes.journal.call(work)

    def write(self, *entries: Entry) -> None:
        for entry in entries:
            self.on_lane(partial(self.recorder.append, entry))

    def open_day(self) -> None:
        self.write(DayOpened(1, 1, 9, "", 0, "chair-1", "member-1"))

    def identify(self, voter: int) -> int:
        """The number of the entry."""
        session = self.on_lane(self.journal.last_session) + 1
        self.write(SessionStarted(session), identified(session, voter))
        return self.on_lane(lambda: self.journal.head.size)

    def void(self, entry: int, voter: int) -> None:
        self.write(OutcomeVoided(entry, f"V-{voter}", voter, VoidReason.OTHER, "o1", "m1"))

    def entries(self, *kinds: type[Entry]) -> list[Entry]:
        records = self.on_lane(lambda: self.journal.look.records(1, 1000))
        found = [read_leaf(record.leaf)[0] for record in records]
        return [entry for entry in found if isinstance(entry, kinds)]

    def until(self, holds: Callable[[], bool], seconds: float = 8) -> None:
        assert self.bridge.run(holds, seconds), (self.queue.status, self.bugs)

    def until_printed(self, count: int) -> None:
        """Until so many slips have come out in this run and nothing is left to do."""
        self.until(lambda: len(self.papers) >= count and self.queue.status.waiting == 0)

    def end(
        self, *, with_a_crash: bool = False, stop_runner: Callable[[], None] = lambda: None
    ) -> None:
        """As a desk is locked; or with nothing done any more by the main thread."""
        if not with_a_crash:
            self.queue.stop()
        for lane in (self._lanes.printer, self._lanes.matching):
            lane.close()
        self._lanes.journal.call(self.journal.close)
        stop_runner()
        self._lanes.journal.close()
        self.machine.close()
        assert self.bugs == []

    def _read_voter(self, voter_id: str) -> Voter | None:
        if self.list_fault is not None:
            raise self.list_fault
        number = int(voter_id.removeprefix("V-"))
        if number >= 900:
            return None
        return Voter(
            voter_id, number, f"1{number:013d}", "Токтоналиева", "Айжаркын Канатовна", "f",
            date(1980, 5, 17), "Street 1", 3, number,
        )  # fmt: skip

    def _render(self, slip: Slip | HeadSlip, width: int) -> SlipImage:
        self.drawn.append(slip)
        return draw_slip(slip, width, PLACE)


def clock() -> datetime:
    return datetime.now(tz=UTC)


def identified(session: int, voter: int) -> Outcome:
    return Outcome(
        session, OutcomeKind.IDENTIFIED, "", Method.FINGER, f"V-{voter}", voter, None,
        9123, 6100, 600, 1, "leader-mcc/1", "cd" * 32,
    )  # fmt: skip
