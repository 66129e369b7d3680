"""Collecting: from folders of bundles into the tables, each verified, each once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from station_app.centre.collecting.loading import Arrival, Loaded, Meant, load
from station_app.centre.collecting.log_sources import LogSource, find_sources
from station_app.centre.collecting.schema import election_of, look_up, prepare
from station_app.centre.collecting.server import connected, is_not_storable
from station_app.centre.processes import cores, end_with_parent, told_of_losses, undisturbed
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.tlog_tiles import read_log
from station_app.snapshots.takeover_pack import OpenedPack
from station_app.vault import AgeIdentity, PublicIdentity

if TYPE_CHECKING:
    from psycopg import Connection

_WORTH_A_PROCESS: Final = 100  # logs; below, starting one takes longer than the work
_AHEAD: Final = 3  # opened logs that wait for each process
_WAITING_BYTES: Final = 256 << 20
"""Of opened logs that wait: large ones wait one after another."""
_STOPS_ALL: Final = "database_"  # codes that begin so: every other log would meet the fault too

_RAISED_BY_CONTENT: Final = (ValueError, OverflowError, RecursionError, MemoryError)
"""By texts that are none, numbers and times out of range, deep nesting and huge members. Others,
as `TypeError`, are faults of this program and are not hidden here."""

Tell = Callable[[str, int, int], None]
"""Is told of a step how much of it is done, of how much."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One call of the collector.

    `kind` is live, training or demo. `election` is the id of the one whose journals are meant,
    empty for what was said before. `utc_offset` is the polling stations' time less UTC, in
    whole minutes. `pins` are the identities of stations that are awaited, `spares` of those
    that may have taken one over, with one of the `packs`. `jobs` is the number of processes,
    None for one a core.
    """

    database: str
    folders: tuple[Path, ...]
    recipient: AgeIdentity | None
    kind: str = "live"
    election: str = ""
    utc_offset: timedelta = timedelta(hours=6)
    pins: tuple[PublicIdentity, ...] = ()
    spares: tuple[PublicIdentity, ...] = ()
    packs: tuple[OpenedPack, ...] = ()
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A source and what became of it; `loaded` is None where it was refused, for `code`."""

    path: str
    loaded: Loaded | None
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What one call has done; `known` counts sources that had been read before."""

    known: int
    arrived: tuple[Arrived, ...]
    seconds: float

    @property
    def refused(self) -> tuple[Arrived, ...]:
        """Sources that were not collected."""
        return tuple(one for one in self.arrived if one.loaded is None)

    @property
    def forks(self) -> tuple[Arrived, ...]:
        """Logs that disagree with what was collected of their station before."""
        return tuple(
            one for one in self.arrived if one.loaded and one.loaded.arrival is Arrival.FORK
        )


@dataclass(frozen=True, slots=True)
class _Task:
    """A log to verify and load; no key is in it, nor anything else that is secret."""

    path: str
    digest: bytes
    files: Mapping[str, bytes]

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(map(len, self.files.values()))


def collect(asked: Collection, tell: Tell) -> Collected:
    """Load every bundle and log in the folders that was not loaded before.

    A source that cannot be used stops no other: it is among the `refused`. Each log is a
    transaction, so that a call that was stopped is simply made again. Raises `KnownError`:
    what `connected`, `prepare` and `find_sources` raise, `worker_lost`, and the faults of the
    database that every other log would meet.
    """
    started = monotonic()
    with connected(asked.database) as tables:
        offset = round(asked.utc_offset / timedelta(minutes=1))
        prepare(tables, asked.kind, offset, asked.election)
        _pin(tables, asked.pins, is_expected=True)
        _pin(tables, asked.spares, is_expected=False)
        _issue(tables, asked.packs)
        found = find_sources(asked.folders)
        sources = found.sources
        read = {row[0] for row in tables.execute("SELECT digest FROM source")}
        tasks = _Tasks(sources, asked.recipient, read)
        jobs = asked.jobs or max(1, min(cores(), len(sources) // _WORTH_A_PROCESS))
        with _Loaders(asked.database, jobs) as loaders:
            arrived = []
            for one in loaders.each(iter(tasks)):
                arrived.append(one)
                tell("collect", tasks.known + len(tasks.refused) + len(arrived), len(sources))
        # The next report counts on it, and autovacuum may be an hour away.
        if any(one.loaded and one.loaded.added for one in arrived):
            tell("settle", 0, 1)
            tables.execute(
                "VACUUM (ANALYZE) entry, void, opening, takeover, finding, history, maker"
            )
            tell("settle", 1, 1)
    arrived += tasks.refused
    arrived += [_refused(path, fault) for path, fault in found.unreadable]
    arrived.sort(key=lambda one: one.path)
    return Collected(tasks.known, tuple(arrived), monotonic() - started)


@contextmanager
def _refusing_hostile() -> Iterator[None]:
    """Around everything that parses a source or stores what it says.

    Raises `KnownError` `log_unreadable`.
    """
    try:
        yield
    except Exception as fault:
        if isinstance(fault, _RAISED_BY_CONTENT) or is_not_storable(fault):
            raise KnownError(
                Code.LOG_UNREADABLE,
                "The source holds what is no entry or cannot be kept, so it was not collected. "
                "Keep it and ask the developers.",
            ) from fault
        raise


class _Tasks:
    """Opens sources one after another; the key that opens them stays in this process."""

    def __init__(
        self, sources: Sequence[LogSource], recipient: AgeIdentity | None, read: set[bytes]
    ) -> None:
        self.known = 0
        self.refused: list[Arrived] = []
        self._sources = sources
        self._recipient = recipient
        self._read = read

    def __iter__(self) -> Iterator[_Task]:
        for source in self._sources:
            try:
                with _refusing_hostile():
                    read = source.read()
                    if read.digest in self._read:
                        self.known += 1
                        continue
                    files = read.open(self._recipient)
            except KnownError as fault:
                self.refused.append(_refused(source.name, fault))
                continue
            self._read.add(read.digest)
            yield _Task(source.name, read.digest, files)


class _Loaders:
    """Verifies and loads in `jobs` processes, each with a connection of its own."""

    def __init__(self, database: str, jobs: int) -> None:
        self._database = database
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._own: ExitStack = ExitStack()

    def __enter__(self) -> "_Loaders":
        if self._jobs > 1:
            self._pool = ProcessPoolExecutor(
                self._jobs,
                get_context("spawn"),
                initializer=end_with_parent,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._own.close()
        if self._pool is not None:
            with undisturbed():
                self._pool.shutdown(cancel_futures=True)

    def each(self, tasks: Iterator[_Task]) -> Iterator[Arrived]:
        """What becomes of each, in the order in which they are finished."""
        if self._pool is None:
            loader = _Loader(self._own.enter_context(connected(self._database)))
            for task in tasks:
                # A log is in or not in: Ctrl-C waits for it.
                with undisturbed():
                    arrived = loader.load(task)
                yield arrived
            return
        with told_of_losses():
            for arrived in self._shared(tasks, self._pool):
                if arrived.code.startswith(_STOPS_ALL):
                    raise KnownError(arrived.code, arrived.reason)
                yield arrived

    def _shared(self, tasks: Iterator[_Task], pool: ProcessPoolExecutor) -> Iterator[Arrived]:
        waiting: dict[Future[Arrived], int] = {}
        for task in tasks:
            with undisturbed():
                waiting[pool.submit(_load, self._database, task)] = task.size
            while self._is_enough(waiting):
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for one in done:
                    del waiting[one]
                    yield one.result()
        yield from (one.result() for one in waiting)

    def _is_enough(self, waiting: Mapping[Future[Arrived], int]) -> bool:
        count = len(waiting)
        return count >= self._jobs * (1 + _AHEAD) or sum(waiting.values()) > _WAITING_BYTES


class _Loader:
    def __init__(self, tables: "Connection[tuple[Any, ...]]") -> None:
        self._tables = tables
        kind, minutes = look_up(tables)
        self._meant = Meant(kind, timedelta(minutes=minutes), election_of(tables))

    def load(self, task: _Task) -> Arrived:
        try:
            with _refusing_hostile():
                log = read_log(task.files, None)
                loaded = load(self._tables, log, task.digest, task.path, self._meant)
        except KnownError as fault:
            return _refused(task.path, fault)
        return Arrived(task.path, loaded)


_connection = ExitStack()
"""Of a process that loads: kept from one log to the next, until the process ends."""


@cache
def _loader(database: str) -> _Loader:
    return _Loader(_connection.enter_context(connected(database)))


def _load(database: str, task: _Task) -> Arrived:
    # A KnownError does not travel between processes, and psycopg's own errors do.
    try:
        loader = _loader(database)
    except KnownError as fault:
        return _refused(task.path, fault)
    return loader.load(task)


def _refused(path: str, fault: KnownError) -> Arrived:
    return Arrived(path, None, fault.code, fault.message)


def _pin(
    tables: "Connection[tuple[Any, ...]]",
    identities: Iterable[PublicIdentity],
    *,
    is_expected: bool,
) -> None:
    with tables.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO pin (name, public_key, is_expected, fingerprint) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (name, public_key) DO UPDATE"
            " SET is_expected = excluded.is_expected, fingerprint = excluded.fingerprint",
            [(one.name, one.signing_key, is_expected, one.fingerprint()) for one in identities],
        )


def _issue(tables: "Connection[tuple[Any, ...]]", packs: Iterable[OpenedPack]) -> None:
    with tables.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO pack VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (
                    bytes.fromhex(one.sha256),
                    one.pack.spare_fingerprint,
                    one.pack.original.origin,
                    one.pack.original.public_key,
                    one.pack.original.precinct,
                    one.pack.made,
                )
                for one in packs
            ],
        )
