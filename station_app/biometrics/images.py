"""Finger images from files."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics import wsq
from station_app.biometrics.image_headers import HeaderFaultError, drawn_only, image_size
from station_app.biometrics.interchange import iso19794_4
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from station_app.vault import read_regular

IMAGE_ENDINGS = (".png", ".tif", ".tiff", ".bmp", ".wsq", ".jp2")
MIN_SIDE = 64
MAX_SIDE = 2400
MIN_PPI, MAX_PPI = 100, 2000
LARGEST_IMAGE = 64 * 1024 * 1024
_WORKING_PPI = 500
_FORMATS = "PNG, TIFF, BMP, WSQ or JPEG 2000"

# What a decoder says of a damaged file is the refusal's business, not the terminal's.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def read_finger_image(path: Path, ppi: int = 500) -> FingerImage:
    """The grey image in a file; else as `finger_image_of`, whose refusals name the file."""
    return finger_image_of(_read(path), path.name, ppi)


def finger_image_of(data: bytes, name: str, ppi: int = 500) -> FingerImage:
    """The grey image in a PNG, TIFF, BMP, WSQ or JPEG 2000 of any bit depth and colour.

    Colours become luminance, transparency becomes white, 16 bits become 8. `name` is how a refusal
    calls it. Raises `KnownError`: "image_unreadable" (missing, no image, cut off),
    "image_too_small", "image_too_large", "image_resolution" (ppi outside 100..2000). The size is
    known, and is the only one the data give, before anything is decoded or memory is taken for it.
    A record of ISO/IEC 19794-4:2011 is read too; then `ppi` is the record's.
    """
    if data.startswith(iso19794_4.START):
        return _of_record(data, name)
    _check_resolution(ppi)
    try:
        size = image_size(data)
    except HeaderFaultError as fault:
        raise _unreadable(name, str(fault)) from fault
    if size is None:
        raise _unreadable(name, f"is not a {_FORMATS} image")
    _check_size(name, size, ppi)
    pixels = _wsq(name, data) if data.startswith(wsq.START) else _grey(_decode(name, data), name)
    height, width = pixels.shape
    if (width, height) != size:
        raise _unreadable(name, "is of another size than its header says")
    return FingerImage(pixels.tobytes(), width, height, ppi)


def _of_record(record: bytes, name: str) -> FingerImage:
    try:
        view = iso19794_4.finger_view(record)
    except ValueError as fault:
        raise _unreadable(name, str(fault)) from fault
    if view.compression is iso19794_4.Compression.NONE:
        _check_resolution(view.ppi)
        _check_size(name, (view.width, view.height), view.ppi)
        return FingerImage(view.data, view.width, view.height, view.ppi)
    if view.data.startswith(iso19794_4.START):
        raise _unreadable(name, "is a record in a record")
    image = finger_image_of(view.data, name, view.ppi)
    if (image.width, image.height) != (view.width, view.height):
        raise _unreadable(name, "is of another size than its header says")
    return image


def _check_resolution(ppi: int) -> None:
    if not MIN_PPI <= ppi <= MAX_PPI:
        raise KnownError(
            Code.IMAGE_RESOLUTION,
            f"A resolution of {ppi} ppi is outside {MIN_PPI} to {MAX_PPI}; give the "
            "resolution the images were scanned at.",
        )


def _read(path: Path) -> bytes:
    try:
        return read_regular(path, LARGEST_IMAGE)
    except KnownError as fault:
        if fault.code == Code.NOT_A_REGULAR_FILE:
            raise _unreadable(path.name, "is no plain file") from fault
        raise KnownError(
            Code.IMAGE_TOO_LARGE,
            f"{path.name} has more than {LARGEST_IMAGE // 2**20} MB; give an image of one finger.",
        ) from fault
    except OSError as fault:
        raise _unreadable(path.name, f"cannot be opened ({fault.strerror})") from fault


def _check_size(name: str, size: tuple[int, int], ppi: int) -> None:
    width, height = size
    at_working = max(width, height) * max(1.0, _WORKING_PPI / ppi)
    if at_working > MAX_SIDE:
        raise KnownError(
            Code.IMAGE_TOO_LARGE,
            f"{name} is {width} x {height} pixels at {ppi} ppi; "
            f"cut out one finger, at most {MAX_SIDE} pixels a side at {_WORKING_PPI} ppi.",
        )
    if min(width, height) * _WORKING_PPI / ppi < MIN_SIDE:
        raise KnownError(
            Code.IMAGE_TOO_SMALL,
            f"{name} is {width} x {height} pixels at {ppi} ppi; "
            f"a finger needs {MIN_SIDE} pixels a side at {_WORKING_PPI} ppi, scan it again.",
        )


def _wsq(name: str, data: bytes) -> NDArray[np.uint8]:
    try:
        return wsq.decode_wsq(data)
    except ValueError as fault:
        raise _unreadable(name, "is cut off or damaged") from fault


def _decode(name: str, data: bytes) -> NDArray[Any]:
    try:
        decoded = cv2.imdecode(np.frombuffer(drawn_only(data), np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as fault:
        raise _unreadable(name, "cannot be decoded") from fault
    if decoded is None:
        raise _unreadable(name, "cannot be decoded")
    return np.asarray(decoded)


def _grey(decoded: NDArray[Any], name: str) -> NDArray[np.uint8]:
    if decoded.dtype == np.uint16:
        decoded = (decoded >> 8).astype(np.uint8)
    if decoded.dtype != np.uint8:
        raise _unreadable(name, "has neither 8 nor 16 bits a pixel")
    if decoded.ndim == 2:
        return decoded
    if decoded.shape[2] == 1:
        return np.ascontiguousarray(decoded[..., 0])
    if decoded.shape[2] == 3:
        return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2GRAY), np.uint8)
    if decoded.shape[2] != 4:
        raise _unreadable(name, "has an unknown number of colours")
    opaque = decoded[..., 3].astype(np.float32) / 255
    luminance = cv2.cvtColor(decoded[..., :3], cv2.COLOR_BGR2GRAY)
    return np.asarray(np.rint(luminance * opaque + 255 * (1 - opaque)), np.uint8)


def _unreadable(name: str, what: str) -> KnownError:
    return KnownError(Code.IMAGE_UNREADABLE, f"{name} {what}; give a complete {_FORMATS} image.")
