"""The files of `content/models`, each known by its SHA-256."""

import hashlib
from importlib.resources import files as package_files

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError


def model_bytes(name: str, checksum: str) -> bytes:
    """A file of `content/models`, its hex SHA-256 checked.

    Raises `KnownError("model_damaged")` when it is missing or not the file it should be.
    """
    try:
        data = package_files("station_app").joinpath("content", "models", name).read_bytes()
    except OSError as fault:
        raise _damaged(name, "cannot be read") from fault
    if hashlib.sha256(data).hexdigest() != checksum:
        raise _damaged(name, "is not the file this program was built with")
    return data


def _damaged(name: str, what: str) -> KnownError:
    return KnownError(
        Code.MODEL_DAMAGED,
        f"The model file {name} {what}; install the program again from its original medium.",
    )
