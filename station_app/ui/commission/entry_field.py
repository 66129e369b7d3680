"""A line of text to type: the phone's time, a count, a reason."""

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit

from station_app.ui.style import Style
from station_app.ui.tokens import FIELD_RADIUS

_HEIGHT = 52


class EntryField(QLineEdit):
    """With `digits` it takes so many digits and nothing else."""

    def __init__(
        self, style: Style, name: str, text: str, *, longest: int, digits: bool = False
    ) -> None:
        super().__init__(text)
        colours = style.colours
        self.setMaxLength(longest)
        self.setAccessibleName(name)
        self.setFont(style.text(22 if digits else 17, 600 if digits else 400))
        self.setFixedHeight(style.px(_HEIGHT))
        self.setProperty("focus_radius", style.px(FIELD_RADIUS))
        if digits:
            self.setValidator(QRegularExpressionValidator(QRegularExpression(r"[0-9]*"), self))
            self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setStyleSheet(
            f"QLineEdit {{ border: {style.px(2)}px solid {colours.control_border};"
            f" border-radius: {style.px(FIELD_RADIUS)}px; padding: 0 {style.px(12)}px;"
            f" background: {colours.surface}; color: {colours.ink};"
            f" placeholder-text-color: {colours.ink3}; }}"
        )
