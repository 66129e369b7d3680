"""Whether a station is ready for its day, as it is written on the readiness sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from station_app.domain.device_trials import Verdict
from station_app.domain.roles import Role

TRIAL_REASONS: Final = (
    "devices_untried",
    "devices_changed",
    "self_test_failed",
    "morning_check_missing",
)
"""Reasons that come from the trials of the devices."""


class Weight(StrEnum):
    """The weight of a reason for the day."""

    BLOCKS = "blocks"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a station is not ready, or what to look after.

    `code` names the words, `facts` fill them; `detail` is the English sentence of a
    `KnownError`, empty for other reasons. `is_of_devices`: a device is missing, or was not tried;
    it keeps a station from being ready, and stops no open day.
    """

    code: str
    weight: Weight
    facts: Mapping[str, str | int]
    detail: str = ""
    is_of_devices: bool = False


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
    """A device of the settings, and what its trials say.

    `hardware` is the identity of what is there now, empty where it is not there. `verdict` is empty
    for a simulated device, which nobody tries. `tried` (aware), `test` and `by` are those of the
    trial that counts, or that does not count any more; None and empty without one.
    """

    family: str
    driver: str
    port: str
    hardware: str = ""
    verdict: str = ""
    tried: datetime | None = None
    test: str = ""
    by: str = ""
    is_tried_today: bool = False


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
        """Whether every device of the settings that is no simulation has passed its full test."""
        real = [one for one in self.devices if one.verdict]
        return bool(real) and all(one.verdict == Verdict.TRIED for one in real)
