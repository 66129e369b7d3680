"""What the commands are given, and how it is opened: a journal's file, or a log."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from station_app.commands.two_persons import opened_by_two
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.log_places import is_bundle, is_log, log_at
from station_app.journal.records import JOURNAL
from station_app.journal.stored_log import stored_leaves, stored_log
from station_app.journal.tlog_tiles import SignedLog, read_log
from station_app.vault import PublicIdentity, Secret, Signer, StationFolder, load_key

File = Annotated[
    Path, typer.Argument(help="The journal, e.g. .../journal.db; or a log: a folder or a tar.")
]
KeyFile = Annotated[
    Path | None,
    typer.Option(help="The journal's key; without it keys/journal.key beside the journal."),
]
PassphraseDir = Annotated[
    Path | None,
    typer.Option(
        help="Folder with files <id>.passphrase of mode 0600 of the two who open a live "
        "station's journal. Without it both type their own."
    ),
]
Identity = Annotated[
    Path | None,
    typer.Option(
        help="The station's public identity, *.station.json, to hold the signatures against."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


_OTHER_FILES: Final = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a picture",
    b"SQLite format 3\x00": "a database that is not encrypted",
    b"VSNAP": "a snapshot",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens a journal's file, and what its signatures are held against (None: the key
    that the journal names)."""

    journal_key: Secret
    public_key: bytes | None


@dataclass(frozen=True, slots=True)
class Source:
    """A journal or a log as it was named, and what was said about opening it."""

    file: Path
    key_file: Path | None = None
    operator: str = ""
    member: str = ""
    passphrase_dir: Path | None = None
    identity: Path | None = None

    @property
    def is_log(self) -> bool:
        """Whether it is a log that needs no key to be read.

        Raises `KnownError` `journal_missing`: said first, for without the journal its keys
        are missing too, and that is not the news. And `journal_sealed` for a bundle, which
        has no key here either.
        """
        if not self.file.exists():
            raise KnownError(
                Code.JOURNAL_MISSING, f"There is no journal {self.file}; check its name."
            )
        if is_bundle(self.file):
            raise KnownError(
                Code.JOURNAL_SEALED,
                f"{self.file} is sealed to the commission: its key opens it, with `age -d` or "
                "`station-app centre collect`. Name the folder or the tar that was in it.",
            )
        if is_log(self.file):
            return True
        refuse_other_file(self.file)
        return False

    def log_files(self) -> dict[str, bytes]:
        """The files of a log; raises as `log_at` does."""
        return log_at(self.file)

    def given_key(self) -> bytes | None:
        """The key of the identity that was named, None where none was."""
        return None if self.identity is None else signing_key_of(self.identity)

    @contextmanager
    def keys(self) -> Iterator[Keys]:
        """The keys of a journal's file: two persons', or plain ones beside it.

        Raises `KnownError` as `opened_by_two` and `load_key` do.
        """
        folder = StationFolder.of_journal(self.file)
        if self.key_file is None and folder.sealed_secrets.exists():
            with opened_by_two(folder, self.operator, self.member, self.passphrase_dir) as (_, two):
                key = self.given_key() or two.identity.signer().public_key
                yield Keys(two.journal_key, key)
        else:
            journal_key = self.key_file or folder.journal_key
            seed = journal_key.with_name(folder.signing_key.name)
            own = Signer(load_key(seed)).public_key if seed.exists() else None
            yield Keys(load_key(journal_key), self.given_key() or own)

    def signed_log(self) -> SignedLog:
        """All entries, held against a signed head; raises as `read_log` and `stored_log` do."""
        if self.is_log:
            return read_log(self.log_files(), self.given_key())
        with self.keys() as keys:
            return stored_log(self.file, keys.journal_key, keys.public_key)

    def leaves(self) -> Iterator[bytes]:
        """The leaves, one after the other; those of a journal's file unchecked."""
        if self.is_log:
            yield from self.signed_log().leaves
            return
        with self.keys() as keys:
            yield from stored_leaves(self.file, keys.journal_key)


def refuse_other_file(file: Path) -> None:
    """An encrypted journal looks like noise. Raises `KnownError` `not_a_journal` for a text, a
    picture, a PDF and the like, whose name was typed by mistake.
    """
    if file.is_dir():
        what = "a folder"
    elif not file.is_file():
        what = "a pipe or a device"
    else:
        start = _start_of(file)
        what = next((name for mark, name in _OTHER_FILES.items() if start.startswith(mark)), "")
        what = what or ("a text file" if _is_text(start) else "")
    if what:
        raise KnownError(
            Code.NOT_A_JOURNAL,
            f"{file} is {what}, not a journal. Name the station's journal.db, or a log's folder.",
        )


def _start_of(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(512)
    except PermissionError:
        raise
    except OSError as error:  # a medium that does not answer
        raise JOURNAL.unreadable(file) from error


def _is_text(start: bytes) -> bool:
    try:
        text = start[:-3].decode() if len(start) == 512 else start.decode()
    except UnicodeDecodeError:
        return False
    return bool(text) and all(char.isprintable() or char.isspace() for char in text)


def signing_key_of(identity: Path) -> bytes:
    """The signing key of a station's public identity.

    Raises `KnownError` as `PublicIdentity.load` does, and `identity_other_kind`.
    """
    key = PublicIdentity.load(identity).signing_key
    if key is None:
        raise KnownError(
            Code.IDENTITY_OTHER_KIND, f"{identity} signs nothing. Name the station's identity."
        )
    return key
