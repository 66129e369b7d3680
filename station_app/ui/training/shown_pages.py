"""Which page of a lesson is on the screen: the table of the desk's views."""

from typing import Any, Final

from station_app.domain.fingers import FingerPosition
from station_app.training.lesson_facts import Page, Shown
from station_app.ui.operator.capture import BusyView, CaptureView
from station_app.ui.operator.face import FaceStageView
from station_app.ui.operator.manual import ManualView
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
    CommissionView,
    IdentifiedView,
    MismatchView,
    NotOnListView,
    StopLookView,
)
from station_app.ui.room_shell import Place

SHOWN: Final[dict[type[View], Shown]] = {
    ReadyView: Shown.READY,
    CaptureView: Shown.CAPTURE,
    BusyView: Shown.BUSY,
    TryAgainView: Shown.TRY_AGAIN,
    FaceStageView: Shown.FACE,
    IdentifiedView: Shown.IDENTIFIED,
    MismatchView: Shown.MISMATCH,
    AlreadyView: Shown.ALREADY,
    StopLookView: Shown.STOP_LOOK,
    NotOnListView: Shown.NOT_ON_LIST,
    CommissionView: Shown.COMMISSION,
    ManualView: Shown.MANUAL,
    VoidedView: Shown.VOIDED,
    ScannerUnpluggedView: Shown.UNPLUGGED,
    RestingView: Shown.RESTING,
    BlockedView: Shown.BLOCKED,
    BrokenView: Shown.BLOCKED,
}


def desk_page(view: View) -> Page:
    """The page of a view of the desk, with its help and the finger that it asks for."""
    finger = getattr(view, "finger", FingerPosition.UNKNOWN)
    return Page(SHOWN[type(view)], view.own_help[0], finger)


def room_page(place: Place[Any], help_pages: tuple[str, ...]) -> Page:
    """The page of a place of the commission's room."""
    return Page(Shown(f"room.{place.code}"), help_pages[0])
