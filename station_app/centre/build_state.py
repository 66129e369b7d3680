"""Finished snapshots, their sources, and the findings of their build.

A station refuses a second snapshot of the same sequence that holds another list. Hence the
order: the snapshot is written aside, then what it is made from, then it gets its name.

A report has no PIN and no name in it: rows are numbered as a spreadsheet does, voters are named
by their list numbers.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from station_app.biometrics.images import LARGEST_IMAGE
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.snapshots.container import opened_snapshot, read_head
from station_app.vault import open_regular, replace_file, sync_folder, write_fault


@dataclass(frozen=True, slots=True)
class PrecinctReport:
    """One precinct's snapshot and what was left out of it.

    `bad_rows` are (row, code, the row that stays, or 0); `fingers_left_out` (list number,
    finger position or None, code, file); `portraits_left_out` (list number, code, file).
    `faces` counts the voters with a template of the face; `portraits_without_face` (list number,
    register row, flaw, file) make none and are stored as photos, `portraits_flawed`, likewise,
    make one that compares worse.
    `shared_faces` are (list number, list number, evidence x 1000).
    `shared_fingers` (list number, position, list number, position, evidence x 1000);
    `stray_files` counts files in the precinct's own folders that are nobody's, `stray_names`
    are the first of them.
    `doubtful_rows` are (row, code) of voters in the list whom a person should look at.
    `finger_exempt` counts those whom nobody asks for a finger; they are not among
    `voters_without_finger`.
    """

    precinct: str
    place: str
    sequence: int
    file: str
    list_sha256: str
    stations: tuple[str, ...]
    voters: int
    fingers: int
    portraits: int
    bad_rows: tuple[tuple[int, str, int], ...]
    voters_without_finger: tuple[int, ...]
    fingers_left_out: tuple[tuple[int, int | None, str, str], ...]
    portraits_left_out: tuple[tuple[int, str, str], ...]
    shared_fingers: tuple[tuple[int, int, int, int, int], ...]
    shared_by_chance: float
    stray_files: int
    places: int
    faces: int = 0
    portraits_without_face: tuple[tuple[int, int, str, str], ...] = ()
    portraits_flawed: tuple[tuple[int, int, str, str], ...] = ()
    shared_faces: tuple[tuple[int, int, int], ...] = ()
    shared_faces_by_chance: float = 0.0
    stray_names: tuple[str, ...] = ()
    doubtful_rows: tuple[tuple[int, str], ...] = ()
    finger_exempt: int = 0

    def to_values(self) -> dict[str, Any]:
        """The report as JSON values."""
        return asdict(self)

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Self:
        """The inverse of `to_values`, after JSON. Raises `TypeError`."""
        return cls(**{name: _frozen(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class BatchReport:
    """A whole build.

    `built` are the precincts of this run, `kept` those that an earlier run had finished,
    `refused` (precinct, code, sentence). `rows_of_no_precinct` as `bad_rows`.
    `stray_files` counts files outside the precincts' folders that are nobody's, None where
    the build was for some precincts only; `stray_names` are the first of them. `warnings` are
    (code, sentence) about the whole build.
    """

    policy_sha256: str
    built: tuple[PrecinctReport, ...]
    kept: tuple[PrecinctReport, ...]
    refused: tuple[tuple[str, str, str], ...]
    rows_of_no_precinct: tuple[tuple[int, str, int], ...]
    unknown_columns: tuple[str, ...]
    stray_files: int | None
    stray_names: tuple[str, ...]
    warnings: tuple[tuple[str, str], ...]
    seconds: float = field(default=0.0)

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at something before the snapshots are given out."""
        return bool(self.warnings or any(one.doubtful_rows for one in self.finished))

    @property
    def finished(self) -> tuple[PrecinctReport, ...]:
        """Every precinct that has its snapshot, by code."""
        return tuple(sorted(self.built + self.kept, key=lambda one: one.precinct))

    def to_values(self) -> dict[str, Any]:
        """The report as JSON values."""
        return asdict(self)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


UNFINISHED: Final = "unfinished"
"""The folder in `--out` where drafts are; they are encrypted, and thrown away by the next run."""

_FORMAT: Final = "station-app/build/1"
_READERS: Final = 4


@dataclass(frozen=True, slots=True)
class SnapshotPlace:
    """Where the snapshot of a precinct and a sequence goes, and what is known of it."""

    out: Path
    name: str

    @property
    def snapshot(self) -> Path:
        """The finished file."""
        return self.out / f"{self.name}.vsnap"

    @property
    def state(self) -> Path:
        """The file with the snapshot's sources and the report."""
        return self.out / f"{self.name}.build.json"

    @property
    def draft(self) -> Path:
        """The snapshot before it has its name."""
        return self.out / UNFINISHED / f"{self.name}.vsnap"

    @property
    def list_draft(self) -> Path:
        """The list before it is in a snapshot."""
        return self.out / UNFINISHED / f"{self.name}.vlist"

    def finished(self, inputs: str) -> PrecinctReport | None:
        """The report of the finished snapshot made from these inputs, None to make it now.

        Raises `KnownError`: `sequence_used` when this sequence was made from other inputs,
        or is not where it was; `snapshot_exists` for a file that no state tells of.
        """
        if not self.state.exists():
            if self.snapshot.exists():
                raise KnownError(
                    Code.SNAPSHOT_EXISTS,
                    f"{self.snapshot} is there already, and nothing tells from what it was made. "
                    "Choose another --out, or a higher --sequence.",
                )
            return None
        state = _read(self.state)
        if not self.snapshot.exists() and _digest(self.draft) == state["head_sha256"]:
            self._give_name()
        same = _digest(self.snapshot) == state["head_sha256"]
        if state["inputs_sha256"] != inputs or not same:
            why = "from other data" if same else "and is not what is there now"
            raise KnownError(
                Code.SEQUENCE_USED,
                f"{self.snapshot.name} was made before, {why}. A station takes each sequence "
                "once: give a higher --sequence, or put back what was changed.",
            )
        report: PrecinctReport = state["report"]
        return report

    def finish(self, inputs: str, report: PrecinctReport) -> None:
        """Write down what the draft is made from, and give it its name.

        Raises `KnownError` as `write_fault` says.
        """
        state = {
            "format": _FORMAT,
            "inputs_sha256": inputs,
            "head_sha256": _digest(self.draft),
            "report": report.to_values(),
        }
        text = json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True)
        replace_file(self.state, text.encode() + b"\n")
        self._give_name()

    def _give_name(self) -> None:
        try:
            self.draft.replace(self.snapshot)
            sync_folder(self.out)
        except OSError as fault:
            raise write_fault(fault, self.snapshot) from fault


def inputs_digest(facts: dict[str, Any], rows: Iterable[list[str]], files: Iterable[Path]) -> str:
    """Hex SHA-256 of everything a list is made from: rules, rows and the bytes of the files."""
    digest = hashlib.sha256()
    for part in (facts, *rows):
        digest.update(json.dumps(part, sort_keys=True).encode() + b"\n")
    for path, inside in _file_digests(files):
        digest.update(json.dumps([path.name, inside]).encode() + b"\n")
    return digest.hexdigest()


def _file_digests(files: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    ordered = sorted(files)
    with ThreadPoolExecutor(_READERS, thread_name_prefix="hash") as pool:
        yield from zip(ordered, pool.map(_file_digest, ordered), strict=True)


def _file_digest(path: Path) -> str:
    """Of a file that cannot be read, nothing: enrolment says why."""
    try:
        with open_regular(path, LARGEST_IMAGE) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, KnownError):
        return ""


def _digest(path: Path) -> str:
    """The digest of a snapshot's head, which names all of it; empty where there is none."""
    try:
        with opened_snapshot(path) as file:
            return read_head(file, path).digest
    except KnownError:
        return ""


def _read(path: Path) -> dict[str, Any]:
    try:
        return _parsed(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise KnownError(
            Code.BUILD_STATE_DAMAGED,
            f"{path} does not tell from what its snapshot was made. Choose another --out, or a "
            "higher --sequence.",
        ) from fault


def _parsed(data: bytes) -> dict[str, Any]:
    state = json.loads(data)
    if state["format"] != _FORMAT:
        raise ValueError("another version of this file")
    return {
        "inputs_sha256": str(state["inputs_sha256"]),
        "head_sha256": str(state["head_sha256"]),
        "report": PrecinctReport.from_values(state["report"]),
    }
