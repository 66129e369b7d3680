"""Writes an invented precinct to a folder: the register, finger images and portraits."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.portraits import portrait_jpeg
from station_app.synthetic.precinct import (
    ENROLMENT_IMPRESSION,
    ENROLMENT_PRESET,
    PRECINCT_NUMBER,
    PRECINCT_PLACE,
    Precinct,
    pressed,
)
from station_app.synthetic.presets import Preset
from station_app.synthetic.register import register_csv
from station_app.vault.disk import write_fault

REGISTER_NAME = "register.csv"
FINGERS_FOLDER = "fingers"
IMPRESSIONS_FOLDER = "impressions"
PORTRAITS_FOLDER = "portraits"

_WORTH_PROCESSES = 20  # voters; below, starting processes takes longer than the work
_PNG_COMPRESSION = 4

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The images of one voter: (finger seed, ISO position) a finger, `impressions` of each.

    `face` is drawn too where there is one.
    """

    voter_id: str
    fingers: tuple[tuple[int, int], ...]
    impressions: int
    preset: Preset
    face: InventedFace | None = None


def write_precinct(
    precinct: Precinct,
    folder: Path,
    impressions: int,
    preset: Preset,
    tell: Tell,
    *,
    portraits: bool = False,
) -> int:
    """Write the register and every image; returns the number of finger images.

    `folder` gets what `snapshot build` reads: `register.csv`, and the enrolments as
    `fingers/<voter_id>_<position>.png` (8-bit grey, 500 ppi, good). Further impressions follow
    `preset` and are `impressions/<voter_id>_<position>_<number>.png`, from 1. With `portraits`,
    `portraits/<voter_id>.jpg`, about 0.4 s a voter on one core. The folder
    appears complete or not at all, also when the work is interrupted. `tell(done, all)` is
    called with counts of voters. Raises `KnownError`: folder_not_empty, no_write_permission,
    disk_full, disk_fault.
    """
    sheets = [
        Sheet(
            voter.voter_id,
            tuple((precinct.finger_seed(row, at), int(at)) for at in precinct.fingers),
            impressions,
            preset,
            precinct.face(row) if portraits else None,
        )
        for row, voter in enumerate(precinct.voters)
    ]
    with _draft_of(folder) as draft:
        register = draft / REGISTER_NAME
        text = register_csv(precinct.voters, PRECINCT_NUMBER, PRECINCT_PLACE)
        register.write_bytes(text.encode())
        (draft / FINGERS_FOLDER).mkdir()
        if impressions > 1:
            (draft / IMPRESSIONS_FOLDER).mkdir()
        if portraits:
            (draft / PORTRAITS_FOLDER).mkdir()
        for done in _drawn(sheets, draft):
            tell(done, len(sheets))
    return len(sheets) * len(precinct.fingers) * impressions


def png_bytes(image: FingerImage) -> bytes:
    """The image as an 8-bit grey PNG; the same pixels give the same bytes."""
    pixels = np.frombuffer(image.pixels, dtype=np.uint8).reshape(image.height, image.width)
    encoded, data = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, _PNG_COMPRESSION])
    if not encoded:
        raise RuntimeError("cv2 did not encode a grey image")
    return data.tobytes()


@contextmanager
def _draft_of(folder: Path) -> Iterator[Path]:
    """A new folder beside `folder` that takes its place when all went well, else vanishes."""
    draft = folder.with_name(f"{folder.name}.unfinished-{os.getpid()}")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise KnownError(
                Code.FOLDER_NOT_EMPTY,
                f"{folder} is there already and not empty. Nothing was written: choose a new "
                "folder, or empty this one first.",
            )
        try:
            draft.mkdir(parents=True)
            yield draft
            if folder.exists():
                folder.rmdir()
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as fault:
        raise write_fault(fault, folder) from fault


def _drawn(sheets: list[Sheet], folder: Path) -> Iterator[int]:
    """Draw all sheets, on every core when there are many; yields how many are done."""
    workers = min(os.cpu_count() or 1, len(sheets))
    if workers == 1 or len(sheets) <= _WORTH_PROCESSES:
        for done, sheet in enumerate(sheets, start=1):
            _draw_sheet(sheet, folder)
            yield done
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_prepare_worker)
    try:
        tasks = [pool.submit(_draw_sheet, sheet, folder) for sheet in sheets]
        for done, task in enumerate(as_completed(tasks), start=1):
            task.result()
            yield done
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare_worker() -> None:
    """One thread a process, and Ctrl-C is the parent's to handle."""
    cv2.setNumThreads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _draw_sheet(sheet: Sheet, folder: Path) -> None:
    for seed, position in sheet.fingers:
        for number in range(sheet.impressions):
            preset, name = sheet.preset, f"{sheet.voter_id}_{position}"
            path = folder / IMPRESSIONS_FOLDER / f"{name}_{number}.png"
            if number == ENROLMENT_IMPRESSION:
                preset, path = ENROLMENT_PRESET, folder / FINGERS_FOLDER / f"{name}.png"
            path.write_bytes(png_bytes(pressed(seed, number, preset)))
    if sheet.face is not None:
        photo = folder / PORTRAITS_FOLDER / f"{sheet.voter_id}.jpg"
        photo.write_bytes(portrait_jpeg(sheet.face))
