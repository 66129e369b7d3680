"""What each laptop of a batch has and lacks, as the laptops themselves wrote it on the stick.

One file a station and laptop, `<station>.<fingerprint>.results.jsonl`, a line a run: nothing that
was written is changed, and copies of the stick are laid together by their lines. Nothing in them
is signed and nothing here is trusted: a report is for the technician, the digits are for the
commission.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import csv_text
from station_app.flow.sticks import fault_of_medium
from station_app.settings import Batch, BatchLine
from station_app.vault import (
    OTHERS_MAY_LOOK,
    READABLE,
    is_pulled,
    make_folder,
    medium_lost,
    read_regular,
    refuse_other_spelling,
    replace_file,
    write_fault,
)

FORMAT: Final = "station-app/batch-result/1"
_SUFFIX: Final = ".results.jsonl"
_NOBODY: Final = "none"
"""In a file's name, for a laptop that is no station yet."""
_DIGITS: Final = 12
_MOST_FILES: Final = 10_000
_MOST_BYTES: Final = 1 << 18
_MOST_LINES: Final = 200
_LONGEST: Final = 500
_MOST_LACKS: Final = 50
_MOST: Final = 1_000_000_000
_HEX: Final = re.compile(r"[0-9a-f]{64}|")


class Step(StrEnum):
    """How far a run came."""

    SET_UP = "set_up"
    LIST_LOADED = "list_loaded"
    CHECKED = "checked"
    """All was there already."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """One run on one laptop. `at` is UTC, ISO 8601; `by` and `laptop` are for people.

    `fingerprint` (hex) and `digits` are the station's, empty where it is none yet; `list` the
    sequence of the loaded list, 0 for none; `lacks` the codes of what has to be repaired. `run`
    counts the runs of this laptop: its clock may have been set meanwhile.
    """

    station: str
    at: str
    step: str
    by: str
    laptop: str
    fingerprint: str = ""
    digits: str = ""
    list: int = 0
    voters: int = 0
    is_ready: bool = False
    lacks: tuple[str, ...] = ()
    reason: str = ""
    run: int = 1


class Standing(StrEnum):
    """Where a line of the table is."""

    NOT_BEGUN = "not_begun"
    REFUSED = "refused"
    WAITS_FOR_LIST = "waits_for_list"
    LACKS_SOMETHING = "lacks_something"
    READY = "ready"
    TWICE = "twice"
    """Two laptops are this station: one of them has to go."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report: the newest result, and every laptop that was this station."""

    station: str
    standing: Standing
    newest: Result | None = None
    laptops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The table's lines in its order, then stations that it does not know. `unreadable` names
    files that are no results.
    """

    rows: tuple[Row, ...]
    strangers: tuple[Row, ...] = ()
    unreadable: tuple[str, ...] = field(default=())

    @property
    def counts(self) -> Mapping[str, int]:
        """How many lines are where."""
        return {
            one.value: sum(row.standing is one for row in self.rows)
            for one in Standing
            if any(row.standing is one for row in self.rows)
        }

    @property
    def has_conflict(self) -> bool:
        """Whether somebody has to find out which laptop is which."""
        return bool(self.strangers) or any(row.standing is Standing.TWICE for row in self.rows)

    @property
    def is_done(self) -> bool:
        """Whether every laptop is ready."""
        return not self.has_conflict and all(row.standing is Standing.READY for row in self.rows)

    def to_csv(self) -> str:
        """For a spreadsheet; nothing in it is a formula."""
        return csv_text([_COLUMNS, *(_cells(row) for row in (*self.rows, *self.strangers))])

    def to_values(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "done": self.is_done,
            "conflict": self.has_conflict,
            "counts": dict(self.counts),
            "lines": [_values(row) for row in self.rows],
            "not_in_table": [_values(row) for row in self.strangers],
            "unreadable": list(self.unreadable),
        }


_COLUMNS: Final = (
    "station", "standing", "at", "by", "laptop", "digits", "list", "voters", "lacks", "reason"
)  # fmt: skip


def results_folder(batch: Path) -> Path:
    """Where the laptops of a table write: beside it.

    Raises `KnownError` `not_a_regular_file` for a link, which might lead out of the stick.
    """
    folder = batch.with_name(f"{batch.stem}.stations")
    if folder.is_symlink():
        raise KnownError(
            Code.NOT_A_REGULAR_FILE,
            f"{folder} is a link, and results stay beside their table. Remove the link.",
        )
    return folder


def read_results(folders: Sequence[Path]) -> tuple[tuple[Result, ...], tuple[str, ...]]:
    """The results in the folders, each once, oldest first; and the names of files that are none.

    A folder that is not there holds none. Raises `KnownError` `medium_lost` where its stick was
    pulled out.
    """
    found: dict[Result, None] = {}
    unreadable = []
    for folder in folders:
        try:
            paths = sorted(islice(folder.glob(f"*{_SUFFIX}"), _MOST_FILES))
        except OSError as fault:
            raise medium_lost(folder) from fault
        for path in paths:
            try:
                found |= dict.fromkeys(_results(path))
            except (KnownError, OSError, ValueError):
                unreadable.append(path.name)
        if is_pulled(folder):
            raise medium_lost(folder)
    return tuple(sorted(found, key=lambda one: one.at)), tuple(unreadable)


def add_result(folder: Path, result: Result) -> Path:
    """Add a run to its laptop's file. It is whole and on the stick when this returns.

    A last line that a pulled stick cut short is left out. Raises `KnownError`: `medium_lost`,
    `medium_full`, `medium_read_only`, `medium_name_taken`.
    """
    name = f"{result.station}.{result.fingerprint[:_DIGITS] or _NOBODY}{_SUFFIX}"
    path = folder / name
    try:
        make_folder(folder, OTHERS_MAY_LOOK)
        refuse_other_spelling(path)
        try:
            before = list(_results(path)) if path.exists() else []
        except (KnownError, ValueError):
            before = []
        result = replace(result, run=before[-1].run + 1 if before else 1)
        lines = [_line(one) for one in [*before, result][-_MOST_LINES:]]
        replace_file(path, "".join(lines).encode(), READABLE)
    except OSError as fault:
        raise fault_of_medium(write_fault(fault, path), folder) from fault
    except KnownError as fault:
        raise fault_of_medium(fault, folder) from fault
    return path


def laptop_of(results: Iterable[Result], station: str, own: str) -> Result | None:
    """The newest result of another laptop that is this station; `own` is the fingerprint of this
    one, empty where it is none yet.
    """
    others = [
        one
        for one in results
        if one.station.casefold() == station.casefold()
        and one.fingerprint
        and one.fingerprint != own
    ]
    return _newest(others) if others else None


def report_of(batch: Batch, results: Sequence[Result], unreadable: Sequence[str] = ()) -> Report:
    """The results, laid beside the table."""
    by_station: dict[str, list[Result]] = {}
    for one in results:
        by_station.setdefault(one.station.casefold(), []).append(one)
    rows = [_row(line, by_station.pop(line.station.casefold(), [])) for line in batch.lines]
    strangers = [
        Row(found[-1].station, Standing.TWICE, _newest(found), _laptops(found))
        for _, found in sorted(by_station.items())
    ]
    return Report(tuple(rows), tuple(strangers), tuple(unreadable))


def _row(line: BatchLine, found: list[Result]) -> Row:
    if not found:
        return Row(line.station, Standing.NOT_BEGUN)
    newest, laptops = _newest(found), _laptops(found)
    stations = {one.fingerprint for one in found if one.fingerprint}
    if len(stations) > 1:
        standing = Standing.TWICE
    elif newest.step == Step.REFUSED:
        standing = Standing.REFUSED
    elif newest.list == 0:
        standing = Standing.WAITS_FOR_LIST
    else:
        standing = Standing.READY if newest.is_ready else Standing.LACKS_SOMETHING
    return Row(line.station, standing, newest, laptops)


def _newest(found: Sequence[Result]) -> Result:
    """What was refused before a laptop was a station counts only while none is."""
    stations = [one for one in found if one.fingerprint]
    return max(stations or found, key=lambda one: (one.run, one.at))


def _laptops(found: Iterable[Result]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.laptop for one in found if one.fingerprint))


def _values(row: Row) -> dict[str, Any]:
    values: dict[str, Any] = {"station": row.station, "standing": row.standing.value}
    values["laptops"] = list(row.laptops)
    if row.newest is not None:
        values |= {name: value for name, value in asdict(row.newest).items() if name != "station"}
    return values


def _cells(row: Row) -> tuple[object, ...]:
    one = row.newest
    if one is None:
        return (row.station, row.standing.value, *[""] * (len(_COLUMNS) - 2))
    laptop = " / ".join(row.laptops) or one.laptop
    lacks = " ".join(one.lacks)
    return (
        row.station, row.standing.value, one.at, one.by, laptop, one.digits, one.list or "",
        one.voters or "", lacks, one.reason,
    )  # fmt: skip


def _line(one: Result) -> str:
    values = {"format": FORMAT} | asdict(one)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _results(path: Path) -> Iterable[Result]:
    """Raises `OSError`, `KnownError`, and `ValueError` for a line that is no result."""
    lines = read_regular(path, _MOST_BYTES).decode("utf-8").split("\n")
    # What comes after the last line end was cut short.
    try:
        return [_result(json.loads(line)) for line in lines[:-1][-_MOST_LINES:]]
    except RecursionError as fault:
        raise ValueError("it is no JSON") from fault


def _result(values: object) -> Result:
    """Raises `ValueError`. Whoever had the stick may have written it."""
    if not isinstance(values, dict) or values.pop("format", "") != FORMAT:
        raise ValueError("it is no result")
    lacks = values.pop("lacks", None)
    if not isinstance(lacks, list) or len(lacks) > _MOST_LACKS:
        raise ValueError("it does not say what it lacks")
    try:
        made = Result(**values, lacks=tuple(map(_text, lacks)))
    except TypeError as fault:
        raise ValueError("it has other members") from fault
    for name, value in asdict(made).items():
        kind = type(getattr(_PLAIN, name))
        if type(value) is not kind:
            raise ValueError(f"{name} is of another kind")
        if kind is str:
            _text(value)
    if (
        not _HEX.fullmatch(made.fingerprint)
        or not made.station
        or min(made.list, made.voters, made.run) < 0
        or max(made.list, made.voters, made.run) > _MOST
    ):
        raise ValueError("it names no station")
    when = datetime.fromisoformat(made.at)
    if when.tzinfo is not UTC and when.utcoffset() is None:
        raise ValueError("it has no time")
    return made


_PLAIN: Final = Result("", "", "", "", "")


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST or (value and not value.isprintable()):
        raise ValueError("it is not one line")
    return value


def shortened(text: str) -> str:
    """A text that a result may hold."""
    return "".join(one if one.isprintable() else " " for one in text)[:_LONGEST]
