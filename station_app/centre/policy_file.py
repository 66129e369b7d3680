"""The election and its rules, as the commission writes them down: `policy.toml`.

    [election]
    name = "…"
    kind = "live"                              # or "training"
    valid_from = 2026-11-20T00:00:00+06:00
    valid_to = 2026-12-05T23:59:59+06:00

    [rules]
    tries = 4
    …                                          # every field of `Policy`

Every rule is written out: what an election is decided by has no defaults.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any, Final

from station_app.domain.decision import (
    FMR_VERIFY_FLOOR_LOG10,
    FPIR_FLOOR_LOG10,
    MARGIN_FLOOR_LOG10,
)
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import Policy
from station_app.snapshots import ListKind
from station_app.vault import read_regular

_LONGEST: Final = 300
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
    "manual_alarm_percent": (1, 100),
}
_HEAD_SLIP_MINUTES: Final = (10, 720)


@dataclass(frozen=True, slots=True)
class ElectionRules:
    """What `policy.toml` says; the times are aware."""

    election: str
    kind: ListKind
    valid_from: datetime
    valid_to: datetime
    policy: Policy


def read_rules(path: Path) -> ElectionRules:
    """The election and its rules.

    Raises `KnownError` `policy_missing`, and `policy_refused` with everything that is wrong,
    rules laxer than `domain.decision` allows among it.
    """
    values = _toml(path)
    reader = _Reader(values)
    election = reader.table("election", ("name", "kind", "valid_from", "valid_to"))
    rules = reader.table("rules", tuple(field.name for field in fields(Policy)))
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
    if (numbers["tries_without_pin"] or 0) > (numbers["tries"] or 10):
        reader.faults.append("rules.tries_without_pin is more than rules.tries")
    if reader.faults:
        raise KnownError(
            "policy_refused", f"{path} can not be used: {'; '.join(reader.faults)}. Correct it."
        )
    policy = Policy(**numbers, finger_order=order)
    return ElectionRules(name, kind, valid_from, valid_to, policy)


class _Reader:
    """Takes values out of the file and collects what is wrong with it."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values
        self.faults = [
            f"{name} is not known" for name in values if name not in ("election", "rules")
        ]

    def table(self, name: str, members: tuple[str, ...]) -> dict[str, Any]:
        """A table, empty where it is missing."""
        found = self._values.get(name)
        if not isinstance(found, dict):
            self.faults.append(f"[{name}] is missing")
            return {}
        self.faults += [f"{name}.{one} is not known" for one in found if one not in members]
        return found

    def value(self, table: dict[str, Any], name: str, read: Callable[[Any], Any]) -> Any:
        """A value, None where it is missing or wrong."""
        key = name.partition(".")[2]
        if key not in table:
            if table:
                self.faults.append(f"{name} is missing")
            return None
        try:
            return read(table[key])
        except (TypeError, ValueError, AttributeError) as fault:
            self.faults.append(f"{name}: {fault}")
            return None


def _toml(path: Path) -> dict[str, Any]:
    try:
        data = read_regular(path, _MOST_BYTES)
    except OSError as fault:
        raise KnownError(
            "policy_missing", f"The policy {path} can not be read ({fault.strerror})."
        ) from fault
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise KnownError("policy_refused", f"{path} is not a TOML file: {fault}.") from fault


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a name is a text")
    if not value.isprintable() or len(value) > _LONGEST:
        raise ValueError(f"a name is one line of at most {_LONGEST} characters")
    return value


def _kind(value: Any) -> ListKind:
    if value not in (ListKind.LIVE, ListKind.TRAINING):
        raise ValueError('"live" or "training"')
    return ListKind(value)


def _time(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("a time is written as 2026-11-20T00:00:00+06:00")
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
        if type(value) not in (int, float) or not isfinite(value):
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
