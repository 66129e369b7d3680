"""A station that works with a mirror and dies, and a spare beside it."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from station_app.domain.entries import DayOpened, Entry, Outcome, SessionStarted
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.flow.mirroring import mirror_opener
from station_app.flow.opening import open_unlocked
from station_app.flow.recorder import Recorder
from station_app.journal import JournalReader
from station_app.settings import read_machine
from station_app.vault import (
    Passphrase,
    People,
    PublicIdentity,
    StationFolder,
    Unlocked,
)
from tests.commands.stations import Table, passphrase_of
from tests.commands.typed_words import answer, run, secret_file

ENTRIES = 50


def now() -> datetime:
    return datetime.now(UTC)


def identified(session: int, voter: int, policy: str) -> Outcome:
    return Outcome(
        session=session, outcome=OutcomeKind.IDENTIFIED, reason="", method=Method.FINGER,
        voter_id=f"V-{voter:016X}", list_number=voter, first_entry=None, evidence_milli=9123,
        threshold_milli=6100, fingers_compared=600, tries=0, engine="leader-mcc/1", policy=policy,
    )  # fmt: skip


class Drill:
    """One takeover, from the station's setting up to the spare at work."""

    def __init__(self, folder: Path) -> None:
        self.table = Table(folder)
        self.folder = folder
        self.original = self.table.station
        self.spare = StationFolder(folder / "spare")
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.table.write(**{"[trust]": f'[mirror]\nfolder = "{self.stick}"\n\n[trust]'})
        self.table.provision("--out", folder)
        self.plan = folder / "original.toml"
        shutil.copy(self.table.config, self.plan)
        commission = PublicIdentity.load(folder / "БШК.recipient.json")
        self.snapshot = self.table.snapshot(3, 1, 7, commission)
        self.table.provision("--again")
        self.heads: list[Path] = []

    def work(self, entries: int = ENTRIES) -> None:
        """The day's first entries, each on the mirror; a head is kept now and then."""
        with opened(self.original) as (unlocked, recorder):
            journal = recorder.journal
            machine = read_machine(self.original.settings)
            open_mirror = mirror_opener(self.original, unlocked, machine, journal.opened)
            assert open_mirror is not None
            with closing(open_mirror()) as mirror:
                mirror.append(journal.look.records(mirror.upto + 1, 10**6))
                recorder.listen(mirror.append)
                for entry in day(journal, entries):
                    recorder.append(entry)
                    self.keep_head(journal)

    def go_on(self, entries: Sequence[Entry], at: StationFolder | None = None) -> None:
        """The spare, or the station `at`, works with the mirror that its settings name."""
        folder = at or self.spare
        with opened(folder) as (unlocked, recorder):
            journal = recorder.journal
            machine = read_machine(folder.settings)
            open_mirror = mirror_opener(folder, unlocked, machine, journal.opened)
            assert open_mirror is not None
            with closing(open_mirror()) as mirror:
                mirror.append(journal.look.records(mirror.upto + 1, 10**6))
                recorder.listen(mirror.append)
                recorder.close_interrupted_sessions()
                for entry in entries:
                    recorder.append(entry)

    def keep_head(self, journal: JournalReader) -> None:
        path = self.folder / f"{journal.size}.head"
        path.write_text(journal.head.note)
        self.heads.append(path)

    def die(self) -> None:
        shutil.rmtree(self.original.root)

    def provision_spare(self, precinct: str = "9042", **people: str) -> None:
        self.table.write(**{
            'folder = "station"': 'folder = "spare"',
            'kit = "1"': 'kit = "S1"',
            'precinct = "9042"': f'precinct = "{precinct}"',
            "[list]": "",
            'snapshot = "9042-1.vsnap"': "",
            "[trust]": f'[mirror]\nfolder = "{self.stick}"\n\n[trust]',
            **people,
        })  # fmt: skip
        self.table.provision("--out", self.folder)

    @property
    def spare_identity(self) -> Path:
        """The file that the commission gets of the spare."""
        name = PublicIdentity.load(self.spare.public_identity).name
        return self.folder / f"{name}.station.json"

    def packing(self, *words: str | Path, mirror: bool = True, opened: bool = True) -> list[Any]:
        given: list[str | Path] = [
            "--plan", self.plan, "--original", self.folder / "9042-1.station.json",
            "--snapshot", self.snapshot, "--spare", self.spare_identity,
            "--sign", self.folder / "БШК.issuer-key.json", "--out", self.folder / "packs",
            "--passphrase-file", self.table.words,
        ]  # fmt: skip
        if opened:
            given += ["--open", self.folder / "БШК.recipient-key.json"]
            given += ["--open-passphrase-file", self.table.words]
        if mirror:
            given += ["--mirror", self.stick / "9042-1.journal-mirror"]
        return ["takeover", "pack", *given, *words]

    def pack(self, *words: str | Path, mirror: bool = True) -> Path:
        return Path(answer(*self.packing(*words, mirror=mirror))["file"])

    def starting(self, pack: Path, *words: str | Path, member: str = "c1") -> list[Any]:
        given = ("--station", self.spare.root, "--passphrase-dir", self.table.secrets)
        return ["takeover", "start", pack, *given, "--member", member, *words]

    def start(self, pack: Path, *words: str | Path, code: int = 0, member: str = "c1") -> Any:
        return answer(*self.starting(pack, *words, member=member), code=code)

    def start_said(self, pack: Path, *words: str | Path) -> str:
        return run(*self.starting(pack, *words)).stdout

    def passphrase(self, id_: str) -> None:
        secret_file(self.table.secrets / f"{id_}.passphrase", passphrase_of(id_))


def unlock(folder: StationFolder, operator: str = "o1", member: str = "c1") -> Unlocked:
    words = {id_: Passphrase(passphrase_of(id_)) for id_ in (operator, member)}
    return People.load(folder).unlock(operator, words[operator], member, words[member])


@contextmanager
def opened(
    folder: StationFolder, operator: str = "o1", member: str = "c1"
) -> Iterator[tuple[Unlocked, Recorder]]:
    """A station that two persons unlock, as the door does it."""
    unlocked = unlock(folder, operator, member)
    try:
        with closing(open_unlocked(folder, unlocked, now)) as opened:
            yield unlocked, opened.recorder
    finally:
        unlocked.lock()


def day(journal: JournalReader, entries: int) -> Sequence[Entry]:
    """A day's opening and then voters 1, 2, 3 and so on, two entries each."""
    policy, opened = journal.proven.policy, journal.opened
    named = (opened.election_id, opened.election_date)
    found: list[Entry] = [DayOpened(1, 1, 3, "", 0, "c1", "m1", *named)]
    for number in range(1, entries):
        found += [SessionStarted(number), identified(number, number, policy)]
    return found[:entries]
