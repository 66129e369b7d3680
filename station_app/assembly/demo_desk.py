"""The demonstration: list, simulated scanner, station and desk, and its window with the dock."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from station_app import settings
from station_app.assembly.endings import bugs_raised, interrupt_closes
from station_app.assembly.invented_desk import DeskWishes, InventedDesk, invented_desk
from station_app.assembly.lesson_process import LessonProcess
from station_app.assembly.voter_side import VoterSide
from station_app.centre.list_building import RealFinger, find_real_fingers, invent_voters
from station_app.commands.launcher import program
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.flow.approvals import DEMO_PASSPHRASE
from station_app.flow.open_station import local, utc_now
from station_app.journal import verify_journal
from station_app.training.demonstration import demonstration
from station_app.training.dock_queue import DockQueue
from station_app.training.image_people import people_of_fingers, readable
from station_app.training.lists import (
    build_precinct_list,
    build_real_finger_list,
    counted,
    demo_precinct,
    shipped_demo_list,
)
from station_app.training.script import QueuePerson, without_faces
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.views import StationKind
from station_app.ui.public.voter_display import VoterDisplay
from station_app.ui.training.dock import SimulatorDock
from station_app.vault import StationFolder, load_key, write_fault

_CAPTURE_S = 0.7
_OWN_LIST, _FINGER_LIST = "demo.vlist", "fingers.vlist"
_SLIPS = "slips"


@dataclass(frozen=True, slots=True)
class DemoChoice:
    """What to show: the invented precinct, or the real images in the folder `fingers`.

    `voter_display`: in a small window where there is no second monitor.
    """

    out: Path
    language: str
    fingers: Path | None
    dpi: int
    voter_display: bool = False


@dataclass(frozen=True, slots=True)
class DemoQueue:
    """The list and the people in the queue.

    Of real images, `not_enrolled` counts first impressions with too little in them, `unreadable`
    the other files that are no usable images.
    """

    list_path: Path
    people: Sequence[QueuePerson]
    not_enrolled: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class OpenDemonstration:
    """Everything connected, and the queue; the desk is not shown yet, nothing is started."""

    at: InventedDesk
    queue: DemoQueue


@contextmanager
def opened_demonstration(
    demo: DemoChoice, folder: StationFolder, capture_s: float, *, audible: bool
) -> Iterator[OpenDemonstration]:
    """Open one in an empty station folder, and clear it away after.

    The journal and its keys are new for every demonstration. `capture_s` is how long the
    simulated scanner takes for a finger. Raises `KnownError` as `open_station` and
    `find_real_fingers` do, `folder_not_empty` (the folder holds what is not a station's),
    `fingers_alone` (no finger has a second image), `fingers_not_enrollable`.
    """
    _empty(folder)
    queue = _queue(demo, folder.root)
    wishes = DeskWishes(
        language=demo.language,
        printer=FolderPrinter(folder.root / _SLIPS),
        capture_s=capture_s,
        audible=audible,
        shows_voters=True,
    )
    with invented_desk(folder, queue.list_path, wishes) as at:
        if not at.station.runner.can_face:
            queue = replace(queue, people=without_faces(queue.people))
        yield OpenDemonstration(at, queue)


def _empty(folder: StationFolder) -> None:
    _refuse_running(folder)
    try:
        if folder.root.exists():
            _refuse_foreign_files(folder)
            shutil.rmtree(folder.root)
        folder.root.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise write_fault(error, folder.root) from error


def _refuse_running(folder: StationFolder) -> None:
    """A demonstration that is under way in another window keeps its journal."""
    try:
        if folder.journal.exists():
            verify_journal(folder.journal, load_key(folder.journal_key))
    except KnownError as fault:
        if fault.code == Code.ALREADY_RUNNING:
            raise
        # Any other fault of the last demonstration's journal is no reason to keep it.


def _refuse_foreign_files(folder: StationFolder) -> None:
    own = (
        folder.journal.name,
        folder.journal_key.parent.name,
        folder.papers.name,
        _SLIPS,
        _OWN_LIST,
        _FINGER_LIST,
    )
    for path in folder.root.iterdir():
        if not path.name.startswith(own):
            raise KnownError(
                Code.FOLDER_NOT_EMPTY,
                f"{path} is not from a demonstration, and {folder.root} would be emptied. "
                "Nothing was changed: choose another folder, or move the file away.",
            )


def _queue(demo: DemoChoice, root: Path) -> DemoQueue:
    if demo.fingers is not None:
        return _queue_of_images(find_real_fingers(demo.fingers), demo.dpi, root)
    precinct = demo_precinct()
    list_path = shipped_demo_list()
    if not list_path.exists():
        list_path = root / _OWN_LIST
        with counted("Enrolling invented fingers") as progress:
            build_precinct_list(
                list_path, precinct, progress, photographed=range(len(precinct.voters))
            )
    return DemoQueue(list_path, demonstration(precinct, faces=True))


def _queue_of_images(fingers: Sequence[RealFinger], ppi: int, root: Path) -> DemoQueue:
    with counted("Reading the other impressions") as progress:
        fingers, unreadable = readable(fingers, ppi, progress)
    if not any(finger.queue for finger in fingers):
        raise KnownError(
            Code.FINGERS_ALONE,
            "No finger has a second impression that can be read. Give a folder with at least "
            "two images of a finger, as 101_1.png and 101_2.png; links are not followed.",
        )
    list_path = root / _FINGER_LIST
    with counted("Enrolling impression 1") as progress:
        report = build_real_finger_list(list_path, fingers, ppi, progress)
    if not report.enrolled:
        raise KnownError(
            Code.FINGERS_NOT_ENROLLABLE,
            "No finger could be enrolled from its first impression. Give clearer images, or "
            "their resolution with --dpi.",
        )
    people = people_of_fingers(fingers, invent_voters(fingers), PROVISIONAL.tries, ppi)
    return DemoQueue(list_path, people, sum(report.failures.values()), unreadable)


def demo_folder() -> StationFolder:
    """Where the demonstration in a window keeps its journal."""
    return StationFolder(settings.station_home("demo"))


def run_window(demo: DemoChoice) -> bool:
    """Show the desk until its window is closed; the bug that ended it is raised then."""
    with opened_demonstration(demo, demo_folder(), _CAPTURE_S, audible=True) as opened:
        at, dock = opened.at, _dock(opened)
        window = StationWindow(at.desk, dock, StationKind.DEMO, at.room_control.room)
        lessons = LessonProcess(program(), window)
        dock.lessons_pressed.connect(lambda: lessons.start(at.desk.language))
        lessons.changed.connect(lambda: dock.set_lessons_open(is_open=lessons.is_running))
        at.room_control.join(window.pages)
        window.closing.connect(at.app.quit)
        with closing(lessons), interrupt_closes(window.close), bugs_raised(at.station.runner):
            window.show_on_screen()
            voters = _voters(opened, window, demo)
            typer.echo("Enter lays the next finger on the scanner, then goes on to the next voter.")
            typer.echo("Ctrl+D hides and shows the dock; F11 opens the commission's room.")
            typer.echo("Ctrl+L opens the lessons.")
            if demo.voter_display and voters is None:
                typer.echo("No voter's display: this desktop lets no window be placed.")
            at.start()
            at.app.exec()
        if voters is not None:
            voters.close()
    return True


def _voters(
    opened: OpenDemonstration, window: StationWindow, demo: DemoChoice
) -> VoterDisplay | None:
    """The voter's display on a second monitor, or in a small window where that was asked for."""
    station = opened.at.station
    display = VoterDisplay(
        window,
        opened.at.equipment.voter_languages,
        StationKind.DEMO,
        lambda: f"{local(utc_now()):%H:%M}",
        in_window=demo.voter_display,
    )
    display.place()
    if not display.is_on:
        display.close()
        return None
    VoterSide(
        station,
        opened.at.equipment,
        opened.at.desk,
        opened.at.controller,
        opened.at.bridge,
        display,
        None,
    )
    return display


def _dock(opened: OpenDemonstration) -> SimulatorDock:
    chair = opened.at.chair if opened.at.station.runner.can_face else None
    people = DockQueue(opened.at.scanner, opened.queue.people, chair)
    people.join(opened.at.station.runner, opened.at.bridge)
    return SimulatorDock(people, opened.at.desk.language, DEMO_PASSPHRASE)
