"""What a value of the settings can be; each raises `ValueError` that says what is good."""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from pathlib import PurePath
from typing import Any, TypeVar

_LONGEST = 300

E = TypeVar("E", bound=StrEnum)


def text(value: Any) -> str:
    """A line of 1 to 300 characters."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is not a text")
    if not value.isprintable() or len(value) > _LONGEST:
        raise ValueError(f"is not one line of at most {_LONGEST} characters")
    return value


def absolute(value: Any) -> str:
    """The path of a folder that means the same wherever the program is started."""
    found = text(value)
    if not PurePath(found).is_absolute():
        raise ValueError("is not a path from the root, as /media/mirror")
    return found


def texts(value: Any) -> tuple[str, ...]:
    """A list of different lines, at least one."""
    if not isinstance(value, list) or not value:
        raise ValueError('is not a list as ["one", "two"]')
    found = tuple(text(one) for one in value)
    if len(set(found)) < len(found):
        raise ValueError("names one twice")
    return found


def hashes(value: Any) -> tuple[str, ...]:
    """A list of different hex SHA-256."""
    found = texts(value)
    if not all(re.fullmatch(r"[0-9a-f]{64}", one) for one in found):
        raise ValueError("is not a list of hex SHA-256")
    return found


def matching(pattern: str, what: str) -> Callable[[Any], str]:
    """A text of a form, in NFC."""

    def read(value: Any) -> str:
        found = text(value)
        if not re.fullmatch(pattern, found) or not unicodedata.is_normalized("NFC", found):
            raise ValueError(f"is not {what}")
        return found

    return read


def one_of(kinds: type[E]) -> Callable[[Any], E]:
    """A member of an enumeration by its value."""

    def read(value: Any) -> E:
        if value not in tuple(kinds):
            raise ValueError(f"is not one of {', '.join(kinds)}")
        return kinds(value)

    return read


def some_of(known: tuple[str, ...]) -> Callable[[Any], tuple[str, ...]]:
    """A list of different texts, each a known one."""

    def read(value: Any) -> tuple[str, ...]:
        found = texts(value)
        if not set(found) <= set(known):
            raise ValueError(f"is not a list of {', '.join(known)}")
        return found

    return read
