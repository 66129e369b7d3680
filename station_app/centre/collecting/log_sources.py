"""Where logs lie: sealed bundles, and folders with a tlog-tiles log."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from station_app.domain.errors import KnownError
from station_app.journal.bundle import SUFFIX, open_bundle
from station_app.journal.tiles import CHECKPOINT, TILES
from station_app.vault import AgeIdentity


@dataclass(frozen=True, slots=True)
class LogSource:
    """A bundle (a file) or a log (a folder with `checkpoint` and `tile/`)."""

    path: Path

    @property
    def is_bundle(self) -> bool:
        """Whether it is sealed."""
        return self.path.name.endswith(SUFFIX)

    @property
    def name(self) -> str:
        """Its path for people and tables; sticks have names that are no text."""
        return os.fsencode(self.path).decode(errors="replace")

    def digest(self) -> bytes:
        """The SHA-256 of its contents (32 bytes). Raises `KnownError` `log_source_unreadable`."""
        with _told_of(self.path):
            if self.is_bundle:
                with self.path.open("rb") as file:
                    return hashlib.file_digest(file, "sha256").digest()
            digest = hashlib.sha256()
            for name, content in sorted(self._log().items()):
                digest.update(hashlib.sha256(name.encode()).digest())
                digest.update(hashlib.sha256(content).digest())
            return digest.digest()

    def open(self, recipient: AgeIdentity | None) -> Mapping[str, bytes]:
        """The files of its log, contents by name; not verified yet.

        Raises `KnownError` as `open_bundle` does, `recipient_needed` where there is nothing
        to open a bundle with, and `log_source_unreadable`.
        """
        if not self.is_bundle:
            with _told_of(self.path):
                return self._log()
        if recipient is None:
            raise KnownError(
                "recipient_needed",
                "The bundles are sealed to the commission. Name its key with --recipient.",
            )
        return open_bundle(self.path, recipient).log

    def _log(self) -> dict[str, bytes]:
        tiles = sorted(path for path in (self.path / TILES).rglob("*") if not path.is_dir())
        paths = [self.path / CHECKPOINT, *tiles]
        return {path.relative_to(self.path).as_posix(): path.read_bytes() for path in paths}


def find_sources(folders: Sequence[Path]) -> tuple[LogSource, ...]:
    """All bundles and logs in the folders, by name; a file among `folders` is taken as it is.

    Raises `KnownError`: `folder_missing`, `log_source_unreadable`.
    """
    found: dict[Path, None] = {}
    for folder in folders:
        if not folder.exists():
            raise KnownError(
                "folder_missing", f"There is no folder {folder}. Put the medium in, or check it."
            )
        found |= dict.fromkeys(_in(folder))
    return tuple(map(LogSource, found))


def _in(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    for folder, folders, files in os.walk(place, onerror=_refuse):
        here = Path(folder)
        if CHECKPOINT in files and TILES.rstrip("/") in folders:
            folders.clear()
            yield here
            continue
        folders.sort()
        yield from (here / name for name in sorted(files) if name.endswith(SUFFIX))


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise _unreadable(path) from fault


def _refuse(fault: OSError) -> None:
    raise _unreadable(Path(fault.filename)) from fault


def _unreadable(path: Path) -> KnownError:
    return KnownError(
        "log_source_unreadable",
        f"{path} can not be read. Check that this user may read it, and that the medium is in.",
    )
