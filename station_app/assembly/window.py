"""The demonstration in a window: the desk, and the dock that plays scanner and queue."""

import typer

from station_app.assembly.bugs import bugs_raised
from station_app.assembly.interrupting import interrupt_closes
from station_app.assembly.stage import Demo, OpenDemonstration, demo_folder, opened_demonstration
from station_app.flow.approvals import DEMO_PASSPHRASE
from station_app.training.dock_queue import DockQueue
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.views import StationKind
from station_app.ui.training.dock import SimulatorDock

_CAPTURE_S = 0.7


def run_window(demo: Demo) -> bool:
    """Show the desk until its window is closed; the bug that ended it is raised then."""
    with opened_demonstration(demo, demo_folder(), _CAPTURE_S, audible=True) as opened:
        window = StationWindow(
            opened.desk, _dock(opened), StationKind.DEMO, opened.room_control.room
        )
        opened.room_control.join(window)
        window.closing.connect(opened.app.quit)
        with interrupt_closes(window.close), bugs_raised(opened.station.runner):
            window.show_on_screen()
            typer.echo("Enter lays the next finger on the scanner, then goes on to the next voter.")
            typer.echo("Ctrl+D hides and shows the dock; F11 opens the commission's room.")
            opened.start()
            opened.app.exec()
    return True


def _dock(opened: OpenDemonstration) -> SimulatorDock:
    people = DockQueue(opened.scanner, opened.queue.people)
    people.join(opened.station.runner, opened.bridge)
    return SimulatorDock(people, opened.desk.language, DEMO_PASSPHRASE)
