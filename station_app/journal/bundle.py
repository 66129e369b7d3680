"""The day as one file for the commission: sealed, whole from the first entry, repeatable.

A bundle is an age file (`vault.seal`) around a tar that is the same wherever and whenever it is
made. A station cannot open what it has sealed to others, so the tar is read back and verified
before it is sealed, and the sealed bytes are read back from the medium and compared.
"""

import contextlib
import hashlib
import io
import os
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from station_app.domain.entries import JournalExported
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.leaves import read_leaf
from station_app.journal.tlog_tiles import CHECKPOINT, TILES, log_files, read_log
from station_app.vault import (
    READABLE,
    AgeIdentity,
    IdentityKind,
    PublicIdentity,
    is_pulled,
    medium_lost,
    new_file,
    open_regular,
    read_back,
    read_regular,
    refuse_other_spelling,
    seal,
    sweep_drafts,
    unseal,
    write_fault,
)

SUFFIX: Final = ".journal.age"
LARGEST_BUNDLE: Final = 64 << 20
"""Bytes of a sealed bundle. A busy precinct's day, with its papers, has under 10 MB."""

Written = Callable[[int, str, str], None]
"""Called once a bundle is safely on the medium: the entries in it, the hex SHA-256 of the
sealed file, the fingerprints of those it is sealed to, with spaces between.
"""
_IDENTITY: Final = "station.json"
_PAPERS: Final = "papers/"
_NAME: Final = re.compile(
    rf"{CHECKPOINT}|{re.escape(_IDENTITY)}|{TILES}[0-9a-z./]+"
    rf"|{_PAPERS}[^/\x00-\x1f\x7f-\x9f\ud800-\udfff]+\.pdf"
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A station's day: `log` is a tlog-tiles log for `read_log`, contents by name; `papers`
    are PDF files by name; `identity` says who the station is.

    Nothing in it is trusted yet: the seal does not say who sealed it. The log is trusted once
    `read_log` has checked it with a key that was known before, a paper if a `paper_made` entry
    of the log has its SHA-256, the identity if its fingerprint is known.
    """

    log: Mapping[str, bytes]
    papers: Mapping[str, bytes]
    identity: PublicIdentity


@dataclass(frozen=True, slots=True)
class DayToExport:
    """The contents of a bundle to be made: the signed note of the journal, the leaves it covers,
    papers (PDF contents by file name), and the station's identity.
    """

    note: str
    leaves: Sequence[bytes]
    papers: Mapping[str, bytes]
    identity: PublicIdentity


@dataclass(frozen=True, slots=True)
class ExportedBundle:
    """The bundle on the medium, how many entries it covers, the hex SHA-256 of its bytes.

    `is_new` is False when it was there already, intact, and nothing has happened since.
    `is_proven`: it was read back from the medium, not from the computer's memory (`ReadBack`).
    """

    path: Path
    size: int
    sha256: str
    is_new: bool
    is_proven: bool = field(default=False, compare=False)


def export_bundle(
    folder: Path, day: DayToExport, recipients: Sequence[PublicIdentity], written: Written
) -> ExportedBundle:
    """Write the day as `<station>-<size>.journal.age` into a folder of a medium.

    The file is there whole or not at all. Where the journal's last entries are about nothing
    but exports, and the folder has one of these intact, nothing is written; a damaged one is
    left as it is and a new one is written beside it.

    Raises `KnownError`: `recipient_missing`, `export_folder_missing`, `medium_lost` (it was
    pulled out), `log_damaged` (the journal is not what the station has signed), `paper_name`,
    `medium_name_taken`, `export_not_read_back` (the medium is worn), `disk_full`,
    `no_write_permission`, `disk_fault`, and what `written` raises.
    """
    if not recipients:
        raise KnownError(
            Code.RECIPIENT_MISSING,
            "Nobody was named to seal results to when this station was set up. Ask the "
            "commission for its *.recipient.json, name it in the plan and set the station up "
            "anew.",
        )
    # A medium that is broken or closed to us is no folder; `Path.is_dir` would raise.
    if not os.path.isdir(folder):  # noqa: PTH112
        raise KnownError(
            Code.EXPORT_FOLDER_MISSING,
            f"There is no folder {folder}. Put the medium in and check the folder's name.",
        )
    if is_pulled(folder):
        raise medium_lost(folder)
    standing = _standing(folder, day)
    if standing is not None:
        return standing
    sealed, size = _sealed(day, recipients), len(day.leaves)
    path = folder / bundle_name(day.identity.name, size)
    digest = hashlib.sha256(sealed).hexdigest()
    try:
        sweep_drafts(folder, f"{day.identity.name}-", SUFFIX)
        refuse_other_spelling(path)
        is_proven = _put(path, sealed, digest)
    except OSError as error:
        raise write_fault(error, path) from error
    written(size, digest, " ".join(one.fingerprint().hex() for one in recipients))
    return ExportedBundle(path, size, digest, is_new=True, is_proven=is_proven)


def read_sealed(path: Path) -> bytes:
    """The sealed file at `path`, of at most `LARGEST_BUNDLE` bytes.

    Raises `KnownError`: `bundle_missing`, `bundle_unreadable`, `not_a_regular_file`,
    `file_too_large`.
    """
    try:
        return read_regular(path, LARGEST_BUNDLE)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise KnownError(
            Code.BUNDLE_MISSING, f"There is no bundle {path}; check its name."
        ) from error
    except OSError as error:
        raise KnownError(
            Code.BUNDLE_UNREADABLE,
            f"{path} cannot be read. Check that this user may read it, and that the medium is in.",
        ) from error


def unseal_bundle(sealed: bytes, path: Path, recipient: AgeIdentity) -> Bundle:
    """The bundle in a sealed file; `path` is only named in errors.

    Raises `KnownError`: `seal_not_for_us`, `seal_damaged`, `bundle_damaged`.
    """
    try:
        return unpack(unseal(sealed, recipient))
    except ValueError as fault:
        raise KnownError(
            Code.BUNDLE_DAMAGED,
            f"{path} is no bundle of a station: {fault}. Copy it again from its medium.",
        ) from fault


def bundle_name(station: str, size: int) -> str:
    """The file name of a bundle of `size` entries; names sort as the bundles grow."""
    return f"{station}-{size:08}{SUFFIX}"


def read_papers(folder: Path) -> dict[str, bytes]:
    """The PDF files in a station's folder of papers, contents by name; none without it.

    Raises `KnownError` `paper_unreadable`.
    """
    try:
        papers = sorted(folder.glob("*.pdf"))
        return {path.name: read_regular(path, LARGEST_BUNDLE) for path in papers}
    except (OSError, KnownError) as error:
        raise KnownError(
            Code.PAPER_UNREADABLE,
            f"A paper in {folder} cannot be read. Start the program as the user it belongs to.",
        ) from error


def _standing(folder: Path, day: DayToExport) -> ExportedBundle | None:
    """The intact bundle in the folder since which nothing but exports has happened."""
    for leaf in reversed(day.leaves):
        try:
            entry, _ = read_leaf(leaf)
        except ValueError:
            return None
        if not isinstance(entry, JournalExported):
            return None
        path = folder / bundle_name(day.identity.name, entry.size)
        with contextlib.suppress(OSError, KnownError):
            with open_regular(path, LARGEST_BUNDLE) as file:
                found = read_back(file.fileno())
            if found.sha256 == entry.sha256:
                return ExportedBundle(
                    path, entry.size, entry.sha256, is_new=False, is_proven=found.is_proven
                )
    return None


def _sealed(day: DayToExport, recipients: Sequence[PublicIdentity]) -> bytes:
    try:
        packed = pack(day.note, day.leaves, day.papers, day.identity)
    except ValueError as fault:
        raise KnownError(
            Code.PAPER_NAME, f"Nothing was exported: {fault}. Rename the file and export again."
        ) from fault
    log = read_log(unpack(packed).log, day.identity.signing_key)
    assert log.leaves == tuple(day.leaves), "what was packed is what was given"
    return seal(packed, [one.recipient or "" for one in recipients])


def _put(path: Path, sealed: bytes, digest: str) -> bool:
    """Whether the medium itself has given it back."""
    with new_file(path, READABLE) as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
        found = read_back(file.fileno())
        if found.sha256 != digest:
            raise KnownError(
                Code.EXPORT_NOT_READ_BACK,
                f"{path.parent} does not give back what was written to it. Take another medium.",
            )
    return found.is_proven


def pack(
    note: str, leaves: Sequence[bytes], papers: Mapping[str, bytes], identity: PublicIdentity
) -> bytes:
    """The tar of a bundle. Raises `ValueError` for a paper's name that no bundle has, and
    `KnownError` as `log_files` does.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in _members(note, leaves, papers, identity):
            if not _NAME.fullmatch(name):
                raise ValueError(f"a paper cannot be called {name!r}")
            # A fresh TarInfo has no owner, no time and mode 0644: nothing of this machine.
            about = tarfile.TarInfo(name)
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))
    return packed.getvalue()


def unpack(packed: bytes) -> Bundle:
    """The bundle in a tar. Raises `ValueError` for anything that `pack` would not have made."""
    files = read_tar(io.BytesIO(packed))
    if not all(map(_NAME.fullmatch, files)):
        raise ValueError("it holds what no bundle holds")
    if _IDENTITY not in files:
        raise ValueError("it does not say which station it is of")
    identity = PublicIdentity.from_bytes(files.pop(_IDENTITY))
    if identity.kind is not IdentityKind.STATION:
        raise ValueError("it is not of a station")
    papers = {name: files.pop(name) for name in sorted(files) if name.startswith(_PAPERS)}
    return Bundle(
        log=files,
        papers={name.removeprefix(_PAPERS): content for name, content in papers.items()},
        identity=identity,
    )


def read_tar(file: IO[bytes]) -> dict[str, bytes]:
    """Contents by name of an uncompressed tar of plain files, each once. Raises `ValueError`."""
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            for member in tar:
                # A sparse member may claim any size: it would be expanded to zeros here.
                is_plain = member.isreg() and not member.issparse()
                content = tar.extractfile(member) if is_plain else None
                if content is None or member.name in files:
                    raise ValueError("it is not a tar of plain files")
                files[member.name] = content.read()
    except (tarfile.TarError, EOFError) as error:
        raise ValueError("it is not a whole tar") from error
    return files


def _members(
    note: str, leaves: Sequence[bytes], papers: Mapping[str, bytes], identity: PublicIdentity
) -> Iterator[tuple[str, bytes]]:
    yield _IDENTITY, identity.to_bytes()
    yield from log_files(note, leaves)
    for name in sorted(papers):
        yield _PAPERS + name, papers[name]
