"""What the processes of a simulated day tell: a JSON line each; the rest is in their journals."""

import json
import sys
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Final

import typer

from station_app.domain.entry_codes import OutcomeKind
from station_app.training.day_plan import Milestone
from station_app.training.script import End


@dataclass(frozen=True, slots=True)
class ToldMilestone:
    """What happened between two visits; `refused` are the codes of what the station refused."""

    milestone: Milestone
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldGap:
    """What a paper's report says of a station that was taken over: how many entries were found,
    whether the paper list is needed, and the report's `incidents` by their kinds.
    """

    station: str
    entries: int
    needs_paper_list: bool
    incidents: tuple[str, ...]


class ToldState(StrEnum):
    """The station waits for its death, or the day is closed."""

    WAITS = "waits"
    CLOSED = "closed"


@dataclass(slots=True)
class ToldDay:
    """Everything that the desks have told, ends by visit; a gap for each of the spare's papers."""

    ends: dict[int, End] = field(default_factory=dict)
    milestones: list[ToldMilestone] = field(default_factory=list)
    gaps: list[ToldGap] = field(default_factory=list)


Told = End | ToldMilestone | ToldGap | ToldState

_KINDS: Final = {"end": End, "milestone": ToldMilestone, "gap": ToldGap}


def tell(told: Told) -> None:
    """Say it on the process's output, now."""
    if isinstance(told, ToldState):
        said: dict[str, object] = {"state": told}
    else:
        said = {name: asdict(told) for name, kind in _KINDS.items() if isinstance(told, kind)}
    typer.echo(json.dumps(said))
    sys.stdout.flush()


def heard(line: str) -> Told:
    """What a line of `tell` says."""
    ((kind, said),) = json.loads(line).items()
    match kind:
        case "end":
            outcome = said.pop("outcome")
            return End(**said, outcome=None if outcome is None else OutcomeKind(outcome))
        case "milestone":
            return ToldMilestone(Milestone(said["milestone"]), tuple(said["refused"]))
        case "gap":
            return ToldGap(**said | {"incidents": tuple(said["incidents"])})
        case _:
            return ToldState(said)
