"""Files of voters: fingers and portraits, assigned by their names or by a column."""

import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.biometrics.images import IMAGE_ENDINGS
from station_app.centre.register_rows import RegisterRow
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage

RECORD_ENDINGS: Final = (".fmr", ".iso")
PORTRAIT_ENDINGS: Final = (".jpg", ".jpeg", ".png")

_POSITION: Final = re.compile(r"0?[0-9]|10")
_IN_COLUMN: Final = re.compile(r"(?P<position>0?[0-9]|10)\s*[=:]\s*(?P<name>\S.*)")


@dataclass(frozen=True, slots=True)
class FingerFile:
    """A file said to show one finger; a record without `position` says itself which ones."""

    path: Path
    position: FingerPosition | None

    @property
    def name(self) -> str:
        """The file's name, as it can be shown."""
        return shown_name(self.path.name)

    @property
    def is_record(self) -> bool:
        """Whether it is a minutiae record, no image."""
        return self.path.suffix.lower() in RECORD_ENDINGS


@dataclass(frozen=True, slots=True)
class FingerImageOf:
    """An image that no file has: `read` makes it when its turn comes, in whichever process."""

    position: FingerPosition
    read: Callable[[], FingerImage]
    name: str = "image"


@dataclass(frozen=True, slots=True)
class PortraitOf:
    """A portrait that no file has: `read` makes its JPEG or PNG, as `FingerImageOf` does."""

    read: Callable[[], bytes]
    name: str = "portrait"


Fault = tuple[str, str]
"""A code, and the name of the file."""


@dataclass(frozen=True, slots=True)
class VoterFiles:
    """The files of the voter in `row` of a list; `faults` are names unusable, with a code each.

    Two images of one finger are both left out, and two records of one: nobody can say which is
    right. Images come first.
    """

    row: int
    fingers: tuple[FingerFile | FingerImageOf, ...]
    portrait: Path | PortraitOf | None = None
    faults: tuple[tuple[str, str], ...] = ()

    @property
    def paths(self) -> Iterator[Path]:
        """Every file."""
        yield from (one.path for one in self.fingers if isinstance(one, FingerFile))
        if isinstance(self.portrait, Path):
            yield self.portrait


def shown_name(name: str) -> str:
    """A file's name, safe for a terminal: the name comes from outside."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


class SourceFolder:
    """The files of one kind in a folder, or in a folder a precinct inside it.

    A precinct that has a folder of its own has all its files there. Raises `KnownError`
    `folder_missing`.
    """

    def __init__(self, folder: Path, endings: tuple[str, ...]) -> None:
        self._folder, self._endings = folder, endings
        self.shared = _Names(folder, endings)

    def of(self, precinct: str) -> "_Names":
        """The files among which a precinct's are."""
        own = self._folder / precinct
        is_there = bool(precinct) and os.path.isdir(own)  # noqa: PTH112  (raises for none)
        return _Names(own, self._endings) if is_there else self.shared


class _Names:
    """The names of the files in a folder, sorted, and which of them a voter has claimed.

    Files with other endings than `endings` are nobody's.
    """

    def __init__(self, folder: Path, endings: tuple[str, ...]) -> None:
        self.folder, self._endings = folder, endings
        try:
            with os.scandir(folder) as entries:
                self._names = sorted(one.name for one in entries if _is_wanted(one, endings))
        except OSError as fault:
            raise KnownError(
                Code.FOLDER_MISSING,
                f"The folder {folder} cannot be opened ({fault.strerror}); check its name.",
            ) from fault
        self._claimed = bytearray(len(self._names))

    def claim(self, voter_id: str) -> Iterator[tuple[str, str]]:
        """The names that begin with a voter id, and what stands between it and the ending.

        That is empty, or an underscore and what follows it; a voter id has no underscore.
        """
        for start in (f"{voter_id}.", f"{voter_id}_"):
            place = bisect_left(self._names, start)
            while place < len(self._names) and (name := self._names[place]).startswith(start):
                rest = name.rpartition(".")[0].removeprefix(voter_id)
                fits = name.lower().endswith(self._endings)
                if fits and (not rest or rest.startswith("_")):
                    self._claimed[place] = 1
                    yield name, rest
                place += 1

    def claim_named(self, name: str) -> None:
        """Claim one by its whole name."""
        place = bisect_left(self._names, name)
        if place < len(self._names) and self._names[place] == name:
            self._claimed[place] = 1

    @property
    def unclaimed(self) -> list[str]:
        """Those that no voter has claimed, as they can be shown."""
        names = zip(self._names, self._claimed, strict=True)
        return [shown_name(name) for name, is_claimed in names if not is_claimed]


def _is_wanted(entry: os.DirEntry[str], endings: tuple[str, ...]) -> bool:
    """Not a precinct's folder, and not what a desktop hides beside people's files."""
    if entry.name.lower().endswith(endings):
        return True
    try:
        return not entry.name.startswith(".") and entry.is_file()
    except OSError:  # a link in a circle: told as nobody's file, like any other
        return True


@dataclass(frozen=True, slots=True)
class FingerSources:
    """The folders of fingers and portraits; None where there are none."""

    fingers: SourceFolder | None
    portraits: SourceFolder | None

    @classmethod
    def of(cls, fingers: Path | None, portraits: Path | None) -> "FingerSources":
        """Look into both folders. Raises `KnownError` `folder_missing`."""
        return cls(
            None if fingers is None else SourceFolder(fingers, IMAGE_ENDINGS + RECORD_ENDINGS),
            None if portraits is None else SourceFolder(portraits, PORTRAIT_ENDINGS),
        )

    def voters_files(
        self, rows: list[RegisterRow], precinct: str
    ) -> tuple[list[VoterFiles], list[str]]:
        """The files of each row's voter, and those in the precinct's own folders that are nobody's.

        A row that names files in its columns has those, another one the files that are named
        after its voter.
        """
        fingers = None if self.fingers is None else self.fingers.of(precinct)
        portraits = None if self.portraits is None else self.portraits.of(precinct)
        found = [_files_of(place, row, fingers, portraits) for place, row in enumerate(rows)]
        own = [
            name
            for names, every in ((fingers, self.fingers), (portraits, self.portraits))
            if names is not None and every is not None and names is not every.shared
            for name in names.unclaimed
        ]
        return found, own

    @property
    def unclaimed(self) -> list[str]:
        """Files outside the precincts' folders that are no voter's, after all precincts."""
        every = (one.shared for one in (self.fingers, self.portraits) if one is not None)
        return [name for names in every for name in names.unclaimed]


def _files_of(
    place: int, row: RegisterRow, fingers: _Names | None, portraits: _Names | None
) -> VoterFiles:
    faults: list[Fault] = []
    listed: list[FingerFile] = []
    if fingers is not None:
        listed = list(
            _in_column(row.fingers, fingers, faults)
            if row.fingers
            else _by_name(row.voter.voter_id, fingers, faults)
        )
    given = Counter((one.is_record, one.position) for one in listed)
    twice = [
        one for one in listed if one.position is not None and given[one.is_record, one.position] > 1
    ]
    faults += [("finger_twice", one.name) for one in twice]
    kept = sorted((one for one in listed if one not in twice), key=lambda one: one.is_record)
    return VoterFiles(
        place,
        tuple(kept),
        None if portraits is None else _portrait_of(row, portraits, faults),
        tuple(faults),
    )


def _by_name(voter_id: str, names: _Names, faults: list[Fault]) -> Iterator[FingerFile]:
    for name, rest in names.claim(voter_id):
        file = FingerFile(names.folder / name, None)
        if _POSITION.fullmatch(rest[1:]):
            yield FingerFile(file.path, FingerPosition(int(rest[1:])))
        elif not rest and file.is_record:
            yield file
        else:
            faults.append(("finger_position", shown_name(name)))


def _in_column(text: str, names: _Names, faults: list[Fault]) -> Iterator[FingerFile]:
    """`2=a.png; 7=b.png`, names inside the folder."""
    for part in filter(None, (part.strip() for part in text.split(";"))):
        found = _IN_COLUMN.fullmatch(part)
        path = None if found is None else _inside(names, found["name"])
        if found is None:
            faults.append(("finger_position", part))
        elif path is None:
            faults.append(("file_outside", found["name"]))
        else:
            yield FingerFile(path, FingerPosition(int(found["position"])))


def _portrait_of(row: RegisterRow, names: _Names, faults: list[Fault]) -> Path | None:
    if row.portrait:
        path = _inside(names, row.portrait)
        if path is None:
            faults.append(("file_outside", row.portrait))
        return path
    found = [name for name, rest in names.claim(row.voter.voter_id) if not rest]
    if len(found) > 1:
        faults += [("portrait_twice", shown_name(name)) for name in found]
    return names.folder / found[0] if len(found) == 1 else None


def _inside(names: _Names, name: str) -> Path | None:
    """A file in the folder or below it, None for a name that leads out of it."""
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        return None
    names.claim_named(name)
    return names.folder / path
