"""A register and its folders to the snapshots of one precinct or of thousands."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final

from station_app.centre.build_state import UNFINISHED, BatchReport, PrecinctReport
from station_app.centre.csv_records import CsvEncoding
from station_app.centre.finger_sources import FingerSources
from station_app.centre.policy_file import ElectionRules
from station_app.centre.precinct_build import (
    NAMED_STRAYS,
    BuildOrder,
    StationRecipients,
    Tell,
    build_precinct,
)
from station_app.centre.register import Register, TellRows
from station_app.centre.register_rows import is_precinct
from station_app.centre.workers import EnrolmentWorkers
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.snapshots import ListKind
from station_app.snapshots.loaded import locked
from station_app.vault import OTHERS_MAY_LOOK, Signer, make_folder, write_fault

_STOPS_ALL: Final = frozenset(
    {
        Code.DISK_FULL,
        Code.DISK_FAULT,
        Code.NO_WRITE_PERMISSION,
        Code.MODEL_DAMAGED,
        Code.REGISTER_CHANGED,
        Code.WORKER_LOST,
    }
)
"""Faults that every other precinct would meet too."""


@dataclass(frozen=True, slots=True)
class BatchJob:
    """One call of the builder.

    `precincts` are the codes to build, None for all of the register. A register without a
    column of that name is one precinct's, and `precincts` says which. `jobs` is the number
    of processes, None for as many as there are cores. `now` is when the build begins.
    `strict` refuses what is past, and every precinct of which something is left out.
    `invented` portraits were drawn by a computer; a live list cannot have them.
    """

    register: Path
    encoding: CsvEncoding
    fingers: Path | None
    portraits: Path | None
    rules: ElectionRules
    recipients: Path
    issuer: str
    signer: Signer
    out: Path
    precincts: tuple[str, ...] | None
    now: datetime
    sequence: int = 1
    ppi: int = 500
    jobs: int | None = None
    strict: bool = False
    invented: bool = False


def build(job: BatchJob, tell: Tell) -> BatchReport:
    """Build the snapshots that are not finished yet; finished ones stay, also after a fault.

    A precinct that cannot be built does not stop the others: it is among the `refused`.
    Raises `KnownError`: `register_empty`, `register_precincts` (which precincts?),
    `precinct_unknown`, `build_busy`, `live_of_invented`, if strict `policy_past` and
    `strict_refused`, what `Register.open`, `FingerSources.of` and `StationRecipients` raise, and
    faults that every precinct would meet, of the disk for one.
    """
    started = monotonic()
    if job.invented and job.rules.kind is ListKind.LIVE:
        raise KnownError(
            Code.LIVE_OF_INVENTED,
            "Faces of invented people are in no live list. Leave --invented-people out, or build "
            "a list for training.",
        )
    stations, sources = (
        StationRecipients(job.recipients),
        FingerSources.of(job.fingers, job.portraits),
    )
    order = BuildOrder(
        rules=job.rules,
        sequence=job.sequence,
        stations=stations,
        sources=sources,
        signer=job.signer,
        issuer=job.issuer,
        out=job.out,
        ppi=job.ppi,
        now=job.now,
        strict=job.strict,
        invented=job.invented,
    )
    warnings = job.rules.past(job.now)
    if warnings and job.strict:
        raise KnownError(
            Code.POLICY_PAST, f"{warnings[0][1]} Correct the policy, or build without --strict."
        )
    ballots = [ballot.id for ballot in job.rules.ballots]
    with closing(_register(job, ballots, tell)) as register:
        nowhere = register.bad_rows(None)
        if job.strict and nowhere:
            raise KnownError(
                Code.STRICT_REFUSED,
                f"Row {nowhere[0].row} of {job.register} belongs to no precinct "
                f"({nowhere[0].fault}). Correct it, or build without --strict.",
            )
        wanted = _wanted(register, job.precincts)
        with _alone_in(job.out), EnrolmentWorkers.for_voters(len(register), job.jobs) as workers:
            built, kept, refused = _each(register, wanted, order, workers, tell)
        strays = sources.unclaimed
        is_whole = len(wanted) == len(register.precincts)
        if strays and job.fingers and not (refused or any(one.fingers for one in (*built, *kept))):
            warnings.append(_unmatched(job.fingers, strays))
        return BatchReport(
            policy_sha256=job.rules.policy.digest(),
            built=tuple(built),
            kept=tuple(kept),
            refused=tuple(refused),
            rows_of_no_precinct=tuple((one.row, one.fault.value, one.first) for one in nowhere),
            unknown_columns=register.unknown_columns,
            stray_files=len(strays) if is_whole else None,
            stray_names=tuple(strays[:NAMED_STRAYS]) if is_whole else (),
            warnings=tuple(warnings),
            seconds=monotonic() - started,
        )


def _register(job: BatchJob, ballots: Sequence[str], tell: Tell) -> Register:
    register = Register.open(job.register, job.encoding, _reading(tell), ballots)
    if not len(register):
        register.close()
        raise KnownError(
            Code.REGISTER_EMPTY,
            f"The register {job.register} has no row that can be used, of "
            f"{register.rows_read}. Correct the register.",
        )
    return register


def _unmatched(fingers: Path, strays: Sequence[str]) -> tuple[str, str]:
    return (
        "fingers_unmatched",
        f"No finger was enrolled: the files in {fingers} ({', '.join(strays[:3])}) are not named "
        "<voter_id>_<position>, as 2 for the right index finger.",
    )


def _reading(tell: Tell) -> TellRows:
    return lambda done, of: tell("register", done, of)


def _each(
    register: Register,
    wanted: Sequence[tuple[str, str]],
    order: BuildOrder,
    workers: EnrolmentWorkers,
    tell: Tell,
) -> tuple[list[PrecinctReport], list[PrecinctReport], list[tuple[str, str, str]]]:
    built: list[PrecinctReport] = []
    kept: list[PrecinctReport] = []
    refused: list[tuple[str, str, str]] = []
    for done, (column, code) in enumerate(wanted):
        tell("precincts", done, len(wanted))
        try:
            made = build_precinct(register, column, code, order, workers, tell)
            (kept if made.kept else built).append(made.report)
        except KnownError as fault:
            if fault.code in _STOPS_ALL:
                raise
            refused.append((code, fault.code, fault.message))
    tell("precincts", len(wanted), len(wanted))
    return built, kept, refused


def _wanted(register: Register, precincts: tuple[str, ...] | None) -> list[tuple[str, str]]:
    """The register's name of each precinct to build, and the precinct's code."""
    if not register.has_precincts:
        if precincts is None or len(precincts) != 1 or not is_precinct(precincts[0]):
            raise KnownError(
                Code.REGISTER_PRECINCTS,
                f"The register {register.path} has no column precinct. Say which precinct it is "
                "of: --precinct CODE.",
            )
        return [("", precincts[0])]
    if precincts is None:
        return [(code, code) for code in register.precincts]
    if unknown := sorted(set(precincts) - set(register.precincts)):
        raise KnownError(
            Code.PRECINCT_UNKNOWN,
            f"The register {register.path} has no voter of precinct {', '.join(unknown)}.",
        )
    return [(code, code) for code in dict.fromkeys(precincts)]


@contextmanager
def _alone_in(out: Path) -> Iterator[None]:
    """Only one build writes to `out`; the drafts of a killed one are thrown away."""
    folder = out / UNFINISHED
    with ExitStack() as held:
        try:
            make_folder(folder, OTHERS_MAY_LOOK)
            held.enter_context(locked(folder / "lock", wait=False))
            for draft in folder.glob("*.vlist*"):
                draft.unlink()
        except BlockingIOError as fault:
            raise KnownError(
                Code.BUILD_BUSY, f"Another build is writing to {out}. Wait until it has ended."
            ) from fault
        except OSError as fault:
            raise write_fault(fault, out) from fault
        yield
