"""Makes an identification void: a reason is chosen, the operator and a member sign."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station_app.domain.entry_codes import VoidReason
from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.day_log import StoryView
from station_app.ui.commission.signing import SignPlace
from station_app.ui.commission.two_person_dialog import TwoPersonDialog
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.radio_rows import RadioRows
from station_app.ui.widgets.text_block import TextBlock

REASONS: Sequence[VoidReason] = tuple(VoidReason)


class VoidDialog(TwoPersonDialog):
    """Asks why; there is no choice made before. The operator at the desk agrees by being
    there, the member types a passphrase. `agreed_to` carries entry, reason and persons."""

    agreed_to = Signal(int, VoidReason, tuple)

    def __init__(
        self, host: QWidget, texts: Texts, style: Style, story: StoryView, act: CommissionAct
    ) -> None:
        self._words, self._entry = texts, story.row.number
        number = story.row.list_number
        assert number is not None, "only a voter's identification is made void"
        members = act.who_may(Operation.VOID)[1]
        self.reasons = RadioRows(style, [texts(f"decide.void.{one.value}") for one in REASONS])
        super().__init__(
            host,
            texts,
            style,
            title=texts("void.title"),
            line=f"{texts.list_number(number)} · {story.row.name}",
            width=900,
            keys=(DeskKey.BACK, DeskKey.MAKE_VOID),
            confirm=DeskKey.MAKE_VOID,
            help_pages=("void",),
            places=(SignPlace(texts("void.member"), members),),
            act=act,
            operation=Operation.VOID,
        )
        ink = style.colours.ink
        self.body.addWidget(TextBlock(texts("void.why"), style.text(18, 600), ink))
        self.body.addWidget(self.reasons)
        self.body.addWidget(self.sign)
        self.reasons.changed.connect(self.refresh_keys)
        self.refresh_keys()

    def open(self) -> None:
        """Show, with the keyboard on the reasons."""
        super().open()
        self.reasons.take_focus()

    def why_not(self) -> str:
        """What is missing: first of all the reason."""
        return self._words("void.no_reason") if self.reasons.chosen is None else super().why_not()

    def agreed(self, key: DeskKey, persons: tuple[Person, ...]) -> None:
        """They agree: tell what to."""
        place = self.reasons.chosen
        assert place is not None, "the key is dead without a reason"
        self.hide()
        self.agreed_to.emit(self._entry, REASONS[place], persons)
