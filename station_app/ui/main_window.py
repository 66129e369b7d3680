"""The station's window: the desk or the commission's room, bare or in the striped frame."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from station_app.ui.desk_and_room import DeskAndRoom
from station_app.ui.operator.capture import CaptureView
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.face import FaceStageView
from station_app.ui.operator.notice import VoidedView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.verdict_page import VerdictView
from station_app.ui.operator.views import StationKind
from station_app.ui.room_shell import RoomShell
from station_app.ui.shell import Shell
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import BASE_SIZE
from station_app.ui.training.dock import DOCK_WIDTH, LESSONS_KEY, SimulatorDock
from station_app.ui.training.frame import EDGE, TOP, TrainingFrame
from station_app.ui.widgets.keys import add_key, is_modified

DOCK_KEY = "Ctrl+D"


class StationWindow(QWidget):
    """Full screen and bare for live; framed, windowed and with the dock otherwise.

    Invented voters are never outside the frame, so `kind` decides, not the caller. The dock
    has a place of its own beside the desk, which is drawn smaller where there is little room;
    Ctrl+D takes the dock away and brings it back. `closing` is emitted before the window
    goes away.

    The dock has the keyboard at the start and again whenever the desk waits for a finger, so
    that Enter always does the next thing: a finger on the glass, or the verdict's key.

    `pages` are the desk and, where there is one, the commission's `room`.
    """

    closing = Signal()

    def __init__(
        self,
        desk: OperatorDesk,
        dock: SimulatorDock | None,
        kind: StationKind,
        room: RoomShell | None = None,
    ) -> None:
        super().__init__()
        if kind is StationKind.LIVE and dock is not None:
            raise ValueError("a live station has no simulator")
        self._desk = desk
        self._dock = dock
        self._kind = kind
        self._frame: TrainingFrame | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.pages = DeskAndRoom(desk, room)
        if kind is StationKind.LIVE:
            row.addWidget(self.pages)
        else:
            self._frame = TrainingFrame(kind, Style(), Texts(desk.language))
            row.addWidget(self._frame)
            self._frame.add(self.pages, 1)
        desk.language_chosen.connect(self._follow_language)
        self.pages.desk_shown.connect(self._focus_dock)
        if room is not None:
            room.language_chosen.connect(self._follow_language)
        if dock is not None:
            self._place_dock(dock)
        self.setWindowTitle(Texts(desk.language)("window.title"))

    @property
    def desk(self) -> OperatorDesk:
        """The desk in it."""
        return self._desk

    @property
    def shells(self) -> tuple[Shell, ...]:
        """The desk, and the commission's room where there is one."""
        return self.pages.shells

    def show_on_screen(self) -> None:
        """Full screen for live; otherwise as large as the desk needs, or maximised."""
        if self._kind is StationKind.LIVE:
            self.showFullScreen()
            return
        screen = QApplication.primaryScreen().availableSize()
        wanted = self.sizeHint()
        if wanted.width() > screen.width() or wanted.height() > screen.height():
            self.showMaximized()
        else:
            self.resize(wanted)
            self.show()
        self._focus_dock()

    def set_dock_open(self, is_open: bool) -> None:
        """Show the dock beside the desk, or give the desk its place."""
        if self._dock is None:
            return
        self._dock.setVisible(is_open)
        if is_open:
            self._dock.take_focus()
        else:
            self.pages.shown.setFocus()

    def sizeHint(self) -> QSize:
        width, height = BASE_SIZE
        if self._frame is not None:
            width, height = width + 2 * EDGE, height + EDGE + TOP
        if self._dock is not None:
            width += DOCK_WIDTH
        return QSize(width, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter that nobody has used: a finger on the glass, also with the dock away."""
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not is_modified(event)
            and self._waits_for_finger()
        ):
            assert self._dock is not None
            if not event.isAutoRepeat():
                self._dock.place()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)

    def _place_dock(self, dock: SimulatorDock) -> None:
        assert self._frame is not None
        self._frame.add(dock)
        self._desk.view_shown.connect(self._follow_desk)
        self._had_verdict = False
        toggle = QAction(self)
        toggle.setShortcut(QKeySequence(DOCK_KEY))
        toggle.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        toggle.triggered.connect(self._toggle_dock)
        self.addAction(toggle)
        add_key(self, QKeySequence(LESSONS_KEY), dock.lessons_pressed.emit)

    def _toggle_dock(self) -> None:
        if self._dock is not None:
            self.set_dock_open(not self._dock.isVisible())

    def _waits_for_face(self) -> bool:
        view = self._desk.view
        return isinstance(view, FaceStageView) and not view.is_live

    def _waits_for_finger(self) -> bool:
        """Whether the next thing at the desk is a finger on the simulated scanner, or a face."""
        view = self._desk.view
        waits = isinstance(view, ReadyView | CaptureView | TryAgainView) or self._waits_for_face()
        return self._dock is not None and waits and not self.pages.shows_room

    def _follow_desk(self) -> None:
        """The dock does what the desk asks for next."""
        dock, view = self._dock, self._desk.view
        assert dock is not None
        dock.set_waiting(self._waits_for_finger())
        dock.set_asks_face(self._waits_for_face())
        if isinstance(view, ReadyView) and self._had_verdict:
            dock.choose_next()
        if isinstance(view, ReadyView | CaptureView | TryAgainView):
            dock.ask_for(view.finger, is_first=isinstance(view, ReadyView))
        ended = isinstance(view, VerdictView | VoidedView) and not isinstance(view, TryAgainView)
        self._had_verdict = ended or (self._had_verdict and not isinstance(view, ReadyView))
        self._focus_dock()

    def _focus_dock(self) -> None:
        """Give the dock the keyboard where a finger is next, unless a PIN is being typed."""
        if self._dock is None or not self._dock.isVisible() or self._desk.is_typing:
            return
        if self._waits_for_finger():
            self._dock.take_focus()

    def _follow_language(self, language: str) -> None:
        texts = Texts(language)
        if self._frame is not None:
            self._frame.set_texts(texts)
        if self._dock is not None:
            self._dock.set_language(language)
        self.setWindowTitle(texts("window.title"))
