"""Folders of real images as evaluations name them: DIR, or DIR:PPI."""

from pathlib import Path
from typing import Annotated

import typer

Folders = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DIR[:PPI]...]",
        help="Images named <finger>_<impression>.png|tif|bmp|wsq; without, invented fingers.",
    ),
]
Invented = Annotated[
    int, typer.Option(min=1, max=1000, help="Invented fingers, where no folder is given.")
]
Dpi = Annotated[int, typer.Option("--dpi", help="Resolution of folders that state none.")]


def folder_and_ppi(name: str, ppi: int = 500) -> tuple[Path, int]:
    """The folder `name` means and the resolution of its images, `ppi` where it says none."""
    path, mark, stated = name.rpartition(":")
    if mark and stated.isdecimal():
        return Path(path), int(stated)
    return Path(name), ppi
