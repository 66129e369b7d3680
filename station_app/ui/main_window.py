"""The station's window: the desk or the commission's room, bare or in the striped frame."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.views import StationKind
from station_app.ui.shell import Shell
from station_app.ui.style import Style
from station_app.ui.texts import Language, Texts
from station_app.ui.tokens import BASE_SIZE, SMALLEST_SIZE
from station_app.ui.training.dock import DOCK_WIDTH, SimulatorDock
from station_app.ui.training.frame import EDGE, TOP, TrainingFrame

DOCK_KEY = "Ctrl+D"


class StationWindow(QWidget):
    """Full screen and bare for live; framed, windowed and with the dock otherwise.

    Invented voters are never outside the frame, so `kind` decides, not the caller. Where
    the screen is too narrow for desk and dock, the dock lies over the desk's right side
    and Ctrl+D shows and hides it. `closing` is emitted before the window goes away.

    A key of the desk asks for the commission's `room` (`room_asked`); `show_room` and
    `show_desk` change between the two. A language chosen in one holds in both.
    """

    closing = Signal()
    room_asked = Signal()

    def __init__(
        self,
        desk: OperatorDesk,
        dock: SimulatorDock | None,
        kind: StationKind,
        room: Shell | None = None,
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
        self._room = room
        self._stack = QStackedWidget()
        self._stack.addWidget(desk)
        if kind is StationKind.LIVE:
            row.addWidget(self._stack)
        else:
            self._frame = TrainingFrame(kind, Style(), Texts(desk.language))
            row.addWidget(self._frame)
            self._frame.add(self._stack, 1)
        desk.language_chosen.connect(self._follow_language)
        if room is not None:
            self._stack.addWidget(room)
            room.language_chosen.connect(desk.set_language)
            room.language_chosen.connect(self._follow_language)
            desk.language_chosen.connect(room.set_language)
            desk.set_has_room()
            desk.room_pressed.connect(self.room_asked)
        if dock is not None:
            self._place_dock(dock)
        self.setWindowTitle(Texts(desk.language)("window.title"))

    @property
    def desk(self) -> OperatorDesk:
        """The desk in it."""
        return self._desk

    def show_room(self) -> None:
        """To the commission's room."""
        assert self._room is not None, "there is a room to show"
        self._stack.setCurrentWidget(self._room)
        self._room.take_focus()

    def show_desk(self) -> None:
        """Back to the desk."""
        self._stack.setCurrentWidget(self._desk)
        self._desk.take_focus()

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

    def sizeHint(self) -> QSize:
        width, height = BASE_SIZE
        if self._frame is not None:
            width, height = width + 2 * EDGE, height + EDGE + TOP
        if self._dock is not None and self._dock_fits():
            width += DOCK_WIDTH
        return QSize(width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_dock_over()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)

    def _dock_fits(self) -> bool:
        room = QApplication.primaryScreen().availableSize().width()
        return room >= SMALLEST_SIZE[0] + 2 * EDGE + DOCK_WIDTH

    def _place_dock(self, dock: SimulatorDock) -> None:
        assert self._frame is not None
        if self._dock_fits():
            self._frame.add(dock)
        else:
            dock.setParent(self._frame)
            dock.show()
        toggle = QAction(self)
        toggle.setShortcut(QKeySequence(DOCK_KEY))
        toggle.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        toggle.triggered.connect(self._toggle_dock)
        self.addAction(toggle)

    def _toggle_dock(self) -> None:
        if self._dock is None:
            return
        self._dock.setVisible(not self._dock.isVisible())
        if self._dock.isVisible():
            self._lay_dock_over()
            self._dock.setFocus()
        else:
            self._desk.setFocus()

    def _lay_dock_over(self) -> None:
        """Keep a dock that has no place of its own at the right, inside the frame."""
        if self._dock is None or self._frame is None or self._dock_fits():
            return
        left = self.width() - EDGE - DOCK_WIDTH
        self._dock.setGeometry(left, TOP, DOCK_WIDTH, self.height() - TOP - EDGE)
        self._dock.raise_()

    def _follow_language(self, language: Language) -> None:
        texts = Texts(language)
        if self._frame is not None:
            self._frame.set_texts(texts)
        if self._dock is not None:
            self._dock.set_language(language)
        self.setWindowTitle(texts("window.title"))
