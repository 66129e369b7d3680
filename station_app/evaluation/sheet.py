"""The picture `explain` writes: both prints with their pairs, the numbers, and the reasons."""

from collections.abc import Sequence

import cv2
import numpy as np

from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.evaluation.comparison import Explanation, Limit, Score
from station_app.evaluation.prints import (
    FITS,
    MET,
    MINUTIA,
    MISFITS,
    Colour,
    Lettering,
    Picture,
    Print,
    View,
    lay_print,
    mark_pairs,
    number_pairs,
    part_to_show,
    shortened,
    wrapped,
)

_WIDTH, _MARGIN, _GAP = 1600, 48, 64
_PANEL = (_WIDTH - 2 * _MARGIN - _GAP) // 2
_LEFTS = (_MARGIN, _MARGIN + _PANEL + _GAP)
_HEADER, _TALLEST, _LARGEST = 176, 840, 2.5
_STEP = 29  # from line to line of the text below the prints
_FOOT = 118
_INK: Colour = (24, 28, 34)
_GREY: Colour = (92, 100, 110)
_RULE: Colour = (214, 218, 224)
_YES: Colour = (0, 120, 84)
_NO: Colour = (180, 60, 0)
_LEGEND: tuple[tuple[Colour, int, str], ...] = (
    (FITS, 2, "pair in the score whose minutiae meet when the prints are laid on each other"),
    (MISFITS, 2, "pair in the score whose minutiae do not meet"),
    (MET, 1, "other minutiae that meet"),
    (MINUTIA, 0, "minutia and its direction"),
)


def draw_explanation(
    seen: Explanation,
    limits: Sequence[Limit],
    enrolled: Print,
    probe: Print,
    engine: str,
    p: Parameters = STANDARD,
) -> Picture:
    """The whole sheet, uint8 (h, 1600, 3) RGB, the enrolled print left and the probe right."""
    views, tall = _views(enrolled, probe, p)
    numbers, reasons = score_lines(seen, p), _reason_lines(limits)
    facts = _HEADER + tall + 34
    text = facts + 76
    lines = max(len(numbers), len(reasons) + len(_LEGEND) + 1)
    height = text + _STEP * (lines + 1) + _FOOT
    sheet = np.full((height, _WIDTH, 3), 255, np.uint8)
    for y in (_HEADER - 56, facts + 22, height - _FOOT + 14):
        sheet[y : y + 2, _MARGIN : _WIDTH - _MARGIN] = _RULE
    for side, view in zip((enrolled, probe), views, strict=True):
        lay_print(sheet, side, view)
    mark_pairs(sheet, seen, *views)
    below = text + _STEP * (len(reasons) + 2)
    _draw_legend(sheet, below)
    pen = Lettering(sheet)
    number_pairs(pen, seen, *views)
    _write_head(pen, seen)
    for left, side, role in zip(_LEFTS, (enrolled, probe), ("Enrolled", "Probe"), strict=True):
        title = shortened(f"{role}: {side.name}", _PANEL, 20, bold=True)
        pen.write(title, left, _HEADER - 20, 20, _INK, bold=True)
        pen.write(_facts(side), left, facts, 18, _GREY)
    _write_numbers(pen, numbers, text)
    _write_reasons(pen, reasons, text)
    for number, (_, _, words) in enumerate(_LEGEND):
        pen.write(words, _LEFTS[1] + 56, below + number * _STEP, 17, _GREY)
    _write_foot(pen, height, enrolled, probe, engine)
    pen.done()
    return sheet


def one_in(score: Score) -> str:
    """The false match rate in words: one in how many fingers of other people scores as high."""
    if score.capped:
        return f"1 in {10 ** round(score.evidence):,} or rarer"
    odds = 10**score.evidence
    return f"1 in {float(f'{odds:.2g}'):,.0f}" if odds >= 10 else f"1 in {odds:.2g}"


def score_lines(seen: Explanation, p: Parameters = STANDARD) -> list[tuple[str, str]]:
    """Names and values of everything that made the score, in the order they act."""
    score, meeting = seen.score, seen.meeting
    lines = []
    if seen.placed:
        lines = [
            ("Area of minutiae both prints show", f"{meeting.shared_mm2:.0f} mm²"),
            ("Probe turned to lie on the enrolled print", f"{seen.degrees:+.0f}°"),
        ]
    return [
        ("Pairs of minutiae in the score", str(len(meeting.pairs))),
        ("Agreement of these pairs (relaxation)", f"{score.relaxation:.4f}"),
        ("Likeness of all neighbourhoods", f"{score.likeness:.4f} × {p.prefilter_share:g}"),
        *lines,
        ("Minutiae that meet in the shared area", f"{score.met} of {min(score.shared)}"),
        ("Factor for these", f"× {p.share_floor + score.share:.2f}"),
        ("Factor for few minutiae", f"× {score.support:.2f}"),
        ("Score", f"{score.whole:.4f}"),
        ("Weighed again by few minutiae", f"× {score.support**0.5:.2f}"),
        ("Evidence, -log10 of the false match rate", f"{score.evidence:.2f}"),
        ("False match rate", one_in(score)),
        ("Needed, one to one", f"{seen.threshold:.2f}"),
    ]


def _views(enrolled: Print, probe: Print, p: Parameters) -> tuple[tuple[View, View], int]:
    """Both prints at the same magnification, centred in their panels, and the panels' height."""
    parts = part_to_show(enrolled, p), part_to_show(probe, p)
    scale = min(
        _LARGEST,
        _PANEL / max(part[2] for part in parts),
        _TALLEST / max(part[3] for part in parts),
    )
    tall = int(scale * max(part[3] for part in parts))
    first, second = (
        View(
            *part,
            across=left + (_PANEL - int(scale * part[2])) // 2,
            down=_HEADER + (tall - int(scale * part[3])) // 2,
            scale=scale,
        )
        for part, left in zip(parts, _LEFTS, strict=True)
    )
    return (first, second), tall


def _write_head(pen: Lettering, seen: Explanation) -> None:
    pen.write("Comparison of two fingerprints", _MARGIN, 72, 32, _INK, bold=True)
    word, colour = ("Above the threshold", _YES) if seen.matches else ("Below the threshold", _NO)
    right = _WIDTH - _MARGIN
    pen.write(word, right, 64, 30, colour, bold=True, anchor="r")
    need = f"Evidence {seen.score.evidence:.1f}, needed one to one {seen.threshold:.1f}"
    pen.write(need, right, 98, 19, _GREY, anchor="r")


def _facts(side: Print) -> str:
    template = side.template
    counts = f"{len(template.minutiae)} minutiae, {len(template.encoding)} usable"
    quality = f"quality {template.quality} of 100" if side.pixels is not None else "no image"
    return f"{counts}   ·   {quality}   ·   {side.origin}"


def _reason_lines(limits: Sequence[Limit]) -> list[tuple[bool, str]]:
    """Lines of the reasons, and whether one starts there."""
    found = [limit.sentence for limit in limits]
    sentences = found or ["Nothing: both prints were compared at full weight."]
    lines = []
    for sentence in sentences:
        parts = wrapped(sentence, _PANEL - 24, 19)
        lines += [(number == 0, part) for number, part in enumerate(parts)]
    return lines


def _write_numbers(pen: Lettering, numbers: Sequence[tuple[str, str]], top: int) -> None:
    pen.write("What the score is made of", _LEFTS[0], top, 21, _INK, bold=True)
    for number, (name, value) in enumerate(numbers, start=1):
        y = top + 6 + number * _STEP
        pen.write(name, _LEFTS[0], y, 19, _GREY)
        pen.write(value, _LEFTS[0] + _PANEL, y, 19, _INK, anchor="r")


def _write_reasons(pen: Lettering, reasons: Sequence[tuple[bool, str]], top: int) -> None:
    pen.write("What limited it", _LEFTS[1], top, 21, _INK, bold=True)
    for number, (starts, line) in enumerate(reasons, start=1):
        y = top + 6 + number * _STEP
        if starts:
            pen.write("•", _LEFTS[1], y, 19, _GREY)
        pen.write(line, _LEFTS[1] + 22, y, 19, _INK)


def _draw_legend(sheet: Picture, top: int) -> None:
    left = _LEFTS[1]
    for number, (colour, thickness, _) in enumerate(_LEGEND):
        y = top + number * _STEP - 6
        if thickness:
            cv2.line(sheet, (left, y), (left + 40, y), colour, thickness, cv2.LINE_AA)
        else:
            cv2.circle(sheet, (left + 14, y), 6, colour, 1, cv2.LINE_AA)
            cv2.line(sheet, (left + 20, y), (left + 33, y), colour, 1, cv2.LINE_AA)


def _write_foot(pen: Lettering, height: int, enrolled: Print, probe: Print, engine: str) -> None:
    top = height - _FOOT + 46
    lines = (
        f"SHA-256 of the enrolled file  {enrolled.sha256}",
        f"SHA-256 of the probe file  {probe.sha256}",
        f"Engine {engine}. Circles and lines mark what the program compared, not what an "
        "examiner would.",
    )
    for number, line in enumerate(lines):
        pen.write(line, _MARGIN, top + number * 25, 16, _GREY)
