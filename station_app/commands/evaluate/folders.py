"""Folders of real images as evaluations name them: DIR, or DIR:PPI."""

from pathlib import Path

METAVAR = "[DIR[:PPI]...]"
HELP = "Images named <finger>_<impression>.png|tif|bmp|wsq; without, invented fingers."


def folder_and_ppi(name: str, ppi: int) -> tuple[Path, int]:
    """The folder `name` means and the resolution of its images, `ppi` where it says none."""
    path, mark, stated = name.rpartition(":")
    if mark and stated.isdecimal():
        return Path(path), int(stated)
    return Path(name), ppi
