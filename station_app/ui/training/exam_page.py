"""The exam's place among the lessons: how it begins, and its sheet once it is over."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.exam_sheet import ExamLine, ExamSheet
from station_app.training.sentences import Sentence
from station_app.ui.commission.day_cards import EntryField, add_tone_line, day_card, heading
from station_app.ui.room_shell import Place, RoomPage, RoomShell, page_column, page_head
from station_app.ui.style import Style
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.training.lesson_words import said
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Line, Panel
from station_app.ui.widgets.icons import USB
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.large_text import LargeTextArea
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock

_LONGEST_DRAW: Final = 9


@dataclass(frozen=True, slots=True)
class ExamStartView:
    """Before an exam of so many `voters`; `fault` is the code of why there is none here."""

    voters: int = 20
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ExamSheetView:
    """An exam that is over. `note` says what became of the sheet; `is_bad`: it is not kept or
    printed as was asked. `is_busy` while it is written or printed.
    """

    sheet: ExamSheet
    note: Sentence | None = None
    is_bad: bool = False
    is_busy: bool = False


class ExamPage(RoomPage):
    """Asks for the number of the draw; `begun` carries it, or None for a new one."""

    begun = Signal(object)

    def __init__(self, texts: Texts, style: Style, view: ExamStartView) -> None:
        super().__init__()
        column = page_column(self, style)
        begin = ActionButton(
            texts("lesson.ui.exam.begin"), style, icon="ph.play", key="Ctrl+↵", primary=True
        )
        begin.clicked.connect(self._begin)
        begin.setEnabled(not view.fault)
        self._is_closed = bool(view.fault)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            add_key(self, QKeySequence(key), self._begin)
        line = texts("exam.why", number=texts.number(view.voters))
        if view.fault:
            line = fault_sentences(texts, view.fault)
        column.addLayout(page_head(style, texts("exam.title"), line, (begin,)))
        panel, rows = day_card(style)
        for key in ("lesson.ui.exam.journal", "lesson.ui.exam.sheet"):
            words = TextBlock(texts(key), style.text(18), style.colours.ink, line_height=1.4)
            rows.addWidget(words)
            rows.addSpacing(style.px(8))
        rows.addSpacing(style.px(8))
        label = texts("lesson.ui.exam.draw")
        rows.addWidget(heading(style, label))
        rows.addSpacing(style.px(6))
        hint = texts("lesson.ui.exam.draw_hint")
        rows.addWidget(TextBlock(hint, style.text(17), style.colours.ink2, line_height=1.35))
        rows.addSpacing(style.px(10))
        self.field = EntryField(style, f"{label}. {hint}", "", longest=_LONGEST_DRAW, digits=True)
        self.field.setFixedWidth(style.grown.px(220))
        self.field.returnPressed.connect(self._begin)
        rows.addWidget(self.field)
        column.addWidget(panel)
        column.addStretch(1)

    def take_focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keep(self) -> str:
        """The number that is typed."""
        return self.field.text()

    def take_over(self, kept: str) -> bool:
        self.field.setText(kept)
        self.take_focus()
        return True

    def _begin(self) -> None:
        if self._is_closed:
            return
        typed = self.field.text()
        self.begun.emit(int(typed) if typed else None)


class SheetPage(RoomPage):
    """Shows an `ExamSheetView`: counts, errors by kind, and a line a voter; no rank, no praise."""

    print_pressed = Signal()
    keep_pressed = Signal()
    again_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: ExamSheetView) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        sheet = view.sheet
        column = page_column(self, style)
        self._buttons = self._make_buttons(view)
        line = texts("exam.sheet.invented")
        column.addLayout(page_head(style, texts("exam.sheet.title"), line, self._buttons))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        body = QWidget()
        side = QVBoxLayout(body)
        side.setContentsMargins(0, 0, style.px(4), 0)
        side.setSpacing(style.px(12))
        if view.note is not None:
            tone = Tone.BAD if view.is_bad else Tone.GOOD
            add_tone_line(side, style, tone, said(texts, view.note))
        side.addWidget(self._figures(sheet))
        side.addWidget(self._errors(sheet))
        side.addStretch(1)
        row.addWidget(body if style.is_large else LargeTextArea(style, body), 3)
        row.addWidget(self._voters(sheet), 4)
        column.addLayout(row, 1)

    def take_focus(self) -> None:
        self._buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keep(self) -> int | None:
        """The button that has the keyboard."""
        return next((at for at, one in enumerate(self._buttons) if one.hasFocus()), None)

    def take_over(self, kept: int | None) -> bool:
        if kept is None or not self._buttons[kept].isEnabled():
            return False
        self._buttons[kept].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def _make_buttons(self, view: ExamSheetView) -> tuple[ActionButton, ...]:
        buttons = []
        for words, icon, key, pressed, primary in (
            ("exam.keep", USB, "F9", self.keep_pressed, True),
            ("exam.print", "ph.printer", "F8", self.print_pressed, False),
            ("lesson.ui.exam.again", "ph.arrow-clockwise", "", self.again_pressed, False),
        ):
            button = ActionButton(
                self._texts(words), self._look, icon=icon, key=key, primary=primary
            )
            button.setEnabled(not view.is_busy)
            button.clicked.connect(lambda _checked=False, pressed=pressed: pressed.emit())
            if key:
                add_key(button, QKeySequence(key), button.click)
            buttons.append(button)
        return tuple(buttons)

    def _figures(self, sheet: ExamSheet) -> Panel:
        texts, style = self._texts, self._look
        panel, column = day_card(style)
        right = texts("exam.sheet.of", right=sheet.right, number=sheet.voters)
        column.addWidget(heading(style, texts("exam.sheet.right")))
        column.addWidget(
            TextBlock(right, style.display(44, 700), style.colours.ink, line_height=1.15)
        )
        column.addSpacing(style.px(8))
        rows = [
            (texts("exam.sheet.median"), self._seconds(sheet.median_s)),
            (texts("exam.sheet.longest"), self._seconds(sheet.longest_s)),
            (texts("exam.sheet.begun"), texts.moment(sheet.begun)),
            (texts("exam.sheet.draw"), str(sheet.seed)),
        ]
        if not sheet.is_whole:
            came = texts("exam.sheet.left", number=len(sheet.lines), of=sheet.voters)
            column.addWidget(TextBlock(came, style.text(17, 600), style.colours.ink))
            column.addSpacing(style.px(8))
        self._add_rows(column, rows)
        return panel

    def _errors(self, sheet: ExamSheet) -> Panel:
        texts, style = self._texts, self._look
        panel, column = day_card(style)
        column.addWidget(heading(style, texts("exam.sheet.errors")))
        column.addSpacing(style.px(8))
        rows = [(texts(f"exam.error.{kind.value}"), str(n)) for kind, n in sheet.errors.items()]
        self._add_rows(column, rows or [(texts("exam.sheet.no_errors"), "")])
        return panel

    def _add_rows(self, column: QVBoxLayout, rows: list[tuple[str, str]]) -> None:
        style, colours = self._look, self._look.colours
        for label, value in rows:
            column.addWidget(Line(colours.row_line))
            row = QHBoxLayout()
            row.setContentsMargins(0, style.px(5), 0, style.px(5))
            row.setSpacing(style.px(12))
            row.addWidget(TextBlock(label, style.text(16), colours.ink, line_height=1.25), 1)
            if value:
                number = TextBlock(value, style.text(17, 700), colours.ink, wrap=False)
                row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
            column.addLayout(row)

    def _voters(self, sheet: ExamSheet) -> QWidget:
        """A line a voter, in their order."""
        texts, style = self._texts, self._look
        panel, column = day_card(style)
        body = QWidget()
        lines = QVBoxLayout(body)
        lines.setContentsMargins(0, 0, style.px(8), 0)
        lines.setSpacing(0)
        column.addWidget(heading(style, texts("exam.sheet.voters")))
        column.addSpacing(style.px(8))
        for line in sheet.lines:
            lines.addWidget(Line(style.colours.row_line))
            lines.addWidget(self._voter(line))
        lines.addStretch(1)
        column.addWidget(body if style.is_large else LargeTextArea(style, body), 1)
        return panel

    def _voter(self, line: ExamLine) -> QWidget:
        texts, style, colours = self._texts, self._look, self._look.colours
        case = texts(f"exam.case.{line.case.value}")
        if line.fault is not None:
            case = f"{case}, {texts(f'exam.fault.{line.fault.value}')}"
        wrong = ". ".join(texts(f"exam.error.{error.value}") for error in line.errors)
        whole = QWidget()
        whole.setAccessibleName(f"{line.number}. {case}. {self._seconds(line.seconds)}. {wrong}")
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, style.px(5), 0, style.px(5))
        row.setSpacing(style.px(10))
        number = TextBlock(f"{line.number}.", style.text(16, 600), colours.ink3, wrap=False)
        number.setMinimumWidth(style.grown.px(34))
        row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(style.px(2))
        words.addWidget(TextBlock(case, style.text(16), colours.ink, line_height=1.25))
        if wrong:
            words.addWidget(
                TextBlock(wrong, style.text(15, 600), colours.stop_ink, line_height=1.25)
            )
        row.addLayout(words, 1)
        seconds = TextBlock(self._seconds(line.seconds), style.text(16), colours.ink, wrap=False)
        row.addWidget(seconds, 0, Qt.AlignmentFlag.AlignTop)
        return whole

    def _seconds(self, seconds: float) -> str:
        return self._texts("unit.seconds", number=self._texts.number(round(seconds)))


ExamPlaceView = ExamStartView | ExamSheetView


def _page(room: RoomShell, view: ExamPlaceView) -> RoomPage:
    if isinstance(view, ExamStartView):
        return ExamPage(room.texts, room.style_in_use, view)
    return SheetPage(room.texts, room.style_in_use, view)


def _help(_view: ExamPlaceView) -> tuple[str, ...]:
    return ("exam",)


EXAM: Final[Place[ExamPlaceView]] = Place(
    "exam", "ph.clipboard-text", ExamStartView(), _page, _help
)
