"""Slips as dots: what a person at a table must be able to read off them."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from string import Formatter

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from station_app.domain.day_report import Head
from station_app.domain.slips import HeadSlip, Slip, SlipImage, SlipMark
from station_app.languages import language_codes
from station_app.papers.fonts import TEXT_FAMILY, load_fonts
from station_app.papers.paper_words import words_of
from station_app.papers.slip import SlipPlace, draw_slip, slip_picture

NOW = datetime(2026, 11, 29, 8, 14, 5, tzinfo=UTC)
HEAD = Head(1204, bytes.fromhex("9f3a71c4" + "5e" * 28), "note")
SLIP = Slip(1204, NOW, 612, 21, 12, "Токтоналиева А. К.", HEAD.short)
HEAD_SLIP = HeadSlip(NOW, HEAD, 512)
PLACE = SlipPlace("9042", "9042-1", "live", ("ky", "ru"))


def rows_of(image: SlipImage) -> list[int]:
    """Black dots a row."""
    row = image.row_bytes
    return [
        int.from_bytes(image.pixels[y * row : (y + 1) * row], "big").bit_count()
        for y in range(image.height)
    ]


@pytest.mark.parametrize("width", [576, 384])
@pytest.mark.parametrize("slip", [SLIP, HEAD_SLIP], ids=["slip", "head"])
def test_a_slip_has_white_edges_and_a_length(
    slip: Slip | HeadSlip, width: int, qtbot: QtBot
) -> None:
    image = draw_slip(slip, width, PLACE)
    assert image.width == width
    assert 400 < image.height < 1500
    picture = slip_picture(image).convertToFormat(slip_picture(image).Format.Format_RGB32)
    edge = [picture.pixelColor(x, y) for y in range(image.height) for x in (0, 1, width - 1)]
    assert all(colour.lightness() == 255 for colour in edge)
    assert rows_of(image)[0] == rows_of(image)[-1] == 0


def test_the_list_number_is_read_at_arms_length(qtbot: QtBot) -> None:
    """Digits of 18 mm on wide paper; a longer number is smaller, but whole."""
    one = draw_slip(replace(SLIP, list_number=1111), 576, PLACE)
    other = draw_slip(replace(SLIP, list_number=1118), 576, PLACE)
    row = one.row_bytes
    pairs = zip(
        (one.pixels[y * row : y * row + row] for y in range(one.height)),
        (other.pixels[y * row : y * row + row] for y in range(other.height)),
        strict=True,
    )
    differing = [y for y, (left, right) in enumerate(pairs) if left != right]
    assert (differing[-1] - differing[0]) / 8 > 18
    for width in (576, 384):
        long = slip_picture(draw_slip(replace(SLIP, list_number=4000000), width, PLACE))
        assert all(long.pixelIndex(width - 3, y) == 0 for y in range(long.height()))


def test_marks_are_seen(qtbot: QtBot) -> None:
    plain = draw_slip(SLIP, 576, PLACE)
    copy = draw_slip(replace(SLIP, mark=SlipMark.COPY), 576, PLACE)
    late = draw_slip(replace(SLIP, mark=SlipMark.AFTER_FAULT), 576, PLACE)
    assert sum(count > 500 for count in rows_of(plain)) < 10  # two lines
    assert sum(count > 500 for count in rows_of(copy)) > 15
    assert late.height > plain.height
    assert sum(count > 500 for count in rows_of(late)) < 15
    practice = draw_slip(SLIP, 576, replace(PLACE, kind="training"))
    assert sum(count > 500 for count in rows_of(practice)) > 15


def test_the_ballots_a_voter_is_due_are_on_the_slip_however_long(qtbot: QtBot) -> None:
    plain = draw_slip(SLIP, 384, PLACE)
    two = draw_slip(replace(SLIP, ballots=("President", "Council")), 384, PLACE)
    assert two.height > plain.height
    titles = tuple(f"{n} " + "Ж" * 298 for n in range(9))
    many = draw_slip(replace(SLIP, ballots=titles), 384, PLACE)
    last = draw_slip(replace(SLIP, ballots=titles[:-1]), 384, PLACE)
    assert many.height > last.height
    tail = rows_of(plain)[-110:]
    assert [one > 0 for one in rows_of(many)[-110:]] == [one > 0 for one in tail], "nothing is cut"


def test_a_slip_that_is_kept_has_no_name(qtbot: QtBot) -> None:
    named, nameless = draw_slip(SLIP, 576, PLACE), draw_slip(replace(SLIP, name=""), 576, PLACE)
    assert nameless.height < named.height
    no_place = draw_slip(replace(SLIP, name="", page=0, line=0), 576, PLACE)
    assert no_place.height < nameless.height


def test_a_language_more_makes_it_longer_unless_it_says_the_same(qtbot: QtBot) -> None:
    once = draw_slip(SLIP, 384, replace(PLACE, languages=("ky",)))
    assert draw_slip(SLIP, 384, replace(PLACE, languages=("ky", "ky"))) == once
    assert draw_slip(SLIP, 384, PLACE).height > once.height


def test_the_same_slip_has_the_same_dots_on_another_thread(qtbot: QtBot) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(draw_slip, SLIP, 576, PLACE).result() == draw_slip(SLIP, 576, PLACE)


def test_the_picture_is_the_dots(qtbot: QtBot) -> None:
    image = SlipImage(bytes.fromhex("800180ff0180"), 24, 2)
    picture = slip_picture(image)
    black = [[picture.pixelIndex(x, y) for x in range(24)] for y in range(2)]
    assert ["".join(map(str, row)) for row in black] == [f"{0x800180:024b}", f"{0xFF0180:024b}"]


@pytest.mark.parametrize("language", language_codes())
def test_every_letter_is_in_the_font(language: str, qtbot: QtBot) -> None:
    load_fonts()
    metrics = QFontMetrics(QFont(TEXT_FAMILY))
    words = words_of(language, "slip")
    for key in words.keys:
        assert all(metrics.inFontUcs4(ord(letter)) for letter in words._texts[key]), key


@pytest.mark.parametrize("language", language_codes())
def test_the_catalogues_are_whole(language: str) -> None:
    words, english = words_of(language, "slip"), words_of("en", "slip")
    assert words.keys == english.keys
    for key in words.keys:
        names = [
            {name for _, name, _, _ in Formatter().parse(one._texts[key]) if name}
            for one in (words, english)
        ]
        assert names[0] == names[1], key


def test_without_an_application_nothing_is_drawn_on_a_lane() -> None:
    """Qt would make one there, which crashes the process when it ends; `make_application` first."""
    program = """
import threading
from station_app.papers.document import load_paper_fonts, make_application

def draw(told):
    try:
        load_paper_fonts()
    except RuntimeError:
        told.append("refused")
    else:
        told.append("drawn")

def on_a_lane():
    told = []
    lane = threading.Thread(target=draw, args=(told,))
    lane.start()
    lane.join()
    return told[0]

print(on_a_lane())
make_application()
print(on_a_lane())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, ["refused", "drawn"]), done.stderr
