"""Messages of a simulated day's processes, a JSON line each; the rest is in their journals."""

import json
import sys
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Final

import typer

from station_app.domain.entry_codes import OutcomeKind
from station_app.training.day_plan import DayMilestone
from station_app.training.script import VisitEnd


@dataclass(frozen=True, slots=True)
class MilestoneReached:
    """A milestone between two visits; `refused` are the codes of the station's refusals."""

    milestone: DayMilestone
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakeoverGap:
    """A paper's report on a station that was taken over: how many entries were found,
    whether the paper list is needed, and the report's `incidents` by their kinds.
    """

    station: str
    entries: int
    needs_paper_list: bool
    incidents: tuple[str, ...]


class DeskState(StrEnum):
    """The station waits for its death, or the day is closed."""

    WAITS = "waits"
    CLOSED = "closed"


@dataclass(slots=True)
class DayAccount:
    """All messages of the desks: ends by visit; one gap for each paper of the spare."""

    ends: dict[int, VisitEnd] = field(default_factory=dict)
    milestones: list[MilestoneReached] = field(default_factory=list)
    gaps: list[TakeoverGap] = field(default_factory=list)


Message = VisitEnd | MilestoneReached | TakeoverGap | DeskState

_KINDS: Final = {"end": VisitEnd, "milestone": MilestoneReached, "gap": TakeoverGap}


def tell(message: Message) -> None:
    """Say it on the process's output, now."""
    if isinstance(message, DeskState):
        said: dict[str, object] = {"state": message}
    else:
        said = {name: asdict(message) for name, kind in _KINDS.items() if isinstance(message, kind)}
    typer.echo(json.dumps(said))
    sys.stdout.flush()


def read_message(line: str) -> Message:
    """The message in a line that `tell` wrote."""
    ((kind, said),) = json.loads(line).items()
    match kind:
        case "end":
            outcome = said.pop("outcome")
            return VisitEnd(**said, outcome=None if outcome is None else OutcomeKind(outcome))
        case "milestone":
            return MilestoneReached(DayMilestone(said["milestone"]), tuple(said["refused"]))
        case "gap":
            return TakeoverGap(**said | {"incidents": tuple(said["incidents"])})
        case _:
            return DeskState(said)
