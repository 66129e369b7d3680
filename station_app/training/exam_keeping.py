"""The exam's sheet on the trainer's stick: as text, as JSON and as a page; nowhere else."""

import json
from collections.abc import Collection
from contextlib import suppress
from itertools import chain, count
from os.path import lexists
from pathlib import Path
from typing import Any

from station_app.devices.media import Medium
from station_app.domain.exam_sheet import ExamSheet
from station_app.flow.sticks import StickFinder
from station_app.papers.exam_sheet import exam_page, exam_text
from station_app.vault import READABLE, replace_file


def sheet_facts(sheet: ExamSheet) -> dict[str, Any]:
    """The sheet as JSON has it; seconds with one decimal, times in ISO 8601."""
    return {
        "training": True,
        "draw": sheet.seed,
        "begun": sheet.begun.isoformat(timespec="seconds"),
        "language": sheet.language,
        "voters": sheet.voters,
        "came": len(sheet.lines),
        "right": sheet.right,
        "errors": {kind.value: count for kind, count in sheet.errors.items()},
        "median_s": round(sheet.median_s, 1),
        "longest_s": sheet.longest_s,
        "lines": [
            {
                "number": line.number,
                "case": line.case.value,
                "fault": None if line.fault is None else line.fault.value,
                "seconds": line.seconds,
                "errors": [error.value for error in line.errors],
            }
            for line in sheet.lines
        ],
    }


def keep_sheet(finder: StickFinder, stick: Medium, sheet: ExamSheet) -> tuple[str, ...]:
    """Write the sheet onto `stick`, all of it or nothing; the names of its files.

    Another sheet there is never replaced. On a lane: a stick may hang. Raises `KnownError` as
    `StickFinder.writing` does, and `fonts_missing`.
    """
    facts = json.dumps(sheet_facts(sheet), ensure_ascii=False, indent=2)
    parts = {
        ".json": f"{facts}\n".encode(),
        ".txt": exam_text(sheet, sheet.language).encode(),
        ".pdf": exam_page(sheet, sheet.language),
    }
    written: list[Path] = []
    try:
        with finder.writing(stick):
            name = _free_name(stick.folder, sheet, parts)
            for ending, data in parts.items():
                path = stick.folder / f"{name}{ending}"
                written.append(path)
                replace_file(path, data, READABLE)
    except BaseException:
        for path in written:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise
    return tuple(path.name for path in written)


def _free_name(folder: Path, sheet: ExamSheet, endings: Collection[str]) -> str:
    """A name that no file of another sheet has: two laptops may begin in one second."""
    first = f"exam-{sheet.begun.astimezone():%Y%m%d-%H%M%S}-{sheet.seed}"
    names = chain((first,), (f"{first}-{number}" for number in count(2)))
    return next(
        name for name in names if not any(lexists(folder / f"{name}{one}") for one in endings)
    )
