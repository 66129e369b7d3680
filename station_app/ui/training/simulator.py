"""What the simulator dock needs from the simulated station; implemented by the assembly."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from station_app.domain.fingers import FingerPosition


class Expectation(StrEnum):
    """What the desk should say about a person of the queue."""

    IDENTIFIED = "identified"
    SECOND_TRY = "second_try"
    DRY_FINGER = "dry_finger"
    ALREADY = "already"
    NOT_ON_LIST = "not_on_list"
    CANCELLED = "cancelled"
    UNPLUGGED = "unplugged"
    COMMISSION = "commission"
    MADE_VOID = "made_void"


class Manner(StrEnum):
    """How a finger is put on the glass."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    DRY = "dry"


@dataclass(frozen=True, slots=True)
class QueuePerson:
    """An invented person who waits at the desk, and what is expected of them.

    `done` marks a person who has been at the desk already; `pin` is that of their document,
    empty for somebody without one.
    """

    key: int
    name: str
    expected: Expectation
    done: bool = False
    pin: str = ""


class Simulator(Protocol):
    """Drives the simulated devices. Every call returns at once, on the main thread."""

    def people(self) -> Sequence[QueuePerson]:
        """Everybody in the queue, in order."""
        ...

    def place(self, person: int, finger: FingerPosition, manner: Manner) -> None:
        """Put this finger of the person with key `person` on the glass."""
        ...

    def lift(self) -> None:
        """Take the finger off the glass."""
        ...

    def unplug(self) -> None:
        """Pull the scanner's plug."""
        ...

    def plug_in(self) -> None:
        """Put the plug back."""
        ...

    def mark_done(self, person: int) -> None:
        """The person with key `person` has been at the desk."""
        ...

    def run_queue(self) -> None:
        """Let the whole queue pass by itself, one person after another."""
        ...
