"""What stands under each verdict's band."""

from typing import assert_never

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.ui.operator.try_again import try_again_body
from station_app.ui.operator.views import (
    AlreadyView,
    CommissionView,
    IdentifiedView,
    ManualView,
    MismatchView,
    NotOnListView,
    TryAgainView,
    VerdictView,
    VoterCard,
)
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Badge, Panel, Step, card
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.photo_view import PhotoView
from station_app.ui.widgets.text_block import TextBlock

PHOTO_HEIGHT = 340
STOP_PHOTO_HEIGHT = 294
CARD_HEIGHT = 344


def verdict_body(
    texts: Texts, style: Style, view: VerdictView, slip_row: QWidget | None
) -> QWidget:
    """The body of `view`, to be put between the band and the keys.

    `slip_row` goes under an identified voter's name.
    """
    match view:
        case IdentifiedView() | MismatchView():
            return _identified(texts, style, view.voter, slip_row)
        case AlreadyView():
            return _already(texts, style, view)
        case NotOnListView():
            return _not_on_list(texts, style, view)
        case TryAgainView():
            return try_again_body(texts, style, view)
        case CommissionView() | ManualView():
            return _commission(texts, style)
        case _:
            assert_never(view)


def _row(style: Style, gap: int, height: int) -> tuple[QWidget, QHBoxLayout]:
    body = QWidget()
    body.setMaximumHeight(style.px(height))
    body.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    row = QHBoxLayout(body)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(style.px(gap))
    return body, row


def _identified(texts: Texts, style: Style, voter: VoterCard, slip_row: QWidget | None) -> QWidget:
    body, row = _row(style, 32, PHOTO_HEIGHT)
    row.addWidget(voter_photo(texts, style, voter.portrait, voter.sex, PHOTO_HEIGHT))
    column = QVBoxLayout()
    column.setSpacing(0)
    colours = style.colours
    column.addWidget(
        TextBlock(voter.surname, style.display(50, 700), colours.ink, line_height=1.06)
    )
    column.addSpacing(style.px(8))
    column.addWidget(
        TextBlock(voter.given_names, style.display(36, 600), colours.ink2, line_height=1.06)
    )
    column.addSpacing(style.px(24))
    facts = QHBoxLayout()
    facts.setSpacing(style.px(36))
    born = texts("voter.born_f") if voter.sex == "f" else texts("voter.born_m")
    facts.addLayout(_fact(style, born, voter.born))
    facts.addLayout(_fact(style, texts("voter.address"), voter.address), 1)
    column.addLayout(facts)
    column.addStretch(1)
    if slip_row is not None:
        column.addWidget(slip_row)
    row.addLayout(column, 1)
    row.addWidget(_list_number_box(texts, style, voter))
    return body


def _fact(style: Style, name: str, value: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(TextBlock(name, style.text(17), style.colours.ink3, wrap=False))
    column.addWidget(TextBlock(value, style.text(22, 600), style.colours.ink, line_height=1.35))
    column.addStretch(1)
    return column


def voter_photo(texts: Texts, style: Style, portrait: bytes, sex: str, height: int) -> PhotoView:
    """A voter's photo from the list, or the sign that there is none."""
    return PhotoView(
        style,
        portrait,
        sex,
        height=height,
        name=texts("voter.photo"),
        no_photo=texts("voter.no_photo"),
    )


def _list_number_box(texts: Texts, style: Style, voter: VoterCard) -> Panel:
    colours = style.colours
    box = Panel(None, radius=style.px(20), border=colours.ink, border_width=style.px(4))
    box.setFixedWidth(style.px(312))
    box.setMaximumHeight(style.px(PHOTO_HEIGHT))
    column = QVBoxLayout(box)
    column.setSpacing(0)
    column.addStretch(1)
    number = f"{voter.list_number:04d}"
    place = texts("voter.page_line", page=voter.page, line=voter.line)
    for words, font, ink, line in (
        (texts("voter.list_number"), style.text(22, 600), colours.ink, 1.4),
        (number, style.display(108, 800), colours.ink, 1.06),
        (place, style.text(20), colours.ink2, 1.4),
    ):
        block = TextBlock(
            words, font, ink, line_height=line, wrap=False, align=Qt.AlignmentFlag.AlignHCenter
        )
        column.addWidget(block)
        if words is number:
            column.insertSpacing(column.count() - 1, style.px(8))
            column.addSpacing(style.px(12))
    column.addStretch(1)
    return box


def _already(texts: Texts, style: Style, view: AlreadyView) -> QWidget:
    body, row = _row(style, 40, STOP_PHOTO_HEIGHT)
    row.addWidget(voter_photo(texts, style, view.portrait, view.sex, STOP_PHOTO_HEIGHT))
    facts = QWidget()
    facts.setFixedWidth(style.px(340))
    facts.setMaximumHeight(style.px(STOP_PHOTO_HEIGHT))
    column = QVBoxLayout(facts)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    ink, muted = style.colours.ink, style.colours.ink3
    for number, (name, value, font) in enumerate(
        (
            (texts("already.time"), view.first_time, style.display(56, 700)),
            (texts("already.where"), texts("already.this_precinct"), style.display(31, 700)),
            (
                texts("voter.list_number"),
                texts.list_number(view.list_number),
                style.display(31, 700),
            ),
        )
    ):
        if number:
            column.addStretch(1)
        column.addWidget(TextBlock(name, style.text(19), muted, line_height=1.3, wrap=False))
        column.addWidget(TextBlock(value, font, ink, line_height=1.1, wrap=False))
    row.addWidget(facts)
    row.addWidget(
        steps_card(
            texts,
            style,
            (
                ("ph.prohibit-fill", texts("step.no_ballot")),
                ("ph.users-three-fill", texts("step.call_commission")),
                ("ph.chat-teardrop-text-fill", texts("step.say_commission")),
            ),
            height=STOP_PHOTO_HEIGHT,
        ),
        1,
    )
    return body


def steps_card(
    texts: Texts, style: Style, steps: tuple[tuple[str, str], ...], *, height: int
) -> Panel:
    """The card with what to do now: icons and sentences."""
    colours = style.colours
    panel = card(style, border=colours.ink, border_width=3)
    panel.setMaximumHeight(style.px(height))
    column = QVBoxLayout(panel)
    column.setContentsMargins(style.px(28), style.px(24), style.px(28), style.px(20))
    column.setSpacing(style.px(16))
    column.addWidget(TextBlock(texts("step.title"), style.text(23, 600), colours.ink, wrap=False))
    for icon, words in steps:
        sign = IconView(icon, style.px(28), colours.ink)
        text = TextBlock(words, style.text(24, 500), colours.ink, line_height=1.25)
        column.addWidget(Step(sign, text, style.px(16), centred=False))
    column.addStretch(1)
    return panel


def _quote_card(texts: Texts, style: Style, sentence: str, *, px: int) -> Panel:
    colours = style.colours
    panel = card(style, border=colours.ink, border_width=3)
    panel.setMaximumHeight(style.px(CARD_HEIGHT))
    column = QVBoxLayout(panel)
    column.setContentsMargins(style.px(32), style.px(24), style.px(32), style.px(20))
    column.setSpacing(style.px(14))
    head = QHBoxLayout()
    head.setSpacing(style.px(12))
    head.addWidget(IconView("ph.chat-teardrop-text-fill", style.px(28), colours.ink))
    head.addWidget(
        TextBlock(texts("not_on_list.say_title"), style.text(20, 600), colours.ink, wrap=False),
        1,
    )
    column.addLayout(head)
    column.addWidget(TextBlock(sentence, style.display(px, 600), colours.ink, line_height=1.22))
    column.addStretch(1)
    return panel


def _not_on_list(texts: Texts, style: Style, view: NotOnListView) -> QWidget:
    body, row = _row(style, 28, CARD_HEIGHT)
    if view.pin_given:
        sentence = texts("not_on_list.say")
        steps = (
            ("ph.identification-card", texts("step.compare_pin")),
            ("ph.users-three-fill", texts("step.call_commission")),
        )
    else:
        sentence = texts("not_on_list.say_no_document")
        steps = (
            ("ph.identification-card", texts("step.ask_document")),
            ("ph.arrow-right", texts("step.type_pin")),
        )
    row.addWidget(_quote_card(texts, style, sentence, px=45 if view.pin_given else 40), 1)
    side = card(style)
    side.setFixedWidth(style.px(390))
    side.setMaximumHeight(style.px(CARD_HEIGHT))
    column = QVBoxLayout(side)
    column.setContentsMargins(style.px(28), style.px(26), style.px(28), style.px(26))
    column.setSpacing(style.px(18))
    column.addWidget(TextBlock(texts("step.title"), style.text(19), style.colours.ink3, wrap=False))
    for icon, words in steps:
        sign = IconView(icon, style.px(28), style.colours.ink)
        text = TextBlock(words, style.text(22, 500), style.colours.ink, line_height=1.3)
        column.addWidget(Step(sign, text, style.px(14), centred=False))
    column.addStretch(1)
    row.addWidget(side)
    return body


def _commission(texts: Texts, style: Style) -> QWidget:
    body, row = _row(style, 28, CARD_HEIGHT)
    colours = style.colours
    steps = card(style)
    column = QVBoxLayout(steps)
    column.setContentsMargins(style.px(32), style.px(26), style.px(32), style.px(26))
    column.setSpacing(style.px(22))
    column.addWidget(TextBlock(texts("step.title"), style.text(20, 600), colours.ink, wrap=False))
    for number, key in enumerate(("step.call_commission", "step.no_ballot"), start=1):
        sign = Badge(
            style, side=60, fill=colours.commission_soft, ink=colours.commission, text=str(number)
        )
        words = TextBlock(texts(key), style.display(32, 700), colours.ink, line_height=1.16)
        column.addWidget(Step(sign, words, style.px(22)))
    column.addStretch(1)
    row.addWidget(steps, 1)
    quote = _quote_card(texts, style, texts("commission.say"), px=36)
    quote.setFixedWidth(style.px(500))
    row.addWidget(quote)
    return body
