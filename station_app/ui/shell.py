"""What the whole screens share: languages, scale, focus ring and the dialog on top."""

import math
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.languages import language_of
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import SMALLEST_SCALE, SMALLEST_SIZE, scale_for
from station_app.ui.widgets.focus_ring import FocusRing
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.passphrase_field import put_eyes_last


class Shell(QWidget):
    """Fills the window with one widget, built anew for each language and scale.

    A screen says in `_rebuild` how that widget is made and gives it to `_fill_with`.
    `languages` are the codes it can be changed to, empty for all there are. `moving` False stops
    loops (reduced motion, and pictures of the screen).
    """

    language_chosen = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        language: str,
        languages: Sequence[str] = (),
        moving: bool = True,
    ) -> None:
        super().__init__(parent)
        self._texts, self._style = Texts(language, languages), Style(moving=moving)
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

    def set_language(self, language: str) -> None:
        """Change every word on the screen at once; what was typed into the page stays."""
        if language != self._texts.language:
            self._texts = Texts(language, self.languages)
            self._rebuild()

    def take_focus(self) -> None:
        """Give the keyboard to what leads on."""
        self.setFocus()

    def _rebuild(self) -> None:
        """Close the overlay and make the content in the present language and scale."""
        raise NotImplementedError

    def _fill_with(self, content: QWidget) -> None:
        """Show `content` in the place of what is there."""
        if self._content is not None:
            self._outer.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
        self._content = content
        self._outer.addWidget(content)
        put_eyes_last(content)
        content.show()
        self._ring.raise_()

    def _add_language_keys(self, page: QWidget) -> None:
        for code in self.languages:
            sequence = QKeySequence(f"Alt+{language_of(code).key}")
            add_key(page, sequence, partial(self._choose_language, code))

    def _choose_language(self, language: str) -> None:
        self.set_language(language)
        self.language_chosen.emit(language)

    def _open(self, overlay: Overlay) -> None:
        self._close_overlay()
        self._overlay = overlay
        overlay.closed.connect(self._overlay_closed)
        if self._content is not None:
            self._content.setEnabled(False)
        overlay.open()
        self._ring.raise_()

    def _overlay_closed(self) -> None:
        self._close_overlay()
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
        if scale != self._style.scale:
            self._style = Style(scale, moving=self._style.moving)
            self._ring.set_style(self._style)
            self._rebuild()
