"""The photo is another person's: operator and member make the identification void."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.signing import SignPlace
from station_app.ui.commission.two_person_dialog import TwoPersonDialog
from station_app.ui.operator.manual import VoidAgreement
from station_app.ui.operator.verdict import MismatchView, voter_photo
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Badge, Step
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.text_block import ListedText, TextBlock

_WIDTH = 1000
_PHOTO_HEIGHT = 250


class MismatchDialog(TwoPersonDialog):
    """The photo large, what becomes of the entry, and the member's signature."""

    agreed_to = Signal(object)

    def __init__(
        self, host: QWidget, texts: Texts, style: Style, view: MismatchView, act: CommissionAct
    ) -> None:
        operation = Operation.PHOTO_MISMATCH
        _, members = act.who_may(operation)
        role = texts("unlock.role.member")
        super().__init__(
            host,
            texts,
            style,
            title=texts("mismatch.title" if view.voter.portrait else "mismatch.title_no_photo"),
            line=texts("mismatch.line"),
            width=_WIDTH,
            keys=(DeskKey.BACK, DeskKey.MAKE_VOID),
            confirm=DeskKey.MAKE_VOID,
            help_pages=("mismatch",),
            places=(SignPlace(texts("mismatch.member"), members, role),),
            act=act,
            operation=operation,
            person_width=236,
        )
        self._view = view
        row = QHBoxLayout()
        row.setSpacing(style.px(32))
        voter = view.voter
        photo = voter_photo(texts, style, voter.portrait, voter.sex, _PHOTO_HEIGHT)
        row.addWidget(photo, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(style.px(10))
        row.addLayout(column, 1)
        colours = style.colours
        name = f"{voter.surname} {voter.given_names}"
        number = f"{texts('voter.list_number')}: {voter.list_number:04d}"
        column.addWidget(
            ListedText(
                name,
                style.display(28, 700),
                colours.ink,
                line_height=1.15,
                smallest_px=style.px(18),
            )
        )
        column.addWidget(TextBlock(number, style.text(18, 600), colours.ink2, wrap=False))
        column.addSpacing(style.px(4))
        first = "mismatch.step1" if voter.portrait else "mismatch.step1_no_photo"
        for place, key in enumerate((first, "mismatch.step2"), start=1):
            sign = Badge(
                style,
                side=40,
                fill=colours.commission_soft,
                ink=colours.commission_ink,
                text=str(place),
            )
            words = TextBlock(texts(key), style.text(19, 500), colours.ink, line_height=1.25)
            column.addWidget(Step(sign, words, style.px(14)))
        column.addSpacing(style.px(8))
        column.addWidget(self.sign)
        names = ", ".join(person.name for person in act.present_operators)
        line = texts("manual.both_names", operator=names)
        column.addWidget(TextBlock(line, style.text(15), colours.ink3, smallest_px=style.px(13)))
        column.addStretch(1)
        self.body.addLayout(row)
        self.refresh_keys()

    def agreed(self, key: DeskKey, persons: tuple[Person, ...]) -> None:
        """Both sign: it is wrong."""
        operator, member = persons
        self.agreed_to.emit(VoidAgreement(self._view.ticket, operator, member))
