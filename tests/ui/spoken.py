"""Listens to the desk as a screen reader on Linux does, over AT-SPI: `make spoken`.

`python -m tests.ui.spoken` starts a session bus, a display and the accessibility bus, shows the
desk, reads its tree, and waits for the announcement of a verdict. It prints what a reader such as
Orca is told, and fails where the announcement, a name or a role is missing.

Needs Debian's xvfb, dbus, at-spi2-core, gir1.2-atspi-2.0 and python3-gi, and their Python.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

_NEEDED: Final = ("xvfb-run", "dbus-run-session", "gdbus", "/usr/libexec/at-spi-bus-launcher")
_READER_PYTHON: Final = "/usr/bin/python3"
_IDENTIFIED: Final = "Identified. Toktonalieva"
_SHOWN_MS, _VERDICT_MS, _END_MS = 2500, 4000, 6500


def show_desk() -> None:
    """The desk, and after a moment a verdict; ends a while after."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    from tests.ui.desk_samples import finger_source, sample_desk
    from tests.ui.samples.desk import sample_views, show_sample

    desk = sample_desk("en")
    views = sample_views("en", finger_source)
    show_sample(desk, views["ready"], finger_source, "en")
    desk.resize(1280, 720)
    desk.show()
    verdict = views["identified"]
    QTimer.singleShot(_VERDICT_MS, lambda: show_sample(desk, verdict, finger_source, "en"))
    QTimer.singleShot(_END_MS + 2000, app.quit)
    app.exec()


def listen() -> None:
    """What a screen reader is told; run by the system's Python, which has `gi`."""
    import gi  # type: ignore[import-not-found]

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib  # type: ignore[import-not-found]

    def heard(event: Any) -> None:
        print(f"said {event.any_data}", flush=True)

    def read(one: Any, depth: int = 0) -> None:
        focusable = one.get_state_set().contains(Atspi.StateType.FOCUSABLE)
        print(f"{'  ' * depth}{one.get_role_name()} {one.get_name()!r}{' stop' * focusable}")
        for place in range(one.get_child_count()):
            child = one.get_child_at_index(place)
            if child is not None:
                read(child, depth + 1)

    Atspi.init()
    listener = Atspi.EventListener.new(heard)
    listener.register("object:announcement")
    GLib.timeout_add(_SHOWN_MS, lambda: read(Atspi.get_desktop(0)))
    GLib.timeout_add(_END_MS, Atspi.event_quit)
    Atspi.event_main()


def session() -> None:
    """Inside a session bus and a display: the accessibility bus, the desk and the listener."""
    bus = subprocess.Popen([_NEEDED[-1], "--launch-immediately"], stderr=subprocess.DEVNULL)
    enabled = [
        "gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus",
        "--method", "org.freedesktop.DBus.Properties.Set", "org.a11y.Status", "IsEnabled",
        "<true>",
    ]  # fmt: skip
    subprocess.run(enabled, check=True, stdout=subprocess.DEVNULL)
    desk = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.spoken", "--show"],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"},
        stderr=subprocess.DEVNULL,
    )
    subprocess.run([_READER_PYTHON, str(Path(__file__)), "--listen"], check=True)
    desk.wait()
    bus.terminate()
    bus.wait()


def faults(said: str) -> list[str]:
    """What a screen reader was not told, or told wrongly."""
    found = []
    if f"said {_IDENTIFIED}" not in said:
        found.append("the verdict is not announced")
    lines = [line.strip() for line in said.splitlines()]
    if not any(line.startswith("radio button 'English'") for line in lines):
        found.append("a language is no radio button")
    found += [
        f"no name: {line}" for line in lines if line.endswith(" stop") and line.split()[-2] == "''"
    ]
    return found


def main() -> int:
    """The program: see the module."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    for part in ("show", "listen", "session"):
        parser.add_argument(f"--{part}", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    for is_asked, run in (
        (given.show, show_desk),
        (given.listen, listen),
        (given.session, session),
    ):
        if is_asked:
            run()
            return 0
    missing = [one for one in _NEEDED if shutil.which(one) is None]
    if missing:
        print(f"Install what is missing: {', '.join(missing)}", file=sys.stderr)
        return 2
    inside = [sys.executable, "-m", "tests.ui.spoken", "--session"]
    ended = subprocess.run(
        ["xvfb-run", "-a", "dbus-run-session", "--", *inside],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    print(ended.stdout)
    wrong = faults(ended.stdout)
    print(*wrong or ("The reader was told everything.",), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
