"""Calm full cards: identification rests, an identification is void."""

from typing import assert_never

from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.domain.day import DayState
from station_app.ui.operator.day_column import day_column
from station_app.ui.operator.fault import add_steps, notice_card
from station_app.ui.operator.ready import stage_row
from station_app.ui.operator.views import NoticeView, RestingView, VoidedView
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.text_block import TextBlock

_SIGNS = {
    DayState.BEFORE: "ph.sun-horizon",
    DayState.PAUSED: "ph.pause-circle",
    DayState.CLOSED: "ph.moon",
}


class NoticeScreen(QWidget):
    """The stage while there is nothing to do but what the card says."""

    def __init__(self, texts: Texts, style: Style, view: NoticeView) -> None:
        super().__init__()
        row = stage_row(self, style)
        colours = style.colours
        match view:
            case RestingView():
                icon, ink = _SIGNS[view.why], colours.ink3
                why = view.why.value
                title, line = texts(f"resting.{why}.title"), texts(f"resting.{why}.line")
                steps: tuple[str, ...] = ()
                then = texts(f"resting.{why}.step")
            case VoidedView():
                icon, ink = "ph.arrow-u-up-left", colours.commission
                number = texts.list_number(view.list_number)
                title, line = texts("voided.title"), texts("voided.line", number=number)
                then = ""
                steps = ("voided.step1", "voided.step2", "voided.step3")
            case _:
                assert_never(view)
        panel = notice_card(style, icon, title, line, ink)
        column = panel.layout()
        assert isinstance(column, QVBoxLayout)
        add_steps(column, texts, style, steps)
        if then:
            column.addWidget(TextBlock(then, style.text(25, 500), colours.ink, line_height=1.3))
        column.addStretch(1)
        self.setAccessibleName(f"{title}. {line}")
        row.addWidget(panel, 1)
        row.addWidget(day_column(texts, style, view.day, None))
