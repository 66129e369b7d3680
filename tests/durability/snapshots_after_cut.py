"""What a snapshot at the centre must be after a power cut."""

from pathlib import Path

from station_app.domain.errors import KnownError
from station_app.snapshots import verify_container
from tests.snapshots.snapshot_samples import ISSUER, seal_list, write_list_of

SNAPSHOT = "out/9042.vsnap"


def fill(shelf: Path, *numbers: int) -> None:
    """Lists with these numbers."""
    for number in numbers:
        write_list_of(shelf / f"{number}.vlist", sequence=number)


def seal_numbered(shelf: Path, number: int, out: Path) -> None:
    """The list of this number as a snapshot."""
    seal_list(shelf / f"{number}.vlist", out)


def judge(disk: Path, said: str) -> str:
    """What is wrong with the snapshot after this was said, "" for nothing: the one of before or
    after the sealing that was cut is there, and every byte of it is as it was signed.
    """
    told = [line.split() for line in said.splitlines()]
    begun, done = (
        max((int(number) for word, number in told if word == way), default=0)
        for way in ("sealing", "sealed")
    )
    path = disk / SNAPSHOT
    if not path.exists():
        return f"lost: snapshot {done}" if done else ""
    try:
        found = verify_container(path, (ISSUER,)).sequence
    except KnownError as error:
        return f"{error.code}: {error.message}"
    return "" if done <= found <= begun else f"snapshot {found} is there, not {done} to {begun}"
