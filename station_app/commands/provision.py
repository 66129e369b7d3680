"""`station-app provision`: a bare machine to a station.

Whether a public identity is the commission's is told by its digits, from another hand than its
file.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from station_app import settings
from station_app.commands.answers import AsJson, answering, facts_of, watched
from station_app.commands.identity import spoken, spoken_lines
from station_app.commands.passphrases import chosen, in_folder, known
from station_app.commands.snapshot.load import load_into
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.flow.provisioning import (
    bring_up_to_date,
    identities_to_pin,
    is_set_up,
    refuse_unusable,
    set_up,
)
from station_app.settings import Plan, read_plan
from station_app.vault import (
    OTHERS_MAY_LOOK,
    Enrolment,
    People,
    PublicIdentity,
    StationFolder,
    make_folder,
    measure_cost,
    write_fault,
)

_TRIES: Final = 3
_DIGITS: Final = 20
_BETWEEN: Final = "-\u2010\u2011\u2012\u2013.,_"


def refuse_uncompared(pins: Sequence[PublicIdentity], digits: Sequence[str]) -> None:
    """Every identity's digits are among `digits`, or somebody types them now.

    Raises `KnownError` `digits_of_nobody` (given digits that are none of the identities':
    a file was exchanged, or the digits mistyped), `digits_incomplete` (there are not 20),
    `identity_not_accepted`, and
    `typer.BadParameter` where there is no terminal to type in.
    """
    given = {_whole(one) for one in digits}
    strangers = given - {_plain(one.digits()) for one in pins}
    if strangers:
        raise KnownError(
            Code.DIGITS_OF_NOBODY,
            f"The digits {', '.join(sorted(strangers))} are of no file that the plan names. "
            "Compare them with what the commission says; if they are right, its files were "
            "exchanged: do not go on, call it.",
        )
    for one in pins:
        if _plain(one.digits()) not in given:
            _ask(one)


def _ask(one: PublicIdentity) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            f"There is no terminal to type the digits of {one.file_name} in; give them with "
            f"--accept-{one.kind} DIGITS, as the commission says them."
        )
    typer.echo(f"The plan trusts the {one.kind} {one.name}:\n  {one.words()}", err=True)
    for _ in range(_TRIES):
        typed = typer.prompt("Type the 20 digits that the commission has given for it", err=True)
        if _plain(typed) == _plain(one.digits()):
            return
        count = len(_plain(typed))
        said = "not the digits of this file" if count == _DIGITS else f"{count} digits, not 20"
        typer.echo(f"These are {said}.", err=True)
    raise KnownError(
        Code.IDENTITY_NOT_ACCEPTED,
        f"{one.file_name} is not what the commission has said. Nothing was changed: do not go "
        "on with these files, call the commission.",
    )


def _whole(digits: str) -> str:
    plain = _plain(digits)
    if len(plain) != _DIGITS or not plain.isdecimal():
        raise KnownError(
            Code.DIGITS_INCOMPLETE,
            f"{digits!r} is not {_DIGITS} digits. Give all of them, in quotes where there are "
            "spaces between them.",
        )
    return plain


def _plain(digits: str) -> str:
    """Without what people put between groups."""
    return "".join(one for one in digits if not one.isspace() and one not in _BETWEEN)


_MEASURE, _MAKE = "measure", "make"
_STEPS = {
    _MEASURE: "Measuring what a passphrase may cost",
    _MAKE: "Making keys, people and settings",
}


def provision(
    *,
    config: Annotated[Path | None, typer.Option(help="The plan, station.toml.")] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            help="Instead of a plan: the table of many stations, a line each, on a stick that goes "
            "from laptop to laptop. The same command again goes on where this laptop was.",
        ),
    ] = None,
    kit: Annotated[
        str,
        typer.Option(
            metavar="STATION",
            help="With --batch: which line this laptop is, <precinct>-<kit> as its label says; "
            "without it you are asked.",
        ),
    ] = "",
    report: Annotated[
        bool,
        typer.Option(
            "--report",
            help="With --batch: change nothing, and say what each laptop has and lacks; also "
            "written beside the table.",
        ),
    ] = False,
    results: Annotated[
        list[Path] | None,
        typer.Option(help="With --report: the results of another copy of the stick; again."),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Go on where it is a station already: the plan's list, ports and languages. "
            "Other settings are for `settings apply`; keys, people and journal stay.",
        ),
    ] = False,
    accept_issuer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DIGITS",
            help="The 20 digits of an issuer, as the commission says them; without them you "
            "are asked. May be given again.",
        ),
    ] = None,
    accept_recipient: Annotated[
        list[str] | None,
        typer.Option(metavar="DIGITS", help="The same for whom results are sealed to."),
    ] = None,
    passphrase_dir: Annotated[
        Path | None,
        typer.Option(
            help="Folder with a file <id>.passphrase of mode 0600 for each person; without it "
            "each types their own.",
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            help="With --again: the technician or operator who brings other ports or languages, "
            "by id; needed where there are several technicians."
        ),
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the public identity that the commission needs, e.g. a stick; a batch "
            "has its own."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set this machine up as a station, whole or not at all.

    Makes its keys, its first people with the passphrases they type, and its settings, and
    pins the commission's identities after their digits were compared. A station that is there
    already is left as it is without --again. The plan's list is loaded with --again, once the
    commission has sealed one to the public identity made here.
    """
    given = Given((*(accept_issuer or ()), *(accept_recipient or ())), passphrase_dir, by)
    if batch is not None and config is None:
        # A batch reads and writes more than one station needs.
        from station_app.commands.provision_batch import batch_report, provision_line

        if report:
            batch_report(batch, results or [], as_json=as_json)
        else:
            provision_line(batch, kit, given, as_json=as_json)
        return
    if config is None or batch is not None or report:
        raise typer.BadParameter("Give --config PLAN, or --batch TABLE.")
    clock = Stopwatch()
    with answering(as_json, provisioned=False):
        plan = read_plan(config)
        root = plan.folder or settings.station_home(plan.machine.kind)
        pins = identities_to_pin(plan)
        is_new = not (again and is_set_up(root))
        public = make_station(root, plan, pins, given, clock, is_new=is_new)
        if out is not None:
            _hand_on(public, out)
    facts: dict[str, Any] = {
        "provisioned": True,
        "new": is_new,
        "folder": str(root),
        "station": spoken(public),
        "trusted": [spoken(one) for one in pins],
        "people": [{"id": one.id, "role": one.role.value} for one in plan.people],
        "list": None,
    }
    if plan.snapshot is not None and not is_new:
        with answering(as_json, provisioned=True, loaded=False):
            manifest = load_into(StationFolder(root), plan.snapshot).manifest
        facts["list"] = facts_of(manifest)
    facts["seconds"] = round(clock.seconds(), 2)
    typer.echo(
        json.dumps(facts, ensure_ascii=False) if as_json else _text(facts, pins, public, out)
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What was said on the command line: digits that were compared, the folder of passphrases, and
    who brings other ports."""

    digits: tuple[str, ...]
    passphrase_dir: Path | None
    by: str


def make_station(
    root: Path,
    plan: Plan,
    pins: Sequence[PublicIdentity],
    given: Given,
    clock: "Stopwatch",
    *,
    is_new: bool,
) -> PublicIdentity:
    """Set the station up with the people there, or give one that is there what its plan brings.

    Raises `KnownError` as `refuse_unusable`, `missing_files`, `refuse_uncompared`, `set_up` and
    `bring_up_to_date` do.
    """
    if is_new:
        refuse_unusable(root)
        settings.missing_files(plan, root)  # before anybody types
        with clock.stopped():
            refuse_uncompared(pins, given.digits)
            people = _people(plan, given.passphrase_dir)
        return _set_up(root, plan, pins, people)
    return bring_up_to_date(
        root,
        plan,
        pins,
        datetime.now(UTC),
        lambda: _one_alone(root, given.by, given.passphrase_dir),
    )


class Stopwatch:
    """The machine's part of the time: not while people think and type."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Do not count what happens inside."""
        since = time.monotonic()
        yield
        self._start += time.monotonic() - since

    def seconds(self) -> float:
        """Seconds since it was made, less the stops."""
        return time.monotonic() - self._start


def _people(plan: Plan, folder: Path | None) -> list[Enrolment]:
    """Everybody with the passphrase that they have typed, in the plan's order."""
    found = []
    for one in plan.people:
        prompt = f"{one.name} ({one.role}), choose your passphrase, at least 12 characters"
        words = (one.id, one.name, plan.machine.station)
        passphrase = chosen(prompt, in_folder(folder, one.id), *words)
        found.append(Enrolment(one, passphrase, from_file=folder is not None))
    return found


def _one_alone(root: Path, by: str, passphrases: Path | None) -> Person:
    """The technician or operator who changes the desk's settings, by their passphrase."""
    people = People.load(StationFolder(root))
    able = [one for one in people.persons if one.role in (Role.TECHNICIAN, Role.OPERATOR)]
    technicians = [one for one in able if one.role is Role.TECHNICIAN]
    found = [one for one in able if one.id == by] if by else technicians
    if len(found) != 1:
        ids = ", ".join(one.id for one in able)
        raise typer.BadParameter(f"Say who brings the desk's settings, with --by: {ids}.")
    (one,) = found
    typed = known(f"{one.name} ({one.role}), your passphrase", in_folder(passphrases, one.id))
    return people.enter(one.id, typed).person


def _set_up(
    root: Path, plan: Plan, pins: Sequence[PublicIdentity], people: Sequence[Enrolment]
) -> PublicIdentity:
    with watched(_STEPS) as tell:
        tell(_MEASURE, 0, 1)
        cost = measure_cost()
        tell(_MEASURE, 1, 1)
        tell(_MAKE, 0, 1)
        public = set_up(root, plan, pins, people, cost, datetime.now(UTC))
        tell(_MAKE, 1, 1)
    return public


def _hand_on(public: PublicIdentity, out: Path) -> None:
    try:
        make_folder(out, OTHERS_MAY_LOOK)
    except OSError as fault:
        raise write_fault(fault, out) from fault
    try:
        public.save(out)
    except KnownError as fault:
        raise KnownError(
            fault.code,
            f"The station is set up, but its public identity was not written to {out}: "
            f"{fault.message}",
        ) from fault


def _text(
    facts: dict[str, Any], pins: Sequence[PublicIdentity], public: PublicIdentity, out: Path | None
) -> str:
    done = "is set up" if facts["new"] else "has its plan's settings"
    lines = [f"{public.name} {done} in {facts['folder']}.", spoken_lines(public)]
    lines += ["It trusts", *(spoken_lines(one) for one in pins)]
    lines.append(f"The machine's part took {facts['seconds']} s.")
    if facts["list"] is not None:
        lines.append(
            f"List {facts['list']['sequence']} of precinct {facts['list']['precinct']} is loaded: "
            f"{facts['list']['counts']['voters']} voters.\n  {facts['list']['words']}"
        )
        lines.append("Next: station-app readiness.")
    else:
        # On the station itself the file has a name of its own.
        file = f"{facts['folder']}/station.json, as {public.file_name},"
        file = str(out / public.file_name) if out else file
        lines.append(
            f"Next: give {file} to the commission and read its digits to it aloud. Then load the "
            "list that it makes."
        )
    return "\n".join(lines)
