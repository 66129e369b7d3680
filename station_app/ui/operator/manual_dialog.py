"""Screen 09: operator and member decide about a person whom the machine could not identify."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.domain.entry_codes import Decision, DocumentSeen
from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.signing import SignPlace
from station_app.ui.commission.two_person_dialog import TwoPersonDialog
from station_app.ui.operator.manual import (
    DOCUMENTS,
    NOBODY,
    REASONS,
    ManualDecision,
    ManualForm,
    ManualShare,
    ManualView,
    PersonStage,
    ProposedCard,
)
from station_app.ui.operator.verdict import CommissionReason, ballot_words, voter_photo
from station_app.ui.operator.views import VoterCard
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Line, Panel
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.keys import is_modified, press_by_enter
from station_app.ui.widgets.pin_field import PinField
from station_app.ui.widgets.text_block import ListedText, TextBlock, fitted

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class OptionRow(QAbstractButton):
    """Chosen by a click, Space or Enter; arrows go to the next. A short one has no ring."""

    def __init__(self, style: Style, label: str, *, key: str = "", short: bool = False) -> None:
        super().__init__()
        style = style.half_grown
        self._style, self._label, self._key, self._short = style, label, key, short
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several, and read aloud as such
        self.setText(label)
        self.setAccessibleName(f"{key}. {label}" if key else label)
        self.setFixedHeight(style.px(48))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_radius", style.px(FIELD_RADIUS))

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(90 if self._short else 400), self._style.px(48))

    def minimumSizeHint(self) -> QSize:
        if not (self._short and self._style.is_large):
            return QSize(0, self._style.px(48))
        words = QFontMetricsF(self._style.text(16, 600)).horizontalAdvance(self._label)
        return QSize(round(words) + self._style.px(10 + 24) + 2, self._style.px(48))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self._go(step)
        elif not press_by_enter(self, event):
            super().keyPressEvent(event)

    def _go(self, step: int) -> None:
        """Give the keyboard to the row before or after; it is not chosen by that."""
        parent = self.parentWidget()
        assert parent is not None
        rows = parent.findChildren(OptionRow, options=Qt.FindChildOption.FindDirectChildrenOnly)
        rows = [row for row in rows if row._short == self._short and not row.isHidden()]
        rows[(rows.index(self) + step) % len(rows)].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, edge = self.isChecked(), style.px(2)
        ink = colours.commission_ink if chosen else colours.line
        if not chosen and self._short:
            ink = colours.control_border
        fill = colours.commission_soft if chosen else colours.surface
        if self.underMouse() and not chosen:
            fill = colours.bg
        painter.setPen(QPen(colour(ink), edge))
        painter.setBrush(colour(fill))
        box = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        radius = style.px(FIELD_RADIUS - 1)
        painter.drawRoundedRect(box, radius, radius)
        if self._short:
            words = box.adjusted(style.px(10), 0, -style.px(24 if self._key else 8), 0)
            font = style.text(16, 600 if chosen else 500)
            painter.setFont(fitted(font, self._label, words.width(), style.px(12)))
            painter.setPen(colour(colours.ink))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._label)
            self._paint_key(painter, box.adjusted(0, 0, -style.px(10), 0))
            return
        self.paint_words(painter, box)

    def paint_words(self, painter: QPainter, box: QRectF) -> None:
        """Ring, words and key of a long row."""
        style, colours = self._style, self._style.colours
        self._paint_ring(painter, self.isChecked())
        left = style.px(50)
        room = self.width() - left - style.px(44)
        painter.setFont(fitted(style.text(17, 500), self._label, room, style.px(13)))
        painter.setPen(colour(colours.ink))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, 0, room + 1, self.height()), middle, self._label)
        self._paint_key(painter, box.adjusted(0, 0, -style.px(14), 0))

    def _paint_key(self, painter: QPainter, box: QRectF) -> None:
        painter.setFont(self._style.text(15, 600))
        painter.setPen(colour(self._style.colours.ink3))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box, right, self._key)

    def _paint_ring(self, painter: QPainter, chosen: bool) -> None:
        style, colours = self._style, self._style.colours
        side = style.px(21)
        ring = QRectF(style.px(17), (self.height() - side) / 2, side, side)
        if chosen:
            painter.setPen(QPen(colour(colours.commission_ink), style.px(7)))
            ring = ring.adjusted(3, 3, -3, -3)
        else:
            painter.setPen(QPen(colour(colours.control_border), style.px(2)))
        painter.setBrush(colour(colours.surface))
        painter.drawEllipse(ring)


_FACE = {
    CommissionReason.FACE_NO_MATCH: "manual.face.no_match",
    CommissionReason.FACE_PROPOSES: "manual.face.no_match",
    CommissionReason.FACE_FAILED: "manual.face.not_compared",
    CommissionReason.CAMERA_LOST: "manual.face.not_compared",
}
"""What the face has given; who of operator and machine was not certain stays unsaid."""

_CARD = 106


class ProposedRow(OptionRow):
    """A voter to choose: photo, name, date of birth and list number."""

    def __init__(self, texts: Texts, style: Style, one: ProposedCard, key: str) -> None:
        voter = one.voter
        born = texts("face.born", date=voter.born)
        number = texts.list_number(voter.list_number)
        name = f"{voter.surname} {voter.given_names}"
        super().__init__(style, f"{name}, {born}, {number}", key=key)
        self.setCheckable(False)  # a click leads on
        self.setFixedHeight(style.grown.px(_CARD))
        row = QHBoxLayout(self)
        row.setContentsMargins(*[style.px(side) for side in (10, 8, 48, 8)])
        row.setSpacing(style.px(16))
        row.addWidget(voter_photo(texts, style, voter.portrait, voter.sex, _CARD - 16, small=True))
        words = QVBoxLayout()
        words.setSpacing(style.px(2))
        words.addStretch(1)
        colours, smallest = style.colours, style.px(13)
        for text, font, ink in (
            (voter.surname, style.display(22, 700), colours.ink),
            (voter.given_names, style.text(17, 600), colours.ink2),
            (f"{born} · {number}", style.text(16), colours.ink3),
        ):
            words.addWidget(ListedText(text, font, ink, line_height=1.2, smallest_px=smallest))
        words.addStretch(1)
        row.addLayout(words, 1)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paint_words(self, painter: QPainter, box: QRectF) -> None:
        """The words are widgets; only the key is painted."""
        self._paint_key(painter, box.adjusted(0, 0, -self._style.px(14), 0))


LEFT_WIDTH = 366
_PHOTO_HEIGHT = 156


class PersonColumn(QWidget):
    """Photo, list number and name of the document's voter; before that the field of the PIN."""

    pin_entered = Signal(str)

    def __init__(self, texts: Texts, style: Style, view: ManualView) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        self.field: PinField | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(style.px(6))
        if view.voter is not None:
            self._add_voter(view.voter)
        elif view.stage is PersonStage.ASK_PIN:
            self._add_field()
        elif view.stage is PersonStage.PROPOSED:
            self._column.addWidget(self._words("commission.face_proposes", 20, style.colours.ink))
            self._column.addWidget(self._words("manual.proposed.hint", 17, style.colours.ink2))
        else:
            self._column.addWidget(self._words("busy.looking_up", 20, style.colours.ink2))
        self._column.addSpacing(style.px(8))
        self._column.addWidget(Line(style.colours.line))
        self._column.addSpacing(style.px(4))
        if view.reason is CommissionReason.MARKED:
            self._add_warning(texts("commission.marked"))
        else:
            self._add_fact(texts("manual.tried"), self._tried(view))
            if face := _FACE.get(view.reason):
                self._add_fact(texts("manual.face"), texts(face))
        self._add_share(view.share)

    def _words(self, key: str, px: int, ink: str, weight: int = 400) -> TextBlock:
        return TextBlock(self._texts(key), self._look.text(px, weight), ink)

    def _add_voter(self, voter: VoterCard) -> None:
        texts, style, colours = self._texts, self._look, self._look.colours
        head = QHBoxLayout()
        head.setSpacing(style.px(16))
        photo = voter_photo(texts, style, voter.portrait, voter.sex, _PHOTO_HEIGHT)
        head.addWidget(photo, 0, Qt.AlignmentFlag.AlignTop)
        number = QVBoxLayout()
        number.setSpacing(0)
        name = texts("voter.list_number")
        number.addWidget(TextBlock(name, style.text(17), colours.ink3, wrap=False))
        digits = f"{voter.list_number:04d}"
        number.addWidget(
            TextBlock(digits, style.display(46, 800), colours.ink, line_height=1.1, wrap=False)
        )
        place = texts("voter.page_line", page=voter.page, line=voter.line)
        number.addWidget(TextBlock(place, style.text(16), colours.ink3, wrap=False))
        number.addStretch(1)
        head.addLayout(number, 1)
        self._column.addLayout(head)
        self._column.addSpacing(style.px(8))
        born = texts("voter.born_f") if voter.sex == "f" else texts("voter.born_m")
        for words, font, ink in (
            (voter.surname, style.display(26, 700), colours.ink),
            (voter.given_names, style.display(20, 600), colours.ink2),
            (f"{born} {voter.born}", style.text(17), colours.ink3),
        ):
            smallest = style.px(14)
            self._column.addWidget(
                ListedText(words, font, ink, line_height=1.2, smallest_px=smallest)
            )
        if voter.ballots:
            words = ballot_words(texts, voter)
            self._column.addWidget(TextBlock(words, style.text(15, 600), colours.ink))

    def _add_field(self) -> None:
        style, colours = self._look, self._look.colours
        self._column.addWidget(self._words("pin.title", 20, colours.ink, 600))
        self._hint = self._words("manual.pin_hint", 16, colours.ink3)
        self._column.addWidget(self._hint)
        self._column.addSpacing(style.px(6))
        self.field = PinField(style, self._texts("pin.name"))
        self._column.addWidget(self.field)
        self.field.submitted.connect(self.pin_entered)
        self.field.incomplete.connect(self._say_short)

    def _say_short(self) -> None:
        self._hint.setText(self._texts("pin.short"))
        self._hint.set_ink(self._look.colours.stop_ink)

    def _tried(self, view: ManualView) -> str:
        if view.tries == 0:
            return self._texts("manual.tried.none")
        kind = {
            CommissionReason.NO_MATCH: "no_match",
            CommissionReason.UNREADABLE: "unreadable",
            CommissionReason.OTHER_VOTER: "other_voter",
        }.get(view.reason, "so_far")
        return self._texts(f"manual.tried.{kind}", tries=view.tries)

    def _add_fact(self, name: str, value: str) -> None:
        style, colours = self._look, self._look.colours
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        row.addWidget(TextBlock(name, style.text(16), colours.ink3, wrap=False))
        right = Qt.AlignmentFlag.AlignRight
        words = TextBlock(
            value, style.text(16, 600), colours.ink, align=right, smallest_px=style.px(13)
        )
        row.addWidget(words, 1)
        self._column.addLayout(row)

    def _add_share(self, share: ManualShare) -> None:
        texts, style, colours = self._texts, self._look, self._look.colours
        words = texts(
            "manual.share",
            percent=texts.percent(share.by_commission, share.identified),
            alarm=texts.number(share.alarm_percent),
        )
        if share.is_over:
            self._add_warning(words)
            return
        self._column.addWidget(
            TextBlock(words, style.text(16), colours.ink3, smallest_px=style.px(13))
        )

    def _add_warning(self, words: str) -> None:
        style, colours = self._look, self._look.colours
        block = TextBlock(
            words, style.text(16, 600), colours.on_warn_soft, smallest_px=style.px(13)
        )
        alarm = Panel(colours.warn_soft, radius=style.px(8))
        row = QHBoxLayout(alarm)
        row.setContentsMargins(style.px(10), style.px(4), style.px(10), style.px(4))
        row.setSpacing(style.px(8))
        row.addWidget(IconView("ph.warning-fill", style.px(19), colours.on_warn_soft))
        row.addWidget(block, 1)
        self._column.addWidget(alarm)


_WIDTH = 1080
_OPERATOR, _MEMBER = 0, 1


class ManualDialog(TwoPersonDialog):
    """The person at the left; reason, signature and what is missing at the right.

    Where voters are proposed, these come first; who is chosen, or nobody, is at the left then.
    `pin_entered` carries the PIN of the document, `chosen` the form whenever it changes,
    `decided` the decision once both persons stand for it.
    """

    pin_entered = Signal(str)
    chosen = Signal(object)
    decided = Signal(object)

    def __init__(
        self,
        host: QWidget,
        texts: Texts,
        style: Style,
        view: ManualView,
        form: ManualForm,
        act: CommissionAct,
    ) -> None:
        operation = Operation.MANUAL_DECISION
        members = act.who_may(operation)[_MEMBER]
        role = texts("unlock.role.member")
        super().__init__(
            host,
            texts,
            style,
            title=texts("verdict.commission.word"),
            line=texts("manual.line"),
            width=_WIDTH,
            keys=(DeskKey.BACK, DeskKey.REFUSE, DeskKey.CONFIRM),
            confirm=DeskKey.CONFIRM,
            help_pages=view.own_help,
            places=(SignPlace(texts("manual.member"), members, role),),
            act=act,
            operation=operation,
            person_width=236,
        )
        self._texts, self._look, self._view = texts, style, view
        self.form = form
        row = QHBoxLayout()
        row.setSpacing(style.px(28))
        left = QWidget()
        left.setFixedWidth(style.px(LEFT_WIDTH))
        self._left = QVBoxLayout(left)
        self._left.setContentsMargins(0, 0, 0, 0)
        self._left.setSpacing(0)
        self.person = self._person()
        self._left.addWidget(self.person)
        self._left.addSpacing(style.px(12))
        self._left.addStretch(1)
        self.again = ActionButton(texts("manual.proposed.again"), style, key="0", height=48)
        self.again.clicked.connect(lambda: self._choose_voter(None))
        self._left.addWidget(self.again)
        self._left.addSpacing(style.px(8))
        self.documents = self._document_box()
        row.addWidget(left)
        self._signing, self._proposing = QWidget(), QWidget()
        self._fill_signing(act)
        self.proposed = self._fill_proposing()
        row.addWidget(self._signing, 1)
        row.addWidget(self._proposing, 1)
        self.body.addLayout(row)
        self._show_step()
        self._show_form()

    @property
    def shown(self) -> ManualView:
        """The view with who has been chosen."""
        return self.form.shown(self._view)

    def in_reading_order(self) -> list[QWidget]:
        """The PIN, the documents and the reasons, then the signature."""
        if self.shown.stage is PersonStage.PROPOSED:
            return list(self.proposed)
        pin = [self.person.field] if self.person.field is not None else []
        again = [self.again] if self._view.proposed else []
        return [*pin, *again, *self.documents, *self.reasons, *super().in_reading_order()]

    def open(self) -> None:
        """Show; the PIN comes first where nobody is named."""
        super().open()
        self._take_place()

    def _take_place(self) -> None:
        if self.person.field is not None:
            self.person.field.setFocus()

    def why_not(self) -> str:
        """What is missing before the identity can be confirmed."""
        return self._why_not(Decision.CONFIRMED)

    def refresh_keys(self) -> None:
        """Confirm and refuse wait for what they need."""
        super().refresh_keys()
        may_refuse = not self._why_not(Decision.REFUSED) and not self.sign.signing.is_busy
        self.keys.set_enabled(DeskKey.REFUSE, may_refuse)

    def agreed(self, key: DeskKey, persons: tuple[Person, ...]) -> None:
        """Both sign: say what they have decided."""
        reason, document = self.form.reason, self.form.document
        assert reason is not None
        self.decided.emit(
            ManualDecision(
                ticket=self._view.ticket,
                decision=Decision.REFUSED if key is DeskKey.REFUSE else Decision.CONFIRMED,
                reason=reason,
                document=document or DocumentSeen.NONE,
                operator=persons[_OPERATOR],
                member=persons[_MEMBER],
                chosen=self.form.place(self._view),
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if self.shown.stage is PersonStage.PROPOSED:
            if 0 <= number < len(self.proposed) and not is_modified(event):
                self.proposed[number].click()
                return
            super().keyPressEvent(event)
            return
        if number == -1 and self._view.proposed and not is_modified(event):
            self._choose_voter(None)
            return
        if 0 <= number < len(REASONS) and not is_modified(event):
            self._choose_reason(number)
            return
        number -= len(REASONS)
        if 0 <= number < len(DOCUMENTS) and not is_modified(event):
            self._choose_document(number)
            return
        super().keyPressEvent(event)

    def _why_not(self, decision: Decision) -> str:
        missing = self.form.missing(self._view, decision)
        return self._texts(f"manual.missing.{missing}") if missing else self.sign.why_not

    def _document_box(self) -> list[OptionRow]:
        texts, style = self._texts, self._look
        self._document_panel = box = Panel(style.colours.sunken, radius=style.px(14))
        column = QVBoxLayout(box)
        column.setContentsMargins(*[style.px(side) for side in (16, 12, 16, 14)])
        column.setSpacing(style.px(10))
        title = texts("manual.document")
        column.addWidget(TextBlock(title, style.text(17, 600), style.colours.ink, wrap=False))
        row = QHBoxLayout()
        row.setSpacing(style.px(8))
        column.addLayout(row)
        rows = []
        for number, document in enumerate(DOCUMENTS):
            key = str(len(REASONS) + 1 + number)
            words = texts(f"manual.document.{document.value}")
            option = OptionRow(style, words, key=key, short=True)
            option.setAccessibleName(f"{key}. {title}: {option.text()}")
            option.clicked.connect(partial(self._choose_document, number))
            row.addWidget(option)
            rows.append(option)
        self._left.addWidget(box)
        return rows

    # --- the voters proposed -----------------------------------------------------------------

    def _person(self) -> PersonColumn:
        column = PersonColumn(self._texts, self._look, self.shown)
        column.pin_entered.connect(self.pin_entered)
        return column

    def _fill_proposing(self) -> list[OptionRow]:
        texts, style = self._texts, self._look
        column = QVBoxLayout(self._proposing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        title = texts("manual.proposed.title")
        column.addWidget(TextBlock(title, style.text(18, 600), style.colours.ink, wrap=False))
        rows: list[OptionRow] = [
            ProposedRow(texts, style, one, str(number + 1))
            for number, one in enumerate(self._view.proposed)
        ]
        none = OptionRow(style, texts("manual.proposed.none"), key=str(len(rows) + 1))
        none.setCheckable(False)
        rows.append(none)
        for number, row in enumerate(rows):
            place = number if row is not none else NOBODY
            row.clicked.connect(lambda _checked=False, place=place: self._choose_voter(place))
            column.addWidget(row)
        column.addStretch(1)
        return rows

    def _choose_voter(self, place: int | None) -> None:
        """Ask about this one of those proposed, about nobody, or show them again."""
        self.signer.give_up()
        self.form = replace(self.form, chosen=place)
        before, self.person = self.person, self._person()
        self._left.replaceWidget(before, self.person)
        before.hide()
        before.deleteLater()
        self.person.show()
        self._show_step()
        self._show_form()
        self.order_tabs()
        self.setFocus()
        self._take_place()

    def _show_step(self) -> None:
        is_choosing = self.shown.stage is PersonStage.PROPOSED
        self._proposing.setVisible(is_choosing)
        for part in (self._signing, self._document_panel):
            part.setVisible(not is_choosing)
        self.again.setVisible(bool(self._view.proposed) and not is_choosing)

    # --- reason and signature ----------------------------------------------------------------

    def _fill_signing(self, act: CommissionAct) -> None:
        texts, style = self._texts, self._look
        ink = style.colours.ink
        column = QVBoxLayout(self._signing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        column.addWidget(TextBlock(texts("manual.why"), style.text(18, 600), ink, wrap=False))
        self.reasons = []
        for number, reason in enumerate(REASONS):
            option = OptionRow(style, texts(f"manual.reason.{reason.value}"), key=str(number + 1))
            option.clicked.connect(partial(self._choose_reason, number))
            column.addWidget(option)
            self.reasons.append(option)
        column.addSpacing(style.px(8))
        column.addWidget(self.sign)
        names = ", ".join(person.name for person in act.present_operators)
        line = texts("manual.both_names", operator=names)
        column.addWidget(
            TextBlock(line, style.text(15), style.colours.ink3, smallest_px=style.px(13))
        )
        column.addStretch(1)

    def _choose_reason(self, number: int, _checked: bool = True) -> None:
        self.form = replace(self.form, reason=REASONS[number])
        self._show_form()

    def _choose_document(self, number: int, _checked: bool = True) -> None:
        self.form = replace(self.form, document=DOCUMENTS[number])
        self._show_form()

    def _show_form(self) -> None:
        for option, reason in zip(self.reasons, REASONS, strict=True):
            option.setChecked(reason is self.form.reason)
        for option, document in zip(self.documents, DOCUMENTS, strict=True):
            option.setChecked(document is self.form.document)
        self.chosen.emit(self.form)
        self.refresh_keys()
