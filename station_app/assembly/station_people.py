"""A station's people, as the technician's page changes them."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.snapshots import read_pending
from station_app.snapshots.pending_events import PersonEvent, note_person
from station_app.ui.technician.people import KnownPerson, PeopleAct, PeopleChange
from station_app.ui.unlock.entry import SIDES
from station_app.vault import EnteredPerson, Passphrase, People, StationFolder, Unlocked

_EVENTS: Final[dict[PeopleAct, PersonEvent]] = {
    PeopleAct.ADD: "person_added",
    PeopleAct.REPLACE: "passphrase_replaced",
    PeopleAct.REMOVE: "person_removed",
}


class StationPeople:
    """Implements `PeopleDesk` over the vault. All calls come from one lane."""

    def __init__(
        self,
        folder: StationFolder,
        now: Callable[[], datetime],
        local: Callable[[datetime], datetime],
    ) -> None:
        self._folder, self._now, self._local = folder, now, local
        self._people: People | None = None
        self._new: Passphrase | None = None
        self._entered: dict[Role, EnteredPerson] = {}

    def look(self) -> Sequence[KnownPerson]:
        """See `PeopleDesk`: when somebody came is known until the next unlocking signs it."""
        self.forget()
        since = {
            str(event.facts["person"]): self._local(event.at)
            for event in read_pending(self._folder.pending_events).events
            if event.event == "person_added" and "person" in event.facts
        }
        return [KnownPerson(one, since.get(one.id)) for one in self._read().persons]

    def wait_seconds(self, kind: Role) -> float:
        """See `PeopleDesk`."""
        return self._read().attempts.wait_seconds(kind)

    def tries_left(self, kind: Role) -> int:
        """See `PeopleDesk`."""
        return self._read().attempts.tries_left(kind)

    def take_new(self, change: PeopleChange, passphrase: str) -> None:
        """See `PeopleDesk`."""
        self._new = None
        new = Passphrase(passphrase)
        new.refuse_weak(change.person_id, change.name, self._read().station)
        self._new = new

    def take_again(self, passphrase: str) -> None:
        """See `PeopleDesk`."""
        new, self._new = self._new, None
        if new is None or not new.is_same(Passphrase(passphrase)):
            raise KnownError(Code.PASSPHRASE_DIFFERS, "The two were not the same. Type both again.")
        self._new = new

    def enter(self, person_id: str, passphrase: str) -> None:
        """See `PeopleDesk`."""
        entered = self._read().enter(person_id, Passphrase(passphrase))
        self._entered[entered.person.role.kind] = entered

    def carry_out(self, change: PeopleChange) -> None:
        """See `PeopleDesk`: the station is open only while this runs, and the event is noted."""
        people = self._read()
        try:
            unlocked = people.join(*(self._entered[kind] for kind in SIDES))
            try:
                person = self._changed(people, unlocked, change)
                self._write_down(change.act, person, unlocked)
            finally:
                unlocked.lock()
        finally:
            self.forget()

    def forget(self) -> None:
        """See `PeopleDesk`."""
        self._new, self._entered = None, {}

    def _changed(self, people: People, unlocked: Unlocked, change: PeopleChange) -> Person:
        if change.act is PeopleAct.REMOVE:
            return people.remove(unlocked, unlocked.proofs, change.person_id)
        new = self._new
        assert new is not None
        if change.act is PeopleAct.REPLACE:
            return people.replace_passphrase(unlocked, unlocked.proofs, change.person_id, new)
        person = Person(f"{change.role}-{secrets.token_hex(3)}", change.name, change.role)
        people.add(unlocked, unlocked.proofs, person, new)
        return person

    def _write_down(self, act: PeopleAct, person: Person, unlocked: Unlocked) -> None:
        note_person(self._folder, _EVENTS[act], person, unlocked.proofs, self._now())

    def _read(self) -> People:
        """The people; one object, so that a wait that has begun goes on."""
        if self._people is None:
            self._people = People.load(self._folder)
        return self._people
