"""Every state of the desk with invented people, by the name of its picture."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.domain.day import DayState
from station_app.domain.entry_codes import BallotPlace, PrintedTo, StopFinding
from station_app.domain.errors import SCREEN_CODES
from station_app.domain.fingers import EVERY_FINGER, FingerPosition
from station_app.domain.liveness import FaceStep
from station_app.domain.roles import Person, Role
from station_app.domain.samples import FingerImage, LiveFrame, Meters, RetryReason
from station_app.domain.voters import Voter
from station_app.flow.approvals import CommissionAct, DemoApprover
from station_app.flow.bridge import QueueBridge
from station_app.flow.face_capture import FaceView
from station_app.flow.lane import Lane
from station_app.ui.operator.capture import (
    BusyStage,
    BusyView,
    CaptureView,
    LiveKind,
    TouchStage,
)
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.devices import ScannerState, SlipStage, SlipView
from station_app.ui.operator.face import FaceStageView
from station_app.ui.operator.manual import ManualShare, ManualView, PersonStage, ProposedCard
from station_app.ui.operator.notice import (
    BlockedView,
    BrokenView,
    RestingView,
    ScannerUnpluggedView,
    VoidedView,
)
from station_app.ui.operator.page import View
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.verdict import (
    AlreadyView,
    CommissionReason,
    CommissionView,
    IdentifiedView,
    MismatchView,
    NotOnListView,
    StopFacts,
    StopLookView,
)
from station_app.ui.operator.views import (
    DayView,
    GapView,
    HandMarks,
    LastOutcome,
    LastRow,
    TopBarView,
    VoterCard,
)
from station_app.ui.widgets.key_bar import DeskKey
from tests.ui.samples.devices import ALL_WELL, DeviceSample, device_samples
from tests.ui.samples.faces import DRAWN, Faces, face_orders, face_views, seen_in
from tests.ui.samples.invented import invented

FingerSource = Callable[[RetryReason | None], FingerImage]
"""Gives a picture of a finger: a good one for None, else one with that fault."""

_LAST = (
    LastRow("11:41", LastOutcome.IDENTIFIED, 611),
    LastRow("11:40", LastOutcome.IDENTIFIED, 1874),
    LastRow("11:38", LastOutcome.NOT_ON_LIST),
)
SAMPLE_GAP = GapView("9042-1", "10:42")
_NEVER_ENDS = (
    CommissionReason.CALLED, CommissionReason.FACE_PROPOSES, CommissionReason.CAMERA_LOST
)  # fmt: skip
"""Reasons that no session ends with."""
_SOME = HandMarks(
    frozenset({FingerPosition.LEFT_THUMB, FingerPosition.LEFT_RING}),
    frozenset({FingerPosition.LEFT_THUMB, FingerPosition.LEFT_INDEX, FingerPosition.LEFT_RING}),
)
_VOID_ROW = LastRow("11:41", LastOutcome.VOID, 612)
_DAY = DayView(identified_today=261, on_list=2318, last=_LAST)


def desk_states(
    language: str,
    finger: FingerSource,
    size: QSize,
    faces: Faces = DRAWN,
    appearance: Appearance = STANDARD,
) -> Iterable[tuple[str, QWidget]]:
    """Every state's name and the desk that shows it, until the next is asked for."""
    desk = OperatorDesk(language=language, moving=False, appearance=appearance)
    desk.set_commission(sample_commission())
    desk.set_has_room()
    desk.set_has_lock()
    desk.set_slips(PrintedTo.PRINTER)
    desk.set_has_display()
    desk.resize(size)
    for state, view in sample_views(language, finger, faces).items():
        show_sample(desk, view, finger, language, faces=faces)
        yield state, desk
    for state, sample in sample_devices(language, faces).items():
        show_sample(desk, sample.view, finger, language, sample)
        yield state, desk
    show_sample(desk, sample_views(language, finger, faces)["face"], finger, language)
    for state, seen in face_orders(faces).items():
        desk.show_face(FaceView(FaceStep.BACK))  # or a flaw would stay long enough to be read
        desk.show_face(seen)
        yield state, desk
    for state, (view, key) in _sample_dialogs().items():
        show_sample(desk, view, finger, language)
        desk.press(key)
        yield state, desk
    desk.set_gap(SAMPLE_GAP)
    for state, view in sample_gaps(language, faces).items():
        show_sample(desk, view, finger, language)
        yield state, desk
    desk.deleteLater()


def sample_gaps(language: str, faces: Faces = DRAWN) -> dict[str, View]:
    """The desk of a spare that went on without all entries, by the name of its picture."""
    return {
        "gap-ready": ReadyView(FingerPosition.RIGHT_INDEX, _DAY),
        "gap-identified": IdentifiedView(_voter(language, faces)),
        "gap-resting": RestingView(DayState.PAUSED, _DAY),
    }


def sample_commission() -> CommissionAct:
    """An invented commission: an operator at the desk, and two members to choose from."""
    operator = Person("sadyrova", "N. Sadyrova", Role.OPERATOR)
    people = (
        operator,
        Person("ismailova", "G. Ismailova", Role.MEMBER),
        Person("osmonov", "B. Osmonov", Role.CHAIR),
    )
    lane = Lane("pictures", QueueBridge(), lambda _: None)
    return CommissionAct(lane, DemoApprover(people, operator.id, "picture"))


def _sample_dialogs() -> dict[str, tuple[View, DeskKey]]:
    """Every dialog over the desk: what is behind it, and the key that opens it."""
    ready = ReadyView(FingerPosition.RIGHT_INDEX, _DAY)
    again = TryAgainView(FingerPosition.LEFT_INDEX, RetryReason.NO_MATCH, attempt=2, tries=4)
    return {
        "dialog-help": (ready, DeskKey.HELP),
        "dialog-hand": (again, DeskKey.OTHER_FINGER),
        "dialog-hand-marked": (replace(again, marks=_SOME), DeskKey.OTHER_FINGER),
        "dialog-document": (again, DeskKey.DOCUMENT),
    }


def show_sample(
    desk: OperatorDesk,
    view: View,
    finger: FingerSource,
    language: str,
    sample: DeviceSample | None = None,
    faces: Faces = DRAWN,
) -> None:
    """Show `view` on `desk` with the top bar and the live frame of the samples."""
    scanner = ScannerState.LOST if isinstance(view, ScannerUnpluggedView) else ScannerState.ARMED
    devices = sample.devices if sample else ALL_WELL
    desk.set_top(
        TopBarView("7042", invented(language).school, "11:42", scanner=scanner, devices=devices)
    )
    slip = sample.slip if sample else None
    desk.show_slip(slip or SlipView(SlipStage.PRINTING))
    desk.show_view(view)
    if isinstance(view, FaceStageView):
        desk.show_face(seen_in(view, faces))
    if isinstance(view, CaptureView) and view.live is not LiveKind.METERS:
        if view.attempt == 1:
            lifts = view.live is LiveKind.AFTER_LIFT
            desk.show_touch(TouchStage.LIFT if lifts else TouchStage.HOLD)
    elif isinstance(view, CaptureView) and view.attempt == 1:
        meters = Meters(position=5, pressure=4, skin=3, skin_hint=RetryReason.TOO_DRY)
        desk.show_frame(LiveFrame(finger(None), 0.72), meters)


def sample_views(language: str, finger: FingerSource, faces: Faces = DRAWN) -> dict[str, View]:
    """Every state the desk can be in, by the name of its picture."""
    index, middle = FingerPosition.RIGHT_INDEX, FingerPosition.RIGHT_MIDDLE
    voter, own = _voter(language, faces), invented(language)
    stop = StopFacts("09:14", 1277, "m", faces.photo("m"))
    retries = {
        f"try-again-{reason.value.replace('_', '-')}": TryAgainView(
            middle, reason, attempt=2, tries=4, image=_retry_image(finger, reason)
        )
        for reason in RetryReason
    }
    return {
        "ready": ReadyView(index, _DAY, has_face=True),
        "ready-after-stop": ReadyView(index, _DAY, has_last_stop=True),
        "ready-missing": ReadyView(
            FingerPosition.RIGHT_MIDDLE, _DAY, marks=HandMarks(frozenset({index}))
        ),
        "ready-no-fingers": ReadyView(
            FingerPosition.UNKNOWN, _DAY, marks=HandMarks(frozenset(EVERY_FINGER))
        ),
        "ready-first": ReadyView(FingerPosition.LEFT_THUMB, DayView(0, 2318)),
        "capture": CaptureView(index, attempt=1, tries=4, has_face=True),
        "capture-waiting": CaptureView(FingerPosition.LEFT_RING, 2, 4, pin_found=True),
        "capture-still": CaptureView(index, 1, 4, live=LiveKind.STILL),
        "capture-after-lift": CaptureView(index, 1, 4, live=LiveKind.AFTER_LIFT),
        "capture-after-lift-waiting": CaptureView(middle, 2, 4, True, LiveKind.AFTER_LIFT),
        "busy-matching": BusyView(BusyStage.MATCHING, index),
        "busy-matching-unseen": BusyView(
            BusyStage.MATCHING, index, image=finger(None), is_lifted=True
        ),
        "busy-looking-up": BusyView(BusyStage.LOOKING_UP),
        "busy-recording": BusyView(BusyStage.RECORDING, index, can_cancel=False),
        **face_views(voter),
        "identified": IdentifiedView(voter),
        "identified-ballots": IdentifiedView(replace(voter, ballots=own.ballots)),
        "identified-many-ballots": IdentifiedView(replace(voter, ballots=own.ballots * 3)),
        "identified-no-photo": IdentifiedView(_voter(language, faces, photo=False)),
        "identified-by-commission": IdentifiedView(voter, by_commission=True),
        "already": AlreadyView(stop),
        "already-elsewhere": AlreadyView(replace(stop, place=BallotPlace.OTHER)),
        "already-again": AlreadyView(StopFacts("09:14", 1277)),
        **{
            f"already-{found.value.replace('_', '-')}": AlreadyView(stop, found)
            for found in StopFinding
        },
        "stop-look": StopLookView(1, stop),
        "not-on-list": NotOnListView(pin_given=False),
        "not-on-list-pin": NotOnListView(pin_given=True),
        **retries,
        **{
            f"commission-{reason.value.replace('_', '-')}": CommissionView(reason)
            for reason in CommissionReason
            if reason not in _NEVER_ENDS
        },
        **_commission_views(language, voter, faces),
        **{
            f"resting-{why.value}": RestingView(why, _DAY)
            for why in DayState
            if why is not DayState.OPEN
        },
        "scanner-unplugged": ScannerUnpluggedView(
            _DAY, last_saved=611, in_session=True, has_face=True
        ),
        **{
            f"blocked-{code.replace('_', '-')}": BlockedView(code, _DAY, last_saved=611)
            for code in SCREEN_CODES
        },
        "blocked-first": BlockedView("disk_full", DayView(0, 2318), None, has_unwritten=True),
        "blocked-other": BlockedView("other", _DAY, last_saved=None),
        "broken": BrokenView("217", last_entry=1043),
    }


def sample_devices(language: str, faces: Faces = DRAWN) -> dict[str, DeviceSample]:
    """Everything that the devices beside the scanner can say, by the name of its picture."""
    amber = TryAgainView(FingerPosition.RIGHT_MIDDLE, RetryReason.NO_MATCH, attempt=2, tries=4)
    return device_samples(_DAY, _voter(language, faces), amber, invented(language).ballots)


def _commission_views(language: str, voter: VoterCard, faces: Faces) -> dict[str, View]:
    """Screen 09, the photo that does not match, and what comes of it."""
    below, above = ManualShare(12, 261, 5), ManualShare(14, 261, 5)
    no_match, called = CommissionReason.NO_MATCH, CommissionReason.CALLED
    return {
        "manual": ManualView(1, 1, no_match, PersonStage.KNOWN, voter, 4, below),
        "manual-ballots": ManualView(
            1,
            1,
            CommissionReason.NO_FINGERS,
            PersonStage.KNOWN,
            replace(voter, ballots=invented(language).ballots),
            0,
            below,
        ),
        "manual-over": ManualView(
            1, 1, CommissionReason.OTHER_VOTER, PersonStage.KNOWN, voter, 1, above
        ),
        "manual-face": ManualView(
            1, 1, CommissionReason.FACE_NO_MATCH, PersonStage.KNOWN, voter, 4, below
        ),
        "manual-proposed": _proposed(language, voter, below, faces),
        "manual-pin": ManualView(1, 1, called, PersonStage.ASK_PIN, None, 0, below),
        "manual-looking-up": ManualView(1, 1, called, PersonStage.LOOKING_UP, None, 0, below),
        "mismatch": MismatchView(1, voter),
        "voided": VoidedView(voter.list_number, replace(_DAY, last=(_VOID_ROW, *_LAST[1:]))),
    }


def _proposed(language: str, voter: VoterCard, share: ManualShare, faces: Faces) -> ManualView:
    """Three voters whom a face may belong to."""
    man, woman = (name.split(" ", 1) for name in invented(language).whole_names)
    photo = faces.photo("m")
    cards = (
        replace(voter, list_number=93, surname=man[0], given_names=man[1], sex="m",
                born="03.08.1948", portrait=photo),
        voter,
        replace(voter, list_number=1874, surname=woman[0], given_names=woman[1],
                born="30.11.1968", portrait=b""),
    )  # fmt: skip
    return ManualView(
        1, 1, CommissionReason.FACE_PROPOSES, PersonStage.PROPOSED, None, 0, share,
        tuple(ProposedCard(one, is_marked=one is voter) for one in cards),
    )  # fmt: skip


def _retry_image(finger: FingerSource, reason: RetryReason) -> FingerImage | None:
    return None if reason is RetryReason.NOT_A_FINGER else finger(reason)


def _voter(language: str, faces: Faces, *, photo: bool = True) -> VoterCard:
    surname, given, address = invented(language).voter
    return VoterCard.of(
        Voter(
            voter_id="sample",
            list_number=612,
            pin="0" * 14,
            surname=surname,
            given_names=given,
            sex="f",
            born=date(1991, 4, 12),
            address=address,
            page=31,
            line=12,
            portrait=faces.photo("f") if photo else b"",
        )
    )
