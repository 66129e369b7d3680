"""Steps one below the other: done, running, waiting or failed, each with its proof."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.widgets.icons import paint_icon
from station_app.ui.widgets.meters import ProgressBar
from station_app.ui.widgets.text_block import TextBlock

_SIGN = 34


class StepState(Enum):
    """Where a step is."""

    DONE = "done"
    RUNNING = "running"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step in words. `fraction` is how much of it is done, None where it has no size."""

    title: str
    line: str
    state: StepState
    fraction: float | None = None


class _Sign(QWidget):
    """The circle before a step, and the line that leads to the next one."""

    def __init__(self, style: Style, number: int, row: StepRow, *, last: bool) -> None:
        super().__init__()
        self._style, self._number, self._last = style.half_grown, number, last
        style = self._style
        self.row = row
        self.setFixedWidth(style.px(_SIGN))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(_SIGN), self._style.px(_SIGN))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours, state = self._style, self._style.colours, self.row.state
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = style.px(_SIGN)
        box = QRectF(0, style.px(4), side, side)
        if not self._last:
            line = colours.ok_ink if state is StepState.DONE else colours.line
            top = box.bottom() + style.px(4)
            painter.fillRect(
                QRectF(side / 2 - 1, top, 2, self.height() - top + style.px(2)), colour(line)
            )
        if state is StepState.DONE:
            paint_icon(painter, "ph.check-circle-fill", box, colours.ok_ink)
        elif state is StepState.FAILED:
            paint_icon(painter, "ph.x-circle-fill", box, colours.stop_ink)
        elif state is StepState.RUNNING:
            self._paint_ring(painter, box)
        else:
            painter.setPen(QPen(colour(colours.control_border), style.px(2)))
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
            painter.setPen(colour(colours.ink3))
            painter.setFont(style.text(15, 600))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._number))

    def _paint_ring(self, painter: QPainter, box: QRectF) -> None:
        """As much of a circle as is done; it does not turn without progress."""
        wide = self._style.px(4)
        ring = box.adjusted(wide / 2 + 1, wide / 2 + 1, -wide / 2 - 1, -wide / 2 - 1)
        painter.setPen(QPen(colour(self._style.colours.line), wide))
        painter.drawEllipse(ring)
        painter.setPen(QPen(colour(self._style.colours.ink), wide))
        painter.drawArc(ring, 90 * 16, -round((self.row.fraction or 0.0) * 360 * 16))


class _Step(QWidget):
    def __init__(self, style: Style, number: int, row: StepRow, *, last: bool) -> None:
        super().__init__()
        colours = style.colours
        ink = {
            StepState.WAITING: colours.ink3,
            StepState.FAILED: colours.stop_ink,
        }.get(row.state, colours.ink)
        line_ink = colours.ink if row.state is StepState.FAILED else colours.ink3
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(style.px(18))
        self._sign = _Sign(style, number, row, last=last)
        outer.addWidget(self._sign)
        column = QVBoxLayout()
        column.setContentsMargins(0, style.px(4), 0, style.px(12))
        column.setSpacing(style.px(1))
        weight = 500 if row.state is StepState.WAITING else 600
        column.addWidget(TextBlock(row.title, style.text(18, weight), ink, line_height=1.25))
        self.line = TextBlock(row.line, style.text(15.5), line_ink, line_height=1.35)
        column.addWidget(self.line)
        self._bar: ProgressBar | None = None
        if row.fraction is not None and row.state is StepState.RUNNING:
            column.addSpacing(style.px(8))
            self._bar = ProgressBar(style, height=12, fraction=row.fraction, bordered=True)
            column.addWidget(self._bar)
        outer.addLayout(column, 1)
        self.setAccessibleName(f"{row.title}. {row.line}")

    def update_row(self, row: StepRow) -> None:
        """The same step, further on."""
        self.setAccessibleName(f"{row.title}. {row.line}")
        self._sign.row = row
        self._sign.update()
        self.line.setText(row.line)
        if self._bar is not None and row.fraction is not None:
            self._bar.set_fraction(row.fraction)


class StepTimeline(QWidget):
    """All steps of a procedure."""

    def __init__(self, style: Style, rows: list[StepRow]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._steps = [
            _Step(style, number, row, last=number == len(rows))
            for number, row in enumerate(rows, start=1)
        ]
        for step in self._steps:
            column.addWidget(step)
        column.addStretch(1)

    def update_rows(self, rows: list[StepRow]) -> None:
        """New lines and fractions of the same steps in the same states."""
        for step, row in zip(self._steps, rows, strict=True):
            step.update_row(row)
