"""Tells the voter's display and the voice what the desk's state lets voters know."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from station_app.domain.session_states import Idle, State
from station_app.flow.runner import DeskObserver, Runner
from station_app.ui.public.public_view import PublicView, Scene, ShownVoter, public_view

LINGER_MS = 6000
"""A name stays at most so long after its verdict has closed; the next person ends it at once."""
CALL_MS = 60_000


class PublicOutlet(Protocol):
    """What shows or says a view to voters."""

    def show_view(self, view: PublicView) -> None:
        """Show or say `view`."""
        ...

    def set_count(self, identified: int | None) -> None:
        """How many were identified today; None for no desk."""
        ...


class PublicDesk(DeskObserver):
    """Observes `runner`. A call of the commission is shown until it is called off, or for a minute;
    an identified voter comes first. `parent` owns its timers.
    """

    def __init__(self, runner: Runner, outlets: Sequence[PublicOutlet], parent: QObject) -> None:
        self._runner, self._outlets = runner, tuple(outlets)
        self._view: PublicView = Scene.IDLE
        self._shown: PublicView = Scene.IDLE
        self._is_left = False
        self._linger = QTimer(parent, singleShot=True, interval=LINGER_MS)
        self._linger.timeout.connect(lambda: self._set(Scene.IDLE))
        self._call = QTimer(parent, singleShot=True, interval=CALL_MS)
        self._call.timeout.connect(self._show)
        runner.observe(self)
        self._count()

    def state_changed(self, state: State) -> None:
        """Show what follows."""
        if self._is_left:
            return
        self._count()
        view = public_view(state, self._view)
        if isinstance(self._view, ShownVoter) and isinstance(state, Idle):
            if not self._linger.isActive():
                self._linger.start()
            return
        self._set(view)

    def broke(self, _bug: BaseException, _last_entry: int) -> None:
        """The safe screen is the desk's own business."""
        self._call.stop()
        self._set(Scene.IDLE)

    def call(self) -> None:
        """Call the commission to this desk, or call it off."""
        if self._call.isActive():
            self._call.stop()
        else:
            self._call.start()
        self._show()

    def leave(self) -> None:
        """The desk is locked: nothing of it stays."""
        self._is_left = True
        self._call.stop()
        self._set(Scene.IDLE)
        for one in self._outlets:
            one.set_count(None)

    def _set(self, view: PublicView) -> None:
        self._linger.stop()
        self._view = view
        if isinstance(view, ShownVoter):
            self._call.stop()
        self._show()

    def _show(self) -> None:
        shown = Scene.CALL if self._call.isActive() else self._view
        if shown != self._shown:
            self._shown = shown
            for one in self._outlets:
                one.show_view(shown)

    def _count(self) -> None:
        for one in self._outlets:
            one.set_count(self._runner.tally.identified)
