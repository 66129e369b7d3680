"""The report of a build in sentences."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from station_app.domain.shown_text import terminal_text
from station_app.vault.spoken import spoken_words

if TYPE_CHECKING:
    from station_app.centre.build_report import BatchReport, PrecinctReport

_SHOWN = 10
"""So many of each kind; all of them are in the JSON."""


def as_text(report: "BatchReport") -> str:
    """What was built, and what to look at, for a terminal."""
    return terminal_text("\n".join(_lines(report)))


def _lines(report: "BatchReport") -> Iterator[str]:
    for one in report.finished:
        yield from _precinct(one)
    for _, sentence in report.warnings:
        yield f"Warning: {sentence}"
    for code, why, sentence in report.refused:
        yield f"Precinct {code}: refused ({why}). {sentence}"
    if report.rows_of_no_precinct:
        yield f"Rows of no precinct, left out: {_rows(report.rows_of_no_precinct)}"
    if report.stray_files:
        yield f"Files that are no voter's: {_strays(report.stray_files, report.stray_names)}"
    if report.unknown_columns:
        yield f"Columns that nothing reads: {', '.join(report.unknown_columns)}"
    for said in sorted({one.faces for one in report.finished}):
        yield f"Faces in portraits: {said}"
    yield f"Policy: SHA-256 {report.policy_sha256}"
    yield (
        f"{len(report.built)} built, {len(report.kept)} finished before, "
        f"{len(report.refused)} refused."
    )


def _precinct(one: "PrecinctReport") -> Iterator[str]:
    yield (
        f"Precinct {one.precinct}: {one.voters} voters, {one.fingers} fingers, "
        f"{one.portraits} portraits in {one.file}, for {', '.join(one.stations)}"
    )
    yield f"  words of the list: {spoken_words(bytes.fromhex(one.list_sha256))}"
    if one.bad_rows:
        yield f"  rows left out: {_rows(one.bad_rows)}"
    if one.doubtful_rows:
        yield (
            "  Warning: rows of voters who are under 18 or over 110 on the election day: "
            f"{_some([row for row, _ in one.doubtful_rows])}"
        )
    if one.finger_exempt:
        yield f"  exempt from fingers: {one.finger_exempt}"
    if one.voters_without_finger:
        yield f"  voters without a finger, by list number: {_some(one.voters_without_finger)}"
    if one.fingers_left_out:
        yield f"  fingers left out: {_counts(code for _, _, code, _ in one.fingers_left_out)}"
        yield from _files((number, code, name) for number, _, code, name in one.fingers_left_out)
    if one.portraits_left_out:
        yield f"  portraits left out: {_counts(code for _, code, _ in one.portraits_left_out)}"
        yield from _files(one.portraits_left_out)
    if one.shared_fingers:
        pairs = [
            f"{first} (finger {at}) and {second} (finger {other}), evidence {milli / 1000:.1f}"
            for first, at, second, other, milli in one.shared_fingers
        ]
        yield (
            f"  voters who share a finger ({one.shared_by_chance} by chance): {_some(pairs, '; ')}"
        )
    if one.stray_files:
        yield f"  files that are no voter's: {_strays(one.stray_files, one.stray_names)}"
    if one.places > 1:
        yield f"  the register gives {one.places} places; the list has {one.place}"


def _files(files: Iterable[tuple[int, str, str]]) -> Iterator[str]:
    """A line each for the first of them."""
    found = list(files)
    for number, code, name in found[:_SHOWN]:
        yield f"    {name}, of number {number}: {code}"
    if len(found) > _SHOWN:
        yield f"    and {len(found) - _SHOWN} more"


def _strays(count: int, names: Sequence[str]) -> str:
    more = f" and {count - len(names)} more" if count > len(names) else ""
    return f"{count} ({', '.join(names)}{more})"


def _rows(rows: Sequence[tuple[int, str, int]]) -> str:
    told = [f"{row} {code}" + (f" of {first}" if first else "") for row, code, first in rows]
    return f"{len(rows)} ({_some(told)})"


def _counts(codes: Iterable[str]) -> str:
    return ", ".join(f"{count} {code}" for code, count in Counter(codes).most_common())


def _some(values: Sequence[object], between: str = ", ") -> str:
    shown = between.join(str(value) for value in values[:_SHOWN])
    more = len(values) - _SHOWN
    return f"{shown}{between}and {more} more" if more > 0 else shown
