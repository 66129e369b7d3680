"""Entries as the leaves of the tree: RFC 8785 canonical JSON with `kind` and `at`."""

import json
import re
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

import rfc8785

from station_app.domain.entries import KINDS, Entry

_STAMP: Final = re.compile(r"[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)

# For an object of texts, whole numbers, true, false and null under ASCII names this is RFC 8785,
# at a fifth of the time; reading a journal spends most of its time here. Others are refused first.
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
    it. Raises `ValueError` where only some of them are None, and for a kind that is not in `KINDS`.
    """
    if KINDS.get(entry.kind) is not type(entry):
        raise ValueError("its kind is not known")
    values: dict[str, Any] = {name: getattr(entry, name) for name in entry.about.fields}
    added = entry.about.added
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
    cls = KINDS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        raise ValueError("its kind is not known")
    at = _time(values.get("at"))
    entry = cls(**cls.about.read({k: v for k, v in values.items() if k not in ("at", "kind")}))
    if _encode(values).encode(errors="replace") != leaf:
        raise ValueError("it is not in canonical form")
    return entry, at


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _time(raw: object) -> datetime:
    if not isinstance(raw, str) or not _STAMP.fullmatch(raw):
        raise ValueError("it does not say when")
    return datetime.fromisoformat(raw)
