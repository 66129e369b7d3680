"""The pages of the voter's display (15, 16, 21), in logical pixels of a screen of 1920x1080.

Each is laid out for a wide, a square or a tall screen; words are those of two languages at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.domain.fingers import FingerPosition
from station_app.papers.paper_words import words_of
from station_app.ui.operator.verdict_page import VerdictBand, VerdictSignal
from station_app.ui.public.public_view import PublicView, Scene, ShownVoter
from station_app.ui.style import Style, colour
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.hand_view import HandView
from station_app.ui.widgets.icons import MARK, IconView
from station_app.ui.widgets.photo_view import PhotoView
from station_app.ui.widgets.text_block import ListedText, TextBlock
from station_app.ui.widgets.verdict_band import paint_shape

MOST_LANGUAGES = 2
"""More lines than these are too small to read from where a voter stands."""
_CENTRE = Qt.AlignmentFlag.AlignHCenter
_RIGHT = Qt.AlignmentFlag.AlignRight


class Form(Enum):
    """The shape of a screen; the value is the size that its layout is drawn for."""

    WIDE = (1920, 1080)
    SQUARE = (1440, 1080)
    TALL = (1080, 1920)

    @classmethod
    def of(cls, size: QSize) -> "Form":
        """The form that fits a screen of this size best."""
        share = size.width() / max(1, size.height())
        if share < 1:
            return cls.TALL
        return cls.SQUARE if share < 1.5 else cls.WIDE

    def scale(self, size: QSize) -> float:
        """How much larger than drawn the layout is on a screen of this size."""
        width, height = self.value
        return min(size.width() / width, size.height() / height)


@dataclass(frozen=True, slots=True)
class DisplayFacts:
    """What stands on the display of everybody; `identified_today` None hides the count.

    `clock` is local time as text. `has_slips`: slips are printed at this desk.
    """

    precinct: str = ""
    clock: str = ""
    identified_today: int | None = None
    has_slips: bool = True


class DisplayWords:
    """The display's words in its languages, the first one first."""

    def __init__(self, languages: Sequence[str]) -> None:
        shown = tuple(languages)[:MOST_LANGUAGES]
        self._each = tuple(words_of(one, "display") for one in shown)

    def first(self, key: str, **values: str | int) -> str:
        """The text of `key` in the first language."""
        return self._each[0](key, **values)

    def both(self, key: str, **values: str | int) -> tuple[str, ...]:
        """The text of `key` in each language, the same words once."""
        return tuple(dict.fromkeys(words(key, **values) for words in self._each))

    def number(self, value: int) -> str:
        """A count, grouped as the first language does it."""
        return self._each[0].number(value)


class PublicPage(QWidget):
    """One page. `write` puts the facts that change while it is shown."""

    def __init__(self, style: Style, fill: str) -> None:
        super().__init__()
        self._fill = fill
        self._clock: TextBlock | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour(self._fill))

    def clock_block(self, style: Style, px: int, clock: str) -> TextBlock:
        """The place of the clock."""
        ink = style.colours.ink
        self._clock = TextBlock(
            clock, style.display(px), ink, line_height=1.1, wrap=False, align=_RIGHT
        )
        return self._clock

    def set_clock(self, clock: str) -> None:
        """Write the local time, where this page has it."""
        if self._clock is not None:
            self._clock.setText(clock)


def public_page(
    words: DisplayWords, style: Style, form: Form, view: PublicView, facts: DisplayFacts
) -> PublicPage:
    """The page of `view`."""
    match view:
        case ShownVoter():
            return _identified(words, style, form, view, facts)
        case Scene.IDLE:
            return _idle(words, style, form, facts)
        case Scene.WAIT:
            return _message(words, style, form, facts, "ph.chat-teardrop-text", "wait")
        case Scene.CALL:
            return _message(words, style, form, facts, "ph.users-three", "call")


def number_page(words: DisplayWords, style: Style, number: str) -> PublicPage:
    """A number for the technician to type."""
    colours = style.colours
    page = PublicPage(style, colours.bg)
    column = QVBoxLayout(page)
    column.setSpacing(style.px(40))
    column.addStretch(1)
    digits = TextBlock(
        number, style.display(320, 800), colours.ink, line_height=1.0, wrap=False, align=_CENTRE
    )
    column.addWidget(digits)
    for line in words.both("number.type"):
        column.addWidget(TextBlock(line, style.text(46), colours.ink2, align=_CENTRE))
    column.addStretch(1)
    page.setAccessibleName(words.first("number.type"))
    return page


# --- idle ---------------------------------------------------------------------------------


def _idle(words: DisplayWords, style: Style, form: Form, facts: DisplayFacts) -> PublicPage:
    page = PublicPage(style, style.colours.bg)
    column = QVBoxLayout(page)
    side = style.px(72 if form is Form.WIDE else 56)
    column.setContentsMargins(side, style.px(52), side, style.px(40))
    column.setSpacing(0)
    column.addLayout(_idle_head(page, words, style, form, facts))
    column.addSpacing(style.px(44))
    is_tall = form is Form.TALL
    steps = QBoxLayout(
        QBoxLayout.Direction.TopToBottom if is_tall else QBoxLayout.Direction.LeftToRight
    )
    steps.setSpacing(style.px(36 if form is Form.WIDE else 28))
    for place, step in enumerate(("document", "finger", "slip" if facts.has_slips else "ballot")):
        steps.addWidget(_step(words, style, form, place + 1, step), 1)
    column.addLayout(steps, 1)
    column.addSpacing(style.px(30))
    column.addLayout(_promise(words, style, form))
    page.setAccessibleName(words.first("idle.welcome"))
    return page


_HEAD_PX = {Form.WIDE: (64, 32, 92, 28), Form.SQUARE: (56, 26, 68, 24), Form.TALL: (56, 28, 76, 26)}
"""The type of the welcome, of the line below it, of the clock, and of what is small."""


def _idle_head(
    page: PublicPage, words: DisplayWords, style: Style, form: Form, facts: DisplayFacts
) -> QVBoxLayout:
    colours = style.colours
    welcome_px, line_px, clock_px, small_px = _HEAD_PX[form]
    is_wide = form is Form.WIDE
    head = QHBoxLayout()
    head.setSpacing(style.px(24))
    head.addWidget(IconView(MARK, style.px(72), colours.primary))
    greeting = QVBoxLayout()
    greeting.setSpacing(style.px(8))
    welcome = words.first("idle.welcome")
    greeting.addWidget(
        TextBlock(welcome, style.display(welcome_px), colours.ink, line_height=1.1, wrap=False)
    )
    line = (" · " if is_wide else "\n").join(words.both("idle.prepare"))
    greeting.addWidget(
        TextBlock(line, style.text(line_px), colours.ink2, line_height=1.25, wrap=False)
    )
    head.addLayout(greeting)
    head.addStretch(1)
    count = None if facts.identified_today is None else words.number(facts.identified_today)
    if count is not None and form is not Form.TALL:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(_count(style, count, _RIGHT))
        for caption in words.both("idle.count"):
            column.addWidget(_small(style, caption, small_px, _RIGHT))
        head.addLayout(column)
        head.addSpacing(style.px(36 if is_wide else 16))
    right = QVBoxLayout()
    right.setSpacing(style.px(4))
    right.addWidget(page.clock_block(style, clock_px, facts.clock))
    if facts.precinct:
        place = " · ".join(words.both("idle.precinct", number=facts.precinct))
        right.addWidget(_small(style, place, small_px, _RIGHT))
    head.addLayout(right)
    whole = QVBoxLayout()
    whole.setSpacing(style.px(28))
    whole.addLayout(head)
    if count is not None and form is Form.TALL:
        row = QHBoxLayout()
        row.setSpacing(style.px(20))
        row.addStretch(1)
        row.addWidget(_count(style, count, _RIGHT))
        caption = "\n".join(words.both("idle.count"))
        row.addWidget(_small(style, caption, small_px, Qt.AlignmentFlag.AlignLeft))
        row.addStretch(1)
        whole.addLayout(row)
    return whole


def _count(style: Style, count: str, align: Qt.AlignmentFlag) -> TextBlock:
    """How many were identified today, which observers compare with their own count."""
    font, ink = style.display(64), style.colours.ink
    return TextBlock(count, font, ink, line_height=1.1, wrap=False, align=align)


def _small(style: Style, words: str, px: int, align: Qt.AlignmentFlag) -> TextBlock:
    ink = style.colours.ink2
    return TextBlock(words, style.text(px), ink, line_height=1.25, wrap=False, align=align)


_PICTURE = 262
_ICONS = {"document": "ph.identification-card", "slip": "ph.receipt", "ballot": "ph.files"}
_STEP_PX = {Form.WIDE: (50, 34), Form.SQUARE: (50, 32), Form.TALL: (60, 42)}
"""The type of a step's title and of its lines."""
_STEP_LINES = {Form.WIDE: 2, Form.SQUARE: 4, Form.TALL: 0}
"""Room for so many lines, so that the cards' titles stand side by side."""


def _step(words: DisplayWords, style: Style, form: Form, number: int, step: str) -> Panel:
    """A card: its number, its picture, and what to do; beside each other on a tall screen."""
    panel = Panel(style.colours.surface, radius=style.px(36))
    badge, picture = _Round(style, str(number)), _picture(style, step)
    title_px, line_px = _STEP_PX[form]
    is_tall = form is Form.TALL
    align = Qt.AlignmentFlag.AlignLeft if is_tall else _CENTRE
    title = TextBlock(
        words.first(f"step.{step}"), style.display(title_px), style.colours.ink,
        line_height=1.15, wrap=False, align=align,
    )  # fmt: skip
    lines = QWidget()
    lines.setMinimumHeight(style.px(line_px * 1.28 * _STEP_LINES[form]))
    below = QVBoxLayout(lines)
    below.setContentsMargins(0, 0, 0, 0)
    below.setSpacing(0)
    for line in words.both(f"step.{step}.do"):
        ink = style.colours.ink2
        below.addWidget(TextBlock(line, style.text(line_px), ink, line_height=1.28, align=align))
    below.addStretch(1)
    if is_tall:
        row = QHBoxLayout(panel)
        row.setContentsMargins(*[style.px(one) for one in (48, 32, 48, 32)])
        row.setSpacing(style.px(40))
        row.addWidget(badge)
        row.addWidget(picture)
        column = QVBoxLayout()
        column.addStretch(1)
        row.addLayout(column, 1)
    else:
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(one) for one in (36, 44, 36, 28)])
        column.addWidget(badge, 0, _CENTRE)
        column.addStretch(1)
        column.addWidget(picture, 0, _CENTRE)
        column.addStretch(1)
    column.setSpacing(0)
    column.addWidget(title)
    column.addSpacing(style.px(14))
    column.addWidget(lines)
    if is_tall:
        column.addStretch(1)
    panel.setAccessibleName(f"{number}. {title.text()}")
    return panel


def _picture(style: Style, step: str) -> QWidget:
    place = QWidget()
    place.setFixedSize(style.px(_PICTURE), style.px(_PICTURE))
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    if step == "finger":
        hand = HandView(style, FingerPosition.RIGHT_INDEX, largest=style.px(_PICTURE))
        row.addWidget(hand)
    else:
        side = style.px(240 if step == "document" else 224)
        row.addWidget(IconView(_ICONS[step], side, style.colours.ink))
    return place


def _promise(words: DisplayWords, style: Style, form: Form) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(style.px(16))
    row.addStretch(1)
    row.addWidget(IconView("ph.shield-check-fill", style.px(38), style.colours.ink2))
    line = (" " if form is Form.WIDE else "\n").join(words.both("idle.only"))
    ink = style.colours.ink2
    row.addWidget(TextBlock(line, style.text(28), ink, line_height=1.25, wrap=False))
    row.addStretch(1)
    return row


class _Round(QWidget):
    """A number in a dark circle."""

    def __init__(self, style: Style, number: str) -> None:
        super().__init__()
        self._style, self._number = style, number
        self.setFixedSize(style.px(88), style.px(88))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._style.colours.primary))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(colour(self._style.colours.on_primary))
        painter.setFont(self._style.display(48))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._number)


# --- identified ---------------------------------------------------------------------------


def _identified(
    words: DisplayWords, style: Style, form: Form, voter: ShownVoter, facts: DisplayFacts
) -> PublicPage:
    signal = VerdictBand.IDENTIFIED.value
    page = PublicPage(style, signal.fill)
    column = QVBoxLayout(page)
    edge = style.px(24)
    column.setContentsMargins(edge, 0, edge, edge)
    column.setSpacing(0)
    column.addWidget(_band(words, style, form, signal, facts))
    body = Panel(style.colours.surface, radius=0)
    column.addWidget(body, 1)
    icon = _ICONS["slip" if facts.has_slips else "ballot"]
    if form is Form.TALL:
        _fill_tall(body, words, style, voter, icon)
    else:
        _fill_across(body, words, style, form, voter, icon)
    name = f"{voter.surname} {voter.given_names}"
    page.setAccessibleName(
        words.first("identified.announce", name=name, number=f"{voter.list_number:04d}")
    )
    return page


def _band(
    words: DisplayWords, style: Style, form: Form, signal: VerdictSignal, facts: DisplayFacts
) -> QWidget:
    band = QWidget()
    row = QHBoxLayout(band)
    row.setContentsMargins(style.px(64), style.px(40), style.px(40), style.px(40))
    row.setSpacing(style.px(56 if form is Form.WIDE else 40))
    row.addWidget(_ShapeView(signal, style.px(224 if form is Form.WIDE else 190)))
    column = QVBoxLayout()
    column.setSpacing(style.px(10))
    column.addStretch(1)
    word = TextBlock(
        words.first("identified.word"), style.display(124, 800), signal.on,
        line_height=1.0, smallest_px=style.px(72),
    )  # fmt: skip
    column.addWidget(word)
    lines = words.both("identified.line" if facts.has_slips else "identified.line_no_slip")
    parts = [" · ".join(lines)] if form is Form.WIDE else lines
    for line in parts:
        column.addWidget(
            TextBlock(
                line, style.text(46 if form is Form.WIDE else 40, 500), signal.on,
                line_height=1.2, smallest_px=style.px(28),
            )
        )  # fmt: skip
    column.addStretch(1)
    row.addLayout(column, 1)
    return band


class _ShapeView(QWidget):
    """The verdict's shape."""

    def __init__(self, signal: VerdictSignal, side: int) -> None:
        super().__init__()
        self._signal = signal
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        signal = self._signal
        paint_shape(QPainter(self), signal.shape, QRectF(self.rect()), signal.on, signal.fill)


def _fill_across(
    body: Panel, words: DisplayWords, style: Style, form: Form, voter: ShownVoter, icon: str
) -> None:
    """Photo at the left; name, number and the way on at the right."""
    is_wide = form is Form.WIDE
    around = QVBoxLayout(body)
    down, up = (52, 44) if is_wide else (40, 32)
    around.setContentsMargins(*[style.px(one) for one in (64, down, 64, up)])
    around.setSpacing(style.px(28))
    row = QHBoxLayout()
    row.setSpacing(style.px(64 if is_wide else 48))
    row.addWidget(_photo(words, style, voter, 620 if is_wide else 470))
    column = QVBoxLayout()
    column.setSpacing(0)
    _add_name(column, style, voter, 128 if is_wide else 104, Qt.AlignmentFlag.AlignLeft)
    column.addStretch(1)
    foot = QHBoxLayout()
    foot.setSpacing(style.px(56))
    foot.addWidget(_number_box(words, style, voter.list_number, 190 if is_wide else 144))
    if is_wide:
        foot.addLayout(_way_on(words, style, icon, across=False), 1)
    else:
        foot.addStretch(1)
    column.addLayout(foot)
    row.addLayout(column, 1)
    around.addLayout(row, 1)
    if not is_wide:
        around.addLayout(_way_on(words, style, icon, across=True))


def _fill_tall(
    body: Panel, words: DisplayWords, style: Style, voter: ShownVoter, icon: str
) -> None:
    column = QVBoxLayout(body)
    column.setContentsMargins(*[style.px(one) for one in (56, 56, 56, 48)])
    column.setSpacing(0)
    column.addWidget(_photo(words, style, voter, 620), 0, _CENTRE)
    column.addSpacing(style.px(40))
    _add_name(column, style, voter, 128, _CENTRE)
    column.addStretch(1)
    column.addWidget(_number_box(words, style, voter.list_number, 190), 0, _CENTRE)
    column.addStretch(1)
    column.addLayout(_way_on(words, style, icon, across=True))


def _photo(words: DisplayWords, style: Style, voter: ShownVoter, height: int) -> PhotoView:
    photo = PhotoView(
        style,
        voter.portrait,
        "",  # no fact of the person beside the four: the silhouette is nobody's
        height=height,
        name=words.first("identified.photo"),
        no_photo=words.first("identified.no_photo"),
        is_small=True,
        radius=28,
    )
    photo.setFixedHeight(style.px(height))
    return photo


_SMALLEST_NAME = 32


def _add_name(
    column: QVBoxLayout, style: Style, voter: ShownVoter, px: int, align: Qt.AlignmentFlag
) -> None:
    colours = style.colours
    surname = ListedText(
        voter.surname, style.display(px, 700), colours.ink,
        line_height=1.06, smallest_px=style.px(_SMALLEST_NAME), align=align,
    )  # fmt: skip
    given = ListedText(
        voter.given_names, style.display(px / 2, 600), colours.ink2,
        line_height=1.12, smallest_px=style.px(_SMALLEST_NAME), align=align,
    )  # fmt: skip
    column.addWidget(surname)
    column.addSpacing(style.px(14))
    column.addWidget(given)


def _number_box(words: DisplayWords, style: Style, list_number: int, px: int) -> Panel:
    colours = style.colours
    box = Panel(None, radius=style.px(30), border=colours.ink, border_width=style.px(7))
    box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    column = QVBoxLayout(box)
    column.setContentsMargins(*[style.px(one) for one in (46, 20, 46, 24)])
    column.setSpacing(0)
    block = partial(TextBlock, wrap=False, align=_CENTRE)
    first, *others = words.both("identified.list_number")
    column.addWidget(block(first, style.text(36, 600), colours.ink, line_height=1.2))
    for line in others:
        column.addWidget(block(line, style.text(28), colours.ink2, line_height=1.25))
    number = f"{list_number:04d}"
    font = style.display(px * 5 / max(5, len(number)), 800)  # no list of ours has six digits
    column.addWidget(block(number, font, colours.ink, line_height=1.0))
    return box


def _way_on(words: DisplayWords, style: Style, icon: str, *, across: bool) -> QBoxLayout:
    """Where to go next; `across`: in one line below, else in a column of its own."""
    colours = style.colours
    to_right, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
    box = QBoxLayout(to_right if across else down)
    box.setSpacing(style.px(32 if across else 16))
    if across:
        box.addStretch(1)
    else:
        box.addStretch(2)
    box.addWidget(IconView(icon, style.px(92), colours.ink))
    lines = QVBoxLayout()
    lines.setSpacing(style.px(10))
    first, *others = words.both("identified.way_on")
    wraps = not across
    lines.addWidget(TextBlock(first, style.text(42, 600), colours.ink, line_height=1.2, wrap=wraps))
    for line in others:
        lines.addWidget(TextBlock(line, style.text(32), colours.ink2, line_height=1.2, wrap=wraps))
    box.addLayout(lines)
    box.addStretch(1)
    return box


# --- a message ----------------------------------------------------------------------------


def _message(
    words: DisplayWords, style: Style, form: Form, facts: DisplayFacts, icon: str, about: str
) -> PublicPage:
    """One sentence in the middle, that says nothing of anybody."""
    colours = style.colours
    page = PublicPage(style, colours.bg)
    column = QVBoxLayout(page)
    column.setContentsMargins(*[style.px(one) for one in (72, 52, 72, 52)])
    column.setSpacing(0)
    head = QHBoxLayout()
    head.addWidget(IconView(MARK, style.px(72), colours.primary))
    head.addStretch(1)
    head.addWidget(page.clock_block(style, 72, facts.clock))
    column.addLayout(head)
    column.addStretch(4)
    column.addWidget(IconView(icon, style.px(220), colours.ink), 0, _CENTRE)
    column.addSpacing(style.px(44))
    first, *others = words.both(f"message.{about}.title")
    fits = None if form is Form.TALL else style.px(60)  # an upright screen has room for lines
    px = 96 if form is Form.TALL else 112
    title = TextBlock(
        first, style.display(px), colours.ink, line_height=1.15, smallest_px=fits, align=_CENTRE
    )
    column.addWidget(title)
    column.addSpacing(style.px(26))
    fits = None if form is Form.TALL else style.px(40)
    block = partial(TextBlock, line_height=1.2, smallest_px=fits, align=_CENTRE)
    for line in others or words.both(f"message.{about}.line"):
        column.addWidget(block(line, style.text(56), colours.ink2))
    column.addStretch(5)
    page.setAccessibleName(first)
    return page
