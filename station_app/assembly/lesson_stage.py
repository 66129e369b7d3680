"""The stage of a lesson: what its desk or station gives to coach, hands and window."""

import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtWidgets import QWidget

from station_app import settings
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.fingers import FingerPosition
from station_app.flow.runner import Runner
from station_app.synthetic.presets import Preset
from station_app.training.cast import Actor, Cast, cast_of
from station_app.training.chair import Chair
from station_app.training.coach import CoachedStage
from station_app.training.lesson import Lesson
from station_app.training.lesson_facts import Fact
from station_app.training.lists import demo_precinct
from station_app.ui.training.hands import HandsStage
from station_app.vault import StationFolder, write_fault

CAPTURE_S: Final = 0.7
_HURRIED_CAPTURE_S: Final = 0.02
_HURRY: Final = 100.0
"""So many times faster the guard on Enter passes while nobody watches."""
_ATTEMPT: Final = re.compile(r"([0-9]+)-[a-z0-9_]{8}")
"""The name of an attempt's folder: the process, then what `mkdtemp` adds."""


class LessonStage(CoachedStage, HandsStage, Protocol):
    """Made anew for every attempt; used on the main thread."""

    @property
    def widget(self) -> QWidget:
        """The window's content, without frame and panel."""
        ...

    @property
    def runner(self) -> Runner | None:
        """The session's runner; None while the station is locked."""
        ...

    @property
    def glass(self) -> SimulatedFingerScanner:
        """The scanner, for whoever lays fingers down."""
        ...

    @property
    def chair(self) -> Chair | None:
        """The chair before the camera, None without a camera."""
        ...

    @property
    def printer(self) -> SimulatedPrinter | None:
        """The slip printer, None where slips become files."""
        ...

    def start(self) -> None:
        """Begin to work; before the coach starts."""
        ...

    def hurry(self, *, is_on: bool) -> None:
        """Let devices and guards take no time while nobody watches, or their own time again."""
        ...

    def close(self) -> None:
        """Close everything, and remove the attempt's folder; once."""
        ...


class HurriedClock:
    """Monotonic seconds that can be hurried."""

    def __init__(self) -> None:
        self._pace, self._since, self._before = 1.0, time.monotonic(), 0.0

    def __call__(self) -> float:
        return self._before + (time.monotonic() - self._since) * self._pace

    def set_pace(self, pace: float) -> None:
        self._before, self._since, self._pace = self(), time.monotonic(), pace


def lessons_home() -> Path:
    """Where the attempts of lessons keep their journals: never in a station's folder."""
    return settings.station_home("lessons")


def attempt_folder(home: Path) -> StationFolder:
    """A new folder for one attempt, and those of processes that have ended go.

    Nothing else is removed, whatever `home` is: a station may lie there. Raises
    `KnownError` as `write_fault` does.
    """
    try:
        home.mkdir(parents=True, mode=0o700, exist_ok=True)
        for old in home.iterdir():
            made = _ATTEMPT.fullmatch(old.name)
            if made is not None and not Path("/proc", made[1]).exists():
                shutil.rmtree(old, ignore_errors=True)
        return StationFolder(Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=home)))
    except OSError as error:
        raise write_fault(error, home) from error


class BareStage:
    """What both kinds of stage do alike: whom they tell, who is at the desk, and at what pace.

    Who inherits sets `glass`, and puts into `_closing` what is to be closed.
    """

    glass: SimulatedFingerScanner
    _closing: ExitStack

    def __init__(self, lesson: Lesson) -> None:
        self.cast: Cast = cast_of(lesson, demo_precinct())
        self._listeners: list[Callable[[Fact], None]] = []
        self._at_desk = ""
        self._laid: Counter[tuple[str, FingerPosition, Preset]] = Counter()
        self._clock = HurriedClock()
        self._is_hurried = self._is_closed = False

    @property
    def person(self) -> Actor | None:
        """See `HandsStage`."""
        return self.cast.get(self._at_desk)

    def hurry(self, *, is_on: bool) -> None:
        """See `LessonStage`."""
        self._is_hurried = is_on
        self.glass.set_seconds(_HURRIED_CAPTURE_S if is_on else CAPTURE_S)
        self._clock.set_pace(_HURRY if is_on else 1.0)

    def close(self) -> None:
        """See `LessonStage`."""
        self._is_closed = True
        self._listeners.clear()
        self._closing.close()

    def follow(self, listen: Callable[[Fact], None]) -> None:
        """See `CoachedStage`."""
        self._listeners.append(listen)

    def _tell(self, fact: Fact) -> None:
        for listen in tuple(self._listeners):
            listen(fact)

    def _lay(self, position: FingerPosition, manner: Preset) -> None:
        """Every time another impression of the finger; a replay lays down the same ones."""
        if self.person is None or self.person.person.hand is None:
            return
        key = self._at_desk, position, manner
        self._laid[key] += 1
        self.glass.lift()
        self.glass.place(self.person.person.hand.finger(position, manner, self._laid[key]))
