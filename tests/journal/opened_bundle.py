"""Opens a sealed bundle as the commission does, in one call."""

from pathlib import Path

from station_app.journal.bundle import Bundle, read_sealed, unseal_bundle
from station_app.vault import AgeIdentity


def open_bundle(path: Path, recipient: AgeIdentity) -> Bundle:
    """The bundle at `path`. Raises `KnownError` as `read_sealed` and `unseal_bundle` do."""
    return unseal_bundle(read_sealed(path), path, recipient)
