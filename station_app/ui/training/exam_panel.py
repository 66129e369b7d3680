"""The exam's panel: who stands at the desk, and how many are left. It hints at nothing."""

from typing import Final

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.training.exam_view import EXAM_OFFERS, ExamCard, ExamView
from station_app.training.lesson import StageKind
from station_app.training.lesson_people import SHOWN
from station_app.ui.training.lesson_parts import KeyedButton, words_block
from station_app.ui.training.lesson_words import said
from station_app.ui.training.side_panel import SidePanel
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.photo_view import PhotoView

NEXT_VOTER_KEY: Final = "Alt+Right"
_PORTRAIT: Final = 110


class ExamPanel(SidePanel):
    """Shows an `ExamView` until it is over; `next_pressed` calls the next voter."""

    _view: ExamView | None = None

    def show_view(self, view: ExamView) -> None:
        """Show who stands at the desk now."""
        if view != self._view:
            self._view = view
            self._rebuild()

    @property
    def view(self) -> ExamView | None:
        """What is shown."""
        return self._view

    def _build(self, column: QVBoxLayout) -> None:
        view, texts, style = self._view, self._texts, self._style
        if view is None:
            return
        place = texts("exam.voter", number=view.number, of=view.of)
        if not view.number:
            place = texts("exam.title")
        column.addLayout(self._head(place, view.number, view.of))
        bar = self._bar(self._person(view), EXAM_OFFERS, is_open=view.card is not None)
        line = f"{texts('exam.why', number=view.of)} {said(texts, SHOWN[StageKind.DESK])}"
        if view.is_preparing:
            line = texts("exam.preparing")
        rule = words_block(style, line, style.text(15.5), style.colours.ink2, self._room)
        if style.is_large:
            column.addWidget(self._scrolled([bar, rule], None), 1)
        else:
            column.addWidget(self._scrolled([rule], None), 1)
            column.addLayout(self._inset(bar))
        column.addLayout(self._foot(self._next(view)))

    def _person(self, view: ExamView) -> QWidget:
        """Face and words beside it, and what is handed over below."""
        texts, style, card = self._texts, self._style, view.card
        if card is None:
            return self._person_lines("", [texts("lesson.ui.nobody")])
        person = QWidget()
        column = QVBoxLayout(person)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(6))
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        seen = texts(f"exam.person.{card.sex}", years=card.years)
        photo = PhotoView(
            style, card.portrait, card.sex, height=_PORTRAIT, name=seen, no_photo=seen,
            is_small=True, radius=10,
        )  # fmt: skip
        photo.setFixedHeight(style.px(_PORTRAIT))
        row.addWidget(photo)
        says = [] if card.says is None else [texts("lesson.ui.says", words=said(texts, card.says))]
        row.addWidget(self._person_lines(seen, says, style.px(_PORTRAIT * 0.8 + 12)), 1)
        column.addLayout(row)
        column.addWidget(self._person_lines("", [self._document(card)]))
        return person

    def _document(self, card: ExamCard) -> str:
        texts, document = self._texts, card.document
        if document is None:
            return texts("exam.no_document")
        seen = texts(f"manual.document.{document.seen.value}")
        return texts("exam.document", document=seen, name=document.name, pin=document.pin)

    def _next(self, view: ExamView) -> KeyedButton:
        """The next voter; strong where the desk is ready for them."""
        key = "exam.end" if view.is_last else "exam.next" if view.number else "exam.first"
        words = self._texts(key)
        button = KeyedButton(
            self._style, "Alt →", words, NEXT_VOTER_KEY, primary=view.is_free and view.may_call
        )
        button.setObjectName("next")
        button.setEnabled(view.may_call)
        button.clicked.connect(self.next_pressed)
        add_key(button, QKeySequence(NEXT_VOTER_KEY), button.click)
        return button
