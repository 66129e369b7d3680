"""Blocks that the day's papers share: heading, figures, turnout, journal head, places to sign."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from PySide6.QtCore import QRectF

from station_app.domain.day_report import AgeBand, DayReport, HourCount
from station_app.domain.entry_codes import Paper
from station_app.domain.roles import Role
from station_app.papers.document import INNER, Column, Sheets, Write, document, table
from station_app.papers.paper_words import Words
from station_app.papers.pen import GREY, INK, MARGIN

GUTTER: Final = 260
COLUMN: Final = (INNER - GUTTER) / 2
RIGHT: Final = MARGIN + COLUMN + GUTTER
_LABEL: Final = 1150
_WIDE_LABEL: Final = 1500
_FINE: Final = 78
_HEADING: Final = 190
_LINES: Final = {Role.CHAIR: 1, Role.MEMBER: 3}
_OBSERVERS: Final = 4
_SIGNING: Final = 310
_WHITE: Final = "#FFFFFF"

Row = tuple[str, str]


def day_document(paper: Paper, report: DayReport, words: Words, write: Write) -> bytes:
    """The PDF of a paper, dated with the report."""
    title = words(f"paper.title.{paper}")
    foot = f"{report.station} · {title} · {report.head.short}"
    return document(title, foot, report.turnout.at, write)


def head(sheets: Sheets, paper: Paper, report: DayReport, words: Words) -> None:
    """The paper's title, its station, and the number identified in large print."""
    pen, figures = sheets.pen, report.turnout.figures
    if report.list_kind != "live":
        text, font = words("paper.practice"), pen.font(170, 700, display=True)
        height = pen.height(text, font, INNER)
        pen.box(QRectF(MARGIN, pen.y, INNER, height + 60), fill=INK)
        pen.text(text, font, MARGIN + 80, pen.y + 30, INNER - 160, colour=_WHITE)
        pen.y += height + 140
    box = QRectF(RIGHT, pen.y, COLUMN, 620)
    pen.box(box, fill=None, edge=INK)
    x, width, y = box.x() + 100, box.width() - 200, box.y() + 50
    y += pen.text(words("paper.identified"), pen.font(110, 600), x, y, width)
    number = words.number(figures.identified)
    y += pen.text(number, pen.font(280, 700, display=True), x, y - 30, width) - 40
    share = words(
        "paper.of_listed",
        percent=words.percent(figures.turnout),
        listed=words.number(figures.listed),
    )
    pen.text(share, pen.font(88), x, y, width, colour=GREY)
    y = pen.y
    precinct = words("paper.precinct", precinct=report.precinct)
    y += pen.text(precinct, pen.font(110, 600), MARGIN, y, COLUMN, colour=GREY)
    title = words(f"paper.title.{paper}")
    y += pen.text(title, pen.font(220, 700, display=True), MARGIN, y, COLUMN)
    for text in (report.station, report.place, report.election):
        y += pen.text(text, pen.font(105, 600), MARGIN, y, COLUMN) if text else 0
    made = words("sheet.made", moment=words.moment(report.turnout.at))
    y += pen.text(made, pen.font(88), MARGIN, y + 15, COLUMN, colour=GREY)
    pen.y = max(y, box.bottom()) + 130


def section(sheets: Sheets, title: str, room: float) -> None:
    """A section's name; on the next page where there is no `room` left below it."""
    sheets.make_room(_HEADING + room)
    sheets.pen.y += sheets.pen.heading(title, MARGIN, sheets.pen.y, INNER)


def beside(sheets: Sheets, *blocks: tuple[str, Sequence[Row]]) -> None:
    """Two blocks of names and values side by side."""
    pen = sheets.pen
    room = max(pen.rows_height(rows, COLUMN, _LABEL) for _, rows in blocks)
    sheets.make_room(_HEADING + room)
    top, bottoms = pen.y, list[float]()
    for (title, rows), x in zip(blocks, (MARGIN, RIGHT), strict=True):
        y = top + pen.heading(title, x, top, COLUMN)
        bottoms.append(y + pen.rows(rows, x, y, COLUMN, _LABEL))
    pen.y = max(bottoms) + 90


def day_rows(report: DayReport, words: Words) -> list[Row]:
    """When the day was opened and closed, and by which clock."""
    closed = report.closed_at
    return [
        (words("paper.row.day"), str(report.day)),
        (words("paper.row.opened"), words.moment(report.opened_at)),
        (
            words("paper.row.closed"),
            words.moment(closed) if closed else words("paper.not_closed"),
        ),
        (words("paper.row.phone"), _phone(report, words)),
    ]


def list_rows(report: DayReport, words: Words) -> list[Row]:
    """Which list, and how many are on it."""
    return [
        (words("paper.row.list"), words("paper.list", number=report.list_sequence)),
        (words("paper.row.listed"), words.number(report.turnout.figures.listed)),
        (words("paper.row.app"), report.app_version),
    ]


def method_rows(report: DayReport, words: Words) -> list[Row]:
    """Identifications that were not voided, by method; the face only where it was used."""
    figures = report.turnout.figures
    face = [(words("paper.row.face"), words.number(figures.by_face))] if figures.by_face else []
    return [
        (words("paper.row.finger"), words.number(figures.by_finger)),
        *face,
        (words("paper.row.commission"), words.number(figures.by_commission)),
        (words("paper.row.total"), words.number(figures.identified)),
        (words("paper.row.manual_share"), words.percent(figures.manual_share)),
        (words("paper.row.turnout"), words.percent(figures.turnout)),
        (words("paper.row.voided"), words.number(figures.voided)),
    ]


def other_rows(report: DayReport, words: Words) -> list[Row]:
    """Sessions that identified nobody, by how they ended."""
    figures = report.turnout.figures
    counts = {
        "already_identified": figures.already_identified,
        "stops_decided": figures.stops_decided,
        "not_on_list": figures.not_on_list,
        "unreadable": figures.unreadable,
        "refused": figures.refused,
        "abandoned": figures.abandoned,
        "device_lost": figures.device_lost,
        "interrupted": figures.interrupted,
    }
    return [(words(f"paper.row.{name}"), words.number(count)) for name, count in counts.items()]


def ballot_rows(report: DayReport, words: Words) -> list[Row]:
    """How many ballots there must be, line by line."""
    figures = report.turnout.figures
    counts = {
        "at_desk": figures.identified,
        "issued_elsewhere": figures.issued_elsewhere,
        "admitted": figures.admitted,
        "issued": figures.issued,
    }
    return [(words(f"paper.row.{name}"), words.number(count)) for name, count in counts.items()]


def act_rows(report: DayReport, words: Words) -> list[Row]:
    """Who may have no ballot, who was sent away, and what else was out of the ordinary."""
    figures = report.turnout.figures
    left_out = {"struck_not_listed": figures.struck_not_listed} if figures.struck_not_listed else {}
    counts = {
        "struck_off": figures.struck_off,
        **left_out,
        "entitled": figures.entitled,
        "sent_away": figures.sent_away,
        "came_back": figures.came_back,
        "station_was_off": figures.station_was_off,
        "acts_undone": figures.acts_undone,
    }
    return [(words(f"paper.row.{name}"), words.number(count)) for name, count in counts.items()]


def limits(sheets: Sheets, words: Words) -> None:
    """The limits of what the paper claims."""
    pen = sheets.pen
    for key in ("paper.not_a_vote", "paper.one_station"):
        pen.y += pen.text(words(key), pen.font(88, 600), MARGIN, pen.y, INNER)
    pen.y += 90


def predecessors(sheets: Sheets, report: DayReport, words: Words) -> None:
    """The stations that this one went on for; in a box where not all their entries are here."""
    for one in report.predecessors:
        facts = {"station": one.station, "number": words.number(one.entries)}
        moment = "" if one.seen_until is None else words.moment(one.seen_until)
        if not one.needs_paper_list:
            _line(sheets, words("paper.went_on", moment=moment, **facts))
            continue
        what = "paper.gap.after" if moment else "paper.gap.all"
        lines = [words(what, station=one.station, moment=moment)]
        if one.missing:
            lines.append(words("paper.gap.missing", number=words.number(one.missing)))
        lines.append(words("paper.gap.order"))
        _boxed(sheets, " ".join(lines))


def _line(sheets: Sheets, text: str) -> None:
    pen = sheets.pen
    pen.y += pen.text(text, pen.font(88, 600), MARGIN, pen.y, INNER) + 90


def _boxed(sheets: Sheets, text: str) -> None:
    pen = sheets.pen
    font, pad = pen.font(105, 700), 60
    height = pen.height(text, font, INNER - 2 * pad) + 2 * pad
    sheets.make_room(height + 90)
    pen = sheets.pen
    pen.box(QRectF(MARGIN, pen.y, INNER, height), fill=None, edge=INK)
    pen.text(text, font, MARGIN + pad, pen.y + pad, INNER - 2 * pad)
    pen.y += height + 90


def journal_block(sheets: Sheets, report: DayReport, words: Words) -> None:
    """The journal's head in short, in full and signed, and the key it is signed with."""
    key, pen = bytes.fromhex(report.public_key), sheets.pen
    rows = [
        (words("paper.row.entries"), words.number(report.head.size)),
        (words("paper.row.checkpoint"), report.head.short),
        (words("paper.row.root"), report.head.root.hex(" ", 4)),
        (words("paper.row.public_key"), key.hex(" ", 4)),
        (words("paper.row.fingerprint"), sha256(key).digest().hex(" ", 4)),
        (words("paper.row.note"), report.head.note.strip()),
    ]
    note, small = words("paper.journal_note"), pen.font(82)
    room = pen.rows_height(rows, INNER, _WIDE_LABEL, value=_FINE)
    section(sheets, words("paper.section.journal"), room + pen.height(note, small, INNER))
    pen.y += pen.rows(rows, MARGIN, pen.y, INNER, _WIDE_LABEL, value=_FINE)
    pen.y += pen.text(note, small, MARGIN, pen.y, INNER, colour=GREY) + 100


def signatures_height(report: DayReport) -> float:
    """The room that `signatures` takes, its heading included."""
    free = sum(
        max(0, count - sum(one.role is role for one in report.signers))
        for role, count in _LINES.items()
    )
    lines = len(report.signers) + free + _OBSERVERS
    return _HEADING + _SIGNING * ((lines + 1) // 2) + 60


def signatures(sheets: Sheets, report: DayReport, words: Words) -> None:
    """Lines to sign on: for those who have signed with a passphrase, and for others."""
    pen = sheets.pen
    lines = [
        (words(f"paper.sign.{one.role}"), words("paper.sign.by_passphrase", name=one.name))
        for one in report.signers
    ]
    for role, count in _LINES.items():
        free = max(0, count - sum(one.role is role for one in report.signers))
        lines += [(words(f"paper.sign.{role}"), words("paper.sign.form"))] * free
    lines += [(words("paper.sign.observer"), words("paper.sign.form"))] * _OBSERVERS
    section(sheets, words("paper.section.signatures"), _SIGNING * ((len(lines) + 1) // 2))
    top = pen.y
    for place, (what, who) in enumerate(lines):
        x = RIGHT if place % 2 else MARGIN
        y = top + _SIGNING * (place // 2) + 185
        pen.line(x, y, COLUMN, colour=INK)
        pen.text(f"{what}: {who}", pen.font(76), x, y + 15, COLUMN, colour=GREY)
    pen.y = top + _SIGNING * ((len(lines) + 1) // 2) + 60


def _phone(report: DayReport, words: Words) -> str:
    if report.phone_time is None:
        return words("paper.phone.none")
    moment, ahead = words.moment(report.phone_time), report.difference_s
    if not ahead:
        return words("paper.phone.same", moment=moment)
    form = "paper.phone.ahead" if ahead > 0 else "paper.phone.behind"
    return words(form, moment=moment, seconds=abs(ahead))


_ROW: Final = 150
_BAR: Final = 84
_HOUR: Final = 620
_NUMBER: Final = 330
_BAR_INK: Final = "#7A7A7A"  # grey: solid black would use up a cartridge


def turnout_block(sheets: Sheets, report: DayReport, words: Words) -> None:
    """Both breakdowns, side by side."""
    pen, hours = sheets.pen, report.turnout.by_hour
    sheets.make_room(400 + _ROW * max(len(hours), len(report.turnout.by_age) + 2))
    top = pen.y
    pen.y += pen.heading(words("paper.section.ages"), RIGHT, pen.y, COLUMN)
    _ages(sheets, report, words)
    bottom, pen.y = pen.y, top
    pen.y += pen.heading(words("paper.section.hours"), MARGIN, pen.y, COLUMN)
    if hours:
        _hours(sheets, hours, words)
    else:
        pen.y += pen.text(words("paper.nobody"), pen.font(88), MARGIN, pen.y, COLUMN)
    pen.y = max(pen.y, bottom) + 100


def _hours(sheets: Sheets, hours: tuple[HourCount, ...], words: Words) -> None:
    pen, most = sheets.pen, max(1, *(hour.identified for hour in hours))
    room = COLUMN - _HOUR - _NUMBER
    for hour in hours:
        name = f"{hour.hour:02d}:00–{(hour.hour + 1) % 24:02d}:00"
        pen.text(name, pen.font(88), MARGIN, pen.y, _HOUR)
        bar = QRectF(MARGIN + _HOUR, pen.y + 14, room * hour.identified / most, _BAR)
        pen.box(bar, fill=_BAR_INK)
        number = words.number(hour.identified)
        pen.text(number, pen.font(88, 600), MARGIN, pen.y, COLUMN, colour=INK, right=True)
        pen.y += _ROW


def _ages(sheets: Sheets, report: DayReport, words: Words) -> None:
    bands = report.turnout.by_age
    names = ("age", "men", "women", "total")
    columns = [Column(words(f"paper.column.{name}"), 1, name != "age") for name in names]
    rows = [(_span(band), *_counts(band.men, band.women, words)) for band in bands]
    men, women = sum(band.men for band in bands), sum(band.women for band in bands)
    rows.append((words("paper.row.total"), *_counts(men, women, words)))
    table(sheets, columns, rows, x=RIGHT, width=COLUMN, last_is_sum=True)
    unknown = report.turnout.figures.identified - men - women
    if unknown:
        pen = sheets.pen
        text = words("paper.unknown_age", number=words.number(unknown))
        pen.y += pen.text(text, pen.font(82), RIGHT, pen.y + 20, COLUMN, colour=GREY) + 20


def _span(band: AgeBand) -> str:
    return f"{band.youngest}+" if band.oldest is None else f"{band.youngest}–{band.oldest}"


def _counts(men: int, women: int, words: Words) -> tuple[str, str, str]:
    return words.number(men), words.number(women), words.number(men + women)
