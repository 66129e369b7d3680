"""The window of lessons: the striped frame around their list, or around a desk and its panel."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTextOption,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from station_app.domain.appearance import Appearance
from station_app.ui.door_window import DoorWindow
from station_app.ui.operator.views import StationKind
from station_app.ui.shell import LookChange, Shell, add_common_keys
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import BASE_SIZE, scale_for
from station_app.ui.training.frame import TrainingFrame
from station_app.ui.training.lesson_list import LessonList
from station_app.ui.training.lesson_panel import LessonPanel
from station_app.ui.training.side_panel import SidePanel
from station_app.ui.widgets.overlay import Overlay


class StageCover(QWidget):
    """A sheet over `host`, which goes on beneath it."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._words, self._style = "", Style()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        host.installEventFilter(self)
        self.hide()

    def show_words(self, words: str, style: Style) -> None:
        """Lie over everything in the host, with these words."""
        self._words, self._style = words, style
        self.setAccessibleName(words)
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self.update()

    @property
    def _host(self) -> QWidget:
        host = self.parentWidget()
        assert host is not None
        return host

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(colours.bg))
        painter.setPen(colour(colours.ink))
        painter.setFont(style.display(34, 700))
        wrapped = QTextOption(Qt.AlignmentFlag.AlignCenter)
        wrapped.setWrapMode(QTextOption.WrapMode.WordWrap)
        side = style.px(48)
        painter.drawText(QRectF(self.rect()).adjusted(side, 0, -side, 0), self._words, wrapped)


class StationContent(QStackedWidget):
    """A lesson's station: the window of its door, another one after a power cut (`door_put`)."""

    door_put = Signal(object)

    def put(self, door: DoorWindow) -> None:
        """Show this door, and what it leads to."""
        self.addWidget(door)
        self.setCurrentWidget(door)
        self.door_put.emit(door)


class LessonWindow(QWidget):
    """Everything in it is invented, so the frame is always there.

    `show_list` shows the lessons to choose from; `show_stage` a desk (or a whole station with its
    door) and the panel beside it, which is all that differs from the real one. A language or an
    appearance chosen anywhere holds everywhere; `appearance_chosen` carries the `Appearance`, to be
    kept. `closing` is emitted before the window goes away.
    """

    closing = Signal()
    appearance_chosen = Signal(object)

    def __init__(self, room: LessonList) -> None:
        super().__init__()
        self.room = room
        self._panel: SidePanel | None = None
        self._stage: QWidget | None = None
        self._question: Overlay | None = None
        self._frame = TrainingFrame(StationKind.TRAINING, Style(), Texts(room.language))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._frame)
        self._stack = QStackedWidget()
        self._stack.addWidget(room)
        self._frame.add(self._stack, 1)
        self._cover = StageCover(self._stack)
        # Where a desk takes no keys, those of every screen are the window's.
        self._own_keys = QWidget(self)
        add_common_keys(self._own_keys, room.languages, self._set_language, self._change_look)
        self._own_keys.resize(0, 0)
        self._own_keys.hide()
        self._follow(room)
        self._say_title()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._keep_at_desk)
        self.resize(*BASE_SIZE)

    @property
    def language(self) -> str:
        """The language on the screen."""
        return self.room.language

    @property
    def appearance(self) -> Appearance:
        """How the screens look."""
        return self.room.appearance

    @property
    def style_in_use(self) -> Style:
        """How what is in the frame is drawn now."""
        return self.room.style_in_use

    def show_list(self) -> None:
        """To the lessons; the desk and its panel go."""
        self._drop()
        self._stack.setCurrentWidget(self.room)
        self.room.take_focus()

    def show_stage(self, stage: QWidget, panel: SidePanel) -> None:
        """To a desk, and its panel; also when a step is gone back and the desk is made anew."""
        if panel is not self._panel:
            self._drop()
            self._panel = panel
            self._frame.add(panel)
            panel.focus_lost.connect(self._focus_stage)
        self._drop_stage()
        self._stage = stage
        self._stack.addWidget(stage)
        self._stack.setCurrentWidget(stage)
        if isinstance(stage, StationContent):
            stage.door_put.connect(self._follow_door)
            for door in stage.findChildren(DoorWindow):
                self._follow_door(door)
        else:
            for shell in _shells_of(stage):
                self._follow(shell)
        self._set_language(self.language)
        self._set_appearance(self.appearance)
        panel.show()
        self._focus_stage()

    def end_stage(self) -> None:
        """The lesson is over: what is on the desk stays to be looked at, and does nothing more."""
        self._let_act(is_open=False)

    def cover(self, words: str, *, locks: bool = False) -> None:
        """Lay a sheet with these words over the desk; `locks`: it takes no keys either."""
        self._let_act(is_open=not locks)
        self._cover.show_words(words, self.style_in_use)

    def uncover(self) -> None:
        """Take the sheet away, and let the desk take keys."""
        self._cover.hide()
        self._let_act(is_open=True)
        self._focus_stage()

    def ask(self, question: Overlay) -> None:
        """Lay a question over desk and panel; they take no keys until it is closed."""
        self._close_question()
        self._question = question
        question.closed.connect(self._question_closed)
        self._frame.setEnabled(False)
        question.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that the desk has no use for leads out."""
        panel = self._panel
        if panel is None or self._question is not None or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            panel.press_escape()
        elif not panel.scroll_by(event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stage is None:
            self.room.take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_panel()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)

    # --- what holds in all of it ------------------------------------------------------------

    def _follow(self, shell: Shell) -> None:
        shell.language_chosen.connect(self._set_language)
        shell.appearance_chosen.connect(self._choose_appearance)

    def _follow_door(self, door: DoorWindow) -> None:
        """Its screens come and go: what is chosen in one of them, it tells itself."""
        door.language_chosen.connect(self._set_language)
        door.appearance_chosen.connect(self._choose_appearance)
        self._set_language(self.language)
        self._set_appearance(self.appearance)

    def _shells(self) -> list[Shell]:
        """Never by `findChildren` of the window: it would keep what it finds as long as itself."""
        return [self.room] if self._stage is None else [self.room, *_shells_of(self._stage)]

    def _set_language(self, language: str) -> None:
        for shell in self._shells():
            shell.set_language(language)
        if self._panel is not None:
            self._panel.set_language(language)
        self._frame.set_texts(Texts(language))
        self._say_title()

    def _set_appearance(self, appearance: Appearance) -> None:
        for shell in self._shells():
            shell.set_appearance(appearance)
        self._fit_panel()

    def _choose_appearance(self, appearance: Appearance) -> None:
        self._set_appearance(appearance)
        self.appearance_chosen.emit(appearance)

    def _change_look(self, change: LookChange) -> None:
        self._choose_appearance(change(self.appearance))

    def _let_act(self, *, is_open: bool) -> None:
        """Whether what is on the desk takes keys."""
        if self._stage is not None:
            self._stage.setEnabled(is_open)
        self._own_keys.setVisible(self._stage is not None and not is_open)

    def _fit_panel(self) -> None:
        if self._panel is not None:
            self._panel.set_look(scale_for(self.width(), self.height()), self.appearance)

    def _say_title(self) -> None:
        self.setWindowTitle(Texts(self.language)("lesson.ui.program"))

    def _focus_stage(self) -> None:
        """Give the keyboard to what leads on at the desk, or in the panel once it is over."""
        if self._stage is None:
            return
        if not self._stage.isEnabled():
            if isinstance(self._panel, LessonPanel):
                self._panel.take_focus()
            return
        shown = next((one for one in self._shells() if one.isVisible()), None)
        if shown is not None:
            shown.take_focus()

    def _keep_at_desk(self, old: QWidget | None, now: QWidget | None) -> None:
        """Tab alone leads into the panel: what Qt moves there from a part of the desk that is
        hidden or disabled goes back to the desk.
        """
        stage, panel = self._stage, self._panel
        if stage is None or panel is None or old is None or now is None:
            return
        is_taken = not (old.isVisible() and old.isEnabled())
        if is_taken and stage.isEnabled() and stage.isAncestorOf(old) and panel.isAncestorOf(now):
            self._focus_stage()

    def _question_closed(self) -> None:
        question = self._question
        self._close_question()
        if question is not None and not question.give_back():
            self._focus_stage()

    def _close_question(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.hide()
            question.deleteLater()
            self._frame.setEnabled(True)

    def _drop(self) -> None:
        self._drop_stage()
        if self._panel is not None:
            self._panel.focus_lost.disconnect(self._focus_stage)
            self._panel.hide()
            self._panel.setParent(None)
            self._panel.deleteLater()  # Qt holds what its signals are connected to, and the lesson
            self._panel = None

    def _drop_stage(self) -> None:
        """The desk goes; whoever made it closes it in the same turn of the event loop.

        Qt holds what its signals are connected to, and with it the desk, until it is deleted.
        """
        self._close_question()
        self._cover.hide()
        self._own_keys.hide()
        if self._stage is not None:
            self._stack.removeWidget(self._stage)
            self._stage.hide()
            self._stage.setParent(None)
            self._stage.deleteLater()
            self._stage = None


def _shells_of(stage: QWidget) -> list[Shell]:
    return stage.findChildren(Shell) + ([stage] if isinstance(stage, Shell) else [])
