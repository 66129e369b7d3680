"""The day's papers: every number on them, whole pages, the same bytes for the same day."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtPdf import QPdfDocument
from pytestqt.qtbot import QtBot

from station_app.domain.day_report import DayReport, Difference, Incident, Turnout
from station_app.domain.entries import KINDS
from station_app.domain.entry_codes import (
    Count,
    Method,
    OutcomeKind,
    Paper,
    PauseReason,
    ReopenReason,
    VoidReason,
)
from station_app.domain.roles import Role
from station_app.flow.day_report import MANUAL_SHARE, ROWS_MARKED, VOTERS_MISSING
from station_app.languages import language_codes
from station_app.papers.day_papers import day_log_sheet, protocol, turnout_sheet, zero_report
from station_app.papers.fonts import TEXT_FAMILY, load_fonts
from station_app.papers.paper_words import NO_BREAK_SPACE, words_of
from station_app.papers.pen import broken_words
from tests.papers.day_samples import CLOSED, EVENING, FIGURES, OPENED, outcomes

Make = Callable[[DayReport, str], bytes]
PAPERS: dict[str, Make] = {
    "zero_report": zero_report,
    "protocol": protocol,
    "turnout": turnout_sheet,
    "day_log": lambda report, language: day_log_sheet(report, outcomes(90), language),
}


@pytest.fixture(params=PAPERS)
def paper(request: pytest.FixtureRequest) -> Make:
    return PAPERS[request.param]


def opened(pdf: bytes) -> tuple[QPdfDocument, QBuffer]:
    buffer = QBuffer()
    buffer.setData(pdf)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    assert document.error() is QPdfDocument.Error.None_
    return document, buffer  # which has to live as long


def pages(pdf: bytes) -> list[str]:
    """The text of each page, its lines joined."""
    document, buffer = opened(pdf)
    texts = [document.getAllText(page).text() for page in range(document.pageCount())]
    document.close()
    buffer.close()
    return [" ".join(text.replace(NO_BREAK_SPACE, " ").split()) for text in texts]


def is_clear_of_the_foot(pdf: bytes) -> bool:
    """Whether there is white above the line at each page's foot, and nothing below it all."""
    document, buffer = opened(pdf)
    clear = True
    for number in range(document.pageCount()):
        page = document.render(number, QSize(595, 842))
        for y in (*range(775, 781), *range(796, 842)):
            clear = clear and all(page.pixelColor(x, y).alpha() == 0 for x in range(0, 595, 2))
    document.close()
    buffer.close()
    return clear


@pytest.mark.parametrize("language", language_codes())
def test_the_protocol_says_it_all(language: str, qtbot: QtBot) -> None:
    text, words = " ".join(pages(protocol(CLOSED, language))), words_of(language)

    def number(value: int) -> str:
        return words.number(value).replace(NO_BREAK_SPACE, " ")

    for part in (
        words("paper.title.protocol"),
        "9042-1",
        "№ 5 мектеп, «Ынтымак»",
        number(1131),
        number(1058),
        number(2318),
        words("paper.not_a_vote"),
        words("paper.one_station"),
        words.moment(EVENING).replace(NO_BREAK_SPACE, " "),
        "Саат 14:20да кагаз түгөнүп, бир чек",
        f"{number(1131)} {number(1130)} −1",
        f"{number(1131)} {number(1132)} +1",
        f"{number(1131)} {number(1131)} {words('paper.none')}",
        f"{words('paper.row.reprints')}: 7",
        words("paper.incident.device_lost"),
        words("paper.detail.photo_mismatch"),
        "mirror_missing",
        "12:00–13:00 131",
        f"65+ 41 64 {number(105)}",
        "1566 c07d 52e8",
        "c07d52e8 665a9dab 665a9dab",
        "wH1S6GZuVZ2r2l1hJ4k0Xq6Zt5o6Wq4b0m1m2n3o4p4=",
        "5e5e5e5e 5e5e5e5e",
        "Бакыт Осмонов",
        words("paper.sign.observer"),
    ):
        assert part in text, part
    assert words("paper.practice") not in text
    if language == "en":
        assert "voted" not in text.replace(words("paper.not_a_vote"), "")


@pytest.mark.parametrize("language", language_codes())
def test_who_signs_sees_the_numbers_on_the_same_page(language: str, qtbot: QtBot) -> None:
    first, words = pages(protocol(CLOSED, language))[0], words_of(language)
    assert words("paper.section.reconciliation") in first
    assert words("paper.section.signatures") in first
    assert "1566 c07d 52e8" in first


ACTS = replace(
    FIGURES,
    issued_elsewhere=12,
    admitted=2,
    struck_off=3,
    struck_not_listed=1,
    sent_away=5,
    came_back=4,
    station_was_off=1,
    acts_undone=1,
)


@pytest.mark.parametrize("language", language_codes())
def test_ballots_add_up_line_by_line(language: str, qtbot: QtBot) -> None:
    acts = replace(CLOSED, ballots=1145, turnout=replace(CLOSED.turnout, figures=ACTS))
    words = words_of(language)

    def number(value: int) -> str:
        return words.number(value).replace(NO_BREAK_SPACE, " ")

    found = pages(protocol(acts, language))
    (signed,) = (text for text in found if words("paper.section.signatures") in text)
    assert words("paper.section.reconciliation") in signed, "who signs sees the counts"
    text = " ".join(found)
    for name, count in {
        "at_desk": 1131, "issued_elsewhere": 12, "admitted": 2, "issued": 1145, "struck_off": 3,
        "struck_not_listed": 1, "entitled": 2316, "sent_away": 5, "came_back": 4,
        "station_was_off": 1, "acts_undone": 1,
    }.items():  # fmt: skip
        assert f"{words(f'paper.row.{name}')} {number(count)}" in text, name
    ballots = f"{number(1145)} {number(1145)} {words('paper.none')}"
    assert f"{words('paper.count.ballots')} {ballots}" in text
    assert f"{number(1145)} {number(1131)} −14" in text, "signatures"


@pytest.mark.parametrize("language", language_codes())
def test_the_zero_report_is_one_page(language: str, qtbot: QtBot) -> None:
    (text,), words = pages(zero_report(OPENED, language)), words_of(language)
    assert f"{words('paper.row.total')} 0" in text
    assert words("paper.not_closed") in text
    assert words("paper.section.signatures") in text


@pytest.mark.parametrize("language", language_codes())
def test_the_day_log_has_every_row_and_no_name(language: str, qtbot: QtBot) -> None:
    rows, words = outcomes(90), words_of(language)
    text = " ".join(pages(day_log_sheet(CLOSED, rows, language)))
    for logged, is_voided in rows:
        outcome = words(f"paper.outcome.{logged.outcome}")
        if is_voided:
            outcome = words("paper.outcome_voided", outcome=outcome)
        listed = "–" if logged.list_number is None else f"{logged.list_number:04d}"
        method = words(f"paper.method.{logged.method}")
        at = f"{logged.at.astimezone():%H:%M:%S}"
        assert f"{logged.number} {at} {listed} {method} {outcome}" in text
    assert any(is_voided for _, is_voided in rows)


def test_an_empty_day_log(qtbot: QtBot) -> None:
    (text,) = pages(day_log_sheet(OPENED, [], "en"))
    assert words_of("en")("paper.rows", number="0") in text


@pytest.mark.parametrize("language", language_codes())
def test_papers_end_above_their_foot(paper: Make, language: str, qtbot: QtBot) -> None:
    assert is_clear_of_the_foot(paper(CLOSED, language))


@pytest.mark.parametrize("language", language_codes())
def test_no_line_is_wider_than_its_column(
    paper: Make, language: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide: list[str] = []
    draw = QPainter.drawText

    def draw_text(painter: QPainter, room: QRectF, flags: int, text: str) -> None:
        metrics = QFontMetricsF(painter.font())
        if metrics.boundingRect(QRectF(0, 0, room.width(), 9e9), flags, text).width() > (
            room.width() + 1
        ):
            wide.append(text)
        draw(painter, room, flags, text)

    monkeypatch.setattr(QPainter, "drawText", draw_text)
    signature = "eyQw0Ef+" * 14
    origin = "station-app/live/9042-1"
    note = f"{origin}\n4\n{signature[:44]}\n\n— {origin} {signature}\n"
    report = replace(CLOSED, head=replace(CLOSED.head, note=note))
    text = "".join("".join(pages(paper(report, language))).split())
    assert wide == []
    assert signature in text or words_of(language)("paper.row.note") not in text


def test_a_word_is_broken_only_where_it_reaches_the_column(qtbot: QtBot) -> None:
    load_fonts()
    font = QFont(TEXT_FAMILY)
    font.setPixelSize(80)
    room = QFontMetricsF(font).horizontalAdvance("m" * 10)
    assert broken_words("short words stay", font, room) == "short words stay"
    assert broken_words("a " + "m" * 25, font, room) == "\n".join(
        ["a " + "m" * 10, "m" * 10, "m" * 5]
    )


@pytest.mark.parametrize("language", language_codes())
def test_a_hard_day_goes_over_pages_whole(language: str, qtbot: QtBot) -> None:
    reason = ("Бир чек эки жолу басылды, анткени принтер үзүлгөн. " * 7)[:300].strip()
    hard = replace(
        CLOSED,
        differences=tuple(Difference(what, 1131, 1100, reason) for what in Count),
        incidents=tuple(
            Incident(number, EVENING, "device_lost", "finger_scanner") for number in range(1, 120)
        ),
        list_kind="training",
        phone_time=None,
    )
    pdf = protocol(hard, language)
    found, words = pages(pdf), words_of(language)
    text = " ".join(found)
    assert len(found) > 3
    assert all(text.count(f"{number} {words('paper.incident.device_lost')}") for number in (1, 119))
    assert text.count(words("paper.column.detail")) == len(
        [page for page in found if words("paper.incident.device_lost") in page]
    )
    assert words("paper.practice") in text
    assert words("paper.phone.none") in text
    assert is_clear_of_the_foot(pdf)
    assert all(f"{number} / {len(found)}" in page for number, page in enumerate(found, 1))


def test_clocks_that_differ(qtbot: QtBot) -> None:
    words = words_of("en")
    moment = words.moment(OPENED.opened_at)
    for ahead, form in ((0, "same"), (90, "ahead"), (-90, "behind")):
        day = replace(OPENED, phone_time=OPENED.opened_at, difference_s=ahead)
        said = words(f"paper.phone.{form}", moment=moment, seconds=90)
        assert said.replace(NO_BREAK_SPACE, " ") in pages(zero_report(day, "en"))[0]


def test_what_is_not_counted_or_known_is_said(qtbot: QtBot) -> None:
    words = words_of("en")
    day = replace(CLOSED, ballots=None, signatures=None, incidents=(), differences=())
    text = " ".join(pages(protocol(day, "en")))
    assert text.count(words("paper.not_counted")) == 2
    assert f"{words('paper.section.incidents')} {words('paper.none')}" in text
    more = replace(FIGURES, by_finger=FIGURES.by_finger + 5)
    turnout = replace(CLOSED.turnout, figures=more)
    text = " ".join(pages(turnout_sheet(replace(CLOSED, turnout=turnout), "en")))
    assert words("paper.unknown_age", number=5) in text
    nobody = Turnout(replace(FIGURES, by_finger=0, by_face=0, by_commission=0), (), (), EVENING)
    text = " ".join(pages(turnout_sheet(replace(CLOSED, turnout=nobody), "en")))
    assert words("paper.nobody") in text


def test_the_same_day_gives_the_same_bytes(paper: Make, qtbot: QtBot) -> None:
    first = paper(CLOSED, "ky")
    until = int(time.time()) + 1  # a PDF's dates have whole seconds
    while time.time() < until:
        time.sleep(0.02)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(paper, CLOSED, "ky").result() == first
    local = CLOSED.turnout.at.astimezone()
    assert f"/CreationDate (D:{local:%Y%m%d%H%M%S}".encode() in first
    assert paper(replace(CLOSED, station="9042-2"), "ky") != first


def test_another_process_and_several_threads_give_the_same_bytes(qtbot: QtBot) -> None:
    program = (
        "import hashlib; from tests.papers.day_samples import CLOSED; "
        "from station_app.papers.day_papers import protocol; "
        "print(hashlib.sha256(protocol(CLOSED, 'ky')).hexdigest())"
    )
    command = [sys.executable, "-c", program]
    root = Path(__file__).parents[2]
    other = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    with ThreadPoolExecutor(3) as pool:
        made = {
            future.result() for future in [pool.submit(protocol, CLOSED, "ky") for _ in range(6)]
        }
    assert [hashlib.sha256(pdf).hexdigest() for pdf in made] == [other.stdout.strip()]


def test_every_code_has_words() -> None:
    words = words_of("en")
    keys = [f"paper.outcome.{kind}" for kind in OutcomeKind]
    keys += [f"paper.method.{method}" for method in Method]
    keys += [f"paper.count.{what}" for what in Count]
    keys += [f"paper.sign.{role}" for role in Role]
    own = (Paper.HEAD_SLIP, Paper.READINESS)  # a slip, and a sheet with words of its own
    keys += [f"paper.title.{one}" for one in Paper if one not in own]
    kinds = [kind for kind, cls in KINDS.items() if cls.about.incident]
    kinds += [MANUAL_SHARE, ROWS_MARKED, VOTERS_MISSING, "interrupted"]
    keys += [f"paper.incident.{kind}" for kind in kinds]
    reasons = [*PauseReason, *ReopenReason, *VoidReason, *Count]
    keys += [f"paper.detail.{reason}" for reason in reasons]
    assert [key for key in keys if key not in words] == []
