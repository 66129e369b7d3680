"""Screen 08: the person before the camera beside the photo of the register."""

from dataclasses import dataclass
from typing import ClassVar, Final

from PySide6.QtWidgets import QWidget

from station_app.domain.session_states import AwaitingFace
from station_app.ui.operator.notice import NoticeScreen
from station_app.ui.operator.page import StageView, StateContext, StatePage
from station_app.ui.operator.views import DayView
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey


@dataclass(frozen=True, slots=True)
class FaceStageView(StageView):
    """The camera looks at a person."""

    day: DayView
    help_page: ClassVar = "face"
    fixed_keys: ClassVar = (DeskKey.HELP, DeskKey.COMMISSION, DeskKey.CANCEL)

    def screen(self, texts: Texts, style: Style) -> QWidget:
        return NoticeScreen(
            texts,
            style,
            icon="ph.user-focus",
            ink=style.colours.commission,
            title=texts("face.title"),
            line=texts("face.line"),
            day=self.day,
        )


def _view(_state: AwaitingFace, now: StateContext) -> FaceStageView:
    return FaceStageView(now.day)


PAGES: Final = (StatePage(AwaitingFace, _view),)
