"""The operator's desk: shows view models, and says which keys were pressed.

It decides nothing. A view comes in, a page is built from it, the words in the chosen
language; what the operator does goes out as signals.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.domain.documents import ReaderStatus
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import LiveFrame, Meters
from station_app.flow.approvals import CommissionAct
from station_app.flow.face_capture import FaceView
from station_app.ui.announce import announce
from station_app.ui.commission.two_person_dialog import TwoPersonDialog
from station_app.ui.operator.capture import BusyView, CaptureScreen, CaptureView, TouchStage
from station_app.ui.operator.day_column import DocumentCard
from station_app.ui.operator.devices import (
    SlipView,
    battery_chip,
    camera_chip,
    display_chip,
    mirror_chip,
    printer_chip,
    reader_chip,
    scanner_chip,
)
from station_app.ui.operator.dialogs import HandDialog, HelpOverlay, MoreDialog, PinDialog
from station_app.ui.operator.face import FaceScreen, FaceStageView
from station_app.ui.operator.manual import ManualForm, ManualView
from station_app.ui.operator.manual_dialog import ManualDialog
from station_app.ui.operator.mismatch_dialog import MismatchDialog
from station_app.ui.operator.page import Page, StagePage, View
from station_app.ui.operator.ready import ReadyScreen, ReadyView
from station_app.ui.operator.stop_dialog import StopDialog
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.verdict import MismatchView, NotOnListView, StopLookView
from station_app.ui.operator.verdict_page import VerdictPage, VerdictView
from station_app.ui.operator.views import DeskParts, GapView, TopBarView
from station_app.ui.shell import Shell
from station_app.ui.sounds import Sound, SoundPlayer
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.keys import add_key


class OperatorDesk(Shell):
    """The one widget of the operator's screen.

    `manual_decided` carries a `ManualDecision`, `void_agreed` a `VoidAgreement`, `stop_agreed` a
    `StopAgreement`.
    `sounds` None is silent. `clock` gives monotonic seconds, for the guard on Enter.
    `moving` False stops the pulsing ring (reduced motion, and pictures of the screen).
    `view_shown` follows each new view.
    """

    next_pressed = Signal()
    cancel_pressed = Signal()
    retry_pressed = Signal()
    pin_entered = Signal(str)
    finger_chosen = Signal(FingerPosition, object)
    face_pressed = Signal()
    face_answered = Signal(bool)
    turn_refused = Signal()
    commission_pressed = Signal()
    room_pressed = Signal()
    lock_pressed = Signal()
    slip_pressed = Signal()
    call_pressed = Signal()
    manual_decided = Signal(object)
    void_agreed = Signal(object)
    stop_agreed = Signal(object)
    help_pressed = Signal()
    view_shown = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        language: str,
        languages: Sequence[str] = (),
        sounds: SoundPlayer | None = None,
        clock: Callable[[], float] = time.monotonic,
        moving: bool = True,
        appearance: Appearance = STANDARD,
    ) -> None:
        super().__init__(
            parent, language=language, languages=languages, moving=moving, appearance=appearance
        )
        self._sounds = sounds
        self._clock = clock
        self._view: View | None = None
        self._top = TopBarView(precinct="", place="", clock="")
        self._frame: tuple[LiveFrame, Meters] | None = None
        self._touch: TouchStage | None = None
        self._face: FaceView | None = None
        self._enter_dead_until = 0.0
        self._page: Page | None = None
        self._commission: CommissionAct | None = None
        self._parts = DeskParts()
        self._slip: SlipView | None = None
        self._wants_document = False
        self._form = ManualForm()
        # A timer of its own: Qt posts a single shot of 0 ms, and what is posted while posted
        # events are delivered is delivered in the same turn.
        self._painting = QTimer(self, singleShot=True, interval=0)
        self._painting.timeout.connect(self._paint)

    # --- what the station tells the desk -----------------------------------------------

    def show_view(self, view: View) -> None:
        """Show `view`; its sound starts with its colour. The same view is no news."""
        if view == self._view:
            return
        if not isinstance(view, BusyView):
            self._frame = None
        self._touch = None
        if not (isinstance(view, FaceStageView) and view.goes_on(self._view)):
            self._face = None
        typed = self._typed_pin() if isinstance(view, ReadyView) else ""
        before, self._view = self._view, view
        goes_on = view.goes_on(before)
        if not goes_on:
            self._form = ManualForm()
        self._close_overlay()
        self._build(view, typed)
        if not goes_on:
            self._announce(view)
        self.view_shown.emit()

    def show_frame(self, frame: LiveFrame, meters: Meters) -> None:
        """Show a frame of the live view; dropped when no finger is being read."""
        if self._page is None or not isinstance(self._view, CaptureView):
            return
        self._frame = (frame, meters)
        self._capture_screen().show_frame(frame, meters)

    def show_touch(self, stage: TouchStage) -> None:
        """Say what to do with the finger on the glass; nothing on other screens."""
        if not isinstance(self._view, CaptureView):
            return
        self._touch = stage
        self._capture_screen().show_touch(stage)
        if stage is TouchStage.LIFT and self._sounds is not None:
            self._sounds.play(Sound.CAPTURE_DONE)

    def show_face(self, seen: FaceView) -> None:
        """Show a picture of the camera; dropped when no face is asked for.

        What is asked of the person is remembered for the next page of the same try, and the
        picture with it; no longer than the page.
        """
        if isinstance(self._view, FaceStageView):
            self._face = seen
            self._face_screen().show_face(seen)

    def set_commission(self, act: CommissionAct) -> None:
        """Take who signs where the commission decides; before the first such view."""
        self._commission = act

    def set_has_room(self) -> None:
        """The commission's room is beside the desk: a key leads there between people."""
        self._parts = replace(self._parts, has_room=True)
        self._rebuild()

    def set_has_lock(self) -> None:
        """The station can be locked from here: a button and its key say so."""
        self._parts = replace(self._parts, has_lock=True)
        self._rebuild()

    def set_slips(self, to: PrintedTo) -> None:
        """Slips are made here, and go there: there is a row for them, and a key."""
        self._parts = replace(self._parts, slips=to)
        self._rebuild()

    def set_has_display(self) -> None:
        """The voter's display is beside the desk: a key calls the commission on it."""
        self._parts = replace(self._parts, has_display=True)
        self._rebuild()

    def set_gap(self, gap: GapView) -> None:
        """Entries of a station that was taken over are missing: every page says so."""
        self._parts = replace(self._parts, gap=gap)
        self._rebuild()

    def show_slip(self, slip: SlipView) -> None:
        """Say how far the slip of the identified voter is; nothing on other screens."""
        self._slip = slip
        self._fill_slip()

    def set_top(self, top: TopBarView) -> None:
        """Write the top bar."""
        self._top = top
        self._fill_top()

    # --- what others may ask ------------------------------------------------------------

    @property
    def view(self) -> View | None:
        """What is shown."""
        return self._view

    @property
    def page(self) -> Page | None:
        """The widgets that show it."""
        return self._page

    @property
    def is_typing(self) -> bool:
        """Whether a PIN is being typed, or a dialog is open over the page."""
        return self._overlay is not None or self._pin_has_focus()

    @property
    def asks_for_pin(self) -> bool:
        """Whether a dialog asks for the PIN of the session that is under way."""
        return isinstance(self._overlay, PinDialog)

    @property
    def offers_document(self) -> bool:
        """Whether a key leads to the PIN now."""
        keys = () if self._view is None else self._view.keys(self._parts)
        return self._overlay is None and DeskKey.DOCUMENT in keys

    def take_document(self, pin: str) -> bool:
        """Act on a document's PIN as if it was typed into the dialog that asks for it.

        False where no such dialog is open.
        """
        dialog = self._overlay
        if not isinstance(dialog, PinDialog):
            return False
        dialog.hide()
        self._take_pin(pin)
        return True

    def press(self, key: DeskKey) -> None:
        """Act on a key of the page as the keyboard, the mouse or a finger would."""
        match key:
            case DeskKey.HELP:
                self._open_help()
            case DeskKey.MORE:
                self._open_more()
            case DeskKey.DOCUMENT:
                self._open_document()
            case DeskKey.OTHER_FINGER:
                self._open_hand()
            case DeskKey.SAME | DeskKey.DIFFERS:
                self.face_answered.emit(key is DeskKey.SAME)
            case DeskKey.NEXT | DeskKey.GO_ON:
                if self._clock() >= self._enter_dead_until:
                    self.next_pressed.emit()
            case _:
                self._tell(key)

    def _tell(self, key: DeskKey) -> None:
        """Say outside that this key was pressed; the desk itself does nothing about it."""
        told = {
            DeskKey.CANCEL: self.cancel_pressed,
            DeskKey.FACE: self.face_pressed,
            DeskKey.CANNOT_TURN: self.turn_refused,
            DeskKey.COMMISSION: self.commission_pressed,
            DeskKey.MISMATCH: self.commission_pressed,
            DeskKey.OTHER_PERSON: self.commission_pressed,
            DeskKey.LAST_STOP: self.commission_pressed,
            DeskKey.STOP_LOOK: self.commission_pressed,
            DeskKey.ROOM: self.room_pressed,
            DeskKey.SLIP: self.slip_pressed,
            DeskKey.CALL: self.call_pressed,
            DeskKey.RETRY: self.retry_pressed,
        }
        if key not in told:
            raise ValueError(f"{key} belongs to a dialog")
        told[key].emit()

    # --- building ------------------------------------------------------------------------

    def _rebuild(self) -> None:
        if self._view is not None:
            self._close_overlay()
            self._build(self._view, self._typed_pin())

    def _build(self, view: View, typed_pin: str) -> None:
        had_pin_focus, may_take_focus = self._pin_has_focus(), self._may_take_focus()
        self._page = page = view.page(self._texts, self._style, self._parts)
        page.top.set_has_lock(has_lock=self._parts.has_lock)
        self._fill_top()
        self._fill_slip()
        page.keys.pressed.connect(self.press)
        self._add_call_key(view, page)
        self._add_common_keys(page)
        page.top.language_chosen.connect(self._choose_language)
        page.top.lock_pressed.connect(self.lock_pressed)
        self.setUpdatesEnabled(False)
        self._painting.start()
        self._fill_with(page)
        if may_take_focus:
            self.setFocus()
        document = self._document_card()
        if document is not None:
            document.pin_entered.connect(self._enter_pin)
            document.field.setText(typed_pin)
            if had_pin_focus or self._wants_document:
                document.field.setFocus()
            self._wants_document = False
        if self._frame is not None:
            self._capture_screen().show_frame(*self._frame)
        if self._touch is not None:
            self._capture_screen().show_touch(self._touch)
        if isinstance(view, FaceStageView):
            self._face_screen().pressed.connect(self.press)
            if self._face is not None:
                self._face_screen().show_face(self._face)
        if isinstance(view, ManualView | MismatchView | StopLookView):
            self._open(self._commission_dialog(view))

    def _paint(self) -> None:
        """Paint what was built, in the event loop's next turn: keys are heard between the two."""
        self.setUpdatesEnabled(True)

    def _add_call_key(self, view: View, page: Page) -> None:
        """The commission may be called from every page, also where the bar has no room for it."""
        if self._parts.has_display and DeskKey.CALL not in view.keys(self._parts):
            (call,) = DeskKey.CALL.value.presses
            add_key(page, QKeySequence(call), self.call_pressed.emit)

    def _commission_dialog(self, view: ManualView | MismatchView | StopLookView) -> TwoPersonDialog:
        assert self._commission is not None, "the desk knows who signs"
        if isinstance(view, StopLookView):
            stop = StopDialog(self, self._texts, self._style, view, self._commission)
            stop.agreed_to.connect(self.stop_agreed)
            stop.closed.connect(self.cancel_pressed)
            return stop
        if isinstance(view, MismatchView):
            mismatch = MismatchDialog(self, self._texts, self._style, view, self._commission)
            mismatch.agreed_to.connect(self.void_agreed)
            mismatch.closed.connect(self.cancel_pressed)
            return mismatch
        manual = ManualDialog(self, self._texts, self._style, view, self._form, self._commission)
        manual.pin_entered.connect(self.pin_entered)
        manual.chosen.connect(self._keep_form)
        manual.decided.connect(self.manual_decided)
        manual.closed.connect(self.cancel_pressed)
        return manual

    def _keep_form(self, form: ManualForm) -> None:
        self._form = form

    def _document_card(self) -> DocumentCard | None:
        body = self._page.screen_body if isinstance(self._page, StagePage) else None
        return body.document if isinstance(body, ReadyScreen) else None

    def _capture_screen(self) -> CaptureScreen:
        assert isinstance(self._page, StagePage)
        assert isinstance(self._page.screen_body, CaptureScreen)
        return self._page.screen_body

    def _face_screen(self) -> FaceScreen:
        assert isinstance(self._page, StagePage)
        assert isinstance(self._page.screen_body, FaceScreen)
        return self._page.screen_body

    def _fill_top(self) -> None:
        if self._page is None:
            return
        bar = self._page.top
        bar.set_place(self._top.precinct, self._top.place, self._top.seat)
        texts, devices = self._texts, self._top.devices
        bar.set_chips(
            scanner_chip(texts, self._top.scanner, is_simulated=self._top.is_simulated),
            printer_chip(texts, devices.printer, self._parts.slips),
            mirror_chip(texts, devices.mirror),
            reader_chip(texts, devices),
            camera_chip(texts, devices.camera),
            display_chip(texts, devices.display),
            battery_chip(texts, devices.battery),
        )
        bar.set_clock(self._top.clock)
        document = self._document_card()
        if document is not None:
            document.set_has_reader(has_reader=devices.reader == ReaderStatus())

    def _fill_slip(self) -> None:
        page = self._page
        if isinstance(page, VerdictPage) and self._slip is not None:
            page.show_slip(self._slip)

    def _typed_pin(self) -> str:
        document = self._document_card()
        return document.field.text() if document is not None else ""

    def _may_take_focus(self) -> bool:
        """False while the simulator's dock beside the desk has the keyboard."""
        focused = QApplication.focusWidget()
        return focused is None or not focused.isVisible() or self.isAncestorOf(focused)

    def _pin_has_focus(self) -> bool:
        document = self._document_card()
        return document is not None and document.field.hasFocus()

    def _announce(self, view: View) -> None:
        sound = view.sound
        if isinstance(view, VerdictView):
            self._enter_dead_until = self._clock() + view.band.value.enter_dead_ms / 1000
        if sound is not None and self._sounds is not None:
            self._sounds.play(sound)
        if isinstance(view, VerdictView) and self._page is not None:
            announce(self._page, view.announcement(self._texts))

    # --- keys ----------------------------------------------------------------------------

    def _open_help(self) -> None:
        assert self._view is not None
        self.help_pressed.emit()
        if isinstance(self._overlay, TwoPersonDialog):
            self._overlay.open_help()
            return
        pages = self._view.help_pages(self._top.devices, self._parts.gap)
        self._open(HelpOverlay(self, self._texts, self._style, pages))

    def _open_more(self) -> None:
        assert self._page is not None
        dialog = MoreDialog(self, self._texts, self._style, self._page.keys.hidden)
        dialog.chosen.connect(self._press_hidden)
        dialog.language_chosen.connect(self._choose_language)
        self._open(dialog)

    def _press_hidden(self, key: DeskKey) -> None:
        self._close_overlay()
        self.press(key)

    def _open_document(self) -> None:
        document = self._document_card()
        if document is not None:
            document.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        if isinstance(self._view, NotOnListView):  # the same person, with a document
            self._wants_document = True
            self.next_pressed.emit()
            return
        dialog = PinDialog(self, self._texts, self._style)
        dialog.pin_entered.connect(self._take_pin)
        self._open(dialog)

    def _open_hand(self) -> None:
        view = self._view
        assert isinstance(view, ReadyView | CaptureView | TryAgainView | FaceStageView)
        dialog = HandDialog(self, self._texts, self._style, view.finger, view.marks)
        dialog.chosen.connect(self._take_finger)
        self._open(dialog)

    def _enter_pin(self, pin: str) -> None:
        """Empty the field first: the next person's page may come in the place of this one."""
        document = self._document_card()
        if document is not None:
            document.field.clear()
        self.pin_entered.emit(pin)

    def _take_pin(self, pin: str) -> None:
        self._close_overlay()
        self.pin_entered.emit(pin)

    def _take_finger(self, finger: FingerPosition, missing: frozenset[FingerPosition]) -> None:
        self._close_overlay()
        self.finger_chosen.emit(finger, missing)

    def _close_overlay(self) -> None:
        """The desk has the keyboard again, whichever way the dialog went."""
        was_open = self._overlay is not None
        if isinstance(self._overlay, TwoPersonDialog):
            self._overlay.signer.give_up()
        super()._close_overlay()
        if was_open:
            self.setFocus()
