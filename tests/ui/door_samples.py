"""Stand-ins for the station behind the screens before the desk."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from station_app.devices.media import Medium
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.domain.samples import FingerImage
from station_app.flow.lane import Lane
from station_app.languages import language_of
from station_app.snapshots import LoadProgress, Refusal
from station_app.ui.technician.loading import (
    FoundSnapshot,
    LoadingView,
    SnapshotFacts,
    StickContents,
)
from station_app.ui.technician.self_test import CardState
from station_app.ui.texts import Texts
from station_app.ui.unlock.entry import DoorStanding, ListIdentity
from tests.ui.desk_samples import finger_source
from tests.ui.samples.people import sample_people_views
from tests.ui.samples.plugged_in import sample_devices_views
from tests.ui.samples.technician import (
    APPEARANCE_STATES,
    NOW,
    STICK_STATES,
    TRAINING_STATES,
    sample_load_views,
    sample_readiness_views,
    sample_test_views,
    sample_unlock_views,
)

Result = TypeVar("Result")
OPERATORS = (
    Person("o1", "N. Sadyrova", Role.OPERATOR),
    Person("o2", "A. Toktogulov", Role.OPERATOR),
)
MEMBERS = (Person("c1", "B. Osmonov", Role.CHAIR), Person("m1", "G. Asanova", Role.MEMBER))
TECHNICIAN = Person("t1", "A. Rysaliev", Role.TECHNICIAN)
PASSPHRASE = "four words nobody joins"
IDENTITY = ListIdentity(
    precinct="9042",
    place="School",
    voters=3,
    sequence=3,
    created=NOW,
    issuer="CEC",
    digits="11111 22222 33333 44444",
    words="one two three four five six",
    is_proven=True,
)
ON_SCREEN_BEFORE_A_LIST = (
    Refusal.KEY,
    Refusal.LIST_DISAGREES,
    "election_over",
    "election_unnamed",
    "events_unreadable",
    "foreign_journal",
    "journal_gone",
    "journal_head_damaged",
    "journal_head_missing",
    "journal_not_ours",
    "journal_rolled_back",
    "list_comparing_stopped",
    "list_ids_changed",
    "list_lacks_accepted",
    "list_missing",
    "list_other_election_day",
    "list_rolled_back",
    "list_withdrawn",
    "list_withdrawn_last",
    "live_without_scanner",
    "passphrase_busy",
    "past_journal_missing",
    "people_changed",
    "pins_changed",
    "pins_missing",
    "renewal_unfinished",
    "secrets_older",
    "settings_changed_unsigned",
    "settings_refused",
    "settings_unsigned",
    "takeover_unfinished",
)
"""Codes that only an unlocking can meet."""


def technician_pages(language: str) -> set[str]:
    """Every help page that the screens before the desk can open."""
    codes = {view.fault for view in sample_unlock_views(language).values()}
    for view in sample_load_views(language).values():
        if isinstance(view, LoadingView):
            codes.add(view.code)
    for tested in sample_test_views(finger).values():
        failed = {card.code for card in tested.cards if card.state is CardState.FAILED}
        codes |= {code for code in failed if f"test.found.{code}" not in Texts(language)}
        codes |= failed & language_of(language).help_pages
    return {
        "unlock",
        "load",
        "devices",
        "self_test",
        "readiness",
        "people",
        "appearance",
        *codes,
        *ON_SCREEN_BEFORE_A_LIST,
    } - {""}


def finger() -> FingerImage:
    return finger_source(None)


class SlowLane(Lane):
    """Work waits until `answer` is called, and is then done on this thread."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        def act() -> None:
            try:
                result = work()
            except KnownError as fault:
                failed(fault)
            else:
                done(result)

        self.waiting.append(act)

    def answer(self) -> None:
        """Do everything that is waiting, and what that asks for."""
        while self.waiting:
            self.waiting.pop(0)()


class AtOnce:
    """A bridge whose calls come at once."""

    def post(self, call: Callable[[], None]) -> None:
        call()

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        raise NotImplementedError


class FakeDoor:
    """A door of two operators and two members who all have one passphrase."""

    def __init__(self, identity: ListIdentity | None = IDENTITY) -> None:
        self.identity = identity
        self.people: Sequence[Person] = (*OPERATORS, *MEMBERS, TECHNICIAN)
        self.entered: list[str] = []
        self.wrong = 0
        self.wait = 0.0
        self.comparing: tuple[int, int] | None = None
        self.stops = 0
        self.forgotten = 0
        self.open_fault: KnownError | None = None
        self.threads: set[str] = set()

    def standing(self) -> DoorStanding:
        if not self.people:
            raise KnownError("people_missing", "There are none.")
        fault = "" if self.identity else Refusal.NONE_LOADED
        waits = {Role.OPERATOR: self.wait} if self.wait else {}
        return DoorStanding(self.people, self.identity, fault, waits)

    def enter(self, person_id: str, passphrase: str) -> None:
        self.threads.add(threading.current_thread().name)
        if passphrase != PASSPHRASE:
            self.wrong += 1
            raise KnownError("wrong_passphrase", "It is not theirs.")
        self.entered.append(person_id)

    def tries_left(self, kind: Role) -> int:
        return 5 - self.wrong

    def wait_seconds(self, kind: Role) -> float:
        return 60.0 if self.wrong >= 5 else 0.0

    def open(self) -> int:
        if self.open_fault is not None:
            raise self.open_fault
        return 3

    def compared(self) -> tuple[int, int] | None:
        return self.comparing

    def stop_comparing(self) -> None:
        self.stops += 1

    def forget(self) -> None:
        self.forgotten += 1
        self.entered = []


class FakeLoader:
    """Finds what is in `files`; a load tells what is in `told` and then raises `fault`."""

    def __init__(self) -> None:
        self.files: list[FoundSnapshot] = []
        self.sticks: tuple[Medium, ...] = ()
        self.told: list[LoadProgress] = []
        self.fault: KnownError | None = None
        self.asked: list[Medium | None] = []
        self.during: Callable[[LoadProgress], None] = lambda _: None
        self.now: SnapshotFacts | None = None

    def look(self, stick: Medium | None) -> StickContents:
        self.asked.append(stick)
        return StickContents(self.sticks, tuple(self.files))

    def loaded(self) -> SnapshotFacts | None:
        return self.now

    def load(self, found: FoundSnapshot, tell: Callable[[LoadProgress], None]) -> None:
        for progress in self.told:
            self.during(progress)
            tell(progress)
        if self.fault is not None:
            raise self.fault


def sample_states(language: str) -> set[str]:
    """The names of all pictures of these screens."""
    return {
        *sample_unlock_views(language),
        *TRAINING_STATES,
        *sample_load_views(language),
        *STICK_STATES,
        *sample_test_views(lambda: finger_source(None)),
        *sample_devices_views(),
        *sample_readiness_views(language),
        *sample_people_views(language),
        *APPEARANCE_STATES,
    }


UTC_NOW = datetime(2026, 10, 3, 9, 30, tzinfo=UTC)
