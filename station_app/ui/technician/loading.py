"""How a list is loaded: what the screen shows of it, without the screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from station_app.devices.media import Medium
from station_app.domain.error_codes import Code
from station_app.snapshots import LoadProgress, LoadStep, Manifest
from station_app.ui.widgets.step_timeline import StepState
from station_app.vault.identity import spoken_digits, spoken_words

STOPPED = Code.LOAD_STOPPED
"""The code of a load that the technician has stopped."""

_RATE_AFTER_S = 1.0
_SIZED = (LoadStep.COPIED, LoadStep.STORED)
Local = Callable[[datetime], datetime]


@dataclass(frozen=True, slots=True)
class FoundSnapshot:
    """A snapshot file that could be loaded; `written` is local, `medium` names its stick."""

    path: Path
    medium: str
    size: int
    written: datetime


@dataclass(frozen=True, slots=True)
class StickContents:
    """The sticks that are in, and the snapshots on them, newest first."""

    sticks: tuple[Medium, ...]
    found: tuple[FoundSnapshot, ...]


@dataclass(frozen=True, slots=True)
class SnapshotFacts:
    """A signed manifest in the form in which people compare it; times are local."""

    election: str
    precinct: str
    sequence: int
    created: datetime
    valid_from: datetime
    valid_to: datetime
    issuer: str
    list_size: int
    counts: Mapping[str, int]
    digits: str
    words: str

    @classmethod
    def of(cls, manifest: Manifest, local: Local) -> "SnapshotFacts":
        """The facts of a manifest; `local` turns UTC into the station's clock."""
        digest = bytes.fromhex(manifest.list_sha256)
        return cls(
            election=manifest.election,
            precinct=manifest.precinct,
            sequence=manifest.sequence,
            created=local(manifest.created),
            valid_from=local(manifest.valid_from),
            valid_to=local(manifest.valid_to),
            issuer=manifest.issuer,
            list_size=manifest.list_size,
            counts=manifest.counts,
            digits=spoken_digits(digest),
            words=spoken_words(digest),
        )


class SnapshotLoader(Protocol):
    """What looks for snapshots and loads them; every call is made on a lane."""

    def look(self, stick: Medium | None) -> StickContents:
        """What is on the sticks, or on one of them."""
        ...

    def loaded(self) -> SnapshotFacts | None:
        """The list that is loaded. Raises `KnownError` where it cannot be used."""
        ...

    def load(self, found: FoundSnapshot, tell: Callable[[LoadProgress], None]) -> None:
        """Load one. Raises `KnownError`; what `tell` raises stops it."""
        ...


@dataclass(frozen=True, slots=True)
class ChoosingView:
    """Which file? `looked` is None while nothing was looked at; `stick` is the one chosen."""

    looked: StickContents | None
    stick: Medium | None = None
    loaded: SnapshotFacts | None = None

    @property
    def found(self) -> tuple[FoundSnapshot, ...]:
        """The files to choose from."""
        return self.looked.found if self.looked is not None else ()

    @property
    def is_stick_out(self) -> bool:
        """Whether the chosen stick is not in any more."""
        if self.looked is None or self.stick is None:
            return False
        return not any(one.is_same(self.stick) for one in self.looked.sticks)


class LoadOutcome(StrEnum):
    """How a load stands."""

    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepView:
    """One step; `done` of `of` bytes where the list is read, and about how long it takes."""

    step: LoadStep
    state: StepState
    done: int = 0
    of: int = 0
    left_s: float | None = None

    @property
    def fraction(self) -> float | None:
        """How much is done, None where the step has no size."""
        return self.done / self.of if self.of and self.step in _SIZED else None


@dataclass(frozen=True, slots=True)
class LoadingView:
    """A load under way or ended; `code` says why it failed."""

    found: FoundSnapshot
    steps: tuple[StepView, ...]
    outcome: LoadOutcome
    facts: SnapshotFacts | None = None
    loaded: SnapshotFacts | None = None
    code: str = ""

    def is_as(self, other: object) -> bool:
        """Whether only numbers differ from another view, nothing of the page's form."""
        return isinstance(other, LoadingView) and self._form() == other._form()

    def _form(self) -> tuple[object, ...]:
        states = tuple((step.state, step.fraction is None) for step in self.steps)
        return (self.found, states, self.outcome, self.facts, self.loaded, self.code)


LoadView = ChoosingView | LoadingView


class LoadRun:
    """One load as it goes on. Times are monotonic seconds, given by the caller."""

    def __init__(self, found: FoundSnapshot, loaded: SnapshotFacts | None, local: Local) -> None:
        self._found, self._loaded, self._local = found, loaded, local
        self._steps = list(LoadStep)
        self._current = 0
        self._last: LoadProgress | None = None
        self._since = 0.0
        self._facts: SnapshotFacts | None = None
        self._outcome = LoadOutcome.RUNNING
        self._code = ""

    def advance(self, progress: LoadProgress, at: float) -> None:
        """The loading has told where it is."""
        if progress.manifest is not None and self._facts is None:
            self._facts = SnapshotFacts.of(progress.manifest, self._local)
        place = self._steps.index(progress.step)
        if self._last is None or self._last.step is not progress.step:
            self._since = at
        self._last = progress
        self._current = place + 1 if progress.done >= progress.of else place

    def stopping(self) -> None:
        """The technician has asked to stop; the file operation under way is let end."""
        self._outcome = LoadOutcome.STOPPING

    def finish(self) -> None:
        """The list is loaded."""
        self._current, self._outcome = len(self._steps), LoadOutcome.DONE

    def fail(self, code: str) -> None:
        """It was refused, or stopped; the old list stays."""
        self._outcome, self._code = LoadOutcome.FAILED, code

    def view(self, at: float) -> LoadingView:
        """What to show at `at`."""
        return LoadingView(
            found=self._found,
            steps=tuple(self._step(place, at) for place in range(len(self._steps))),
            outcome=self._outcome,
            facts=self._facts,
            loaded=self._loaded,
            code=self._code,
        )

    def _step(self, place: int, at: float) -> StepView:
        step = self._steps[place]
        if place < self._current:
            return StepView(step, StepState.DONE)
        if place > self._current:
            return StepView(step, StepState.WAITING)
        if self._outcome is LoadOutcome.FAILED:
            return StepView(step, StepState.FAILED)
        size = self._facts.list_size if self._facts and step in _SIZED else 0
        last = self._last
        if last is None or last.step is not step:
            return StepView(step, StepState.RUNNING, 0, size)
        passed = at - self._since
        left = passed * (last.of - last.done) / last.done if last.done else None
        slow = passed >= _RATE_AFTER_S
        return StepView(step, StepState.RUNNING, last.done, last.of, left if slow else None)
