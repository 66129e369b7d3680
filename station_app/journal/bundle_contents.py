"""What a bundle holds, as one tar that is the same wherever and whenever it is made."""

import io
import re
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from station_app.journal.tiles import CHECKPOINT, TILES, log_files
from station_app.vault import IdentityKind, PublicIdentity

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

    Nothing in it is trusted yet: the sealing says nothing about who sealed. The log is when
    `read_log` has held it against a key that was known before, a paper when its SHA-256 is
    that of a `paper_made` entry of the log, the identity when its fingerprint is known.
    """

    log: Mapping[str, bytes]
    papers: Mapping[str, bytes]
    identity: PublicIdentity


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
                # A sparse member may claim any size: it would be made up of zeros here.
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
