"""The lesson's panel: its steps, who is at the desk, what can be done there, and the way on."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.training.coach import LessonResult, LessonView, PersonCard, RowState, WrongStep
from station_app.ui.announce import announce
from station_app.ui.training.lesson_parts import KeyedButton, NoteCard, StepLine, words_block
from station_app.ui.training.lesson_words import said
from station_app.ui.training.side_panel import SidePanel
from station_app.ui.widgets.keys import add_key

SHOW_ME_KEY: Final = "Shift+F1"
BACK_KEY: Final = "Alt+Left"


class LessonPanel(SidePanel):
    """Shows a `LessonView`; once it is over, a `LessonResult`.

    `next_pressed` asks for the next lesson, `again_pressed` for this one once more.
    """

    back_pressed = Signal()
    show_me_pressed = Signal()
    again_pressed = Signal()

    _view: LessonView | None = None
    _result: LessonResult | None = None
    _has_next = False
    _place = 0, 0
    _announced = ""

    def set_place(self, number: int, of: int) -> None:
        """Which lesson of how many this is, before it is shown; 0 for one of a trainer's file."""
        self._place = number, of

    def show_view(self, view: LessonView) -> None:
        """Show how far the lesson is."""
        if view != self._view:
            self._view, self._result = view, None
            if view.is_over:
                self._esc.stop()
            self._rebuild()
            self._announce(view)

    def show_result(self, result: LessonResult, *, has_next: bool) -> None:
        """Say how the lesson went once it is over; `has_next`: another one follows."""
        self._result, self._has_next = result, has_next
        self._rebuild()
        self.take_focus()

    @property
    def view(self) -> LessonView | None:
        """What is shown."""
        return self._view

    @property
    def is_over(self) -> bool:
        """Whether nothing more is asked of the learner."""
        return self._view is not None and self._view.is_over

    def take_focus(self) -> None:
        """Give the keyboard to the button that leads on from a lesson that is over."""
        if self.is_over:
            self._onward.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_escape(self) -> None:
        if self.is_over:
            self.leave_pressed.emit()
        else:
            super().press_escape()

    @property
    def _way_out(self) -> str:
        return "Esc" if self.is_over else super()._way_out

    # --- building --------------------------------------------------------------------------

    def _build(self, column: QVBoxLayout) -> None:
        view, texts = self._view, self._texts
        if view is None:
            return
        number, of = self._place
        place = (
            texts("lesson.ui.number", number=number, of=of) if number else texts("lesson.ui.role")
        )
        column.addLayout(self._head(place, number, of))
        lines = [
            StepLine(texts, self._style, at, row, self._room)
            for at, row in enumerate(view.rows, start=1)
        ]
        if view.is_over:
            parts = [self._title(view), self._end(), *self._tip(view), *lines]
            column.addWidget(self._scrolled(parts, None), 1)
            column.addLayout(self._foot(*self._over_buttons()))
            return
        bar = self._bar(self._person(view.person), view.offers, is_open=not view.is_busy)
        now = next((at for at, row in enumerate(view.rows) if row.state is RowState.CURRENT), None)
        if self._style.is_large:
            column.addWidget(self._large(view, lines, now, bar), 1)
        else:
            column.addWidget(self._standard(view, lines, now), 1)
            column.addLayout(self._inset(bar))
        column.addLayout(self._foot(*self._lesson_buttons(view)))

    def _standard(self, view: LessonView, lines: list[StepLine], now: int | None) -> QWidget:
        """Title, steps and tip; what was wrong in the place of everything but the step."""
        if view.wrong is not None:
            step = [] if now is None else [lines[now]]
            wrong = self._wrong(view.wrong)
            return self._scrolled([*step, wrong], None)
        at = 0 if now is None else now
        steps = [*lines[:at], *self._happened(view), *lines[at:]]
        parts = [self._title(view), *self._why(view), *steps, *self._tip(view)]
        return self._scrolled(parts, None if now is None else lines[now])

    def _large(
        self, view: LessonView, lines: list[StepLine], now: int | None, bar: QWidget
    ) -> QWidget:
        """The present step and the bar first: there is no room for more."""
        first: list[QWidget] = [] if now is None else [lines[now]]
        if view.wrong is not None:
            first.append(self._wrong(view.wrong))
        others = [line for line in lines if line not in first]
        parts = [*first, bar, *self._happened(view), self._title(view), *self._why(view)]
        return self._scrolled([*parts, *others, *self._tip(view)], None)

    def _title(self, view: LessonView) -> QWidget:
        style = self._style
        words, font = said(self._texts, view.title), style.display(28, 700)
        return words_block(style, words, font, style.colours.ink, self._room, line_height=1.15)

    def _why(self, view: LessonView) -> list[QWidget]:
        """Why this is learned: until the first step is done."""
        if view.why is None or (view.rows and view.rows[0].state is RowState.DONE):
            return []
        return [self._text(said(self._texts, view.why))]

    def _happened(self, view: LessonView) -> list[QWidget]:
        return [self._text(said(self._texts, one)) for one in view.happened]

    def _text(self, words: str) -> QWidget:
        style = self._style
        return words_block(style, words, style.text(16.5), style.colours.ink2, self._room)

    def _tip(self, view: LessonView) -> list[QWidget]:
        if view.tip is None:
            return []
        colours = self._style.colours
        card = NoteCard(
            self._style, "ph.lightbulb-fill", [(said(self._texts, view.tip), 400)], self._room,
            fill=colours.sunken, ink=colours.ink,
        )  # fmt: skip
        return [card]

    def _wrong(self, wrong: WrongStep) -> NoteCard:
        """What was done, how to go on, and the help of the step's screen as the desk has it.

        What was expected is on the step's own line, above.
        """
        texts, colours = self._texts, self._style.colours
        lines = [
            (texts("lesson.ui.wrong"), 600),
            (texts("lesson.ui.wrong.done", words=said(texts, wrong.done)), 400),
            (said(texts, wrong.way), 600),
        ]
        if help_lines := texts.help_lines(wrong.help_page):
            lines += [(texts("key.help"), 600), *((line, 400) for line in help_lines)]
        return NoteCard(
            self._style, "ph.question", lines, self._room,
            fill=colours.warn_soft, ink=colours.on_warn_soft,
        )  # fmt: skip

    def _end(self) -> NoteCard:
        texts, colours, result = self._texts, self._style.colours, self._result
        lines = [(texts("lesson.ui.over"), 600)]
        if result is not None:
            lines.append((texts("lesson.ui.over.steps", number=result.steps_done), 400))
            if result.shown:
                lines.append((texts("lesson.ui.over.shown", number=result.shown), 400))
            if others := sum(result.wrong.values()):
                lines.append((texts("lesson.ui.over.wrong", number=others), 400))
        return NoteCard(
            self._style, "ph.flag-banner", lines, self._room,
            fill=colours.sunken, ink=colours.ink,
        )  # fmt: skip

    def _person(self, person: PersonCard | None) -> QWidget:
        texts = self._texts
        if person is None:
            return self._person_lines("", [texts("lesson.ui.nobody")])
        lines = [texts("lesson.ui.no_document")]
        if person.pin:
            lines = [texts("lesson.ui.document", pin=person.pin)]
        if person.says is not None:
            lines.append(texts("lesson.ui.says", words=said(texts, person.says)))
        return self._person_lines(person.name, lines)

    # --- buttons ---------------------------------------------------------------------------

    def _lesson_buttons(self, view: LessonView) -> tuple[KeyedButton, ...]:
        texts, style = self._texts, self._style
        back = KeyedButton(style, "Alt ←", texts("lesson.ui.back"), BACK_KEY)
        back.setEnabled(view.can_go_back)
        back.clicked.connect(self.back_pressed)
        show = KeyedButton(style, "⇧F1", texts("lesson.ui.show_me"), SHOW_ME_KEY, primary=True)
        show.setEnabled(not view.is_busy)
        show.clicked.connect(self.show_me_pressed)
        for button, name, key in ((back, "back", BACK_KEY), (show, "show me", SHOW_ME_KEY)):
            button.setObjectName(name)
            add_key(button, QKeySequence(key), button.click)
        return back, show

    def _over_buttons(self) -> tuple[KeyedButton, ...]:
        texts, style = self._texts, self._style
        again = KeyedButton(style, "Alt ←", texts("lesson.ui.again"), BACK_KEY)
        again.clicked.connect(self.again_pressed)
        add_key(again, QKeySequence(BACK_KEY), again.click)
        words = texts("lesson.ui.next" if self._has_next else "lesson.ui.to_list")
        self._onward = KeyedButton(style, "Enter", words, "Enter", primary=True)
        onward = self.next_pressed if self._has_next else self.leave_pressed
        self._onward.clicked.connect(onward)
        again.setObjectName("again")
        self._onward.setObjectName("onward")
        return again, self._onward

    def _announce(self, view: LessonView) -> None:
        """Read the present step aloud once, or what was wrong."""
        if view.wrong is not None:
            words = f"{said(self._texts, view.wrong.done)} {said(self._texts, view.wrong.way)}"
        elif view.is_over:
            words = self._texts("lesson.ui.over")
        else:
            now = (row.sentence for row in view.rows if row.state is RowState.CURRENT)
            words = next((said(self._texts, one) for one in now), "")
        if words and words != self._announced:
            announce(self, words)
        self._announced = words
