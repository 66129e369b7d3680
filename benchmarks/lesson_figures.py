"""How long a learner waits for a lesson: from the choice to a stage that may be acted at.

Usage: QT_QPA_PLATFORM=offscreen python -m benchmarks.lesson_figures [--json]

Each lesson at a station is opened once, and one at a desk; a station's stage is there when its door
may be typed at, or says that there is no list. Of lessons with the same beginning the first one's
station is made, and the others' are copied.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from station_app.assembly.lesson_desk import LessonDesk
from station_app.assembly.lesson_station import LessonStation
from station_app.training.lesson import Lesson, StageKind
from station_app.training.lesson_facts import Fact, Page
from station_app.training.lesson_file import shipped_lessons

_PATIENCE_S = 60.0


def opened_in(lesson: Lesson, home: Path) -> float:
    """Seconds until the first page of the stage is told."""
    shown: list[Fact] = []
    since = time.perf_counter()
    make: Callable[..., LessonDesk | LessonStation]
    make = LessonStation if lesson.at is StageKind.STATION else LessonDesk
    stage = make(lesson, "en", home=home)
    try:
        stage.widget.show()
        stage.start()
        stage.follow(shown.append)
        while not any(isinstance(one, Page) for one in shown):
            QApplication.processEvents()
            assert time.perf_counter() - since < _PATIENCE_S, f"{lesson.id} shows nothing"
        return time.perf_counter() - since
    finally:
        stage.close()


def main() -> None:
    """Print a line a lesson."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    lessons = [one for one in shipped_lessons() if one.at is StageKind.STATION]
    lessons[:0] = [next(one for one in shipped_lessons() if one.at is StageKind.DESK)]
    with tempfile.TemporaryDirectory() as home:
        opened_in(lessons[0], Path(home))  # imports, fonts and the first list are a program's start
        figures = {one.id: round(opened_in(one, Path(home)), 2) for one in lessons}
    if "--json" in sys.argv:
        print(json.dumps(figures))
    else:
        for name, seconds in figures.items():
            print(f"{name:20} {seconds:.2f} s")
    del app


if __name__ == "__main__":
    main()
