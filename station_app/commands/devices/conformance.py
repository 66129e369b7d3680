"""`station-app devices conformance`: is a maker's program one that a station can host?"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.answers import AsJson, ExitCode, answering
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from station_app.domain.shown_text import terminal_text


def conformance_command(
    program: Annotated[Path, typer.Argument(help="The executable that drives the reader.")],
    fingers: Annotated[
        int, typer.Option(min=0, max=1000, help="How many fingers a person will lay; 0 for nobody.")
    ] = 1,
    *,
    as_json: AsJson = False,
) -> None:
    """Hold a fingerprint reader's program to the station's reader protocol.

    The program is started as a station starts it; its standard error stays on this terminal. Ends
    with 0 where every check passed, else with 1.
    """
    from station_app.devices.hosted.conformance import conformance

    def ask(text: str) -> None:
        typer.echo(text, err=True)

    with answering(as_json, passed=False):
        report = conformance(program, fingers, ask, _contradiction)
    if as_json:
        typer.echo(json.dumps(asdict(report) | {"passed": report.passed}))
    else:
        for one in report.checks:
            typer.echo(terminal_text(f"{one.outcome:6}  {one.name}: {one.said}".rstrip(": ")))
        typer.echo(f"SHA-256 {report.sha256}")
        typer.echo("The program keeps to the protocol." if report.passed else "It does not.")
    if not report.passed:
        raise typer.Exit(ExitCode.REFUSED)


def _contradiction(image: FingerImage) -> str:
    """What is wrong with an image of a finger, empty where nothing is."""
    from station_app.biometrics.fingerprint.ridge_distance import (
        refuse_contradicted_ppi,
        ridge_distance,
    )

    if not ridge_distance(image).is_known:
        return "no clear ridges were found: is it a finger, and are its ridges dark?"
    try:
        refuse_contradicted_ppi(image)
    except KnownError as fault:
        return fault.message
    return ""
