"""The desk of a station that two persons have unlocked, until it is locked again."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from station_app.assembly.lists import demo_precinct
from station_app.assembly.simulator import invented_people, queue_dock
from station_app.assembly.station import Prepared, Station, local, prepare_unlocked
from station_app.devices.simulated.finger_scanner import SimulatedFingerScanner
from station_app.domain.captures import LiveFrame, Meters
from station_app.domain.errors import KnownError
from station_app.domain.session_states import State
from station_app.flow.bridge import Bridge
from station_app.flow.demo_queue import demo_queue
from station_app.snapshots import ListKind, LoadedList
from station_app.ui.door_window import DoorWindow
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.presenter import Presenter
from station_app.ui.operator.views import StationKind
from station_app.ui.sounds import SoundPlayer
from station_app.ui.texts import Language
from station_app.vault import StationFolder, Unlocked

_CAPTURE_S: Final = 0.7


class UnlockedDesk:
    """Makes the desk and takes it away.

    `scanner` is the simulated one, new for every unlocking; `bug` what ended the desk, if
    anything did. The dock's people are the demo list's: on another list they are strangers.
    """

    def __init__(
        self,
        folder: StationFolder,
        bridge: Bridge,
        now: Callable[[], datetime],
        *,
        sounds: SoundPlayer | None,
        capture_s: float = _CAPTURE_S,
    ) -> None:
        self._folder, self._bridge, self._now, self._sounds = folder, bridge, now, sounds
        self._capture_s = capture_s
        self._prepared: Prepared | None = None
        self._station: Station | None = None
        self._remove: Callable[[], None] | None = None
        self.scanner = SimulatedFingerScanner(seconds=capture_s)
        self.bug: BaseException | None = None

    def prepare(self, unlocked: Unlocked, loaded: LoadedList) -> None:
        """Open list and journal, on the door's lane.

        Raises `KnownError` as `prepare_unlocked` does, and `live_without_scanner`.
        """
        if loaded.manifest.kind is ListKind.LIVE:
            raise KnownError(
                "live_without_scanner",
                "The list is live, and this version has no adapter for a real scanner. "
                "The list is checked and written down. Load a training list to work with.",
            )
        self.scanner = SimulatedFingerScanner(seconds=self._capture_s)
        self._prepared = prepare_unlocked(
            self._folder, unlocked, loaded, self.scanner, self._bridge, self._now
        )

    def show(self, window: DoorWindow, language: Language) -> None:
        """The desk in its striped frame, at work; after `prepare`, on the main thread."""
        assert self._prepared is not None, "the door opens with a desk prepared"
        station = self._prepared.station(self._bridge)
        self._prepared, self._station = None, station
        header = station.header
        desk = OperatorDesk(language=language, sounds=self._sounds)
        presenter = Presenter(header.policy, station.voters, local)
        DeskController(
            station.runner,
            desk,
            presenter,
            precinct=header.precinct,
            place=header.place,
            now=self._now,
        )
        queue = demo_queue(demo_precinct())
        dock = queue_dock(
            station.runner,
            self.scanner,
            self._bridge,
            [one.person for one in queue],
            invented_people(queue),
            language,
        )
        page = StationWindow(desk, dock, StationKind(header.kind.value))
        window.show_desk(page)
        self._remove = lambda: window.remove_desk(page)
        station.runner.observe(self)
        station.runner.start()

    @property
    def may_lock(self) -> bool:
        """Whether nobody's session is under way, or nothing goes on any more."""
        if self._station is None or self.bug is not None:
            return True
        return self._station.runner.may_rest

    def close(self) -> None:
        """Close list and journal; what was asked of the journal is written."""
        if self._prepared is not None:
            self._prepared.close()
        if self._station is not None:
            self._station.close()
        self._prepared = self._station = None
        remove, self._remove = self._remove, None
        if remove is not None:
            remove()

    def state_changed(self, state: State) -> None:
        """Not of interest."""

    def frame_came(self, frame: LiveFrame, meters: Meters) -> None:
        """Not of interest."""

    def broke(self, bug: BaseException, last_entry: int | None) -> None:
        """The safe screen stays; the bug is raised when the window has closed."""
        self.bug = bug
