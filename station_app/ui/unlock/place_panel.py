"""The left of the unlocking screen: which station this is, and which list it has."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.unlock.entry import ListIdentity
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.icons import MARK, IconView
from station_app.ui.widgets.text_block import TextBlock

_ARCHES = 23
_WIDE, _HIGH = 560, 768


class RidgePanel(QWidget):
    """A dark panel with faint arches that fade towards its top; children lie upon it."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._style.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(colours.place))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.scale(self.width() / _WIDE, self.height() / _HIGH)
        for number in range(_ARCHES):
            _paint_arch(painter, number, colours.on_place)
        painter.restore()
        fade = QLinearGradient(0, 0, 0, self.height())
        fade.setColorAt(0.08, colour(colours.place))
        fade.setColorAt(0.6, colour(colours.place, 0.0))
        painter.fillRect(self.rect(), fade)


def _paint_arch(painter: QPainter, number: int, ink: str) -> None:
    half, high, foot = 19 * (number + 1), 21.3 * (number + 1), 527 + 7 * number
    arch = QPainterPath(QPointF(300 - half, _HIGH + 40))
    arch.lineTo(300 - half, foot)
    arch.arcTo(QRectF(300 - half, foot - high, 2 * half, 2 * high), 180, -180)
    arch.lineTo(300 + half + 2 * (number + 1), _HIGH + 40)
    pen = QPen(colour(ink, 0.16), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    # Lengths in widths of the pen: a long stroke, a gap, a shorter one, a gap.
    long, short = 90 + number * 67 % 180, 45 + number * 41 % 110
    pen.setDashPattern([long, 7, short, 7])
    painter.setPen(pen)
    painter.drawPath(arch)


PANEL_WIDTH = 560


class PlacePanel(RidgePanel):
    """Place at the top, the list's identity at the foot, to be compared aloud."""

    def __init__(
        self, texts: Texts, style: Style, identity: ListIdentity | None, precinct: str
    ) -> None:
        super().__init__(style)
        self._texts, self._look = texts, style
        self._ink = style.colours.on_place
        self.setFixedWidth(style.px(PANEL_WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(*[style.px(side) for side in (40, 48, 40, 40)])
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(style.px(8), 0, 0, 0)
        head.setSpacing(style.px(12))
        head.addWidget(IconView(MARK, style.px(40), self._ink))
        product = TextBlock(texts("unlock.product"), style.text(18, 600), self._ink, wrap=False)
        head.addWidget(product, 1)
        column.addLayout(head)
        column.addSpacing(style.px(72))
        column.addWidget(self._place(identity, precinct))
        column.addStretch(1)
        if identity is not None:
            column.addWidget(self._strip(identity))

    def _line(self, text: str, px: float, weight: int = 400) -> TextBlock:
        return TextBlock(text, self._look.text(px, weight), self._ink, line_height=1.35)

    def _place(self, identity: ListIdentity | None, precinct: str) -> QWidget:
        texts, style = self._texts, self._look
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(style.px(8), 0, 0, 0)
        column.setSpacing(style.px(14))
        if identity is None and precinct:
            title = texts("top.precinct", number=precinct)
            lines = [texts("unlock.no_list_line")]
        elif identity is None:
            title = texts("unlock.no_place")
            lines = [texts("unlock.no_place_line")]
        else:
            title = texts("top.precinct", number=identity.precinct)
            voters = texts.number(identity.voters)
            lines = [identity.place, texts("unlock.voters", number=voters)]
        column.addWidget(TextBlock(title, style.display(46, 700), self._ink, line_height=1.1))
        body = QVBoxLayout()
        body.setSpacing(0)
        for line in lines:
            body.addWidget(self._line(line, 20))
        column.addLayout(body)
        return words

    def _strip(self, identity: ListIdentity) -> Panel:
        texts, style = self._texts, self._look
        panel = Panel(style.colours.place_deep, radius=style.px(16))
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (22, 18, 22, 18)])
        column.setSpacing(style.px(11))
        date = texts.date(identity.created)
        signed = texts("unlock.signed", issuer=identity.issuer)
        number = texts("unlock.list", number=identity.sequence, date=date)
        column.addWidget(self._fact("ph.shield-check-fill", self._line(signed, 17)))
        column.addWidget(self._fact("ph.database-fill", self._line(number, 17)))
        spoken = QWidget()
        lines = QVBoxLayout(spoken)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self._line(identity.digits, 17, 600))
        if texts.record.reads_english:  # as the words are; digits are read in any language
            lines.addWidget(self._line(identity.words, 15))
        column.addWidget(self._fact("ph.chat-centered-text", spoken))
        if not identity.is_proven:
            untried = self._line(texts("unlock.untried"), 15)
            column.addWidget(self._fact("ph.hourglass-medium", untried))
        return panel

    def _fact(self, icon: str, words: QWidget) -> QWidget:
        fact = QWidget()
        row = QHBoxLayout(fact)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._look.px(12))
        sign = IconView(icon, self._look.px(24), self._ink)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return fact
