"""The command line as a whole: which commands there are, and what happens when one fails."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from station_app import __version__
from station_app.assembly.display import why_no_window
from station_app.assembly.program_log import log_start, written_log
from station_app.commands import (
    accept_list,
    bench,
    calibrate,
    centre,
    evaluate,
    explain,
    identity,
    journal,
    people,
    provision,
    readiness,
    renew,
    signed_settings,
    snapshot,
    synthetic,
    takeover,
    template,
)
from station_app.commands.language_option import language_option
from station_app.commands.own_station import StationOption, station_folder
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.languages import language_codes
from station_app.vault import access_fault

REFUSED = 1
BUG = 70
"""Exit code of a fault of the program itself (EX_SOFTWARE of sysexits.h)."""


_log = logging.getLogger(__name__)


app = typer.Typer(
    name="station-app",
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


app.add_typer(evaluate.app, name="evaluate")
app.add_typer(synthetic.app, name="synthetic")
app.add_typer(snapshot.app, name="snapshot")
app.add_typer(journal.app, name="journal")
app.add_typer(centre.app, name="centre")
app.add_typer(template.app, name="template")
app.add_typer(identity.issuer)
app.add_typer(identity.recipient)
app.add_typer(identity.identity)
app.add_typer(people.app)
app.add_typer(signed_settings.app)
app.add_typer(takeover.app)
app.add_typer(accept_list.app)
app.command()(provision.provision)
app.command()(readiness.readiness)
app.command()(renew.renew)
app.command()(explain.explain)
app.command()(bench.bench)
app.command()(calibrate.calibrate)


@app.command()
def demo(
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: run the queue offscreen and judge it.")
    ] = False,
    fingers: Annotated[
        Path | None,
        typer.Option(help="A folder of real images, <finger>_<impression>.png, .tif or .bmp."),
    ] = None,
    dpi: Annotated[
        int, typer.Option(min=100, max=2000, help="Resolution of the real images, ppi.")
    ] = 500,
    out: Annotated[
        Path, typer.Option(help="Where a run without a window saves its pictures.")
    ] = Path("build/demo"),
    language: Annotated[str, language_option("Language of the desk.")] = language_codes()[0],
    as_json: Annotated[
        bool, typer.Option("--json", help="With --headless: print the result as JSON.")
    ] = False,
) -> None:
    """Open the operator's desk on invented voters with simulated devices."""
    if not headless and (reason := why_no_window()):
        typer.echo(reason, err=True)
        headless = True
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Qt is loaded here, after its platform is chosen and only by commands that show something.
    from station_app.assembly import headless as offscreen  # noqa: PLC0415
    from station_app.assembly import window  # noqa: PLC0415
    from station_app.assembly.stage import Demo  # noqa: PLC0415

    wanted = Demo(out=out, language=language, fingers=fingers, dpi=dpi)
    right = offscreen.run_headless(wanted, as_json) if headless else window.run_window(wanted)
    raise typer.Exit(0 if right else REFUSED)


@app.command("simulate-day")
def simulate(
    voters: Annotated[int, typer.Option(min=40, help="Voters on the list.")] = 2500,
    seed: Annotated[int, typer.Option(help="The same seed gives the same day.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder of the list and the stations.")] = Path(
        "build/simulated-day"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    desk_from: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Let a whole day pass at real stations with simulated devices, and judge it.

    People who come twice, strangers, worn fingers, voids, a scanner and a printer that fail, a
    clock that goes back, a desk that is killed three times, a list corrected at noon, a day closed
    too early and opened again, one who tries to be chair and member, and a station that dies so
    that a spare takes over without its entries. Ends with 0 when every verdict,
    every entry and every count is as planned, else with 1 and what is not. The list is built
    the first time and kept.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from station_app.assembly.simulated_desk import play_desk  # noqa: PLC0415
    from station_app.training.day_stations import DayRun  # noqa: PLC0415

    run = DayRun(voters, seed, out)
    if desk_from is not None:
        log_start()
        play_desk(run, desk_from)
        return
    from station_app.training.day_run import simulate_day  # noqa: PLC0415

    raise typer.Exit(0 if simulate_day(run, as_json=as_json) else REFUSED)


@app.command()
def technician(
    station: StationOption = None,
    language: Annotated[
        str, language_option("Language of the screens; without it the station's first.")
    ] = "",
) -> None:
    """Open the screens before the desk: unlock the station, load its list, test its devices."""
    if why_no_window():
        raise KnownError(
            "no_display",
            "These screens need a display, and none lets this program open a window. "
            "Start it on the laptop's own desktop, or set DISPLAY.",
        )
    folder = station_folder(station)
    from station_app.assembly.technician import run_technician  # noqa: PLC0415

    run_technician(folder, language)


def run(arguments: Sequence[str]) -> int:
    """Run one command and give the exit code: no fault reaches the screen as a traceback."""
    try:
        answer = app(list(arguments), standalone_mode=False)
    except KnownError as fault:
        _log.info("refused", extra={"code": fault.code})
        typer.echo(terminal_text(fault.message), err=True)
        return REFUSED
    except PermissionError as fault:
        typer.echo(terminal_text(access_fault(fault).message), err=True)
        return REFUSED
    except typer.TyperException as usage:
        said = f"{usage.format_message()}\n`station-app --help` lists what there is."
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


def _bug_sentence(log: Path | None) -> str:
    where = f"The details are in {log}." if log else "The details could not be saved."
    return f"Something went wrong in the program itself. {where} Send them to the developers."
