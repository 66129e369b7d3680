"""The commission's room: the day, its log, turnout, decisions and closing."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.domain.entry_codes import PauseReason
from station_app.domain.roles import Person
from station_app.flow.approvals import CommissionAct
from station_app.ui.commission.closing_page import CLOSE
from station_app.ui.commission.day_log_page import LOG
from station_app.ui.commission.day_page import DAY
from station_app.ui.commission.decisions_page import DECISIONS
from station_app.ui.commission.exceptions_page import EXCEPTIONS
from station_app.ui.commission.turnout_page import TURNOUT
from station_app.ui.commission.two_person_dialog import (
    SignDialog,
    Signed,
    SignRequest,
    TwoPersonDialog,
    WhoDialog,
)
from station_app.ui.room_shell import BACK, HELP, LOCK, RoomShell
from station_app.ui.widgets.key_bar import DeskKey

PLACES: Final = (DAY, LOG, TURNOUT, DECISIONS, CLOSE, EXCEPTIONS)
_REASONS: Final = tuple(PauseReason)


class CommissionRoom(RoomShell):
    """The room of the `PLACES`; each has its controller.

    `has_lock`: there are two persons who could unlock the station again.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        language: str,
        languages: Sequence[str] = (),
        moving: bool = True,
        has_lock: bool = True,
        appearance: Appearance = STANDARD,
    ) -> None:
        below = (BACK, HELP, LOCK) if has_lock else (BACK, HELP)
        super().__init__(
            parent,
            PLACES,
            below,
            language=language,
            languages=languages,
            moving=moving,
            appearance=appearance,
        )

    def ask_signatures(self, request: SignRequest, act: CommissionAct, signed: Signed) -> None:
        """Let two persons sign; `signed` is told once they have, and the dialog is gone."""

        def done(persons: tuple[Person, ...], place: int) -> None:
            self.close_dialog()
            signed(persons, place)

        self._open(SignDialog(self, self._texts, self._style, request, act, done))

    def ask_who(
        self,
        present: Sequence[Person],
        chosen: Callable[[Person, PauseReason | None], None],
        *,
        reasons: bool,
    ) -> None:
        """Ask who lets identification rest, and why; or who lets it go on."""

        def done(person: Person, reason: int | None) -> None:
            chosen(person, None if reason is None else _REASONS[reason])

        title = self._texts("day.pause.title" if reasons else "day.resume.title")
        labels = [self._texts(f"day.pause.{one.value}") for one in _REASONS] if reasons else ()
        key = DeskKey.PAUSE_DAY if reasons else DeskKey.RESUME_DAY
        self._ask_present(present, done, title=title, key=key, reasons=labels)

    def ask_person(
        self, present: Sequence[Person], chosen: Callable[[Person], None], *, title: str
    ) -> None:
        """Ask which of those present writes something down."""
        self._ask_present(
            present, lambda person, _: chosen(person), title=title, key=DeskKey.NOTE_ACT
        )

    def _ask_present(
        self,
        present: Sequence[Person],
        chosen: Callable[[Person, int | None], None],
        *,
        title: str,
        key: DeskKey,
        reasons: Sequence[str] = (),
    ) -> None:
        def done(person: Person, reason: int | None) -> None:
            self.close_dialog()
            chosen(person, reason)

        self._open(
            WhoDialog(
                self, self._texts, self._style, present, done,
                title=title, key=key, reasons=reasons,
            )
        )  # fmt: skip

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._close_overlay()

    def _close_overlay(self) -> None:
        """Whichever way a dialog goes, what was typed and proved in it goes too."""
        if isinstance(self._overlay, TwoPersonDialog):
            self._overlay.signer.give_up()
        super()._close_overlay()

    def _role(self) -> str:
        return self._texts("day.role_of", name=self._person) if self._person else ""
