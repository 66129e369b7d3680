"""Devices: what is plugged in at the left, what the signed settings need at the right."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.devices.drivers import DeviceFamily
from station_app.devices.plugged_in import PluggedIn
from station_app.flow.device_choice import SeenDevice, Standing
from station_app.ui.room_shell import Place, RoomPage, page_column, page_head
from station_app.ui.style import Style
from station_app.ui.technician.self_test import CARDS
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Line, Panel, card
from station_app.ui.widgets.choice_list import Choice, ChoiceList
from station_app.ui.widgets.icons import USB, IconView
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock

_MOST: Final = 6
_LONGEST_NAME: Final = 44
_SEEN, _PLANNED = 640, 372
_UNKNOWN: Final = "ph.question"


class PlannedState(StrEnum):
    """How a device of the settings stands."""

    THERE = "there"
    CHOOSE = "choose"
    ABSENT = "absent"
    FORBIDDEN = "forbidden"
    UNFIT = "unfit"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class PlannedDevice:
    """A device that the settings name; `name` is that of the one that is there, or empty."""

    family: DeviceFamily
    driver: str
    state: PlannedState
    name: str = ""


@dataclass(frozen=True, slots=True)
class DevicesView:
    """What is plugged in, None while it is looked for, and what the settings need.

    `used` is the name of the device that was chosen last, `fault` the code of why it was not.
    """

    seen: tuple[SeenDevice, ...] | None
    planned: tuple[PlannedDevice, ...] = ()
    used: str = ""
    fault: str = ""


_TONES: Final = {
    PlannedState.THERE: Tone.GOOD,
    PlannedState.CHOOSE: Tone.ATTENTION,
    PlannedState.ABSENT: Tone.BAD,
    PlannedState.FORBIDDEN: Tone.BAD,
    PlannedState.UNFIT: Tone.BAD,
    PlannedState.SIMULATED: Tone.OPEN,
}
_STANDING_TONES: Final = {Standing.USED: Tone.GOOD, Standing.FREE: Tone.ATTENTION}
_CARD_OF: Final = {kind.family: key for key, kind in CARDS.items() if kind.family is not None}


def family_icon(family: DeviceFamily | None) -> str:
    """The icon of a family's card; a question for what no driver knows."""
    return _UNKNOWN if family not in _CARD_OF else CARDS[_CARD_OF[family]].icon


def family_name(texts: Texts, family: DeviceFamily) -> str:
    """A family in words."""
    if family not in _CARD_OF:
        return texts("devices.family.other")
    return texts(f"test.name.{_CARD_OF[family].value}")


def short_name(name: str) -> str:
    """What a device says of itself, on one line."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def seen_line(texts: Texts, seen: SeenDevice) -> str:
    """What a plugged-in device is, and what can be done with it."""
    device = seen.device
    if seen.twins > 1:
        said = texts("devices.twins", number=seen.twins)
    elif device.is_forbidden:
        said = texts("devices.forbidden")
    elif device.fault:
        said = texts("devices.unfit")
    else:
        said = texts(f"devices.standing.{seen.standing.value}")
    if device.family is None:
        return said
    return texts("devices.row", family=family_name(texts, device.family), said=said)


def seen_tone(seen: SeenDevice) -> Tone:
    """The sign beside it."""
    if seen.device.fault:
        return Tone.BAD
    if seen.twins > 1:
        return Tone.ATTENTION
    return _STANDING_TONES.get(seen.standing, Tone.OPEN)


class DevicesPage(RoomPage):
    """Shows a `DevicesView`; `device_chosen` carries the `PluggedIn` whose row was pressed."""

    device_chosen = Signal(PluggedIn)
    look_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: DevicesView) -> None:
        super().__init__()
        self._texts, self._style, self._view = texts, style, view
        self.list: ChoiceList | None = None
        column = page_column(self, style)
        look = ActionButton(texts("devices.look"), style, icon="ph.arrow-clockwise", key="F5")
        look.clicked.connect(lambda _checked=False: self.look_pressed.emit())
        add_key(self, QKeySequence(Qt.Key.Key_F5), self.look_pressed.emit)
        self._look = look
        title, line = texts("devices.title"), texts("devices.line")
        column.addLayout(page_head(style, title, line, (look,)))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        row.addWidget(self._seen(), _SEEN)
        row.addWidget(self._planned(), _PLANNED)
        column.addLayout(row, 1)

    @property
    def _shown(self) -> tuple[SeenDevice, ...]:
        return (self._view.seen or ())[:_MOST]

    def take_focus(self) -> None:
        """Give the keyboard to the first device that can be chosen."""
        places = [n for n, one in enumerate(self._shown) if one.standing is Standing.FREE]
        if self.list is None:
            self._look.setFocus()
        else:
            self.list.focus_row(places[0] if places else 0)

    def keep(self) -> str | None:
        """The port of the device that has the keyboard."""
        if self.list is None or not any(row.hasFocus() for row in self.list.rows):
            return None
        return self._shown[self.list.focused_row].device.port

    def take_over(self, kept: str | None) -> bool:
        """Give the keyboard to the same device, unless only another one can be chosen now."""
        shown = self._shown
        same = [n for n, one in enumerate(shown) if one.device.port == kept]
        if self.list is None or not same:
            return False
        if shown[same[0]].standing is not Standing.FREE and any(
            one.standing is Standing.FREE for one in shown
        ):
            return False
        self.list.focus_row(same[0])
        return True

    def _seen(self) -> QWidget:
        texts, style, colours = self._texts, self._style, self._style.colours
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(12))
        if not self._view.seen:
            column.addStretch(2)
            middle = Qt.AlignmentFlag.AlignHCenter
            column.addWidget(IconView(USB, style.px(72), colours.ink3), 0, middle)
            words = "devices.looking" if self._view.seen is None else "devices.none"
            for text, font, ink in (
                (texts(words), style.display(28, 700), colours.ink),
                (texts("devices.none_line"), style.text(18), colours.ink2),
            ):
                column.addWidget(TextBlock(text, font, ink, align=middle))
            column.addStretch(3)
            return body
        self.list = ChoiceList(
            style,
            [
                Choice(
                    family_icon(one.device.family),
                    short_name(one.device.name),
                    seen_line(texts, one),
                    seen_tone(one),
                )
                for one in self._shown
            ],
        )
        self.list.chosen.connect(lambda place: self.device_chosen.emit(self._shown[place].device))
        column.addWidget(self.list)
        more = len(self._view.seen) - len(self._shown)
        if more:
            text = texts("devices.more", number=texts.number(more))
            column.addWidget(TextBlock(text, style.text(15), colours.ink3))
        column.addStretch(1)
        return body

    def _planned(self) -> Panel:
        texts, style, colours = self._texts, self._style, self._style.colours
        panel = card(style)
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (24, 20, 24, 20)])
        column.setSpacing(0)
        title = texts("devices.planned.title")
        column.addWidget(TextBlock(title, style.text(18, 600), colours.ink, line_height=1.2))
        column.addSpacing(style.px(10))
        for one in self._view.planned:
            column.addWidget(Line(colours.row_line))
            column.addLayout(self._planned_row(one))
        if not self._view.planned and self._view.seen is not None:
            text = texts("devices.planned.none")
            column.addWidget(TextBlock(text, style.text(16), colours.ink2, line_height=1.35))
        column.addStretch(1)
        if self._view.fault:
            self._add_said(column, Tone.BAD, fault_sentences(texts, self._view.fault))
        elif self._view.used:
            used = texts("devices.used", name=short_name(self._view.used))
            self._add_said(column, Tone.GOOD, used)
        rule = texts("devices.rule")
        column.addWidget(TextBlock(rule, style.text(15), colours.ink3, line_height=1.35))
        return panel

    def _planned_row(self, one: PlannedDevice) -> QHBoxLayout:
        texts, style, colours = self._texts, self._style, self._style.colours
        tone = _TONES[one.state]
        row = QHBoxLayout()
        row.setContentsMargins(0, style.px(9), 0, style.px(9))
        row.setSpacing(style.px(12))
        sign = IconView(tone.icon, style.px(24), tone.ink(colours))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(style.px(2))
        name = texts(
            "devices.planned.row", family=family_name(texts, one.family), driver=one.driver
        )
        words.addWidget(TextBlock(name, style.text(16, 600), colours.ink, line_height=1.3))
        said = texts(f"devices.planned.{one.state.value}")
        if one.name:
            said = f"{short_name(one.name)}. {said}"
        words.addWidget(TextBlock(said, style.text(15), colours.ink2, line_height=1.3))
        row.addLayout(words, 1)
        return row

    def _add_said(self, column: QVBoxLayout, tone: Tone, text: str) -> None:
        style, colours = self._style, self._style.colours
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        ink = tone.ink(colours)
        row.addWidget(IconView(tone.icon, style.px(24), ink), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(TextBlock(text, style.text(16), colours.ink, line_height=1.35), 1)
        column.addLayout(row)
        column.addSpacing(style.px(12))


DEVICES: Final = Place(
    "devices",
    "ph.desktop-tower",
    DevicesView(None),
    lambda room, view: DevicesPage(room.texts, room.style_in_use, view),
    lambda _: ("devices",),
)
