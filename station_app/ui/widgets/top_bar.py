"""The bar at the top: place, scanner, clock and the three languages."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.texts import LANGUAGES, SHORT_NAMES, Language, Texts
from station_app.ui.tokens import TOP_BAR
from station_app.ui.widgets.icons import MARK, IconView, paint_icon
from station_app.ui.widgets.text_block import TextBlock


class DeviceChip(QWidget):
    """A device: an icon with a tick while it works, words on red when it does not."""

    def __init__(
        self,
        style: Style,
        icon: str,
        *,
        ink: str,
        good: str,
        backing: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style, self._icon, self._ink = style, icon, ink
        self._good, self._backing = good, backing
        self._fault = ""
        self.setFixedHeight(style.px(48))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_state(self, fault: str, name: str) -> None:
        """Show `fault` in words, or the tick when it is empty; `name` is read aloud."""
        self._fault = fault
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        style = self._style
        width = style.px(50)
        if self._fault:
            words = QFontMetricsF(style.text(15, 500)).horizontalAdvance(self._fault)
            width = round(words) + style.px(46)
        return QSize(width, style.px(48))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(self.rect())
        side = style.px(24)
        icon = QRectF(style.px(8), box.center().y() - side / 2, side, side)
        if self._fault:
            painter.setBrush(colour(colours.stop))
            painter.drawRoundedRect(box, style.px(10), style.px(10))
            paint_icon(painter, self._icon, icon, colours.on_stop)
            painter.setPen(colour(colours.on_stop))
            painter.setFont(style.text(15, 500))
            painter.drawText(
                box.adjusted(style.px(38), 0, 0, 0),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
                self._fault,
            )
            return
        paint_icon(painter, self._icon, icon, self._ink)
        dot = style.px(14)
        tick = QRectF(icon.right() - style.px(4), box.center().y(), dot, dot)
        painter.setBrush(colour(self._backing))
        painter.drawEllipse(tick.adjusted(-1, -1, 1, 1))
        paint_icon(painter, "ph.check-circle-fill", tick, self._good)


class LanguageButton(QAbstractButton):
    """One language of the switch."""

    def __init__(
        self, language: Language, label: str, name: str, style: Style, ink: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.language = language
        self._label, self._style, self._ink = label, style, ink
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setProperty("focus_radius", style.px(8))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(self._style.text(14, 600)).horizontalAdvance(self._label)
        side = 22 if self._label == SHORT_NAMES[self.language] else 32
        return QSize(
            max(self._style.px(48), round(words) + self._style.px(side)), self._style.px(42)
        )

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
            painter.setBrush(colour(colours.surface))
            painter.drawRoundedRect(box, style.px(8), style.px(8))
            ink = colours.ink
        painter.setPen(colour(ink))
        painter.setFont(style.text(14, 600))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._label)


class LanguageSwitch(QWidget):
    """The three languages side by side, short or by their full names; the chosen is white."""

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
        pad = style.px(3)
        row.setContentsMargins(pad, pad, pad, pad)
        row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for language in LANGUAGES:
            name = texts(f"language.{language}")
            label = name if full_names else SHORT_NAMES[language]
            button = LanguageButton(language, label, name, style, ink, self)
            button.setChecked(language == texts.language)
            button.clicked.connect(
                lambda _checked=False, language=language: self.chosen.emit(language)
            )
            row.addWidget(button)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(*self._track))
        painter.drawRoundedRect(QRectF(self.rect()), self._style.px(10), self._style.px(10))


class TopBar(QWidget):
    """Place at the left, devices, clock and languages at the right.

    `on` None draws the white bar of the stage; colours `on` and `behind` draw the bar upon
    a verdict band. `scanner` False leaves the scanner out, where nobody uses it.
    """

    language_chosen = Signal(str)

    def __init__(
        self,
        texts: Texts,
        style: Style,
        *,
        on: str | None = None,
        behind: str | None = None,
        scanner: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._texts, self._style, self._on = texts, style, on
        colours = style.colours
        ink = on or colours.ink
        behind = behind or colours.surface
        self.setFixedHeight(style.px(TOP_BAR))
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(20), 0, style.px(32), 0)
        row.setSpacing(style.px(14))
        row.addWidget(IconView(MARK, style.px(32), ink, self))
        self._precinct = TextBlock("", style.text(17, 600), ink, wrap=False)
        self._place = TextBlock("", style.text(15), on or colours.ink3, wrap=False)
        row.addWidget(self._precinct)
        row.addWidget(self._place)
        row.addStretch(1)
        self._scanner = DeviceChip(
            style,
            "ph.fingerprint",
            ink=on or colours.ink2,
            good=on or colours.ok,
            backing=behind,
        )
        row.addWidget(self._scanner)
        if not scanner:
            self._scanner.hide()
        self._clock = TextBlock("", style.text(22, 600), ink, wrap=False)
        row.addWidget(self._clock)
        row.addSpacing(style.px(6))
        track = (colours.sunken, 1.0) if on is None else ("#000000", 0.15)
        switch = LanguageSwitch(texts, style, ink=on or colours.ink2, track=track, parent=self)
        switch.chosen.connect(self.language_chosen)
        row.addWidget(switch)

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

    def set_scanner(self, ok: bool) -> None:
        """Show the scanner as working, or unplugged in words."""
        fault = "" if ok else self._texts("top.scanner_fault")
        self._scanner.set_state(fault, fault or self._texts("top.scanner_ok"))

    def set_clock(self, clock: str) -> None:
        """Write the local time."""
        self._clock.setText(clock)
        self._clock.setAccessibleName(self._texts("top.time", time=clock))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._on is not None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(self._style.colours.surface))
        painter.fillRect(0, self.height() - 1, self.width(), 1, colour(self._style.colours.line))
