"""Which page shows which state: every state of the session stands in one page's module."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from station_app.devices.finger_scanner import ScannerInfo
from station_app.domain.election import Ballot
from station_app.domain.policy import Policy
from station_app.domain.samples import FingerImage
from station_app.domain.session_asking import offers_face
from station_app.domain.session_states import State
from station_app.flow.day_reading import Tally
from station_app.ui.operator import capture, face, manual, notice, ready, verdict
from station_app.ui.operator.page import StateContext, StatePage, View

MODULES: Final = (ready, capture, face, verdict, manual, notice)
PAGES: Final[dict[type[Any], StatePage[Any]]] = {
    page.state: page for module in MODULES for page in module.PAGES
}


@dataclass(frozen=True, slots=True)
class Presenter:
    """Makes views; `local` turns UTC into the station's clock, `ballots` are those of the day."""

    policy: Policy
    on_list: int
    local: Callable[[datetime], datetime]
    ballots: tuple[Ballot, ...] = ()

    def view(
        self,
        state: State,
        tally: Tally,
        last_image: FingerImage | None,
        scanner: ScannerInfo | None = None,
        *,
        can_face: bool = False,
    ) -> View:
        """What to show in this state; `last_image` is the last one captured.

        `can_face`: the desk compares faces, so that a key asks for one where that is possible.
        """
        has_face = can_face and offers_face(state, self.policy)
        context = StateContext(
            self.policy,
            self.on_list,
            self.local,
            tally,
            last_image,
            scanner,
            has_face,
            self.ballots,
        )
        return PAGES[type(state)].view(state, context)

    def clock(self, at: datetime) -> str:
        """A time (aware) as the station's clock shows it."""
        return f"{self.local(at):%H:%M}"
