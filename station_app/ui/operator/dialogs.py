"""The small dialogs over the desk: the PIN during a session, and the help of a screen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Badge, Step
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.pin_field import PinField
from station_app.ui.widgets.text_block import TextBlock


class PinDialog(Overlay):
    """Takes the PIN of a document while a session runs."""

    pin_entered = Signal(str)

    def __init__(self, host: QWidget, texts: Texts, style: Style) -> None:
        super().__init__(
            host,
            texts,
            style,
            title=texts("pin.title"),
            width=680,
            keys=(DeskKey.BACK, DeskKey.LOOK_UP),
        )
        self._texts, self._look = texts, style
        self.field = PinField(style, texts("pin.name"))
        self.field.setFixedWidth(style.px(366))
        self._hint = TextBlock(
            texts("ready.document_hint"), style.text(17), style.colours.ink3, wrap=False
        )
        self.body.addWidget(self._hint)
        self.body.addWidget(self.field)
        self.field.submitted.connect(self._submit)
        self.field.incomplete.connect(self._say_short)

    def open(self) -> None:
        """Show, ready for the first digit."""
        super().open()
        self.field.setFocus()

    def on_key(self, key: DeskKey) -> None:
        """Enter submits as it does in the field."""
        if key is DeskKey.LOOK_UP:
            self.field.submit()

    def _submit(self, pin: str) -> None:
        self.hide()
        self.pin_entered.emit(pin)

    def _say_short(self) -> None:
        self._hint.setText(self._texts("pin.short"))
        self._hint.set_ink(self._look.colours.stop)


class HelpOverlay(Overlay):
    """Three lines about the screen behind it."""

    def __init__(self, host: QWidget, texts: Texts, style: Style, screens: tuple[str, ...]) -> None:
        super().__init__(
            host, texts, style, title=texts("help.title"), width=860, keys=(DeskKey.CLOSE,)
        )
        pages = (texts.help_lines(screen) for screen in screens)
        lines = next((page for page in pages if page), (texts("help.missing"),))
        for number, line in enumerate(lines, start=1):
            sign = Badge(
                style,
                side=48,
                fill=style.colours.sunken,
                ink=style.colours.ink,
                text=str(number),
            )
            words = TextBlock(line, style.text(22, 500), style.colours.ink, line_height=1.3)
            self.body.addWidget(Step(sign, words, style.px(20)))
