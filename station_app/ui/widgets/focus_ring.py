"""The ring around whatever the keyboard acts on: 3 px wide with a 3 px gap, edged in white.

Blue stands out on light grounds, the white edge on a verdict's colour (WCAG 2.2, 1.4.11).
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from station_app.ui.style import Style, colour

_GAP, _WIDTH, _EDGE = 3, 3, 2


class FocusRing(QWidget):
    """Lies over `host`, passes every event through, and follows the focus inside it.

    A widget that wants the ring sets the property `focus_radius` (its corner in pixels);
    one whose focus proxy is a part of it gets the ring around the whole.
    """

    def __init__(self, host: QWidget, style: Style) -> None:
        super().__init__(host)
        self._host = host
        self._style = style
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        host.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)
        self.setGeometry(host.rect())

    def set_style(self, style: Style) -> None:
        """Use the sizes of another scale."""
        self._style = style
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)

    def _follow(self, _old: QWidget | None, _now: QWidget | None) -> None:
        self.raise_()
        self.update()

    def _seen(self, target: QWidget, around: int) -> QRect:
        """Where a ring around `target` is in sight: `around` pixels beyond what scrolls it."""
        seen = self.rect()
        parent = target.parentWidget()
        while parent is not None and parent is not self._host:
            area = parent.parentWidget()
            if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
                corner = parent.mapTo(self._host, QPoint(0, 0))
                edge = QRect(corner, parent.size()).adjusted(-around, -around, around, around)
                seen &= edge
            parent = area
        return seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        target = QApplication.focusWidget()
        if target is None or not self._host.isAncestorOf(target):
            return
        whole = target.parentWidget()
        if whole is not None and whole.focusProxy() is target:
            target = whole
        if not target.property("focus_radius"):
            return
        gap, width = self._style.px(_GAP), self._style.px(_WIDTH)
        corner = target.mapTo(self._host, QPoint(0, 0))
        reach = gap + width / 2
        box = QRectF(QRect(corner, target.size())).adjusted(-reach, -reach, reach, reach)
        inside = self._style.px(_EDGE) + width / 2
        box &= QRectF(self.rect()).adjusted(inside, inside, -inside, -inside)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._seen(target, round(reach + inside)))
        colours, radius = self._style.colours, float(target.property("focus_radius")) + reach
        edged = width + 2 * self._style.px(_EDGE)
        for ink, wide in ((colours.surface, edged), (colours.focus, width)):
            painter.setPen(QPen(colour(ink), wide))
            painter.drawRoundedRect(box, radius, radius)
