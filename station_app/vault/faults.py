"""What SQLite's error codes mean to a person (https://www.sqlite.org/rescode.html)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.domain.errors import KnownError

_PRIMARY: Final = 0xFF
_PERM, _BUSY, _LOCKED, _READONLY, _IOERR = 3, 5, 6, 8, 10
_CORRUPT, _FULL, _CANTOPEN, _PROTOCOL, _NOTADB = 11, 13, 14, 15, 26


_BUSY_FILE: Final = (
    "already_running",
    "Another program has the {noun} {path} open. Close that program, then try again.",
)
_FORBIDDEN: Final = (
    "no_write_permission",
    "The {noun} {path} may not be written. Give this user write permission for {folder}, "
    "or choose another folder.",
)
_SENTENCES: Final[dict[int, tuple[str, str]]] = {
    # SQLCipher cannot tell a wrong key from a first page whose bytes have changed.
    _NOTADB: (
        "wrong_key",
        "The key does not open the {noun} {path}, or the beginning of the file is damaged. "
        "Check that key and file belong together, or copy the file again.",
    ),
    _FULL: (
        "disk_full",
        "The disk is full: the {noun} {path} was not written. Free some space and try again.",
    ),
    _PERM: _FORBIDDEN,
    _READONLY: _FORBIDDEN,
    _CANTOPEN: _FORBIDDEN,
    _BUSY: _BUSY_FILE,
    _LOCKED: _BUSY_FILE,
    _PROTOCOL: _BUSY_FILE,
    _IOERR: (
        "disk_fault",
        "The {noun} {path} was not read or written. "
        "Check the disk and its free space, then try again.",
    ),
}


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of encrypted file: how it is recognised and what it is called in errors.

    `application_id` and `version` stand in the file's header. `code` is part of the codes of
    its errors (`<code>_missing`, `<code>_damaged`, `<code>_version`, `not_a_<code>`),
    `noun` names it in sentences, `remedy` says what to do when it is damaged. `schema` are
    the statements that make its tables; a file with any other is refused. `older` are the
    versions that can still be read, each with its statements.
    """

    application_id: int
    version: int
    code: str
    noun: str
    remedy: str
    schema: tuple[str, ...]
    older: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def missing(self, path: Path) -> KnownError:
        """There is no such file."""
        return KnownError(
            f"{self.code}_missing", f"There is no {self.noun} {path}. Check the path."
        )

    def unreadable(self, path: Path) -> KnownError:
        """This user may not read it, or it is a folder."""
        return KnownError(
            "no_read_permission",
            f"The {self.noun} {path} cannot be read. "
            "Check that it is a file and that this user may read it.",
        )

    def foreign(self, path: Path) -> KnownError:
        """It is some other file."""
        return KnownError(
            f"not_a_{self.code}", f"{path} is not a {self.noun}. Choose the right file."
        )

    def other_version(self, path: Path) -> KnownError:
        """Another version of the program has written it."""
        return KnownError(
            f"{self.code}_version",
            f"The {self.noun} {path} was written by another version of this program. "
            "Open it with that version.",
        )

    def damaged(self, path: Path) -> KnownError:
        """It is cut short or bytes of it have changed."""
        return KnownError(
            f"{self.code}_damaged", f"The {self.noun} {path} is damaged. {self.remedy}"
        )


def database_fault(code: int, path: Path, kind: FileKind) -> KnownError | None:
    """The `KnownError` of an SQLite result code, None where the code means a bug.

    `wrong_key`, `<code>_damaged`, `disk_full`, `no_write_permission`, `already_running`,
    `disk_fault`.
    """
    primary = code & _PRIMARY
    if primary == _CORRUPT:
        return kind.damaged(path)
    if primary not in _SENTENCES:
        return None
    name, sentence = _SENTENCES[primary]
    return KnownError(name, sentence.format(noun=kind.noun, path=path, folder=path.parent))
