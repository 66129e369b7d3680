"""Folders of finger images named `<finger>_<impression>.<png|tif|bmp|wsq>`, as FVC names them."""

import re
from dataclasses import dataclass
from pathlib import Path

from station_app.biometrics.images import IMAGE_ENDINGS
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

_NAME = re.compile(r"(?P<finger>\d{1,9})_(?P<impression>\d{1,9})")


@dataclass(frozen=True, slots=True, order=True)
class FingerFile:
    """One impression of one finger."""

    finger: int
    impression: int
    path: Path


def list_finger_files(folder: Path) -> list[FingerFile]:
    """All images of `folder` by finger and impression.

    Files that are no images are ignored. Raises `KnownError`: "folder_missing",
    "folder_empty" (no image), "folder_misnamed" (an image with another name, or two images
    of the same finger and impression).
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as fault:
        raise KnownError(
            Code.FOLDER_MISSING,
            f"The folder {folder} cannot be opened ({fault.strerror}); check its name.",
        ) from fault
    images = [path for path in paths if path.suffix.lower() in IMAGE_ENDINGS]
    if not images:
        raise KnownError(
            Code.FOLDER_EMPTY,
            f"The folder {folder} has no PNG, TIFF, BMP, WSQ or JPEG 2000 images; give a folder of "
            "finger images named <finger>_<impression>.png.",
        )
    found: dict[tuple[int, int], FingerFile] = {}
    for path in images:
        name = _NAME.fullmatch(path.stem)
        if name is None:
            raise KnownError(
                Code.FOLDER_MISNAMED,
                f"{path.name} is not named <finger>_<impression>, as in 101_1.png; "
                "rename the images or take it out of the folder.",
            )
        key = int(name["finger"]), int(name["impression"])
        if key in found:
            raise KnownError(
                Code.FOLDER_MISNAMED,
                f"{path.name} and {found[key].path.name} are the same finger and impression; "
                "take one of them out of the folder.",
            )
        found[key] = FingerFile(*key, path)
    return sorted(found.values())
