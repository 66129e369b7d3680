"""Scripts of the actions in the commission's room: the day, its closing, acts beside the desk."""

from collections.abc import Callable
from typing import Final, TypeVar

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtWidgets import QWidget

from station_app.domain.entries import (
    Admitted,
    CameBack,
    IssuedElsewhere,
    OffExplained,
    SentAway,
    StruckOff,
)
from station_app.domain.entry_codes import Count, PauseReason
from station_app.training.actions import (
    Action,
    Admit,
    CloseDay,
    ComeBack,
    ExplainOff,
    GiveElsewhere,
    GoTo,
    LeaveRoom,
    OpenDay,
    PauseDay,
    ResumeDay,
    RoomPage,
    SendAway,
    StrikeOff,
)
from station_app.ui.commission.act_forms import FORMS
from station_app.ui.commission.closing_page import ClosingPage
from station_app.ui.commission.day_page import RunningPage
from station_app.ui.commission.exceptions_page import ExceptionsPage
from station_app.ui.commission.opening_page import OpeningPage
from station_app.ui.commission.two_person_dialog import SignDialog, WhoDialog
from station_app.ui.room_shell import RoomPage as ShownPage
from station_app.ui.room_shell import RoomShell
from station_app.ui.texts import Texts
from station_app.ui.training.desk_hands import sign_member
from station_app.ui.training.hands import (
    HandsStage,
    Press,
    Script,
    Until,
    Write,
    digit,
    script,
    seen,
    tab_to,
)

_SIGN: Final = Press(QKeyCombination(Qt.Modifier.CTRL, Qt.Key.Key_Return))

PageT = TypeVar("PageT", bound=ShownPage)


def _room(stage: HandsStage) -> RoomShell:
    return seen(stage.pages.room, RoomShell)


def _page(stage: HandsStage, kind: type[PageT]) -> PageT:
    return seen(_room(stage).page, kind)


def _shown(stage: HandsStage, kind: type[ShownPage]) -> Until:
    return Until(lambda: isinstance(_room(stage).page, kind), f"{kind.__name__} is shown")


def _enabled(button: Callable[[], QWidget], what: str) -> Until:
    """A page may be made anew meanwhile."""
    return Until(lambda: button().isEnabled(), what)


def _go(page: RoomPage) -> Press:
    number = list(RoomPage).index(page) + 1
    return Press(QKeyCombination(Qt.Modifier.CTRL, Qt.Key(Qt.Key.Key_0 + number)))


@script(LeaveRoom)
def leave_room(_stage: HandsStage, _action: LeaveRoom) -> Script:
    """Esc."""
    yield Press(Qt.Key.Key_Escape)


@script(GoTo)
def go_to(_stage: HandsStage, action: GoTo) -> Script:
    """Ctrl and the page's number."""
    yield _go(action.page)


@script(OpenDay)
def open_day(stage: HandsStage, _action: OpenDay) -> Script:
    """On the day's page: Ctrl+Enter, both sign."""
    yield _go(RoomPage.DAY)
    yield _shown(stage, OpeningPage)
    yield _enabled(lambda: _page(stage, OpeningPage).open, "the day may be opened")
    yield _SIGN
    yield from _both_sign(stage)


@script(PauseDay)
def pause_day(stage: HandsStage, action: PauseDay) -> Script:
    """On the day's page: the button, the reason, who says so."""
    yield _go(RoomPage.DAY)
    yield _shown(stage, RunningPage)
    yield from tab_to(_page(stage, RunningPage).act)
    yield Press(Qt.Key.Key_Return)
    yield from _say_who(stage, list(PauseReason).index(action.reason))


@script(ResumeDay)
def resume_day(stage: HandsStage, _action: ResumeDay) -> Script:
    """On the day's page: Ctrl+Enter, who says so."""
    yield _go(RoomPage.DAY)
    yield _shown(stage, RunningPage)
    yield _SIGN
    yield from _say_who(stage, None)


@script(CloseDay)
def close_day(stage: HandsStage, action: CloseDay) -> Script:
    """The decisions are looked at, both counts typed, differences explained; both sign."""
    yield _go(RoomPage.DECISIONS)
    yield _go(RoomPage.CLOSE)
    yield _shown(stage, ClosingPage)
    counted = {Count.BALLOTS: action.ballots, Count.SIGNATURES: action.signatures}
    for what, number in counted.items():
        yield from tab_to(_page(stage, ClosingPage).counts[what])
        yield Write(str(number))
    for what in counted:
        field = _page(stage, ClosingPage).reasons[what]
        if field.isVisible():
            yield from tab_to(field)
            yield Write(action.note or Texts(stage.pages.desk.language)("lesson.ui.note"))
    yield _enabled(lambda: _page(stage, ClosingPage).close_button, "the day may be closed")
    yield _SIGN
    yield from _both_sign(stage)


def _both_sign(stage: HandsStage) -> Script:
    room = _room(stage)
    yield Until(lambda: isinstance(room.overlay, SignDialog), "two persons are asked")
    dialog = seen(room.overlay, SignDialog)
    yield from sign_member(stage, dialog.sign)
    yield _SIGN


def _say_who(stage: HandsStage, reason: int | None) -> Script:
    """The first of those present says so, and why."""
    room = _room(stage)
    yield Until(lambda: isinstance(room.overlay, WhoDialog), "somebody is asked")
    dialog = seen(room.overlay, WhoDialog)
    if reason is not None:
        yield digit(reason + 1)
        yield from tab_to(dialog.people.rows[0])
    yield digit(1)
    yield _SIGN


# --- acts beside the desk -----------------------------------------------------------------


def _act(stage: HandsStage, kind: str, picks: dict[str, str], number: int = 0) -> Script:
    """On the page of acts: its row, the list number, what is asked; signed, or said by somebody."""
    room = _room(stage)
    form = next(one for one in FORMS if one.kind == kind)
    yield _go(RoomPage.EXCEPTIONS)
    yield _shown(stage, ExceptionsPage)
    acts = _page(stage, ExceptionsPage).acts
    yield from tab_to(*acts.rows)
    yield digit(FORMS.index(form) + 1)
    if form.takes_numbers:
        field = _page(stage, ExceptionsPage).field
        assert field is not None, "a list number is asked for"
        yield from tab_to(field)
        yield Write(str(number))
    for asked in form.asked:
        yield from tab_to(*_page(stage, ExceptionsPage).picks[asked.field].rows)
        yield digit([str(code) for code in asked.codes].index(picks[asked.field]) + 1)
    yield _enabled(lambda: _page(stage, ExceptionsPage).write, "the act may be written")
    yield _SIGN
    if form.needs_two:
        yield from _both_sign(stage)
        return
    yield Until(lambda: isinstance(room.overlay, WhoDialog), "somebody is asked")
    yield digit(1)
    yield _SIGN


@script(GiveElsewhere)
def give_elsewhere(stage: HandsStage, action: GiveElsewhere) -> Script:
    """A ballot was taken to this voter."""
    yield from _act(
        stage, IssuedElsewhere.kind, {"place": action.where}, _number(stage, action.who)
    )


@script(StrikeOff)
def strike_off(stage: HandsStage, action: StrikeOff) -> Script:
    """This voter may not have a ballot."""
    yield from _act(stage, StruckOff.kind, {"reason": action.reason}, _number(stage, action.who))


@script(Admit)
def admit(stage: HandsStage, action: Admit) -> Script:
    """Somebody who is not on the list may have one."""
    yield from _act(stage, Admitted.kind, {"basis": action.basis, "document": action.document})


@script(SendAway)
def send_away(stage: HandsStage, action: SendAway) -> Script:
    """Somebody was sent away."""
    yield from _act(stage, SentAway.kind, {"reason": action.reason})


@script(ComeBack)
def come_back(stage: HandsStage, _action: Action) -> Script:
    """One of them has come back."""
    yield from _act(stage, CameBack.kind, {})


@script(ExplainOff)
def explain_off(stage: HandsStage, action: ExplainOff) -> Script:
    """Why the station was off."""
    yield from _act(stage, OffExplained.kind, {"cause": action.cause})


def _number(stage: HandsStage, who: str) -> int:
    return stage.cast[who].list_number
