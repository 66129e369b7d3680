"""What works around an open station's desk: the day's acts, its log, slips, mirror, checks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from station_app import __version__
from station_app.assembly.paper_maker import PaperMaker
from station_app.devices.computer import Battery, battery
from station_app.devices.document_reader import DocumentReader
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.devices.printers.page_printer import page_printer
from station_app.devices.printers.slip_printer import SlipPrinter
from station_app.domain.day import DayState
from station_app.domain.day_report import Predecessor
from station_app.domain.documents import DocumentRead, DocumentUnread, ReaderStatus
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.error_codes import Code
from station_app.domain.readiness_report import Readiness
from station_app.domain.session_events import DayChanged
from station_app.domain.slips import PrinterStatus
from station_app.flow.battery_watch import BatteryWatch, LowBattery
from station_app.flow.bridge import Bridge
from station_app.flow.day_desk import DayDesk
from station_app.flow.day_log import DayLog, Logged, logged_of
from station_app.flow.day_parts import DayLanes, DayParts
from station_app.flow.day_reading import read_predecessors
from station_app.flow.day_report import StationFacts
from station_app.flow.document_reading import DocumentReading
from station_app.flow.integrity import IntegrityCheck
from station_app.flow.lane import Lane
from station_app.flow.mirroring import Mirroring, MirrorObserver, MirrorWatch, OpenMirror
from station_app.flow.open_station import OpenStation
from station_app.flow.opening_checks import DevicesNow
from station_app.flow.slips import SlipLanes, SlipParts, SlipQueue
from station_app.papers.document import make_application
from station_app.papers.slip import SlipPlace, draw_slip
from station_app.vault import StationFolder


@dataclass(frozen=True, slots=True)
class StationEquipment:
    """What a station has besides its desk.

    `open_mirror` is None without a mirror; `language` is that of the papers of the moment.
    `readiness` looks at the station for its sheet, on a lane; None in a demonstration.
    `valid_from` and `valid_to` bound the list's use where it came in a snapshot. `shares_camera`:
    the document reader is the camera that faces are seen with, and lends it for a face.
    `shows_voters`: there is a voter's display, and it is a loss where it is away if
    `misses_display`. `speaks`: verdicts are said to voters. `battery` looks at the computer's,
    `page_printer` at its printer for pages.
    """

    printer: SlipPrinter
    voter_languages: tuple[str, ...]
    now: Callable[[], datetime]
    local: Callable[[datetime], datetime]
    language: Callable[[], str]
    open_mirror: OpenMirror | None = None
    readiness: Callable[[], Readiness] | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    document_reader: DocumentReader | None = None
    shares_camera: bool = False
    shows_voters: bool = False
    misses_display: bool = False
    speaks: bool = False
    battery: Callable[[], Battery | None] = battery
    page_printer: Callable[[], str] = page_printer

    @property
    def slips_go_to(self) -> PrintedTo:
        """Whether slips are paper, or files in a folder."""
        is_folder = isinstance(self.printer, FolderPrinter)
        return PrintedTo.FOLDER if is_folder else PrintedTo.PRINTER


class DeviceDisplay(MirrorObserver, Protocol):
    """The desk, as far as it shows what is beside it."""

    def battery_changed(self, battery: LowBattery | None) -> None:
        """Say that the charger has to be plugged in, or nothing."""
        ...

    def reader_changed(self, status: ReaderStatus) -> None:
        """Show how the document reader does."""
        ...

    def document_shown(self, found: DocumentRead | DocumentUnread) -> None:
        """Act on a document, or say why not."""
        ...

    def join_slips(self, slips: SlipQueue, to: PrintedTo) -> None:
        """Slips are made here, and go there."""
        ...

    def show_predecessors(self, predecessors: Sequence[Predecessor]) -> None:
        """Say until closing where entries of a station that was taken over are missing."""
        ...


class DeskServices:
    """Made, started and closed on the main thread, beside the station's runner.

    `printing` hears of the slips' printer. A bug on a lane ends the desk as one of its own.
    """

    def __init__(
        self,
        station: OpenStation,
        folder: StationFolder,
        equipment: StationEquipment,
        bridge: Bridge,
        printing: Callable[[PrinterStatus], None],
    ) -> None:
        make_application()  # slips and papers are drawn on lanes
        self._station = station
        self._day, self._is_away = DayState.BEFORE, False
        self._slips_go_to = equipment.slips_go_to
        opened, runner = station.opened, station.runner
        lanes, recorder = opened.lanes, opened.recorder
        names = ("printer", "mirror", "papers", "audit")
        printer, mirror, papers, audit = (Lane(name, bridge, runner.report_bug) for name in names)
        self._own_lanes: tuple[Lane, ...] = (printer, papers, audit)
        self.facts = _facts(station, equipment)
        self.papers = PaperMaker(
            folder, equipment.language, self._rows, equipment.readiness, equipment.page_printer
        )
        self.integrity = IntegrityCheck(recorder.journal, lanes.journal, audit, equipment.now)
        self.integrity.observe(self._stop_if_damaged)
        self.log = DayLog(
            recorder, opened.voters, lanes.journal, lanes.matching, lambda: self.integrity.last
        )
        place = SlipPlace(
            self.facts.precinct, self.facts.station, self.facts.list_kind, equipment.voter_languages
        )
        self.slips = SlipQueue(
            SlipParts(
                recorder,
                opened.voters.voter_of,
                equipment.printer,
                lambda slip, width: draw_slip(slip, width, place),
                equipment.now,
                station.header.ballots,
            ),
            SlipLanes(printer, lanes.matching, lanes.journal),
            bridge,
            printing,
        )
        self.desk = DayDesk(
            self._day_parts(equipment), DayLanes(lanes.matching, lanes.journal, papers), bridge
        )
        self.mirroring = Mirroring(equipment.open_mirror, mirror, recorder, lanes.journal, bridge)
        self.mirroring.observe(MirrorWatch(runner))
        self._reader, self._shares_camera = equipment.document_reader, equipment.shares_camera
        self._documents: DocumentReading | None = None
        self._bridge = bridge
        self._look_at_battery = equipment.battery
        self._battery: BatteryWatch | None = None

    def show_on(self, desk: DeviceDisplay) -> None:
        """Let `desk` show printer, mirror and what a takeover left out, and print slips.

        Before `start`.
        """
        desk.show_predecessors(self.facts.predecessors)
        desk.join_slips(self.slips, self._slips_go_to)
        self.mirroring.observe(desk)
        desk.mirror_changed(self.mirroring.state)
        runner = self._station.runner
        computer = Lane("computer", self._bridge, runner.report_bug)
        self._own_lanes = (*self._own_lanes, computer)
        self._battery = BatteryWatch(
            self._look_at_battery, computer, self._bridge, runner, desk.battery_changed
        )
        if self._reader is not None:
            lane = Lane("document_reader", self._bridge, self._station.runner.report_bug)
            self._own_lanes = (*self._own_lanes, lane)
            opened = self._station.opened
            self._documents = DocumentReading(
                self._reader,
                lane,
                opened.lanes.journal,
                opened.recorder,
                self._bridge,
                desk.document_shown,
                desk.reader_changed,
            )
            if self._shares_camera:
                self._station.runner.share_camera(self._documents)

    def start(self) -> None:
        """Begin to print, to mirror and to check; the runner is started by its owner."""
        self.desk.start(lambda _: None, self._station.runner.report_bug)
        self.slips.start()
        if self._documents is not None:
            self._documents.start()
        self.mirroring.start()
        self.integrity.check_if_old()
        if self._battery is not None:
            self._battery.start()

    @property
    def must_lock(self) -> bool:
        """Whether the battery has been nearly empty for so long that the station locks."""
        return self._battery is not None and self._battery.must_lock

    def look_at_battery(self) -> None:
        """Look at the battery now."""
        if self._battery is not None:
            self._battery.look()

    def woke_up(self) -> None:
        """The computer was asleep: printer and document reader are opened anew."""
        self.slips.renew()
        self.look_at_battery()
        if self._documents is not None:
            self._documents.renew()

    def close(self, write_last: Callable[[], None] = lambda: None) -> None:
        """Stop, before the station itself is closed; the mirror gets what `write_last` writes."""
        self.desk.stop()
        self.slips.stop()
        if self._battery is not None:
            self._battery.stop()
        if self._documents is not None:
            self._documents.stop()
        write_last()
        self.log.close()
        self.integrity.close()
        self.mirroring.close()
        for lane in self._own_lanes:
            lane.close()

    def devices_now(self) -> DevicesNow:
        """How the devices do; on a lane, for the checks before a day."""
        station = self._station
        return DevicesNow(
            scanner_fault=station.runner.scanner_fault(),
            is_simulated=station.is_scanner_simulated,
            slips=self._slips_go_to,
            printer_fault=self.slips.status.reason,
            mirror=self.mirroring.state,
        )

    def _day_parts(self, equipment: StationEquipment) -> DayParts:
        opened, runner = self._station.opened, self._station.runner
        return DayParts(
            facts=self.facts,
            recorder=opened.recorder,
            people=lambda: opened.approver.people,
            demographics=opened.voters.demographics,
            find_voters=opened.voters.by_number,
            make_paper=self.papers.make,
            print_head=self.slips.print_head,
            now=equipment.now,
            local=equipment.local,
            may_rest=lambda: runner.may_rest,
            tell=self._tell_desk,
            mend=runner.mend,
            integrity=lambda: self.integrity.last,
        )

    def _stop_if_damaged(self) -> None:
        """Nobody is identified over a journal that does not hold together."""
        last = self.integrity.last
        if last is not None and not last.sound:
            self._station.runner.refuse_sessions(Code.JOURNAL_DAMAGED)

    def set_away(self, *, is_away: bool) -> None:
        """Nobody is at the desk: no finger begins a session there, however the day stands."""
        self._is_away = is_away
        self._tell_desk(self._day)

    def _rows(self) -> tuple[tuple[Logged, bool], ...]:
        """The day log's rows for its paper, from the papers' lane."""
        opened = self._station.opened

        def read() -> tuple[tuple[Logged, bool], ...]:
            look = opened.recorder.journal.look
            return tuple((one, look.void_of(one.number) is not None) for one in logged_of(look))

        return opened.lanes.journal.call(read)

    def _tell_desk(self, state: DayState) -> None:
        self._day = state
        is_resting = self._is_away and state is DayState.OPEN
        self._station.runner.handle(DayChanged(DayState.PAUSED if is_resting else state))


def _facts(station: OpenStation, equipment: StationEquipment) -> StationFacts:
    header, opened = station.header, station.opened
    journal = opened.recorder.journal.opened
    predecessors = opened.lanes.journal.call(
        lambda: read_predecessors(opened.recorder.journal.look)
    )
    return StationFacts(
        station=journal.origin.rpartition("/")[2],
        precinct=header.precinct,
        place=header.place,
        election=header.election,
        list_kind=journal.list_kind,
        list_sequence=header.sequence,
        listed=station.voters,
        public_key=journal.public_key,
        app_version=__version__,
        manual_alarm_percent=header.policy.manual_alarm_percent,
        head_slip_minutes=header.policy.head_slip_minutes,
        election_day=header.election_day,
        valid_from=equipment.valid_from,
        valid_to=equipment.valid_to,
        predecessors=predecessors,
    )
