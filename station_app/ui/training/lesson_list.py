"""Where lessons are chosen: a page for each audience, and the exam's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.training.coach import LessonResult
from station_app.training.lesson import Audience, Lesson
from station_app.training.sentences import Sentence
from station_app.ui.room_shell import (
    HELP,
    LEAVE,
    Place,
    RoomPage,
    RoomShell,
    page_column,
    page_head,
)
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.training.exam_page import EXAM, ExamPage, ExamStartView, SheetPage
from station_app.ui.training.lesson_words import said
from station_app.ui.widgets.icons import paint_icon
from station_app.ui.widgets.keys import press_by_enter
from station_app.ui.widgets.large_text import LargeTextArea
from station_app.ui.widgets.text_block import broken, broken_height

_HEIGHT, _SIGN = 50, 28
_ACROSS: Final = 2


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson that can be chosen, and how it went in this sitting; None: not begun."""

    id: str
    title: Sentence
    result: LessonResult | None = None

    @property
    def is_done(self) -> bool:
        """Whether every step was done."""
        return self.result is not None and self.result.is_done

    def words(self, texts: Texts) -> str:
        """How it went, in words; empty where it was not begun."""
        result = self.result
        if result is None:
            return ""
        if not result.is_done:
            return texts("lesson.ui.row.left", number=result.steps_done + 1)
        wrong = sum(result.wrong.values())
        return texts("lesson.ui.row.wrong", number=wrong) if wrong else texts("lesson.ui.row.done")


@dataclass(frozen=True, slots=True)
class LessonsView:
    """The lessons for one audience; `fault` is the code of why there are none on this computer."""

    audience: Audience
    rows: tuple[LessonRow, ...] = ()
    fault: str = ""

    @property
    def first(self) -> int:
        """The first lesson that is not done, else the first."""
        return next((at for at, row in enumerate(self.rows) if not row.is_done), 0)


class LessonButton(QAbstractButton):
    """A lesson's number or tick, its title, and how it went; `moved` carries an arrow key."""

    moved = Signal(object)

    def __init__(self, texts: Texts, style: Style, number: int, row: LessonRow) -> None:
        super().__init__()
        self._style = style.half_grown
        self._number, self._is_done = number, row.is_done
        self._title, self._words = said(texts, row.title), row.words(texts)
        said_state = self._words or texts("lesson.ui.row.new")
        self.setAccessibleName(f"{number}. {self._title}. {said_state}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_radius", self._style.px(FIELD_RADIUS))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        _, title, words = self._lines(width)
        return max(self._style.px(_HEIGHT), round(title + words) + self._style.px(10))

    def sizeHint(self) -> QSize:
        wide = self._style.px(380)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._style.px(200), self._style.px(_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.moved.emit(key)
        elif not press_by_enter(self, event):
            super().keyPressEvent(event)

    def _fonts(self) -> tuple[QFont, QFont]:
        return self._style.text(16.5, 600), self._style.text(14)

    def _lines(self, width: float) -> tuple[float, float, float]:
        """The width of the text, and how high title and words are in it."""
        room = width - self._style.px(14 + _SIGN + 12 + 14)
        title, words = (
            broken_height(font, text, room) if text else 0.0
            for font, text in zip(self._fonts(), (self._title, self._words), strict=True)
        )
        return room, title, words

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = style.px(2)
        box = QRectF(self.rect())
        painter.setPen(QPen(colour(colours.ink if self.hasFocus() else colours.line), edge))
        painter.setBrush(colour(colours.bg if self.underMouse() else colours.surface))
        inside = box.adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        painter.drawRoundedRect(inside, style.px(FIELD_RADIUS - 1), style.px(FIELD_RADIUS - 1))
        side = style.px(_SIGN)
        self._paint_sign(painter, QRectF(style.px(14), (box.height() - side) / 2, side, side))
        room, title, words = self._lines(box.width())
        left, top = style.px(14 + _SIGN + 12), (box.height() - title - words) / 2
        wrapped = broken(Qt.AlignmentFlag.AlignLeft)
        for text, font, ink, height in zip(
            (self._title, self._words), self._fonts(), (colours.ink, colours.ink3),
            (title, words), strict=True,
        ):  # fmt: skip
            if text:
                painter.setPen(colour(ink))
                painter.setFont(font)
                painter.drawText(QRectF(left, top, room, height), text, wrapped)
            top += height

    def _paint_sign(self, painter: QPainter, box: QRectF) -> None:
        style, colours = self._style, self._style.colours
        if self._is_done:
            paint_icon(painter, "ph.check-circle-fill", box, colours.ok_ink)
            return
        painter.setPen(QPen(colour(colours.control_border), style.px(2)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(1.5, 1.5, -1.5, -1.5))
        painter.setPen(colour(colours.ink))
        painter.setFont(style.text(13, 600))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._number))


class LessonsPage(RoomPage):
    """Shows a `LessonsView`; arrow keys go from lesson to lesson, Enter begins one."""

    chosen = Signal(str)

    def __init__(self, texts: Texts, style: Style, view: LessonsView) -> None:
        super().__init__()
        self._view = view
        self.rows: list[LessonButton] = []
        column = page_column(self, style)
        title = texts(f"lesson.ui.title.{view.audience.value}")
        done = sum(row.is_done for row in view.rows)
        sitting = texts("lesson.ui.sitting", done=done, of=len(view.rows))
        line = fault_sentences(texts, view.fault) if view.fault else texts("lesson.ui.line")
        line = line if view.fault else f"{line} {sitting}"
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(f"{title}. {line}")
        column.addLayout(page_head(style, title, line, ()))
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(*[style.px(4)] * 4)
        grid.setSpacing(style.px(6))
        self._across = 1 if style.is_large else _ACROSS
        for at, row in enumerate(view.rows):
            button = LessonButton(texts, style, at + 1, row)
            button.clicked.connect(partial(self._choose, row.id))
            button.moved.connect(partial(self._move, at))
            grid.addWidget(button, at % self._down, at // self._down)
            self.rows.append(button)
        for place in range(self._across):
            grid.setColumnStretch(place, 1)
        grid.setRowStretch(self._down, 1)
        column.addWidget(body if style.is_large else LargeTextArea(style, body), 1)

    @property
    def _down(self) -> int:
        """Lessons in a column."""
        return max(1, -(-len(self._view.rows) // self._across))

    def take_focus(self) -> None:
        if self.rows:
            self._focus(self._view.first)
        else:
            self.setFocus()

    def focus_lesson(self, lesson: str) -> None:
        """Give the keyboard to this lesson."""
        for at, row in enumerate(self._view.rows):
            if row.id == lesson:
                self._focus(at)

    def keep(self) -> int | None:
        """The lesson that has the keyboard."""
        return next((at for at, row in enumerate(self.rows) if row.hasFocus()), None)

    def take_over(self, kept: int | None) -> bool:
        if kept is None or kept >= len(self.rows):
            return False
        self._focus(kept)
        return True

    def _focus(self, at: int) -> None:
        self.rows[at].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _move(self, at: int, key: Qt.Key) -> None:
        down = self._down
        steps = {
            Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -down, Qt.Key.Key_Right: down,
        }  # fmt: skip
        there = at + steps[key]
        if 0 <= there < len(self.rows):
            self._focus(there)

    def _choose(self, lesson: str, _checked: bool = False) -> None:
        self.chosen.emit(lesson)


def _lessons_page(room: RoomShell, view: LessonsView) -> RoomPage:
    return LessonsPage(room.texts, room.style_in_use, view)


def _lessons_help(view: LessonsView) -> tuple[str, ...]:
    return (view.fault, "lessons") if view.fault else ("lessons",)


_ICONS: Final = {
    Audience.OPERATOR: "ph.user",
    Audience.MEMBER: "ph.users-three",
    Audience.TECHNICIAN: "ph.wrench",
}
LESSONS: Final[Mapping[Audience, Place[LessonsView]]] = {
    audience: Place(
        f"lessons_{audience.value}", icon, LessonsView(audience), _lessons_page, _lessons_help
    )
    for audience, icon in _ICONS.items()
}


class LessonList(RoomShell):
    """The start: the lessons by audience, and the exam.

    `lesson_chosen` carries a lesson's id, `exam_chosen` the number of the draw or None for a new
    one. Of the exam's sheet: `print_pressed`, `keep_pressed`, `again_pressed`. `leave_pressed`
    is Esc.
    """

    lesson_chosen = Signal(str)
    exam_chosen = Signal(object)
    print_pressed = Signal()
    keep_pressed = Signal()
    again_pressed = Signal()
    leave_pressed = Signal()

    def __init__(
        self,
        *,
        language: str,
        languages: Sequence[str] = (),
        moving: bool = True,
        appearance: Appearance = STANDARD,
    ) -> None:
        super().__init__(
            None, (*LESSONS.values(), EXAM), (LEAVE, HELP),
            language=language, languages=languages, moving=moving, appearance=appearance,
        )  # fmt: skip
        self.back_pressed.connect(self.leave_pressed)
        self.connect_pages(LessonsPage, self._connect_lessons)
        self.connect_pages(ExamPage, self._connect_exam)
        self.connect_pages(SheetPage, self._connect_sheet)

    def show_lessons(self, lessons: Sequence[Lesson], results: Mapping[str, LessonResult]) -> None:
        """Show what there is to learn; `results` are those of this sitting by lesson."""
        for audience, place in LESSONS.items():
            rows = tuple(
                LessonRow(one.id, one.title, results.get(one.id))
                for one in lessons
                if one.audience is audience
            )
            self.show_view(place, LessonsView(audience, rows))

    def show_refusal(self, fault: str) -> None:
        """Say why there are no lessons on this computer: the code `fault` has a page of help."""
        for audience, place in LESSONS.items():
            self.show_view(place, LessonsView(audience, fault=fault))
        self.show_view(EXAM, ExamStartView(fault=fault))

    def go_to_lesson(self, audience: Audience, lesson: str = "") -> None:
        """Show the page of an audience, with the keyboard on `lesson`."""
        self.go_to(LESSONS[audience])
        if lesson and isinstance(self.page, LessonsPage):
            self.page.focus_lesson(lesson)

    def _connect_lessons(self, page: LessonsPage) -> None:
        page.chosen.connect(self.lesson_chosen)

    def _connect_exam(self, page: ExamPage) -> None:
        page.begun.connect(self.exam_chosen)

    def _connect_sheet(self, page: SheetPage) -> None:
        page.print_pressed.connect(self.print_pressed)
        page.keep_pressed.connect(self.keep_pressed)
        page.again_pressed.connect(self.again_pressed)

    def _role(self) -> str:
        return self._texts("lesson.ui.role")
