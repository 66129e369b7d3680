"""Two persons unlock a station: any operator with any member of the commission.

The station's key is split into two halves (`shares`). Each operator's passphrase opens the
operators' half, each member's the members' half; nobody's opens both (ADR 0010).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, final

from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person, Role
from station_app.vault.attempts import Attempts
from station_app.vault.boot_clock import Clock, boot_seconds
from station_app.vault.disk import make_folder, replace_file, write_fault
from station_app.vault.keys import Secret
from station_app.vault.passphrases import Passphrase
from station_app.vault.people_file import Enrolled, PeopleRecord, share_context
from station_app.vault.proofs import Proof, issue_proof, require, withdraw
from station_app.vault.shares import joined, new_share
from station_app.vault.station_folder import StationFolder
from station_app.vault.station_secrets import FILE as SECRETS_FILE
from station_app.vault.station_secrets import StationSecrets
from station_app.vault.stretching import Cost
from station_app.vault.unlocked import Entered, Unlocked
from station_app.vault.wrapping import WrongPassphraseError, unwrap, wrap

_UNLOCKERS: Final = (Role.OPERATOR, Role.MEMBER)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person and the passphrase they have chosen and typed themselves."""

    person: Person
    passphrase: Passphrase


@final
class People:
    """The people of the station in `folder`.

    Every method reads the file anew, so that another program's changes count at once.
    Besides what is said there, all raise `KnownError` as `PeopleRecord.read`,
    `SmallFile.read` and `write_fault` do.
    """

    def __init__(self, folder: StationFolder, clock: Clock = boot_seconds) -> None:
        """Read the people of a station that is set up."""
        self._folder = folder
        self._clock = clock
        self.station = self._read().station
        self.attempts = Attempts(folder.attempts, clock)
        """How many tries each kind of person has left, and how long one has to wait."""

    @classmethod
    def create(
        cls,
        folder: StationFolder,
        station: str,
        secrets: StationSecrets,
        first_operator: Enrolment,
        first_member: Enrolment,
        cost: Cost,
        others: Sequence[Enrolment] = (),
        clock: Clock = boot_seconds,
    ) -> "People":
        """Seal the secrets of a new station to its first people.

        `cost` is what `measure_cost` found; later people get the same. Raises `KnownError`:
        `station_exists`, `passphrase_short`, `passphrase_guessable`, and `ValueError` for
        persons of the wrong roles, with one id or with no name.
        """
        if folder.people.exists():
            raise KnownError(
                "station_exists",
                f"{folder.root} is a station already. Choose another folder, "
                "or move this one away to keep it.",
            )
        shares = {kind: new_share() for kind in _UNLOCKERS}
        key = joined(*shares.values())
        firsts = (first_operator.person.role.kind, first_member.person.role.kind)
        if firsts != _UNLOCKERS:
            raise ValueError("the first two are an operator and a member")
        enrolled = tuple(
            _enrolled(one, station, shares.get(one.person.role.kind) or new_share(), cost)
            for one in (first_operator, first_member, *others)
        )
        record = PeopleRecord.made(station, enrolled, key)
        try:
            make_folder(folder.keys)
        except OSError as error:
            raise write_fault(error, folder.keys) from error
        # The people last: without them it is no station, and can be made again.
        replace_file(folder.sealed_secrets, secrets.seal(key, station))
        record.write(folder.people)
        return cls(folder, clock)

    @classmethod
    def load(cls, folder: StationFolder, clock: Clock = boot_seconds) -> "People":
        """The people of a station that is set up."""
        return cls(folder, clock)

    @property
    def persons(self) -> tuple[Person, ...]:
        """Everybody, in the order in which they were added."""
        return tuple(one.person for one in self._read().enrolled)

    def enter(self, person_id: str, passphrase: Passphrase) -> Entered:
        """One person's half of an unlocking, to be joined with the other's.

        Raises `KnownError`: `unknown_person`, `too_many_tries` (during a wait nothing is
        looked at), `wrong_passphrase`.
        """
        enrolled = self._read().find(person_id)
        person = enrolled.person
        kind = person.role.kind
        self.attempts.begin(kind)
        context = share_context(person, self.station)
        try:
            share = Secret(unwrap(enrolled.share, passphrase, context))
        except WrongPassphraseError:
            raise _wrong_passphrase(self.attempts.tries_left(kind)) from None
        self.attempts.succeed(kind)
        return Entered(issue_proof(person, self.station, self._clock()), share)

    def prove(self, person_id: str, passphrase: Passphrase) -> Proof:
        """Proof that this person is here and agrees; raises as `enter` does."""
        return self.enter(person_id, passphrase).proof

    def join(self, one: Entered, other: Entered) -> Unlocked:
        """The station, opened by an operator and a member who have just entered.

        Raises `KnownError`: `not_allowed`, `approval_expired`, `people_changed`,
        `secrets_missing`, `secrets_unreadable`, `secrets_damaged`.
        """
        require((one.proof, other.proof), Operation.UNLOCK, self._clock)
        key = joined(one.share, other.share)
        path = self._folder.sealed_secrets
        data = SECRETS_FILE.read(path)
        try:
            secrets = StationSecrets.open(data, key, self.station)
        except ValueError:
            raise SECRETS_FILE.damaged(path) from None
        self._read().refuse_changed(key)
        return Unlocked(self.station, secrets, one, other)

    def unlock(
        self,
        operator_id: str,
        operator_passphrase: Passphrase,
        member_id: str,
        member_passphrase: Passphrase,
    ) -> Unlocked:
        """`enter` of both and `join`, for where both have been typed."""
        operator = self.enter(operator_id, operator_passphrase)
        return self.join(operator, self.enter(member_id, member_passphrase))

    def add(
        self,
        unlocked: Unlocked,
        proofs: Iterable[Proof],
        person: Person,
        passphrase: Passphrase,
    ) -> None:
        """Add a person with the passphrase they have typed.

        `proofs` are those of `Operation.CHANGE_PEOPLE`. Raises `KnownError`: `not_allowed`,
        `approval_expired`, `station_locked`, `people_changed`, `person_exists`,
        `passphrase_short`, `passphrase_guessable`.
        """
        record = self._to_change(unlocked, proofs)
        if any(one.person.id == person.id for one in record.enrolled):
            raise KnownError(
                "person_exists",
                f"There is a person {person.id} already. Choose another id.",
            )
        added = self._enrol(unlocked, record, Enrolment(person, passphrase))
        self._write(unlocked, (*record.enrolled, added))

    def replace_passphrase(
        self,
        unlocked: Unlocked,
        proofs: Iterable[Proof],
        person_id: str,
        passphrase: Passphrase,
    ) -> None:
        """Give a person the new passphrase they have typed; the old one opens nothing.

        Raises `KnownError` as `add` does, and `unknown_person`.
        """
        record = self._to_change(unlocked, proofs)
        person = record.find(person_id).person
        changed = self._enrol(unlocked, record, Enrolment(person, passphrase))
        self._write(
            unlocked,
            tuple(changed if one.person.id == person_id else one for one in record.enrolled),
        )

    def remove(self, unlocked: Unlocked, proofs: Iterable[Proof], person_id: str) -> None:
        """Remove a person; their proofs count for nothing from now on.

        Raises `KnownError`: `not_allowed`, `approval_expired`, `station_locked`,
        `people_changed`, `unknown_person`; `last_person` for the last operator, member or
        chair.
        """
        record = self._to_change(unlocked, proofs)
        self._write(unlocked, record.without(person_id))
        withdraw(self.station, [person_id])

    def _read(self) -> PeopleRecord:
        return PeopleRecord.read(self._folder.people)

    def _to_change(self, unlocked: Unlocked, proofs: Iterable[Proof]) -> PeopleRecord:
        require(proofs, Operation.CHANGE_PEOPLE, self._clock)
        record = self._read()
        record.refuse_changed(unlocked.station_key())
        return record

    def _write(self, unlocked: Unlocked, enrolled: tuple[Enrolled, ...]) -> None:
        record = PeopleRecord.made(self.station, enrolled, unlocked.station_key())
        record.write(self._folder.people)

    def _enrol(self, unlocked: Unlocked, record: PeopleRecord, one: Enrolment) -> Enrolled:
        kind = one.person.role.kind
        share = unlocked.share_of(kind) if kind in _UNLOCKERS else new_share()
        return _enrolled(one, self.station, share, record.enrolled[0].share.cost)


def _enrolled(one: Enrolment, station: str, share: Secret, cost: Cost) -> Enrolled:
    one.passphrase.refuse_weak(one.person.id, one.person.name, station)
    context = share_context(one.person, station)
    return Enrolled(one.person, wrap(share, one.passphrase, cost, context))


def _wrong_passphrase(tries_left: int) -> KnownError:
    # The layout first: three are in use here, and nobody sees what they type.
    what = f"Tries before a wait: {tries_left}." if tries_left else "Now there is a wait."
    return KnownError(
        "wrong_passphrase",
        "The passphrase is not that person's. Check the keyboard's language and Caps Lock, "
        f"then try again. {what}",
    )
