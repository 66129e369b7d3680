"""What can be wrong with a mirror: one code a reason, and what to do about it."""

import errno
from pathlib import Path

from station_app.domain.errors import KnownError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def mirror_missing(folder: Path) -> KnownError:
    """The medium is not in, or does not answer."""
    return KnownError(
        "mirror_missing",
        f"There is no mirror in {folder}. Put its medium in, and check the name of the folder.",
    )


def mirror_fault(error: OSError, path: Path) -> KnownError:
    """A medium that could not be read or written: `mirror_full`, `mirror_unwritable`,
    `mirror_missing` (it was pulled out, or is broken).
    """
    if error.errno in _FULL:
        return KnownError(
            "mirror_full",
            f"The mirror's medium is full: {path} cannot grow. Put in an empty one.",
        )
    if error.errno in _FORBIDDEN:
        return KnownError(
            "mirror_unwritable",
            f"{path} may not be written. Unlock the medium's switch, or give this user "
            "write permission there.",
        )
    return mirror_missing(path.parent)


def mirror_damaged(path: Path) -> KnownError:
    """It is no mirror, or bytes in the midst of it have changed."""
    return KnownError(
        "mirror_damaged",
        f"The mirror {path} was changed or is damaged. Keep it for the commission, and put in "
        "an empty medium.",
    )


def mirror_foreign(path: Path) -> KnownError:
    """Another station's mirror is on the medium; it is never written to."""
    return KnownError(
        "mirror_foreign",
        f"{path} is the mirror of another station. Give that medium back to its station, and "
        "put in this station's own.",
    )


def mirror_same_disk(folder: Path) -> KnownError:
    """What should be a second medium is the journal's own disk."""
    return KnownError(
        "mirror_same_disk",
        f"{folder} lies on the same disk as the journal. Name a folder on a second medium in "
        "the settings, and check that the medium is mounted.",
    )


def mirror_without_recipient() -> KnownError:
    """Nobody could open the mirror but the station itself."""
    return KnownError(
        "mirror_without_recipient",
        "No recipient of the commission is pinned, so nobody could open the mirror of a station "
        "that has died. Set the station up anew with a recipient.",
    )


def differs_from_mirror(path: Path, number: int) -> KnownError:
    """The mirror has seen another or a longer history than the journal tells."""
    return KnownError(
        "journal_rolled_back",
        f"The journal is not the one whose mirror is {path} (entry {number}): an old or changed "
        "copy lies in its place. Do not use it; call the commission's technician.",
    )
