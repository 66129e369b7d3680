"""Looks at a station without any secret: is it ready for its day?

Every byte of the loaded list is compared with its issuer's signature. Devices are looked for, not
opened: whether they work, the trials of the self-test say (ADR 0047). Not looked at: the journal,
which is sealed until two persons unlock it. What identification can do without is mentioned.
"""

import os
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from station_app import __version__
from station_app.devices.computer import battery, free_bytes
from station_app.devices.drivers import DeviceFamily
from station_app.devices.plugged_in import PluggedIn, plugged_in
from station_app.domain.device_trials import Trials, Verdict
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import (
    DeviceState,
    ListState,
    MachineState,
    Readiness,
    Reason,
    SpokenHash,
    Weight,
)
from station_app.domain.roles import Role
from station_app.domain.slips import PrinterState
from station_app.flow.signed_settings import refuse_unsigned, seen_settings
from station_app.flow.trial_book import DeviceFacts, device_facts, read_trials
from station_app.journal.records import head_file
from station_app.settings import Machine
from station_app.snapshots import (
    LoadedList,
    Manifest,
    PendingEvent,
    loaded_list,
    read_pending,
    refuse_outside_validity,
)
from station_app.snapshots.list_opening import refuse_changed
from station_app.vault import (
    IdentityKind,
    People,
    PublicIdentity,
    StationFolder,
    is_pulled,
    refuse_changed_pins,
)
from station_app.vault.identity import spoken_digits, spoken_words

LEAST_BYTES: Final = 2 * 10**9
"""Free bytes without which a day is not begun."""

NEEDED_BYTES: Final = 4 * 10**9
FULL_ENOUGH: Final = 50
"""Percent of the battery below which it is charged first."""

_UNPLUGGED: Final = {
    DeviceFamily.FINGER_SCANNER: "scanner_lost",
    DeviceFamily.PRINTER: PrinterState.LOST.code,
    DeviceFamily.CAMERA: Code.CAMERA_LOST.value,
    DeviceFamily.DOCUMENT_READER: Code.DOCUMENT_READER_LOST.value,
    DeviceFamily.VOTER_DISPLAY: Code.DISPLAY_LOST.value,
}
_EMPTY: Final = 7
_TOLERANCE: Final = timedelta(minutes=2)
_ENDS_SOON: Final = timedelta(days=2)
_GIGABYTE: Final = 10**9

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """The times a clock is compared with: the list's validity, and `last_known`, the newest time
    that the station has written down; None where there is nothing.
    """

    now: datetime
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    last_known: datetime | None = None

    @property
    def behind(self) -> timedelta:
        """How far the clock is behind what was written down; zero where it may be right."""
        late = timedelta() if self.last_known is None else self.last_known - self.now
        return late if late > _TOLERANCE else timedelta()


def clock_facts(
    folder: StationFolder,
    loaded: LoadedList | None,
    waiting: Iterable[PendingEvent],
    now: datetime,
) -> ClockFacts:
    """The clock at `now`, beside the list and the events that wait for an unlocking.

    The journal's own times are sealed until two persons unlock it; its head is replaced after
    each entry, so that its file tells when the last one was written.
    """
    times = [one.at for one in waiting]
    head = head_file(folder.journal)
    if head.exists():
        times.append(datetime.fromtimestamp(head.stat().st_mtime, UTC))
    if loaded is None:
        return ClockFacts(now, last_known=max(times, default=None))
    said = loaded.manifest
    return ClockFacts(now, said.valid_from, said.valid_to, max([*times, said.created]))


class _Look:
    """Collects findings and reasons."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []

    def block(self, code: str, detail: str = "", **facts: str | int) -> None:
        """Something has to be repaired; `detail` is what the command line says."""
        self.reasons.append(Reason(code, Weight.BLOCKS, facts, detail))

    def mention(self, code: str, **facts: str | int) -> None:
        """Something to look after."""
        self.reasons.append(Reason(code, Weight.ATTENTION, facts))

    def of_devices(self, code: str, weight: Weight = Weight.BLOCKS, **facts: int) -> None:
        """A device that is missing, does not work, or was not tried."""
        self.reasons.append(Reason(code, weight, facts, is_of_devices=True))

    def attempt(self, act: Callable[[], T]) -> T | None:
        """The result of `act`; None where it raised a `KnownError`, which becomes a reason."""
        try:
            return act()
        except KnownError as fault:
            self.reasons.append(Reason(fault.code, Weight.BLOCKS, {}, fault.message))
            return None


def look_at(
    folder: StationFolder,
    engines: Sequence[str],
    now: datetime,
    printer_fault: Callable[[Machine], str] | None = None,
    trials: Trials | None = None,
    found: Callable[[], Sequence[PluggedIn]] = plugged_in,
) -> Readiness:
    """The readiness of the station in `folder`, also where parts are missing or broken.

    `engines` are this program's, `now` this machine's clock (aware). `printer_fault` gives the
    code of why the slip printer cannot print, empty where it can or there is none; without it the
    printer is looked for and not asked. `trials` are the journal's; None while the station is
    locked: then its plain file tells, which anybody may have written. `found` lists what is plugged
    in. Raises `KnownError` `station_missing` where there is no such folder for this user.
    """
    if not os.access(folder.root, os.R_OK | os.X_OK) or not folder.root.is_dir():
        raise KnownError(
            Code.STATION_MISSING,
            f"There is no folder {folder.root} that this user may read. Check its name, and "
            "start the program as the user it belongs to.",
        )
    look = _Look()
    identity = look.attempt(lambda: PublicIdentity.load(folder.public_identity))
    settings = look.attempt(lambda: seen_settings(folder))
    if settings is not None:
        look.attempt(lambda: refuse_unsigned(folder))
    known = look.attempt(lambda: People.load(folder))
    people = () if known is None else known.persons
    if known is not None and (from_files := known.from_files):
        look.mention("passphrases_from_files", number=from_files)
    trusted = look.attempt(lambda: PublicIdentity.load_all(folder.trusted, IdentityKind.ISSUER))
    results = look.attempt(lambda: PublicIdentity.load_all(folder.trusted, IdentityKind.RECIPIENT))
    if trusted == ():
        look.block("issuers_missing")
    elif trusted and identity is not None:
        own = identity
        look.attempt(lambda: refuse_changed_pins(folder, own))
    roles = Counter(one.role for one in people)
    if people and not roles[Role.CHAIR]:
        look.block("chair_missing")
    if people and roles[Role.MEMBER] + roles[Role.CHAIR] == 1:
        look.block("member_missing")
    loaded = look.attempt(lambda: loaded_list(folder, trusted)) if trusted else None
    if loaded is not None:
        _judge_list(look, loaded, identity, settings, engines, now)
    devices: tuple[DeviceFacts, ...] = ()
    if settings is not None:
        book = read_trials(folder) if trials is None else trials
        devices = _judge_devices(look, settings, printer_fault, book, found(), now)
        _judge_trials(look, devices, book, _is_the_day(loaded, now))
    events = look.attempt(lambda: read_pending(folder.pending_events))
    if events is not None and events.unreadable:
        look.mention("events_unreadable", number=events.unreadable)
    waiting = events.events if events is not None else ()
    machine = _machine(look, folder, clock_facts(folder, loaded, waiting, now), ", ".join(engines))
    _judge_modes(look, folder)
    return Readiness(
        station=None if identity is None else _compared(identity),
        kind="" if settings is None else settings.kind.value,
        precinct="" if settings is None else settings.precinct,
        languages=() if settings is None else settings.languages,
        trusted=tuple(map(_compared, trusted or ())),
        recipients=tuple(one.name for one in results or ()),
        mirror="" if settings is None else settings.mirror,
        people={role: roles[role] for role in Role},
        devices=tuple(map(_device_state, devices)),
        list=None if loaded is None else _list_state(loaded),
        machine=machine,
        events=len(waiting),
        reasons=tuple(sorted(look.reasons, key=lambda one: one.weight is Weight.ATTENTION)),
    )


def _judge_list(
    look: _Look,
    loaded: LoadedList,
    identity: PublicIdentity | None,
    settings: Machine | None,
    engines: Sequence[str],
    now: datetime,
) -> None:
    manifest = loaded.manifest
    look.attempt(lambda: refuse_changed(loaded))
    look.attempt(lambda: refuse_outside_validity(manifest, now))
    if identity is not None and manifest.recipient(identity.fingerprint()) is None:
        look.block("list_not_for_us")
    if settings is not None and manifest.precinct != settings.precinct:
        look.block("list_other_precinct", offered=manifest.precinct, own=settings.precinct)
    if settings is not None and manifest.kind.value != settings.kind.value:
        look.block("list_other_kind", offered=manifest.kind.value, own=settings.kind.value)
    unusable = [one for one in manifest.engines if one not in engines]
    if len(unusable) == len(manifest.engines):
        look.block("vsnap_other_engine")
    elif unusable:
        look.mention("list_partly_usable", offered=", ".join(unusable))
    if not loaded.is_proven:
        look.mention("list_untried")
    if not manifest.counts["fingers"]:
        look.block("list_without_fingers")
    if manifest.counts["bad_rows"]:
        look.mention("rows_left_out", number=manifest.counts["bad_rows"])
    has_camera = settings is not None and settings.device(DeviceFamily.CAMERA) is not None
    if has_camera and not manifest.faces:
        look.mention("list_without_faces")
    if settings is not None and manifest.faces and not has_camera:
        look.mention("camera_not_configured")
    if now <= manifest.valid_to < now + _ENDS_SOON:
        look.mention("list_ends_soon", hours=_hours(manifest.valid_to - now))


def _judge_devices(
    look: _Look,
    settings: Machine,
    printer_fault: Callable[[Machine], str] | None,
    book: Trials,
    found: Sequence[PluggedIn],
    now: datetime,
) -> tuple[DeviceFacts, ...]:
    """Whether what the settings name is there: without it the station is not ready."""
    if settings.device(DeviceFamily.FINGER_SCANNER) is None:
        look.block(
            "scanner_not_configured",
            "No fingerprint scanner is in the settings. Add it to the plan, then "
            "provision --again.",
        )
    mirror = settings.mirror
    is_in = os.path.isdir(mirror) and not is_pulled(Path(mirror))  # noqa: PTH112  (raises for none)
    if mirror and not is_in:
        look.mention("mirror_missing")
    today = now.astimezone().date()
    facts = look.attempt(lambda: device_facts(settings, book, found, today)) or ()
    if any(one.judged is None for one in facts):
        look.mention("devices_simulated")
    for one in facts:
        if one.device.family is DeviceFamily.PRINTER and printer_fault is not None:
            if fault := look.attempt(partial(printer_fault, settings)):
                look.of_devices(fault)
        elif not one.hardware:
            weight = Weight.ATTENTION if one.judged is None else Weight.BLOCKS
            look.of_devices(_UNPLUGGED[one.device.family], weight)
    return facts


def _judge_trials(
    look: _Look, devices: Sequence[DeviceFacts], book: Trials, is_the_day: bool
) -> None:
    """What was not tried with the hardware that is there is not ready."""
    verdicts = Counter(one.judged.verdict for one in devices if one.judged is not None)
    if number := verdicts[Verdict.UNTRIED]:
        look.of_devices("devices_untried", number=number)
    if number := verdicts[Verdict.CHANGED]:
        look.of_devices("devices_changed", number=number)
    families = {one.value for one in DeviceFamily}
    failed = [one for one in book.failed_parts() if one not in families]
    if number := verdicts[Verdict.FAILED] + len(failed):
        look.of_devices("self_test_failed", number=number)
    late = [one for one in devices if one.judged is not None and not one.judged.is_of_today]
    if is_the_day and late:
        look.of_devices("morning_check_missing", Weight.ATTENTION)


def _is_the_day(loaded: LoadedList | None, now: datetime) -> bool:
    """Whether today is the day that the list is for."""
    day = None if loaded is None else loaded.manifest.election_day
    return day is not None and day.date == now.astimezone().date()


def _judge_modes(look: _Look, folder: StationFolder) -> None:
    """Others than the station's user may get at its folders."""
    for place in (folder.root, folder.keys, folder.lists):
        if place.exists() and place.stat().st_mode & 0o077:
            command = f"chmod 700 {shlex.quote(str(place))}"
            look.block(
                "folder_exposed",
                f"Other users of this computer can read {place}. Type: {command}",
                path=str(place),
            )
            return


def _machine(look: _Look, folder: StationFolder, clock: ClockFacts, engine: str) -> MachineState:
    if clock.behind:
        look.block("clock_behind", hours=_hours(clock.behind))
    free, power = free_bytes(folder.root), battery()
    if free < LEAST_BYTES:
        look.block("disk_short", free=free // _GIGABYTE, needed=NEEDED_BYTES // _GIGABYTE)
    elif free < NEEDED_BYTES:
        look.mention("disk_low", free=free // _GIGABYTE, needed=NEEDED_BYTES // _GIGABYTE)
    if power is None:
        look.mention("battery_none")
    elif not power.is_charging and power.percent <= _EMPTY:
        look.block("battery_empty", percent=power.percent)
    elif not power.is_charging and power.percent < FULL_ENOUGH:
        look.mention("battery_low", percent=power.percent)
    return MachineState(
        now=clock.now,
        last_known=clock.last_known,
        free_bytes=free,
        battery_percent=None if power is None else power.percent,
        is_charging=power is not None and power.is_charging,
        app_version=__version__,
        engine=engine,
    )


def _compared(identity: PublicIdentity) -> SpokenHash:
    return SpokenHash(identity.name, identity.words(), identity.digits())


def _device_state(facts: DeviceFacts) -> DeviceState:
    device, judged = facts.device, facts.judged
    trial = None if judged is None else judged.trial
    return DeviceState(
        family=device.family.value,
        driver=device.driver,
        port=device.port,
        hardware=facts.hardware,
        verdict="" if judged is None else judged.verdict.value,
        tried=None if trial is None else trial.at,
        test="" if trial is None else trial.test.value,
        by="" if trial is None else trial.by,
        is_tried_today=judged is not None and judged.is_of_today,
    )


def _list_state(loaded: LoadedList) -> ListState:
    manifest: Manifest = loaded.manifest
    digest = bytes.fromhex(manifest.list_sha256)
    counts: Mapping[str, int] = dict(manifest.counts)
    return ListState(
        election=manifest.election,
        kind=manifest.kind.value,
        precinct=manifest.precinct,
        place=manifest.place,
        sequence=manifest.sequence,
        counts=counts,
        created=manifest.created,
        valid_from=manifest.valid_from,
        valid_to=manifest.valid_to,
        issuer=manifest.issuer,
        hash=SpokenHash(manifest.file_name, spoken_words(digest), spoken_digits(digest)),
        is_proven=loaded.is_proven,
    )


def _hours(span: timedelta) -> int:
    """Whole hours, at least 1."""
    return max(1, round(span / timedelta(hours=1)))
