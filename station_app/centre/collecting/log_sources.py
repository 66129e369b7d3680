"""Where logs lie: sealed bundles, and folders with a tlog-tiles log.

Everything here may have been written by anybody. A source that cannot be read is refused by
itself: plain files alone, no links, and no more bytes than any journal has.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.bundle import SUFFIX, read_sealed, unseal_bundle
from station_app.journal.log_places import read_folder
from station_app.journal.tlog_tiles import CHECKPOINT, TILES
from station_app.vault import AgeIdentity, is_pulled

_OF_FILE_SYSTEM: Final = "lost+found"


@dataclass(frozen=True, slots=True)
class LogSource:
    """A bundle (a file) or a log (a folder with `checkpoint` and `tile/`)."""

    path: Path
    is_bundle: bool

    @property
    def name(self) -> str:
        """Its path for people and tables."""
        return shown_path(self.path)

    def read(self) -> "ReadSource":
        """Its content, read once and not verified yet.

        Raises `KnownError`: `log_source_unreadable`, and as `read_regular` and `read_sealed` do.
        """
        if self.is_bundle:
            sealed = read_sealed(self.path)
            return ReadSource(self.path, hashlib.sha256(sealed).digest(), sealed, {})
        try:
            files = read_folder(self.path)
        except OSError as fault:
            raise _unreadable(self.path) from fault
        digest = hashlib.sha256()
        for name, content in sorted(files.items()):
            digest.update(hashlib.sha256(name.encode(errors="surrogateescape")).digest())
            digest.update(hashlib.sha256(content).digest())
        return ReadSource(self.path, digest.digest(), None, files)


@dataclass(frozen=True, slots=True)
class ReadSource:
    """What one reading of a source gave: its SHA-256 (32 bytes), and what is `sealed` or the
    `files` of its log, contents by name.
    """

    path: Path
    digest: bytes
    sealed: bytes | None
    files: Mapping[str, bytes]

    def open(self, recipient: AgeIdentity | None) -> Mapping[str, bytes]:
        """The files of its log. Raises `KnownError`: `recipient_needed` where there is nothing
        to open a bundle with, and as `unseal_bundle` does.
        """
        if self.sealed is None:
            return self.files
        if recipient is None:
            raise KnownError(
                Code.RECIPIENT_NEEDED,
                "The bundles are sealed to the commission. Name its key with --recipient.",
            )
        return unseal_bundle(self.sealed, self.path, recipient).log


@dataclass(frozen=True, slots=True)
class FoundSources:
    """What lies in the folders, by name, and which folders could not be looked into."""

    sources: tuple[LogSource, ...]
    unreadable: tuple[tuple[str, KnownError], ...]


def find_sources(folders: Sequence[Path]) -> FoundSources:
    """All bundles and logs in the folders; a file among `folders` is taken as it is.

    Links are not followed. Raises `KnownError` `folder_missing`.
    """
    found: dict[LogSource, None] = {}
    unreadable: list[tuple[str, KnownError]] = []
    for folder in folders:
        if not os.path.lexists(folder):
            raise KnownError(
                Code.FOLDER_MISSING, f"There is no folder {folder}. Put the medium in, or check it."
            )
        found |= dict.fromkeys(_in(folder, unreadable))
    return FoundSources(tuple(found), tuple(unreadable))


def _in(place: Path, unreadable: list[tuple[str, KnownError]]) -> Iterator[LogSource]:
    def note(fault: OSError) -> None:
        path = Path(fault.filename)
        # An ext4 stick has one, for root alone: the file system's own, and nobody's journal.
        if path.name != _OF_FILE_SYSTEM:
            unreadable.append((shown_path(path), _unreadable(path)))

    if not os.path.isdir(place):  # noqa: PTH112  (raises for a pulled stick)
        yield LogSource(place, is_bundle=True)
        return
    for folder, folders, files in os.walk(place, onerror=note):
        here = Path(folder)
        if CHECKPOINT in files and TILES.rstrip("/") in folders:
            folders.clear()
            yield LogSource(here, is_bundle=False)
            continue
        folders.sort()
        bundles = (here / name for name in sorted(files) if name.endswith(SUFFIX))
        yield from (LogSource(path, is_bundle=True) for path in bundles)
    if is_pulled(place):  # its folders are listed as empty
        unreadable.append((shown_path(place), _unreadable(place)))


def shown_path(path: Path) -> str:
    """The path for people and tables; sticks have names that are no text."""
    return os.fsencode(path).decode(errors="replace")


def _unreadable(path: Path) -> KnownError:
    return KnownError(
        Code.LOG_SOURCE_UNREADABLE,
        f"{shown_path(path)} cannot be read. Check that this user may read it, and that the "
        "medium is in.",
    )
