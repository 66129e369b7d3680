"""What a build found, precinct by precinct. No PIN and no name is in it.

Rows are numbered as a spreadsheet does; voters are named by their list numbers.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class PrecinctReport:
    """One precinct's snapshot and what was left out of it.

    `bad_rows` are (row, code, the row that stays, or 0); `fingers_left_out` (list number,
    finger position or None, code, file); `portraits_left_out` (list number, code, file);
    `shared_fingers` (list number, position, list number, position, evidence x 1000);
    `stray_files` counts files in the precinct's own folders that are nobody's, `stray_names`
    are the first of them. `faces` says whether portraits were searched for a face.
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
    faces: str = "not checked"
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
