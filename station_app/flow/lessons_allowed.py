"""Whether lessons may be shown on a computer that is, or may be, a live station (ADR 0067)."""

import os
from pathlib import Path
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.flow.signed_settings import seen_settings
from station_app.journal.records import head_file
from station_app.settings import StationKind
from station_app.snapshots import ListKind, Refusal, loaded_list
from station_app.vault import IdentityKind, PublicIdentity, StationFolder, read_regular

_TRAINING_ORIGIN: Final = b"station-app/training/"
_MOST_HEAD: Final = 4096


def lessons_allowed(folder: StationFolder) -> Code | None:
    """None where a lesson may start beside the station in `folder`, else why not.

    Whether a day is open is written in the journal alone, which is sealed while the station is
    locked. So a live station refuses from its first journal on, until it is renewed. A station is
    taken for live unless its settings, its list and its journal's head, as far as they are there,
    all say that it is none; a file that cannot be read says nothing. Nothing is written.
    """
    try:
        is_refused = _has_worked(folder) and not _is_training(folder)
    except OSError:
        is_refused = True
    return Code.LESSONS_CLOSED if is_refused else None


def _has_worked(folder: StationFolder) -> bool:
    """Whether anything in the folder tells of a journal, which may have been taken away."""
    journal = folder.journal
    places = (journal, head_file(journal), folder.takeover_draft, folder.lists / "proven")
    return any(map(_is_there, places))


def _is_there(path: Path) -> bool:
    """Also for a link that leads nowhere. Raises `OSError` where the folder cannot be read."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True


def _is_training(folder: StationFolder) -> bool:
    """Whether settings, list and head agree on it; the list may be away, the head may not."""
    try:
        if seen_settings(folder).kind is not StationKind.TRAINING:
            return False
        trusted = PublicIdentity.load_all(folder.trusted, IdentityKind.ISSUER)
        if loaded_list(folder, trusted).manifest.kind is ListKind.LIVE:
            return False
    except KnownError as fault:
        if fault.code != Refusal.NONE_LOADED:
            return False
    if not _is_there(folder.journal):
        return not _is_there(head_file(folder.journal))
    try:
        return read_regular(head_file(folder.journal), _MOST_HEAD).startswith(_TRAINING_ORIGIN)
    except KnownError:
        return False
