"""The facts that a lesson knows of a station's door and of its technician's room."""

from collections.abc import Callable
from typing import Any, Final

from station_app.assembly.technician import DoorScreens
from station_app.domain.roles import Role
from station_app.training.lesson_facts import (
    AtDoor,
    DoorAct,
    Fact,
    Page,
    PersonAdded,
    Shown,
    StationPart,
    Tested,
)
from station_app.ui.room_shell import Place
from station_app.ui.technician.load_page import LOAD
from station_app.ui.technician.loading import LoadingView, LoadOutcome
from station_app.ui.technician.people import PeopleAct, PeopleView
from station_app.ui.technician.people_page import PEOPLE
from station_app.ui.technician.self_test import CardKey, CardState, SelfTestView
from station_app.ui.technician.self_test_page import TEST
from station_app.ui.unlock.entry import UnlockStage

_STAGES: Final = {
    UnlockStage.NO_LIST: Shown.DOOR_NO_LIST,
    UnlockStage.LOCKED: Shown.DOOR_UNLOCK,
}
_ENDED: Final = frozenset({CardState.PASSED, CardState.ATTENTION, CardState.FAILED})
_PARTS: Final = {CardKey(part.value): part for part in StationPart}


class DoorFacts:
    """Tells `listen` of one station's screens; made and used on the main thread."""

    def __init__(self, screens: DoorScreens, listen: Callable[[Fact], None]) -> None:
        self._screens, self._listen = screens, listen
        self._place: Place[Any] = LOAD
        self._page: Page | None = None
        self._cards: dict[CardKey, CardState] = {}
        self._is_loaded = False
        self._added: Role | None = None
        screens.screen.view_shown.connect(lambda _view: self._look())
        screens.window.currentChanged.connect(lambda _place: self._look())
        screens.room.place_shown.connect(self._go)
        screens.room.view_changed.connect(self._changed)
        screens.unlocking.opened.connect(lambda: self._listen(AtDoor(DoorAct.UNLOCKED)))
        screens.idle.due.connect(lambda _asked: self._listen(AtDoor(DoorAct.LOCKED)))

    def tell_page(self) -> None:
        """Tell which page is shown now; none at the desk, and while the station is looked at."""
        self._page = None
        self._look()

    def _go(self, place: Place[Any]) -> None:
        self._place = place
        self._look()

    def _look(self) -> None:
        """Tell which page is shown, where it is another one."""
        screens, shown = self._screens, None
        if screens.window.currentWidget() is screens.room:
            shown = Page(Shown(f"technician.{self._place.code}"), screens.room.help_pages()[0])
        elif screens.window.currentWidget() is screens.screen:
            stage = _STAGES.get(screens.screen.view.stage)
            shown = None if stage is None else Page(stage, "unlock")
        if shown != self._page:
            self._page = shown
            if shown is not None:
                self._listen(shown)

    def _changed(self, place: Place[Any], view: object) -> None:
        """What was done in the technician's room, as its pages show it."""
        if place is LOAD:
            was, self._is_loaded = self._is_loaded, _is_loaded(view)
            if self._is_loaded and not was:
                self._listen(AtDoor(DoorAct.LOADED))
        elif place is TEST and isinstance(view, SelfTestView):
            self._tested(view)
        elif place is PEOPLE and isinstance(view, PeopleView):
            before, self._added = self._added, _added(view)
            if self._added is not None and before is None:
                self._listen(PersonAdded(self._added))

    def _tested(self, view: SelfTestView) -> None:
        before, self._cards = self._cards, {one.key: one.state for one in view.cards}
        for key, state in self._cards.items():
            is_news = state in _ENDED and before.get(key) not in (None, state)
            if is_news and key in _PARTS:
                self._listen(Tested(_PARTS[key], passed=state is not CardState.FAILED))


def _is_loaded(view: object) -> bool:
    return isinstance(view, LoadingView) and view.outcome is LoadOutcome.DONE


def _added(view: PeopleView) -> Role | None:
    done = view.done
    return done.role if done is not None and done.act is PeopleAct.ADD else None
