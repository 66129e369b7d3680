"""Loading a list: seven steps, each proven, stopped or refused; all by keyboard."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.snapshots import ListKind, LoadProgress, LoadStep, Manifest, Recipient, Refusal
from station_app.ui.stick_picker import StickDialog
from station_app.ui.technician.load_page import LOAD, LoadController, LoadPage
from station_app.ui.technician.loading import (
    STOPPED,
    ChoosingView,
    FoundSnapshot,
    LoadingView,
    LoadOutcome,
    LoadRun,
    LoadView,
)
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.widgets.step_timeline import StepState
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.desk_samples import ManualClock
from tests.ui.door_samples import AtOnce, FakeLoader, SlowLane
from tests.ui.samples.technician import NOW, SAMPLE_STICKS

MEGABYTE = 10**6
SIZE = 60 * MEGABYTE
AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
MANIFEST = Manifest(
    kind=ListKind.LIVE,
    election="KG-2026-11-29",
    precinct="9042",
    place="School",
    sequence=3,
    created=AT,
    valid_from=AT,
    valid_to=AT,
    engines=("e/1",),
    counts={"voters": 2318, "fingers": 4611, "faces": 2251, "portraits": 2296, "bad_rows": 7},
    policy=PROVISIONAL,
    list_size=SIZE,
    list_sha256="ab" * 32,
    issuer="CEC",
    issuer_key=bytes(32),
    recipients=(Recipient("9042-1", "age1x", "ab" * 32),),
    sealed_key=b"sealed",
)
FOUND = FoundSnapshot(Path("9042-3.vsnap"), "KINGSTON", SIZE, NOW)
OLDER = FoundSnapshot(Path("9042-2.vsnap"), "KINGSTON", SIZE, NOW)


def same(at: datetime) -> datetime:
    return at


def told(upto: LoadStep, done: int = 1, of: int = 1) -> Iterator[LoadProgress]:
    """What a load tells until it is in `upto`."""
    for step in LoadStep:
        manifest = None if step is LoadStep.FOUND else MANIFEST
        if step is upto:
            yield LoadProgress(step, done, of, manifest)
            return
        yield LoadProgress(step, 1, 1, manifest)


def states(view: LoadingView) -> str:
    return "".join(step.state.value[0] for step in view.steps)


def test_a_step_is_done_when_all_of_it_is() -> None:
    run = LoadRun(FOUND, None, same)
    assert states(run.view(0.0)) == "rwwwwww"
    for progress in told(LoadStep.COPIED, SIZE // 4, SIZE):
        run.advance(progress, 10.0)
    view = run.view(10.0)
    assert states(view) == "ddddrww"
    assert view.steps[4].fraction == 0.25
    run.finish()
    assert states(run.view(11.0)) == "ddddddd"


def test_what_is_left_is_told_from_the_second_second_on() -> None:
    run = LoadRun(FOUND, None, same)
    for progress in told(LoadStep.COPIED, 0, SIZE):
        run.advance(progress, 10.0)
    run.advance(LoadProgress(LoadStep.COPIED, SIZE // 4, SIZE, MANIFEST), 10.5)
    assert run.view(10.5).steps[4].left_s is None
    run.advance(LoadProgress(LoadStep.COPIED, SIZE // 2, SIZE, MANIFEST), 12.0)
    assert run.view(12.0).steps[4].left_s == pytest.approx(2.0)


def test_the_step_that_failed_is_red_and_the_rest_stays_grey() -> None:
    run = LoadRun(FOUND, None, same)
    for progress in told(LoadStep.FOR_US):
        run.advance(progress, 0.0)
    run.fail(Refusal.EXPIRED)
    view = run.view(0.0)
    assert states(view) == "dddfwww"
    assert view.steps[3].step is LoadStep.NEWER
    assert view.steps[3].state is StepState.FAILED


class Bench:
    """The room with a loader behind a lane that waits."""

    def __init__(self, qtbot: QtBot) -> None:
        self.loader, self.lane, self.clock = FakeLoader(), SlowLane(), ManualClock()
        self.loader.files = [FOUND, OLDER]
        self.room = TechnicianRoom(language="en")
        qtbot.addWidget(self.room)
        self.room.resize(1366, 768)
        self.room.show()
        self.room.activateWindow()
        qtbot.waitUntil(self.room.isActiveWindow)
        self.controller = LoadController(
            self.room, self.loader, self.lane, AtOnce(), seconds=self.clock, local=same
        )
        self.controller.start()
        self.lane.answer()

    @property
    def view(self) -> LoadView:
        return self.room.view_of(LOAD)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.room, key)
        QApplication.processEvents()

    def words(self) -> list[str]:
        QApplication.processEvents()
        return [block.text() for block in self.room.findChildren(TextBlock) if block.isVisible()]


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_a_file_is_chosen_and_loaded_by_keyboard_alone(bench: Bench) -> None:
    bench.loader.told = list(told(LoadStep.IN_PLACE))
    page = bench.room.page
    assert isinstance(page, LoadPage)
    assert page.choices is not None
    assert page.choices.focused_row == 0
    bench.key(Qt.Key.Key_Down)
    bench.key(Qt.Key.Key_Up)
    bench.key(Qt.Key.Key_Return)
    assert bench.controller.is_loading
    bench.lane.answer()
    assert isinstance(bench.view, LoadingView)
    assert bench.view.outcome is LoadOutcome.DONE
    assert bench.view.found == FOUND
    assert "The voter list is loaded" in bench.words()
    assert bench.words().count("4,611") == 2, "expected and loaded"
    bench.key(Qt.Key.Key_Escape)
    bench.lane.answer()
    assert isinstance(bench.view, ChoosingView)


def test_real_progress_is_shown_while_it_is_made(bench: Bench) -> None:
    seen: list[LoadView] = []
    quarter = LoadProgress(LoadStep.COPIED, SIZE // 4, SIZE, MANIFEST)
    bench.loader.told = [
        *told(LoadStep.COPIED, 0, SIZE),
        quarter,
        *list(told(LoadStep.IN_PLACE))[4:],
    ]

    def during(_: LoadProgress) -> None:
        bench.clock.now += 1.0
        seen.append(bench.view)

    bench.loader.during = during
    bench.key(Qt.Key.Key_Return)
    bench.lane.answer()
    fractions = [
        step.fraction
        for view in seen
        if isinstance(view, LoadingView)
        for step in view.steps
        if step.state is StepState.RUNNING and step.fraction is not None
    ]
    assert 0.25 in fractions


def test_escape_stops_a_load_and_says_that_nothing_has_changed(bench: Bench) -> None:
    bench.loader.told = list(told(LoadStep.IN_PLACE))
    bench.key(Qt.Key.Key_Return)
    bench.key(Qt.Key.Key_Escape)
    assert isinstance(bench.view, LoadingView)
    assert bench.view.outcome is LoadOutcome.STOPPING
    bench.lane.answer()
    assert isinstance(bench.view, LoadingView)
    assert bench.view.code == STOPPED
    assert "Loading was stopped" in bench.words()
    assert any(text.startswith("Nothing has changed") for text in bench.words())


def test_the_last_step_is_never_stopped(bench: Bench) -> None:
    bench.loader.told = list(told(LoadStep.IN_PLACE))

    def during(progress: LoadProgress) -> None:
        if progress.step is LoadStep.IN_PLACE:
            bench.controller.stop()

    bench.loader.during = during
    bench.key(Qt.Key.Key_Return)
    bench.lane.answer()
    assert isinstance(bench.view, LoadingView)
    assert bench.view.outcome is LoadOutcome.DONE


def test_a_refusal_says_what_to_do_next(bench: Bench) -> None:
    bench.loader.told = list(told(LoadStep.FOUND))
    bench.loader.fault = KnownError(Refusal.SIGNATURE, "")
    bench.key(Qt.Key.Key_Return)
    bench.lane.answer()
    assert "The signature is not genuine" in bench.words()
    assert "Do not use this stick. Copy the file again at the commission." in bench.words()
    assert bench.room.help_pages() == ("vsnap_signature", "load")


def test_a_stick_is_found_by_itself_and_lost_again(bench: Bench) -> None:
    bench.loader.files = []
    bench.controller.look()
    bench.lane.answer()
    assert "Insert the USB stick" in bench.words()
    bench.loader.files = [FOUND]
    bench.key(Qt.Key.Key_F5)
    bench.lane.answer()
    assert isinstance(bench.view, ChoosingView)
    assert bench.view.found == (FOUND,)


def test_a_stick_is_chosen_from_those_that_are_in(bench: Bench) -> None:
    bench.loader.sticks = SAMPLE_STICKS
    bench.key(Qt.Key.Key_F2)
    bench.lane.answer()
    dialog = bench.room.findChildren(StickDialog)[0]
    assert dialog.list is not None
    assert [row.isEnabled() for row in dialog.list.rows] == [True] * 3, "it is only read"
    assert "31 GB, 12 GB free, FAT32" in dialog.list.rows[0].accessibleName()
    bench.key(Qt.Key.Key_Down)
    bench.key(Qt.Key.Key_Return)
    bench.lane.answer()
    assert bench.loader.asked[-1] == SAMPLE_STICKS[1]
    assert isinstance(bench.view, ChoosingView)
    assert bench.view.stick == SAMPLE_STICKS[1]
    assert bench.room.isEnabled()


def test_an_empty_stick_and_one_that_was_pulled_say_so(bench: Bench) -> None:
    bench.loader.files, bench.loader.sticks = [], SAMPLE_STICKS[:2]
    bench.key(Qt.Key.Key_F5)
    bench.lane.answer()
    assert "No voter list on the stick" in bench.words()
    assert "Looked on: KINGSTON, TRANSCEND. The file ends in .vsnap." in bench.words()
    bench.key(Qt.Key.Key_F2)
    bench.lane.answer()
    bench.key(Qt.Key.Key_Return)
    bench.lane.answer()
    bench.loader.sticks = ()
    bench.key(Qt.Key.Key_F5)
    bench.lane.answer()
    assert "KINGSTON is not in any more" in bench.words()


def test_the_dialog_waits_for_a_stick(bench: Bench) -> None:
    bench.loader.sticks = ()
    bench.key(Qt.Key.Key_F2)
    bench.lane.answer()
    assert "No stick is in" in bench.words()
    bench.key(Qt.Key.Key_Return)
    bench.loader.sticks = SAMPLE_STICKS
    bench.key(Qt.Key.Key_F5)
    bench.lane.answer()
    bench.key(Qt.Key.Key_Return)
    bench.lane.answer()
    assert bench.loader.asked[-1] == SAMPLE_STICKS[0]


def test_pages_and_lock_have_keys(bench: Bench) -> None:
    locked: list[bool] = []
    bench.room.lock_pressed.connect(lambda: locked.append(True))
    QTest.keyClick(bench.room, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert "Device self-test" in bench.words()
    QTest.keyClick(bench.room, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert "Load the voter list" in bench.words()
    bench.key(Qt.Key.Key_F12)
    assert locked == [True]
    QTest.keyClick(bench.room, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    assert "Шайлоочулардын тизмесин жүктөө" in bench.words()
