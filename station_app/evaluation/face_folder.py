"""Folders of photographs and lists of pairs, named as Labeled Faces in the Wild names them.

`<Name>/<Name>_0001.jpg`, and a text of pairs (G. Huang and others, University of Massachusetts
technical report 07-49, 2007): a first line `folds  pairs`, then for each fold so many lines
`name  number  number` of one person and so many `name  number  name  number` of two.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault import read_regular

_ENDINGS: Final = (".jpg", ".jpeg", ".png")
_IMAGE: Final = re.compile(r"(?P<name>.{1,200})_(?P<number>\d{1,6})")
_LARGEST: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, order=True)
class FaceFile:
    """One photograph of one person."""

    name: str
    number: int

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return f"{self.name}_{self.number:04d}"


@dataclass(frozen=True, slots=True)
class FacePair:
    """Two photographs to compare, in a fold from 0."""

    fold: int
    one: FaceFile
    other: FaceFile

    @property
    def is_mated(self) -> bool:
        """Whether both are of one person."""
        return self.one.name == self.other.name


def list_face_files(folder: Path) -> dict[FaceFile, Path]:
    """Every photograph below `folder`, in order.

    Raises `KnownError`: `folder_missing`, `folder_empty` (no photograph so named).
    """
    try:
        people = sorted(path for path in folder.iterdir() if path.is_dir())
        found = {
            FaceFile(person.name, int(parts["number"])): path
            for person in people
            for path in sorted(person.iterdir())
            if path.suffix.lower() in _ENDINGS
            and (parts := _IMAGE.fullmatch(path.stem)) is not None
            and parts["name"] == person.name
        }
    except OSError as fault:
        raise KnownError(
            Code.FOLDER_MISSING,
            f"The folder {folder} cannot be opened ({fault.strerror}); check its name.",
        ) from fault
    if not found:
        raise KnownError(
            Code.FOLDER_EMPTY,
            f"The folder {folder} has no photographs; give one with <Name>/<Name>_0001.jpg.",
        )
    return found


def read_pairs(path: Path) -> tuple[FacePair, ...]:
    """The pairs of a text in the format of LFW. Raises `KnownError` `pairs_unreadable`."""
    lines = [line.split("\t") if "\t" in line else line.split() for line in _lines(path)]
    lines = [parts for parts in lines if parts]
    try:
        return tuple(_pairs(lines[0], lines[1:]))
    except (ValueError, IndexError) as fault:
        raise KnownError(
            Code.PAIRS_UNREADABLE,
            f"{path.name} is no list of pairs as LFW has them: `folds pairs`, then for each fold "
            "so many lines `name number number` and so many `name number name number`.",
        ) from fault


def _pairs(head: list[str], rest: list[list[str]]) -> Iterator[FacePair]:
    """Raises `ValueError` for numbers that do not fit."""
    folds, each = (1, int(head[0])) if len(head) == 1 else (int(head[0]), int(head[1]))
    if folds < 1 or each < 1 or len(rest) != folds * each * 2:
        raise ValueError("other pairs than the first line says")
    for number, parts in enumerate(rest):
        yield _pair(number // (2 * each), parts)


def _pair(fold: int, parts: list[str]) -> FacePair:
    if len(parts) == 3:
        name, one, other = parts
        return FacePair(fold, FaceFile(name, int(one)), FaceFile(name, int(other)))
    name, one, other_name, other = parts
    if name == other_name:
        raise ValueError("two people with one name")
    return FacePair(fold, FaceFile(name, int(one)), FaceFile(other_name, int(other)))


def read_groups(path: Path) -> Mapping[str, str]:
    """Group by photograph (its name without ending), of a CSV file with lines `image,group`.

    A first line of these two words is left out. Raises `KnownError` `pairs_unreadable`.
    """
    rows = [row for row in csv.reader(io.StringIO("\n".join(_lines(path)))) if row]
    if rows and [one.strip().lower() for one in rows[0]] == ["image", "group"]:
        rows = rows[1:]
    if not rows or any(len(row) != 2 for row in rows):
        raise KnownError(
            Code.PAIRS_UNREADABLE,
            f"{path.name} does not name a group for each image; give a CSV file with lines "
            "`image,group`.",
        )
    return {Path(image.strip()).stem: group.strip() for image, group in rows}


def _lines(path: Path) -> Iterator[str]:
    try:
        text = read_regular(path, _LARGEST).decode("utf-8")
    except OSError as fault:
        raise KnownError(
            Code.PAIRS_UNREADABLE,
            f"{path.name} cannot be opened ({fault.strerror}); check its name.",
        ) from fault
    except UnicodeDecodeError as fault:
        raise KnownError(
            Code.PAIRS_UNREADABLE, f"{path.name} is no text in UTF-8; give the right file."
        ) from fault
    yield from text.splitlines()
