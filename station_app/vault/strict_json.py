"""JSON objects whose members are known: read strictly, written for people and for hashing."""

import json
from collections.abc import Collection
from typing import Any

import rfc8785


def read_record(data: bytes, form: str, members: Collection[str]) -> dict[str, Any]:
    """The JSON object in `data`, with exactly `members` and `format`, which is `form`.

    Raises `ValueError` otherwise. The types of the values are the caller's to check.
    """
    record = read_object(data, (*members, "format"))
    if record["format"] != form:
        raise ValueError("it is another format")
    return record


def read_object(data: bytes, members: Collection[str]) -> dict[str, Any]:
    """The JSON object in `data`, with exactly `members`, each once.

    Raises `ValueError` otherwise, without quoting the data.
    """
    try:
        record = json.loads(data, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON, or names a member twice") from None
    return check_members(record, members)


def check_members(record: object, members: Collection[str]) -> dict[str, Any]:
    """`record` as an object with exactly `members`. Raises `ValueError` otherwise."""
    if not isinstance(record, dict) or record.keys() != set(members):
        raise ValueError("it does not have the members it should have")
    return record


def text_of(value: object) -> str:
    """A text that is really one. Raises `ValueError`."""
    if not isinstance(value, str):
        raise ValueError("it is not a text")  # noqa: TRY004  (what was read, not what was passed)
    return value


def list_of(value: object) -> list[object]:
    """A list that is really one. Raises `ValueError`."""
    if not isinstance(value, list):
        raise ValueError("it is not a list")  # noqa: TRY004  (as above)
    return value


def bytes_of(value: object, size: int) -> bytes:
    """The bytes of a lower-case hex text that has `size` of them. Raises `ValueError`."""
    text = text_of(value)
    data = bytes.fromhex(text)
    # `fromhex` reads spaces and capitals as well.
    if data.hex() != text or len(data) != size:
        raise ValueError("it is not a hex text of the right length")
    return data


def write_record(record: dict[str, Any]) -> bytes:
    """The object for people to read: members in order of their names, one a line."""
    text = json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True)
    return f"{text}\n".encode()


def canonical(record: dict[str, Any]) -> bytes:
    """The object for hashing: RFC 8785."""
    return rfc8785.dumps(record)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError("it names a member twice")
    return record
