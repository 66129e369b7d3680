"""Load the voter list (12): which file, then seven steps with proof for each."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.devices.media import Medium
from station_app.domain.errors import KnownError
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.sticks import Sticks
from station_app.snapshots import LoadProgress, LoadStep
from station_app.ui.room_shell import Place, RoomPage, RoomShell, page_column, page_head
from station_app.ui.stick_picker import StickPicker
from station_app.ui.style import Style
from station_app.ui.technician.load_panels import SidePanels, step_rows
from station_app.ui.technician.loading import (
    STOPPED,
    ChoosingView,
    FoundSnapshot,
    LoadingView,
    LoadOutcome,
    LoadRun,
    LoadView,
    SnapshotFacts,
    SnapshotLoader,
    StickContents,
)
from station_app.ui.texts import Texts
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Panel, card
from station_app.ui.widgets.choice_list import Choice, ChoiceList
from station_app.ui.widgets.icons import USB, IconView
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.step_timeline import StepTimeline
from station_app.ui.widgets.text_block import TextBlock

_LEFT, _RIGHT = 612, 482
_MOST_FILES = 6


class LoadPage(RoomPage):
    """Shows a `LoadView`; what is pressed goes out as signals."""

    load_pressed = Signal(object)
    look_pressed = Signal()
    stick_pressed = Signal()
    stop_pressed = Signal()
    another_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: LoadView) -> None:
        super().__init__()
        self._texts, self._style, self._view = texts, style, view
        self.choices: ChoiceList | None = None
        self.timeline: StepTimeline | None = None
        column = page_column(self, style)
        title, line = self._title()
        column.addLayout(page_head(style, title, line, self._buttons()))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        left = card(style)
        self._fill(left)
        row.addWidget(left, _LEFT)
        self._panels = SidePanels(texts, style, view)
        row.addWidget(self._panels, _RIGHT)
        column.addLayout(row, 1)

    def update_view(self, view: LoadView) -> bool:
        """Write another view of the same form; False where a new page is needed."""
        if not isinstance(view, LoadingView) or not view.is_as(self._view):
            return view == self._view
        self._view = view
        assert self.timeline is not None
        self.timeline.update_rows(step_rows(self._texts, view))
        self._panels.update_size(view)
        return True

    def take_focus(self) -> None:
        """Give the keyboard to what leads on."""
        if self.choices is not None and self.choices.rows:
            self.choices.focus_row(0)
        elif self._first is not None:
            self._first.setFocus()

    def _title(self) -> tuple[str, str]:
        texts, view = self._texts, self._view
        if isinstance(view, ChoosingView):
            return texts("load.title"), texts("load.line.choose")
        if view.outcome is LoadOutcome.DONE:
            return texts("load.title.done"), texts("load.line.done")
        if view.outcome is LoadOutcome.FAILED:
            return texts("load.title.failed"), texts("load.line.failed")
        return texts("load.title"), texts("load.line.running")

    def _buttons(self) -> list[ActionButton]:
        view, enter = self._view, QKeySequence(Qt.Key.Key_Return)
        if isinstance(view, ChoosingView):
            return [
                self._button("load.choose_stick", USB, "F2", self.stick_pressed.emit),
                self._button("load.look_again", "ph.arrow-clockwise", "F5", self.look_pressed.emit),
            ]
        if view.outcome in (LoadOutcome.DONE, LoadOutcome.FAILED):
            add_key(self, enter, self.another_pressed.emit)
            return [self._button("load.another", "ph.x", "Esc", self.another_pressed.emit)]
        stop = self._button("load.stop", "ph.x", "Esc", self.stop_pressed.emit)
        stop.setEnabled(view.outcome is LoadOutcome.RUNNING)
        return [stop]

    def _button(self, key: str, icon: str, cap: str, act: Callable[[], None]) -> ActionButton:
        button = ActionButton(self._texts(key), self._style, icon=icon, key=cap)
        button.clicked.connect(lambda _checked=False: act())
        add_key(self, QKeySequence(cap), act)
        self._first = button
        return button

    def _fill(self, panel: Panel) -> None:
        style, view = self._style, self._view
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (28, 22, 28, 18)])
        column.setSpacing(0)
        if isinstance(view, LoadingView):
            self.timeline = StepTimeline(style, step_rows(self._texts, view))
            column.addWidget(self.timeline)
        elif view.found:
            self._add_files(column, view, view.found)
        else:
            self._add_empty(column, view)

    def _add_files(
        self, column: QVBoxLayout, view: ChoosingView, found: tuple[FoundSnapshot, ...]
    ) -> None:
        texts, style, colours = self._texts, self._style, self._style.colours
        shown = found[:_MOST_FILES]
        column.addWidget(TextBlock(texts("load.which"), style.text(19, 600), colours.ink))
        column.addSpacing(style.px(14))
        self.choices = ChoiceList(style, [self._choice(one) for one in shown])
        self.choices.chosen.connect(lambda place: self.load_pressed.emit(shown[place]))
        column.addWidget(self.choices)
        column.addStretch(1)
        hint = "load.enter_hint" if len(found) == len(shown) else "load.more_hint"
        number = texts.number(len(found) - len(shown))
        text = texts(hint) if hint == "load.enter_hint" else texts(hint, number=number)
        column.addWidget(TextBlock(text, style.text(15), colours.ink3))

    def _choice(self, one: FoundSnapshot) -> Choice:
        texts = self._texts
        line = texts(
            "load.file_line",
            medium=one.medium,
            size=texts.size(one.size),
            date=texts.date(one.written),
            time=texts.time(one.written),
        )
        return Choice("ph.file", one.path.name, line)

    def _add_empty(self, column: QVBoxLayout, view: ChoosingView) -> None:
        style, colours = self._style, self._style.colours
        title, line = self._empty_words(view)
        column.addStretch(2)
        column.addWidget(
            IconView(USB, style.px(96), colours.ink3), 0, Qt.AlignmentFlag.AlignHCenter
        )
        column.addSpacing(style.px(20))
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(TextBlock(title, style.display(34, 700), colours.ink, line_height=1.15,
                                   align=middle))  # fmt: skip
        column.addSpacing(style.px(10))
        column.addWidget(TextBlock(line, style.text(19), colours.ink2, align=middle))
        column.addStretch(3)

    def _empty_words(self, view: ChoosingView) -> tuple[str, str]:
        texts = self._texts
        if view.looked is None:
            return texts("load.looking"), ""
        if view.stick is not None and view.is_stick_out:
            return texts("load.stick_out", stick=view.stick.name), texts("load.stick_out_line")
        sticks = (view.stick,) if view.stick is not None else view.looked.sticks
        if sticks:
            names = ", ".join(one.name for one in sticks)
            return texts("load.stick_empty"), texts("load.stick_empty_line", names=names)
        return texts("load.insert"), texts("load.insert_line")


def _page(room: RoomShell, view: LoadView) -> LoadPage:
    return LoadPage(room.texts, room.style_in_use, view)


def _help_pages(view: LoadView) -> tuple[str, ...]:
    code = view.code if isinstance(view, LoadingView) else ""
    return (code, "load") if code else ("load",)


_UNKNOWN: LoadView = ChoosingView(None)
LOAD: Final = Place("load", "ph.database", _UNKNOWN, _page, _help_pages)


_LOOK_EVERY_MS = 2000
_TOLD_EVERY_S = 0.05


class LoadController(QObject):
    """Looks for sticks while nothing is loaded, and loads what is chosen, on the lane.

    `changed` is emitted when another list is in place; it carries its facts, or None.
    """

    changed = Signal(object)

    def __init__(
        self,
        room: RoomShell,
        loader: SnapshotLoader,
        lane: Lane,
        bridge: Bridge,
        *,
        seconds: Callable[[], float],
        local: Callable[[datetime], datetime],
    ) -> None:
        super().__init__(room)
        self._room, self._loader, self._lane, self._bridge = room, loader, lane, bridge
        self._seconds, self._local = seconds, local
        self._picker = StickPicker(room, lane)
        self._stick: Medium | None = None
        self._looked: StickContents | None = None
        self._loaded: SnapshotFacts | None = None
        self._run: LoadRun | None = None
        self._outcome = LoadOutcome.DONE
        self._stop = threading.Event()
        self._told_at = 0.0
        self._is_looking = False
        room.connect_pages(LoadPage, self._connect)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def _connect(self, page: LoadPage) -> None:
        page.load_pressed.connect(self.load)
        page.look_pressed.connect(self.look)
        page.stick_pressed.connect(self._ask_stick)
        page.stop_pressed.connect(self.stop)
        page.another_pressed.connect(self.choose)

    @property
    def is_loading(self) -> bool:
        """Whether a list is being loaded; nothing may be locked or closed meanwhile."""
        return self._run is not None and self._outcome in (
            LoadOutcome.RUNNING,
            LoadOutcome.STOPPING,
        )

    def start(self) -> None:
        """The room has been entered: which list is there, which files on any stick?"""
        self._stick = None
        self._timer.start()
        if self._run is None or not self.is_loading:
            self._read_loaded()
            self.choose()

    def leave(self) -> None:
        """Nobody is looking any more."""
        self._timer.stop()

    def choose(self) -> None:
        """Back to the files."""
        if not self.is_loading:
            self._run = None
            self._show()
            self.look()

    def look(self) -> None:
        """Look for files again."""
        if self._is_looking or self._run is not None:
            return
        self._is_looking = True
        stick = self._stick

        def looked(answer: StickContents) -> None:
            self._is_looking = False
            if stick != self._stick:  # another was chosen meanwhile
                self.look()
                return
            self._looked = answer
            self._show()

        def failed(_: KnownError) -> None:
            looked(StickContents((), ()))

        self._lane.run(lambda: self._loader.look(stick), looked, failed)

    def load(self, found: FoundSnapshot) -> None:
        """Load a file."""
        if self.is_loading:
            return
        self._stop.clear()
        self._outcome = LoadOutcome.RUNNING
        self._run = run = LoadRun(found, self._loaded, self._local)
        self._show()

        def loaded(_: None) -> None:
            self._outcome = LoadOutcome.DONE
            run.finish()
            self._show()
            self._read_loaded()

        def failed(fault: KnownError) -> None:
            self._outcome = LoadOutcome.FAILED
            run.fail(fault.code)
            self._show()

        self._lane.run(lambda: self._loader.load(found, self._tell), loaded, failed)

    def stop(self) -> None:
        """Stop the load under way before its last step."""
        if self._run is not None and self._outcome is LoadOutcome.RUNNING:
            self._outcome = LoadOutcome.STOPPING
            self._stop.set()
            self._run.stopping()
            self._show()

    def _tell(self, progress: LoadProgress) -> None:
        """Called on the lane; what it raises stops the load."""
        if self._stop.is_set() and progress.step is not LoadStep.IN_PLACE:
            raise KnownError(STOPPED, "The load was stopped. The list loaded before stays.")
        now = self._seconds()
        is_news = progress.done in (0, progress.of) or now - self._told_at >= _TOLD_EVERY_S
        if is_news:
            self._told_at = now
            self._bridge.post(lambda: self._advance(progress))

    def _advance(self, progress: LoadProgress) -> None:
        if self._run is not None and self.is_loading:
            self._run.advance(progress, self._seconds())
            self._show()

    def _ask_stick(self) -> None:
        if self._run is None:
            self._picker.pick(
                "load.stick_title",
                lambda: Sticks(self._loader.look(None).sticks),
                self._choose_stick,
                always_ask=True,
            )

    def _choose_stick(self, stick: Medium) -> None:
        self._stick, self._looked = stick, None
        self._show()
        self.look()

    def _read_loaded(self) -> None:
        def known(facts: SnapshotFacts | None) -> None:
            self._loaded = facts
            self.changed.emit(facts)
            self._show()

        self._lane.run(self._loader.loaded, known, lambda _: known(None))

    def _show(self) -> None:
        if self._run is not None:
            self._room.show_view(LOAD, self._run.view(self._seconds()))
        else:
            self._room.show_view(LOAD, ChoosingView(self._looked, self._stick, self._loaded))
