"""`station-app provision --batch`: one stick goes from laptop to laptop, one line is one of them.

A laptop is asked for its line by the name on its label, unless it is a station already (then it is
that one), or the table has its serial number and the machine says it. What a run has done is
written on the stick, so that the next laptop cannot be the same station.
"""

import getpass
import json
import os
import platform
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typer

from station_app import settings
from station_app.commands.answers import ExitCode, answering
from station_app.commands.identity import spoken_lines
from station_app.commands.provision import Given, Stopwatch, make_station
from station_app.commands.snapshot.load import load_into
from station_app.devices.computer import computer_serial
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import Weight
from station_app.domain.shown_text import terminal_text
from station_app.flow.batch_results import (
    Report,
    Result,
    Standing,
    Step,
    add_result,
    laptop_of,
    read_results,
    report_of,
    results_folder,
    shortened,
)
from station_app.flow.provisioning import identities_to_pin, is_set_up
from station_app.flow.readiness import look_at
from station_app.flow.sticks import fault_of_medium
from station_app.settings import Batch, BatchLine, Plan, read_batch
from station_app.snapshots import loaded_list
from station_app.vault import (
    OTHERS_MAY_LOOK,
    READABLE,
    IdentityKind,
    PublicIdentity,
    StationFolder,
    is_pulled,
    make_folder,
    medium_lost,
    replace_file,
    write_fault,
)

_TRIES: Final = 3
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class _Laptop:
    """This machine: the line it is, and the public identity of the station on it, if any."""

    line: BatchLine
    plan: Plan
    root: Path
    public: PublicIdentity | None


def provision_line(path: Path, kit: str, given: Given, *, as_json: bool) -> None:
    """Do the next step of this laptop's line, and write down what came of it.

    Ends with 0 when the step was done or there is nothing left to do here, with 1 and the reason
    when it was refused; the reason is on the stick too.
    """
    clock = Stopwatch()
    with answering(as_json, provisioned=False):
        batch = read_batch(path)
        folder = results_folder(path)
        found, _ = read_results([folder])
        laptop = _this_laptop(batch, kit)
        _refuse_taken(found, laptop, folder)
        try:
            result = _next_step(laptop, given, clock, folder)
        except KnownError as fault:
            _note(folder, _result(laptop, Step.REFUSED, reason=f"{fault.code}: {fault.message}"))
            raise
        _add(folder, result)
    facts = {
        "provisioned": True,
        "station": result.station,
        "step": result.step,
        "digits": result.digits,
        "list": result.list or None,
        "ready": result.is_ready,
        "lacks": list(result.lacks),
        "seconds": round(clock.seconds(), 2),
    }
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else _text(laptop, result))


def batch_report(path: Path, more: Sequence[Path], *, as_json: bool) -> None:
    """Print what each laptop of the table has and lacks, and write it beside the table.

    Ends with 0 when every laptop is ready, with 1 when one is not, with 3 when two laptops are one
    station or one is in no table.
    """
    with answering(as_json, done=False):
        batch = read_batch(path)
        for one in more:
            if not os.path.isdir(one):  # noqa: PTH112  (raises for a broken medium)
                raise KnownError(
                    Code.FOLDER_MISSING, f"There is no folder {one}. Put its stick in, or check it."
                )
        found, unreadable = read_results([results_folder(path), *map(_results_in(path), more)])
        report = report_of(batch, found, unreadable)
        values = report.to_values()
        text = json.dumps(values, ensure_ascii=False, indent=1)
        for suffix, content in ((".report.csv", report.to_csv()), (".report.json", text + "\n")):
            _write(path.with_name(path.stem + suffix), content.encode())
    typer.echo(json.dumps(values, ensure_ascii=False) if as_json else _table(report, path))
    if report.has_conflict:
        raise typer.Exit(ExitCode.ALARM)
    if not report.is_done:
        raise typer.Exit(ExitCode.REFUSED)


def _results_in(path: Path) -> Any:
    """A copy of the stick, or its folder of results."""
    name = results_folder(path).name

    def folder(place: Path) -> Path:
        return place if place.name == name else place / name

    return folder


def _write(path: Path, content: bytes) -> None:
    try:
        replace_file(path, content, READABLE)
    except KnownError as fault:
        raise fault_of_medium(fault, path.parent) from fault


# --- which line ------------------------------------------------------------------------------


def _this_laptop(batch: Batch, kit: str) -> _Laptop:
    """Raises `KnownError` `batch_line_missing`, `batch_other_laptop`, and as `Batch.plan` does."""
    own = _station_here(batch)
    serial = computer_serial()
    if kit:
        line = _known(batch, kit)
    elif own is not None:
        line = _known(batch, own[1].name)
    else:
        line = batch.of_serial(serial) or _asked(batch)
    if own is not None and own[1].name != line.station:
        raise KnownError(
            Code.BATCH_OTHER_LAPTOP,
            f"This laptop is station {own[1].name} already, not {line.station}. Nothing was "
            "changed: look at its label, and take the right laptop.",
        )
    if line.serial and serial and line.serial.casefold() != serial.casefold():
        raise KnownError(
            Code.BATCH_OTHER_LAPTOP,
            f"The table wants {line.station} on the laptop with serial number {line.serial}; this "
            f"one has {serial}. Nothing was changed: take the right laptop, or correct the table.",
        )
    plan = batch.plan(line)
    root = plan.folder or settings.station_home(plan.machine.kind)
    return _Laptop(line, plan, root, own[1] if own is not None else None)


def _station_here(batch: Batch) -> tuple[Path, PublicIdentity] | None:
    """The station that this laptop is already; plans may name several places for one."""
    roots: dict[Path, None] = {}
    for line in {one.plan: one for one in batch.lines}.values():
        with suppress(KnownError):  # of another laptop's plan; its own is read again
            plan = batch.plan(line)
            roots[plan.folder or settings.station_home(plan.machine.kind)] = None
    for root in roots:
        if is_set_up(root):
            return root, PublicIdentity.load(StationFolder(root).public_identity)
    return None


def _known(batch: Batch, station: str) -> BatchLine:
    line = batch.line(station)
    if line is None:
        raise KnownError(
            Code.BATCH_LINE_MISSING,
            f"{batch.path.name} has no line for {shortened(station)}. Type the name as it stands "
            "on the laptop's label, or ask for a table with its line.",
        )
    return line


def _asked(batch: Batch) -> BatchLine:
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            "There is no terminal to ask in; say which laptop this is, with --kit."
        )
    for _ in range(_TRIES):
        typed = typer.prompt("Which station is this laptop? Type what its label says", err=True)
        line = batch.line(typed)
        if line is not None:
            return line
        typer.echo(f"The table has no line {terminal_text(typed)}.", err=True)
    return _known(batch, typed)


def _refuse_taken(found: Sequence[Result], laptop: _Laptop, folder: Path) -> None:
    """Raises `KnownError` `batch_line_taken`: another laptop is this station."""
    own = "" if laptop.public is None else laptop.public.fingerprint().hex()
    other = laptop_of(found, laptop.line.station, own)
    if other is None:
        return
    raise KnownError(
        Code.BATCH_LINE_TAKEN,
        f"{other.station} was set up on another laptop, {other.laptop}, by {other.by} at "
        f"{other.at}. Nothing was changed: look at this laptop's label. If that laptop was given "
        f"up, move its file out of {folder.name}: {other.station}.{other.fingerprint[:12]}.*",
    )


# --- its next step ---------------------------------------------------------------------------


def _next_step(laptop: _Laptop, given: Given, clock: Stopwatch, folder: Path) -> Result:
    plan, root, is_new = laptop.plan, laptop.root, laptop.public is None
    if is_new:
        _refuse_unwritable(folder)
    public = make_station(root, plan, identities_to_pin(plan), given, clock, is_new=is_new)
    laptop = _Laptop(laptop.line, plan, root, public)
    _hand_on(public, folder)
    if is_new:  # lists are sealed to stations: there is none for it yet
        return _result(laptop, Step.SET_UP)
    if plan.snapshot is None or not _is_there(plan.snapshot) or _has(root, plan.snapshot):
        return _result(laptop, Step.CHECKED)
    load_into(StationFolder(root), plan.snapshot)
    return _result(laptop, Step.LIST_LOADED)


def _refuse_unwritable(folder: Path) -> None:
    """Nobody types passphrases for a station that the stick could not be told of."""
    try:
        make_folder(folder, OTHERS_MAY_LOOK)
    except OSError as fault:
        raise fault_of_medium(write_fault(fault, folder), folder) from fault


def _hand_on(public: PublicIdentity, folder: Path) -> None:
    """The commission needs the public identity; once it is there it is left alone."""
    path = folder / public.file_name
    if os.path.exists(path) and PublicIdentity.load(path) == public:  # noqa: PTH110
        return
    try:
        public.save(folder)
    except KnownError as fault:
        raise _untold(public.name, fault_of_medium(fault, folder)) from fault


def _is_there(snapshot: Path) -> bool:
    """Whether the list has come. Raises `KnownError` `medium_lost`."""
    if os.path.lexists(snapshot):
        return True
    if is_pulled(snapshot):
        raise medium_lost(snapshot)
    return False


def _has(root: Path, snapshot: Path) -> bool:
    """Whether the station has loaded this list already; nothing is read twice."""
    from station_app.snapshots.container import check_head, opened_snapshot, read_head

    station = StationFolder(root)
    issuers = PublicIdentity.load_all(station.trusted, IdentityKind.ISSUER)
    try:
        own = loaded_list(station, issuers).manifest
    except KnownError:
        return False
    with opened_snapshot(snapshot) as file:
        offered = check_head(read_head(file, snapshot), issuers, snapshot)
    return offered == own


def _result(laptop: _Laptop, step: Step, reason: str = "") -> Result:
    public = laptop.public
    result = Result(
        station=laptop.line.station,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        step=step,
        by=_by(),
        laptop=_laptop_name(),
        reason=shortened(reason),
    )
    if public is None or not is_set_up(laptop.root):
        return result
    # The engine's name comes with the numerics, which no other step needs.
    from station_app.biometrics.engines import engine_names

    look = look_at(StationFolder(laptop.root), engine_names(), datetime.now(UTC))
    lacks = {one.code for one in look.reasons if one.weight is Weight.BLOCKS}
    return Result(
        station=result.station,
        at=result.at,
        step=result.step,
        by=result.by,
        laptop=result.laptop,
        fingerprint=public.fingerprint().hex(),
        digits=public.digits(),
        list=0 if look.list is None else look.list.sequence,
        voters=0 if look.list is None else look.list.counts.get("voters", 0),
        is_ready=look.is_ready,
        lacks=tuple(sorted(lacks))[:_SHOWN],
        reason=result.reason,
    )


def _add(folder: Path, result: Result) -> None:
    try:
        add_result(folder, result)
    except KnownError as fault:
        raise _untold(result.station, fault) from fault


def _untold(station: str, fault: KnownError) -> KnownError:
    return KnownError(
        fault.code,
        f"{station} is set up on this laptop, but the stick was not told: {fault.message} Then "
        "type the same command again.",
    )


def _note(folder: Path, result: Result) -> None:
    """What is told anyway is written down where the stick takes it."""
    try:
        add_result(folder, result)
    except KnownError as fault:
        typer.echo(terminal_text(f"Not written down: {fault.message}"), err=True)


def _by() -> str:
    try:
        return shortened(getpass.getuser())
    except (OSError, KeyError):
        return "?"


def _laptop_name() -> str:
    serial = computer_serial()
    return shortened(" ".join(part for part in (platform.node(), serial) if part) or "?")


# --- said ------------------------------------------------------------------------------------


def _text(laptop: _Laptop, result: Result) -> str:
    said = {
        Step.SET_UP: "is set up on this laptop.",
        Step.LIST_LOADED: f"has list {result.list} with {result.voters} voters.",
        Step.CHECKED: "has everything that the stick has for it.",
    }[Step(result.step)]
    lines = [f"{result.station} {said}"]
    if result.step == Step.SET_UP:
        public = PublicIdentity.load(StationFolder(laptop.root).public_identity)
        lines += [spoken_lines(public), "Read these digits to the commission."]
    if result.list == 0:
        lines.append("Its list has not come yet: then the same command again.")
    lines.append("READY" if result.is_ready else f"Lacks: {', '.join(result.lacks) or 'nothing'}")
    return terminal_text("\n".join([*lines, "The stick may go to the next laptop."]))


def _table(report: Report, path: Path) -> str:
    width = max([len("station"), *(len(row.station) for row in report.rows)])
    lines = [f"{'station':{width}}  {'standing':16}  {'when':20}  laptop"]
    for row in (*report.rows, *report.strangers):
        one = row.newest
        at, laptop = ("", "") if one is None else (one.at, " / ".join(row.laptops) or one.laptop)
        lines.append(f"{row.station:{width}}  {row.standing.value:16}  {at:20.20}  {laptop}")
        if one is not None and row.standing in (Standing.LACKS_SOMETHING, Standing.REFUSED):
            lines.append(f"{'':{width}}  {one.reason or ', '.join(one.lacks)}")
        if row in report.strangers:
            lines.append(f"{'':{width}}  is in no line of the table")
    counts = ", ".join(f"{count} {name}" for name, count in report.counts.items())
    lines.append(f"{len(report.rows)} stations: {counts}")
    lines += [f"Not a result: {name}" for name in report.unreadable]
    lines.append(f"Written to {path.stem}.report.csv and {path.stem}.report.json.")
    return terminal_text("\n".join(lines))
