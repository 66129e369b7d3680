"""The files that a plan's `[executables]` and `[certificates]` name, on their way into a station.

They lie beside the plan under the path that they have in the station's folder.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from station_app.devices.signed_files import SignedFile
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.settings.plan import Plan
from station_app.vault import StationFolder, make_folder, read_regular, replace_file, write_fault

MOST_BYTES: Final = 64 << 20
"""Of a file; a program has no more (`devices.hosted.signed_program`)."""


def missing_files(plan: Plan, root: Path) -> dict[str, bytes]:
    """What the station in the folder `root` lacks of them, by path; each has the plan's SHA-256.

    Raises `KnownError` `settings_refused` for one that is not beside the plan, is another file, or
    would lie among the station's own; nothing has been written then.
    """
    found = {}
    for one in (*plan.machine.executables, *plan.machine.certificates):
        _refuse_own(one, StationFolder(root))
        if _content(root / one.path, one) is not None:
            continue
        content = _content(plan.beside / one.path, one)
        if content is None:
            raise KnownError(
                Code.SETTINGS_REFUSED,
                f"{plan.beside / one.path} is missing, or is not the file with the SHA-256 that "
                "the plan names. Put the maker's file there, compare its SHA-256, then try again.",
            )
        found[one.path] = content
    return found


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Put them into the station's folder, durably. Raises `KnownError` as `write_fault` says."""
    for path, content in files.items():
        target = root / path
        try:
            make_folder(target.parent)
        except OSError as fault:
            raise write_fault(fault, target.parent) from fault
        replace_file(target, content)


def _content(path: Path, signed: SignedFile) -> bytes | None:
    try:
        content = read_regular(path, MOST_BYTES)
    except (OSError, KnownError):
        return None
    return content if hashlib.sha256(content).hexdigest() == signed.sha256 else None


def _refuse_own(one: SignedFile, folder: StationFolder) -> None:
    """A plan that names `keys/people.json` or `journal.db` must not put a file there."""
    own = (folder.keys, folder.trusted, folder.lists, folder.papers, folder.log, folder.journals)
    parts = PurePosixPath(one.path).parts
    names = {place.name.casefold() for place in (*own, folder.takeover_draft)}
    if len(parts) < 2 or parts[0].casefold() in names:
        raise KnownError(
            Code.SETTINGS_REFUSED,
            f"The plan's {one.path} would lie among the station's own files. Give it a folder, "
            "such as readers/.",
        )
