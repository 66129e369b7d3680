"""The commands that show or play a desk: demo, simulate-day, technician."""

import gc
import os
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from station_app.assembly.program_log import log_start
from station_app.assembly.window_trial import window_trial
from station_app.commands.options import StationOption, language_option, station_folder
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.languages import language_codes

_TRIAL_S = 10.0
"""A display that answers later than this is as good as none (s)."""


def why_no_window() -> str | None:
    """None where Qt can open a window, else a sentence that says why not and what to do.

    Qt aborts the whole process when the display refuses it (no server, no permission, a library
    missing), and no exception can be caught; so a process of its own tries first.
    """
    named = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if not named:
        return "There is no display, so this runs without a window."
    # Not to Wayland where a desktop has both: the voter's display needs X11 (ADR 0061).
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb;wayland")
    try:
        trial = subprocess.run(  # noqa: S603  # this Python or packed program, with a constant
            window_trial(), capture_output=True, check=False, timeout=_TRIAL_S
        )
    except subprocess.TimeoutExpired:
        opened = False
    else:
        opened = trial.returncode == 0
    if opened:
        return None
    return (
        f"The display {named} does not let this program open a window, so this runs without one. "
        "For a window, set DISPLAY to a display of yours; HEADLESS=1 leaves this question out."
    )


_REFUSED = 1


def demo(
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: run the queue offscreen and judge it.")
    ] = False,
    fingers: Annotated[
        Path | None,
        typer.Option(
            help="A folder of real images, <finger>_<impression>.png, .tif, .bmp or .wsq."
        ),
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
    voter_display: Annotated[
        bool,
        typer.Option(
            "--voter-display",
            help="The voter's display in a small window, where there is no second monitor.",
        ),
    ] = False,
) -> None:
    """Open the operator's desk on invented voters with simulated devices."""
    if not headless and (reason := why_no_window()):
        typer.echo(reason, err=True)
        headless = True
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Nothing that an import makes is garbage; the desk collects by its own timer from then on.
    gc.disable()
    # Qt is loaded here, after its platform is chosen and only by commands that show something.
    from station_app.assembly import headless as offscreen
    from station_app.assembly.demo_desk import DemoChoice, run_window

    wanted = DemoChoice(
        out=out, language=language, fingers=fingers, dpi=dpi, voter_display=voter_display
    )
    right = offscreen.run_headless(wanted, as_json) if headless else run_window(wanted)
    raise typer.Exit(0 if right else _REFUSED)


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
    from station_app.assembly.simulated_desk import play_desk
    from station_app.training.day_stations import DayRun

    run = DayRun(voters, seed, out)
    if desk_from is not None:
        log_start()
        play_desk(run, desk_from)
        return
    from station_app.training.day_run import simulate_day

    raise typer.Exit(0 if simulate_day(run, as_json=as_json) else _REFUSED)


def technician(
    station: StationOption = None,
    language: Annotated[
        str, language_option("Language of the screens; without it the station's first.")
    ] = "",
) -> None:
    """Open the screens before the desk: unlock the station, load its list, test its devices."""
    if why_no_window():
        raise KnownError(
            Code.NO_DISPLAY,
            "These screens need a display, and none lets this program open a window. "
            "Start it on the laptop's own desktop, or set DISPLAY.",
        )
    folder = station_folder(station)
    gc.disable()  # as in `demo`
    from station_app.assembly.technician import run_technician

    run_technician(folder, language)
