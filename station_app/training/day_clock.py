"""The clock of a simulated day, and the faults planned around its desk."""

import json
import time
from datetime import datetime, timedelta
from pathlib import Path

from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.training.day_plan import CLOCK_BACK, PlannedVisit
from station_app.training.script import ScriptFault


class DayClock:
    """The machine's clock. The plan sets it at each visit; between visits it runs on, also while
    the desk is dead. After a crash it continues from the file `path`. Any thread may read it.
    """

    def __init__(self, path: Path, at: datetime) -> None:
        """`at` is the time where the clock was never set."""
        self._path = path
        try:
            at_text, since = json.loads(path.read_text())
        except FileNotFoundError:
            self.set(at)
        else:
            self._shown = datetime.fromisoformat(at_text), since

    def set(self, at: datetime) -> None:
        """Set the time."""
        shown = at, time.monotonic()
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps([at.isoformat(), shown[1]]))
        draft.replace(self._path)
        # One value for other threads; after the file, or a crash here would take the clock back.
        self._shown = shown

    def reach(self, at: datetime) -> None:
        """Set the time unless it is later already: a visit that took long moves nobody back."""
        if at > self.now():
            self.set(at)

    def now(self) -> datetime:
        """The time it shows."""
        at, since = self._shown
        return at + timedelta(seconds=time.monotonic() - since)


class PlannedFaults:
    """Sets the clock and lets the printer run out of paper, as the plan says."""

    def __init__(self, clock: DayClock, printer: SimulatedPrinter) -> None:
        self._clock, self._printer = clock, printer

    def begin(self, visit: PlannedVisit) -> None:
        """Begin a visit: set its time, cause its faults and end those of the visit before."""
        is_ahead = self._clock.now() - visit.at >= CLOCK_BACK
        if (
            visit.fault is ScriptFault.CLOCK_BACK and is_ahead
        ):  # once, also where the visit is repeated
            self._clock.set(visit.at)
        else:
            self._clock.reach(visit.at)
        if visit.fault is ScriptFault.PAPER_OUT:
            self._printer.run_out_of_paper()
        else:
            self._printer.load_paper()
