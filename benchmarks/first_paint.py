"""One start of the demonstration: `python first_paint.py BEGUN HOME`.

BEGUN is the monotonic time at which the process was asked for. Prints as JSON after how many
milliseconds the window has been painted, and after how many the desk in it said Ready.
"""

import json
import os
import sys
import time
from importlib import import_module
from typing import Any

laps: dict[str, float] = {}


def main(begun: float, home: str) -> None:
    """Start `station-app demo` without a display, as if there were one, and end it at Ready."""
    os.environ |= {"STATION_APP_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
    command_line = import_module("station_app.assembly.command_line")
    commands: Any = import_module("station_app.assembly.screen_commands")
    commands.why_no_window = lambda: None
    commands.gc.disable()  # as the command does before it imports the window
    window = import_module("station_app.assembly.demo_desk")
    show = window.StationWindow.show_on_screen

    def shown(self: Any) -> None:
        show(self)
        self.grab()
        laps["first paint"] = (time.monotonic() - begun) * 1000
        loop(self)

    def loop(self: Any) -> None:
        timer = import_module("PySide6.QtCore").QTimer(self)
        ready = import_module("station_app.ui.operator.ready").ReadyView

        def look() -> None:
            if isinstance(self._desk.view, ready):
                self.grab()
                laps["Ready"] = (time.monotonic() - begun) * 1000
                self.close()

        timer.timeout.connect(look)
        timer.start(5)

    window.StationWindow.show_on_screen = shown
    sys.stdout = sys.stderr  # what the command says
    command_line.run(["demo"])
    print(json.dumps(laps), file=sys.__stdout__)


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2])
