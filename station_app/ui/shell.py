"""What the whole screens share: languages, scale, focus ring and the dialog on top."""

import math
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.languages import language_of
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import SMALLEST_SCALE, SMALLEST_SIZE, scale_for
from station_app.ui.widgets.focus_ring import FocusRing
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.large_text import LargeTextArea
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.passphrase_field import put_eyes_last

LookChange = Callable[[Appearance], Appearance]


def add_common_keys(
    page: QWidget,
    languages: Sequence[str],
    choose_language: Callable[[str], None],
    change_look: Callable[[LookChange], None],
) -> None:
    """The keys of every screen: languages, contrast and the size of text."""
    for code in languages:
        sequence = QKeySequence(f"Alt+{language_of(code).key}")
        add_key(page, sequence, partial(choose_language, code))
    looks: dict[str, LookChange] = {
        "Ctrl+Alt+C": Appearance.with_other_contrast,
        "Ctrl+Alt++": lambda now: now.with_text(1),
        "Ctrl+Alt+=": lambda now: now.with_text(1),
        "Ctrl+Alt+-": lambda now: now.with_text(-1),
    }
    for key, change in looks.items():
        add_key(page, QKeySequence(key), partial(change_look, change))


def keep_keyboard(shell: QWidget, going: QWidget) -> None:
    """Let `shell` have the keyboard before `going` is hidden, where something in it has it.

    Qt would hand it on to the next in the Tab order, which may lie outside the screen.
    """
    held = shell.window().focusWidget()
    if held is not None and (held is going or going.isAncestorOf(held)):
        shell.setFocus(Qt.FocusReason.OtherFocusReason)


class Shell(QWidget):
    """Fills the window with one widget, built anew for each language, scale and appearance.

    A screen says in `_rebuild` how that widget is made and gives it to `_fill_with`.
    `languages` are the codes it can be changed to, empty for all there are. `moving` False stops
    loops whatever the appearance says (pictures of the screen). `appearance_chosen` carries the
    `Appearance` that its keys have chosen.
    """

    language_chosen = Signal(str)
    appearance_chosen = Signal(object)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        language: str,
        languages: Sequence[str] = (),
        moving: bool = True,
        appearance: Appearance = STANDARD,
    ) -> None:
        super().__init__(parent)
        self._texts = Texts(language, languages)
        self._moving = moving
        self._style = Style(moving=moving, appearance=appearance)
        self._overlay: Overlay | None = None
        self._content: QWidget | None = None
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        width, height = SMALLEST_SIZE
        self.setMinimumSize(math.ceil(width * SMALLEST_SCALE), math.ceil(height * SMALLEST_SCALE))
        # It may hold the keyboard, but Tab does not stop at it: there is nothing to see there.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._ring = FocusRing(self, self._style)

    @property
    def language(self) -> str:
        """The language on the screen."""
        return self._texts.language

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it can be changed to."""
        return self._texts.offered

    @property
    def overlay(self) -> Overlay | None:
        """The dialog on top, None without one."""
        return self._overlay

    def set_language(self, language: str) -> None:
        """Change every word on the screen at once; what was typed into the page stays."""
        if language != self._texts.language:
            self._texts = Texts(language, self.languages)
            self._rebuild()

    @property
    def style_in_use(self) -> Style:
        """How the screen is drawn now."""
        return self._style

    @property
    def appearance(self) -> Appearance:
        """How the screen looks."""
        return self._style.appearance

    def set_appearance(self, appearance: Appearance) -> None:
        """Draw everything anew in other colours and sizes; what was typed into the page stays."""
        if appearance != self.appearance:
            self._restyle(self._style.scale, appearance)

    def choose_appearance(self, appearance: Appearance) -> None:
        """As `set_appearance`, and tell the other screens."""
        if appearance != self.appearance:
            self.set_appearance(appearance)
            self.appearance_chosen.emit(appearance)

    def take_focus(self) -> None:
        """Give the keyboard to what leads on."""
        self.setFocus()

    def _rebuild(self) -> None:
        """Close the overlay and make the content in the present language and scale."""
        raise NotImplementedError

    def _fill_with(self, content: QWidget) -> None:
        """Show `content` in the place of what is there."""
        if self._content is not None:
            keep_keyboard(self, self._content)
            self._outer.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
        self._content = content
        self._outer.addWidget(content)
        content.setGeometry(self.rect())  # no layout does while the screen itself is being shown
        put_eyes_last(content)
        content.show()
        self._ring.raise_()

    def _add_common_keys(self, page: QWidget) -> None:
        add_common_keys(page, self.languages, self._choose_language, self._change_look)

    def _choose_language(self, language: str) -> None:
        self.set_language(language)
        self.language_chosen.emit(language)

    def _change_look(self, change: LookChange) -> None:
        self.choose_appearance(change(self.appearance))

    def _restyle(self, scale: float, appearance: Appearance) -> None:
        self._style = Style(scale, moving=self._moving, appearance=appearance)
        self._ring.set_style(self._style)
        self.update()
        self._rebuild()

    def _open(self, overlay: Overlay) -> None:
        self._close_overlay()
        self._overlay = overlay
        overlay.closed.connect(self._overlay_closed)
        if self._content is not None:
            self._content.setEnabled(False)
        overlay.open()
        self._ring.raise_()

    def _overlay_closed(self) -> None:
        overlay = self._overlay
        self._close_overlay()
        if overlay is None or not overlay.give_back():
            self.take_focus()

    def _close_overlay(self) -> None:
        if self._overlay is None:
            return
        self._overlay.hide()
        self._overlay.deleteLater()
        self._overlay = None
        if self._content is not None:
            self._content.setEnabled(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour(self._style.colours.bg))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scale = scale_for(self.width(), self.height())
        # Rows that were stacked in a narrower window stay so until the page is made again.
        if scale != self._style.scale or (self._style.is_large and event.oldSize().isValid()):
            self._restyle(scale, self.appearance)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll a page of large text, wherever on it the keyboard is."""
        shown = self._content if self._overlay is None else self._overlay
        areas = [] if shown is None else shown.findChildren(LargeTextArea)
        if not any(area.isVisible() and area.scroll_by(event) for area in areas):
            super().keyPressEvent(event)
