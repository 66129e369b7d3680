"""Whatever the order of changes, exactly those who are there open the station."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from station_app.domain.errors import KnownError
from station_app.domain.roles import Role
from station_app.vault import Passphrase, People, StationFolder, StationSecrets, Unlocked
from tests.vault.people_samples import BootClock, create, person

IDS = st.sampled_from(["o1", "o2", "o3", "c1", "c2", "m1", "m2", "t1", "t2"])
WORDS = st.sampled_from(["таш тоо сел жел", "көл кум бак нан", "ат уй кой эчки теке"])
ROLES = {"o": Role.OPERATOR, "c": Role.CHAIR, "m": Role.MEMBER, "t": Role.TECHNICIAN}
FIRST = {id_: f"жети өмүр китеп {id_}" for id_ in ("o1", "o2", "c1", "m1", "t1")}


class Changes(RuleBasedStateMachine):
    """The station beside a table of who is there and what each types."""

    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        self.patch = pytest.MonkeyPatch()
        # Thousands of small files; that they survive a power cut is tested elsewhere.
        self.patch.setattr(os, "fsync", lambda _: None)
        self.folder = StationFolder(Path(self.home.name) / "station")
        self.clock = BootClock()
        self.typed = dict(FIRST)
        self.removed: set[str] = set()

    @initialize()
    def begin(self) -> None:
        self.secrets = StationSecrets.generate()
        self.people = create(self.folder.root, self.clock, self.secrets)

    def teardown(self) -> None:
        self.patch.undo()
        self.home.cleanup()

    def of(self, *starts: str) -> list[str]:
        return [id_ for id_ in self.typed if id_[0] in starts]

    def unlock(self, operator: str, member: str) -> Unlocked:
        return self.people.unlock(
            operator,
            Passphrase(self.typed[operator]),
            member,
            Passphrase(self.typed[member]),
        )

    def opened(self) -> Unlocked:
        return self.unlock(self.of("o")[-1], self.of("c", "m")[-1])

    @rule(id_=IDS, words=WORDS)
    def add(self, id_: str, words: str) -> None:
        unlocked = self.opened()
        added = person(id_, ROLES[id_[0]])
        if id_ in self.typed:
            with pytest.raises(KnownError, match="already"):
                self.people.add(unlocked, unlocked.proofs, added, Passphrase(words))
        elif id_ in self.removed:
            with pytest.raises(KnownError, match="has been removed"):
                self.people.add(unlocked, unlocked.proofs, added, Passphrase(words))
        elif words in self.typed.values():
            with pytest.raises(KnownError, match="the same passphrase"):
                self.people.add(unlocked, unlocked.proofs, added, Passphrase(words))
        else:
            self.people.add(unlocked, unlocked.proofs, added, Passphrase(words))
            self.typed[id_] = words

    @rule(id_=IDS, words=WORDS)
    def replace(self, id_: str, words: str) -> None:
        unlocked = self.opened()
        if id_ in self.typed and words not in self.typed.values():
            self.people.replace_passphrase(unlocked, unlocked.proofs, id_, Passphrase(words))
            self.typed[id_] = words

    @rule(id_=IDS)
    def remove(self, id_: str) -> None:
        unlocked = self.opened()
        last = (
            self.of("o") == [id_]
            or self.of("c") == [id_]
            or self.of("c", "m") == [id_]
            or id_ not in self.typed
        )
        if last:
            with pytest.raises(KnownError):
                self.people.remove(unlocked, unlocked.proofs, id_)
        else:
            self.people.remove(unlocked, unlocked.proofs, id_)
            del self.typed[id_]
            self.removed.add(id_)

    @rule()
    def restart(self) -> None:
        self.people = People.load(self.folder, self.clock)

    @rule(id_=IDS)
    def mistype(self, id_: str) -> None:
        self.clock.now += 61
        with pytest.raises(KnownError):
            self.people.enter(id_, Passphrase("бул туура эмес сөз"))

    @invariant()
    def those_who_are_there_open_it(self) -> None:
        assert sorted(one.id for one in self.people.persons) == sorted(self.typed)
        operators, members = self.of("o"), self.of("c", "m")
        for number in range(max(len(operators), len(members))):
            operator = operators[number % len(operators)]
            member = members[number % len(members)]
            seed = self.unlock(operator, member).identity.signing_seed
            assert seed.reveal() == self.secrets.identity.signing_seed.reveal()


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=8, stateful_step_count=12)
