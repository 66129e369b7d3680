"""The panel in which persons sign an act with their passphrases."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.signing import PlaceView, Signing, SignPlace, SignState
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.icons import paint_icon
from station_app.ui.widgets.keys import is_modified
from station_app.ui.widgets.passphrase_field import PassphraseField
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock, draw_fitted
from station_app.vault import Passphrase

_HEIGHT = 56
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class PersonBox(QAbstractButton):
    """Who signs here; a click, Space or an arrow goes to the next of those who may.

    Enter takes whoever is shown (`taken`); where nobody is, it shows the first.
    """

    stepped = Signal(int)
    taken = Signal()

    def __init__(self, texts: Texts, style: Style) -> None:
        super().__init__()
        self._texts, self._style = texts, style.half_grown
        style = self._style
        self._name, self._others = "", False
        self.setFixedHeight(style.px(_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("focus_radius", style.px(FIELD_RADIUS))
        self.clicked.connect(lambda: self.stepped.emit(1))

    def show_place(self, view: PlaceView) -> None:
        """Show who is chosen."""
        texts = self._texts
        self._name = view.person.name if view.person else ""
        signed = view.state in (SignState.CHECKING, SignState.ACCEPTED)
        self._others = view.persons > 1 and not signed
        self.setEnabled(self._others)
        policy = Qt.FocusPolicy.StrongFocus if self._others else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)
        words = self._name or texts("sign.choose" if view.persons else "sign.nobody")
        self.setAccessibleName(f"{view.role}: {words}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(300), self._style.px(_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if is_modified(event):
                event.ignore()  # Ctrl+Enter confirms the whole act
            elif event.isAutoRepeat():
                pass
            elif self._name:
                self.taken.emit()
            else:
                self.stepped.emit(1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = style.px(2)
        painter.setPen(QPen(colour(colours.control_border), edge))
        painter.setBrush(colour(colours.surface))
        box = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        painter.drawRoundedRect(box, style.px(FIELD_RADIUS - 1), style.px(FIELD_RADIUS - 1))
        side = style.px(26)
        sign = QRectF(style.px(16), (self.height() - side) / 2, side, side)
        paint_icon(painter, "ph.user", sign, colours.ink)
        left = sign.right() + style.px(12)
        room = self.width() - left - style.px(44 if self._others else 14)
        words = self.accessibleName().split(": ", 1)[1]
        painter.setPen(colour(colours.ink if self._name else colours.ink3))
        within = QRectF(left, 0, room, self.height())
        draw_fitted(painter, within, style.text(18, 500), words, style.px(12))
        if self._others:
            side = style.px(20)
            caret = QRectF(self.width() - style.px(36), (self.height() - side) / 2, side, side)
            paint_icon(painter, "ph.arrows-down-up", caret, colours.ink3)


class _Place(QWidget):
    """One place: its label, the person, the field, and what went wrong."""

    def __init__(self, texts: Texts, style: Style, view: PlaceView, person_width: int) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        ink = style.colours.ink
        column.addWidget(TextBlock(view.label, style.text(18, 600), ink, wrap=False))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        self.person = PersonBox(texts, style)
        self.person.setFixedWidth(style.grown.px(person_width))
        row.addWidget(self.person)
        self.field = PassphraseField(
            style,
            icon="ph.lock-simple",
            name=texts("sign.passphrase", role=view.role),
            show=texts("sign.show"),
            hint=texts("sign.hint"),
        )
        self.field.setFixedHeight(style.half_grown.px(_HEIGHT))
        self.person.taken.connect(self._to_field)
        row.addWidget(self.field, 1)
        column.addLayout(row)
        self._fault = TextBlock("", style.text(16, 600), style.colours.stop_ink, wrap=False)
        column.addWidget(self._fault)

    def _to_field(self) -> None:
        self.field.setFocus(Qt.FocusReason.TabFocusReason)

    def show_place(self, view: PlaceView) -> None:
        texts, state = self._texts, view.state
        self.person.show_place(view)
        accepted = state is SignState.ACCEPTED
        tag, tone = "", Tone.OPEN
        if accepted:
            tag, tone = texts("sign.accepted"), Tone.GOOD
        elif state is SignState.CHECKING:
            tag = texts("sign.checking")
        self.field.set_state(
            enabled=state not in (SignState.CHECKING, SignState.ACCEPTED),
            accepted=accepted,
            wrong=state is SignState.WRONG,
            tag=tag,
            tone=tone,
        )
        self.field.set_may_hand_on(view.may_check)
        self._fault.setText(texts(f"sign.fault.{view.fault}") if view.fault else "")
        self._fault.setVisible(bool(view.fault))


class SignPanel(QWidget):
    """Places to sign, one below the other; it decides nothing and keeps no passphrase.

    `entered` carries a place and its passphrase, which the field has forgotten by then;
    `changed` says that somebody was chosen, something typed, or a place has another state.
    """

    entered = Signal(int, str)
    changed = Signal()

    def __init__(
        self,
        texts: Texts,
        style: Style,
        places: Sequence[SignPlace],
        *,
        person_width: int = 300,
    ) -> None:
        super().__init__()
        self._texts = texts
        self.signing = Signing(places)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(14))
        self.places = [_Place(texts, style, view, person_width) for view in self.signing.views]
        for number, place in enumerate(self.places):
            column.addWidget(place)
            place.person.stepped.connect(partial(self._choose, number))
            place.field.other_person.connect(partial(self._choose, number))
            place.field.taken.connect(partial(self.entered.emit, number))
            place.field.kept.connect(self.take_focus)
            place.field.line.textChanged.connect(partial(self._typed, number))
        self.refresh()

    @property
    def why_not(self) -> str:
        """What is missing, in words; empty once everybody's passphrase is typed."""
        missing, role = self.signing.missing()
        return self._texts(f"sign.missing.{missing}", role=role) if missing else ""

    def submit(self, place: int) -> None:
        """Hand on what is typed at a place, as Enter in its field does."""
        self.places[place].field.submit()

    def refresh(self) -> None:
        """Show how far everybody is."""
        for place, view in zip(self.places, self.signing.views, strict=True):
            place.show_place(view)
        self.changed.emit()

    def take_focus(self) -> None:
        """Give the keyboard to the first thing that is missing."""
        for place, view in zip(self.places, self.signing.views, strict=True):
            if view.person is None and view.persons:
                place.person.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            if view.state in (SignState.EMPTY, SignState.WRONG):
                place.field.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def forget(self) -> None:
        """Empty every field."""
        for place in self.places:
            place.field.forget()

    def _choose(self, place: int, step: int) -> None:
        self.signing.choose(place, step)
        self.refresh()

    def _typed(self, place: int, text: str) -> None:
        before = self.signing.views[place]
        self.signing.type(place, not text)
        if self.signing.views[place] != before:
            self.refresh()


Signed = Callable[[tuple[Person, ...]], None]


class Signer(QObject):
    """Checks passphrases one after the other; with `sign` they become an agreement."""

    def __init__(self, panel: SignPanel, act: CommissionAct, operation: Operation) -> None:
        super().__init__(panel)
        self._panel, self._act, self._operation = panel, act, operation
        self._signed: Signed | None = None
        panel.entered.connect(self._check)

    def sign(self, signed: Signed) -> None:
        """Check what is typed, then tell `signed` who agrees, as `Approver.approve` does.

        Where somebody's passphrase does not fit the panel says so, and nobody is told.
        """
        if self._panel.signing.is_busy or self._panel.signing.missing()[0]:
            return
        self._signed = signed
        self._go_on()

    def give_up(self) -> None:
        """Somebody went back: let go of everything typed and proved."""
        self._signed = None
        self._panel.forget()
        self._act.forget()

    def _go_on(self) -> None:
        signing = self._panel.signing
        place = signing.next_typed()
        if self._signed is None:
            self._panel.take_focus()
        elif place is not None:
            self._panel.submit(place)
        elif signing.is_accepted:
            self._act.approve(self._operation, self._agreed, self._disagreed)

    def _check(self, place: int, text: str) -> None:
        signing, panel = self._panel.signing, self._panel
        try:
            passphrase = Passphrase(text)
        except KnownError as fault:
            self._refused(place, fault)
            return
        person = signing.check(place)
        panel.refresh()
        if person is None:
            self._signed = None
            return

        def done() -> None:
            signing.accept(place)
            panel.refresh()
            self._go_on()

        self._act.prove(person.id, passphrase, done, lambda fault: self._refused(place, fault))

    def _refused(self, place: int, fault: KnownError) -> None:
        self._signed = None
        self._panel.signing.refuse(place, fault.code)
        self._panel.refresh()
        if self._panel.signing.views[place].state is SignState.WRONG:
            self._panel.places[place].field.setFocus()

    def _agreed(self, persons: tuple[Person, ...]) -> None:
        signed, self._signed = self._signed, None
        if signed is not None:
            signed(persons)

    def _disagreed(self, fault: KnownError) -> None:
        self._signed = None
        self._act.forget()
        self._panel.signing.start_again(fault.code)
        self._panel.refresh()
        self._panel.take_focus()
