"""The window on the voter's display: whatever it is told, and never the keyboard."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.ui.operator.views import StationKind
from station_app.ui.public.public_pages import (
    DisplayFacts,
    DisplayWords,
    Form,
    PublicPage,
    number_page,
    public_page,
)
from station_app.ui.public.public_view import PublicView, Scene
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.training.frame import TrainingFrame

_FRAME_SCALE = 1.7
"""The frame's sentence is read from where a voter stands."""


class PublicWindow(QWidget):
    """Shows a `PublicView` in `languages`, inside the striped frame unless `kind` is live.

    It takes neither the keyboard nor the focus, has no shortcuts, and closing another window never
    waits for it. Nobody closes it, nor makes it small where it fills a screen. `got_keyboard`
    where a window system gives the keyboard to whatever appears: the desk takes it back. A page
    that is left is out of the tree at once, with the name on it.
    """

    got_keyboard = Signal()

    def __init__(self, languages: Sequence[str], kind: StationKind) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self._languages, self._kind = tuple(languages), kind
        self._words = DisplayWords(languages)
        self._view: PublicView = Scene.IDLE
        self._number = ""
        self._facts = DisplayFacts()
        self._content: QWidget | None = None
        self._page: PublicPage | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._around = QVBoxLayout(self)
        self._around.setContentsMargins(0, 0, 0, 0)
        self.setWindowTitle(self._words.first("window.title"))

    @property
    def view(self) -> PublicView:
        """What is shown, or would be if no number was."""
        return self._view

    @property
    def facts(self) -> DisplayFacts:
        """What stands beside it."""
        return self._facts

    def show_view(self, view: PublicView) -> None:
        """Show `view`; the same is no news."""
        if view != self._view:
            self._view = view
            self._build()

    def set_kind(self, kind: StationKind) -> None:
        """Whose voters these are."""
        if kind is not self._kind:
            self._kind = kind
            self._build()

    def set_languages(self, languages: Sequence[str]) -> None:
        """Change every word."""
        if tuple(languages) != self._languages:
            self._languages, self._words = tuple(languages), DisplayWords(languages)
            self.setWindowTitle(self._words.first("window.title"))
            self._build()

    def set_facts(self, facts: DisplayFacts) -> None:
        """Write what stands beside the view; the clock alone builds nothing anew."""
        before, self._facts = self._facts, facts
        if replace(before, clock=facts.clock) != facts:
            self._build()
        elif facts.clock != before.clock and self._page is not None:
            self._page.set_clock(facts.clock)

    def show_number(self, number: str) -> None:
        """Show a number for the self-test in the view's place; empty takes it away."""
        if number != self._number:
            self._number = number
            self._build()

    def _build(self) -> None:
        """Nothing is kept ready behind a window that nobody sees."""
        self.setUpdatesEnabled(False)
        old, self._content, self._page = self._content, None, None
        if old is not None:
            self._around.removeWidget(old)
            old.hide()
            old.setParent(None)
            old.deleteLater()
        if self.isVisible():
            self._content = self._made()
            self._around.addWidget(self._content)
            self._content.setGeometry(self.rect())  # no layout does while the window is being shown
            self._content.show()
        self.setUpdatesEnabled(True)

    def _made(self) -> QWidget:
        form = Form.of(self.size())
        if self._kind is StationKind.LIVE:
            self._page = self._made_page(form, self.size())
            return self._page
        scale = form.scale(self.size()) * _FRAME_SCALE
        frame = TrainingFrame(self._kind, Style(scale), Texts(self._languages[0]))
        self._page = self._made_page(form, frame.room(self.size()))
        frame.add(self._page, 1)
        return frame

    def _made_page(self, form: Form, room: QSize) -> PublicPage:
        style = Style(form.scale(room), moving=False)
        if self._number:
            return number_page(self._words, style, self._number)
        return public_page(self._words, style, form, self._view, self._facts)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._build()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._build()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.got_keyboard.emit()
        fills = Qt.WindowType.FramelessWindowHint in self.windowFlags()
        if event.type() is QEvent.Type.WindowStateChange and fills and self.isMinimized():
            self.setWindowState(Qt.WindowState.WindowFullScreen)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(not event.spontaneous())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._build()
