"""The simulator dock: the queue, and a hand for the simulated scanner.

Exists in demo and training only. Enter puts the chosen finger on the glass, or lets the person
sit down before the simulated camera where the desk asks for the face; while the
desk waits for Enter itself (a verdict), the window gives Enter to the desk, and while the
station works Enter does nothing. After a verdict the next person is chosen, and the finger
the desk asks for.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.synthetic.live_scenes import Cheat
from station_app.synthetic.presets import Preset
from station_app.training.dock_queue import DockQueue
from station_app.training.script import Expected, QueuePerson
from station_app.ui.operator.words import finger_short
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import LIGHT
from station_app.ui.widgets.text_block import TextBlock, fitted

DOCK_WIDTH = 320
LESSONS_KEY = "Ctrl+L"
FINGERS = (
    FingerPosition.RIGHT_INDEX,
    FingerPosition.LEFT_INDEX,
    FingerPosition.RIGHT_MIDDLE,
    FingerPosition.LEFT_MIDDLE,
)
"""The fingers the dock offers: the two asked for first, and two to go wrong with."""
_NOT_ENROLLED = FingerPosition.RIGHT_MIDDLE
MANNERS = (Preset.GOOD, Preset.FAIR, Preset.POOR, Preset.DRY)
"""How it can be laid down."""

_ROW = 54
_BUTTON = 44
_SIDE, _GAP = 16, 6
_SCROLL_BAR = f"""
QScrollBar:vertical {{ width: 8px; background: {LIGHT.surface}; }}
QScrollBar::handle:vertical {{ background: {LIGHT.control_border}; border-radius: 4px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
"""
_PERSON = Qt.ItemDataRole.UserRole
_IS_DONE = _PERSON + 1


class DockButton(QAbstractButton):
    """A choice (outlined, filled when chosen) or the one primary button."""

    def __init__(
        self, label: str, style: Style, *, choice: bool = False, primary: bool = False
    ) -> None:
        super().__init__()
        self._label, self._style, self._primary = label, style, primary
        self.setCheckable(choice)
        self.setAutoExclusive(choice)  # one of several, and read aloud as such
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(56, _BUTTON)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dark = self._primary or self.isChecked()
        fill = colours.primary if dark else colours.surface
        if not self.isEnabled():
            fill = colours.sunken
        elif self.isDown():
            fill = colours.ink if dark else colours.sunken
        edge = colours.focus if self.hasFocus() else (fill if dark else colours.control_border)
        painter.setPen(QPen(colour(edge), 3 if self.hasFocus() else 1.5))
        painter.setBrush(colour(fill))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 10, 10)
        painter.setPen(colour(colours.on_primary if dark else colours.ink))
        painter.setFont(fitted(self._style.text(15, 600), self._label, self.width() - 8, 11))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._label)


class _QueueRows(QStyledItemDelegate):
    """One person: the name above, what is expected below, a tick when done."""

    def __init__(self, style: Style, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._style, self.texts = style, texts

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(DOCK_WIDTH - 2 * _SIDE, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        person, is_done = index.data(_PERSON), index.data(_IS_DONE)
        colours = self._style.colours
        view = self.parent()
        assert isinstance(view, QListWidget)
        chosen = view.currentIndex().row() == index.row()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(2, 2, -2, -2)
        if chosen:
            edge = colours.focus if view.hasFocus() else colours.line
            painter.setPen(QPen(colour(edge), 2))
            painter.setBrush(colour(colours.bg))
            painter.drawRoundedRect(box, 10, 10)
        words = box.adjusted(12, 5, -8, -5)
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        bottom = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.setPen(colour(colours.ink3 if is_done else colours.ink))
        name = f"✓ {person.name}" if is_done else person.name
        painter.setFont(fitted(self._style.text(15, 600), name, words.width(), 11))
        painter.drawText(words, top, name)
        painter.setPen(colour(colours.ink3))
        painter.setFont(self._style.text(14))
        painter.drawText(words, bottom, self.texts(f"expect.{person.expects.value}"))
        painter.restore()


class _QueueList(QListWidget):
    """The queue; Enter is left to the dock."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)


class SimulatorDock(QWidget):
    """Plays `people`; every control is reachable with Tab, arrows, Space and Enter.

    `passphrase` is shown where the commission is invented too, and everybody's is the same.
    `lessons_pressed` asks for the lessons (`LESSONS_KEY`), which open in a window of their own.
    """

    lessons_pressed = Signal()

    def __init__(self, people: DockQueue, language: str, passphrase: str = "") -> None:
        super().__init__()
        self._lessons_open = False
        self._people, self._passphrase = people, passphrase
        people.changed = self.refresh
        self._style = Style()
        self._texts = Texts(language)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_SIDE, 12, _SIDE, 12)
        self._waits = True
        self.setFixedWidth(DOCK_WIDTH)
        self._body: QWidget | None = None
        self._placed: int | None = None
        self._asks_face = False
        self._asked: tuple[FingerPosition, bool] | None = None
        self._is_made_dry = False
        self._build(row=0, finger=FINGERS[0], manner=Preset.GOOD)

    def set_language(self, language: str) -> None:
        """Change the words; the choices stay."""
        had_focus = self._has_focus()
        self._texts = Texts(language)
        self._build(self.queue.currentRow(), self.finger, self.manner)
        if had_focus:
            self._focus_queue()

    def set_lessons_open(self, *, is_open: bool) -> None:
        """Say whether the lessons are open in their window."""
        self._lessons_open = is_open
        self._build(self.queue.currentRow(), self.finger, self.manner)

    def take_focus(self) -> None:
        """Give the keyboard to the queue, unless it is in the dock already."""
        if not self._has_focus():
            self._focus_queue()

    def set_waiting(self, waits: bool) -> None:
        """Whether the desk waits for a finger, so that Enter lays one down."""
        self._waits = waits

    def set_asks_face(self, asks: bool) -> None:
        """Whether the desk waits for a face, so that Enter lets the person sit down."""
        self._asks_face = asks and self._people.chair is not None

    def ask_for(self, finger: FingerPosition, *, is_first: bool) -> None:
        """Choose the finger that the desk asks for, if it is one of the dock's.

        At the first try a person who is expected to need two gives another finger, or a dry
        one, so that Enter shows what is expected.
        """
        self._asked = (finger, is_first)
        self._prepare()

    def _prepare(self) -> None:
        """Choose finger and manner for the person and for what the desk asks."""
        if self._asked is None:
            return
        finger, is_first = self._asked
        expected = self.person.expects if is_first and self.person else None
        if expected is Expected.SECOND_TRY:
            finger = _NOT_ENROLLED
        if finger in FINGERS:
            self._fingers.button(FINGERS.index(finger)).setChecked(True)
        was_dry, self._is_made_dry = self._is_made_dry, expected is Expected.DRY_FINGER
        if self._is_made_dry or was_dry:
            manner = Preset.DRY if self._is_made_dry else Preset.GOOD
            self._manners.button(MANNERS.index(manner)).setChecked(True)

    def choose_next(self) -> None:
        """The person who was on the glass is done: choose the next who is not."""
        if self._placed is None:
            return
        self._people.done.add(self._placed)
        self._placed = None
        self.refresh()
        rows = range(self.queue.count())
        waiting = [row for row in rows if self._person_at(row).number not in self._people.done]
        after = [row for row in waiting if row > self.queue.currentRow()]
        if waiting:
            self.queue.setCurrentRow((after or waiting)[0])

    def refresh(self) -> None:
        """Read the queue again; person, finger and manner stay chosen."""
        self._fill_queue(max(0, self.queue.currentRow()))

    def _fill_queue(self, row: int) -> None:
        self.queue.blockSignals(True)
        self.queue.clear()
        for person in self._people.people:
            item = QListWidgetItem()
            item.setData(_PERSON, person)
            item.setData(_IS_DONE, person.number in self._people.done)
            name = f"{person.name}. {self._texts(f'expect.{person.expects.value}')}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
            self.queue.addItem(item)
        self.queue.setCurrentRow(row)
        self.queue.blockSignals(False)
        self._show_document()
        self._show_unusable()

    @property
    def person(self) -> QueuePerson | None:
        """The chosen person, None in an empty queue."""
        row = self.queue.currentRow()
        return None if row < 0 else self._person_at(row)

    @property
    def finger(self) -> FingerPosition:
        """The chosen finger."""
        return FINGERS[self._fingers.checkedId()]

    @property
    def manner(self) -> Preset:
        """How it will be placed."""
        return MANNERS[self._manners.checkedId()]

    def sit(self, cheat: Cheat | None = None) -> None:
        """Let the chosen person sit down before the camera, or hold a photo there."""
        person = self.person
        if person is not None and self._people.sit(person, cheat):
            self._placed = person.number

    def place(self) -> None:
        """Put the chosen finger of the chosen person on the glass; their face where it is asked."""
        person = self.person
        if person is None:
            return
        if self._asks_face:
            self.sit()
            return
        try:
            self._people.place(person, self.finger, self.manner)
        except KnownError:  # no image, or none that can be read
            self._document.setText(self._texts("dock.no_image"))
        else:
            self._placed = person.number
            self._show_document()
        self._show_unusable()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat() and self._waits:
                self.place()
            return
        super().keyPressEvent(event)

    def _focus_queue(self) -> None:
        self.queue.setFocus(Qt.FocusReason.OtherFocusReason)

    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _person_at(self, row: int) -> QueuePerson:
        person = self.queue.item(row).data(_PERSON)
        assert isinstance(person, QueuePerson)
        return person

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(self._style.colours.surface))
        painter.fillRect(0, 0, 1, self.height(), colour(self._style.colours.line))

    # --- building ------------------------------------------------------------------------

    def _build(self, row: int, finger: FingerPosition, manner: Preset) -> None:
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.deleteLater()
        self._body = QWidget()
        self._column.addWidget(self._body)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        texts, style = self._texts, self._style
        colours = style.colours
        column.addWidget(
            TextBlock(texts("dock.title"), style.display(24, 700), colours.ink, line_height=1.15)
        )
        column.addWidget(
            TextBlock(texts("dock.intro"), style.text(14), colours.ink2, line_height=1.3)
        )
        if self._passphrase:
            known = texts("dock.passphrase", passphrase=self._passphrase)
            column.addWidget(
                TextBlock(known, style.text(15, 600), colours.ink, line_height=1.2, smallest_px=12)
            )
        self._queue_heading = self._heading("dock.queue")
        column.addWidget(self._queue_heading)
        self.queue = self._queue_list()
        column.addWidget(self.queue, 1)
        self._document = TextBlock(
            "", style.text(15), colours.ink2, line_height=1.3, smallest_px=12
        )
        column.addWidget(self._document)
        self.queue.currentRowChanged.connect(lambda _: self._show_document())
        self.queue.currentRowChanged.connect(lambda _: self._prepare())
        column.addWidget(self._heading("dock.finger"))
        names = [finger_short(texts, known) for known in FINGERS]
        self._fingers = self._choices(column, names, FINGERS.index(finger), columns=2)
        self._fingers.buttonClicked.connect(lambda _: self._show_document())
        column.addWidget(self._heading("dock.manner"))
        manners = [texts(f"manner.{known.value}") for known in MANNERS]
        self._manners = self._choices(column, manners, MANNERS.index(manner), columns=4)
        self._add_buttons(column)
        self._fill_queue(max(0, row))
        self._body.show()

    def _show_document(self) -> None:
        """The PIN that the chosen person's document would give."""
        person, texts = self.person, self._texts
        if person is None:
            self._document.setText(texts("dock.nobody"))
        elif person.pin:
            self._document.setText(texts("dock.document", pin=person.pin))
        else:
            self._document.setText(texts("dock.no_document"))

    def _show_unusable(self) -> None:
        if count := len(self._people.unusable):
            self._queue_heading.setText(self._texts("dock.unusable", count=count))

    def _heading(self, key: str) -> TextBlock:
        return TextBlock(
            self._texts(key),
            self._style.text(14, 600),
            self._style.colours.ink3,
            line_height=1.2,
            smallest_px=12,
        )

    def _queue_list(self) -> _QueueList:
        rows = _QueueList()
        rows.setItemDelegate(_QueueRows(self._style, self._texts, rows))
        rows.setFrameShape(QListWidget.Shape.NoFrame)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        rows.setAccessibleName(self._texts("dock.queue"))
        palette = rows.palette()
        palette.setColor(rows.backgroundRole(), colour(self._style.colours.surface))
        palette.setColor(palette.ColorRole.Base, colour(self._style.colours.surface))
        rows.setPalette(palette)
        rows.setMinimumHeight(2 * _ROW)
        rows.verticalScrollBar().setStyleSheet(_SCROLL_BAR)
        return rows

    def _choices(
        self, column: QVBoxLayout, names: list[str], chosen: int, *, columns: int
    ) -> QButtonGroup:
        group = QButtonGroup(self._body)
        row: QHBoxLayout | None = None
        for number, name in enumerate(names):
            if number % columns == 0:
                row = QHBoxLayout()
                row.setSpacing(_GAP)
                column.addLayout(row)
            button = DockButton(name, self._style, choice=True)
            button.setChecked(number == chosen)
            group.addButton(button, number)
            assert row is not None
            row.addWidget(button)
        return group

    def _add_buttons(self, column: QVBoxLayout) -> None:
        column.addSpacing(_GAP)
        self._add_lines(
            column,
            (("dock.place", self.place, True), ("dock.lift", self._people.glass.lift, False)),
            (
                ("dock.unplug", self._people.glass.unplug, False),
                ("dock.plug_in", self._people.glass.plug_in, False),
            ),
        )
        if (chair := self._people.chair) is not None:
            self._add_lines(
                column,
                (
                    ("dock.sit", self.sit, False),
                    ("dock.photo", partial(self.sit, Cheat.STILL_PHOTO), False),
                    ("dock.leave", chair.leave, False),
                ),
            )
        lessons = "lesson.ui.dock_open" if self._lessons_open else "lesson.ui.dock"
        self._add_lines(
            column,
            (
                ("dock.run_queue", self._people.run, False),
                (lessons, self.lessons_pressed.emit, False),
            ),
        )

    def _add_lines(
        self, column: QVBoxLayout, *lines: tuple[tuple[str, Callable[[], object], bool], ...]
    ) -> None:
        for line in lines:
            row = QHBoxLayout()
            row.setSpacing(_GAP)
            for key, act, primary in line:
                button = DockButton(self._texts(key), self._style, primary=primary)
                button.setEnabled(key != "lesson.ui.dock_open")
                button.clicked.connect(lambda _checked=False, act=act: act())
                row.addWidget(button)
            column.addLayout(row)
