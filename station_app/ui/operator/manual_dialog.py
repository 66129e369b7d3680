"""Screen 09: operator and member decide about a person whom the machine could not identify."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.entry_codes import Decision, DocumentSeen
from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.signing import SignPlace
from station_app.ui.commission.two_person_dialog import TwoPersonDialog
from station_app.ui.operator.manual_form import DOCUMENTS, REASONS, ManualDecision, ManualForm
from station_app.ui.operator.manual_person import LEFT_WIDTH, PersonColumn
from station_app.ui.operator.option_row import OptionRow
from station_app.ui.operator.views import ManualView
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.text_block import TextBlock

_WIDTH = 1080
_OPERATOR, _MEMBER = 0, 1


class ManualDialog(TwoPersonDialog):
    """The person at the left; reason, signature and what is missing at the right.

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
            help_pages=("manual",),
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
        self.person = PersonColumn(texts, style, view)
        self.person.pin_entered.connect(self.pin_entered)
        self._left.addWidget(self.person)
        self._left.addSpacing(style.px(12))
        self._left.addStretch(1)
        self.documents = self._document_box()
        row.addWidget(left)
        row.addLayout(self._right(act), 1)
        self.body.addLayout(row)
        self._show_form()

    def in_reading_order(self) -> list[QWidget]:
        """The PIN, the documents and the reasons, then the signature."""
        pin = [self.person.field] if self.person.field is not None else []
        return [*pin, *self.documents, *self.reasons, *super().in_reading_order()]

    def open(self) -> None:
        """Show; the PIN comes first where nobody is named."""
        super().open()
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
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if 0 <= number < len(REASONS) and not event.modifiers():
            self._choose_reason(number)
            return
        number -= len(REASONS)
        if 0 <= number < len(DOCUMENTS) and not event.modifiers():
            self._choose_document(number)
            return
        super().keyPressEvent(event)

    def _why_not(self, decision: Decision) -> str:
        missing = self.form.missing(self._view, decision)
        return self._texts(f"manual.missing.{missing}") if missing else self.sign.why_not

    def _document_box(self) -> list[OptionRow]:
        texts, style = self._texts, self._look
        box = Panel(style.colours.sunken, radius=style.px(14))
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

    def _right(self, act: CommissionAct) -> QVBoxLayout:
        texts, style = self._texts, self._look
        ink = style.colours.ink
        column = QVBoxLayout()
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
        return column

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
