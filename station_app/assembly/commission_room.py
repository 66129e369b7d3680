"""The commission's room beside an open station's desk."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer

from station_app.assembly.desk_services import DeskServices, StationEquipment
from station_app.devices.media import Medium
from station_app.domain.day_log import LogRow
from station_app.domain.entry_codes import Paper
from station_app.domain.roles import Role
from station_app.flow.bridge import Bridge
from station_app.flow.day_export import DayExport
from station_app.flow.day_log import write_day_log_csv
from station_app.flow.day_parts import PaperDestination
from station_app.flow.lane import Lane
from station_app.flow.open_station import OpenStation
from station_app.flow.opening_checks import OpeningCheck
from station_app.flow.sticks import SMALL_FILE, StickFinder
from station_app.ui.commission.closing_controller import DayRoomParts
from station_app.ui.commission.closing_page import CLOSE
from station_app.ui.commission.day_controller import DayController
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.commission.day_log_controller import DayLogController, DayLogPlace
from station_app.ui.commission.day_log_page import LOG
from station_app.ui.commission.day_page import DAY
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.desk_and_room import DeskAndRoom

_CLOCK_EVERY_MS = 1000


class CommissionRoomControl:
    """Made on the main thread once a desk; `checks` looks at the station, on `lane`. `export`
    takes the day out of it; None where nobody was named to seal it to.

    While the room is shown nobody's finger begins a session.
    """

    def __init__(
        self,
        station: OpenStation,
        services: DeskServices,
        equipment: StationEquipment,
        bridge: Bridge,
        lane: Lane,
        checks: Callable[[], tuple[OpeningCheck, ...]],
        language: str,
        languages: Sequence[str],
        sticks: StickFinder,
        *,
        has_lock: bool,
        export: DayExport | None = None,
    ) -> None:
        self._services, self._equipment, self._runner = services, equipment, station.runner
        self._sticks = sticks
        act, approver = station.runner.commission, station.opened.approver
        self.room = CommissionRoom(language=language, languages=languages, has_lock=has_lock)
        self._day = DayController(
            self.room,
            services.desk,
            DayRoomParts(
                act=act,
                people=lambda: approver.people,
                lane=lane,
                checks=checks,
                now=equipment.now,
                local=equipment.local,
                is_desk_free=lambda: station.runner.may_rest,
                print_slips=services.slips.wake,
                export=export,
            ),
        )
        self._log = DayLogController(
            services.log,
            services.integrity,
            bridge,
            partial(self.room.show_view, LOG),
            people=lambda: {person.id: person.name for person in approver.people},
            local=equipment.local,
            files=lane,
            export=self._export,
        )
        self._host = DayLogPlace(
            self.room,
            self._log,
            act,
            services.desk.void,
            self._print_log,
            lambda: sticks.find(SMALL_FILE),
            lane,
        )
        services.desk.follow(self._printing)
        services.integrity.observe(self._checked)
        self.room.place_shown.connect(self._check_for)
        self._checked()
        members = [one for one in approver.present if one.role.kind is Role.MEMBER]
        self.room.set_place(station.header.precinct, members[0].name if members else "")
        clock = QTimer(self.room)
        clock.timeout.connect(lambda: self.room.set_clock(equipment.local(equipment.now())))
        clock.start(_CLOCK_EVERY_MS)

    @property
    def may_lock(self) -> bool:
        """Whether no act of the day is being written."""
        return not self._day.is_busy

    def join(self, pages: DeskAndRoom) -> None:
        """Let the desk's key lead into the room, between two people, and back."""

        def enter() -> None:
            if self._runner.may_rest:
                self._services.set_away(is_away=True)
                pages.show_room()

        def leave() -> None:
            pages.show_desk()
            self._services.set_away(is_away=False)

        pages.room_asked.connect(enter)
        self.room.back_pressed.connect(leave)

    def _check_for(self, place: object) -> None:
        """What the day's and the closing's pages say of the journal is of now."""
        if place in (DAY, CLOSE):
            self._services.integrity.check()

    def _checked(self) -> None:
        self._day.show_integrity(IntegrityView.of(self._services.integrity, self._equipment.local))

    def _printing(self, went: PaperDestination) -> None:
        if went.paper is Paper.DAY_LOG:
            self._log.say_printed(went, "")

    def _print_log(self) -> None:
        if self._services.desk.cancel_printing(Paper.DAY_LOG):
            return
        self._services.desk.print_paper(
            Paper.DAY_LOG,
            lambda acted: self._log.say_printed(acted.went, acted.paper_fault),
            lambda fault: self._log.say_fault(fault.code),
        )

    def _export(self, stick: Medium, rows: tuple[LogRow, ...]) -> str:
        name = f"{self._services.facts.station}-day-log.csv"
        with self._sticks.writing(stick):
            return write_day_log_csv(stick.folder, name, rows, self._equipment.local).name


def nothing_to_check() -> tuple[OpeningCheck, ...]:
    """A demonstration's list is not signed, and its devices are simulated."""
    return ()
