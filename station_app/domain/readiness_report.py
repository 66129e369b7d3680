"""Whether a station is ready for its day, as it is written on the readiness sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from station_app.domain.roles import Role

DEVICES_UNTRIED: Final = "devices_untried"
SELF_TEST_FAILED: Final = "self_test_failed"


class Weight(StrEnum):
    """The weight of a reason for the day."""

    BLOCKS = "blocks"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a station is not ready, or what to look after.

    `code` names the words, `facts` fill them; `detail` is the English sentence of a
    `KnownError`, empty for other reasons.
    """

    code: str
    weight: Weight
    facts: Mapping[str, str | int]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SpokenHash:
    """A hash that people compare aloud: the name of its object, six words, twenty digits."""

    name: str
    words: str
    digits: str


@dataclass(frozen=True, slots=True)
class ListState:
    """The loaded list, as its signed manifest says. Times are aware.

    `hash` says the list file's SHA-256 aloud. A list that is not `is_proven` is tried at
    the next unlock.
    """

    election: str
    kind: str
    precinct: str
    place: str
    sequence: int
    counts: Mapping[str, int]
    created: datetime
    valid_from: datetime
    valid_to: datetime
    issuer: str
    hash: SpokenHash
    is_proven: bool


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device of the settings; nobody has tried it."""

    family: str
    driver: str
    port: str


@dataclass(frozen=True, slots=True)
class MachineState:
    """The computer. Bytes of its disk; the battery in percent, None where there is none.

    `now` is its clock, `last_known` the latest time that the station's files have seen.
    """

    now: datetime
    last_known: datetime | None
    free_bytes: int
    battery_percent: int | None
    is_charging: bool
    app_version: str
    engine: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Everything on the sheet; None or empty where it could not be read (a reason says why).

    `trusted` are the pinned issuers, `recipients` the names of those that the day is sealed to.
    `mirror` is the second copy's folder, empty for none; `events` what the next unlock has to sign.
    """

    station: SpokenHash | None
    kind: str
    precinct: str
    languages: tuple[str, ...]
    trusted: tuple[SpokenHash, ...]
    recipients: tuple[str, ...]
    mirror: str
    people: Mapping[Role, int]
    devices: tuple[DeviceState, ...]
    list: ListState | None
    machine: MachineState
    events: int
    reasons: tuple[Reason, ...]

    @property
    def is_ready(self) -> bool:
        """Whether nothing blocks the day."""
        return not self.blocking

    @property
    def blocking(self) -> tuple[Reason, ...]:
        """The reasons that have to be repaired first."""
        return tuple(one for one in self.reasons if one.weight is Weight.BLOCKS)

    @property
    def is_tried(self) -> bool:
        """Whether somebody has seen, heard or held the end of every device's test."""
        return all(one.code != DEVICES_UNTRIED for one in self.reasons)

    def after_self_test(self, *, failed: int, left: int) -> Self:
        """With what the self-test of this visit says: tests failed, and tests not finished."""
        others = tuple(one for one in self.reasons if one.code != DEVICES_UNTRIED)
        if failed:
            broken = Reason(SELF_TEST_FAILED, Weight.BLOCKS, {"number": failed})
            return replace(self, reasons=(broken, *others))
        return self if left else replace(self, reasons=others)
