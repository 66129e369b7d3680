"""The dialogs of those who act for the commission: two who sign, or one who pauses the day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.roles import NEEDED, Operation, Person, Role
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.sign_panel import Signer, SignPanel
from station_app.ui.commission.signing import SignPlace
from station_app.ui.operator.dialogs import HelpOverlay
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.overlay import OVERLAY_RADIUS, Overlay
from station_app.ui.widgets.radio_rows import RadioRows
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.widgets.verdict_band import Shape, paint_shape

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
        on = style.colours.on_commission
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
        paint_shape(painter, Shape.HEXAGON_PEOPLE, sign, style.colours.on_commission, fill)


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
            primary=(style.colours.commission, style.colours.on_commission),
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
        self.order_tabs()

    def order_tabs(self) -> None:
        """Let Tab follow what is shown now."""
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
        self._help = HelpOverlay(self, self._texts, self._look, self._help_pages)
        self.panel.setEnabled(False)
        self._help.closed.connect(self._close_help)
        self._help.open()

    def _close_help(self) -> None:
        help_, self._help = self._help, None
        assert help_ is not None
        help_.deleteLater()
        self.panel.setEnabled(True)
        if not help_.give_back():
            self.setFocus()
        self.refresh_keys()


Signed = Callable[[tuple[Person, ...], int], None]
"""Who has signed, and the place of the reason chosen (0 where none was asked)."""


@dataclass(frozen=True, slots=True)
class SignRequest:
    """What is signed, in words: its title, a line below it, and what follows from it.

    `reasons` are those to choose from, none where no reason is asked.
    """

    operation: Operation
    confirm: DeskKey
    title: str
    line: str
    follows: str
    reasons: tuple[str, ...] = ()


class SignDialog(TwoPersonDialog):
    """`signed` gets the two once both passphrases fit, and the dialog is gone by then."""

    def __init__(
        self,
        host: QWidget,
        texts: Texts,
        style: Style,
        request: SignRequest,
        act: CommissionAct,
        signed: Signed,
    ) -> None:
        self._words, self._signed = texts, signed
        self.reasons = RadioRows(style, request.reasons) if request.reasons else None
        super().__init__(
            host,
            texts,
            style,
            title=request.title,
            line=request.line,
            width=860,
            keys=(DeskKey.BACK, request.confirm),
            confirm=request.confirm,
            places=sign_places(texts, act, request.operation),
            act=act,
            operation=request.operation,
        )
        colours = style.colours
        self.body.addWidget(
            TextBlock(request.follows, style.text(18), colours.ink2, line_height=1.4)
        )
        if self.reasons is not None:
            self.body.addWidget(self.reasons)
            self.reasons.changed.connect(self.refresh_keys)
        self.body.addWidget(self.sign)
        self.refresh_keys()

    def open(self) -> None:
        """Show, ready for the first passphrase."""
        super().open()
        (self.reasons or self.sign).take_focus()

    def why_not(self) -> str:
        """What is missing: first of all the reason."""
        if self.reasons is not None and self.reasons.chosen is None:
            return self._words("day.no_reason")
        return super().why_not()

    def agreed(self, key: DeskKey, persons: tuple[Person, ...]) -> None:
        """Both have signed: hand on who they are."""
        place = 0 if self.reasons is None else self.reasons.chosen
        assert place is not None, "the key is dead without a reason"
        self._signed(persons, place)


def sign_places(texts: Texts, act: CommissionAct, operation: Operation) -> tuple[SignPlace, ...]:
    """A place for each person that types, with those who may."""
    return tuple(
        SignPlace(texts("day.role.chair" if roles == {Role.CHAIR} else "day.role.member"), persons)
        for roles, persons in zip(NEEDED[operation], act.who_may(operation), strict=True)
    )


class WhoDialog(Overlay):
    """Asks who of those present says so, and why where there are `reasons` to choose from.

    `chosen` gets the person and the place of the reason, None where none was asked.
    """

    def __init__(
        self,
        host: QWidget,
        texts: Texts,
        style: Style,
        present: Sequence[Person],
        chosen: Callable[[Person, int | None], None],
        *,
        title: str,
        key: DeskKey,
        reasons: Sequence[str] = (),
    ) -> None:
        ink2 = style.colours.ink2
        align = Qt.AlignmentFlag.AlignRight
        self._note = TextBlock("", style.text(16, 500), ink2, line_height=1.25, align=align)
        super().__init__(
            host, texts, style, title=title, width=860, keys=(DeskKey.BACK, key), note=self._note
        )
        self._words, self._key = texts, key
        self._present, self._chosen = tuple(present), chosen
        row = QHBoxLayout()
        row.setSpacing(style.px(24))
        self.reasons: RadioRows | None = None
        if reasons:
            self.reasons = RadioRows(style, reasons)
            self.reasons.changed.connect(self._refresh)
            row.addLayout(self._column(style, texts("day.pause.why"), self.reasons), 1)
        self.people = RadioRows(style, [person.name for person in self._present])
        self.people.changed.connect(self._refresh)
        row.addLayout(self._column(style, texts("day.pause.who"), self.people), 1)
        self.body.addLayout(row)
        self._refresh()

    def open(self) -> None:
        """Show, with the keyboard on what is asked first."""
        super().open()
        (self.reasons or self.people).take_focus()

    def on_key(self, key: DeskKey) -> None:
        """It is chosen."""
        person = self.people.chosen
        reason = None if self.reasons is None else self.reasons.chosen
        if person is None or (self.reasons is not None and reason is None):
            return
        self._chosen(self._present[person], reason)

    def _column(self, style: Style, label: str, rows: RadioRows) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(style.px(10))
        column.addWidget(TextBlock(label, style.text(18, 600), style.colours.ink, wrap=False))
        column.addWidget(rows)
        column.addStretch(1)
        return column

    def _refresh(self) -> None:
        why = ""
        if self.reasons is not None and self.reasons.chosen is None:
            why = "day.no_reason"
        elif self.people.chosen is None:
            why = "day.no_person"
        self._note.setText(self._words(why) if why else "")
        self.keys.set_enabled(self._key, not why)
