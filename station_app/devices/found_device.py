"""What a driver's `look` finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """A device that is plugged in.

    `port` opens it with its driver, and still does when it is plugged in elsewhere; `name` is one
    line for people. `fault` is the code of why this user cannot open it, empty where nothing is
    known against it. `is_certain` is False where another kind of device may be behind the port, as
    behind a serial one: a person may choose it, and nothing takes it unasked.
    """

    port: str
    name: str
    fault: str = ""
    is_certain: bool = True
