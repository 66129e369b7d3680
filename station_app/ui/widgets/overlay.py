"""A dialog inside the window: the screen behind it is dimmed and does not react."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.key_bar import DeskKey, KeyBar
from station_app.ui.widgets.large_text import in_large_text
from station_app.ui.widgets.text_block import TextBlock

OVERLAY_RADIUS = 24
_EDGE = 16


class Overlay(QWidget):
    """Covers `host`; holds a title, a body and its own keys; Esc goes back.

    `closed` is emitted once, when the overlay goes away by the person's wish. `head` stands
    in the place of the title; `primary` and `note` are the key bar's.
    """

    closed = Signal()

    def __init__(
        self,
        host: QWidget,
        texts: Texts,
        style: Style,
        *,
        title: str,
        width: int,
        keys: tuple[DeskKey, ...],
        head: QWidget | None = None,
        primary: tuple[str, str] | None = None,
        note: QWidget | None = None,
    ) -> None:
        super().__init__(host)
        self._style = style
        self._before = host.window().focusWidget()
        host.installEventFilter(self)
        self.setGeometry(host.rect())
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        panel = Panel(style.colours.surface, radius=style.px(OVERLAY_RADIUS), parent=self)
        if style.colours.outline:
            panel.set_border(style.colours.outline, style.px(2))
        self.panel = panel
        self._wide = style.grown.px(width)
        self._fit_panel()
        outer.addWidget(panel, 0, Qt.AlignmentFlag.AlignCenter)
        whole = QVBoxLayout(panel)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        said = QWidget()
        reading = QVBoxLayout(said)
        reading.setContentsMargins(0, 0, 0, 0)
        reading.setSpacing(0)
        column = QVBoxLayout()
        above = 34 if head is None else 0
        column.setContentsMargins(style.px(40), style.px(above), style.px(40), 0)
        column.setSpacing(0)
        if head is None:
            column.addWidget(
                TextBlock(title, style.display(34, 700), style.colours.ink, line_height=1.15)
            )
        else:
            reading.addWidget(head)
        reading.addLayout(column)
        whole.addWidget(in_large_text(style, said), 1)
        # With larger text keys and what they wait for take half a window: they come after the body.
        around = reading if style.is_large and note is not None else whole
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, style.px(22), 0, style.px(26))
        self.body.setSpacing(style.px(16))
        column.addLayout(self.body)
        self.keys = KeyBar(
            keys,
            texts,
            style,
            height=56,
            side=0,
            bordered=False,
            primary=primary,
            note=note,
            parent=panel,
        )
        foot = QVBoxLayout()
        foot.setContentsMargins(style.px(40), 0, style.px(40), style.px(28))
        foot.addWidget(self.keys)
        around.addLayout(foot)
        self.keys.pressed.connect(self._pressed)

    def _fit_panel(self) -> None:
        """As wide as it was asked to be, no larger than the window where text is."""
        room, edge = self.size(), 2 * self._style.px(_EDGE)
        if self._style.is_large:
            self.panel.setFixedWidth(min(self._wide, room.width() - edge))
            self.panel.setMaximumHeight(room.height() - edge)
        else:
            self.panel.setFixedWidth(self._wide)

    def open(self) -> None:
        """Show above everything and take the keyboard."""
        self.show()
        self.raise_()
        self.setFocus()

    def close_by_wish(self) -> None:
        """Go away because the person asked for it."""
        self.hide()
        self.closed.emit()

    def give_back(self) -> bool:
        """Return the keyboard to whoever had it before; False where they cannot take it."""
        before = self._before
        if before is None or not isValid(before):
            return False
        if not before.isVisible() or not before.isEnabled():
            return False
        before.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def on_key(self, key: DeskKey) -> None:
        """Act on a key of the overlay; Back and Close are handled already."""

    def _pressed(self, key: DeskKey) -> None:
        if key in (DeskKey.BACK, DeskKey.CLOSE):
            self.close_by_wish()
        else:
            self.on_key(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
            self._fit_panel()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour(self._style.colours.veil, 0.55))
