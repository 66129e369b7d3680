"""What can be done, and can happen, at one kind of stage alone."""

from collections.abc import Iterator, Sequence
from typing import Final

from station_app.training.actions import (
    ACTIONS,
    Action,
    CallFace,
    CannotTurn,
    Place,
    PlugCamera,
    PlugCharger,
    SayNo,
    SayYes,
    Sit,
)
from station_app.training.door_actions import PutStickIn, TakeOver
from station_app.training.happenings import (
    HAPPENINGS,
    BatteryLow,
    CameraOut,
    Happening,
    NoList,
    PowerCut,
    StationDied,
    WasIdentified,
)
from station_app.training.lesson import LessonStep, StageKind

_AT_STATION: Final = (PutStickIn, TakeOver, NoList, StationDied, PowerCut)
_AT_DESK: Final = (
    Sit, CallFace, CannotTurn, SayYes, SayNo, PlugCamera, PlugCharger, CameraOut, BatteryLow,
)  # fmt: skip
"""A lesson's station has no camera, and its charger is always in."""


def stage_faults(at: StageKind, steps: Sequence[LessonStep]) -> Iterator[tuple[int, str]]:
    """Where steps ask a stage for what it does not have: the step's line, and a sentence."""
    for number, step in enumerate(steps):
        asked: tuple[Action | Happening, ...] = (step.do, *step.offers, *step.happens)
        for one in asked:
            name = _name_of(one)
            if at is StageKind.DESK and _needs_station(one):
                yield step.line, f"{name} is for a whole station: write  at: station"
            elif at is StageKind.STATION and isinstance(one, _AT_DESK):
                yield step.line, f"{name} is for a desk: leave  at: station  out"
            elif at is StageKind.STATION and isinstance(one, WasIdentified) and number:
                yield step.line, f"{name} belongs to the first step of a lesson at a station"


def _needs_station(one: Action | Happening) -> bool:
    is_at_door = isinstance(one, Action) and one.place is Place.DOOR
    return is_at_door or isinstance(one, _AT_STATION)


def _name_of(one: Action | Happening) -> str:
    return ACTIONS.name_of(one) if isinstance(one, Action) else HAPPENINGS.name_of(one)
