"""The latest signed head, kept outside the database file.

SQLCipher does not notice when an old copy of a file is put back; a head beside it that
covers more does. It is written after each commit, so a crash can leave it behind, never
ahead.
"""

from pathlib import Path
from typing import Final

from station_app.domain.errors import KnownError
from station_app.journal.checkpoints import Checkpoint, read_note
from station_app.journal.records import head_file
from station_app.vault import read_regular, replace_file

_MOST_BYTES: Final = 4096


def write_head(journal: Path, note: str) -> None:
    """Replace the head file by `note`. Raises `KnownError` as `vault.write_fault` says."""
    replace_file(head_file(journal), note.encode())


def read_head(journal: Path, public_key: bytes, origin: str) -> Checkpoint | None:
    """The head that lies outside the database, None when there is no such file.

    Raises `KnownError`: `foreign_journal` (another journal's head), `no_read_permission`,
    `journal_head_damaged` (not what the station has written).
    """
    path = head_file(journal)
    try:
        note = read_regular(path, _MOST_BYTES).decode()
        head = read_note(note, public_key)
    except FileNotFoundError:
        return None
    except KnownError as error:  # a pipe, a link, a long file in its place
        raise _damaged(path) from error
    except OSError as error:
        raise KnownError(
            "no_read_permission",
            f"{path} cannot be read. Check that it is a file and that this user may read it.",
        ) from error
    except ValueError as error:
        raise _damaged(path) from error
    if head.origin != origin:
        raise foreign_journal(journal)
    return head


def _damaged(path: Path) -> KnownError:
    return KnownError(
        "journal_head_damaged",
        f"{path} is not this station's signed head. Put the right file back, "
        "or call the commission's technician.",
    )


def head_missing() -> KnownError:
    """There is no head file though the journal has more than its first entry."""
    return KnownError(
        "journal_head_missing",
        "The journal's .head file is gone. Put it back beside the journal, "
        "or call the commission's technician.",
    )


def rolled_back(number: int) -> KnownError:
    """The head outside the file has signed another or a longer history."""
    return KnownError(
        "journal_rolled_back",
        f"The journal is not the one its .head file has signed (entry {number}): an old or "
        "changed copy lies in its place. Do not use it; call the commission's technician.",
    )


def foreign_journal(path: Path) -> KnownError:
    """Another station has written the journal."""
    return KnownError(
        "foreign_journal",
        f"{path} is the journal of another station. Put this station's own journal back, "
        "or choose this station's folder.",
    )
