"""Which devices were tried, when and by which test, and whether that still counts (ADR 0047).

A trial counts for the device that was tried: the same driver, the same hardware, the same program.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

_LONGEST: Final = 200
_MOST_PARTS: Final = 64


class TestKind(StrEnum):
    """The test that tried a device.

    `FULL`: everything a device does, at the depot. `MORNING`: whether it still does, on the day.
    """

    __test__ = False  # for pytest, which collects by name

    FULL = "full"
    MORNING = "morning"


@dataclass(frozen=True, slots=True)
class Trial:
    """The end of one test of one part.

    `part` is a card of the self-test. `driver` and `hardware` (the device's identity) are empty for
    a part of the computer itself. `by` is a person's id, empty where nobody had unlocked. `at` is
    aware. Raises `ValueError` for texts that are no short lines.
    """

    part: str
    test: TestKind
    at: datetime
    driver: str
    hardware: str
    passed: bool
    app: str
    by: str = ""

    def __post_init__(self) -> None:
        for text in (self.part, self.driver, self.hardware, self.app, self.by):
            if len(text) > _LONGEST or not (text.isprintable() or not text):
                raise ValueError("a trial is told in short lines")
        if not self.part:
            raise ValueError("a trial is of a part")


class Verdict(StrEnum):
    """What is known of a device by its trials."""

    UNTRIED = "untried"
    CHANGED = "changed"
    """It was tried; driver, hardware or program is another one since."""
    FAILED = "failed"
    TRIED = "tried"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A device of the settings as it is now; `hardware` is empty where it is not there."""

    part: str
    driver: str
    hardware: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A device's verdict, and the trial that it rests on; None where there is none."""

    verdict: Verdict
    trial: Trial | None = None
    is_of_today: bool = False


class Trials:
    """The newest trial of each part by each test.

    The newest is the one that was added last, whatever the computer's clock said meanwhile.
    """

    def __init__(self, trials: Iterable[Trial] = ()) -> None:
        self._newest: dict[tuple[str, TestKind], Trial] = {}
        for one in trials:
            self.add(one)

    def add(self, trial: Trial) -> None:
        """Take a trial in; of more than a station can have the oldest ones are left out."""
        self._newest.pop((trial.part, trial.test), None)
        self._newest[trial.part, trial.test] = trial
        if len(self._newest) > _MOST_PARTS:
            del self._newest[next(iter(self._newest))]

    @property
    def each(self) -> tuple[Trial, ...]:
        """All of them, the newest last."""
        return tuple(self._newest.values())

    def last(self, part: str) -> Trial | None:
        """The newest trial of a part by either test."""
        return next((one for one in reversed(self._newest.values()) if one.part == part), None)

    def failed_parts(self) -> tuple[str, ...]:
        """The parts whose newest trial was not passed."""
        parts = sorted({part for part, _ in self._newest})
        return tuple(one for one in parts if (last := self.last(one)) and not last.passed)

    def judge(self, wanted: Wanted, app: str, today: date) -> Judged:
        """What the trials say of a device at this program version.

        Ready is what a full test has passed, with the hardware that is there now, and what no later
        test has failed. `is_of_today`: a test of today, a local date, has passed it.
        """
        last, full = self.last(wanted.part), self._newest.get((wanted.part, TestKind.FULL))
        if last is None:
            return Judged(Verdict.UNTRIED)
        if not _is_of(last, wanted, app):
            return Judged(Verdict.CHANGED, last)
        if not last.passed:
            return Judged(Verdict.FAILED, last)
        is_of_today = last.at.astimezone().date() == today
        if full is None or not full.passed:
            return Judged(Verdict.UNTRIED, last, is_of_today)
        if not _is_of(full, wanted, app):
            return Judged(Verdict.CHANGED, full, is_of_today)
        return Judged(Verdict.TRIED, full, is_of_today)


def _is_of(trial: Trial, wanted: Wanted, app: str) -> bool:
    """A device that is not there now was not exchanged: that it is missing is said elsewhere."""
    is_same = not wanted.hardware or trial.hardware == wanted.hardware
    return is_same and (trial.driver, trial.app) == (wanted.driver, app)
