"""Scripts of the actions at the desk: PIN, fingers, face, verdicts, the commission's dialogs."""

from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtWidgets import QApplication

from station_app.domain.entry_codes import Decision, DocumentSeen
from station_app.domain.fingers import FingerPosition
from station_app.flow.approvals import DEMO_MEMBER
from station_app.training.actions import (
    CallCommission,
    CallFace,
    CannotTurn,
    ChooseFinger,
    Decide,
    EnterRoom,
    FindStop,
    MakeVoid,
    MarkMissing,
    OpenHelp,
    PressCancel,
    PressNext,
    PressRetry,
    PrintSlip,
    SayNo,
    SayYes,
    TypePin,
)
from station_app.training.cast import Actor
from station_app.ui.commission.sign_panel import SignPanel
from station_app.ui.operator.dialogs import HandDialog
from station_app.ui.operator.manual import DOCUMENTS, REASONS, ManualView, PersonStage
from station_app.ui.operator.manual_dialog import ManualDialog
from station_app.ui.operator.mismatch_dialog import MismatchDialog
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.stop_dialog import FINDINGS, StopDialog
from station_app.ui.operator.verdict import MismatchView, StopLookView
from station_app.ui.training.hands import (
    HandsStage,
    HandsStuckError,
    Look,
    Press,
    Script,
    Until,
    Write,
    digit,
    may_answer,
    pressed,
    script,
    seen,
    tab_to,
)
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.pin_field import PinField

_READS: Final = 6
"""Moments that a person needs to see a help page."""


@script(TypePin)
def type_pin(stage: HandsStage, _action: TypePin) -> Script:
    """F2, the digits of the document, Enter; where the commission asks for it, without F2."""
    if not isinstance(stage.pages.desk.view, ManualView):
        yield pressed(DeskKey.DOCUMENT)
    yield from _write_pin(stage)


def _write_pin(stage: HandsStage) -> Script:
    yield Until(lambda: isinstance(QApplication.focusWidget(), PinField), "the PIN is asked for")
    yield Press(QKeyCombination(Qt.Modifier.CTRL, Qt.Key.Key_A))
    yield Write(seen(stage.person, Actor).person.pin)
    yield Press(Qt.Key.Key_Return)


@script(ChooseFinger)
def choose_finger(stage: HandsStage, action: ChooseFinger) -> Script:
    """F3, the hand, the finger's number, Enter."""
    yield from _point_at(stage, action.position)
    yield Press(Qt.Key.Key_Return)


@script(MarkMissing)
def mark_missing(stage: HandsStage, action: MarkMissing) -> Script:
    """The same, and 0 before Enter."""
    yield from _point_at(stage, action.position)
    yield pressed(DeskKey.MISSING)
    yield Press(Qt.Key.Key_Return)


def _point_at(stage: HandsStage, position: FingerPosition) -> Script:
    desk = stage.pages.desk
    yield pressed(DeskKey.OTHER_FINGER)
    yield Until(lambda: isinstance(desk.overlay, HandDialog), "the hands are shown")
    yield Press(Qt.Key.Key_Left if position.is_left else Qt.Key.Key_Right)
    yield digit((position - 1) % 5 + 1)


@script(SayYes)
def say_yes(stage: HandsStage, _action: SayYes) -> Script:
    """Once the head was turned: 1."""
    yield Until(may_answer(stage, same=True), "the person may be compared")
    yield pressed(DeskKey.SAME)


@script(SayNo)
def say_no(stage: HandsStage, _action: SayNo) -> Script:
    """Once the photo is there: 2."""
    yield Until(may_answer(stage, same=False), "the photo is shown")
    yield pressed(DeskKey.DIFFERS)


_KEYS = {
    CallFace: DeskKey.FACE,
    CannotTurn: DeskKey.CANNOT_TURN,
    CallCommission: DeskKey.COMMISSION,
    PressCancel: DeskKey.CANCEL,
    PressRetry: DeskKey.RETRY,
    PrintSlip: DeskKey.SLIP,
    EnterRoom: DeskKey.ROOM,
}


@script(*_KEYS)
def press_key(_stage: HandsStage, action: CallFace) -> Script:
    """The key of the bar."""
    yield pressed(_KEYS[type(action)])


@script(OpenHelp)
def open_help(_stage: HandsStage, _action: OpenHelp) -> Script:
    """F1, a look, and back."""
    yield pressed(DeskKey.HELP)
    yield Look(_READS)
    yield Press(Qt.Key.Key_Escape)


@script(PressNext)
def press_next(stage: HandsStage, _action: PressNext) -> Script:
    """Enter, again while the verdict is too new to be closed by it."""
    desk = stage.pages.desk
    shown = desk.view
    if isinstance(shown, ReadyView):
        raise HandsStuckError("there is no verdict to be closed")
    while desk.view is shown:
        yield pressed(DeskKey.NEXT)
        yield Look()


@script(Decide)
def decide(stage: HandsStage, action: Decide) -> Script:
    """The document's PIN, who it is of those proposed, reason, document, the member's signature."""
    desk = stage.pages.desk
    if not isinstance(desk.view, ManualView):
        yield pressed(DeskKey.COMMISSION)
        yield Until(lambda: isinstance(desk.view, ManualView), "the commission is asked")
    unread = {PersonStage.LOOKING_UP}
    if _manual(stage).stage is PersonStage.ASK_PIN and action.decision is Decision.CONFIRMED:
        yield from _write_pin(stage)
        unread.add(PersonStage.ASK_PIN)  # stays in sight for a moment
    yield Until(lambda: _manual(stage).stage not in unread, "the record is read")
    if _manual(stage).stage is PersonStage.PROPOSED:
        yield digit(_place_of(stage) + 1)
    dialog = seen(desk.overlay, ManualDialog)
    if isinstance(QApplication.focusWidget(), PinField):
        yield Press(Qt.Key.Key_Tab)  # digits would be the PIN's
    yield digit(REASONS.index(action.reason) + 1)
    if action.document is not DocumentSeen.NONE:
        yield digit(len(REASONS) + DOCUMENTS.index(action.document) + 1)
    yield from sign_member(stage, dialog.sign)
    refuses = action.decision is Decision.REFUSED
    yield pressed(DeskKey.REFUSE if refuses else DeskKey.CONFIRM)


def _manual(stage: HandsStage) -> ManualView:
    return seen(stage.pages.desk.view, ManualView)


def _place_of(stage: HandsStage) -> int:
    """The person's place among those proposed, or that of "none of them" after them."""
    numbers = [one.voter.list_number for one in _manual(stage).proposed]
    number = seen(stage.person, Actor).list_number
    return numbers.index(number) if number in numbers else len(numbers)


@script(MakeVoid)
def make_void(stage: HandsStage, _action: MakeVoid) -> Script:
    """F5 at the verdict, the member's signature, Ctrl+Enter."""
    desk = stage.pages.desk
    if not isinstance(desk.view, MismatchView):
        yield pressed(DeskKey.MISMATCH)
    yield Until(lambda: isinstance(desk.overlay, MismatchDialog), "two persons are asked")
    dialog = seen(desk.overlay, MismatchDialog)
    yield from sign_member(stage, dialog.sign)
    yield pressed(DeskKey.MAKE_VOID)


@script(FindStop)
def find_stop(stage: HandsStage, action: FindStop) -> Script:
    """F5 at the stop, what was found, the member's signature, Ctrl+Enter."""
    desk = stage.pages.desk
    if not isinstance(desk.view, StopLookView):
        yield pressed(DeskKey.STOP_LOOK)
    yield Until(lambda: isinstance(desk.overlay, StopDialog), "two persons are asked")
    dialog = seen(desk.overlay, StopDialog)
    yield digit(FINDINGS.index(action.finding) + 1)
    yield from sign_member(stage, dialog.sign)
    yield pressed(DeskKey.WRITE_DOWN)


def sign_member(stage: HandsStage, panel: SignPanel) -> Script:
    """At every place of the panel a person and the passphrase: where a member is to be chosen, the
    one who is beside the desk.
    """
    for number, place in enumerate(panel.places):
        for _ in range(panel.signing.views[number].persons):
            person = panel.signing.views[number].person
            if person is not None and (person.id == DEMO_MEMBER.id or not place.person.isEnabled()):
                break
            yield from tab_to(place.person)
            yield Press(Qt.Key.Key_Down)
        yield from tab_to(place.field.line)
        signer = panel.signing.views[number].person
        assert signer is not None, "somebody is there to sign"
        yield Write(stage.passphrase_of(signer.id))
