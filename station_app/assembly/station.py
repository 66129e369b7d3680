"""Opens a station: list, matching core, journal and scanner, on their lanes."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from station_app import __version__
from station_app.biometrics.fingerprint.engine import ENGINE, STATION_THREADS, FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.live import assess
from station_app.biometrics.fingerprint.search import Searcher
from station_app.devices.finger_scanner import FingerScanner
from station_app.domain.captures import FingerImage
from station_app.domain.day import DayState, stands
from station_app.domain.election import entry_texts
from station_app.domain.entries import DayOpened, JournalOpened
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.errors import KnownError
from station_app.domain.matching import Examination
from station_app.domain.roles import Role
from station_app.flow.approvals import Approver, VaultApprover, demo_approver
from station_app.flow.bridge import Bridge
from station_app.flow.desk_log import DeskLog
from station_app.flow.parts import Lanes, Parts
from station_app.flow.runner import Runner
from station_app.flow.station_journal import open_journal
from station_app.flow.tally import Tally
from station_app.journal import Journal
from station_app.snapshots import (
    ListHeader,
    ListKind,
    LoadedList,
    VoterList,
    list_hash,
    open_unchanged,
)
from station_app.vault import (
    People,
    Secret,
    Signer,
    StationFolder,
    Unlocked,
    load_key,
    load_or_create_key,
)

_LOOKED_BACK = 20
"""Outcomes read at the start to fill the desk's list of the last people."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What lies open under a station: journal and list, each for its lane, and who may sign."""

    journal: Journal
    voters: VoterList
    lanes: Lanes
    approver: Approver


@dataclass(frozen=True, slots=True)
class Station:
    """An open station. `opening_ms` tells where the time of opening went.

    `is_scanner_simulated`: no finger of a real person is read here.
    """

    runner: Runner
    opened: Opened
    header: ListHeader
    voters: int
    journal: Path
    opening_ms: dict[str, float]
    close: Callable[[], None]
    is_scanner_simulated: bool


class ListMatcher:
    """The matching core over one list's gallery; belongs to the matching lane."""

    engine = ENGINE

    def __init__(self, voters: VoterList, opening: "Stopwatch") -> None:
        gallery = Gallery(voters.chunks(ENGINE), ENGINE)
        opening.lap("gallery")
        fetch = partial(voters.templates, ENGINE)
        self._searcher = Searcher(FingerEngine(STATION_THREADS), gallery, fetch)
        opening.lap("engine")

    def examine(self, image: FingerImage, named_row: int | None) -> Examination:
        """See `Searcher.examine`."""
        return self._searcher.examine(image, named_row)


class Stopwatch:
    """Milliseconds between laps, by name."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """The time since the last lap belongs to `name`."""
        now = time.perf_counter()
        self.laps[name] = self.laps.get(name, 0.0) + (now - self._last) * 1000
        self._last = now


def utc_now() -> datetime:
    """The station's clock."""
    return datetime.now(tz=UTC)


def local(at: datetime) -> datetime:
    """A time on this computer's clock."""
    return at.astimezone()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A station that lacks its runner only, which belongs to the main thread."""

    parts: Parts
    opened: Opened
    header: ListHeader
    voters: int
    journal: Path
    opening_ms: dict[str, float]
    reporters: list[Runner]
    release: Callable[[], None]

    def station(self, bridge: Bridge) -> Station:
        """The whole station; to be called on the main thread, once."""
        runner = Runner(self.parts, self.opened.lanes, bridge)
        self.reporters.append(runner)
        runner.observe(DeskLog())

        def close() -> None:
            self.release()
            runner.stop()

        return Station(
            runner,
            self.opened,
            self.header,
            self.voters,
            self.journal,
            self.opening_ms,
            close,
            self.parts.scanner.is_simulated,
        )

    def close(self) -> None:
        """Close what no runner was made for."""
        self.release()
        self.opened.lanes.close()


def open_station(
    folder: StationFolder,
    list_path: Path,
    list_key: Secret,
    scanner: FingerScanner,
    bridge: Bridge,
    now: Callable[[], datetime] = utc_now,
) -> Station:
    """Open a demonstration's list, whose journal's keys lie in plain files.

    The invented commission has opened the day before anybody looks.

    The runner is ready to be started. A session that a crash cut short is closed as
    interrupted. Raises `KnownError` as `VoterList.open`, `Journal.open` and
    `load_or_create_key` do, and `simulated_on_live_list`, `journal_of_other_list`.
    """

    def open_journal_of(voters: VoterList) -> Journal:
        journal = _open_journal(folder, list_path, voters.header, now)
        if journal.look.day.state is DayState.BEFORE:
            _open_day(journal, voters)
        return journal

    prepared = _prepared(
        folder,
        lambda: VoterList.open(list_path, list_key),
        open_journal_of,
        scanner,
        bridge,
        demo_approver(),
    )
    return prepared.station(bridge)


def prepare_unlocked(
    folder: StationFolder,
    unlocked: Unlocked,
    loaded: LoadedList,
    scanner: FingerScanner,
    bridge: Bridge,
    now: Callable[[], datetime],
) -> Prepared:
    """Open the list of a station that two persons have unlocked; on any thread.

    `finish_load` has checked its bytes and written it down. List and journal lie under the
    station's sealed keys, and the journal is the station's, whatever the list calls it.
    Raises `KnownError` as `open_unchanged` and `open_journal` do, and
    `simulated_on_live_list`, `journal_of_other_list`.
    """
    return _prepared(
        folder,
        lambda: open_unchanged(loaded, unlocked.identity),
        lambda _: _in_use(
            open_journal(folder, unlocked, loaded.manifest, now), loaded.manifest.list_sha256
        ),
        scanner,
        bridge,
        VaultApprover(People.load(folder), unlocked),
    )


def _prepared(
    folder: StationFolder,
    open_list: Callable[[], VoterList],
    open_its_journal: Callable[[VoterList], Journal],
    scanner: FingerScanner,
    bridge: Bridge,
    approver: Approver,
) -> Prepared:
    watch = Stopwatch()
    reporters: list[Runner] = []

    def on_bug(bug: BaseException) -> None:
        for runner in reporters:
            runner.report_bug(bug)

    lanes = Lanes.make(bridge, on_bug)
    with ExitStack() as opened:
        opened.callback(lanes.close)
        voters = lanes.matching.call(open_list)
        opened.callback(lambda: lanes.matching.call(voters.close))
        watch.lap("list")
        _refuse_simulated_on_live(voters.header, scanner)
        matcher = lanes.matching.call(lambda: ListMatcher(voters, watch))
        journal = lanes.journal.call(lambda: open_its_journal(voters))
        opened.callback(lambda: lanes.journal.call(journal.close))
        lanes.journal.call(journal.close_interrupted_sessions)
        parts = Parts(
            scanner=scanner,
            assess=assess,
            matcher=matcher,
            voters=voters,
            journal=journal,
            policy=voters.header.policy,
            next_session=journal.last_session() + 1,
            tally=lanes.journal.call(lambda: tally_of(journal)),
            approver=approver,
            day=lanes.journal.call(lambda: stands(journal.look.day, journal.opened.list_kind)),
            marked=frozenset(lanes.journal.call(lambda: journal.look.marked())),  # noqa: PLW0108  (on its thread)
        )
        watch.lap("journal")
        opened.pop_all()

    def release() -> None:
        lanes.journal.run(journal.close, lambda _: None, on_bug)
        lanes.matching.run(voters.close, lambda _: None, on_bug)

    header, count = voters.header, voters.voters
    under = Opened(journal, voters, lanes, approver)
    return Prepared(parts, under, header, count, folder.journal, watch.laps, reporters, release)


def _refuse_simulated_on_live(header: ListHeader, scanner: FingerScanner) -> None:
    if header.kind is ListKind.LIVE and getattr(scanner, "is_simulated", True):
        raise KnownError(
            "simulated_on_live_list",
            "This is a live voter list, and the scanner is a simulated one. "
            "Connect a real scanner, or load a training list.",
        )


def _open_journal(
    folder: StationFolder, list_path: Path, header: ListHeader, now: Callable[[], datetime]
) -> Journal:
    # A journal without its keys is a fault; new keys are made for a new journal only.
    keys = load_key if folder.journal.exists() else load_or_create_key
    key, signer = keys(folder.journal_key), Signer(keys(folder.signing_key))
    origin = f"station-app/{header.kind}/{header.station}"
    digest = list_hash(list_path)
    if not folder.journal.exists():
        election_id, election_date = entry_texts(header.election_day)
        opened = JournalOpened(
            origin=origin,
            list_hash=digest,
            list_sequence=header.sequence,
            list_kind=header.kind.value,
            policy=header.policy.digest(),
            public_key=signer.public_key.hex(),
            app_version=__version__,
            election_id=election_id,
            election_date=election_date,
            previous_origin="",
            previous_size=0,
            previous_root="",
        )
        return Journal.create(folder.journal, key, signer, opened, now)
    journal = Journal.open(folder.journal, key, signer, origin, now)
    return _in_use(journal, digest)


def _open_day(journal: Journal, voters: VoterList) -> None:
    """Nobody types a passphrase for a demonstration's day: everybody's is known."""
    people = demo_approver().people
    chair = next(one for one in people if one.role is Role.CHAIR)
    member = next(one for one in people if one.role is Role.MEMBER)
    election_id, election_date = entry_texts(voters.header.election_day)
    journal.append(
        DayOpened(
            day=1,
            list_sequence=voters.header.sequence,
            listed=voters.voters,
            phone_time="",
            difference_s=0,
            chair=chair.id,
            member=member.id,
            election_id=election_id,
            election_date=election_date,
        )
    )


def _in_use(journal: Journal, digest: str) -> Journal:
    """The journal, if the newest list it knows has this hash."""
    if journal.proven.list_hash != digest:
        journal.close()
        raise KnownError(
            "journal_of_other_list",
            "The station's journal belongs to another voter list. "
            "Load the list it was opened with, or start a new station folder.",
        )
    return journal


def tally_of(journal: Journal) -> Tally:
    look = journal.look
    outcomes = look.day_outcomes()
    voided = frozenset(one.number for one in outcomes if look.void_of(one.number))
    manual = frozenset(
        one.number
        for one in outcomes
        if one.outcome is OutcomeKind.IDENTIFIED and one.method is Method.COMMISSION
    )
    last = list(outcomes[: -_LOOKED_BACK - 1 : -1])
    return Tally.of(look.figures().identified, last, manual - voided, voided)
