"""Reading TOML and its values so that every fault of a file is found before any is reported."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Any, Final, TypeVar

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault import read_regular

_MOST_BYTES: Final = 1 << 18
_SHOWN: Final = 20
_LONGEST: Final = 300

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def settings_bytes(path: Path) -> bytes:
    """The bytes of the file.

    Raises `KnownError` `settings_missing`, `settings_unreadable`, `settings_refused`.
    """
    try:
        return read_regular(path, _MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise KnownError(
            Code.SETTINGS_MISSING, f"There are no settings {path}. Check the name."
        ) from fault
    except (OSError, KnownError) as fault:
        if isinstance(fault, KnownError) and fault.code == Code.FILE_TOO_LARGE:
            raise KnownError(
                Code.SETTINGS_REFUSED,
                f"{path} has more than {_MOST_BYTES} bytes. Choose the right file.",
            ) from fault
        raise KnownError(
            Code.SETTINGS_UNREADABLE,
            f"The settings {path} cannot be read. Check that it is a file and that this "
            "user may read it.",
        ) from fault


class Table:
    """One table of a file. Each value is checked as it is read; faults are collected."""

    def __init__(self, values: dict[str, Any] | None, place: str = "") -> None:
        self._is_there = values is not None
        self._values = dict(values or {})
        self._place = place
        self._parts: list[Table] = []
        self._own_faults: list[str] = []

    @classmethod
    def of_file(cls, path: Path) -> "Table":
        """The file as a table.

        Raises `KnownError` `settings_missing`, `settings_unreadable`, `settings_refused`.
        """
        return cls.of_bytes(settings_bytes(path), path)

    @classmethod
    def of_bytes(cls, data: bytes, path: Path) -> "Table":
        """The bytes that were read from `path` as a table; raises as `of_file` does."""
        try:
            return cls(tomllib.loads(data.decode("utf-8-sig")))
        except (ValueError, RecursionError) as fault:  # of integers with 5,000 digits too
            raise KnownError(
                Code.SETTINGS_REFUSED, f"{path} is not a TOML file: {fault}. Correct it."
            ) from fault

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left in it."""
        return not self._values

    def value(self, name: str, read: Callable[[Any], T], default: T | None = None) -> T | None:
        """A value; `default` where there is none, None where it is missing or wrong.

        `read` raises `ValueError` that describes a good one.
        """
        if name not in self._values:
            # A missing table is one fault, not one for each of its values.
            if default is None and self._is_there:
                self.fault(name, "is missing")
            return default
        try:
            return read(self._values.pop(name))
        except ValueError as fault:
            self.fault(name, str(fault))
            return None

    def table(self, name: str, *, is_needed: bool = True) -> "Table":
        """A table inside this one; empty where there is none."""
        found = self._values.pop(name, None)
        if not isinstance(found, dict):
            if is_needed or found is not None:
                self.fault(name, "is missing" if found is None else "is not a table")
            found = None
        return self._part(found, name)

    def informing(self, name: str) -> Any:
        """What is written under a name that decides nothing, None for nothing: never a fault."""
        return self._values.pop(name, None)

    def all_values(self, read: Callable[[Any], T]) -> tuple[tuple[str, T], ...]:
        """Every value of a table whose names are its user's, in the order of the file."""
        values, self._values = self._values, {}
        found = []
        for name, value in values.items():
            try:
                found.append((name, read(value)))
            except ValueError as fault:
                self.fault(name, str(fault))
        return tuple(found)

    def tables(self, name: str) -> "Iterator[Table]":
        """The tables of an array, `[[name]]`."""
        found = self._values.pop(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.fault(name, f"is written as [[{name}]]")
            return
        for number, one in enumerate(found, start=1):
            yield self._part(one, f"{name} {number}")

    def give(self, name: str, value: Any) -> None:
        """Set a value that the file leaves open; another one in the file is a fault."""
        if self._is_there and self._values.setdefault(name, value) != value:
            self.fault(name, f"is another one than the table says, which is {value!r}")

    def fault(self, name: str, what: str) -> None:
        """Something is wrong with the value of that name."""
        self._own_faults.append(f"{self._name(name)} {what}")

    def refuse_faults(self, path: Path) -> None:
        """Raises `KnownError` `settings_refused` with every fault, unknown names among them."""
        faults = list(self._all_faults())
        if not faults:
            return
        more = "" if len(faults) <= _SHOWN else f"; and {len(faults) - _SHOWN} more"
        raise KnownError(
            Code.SETTINGS_REFUSED,
            f"{path} cannot be used: {'; '.join(faults[:_SHOWN])}{more}. Correct it.",
        )

    def _part(self, values: dict[str, Any] | None, name: str) -> "Table":
        part = Table(values, self._name(name))
        self._parts.append(part)
        return part

    def _name(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def _all_faults(self) -> Iterator[str]:
        yield from self._own_faults
        yield from (f"{self._name(name)} is not known" for name in self._values)
        for part in self._parts:
            yield from part._all_faults()


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


def yes_or_no(value: Any) -> bool:
    """true or false."""
    if value is True or value is False:
        return value
    raise ValueError("is neither true nor false")


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
