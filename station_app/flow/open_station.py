"""Connects a station's open list and journal with its scanner, on lanes, under a runner."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from station_app.biometrics.engines import FINGERS, usable
from station_app.devices.camera import Camera
from station_app.devices.finger_scanner import FingerScanner
from station_app.domain.day import DayState, desk_state
from station_app.domain.election import entry_texts
from station_app.domain.entries import DayOpened
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Role
from station_app.domain.samples import FaceShots
from station_app.flow.approvals import DEMO_MEMBER, Approver, VaultApprover, demo_approver
from station_app.flow.bridge import Bridge
from station_app.flow.desk_log import DeskLog
from station_app.flow.face_capture import FaceParts
from station_app.flow.list_trial import Matchers, matchers_of
from station_app.flow.opening import UnlockedStation
from station_app.flow.recorder import Recorder
from station_app.flow.runner import DeskLanes, DeskParts, Runner
from station_app.flow.station_devices import Cable, camera_cable, scanner_cable, unknown_cable
from station_app.flow.station_journal import first_entry
from station_app.journal import Journal
from station_app.snapshots import ListHeader, ListKind, VoterList, list_hash
from station_app.vault import People, Secret, Signer, StationFolder, load_key, load_or_create_key


@dataclass(frozen=True, slots=True)
class OpenParts:
    """A station's open journal and list, each for its lane, and the people who may sign."""

    recorder: Recorder
    voters: VoterList
    lanes: DeskLanes
    approver: Approver


@dataclass(frozen=True, slots=True)
class OpenStation:
    """An open station. `is_scanner_simulated`: no finger of a real person is read here."""

    runner: Runner
    opened: OpenParts
    close: Callable[[], None]
    is_scanner_simulated: bool

    @property
    def header(self) -> ListHeader:
        """The list's header."""
        return self.opened.voters.header

    @property
    def voters(self) -> int:
        """How many are on the list."""
        return self.opened.voters.voters


def utc_now() -> datetime:
    """The station's clock."""
    return datetime.now(tz=UTC)


def local(at: datetime) -> datetime:
    """A time on this computer's clock."""
    return at.astimezone()


@dataclass(frozen=True, slots=True)
class PreparedStation:
    """A station that lacks its lanes and its runner, which belong to the main thread."""

    parts: DeskParts
    voters: VoterList

    def station(self, bridge: Bridge) -> OpenStation:
        """The whole station; to be called on the main thread, once."""

        def on_bug(bug: BaseException) -> None:
            runner.report_bug(bug)

        lanes = DeskLanes.make(bridge, on_bug)
        runner, recorder = Runner(self.parts, lanes, bridge), self.parts.recorder
        runner.observe(DeskLog())

        def close() -> None:
            lanes.journal.run(recorder.close, lambda _: None, on_bug)
            lanes.matching.run(self.voters.close, lambda _: None, on_bug)
            runner.stop()

        under = OpenParts(recorder, self.voters, lanes, self.parts.approver)
        return OpenStation(runner, under, close, self.parts.scanner.is_simulated)

    def close(self) -> None:
        """Close list and journal where no runner was made."""
        self.parts.recorder.close()
        self.voters.close()


LESSON_STATION: Final = "lesson"
"""The station's name in the origin of a lesson's journal: station-app/training/lesson."""


@dataclass(frozen=True, slots=True)
class LessonDay:
    """A lesson's day: open when the learner comes, or still to be opened. Of the invented
    commission a member has unlocked beside the operator.
    """

    begins_open: bool = True


def open_station(
    folder: StationFolder,
    list_path: Path,
    list_key: Secret,
    scanner: FingerScanner,
    bridge: Bridge,
    now: Callable[[], datetime] = utc_now,
    camera: Camera | None = None,
    lesson: LessonDay | None = None,
) -> OpenStation:
    """Open a demonstration's list, whose journal's keys lie in plain files.

    The invented commission has opened the day before anybody looks. For a `lesson` the same list
    is a training station's, with an origin of its own.

    The runner is ready to be started. A session that a crash cut short is closed as
    interrupted. Raises `KnownError` as `VoterList.open`, `matchers_of`, `Journal.open` and
    `load_or_create_key` do, and `simulated_on_live_list`, `journal_of_other_list`.
    """
    with ExitStack() as undoing:
        voters = VoterList.open(list_path, list_key)
        undoing.callback(voters.close)
        _refuse_simulated_on_live(voters.header, scanner, camera)
        matchers = matchers_of(voters)
        header, member = voters.header, ""
        if lesson is not None:
            header = replace(header, kind=ListKind.TRAINING, station=LESSON_STATION)
            member = DEMO_MEMBER.id
        recorder = _open_journal(folder, list_path, header, now)
        undoing.callback(recorder.close)
        begins_open = lesson is None or lesson.begins_open
        if begins_open and recorder.journal.look.day.state is DayState.BEFORE:
            _open_day(recorder, voters)
        parts = _parts(voters, matchers, recorder, scanner, demo_approver(member), camera=camera)
        undoing.pop_all()
    return PreparedStation(parts, voters).station(bridge)


def prepare_unlocked(
    opened: UnlockedStation, scanner: FingerScanner, camera: Camera | None = None
) -> PreparedStation:
    """Prepare a station that two persons have unlocked; on any thread.

    The caller closes `opened`, also where this raises: `KnownError` as `Recorder.append` and
    `People.load` do, and `simulated_on_live_list`.
    """
    voters = opened.voters
    _refuse_simulated_on_live(voters.header, scanner, camera)
    approver = VaultApprover(People.load(opened.folder), opened.unlocked)
    return PreparedStation(
        _parts(
            voters,
            opened.matchers,
            opened.recorder,
            scanner,
            approver,
            scanner_cable(opened.machine),
            camera,
            camera_cable(opened.machine),
        ),
        voters,
    )


def _parts(
    voters: VoterList,
    matchers: Matchers,
    recorder: Recorder,
    scanner: FingerScanner,
    approver: Approver,
    cable: Cable = unknown_cable,
    camera: Camera | None = None,
    looks: Cable = unknown_cable,
) -> DeskParts:
    recorder.close_interrupted_sessions()
    journal = recorder.journal
    return DeskParts(
        scanner=scanner,
        assess=FINGERS.assess,
        matchers=matchers,
        voters=voters,
        recorder=recorder,
        policy=voters.header.policy,
        next_session=journal.last_session() + 1,
        approver=approver,
        day=desk_state(journal.look.day, journal.opened.list_kind),
        marked=frozenset(journal.look.marked()),
        cable=cable,
        face=_face_parts(voters, matchers, camera, looks),
    )


def _face_parts(
    voters: VoterList, matchers: Matchers, camera: Camera | None, cable: Cable
) -> FaceParts | None:
    """None without a camera, and where the list or the rules have no faces."""
    header = voters.header
    if camera is None or FaceShots not in matchers or header.policy.face_tries <= 0:
        return None
    engine = usable(header.engines)[FaceShots]
    return FaceParts(camera, engine.assess, engine.prepare, cable=cable)


def _refuse_simulated_on_live(
    header: ListHeader, scanner: FingerScanner, camera: Camera | None
) -> None:
    if header.kind is not ListKind.LIVE:
        return
    what = {"scanner": scanner, "camera": camera}
    for name, device in what.items():
        if device is not None and getattr(device, "is_simulated", True):
            raise KnownError(
                Code.SIMULATED_ON_LIVE_LIST,
                f"This is a live voter list, and the {name} is a simulated one. "
                f"Connect a real {name}, or load a training list.",
            )


def _open_journal(
    folder: StationFolder, list_path: Path, header: ListHeader, now: Callable[[], datetime]
) -> Recorder:
    # A journal without its keys is a fault; new keys are made for a new journal only.
    keys = load_key if folder.journal.exists() else load_or_create_key
    key, signer = keys(folder.journal_key), Signer(keys(folder.signing_key))
    origin = f"station-app/{header.kind}/{header.station}"
    digest = list_hash(list_path)
    if not folder.journal.exists():
        opened = first_entry(origin, signer, header, digest)
        return Recorder(Journal.create(folder.journal, key, signer, opened, now))
    recorder = Recorder(Journal.open(folder.journal, key, signer, origin, now))
    if recorder.journal.proven.list_hash != digest:
        recorder.close()
        raise KnownError(
            Code.JOURNAL_OF_OTHER_LIST,
            "The station's journal belongs to another voter list. "
            "Load the list it was opened with, or start a new station folder.",
        )
    return recorder


def _open_day(recorder: Recorder, voters: VoterList) -> None:
    """Nobody types a passphrase for a demonstration's day: everybody's is known."""
    people = demo_approver().people
    chair = next(one for one in people if one.role is Role.CHAIR)
    member = next(one for one in people if one.role is Role.MEMBER)
    election_id, election_date = entry_texts(voters.header.election_day)
    recorder.append(
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
