"""The readiness sheet: one page that says whether a station is ready, and why not."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from station_app.domain.device_trials import TestKind, Verdict
from station_app.domain.readiness_report import (
    DeviceState,
    ListState,
    Readiness,
    Reason,
    SpokenHash,
    Weight,
)
from station_app.domain.roles import Role
from station_app.papers.document import load_paper_fonts
from station_app.papers.paper_words import Words, words_of
from station_app.papers.pen import (
    GREY,
    HEIGHT,
    INK,
    MARGIN,
    SHADE,
    WIDTH,
    Pen,
    pdf_of,
    picture,
)
from station_app.vault import READABLE, replace_file

_INNER: Final = WIDTH - 2 * MARGIN
_GUTTER: Final = 260
_MANY: Final = 20
"""Reasons beyond which they are set closer, so that all of them are on the page."""
_COLUMN: Final = (_INNER - _GUTTER) / 2
_LABEL: Final = 1000
_GIGABYTE: Final = 10**9
_WHITE: Final = "#FFFFFF"


def write_readiness_pdf(path: Path, readiness: Readiness, language: str) -> None:
    """Write the sheet to `path`; whole or not at all. Its language is ky, ru or en.

    Raises `KnownError` as `replace_file` does, and `fonts_missing`.
    """
    words = words_of(language)
    load_paper_fonts()
    pdf = pdf_of(words("sheet.title"), partial(_write, readiness, words))
    replace_file(path, pdf, READABLE)


def readiness_picture(readiness: Readiness, language: str, width: int) -> QImage:
    """The same page as an image of `width` pixels, for a preview. Needs an application."""
    return picture(width, partial(_write, readiness, words_of(language)))


def _write(readiness: Readiness, words: Words, pen: Pen) -> None:
    _head(readiness, words, pen)
    left, right, top = MARGIN, MARGIN + _COLUMN + _GUTTER, pen.y
    height = pen.heading(words("section.station"), left, top, _COLUMN)
    height += pen.rows(_station_rows(readiness, words), left, top + height, _COLUMN, _LABEL)
    height += pen.length(60)
    height += pen.heading(words("section.machine"), left, top + height, _COLUMN)
    height += pen.rows(_machine_rows(readiness, words), left, top + height, _COLUMN, _LABEL)
    other = pen.heading(words("section.list"), right, top, _COLUMN)
    other += pen.rows(_list_rows(readiness.list, words), right, top + other, _COLUMN, _LABEL)
    pen.y = top + max(height, other) + pen.length(80)
    _compare(readiness, words, pen)
    for weight, title in ((Weight.BLOCKS, "section.mend"), (Weight.ATTENTION, "section.attention")):
        reasons = [one for one in readiness.reasons if one.weight is weight]
        if reasons:
            pen.y += pen.heading(words(title), MARGIN, pen.y, _INNER)
            for reason in reasons:
                _reason(reason, words, pen, is_tight=len(readiness.reasons) > _MANY)
            pen.y += pen.length(60)
    _signatures(words, pen)


def _head(readiness: Readiness, words: Words, pen: Pen) -> None:
    """The sheet's title, its station, and the answer in letters readable across a room."""
    verdict = words("sheet.ready" if readiness.is_ready else "sheet.not_ready")
    count = len(readiness.blocking)
    under = words("sheet.nothing_to_mend" if readiness.is_tried else "sheet.untried")
    if count:
        under = words("sheet.to_mend", number=count)
    big, small, width = pen.font(300, 700, display=True), pen.font(110, 600), _COLUMN - 200
    inside = pen.height(verdict, big, width) + pen.length(10) + pen.height(under, small, width)
    height = max(pen.length(620), inside + pen.length(160))
    box = QRectF(MARGIN + _COLUMN + _GUTTER, pen.y, _COLUMN, height)
    # Black when something is missing: it is seen on any printer, and in any light.
    ink = INK if readiness.is_ready else _WHITE
    pen.box(box, fill=None if readiness.is_ready else INK, edge=INK)
    x, y = box.x() + 100, box.y() + pen.length(80)
    y += pen.text(verdict, big, x, y, width, colour=ink)
    pen.text(under, small, x, y + pen.length(10), width, colour=ink)
    y = pen.y
    y += pen.text(words("sheet.title"), pen.font(110, 600), MARGIN, y, _COLUMN, colour=GREY)
    name = "?" if readiness.station is None else readiness.station.name
    y += pen.text(name, pen.font(300, 700, display=True), MARGIN, y, _COLUMN)
    place = words("sheet.no_place")
    if readiness.precinct:
        place = words("sheet.place", precinct=readiness.precinct)
    if readiness.kind == "training":
        place = f"{words('sheet.training')}. {place}"
    if readiness.list is not None and readiness.list.place:
        place = f"{place}, {readiness.list.place}"
    y += pen.text(place, pen.font(110, 600), MARGIN, y, _COLUMN)
    made = words("sheet.made", moment=words.moment(readiness.machine.now))
    y += pen.text(made, pen.font(92), MARGIN, y + pen.length(15), _COLUMN, colour=GREY)
    pen.y = max(y, box.bottom()) + pen.length(130)


def _station_rows(readiness: Readiness, words: Words) -> list[tuple[str, str]]:
    people = readiness.people
    members = people.get(Role.MEMBER, 0) + people.get(Role.CHAIR, 0)
    chairs = people.get(Role.CHAIR, 0)
    rows = [
        (words("row.operators"), str(people.get(Role.OPERATOR, 0))),
        (words("row.members"), words("row.of_them_chairs", number=members, chairs=chairs)),
        (words("row.technicians"), str(people.get(Role.TECHNICIAN, 0))),
        (words("row.languages"), " ".join(readiness.languages) or words("value.unknown")),
    ]
    for device in readiness.devices:
        hardware = device.hardware or device.port or words("device.absent")
        value = f"{device.driver} {hardware}: {device_words(device, words)}"
        rows.append((words(f"device.{device.family}"), value))
    rows.append((words("row.mirror"), readiness.mirror or words("value.none")))
    recipients = ", ".join(readiness.recipients) or words("value.none")
    rows.append((words("row.recipients"), recipients))
    rows.append((words("row.events"), str(readiness.events)))
    return rows


def device_words(device: DeviceState, words: Words) -> str:
    """When a device was tried and by which test, or what is to be said of that."""
    if not device.verdict:
        return words("device.simulated")
    if device.tried is None:
        return words("device.untried")
    moment = words.moment(device.tried)
    if device.verdict in (Verdict.CHANGED, Verdict.FAILED):
        return words(f"device.{device.verdict}", moment=moment)
    said = words(f"device.tried.{device.test}", moment=moment)
    was_today = device.is_tried_today and device.test == TestKind.FULL
    return f"{said}, {words('device.today')}" if was_today else said


def _machine_rows(readiness: Readiness, words: Words) -> list[tuple[str, str]]:
    machine = readiness.machine
    last, percent = machine.last_known, machine.battery_percent
    power = words("value.none")
    if percent is not None:
        form = "value.charging" if machine.is_charging else "value.percent"
        power = words(form, number=percent)
    free = words("value.gigabytes", number=words.number(machine.free_bytes // _GIGABYTE))
    return [
        (words("row.clock"), f"{words.moment(machine.now)} {machine.now.astimezone():%z}"),
        (words("row.last_known"), words("value.unknown") if last is None else words.moment(last)),
        (words("row.disk"), free),
        (words("row.battery"), power),
        (words("row.app"), machine.app_version),
        (words("row.engine"), machine.engine),
    ]


def _list_rows(found: ListState | None, words: Words) -> list[tuple[str, str]]:
    if found is None:
        return [(words("row.list"), words("value.none"))]
    number = words("row.list_number", number=found.sequence, moment=words.moment(found.created))
    since, until = words.moment(found.valid_from), words.moment(found.valid_to)
    tried = words("value.yes" if found.is_proven else "value.not_yet")
    counts = [
        (words(f"row.{name}"), words.number(found.counts.get(name, 0)))
        for name in ("voters", "fingers", "faces", "portraits", "bad_rows")
    ]
    return [
        (words("row.list"), number),
        (words("row.election"), found.election),
        *counts,
        (words("row.valid"), words("row.valid_span", since=since, until=until)),
        (words("row.issuer"), found.issuer),
        (words("row.tried"), tried),
    ]


def _compare(readiness: Readiness, words: Words, pen: Pen) -> None:
    """Words and digits, large and far apart: they are read over a bad line."""
    hashes: list[tuple[str, SpokenHash]] = []
    if readiness.station is not None:
        hashes.append(("station", readiness.station))
    if readiness.list is not None:
        hashes.append(("list", readiness.list.hash))
    hashes += [("issuer", one) for one in readiness.trusted]
    if not hashes:
        return
    pen.y += pen.heading(words("section.compare"), MARGIN, pen.y, _INNER)
    font, name_font = pen.font(125, 600), pen.font(92, 600)
    x, width = MARGIN + _LABEL + 300, _INNER - _LABEL - 400
    for what, one in hashes:
        name = words(f"compare.{what}", name=one.name)
        texts = [one.digits.replace(" ", "    ")]
        if words.record.reads_english:  # as the words are; digits are read in any language
            texts.insert(0, one.words.replace(" ", "   "))
        heights = [pen.height(text, font, width) for text in texts]
        padding = pen.length(45)
        height = max(sum(heights), pen.height(name, name_font, _LABEL)) + 2 * padding
        pen.box(QRectF(MARGIN, pen.y, _INNER, height), fill=SHADE)
        pen.text(name, name_font, MARGIN + 80, pen.y + padding, _LABEL)
        y = pen.y + padding
        for text, high in zip(texts, heights, strict=True):
            pen.text(text, font, x, y, width)
            y += high
        pen.y += height + pen.length(30)
    pen.y += pen.length(70)


def _reason(reason: Reason, words: Words, pen: Pen, *, is_tight: bool) -> None:
    """A box to tick when it is done, what it is, and the code for headquarters."""
    font, side = pen.font(82 if is_tight else 98), pen.length(76 if is_tight else 90)
    code_width = 1300.0
    pen.box(QRectF(MARGIN, pen.y + pen.length(18), side, side), fill=None, edge=INK)
    x = MARGIN + side + pen.length(70)
    text = words.reason(reason.code, reason.facts)
    height = pen.text(text, font, x, pen.y, MARGIN + _INNER - code_width - x)
    code = pen.font(80)
    pen.text(
        reason.code,
        code,
        WIDTH - MARGIN - code_width + 100,
        pen.y + pen.length(10),
        code_width - 100,
        colour=GREY,
        right=True,
    )
    pen.y += height + pen.length(5 if is_tight else 38)


def _signatures(words: Words, pen: Pen) -> None:
    """Lines to sign on, at the foot of the page where there is room."""
    names = ("technician", "operator", "member", "when")
    room = pen.length(45) + pen.height("x", pen.font(105, 700), _INNER) + pen.length(480)
    pen.y = max(pen.y, HEIGHT - MARGIN - room)
    pen.y += pen.heading(words("section.signed"), MARGIN, pen.y, _INNER)
    gap = 150.0
    width = (_INNER - gap * (len(names) - 1)) / len(names)
    y = pen.y + pen.length(300)
    for place, name in enumerate(names):
        x = MARGIN + place * (width + gap)
        pen.line(x, y, width, colour=INK)
        pen.text(words(f"signed.{name}"), pen.font(82), x, y + pen.length(25), width, colour=GREY)
    pen.y = y + pen.length(180)
