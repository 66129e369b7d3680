"""The clock for waits and for the age of an approval."""

import time
from collections.abc import Callable

Clock = Callable[[], float]


def boot_seconds() -> float:
    """Seconds since the machine was started, its sleep included.

    Nobody sets this clock, and closing the lid does not stop it.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME)
