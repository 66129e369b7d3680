"""The command line as a whole: which commands there are, and what happens when one fails."""

import logging
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from station_app import __version__
from station_app.assembly.program_log import written_log
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text

REFUSED = 1
BUG = 70
"""Exit code of a fault of the program itself (EX_SOFTWARE of sysexits.h)."""

_SCREENS = "station_app.assembly.screen_commands"
_LESSONS = "station_app.assembly.lesson_commands"
_COMMANDS = "station_app.commands"
_EVALUATION = "station_app.evaluation"

COMMANDS = {
    "provision": (
        f"{_COMMANDS}.provision:provision",
        "Set this machine up as a station, whole or not at all.",
    ),
    "readiness": (
        f"{_COMMANDS}.readiness:readiness",
        "Look at a station without a passphrase: identity, people, list, devices, clock, disk.",
    ),
    "devices": (
        f"{_COMMANDS}.devices:app",
        "Devices that are plugged in: list them, try them, watch them come and go.",
    ),
    "launcher": (
        f"{_COMMANDS}.launcher:launcher",
        "Put the station's screens, and the lessons, among the programs of the desktop.",
    ),
    "renew": (
        f"{_COMMANDS}.list_changes:renew",
        "Make a station ready for another election, after its day is closed and exported.",
    ),
    "explain": (
        f"{_EVALUATION}.explain:app",
        "Compare two prints, or two faces, and draw why they match, or what limited it.",
    ),
    "bench": (
        f"{_EVALUATION}.bench:bench",
        "Time extraction, search and verdict of the matching core, beside bozorth3.",
    ),
    "calibrate": (
        f"{_EVALUATION}.calibrate:app",
        "Fit the mapping from raw score to -log10 FMR on all impostors of real sensors.",
    ),
    "demo": (
        f"{_SCREENS}:demo",
        "Open the operator's desk on invented voters with simulated devices.",
    ),
    "lesson": (
        f"{_LESSONS}:app",
        "Learn at a desk that counts for nothing; check a lesson that a trainer has written.",
    ),
    "simulate-day": (
        f"{_SCREENS}:simulate",
        "Let a whole day pass at real stations with simulated devices, and judge it.",
    ),
    "technician": (
        f"{_SCREENS}:technician",
        "Open the screens before the desk: unlock the station, load its list, test its devices.",
    ),
    "evaluate": (f"{_EVALUATION}.evaluate:app", "Measure the engines."),
    "synthetic": (
        f"{_COMMANDS}.synthetic:app",
        "Invent people: registers, fingerprints and faces that belong to nobody.",
    ),
    "snapshot": (f"{_COMMANDS}.snapshot:app", "Build, examine and load voter lists and snapshots."),
    "journal": (
        f"{_COMMANDS}.journal:app",
        "Examine a station's journal, prove what it says, export it.",
    ),
    "centre": (f"{_COMMANDS}.centre:app", "Collect the stations' journals and report."),
    "template": (
        f"{_COMMANDS}.template:app",
        "Finger minutiae records, ISO/IEC 19794-2: write and inspect them.",
    ),
    "issuer": (f"{_COMMANDS}.identity:issuer", "The commission's key that signs voter lists."),
    "recipient": (
        f"{_COMMANDS}.identity:recipient",
        "The commission's key that opens what comes back.",
    ),
    "identity": (f"{_COMMANDS}.identity:identity", "Public identities, to compare aloud."),
    "people": (f"{_COMMANDS}.people:app", "Who may unlock a station, with their passphrases."),
    "settings": (
        f"{_COMMANDS}.signed_settings:app",
        "The settings that two persons sign: precinct, mirror, trusted keys, drivers.",
    ),
    "takeover": (f"{_COMMANDS}.takeover:app", "Let a spare go on for a station that has died."),
    "list": (f"{_COMMANDS}.list_changes:app", "The voter list of a station."),
}
"""Name to the function or group that it is, and the first line of its help."""


class DeferredCommand(TyperCommand):
    """A command or group of which only name and help are known until it is asked for."""

    def __init__(self, name: str, place: str, told: str) -> None:
        super().__init__(name, help=told)
        self._place = place

    def loaded(self) -> Any:
        """The command itself: its module is imported now."""
        module, _, attribute = self._place.partition(":")
        found = getattr(import_module(module), attribute)
        whole = typer.Typer()
        if isinstance(found, typer.Typer):
            whole.add_typer(found, name=self.name)
        else:
            whole.command(self.name)(found)
        return typer.main.get_group(whole).commands[str(self.name)]

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        return self.loaded().make_context(info_name, args, parent, **extra)


class AllCommands(TyperGroup):
    """`station-app`: a command's module is imported when that command is asked for."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, row in COMMANDS.items():
            self.add_command(DeferredCommand(name, *row))


_log = logging.getLogger(__name__)


app = typer.Typer(
    name="station-app",
    cls=AllCommands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"station-app {__version__}")
        raise typer.Exit


@app.callback()
def station_app(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say which version this is."
        ),
    ] = False,
) -> None:
    """Identifies voters at a polling station.

    Commands that print a result print it as JSON with --json. They end with 0 (good), 1 (refused,
    with the reason), 2 (wrong usage), 3 (an alarm: `centre report`, `centre collect`), 70 (a fault
    of the program itself) or 130 (interrupted).
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command and give the exit code: no fault reaches the screen as a traceback."""
    try:
        answer = app(list(arguments), standalone_mode=False)
    except KnownError as fault:
        _log.info("refused", extra={"code": fault.code})
        typer.echo(terminal_text(fault.message), err=True)
        return REFUSED
    except PermissionError as fault:
        # The vault is not imported for who only asks what there is.
        from station_app.vault import access_fault

        typer.echo(terminal_text(access_fault(fault).message), err=True)
        return REFUSED
    except typer.TyperException as usage:
        said = f"{usage.format_message()}\n`{_asked_for(usage)} --help` lists what there is."
        typer.echo(terminal_text(said), err=True)
        return usage.exit_code
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("Stopped.", err=True)
        return 130
    except Exception as bug:  # the last net: a fault of the program itself
        _log.critical("ended_by_bug", exc_info=bug)
        typer.echo(_bug_sentence(written_log()), err=True)
        return BUG
    return answer if isinstance(answer, int) else 0


def _asked_for(usage: typer.TyperException) -> str:
    """The command or group that was used wrongly: `station-app journal verify`."""
    context, names = getattr(usage, "ctx", None), list[str]()
    while context is not None and context.parent is not None:
        names.insert(0, context.info_name)
        context = context.parent
    return " ".join(("station-app", *names))


def _bug_sentence(log: Path | None) -> str:
    where = f"The details are in {log}." if log else "The details could not be saved."
    return f"Something went wrong in the program itself. {where} Send them to the developers."
