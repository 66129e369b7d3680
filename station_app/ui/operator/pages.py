"""A whole screen of the desk: top bar, stage or verdict, keys."""

from dataclasses import replace
from typing import assert_never

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.entry_codes import PrintedTo
from station_app.ui.operator.capture import CaptureScreen
from station_app.ui.operator.devices import (
    NO_DEVICES,
    DevicesView,
    SlipStage,
    SlipView,
    device_pages,
)
from station_app.ui.operator.fault import FaultScreen
from station_app.ui.operator.gap_strip import gap_strip
from station_app.ui.operator.notice import NoticeScreen
from station_app.ui.operator.ready import ReadyScreen
from station_app.ui.operator.slip_row import SlipRow
from station_app.ui.operator.verdict_bodies import verdict_body
from station_app.ui.operator.verdicts import VerdictBand
from station_app.ui.operator.views import (
    AlreadyView,
    BlockedView,
    BrokenView,
    BusyView,
    CaptureView,
    CommissionView,
    DeskParts,
    GapView,
    IdentifiedView,
    ManualView,
    MismatchView,
    NotOnListView,
    ReadyView,
    RestingView,
    ScannerUnpluggedView,
    TryAgainView,
    VerdictView,
    View,
    VoidedView,
)
from station_app.ui.operator.words import finger_take
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import (
    BAND,
    BASE_SIZE,
    KEY_BAR,
    STOP_BAND,
    VERDICT_FRAME,
    VERDICT_KEY_BAR,
)
from station_app.ui.widgets.key_bar import DeskKey, KeyBar
from station_app.ui.widgets.top_bar import TopBar
from station_app.ui.widgets.verdict_band import VerdictBandView, VerdictFrame

_ALL = 1000
"""A stretch beside which others get only what the widget does not want."""


def keys_of(view: View, parts: DeskParts) -> tuple[DeskKey, ...]:
    """The keys that do something while `view` is shown; no other key is drawn.

    A key leads to the commission's room between people, another one prints the slip of the
    identification on the screen, or of the last one; both where there is such a thing.
    """
    match view:
        case ReadyView() | RestingView() | ScannerUnpluggedView(in_session=False) if parts.has_room:
            return (*keys_of(view, replace(parts, has_room=False)), DeskKey.ROOM)
        case ReadyView():
            slip = (DeskKey.SLIP,) if parts.slips and view.day.has_slip else ()
            return (
                DeskKey.HELP,
                DeskKey.DOCUMENT,
                DeskKey.OTHER_FINGER,
                DeskKey.COMMISSION,
                *slip,
            )
        case CaptureView():
            return (DeskKey.HELP, DeskKey.OTHER_FINGER, DeskKey.COMMISSION, DeskKey.CANCEL)
        case TryAgainView():
            return (
                DeskKey.HELP,
                DeskKey.DOCUMENT,
                DeskKey.OTHER_FINGER,
                DeskKey.COMMISSION,
                DeskKey.CANCEL,
            )
        case BusyView():
            return (DeskKey.HELP, DeskKey.CANCEL) if view.can_cancel else (DeskKey.HELP,)
        case IdentifiedView():
            slip = (DeskKey.SLIP,) if parts.slips else ()
            wrong = DeskKey.MISMATCH if view.voter.portrait else DeskKey.OTHER_PERSON
            return (DeskKey.HELP, wrong, *slip, DeskKey.NEXT)
        case NotOnListView() | VoidedView():
            can_look_again = isinstance(view, NotOnListView) and not view.pin_given
            document = (DeskKey.DOCUMENT,) if can_look_again else ()
            return (DeskKey.HELP, *document, DeskKey.NEXT)
        case AlreadyView() | CommissionView():
            return (DeskKey.HELP, DeskKey.GO_ON)
        case ScannerUnpluggedView():
            cancel = (DeskKey.CANCEL,) if view.in_session else ()
            return (DeskKey.HELP, DeskKey.COMMISSION, *cancel)
        case BlockedView():
            return (DeskKey.HELP, DeskKey.RETRY)
        case BrokenView() | RestingView() | ManualView() | MismatchView():
            return (DeskKey.HELP,)
        case _:
            assert_never(view)


_HELP: dict[type[View], str] = {
    ReadyView: "ready",
    CaptureView: "capture",
    BusyView: "busy",
    IdentifiedView: "identified",
    AlreadyView: "already",
    NotOnListView: "not_on_list",
    TryAgainView: "try_again",
    CommissionView: "commission",
    ManualView: "manual",
    MismatchView: "mismatch",
    VoidedView: "voided",
    ScannerUnpluggedView: "scanner_unplugged",
}


def help_pages(
    view: View, devices: DevicesView = NO_DEVICES, gap: GapView | None = None
) -> tuple[str, ...]:
    """The help pages that fit `view`, the closest first.

    What a takeover left out, and what is wrong with a device, are closer than what else there
    is to do.
    """
    match view:
        case ReadyView() | IdentifiedView():
            pages = device_pages(devices) if gap is None else ("paper_list", *device_pages(devices))
            return (*pages, _HELP[type(view)])
        case RestingView():
            return (f"resting_{view.why.value}",)
        case BlockedView():
            return (view.code, "blocked")
        case BrokenView():
            return (view.code,)
        case _:
            return (_HELP[type(view)],)


def band_of(view: VerdictView) -> VerdictBand:
    """The verdict that `view` is; colour, shape, word and sound follow from it."""
    match view:
        case IdentifiedView() | MismatchView():
            return VerdictBand.IDENTIFIED
        case AlreadyView():
            return VerdictBand.ALREADY
        case NotOnListView():
            return VerdictBand.NOT_ON_LIST
        case TryAgainView():
            return VerdictBand.TRY_AGAIN
        case CommissionView() | ManualView():
            return VerdictBand.COMMISSION
        case _:
            assert_never(view)


def line_of(texts: Texts, view: VerdictView, *, has_slip: bool, has_gap: bool = False) -> str:
    """The line under the verdict's word; `has_slip` once a slip is there to be handed over,
    `has_gap` where the paper list may know more than the journal.
    """
    match view:
        case IdentifiedView() if has_gap:
            return texts("verdict.identified.line_gap")
        case IdentifiedView() | MismatchView():
            if view.by_commission:
                return texts("verdict.identified.line_commission")
            if view.voter.portrait:
                is_handed = has_slip and isinstance(view, IdentifiedView)
                slip = texts("verdict.identified.line_slip")
                return slip if is_handed else texts("verdict.identified.line")
            return texts("verdict.identified.line_no_photo")
        case AlreadyView():
            return texts("verdict.already.line")
        case NotOnListView():
            if view.pin_given:
                return texts("verdict.not_on_list.line_document")
            return texts("verdict.not_on_list.line")
        case TryAgainView():
            return finger_take(texts, view.finger)
        case CommissionView() | ManualView():
            return texts(f"commission.{view.reason.value}")
        case _:
            assert_never(view)


def announcement(texts: Texts, view: VerdictView) -> str:
    """What a screen reader says the moment the verdict appears."""
    if isinstance(view, IdentifiedView | MismatchView):
        voter = view.voter
        return texts(
            "verdict.identified.announce",
            name=f"{voter.surname} {voter.given_names}",
            number=f"{voter.list_number:04d}",
        )
    return f"{texts(band_of(view).value.word)}. {line_of(texts, view, has_slip=False)}"


class Page(QWidget):
    """One screen: `top` and `keys` are the same on every page."""

    def __init__(self, style: Style, top: TopBar, keys: KeyBar) -> None:
        super().__init__()
        self.style_used = style
        self.top = top
        self.keys = keys

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour(self.style_used.colours.bg))


class StagePage(Page):
    """Ready, capture and faults: white top bar, stage, white key bar."""

    def __init__(self, texts: Texts, style: Style, view: View, parts: DeskParts) -> None:
        keys = KeyBar(keys_of(view, parts), texts, style, height=KEY_BAR)
        super().__init__(style, TopBar(texts, style), keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        if parts.gap is not None:
            column.addWidget(gap_strip(texts, style, parts.gap))
        self.screen_body = _stage(texts, style, view)
        column.addWidget(self.screen_body, 1)
        column.addWidget(keys)


def _stage(texts: Texts, style: Style, view: View) -> QWidget:
    match view:
        case ReadyView():
            return ReadyScreen(texts, style, view)
        case CaptureView() | BusyView():
            return CaptureScreen(texts, style, view)
        case ScannerUnpluggedView() | BlockedView() | BrokenView():
            return FaultScreen(texts, style, view)
        case RestingView() | VoidedView():
            return NoticeScreen(texts, style, view)
        case _:
            raise TypeError(f"{type(view).__name__} is a verdict, not a stage")


class VerdictPage(Page):
    """A verdict: band in its colour with the top bar on it, body, keys, and the frame.

    `slip_row` is there for an identified voter where slips are printed.
    """

    def __init__(self, texts: Texts, style: Style, view: VerdictView, parts: DeskParts) -> None:
        signal = band_of(view).value
        keys = KeyBar(keys_of(view, parts), texts, style, height=VERDICT_KEY_BAR, side=22)
        super().__init__(style, TopBar(texts, style, on=signal.on, behind=signal.fill), keys)
        self.band = VerdictBandView(
            style,
            fill=signal.fill,
            on=signal.on,
            shape=signal.shape,
            word=texts(signal.word),
            word_px=signal.word_px,
            smallest_word_px=signal.smallest_word_px,
            line=line_of(texts, view, has_slip=False, has_gap=parts.gap is not None),
            hazard_stripe=signal.hazard_stripe,
            top_bar=self.top,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # Room to spare is shared out as the base layout's height is.
        share = STOP_BAND if signal.hazard_stripe else BAND
        column.addWidget(self.band, share)
        middle = QHBoxLayout()
        side = style.px(42)
        middle.setContentsMargins(side, style.px(24), side, style.px(20))
        self.slip_row: SlipRow | None = None
        if parts.slips is not None and isinstance(view, IdentifiedView):
            self.slip_row = SlipRow(texts, style, parts.slips)
        body = QVBoxLayout()
        body.addStretch(1)
        body.addWidget(verdict_body(texts, style, view, self.slip_row), _ALL)
        body.addStretch(3)
        middle.addLayout(body)
        column.addLayout(middle, BASE_SIZE[1] - VERDICT_KEY_BAR - VERDICT_FRAME - share)
        foot = QHBoxLayout()
        edge = style.px(VERDICT_FRAME)
        foot.setContentsMargins(edge, 0, edge, edge)
        foot.addWidget(keys)
        column.addLayout(foot)
        self._texts, self._view, self._parts = texts, view, parts
        self._frame = VerdictFrame(style, signal.fill, self)
        self._frame.raise_()
        self.setAccessibleName(announcement(texts, view))

    def show_slip(self, slip: SlipView) -> None:
        """Say how far the slip is; only one that has come out is to be handed over."""
        if self.slip_row is None:
            return
        self.slip_row.show_slip(slip)
        is_out = slip.stage is SlipStage.PRINTED and self._parts.slips is PrintedTo.PRINTER
        has_gap = self._parts.gap is not None
        line = line_of(self._texts, self._view, has_slip=is_out, has_gap=has_gap)
        self.band.set_line(line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        band = self.band.height()
        self._frame.setGeometry(QRect(0, band, self.width(), self.height() - band))


def build_page(texts: Texts, style: Style, view: View, parts: DeskParts) -> Page:
    """The page of `view`; see `keys_of`."""
    if isinstance(view, VerdictView):
        return VerdictPage(texts, style, view, parts)
    return StagePage(texts, style, view, parts)
