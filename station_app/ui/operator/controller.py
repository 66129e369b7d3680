"""Connects the desk's widgets with the runner: keys in, views out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from station_app.domain import session_events as events
from station_app.domain.day_report import Predecessor
from station_app.domain.documents import DocumentRead, DocumentUnread, ReaderStatus
from station_app.domain.entry_codes import Decision, PrintedTo, VoidReason
from station_app.domain.samples import LiveFrame, Meters
from station_app.domain.session_states import AwaitingCommission, State, Verdict
from station_app.domain.slips import PrinterStatus
from station_app.flow.battery_watch import LowBattery
from station_app.flow.document_reading import takes_document
from station_app.flow.face_capture import CameraNow, FaceView
from station_app.flow.mirroring import MirrorState
from station_app.flow.runner import Runner
from station_app.flow.scanning import ScannerNow
from station_app.flow.slips import SlipQueue
from station_app.ui.operator.capture import TouchStage
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.devices import NO_DEVICES, scanner_state, slip_view
from station_app.ui.operator.manual import ManualDecision, VoidAgreement
from station_app.ui.operator.notice import BrokenView
from station_app.ui.operator.page import View
from station_app.ui.operator.pages import Presenter
from station_app.ui.operator.stop_dialog import StopAgreement
from station_app.ui.operator.views import TopBarView, gap_view
from station_app.ui.widgets.key_bar import DeskKey

_CLOCK_EVERY_MS = 1000
_HOLD_MS = 700
"""A finger lies this long before it is to be lifted: the scanner has its image by then."""
_HINT_MS = 6000
_PASSING_MS = 100
"""What takes longer is shown as being under way."""
_NOT_NOW, _ASKED_FIRST = "not_now", "asked_first"
BUG_CODE = "217"
"""Our own fault, as the safe screen and its help page name it."""


class DeskController(QObject):
    """An observer of the runner that shows what it says, and tells it what is pressed."""

    def __init__(
        self,
        runner: Runner,
        desk: OperatorDesk,
        presenter: Presenter,
        *,
        precinct: str,
        place: str,
        now: Callable[[], datetime],
        is_simulated: bool = False,
    ) -> None:
        super().__init__(desk)
        self._runner = runner
        self._desk = desk
        self._presenter = presenter
        self._precinct = precinct
        self._place = place
        self._now = now
        self._is_simulated, self._scanner = is_simulated, scanner_state(runner.state)
        self._slips: SlipQueue | None = None
        self._devices = NO_DEVICES
        self._show_top()
        desk.set_commission(runner.commission)
        desk.commission_pressed.connect(lambda: runner.handle(events.CommissionCalled()))
        desk.manual_decided.connect(self._decide)
        desk.void_agreed.connect(self._make_void)
        desk.stop_agreed.connect(self._decide_stop)
        desk.slip_pressed.connect(self._print_slip)
        desk.next_pressed.connect(lambda: runner.handle(events.NextPressed()))
        desk.cancel_pressed.connect(lambda: runner.handle(events.Cancelled()))
        desk.retry_pressed.connect(lambda: runner.handle(events.RetryPressed()))
        desk.face_pressed.connect(lambda: runner.handle(events.FaceCalled()))
        desk.face_answered.connect(lambda same: runner.handle(events.FaceAnswered(same)))
        desk.turn_refused.connect(lambda: runner.handle(events.TurnRefused()))
        desk.pin_entered.connect(lambda pin: runner.handle(events.PinEntered(pin)))
        desk.finger_chosen.connect(
            lambda finger, missing: runner.handle(events.FingerChosen(finger, missing))
        )
        clock = QTimer(self)
        clock.timeout.connect(self._show_top)
        clock.start(_CLOCK_EVERY_MS)
        self._ticket = runner.state.ticket
        self._held = QTimer(self, singleShot=True, interval=_HOLD_MS)
        self._held.timeout.connect(lambda: desk.show_touch(TouchStage.LIFT))
        self._hint_over = QTimer(self, singleShot=True)
        self._hint_over.timeout.connect(lambda: self._hint(""))
        self._passing = QTimer(self, singleShot=True, interval=_PASSING_MS)
        self._passing.timeout.connect(lambda: desk.show_view(self._view()))
        runner.observe(self)

    def state_changed(self, state: State) -> None:
        """Show the new state."""
        if state.ticket != self._ticket:
            self._ticket = state.ticket
            self._held.stop()
        self._show_scanner()
        self._show_slip()
        self._show_state()

    def event_taken(self, event: events.Event) -> None:
        """The state that follows is shown."""

    def scanner_changed(self, _: ScannerNow) -> None:
        """Show what is known of the scanner, and what it makes of the state's page."""
        self._show_scanner()
        self._show_state()

    def join_slips(self, slips: SlipQueue, to: PrintedTo) -> None:
        """Slips are made here, and go there; the desk shows how, and a key prints them."""
        self._slips = slips
        self._desk.set_slips(to)
        self.printer_changed(slips.status)

    def show_predecessors(self, predecessors: Sequence[Predecessor]) -> None:
        """Say until closing where entries of a station that was taken over are missing."""
        gap = gap_view(predecessors, self._presenter.clock)
        if gap is not None:
            self._desk.set_gap(gap)

    def printer_changed(self, status: PrinterStatus) -> None:
        """Show how the printer does, and how far the slip of the voter on the screen is."""
        self._devices = replace(self._devices, printer=status)
        self._show_top()
        self._show_slip()

    def mirror_changed(self, state: MirrorState) -> None:
        """Show how the journal's second copy does."""
        self._devices = replace(self._devices, mirror=state)
        self._show_top()

    def reader_changed(self, status: ReaderStatus) -> None:
        """Show how the document reader does."""
        self._devices = replace(self._devices, reader=status)
        self._show_top()

    def battery_changed(self, battery: LowBattery | None) -> None:
        """Say that the charger has to be plugged in, or nothing."""
        self._devices = replace(self._devices, battery=battery)
        self._show_top()

    def document_shown(self, found: DocumentRead | DocumentUnread) -> None:
        """Act on a document where its PIN could be typed; say in the top bar why not elsewhere."""
        desk, runner = self._desk, self._runner
        takes = takes_document(runner.state) or desk.asks_for_pin
        if not takes:
            self._hint(_ASKED_FIRST if desk.offers_document else _NOT_NOW)
        elif isinstance(found, DocumentUnread):
            self._hint(found.reason.value)
        elif desk.take_document(found.pin):
            self._hint("")
        else:
            if isinstance(runner.state, Verdict):  # the same person, with a document
                desk.press(DeskKey.NEXT)
            takes = takes_document(runner.state) and not isinstance(runner.state, Verdict)
            self._hint("" if takes else _NOT_NOW)
            if takes:
                runner.handle(events.PinEntered(found.pin))

    def _hint(self, document: str) -> None:
        """What to do about the document that was shown, for some seconds."""
        if document:
            self._hint_over.start(_HINT_MS)
        if document != self._devices.document:
            self._devices = replace(self._devices, document=document)
            self._show_top()

    def frame_came(self, frame: LiveFrame, meters: Meters) -> None:
        """Show a frame of the live view."""
        self._desk.show_frame(frame, meters)

    def finger_sensed(self, *, is_on: bool) -> None:
        """Say what to do with a finger that no frame shows."""
        self._held.stop()
        self._desk.show_touch(TouchStage.HOLD if is_on else TouchStage.OFF)
        info = self._runner.scanner.info
        if is_on and info is not None and info.gives_after_lift:
            self._held.start()

    def show_face(self, ticket: int, view: FaceView) -> None:
        """Show what the camera sees of the person."""
        if ticket != self._runner.state.ticket:
            return
        self._desk.show_face(view)
        if view.image is not None and self._devices.camera is None:
            self._devices = replace(self._devices, camera=self._runner.camera)
            self._show_top()

    def display_changed(self, is_on: bool) -> None:  # a signal carries it
        """Show whether voters see their display."""
        self._devices = replace(self._devices, display=is_on)
        self._show_top()

    def camera_changed(self, camera: CameraNow) -> None:
        """Show how the camera does, and whether the face can be asked for."""
        self._devices = replace(self._devices, camera=camera)
        self._show_top()
        self._show_state()

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """Show the safe screen; it stays."""
        self._passing.stop()
        self._desk.show_view(BrokenView(BUG_CODE, last_entry))

    def _decide(self, decided: ManualDecision) -> None:
        said = (
            decided.ticket,
            decided.reason,
            decided.document,
            decided.operator.id,
            decided.member.id,
        )
        if decided.decision is Decision.REFUSED:
            self._runner.handle(events.CommissionRefused(*said))
        else:
            whom = self._proposed_id(decided.chosen)
            self._runner.handle(events.CommissionConfirmed(*said, voter_id=whom))

    def _proposed_id(self, place: int | None) -> str | None:
        """Whom the commission has chosen among those proposed; the screen knows no voter ids."""
        state = self._runner.state
        if place is None or not isinstance(state, AwaitingCommission):
            return None
        return state.proposed[place].voter.voter_id if place < len(state.proposed) else None

    def _make_void(self, agreed: VoidAgreement) -> None:
        self._runner.handle(
            events.VoidConfirmed(
                agreed.ticket,
                VoidReason.PHOTO_MISMATCH,
                agreed.operator.id,
                agreed.member.id,
            )
        )

    def _decide_stop(self, agreed: StopAgreement) -> None:
        self._runner.handle(
            events.StopAgreed(agreed.ticket, agreed.finding, agreed.operator.id, agreed.member.id)
        )

    def _print_slip(self) -> None:
        """What is missing comes first; else the newest identification's slip once more."""
        slips, state = self._slips, self._runner.state
        assert slips is not None, "the key is there with the slips"
        entry = state.entry if isinstance(state, Verdict) else self._runner.tally.last_standing
        if slips.status.waiting or entry is None:
            slips.wake()
        else:
            slips.reprint(entry)

    def _show_state(self) -> None:
        view = self._view()
        if not view.is_passing or self._desk.view is None:
            self._passing.stop()
            self._desk.show_view(view)
        elif not self._passing.isActive():
            self._passing.start()

    def _view(self) -> View:
        runner = self._runner
        return self._presenter.view(
            runner.state,
            runner.tally,
            runner.last_image,
            runner.scanner.info,
            can_face=runner.can_face,
        )

    def _show_scanner(self) -> None:
        runner = self._runner
        scanner = scanner_state(runner.state, is_plugged_in=runner.scanner.is_plugged_in)
        if scanner is not self._scanner:
            self._scanner = scanner
            self._show_top()

    def _show_slip(self) -> None:
        state, status = self._runner.state, self._devices.printer
        if status is not None and isinstance(state, Verdict):
            self._desk.show_slip(slip_view(status, state.entry))

    def _show_top(self) -> None:
        self._desk.set_top(
            TopBarView(
                precinct=self._precinct,
                place=self._place,
                clock=self._presenter.clock(self._now()),
                scanner=self._scanner,
                is_simulated=self._is_simulated,
                devices=self._devices,
            )
        )
