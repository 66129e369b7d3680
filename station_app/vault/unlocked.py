"""What an unlocked station has in memory, until it is locked."""

from dataclasses import dataclass
from typing import NoReturn, final

from station_app.domain.errors import KnownError
from station_app.domain.roles import Role
from station_app.vault.identity import StationIdentity
from station_app.vault.keys import Secret
from station_app.vault.proofs import Proof, withdraw
from station_app.vault.shares import joined
from station_app.vault.station_secrets import StationSecrets


@final
@dataclass(frozen=True, slots=True, eq=False)
class Entered:
    """A person who has typed their passphrase: the proof of it, and their half of the key."""

    proof: Proof
    share: Secret

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied out of the process")


@final
class Unlocked:
    """An unlocked station. `station` is its name, `proofs` those of the two persons.

    After `lock` everything else raises `KnownError` `station_locked`, and the two persons'
    proofs count for nothing. Python cannot promise that the bytes are gone from memory.
    """

    __slots__ = ("_secrets", "_shares", "proofs", "station")

    def __init__(self, station: str, secrets: StationSecrets, *entered: Entered) -> None:
        self.station = station
        self.proofs = tuple(one.proof for one in entered)
        self._secrets: StationSecrets | None = secrets
        self._shares = {one.proof.role.kind: one.share for one in entered}

    @property
    def identity(self) -> StationIdentity:
        """What signs for the station and opens what is sealed to it."""
        return self._opened().identity

    @property
    def journal_key(self) -> Secret:
        """What opens the station's journal."""
        return self._opened().journal_key

    def share_of(self, kind: Role) -> Secret:
        """A kind's half of the station's key, for `vault.people` alone."""
        self._opened()
        return self._shares[kind]

    def station_key(self) -> Secret:
        """The station's key, for `vault.people` alone."""
        return joined(self.share_of(Role.OPERATOR), self.share_of(Role.MEMBER))

    @property
    def is_locked(self) -> bool:
        """Whether `lock` was called."""
        return self._secrets is None

    def lock(self) -> None:
        """Let go of every secret. A second call does nothing."""
        self._secrets = None
        self._shares = {}
        withdraw(self.station, (proof.person_id for proof in self.proofs))

    def _opened(self) -> StationSecrets:
        if self._secrets is None:
            raise KnownError(
                "station_locked",
                "The station is locked. An operator and a member of the commission unlock it.",
            )
        return self._secrets

    def __repr__(self) -> str:
        return f"Unlocked({self.station}, {'locked' if self.is_locked else 'open'})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied out of the process")
