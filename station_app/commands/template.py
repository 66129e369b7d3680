"""`station-app template`: finger minutiae records, from images and looked into."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from station_app.biometrics.interchange import Edition, read_record, record_bytes
from station_app.biometrics.interchange.conversion import record_of_image
from station_app.biometrics.interchange.description import describe
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.shown_text import terminal_text

_REFUSED = 1
_UNSAID = "not stated"

app = typer.Typer(
    help="Finger minutiae records, ISO/IEC 19794-2: write and inspect them.", no_args_is_help=True
)


def _finger(name: str) -> FingerPosition:
    try:
        return FingerPosition[name.upper().replace("-", "_")]
    except KeyError:
        names = ", ".join(position.name.lower() for position in FingerPosition)
        raise typer.BadParameter(f"{name} is not one of {names}") from None


@app.command()
def write(
    image: Annotated[Path, typer.Argument(help="An image of one finger.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The record; a new file.")],
    dpi: Annotated[int, typer.Option("--dpi", help="Resolution of the image.")] = 500,
    edition: Annotated[
        Edition, typer.Option("--format", help="Edition of the standard.")
    ] = Edition.E2005,
    position: Annotated[
        FingerPosition | None,
        typer.Option(parser=_finger, metavar="FINGER", help="Which one, as in right_index."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find the minutiae of an image and write them as a record for other systems."""
    try:
        record = record_of_image(image, dpi, position or FingerPosition.UNKNOWN, edition)
        _write_new(out, record_bytes(record))
    except KnownError as refusal:
        raise _refused(refusal) from refusal
    count = len(record.representations[0].minutiae)
    standard = f"ISO/IEC 19794-2:{edition}"
    facts = {"minutiae": count, "file": str(out), "standard": standard}
    text = f"{count} minutiae written to {out}, {standard}."
    typer.echo(json.dumps(facts) if as_json else text)


def _write_new(out: Path, data: bytes) -> None:
    try:
        with out.open("xb") as file:
            file.write(data)
    except FileExistsError as fault:
        raise KnownError(
            Code.FILE_EXISTS, f"{out} is there already; choose another name."
        ) from fault
    except OSError as fault:
        raise KnownError(
            Code.FILE_UNWRITABLE,
            f"{out} cannot be written ({fault.strerror}); choose another folder.",
        ) from fault


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A finger minutiae record.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print every field as JSON.")] = False,
) -> None:
    """Check a record and print what it says. Ends with 0 when it is sound, else with 1."""
    try:
        facts = describe(read_record(file))
    except KnownError as refusal:
        raise _refused(refusal) from refusal
    if as_json:
        typer.echo(json.dumps(facts))
        return
    typer.echo(f"{facts['standard']}, {len(facts['fingers'])} finger(s)")
    for place, finger in enumerate(facts["fingers"], start=1):
        typer.echo("\n".join(f"  {line}" for line in _lines(place, finger)))
    for warning in facts["warnings"]:
        typer.echo(f"Warning: {warning}.")


def _lines(place: int, finger: dict[str, Any]) -> list[str]:
    kinds = [minutia["kind"] for minutia in finger["minutiae"]]
    counted = ", ".join(
        f"{kinds.count(kind)} {kind}" for kind in ("ending", "bifurcation", "other")
    )
    device = finger["device"]
    across, down = finger["pixels_per_cm"]
    return [
        f"finger {place}: {finger['position_name'].replace('_', ' ')}, view {finger['view']}, "
        f"{finger['impression_name']}",
        f"  image: {finger['width']} x {finger['height']} pixels, {across} x {down} a cm "
        f"({finger['ppi']} ppi)",
        f"  minutiae: {len(kinds)} ({counted}), usable here: {_said(finger['usable_minutiae'])}",
        f"  quality: {_said(finger['quality'])}; captured: {_said(finger['captured'])}",
        f"  device: vendor {device['vendor']}, model {device['model']}, technology "
        f"{device['technology']}{', certified' if device['certified'] else ''}",
    ]


def _said(value: object) -> str:
    return _UNSAID if value is None else str(value)


def _refused(refusal: KnownError) -> typer.Exit:
    typer.echo(terminal_text(refusal.message), err=True)
    return typer.Exit(_REFUSED)
