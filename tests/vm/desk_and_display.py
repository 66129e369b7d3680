"""A desk with the keyboard, and the voter's display, on the screens of a real X server.

`python -m tests.vm.desk_and_display PORT` does what each line of its input says, and answers with
a line of JSON: `look` does nothing, `identify` shows voters somebody.
"""

import json
import os
import sys
from typing import Any

from PySide6.QtCore import QSocketNotifier
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit

from station_app.devices.monitors import VoterScreen, sockets
from station_app.ui.operator.views import StationKind
from station_app.ui.public.public_view import ShownVoter
from station_app.ui.public.voter_display import VoterDisplay


def main(port: str) -> None:
    """The program: see the module."""
    app = QApplication([])
    desk = QLineEdit()
    desk.setGeometry(app.screens()[0].geometry())
    desk.showFullScreen()
    desk.activateWindow()
    heard: list[tuple[tuple[str, bytes], ...]] = []

    def hear() -> tuple[tuple[str, bytes], ...]:
        heard[:] = [sockets()]
        return heard[0]

    display = VoterDisplay(
        desk, ("ky", "ru"), StationKind.LIVE, lambda: "11:42",
        connector=lambda: VoterScreen(port).connector, sockets=hear,
    )  # fmt: skip
    display.place()

    def look() -> dict[str, Any]:
        window = display.window
        box = window.geometry()
        return {
            "screens": [one.name() for one in app.screens()],
            "on": display.is_on,
            "screen": window.screen().name() if window.isVisible() else "",
            "covers": window.isVisible() and box == window.screen().geometry(),
            "keyboard": desk.isActiveWindow() and desk.hasFocus(),
            "typed": desk.text(),
            "glows": _is_lit(app, display),
            "plugs": sum(state == b"connected" for _, state in heard[-1]),
        }

    def obey() -> None:
        if os.read(0, 1000) == b"identify\n":
            display.show_view(ShownVoter("Токтоналиева", "Айжаркын", 612, b""))
        print(json.dumps(look()), flush=True)

    reading = QSocketNotifier(0, QSocketNotifier.Type.Read)
    reading.activated.connect(obey)
    print(json.dumps(look()), flush=True)
    app.exec()


def _is_lit(app: QApplication, display: VoterDisplay) -> bool:
    """Whether the X server's own picture of that screen is what the window painted."""
    if not display.window.isVisible():
        return False
    box = display.window.geometry()
    root = app.primaryScreen().grabWindow(0, box.x(), box.y(), box.width(), box.height())
    wanted = display.window.grab()
    form = QImage.Format.Format_RGB32
    return root.toImage().convertToFormat(form) == wanted.toImage().convertToFormat(form)


if __name__ == "__main__":
    main(sys.argv[1])
