"""The cards of the day's pages: a very large number, rows of numbers, checks, faults."""

from collections.abc import Sequence

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from station_app.domain.day_report import DayFigures
from station_app.flow.day_parts import PaperDestination
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.commission.day_views import ListChange
from station_app.ui.style import Style
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.cards import Line, Panel, card
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock

_HEIGHT = 52


class IntegrityStrip(QWidget):
    """Green while the newest check was finished and good, red once one was not, else grey."""

    def __init__(self, texts: Texts, style: Style, view: IntegrityView) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setMinimumHeight(style.half_grown.px(_HEIGHT))
        self._panel: Panel | None = None
        self._view: IntegrityView | None = None
        self.show_integrity(view)

    def show_integrity(self, view: IntegrityView) -> None:
        """Say how the journal is."""
        if view == self._view:
            return
        self._view = view
        if self._panel is not None:
            self._column.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        words, more = integrity_words(self._texts, view)
        self.setAccessibleName(f"{words}. {more}" if more else words)
        self._panel = self._new_panel(view, words, more)
        self._column.addWidget(self._panel)
        self._panel.show()

    def _new_panel(self, view: IntegrityView, words: str, more: str) -> Panel:
        style, colours = self._look, self._look.colours
        icon, fill, ink = "ph.shield-fill", colours.sunken, colours.ink2
        if view.is_broken:
            icon, fill, ink = "ph.shield-warning-fill", colours.stop, colours.on_stop
        elif view.fault:
            icon, fill, ink = "ph.shield-warning-fill", colours.warn_soft, colours.on_warn_soft
        elif view.is_sound:
            icon, fill, ink = "ph.shield-check-fill", colours.ok_soft, colours.on_ok_soft
        panel = Panel(fill, radius=style.px(FIELD_RADIUS))
        row = QHBoxLayout(panel)
        row.setContentsMargins(style.px(20), 0, style.px(20), 0)
        row.setSpacing(style.px(12))
        row.addWidget(IconView(icon, style.px(28), ink))
        size = style.px(12)
        row.addWidget(TextBlock(words, style.text(17, 600), ink, smallest_px=size), 1)
        if more:
            right = Qt.AlignmentFlag.AlignRight
            block = TextBlock(more, style.text(17, 500), ink, smallest_px=size, align=right)
            row.addWidget(block, 1)
        return panel


def integrity_words(texts: Texts, view: IntegrityView) -> tuple[str, str]:
    """What the strip says at its left and at its right."""
    last, more = view.last, ""
    if view.total:
        more = texts(
            "log.integrity.checking",
            checked=texts.number(view.checked),
            total=texts.number(view.total),
        )
    if last is None:
        if view.fault:
            return texts("log.integrity.fault"), more
        return texts("log.integrity.unchecked"), more
    if not last.sound:
        if last.first_bad:
            return texts("log.integrity.broken", number=texts.number(last.first_bad)), more
        return texts("log.integrity.broken_somewhere"), more
    if view.fault:
        time, number = texts.time(last.checked_at), texts.number(last.entries)
        known = texts("log.integrity.last_intact", time=time, number=number)
        return texts("log.integrity.fault"), more or known
    words = texts("log.integrity.intact", number=texts.number(last.entries))
    checked = texts(
        "log.integrity.checkpoint", head=last.short_head, time=texts.time(last.checked_at)
    )
    return words, more or checked


_MARGINS = (28, 22, 28, 20)
_SIZES, _SMALLEST = ((10, 200), (1000, 150), (10_000, 112)), 84


def day_card(style: Style) -> tuple[Panel, QVBoxLayout]:
    """A white card and its column."""
    panel = card(style)
    column = QVBoxLayout(panel)
    column.setContentsMargins(*[style.px(side) for side in _MARGINS])
    column.setSpacing(0)
    return panel, column


def number_card(
    texts: Texts, style: Style, caption: str, number: int, line: str, integrity: IntegrityView
) -> Panel:
    """The number that observers see from across the room, and whether the journal is intact."""
    colours = style.colours
    panel, column = day_card(style)
    column.addWidget(TextBlock(caption, style.text(18), colours.ink2, line_height=1.3))
    column.addSpacing(style.px(8))
    size = next((px for limit, px in _SIZES if number < limit), _SMALLEST)
    digits = TextBlock(
        texts.number(number),
        style.display(size, 700),
        colours.ink,
        line_height=0.98,
        smallest_px=style.px(_SMALLEST),
    )
    column.addWidget(digits)
    column.addSpacing(style.px(12))
    column.addWidget(TextBlock(line, style.text(18), colours.ink2, line_height=1.4))
    column.addStretch(1)
    column.addWidget(journal_tag(texts, style, integrity))
    panel.setAccessibleName(f"{caption}: {texts.number(number)}. {line}")
    return panel


def journal_tag(texts: Texts, style: Style, view: IntegrityView) -> Panel:
    """What the last check of the journal has found, in two lines."""
    colours = style.colours
    icon, fill, ink = "ph.shield-fill", colours.sunken, colours.ink2
    if view.is_broken:
        icon, fill, ink = "ph.shield-warning-fill", colours.stop, colours.on_stop
    elif view.is_sound:
        icon, fill, ink = "ph.shield-check-fill", colours.ok_soft, colours.on_ok_soft
    panel = Panel(fill, radius=style.px(FIELD_RADIUS))
    row = QHBoxLayout(panel)
    row.setContentsMargins(*[style.px(side) for side in (14, 8, 12, 8)])
    row.setSpacing(style.px(12))
    row.addWidget(IconView(icon, style.px(26), ink), 0, Qt.AlignmentFlag.AlignVCenter)
    words = ", ".join(part for part in integrity_words(texts, view) if part)
    row.addWidget(TextBlock(words, style.text(15, 600), ink, line_height=1.25), 1)
    panel.setAccessibleName(words)
    return panel


def heading(style: Style, text: str) -> TextBlock:
    """The title of a card."""
    return TextBlock(text, style.text(20, 600), style.colours.ink, line_height=1.25)


def number_rows(
    texts: Texts, style: Style, rows: Sequence[tuple[str, int]], *, pad: int = 6
) -> QWidget:
    """Labels and numbers between hairlines, `pad` pixels from them."""
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    colours = style.colours
    for label, number in rows:
        column.addWidget(Line(colours.row_line))
        row = QHBoxLayout()
        row.setContentsMargins(0, style.px(pad), 0, style.px(pad))
        row.setSpacing(style.px(12))
        name = TextBlock(label, style.text(17), colours.ink, line_height=1.2)
        row.addWidget(name, 1, Qt.AlignmentFlag.AlignVCenter)
        words = TextBlock(
            texts.number(number), style.text(23, 700), colours.ink, line_height=1.25, wrap=False
        )
        words.setAccessibleName(f"{label}: {texts.number(number)}")
        row.addWidget(words)
        column.addLayout(row)
    return body


def figure_rows(texts: Texts, figures: DayFigures) -> tuple[tuple[str, int], ...]:
    """The figures that the zero report, the screen and the protocol begin with.

    No row for the face where nobody was identified by it, and none for acts that there were not.
    """
    face = ((texts("day.figure.face"), figures.by_face),) if figures.by_face else ()
    left_out = figures.struck_not_listed
    acts = {
        "issued_elsewhere": figures.issued_elsewhere,
        "admitted": figures.admitted,
        "struck_not_listed" if left_out else "struck_off": figures.struck_off,
    }
    return (
        (texts("day.figure.finger"), figures.by_finger),
        *face,
        (texts("day.figure.commission"), figures.by_commission),
        (texts("day.figure.voided"), figures.voided),
        (texts("day.figure.listed"), figures.listed),
        *(
            (texts(f"day.figure.{kind}", number=texts.number(left_out)), count)
            for kind, count in acts.items()
            if count
        ),
    )


def add_tone_line(
    column: QVBoxLayout, style: Style, tone: Tone, text: str, *, strong: bool = False, pad: int = 6
) -> TextBlock:
    """One line with the shape of its tone; returns its words."""
    colours = style.colours
    ink = {
        Tone.GOOD: colours.ok_ink,
        Tone.BAD: colours.stop_ink,
        Tone.ATTENTION: colours.warn_edge,
        Tone.OPEN: colours.ink3,
    }[tone]
    row = QHBoxLayout()
    row.setContentsMargins(0, style.px(pad), 0, style.px(pad))
    row.setSpacing(style.px(12))
    row.addWidget(IconView(tone.icon, style.px(26), ink), 0, Qt.AlignmentFlag.AlignTop)
    weight = 600 if strong else 400
    words = TextBlock(text, style.text(16, weight), colours.ink, line_height=1.35)
    row.addWidget(words, 1)
    column.addLayout(row)
    return words


def add_fault(column: QVBoxLayout, texts: Texts, style: Style, code: str) -> None:
    """What was refused or has failed, and what to do; nothing without a code."""
    if code:
        add_tone_line(column, style, Tone.BAD, fault_sentences(texts, code))


def went_words(texts: Texts, went: PaperDestination) -> str:
    """Where a paper is: at a printer, printed by its report, or in the station's folder."""
    facts = {"paper": texts(f"went.{went.paper.value}"), "time": texts.time(went.at)}
    if went.is_printing:
        waits = texts(f"went.waits.{went.waits_for}") if went.waits_for else ""
        return f"{texts('went.printing', **facts, printer=went.printer)} {waits}".strip()
    if went.printer:
        return texts("went.printed", **facts, printer=went.printer)
    return texts("went.saved", **facts)


def add_paper(
    column: QVBoxLayout, texts: Texts, style: Style, went: PaperDestination | None, fault: str
) -> None:
    """Where the last paper is (local time), or why it was not made or not printed."""
    if went is not None:
        tone = Tone.GOOD if went.printer and not went.waits_for else Tone.ATTENTION
        if went.is_printing and not went.waits_for:
            tone = Tone.OPEN
        add_tone_line(column, style, tone, went_words(texts, went))
    add_fault(column, texts, style, fault)


def add_list_change(
    column: QVBoxLayout, texts: Texts, style: Style, change: ListChange | None
) -> None:
    """What a list that came during the day means for those identified before; nothing without."""
    if change is None:
        return
    if not change.is_compared:
        add_tone_line(column, style, Tone.ATTENTION, texts("day.list.not_compared"))
    elif change.marked or change.missing:
        marked, missing = texts.number(change.marked), texts.number(change.missing)
        words = texts("day.list.differs", marked=marked, missing=missing)
        add_tone_line(column, style, Tone.ATTENTION, words)
    else:
        add_tone_line(column, style, Tone.GOOD, texts("day.list.compared"))


def fill_card(column: QVBoxLayout, *parts: QWidget | QLayout | int) -> None:
    """Widgets, layouts and gaps, from above to below."""
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        elif isinstance(part, QLayout):
            column.addLayout(part)
        else:
            column.addSpacing(part)


class EntryField(QLineEdit):
    """With `digits` it takes so many digits and nothing else."""

    def __init__(
        self, style: Style, name: str, text: str, *, longest: int, digits: bool = False
    ) -> None:
        super().__init__(text)
        colours, style = style.colours, style.half_grown
        self.setMaxLength(longest)
        self.setAccessibleName(name)
        self.setFont(style.text(22 if digits else 17, 600 if digits else 400))
        self.setFixedHeight(style.px(_HEIGHT))
        self.setProperty("focus_radius", style.px(FIELD_RADIUS))
        if digits:
            self.setValidator(QRegularExpressionValidator(QRegularExpression(r"[0-9]*"), self))
            self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setStyleSheet(
            f"QLineEdit {{ border: {style.px(2)}px solid {colours.control_border};"
            f" border-radius: {style.px(FIELD_RADIUS)}px; padding: 0 {style.px(12)}px;"
            f" background: {colours.surface}; color: {colours.ink};"
            f" placeholder-text-color: {colours.ink3}; }}"
        )
