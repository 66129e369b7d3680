"""The day on its way out of the station: the bar beside the day's title, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.devices.media import Medium
from station_app.domain.day import DayState
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import SpokenHash
from station_app.flow.day_export import DayExport, ExportedDay
from station_app.flow.day_reading import DayLook
from station_app.flow.lane import Lane
from station_app.ui.room_shell import RoomShell
from station_app.ui.stick_picker import StickPicker
from station_app.ui.style import Style
from station_app.ui.texts import Texts, fault_lines
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import card
from station_app.ui.widgets.icons import USB, IconView
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import ListedText


@dataclass(frozen=True, slots=True)
class LastExport:
    """An export, by its local time and the number of entries it holds."""

    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class ExportView:
    """`sealed_to` can open the file, `last` is the newest export of an open day. `writing_to`
    names the medium that is being written, `taken` is what came of it; `fault` is the code
    of why nothing did.
    """

    sealed_to: tuple[SpokenHash, ...]
    last: LastExport | None = None
    writing_to: str = ""
    taken: ExportedDay | None = None
    fault: str = ""


_LONGEST = 20
"""Letters of a medium's name that are shown; FAT has 11."""


class ExportBar(QWidget):
    """Shows an `ExportView`; `pressed` asks for an export."""

    pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: ExportView) -> None:
        super().__init__()
        self._view = view
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        panel = card(style)
        outer.addWidget(panel)
        row = QHBoxLayout(panel)
        row.setContentsMargins(style.px(18), style.px(6), style.px(8), style.px(6))
        row.setSpacing(style.px(12))
        tone, words, more = export_words(texts, view)
        ink = style.colours.ink3 if tone is Tone.OPEN else tone.full(style.colours)
        row.addWidget(IconView(tone.icon, style.px(26), ink), 0, Qt.AlignmentFlag.AlignVCenter)
        lines = QVBoxLayout()
        lines.setSpacing(style.px(2))
        lines.addStretch(1)
        for text, font, colour in (
            (words, style.text(16, 600), style.colours.ink),
            (more, style.text(14), style.colours.ink2),
        ):
            lines.addWidget(ListedText(text, font, colour, line_height=1.25))
        lines.addStretch(1)
        row.addLayout(lines, 1)
        self.button = ActionButton(texts("export.button"), style, icon=USB, key="F9")
        self.button.setEnabled(not view.writing_to)
        self.button.clicked.connect(lambda _checked=False: self._press())
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        add_key(self, QKeySequence(Qt.Key.Key_F9), self._press)
        panel.setAccessibleName(f"{words}. {more}")

    def _press(self) -> None:
        if not self._view.writing_to:
            self.pressed.emit()


def export_words(texts: Texts, view: ExportView) -> tuple[Tone, str, str]:
    """What the bar says: how it is meant, what is, and more of it."""
    names = [f"{one.name} ({one.digits})" for one in view.sealed_to]
    if len(names) > 1:  # no room for everybody's digits; the readiness sheet has them
        names = [one.name for one in view.sealed_to]
    sealed = texts("export.sealed", names=", ".join(names))
    if view.writing_to:
        return (
            Tone.OPEN,
            texts("export.writing", place=_short(view.writing_to)),
            texts("export.leave_in"),
        )
    if view.fault:
        what, then = fault_lines(texts, view.fault)
        return Tone.BAD, what, then
    if view.taken is not None:
        key = "export.written" if view.taken.is_new else "export.nothing_new"
        number = texts.number(view.taken.size)
        return Tone.GOOD, texts(key, number=number, place=_short(view.taken.where)), sealed
    if view.last is not None:
        return Tone.GOOD, last_words(texts, view.last), sealed
    return Tone.OPEN, texts("export.idle"), sealed


def last_words(texts: Texts, last: LastExport) -> str:
    """When the day was exported, and how much of it."""
    return texts("export.last", number=texts.number(last.size), time=texts.time(last.at))


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


class ExportController(QObject):
    """One export at a time. `changed` says that the bar is to be drawn anew, `finished` that
    the journal may have grown.

    The only stick there is is taken; with several or none a person chooses.
    """

    changed = Signal()
    finished = Signal()

    def __init__(
        self,
        room: RoomShell,
        export: DayExport,
        lane: Lane,
        local: Callable[[datetime], datetime],
    ) -> None:
        super().__init__(room)
        self._export, self._local = export, local
        self._picker = StickPicker(room, lane)
        self._writing_to = self._fault = ""
        self._taken: ExportedDay | None = None
        room.place_shown.connect(self._forget)

    @property
    def is_busy(self) -> bool:
        """Whether a file is being written: the station is not locked meanwhile."""
        return bool(self._writing_to)

    def view(self, look: DayLook) -> ExportView:
        """What the bar says while the day stands like this."""
        last = None
        if look.day.state is not DayState.CLOSED:
            last = exported(look, look.day.opened_entry, self._local)
        return ExportView(self._export.sealed_to, last, self._writing_to, self._taken, self._fault)

    def press(self) -> None:
        """Ask for a stick where there is a choice, and write."""
        if not self.is_busy:
            self._picker.pick("export.title", self._export.find, self._write)

    def _write(self, to: Medium) -> None:
        if self.is_busy:
            return
        self._taken, self._fault = None, ""
        self._writing_to = to.name
        self._export.export(to, self._written, self._failed)
        self.changed.emit()

    def _written(self, taken: ExportedDay) -> None:
        self._writing_to, self._taken = "", taken
        self.finished.emit()

    def _failed(self, fault: KnownError) -> None:
        self._writing_to, self._taken, self._fault = "", None, fault.code
        self.finished.emit()

    def _forget(self) -> None:
        """The page was left or came back: what came of it is history."""
        self._taken, self._fault = None, ""


def exported(look: DayLook, upto: int, local: Callable[[datetime], datetime]) -> LastExport | None:
    """The newest export, where it holds entry `upto`."""
    if look.exported is None or look.exported_at is None or look.exported.size < upto:
        return None
    return LastExport(local(look.exported_at), look.exported.size)
