"""The exam in the window of lessons: its desk and panel, its sheet, and where the sheet goes."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from station_app.assembly.exam_desk import EXAM_STAGE, ExamDesk
from station_app.assembly.lesson_desk import LessonDesk
from station_app.devices.media import Medium
from station_app.devices.printers.page_printer import page_printer, print_pages
from station_app.domain.errors import KnownError
from station_app.domain.exam_sheet import ExamSheet
from station_app.flow.approvals import DEMO_MEMBER, DEMO_PASSPHRASE
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.open_station import utc_now
from station_app.flow.sticks import SMALL_FILE, StickFinder
from station_app.papers.exam_sheet import exam_page
from station_app.papers.paper_words import words_of
from station_app.training.exam_draw import ExamDraw, draw_exam
from station_app.training.exam_keeping import keep_sheet
from station_app.training.lists import demo_precinct
from station_app.training.script import Signature
from station_app.training.sentences import Sentence
from station_app.ui.stick_picker import StickPicker
from station_app.ui.texts import fault_sentences
from station_app.ui.training.exam_page import EXAM, ExamSheetView, ExamStartView
from station_app.ui.training.exam_panel import ExamPanel
from station_app.ui.training.leave_dialog import LeaveDialog
from station_app.ui.training.lesson_window import LessonWindow
from station_app.vault import Passphrase, replace_file

_MOST_SEEDS: Final = 10_000
"""Draws that nobody has asked for by number: short enough to be said aloud."""


def new_seed() -> int:
    """A draw for an exam that nobody has asked for by number."""
    return random.randrange(1, _MOST_SEEDS)  # noqa: S311  (nothing is secret)


def exam_of(seed: int) -> ExamDraw:
    """The exam of this number on the demo precinct."""
    signed = Signature(DEMO_MEMBER.id, Passphrase(DEMO_PASSPHRASE))
    return draw_exam(seed, demo_precinct(), signed)


class ExamControl:
    """Holds exams in `window`; on the main thread. `home` is where their desks have folders.

    A sheet is in memory, and shown, until it is left for another exam. `is_watched` False: nothing
    takes its time. Whoever makes it closes it.
    """

    def __init__(
        self,
        window: LessonWindow,
        bridge: Bridge,
        on_bug: Callable[[BaseException], None],
        sticks: StickFinder,
        home: Path | None = None,
        *,
        is_watched: bool = True,
    ) -> None:
        self._window, self._bridge, self._on_bug, self._home = window, bridge, on_bug, home
        self._is_watched = is_watched
        self._sticks = sticks
        self._lane = Lane("exam", bridge, on_bug)
        self._stage: LessonDesk | None = None
        self._desk: ExamDesk | None = None
        self._panel: ExamPanel | None = None
        self._shown: ExamSheetView | None = None
        self._picker = StickPicker(window.room, self._lane)
        room = window.room
        room.again_pressed.connect(self._again)
        room.keep_pressed.connect(self._keep)
        room.print_pressed.connect(self._print)

    @property
    def desk(self) -> ExamDesk | None:
        """The exam under way."""
        return self._desk

    @property
    def sheet(self) -> ExamSheetView | None:
        """What is shown of the last exam."""
        return self._shown

    def begin(self, seed: int | None = None) -> None:
        """Hold the exam of this draw, or of a new one."""
        desk = self.open(seed)
        self._window.cover(self._window.room.texts("exam.preparing"), locks=True)
        desk.draw_on(self._lane)
        desk.prepare(self._prepared)

    def open(self, seed: int | None) -> ExamDesk:
        """The desk of this draw, or of a new one; shown, and nothing has happened there yet."""
        self.end()
        window = self._window
        self._stage = stage = LessonDesk(
            EXAM_STAGE,
            window.language,
            home=self._home,
            is_hurried=not self._is_watched,
            audible=self._is_watched,
            on_bug=self._on_bug,
        )
        draw = exam_of(new_seed() if seed is None else seed)
        panel = self._panel = ExamPanel(window.language, appearance=window.appearance)
        stage.start()
        desk = self._desk = ExamDesk(
            stage, draw, utc_now(), self._show, is_watched=self._is_watched
        )
        panel.offer_chosen.connect(desk.do_at_bar)
        # A button's own panel goes with the exam: not while it is pressed.
        panel.next_pressed.connect(lambda: self._bridge.post(desk.exam.call_next))
        panel.leave_pressed.connect(lambda: self._bridge.post(self.leave))
        window.show_stage(stage.widget, panel)
        self._show()
        return desk

    def leave(self) -> None:
        """Ask once whether the exam under way is left; at once where nobody has come yet."""
        desk, window = self._desk, self._window
        if desk is None:
            return
        if not desk.exam.view.number:
            self.finish()
            return
        question = LeaveDialog(window, window.room.texts, window.style_in_use)
        # The question goes with the exam: not while its key is pressed.
        question.agreed.connect(lambda: self._bridge.post(self.finish))
        window.ask(question)

    def finish(self) -> None:
        """End the exam with those who came, and show its sheet; without one, go to the lessons."""
        desk = self._desk
        if desk is None:
            return
        has_begun = desk.exam.view.number > 0
        sheet = desk.exam.finish(self._window.language)
        self._window.show_list()
        self.end()
        if has_begun:
            self._show_sheet(ExamSheetView(sheet))
            self._window.room.go_to(EXAM)

    def close(self) -> None:
        """End for good."""
        self.end()
        self._lane.close()

    def end(self) -> None:
        """Close the desk of the exam under way, where there is one; its journal goes."""
        stage, self._stage = self._stage, None
        self._desk = self._panel = None
        if stage is not None:
            stage.close()

    # --- while it is held ----------------------------------------------------------------------

    def _prepared(self) -> None:
        if self._stage is not None:
            self._window.uncover()

    def _show(self) -> None:
        desk, panel = self._desk, self._panel
        if desk is None or panel is None or desk.exam.is_over:
            return
        panel.show_view(desk.exam.view)
        if desk.exam.is_left:
            self._bridge.post(self.finish)

    # --- the sheet -----------------------------------------------------------------------------

    def _show_sheet(self, view: ExamSheetView) -> None:
        self._shown = view
        self._window.room.show_view(EXAM, view)

    def _say(self, key: str, *, is_bad: bool = False, **values: str) -> None:
        if self._shown is not None:
            note = Sentence(key, values)
            self._show_sheet(replace(self._shown, note=note, is_bad=is_bad, is_busy=False))

    def _busy(self) -> ExamSheet | None:
        """The sheet, in the language of the screen; None while there is none to be kept."""
        if self._shown is None or self._shown.is_busy:
            return None
        self._show_sheet(replace(self._shown, note=None, is_busy=True))
        return replace(self._shown.sheet, language=self._window.language)

    def _again(self) -> None:
        self._shown = None
        self._window.room.show_view(EXAM, ExamStartView())

    def _keep(self) -> None:
        self._picker.pick(
            "exam.keep.title", lambda: self._sticks.find(SMALL_FILE), self._keep_on, always_ask=True
        )

    def _keep_on(self, stick: Medium) -> None:
        sheet = self._busy()
        if sheet is None:
            return

        def kept(_names: tuple[str, ...]) -> None:
            self._say("exam.kept", stick=stick.name)

        self._lane.run(
            lambda: keep_sheet(self._sticks, stick, sheet),
            kept,
            self._say_not_kept,
        )

    def _say_not_kept(self, fault: KnownError) -> None:
        key = f"exam.not_kept.{fault.code}"
        self._say(key if key in self._window.room.texts else "exam.not_kept", is_bad=True)

    def _print(self) -> None:
        sheet = self._busy()
        if sheet is None:
            return

        def done(is_printed: bool) -> None:
            self._say("exam.printed" if is_printed else "exam.no_printer", is_bad=not is_printed)

        self._lane.run(
            lambda: print_sheet(sheet),
            done,
            self._say_not_printed,
        )

    def _say_not_printed(self, fault: KnownError) -> None:
        texts = self._window.room.texts
        if texts.help_lines(fault.code) is None:
            self._say("exam.not_printed", is_bad=True)
        else:
            self._say("exam.failed", is_bad=True, why=fault_sentences(texts, fault.code))


def print_sheet(sheet: ExamSheet) -> bool:
    """Print the page on the printer for pages, False without one; no file of it stays.

    On a lane. Raises `KnownError` as `print_pages` does.
    """
    printer = page_printer()
    if not printer:
        return False
    title = words_of(sheet.language, "exam")("exam.sheet.title")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "exam.pdf"
        replace_file(path, exam_page(sheet, sheet.language))
        print_pages(path, title, printer)
    return True
