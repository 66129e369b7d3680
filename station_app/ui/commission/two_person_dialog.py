"""The dialog of an act that two persons sign: purple head, sign panel, reason why not yet."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.sign_panel import SignPanel
from station_app.ui.commission.signer import Signer
from station_app.ui.commission.signing import SignPlace
from station_app.ui.operator.dialogs import HelpOverlay
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.overlay import OVERLAY_RADIUS, Overlay
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.widgets.verdict_shapes import Shape, paint_shape

_HEAD, _SIGN = 112, 72


class _Head(QWidget):
    """The commission's colour and shape, the title and a line below it."""

    def __init__(self, style: Style, title: str, line: str) -> None:
        super().__init__()
        self._style = style
        self.setFixedHeight(style.px(_HEAD))
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(38 + _SIGN + 30), 0, style.px(38), 0)
        words = QVBoxLayout()
        words.setSpacing(style.px(2))
        words.addStretch(1)
        on = style.colours.on_primary
        words.addWidget(
            TextBlock(title, style.display(44, 800), on, line_height=1.05, smallest_px=style.px(28))
        )
        words.addWidget(
            TextBlock(line, style.text(18), on, line_height=1.2, smallest_px=style.px(14))
        )
        words.addStretch(1)
        row.addLayout(words, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, fill = self._style, self._style.colours.commission
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = style.px(OVERLAY_RADIUS)
        round_top = QPainterPath()
        box = QRectF(self.rect())
        round_top.addRoundedRect(box.adjusted(0, 0, 0, radius), radius, radius)
        painter.setClipRect(box)
        painter.fillPath(round_top, colour(fill))
        side = style.px(_SIGN + 8)
        sign = QRectF(style.px(36), (self.height() - side) / 2, side, side)
        paint_shape(painter, Shape.HEXAGON_PEOPLE, sign, style.colours.on_primary, fill)


class TwoPersonDialog(Overlay):
    """Persons sign; `confirm` is the key that does what they agree to, F1 shows the help.

    Once everybody has signed the confirm key has the keyboard: Enter is never left to Back,
    which would drop the signatures.

    Those who inherit lay `sign` into `body`, say in `why_not` what else is missing, and do
    in `agreed` what was agreed to. Going back lets go of everything typed.
    """

    def __init__(
        self,
        host: QWidget,
        texts: Texts,
        style: Style,
        *,
        title: str,
        line: str,
        width: int,
        keys: tuple[DeskKey, ...],
        confirm: DeskKey,
        help_pages: tuple[str, ...] = (),
        places: Sequence[SignPlace],
        act: CommissionAct,
        operation: Operation,
        person_width: int = 300,
    ) -> None:
        align = Qt.AlignmentFlag.AlignRight
        self.note = TextBlock(
            "", style.text(16, 500), style.colours.ink2, line_height=1.25, align=align
        )
        super().__init__(
            host,
            texts,
            style,
            title=title,
            width=width,
            keys=keys,
            head=_Head(style, title, line),
            primary=style.colours.commission,
            note=self.note,
        )
        self._texts, self._look = texts, style
        self._confirm, self._help_pages = confirm, help_pages
        self._help: Overlay | None = None
        self.sign = SignPanel(texts, style, places, person_width=person_width)
        self.signer = Signer(self.sign, act, operation)
        self.sign.changed.connect(self.refresh_keys)
        if help_pages:
            add_key(self.panel, QKeySequence(Qt.Key.Key_F1), self.open_help)

    def in_reading_order(self) -> list[QWidget]:
        """What Tab goes through before the keys: those who inherit put theirs in front."""
        return [stop for place in self.sign.places for stop in (place.person, place.field.line)]

    def open(self) -> None:
        """Show; Tab follows the reading order, and the keys come last."""
        super().open()
        eyes = [place.field.eye for place in self.sign.places]
        stops = [*self.in_reading_order(), *self.keys.buttons.values(), *eyes]
        for first, second in pairwise(stops):
            self.setTabOrder(first, second)

    def why_not(self) -> str:
        """What is missing before it can be confirmed, in words; empty when nothing is."""
        return self.sign.why_not

    def agreed(self, key: DeskKey, persons: tuple[Person, ...]) -> None:
        """They agree: do what `key` stands for."""
        raise NotImplementedError

    def refresh_keys(self) -> None:
        """Say why it cannot be confirmed yet."""
        why = self.why_not()
        busy = self.sign.signing.is_busy
        self.note.setText(why)
        self.keys.set_enabled(self._confirm, not why and not busy)
        if self.sign.signing.is_accepted and not why:
            self.keys.buttons[self._confirm].setFocus(Qt.FocusReason.OtherFocusReason)

    def on_key(self, key: DeskKey) -> None:
        """Let them sign."""
        self.signer.sign(lambda persons: self.agreed(key, persons))

    def close_by_wish(self) -> None:
        """Nobody has signed anything."""
        self.signer.give_up()
        super().close_by_wish()

    def open_help(self) -> None:
        """Lay the help over the dialog; what was typed stays."""
        self.panel.setEnabled(False)
        self._help = HelpOverlay(self, self._texts, self._look, self._help_pages)
        self._help.closed.connect(self._close_help)
        self._help.open()

    def _close_help(self) -> None:
        assert self._help is not None
        self._help.deleteLater()
        self._help = None
        self.panel.setEnabled(True)
        self.refresh_keys()
        self.setFocus()
