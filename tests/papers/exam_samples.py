"""Sheets of exams: all right, all wrong, and one that was left."""

from dataclasses import replace
from datetime import UTC, datetime

from station_app.domain.exam_sheet import ExamCase, ExamError, ExamFault, ExamLine, ExamSheet

BEGUN = datetime(2026, 11, 20, 4, 5, 6, tzinfo=UTC)
_CASES = (*ExamCase, *ExamCase)[:20]
_FAULTS = {3: ExamFault.SCANNER_OUT, 7: ExamFault.PAPER_OUT, 14: ExamFault.CAMERA_OUT}
RIGHT = ExamSheet(
    seed=7,
    begun=BEGUN,
    language="en",
    voters=20,
    lines=tuple(
        ExamLine(number, case, 8.0 + number, fault=_FAULTS.get(number))
        for number, case in enumerate(_CASES, start=1)
    ),
)
_ERRORS = tuple(ExamError)
WRONG = replace(
    RIGHT,
    lines=tuple(
        replace(
            line,
            seconds=199.9,
            errors=(_ERRORS[line.number % len(_ERRORS)], _ERRORS[(line.number + 3) % len(_ERRORS)]),
        )
        for line in RIGHT.lines
    ),
)
"""Each kind of error, two with every voter: the longest sheet there is."""
LEFT = replace(RIGHT, lines=(*RIGHT.lines[:2], replace(WRONG.lines[2], number=3)))
NOBODY = replace(RIGHT, lines=())
