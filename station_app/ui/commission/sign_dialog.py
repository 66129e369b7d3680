"""Two persons sign an act of the day: what it is, what follows from it, their passphrases."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from station_app.domain.roles import NEEDED, Operation, Person, Role
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.signing import SignPlace
from station_app.ui.commission.two_person_dialog import TwoPersonDialog
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.radio_rows import RadioRows
from station_app.ui.widgets.text_block import TextBlock

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
