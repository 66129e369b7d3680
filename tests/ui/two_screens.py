"""Runs alone, on screens of Qt's own making: the voter's display as monitors come and go.

`python -m tests.ui.two_screens FOLDER` prints one line of JSON.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

SCREENS = (
    {"name": "eDP-1", "x": 0, "y": 0, "width": 1366, "height": 768},
    {"name": "HDMI-1", "x": 1366, "y": 0, "width": 1920, "height": 1080},
    {"name": "DP-2", "x": 3286, "y": 0, "width": 1024, "height": 768},
    {"name": "DP-3", "x": 0, "y": 0, "width": 1366, "height": 768},  # mirrors the desk's
)


def main(folder: str) -> None:  # noqa: PLR0915  # one story
    """The program: see the module."""
    config = Path(folder) / "screens.json"
    config.write_text(json.dumps({"screens": SCREENS}), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={config}"

    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QCloseEvent, QScreen
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QLineEdit

    from station_app.ui.operator.views import StationKind
    from station_app.ui.public.public_view import Scene, ShownVoter
    from station_app.ui.public.voter_display import VoterDisplay, display_screen

    app = QApplication([])
    named = {one.name(): one for one in app.screens()}
    laptop, hdmi, port2, mirror = (named[str(one["name"])] for one in SCREENS)
    plugged = [laptop]
    desk = QLineEdit()  # whatever has the keyboard
    chosen: list[str | None] = [""]
    sockets = [b"connected"]
    display = VoterDisplay(
        desk, ("ky", "ru"), StationKind.LIVE, lambda: "11:42",
        connector=lambda: chosen[0], sockets=lambda: sockets[0], screens=lambda: tuple(plugged),
    )  # fmt: skip
    said: list[bool] = []
    display.changed.connect(said.append)
    steps: dict[str, Any] = {}

    def look(step: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or desk, "1")
        app.processEvents()
        window = display.window
        box = window.geometry()
        steps[step] = {
            "on": display.is_on and not window.isMinimized(),
            "screen": window.screen().name() if window.isVisible() else "",
            "covers": window.isVisible() and box == window.screen().geometry(),
            "over_the_desk": window.isVisible() and box.contains(desk.geometry().center()),
            "focus": QApplication.focusWidget() is desk and desk.isActiveWindow(),
            "typed": len(desk.text()),
        }

    def plug(screen: QScreen, *, is_in: bool) -> None:
        if is_in:
            plugged.append(screen)
            app.screenAdded.emit(screen)
        else:
            plugged.remove(screen)
            app.screenRemoved.emit(screen)
        app.processEvents()

    desk.setScreen(laptop)
    desk.setGeometry(laptop.geometry())
    desk.show()
    desk.activateWindow()
    desk.setFocus()
    display.place()
    app.processEvents()
    look("alone")
    plug(hdmi, is_in=True)
    look("plugged")
    for view in (Scene.WAIT, ShownVoter("Токтоналиева", "Айжаркын", 612, b""), Scene.CALL):
        display.show_view(view)
        app.processEvents()
    QTest.mouseClick(display.window, Qt.MouseButton.LeftButton)
    QTest.keyClick(display.window, Qt.Key.Key_Return)
    look("shown")
    QApplication.sendEvent(display.window.windowHandle(), QCloseEvent())  # as a taskbar's
    display.window.setWindowState(Qt.WindowState.WindowMinimized)  # as "show the desktop"
    app.processEvents()
    look("kept")
    plug(port2, is_in=True)
    look("two")
    chosen[0] = "DP-2"
    display.place()
    app.processEvents()
    look("chosen")
    chosen[0], sockets[0] = None, b"disconnected"  # and the desktop keeps its screen
    display._tick()
    app.processEvents()
    look("kept_by_the_desktop")
    chosen[0], sockets[0] = "DP-2", b"connected"
    display._tick()
    app.processEvents()
    look("chosen_again")
    chosen[0] = None  # as sysfs has it before Qt
    plug(port2, is_in=False)
    look("chosen_pulled")
    chosen[0] = ""
    display.place()
    app.processEvents()
    look("any")
    plug(hdmi, is_in=False)
    look("pulled")
    plug(hdmi, is_in=True)
    hdmi.geometryChanged.emit(QRect(hdmi.geometry()))
    app.primaryScreenChanged.emit(hdmi)
    look("again")
    said_by_qt = desk.screen
    desk.screen = lambda: laptop  # type: ignore[method-assign]  # Qt heard of the move too early
    desk.setGeometry(hdmi.geometry())
    app.processEvents()
    display._tick()
    app.processEvents()
    look("desk_moved_unheard")
    desk.screen = said_by_qt  # type: ignore[method-assign]
    desk.windowHandle().setScreen(hdmi)  # the desk is dragged onto the monitor
    desk.setGeometry(hdmi.geometry())
    app.processEvents()
    display._tick()
    app.processEvents()
    look("desk_moved")
    display.can_be_placed = False
    display.place()
    look("wayland")
    display.can_be_placed = True
    display.place()
    desk.hide()
    display._tick()
    look("desk_hidden")
    steps["said"] = said
    both = [laptop, hdmi, port2]
    steps["renamed"] = display_screen(both[:2], laptop, "DP-7") is hdmi
    steps["of_several"] = display_screen(both, laptop, "DP-7") is None
    steps["mirrored"] = display_screen([laptop, mirror], laptop, "") is None
    display.close()
    print(json.dumps(steps))


if __name__ == "__main__":
    main(sys.argv[1])
