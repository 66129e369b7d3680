"""Full cards: identification rests, an identification is void, something has to be repaired."""

from dataclasses import dataclass
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.day import DayState
from station_app.domain.error_codes import Code
from station_app.domain.errors import JOURNAL_INTACT_CODES, SCANNER_CODES
from station_app.domain.session_states import Blocked, Resting, Voided, WaitingForScanner
from station_app.ui.operator.day_column import day_column, stage_row
from station_app.ui.operator.page import StageView, StateContext, StatePage
from station_app.ui.operator.views import DayView, DeskParts, face_keys
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Badge, Panel, Step, card
from station_app.ui.widgets.icons import UNPLUGGED, IconView
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.text_block import TextBlock

_BROKEN: Final = "ph.warning-octagon-fill"
_BLOCKED_SIGNS: Final[dict[str, str]] = {
    Code.DISK_FULL: "ph.hard-drives-fill",
    Code.BATTERY_EMPTY: "ph.battery-warning-fill",
}
_SIGNS: Final = {
    DayState.BEFORE: "ph.sun-horizon",
    DayState.PAUSED: "ph.pause-circle",
    DayState.CLOSED: "ph.moon",
}


@dataclass(frozen=True, slots=True)
class RestingView(StageView):
    """Nobody is identified now; `why` is how the day stands."""

    why: DayState
    day: DayView

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        return (DeskKey.HELP, *parts.room_keys)

    @property
    def own_help(self) -> tuple[str, ...]:
        return (f"resting_{self.why.value}",)

    def screen(self, texts: Texts, style: Style) -> QWidget:
        why = self.why.value
        return NoticeScreen(
            texts,
            style,
            icon=_SIGNS[self.why],
            ink=style.colours.ink3,
            title=texts(f"resting.{why}.title"),
            line=texts(f"resting.{why}.line"),
            then=texts(f"resting.{why}.step"),
            day=self.day,
        )


@dataclass(frozen=True, slots=True)
class VoidedView(StageView):
    """An identification is void, and that is durable."""

    list_number: int
    day: DayView
    help_page: ClassVar = "voided"
    fixed_keys: ClassVar = (DeskKey.HELP, DeskKey.NEXT)

    def screen(self, texts: Texts, style: Style) -> QWidget:
        return NoticeScreen(
            texts,
            style,
            icon="ph.arrow-u-up-left",
            ink=style.colours.commission_ink,
            title=texts("voided.title"),
            line=texts("voided.line", number=texts.list_number(self.list_number)),
            steps=("voided.step1", "voided.step2", "voided.step3"),
            day=self.day,
        )


@dataclass(frozen=True, slots=True)
class ScannerUnpluggedView(StageView):
    """The scanner is gone; the desk continues when it is plugged in again.

    `last_saved` is the list number of the last voter identified here, None when there was
    none. `in_session` says that a person is waiting, so that Esc can end the session; `has_face`
    that a key asks for the face meanwhile.
    """

    day: DayView
    last_saved: int | None
    in_session: bool
    has_face: bool = False
    help_page: ClassVar = "scanner_unplugged"

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        last = (DeskKey.CANCEL,) if self.in_session else parts.room_keys
        return (DeskKey.HELP, *face_keys(has_face=self.has_face), DeskKey.COMMISSION, *last)

    def screen(self, texts: Texts, style: Style) -> QWidget:
        last = "fault.scanner.step3_face" if self.has_face else "fault.scanner.step3"
        return NoticeScreen(
            texts,
            style,
            icon=UNPLUGGED,
            ink=style.colours.stop_ink,
            title=texts("fault.scanner.title"),
            line=texts("fault.scanner.line"),
            steps=("fault.scanner.step1", "fault.scanner.step2", last),
            saved=_saved(texts, self.last_saved, self.day),
            day=self.day,
        )


@dataclass(frozen=True, slots=True)
class BlockedView(StageView):
    """Nothing goes on until `code` is repaired and Enter asks to try again.

    `last_saved` is the list number of the last voter identified here; `has_unwritten` says
    that entries wait in memory for the journal.
    """

    code: str
    day: DayView
    last_saved: int | None
    has_unwritten: bool = False

    def keys(self, parts: DeskParts) -> tuple[DeskKey, ...]:
        # Without a charger the day is paused or closed while there is still power for that.
        room = parts.room_keys if self.code == Code.BATTERY_EMPTY else ()
        return (DeskKey.HELP, DeskKey.RETRY, *room)

    @property
    def own_help(self) -> tuple[str, ...]:
        return (self.code, "blocked")

    def screen(self, texts: Texts, style: Style) -> QWidget:
        return NoticeScreen(
            texts,
            style,
            icon=_BLOCKED_SIGNS.get(self.code, _BROKEN),
            ink=style.colours.stop_ink,
            title=texts(_blocked_title(self.code)),
            line=texts("fault.line"),
            steps=self._steps(),
            saved=self._known_saved(texts),
            day=self.day,
        )

    def _steps(self) -> tuple[str, str, str]:
        """A person at the desk tries to mend a scanner; the technician mends everything else."""
        if self.code in SCANNER_CODES:
            return (f"fault.{self.code}.step", "fault.press_enter", "fault.again")
        if self.code == Code.BATTERY_EMPTY:
            return ("fault.battery_empty.step", "fault.battery_empty.then", "fault.press_enter")
        is_full = self.code == Code.DISK_FULL
        middle = "fault.disk_full.step2" if is_full else "fault.stay_on"
        return ("fault.call_technician", middle, "fault.press_enter")

    def _known_saved(self, texts: Texts) -> str:
        """What is saved while the desk is blocked; nothing is claimed of a journal in doubt."""
        if self.code not in JOURNAL_INTACT_CODES:
            return texts("fault.unknown_saved")
        saved = _saved(texts, self.last_saved, self.day)
        return f"{saved} {texts('fault.unwritten')}" if self.has_unwritten else saved


@dataclass(frozen=True, slots=True)
class BrokenView(StageView):
    """A fault of the program itself: the safe screen; nothing goes on from here.

    `last_entry` is the number of the journal's last entry.
    """

    code: str
    last_entry: int

    @property
    def own_help(self) -> tuple[str, ...]:
        return (self.code,)

    def screen(self, texts: Texts, style: Style) -> QWidget:
        return NoticeScreen(
            texts,
            style,
            icon=_BROKEN,
            ink=style.colours.stop_ink,
            title=texts("fault.broken.title"),
            line=texts("fault.broken.line", code=self.code),
            steps=("fault.call_technician", "fault.broken.read_code", "fault.broken.restart"),
            saved=texts("fault.broken.entry", entry=texts.number(self.last_entry)),
        )


def _waiting(state: WaitingForScanner, now: StateContext) -> ScannerUnpluggedView:
    in_session = state.session is not None
    return ScannerUnpluggedView(now.day, now.last_saved, in_session, now.has_face)


def _blocked(state: Blocked, now: StateContext) -> BlockedView:
    has_unwritten = state.pending is not None or bool(state.unwritten)
    return BlockedView(state.code, now.day, now.last_saved, has_unwritten)


PAGES: Final = (
    StatePage(Resting, lambda state, now: RestingView(state.why, now.day)),
    StatePage(Voided, lambda state, now: VoidedView(state.void.list_number, now.day)),
    StatePage(WaitingForScanner, _waiting),
    StatePage(Blocked, _blocked),
)


class NoticeScreen(QWidget):
    """A card at the left, the day at the right where it is known.

    `ink` is the colour of the card's edge and sign, `steps` are text keys of what to do, `then`
    is one sentence about it, `saved` what is known to be saved.
    """

    def __init__(
        self,
        texts: Texts,
        style: Style,
        *,
        icon: str,
        ink: str,
        title: str,
        line: str,
        steps: tuple[str, ...] = (),
        then: str = "",
        saved: str = "",
        day: DayView | None = None,
    ) -> None:
        super().__init__()
        row = stage_row(self, style)
        panel = card(style, border=ink, border_width=3)
        column = QVBoxLayout(panel)
        column.setContentsMargins(style.px(44), style.px(34), style.px(44), style.px(34))
        column.setSpacing(0)
        column.addLayout(_head(style, icon, title, line, ink))
        column.addSpacing(style.px(38))
        _add_steps(column, texts, style, steps)
        if then:
            words = TextBlock(then, style.text(25, 500), style.colours.ink, line_height=1.3)
            column.addWidget(words)
        column.addStretch(1)
        if saved:
            column.addWidget(_saved_strip(style, saved))
        self.setAccessibleName(f"{title}. {line}")
        row.addWidget(panel, 1)
        if day is not None:
            row.addWidget(day_column(texts, style, day, None))


def _blocked_title(code: str) -> str:
    if code in (Code.DISK_FULL, Code.BATTERY_EMPTY, *SCANNER_CODES):
        return f"fault.{code}.title"
    if code == Code.JOURNAL_ROLLED_BACK:
        return "fault.rolled_back.title"
    if code in (Code.JOURNAL_DAMAGED, Code.WRONG_KEY):
        return "fault.damaged.title"
    if code.startswith("journal") or code in (Code.DISK_FAULT, Code.NO_WRITE_PERMISSION):
        return "fault.journal.title"
    return "fault.other.title"


def _saved(texts: Texts, last: int | None, day: DayView) -> str:
    """Whose record is durable: the journal's answer to an append, remembered by the tally."""
    if last is None:
        return texts("fault.saved_count", number=texts.number(day.identified_today))
    return texts("fault.saved", number=texts.list_number(last))


def _head(style: Style, icon: str, title: str, line: str, ink: str) -> QHBoxLayout:
    colours = style.colours
    head = QHBoxLayout()
    head.setSpacing(style.px(24))
    head.addWidget(IconView(icon, style.px(72), ink))
    words = QVBoxLayout()
    words.setSpacing(style.px(6))
    words.addWidget(
        TextBlock(
            title,
            style.display(42, 700),
            colours.ink,
            line_height=1.15,
            smallest_px=style.px(32),
        )
    )
    words.addWidget(
        TextBlock(line, style.text(21), colours.ink2, line_height=1.35, smallest_px=style.px(16))
    )
    head.addLayout(words, 1)
    return head


def _add_steps(column: QVBoxLayout, texts: Texts, style: Style, steps: tuple[str, ...]) -> None:
    for number, key in enumerate(steps, start=1):
        sign = Badge(
            style, side=60, fill=style.colours.sunken, ink=style.colours.ink, text=str(number)
        )
        words = TextBlock(texts(key), style.text(25, 500), style.colours.ink, line_height=1.25)
        column.addWidget(Step(sign, words, style.px(24)))
        if number < len(steps):
            column.addSpacing(style.px(24))


def _saved_strip(style: Style, words: str) -> Panel:
    panel = Panel(style.colours.sunken, radius=style.px(14))
    row = QHBoxLayout(panel)
    row.setContentsMargins(style.px(20), style.px(14), style.px(20), style.px(14))
    row.setSpacing(style.px(12))
    row.addWidget(IconView("ph.clock-counter-clockwise", style.px(26), style.colours.ink))
    text = TextBlock(words, style.text(17, 500), style.colours.ink, line_height=1.3)
    row.addWidget(text, 1, Qt.AlignmentFlag.AlignVCenter)
    return panel
