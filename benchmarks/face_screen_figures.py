"""What the live picture of a face costs the main thread, which also has the keyboard.

`python benchmarks/face_screen_figures.py [--json]` shows 300 pictures of 640 x 480, each with its
order and checks, on the whole desk at two sizes, and paints each of them.
"""

import argparse
import json
import os
import statistics
import time
from datetime import UTC

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from station_app.domain.liveness import FaceStep, Turn
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Face, FaceImage
from station_app.domain.session_states import AwaitingFace, FaceWhy, Session
from station_app.flow.day_reading import Tally
from station_app.flow.face_capture import FaceView
from station_app.synthetic.precinct import invent_precinct
from station_app.training.lists import DEMO_FINGERS
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.pages import Presenter

SIZES = ((1366, 768), (1920, 1080))
_PICTURES, _FPS = 300, 30


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--json", action="store_true")
    arguments = asked.parse_args()
    app = QApplication.instance() or QApplication([])
    figures = {f"{width}x{height}": _measure(width, height) for width, height in SIZES}
    del app
    if arguments.json:
        print(json.dumps(figures))
        return
    for size, found in figures.items():
        for name, value in found.items():
            print(f"{size:10} {name:28} {value:8.2f}")


def _measure(width: int, height: int) -> dict[str, float]:
    desk = OperatorDesk(language="ky", moving=False)
    desk.resize(width, height)
    voter = invent_precinct(2, 1, DEMO_FINGERS).voters[0]
    state = AwaitingFace(1, Session(1, Face(), named_row=0), FaceWhy.TRIES, voter)
    presenter = Presenter(PROVISIONAL, 2, lambda at: at.astimezone(UTC))
    desk.show_view(presenter.view(state, Tally(0, ()), None))
    desk.show()
    QApplication.processEvents()
    rng = np.random.default_rng(1)
    pictures = [
        FaceImage(rng.integers(0, 255, (480, 640, 3), np.uint8).tobytes(), 640, 480)
        for _ in range(8)
    ]
    taken = []
    for number in range(_PICTURES):
        seen = FaceView(FaceStep.TURN, pictures[number % len(pictures)], turn=Turn.LEFT, of=2)
        before = time.process_time()
        desk.show_face(seen)
        QApplication.processEvents()
        taken.append((time.process_time() - before) * 1000)
    desk.deleteLater()
    middle = statistics.median(taken)
    return {
        "a picture, CPU ms, p50": middle,
        "a picture, CPU ms, p95": statistics.quantiles(taken, n=20)[-1],
        f"of the main thread at {_FPS}/s, %": middle * _FPS / 10,
    }


if __name__ == "__main__":
    main()
