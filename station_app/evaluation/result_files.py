"""The files that commands of this room leave: tables, figures, pictures."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault import READABLE, new_file


def refuse_no_folder(*paths: Path | None) -> None:
    """Raise `KnownError` `file_unwritable` where a folder is missing; before long work."""
    for path in paths:
        if path is not None and not path.absolute().parent.is_dir():
            raise KnownError(
                Code.FILE_UNWRITABLE, f"There is no folder {path.absolute().parent}; make it first."
            )


def write_result(path: Path | None, data: bytes) -> None:
    """Write a new file; nothing without a path. Raises `KnownError` `file_unwritable`."""
    if path is None:
        return
    try:
        with new_file(path, READABLE) as file:
            file.write(data)
    except OSError as fault:
        raise KnownError(
            Code.FILE_UNWRITABLE,
            f"{path} cannot be written ({fault.strerror}); choose a folder that exists and that "
            "you may write to.",
        ) from fault


def write_picture(path: Path, picture: NDArray[np.uint8]) -> None:
    """Write RGB pixels, uint8 (h, w, 3), as a new PNG. Raises as `write_result`."""
    encoded, png = cv2.imencode(".png", picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 6])
    assert encoded
    write_result(path, png.tobytes())
