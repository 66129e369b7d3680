"""How long a desk's screen stands still, and what thousands of sessions leave in memory.

    python -m benchmarks.desk_figures [--sessions 300] [--without-faces] [--json]

The demonstration's people come to its desk one after the other, in a window that is drawn, as
often as it takes; after the first round most are STOPped. A timer of the main thread asks to be
called every 5 ms. By how much it is late the screen stood still: `own` is the part of that time
which the thread itself used, the rest waited for a processor or for Python's lock. Here people's
fingers are drawn on the same two cores, their faces before. They act a moment after the screen
has changed. `--sessions 3000` is a day of three desks; `--without-faces` leaves out those whom the
camera looks at, for ten seconds each.
Ends with 1 where the thread's own work took more than 50 ms at once, or memory grew by more than
2 MB over the second half.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from PySide6.QtCore import Qt, QTimer

from station_app.assembly.demo_desk import DemoChoice, OpenDemonstration, opened_demonstration
from station_app.evaluation.timing import resident_mb, this_machine
from station_app.flow.bridge import Bridge
from station_app.synthetic.live_scenes import Sitting
from station_app.training.chair import Obedience
from station_app.training.player import Player
from station_app.training.script import QueuePerson, ShowFace, VisitResult, without_faces
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.views import StationKind
from station_app.vault import StationFolder

_EVERY_MS: Final = 5
_LONGEST_MS: Final = 50.0
_MOST_GROWTH_MB: Final = 2.0
_SEEN_S: Final = 0.05
"""From a change of the screen to what a person does about it; real ones take longer."""
_PATIENCE_MS: Final = 120_000
_DWELL_S: Final = 0.1
"""How long a verdict stays: time for its page to be drawn."""

Figures = dict[str, float | int | str]


class StandingStill:
    """How often a timer of the main thread was how late, in tenths of a millisecond, and what the
    desk showed where the thread's own work was the longest.
    """

    def __init__(self, opened: OpenDemonstration) -> None:
        self.late: Counter[int] = Counter()
        self.own: Counter[int] = Counter()
        self.longest: Counter[str] = Counter()
        self._opened = opened
        self._last, self._used = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_EVERY_MS)

    def _tick(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        late, own = (now - self._last) * 1000 - _EVERY_MS, (used - self._used) * 1000
        self._last, self._used = now, used
        self.late[round(late * 10)] += 1
        self.own[round(own * 10)] += 1
        if own > _LONGEST_MS:
            self.longest[type(self._opened.at.desk.view).__name__] += 1

    def begin_anew(self) -> None:
        """Forget what was seen."""
        for one in (self.late, self.own, self.longest):
            one.clear()


def _at(seen: Counter[int], share: float) -> float:
    """The time that this share of `seen` was not longer than, in milliseconds."""
    left = seen.total() * share
    for tenths in sorted(seen):
        left -= seen[tenths]
        if left <= 0:
            return tenths / 10
    return max(seen) / 10


class Unhurried:
    """A bridge for people: they act on what the screen shows after a moment."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge, self.later = bridge, bridge.later

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` once the screen could be seen."""
        self._bridge.later(_SEEN_S, call)


def measure(
    opened: OpenDemonstration, people: Sequence[QueuePerson], sessions: int
) -> tuple[Figures, Counter[str]]:
    """Play so many visits; the first round of people warms everything up and is not counted."""
    rounds = -(-sessions // len(people)) + 1
    memory: list[float] = []
    for act in (act for person in people for act in person.acts):
        if isinstance(act, ShowFace):
            Sitting(act.face).prepared()
    opened.at.station.runner.observe(Obedience(opened.at.chair, in_haste=True))
    still = StandingStill(opened)

    patience = QTimer(singleShot=True)
    patience.timeout.connect(lambda: opened.at.app.exit(1))
    patience.start(_PATIENCE_MS)

    def ended(_: VisitResult) -> None:
        patience.start()
        memory.append(resident_mb() or 0.0)
        if len(memory) % 100 == 0:
            of = f"{len(memory)} of {len(people) * rounds} visits"
            print(f"{of}, {memory[-1]:.0f} MB", file=sys.stderr, flush=True)
        if len(memory) == len(people):
            still.begin_anew()

    player = Player(
        opened.at.station.runner,
        opened.at.scanner,
        Unhurried(opened.at.bridge),
        list(people) * rounds,
        ended,
        opened.at.app.quit,
        dwell_s=_DWELL_S,
        chair=opened.at.chair if opened.at.station.runner.can_face else None,
    )
    opened.at.start()
    player.start()
    stuck = opened.at.app.exec()
    assert not stuck, f"nobody's visit ended for two minutes: {opened.at.station.runner.state}"
    assert not player.blocked_by, player.blocked_by
    counted = memory[len(people) :]
    half = counted[len(counted) // 2]
    figures: Figures = {
        "sessions": len(counted),
        "looks": still.late.total(),
        "late_ms_p50": _at(still.late, 0.5),
        "late_ms_p99": _at(still.late, 0.99),
        "late_ms_most": _at(still.late, 1),
        "late_over_50_ms": sum(n for one, n in still.late.items() if one > 10 * _LONGEST_MS),
        "own_ms_p99": _at(still.own, 0.99),
        "own_ms_most": _at(still.own, 1),
        "own_over_50_ms": still.longest.total(),
        "memory_mb_first": counted[0],
        "memory_mb_half": half,
        "memory_mb_last": counted[-1],
    }
    return figures, still.longest


def main(words: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=300)
    parser.add_argument("--without-faces", action="store_true", help="nobody before the camera")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    wanted = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        demo = DemoChoice(Path(name), "ky", None, 500)
        folder = StationFolder(Path(name) / "station")
        with opened_demonstration(demo, folder, 0.2, audible=False) as opened:
            window = StationWindow(
                opened.at.desk, None, StationKind.DEMO, opened.at.room_control.room
            )
            opened.at.room_control.join(window.pages)
            window.resize(1366, 768)
            window.show()
            everybody = opened.queue.people
            people = without_faces(everybody) if wanted.without_faces else everybody
            figures, longest = measure(opened, people, wanted.sessions)
            window.close()
    grown = float(figures["memory_mb_last"]) - float(figures["memory_mb_half"])
    if wanted.json:
        print(json.dumps(figures | {"where_own_over_50_ms": longest}))
    else:
        print(this_machine())
        for key, value in figures.items():
            print(f"{key:18}{value:>10}")
        for where, count in longest.most_common():
            print(f"  own over 50 ms at {where}: {count}")
    return int(bool(longest) or grown > _MOST_GROWTH_MB)


if __name__ == "__main__":
    sys.exit(main())
