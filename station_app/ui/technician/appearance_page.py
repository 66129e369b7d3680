"""Screens: contrast, size of text, motion and the side of the hand, as the station keeps them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.domain.appearance import TEXT_PERCENTS, Appearance
from station_app.flow.lane import Lane
from station_app.ui.room_shell import Place, RoomPage, RoomShell, page_column, page_head
from station_app.ui.style import Style
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.widgets.cards import Panel, card
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.radio_rows import RadioRows
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock


@dataclass(frozen=True, slots=True)
class AppearanceView:
    """What became of the appearance beside being shown: `was_damaged` where the kept one could not
    be read, `fault` the code of why the chosen one is not kept. `goes_dark`: the desktop does not
    promise to leave the screen on.
    """

    was_damaged: bool = False
    fault: str = ""
    goes_dark: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    """One of the four: its text key, its answers in words, and how each changes an appearance."""

    key: str
    answers: Callable[[Texts], tuple[str, ...]]
    chosen: Callable[[Appearance], int]
    take: Callable[[Appearance, int], Appearance]


def _two(key: str) -> Callable[[Texts], tuple[str, ...]]:
    return lambda texts: (texts(f"appearance.{key}.no"), texts(f"appearance.{key}.yes"))


_QUESTIONS: Final = (
    _Question(
        "contrast",
        _two("contrast"),
        lambda now: int(now.high_contrast),
        lambda now, place: replace(now, high_contrast=bool(place)),
    ),
    _Question(
        "text",
        lambda texts: tuple(texts.record.percent.format(number=one) for one in TEXT_PERCENTS),
        lambda now: TEXT_PERCENTS.index(now.text_percent),
        lambda now, place: replace(now, text_percent=TEXT_PERCENTS[place]),
    ),
    _Question(
        "motion",
        _two("motion"),
        lambda now: int(now.reduced_motion),
        lambda now, place: replace(now, reduced_motion=bool(place)),
    ),
    _Question(
        "hand",
        _two("hand"),
        lambda now: int(now.left_handed),
        lambda now, place: replace(now, left_handed=bool(place)),
    ),
)


class AppearancePage(RoomPage):
    """Shows how the screens look; `chosen` carries the `Appearance` that is wanted."""

    chosen = Signal(object)

    def __init__(self, texts: Texts, style: Style, view: AppearanceView) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        self._last = 0
        self.rows: list[RadioRows] = []
        column = page_column(self, style)
        title, line = texts("appearance.title"), texts("appearance.line")
        column.addLayout(page_head(style, title, line, ()))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        for pair in (_QUESTIONS[:2], _QUESTIONS[2:]):
            side = QVBoxLayout()
            side.setSpacing(style.px(16))
            for question in pair:
                side.addWidget(self._card(question))
            side.addStretch(1)
            row.addLayout(side, 1)
        column.addLayout(row)
        self._say(column, view)
        column.addStretch(1)

    def take_focus(self) -> None:
        """Give the keyboard to the first answer that holds."""
        self.rows[0].take_focus()

    def keep(self) -> int:
        """The question that was answered last: a new appearance is a new page."""
        return self._last

    def take_over(self, kept: int) -> bool:
        """Give the keyboard to the same question."""
        self._last = kept
        self.rows[kept].take_focus()
        return True

    def _card(self, question: _Question) -> Panel:
        texts, style, colours = self._texts, self._look, self._look.colours
        panel = card(style)
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (24, 14, 24, 16)])
        column.setSpacing(style.px(8))
        title = texts(f"appearance.{question.key}")
        column.addWidget(TextBlock(title, style.text(18, 600), colours.ink, line_height=1.2))
        answers, now = question.answers(texts), style.appearance
        rows = RadioRows(style, answers)
        rows.rows[question.chosen(now)].setChecked(True)
        for row, answer in zip(rows.rows, answers, strict=True):
            row.setAccessibleName(f"{title}: {answer}")
        number = len(self.rows)
        rows.changed.connect(lambda: self._choose(number, question))
        self.rows.append(rows)
        column.addWidget(rows)
        return panel

    def _choose(self, number: int, question: _Question) -> None:
        place = self.rows[number].chosen
        assert place is not None, "a row was checked"
        self._last = number
        self.chosen.emit(question.take(self._look.appearance, place))

    def _say(self, column: QVBoxLayout, view: AppearanceView) -> None:
        texts, style = self._texts, self._look
        tone, words = Tone.OPEN, texts("appearance.keys")
        if view.fault:
            words = f"{texts('appearance.not_kept')} {fault_sentences(texts, view.fault)}"
            tone = Tone.BAD
        elif view.was_damaged:
            tone, words = Tone.ATTENTION, texts("appearance.damaged")
        elif view.goes_dark:
            tone, words = Tone.ATTENTION, texts("appearance.goes_dark")
        line = QHBoxLayout()
        line.setSpacing(style.px(12))
        line.addWidget(IconView(tone.icon, style.px(24), tone.ink(style.colours)))
        line.addWidget(TextBlock(words, style.text(16), style.colours.ink, line_height=1.35), 1)
        column.addLayout(line)


APPEARANCE: Final = Place(
    "appearance",
    "ph.eye",
    AppearanceView(),
    lambda room, view: AppearancePage(room.texts, room.style_in_use, view),
    lambda _: ("appearance",),
)


class AppearanceController(QObject):
    """Changes the screens, and keeps what was chosen, on a lane; `keep` raises `KnownError`."""

    def __init__(
        self, room: RoomShell, keep: Callable[[Appearance], None], lane: Lane, *, was_damaged: bool
    ) -> None:
        super().__init__(room)
        self._room, self._keep, self._lane = room, keep, lane
        self._view = AppearanceView(was_damaged=was_damaged)
        room.show_view(APPEARANCE, self._view)
        room.connect_pages(AppearancePage, self._connect)

    def _connect(self, page: AppearancePage) -> None:
        page.chosen.connect(self._room.choose_appearance)

    def keep(self, appearance: Appearance) -> None:
        """Keep what was chosen on any screen; the page says so where that failed."""

        def show(fault: str = "") -> None:
            self._show(replace(self._view, was_damaged=False, fault=fault))

        self._lane.run(
            lambda: self._keep(appearance), lambda _: show(), lambda fault: show(fault.code)
        )

    def set_stays_on(self, stays_on: bool) -> None:
        """Whether the desktop leaves the screen on; the page says so where it may not."""
        self._show(replace(self._view, goes_dark=not stays_on))

    def _show(self, view: AppearanceView) -> None:
        self._view = view
        self._room.show_view(APPEARANCE, view)
