"""What the commission has decided today, and how large its part of the day is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_report import DayFigures
from station_app.domain.entries import CommissionDecision, OutcomeVoided
from station_app.domain.entry_codes import Decision, OutcomeKind
from station_app.flow.day_reading import DecisionLine
from station_app.flow.day_report import is_over_alarm
from station_app.ui.commission.day_cards import add_fault, add_tone_line, day_card, heading
from station_app.ui.room_shell import Place, RoomPage, page_column, page_head
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import CARD_RADIUS
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Line, Panel, card
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.scroll_bar import scroll_bar_sheet
from station_app.ui.widgets.tags import Tone, state_tag
from station_app.ui.widgets.text_block import TextBlock


class DecisionResult(StrEnum):
    """What came of a decision: said by the session's outcome entry, never by the decision.

    `PENDING`: the outcome is not written yet. `NOT_IDENTIFIED`: confirmed, and the session
    ended in another way (a restart cut it off).
    """

    IDENTIFIED = "identified"
    IDENTIFIED_THEN_VOIDED = "identified_then_voided"
    STOPPED = "stopped"
    NOT_IDENTIFIED = "not_identified"
    PENDING = "pending"
    REFUSED = "refused"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision: entry `number`, local time, what came of it, the codes of reason and
    document (empty for a void), and the names of those who signed.
    """

    number: int
    at: datetime
    result: DecisionResult
    reason: str
    document: str
    list_number: int | None
    signers: tuple[str, str]


@dataclass(frozen=True, slots=True)
class DecisionsView:
    """The page; `rows` is None while they are read, newest first."""

    rows: tuple[DecisionRow, ...] | None
    figures: DayFigures = field(default_factory=DayFigures)
    alarm_percent: int = 5
    fault: str = ""

    @property
    def is_over_alarm(self) -> bool:
        """Whether the commission has identified more than the policy's alarm."""
        return is_over_alarm(self.figures, self.alarm_percent)


def decision_rows(
    lines: Sequence[DecisionLine],
    names: Mapping[str, str],
    local: Callable[[datetime], datetime],
) -> tuple[DecisionRow, ...]:
    """The rows of `lines`; `names` are people's by id."""
    voided = {
        one.outcome.number
        for one in lines
        if isinstance(one.line.entry, OutcomeVoided) and one.outcome is not None
    }
    return tuple(_row(one, names, local, voided) for one in lines)


def _row(
    one: DecisionLine,
    names: Mapping[str, str],
    local: Callable[[datetime], datetime],
    voided: set[int],
) -> DecisionRow:
    entry, outcome = one.line.entry, one.outcome
    assert isinstance(entry, CommissionDecision | OutcomeVoided)
    if isinstance(entry, CommissionDecision):
        document = entry.document.value
        list_number = outcome.list_number if outcome else None
        result = _result(entry.decision, outcome, voided)
    else:
        document, list_number, result = "", entry.list_number, DecisionResult.VOIDED
    return DecisionRow(
        number=one.line.number,
        at=local(one.line.at),
        result=result,
        reason=entry.reason.value,
        document=document,
        list_number=list_number,
        signers=(
            names.get(entry.operator, entry.operator),
            names.get(entry.member, entry.member),
        ),
    )


def _result(decision: Decision, outcome: LoggedOutcome | None, voided: set[int]) -> DecisionResult:
    if decision is Decision.REFUSED:
        return DecisionResult.REFUSED
    if outcome is None:
        return DecisionResult.PENDING
    if outcome.outcome is OutcomeKind.ALREADY_IDENTIFIED:
        return DecisionResult.STOPPED
    if outcome.outcome is not OutcomeKind.IDENTIFIED:
        return DecisionResult.NOT_IDENTIFIED
    if outcome.number in voided:
        return DecisionResult.IDENTIFIED_THEN_VOIDED
    return DecisionResult.IDENTIFIED


_TABLE, _SIDE = 760, 334
_TONES = {
    DecisionResult.IDENTIFIED: Tone.GOOD,
    DecisionResult.STOPPED: Tone.BAD,
    DecisionResult.VOIDED: Tone.BAD,
}
"""Only an outcome entry that says so makes a row green; what is not here is open."""
_TIME, _NUMBER = 62, 92


class DecisionsPage(RoomPage):
    """Shows a `DecisionsView`, newest first."""

    refresh_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: DecisionsView) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        column = page_column(self, style)
        refresh = ActionButton(texts("decide.refresh"), style, icon="ph.arrow-clockwise", key="F5")
        self._refresh = refresh
        refresh.clicked.connect(lambda _checked=False: self.refresh_pressed.emit())
        add_key(self, QKeySequence(Qt.Key.Key_F5), self.refresh_pressed.emit)
        column.addLayout(page_head(style, texts("decide.title"), texts("decide.line"), (refresh,)))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        row.addWidget(self._table(view), _TABLE)
        row.addWidget(self._side(view), _SIDE)
        column.addLayout(row, 1)

    def take_focus(self) -> None:
        """Give the keyboard to the rows, which it scrolls; with larger text to the button."""
        (self._refresh if self._look.is_large else self._area).setFocus()

    def _table(self, view: DecisionsView) -> Panel:
        style, colours = self._look, self._look.colours
        panel = card(style)
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (4, 8, 4, 8)])
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(self._texts("decide.title"))
        self._area.setProperty("focus_radius", style.px(CARD_RADIUS))
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setStyleSheet(
            f"QScrollArea, QScrollArea > QWidget > QWidget {{ background: {colours.surface}; }}"
            + scroll_bar_sheet(style)
        )
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(style.px(20), style.px(4), style.px(20), style.px(4))
        rows.setSpacing(0)
        if not view.rows:
            words = "decide.reading" if view.rows is None else "decide.none"
            rows.addWidget(TextBlock(self._texts(words), style.text(18), colours.ink3))
        for place, row in enumerate(view.rows or ()):
            if place:
                rows.addWidget(Line(colours.row_line))
            rows.addWidget(self._row(row))
        rows.addStretch(1)
        if style.is_large:
            column.addWidget(body)
        else:
            self._area.setWidget(body)
            column.addWidget(self._area)
        return panel

    def _row(self, row: DecisionRow) -> QWidget:
        texts, style, colours = self._texts, self._look, self._look.colours
        body = QWidget()
        line = QHBoxLayout(body)
        line.setContentsMargins(0, style.px(9), 0, style.px(9))
        line.setSpacing(style.px(16))
        middle = Qt.AlignmentFlag.AlignVCenter
        time = TextBlock(texts.time(row.at), style.text(17, 600), colours.ink, wrap=False)
        time.setFixedWidth(style.grown.px(_TIME))
        line.addWidget(time, 0, middle)
        shown = texts.list_number(row.list_number) if row.list_number is not None else "—"
        small = style.px(12)
        number = TextBlock(shown, style.text(17, 600), colours.ink, smallest_px=small)
        number.setFixedWidth(style.grown.px(_NUMBER))
        line.addWidget(number, 0, middle)
        words = QVBoxLayout()
        words.setSpacing(style.px(1))
        said = self._reason(row)
        names = texts("decide.signed", operator=row.signers[0], member=row.signers[1])
        words.addWidget(TextBlock(said, style.text(17), colours.ink, line_height=1.3))
        words.addWidget(TextBlock(names, style.text(15), colours.ink3, line_height=1.3))
        line.addLayout(words, 1)
        tone = _TONES.get(row.result, Tone.OPEN)
        label = texts(f"decide.result.{row.result.value}")
        line.addWidget(state_tag(style, tone, label), 0, middle)
        body.setAccessibleName(
            f"{texts.time(row.at)}, {shown}, {label}. {said.rstrip('.')}. {names}"
        )
        return body

    def _reason(self, row: DecisionRow) -> str:
        texts = self._texts
        if row.result is DecisionResult.VOIDED:
            return texts(f"decide.void.{row.reason}")
        reason = texts(f"decide.reason.{row.reason}")
        document = texts(f"decide.document.{row.document}")
        return texts("decide.because", reason=reason, document=document)

    def _side(self, view: DecisionsView) -> Panel:
        texts, style, colours = self._texts, self._look, self._look.colours
        figures = view.figures
        panel, column = day_card(style)
        column.addWidget(heading(style, texts("decide.share")))
        column.addSpacing(style.px(8))
        share = texts.percent(figures.by_commission, figures.identified)
        ink = colours.stop_ink if view.is_over_alarm else colours.ink
        column.addWidget(
            TextBlock(share, style.display(64, 700), ink, line_height=1.1, smallest_px=style.px(30))
        )
        part = texts(
            "decide.part",
            part=texts.number(figures.by_commission),
            whole=texts.number(figures.identified),
        )
        column.addWidget(TextBlock(part, style.text(17), colours.ink2, line_height=1.35))
        column.addSpacing(style.px(16))
        alarm = texts.number(view.alarm_percent)
        over = view.is_over_alarm
        words = texts("decide.over" if over else "decide.under", alarm=alarm)
        add_tone_line(column, style, Tone.ATTENTION if over else Tone.GOOD, words)
        if figures.voided:
            number = texts.number(figures.voided)
            add_tone_line(column, style, Tone.OPEN, texts("decide.voided", number=number))
        add_fault(column, texts, style, view.fault)
        column.addStretch(1)
        return panel


DECISIONS: Final = Place(
    "decisions",
    "ph.users-three",
    DecisionsView(None),
    lambda room, view: DecisionsPage(room.texts, room.style_in_use, view),
    lambda _: ("decisions",),
)
