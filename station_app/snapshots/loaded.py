"""The list a station holds, and the one before it until the new one is proven.

```
lists/loaded.head        head of the loaded snapshot: manifest and signature
lists/before.head        head of the one to fall back to, until the loaded one is proven
lists/withdrawn.head     head of one that was loaded and failed its trial
lists/proven             SHA-256 of the head that passed its trial
lists/<SHA-256>.vlist    the lists that loaded.head and before.head name
```
Replacing `loaded.head` is the one step that changes which list is loaded. All heads stay
to refuse older snapshots. A head decides only if a trusted issuer has signed it, so none can
be raised or forged, only removed; the journal, which has every loaded list, tells that at
unlock (ADR 0011, ADR 0022).
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from station_app.domain.errors import KnownError
from station_app.snapshots.container import (
    LARGEST_MANIFEST,
    SnapshotHead,
    check_head,
    parse_manifest,
    read_head,
)
from station_app.snapshots.manifest import Manifest
from station_app.snapshots.refusals import Refusal
from station_app.snapshots.voter_list import LIST
from station_app.vault import (
    PublicIdentity,
    StationFolder,
    make_folder,
    read_regular,
    replace_file,
    sync_folder,
    write_fault,
)


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock file `path` during the block.

    Without `wait` raises `BlockingIOError` when another holds it; else `OSError` as `open`.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


LOADED: Final = "loaded.head"
_BEFORE: Final = "before.head"
_WITHDRAWN: Final = "withdrawn.head"
_PROVEN: Final = "proven"
DRAFT: Final = "loading.new"
_MOST_BYTES: Final = LARGEST_MANIFEST + 1024


@dataclass(frozen=True, slots=True)
class LoadedList:
    """A list in the station's folder: what was signed, its file, whether it was tried."""

    manifest: Manifest
    head_sha256: str
    path: Path
    is_proven: bool


def loaded_list(folder: StationFolder, trusted: Sequence[PublicIdentity]) -> LoadedList:
    """The loaded list; its head is checked, its file is not read.

    Raises `KnownError` `vsnap_none_loaded`, `no_read_permission`, `list_damaged`,
    and as `check_head` does.
    """
    path = folder.lists / LOADED
    try:
        is_there, head, proven = path.exists(), _head(path), _proven(folder)
    except OSError as error:
        raise LIST.unreadable(path) from error
    if not is_there:
        raise Refusal.NONE_LOADED.error()
    if head is None:
        raise LIST.damaged(path)
    manifest = check_head(head, trusted, path)
    return LoadedList(
        manifest=manifest,
        head_sha256=head.digest,
        path=list_file(folder, manifest),
        is_proven=proven == head.digest,
    )


def list_before(
    folder: StationFolder, trusted: Sequence[PublicIdentity], list_sha256: str
) -> LoadedList:
    """The list with this hash, which was in use before the loaded one; its file is not read.

    Raises `KnownError` `list_missing` where the folder has no head of it, and as `loaded_list`.
    """
    path = folder.lists / _BEFORE
    try:
        head = _head(path)
    except OSError as error:
        raise LIST.unreadable(path) from error
    if head is None or parse_manifest(head, path).list_sha256 != list_sha256:
        raise LIST.missing(path)
    manifest = check_head(head, trusted, path)
    return LoadedList(manifest, head.digest, list_file(folder, manifest), is_proven=True)


def seen_manifests(folder: StationFolder, trusted: Sequence[PublicIdentity]) -> list[Manifest]:
    """Of every snapshot the folder still knows, the loaded one first.

    Files that no trusted issuer has signed are left out: anybody who writes to the folder could
    refuse every later list with one of them. Raises `KnownError` `vsnap_newer_format` where a
    newer program has loaded one.
    """
    paths = [folder.lists / name for name in (LOADED, _BEFORE, _WITHDRAWN)]
    found = [_signed(path, trusted) for path in paths]
    return [manifest for _, manifest in filter(None, found)]


def prove_list(folder: StationFolder) -> None:
    """The loaded list has passed its trial: it stays, the one before it goes.

    Raises `KnownError` `vsnap_none_loaded`, and as `write_fault` says.
    """
    with changing(folder):
        head = _head(folder.lists / LOADED)
        if head is None:
            raise Refusal.NONE_LOADED.error()
        replace_file(folder.lists / _PROVEN, head.digest.encode())
        (folder.lists / _BEFORE).unlink(missing_ok=True)
        clear(folder)


def put_list_back(folder: StationFolder, trusted: Sequence[PublicIdentity]) -> bool:
    """The loaded list has failed its trial: the one before it is loaded again.

    Answers whether there was one; without it no list is loaded. The withdrawn snapshot's
    number stays used: only it itself or a higher one can be loaded afterwards. Heads that no
    trusted issuer has signed are none. Raises
    `KnownError` `vsnap_none_loaded`, and as `write_fault` says.
    """
    lists = folder.lists
    with changing(folder):
        failed, before = _signed(lists / LOADED, trusted), _signed(lists / _BEFORE, trusted)
        if failed is None:
            raise Refusal.NONE_LOADED.error()
        if before == failed:  # put back once already, and cut off before its end
            before = None
        withdrawn = _signed(lists / _WITHDRAWN, trusted)
        if withdrawn is None or withdrawn[1].sequence <= failed[1].sequence:
            replace_file(lists / _WITHDRAWN, failed[0].to_bytes())
        if before is None:
            (lists / LOADED).unlink()
        else:
            replace_file(lists / LOADED, before[0].to_bytes())
        (lists / _BEFORE).unlink(missing_ok=True)
        clear(folder)
    return before is not None


def unload_list(folder: StationFolder, to: Path) -> None:
    """Take the list away for good: its heads go into the folder `to`, its file is removed.

    Cut off, it may be done again. Raises `KnownError` `vsnap_busy`, and as `write_fault` says.
    """
    with changing(folder):
        for name in (_PROVEN, _BEFORE, _WITHDRAWN, LOADED):
            if (folder.lists / name).exists():
                (folder.lists / name).rename(to / name)
                sync_folder(to)
        clear(folder)


def forget_list(folder: StationFolder) -> None:
    """Take away a list that came after `unload_list` and may not be used; its number is not kept.

    Raises `KnownError` `vsnap_busy`, and as `write_fault` says.
    """
    with changing(folder):
        for name in (_PROVEN, _BEFORE, _WITHDRAWN, LOADED):
            (folder.lists / name).unlink(missing_ok=True)
        clear(folder)


def archived_manifest(folder: Path) -> Manifest | None:
    """The manifest of the list whose head `unload_list` has put into `folder`; None without one."""
    head = _head(folder / LOADED)
    return None if head is None else parse_manifest(head, folder / LOADED)


def put_in_place(
    folder: StationFolder, head: SnapshotHead, trusted: Sequence[PublicIdentity]
) -> None:
    """Make `head` the loaded one; its list file is in the folder. Within `changing`."""
    lists = folder.lists
    old = _signed(lists / LOADED, trusted)
    if old is not None and (
        _proven(folder) == old[0].digest or _signed(lists / _BEFORE, trusted) is None
    ):
        replace_file(lists / _BEFORE, old[0].to_bytes())
    replace_file(lists / LOADED, head.to_bytes())
    if _proven(folder) == head.digest:
        (lists / _BEFORE).unlink(missing_ok=True)
    clear(folder)


def clear(folder: StationFolder) -> None:
    """Remove drafts, and lists that neither head names. Within `changing`.

    No list is removed while a head cannot be read: it may be the one that it names.
    """
    lists = folder.lists
    names = [name for name in (LOADED, _BEFORE) if (lists / name).exists()]
    with contextlib.suppress(_UnreadableError):
        kept = {list_file(folder, _said_by(lists / name)) for name in names}
        for path in set(lists.glob("*.vlist")) - kept:
            path.unlink()
    for path in lists.glob("*.new"):
        path.unlink()
    sync_folder(lists)


@contextmanager
def changing(folder: StationFolder) -> Iterator[None]:
    """The folder of lists, for this process alone; made where there is none.

    Raises `KnownError` `vsnap_busy`, and as `write_fault` says for what the block writes.
    """
    try:
        make_folder(folder.lists)
        with locked(folder.lists / "lock", wait=False):
            yield
    except BlockingIOError as error:
        raise Refusal.BUSY.error() from error
    except OSError as error:
        raise write_fault(error, folder.lists) from error


def list_file(folder: StationFolder, manifest: Manifest) -> Path:
    """Where the list of a manifest lies in the folder."""
    return folder.lists / f"{manifest.list_sha256}.vlist"


class _UnreadableError(Exception):
    """A head cannot be read, or not by this program."""


def _said_by(path: Path) -> Manifest:
    """The head in a file, signed or not. Raises `_UnreadableError`, `OSError`."""
    head = _head(path)
    if head is None:
        raise _UnreadableError
    try:
        return parse_manifest(head, path)
    except KnownError as error:
        raise _UnreadableError from error


def _signed(path: Path, trusted: Sequence[PublicIdentity]) -> tuple[SnapshotHead, Manifest] | None:
    """The head in a file if a trusted issuer has signed it.

    Raises `OSError`, and `KnownError` `vsnap_newer_format` for one of a newer program.
    """
    head = _head(path)
    try:
        return None if head is None else (head, check_head(head, trusted, path))
    except KnownError as error:
        if error.code == Refusal.NEWER_FORMAT:
            raise
        return None


def _head(path: Path) -> SnapshotHead | None:
    """The head in a file, None where there is no file or no head in it. Raises `OSError`."""
    try:
        content = read_regular(path, _MOST_BYTES)
        head = read_head(BytesIO(content), path)
    except (FileNotFoundError, KnownError):
        return None
    return head if head.to_bytes() == content else None


def _proven(folder: StationFolder) -> str:
    try:
        digest = read_regular(folder.lists / _PROVEN, _MOST_BYTES)
    except (FileNotFoundError, KnownError):
        return ""
    return digest.decode("ascii", errors="replace")
