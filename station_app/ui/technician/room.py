"""The technician's room: the column of pages, and the page that is shown."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from station_app.ui.room_shell import HELP, LOCK, RoomShell
from station_app.ui.technician.load_page import LoadPage
from station_app.ui.technician.loading import ChoosingView, LoadingView, LoadView
from station_app.ui.technician.people import PeopleStage, PeopleView
from station_app.ui.technician.people_page import PeoplePage
from station_app.ui.technician.people_panel import PeoplePresses
from station_app.ui.technician.readiness import ReadinessView
from station_app.ui.technician.readiness_page import ReadinessPage
from station_app.ui.technician.self_test import CardKey, SelfTestView
from station_app.ui.technician.self_test_page import SelfTestPage

LOAD, TEST, READY, PEOPLE = "load", "test", "ready", "people"
_PLACES: Final = {
    LOAD: "ph.database",
    TEST: "ph.check-square-offset",
    READY: "ph.article",
    PEOPLE: "ph.users-three",
}
Page = LoadPage | SelfTestPage | ReadinessPage | PeoplePage


class TechnicianRoom(RoomShell):
    """Shows the four pages' views; what is pressed goes out as signals."""

    load_pressed = Signal(object)
    look_pressed = Signal()
    stick_pressed = Signal()
    stop_pressed = Signal()
    another_pressed = Signal()
    card_pressed = Signal(CardKey)
    card_answered = Signal(CardKey, bool)
    test_all_pressed = Signal()
    readiness_pressed = Signal()
    save_pressed = Signal()
    people_shown = Signal()
    people_left = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, language: str, languages: Sequence[str] = ()
    ) -> None:
        super().__init__(parent, _PLACES, (HELP, LOCK), language=language, languages=languages)
        self._load_view: LoadView = ChoosingView(None)
        self._test_view = SelfTestView(())
        self._ready_view = ReadinessView(None)
        self._people_view = PeopleView(PeopleStage.LOOKING)
        self.people = PeoplePresses(self)
        self._rebuild()

    # --- what the station tells the room -------------------------------------------------

    def show_load(self, view: LoadView) -> None:
        """Show how loading stands."""
        old, self._load_view = self._load_view, view
        if self._place != LOAD or view == old:
            return
        page = self.page
        if not (isinstance(page, LoadPage) and page.update_view(view)):
            self._show_page()

    def show_test(self, view: SelfTestView) -> None:
        """Show how the self-test stands."""
        old, self._test_view = self._test_view, view
        if self._place == TEST and view != old:
            self._show_page()

    def show_readiness(self, view: ReadinessView) -> None:
        """Show how ready the station is."""
        self._ready_view = view
        if self._place == READY:
            self._show_page()

    def show_people(self, view: PeopleView) -> None:
        """Show the people, or how far a change is."""
        self._people_view = view
        page = self.page
        if self._place == PEOPLE and not (isinstance(page, PeoplePage) and page.update_view(view)):
            self._show_page()

    def set_place(self, precinct: str) -> None:
        """Write the precinct, empty where none is known."""
        self._precinct = precinct
        self._fill_top()

    def go_to(self, place: str) -> None:
        """Show a page: `LOAD`, `TEST`, or `READY` and `PEOPLE`, which look at the station anew."""
        if self._place == PEOPLE:
            self.people_left.emit()
        super().go_to(place)
        if place == READY:
            self.readiness_pressed.emit()
        elif place == PEOPLE:
            self.people_shown.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._place == PEOPLE and not event.spontaneous():
            self.people_shown.emit()  # the room was locked meanwhile, and others may be here

    def take_focus(self) -> None:
        self._page.take_focus()

    @property
    def load_view(self) -> LoadView:
        """How loading stands."""
        return self._load_view

    @property
    def test_view(self) -> SelfTestView:
        """How the self-test stands."""
        return self._test_view

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._page

    # --- the page ---------------------------------------------------------------------------

    def _show_page(self) -> None:
        focused = self._focused_card()
        self._page = self._new_page()
        self._put_on_stage(self._page)
        if isinstance(self._page, SelfTestPage) and focused is not None:
            self._page.focus_card(focused)
        elif self.isVisible():
            self._page.take_focus()

    def _new_page(self) -> Page:
        if self._place == READY:
            sheet = ReadinessPage(self._texts, self._style, self._ready_view)
            sheet.look_pressed.connect(self.readiness_pressed)
            sheet.save_pressed.connect(self.save_pressed)
            return sheet
        if self._place == PEOPLE:
            old = getattr(self, "_page", None)
            name = old.panel.typed_name if isinstance(old, PeoplePage) else ""
            view = self._people_view
            return PeoplePage(self._texts, self._style, view, self.people, name)
        if self._place == TEST:
            test = SelfTestPage(self._texts, self._style, self._test_view, self._precinct)
            test.card_pressed.connect(self.card_pressed)
            test.card_answered.connect(self.card_answered)
            test.test_all_pressed.connect(self.test_all_pressed)
            return test
        page = LoadPage(self._texts, self._style, self._load_view)
        page.load_pressed.connect(self.load_pressed)
        page.look_pressed.connect(self.look_pressed)
        page.stick_pressed.connect(self.stick_pressed)
        page.stop_pressed.connect(self.stop_pressed)
        page.another_pressed.connect(self.another_pressed)
        return page

    def _focused_card(self) -> CardKey | None:
        page = getattr(self, "_page", None)
        return page.focused_card() if isinstance(page, SelfTestPage) else None

    def _role(self) -> str:
        return self._texts("tech.role")

    # --- dialogs ---------------------------------------------------------------------------

    def help_pages(self) -> tuple[str, ...]:
        """The help of what is shown, the closest first."""
        if self._place == TEST:
            return ("self_test",)
        if self._place == READY:
            return ("readiness",)
        if self._place == PEOPLE:
            return ("people",)
        view = self._load_view
        code = view.code if isinstance(view, LoadingView) else ""
        return (code, "load") if code else ("load",)
