"""Brings what is typed into a sign panel to the approver, and the persons back."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.sign_panel import SignPanel
from station_app.ui.commission.signing import SignState
from station_app.vault import Passphrase

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
