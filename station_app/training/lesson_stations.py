"""The stations of a lesson: set up in a folder of the lesson's own, with everything invented.

Their keys and the issuer's are drawn by the process that shows the lesson, and never leave it:
nothing of a lesson is taken by another station, a training station either (ADR 0067).
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Final

from station_app.biometrics.engines import engine_names
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.centre.takeover_pack import PackOrder, make_pack
from station_app.devices.drivers import DeviceFamily
from station_app.domain.election import entry_texts
from station_app.domain.entries import DayOpened, Entry, Outcome, SessionStarted
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.roles import Person
from station_app.flow.mirroring import mirror_opener
from station_app.flow.opening import UnlockedStation, open_unlocked
from station_app.flow.provisioning import set_up
from station_app.flow.signed_settings import write_desk_settings
from station_app.flow.takeover import take_over
from station_app.flow.takeover_evidence import read_seen, weigh_evidence
from station_app.languages import language_codes, voter_languages
from station_app.settings import Device, Machine, Plan, StationKind, read_machine
from station_app.snapshots import (
    PUBLIC_DEMO_LIST_KEY,
    LoadingStation,
    ManifestFields,
    VoterList,
    load_snapshot,
    write_container,
)
from station_app.snapshots.takeover_pack import SUFFIX, open_pack
from station_app.synthetic.precinct import PRECINCT_NUMBER, PRECINCT_PLACE
from station_app.training.lesson_people import AT_STATION, CHAIR, MEMBER, OPERATOR, PASSPHRASES
from station_app.training.lists import demo_precinct, shipped_demo_list
from station_app.training.training_list import write_training_list
from station_app.vault import (
    AgeIdentity,
    Cost,
    Enrolment,
    IdentityKind,
    Passphrase,
    People,
    PublicIdentity,
    Secret,
    Signer,
    StationFolder,
    Unlocked,
    write_fault,
)

KIT: Final = "lesson"
_SPARE_KIT: Final = "lesson2"
_COST: Final = Cost(memory_kib=8, iterations=1)
"""Next to nothing: everybody's passphrase is shown beside the screen."""
_NAME: Final = "TRAINING"
"""Of the commission that has signed: nobody takes it for a real one."""
_SNAPSHOT: Final = f"{PRECINCT_NUMBER}.vsnap"
_LIST: Final = "list.vlist"
_AROUND: Final = timedelta(days=1)
_VISIT: Final = timedelta(minutes=2)
_DEVICES: Final = (
    Device(DeviceFamily.FINGER_SCANNER, "simulated"),
    Device(DeviceFamily.PRINTER, "escpos"),
)
"""Both are programs. Lessons before a camera are those of a desk."""
_EVIDENCE: Final = 9000, 6000
"""Of who was identified before the lesson: evidence and threshold, -log10 FMR x 1000."""


@dataclass(frozen=True, slots=True)
class LessonFolder:
    """The folder of one attempt at a lesson."""

    root: Path

    @property
    def station(self) -> StationFolder:
        """The station that the learner works at."""
        return StationFolder(self.root / "station")

    @property
    def dead(self) -> StationFolder:
        """The station that has died, where a spare takes over."""
        return StationFolder(self.root / "dead")

    @property
    def stick(self) -> Path:
        """What is in the place of the stick that a technician brings."""
        return self.root / "stick"

    @property
    def mirror(self) -> Path:
        """What is in the place of the dead station's second medium."""
        return self.root / "mirror"


@dataclass(frozen=True, slots=True)
class StationStart:
    """How the station stands when a lesson begins.

    `is_loaded`: it has its list, as one has that was unlocked before. `identified` are rows of the
    demo list whose voters were identified today. `takes_over`: it is a spare without a list, and
    they were identified at the station that has died.
    """

    is_loaded: bool = True
    is_open: bool = True
    identified: tuple[int, ...] = ()
    takes_over: bool = False


class _Commission:
    """The commission of one lesson: its keys live as long as the lesson is prepared."""

    def __init__(self) -> None:
        self.signer = Signer(Secret(token_bytes(32)))
        self.opener = AgeIdentity.generate()
        self.issuer = PublicIdentity(IdentityKind.ISSUER, _NAME, self.signer.public_key, None)
        results = PublicIdentity(IdentityKind.RECIPIENT, _NAME, None, self.opener.recipient)
        self.pins = (self.issuer, results)


_made: dict[StationStart, tuple[LessonFolder, datetime]] = {}
"""What this process has made, and when: going back a step asks for the same once more."""
_OWN: Final = "station-app-lessons-"
_MOST_AGE: Final = timedelta(hours=1)


def put_station(
    folder: LessonFolder, start: StationStart, printer: Path, now: Callable[[], datetime]
) -> None:
    """Put a station that stands so into the new `folder`, its printer at this device file; `now` is
    the lesson's clock.

    Copied from the one that this process has made, where it has made one within the hour. Raises
    `KnownError` as `set_up`, `write_list`, `write_container`, `load_snapshot`, `open_unlocked` and
    `make_pack` do, and as `write_fault` says.
    """
    copy_folder(_prepared(start, now).root, folder.root)
    machine = read_machine(folder.station.settings)
    devices = tuple(
        replace(one, port=str(printer)) if one.family is DeviceFamily.PRINTER else one
        for one in machine.devices
    )
    write_desk_settings(folder.station, replace(machine, devices=devices))


def copy_folder(source: Path, to: Path) -> None:
    """Copy a folder with everything in it into the folder `to`, made where it is not there.

    Raises `KnownError` as `write_fault` does, at the first file that cannot be written: what
    `copytree` raises after the last one has lost the reason.
    """

    def copy(file: str, copied: str) -> None:
        try:
            shutil.copy2(file, copied)
        except OSError as error:
            raise write_fault(error, Path(copied)) from error

    try:
        shutil.copytree(source, to, copy_function=copy, dirs_exist_ok=True)
    except OSError as error:
        raise write_fault(error, to) from error


def _prepared(start: StationStart, now: Callable[[], datetime]) -> LessonFolder:
    folder, at = _made.get(start, (None, now()))
    if folder is not None and abs(now() - at) < _MOST_AGE:
        return folder
    made = LessonFolder(temporary_folder())
    atexit.register(shutil.rmtree, made.root, ignore_errors=True)
    _Making(made, now).prepare(start)
    _made[start] = made, now()
    return made


def temporary_folder() -> Path:
    """A new one of this process, whose maker removes it; those that killed ones have left go.

    Raises `KnownError` as `write_fault` does.
    """
    place = Path(tempfile.gettempdir())
    for old in place.glob(f"{_OWN}*"):
        process = old.name.removeprefix(_OWN).partition("-")[0]
        if not Path("/proc", process).exists():
            shutil.rmtree(old, ignore_errors=True)
    try:
        return Path(tempfile.mkdtemp(prefix=f"{_OWN}{os.getpid()}-"))
    except OSError as error:
        raise write_fault(error, place) from error


class _Making:
    """Makes what a lesson begins with, once."""

    def __init__(self, folder: LessonFolder, now: Callable[[], datetime]) -> None:
        self._folder, self._now, self._commission = folder, now, _Commission()

    def prepare(self, start: StationStart) -> None:
        """Make the station, and whatever it needs, in the empty folder."""
        folder = self._folder
        folder.stick.mkdir(parents=True)
        if start.takes_over:
            folder.mirror.mkdir()
            dead = self._set_up(folder.dead, KIT, str(folder.mirror))
            own = self._set_up(folder.station, _SPARE_KIT)
            snapshot = self._write_snapshot(folder.root, dead, own)
            self._begin_day(folder.dead, snapshot, start)
            order = PackOrder(
                dead, own, snapshot, AT_STATION, (), tuple(folder.mirror.glob("*.journal-mirror")),
                self._commission.opener, self._commission.issuer, self._commission.signer,
            )  # fmt: skip
            make_pack(order, folder.stick, self._now())
            return
        own = self._set_up(folder.station, KIT)
        snapshot = self._write_snapshot(folder.stick, own)
        if start.is_loaded:
            self._begin_day(folder.station, snapshot, start)

    def _set_up(self, folder: StationFolder, kit: str, mirror: str = "") -> PublicIdentity:
        machine = Machine(
            StationKind.TRAINING,
            PRECINCT_NUMBER,
            kit,
            language_codes(),
            voter_languages(),
            _DEVICES,
            mirror,
        )
        plan = Plan(machine, folder.root, (), (), AT_STATION, None)
        people = [Enrolment(one, _passphrase(one), is_public=True) for one in AT_STATION]
        return set_up(folder.root, plan, self._commission.pins, people, _COST, self._now())

    def _write_snapshot(self, to: Path, *stations: PublicIdentity) -> Path:
        """The shipped precinct, signed for these stations; nobody is enrolled again."""
        plain, now = self._folder.root / _LIST, self._now()
        with closing(VoterList.open(shipped_demo_list(), PUBLIC_DEMO_LIST_KEY)) as source:
            write_training_list(
                plain,
                PUBLIC_DEMO_LIST_KEY,
                source,
                demo_precinct().voters,
                range(source.voters),
                sequence=1,
                created=now - _AROUND,
                place=PRECINCT_PLACE,
            )
            portraits = source.faces
        fields = ManifestFields(
            list_key=PUBLIC_DEMO_LIST_KEY,
            recipients=stations,
            issuer=self._commission.issuer.name,
            valid_from=now - _AROUND,
            valid_to=now + _AROUND,
            counts={"portraits": portraits, "bad_rows": 0},
        )
        path = to / _SNAPSHOT
        write_container(plain, fields, self._commission.signer, path)
        plain.unlink()
        return path

    def _begin_day(self, folder: StationFolder, snapshot: Path, start: StationStart) -> None:
        """The list is loaded and has passed its trial; the day so far is in the journal."""
        own = PublicIdentity.load(folder.public_identity)
        station = LoadingStation(own, (self._commission.issuer,), engine_names())
        before = self._now() - _VISIT
        load_snapshot(snapshot, folder, station, before)
        with unlocked_by_two(folder) as (_, unlocked):
            opened = open_unlocked(folder, unlocked, lambda: before)
            with closing(opened):
                if start.is_open:
                    _write_day(opened, start.identified)
                _mirror(folder, unlocked, opened)


def _write_day(opened: UnlockedStation, identified: Sequence[int]) -> None:
    """Chair and member have opened the day, and these voters were identified."""
    recorder, voters = opened.recorder, opened.voters
    election_id, election_date = entry_texts(opened.manifest.election_day)
    entries: list[Entry] = [
        DayOpened(
            day=1,
            list_sequence=opened.manifest.sequence,
            listed=voters.voters,
            phone_time="",
            difference_s=0,
            chair=CHAIR.id,
            member=MEMBER.id,
            election_id=election_id,
            election_date=election_date,
        )
    ]
    evidence, threshold = _EVIDENCE
    for session, row in enumerate(identified, start=1):
        voter = voters.voter(row)
        outcome = Outcome(
            session=session,
            outcome=OutcomeKind.IDENTIFIED,
            reason="",
            method=Method.FINGER,
            voter_id=voter.voter_id,
            list_number=voter.list_number,
            first_entry=None,
            evidence_milli=evidence,
            threshold_milli=threshold,
            fingers_compared=voters.fingers,
            tries=1,
            engine=ENGINE,
            policy=voters.header.policy.digest(),
        )
        entries += [SessionStarted(session), outcome]
    for entry in entries:
        recorder.append(entry)


def _mirror(folder: StationFolder, unlocked: Unlocked, opened: UnlockedStation) -> None:
    """Bring the second medium up to date, where the settings name one."""
    journal = opened.recorder.journal
    open_mirror = mirror_opener(folder, unlocked, opened.machine, journal.opened)
    if open_mirror is not None:
        with closing(open_mirror()) as mirror:
            mirror.append(journal.look.records(1, journal.size))


@contextmanager
def unlocked_by_two(folder: StationFolder) -> Iterator[tuple[People, Unlocked]]:
    """Operator and member unlock a lesson's station, which is locked again at the end."""
    people = People.load(folder)
    both = [people.enter(one.id, _passphrase(one)) for one in (OPERATOR, MEMBER)]
    unlocked = people.join(*both)
    try:
        yield people, unlocked
    finally:
        unlocked.lock()


def _passphrase(person: Person) -> Passphrase:
    return Passphrase(PASSPHRASES[person.id])


def take_over_by_stick(folder: LessonFolder, now: Callable[[], datetime]) -> int:
    """What the technician does with `takeover start`, and the commission agrees to: the spare goes
    on for the dead station, by the pack on the stick and the mirror; how many entries it carries.

    Raises `KnownError` as `open_pack`, `read_seen`, `weigh_evidence` and `take_over` do.
    """
    path = next(folder.stick.glob(f"*{SUFFIX}"))
    trusted = PublicIdentity.load_all(folder.station.trusted, IdentityKind.ISSUER)
    found = open_pack(path, trusted)
    with unlocked_by_two(folder.station) as (people, unlocked):
        seen = read_seen(folder.mirror, found.pack, found.pack.mirror_keys(unlocked.identity.age))
        evidence = weigh_evidence(found.pack, seen)
        proofs = tuple(people.prove(unlocked, one.id, _passphrase(one)) for one in (CHAIR, MEMBER))
        done = take_over(folder.station, unlocked, proofs, found, evidence, engine_names(), now)
    return done.evidence.size
