"""Keys from passphrases: Argon2id (RFC 9106), as costly as this machine allows."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault.keys import SECRET_BYTES, Secret
from station_app.vault.passphrases import Passphrase
from station_app.vault.strict_json import check_members

SALT_BYTES: Final = 16
TARGET_SECONDS: Final = 0.3

_MIB: Final = 1024
_MOST_MEMORY_KIB: Final = 256 * _MIB  # what an old laptop can spare while it is unlocked
_MOST_WORK_KIB: Final = 4 * 1024 * _MIB  # memory filled in all, at most 20 times the least
_MEMBERS: Final = ("iterations", "lanes", "memory_kib")


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one try: `memory_kib` (8 to 2**20) filled `iterations` (1 to 100) times.

    In all that is at most 4 GiB, more than `measure_cost` ever chooses: a changed file is
    refused before it keeps anybody waiting. One lane: the library computes lanes one after the
    other, an attacker would not. Raises `ValueError` otherwise.
    """

    memory_kib: int
    iterations: int
    lanes: int = 1

    def __post_init__(self) -> None:
        numbers = (self.memory_kib, self.iterations, self.lanes)
        if any(type(number) is not int for number in numbers):
            raise ValueError("a cost is made of integers")
        # Bounds, so that a changed file cannot take all of the machine.
        if not (8 <= self.memory_kib <= 2**20 and 1 <= self.iterations <= 100):
            raise ValueError("no passphrase is stretched at that cost")
        if self.memory_kib * self.iterations > _MOST_WORK_KIB:
            raise ValueError("no passphrase is stretched at that cost")
        if self.lanes != 1:
            raise ValueError("there is one lane")

    def to_record(self) -> dict[str, int]:
        """The cost as a JSON object."""
        return {name: getattr(self, name) for name in _MEMBERS}

    @classmethod
    def from_record(cls, record: object) -> "Cost":
        """The inverse of `to_record`. Raises `ValueError`."""
        return cls(**check_members(record, _MEMBERS))


LEAST_COST: Final = Cost(memory_kib=64 * _MIB, iterations=3)
"""The second recommended choice of RFC 9106, section 4, with one lane."""


def stretch(passphrase: Passphrase, salt: bytes, cost: Cost) -> Secret:
    """The key of a passphrase under a salt of 16 bytes; other threads run meanwhile.

    Raises `KnownError` `memory_full` where the cost's memory is not to be had.
    """
    function = Argon2id(
        salt=salt,
        length=SECRET_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    try:
        return Secret(function.derive(passphrase.reveal()))
    except MemoryError:
        raise KnownError(
            Code.MEMORY_FULL,
            "There is not enough free memory to check a passphrase. "
            "Close other programs, then try again.",
        ) from None


def measure_cost(
    target_seconds: float = TARGET_SECONDS, seconds: Callable[[], float] = time.thread_time
) -> Cost:
    """The cost of about `target_seconds` of one core here, at least `LEAST_COST`.

    Processor time is measured, so that a machine busy with other things is not taken for
    a slow one. First the memory grows, to 256 MiB, then the iterations.
    """
    taken = min(_time_of(LEAST_COST, seconds) for _ in range(2))
    times = target_seconds / max(taken, 1e-6)
    memory = int(min(max(times, 1) * LEAST_COST.memory_kib, _MOST_MEMORY_KIB)) // _MIB * _MIB
    iterations = int(times * LEAST_COST.iterations * LEAST_COST.memory_kib / memory)
    most = min(100, _MOST_WORK_KIB // memory)
    return Cost(memory, min(max(iterations, LEAST_COST.iterations), most))


def _time_of(cost: Cost, seconds: Callable[[], float]) -> float:
    start = seconds()
    stretch(Passphrase("a passphrase"), bytes(SALT_BYTES), cost)
    return seconds() - start
