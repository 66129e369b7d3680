"""The cards of the day's pages: a very large number, rows of numbers, checks, faults."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from station_app.domain.day_report import DayFigures
from station_app.flow.day_parts import PaperDestination
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.commission.day_views import ListChange
from station_app.ui.commission.integrity_strip import integrity_words
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.cards import Line, Panel, card
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.words import fault_sentences

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

    No row for the face where nobody was identified by it: this version cannot.
    """
    face = ((texts("day.figure.face"), figures.by_face),) if figures.by_face else ()
    return (
        (texts("day.figure.finger"), figures.by_finger),
        *face,
        (texts("day.figure.commission"), figures.by_commission),
        (texts("day.figure.voided"), figures.voided),
        (texts("day.figure.listed"), figures.listed),
    )


def add_tone_line(
    column: QVBoxLayout, style: Style, tone: Tone, text: str, *, strong: bool = False, pad: int = 6
) -> TextBlock:
    """One line with the shape of its tone; returns its words."""
    colours = style.colours
    ink = {
        Tone.GOOD: colours.ok,
        Tone.BAD: colours.stop,
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
    """Where a paper is: with a printer's name, or in the station's folder."""
    facts = {"paper": texts(f"went.{went.paper.value}"), "time": texts.time(went.at)}
    if went.printer:
        return texts("went.printed", **facts, printer=went.printer)
    return texts("went.saved", **facts)


def add_paper(
    column: QVBoxLayout, texts: Texts, style: Style, went: PaperDestination | None, fault: str
) -> None:
    """Where the last paper is (local time), or why it was not made or not printed."""
    if went is not None and fault != "page_printer_fault":  # its words say where the paper is
        tone = Tone.GOOD if went.printer else Tone.ATTENTION
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
