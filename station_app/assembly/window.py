"""The demonstration in a window: the desk, and the dock that plays scanner and queue."""

import typer

from station_app.assembly.bugs import bugs_raised
from station_app.assembly.interrupting import interrupt_closes
from station_app.assembly.stage import Demo, Stage, demo_folder, opened_stage
from station_app.flow.approvals import DEMO_PASSPHRASE
from station_app.training.dock_queue import DockQueue
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.views import StationKind
from station_app.ui.training.dock import SimulatorDock

_CAPTURE_S = 0.7


def run_window(demo: Demo) -> bool:
    """Show the desk until its window is closed; the bug that ended it is raised then."""
    with opened_stage(demo, demo_folder(), _CAPTURE_S, audible=True) as stage:
        window = StationWindow(stage.desk, _dock(stage), StationKind.DEMO, stage.side.room)
        stage.side.join(window)
        window.closing.connect(stage.app.quit)
        with interrupt_closes(window.close), bugs_raised(stage.station.runner):
            window.show_on_screen()
            typer.echo("Enter lays the next finger on the scanner, then goes on to the next voter.")
            typer.echo("Ctrl+D hides and shows the dock; F11 opens the commission's room.")
            stage.start()
            stage.app.exec()
    return True


def _dock(stage: Stage) -> SimulatorDock:
    people = DockQueue(stage.scanner, stage.cast.people)
    people.join(stage.station.runner, stage.bridge)
    return SimulatorDock(people, stage.desk.language, DEMO_PASSPHRASE)
