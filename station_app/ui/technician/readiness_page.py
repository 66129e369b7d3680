"""Readiness: the sheet as it will be printed, and at the right what to mend first."""

from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.devices.media import Medium
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import Readiness, Reason, Weight
from station_app.flow.lane import Lane
from station_app.flow.sticks import Sticks
from station_app.papers.paper_words import Words, words_of
from station_app.papers.readiness_sheet import readiness_picture
from station_app.ui.room_shell import Place, RoomPage, RoomShell, page_column, page_head
from station_app.ui.stick_picker import StickPicker
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Panel, card
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock


@dataclass(frozen=True, slots=True)
class ReadinessView:
    """The sheet; None while the station is being looked at.

    `saved_as` is the file on the stick `saved_on`, `fault` the code of why there is none.
    """

    found: Readiness | None
    saved_on: str = ""
    saved_as: str = ""
    fault: str = ""


_MOST_REASONS = 4
_DRAWN_WIDTH = 1240
_A4 = 297 / 210


class ReadinessPage(RoomPage):
    """Shows a `ReadinessView`; what is pressed goes out as signals."""

    look_pressed = Signal()
    save_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: ReadinessView) -> None:
        super().__init__()
        self._texts, self._style, self._view = texts, style, view
        self._words: Words = words_of(texts.language)
        column = page_column(self, style)
        look = ActionButton(texts("ready_sheet.look"), style, icon="ph.arrow-clockwise", key="F5")
        save = ActionButton(texts("ready_sheet.save"), style, icon="ph.file-arrow-down", key="F8")
        save.setEnabled(view.found is not None)
        look.clicked.connect(lambda _checked=False: self.look_pressed.emit())
        save.clicked.connect(lambda _checked=False: self.save_pressed.emit())
        add_key(self, QKeySequence(Qt.Key.Key_F5), self.look_pressed.emit)
        add_key(self, QKeySequence(Qt.Key.Key_F8), self.save_pressed.emit)
        self._look = look
        head = page_head(style, texts("ready_sheet.title"), texts("ready_sheet.line"), (look, save))
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        row.addWidget(_Sheet(style, self._picture()))
        row.addWidget(self._side(), 1)
        column.addLayout(row, 1)

    def take_focus(self) -> None:
        """Give the keyboard to what leads on."""
        self._look.setFocus()

    def _picture(self) -> QImage | None:
        found = self._view.found
        if found is None:
            return None
        return readiness_picture(found, self._texts.language, _DRAWN_WIDTH)

    def _side(self) -> Panel:
        texts, style, colours = self._texts, self._style, self._style.colours
        panel = card(style)
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (28, 24, 28, 20)])
        column.setSpacing(0)
        found, view = self._view.found, self._view
        title = texts("ready_sheet.looking") if found is None else self._verdict(found)
        column.addWidget(TextBlock(title, style.display(34, 700), colours.ink, line_height=1.12))
        column.addSpacing(style.px(18))
        if found is not None:
            self._add_reasons(column, found)
        column.addStretch(1)
        if view.saved_on:
            saved = texts("ready_sheet.saved", stick=view.saved_on, name=view.saved_as)
            self._add_line(column, Tone.GOOD, saved)
        if view.fault:
            self._add_line(column, Tone.BAD, fault_sentences(texts, view.fault))
        return panel

    def _verdict(self, found: Readiness) -> str:
        if found.is_ready:
            return self._texts("ready_sheet.yes" if found.is_tried else "ready_sheet.untried")
        return self._texts("ready_sheet.no", number=len(found.blocking))

    def _add_reasons(self, column: QVBoxLayout, found: Readiness) -> None:
        for reason in found.reasons[:_MOST_REASONS]:
            tone = Tone.BAD if reason.weight is Weight.BLOCKS else Tone.ATTENTION
            self._add_line(column, tone, self._said(reason))
        more = len(found.reasons) - _MOST_REASONS
        if more > 0:
            text = self._texts("ready_sheet.more", number=more)
            ink = self._style.colours.ink3
            column.addWidget(TextBlock(text, self._style.text(15), ink))

    def _said(self, reason: Reason) -> str:
        return self._words.reason(reason.code, reason.facts)

    def _add_line(self, column: QVBoxLayout, tone: Tone, text: str) -> None:
        style, colours = self._style, self._style.colours
        ink = tone.ink(colours)
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        row.addWidget(IconView(tone.icon, style.px(24), ink), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(TextBlock(text, style.text(16), colours.ink, line_height=1.35), 1)
        column.addLayout(row)
        column.addSpacing(style.px(12))


class _Sheet(QWidget):
    """The page on white paper, as large as the screen allows."""

    def __init__(self, style: Style, picture: QImage | None) -> None:
        super().__init__()
        self._style, self._picture = style, picture
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(style.px(412))

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(412), round(self._style.px(412) * _A4))

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width = min(self.width(), self.height() / _A4)
        box = QRectF(0, 0, width, width * _A4).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(box, colour(colours.surface))
        if self._picture is not None:
            size = (box.size() * self.devicePixelRatio()).toSize()
            drawn = self._picture.scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            painter.drawImage(box, drawn)
        painter.setPen(QPen(colour(colours.line), 1))
        painter.drawRect(box)


class ReadinessDesk(Protocol):
    """Looks at the station and writes the sheet; all of it on a lane."""

    def look(self) -> Readiness:
        """How the station stands."""
        ...

    def sticks(self) -> Sticks:
        """The sticks that the sheet can be saved on."""
        ...

    def save(self, found: Readiness, language: str, to: Medium) -> str:
        """Write the sheet as PDF onto a stick; the file's name."""
        ...


READY: Final = Place(
    "ready",
    "ph.article",
    ReadinessView(None),
    lambda room, view: ReadinessPage(room.texts, room.style_in_use, view),
    lambda _: ("readiness",),
)


class ReadinessController(QObject):
    """Looks when the page is gone to, and again when asked."""

    def __init__(
        self,
        room: RoomShell,
        desk: ReadinessDesk,
        lane: Lane,
    ) -> None:
        super().__init__(room)
        self._picker = StickPicker(room, lane)
        self._room, self._desk, self._lane = room, desk, lane
        self._found: Readiness | None = None
        room.connect_pages(ReadinessPage, self._connect)
        room.place_chosen.connect(self._gone_to)

    def _connect(self, page: ReadinessPage) -> None:
        page.look_pressed.connect(self.look)
        page.save_pressed.connect(self.save)

    def _gone_to(self, place: object) -> None:
        if place is READY:
            self.look()

    def look(self) -> None:
        """Look at the station anew."""
        self._found = None
        self._show(ReadinessView(None))

        def found(readiness: Readiness) -> None:
            self._found = readiness
            self._show(ReadinessView(self._found))

        self._lane.run(self._desk.look, found, self._failed)

    def save(self) -> None:
        """Write the sheet that is shown onto a stick."""
        if self._found is not None:
            self._picker.pick("ready_sheet.save_title", self._desk.sticks, self._save)

    def _save(self, to: Medium) -> None:
        found, language = self._found, self._room.language
        if found is None:
            return

        def saved(name: str) -> None:
            self._show(ReadinessView(self._found, saved_on=to.name, saved_as=name))

        self._lane.run(lambda: self._desk.save(found, language, to), saved, self._failed)

    def _failed(self, fault: KnownError) -> None:
        self._show(ReadinessView(self._found, fault=fault.code))

    def _show(self, view: ReadinessView) -> None:
        self._room.show_view(READY, view)
