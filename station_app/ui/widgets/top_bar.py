"""The bar at the top: place, devices, clock and the languages."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from station_app.languages import Language, language_of
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import TOP_BAR
from station_app.ui.widgets.icons import MARK, USB, IconView, paint_icon
from station_app.ui.widgets.text_block import TextBlock


class ChipLevel(StrEnum):
    """How a device does: works, is at it, wants something soon, hinders the work."""

    OK = "ok"
    BUSY = "busy"
    WARN = "warn"
    FAULT = "fault"

    @property
    def speaks(self) -> bool:
        """Whether the words are drawn, not only read aloud."""
        return self in (ChipLevel.WARN, ChipLevel.FAULT)


@dataclass(frozen=True, slots=True)
class ChipView:
    """What a chip says; `words` are always read aloud."""

    level: ChipLevel
    words: str


_SIGNS: Final = {
    ChipLevel.OK: "ph.check-circle-fill",
    ChipLevel.BUSY: "ph.dots-three-circle-fill",
}


class DeviceChip(QWidget):
    """Hidden until it is told what to show.

    `on` None is for the white bar; else the chip is drawn in that colour, upon `behind`.
    """

    def __init__(self, style: Style, icon: str, *, on: str | None, behind: str) -> None:
        super().__init__()
        style = style.half_grown
        self._style, self._icon, self._on, self._behind = style, icon, on, behind
        self._view: ChipView | None = None
        self._is_short = False
        self.setFixedHeight(style.px(48))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def view(self) -> ChipView | None:
        """What is shown."""
        return self._view

    @property
    def says_much(self) -> bool:
        """Whether words are drawn."""
        return self._view is not None and self._view.level.speaks

    def show_chip(self, view: ChipView | None) -> None:
        """Show `view`; None hides the chip."""
        if view == self._view:
            return
        self._view = view
        self.setAccessibleName(view.words if view else "")
        self.setVisible(view is not None)
        self.updateGeometry()
        self.update()

    def set_short(self, *, is_short: bool) -> None:
        """Draw the sign alone, in the colour of what it says: the bar has no room for words."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        style, view = self._style, self._view
        width = style.px(50)
        if view is not None and view.level.speaks and not self._is_short:
            words = QFontMetricsF(style.text(15, 500)).horizontalAdvance(view.words)
            width = round(words) + style.px(50)
        return QSize(width, style.px(48))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, box = self._style, QRectF(self.rect())
        side = style.px(24)
        is_alone = self._is_short and self._view.level.speaks
        left = (box.width() - side) / 2 if is_alone else style.px(8)
        icon = QRectF(left, box.center().y() - side / 2, side, side)
        if self._view.level.speaks:
            self._paint_words(painter, self._view, box, icon)
        else:
            self._paint_sign(painter, self._view, box, icon)

    def _paint_words(self, painter: QPainter, view: ChipView, box: QRectF, icon: QRectF) -> None:
        style, colours = self._style, self._style.colours
        is_fault = view.level is ChipLevel.FAULT
        fill, ink = (colours.stop, colours.on_stop) if is_fault else (colours.warn, colours.on_warn)
        # Upon a verdict's band, which may have the same colour, it keeps an edge.
        painter.setPen(QPen(colour(self._on), 2) if self._on else Qt.PenStyle.NoPen)
        painter.setBrush(colour(fill))
        edge = style.px(6)
        painter.drawRoundedRect(box.adjusted(1, edge, -1, -edge), style.px(10), style.px(10))
        paint_icon(painter, self._icon, icon, ink)
        if self._is_short:
            return
        painter.setPen(colour(ink))
        painter.setFont(style.text(15, 500))
        painter.drawText(
            box.adjusted(style.px(38), 0, 0, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            view.words,
        )

    def _paint_sign(self, painter: QPainter, view: ChipView, box: QRectF, icon: QRectF) -> None:
        style, colours = self._style, self._style.colours
        paint_icon(painter, self._icon, icon, self._on or colours.ink2)
        dot = style.px(14)
        sign = QRectF(icon.right() - style.px(4), box.center().y(), dot, dot)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._behind))
        painter.drawEllipse(sign.adjusted(-1, -1, 1, 1))
        good = colours.ok_ink if view.level is ChipLevel.OK else colours.ink2
        paint_icon(painter, _SIGNS[view.level], sign, self._on or good)


class LanguageButton(QAbstractButton):
    """One language of the switch."""

    def __init__(
        self, language: Language, style: Style, ink: str, parent: QWidget, *, full_name: bool
    ) -> None:
        super().__init__(parent)
        self.language = language.code
        self._label = language.name if full_name else language.short_name
        self._style, self._ink, self._side = style.half_grown, ink, 32 if full_name else 22
        self._height = style.half_grown.px(48)
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several, and read aloud as such
        self.setAccessibleName(language.name)
        self.setProperty("focus_radius", style.px(8))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(self._style.text(14, 600)).horizontalAdvance(self._label)
        width = max(self._style.px(48), round(words) + self._style.px(self._side))
        return QSize(width, self._height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        ink = self._ink
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(colours.ink, 0.16))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, 1), style.px(8), style.px(8))
            fill, ink = colours.surface, colours.ink
            if colours.outline:
                fill, ink = colours.ink, colours.bg
            painter.setBrush(colour(fill))
            painter.drawRoundedRect(box, style.px(8), style.px(8))
        painter.setPen(colour(ink))
        painter.setFont(style.text(14, 600))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._label)


class LanguageSwitch(QWidget):
    """The languages side by side, short or by their full names; the chosen is white."""

    chosen = Signal(str)

    def __init__(
        self,
        texts: Texts,
        style: Style,
        *,
        ink: str,
        track: tuple[str, float],
        parent: QWidget,
        full_names: bool = False,
    ) -> None:
        super().__init__(parent)
        self._style, self._track = style, track
        row = QHBoxLayout(self)
        pad = style.px(2)
        row.setContentsMargins(pad, pad, pad, pad)
        row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for language in texts.offered:
            button = LanguageButton(language_of(language), style, ink, self, full_name=full_names)
            button.setChecked(language == texts.language)
            button.clicked.connect(
                lambda _checked=False, language=language: self.chosen.emit(language)
            )
            row.addWidget(button)
        self._has_choice = len(texts.offered) > 1
        self.set_shown(is_shown=True)

    def set_shown(self, *, is_shown: bool) -> None:
        """Show it or not; it is never shown where there is nothing to choose."""
        self.setVisible(is_shown and self._has_choice)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(*self._track))
        painter.drawRoundedRect(QRectF(self.rect()), self._style.px(10), self._style.px(10))


class LockButton(QAbstractButton):
    """A lock and its key, F12, or the lock alone; hidden where nothing can be locked."""

    def __init__(self, texts: Texts, style: Style, ink: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._style, self._ink, self._is_short = style, ink, False
        self.setAccessibleName(f"{texts('nav.lock')}, F12")
        self.setProperty("focus_radius", style.px(8))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        self.hide()

    def set_short(self, *, is_short: bool) -> None:
        """Draw the lock alone: the bar has no room for the key."""
        self._is_short = is_short
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(self._style.text(14, 600)).horizontalAdvance("F12")
        if self._is_short:
            return QSize(self._style.px(48), self._style.px(48))
        return QSize(round(words) + self._style.px(46), self._style.px(48))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, box = self._style, QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = style.px(24)
        left = style.px(12 if self._is_short else 6)
        icon = QRectF(left, box.center().y() - side / 2, side, side)
        paint_icon(painter, "ph.lock-key", icon, self._ink)
        if self._is_short:
            return
        painter.setPen(colour(self._ink))
        painter.setFont(style.text(14, 600))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box.adjusted(0, 0, -style.px(6), 0), right, "F12")


_SPACING: Final = 14


class TopBar(QWidget):
    """Place at the left, devices, clock, languages and the lock at the right.

    `on` None draws the white bar of the stage; colours `on` and `behind` draw the bar upon
    a verdict band. A device is left out until `set_chips` tells of it, the lock until
    `set_has_lock` does.
    """

    language_chosen = Signal(str)
    lock_pressed = Signal()

    def __init__(
        self,
        texts: Texts,
        style: Style,
        *,
        on: str | None = None,
        behind: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._texts, self._style, self._on = texts, style, on
        colours = style.colours
        ink = on or colours.ink
        behind = behind or colours.surface
        self.setFixedHeight(style.half_grown.px(TOP_BAR))
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(20), 0, style.px(32), 0)
        row.setSpacing(style.px(_SPACING))
        row.addWidget(IconView(MARK, style.half_grown.px(32), ink, self))
        self._precinct = TextBlock("", style.text(17, 600), ink, wrap=False)
        self._place = TextBlock("", style.text(15), on or colours.ink3, wrap=False)
        row.addWidget(self._precinct)
        row.addWidget(self._place)
        row.addStretch(1)
        (
            self.scanner, self.camera, self.reader, self.display, self.printer, self.mirror,
            self.battery,
        ) = chips = [
            DeviceChip(style, icon, on=on, behind=behind)
            for icon in (
                "ph.fingerprint", "ph.camera", "ph.identification-card", "ph.monitor",
                "ph.printer", USB, "ph.battery-warning",
            )
        ]  # fmt: skip
        for chip in chips:
            row.addWidget(chip)
        self._clock = TextBlock("", style.text(22, 600), ink, wrap=False)
        row.addWidget(self._clock)
        row.addSpacing(style.px(6))
        track = (colours.sunken, 1.0)
        if on is not None:  # a ring around a language is seen on it, on dark and on light bands
            track = ("#000000", 0.15) if on == colours.on_stop else ("#FFFFFF", 0.35)
        switch = LanguageSwitch(texts, style, ink=on or colours.ink2, track=track, parent=self)
        switch.chosen.connect(self.language_chosen)
        row.addWidget(switch)
        self._switch = switch
        self.lock = LockButton(texts, style, on or colours.ink2, self)
        self.lock.clicked.connect(self.lock_pressed)
        row.addWidget(self.lock)

    def set_place(self, precinct: str, place: str, seat: int | None) -> None:
        """Write the precinct's number, its place, and the seat if there is one."""
        texts = self._texts
        parts = [texts("top.seat", number=seat)] if seat is not None else []
        line = " · ".join([*parts, place] if place else parts)
        self.set_words(texts("top.precinct", number=precinct), line)

    def set_words(self, title: str, line: str) -> None:
        """Write what stands at the left."""
        self._precinct.setText(title)
        self._place.setText(line)
        self._make_room()

    def set_chips(
        self,
        scanner: ChipView | None,
        printer: ChipView | None,
        mirror: ChipView | None,
        reader: ChipView | None = None,
        camera: ChipView | None = None,
        display: ChipView | None = None,
        battery: ChipView | None = None,
    ) -> None:
        """Show how the devices do; None where there is none, or nothing is known of it."""
        self.scanner.show_chip(scanner)
        self.camera.show_chip(camera)
        self.reader.show_chip(reader)
        self.display.show_chip(display)
        self.printer.show_chip(printer)
        self.mirror.show_chip(mirror)
        self.battery.show_chip(battery)
        self._make_room()

    def set_has_lock(self, *, has_lock: bool) -> None:
        """Show the lock, where the station can be locked."""
        self.lock.setVisible(has_lock)
        self._make_room()

    def set_clock(self, clock: str) -> None:
        """Write the local time."""
        if clock == self._clock.text():
            return
        self._clock.setText(clock)
        self._clock.setAccessibleName(self._texts("top.time", time=clock))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def minimumSizeHint(self) -> QSize:
        """With larger text the bar is never wider than its window: signs take the words' place."""
        hint = super().minimumSizeHint()
        return QSize(0, hint.height()) if self._style.is_large else hint

    def _make_room(self) -> None:
        """Where devices have much to say, the place gives way to them, then words to signs; with
        larger text the languages, which have their keys.

        The lock's key is the first of the words. The place is measured, not shown to be measured: a
        window that is on the screen would grow at once.
        """
        self.lock.set_short(is_short=False)
        self._switch.set_shown(is_shown=True)
        chips = [self.display, self.mirror, self.reader, self.camera, self.printer, self.battery]
        if self._style.is_large:
            chips.append(self.scanner)
        for chip in chips:
            chip.set_short(is_short=False)
        place = self._place.minimumSizeHint().width() + self._style.px(_SPACING)
        others = self._least() - (0 if self._place.isHidden() else place)
        self._place.setVisible(others + place <= self.width())
        self.lock.set_short(is_short=self._least() > self.width())
        for chip in chips:
            chip.set_short(is_short=chip.says_much and self._least() > self.width())
        self._switch.set_shown(is_shown=self._least() <= self.width())
        self.updateGeometry()  # the page has asked how wide it is while it was tried

    def _least(self) -> int:
        """The width that everything shown needs."""
        row = self.layout()
        assert row is not None
        row.invalidate()
        return row.minimumSize().width()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._on is not None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(self._style.colours.surface))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colour(self._style.colours.line))
