"""The secrets and people of an unlocked station, in memory until it is locked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn, final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.vault.identity import StationIdentity
from station_app.vault.keys import Secret, joined
from station_app.vault.people_file import Enrolled, PeopleRecord
from station_app.vault.proofs import Proof, withdraw
from station_app.vault.station_secrets import Marks, StationSecrets


@final
@dataclass(frozen=True, slots=True, eq=False)
class EnteredPerson:
    """Somebody whose passphrase has opened a half of the key, at `made` (boot seconds).

    No proof yet: the file it came from is plain until `People.join` has the key to check it.
    """

    enrolled: Enrolled
    share: Secret
    made: float

    @property
    def person(self) -> Person:
        """The person, as in the file of people."""
        return self.enrolled.person

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied out of the process")


@final
class Unlocked:
    """An unlocked station. `station` is its name, `proofs` those of the two persons.

    `persons` are those who may sign, authenticated with the station's key: later changes of the
    plain file have no effect.

    After `lock` everything else raises `KnownError` `station_locked`, and the two persons'
    proofs count for nothing. Python cannot promise that the bytes are gone from memory.
    """

    __slots__ = ("_record", "_secrets", "_shares", "proofs", "station")

    def __init__(
        self,
        secrets: StationSecrets,
        record: PeopleRecord,
        proofs: tuple[Proof, ...],
        shares: Mapping[Role, Secret],
    ) -> None:
        self.station = record.station
        self.proofs = proofs
        self._record = record
        self._secrets: StationSecrets | None = secrets
        self._shares = dict(shares)

    @property
    def identity(self) -> StationIdentity:
        """Signs for the station, and opens files sealed to it."""
        return self._opened().identity

    @property
    def journal_key(self) -> Secret:
        """The key of the station's journal."""
        return self._opened().journal_key

    @property
    def persons(self) -> tuple[Person, ...]:
        """Everybody who may sign, in the order in which they were added."""
        return self._record.persons

    @property
    def marks(self) -> Marks:
        """The sealed marks of journal, settings and people."""
        return self._opened().marks

    @property
    def record(self) -> PeopleRecord:
        """The authenticated file of people, for `vault.people` alone."""
        return self._record

    def believe(self, record: PeopleRecord) -> None:
        """Take a newer file of people, whose authenticity `vault.people` has checked."""
        self._record = record

    def remember(self, secrets: StationSecrets) -> None:
        """Take the secrets with newer marks, for `vault.marking` alone."""
        self._opened()
        self._secrets = secrets

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
        """Drop every secret. A second call does nothing."""
        self._secrets = None
        self._shares = {}
        withdraw(self.station, (proof.person_id for proof in self.proofs))

    def _opened(self) -> StationSecrets:
        if self._secrets is None:
            raise KnownError(
                Code.STATION_LOCKED,
                "The station is locked. An operator and a member of the commission unlock it.",
            )
        return self._secrets

    def __repr__(self) -> str:
        return f"Unlocked({self.station}, {'locked' if self.is_locked else 'open'})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied out of the process")
