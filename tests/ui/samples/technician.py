"""Every state of the unlocking and of the technician's pages, with invented facts."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from station_app.devices.camera import CameraFrame
from station_app.devices.computer import Battery
from station_app.devices.media import Medium
from station_app.domain.appearance import STANDARD, Appearance
from station_app.domain.readiness_report import (
    DeviceState,
    ListState,
    MachineState,
    Readiness,
    Reason,
    SpokenHash,
    Weight,
)
from station_app.domain.roles import Person, Role
from station_app.domain.samples import FingerImage
from station_app.flow.readiness import ClockFacts
from station_app.flow.sticks import Sticks
from station_app.snapshots import LoadStep, Refusal
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.portraits import WEBCAM, portrait
from station_app.ui.room_shell import RoomShell
from station_app.ui.stick_picker import StickDialog
from station_app.ui.technician.appearance_page import APPEARANCE, AppearanceView
from station_app.ui.technician.devices_page import DEVICES
from station_app.ui.technician.load_page import LOAD
from station_app.ui.technician.loading import (
    STOPPED,
    ChoosingView,
    FoundSnapshot,
    LoadingView,
    LoadOutcome,
    LoadView,
    SnapshotFacts,
    StepView,
    StickContents,
)
from station_app.ui.technician.people_page import PEOPLE
from station_app.ui.technician.readiness_page import READY, ReadinessView
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.technician.self_test import (
    CardFact,
    CardFinding,
    CardKey,
    CardState,
    CardView,
    MinutesFact,
    SelfTestView,
    SizeFact,
    judge_battery,
    judge_clock,
    judge_disk,
)
from station_app.ui.technician.self_test_page import TEST
from station_app.ui.unlock.entry import (
    ListIdentity,
    SideState,
    SideView,
    TrainingView,
    UnlockStage,
    UnlockView,
)
from station_app.ui.unlock.keyboard_watch import Layout
from station_app.ui.unlock.screen import UnlockScreen
from station_app.ui.widgets.step_timeline import StepState
from tests.ui.samples.invented import invented
from tests.ui.samples.people import sample_people_views
from tests.ui.samples.plugged_in import sample_devices_views

NOW = datetime(2026, 11, 29, 6, 48)  # noqa: DTZ001  # local, as the screens are told it
_CREATED = datetime(2026, 11, 27, 18, 2)  # noqa: DTZ001
_DIGITS, _WORDS = "39201 90122 44120 11832", "olive canyon ribbon velvet oxygen arrow"
_SIZE = 56_200_000

SAMPLE_STICKS = (
    Medium(Path("/media/k"), "KINGSTON", 31 * 10**9, 12 * 10**9, "FAT32", is_writable=True),
    Medium(Path("/media/t"), "TRANSCEND", 8 * 10**9, 7 * 10**9, "exFAT", is_writable=False),
    Medium(Path("/media/o"), "OLD", 10**9, 3_000_000, "FAT32", is_writable=True),
)
"""One that takes a file, one that is read only, one that is nearly full."""


def sample_unlock_views(language: str) -> dict[str, UnlockView]:
    """Every state of screen 01, by the name of its picture."""
    said = invented(language)
    operator_name, chair_name = said.people[:2]
    operator = SideView(Role.OPERATOR, Person("sadyrova", operator_name, Role.OPERATOR), 1)
    chair = SideView(Role.MEMBER, Person("osmonov", chair_name, Role.CHAIR), 2)
    identity = ListIdentity(
        precinct="7042",
        place=said.town_and_school,
        voters=2318,
        sequence=3,
        created=_CREATED,
        issuer=said.commission,
        digits=_DIGITS,
        words=_WORDS,
        is_proven=True,
    )
    here = replace(operator, state=SideState.ACCEPTED)
    both = replace(chair, state=SideState.ACCEPTED)
    locked = UnlockView(UnlockStage.LOCKED, operator, chair, identity)
    nobody = (SideView(Role.OPERATOR, None, 0), SideView(Role.MEMBER, None, 0))
    return {
        "unlock": replace(locked, operator=here),
        "unlock-first": replace(locked, identity=replace(identity, is_proven=False)),
        "unlock-checking": replace(
            locked, operator=replace(operator, state=SideState.CHECKING), is_slow=True
        ),
        "unlock-wrong": replace(
            locked, operator=here, member=replace(chair, state=SideState.WRONG, tries=3)
        ),
        "unlock-wait": replace(
            locked, operator=here, member=replace(chair, state=SideState.WAITING, wait_s=47)
        ),
        "unlock-opening": UnlockView(UnlockStage.OPENING, here, both, identity, is_slow=True),
        "unlock-comparing": UnlockView(
            UnlockStage.OPENING, here, both, identity, is_slow=True, compared=(1200, 5000)
        ),
        "unlock-open": UnlockView(UnlockStage.OPEN, here, both, identity, opened_voters=2318),
        "unlock-expired-approval": replace(locked, fault="approval_expired"),
        "unlock-no-list": UnlockView(
            UnlockStage.NO_LIST, operator, chair, fault=Refusal.NONE_LOADED, precinct="7042"
        ),
        "unlock-list-refused": UnlockView(
            UnlockStage.NO_LIST, operator, chair, fault=Refusal.SIGNATURE
        ),
        "unlock-not-set-up": UnlockView(UnlockStage.NOT_SET_UP, *nobody),
        "unlock-starting": UnlockView(UnlockStage.STARTING, *nobody),
    }


def sample_load_views(language: str) -> dict[str, LoadView]:
    """Every state of screen 12, by the name of its picture."""
    issuer = invented(language).commission
    facts = SnapshotFacts(
        election="KG-2026-11-29",
        precinct="7042",
        sequence=3,
        created=_CREATED,
        valid_from=datetime(2026, 11, 28),  # noqa: DTZ001
        valid_to=datetime(2026, 12, 1),  # noqa: DTZ001
        issuer=issuer,
        list_size=_SIZE,
        counts={"voters": 2318, "fingers": 4611, "faces": 2251, "portraits": 2296, "bad_rows": 7},
        digits=_DIGITS,
        words=_WORDS,
    )
    counts = {"voters": 2301, "fingers": 4580, "faces": 2230, "portraits": 2280, "bad_rows": 9}
    before = replace(facts, sequence=2, counts=counts, created=datetime(2026, 11, 24))  # noqa: DTZ001
    found = FoundSnapshot(Path("7042-3.vsnap"), "KINGSTON", _SIZE + 12_000, _CREATED)
    older = FoundSnapshot(Path("7042-2.vsnap"), "KINGSTON", _SIZE - 900_000, datetime(2026, 11, 24))  # noqa: DTZ001
    running = LoadingView(found, _steps(4), LoadOutcome.RUNNING, facts, before)
    return {
        "load-insert": ChoosingView(StickContents((), ()), loaded=before),
        "load-insert-first": ChoosingView(StickContents((), ())),
        "load-looking": ChoosingView(None),
        "load-stick-empty": ChoosingView(StickContents(SAMPLE_STICKS, ()), loaded=before),
        "load-stick-out": ChoosingView(StickContents((), ()), SAMPLE_STICKS[0], before),
        "load-choose": ChoosingView(StickContents(SAMPLE_STICKS, (found, older)), loaded=before),
        "load-running": running,
        "load-stopping": replace(running, outcome=LoadOutcome.STOPPING),
        "load-done": LoadingView(found, _steps(len(LoadStep)), LoadOutcome.DONE, facts, before),
        **{
            f"load-refused-{code.removeprefix('vsnap_').replace('_', '-')}": LoadingView(
                found,
                _steps(place, StepState.FAILED),
                LoadOutcome.FAILED,
                facts if place > 1 else None,
                before,
                code,
            )
            for code, place in _REFUSED_AT.items()
        },
    }


_REFUSED_AT: dict[str, int] = {
    Refusal.NOT_A_SNAPSHOT: 0,
    Refusal.TRUNCATED: 0,
    Refusal.MISSING: 0,
    Refusal.BUSY: 0,
    "issuers_missing": 0,
    "identity_missing": 0,
    Refusal.SIGNATURE: 1,
    Refusal.UNKNOWN_ISSUER: 1,
    Refusal.NEWER_FORMAT: 1,
    Refusal.OTHER_PURPOSE: 2,
    Refusal.OTHER_ELECTION: 2,
    Refusal.OTHER_PRECINCT: 2,
    Refusal.NOT_FOR_THIS_STATION: 2,
    Refusal.OTHER_ENGINE: 2,
    Refusal.EXPIRED: 3,
    Refusal.NOT_YET_VALID: 3,
    Refusal.ROLLBACK: 3,
    Refusal.SAME_SEQUENCE_OTHER_HASH: 3,
    Refusal.HASH: 4,
    Refusal.MEDIUM: 4,
    "disk_full": 4,
    STOPPED: 4,
    "disk_fault": 5,
    Refusal.LIST_FORM: 5,
    "no_write_permission": 6,
}
"""The step at which each refusal comes."""


def _steps(place: int, state: StepState = StepState.RUNNING) -> tuple[StepView, ...]:
    """The steps with the one at `place` in `state`, those before it done."""
    steps = []
    for number, step in enumerate(LoadStep):
        if number < place:
            steps.append(StepView(step, StepState.DONE))
        elif number > place:
            steps.append(StepView(step, StepState.WAITING))
        elif state is StepState.RUNNING:
            steps.append(StepView(step, state, round(_SIZE * 0.63), _SIZE, left_s=2.4))
        else:
            steps.append(StepView(step, state))
    return tuple(steps)


def sample_test_views(finger: Callable[[], FingerImage]) -> dict[str, SelfTestView]:
    """Every state of screen 13, by the name of its picture."""
    absent = (CardKey.CAMERA, CardKey.DOCUMENT_READER, CardKey.DISPLAY)
    present = [key for key in CardKey if key not in absent]
    untested = SelfTestView(tuple(CardView(key) for key in present), absent)
    clock = judge_clock(ClockFacts(NOW))
    same = CardFinding(CardState.PASSED, "scanner_same", {}, finger())
    room = judge_disk(61 * 10**9, keeps=True)
    good = {
        CardKey.SCANNER: same,
        CardKey.PRINTER: CardFinding(CardState.PASSED, "printer_yes", {}),
        CardKey.PAPER: CardFinding(CardState.PASSED, "paper_yes", {}),
        CardKey.STICK: CardFinding(
            CardState.PASSED, "stick_kept", {"stick": "KINGSTON", "speed": 21}
        ),
        CardKey.DISK: room,
        CardKey.CLOCK: _answered(clock, "clock_yes"),
        CardKey.BATTERY: judge_battery(Battery(96, is_charging=True, minutes=None)),
        CardKey.SOUND: CardFinding(CardState.PASSED, "sound_yes", {}),
    }
    asking = {
        CardKey.SCANNER: same,
        CardKey.PRINTER: CardFinding(CardState.ASKING, "printer_asked", {}),
        CardKey.PAPER: CardFinding(CardState.ASKING, "paper_asked", {}),
        CardKey.STICK: good[CardKey.STICK],
        CardKey.DISK: room,
        CardKey.CLOCK: clock,
        CardKey.BATTERY: judge_battery(Battery(38, is_charging=False, minutes=70)),
        CardKey.SOUND: CardFinding(CardState.ASKING, "sound_asked", {}),
    }
    behind = judge_clock(ClockFacts(NOW, last_known=NOW.replace(minute=52)))
    mixed = good | {
        CardKey.CLOCK: behind,
        CardKey.BATTERY: asking[CardKey.BATTERY],
    }
    early = ClockFacts(NOW, valid_from=NOW.replace(day=30))
    late = ClockFacts(NOW, valid_to=NOW.replace(day=28))
    bad = {
        CardKey.SCANNER: CardFinding(CardState.FAILED, "scanner_lost", {}),
        CardKey.PRINTER: CardFinding(CardState.FAILED, "printer_no", {}),
        CardKey.PAPER: CardFinding(CardState.FAILED, "paper_no", {}),
        CardKey.STICK: CardFinding(CardState.FAILED, "medium_worn", {}),
        CardKey.DISK: judge_disk(10**9, keeps=True),
        CardKey.CLOCK: judge_clock(early),
        CardKey.BATTERY: judge_battery(Battery(4, is_charging=False, minutes=6)),
        CardKey.SOUND: CardFinding(CardState.FAILED, "sound_no", {}),
    }
    nothing = {
        CardKey.SCANNER: CardFinding(CardState.FAILED, "scanner_nothing", {}),
        CardKey.PRINTER: CardFinding(CardState.ATTENTION, "printer_none", {}),
        CardKey.PAPER: CardFinding(CardState.ATTENTION, "paper_none", {}),
        CardKey.STICK: CardFinding(
            CardState.ATTENTION, "stick_none", {"needed": SizeFact(110_000_000)}
        ),
        CardKey.DISK: judge_disk(3 * 10**9, keeps=True),
        CardKey.CLOCK: judge_clock(late),
        CardKey.BATTERY: judge_battery(None),
        CardKey.SOUND: CardFinding(CardState.ATTENTION, "sound_none", {}),
    }
    without_scanner: dict[CardKey, CardFinding] = {
        key: one for key, one in mixed.items() if key is not CardKey.SCANNER
    }
    picture = _before_the_camera()
    seen: dict[str, CardFact] = {"size": "1280×720", "rate": 30}
    same = CardFinding(CardState.PASSED, "camera_same", seen, picture)
    with_camera = {
        "self-test-camera": asking | {CardKey.CAMERA: same},
        "self-test-camera-morning": good | {CardKey.CAMERA: replace(same, code="camera_sees")},
        **{
            f"self-test-camera-{code}": good
            | {CardKey.CAMERA: CardFinding(CardState.FAILED, f"camera_{code}", {}, picture)}
            for code in (
                "dark",
                "no_face",
                "faces",
                "place",
                "light",
                "blurred",
                "turned",
                "other",
            )
        },
        "self-test-camera-lost": good
        | {CardKey.CAMERA: CardFinding(CardState.FAILED, "camera_lost", {})},
        "self-test-camera-silent": good
        | {CardKey.CAMERA: CardFinding(CardState.FAILED, "camera_no_picture", {})},
        "self-test-camera-busy": good
        | {CardKey.CAMERA: CardFinding(CardState.FAILED, "camera_busy", {})},
        "self-test-camera-several": good
        | {CardKey.CAMERA: CardFinding(CardState.FAILED, "camera_several", {})},
        "self-test-camera-closed": good
        | {CardKey.CAMERA: CardFinding(CardState.FAILED, "camera_not_permitted", {})},
    }
    return {
        **{state: _view(cards, absent[1:]) for state, cards in with_camera.items()},
        "self-test": _view(mixed, absent),
        "self-test-everything": SelfTestView(tuple(map(CardView, CardKey))),
        "self-test-running": SelfTestView(
            (
                CardView(CardKey.SCANNER, CardState.RUNNING, "scanner_again", {}, finger(), 1, 2),
                CardView(CardKey.CAMERA, CardState.RUNNING, "camera_again", {}, picture, 1, 2),
                CardView(CardKey.PRINTER, CardState.ASKING, "printer_asked", {}),
                CardView(CardKey.PAPER, CardState.FAILED, "disk_full", {}),
                *(CardView(key) for key in CardKey if key not in (*CardKey,)[:4]),
            )
        ),
        "self-test-measuring": _view(
            {
                key: CardFinding(CardState.RUNNING, code, facts)
                for key, code, facts in (
                    (CardKey.PAPER, "paper_printing", {"printer": "HP-LaserJet-1020"}),
                    (CardKey.STICK, "stick_reading", {"stick": "TRANSCEND"}),
                    (CardKey.BATTERY, "battery_measuring", {}),
                )
            },
            (),
        ),
        "self-test-found": _view(
            good
            | {
                CardKey.SCANNER: CardFinding(
                    CardState.FAILED, "scanner_resolution", {"ppi": 500, "likely": 1010}
                ),
                CardKey.CAMERA: same,
                CardKey.PRINTER: CardFinding(CardState.ATTENTION, "printer_paper_low", {}),
                CardKey.DOCUMENT_READER: CardFinding(
                    CardState.ASKING, "document_reader_id_card", {"last": "4819"}
                ),
                CardKey.DISPLAY: CardFinding(CardState.ASKING, "display_asked", {}, typed="4711"),
                CardKey.STICK: CardFinding(
                    CardState.ATTENTION, "stick_unproven", {"stick": "KINGSTON", "speed": 9}
                ),
                CardKey.BATTERY: CardFinding(
                    CardState.ATTENTION,
                    "battery_weak",
                    {"percent": 96, "left": MinutesFact(100)},
                ),
            },
            (),
        ),
        **{
            f"self-test-display-{code}": _view(
                good | {CardKey.DISPLAY: CardFinding(state, f"display_{code}", {})}, absent[:-1]
            )
            for code, state in (
                ("there", CardState.PASSED),
                ("yes", CardState.PASSED),
                ("no", CardState.FAILED),
                ("off", CardState.FAILED),
            )
        },
        "self-test-untested": untested,
        "self-test-attention": _view(good | {CardKey.BATTERY: judge_battery(None)}, absent),
        "self-test-asking": _view(asking, absent),
        "self-test-ready": _view(good, absent),
        "self-test-failed": _view(bad, absent),
        "self-test-absent": _view(nothing, absent),
        "self-test-no-scanner": _view(without_scanner, (CardKey.SCANNER, *absent)),
    }


@cache
def _before_the_camera() -> CameraFrame:
    """What the camera shows while an invented person sits before it."""
    seen = portrait(InventedFace(11, "f", 34), WEBCAM)
    return CameraFrame(seen.tobytes(), WEBCAM.width, WEBCAM.height, 30, 1.0, False)


def _answered(finding: CardFinding, code: str) -> CardFinding:
    return replace(finding, state=CardState.PASSED, code=code)


def _view(findings: dict[CardKey, CardFinding], absent: tuple[CardKey, ...]) -> SelfTestView:
    cards = (
        CardView(key, found.state, found.code, found.facts, found.image, typed=found.typed)
        for key, found in sorted(findings.items(), key=lambda one: list(CardKey).index(one[0]))
    )
    return SelfTestView(tuple(cards), absent)


def sample_readiness_views(language: str) -> dict[str, ReadinessView]:
    """Every state of the readiness page, by the name of its picture."""
    place, issuer = invented(language).town_and_school, invented(language).commission
    spoken = SpokenHash("7042-3.vsnap", _WORDS, _DIGITS)
    now = NOW.astimezone()
    ready = Readiness(
        station=SpokenHash("7042-1", _WORDS, _DIGITS),
        kind="live",
        precinct="7042",
        languages=("ky", "ru"),
        trusted=(SpokenHash(issuer, _WORDS, _DIGITS),),
        recipients=(issuer,),
        mirror="/media/mirror",
        people={Role.OPERATOR: 2, Role.MEMBER: 2, Role.CHAIR: 1, Role.TECHNICIAN: 1},
        devices=(
            DeviceState(
                "finger_scanner",
                "libfprint",
                "",
                "usb:05ba:000a:A1B2C3D4",
                "tried",
                now,
                "full",
                is_tried_today=True,
            ),
        ),
        list=ListState(
            election="KG-2026-11-29",
            kind="live",
            precinct="7042",
            place=place,
            sequence=3,
            counts={
                "voters": 2318,
                "fingers": 4611,
                "faces": 2251,
                "portraits": 2296,
                "bad_rows": 0,
            },
            created=_CREATED.astimezone(),
            valid_from=now,
            valid_to=now,
            issuer=issuer,
            hash=spoken,
            is_proven=True,
        ),
        machine=MachineState(
            now=now,
            last_known=None,
            free_bytes=61 * 10**9,
            battery_percent=96,
            is_charging=True,
            app_version="0.2.0",
            engine="leader-mcc/3",
        ),
        events=0,
        reasons=(),
    )
    reasons = (
        Reason("scanner_not_configured", Weight.BLOCKS, {}),
        Reason("vsnap_expired", Weight.BLOCKS, {}),
        Reason("battery_low", Weight.ATTENTION, {"percent": 38}),
        Reason("list_untried", Weight.ATTENTION, {}),
        Reason("rows_left_out", Weight.ATTENTION, {"number": 7}),
    )
    not_ready = replace(ready, reasons=reasons)
    return {
        "readiness": ReadinessView(not_ready),
        "readiness-ready": ReadinessView(ready),
        "readiness-looking": ReadinessView(None),
        "readiness-saved": ReadinessView(ready, "KINGSTON", "7042-1-readiness.pdf"),
        "readiness-not-saved": ReadinessView(not_ready, fault="disk_full"),
    }


STICK_STATES = {"load-sticks": Sticks(SAMPLE_STICKS), "load-no-stick": Sticks(())}
"""The dialog of the sticks on the loading page."""


def stick_dialog(room: RoomShell, title: str, sticks: Sticks) -> StickDialog:
    """The dialog as a room opens it."""
    return StickDialog(room, room.texts, room.style_in_use, title=room.texts(title), sticks=sticks)


APPEARANCE_STATES = {
    "appearance": AppearanceView(),
    "appearance-goes-dark": AppearanceView(goes_dark=True),
    "appearance-damaged": AppearanceView(was_damaged=True),
    "appearance-not-kept": AppearanceView(fault="settings_missing"),
}


TRAINING_STATES: Final = {
    "unlock-lessons-open": ("unlock-no-list", TrainingView(is_open=True)),
    "unlock-lessons-failed": ("unlock-not-set-up", TrainingView(has_failed=True)),
    "unlock-lessons-refused": ("unlock-expired-approval", TrainingView(fault="lessons_closed")),
}
"""What the unlocking screen says of the lessons, before which of its views."""


def technician_states(
    language: str,
    finger: Callable[[], FingerImage],
    size: QSize,
    appearance: Appearance = STANDARD,
) -> Iterable[tuple[str, QWidget]]:
    """Every state's name and the widget that shows it, until the next is asked for."""
    screen = UnlockScreen(language=language, appearance=appearance)
    screen.resize(size)
    screen.set_clock(NOW)
    screen.set_keyboard(Layout.LATIN, caps_lock=False)
    screen.show_training(TrainingView())
    unlocking = sample_unlock_views(language)
    for state, view in unlocking.items():
        screen.show_view(view)
        yield state, screen
    for state, (behind, training) in TRAINING_STATES.items():
        screen.show_view(unlocking[behind])
        screen.show_training(training)
        yield state, screen
    screen.deleteLater()
    room = TechnicianRoom(language=language, appearance=appearance)
    room.resize(size)
    room.set_place("7042")
    room.set_clock(NOW)
    for state, loading in sample_load_views(language).items():
        room.show_view(LOAD, loading)
        yield state, room
    for state, sticks in STICK_STATES.items():
        room.open_dialog(stick_dialog(room, "load.stick_title", sticks))
        yield state, room
    room.close_dialog()
    room.go_to(DEVICES)
    for state, devices in sample_devices_views().items():
        room.show_view(DEVICES, devices)
        yield state, room
    room.go_to(TEST)
    for state, testing in sample_test_views(finger).items():
        room.show_view(TEST, testing)
        yield state, room
    room.go_to(READY)
    for state, sheet in sample_readiness_views(language).items():
        room.show_view(READY, sheet)
        yield state, room
    room.go_to(PEOPLE)
    for state, people in sample_people_views(language).items():
        room.show_view(PEOPLE, people)
        yield state, room
    room.go_to(APPEARANCE)
    for state, looks in APPEARANCE_STATES.items():
        room.show_view(APPEARANCE, looks)
        yield state, room
    room.go_to(LOAD)
    room.deleteLater()
