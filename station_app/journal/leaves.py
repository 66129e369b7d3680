"""Entries as the leaves of the tree: RFC 8785 canonical JSON with `kind` and `at`."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from enum import Enum
from types import NoneType
from typing import Any, Final, get_args, get_type_hints

import rfc8785

from station_app.domain.entries import Entry


def _field_types(cls: type[Entry]) -> dict[str, tuple[type, ...]]:
    hints = get_type_hints(cls)
    names = [field.name for field in fields(cls)]
    return {name: get_args(hints[name]) or (hints[name],) for name in names}


_CLASSES: Final[dict[str, type[Entry]]] = {cls.kind: cls for cls in get_args(Entry)}
_FIELDS: Final = {kind: _field_types(cls) for kind, cls in _CLASSES.items()}


def utc_milliseconds(at: datetime) -> datetime:
    """`at` in UTC, cut to milliseconds, as an entry can say it."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def write_leaf(entry: Entry, at: datetime) -> bytes:
    """The canonical JSON of an entry made at `at` (UTC, whole milliseconds)."""
    values: dict[str, Any] = {field.name: getattr(entry, field.name) for field in fields(entry)}
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
    kind = values.pop("kind", None) if isinstance(values, dict) else None
    if not isinstance(kind, str) or kind not in _FIELDS:
        raise ValueError("its kind is not known")
    at = _time(values.pop("at", None))
    types = _FIELDS[kind]
    if values.keys() != types.keys():
        raise ValueError("its fields are not those of its kind")
    checked: dict[str, Any] = {name: _value(types[name], raw) for name, raw in values.items()}
    entry = _CLASSES[kind](**checked)
    if write_leaf(entry, at) != leaf:
        raise ValueError("it is not in canonical form")
    return entry, at


def _value(types: tuple[type, ...], raw: object) -> object:
    if type(raw) in types:
        return raw
    for cls in types:
        # A bool is an int to Python, not to an entry.
        if issubclass(cls, Enum) and not isinstance(raw, bool | NoneType):
            return cls(raw)
    raise ValueError("a field has a value of another type")


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _time(raw: object) -> datetime:
    if not isinstance(raw, str) or not raw.endswith("Z"):
        raise ValueError("it does not say when")
    return datetime.fromisoformat(raw)
