"""Dumps the output of every stage into a folder: pictures as PNG, numbers as JSON and NPZ."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError


class Trace:
    """Writes files named `<nn>-<stage>.<ext>` into `folder`, numbered in order of arrival.

    Raises `KnownError("trace_unwritable")` when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise self._unwritable(fault) from fault

    def picture(self, stage: str, pixels: NDArray[Any]) -> None:
        """Save a grey or BGR picture, uint8, (h, w) or (h, w, 3); bool becomes black/white."""
        if pixels.dtype == np.bool_:
            pixels = pixels.astype(np.uint8) * np.uint8(255)
        ok, png = cv2.imencode(".png", pixels)
        assert ok
        self._write(stage, "png", png.tobytes())

    def numbers(self, stage: str, values: Mapping[str, Any]) -> None:
        """Save plain values as JSON."""
        self._write(stage, "json", json.dumps(values, indent=1).encode())

    def arrays(self, stage: str, **arrays: NDArray[Any]) -> None:
        """Save arrays, exactly as they are, in one NPZ file."""
        path = self._path(stage, "npz")
        try:
            np.savez_compressed(path, allow_pickle=False, **arrays)
        except OSError as fault:
            raise self._unwritable(fault) from fault

    def _path(self, stage: str, ending: str) -> Path:
        self._written += 1
        return self.folder / f"{self._written:02d}-{stage}.{ending}"

    def _write(self, stage: str, ending: str, data: bytes) -> None:
        try:
            self._path(stage, ending).write_bytes(data)
        except OSError as fault:
            raise self._unwritable(fault) from fault

    def _unwritable(self, fault: OSError) -> KnownError:
        return KnownError(
            Code.TRACE_UNWRITABLE,
            f"Cannot write to the trace folder {self.folder} ({fault.strerror}); "
            "choose a folder you may write to, with free space.",
        )
