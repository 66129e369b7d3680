"""What a station's lists must be after a power cut."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from station_app.domain.errors import KnownError
from station_app.snapshots import loaded_list
from station_app.vault import StationFolder
from tests.snapshots.snapshot_samples import (
    ISSUER,
    count_voters,
    load_here,
    names_left,
    write_snapshot,
)

STATION = "station"
NEWEST = 4


def fill(shelf: Path) -> None:
    """Snapshots 2 to `NEWEST`, each of as many voters as its number."""
    for number in range(2, NEWEST + 1):
        write_snapshot(shelf / f"{number}.vsnap", sequence=number, voters=number)


def load_numbered(shelf: Path, number: int, folder: StationFolder) -> None:
    load_here(shelf / f"{number}.vsnap", folder.root)


@dataclass(frozen=True, slots=True)
class Judge:
    """Knows the shelf of the snapshots."""

    shelf: Path

    def judge(self, disk: Path, said: str) -> str:
        """What is wrong with the lists after this was said, "" for nothing.

        The list of before or after the act that was cut is loaded, and opens whole; the newest
        can be loaded then, and leaves no draft behind.
        """
        told = [line.split() for line in said.splitlines()]
        allowed = {_loaded(act for word, act in told if word == way) for way in ("doing", "did")}
        folder = StationFolder(disk / STATION)
        try:
            found = _found(folder)
            if found not in allowed:
                return f"list {found} is loaded, not one of {allowed}"
            if found is not None and count_voters(folder.root) != found:
                return f"list {found} is not whole"
            load_numbered(self.shelf, NEWEST, folder)
            if count_voters(folder.root) != NEWEST:
                return "the newest list is not whole"
        except KnownError as error:
            return f"{error.code}: {error.message}"
        left = [name for name in names_left(folder.root) if name.endswith(".new")]
        return f"left behind: {left}" if left else ""


def _loaded(acts: Iterable[str]) -> int | None:
    """The number of the list that is loaded after these acts."""
    loaded: int | None = None
    before: int | None = None
    for act in acts:
        if act == "prove":
            before = None
        elif act == "back":
            loaded, before = before, None
        else:
            before, loaded = loaded, int(act)
    return loaded


def _found(folder: StationFolder) -> int | None:
    try:
        return loaded_list(folder, (ISSUER,)).manifest.sequence
    except KnownError as error:
        if error.code == "vsnap_none_loaded":
            return None
        raise
