"""Entries as the leaves of the tree: RFC 8785 canonical JSON with `kind` and `at`."""

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, get_args, get_type_hints

import rfc8785

from station_app.domain.entries import Entry

_STAMP: Final = re.compile(r"[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_LARGEST: Final = 2**53 - 1
"""The largest whole number of RFC 8785."""


@dataclass(frozen=True, slots=True)
class _Field:
    """What a field may hold: values of plain types, and members of an enum by their values."""

    plain: frozenset[type]
    members: Mapping[object, Enum]


def _field(types: tuple[type, ...]) -> _Field:
    enums = [cls for cls in types if issubclass(cls, Enum)]
    members = {member.value: member for cls in enums for member in cls}
    return _Field(frozenset(types) - set(enums), members)


def _fields_of(cls: type[Entry]) -> dict[str, _Field]:
    hints = get_type_hints(cls)
    names = [field.name for field in fields(cls)]
    return {name: _field(get_args(hints[name]) or (hints[name],)) for name in names}


def _added_to(cls: type[Entry]) -> frozenset[str]:
    """The fields that an entry of an older version lacks: those with a default."""
    return frozenset(field.name for field in fields(cls) if field.default is not MISSING)


_CLASSES: Final[dict[str, type[Entry]]] = {cls.kind: cls for cls in get_args(Entry)}
_FIELDS: Final = {kind: _fields_of(cls) for kind, cls in _CLASSES.items()}
_ADDED: Final = {kind: _added_to(cls) for kind, cls in _CLASSES.items()}

# For an object of texts, whole numbers, true, false and null under ASCII names this is RFC 8785,
# at a fifth of the time; reading a journal is mostly this. What else is there is refused first.
_encode: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def utc_milliseconds(at: datetime) -> datetime:
    """`at` in UTC, cut to milliseconds, as an entry can say it."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def write_leaf(entry: Entry, at: datetime) -> bytes:
    """The canonical JSON of an entry made at `at` (UTC, whole milliseconds).

    Fields added to its kind later are left out where they are None, as an older version wrote
    it. Raises `ValueError` where only some of them are None.
    """
    values: dict[str, Any] = {field.name: getattr(entry, field.name) for field in fields(entry)}
    added = _ADDED[entry.kind]
    unsaid = {name for name in added if values[name] is None}
    if unsaid:
        if unsaid != added:
            raise ValueError("an entry has all fields added to its kind, or none")
        values = {name: value for name, value in values.items() if name not in added}
    plain = {k: v.value if isinstance(v, Enum) else v for k, v in values.items()}
    return rfc8785.dumps({"kind": entry.kind, "at": _stamp(at), **plain})


def read_leaf(leaf: bytes) -> tuple[Entry, datetime]:
    """The entry of a leaf, and its time in UTC.

    Raises `ValueError` for anything that `write_leaf` would not have written.
    """
    try:
        values = json.loads(leaf)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is not JSON") from error
    kind = values.get("kind") if isinstance(values, dict) else None
    if not isinstance(kind, str) or kind not in _FIELDS:
        raise ValueError("its kind is not known")
    at, expected = _time(values.get("at")), _FIELDS[kind]
    names = values.keys() - {"at", "kind"}
    if names != expected.keys() and names != expected.keys() - _ADDED[kind]:
        raise ValueError("its fields are not those of its kind")
    entry = _CLASSES[kind](**{name: _value(expected[name], values[name]) for name in names})
    if any(values[name] is None for name in names & _ADDED[kind]):
        raise ValueError("a field has a value of another type")
    if _encode(values).encode(errors="replace") != leaf:
        raise ValueError("it is not in canonical form")
    return entry, at


def _value(field: _Field, raw: Any) -> Any:
    cls = type(raw)
    if cls in field.plain and (cls is not int or -_LARGEST <= raw <= _LARGEST):
        return raw
    # A bool is an int to Python, not to an entry.
    if cls in (int, str) and raw in field.members:
        return field.members[raw]
    raise ValueError("a field has a value of another type")


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _time(raw: object) -> datetime:
    if not isinstance(raw, str) or not _STAMP.fullmatch(raw):
        raise ValueError("it does not say when")
    return datetime.fromisoformat(raw)
