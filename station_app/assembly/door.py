"""A station's lock and its loader, as the screens before the desk see them."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from station_app.devices.media import (
    FoundFile,
    Medium,
    files_on,
    mounted_media,
    newest_first,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Role
from station_app.flow.open_station import local
from station_app.flow.opening import UnlockedStation, unlock
from station_app.flow.signed_settings import loading_station, seen_settings
from station_app.flow.sticks import StickFinder
from station_app.languages import language_codes
from station_app.snapshots import (
    LoadedList,
    LoadProgress,
    load_snapshot,
    loaded_list,
)
from station_app.ui.technician.loading import FoundSnapshot, SnapshotFacts, StickContents
from station_app.ui.unlock.entry import SIDES, DoorStanding, ListIdentity
from station_app.vault import (
    EnteredPerson,
    IdentityKind,
    Passphrase,
    People,
    PublicIdentity,
    StationFolder,
    Unlocked,
)
from station_app.vault.identity import spoken_digits, spoken_words

_SUFFIX: Final = ".vsnap"


class StationDoor:
    """Implements `Door` over the vault. All calls but `compared` and `stop_comparing` come from
    one lane.

    `prepare` makes the desk ready of what lies open then, and closes that where it fails; what it
    raises keeps the door shut.
    """

    def __init__(
        self,
        folder: StationFolder,
        now: Callable[[], datetime],
        prepare: Callable[[UnlockedStation], None],
    ) -> None:
        self._folder, self._now, self._prepare = folder, now, prepare
        self._people: People | None = None
        self._entered: dict[Role, EnteredPerson] = {}
        self._unlocked: Unlocked | None = None
        self._compared: tuple[int, int] | None = None
        self._stop = threading.Event()

    def standing(self) -> DoorStanding:
        """See `Door`."""
        people = self._read_people()
        identity, fault = None, ""
        try:
            identity = _identity(loaded_list(self._folder, self.trusted()))
        except KnownError as refusal:
            fault = refusal.code
        waits = {kind: people.attempts.wait_seconds(kind) for kind in SIDES}
        return DoorStanding(people.persons, identity, fault, waits, station_precinct(self._folder))

    def trusted(self) -> tuple[PublicIdentity, ...]:
        """The issuers pinned when the station was set up."""
        return PublicIdentity.load_all(self._folder.trusted, IdentityKind.ISSUER)

    def enter(self, person_id: str, passphrase: str) -> None:
        """See `Door`."""
        entered = self._read_people().enter(person_id, Passphrase(passphrase))
        self._entered[entered.person.role.kind] = entered

    def tries_left(self, kind: Role) -> int:
        """See `Door`."""
        return self._read_people().attempts.tries_left(kind)

    def wait_seconds(self, kind: Role) -> float:
        """See `Door`."""
        return self._read_people().attempts.wait_seconds(kind)

    def open(self) -> int:
        """See `Door`."""
        operator, member = (self._entered[kind] for kind in SIDES)
        self._entered = {}
        try:
            opened = unlock(
                self._folder,
                self._read_people(),
                (operator, member),
                self._now,
                self._tell_compared,
            )
        finally:
            self._compared = None
        self._unlocked = opened.unlocked
        self._prepare(opened)
        return opened.voters.voters

    def _tell_compared(self, done: int, of: int) -> None:
        if self._stop.is_set():
            raise KnownError(
                Code.LIST_COMPARING_STOPPED,
                "The comparison of the corrected list was stopped. The station stays locked.",
            )
        self._compared = (done, of)

    def compared(self) -> tuple[int, int] | None:
        """See `Door`."""
        return self._compared

    def stop_comparing(self) -> None:
        """See `Door`."""
        self._stop.set()

    def forget(self) -> None:
        """See `Door`."""
        self._entered = {}
        self._stop.clear()  # not in `open`, which may begin after it was stopped: the window closes
        if self._unlocked is not None:
            self._unlocked.lock()
            self._unlocked = None

    def _read_people(self) -> People:
        """The people; one object, so that a wait that has begun goes on."""
        if self._people is None:
            self._people = People.load(self._folder)
        return self._people


class StationLoader:
    """Implements `Loader` over sticks and the station's folder."""

    def __init__(
        self,
        folder: StationFolder,
        engines: Sequence[str],
        now: Callable[[], datetime],
        media: Callable[[], Sequence[Medium]] = mounted_media,
    ) -> None:
        self._folder, self._engines, self._now = folder, engines, now
        self._sticks = StickFinder([folder.root.absolute()], media)

    def look(self, stick: Medium | None) -> StickContents:
        """See `Loader`."""
        sticks: list[Medium] = []
        on: dict[Path, str] = {}
        files: list[FoundFile] = []
        for one in self._sticks.find(None).media:
            if stick is None or one.is_same(stick):
                try:
                    found = files_on(one.folder, _SUFFIX)
                except OSError:
                    continue  # pulled just now: it is not in, and nobody knows what is on it
                files += found
                on |= {file.path: one.name for file in found}
            sticks.append(one)
        return StickContents(
            tuple(sticks),
            tuple(
                FoundSnapshot(file.path, on[file.path], file.size, _local_time(file.written))
                for file in newest_first(files)
            ),
        )

    def loaded(self) -> SnapshotFacts | None:
        """See `Loader`."""
        return SnapshotFacts.of(loaded_list(self._folder, self._trusted()).manifest, local)

    def load(self, found: FoundSnapshot, tell: Callable[[LoadProgress], None]) -> None:
        """See `Loader`."""
        ours = loading_station(self._folder, self._engines)
        load_snapshot(found.path, self._folder, ours, self._now(), tell)

    def _trusted(self) -> tuple[PublicIdentity, ...]:
        return PublicIdentity.load_all(self._folder.trusted, IdentityKind.ISSUER)


def station_precinct(folder: StationFolder) -> str:
    """The precinct of the station's settings, empty where there are none to read."""
    try:
        return seen_settings(folder).precinct
    except KnownError:
        return ""


def station_languages(folder: StationFolder, wanted: str) -> tuple[str, ...]:
    """The languages of the station's settings, all there are where none can be read.

    `wanted` is among them, empty for none in particular.
    """
    try:
        found = seen_settings(folder).languages
    except KnownError:
        found = language_codes()
    return found if not wanted or wanted in found else (*found, wanted)


def _identity(loaded: LoadedList) -> ListIdentity:
    manifest = loaded.manifest
    digest = bytes.fromhex(manifest.list_sha256)
    return ListIdentity(
        precinct=manifest.precinct,
        place=manifest.place,
        voters=manifest.counts["voters"],
        sequence=manifest.sequence,
        created=local(manifest.created),
        issuer=manifest.issuer,
        digits=spoken_digits(digest),
        words=spoken_words(digest),
        is_proven=loaded.is_proven,
    )


def _local_time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()
