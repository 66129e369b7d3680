"""Lets identification rest: why, and who says so. One person who is present is enough."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.entry_codes import PauseReason
from station_app.domain.roles import Person
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.radio_rows import RadioRows
from station_app.ui.widgets.text_block import TextBlock

REASONS: Sequence[PauseReason] = tuple(PauseReason)


class PauseDialog(Overlay):
    """`paused` gets the person and the reason; `reasons` False asks only who (to go on)."""

    def __init__(
        self,
        host: QWidget,
        texts: Texts,
        style: Style,
        present: Sequence[Person],
        chosen: Callable[[Person, PauseReason | None], None],
        *,
        reasons: bool,
    ) -> None:
        ink2 = style.colours.ink2
        align = Qt.AlignmentFlag.AlignRight
        self._note = TextBlock("", style.text(16, 500), ink2, line_height=1.25, align=align)
        key = DeskKey.PAUSE_DAY if reasons else DeskKey.RESUME_DAY
        super().__init__(
            host,
            texts,
            style,
            title=texts("day.pause.title" if reasons else "day.resume.title"),
            width=860,
            keys=(DeskKey.BACK, key),
            note=self._note,
        )
        self._words, self._key = texts, key
        self._present, self._chosen = tuple(present), chosen
        row = QHBoxLayout()
        row.setSpacing(style.px(24))
        self.reasons: RadioRows | None = None
        if reasons:
            labels = [texts(f"day.pause.{one.value}") for one in REASONS]
            self.reasons = RadioRows(style, labels)
            self.reasons.changed.connect(self._refresh)
            row.addLayout(self._column(style, texts("day.pause.why"), self.reasons), 1)
        self.people = RadioRows(style, [person.name for person in self._present])
        self.people.changed.connect(self._refresh)
        row.addLayout(self._column(style, texts("day.pause.who"), self.people), 1)
        self.body.addLayout(row)
        self._refresh()

    def open(self) -> None:
        """Show, with the keyboard on what is asked first."""
        super().open()
        (self.reasons or self.people).take_focus()

    def on_key(self, key: DeskKey) -> None:
        """It is chosen."""
        person = self.people.chosen
        reason = None if self.reasons is None else self.reasons.chosen
        if person is None or (self.reasons is not None and reason is None):
            return
        self._chosen(self._present[person], None if reason is None else REASONS[reason])

    def _column(self, style: Style, label: str, rows: RadioRows) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(style.px(10))
        column.addWidget(TextBlock(label, style.text(18, 600), style.colours.ink, wrap=False))
        column.addWidget(rows)
        column.addStretch(1)
        return column

    def _refresh(self) -> None:
        why = ""
        if self.reasons is not None and self.reasons.chosen is None:
            why = "day.no_reason"
        elif self.people.chosen is None:
            why = "day.no_person"
        self._note.setText(self._words(why) if why else "")
        self.keys.set_enabled(self._key, not why)
