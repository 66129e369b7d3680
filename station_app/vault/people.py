"""Two persons unlock a station: any operator with any member of the commission.

The station's key is split into two halves (`shares`). Each operator's passphrase opens the
operators' half, each member's the members' half; nobody's opens both (ADR 0010).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person, Role
from station_app.vault.attempts import Attempts, Clock, boot_seconds
from station_app.vault.disk import make_folder, replace_file, write_fault
from station_app.vault.keys import Secret, joined, new_share
from station_app.vault.marking import write_marks
from station_app.vault.passphrases import Passphrase
from station_app.vault.people_file import (
    Enrolled,
    PeopleRecord,
    people_changed,
    share_context,
)
from station_app.vault.proofs import Proof, issue_proof, require, withdraw
from station_app.vault.station_folder import StationFolder
from station_app.vault.station_secrets import FILE as SECRETS_FILE
from station_app.vault.station_secrets import StationSecrets
from station_app.vault.stretching import Cost
from station_app.vault.unlocked import EnteredPerson, Unlocked
from station_app.vault.wrapping import WrongPassphraseError, unwrap, wrap

_UNLOCKERS: Final = (Role.OPERATOR, Role.MEMBER)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person and the passphrase they have chosen; `from_file` when they did not type it.

    `is_public`: everybody knows it, and it may be weak; of a lesson's station.
    """

    person: Person
    passphrase: Passphrase
    from_file: bool = False
    is_public: bool = False


@final
class People:
    """The people of the station in `folder`.

    Every method reads the file again, so that another program's changes count at once.
    All methods also raise `KnownError` as `PeopleRecord.read`,
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
        `station_exists`, `passphrase_short`, `passphrase_guessable`, `passphrase_shared`, and
        `ValueError` for persons of the wrong roles, with one id or with no name.
        """
        if folder.people.exists():
            raise KnownError(
                Code.STATION_EXISTS,
                f"{folder.root} is a station already. Choose another folder, "
                "or move this one away to keep it.",
            )
        shares = {kind: new_share() for kind in _UNLOCKERS}
        key = joined(*shares.values())
        firsts = (first_operator.person.role.kind, first_member.person.role.kind)
        if firsts != _UNLOCKERS:
            raise ValueError("the first two are an operator and a member")
        everybody = (first_operator, first_member, *others)
        enrolled = tuple(
            _enrolled(one, station, shares.get(one.person.role.kind) or new_share(), cost)
            for one in everybody
        )
        record = PeopleRecord.made(station, enrolled, key)
        _refuse_shared(everybody)
        secrets = secrets.marked(replace(secrets.marks, people_revision=record.revision))
        try:
            make_folder(folder.keys)
        except OSError as error:
            raise write_fault(error, folder.keys) from error
        # The people last: without them it is no station, and can be made again.
        replace_file(folder.sealed_secrets, secrets.seal(key, station))
        record.write(folder.people)
        people = cls(folder, clock)
        people.attempts.make()
        return people

    @classmethod
    def load(cls, folder: StationFolder, clock: Clock = boot_seconds) -> "People":
        """The people of a station that is set up."""
        return cls(folder, clock)

    @property
    def persons(self) -> tuple[Person, ...]:
        """Everybody the plain file names, in the order in which they were added.

        To choose from before unlocking; `Unlocked.persons` are those who are authenticated.
        """
        return self._read().persons

    @property
    def from_files(self) -> int:
        """How many persons' passphrases came from files, by the plain file.

        Unknown for those whom the first version enrolled.
        """
        return sum(one.from_file is True for one in self._read().enrolled)

    def enter(self, person_id: str, passphrase: Passphrase) -> EnteredPerson:
        """One person's half of an unlocking, to be joined with the other's.

        Raises `KnownError`: `unknown_person`, `too_many_tries` (during a wait), `passphrase_busy`,
        `wrong_passphrase`.
        """
        enrolled = self._read().find(person_id)
        return EnteredPerson(enrolled, self._opened(enrolled, passphrase), self._clock())

    def prove(self, unlocked: Unlocked, person_id: str, passphrase: Passphrase) -> Proof:
        """Proof that this person is here and agrees, while the station is unlocked.

        Who they are is authenticated with the unlocked key, and what their passphrase opens
        is the half that the station was unlocked with. Raises `KnownError` as `enter` does,
        `station_locked` and `people_changed`.
        """
        enrolled = self._authentic(unlocked).find(person_id)
        share, kind = self._opened(enrolled, passphrase), enrolled.person.role.kind
        if kind in _UNLOCKERS and not share.is_same(unlocked.share_of(kind)):
            raise people_changed()
        return issue_proof(enrolled.person, self.station, self._clock())

    def refuse_gone(self, unlocked: Unlocked, proofs: Iterable[Proof]) -> None:
        """Check that those who gave these proofs are still among the people, unchanged.

        Another program may have removed them since. Raises `KnownError` `unknown_person`,
        `people_changed`, `station_locked`.
        """
        record = self._authentic(unlocked)
        for proof in proofs:
            if record.find(proof.person_id).person != proof.person:
                raise people_changed()

    def join(self, one: EnteredPerson, other: EnteredPerson) -> Unlocked:
        """The station, opened by an operator and a member who have just entered.

        Raises `KnownError`: `not_allowed`, `approval_expired`, `people_changed` (those who entered
        have to be in the file that the key authenticates), `secrets_missing`,
        `secrets_unreadable`, `secrets_damaged`.
        """
        entered = (one, other)
        # Nobody else gets these proofs before the file of people is known to be genuine.
        proofs = tuple(issue_proof(each.person, self.station, each.made) for each in entered)
        require(proofs, Operation.UNLOCK, self._clock)
        key = joined(one.share, other.share)
        path = self._folder.sealed_secrets
        data = SECRETS_FILE.read(path)
        try:
            secrets = StationSecrets.open(data, key, self.station)
        except ValueError:
            raise SECRETS_FILE.damaged(path) from None
        record = self._read()
        record.refuse_changed(key, secrets.marks.people_revision)
        if not all(each.enrolled in record.enrolled for each in entered):
            raise people_changed()
        shares = {each.person.role.kind: each.share for each in entered}
        return Unlocked(secrets, record, proofs, shares)

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
        *,
        from_file: bool = False,
    ) -> None:
        """Add a person with the passphrase they have chosen.

        `proofs` are those of `Operation.CHANGE_PEOPLE`. Raises `KnownError`: `not_allowed`,
        `approval_expired`, `station_locked`, `people_changed`, `person_exists`,
        `person_removed` (the journal tells people apart by their ids), `passphrase_short`,
        `passphrase_guessable`, `passphrase_shared` (it is somebody else's here).
        """
        record = self._to_change(unlocked, proofs)
        if any(one.person.id == person.id for one in record.enrolled):
            raise KnownError(
                Code.PERSON_EXISTS,
                f"There is a person {person.id} already. Choose another id.",
            )
        if person.id in record.removed:
            raise KnownError(
                Code.PERSON_REMOVED,
                f"{person.id} was somebody who has been removed from this station, and the "
                "journal tells people apart by their ids. Choose another id.",
            )
        added = self._enrol(unlocked, record, Enrolment(person, passphrase, from_file))
        self._write(unlocked, record, (*record.enrolled, added))

    def replace_passphrase(
        self,
        unlocked: Unlocked,
        proofs: Iterable[Proof],
        person_id: str,
        passphrase: Passphrase,
        *,
        from_file: bool = False,
    ) -> Person:
        """Give a person the new passphrase they have chosen; the old one opens nothing.

        Returns the person. Raises `KnownError` as `add` does, and `unknown_person`.
        """
        record = self._to_change(unlocked, proofs)
        person = record.find(person_id).person
        changed = self._enrol(unlocked, record, Enrolment(person, passphrase, from_file))
        self._write(
            unlocked,
            record,
            tuple(changed if one.person.id == person_id else one for one in record.enrolled),
        )
        return person

    def remove(self, unlocked: Unlocked, proofs: Iterable[Proof], person_id: str) -> Person:
        """Remove a person; their proofs count for nothing from now on, and nobody gets their id.

        Returns the person. Raises `KnownError`: `not_allowed`, `approval_expired`,
        `station_locked`, `people_changed`, `unknown_person`; `last_person` for the last
        operator, member or chair.
        """
        record = self._to_change(unlocked, proofs)
        person = record.find(person_id).person
        self._write(unlocked, record, record.without(person_id))
        withdraw(self.station, [person_id])
        return person

    def _opened(self, enrolled: Enrolled, passphrase: Passphrase) -> Secret:
        """The share that the person's passphrase opens; every try is counted first."""
        person = enrolled.person
        kind = person.role.kind
        self.attempts.begin(kind)
        try:
            share = Secret(unwrap(enrolled.share, passphrase, share_context(person, self.station)))
        except WrongPassphraseError:
            raise _wrong_passphrase(person, self.attempts.tries_left(kind)) from None
        self.attempts.succeed(kind)
        return share

    def _read(self) -> PeopleRecord:
        return PeopleRecord.read(self._folder.people)

    def _authentic(self, unlocked: Unlocked) -> PeopleRecord:
        """The present file of people, if the unlocked key wrote it and it is not an older copy."""
        key, record = unlocked.station_key(), self._read()
        newest = max(unlocked.record.revision, unlocked.marks.people_revision)
        record.refuse_changed(key, newest)
        unlocked.believe(record)
        return record

    def _to_change(self, unlocked: Unlocked, proofs: Iterable[Proof]) -> PeopleRecord:
        require(proofs, Operation.CHANGE_PEOPLE, self._clock)
        return self._authentic(unlocked)

    def _write(
        self, unlocked: Unlocked, record: PeopleRecord, enrolled: tuple[Enrolled, ...]
    ) -> None:
        """Write the file before its mark: one newer than its mark is accepted, an older one
        never."""
        following = record.followed_by(enrolled, unlocked.station_key())
        following.write(self._folder.people)
        unlocked.believe(following)
        write_marks(
            self._folder,
            unlocked,
            lambda marks: replace(marks, people_revision=following.revision),
        )

    def _enrol(self, unlocked: Unlocked, record: PeopleRecord, one: Enrolment) -> Enrolled:
        kind = one.person.role.kind
        share = unlocked.share_of(kind) if kind in _UNLOCKERS else new_share()
        one.passphrase.refuse_weak(one.person.id, one.person.name, self.station)
        others = (each for each in record.enrolled if each.person.id != one.person.id)
        if any(_opens(each, one.passphrase, self.station) for each in others):
            raise _shared_passphrase()
        return _enrolled(one, self.station, share, record.enrolled[0].share.cost)


def _opens(enrolled: Enrolled, passphrase: Passphrase, station: str) -> bool:
    """Whether it is that person's passphrase. Takes as long as at an unlock."""
    try:
        unwrap(enrolled.share, passphrase, share_context(enrolled.person, station))
    except WrongPassphraseError:
        return False
    return True


def _refuse_shared(enrolments: Sequence[Enrolment]) -> None:
    for one, other in combinations(enrolments, 2):
        if one.passphrase.is_like(other.passphrase):
            raise _shared_passphrase()


def _enrolled(one: Enrolment, station: str, share: Secret, cost: Cost) -> Enrolled:
    if not one.is_public:
        one.passphrase.refuse_weak(one.person.id, one.person.name, station)
    context = share_context(one.person, station)
    return Enrolled(one.person, wrap(share, one.passphrase, cost, context), one.from_file)


def _shared_passphrase() -> KnownError:
    return KnownError(
        Code.PASSPHRASE_SHARED,
        "Two persons of this station would have the same passphrase, and one of them could "
        "stand for both. Each chooses another one, alone.",
    )


def _wrong_passphrase(person: Person, tries_left: int) -> KnownError:
    # The layout first: three are in use here, and nobody sees what they type.
    what = f"Tries before a wait: {tries_left}." if tries_left else "Now there is a wait."
    return KnownError(
        Code.WRONG_PASSPHRASE,
        f"This is not the passphrase of {person.name} ({person.role}). Check the keyboard's "
        f"language and Caps Lock, then try again. {what}",
    )
