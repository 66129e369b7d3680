"""The voter's display: its window comes and goes with its monitor, never on the desk's screen."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from station_app.ui.operator.views import StationKind
from station_app.ui.public.public_pages import DisplayFacts
from station_app.ui.public.public_view import PublicView
from station_app.ui.public.public_window import PublicWindow

_CLOCK_EVERY_MS = 1000
_SMALL = QSize(960, 540)


def display_screen(
    screens: Sequence[QScreen], own: QScreen | None, connector: str | None
) -> QScreen | None:
    """The screen for voters: that of `connector`, the kernel's name of the monitor that was chosen;
    with an empty one the first that is not the desk's.

    Never `own`, nor one that lies over it: mirrored screens show the desk. None where there is no
    other, the desk has none yet, or the chosen monitor is not plugged in (`connector` None): a
    monitor that somebody plugs into its place shows no names. A window system may have names of
    its own; then the only other screen is the chosen monitor's, and of several none.
    """
    if own is None or connector is None:
        return None
    others = [
        one for one in screens if one is not own and not one.geometry().intersects(own.geometry())
    ]
    if not connector:
        return next(iter(others), None)
    wanted = [one for one in others if _plain(one.name()) == _plain(connector)]
    return next(iter(wanted or (others if len(others) == 1 else ())), None)


def _plain(connector: str) -> str:
    """The kernel's HDMI-A-1 is HDMI-1 to an X server."""
    kind, _, rest = connector.partition("-")
    return f"{kind}-{rest.rpartition('-')[2]}".casefold()


class VoterDisplay(QObject):
    """Shows what it is told on a screen other than `desk`'s, while there is one.

    `connector` as in `display_screen`; it is asked again when Qt's screens change, or `sockets`,
    what the kernel says of the plugs. `clock` gives the local time as text. `in_window`: where
    there is no other screen, a small window beside the desk (demonstration). `changed` carries
    whether voters see it.

    Nothing is shown through Wayland: a window cannot refuse the keyboard there, nor say or know
    where it lies (`can_be_placed`).
    """

    changed = Signal(bool)

    def __init__(
        self,
        desk: QWidget,
        languages: Sequence[str],
        kind: StationKind,
        clock: Callable[[], str],
        *,
        precinct: str = "",
        connector: Callable[[], str | None] = str,
        sockets: Callable[[], object] = tuple,
        in_window: bool = False,
        screens: Callable[[], Sequence[QScreen]] = QGuiApplication.screens,
    ) -> None:
        super().__init__(desk)
        self._desk, self._clock = desk, clock
        self._connector, self._sockets = connector, sockets
        self._in_window, self._screens = in_window, screens
        self._on = False
        self.can_be_placed = QGuiApplication.platformName() != "wayland"
        self._seen: tuple[QScreen | None, object] = (None, ())
        self.window = PublicWindow(languages, kind)
        self.window.set_facts(DisplayFacts(precinct, clock()))
        self.window.got_keyboard.connect(desk.activateWindow)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self._follow)
        app.screenRemoved.connect(self._leave)
        app.primaryScreenChanged.connect(self._place)
        for screen in screens():
            self._follow(screen)
        self._ticking = QTimer(self, interval=_CLOCK_EVERY_MS)
        self._ticking.timeout.connect(self._tick)
        self._ticking.start()

    @property
    def is_on(self) -> bool:
        """Whether voters see it; may be read from any thread."""
        return self._on

    def show_view(self, view: PublicView) -> None:
        """Show `view`."""
        self.window.show_view(view)

    def set_count(self, identified: int | None) -> None:
        """Write how many were identified today; None hides it."""
        self.window.set_facts(replace(self.window.facts, identified_today=identified))

    def set_desk(
        self, kind: StationKind, languages: Sequence[str], *, precinct: str, has_slips: bool
    ) -> None:
        """Whose voters they are from now on, in which languages, and what the desk gives them."""
        self.window.set_kind(kind)
        self.window.set_languages(languages)
        facts = replace(self.window.facts, precinct=precinct, has_slips=has_slips)
        self.window.set_facts(facts)

    def show_number(self, number: str) -> None:
        """Show a number for the self-test; empty takes it away."""
        self.window.show_number(number)

    def place(self) -> None:
        """Go to the screen that is there now; after the desk's window is shown."""
        self._place()

    def close(self) -> None:
        """Take the window away, and look for no screen any more."""
        self._ticking.stop()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.disconnect(self._follow)
            app.screenRemoved.disconnect(self._leave)
            app.primaryScreenChanged.disconnect(self._place)
        self.window.hide()
        self.window.deleteLater()
        self._on = False

    def _follow(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._place)
        self._place()

    def _leave(self, gone: QScreen) -> None:
        """Before Qt moves the window to the desk's screen."""
        if self.window.screen() is gone:
            self.window.hide()
        self._place(gone=gone)

    def _place(self, *_: object, gone: QScreen | None = None) -> None:
        """Move to where voters look; hide where that would be the desk's own screen."""
        window = self.window
        screens = [one for one in self._screens() if one is not gone]
        own = self._own_screen(screens)
        self._seen = (own, self._sockets())
        screen = display_screen(screens, own, self._connector())
        if not self.can_be_placed:
            window.hide()
        elif screen is not None:
            self._fill(screen)
        elif self._in_window and own is not None:
            self._beside(own)
        else:
            window.hide()
        is_on = window.isVisible()
        if is_on != self._on:
            self._on = is_on
            self.changed.emit(is_on)

    def _fill(self, screen: QScreen) -> None:
        window, box = self.window, screen.geometry()
        if window.isVisible() and window.screen() is screen and window.geometry() == box:
            return
        window.setWindowFlag(Qt.WindowType.FramelessWindowHint, on=True)
        window.setScreen(screen)
        window.setGeometry(box)
        # `showFullScreen` would ask for the keyboard.
        window.setWindowState(Qt.WindowState.WindowFullScreen)
        window.show()

    def _beside(self, own: QScreen) -> None:
        """In a corner, once: a person may have moved it since."""
        window = self.window
        if window.isVisible() and not window.isFullScreen():
            return
        window.setWindowFlag(Qt.WindowType.FramelessWindowHint, on=False)
        window.setScreen(own)
        box = QRect(own.availableGeometry().topLeft(), _SMALL)
        box.moveBottomRight(own.availableGeometry().bottomRight())
        window.setGeometry(box)
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.show()

    def _tick(self) -> None:
        self.window.set_facts(replace(self.window.facts, clock=self._clock()))
        if self._seen != (self._own_screen(self._screens()), self._sockets()):
            self._place()

    def _own_screen(self, screens: Sequence[QScreen]) -> QScreen | None:
        """Where the middle of the desk's window is; None while the desk is hidden.

        Qt's own answer is old where a window manager moved the desk before Qt heard of a monitor.
        """
        if not self._desk.isVisible():
            return None
        middle = self._desk.frameGeometry().center()
        lies_in = (one for one in screens if one.geometry().contains(middle))
        return next(lies_in, self._desk.screen())
