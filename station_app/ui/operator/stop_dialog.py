"""Somebody was stopped as identified before: operator and member write down what they found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station_app.domain.entry_codes import StopFinding
from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.signing import SignPlace
from station_app.ui.commission.two_person_dialog import TwoPersonDialog
from station_app.ui.operator.verdict import StopLookView
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.radio_rows import RadioRows
from station_app.ui.widgets.text_block import TextBlock

FINDINGS: Final[Sequence[StopFinding]] = tuple(StopFinding)
_WIDTH: Final = 900


@dataclass(frozen=True, slots=True)
class StopAgreement:
    """Operator and member agree on what they found; `ticket` is that of the view shown."""

    ticket: int
    finding: StopFinding
    operator: Person
    member: Person


class StopDialog(TwoPersonDialog):
    """What was found, nothing chosen before, and the member's signature."""

    agreed_to = Signal(object)

    def __init__(
        self, host: QWidget, texts: Texts, style: Style, view: StopLookView, act: CommissionAct
    ) -> None:
        operation = Operation.STOP_DECISION
        _, members = act.who_may(operation)
        number = texts.list_number(view.stop.list_number)
        self._words, self._view = texts, view
        findings = (texts(f"stop.finding.{one.value}") for one in FINDINGS)
        self.findings = RadioRows(style, [words[:1].upper() + words[1:] for words in findings])
        super().__init__(
            host,
            texts,
            style,
            title=texts("stop.title"),
            line=texts("stop.line", number=number, time=view.stop.first_time),
            width=_WIDTH,
            keys=(DeskKey.BACK, DeskKey.WRITE_DOWN),
            confirm=DeskKey.WRITE_DOWN,
            help_pages=view.own_help,
            places=(SignPlace(texts("mismatch.member"), members, texts("unlock.role.member")),),
            act=act,
            operation=operation,
            person_width=236,
        )
        colours = style.colours
        self.body.addWidget(self.findings)
        self.body.addWidget(self.sign)
        names = ", ".join(person.name for person in act.present_operators)
        line = texts("manual.both_names", operator=names)
        self.body.addWidget(TextBlock(line, style.text(15), colours.ink3, smallest_px=style.px(13)))
        self.findings.changed.connect(self.refresh_keys)
        self.refresh_keys()

    def in_reading_order(self) -> list[QWidget]:
        """What was found, then the signature."""
        return [*self.findings.rows, *super().in_reading_order()]

    def open(self) -> None:
        """Show, with the keyboard on what was found."""
        super().open()
        self.findings.take_focus()

    def why_not(self) -> str:
        """What is missing: first of all what was found."""
        if self.findings.chosen is None:
            return self._words("stop.no_finding")
        return super().why_not()

    def agreed(self, key: DeskKey, persons: tuple[Person, ...]) -> None:
        """Both sign: say what they found."""
        place = self.findings.chosen
        assert place is not None, "the key is dead before something is chosen"
        operator, member = persons
        self.agreed_to.emit(StopAgreement(self._view.ticket, FINDINGS[place], operator, member))
