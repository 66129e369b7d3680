"""Connects the closing page with the day's desk: counts in, signatures, the protocol out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QObject

from station_app.domain.day import DayState
from station_app.domain.day_report import Gap, HandCount, gaps_of
from station_app.domain.entry_codes import Count
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import CommissionAct
from station_app.flow.day_desk import DayDesk
from station_app.flow.day_export import DayExport
from station_app.flow.day_parts import ActResult
from station_app.flow.day_reading import DayLook
from station_app.flow.lane import Lane
from station_app.flow.opening_checks import OpeningCheck
from station_app.ui.commission.closing_page import CLOSE, ClosingPage, ClosingView
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.commission.day_page import DAY
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.commission.two_person_dialog import SignRequest
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey


@dataclass(frozen=True, slots=True)
class DayRoomParts:
    """`people` may sign; `checks` looks at the station anew, on `lane`; `now` is the station's
    time, aware, and `local` gives it as it is shown. `is_desk_free` says that no session is
    under way; `print_slips` prints those that are missing. `export` is None where there is
    nobody to seal the day to.
    """

    act: CommissionAct
    people: Callable[[], Sequence[Person]]
    lane: Lane
    checks: Callable[[], tuple[OpeningCheck, ...]]
    now: Callable[[], datetime]
    local: Callable[[datetime], datetime]
    is_desk_free: Callable[[], bool]
    print_slips: Callable[[], None]
    export: DayExport | None = None


class ClosingController(QObject):
    """Keeps what is typed until the day is closed; `acted` is told of the closing."""

    def __init__(
        self,
        room: CommissionRoom,
        desk: DayDesk,
        parts: DayRoomParts,
        acted: Callable[[ActResult], None],
    ) -> None:
        super().__init__(room)
        self._room, self._desk, self._parts, self._acted = room, desk, parts, acted
        self._view: ClosingView | None = None
        self._integrity = IntegrityView()
        self._decisions = self._reviewed = 0
        room.connect_pages(ClosingPage, self._connect)

    def _connect(self, page: ClosingPage) -> None:
        page.count_typed.connect(self._count)
        page.reason_typed.connect(self._explain)
        page.print_pressed.connect(self._parts.print_slips)
        page.close_pressed.connect(self._close)

    def follow(self, look: DayLook) -> None:
        """How the day stands now; what is typed stays while it can be closed."""
        if look.day.state not in (DayState.OPEN, DayState.PAUSED):
            self._view = None
        else:
            view = self._view or ClosingView(look.figures)
            self._view = replace(view, figures=look.figures, unprinted=len(look.unprinted))
        self._show()

    def show_integrity(self, view: IntegrityView) -> None:
        """What is known of the journal."""
        self._integrity = view
        self._show()

    def count_decisions(self, number: int) -> None:
        """So many decisions and voids there are."""
        self._decisions = number
        self._show()

    def review(self, number: int) -> None:
        """The commission looks at so many."""
        self._decisions = self._reviewed = number
        self._show()

    def gaps_of(self, look: DayLook) -> tuple[Gap, ...]:
        """The differences of a closed day."""
        closed = look.closed
        if closed is None:
            return ()
        return gaps_of(look.figures, HandCount(closed.ballots, closed.signatures))

    def _show(self) -> None:
        if self._view is None:
            self._room.show_view(CLOSE, None)
            return
        self._view = replace(
            self._view,
            integrity=self._integrity,
            is_desk_free=self._parts.is_desk_free(),
            decisions=self._decisions,
            reviewed=min(self._reviewed, self._decisions),
            is_busy=self._desk.is_acting,
        )
        self._room.show_view(CLOSE, self._view)

    def _count(self, what: Count, text: str) -> None:
        if self._view is not None:
            self._view = replace(self._view, typed={**self._view.typed, what: text}, fault="")
            self._show()

    def _explain(self, what: Count, text: str) -> None:
        if self._view is not None:
            reasons = {**self._view.reasons, what: text.strip()}
            self._view = replace(self._view, reasons=reasons, fault="")
            self._show()

    def _close(self) -> None:
        view, texts = self._view, Texts(self._room.language)
        counted = view.hand_count if view else None
        if view is None or view.missing is not None or counted is None or self._desk.is_acting:
            return
        signed, seen = counted, view
        request = SignRequest(
            operation=Operation.CLOSE_DAY,
            confirm=DeskKey.CLOSE_DAY,
            title=texts("close.title"),
            line=texts("close.sign.line", number=texts.number(view.figures.identified)),
            follows=texts("close.sign.follows"),
        )

        def close(signers: tuple[Person, ...], _: int) -> None:
            self._desk.close_day(
                signers, seen.figures, signed, seen.reasons, self._closed, self._failed
            )
            self._show()

        self._room.ask_signatures(request, self._parts.act, close)

    def _closed(self, acted: ActResult) -> None:
        self._view = None
        self._acted(acted)
        self._room.go_to(DAY)

    def _failed(self, fault: KnownError) -> None:
        if self._view is not None:
            self._view = replace(self._view, fault=fault.code)
        self._desk.look(self.follow, lambda _: self._show())
