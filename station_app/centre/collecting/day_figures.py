"""What a polling day adds up to: figures of a station, a precinct, a country."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, Final

from station_app.centre.collecting.alarms import Alarm

_IDENTIFIED: Final = "identified"
_OF_OUTCOMES: Final = {
    "already_identified": "already_identified",
    "refused": "refused",
    "not_on_list": "not_on_list",
    "unreadable": "unreadable",
    "abandoned": "abandoned",
    "device_lost": "ended_by_device",
    "interrupted": "interrupted",
}
_OF_METHODS: Final = {
    "finger": "by_finger",
    "face": "by_face",
    "commission": "by_commission",
}
_OF_KINDS: Final = {
    "device_lost": "device_losses",
    "head_not_turned": "cannot_turn",
    "mirror_lost": "mirror_losses",
    "slip_failed": "slips_failed",
    "stop_decided": "stops_decided",
    "clock_changed": "clock_changes",
    "difference_explained": "differences_explained",
    "day_reopened": "reopenings",
    "taken_over": "takeovers",
    "issued_elsewhere": "issued_elsewhere",
    "admitted": "admitted",
    "struck_off": "struck_off",
    "sent_away": "sent_away",
    "came_back": "came_back",
    "station_was_off": "station_was_off",
}
ELSEWHERE: Final = "elsewhere"
"""The method of a ballot that was taken to a voter: it settles the voter, as an identification."""
_UNDONE: Final = "act_undone"
_UNDONE_HERE: Final = ("admitted", "struck_off")
"""Acts taken off by their kind; a ballot taken to a voter is taken off as an identification is."""
COUNTED_KINDS: Final = (
    "outcome", "session_started", "day_opened", "day_closed", "day_reopened", _UNDONE, *_OF_KINDS,
)  # fmt: skip
_NUMBER: Final = re.compile(r"\b[1-9][0-9]{0,8}\b")
_MOST: Final = 2**31
"""More than a table's whole numbers hold."""
COUNTED_OUTCOMES: Final = (_IDENTIFIED, *_OF_OUTCOMES, *_UNDONE_HERE)
COUNTED_METHODS: Final = tuple(_OF_METHODS)
"""What `StationDay.count` tells apart: a journal can hold any number of others."""


@dataclass(slots=True)
class Figures:
    """What a station, a precinct or a country adds up to.

    `by_...` are identifications that stand, the `voided` ones taken off; `by_other` are those
    of methods that this version does not know. `unended` are sessions without an outcome;
    `cannot_turn` those of people who could not turn the head before the camera. `stops_decided` are
    those `already_identified` about which the commission has written what it found. From
    `issued_elsewhere` on: the commission's acts by kind, those undone taken off; of `struck_off`
    the voters `struck_not_listed` are not on the list that their station counts by.
    """

    by_finger: int = 0
    by_face: int = 0
    by_commission: int = 0
    by_other: int = 0
    voided: int = 0
    already_identified: int = 0
    refused: int = 0
    not_on_list: int = 0
    unreadable: int = 0
    abandoned: int = 0
    ended_by_device: int = 0
    interrupted: int = 0
    unended: int = 0
    device_losses: int = 0
    cannot_turn: int = 0
    mirror_losses: int = 0
    slips_failed: int = 0
    stops_decided: int = 0
    clock_changes: int = 0
    differences_explained: int = 0
    reopenings: int = 0
    takeovers: int = 0
    issued_elsewhere: int = 0
    admitted: int = 0
    struck_off: int = 0
    struck_not_listed: int = 0
    sent_away: int = 0
    came_back: int = 0
    station_was_off: int = 0
    acts_undone: int = 0

    @property
    def identified(self) -> int:
        """Identifications that stand."""
        return self.by_finger + self.by_face + self.by_commission + self.by_other

    @property
    def issued(self) -> int:
        """Ballots that there must be: identified, taken to voters, admitted."""
        return self.identified + self.issued_elsewhere + self.admitted

    @property
    def manual_share(self) -> float:
        """Percent of them that the commission decided."""
        return 100 * self.by_commission / self.identified if self.identified else 0.0

    def count(self, name: str, times: int) -> None:
        """Add to one figure."""
        setattr(self, name, getattr(self, name) + times)

    def add(self, other: "Figures") -> None:
        """Count `other` in."""
        for one in fields(Figures):
            self.count(one.name, getattr(other, one.name))

    def to_values(self) -> dict[str, Any]:
        """As a JSON object."""
        return (
            {"identified": self.identified, "issued": self.issued}
            | asdict(self)
            | {"manual_share": round(self.manual_share, 2)}
        )


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a count was another than the number identified, as the entry has it."""

    what: str
    expected: int
    counted: int
    reason: str

    @classmethod
    def of_leaf(cls, leaf: str) -> "Explanation":
        """What an entry `difference_explained` says, carried or not."""
        values = _happening(leaf)
        return cls(*(values.get(one.name) for one in fields(cls)))


@dataclass(frozen=True, slots=True)
class CountedList:
    """What entry `number` of a history says of the list in use: `listed` voters, None where that is
    no number of voters, and `left_out` of those who are struck off: the entries of that history.
    """

    number: int
    listed: int | None
    left_out: frozenset[int] = frozenset()

    @classmethod
    def of_leaf(cls, number: int, shift: int, leaf: str) -> "CountedList":
        """What an entry `list_counted` says, carried or not; `shift` is added to the entry numbers
        that it names.
        """
        values = _happening(leaf)
        said = values.get("left_out")
        named = _NUMBER.findall(said) if isinstance(said, str) else ()
        return cls(number, voters_listed(values), frozenset(int(one) + shift for one in named))


def undone_by(leaf: str) -> int:
    """The entry that an entry `act_undone`, carried or not, says it undoes."""
    named = _happening(leaf).get("entry")
    return named if isinstance(named, int) else 0


def voters_listed(values: Mapping[str, Any]) -> int | None:
    """The voters on a list, where an entry gives a number that there can be."""
    listed = values.get("listed")
    if not isinstance(listed, int) or isinstance(listed, bool):
        return None
    return listed if 0 <= listed < _MOST else None


def _happening(leaf: str) -> Any:
    values = json.loads(leaf)
    while values["kind"] == "carried":
        values = json.loads(values["leaf"])
    return values


@dataclass(slots=True)
class StationDay:
    """A station: its figures, when it was opened first (UTC, None for never), and of each
    history that has arrived the head in its short form; `collected` is when the last did.
    `explanations` are what the commission has written about differences at the closing.
    """

    station: str
    figures: Figures = field(default_factory=Figures)
    opened: datetime | None = None
    heads: list[str] = field(default_factory=list)
    collected: datetime | None = None
    explanations: list[Explanation] = field(default_factory=list)
    _last_opened: datetime | None = None
    _last_closed: datetime | None = None

    @property
    def closed(self) -> datetime | None:
        """When it was closed (UTC), None while it is open."""
        if self._last_opened and self._last_closed and self._last_closed < self._last_opened:
            return None
        return self._last_closed

    def count(
        self,
        kind: str,
        outcome: str | None,
        method: str | None,
        times: int,
        first: datetime | None,
        last: datetime | None,
    ) -> None:
        """Count in `times` entries of one kind, from `first` to `last`."""
        figures = self.figures
        if kind == "outcome":
            figures.unended -= times
            if outcome == _IDENTIFIED:
                figures.count(_OF_METHODS.get(method or "", "by_other"), times)
            elif outcome in _OF_OUTCOMES:
                figures.count(_OF_OUTCOMES[outcome], times)
        elif kind == "session_started":
            figures.unended += times
        elif kind == "day_closed":
            self._last_closed = last
        elif kind == "day_opened":
            self.opened = first
        if kind in ("day_opened", "day_reopened"):
            self._last_opened = max(filter(None, (last, self._last_opened)), default=None)
        if kind == _UNDONE and outcome in _UNDONE_HERE:
            figures.count(outcome, -times)
            figures.acts_undone += times
        if kind in _OF_KINDS:
            figures.count(_OF_KINDS[kind], times)

    def take_off(self, method: str | None, times: int) -> None:
        """Identifications by `method` were made void, or ballots taken to voters undone."""
        if method == ELSEWHERE:
            self.figures.issued_elsewhere -= times
            self.figures.acts_undone += times
            return
        self.figures.voided += times
        self.figures.count(_OF_METHODS.get(method or "", "by_other"), -times)

    def to_values(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "station": self.station,
            **self.figures.to_values(),
            "opened": _stamp(self.opened),
            "closed": _stamp(self.closed),
            "heads": self.heads,
            "collected": _stamp(self.collected),
            "explanations": [asdict(one) for one in self.explanations],
        }


@dataclass(slots=True)
class PrecinctDay:
    """A precinct: `listed` voters, None where no station has said so, and its stations."""

    precinct: str
    listed: int | None = None
    missing: tuple[str, ...] = ()
    stations: dict[str, StationDay] = field(default_factory=dict)
    alarms: tuple[Alarm, ...] = ()

    @property
    def figures(self) -> Figures:
        """The sum of its stations."""
        return total(one.figures for one in self.stations.values())

    @property
    def opened(self) -> datetime | None:
        """When the first station was opened."""
        return min((one.opened for one in self.stations.values() if one.opened), default=None)

    @property
    def closed(self) -> datetime | None:
        """When the last one was closed; None while one is open."""
        times = [one.closed for one in self.stations.values()]
        return max((one for one in times if one), default=None) if all(times) else None

    @property
    def entitled(self) -> int | None:
        """Voters on the list without those struck off, None where nobody has said how many."""
        if self.listed is None:
            return None
        figures = self.figures
        struck = max(0, figures.struck_off - figures.struck_not_listed)
        return max(0, self.listed - struck)

    @property
    def turnout(self) -> float | None:
        """Identified voters in percent of those listed."""
        return 100 * self.figures.identified / self.listed if self.listed else None

    def to_values(self) -> dict[str, Any]:
        """As a JSON object."""
        turnout = self.turnout
        return {
            "precinct": self.precinct,
            "listed": self.listed,
            "left_on_list": self.entitled,
            "turnout": None if turnout is None else round(turnout, 2),
            **self.figures.to_values(),
            "opened": _stamp(self.opened),
            "closed": _stamp(self.closed),
            "seen": len(self.stations),
            "missing": list(self.missing),
            "alarms": dict(Counter(one.code for one in self.alarms if one.explained is None)),
            "explained": sum(one.explained is not None for one in self.alarms),
            "stations": [one.to_values() for one in self.stations.values()],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A polling day. `utc_offset` is the polling stations' time less UTC; all times here are
    UTC. `keys_are_pinned` is False where no --keys were ever given.
    """

    day: date
    kind: str
    utc_offset: timedelta
    keys_are_pinned: bool
    precincts: tuple[PrecinctDay, ...]
    alarms: tuple[Alarm, ...]

    @property
    def figures(self) -> Figures:
        """The sum of all precincts."""
        return total(one.figures for one in self.precincts)

    @property
    def listed(self) -> int:
        """Listed voters of all precincts that have said so."""
        return sum(one.listed or 0 for one in self.precincts)

    @property
    def entitled(self) -> int:
        """Those of them who are not struck off."""
        return sum(one.entitled or 0 for one in self.precincts)

    def to_values(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "day": self.day.isoformat(),
            "kind": self.kind,
            "utc_offset_minutes": round(self.utc_offset / timedelta(minutes=1)),
            "keys_are_pinned": self.keys_are_pinned,
            "listed": self.listed,
            "left_on_list": self.entitled,
            **self.figures.to_values(),
            "precincts": [one.to_values() for one in self.precincts],
            "alarms": [one.to_values() for one in self.alarms],
        }


def total(figures: Iterable[Figures]) -> Figures:
    """The sum."""
    added = Figures()
    for one in figures:
        added.add(one)
    return added


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"
