"""Lets a person choose a stick for a file: found on a lane, asked in a room's dialog."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.devices.media import Medium
from station_app.flow.lane import Lane
from station_app.flow.sticks import Sticks
from station_app.ui.room_shell import RoomShell
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.choice_list import Choice, ChoiceList
from station_app.ui.widgets.icons import USB, IconView
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.text_block import TextBlock

_MOST = 5
_LOOK_EVERY_MS = 2000


class StickDialog(Overlay):
    """`chosen` carries a `Medium`; `look_wanted` asks for `show_sticks`, also every 2 seconds.

    A stick that will not do is shown and says why; it cannot be chosen.
    """

    chosen = Signal(object)
    look_wanted = Signal()

    def __init__(
        self, host: QWidget, texts: Texts, style: Style, *, title: str, sticks: Sticks
    ) -> None:
        super().__init__(
            host, texts, style, title=title, width=760, keys=(DeskKey.BACK, DeskKey.TAKE)
        )
        self._texts, self._look, self._sticks = texts, style, sticks
        self.list: ChoiceList | None = None
        self._holder = QVBoxLayout()
        self.body.addLayout(self._holder)
        add_key(self.panel, QKeySequence(Qt.Key.Key_F5), self.look_wanted.emit)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look_wanted)
        self._fill()

    def show_sticks(self, sticks: Sticks) -> None:
        """Show which sticks are in now; the row that has the keyboard keeps it."""
        if _shown_of(sticks) == _shown_of(self._sticks):
            return
        held = self._focused
        self._sticks = sticks
        self._fill()
        self._focus(held)

    def open(self) -> None:
        """Show, with the keyboard on the first stick that will do."""
        super().open()
        self._timer.start()
        self._focus(None)

    def on_key(self, key: DeskKey) -> None:
        """Enter takes the row that has the keyboard."""
        if key is DeskKey.TAKE and self._focused is not None:
            self._take(self._focused)

    # --- what is shown ---------------------------------------------------------------------

    def _fill(self) -> None:
        while (item := self._holder.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.list = None
        self._holder.addWidget(self._rows() if self._sticks.media else self._empty())
        usable = any(self._sticks.fault(one) is None for one in self._shown)
        self.keys.set_enabled(DeskKey.TAKE, usable)

    def _rows(self) -> QWidget:
        texts, style = self._texts, self._look
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(12))
        self.list = ChoiceList(
            style, [Choice(USB, one.name, self._line(one)) for one in self._shown]
        )
        for row, medium in zip(self.list.rows, self._shown, strict=True):
            row.setEnabled(self._sticks.fault(medium) is None)
        self.list.chosen.connect(lambda place: self._take(self._shown[place]))
        column.addWidget(self.list)
        more = len(self._sticks.media) - len(self._shown)
        key = "stick.more" if more else "stick.hint"
        words = texts(key, number=texts.number(more)) if more else texts(key)
        column.addWidget(TextBlock(words, style.text(15), style.colours.ink3))
        return body

    def _line(self, medium: Medium) -> str:
        texts, fault = self._texts, self._sticks.fault(medium)
        if fault is not None:
            needed = texts.size(self._sticks.needed or 0)
            return texts(f"stick.{fault.value}", free=texts.size(medium.free), needed=needed)
        line = texts("stick.line", size=texts.size(medium.size), free=texts.size(medium.free))
        return f"{line}, {medium.file_system}" if medium.file_system else line

    def _empty(self) -> QWidget:
        texts, style, colours = self._texts, self._look, self._look.colours
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(10))
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconView(USB, style.px(72), colours.ink3), 0, middle)
        title = TextBlock(texts("stick.none"), style.display(28, 700), colours.ink, align=middle)
        column.addWidget(title)
        line = TextBlock(texts("stick.none_line"), style.text(18), colours.ink2, align=middle)
        column.addWidget(line)
        return body

    @property
    def _shown(self) -> tuple[Medium, ...]:
        return self._sticks.media[:_MOST]

    @property
    def _focused(self) -> Medium | None:
        if self.list is None:
            return None
        rows = zip(self.list.rows, self._shown, strict=True)
        return next((medium for row, medium in rows if row.hasFocus()), None)

    def _focus(self, held: Medium | None) -> None:
        """The keyboard goes to the stick that had it, else to the first that will do."""
        usable = [place for place, one in enumerate(self._shown) if self._sticks.fault(one) is None]
        if self.list is None or not usable:
            self.setFocus()
            return
        same = [
            place
            for place in usable
            if held is not None and self._shown[place].folder == held.folder
        ]
        self.list.focus_row((same or usable)[0])

    def _take(self, medium: Medium) -> None:
        if self._sticks.fault(medium) is None:
            self.hide()
            self.chosen.emit(medium)


def _shown_of(sticks: Sticks) -> list[tuple[Medium, int]]:
    return [(one, one.free) for one in sticks.media]


class StickPicker(QObject):
    """One question at a time; `find` is called on `lane`."""

    def __init__(self, room: RoomShell, lane: Lane) -> None:
        super().__init__(room)
        self._room, self._lane = room, lane
        self._is_looking = False

    def pick(
        self,
        title: str,
        find: Callable[[], Sticks],
        chosen: Callable[[Medium], None],
        *,
        always_ask: bool = False,
    ) -> None:
        """Ask for a stick (`title` is a text's key); the only one there is needs no question."""
        if self._is_looking:
            return
        self._is_looking = True

        def found(sticks: Sticks) -> None:
            self._is_looking = False
            if not self._room.isVisible():
                return
            only = None if always_ask else sticks.only
            if only is not None:
                chosen(only)
            else:
                self._ask(title, find, sticks, chosen)

        self._lane.run(find, found, lambda _: found(Sticks(())))

    def _ask(
        self,
        title: str,
        find: Callable[[], Sticks],
        sticks: Sticks,
        chosen: Callable[[Medium], None],
    ) -> None:
        room = self._room
        dialog = StickDialog(
            room, room.texts, room.style_in_use, title=room.texts(title), sticks=sticks
        )

        def take(medium: Medium) -> None:
            room.close_dialog()
            chosen(medium)

        def look() -> None:
            if self._is_looking:
                return
            self._is_looking = True
            self._lane.run(find, show, lambda _: show(Sticks(())))

        def show(now: Sticks) -> None:
            self._is_looking = False
            if room.shows(dialog):
                dialog.show_sticks(now)

        dialog.chosen.connect(take)
        dialog.look_wanted.connect(look)
        room.open_dialog(dialog)
