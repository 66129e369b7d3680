"""The table of many stations, one a line, for `station-app provision --batch`.

    precinct,kit,plan,snapshot,serial,operator,chair,member,technician
    9042,1,,lists/9042-3.vsnap,5CD1234XYZ,Айда Үсөнова,Бермет Асанова,Нурлан Токтогулов,

Only `precinct` and `kit` are needed. Without a `plan` it is `station.toml` beside the table. The
four columns of people name one person each, whose id is the column's name; a plan that names its
people itself leaves them empty. Comma, semicolon or tab; UTF-8. Paths lie in the table's folder or
below: the stick decides nothing outside itself.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.settings.machine import KIT_CODE, PRECINCT_CODE
from station_app.settings.plan import Plan, PlanLine, read_plan
from station_app.vault import read_regular

MOST_LINES: Final = 5000
_MOST_BYTES: Final = 1 << 20
_LONGEST: Final = 120
_SHOWN: Final = 10
_PLAN: Final = "station.toml"
_NEEDED: Final = ("precinct", "kit")
_PEOPLE: Final = tuple(role.value for role in Role)
_COLUMNS: Final = (*_NEEDED, "plan", "snapshot", "serial", *_PEOPLE)
_SAFE_NAME: Final = re.compile(r"[\w][\w. -]*", re.UNICODE)
"""What every file system of a stick takes."""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One station to be. `number` is the line as a spreadsheet shows it."""

    number: int
    precinct: str
    kit: str
    plan: str = _PLAN
    snapshot: str = ""
    serial: str = ""
    people: tuple[Person, ...] = ()

    @property
    def station(self) -> str:
        """The station's name."""
        return f"{self.precinct}-{self.kit}"


@dataclass(frozen=True, slots=True)
class Batch:
    """The lines of a table; no two are one station, also not to a stick without capitals."""

    path: Path
    lines: tuple[BatchLine, ...]

    def line(self, station: str) -> BatchLine | None:
        """The line of a station, by its name in any letters."""
        wanted = station.strip().casefold()
        return next((one for one in self.lines if one.station.casefold() == wanted), None)

    def of_serial(self, serial: str) -> BatchLine | None:
        """The line of the machine with that serial number."""
        same = [one for one in self.lines if serial and one.serial.casefold() == serial.casefold()]
        return same[0] if len(same) == 1 else None

    def plan(self, line: BatchLine) -> Plan:
        """The plan of a line.

        Raises `KnownError` as `read_plan` does, and `settings_refused` for a plan that leads out
        of the table's folder, or that would put the station itself there.
        """
        around = self.path.parent.resolve()
        path = around / line.plan
        here = PlanLine(line.precinct, line.kit, line.people)
        plan = read_plan(path, here)
        snapshot = around / line.snapshot if line.snapshot else plan.snapshot
        signed = (*plan.machine.executables, *plan.machine.certificates)
        named = [path, *plan.issuers, *plan.recipients, *(plan.beside / one.path for one in signed)]
        named += [snapshot] if snapshot else []
        for one in named:
            if not one.resolve().is_relative_to(around):
                raise _refused(path, [f"{one.name} lies outside the folder of the table"])
        if plan.folder is not None and plan.folder.resolve().is_relative_to(around):
            raise _refused(
                path, ["the station's folder would lie on the stick; give one from the root"]
            )
        return replace(plan, snapshot=snapshot)


def read_batch(path: Path) -> Batch:
    """The table at `path`.

    Raises `KnownError` `settings_missing`, `settings_unreadable`, and `settings_refused` with
    everything that is wrong.
    """
    rows = _rows(path)
    _, header = next(rows, (1, []))
    names = [one.strip().casefold() for one in header]
    faults = [f"column {name!r} is not known" for name in names if name not in _COLUMNS]
    faults += [f"column {name} is missing" for name in _NEEDED if name not in names]
    faults += [f"column {name} is there twice" for name in set(names) if names.count(name) > 1]
    if faults:
        raise _refused(path, faults)
    lines: list[BatchLine] = []
    known: dict[str, int] = {}
    for number, fields in rows:
        if len(lines) >= MOST_LINES:
            raise _refused(path, [f"it has more than {MOST_LINES} lines"])
        values = {
            name: unicodedata.normalize("NFC", value.strip())
            for name, value in zip(names, fields, strict=False)
        }
        wrong = list(_faults(values, len(fields) - len(names)))
        faults += [f"line {number}: {one}" for one in wrong]
        if wrong:
            continue
        line = _line(number, values)
        before = known.setdefault(line.station.casefold(), number)
        if before != number:
            faults.append(f"line {number}: {line.station} is the station of line {before}")
        lines.append(line)
    serials = [one.serial.casefold() for one in lines if one.serial]
    faults += [
        f"line {one.number}: serial {one.serial} is another line's"
        for one in lines
        if one.serial and serials.count(one.serial.casefold()) > 1
    ]
    if not lines and not faults:
        faults = ["it has no line"]
    if faults:
        raise _refused(path, faults)
    return Batch(path, tuple(lines))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        data = read_regular(path, _MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise KnownError(
            Code.SETTINGS_MISSING, f"There is no table {path}. Check the name."
        ) from fault
    except OSError as fault:
        raise KnownError(
            Code.SETTINGS_UNREADABLE,
            f"The table {path} cannot be read. Check that its stick is in.",
        ) from fault
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise _refused(path, ["it is not UTF-8: save it as CSV UTF-8"]) from fault
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(one.strip() for one in row):
                yield reader.line_num, row
    except csv.Error as fault:
        raise _refused(path, [f"line {reader.line_num}: {fault}"]) from fault


def _faults(values: dict[str, str], more: int) -> Iterator[str]:
    if more > 0:
        yield f"it has {more} cells more than there are columns"
    for name, value in values.items():
        if len(value) > _LONGEST or (value and not value.isprintable()):
            yield f"{name} is not one line of at most {_LONGEST} characters"
    for name, code in (("precinct", PRECINCT_CODE), ("kit", KIT_CODE)):
        try:
            code(values.get(name, ""))
        except ValueError as fault:
            yield f"{name} {fault}"
    for name in ("plan", "snapshot"):
        value = values.get(name, "")
        if value and not _is_inside(value):
            yield f"{name} is not a path below the table's folder"
    for name in _PEOPLE:
        value = values.get(name, "")
        if value:
            try:
                Person(name, value, Role(name))
            except ValueError as fault:
                yield f"{name}: {fault}"


def _is_inside(text: str) -> bool:
    path = PurePosixPath(text)
    return not path.is_absolute() and all(_SAFE_NAME.fullmatch(one) for one in path.parts)


def _line(number: int, values: dict[str, str]) -> BatchLine:
    return BatchLine(
        number=number,
        precinct=values["precinct"],
        kit=values["kit"],
        plan=values.get("plan") or _PLAN,
        snapshot=values.get("snapshot", ""),
        serial=values.get("serial", ""),
        people=tuple(
            Person(name, values[name], Role(name)) for name in _PEOPLE if values.get(name)
        ),
    )


def _refused(path: Path, faults: list[str]) -> KnownError:
    more = "" if len(faults) <= _SHOWN else f"; and {len(faults) - _SHOWN} more"
    return KnownError(
        Code.SETTINGS_REFUSED,
        f"{path} cannot be used: {'; '.join(faults[:_SHOWN])}{more}. Correct it.",
    )
