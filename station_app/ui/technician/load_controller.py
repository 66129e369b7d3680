"""Connects the loading page with what loads: files in, steps out."""

import threading
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from station_app.devices.media import Medium
from station_app.domain.errors import KnownError
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.sticks import Sticks
from station_app.snapshots import LoadProgress, LoadStep
from station_app.ui.stick_picker import StickPicker
from station_app.ui.technician.loading import (
    STOPPED,
    ChoosingView,
    Found,
    Loader,
    LoadRun,
    Looked,
    Outcome,
    SnapshotFacts,
)
from station_app.ui.technician.room import TechnicianRoom

_LOOK_EVERY_MS = 2000
_TOLD_EVERY_S = 0.05


class LoadController(QObject):
    """Looks for sticks while nothing is loaded, and loads what is chosen, on the lane.

    `changed` is emitted when another list is in place; it carries its facts, or None.
    """

    changed = Signal(object)

    def __init__(
        self,
        room: TechnicianRoom,
        loader: Loader,
        lane: Lane,
        bridge: Bridge,
        *,
        seconds: Callable[[], float],
        local: Callable[[datetime], datetime],
    ) -> None:
        super().__init__(room)
        self._room, self._loader, self._lane, self._bridge = room, loader, lane, bridge
        self._seconds, self._local = seconds, local
        self._picker = StickPicker(room, lane)
        self._stick: Medium | None = None
        self._looked: Looked | None = None
        self._loaded: SnapshotFacts | None = None
        self._run: LoadRun | None = None
        self._outcome = Outcome.DONE
        self._stop = threading.Event()
        self._told_at = 0.0
        self._is_looking = False
        room.load_pressed.connect(self.load)
        room.look_pressed.connect(self.look)
        room.stick_pressed.connect(self._ask_stick)
        room.stop_pressed.connect(self.stop)
        room.another_pressed.connect(self.choose)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    @property
    def is_loading(self) -> bool:
        """Whether a list is being loaded; nothing may be locked or closed meanwhile."""
        return self._run is not None and self._outcome in (Outcome.RUNNING, Outcome.STOPPING)

    def start(self) -> None:
        """The room has been entered: which list is there, which files on any stick?"""
        self._stick = None
        self._timer.start()
        if self._run is None or not self.is_loading:
            self._read_loaded()
            self.choose()

    def leave(self) -> None:
        """Nobody is looking any more."""
        self._timer.stop()

    def choose(self) -> None:
        """Back to the files."""
        if not self.is_loading:
            self._run = None
            self._show()
            self.look()

    def look(self) -> None:
        """Look for files again."""
        if self._is_looking or self._run is not None:
            return
        self._is_looking = True
        stick = self._stick

        def looked(answer: Looked) -> None:
            self._is_looking = False
            if stick != self._stick:  # another was chosen meanwhile
                self.look()
                return
            self._looked = answer
            self._show()

        def failed(_: KnownError) -> None:
            looked(Looked((), ()))

        self._lane.run(lambda: self._loader.look(stick), looked, failed)

    def load(self, found: Found) -> None:
        """Load a file."""
        if self.is_loading:
            return
        self._stop.clear()
        self._outcome = Outcome.RUNNING
        self._run = run = LoadRun(found, self._loaded, self._local)
        self._show()

        def loaded(_: None) -> None:
            self._outcome = Outcome.DONE
            run.finish()
            self._show()
            self._read_loaded()

        def failed(fault: KnownError) -> None:
            self._outcome = Outcome.FAILED
            run.fail(fault.code)
            self._show()

        self._lane.run(lambda: self._loader.load(found, self._tell), loaded, failed)

    def stop(self) -> None:
        """Stop the load under way before its last step."""
        if self._run is not None and self._outcome is Outcome.RUNNING:
            self._outcome = Outcome.STOPPING
            self._stop.set()
            self._run.stopping()
            self._show()

    def _tell(self, progress: LoadProgress) -> None:
        """Called on the lane; what it raises stops the load."""
        if self._stop.is_set() and progress.step is not LoadStep.IN_PLACE:
            raise KnownError(STOPPED, "The load was stopped. The list loaded before stays.")
        now = self._seconds()
        is_news = progress.done in (0, progress.of) or now - self._told_at >= _TOLD_EVERY_S
        if is_news:
            self._told_at = now
            self._bridge.post(lambda: self._advance(progress))

    def _advance(self, progress: LoadProgress) -> None:
        if self._run is not None and self.is_loading:
            self._run.advance(progress, self._seconds())
            self._show()

    def _ask_stick(self) -> None:
        if self._run is None:
            self._picker.pick(
                "load.stick_title",
                lambda: Sticks(self._loader.look(None).sticks),
                self._choose_stick,
                always_ask=True,
            )

    def _choose_stick(self, stick: Medium) -> None:
        self._stick, self._looked = stick, None
        self._show()
        self.look()

    def _read_loaded(self) -> None:
        def known(facts: SnapshotFacts | None) -> None:
            self._loaded = facts
            self.changed.emit(facts)
            self._show()

        self._lane.run(self._loader.loaded, known, lambda _: known(None))

    def _show(self) -> None:
        if self._run is not None:
            self._room.show_load(self._run.view(self._seconds()))
        else:
            self._room.show_load(ChoosingView(self._looked, self._stick, self._loaded))
