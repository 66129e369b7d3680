"""The election and its rules, as the commission writes them down: `policy.toml`.

    [election]
    id = "kg-2026-president"                   # another round has another one
    date = 2026-11-29
    name = "…"
    kind = "live"                              # or "training"
    valid_from = 2026-11-20T00:00:00+06:00
    valid_to = 2026-12-05T23:59:59+06:00

    [[ballots]]                                # as many as there are that day, or none
    id = "president"
    title = "…"

    [rules]
    tries = 4
    …                                          # every field of `Policy`

Every rule is written out: what an election is decided by has no defaults. A file of an older
version may lack the rules that came later; they mean what they mean in signed texts (`ADDED`).
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from station_app.domain.decision import (
    FMR_VERIFY_FLOOR_LOG10,
    FPIR_FLOOR_LOG10,
    MARGIN_FLOOR_LOG10,
)
from station_app.domain.election import Ballot, ElectionDay
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import ADDED, Policy
from station_app.snapshots import ListKind
from station_app.vault import read_regular

_Day = TypeVar("_Day", date, datetime)

_MEANING: Final = {
    "election.id": ": it names the election day, stays the same in every list of that day, and "
    "is another one in another round",
    "election.date": ": the day on which people vote, as 2026-11-29",
}
"""The remark on members that files of the first version did not have."""

_TABLES: Final = ("election", "rules", "ballots")
_RULES: Final = tuple(one.name for one in fields(Policy) if one.name != "signed_text")
_LONGEST: Final = 300
_FIRST_YEAR, _LAST_YEAR = 2000, 2999
_MOST_BYTES: Final = 1 << 16

# The strictest: beyond 10^-12 evidence is not told apart, and a 1:N search of 100,000
# fingers asks for 5 more than the rate.
_STRICTEST_RATE: Final = 7.0
_STRICTEST_VERIFY: Final = 12.0

_FLOORS: Final = {
    "fmr_verify_log10": (FMR_VERIFY_FLOOR_LOG10, _STRICTEST_VERIFY),
    "fpir_log10": (FPIR_FLOOR_LOG10, _STRICTEST_RATE),
    "margin_log10": (MARGIN_FLOOR_LOG10, _STRICTEST_RATE),
}
_WHOLE: Final = {
    "tries": (1, 10),
    "tries_without_pin": (1, 10),
    "quality_floor": (0, 100),
    "scanner_wait_s": (1, 600),
    "face_tries": (0, 5),
    "face_turns": (2, 4),
    "camera_wait_s": (1, 600),
    "manual_alarm_percent": (1, 100),
}
_HEAD_SLIP_MINUTES: Final = (10, 720)


@dataclass(frozen=True, slots=True)
class ElectionRules:
    """The content of `policy.toml`; the times are aware.

    Without `ballots` every voter is due one that has no name.
    """

    election: str
    kind: ListKind
    valid_from: datetime
    valid_to: datetime
    policy: Policy
    election_day: ElectionDay
    ballots: tuple[Ballot, ...] = ()

    def past(self, now: datetime) -> list[tuple[str, str]]:
        """Dates of it in the past, as codes and sentences: no station would take such a list, or on
        a day that nobody means.
        """
        found = []
        if self.valid_to < now:
            until = f"{self.valid_to:%Y-%m-%d %H:%M}"
            found.append(
                ("validity_past", f"The lists were valid until {until}: stations refuse them.")
            )
        day = self.election_day.date
        if self.kind is ListKind.LIVE and day < now.astimezone(self.valid_to.tzinfo).date():
            found.append(("election_past", f"The election day {day.isoformat()} is over."))
        return found


def read_rules(path: Path) -> ElectionRules:
    """The election and its rules.

    Raises `KnownError` `policy_missing`, and `policy_refused` with everything that is wrong,
    rules laxer than `domain.decision` allows among it.
    """
    values = _toml(path)
    reader = _Reader(values)
    election = reader.table("election", ("id", "date", "name", "kind", "valid_from", "valid_to"))
    rules = reader.table("rules", _RULES)
    rules = ADDED | rules if rules else rules
    id_ = reader.value(election, "election.id", _election_id)
    day = reader.value(election, "election.date", _day)
    ballots = _ballots(reader)
    name = reader.value(election, "election.name", _name)
    kind = reader.value(election, "election.kind", _kind)
    valid_from = reader.value(election, "election.valid_from", _time)
    valid_to = reader.value(election, "election.valid_to", _time)
    numbers: dict[str, Any] = {
        field: reader.value(rules, f"rules.{field}", _between(*limits))
        for field, limits in _WHOLE.items()
    }
    numbers |= {
        field: reader.value(rules, f"rules.{field}", _rate(*limits))
        for field, limits in _FLOORS.items()
    }
    numbers["head_slip_minutes"] = reader.value(rules, "rules.head_slip_minutes", _minutes)
    order = reader.value(rules, "rules.finger_order", _fingers)
    if valid_from and valid_to and valid_from > valid_to:
        reader.faults.append("election.valid_to is before election.valid_from")
    elif valid_from and valid_to and day and not valid_from.date() <= day <= valid_to.date():
        reader.faults.append("election.date is outside election.valid_from to election.valid_to")
    if (numbers["tries_without_pin"] or 0) > (numbers["tries"] or 10):
        reader.faults.append("rules.tries_without_pin is more than rules.tries")
    if reader.faults:
        raise KnownError(
            Code.POLICY_REFUSED, f"{path} cannot be used: {'; '.join(reader.faults)}. Correct it."
        )
    policy = Policy(**numbers, finger_order=order)
    return ElectionRules(name, kind, valid_from, valid_to, policy, ElectionDay(id_, day), ballots)


def _ballots(reader: "_Reader") -> tuple[Ballot, ...]:
    found: list[Ballot] = []
    for number, table in enumerate(reader.tables("ballots", ("id", "title")), start=1):
        id_ = reader.value(table, f"ballots.id of number {number}", _ballot_id, "id")
        title = reader.value(table, f"ballots.title of number {number}", _name, "title")
        if id_ and title:
            found.append(Ballot(id_, title))
    if len({ballot.id for ballot in found}) < len(found):
        reader.faults.append("two ballots have one id")
    return tuple(found)


class _Reader:
    """Takes values out of the file and collects what is wrong with it."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values
        self.faults = [f"{name} is not known" for name in values if name not in _TABLES]

    def table(self, name: str, members: tuple[str, ...]) -> dict[str, Any]:
        """A table, empty where it is missing."""
        found = self._values.get(name)
        if not isinstance(found, dict):
            self.faults.append(f"[{name}] is missing")
            return {}
        self.faults += [f"{name}.{one} is not known" for one in found if one not in members]
        return found

    def tables(self, name: str, members: tuple[str, ...]) -> list[dict[str, Any]]:
        """The tables of an array, which may be missing."""
        found = self._values.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.faults.append(f"{name} is written as [[{name}]]")
            return []
        for table in found:
            self.faults += [f"{name}.{one} is not known" for one in table if one not in members]
        return found

    def value(
        self, table: dict[str, Any], name: str, read: Callable[[Any], Any], key: str = ""
    ) -> Any:
        """A value, None where it is missing or wrong; `name` is for sentences."""
        key = key or name.partition(".")[2]
        if key not in table:
            if table:
                self.faults.append(f"{name} is missing{_MEANING.get(name, '')}")
            return None
        try:
            return read(table[key])
        except (TypeError, ValueError, AttributeError, OverflowError) as fault:
            self.faults.append(f"{name}: {fault}")
            return None


def _toml(path: Path) -> dict[str, Any]:
    try:
        data = read_regular(path, _MOST_BYTES)
    except OSError as fault:
        raise KnownError(
            Code.POLICY_MISSING, f"The policy {path} cannot be read ({fault.strerror})."
        ) from fault
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:  # a number of 5,000 digits is no TOML fault
        raise KnownError(Code.POLICY_REFUSED, f"{path} is not a TOML file: {fault}.") from fault


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a name is a text")
    if not value.isprintable() or len(value) > _LONGEST:
        raise ValueError(f"a name is one line of at most {_LONGEST} characters")
    return value


def _election_id(value: Any) -> str:
    return ElectionDay(_text(value), date.min).election_id


def _ballot_id(value: Any) -> str:
    return Ballot(_text(value), "a title").id


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _day(value: Any) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError("a day is written as 2026-11-29")
    return _near(value)


def _kind(value: Any) -> ListKind:
    if value not in (ListKind.LIVE, ListKind.TRAINING):
        raise ValueError('"live" or "training"')
    return ListKind(value)


def _time(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("a time is written as 2026-11-20T00:00:00+06:00")
    return _near(value)


def _near(value: _Day) -> _Day:
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return value


def _between(least: int, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return value

    return read


def _minutes(value: Any) -> int:
    least, most = _HEAD_SLIP_MINUTES
    if type(value) is not int or (value != 0 and not least <= value <= most):
        raise ValueError(f"0 for never, or a whole number from {least} to {most}")
    return value


def _rate(least: float, most: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        # An integer may be larger than any float: it is compared, and never converted before.
        if type(value) not in (int, float) or value != value:  # noqa: PLR0124  (not a number)
            raise ValueError("a number")
        if value < least:
            raise ValueError(f"no rule may be laxer than {least}")
        if value > most:
            raise ValueError(f"at most {most} can be told apart")
        # 4 and 4.0 are one rule and shall have one hash.
        return float(value)

    return read


def _fingers(value: Any) -> tuple[FingerPosition, ...]:
    named = {position.name.lower(): position for position in FingerPosition if position}
    if not isinstance(value, list) or not value:
        raise ValueError("a list of fingers")
    order = [named.get(one) if isinstance(one, str) else None for one in value]
    known = tuple(one for one in order if one is not None)
    if len(known) < len(order) or len(set(known)) < len(known):
        raise ValueError(f"each finger once, of {', '.join(named)}")
    return known
