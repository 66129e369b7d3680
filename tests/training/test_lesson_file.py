"""Lesson files: what is read of a good one, and every fault of a bad one, with its line."""

from pathlib import Path

import pytest

from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason
from station_app.domain.fingers import FingerPosition
from station_app.domain.shown_text import terminal_text
from station_app.synthetic.presets import Preset
from station_app.training.actions import CloseDay, Decide, LayFinger
from station_app.training.happenings import Comes, Count, WasIdentified
from station_app.training.lesson import DEMO_VOTERS, Audience, StageKind
from station_app.training.lesson_facts import Shown
from station_app.training.lesson_file import (
    LARGEST,
    LessonRefusedError,
    lesson_of,
    read_lesson,
    shipped_lessons,
)
from station_app.training.lists import DEMO_VOTERS as LISTED

GOOD = """\
lesson: cold_morning
for: operator
title: A cold morning
why: {en: Cold fingers are dry., ru: Холодные пальцы сухие.}
people:
  first: {voter: 128, says: My hands are cold.}
  guest: {stranger: 3, document: none}
steps:
  - happens: [identified first, comes first, count 4]
    do: finger right_index dry
    shows: try_again
    say: Let them lay the finger down as it is.
    offers: [finger right_index dry, finger left_index]
  - do: decide confirmed worn id_card
  - do: close_day 2 3 one was spoiled
"""
STEP = """\
lesson: x
for: operator
title: X
people: {a: {voter: 1}, s: {stranger: 0, document: none}}
steps:
"""


def test_a_good_file_is_a_lesson() -> None:
    lesson = lesson_of(GOOD.encode(), "good.yaml")
    assert (lesson.id, lesson.audience, lesson.at) == (
        "cold_morning", Audience.OPERATOR, StageKind.DESK,
    )  # fmt: skip
    assert lesson == lesson_of(GOOD.encode("utf-8-sig"), "by an editor that marks its files")
    assert lesson.title.written("ky") == "A cold morning"
    assert lesson.why is not None
    assert (lesson.why.written("ru"), lesson.why.written("ky")) == (
        "Холодные пальцы сухие.", "Cold fingers are dry.",
    )  # fmt: skip
    first, guest = lesson.people.values()
    assert (first.row, first.document, first.has_document) == (128, 128, True)
    assert (guest.row, guest.stranger, guest.has_document) == (None, 3, False)
    dry = LayFinger(FingerPosition.RIGHT_INDEX, Preset.DRY)
    step, decided, closed = lesson.steps
    assert (step.do, step.shows, step.line) == (dry, Shown.TRY_AGAIN, 9)
    assert step.happens == (WasIdentified("first"), Comes("first"), Count(4))
    assert step.offers == (dry, LayFinger(FingerPosition.LEFT_INDEX))
    assert step.sentence().written("en") == "Let them lay the finger down as it is."
    assert decided.do == Decide(Decision.CONFIRMED, ManualReason.WORN, DocumentSeen.ID_CARD)
    assert isinstance(closed.do, CloseDay)
    assert (closed.do, closed.do.note) == (CloseDay(2, 3), "one was spoiled")


def test_shipped_lessons_have_names_of_their_own() -> None:
    lessons = shipped_lessons()
    assert len({one.id for one in lessons}) == len(lessons)
    assert all(one.is_shipped and one.title.key == f"lesson.{one.id}.title" for one in lessons)
    assert DEMO_VOTERS == LISTED


@pytest.mark.parametrize(
    ("bad", "line", "says"),
    [
        ("", 1, "empty"),
        ("- a\n", 1, "name: value"),
        ("lesson: x\n", 1, "missing here: for, steps, title"),
        (f"{STEP}  - do: dance\n", 6, "no action «dance»; there are: finger, sit"),
        (f"{STEP}  - do: finger\n", 6, "write finger POSITION [MANNER]"),
        (f"{STEP}  - do: next now\n", 6, "«now» is too much"),
        (f"{STEP}  - do: decide confirmed tired id_card\n", 6, "none of: injured, worn"),
        (f"{STEP}  - do: decide refused other none\n", 6, "id_card, passport or other"),
        (f"{STEP}  - do: close_day 99999999999999999999 1\n", 6, "no whole number"),
        (f"{STEP}  - do: close_day ² 1\n", 6, "no whole number"),
        (f"{STEP}  - do: close_day 0000009999999 1\n", 6, "no whole number"),
        (f"{STEP}  - do: next\n  - do: next\n    shows: nirvana\n", 8, "shows cannot be"),
        (f"{STEP}  - do: next\n    shows: [ready]\n", 7, "a list or a group"),
        (f"{STEP}  - shows: ready\n", 6, "missing here: do"),
        (f"{STEP}  - do: next\n    do: next\n", 7, "here twice"),
        (f"{STEP}  - do: next\n    tell: x\n", 7, "«tell» is not known here"),
        (f"{STEP}  - do: next\n    ? [a]\n    : b\n", 7, "this is not known here"),
        (f"{STEP}  - do: next\n    happens: comes a\n", 7, "here belongs a list"),
        (f"{STEP}  - do: next\n    happens: []\n", 7, "this list is empty"),
        (f"{STEP}  - do: next\n    happens: [comes b]\n", 7, "no «b» among the people: a, s"),
        (f"{STEP}  - do: next\n  - do: next\n    happens: [day_is_before]\n", 8, "first step"),
        (f"{STEP}  - do: next\n    offers: [next]\n", 7, "not done at the bar"),
        (f"{STEP}  - do: finger right_index\n", 6, "nobody is at the desk"),
        (f"{STEP}  - happens: [comes s]\n    do: pin\n", 6, "nobody with a document"),
        (
            f"{STEP}  - happens: [comes a]\n    do: sit\n    offers: [paper]\n", 6,
            "lack what this step asks for",
        ),
        (f"{STEP}  - do: next\n    say: {'x' * 161}\n", 7, "longer than 160"),
        (f"{STEP}  - do: next\n    say: {{xx: y}}\n", 7, "«xx» is not known here"),
        (f"{STEP}{'  - do: next' * 1}\n" + "  - do: next\n" * 40, 6, "at most 40"),
        (f"{STEP}  - do: unlock\n", 6, "unlock is not possible here; it belongs to"),
        (f"{STEP}  - happens: [power_cut]\n    do: next\n", 6, "power_cut is not possible here"),
        (f"{STEP}  - do: takeover\n", 6, "takeover is not possible here"),
        (f"at: station\n{STEP}  - do: face\n", 7, "face is not possible here"),
        (f"at: station\n{STEP}  - happens: [camera_out]\n    do: next\n", 7, "camera_out is not"),
        (
            f"{STEP}  - happens: [day_is_before, identified a]\n    do: next\n", 6,
            "nobody is identified before the day",
        ),
        (
            f"{STEP}  - happens: [identified a, identified a]\n    do: next\n", 6,
            "a voter is identified once",
        ),
        (f"{STEP}  - happens: [identified s]\n    do: next\n", 6, "a stranger cannot have been"),
        (f"{STEP}  - do: room\n    shows: technician.load\n", 6, "shows: technician.load is not"),
        (f"at: station\n{STEP}  - do: next\n    shows: face\n", 7, "shows: face is not possible"),
        (f"{STEP}  - do: next\n  - do: next\n    happens: [identified a]\n", 8, "the first step"),
        (GOOD.replace("voter: 128", "voter: 300"), 6, "from 0 to 299"),
        (GOOD.replace("voter: 128", "voter: -1"), 6, "from 0 to 299"),
        (GOOD.replace("{voter: 128", "{voter: 128, stranger: 1"), 6, "either a voter or a"),
        (GOOD.replace("document: none", "document: 300"), 7, "from 0 to 299"),
        (GOOD.replace("  first:", "  First:"), 6, "a name is a word of a-z"),
        (GOOD.replace("cold_morning", "../cold"), 1, "the lesson's name is a word"),
        (GOOD.replace("for: operator", "for: everybody"), 2, "it is one of: operator"),
        (GOOD.replace("A cold", "A\tcold"), 3, "a tab; write spaces"),
        (GOOD.replace("A cold", "A \u202ecold"), 3, "invisible character (U+202E)"),
        (GOOD.replace("A cold", "A \x07cold"), 3, "invisible character (U+0007)"),
        (GOOD.replace("A cold", "A \ufeffcold"), 3, "invisible character (U+FEFF)"),
        (GOOD.replace("A cold morning", '"A \\e[2J"'), 3, "delete what begins with"),
        (GOOD.replace("A cold morning", '"A \\ufeffcold"'), 3, "delete what begins with"),
        (GOOD.replace("A cold morning", '"A \\UFFFFFFFF"'), 1, "not YAML"),
        (GOOD.replace("title: A", "title: &a A"), 3, "anchors and aliases"),
        (GOOD.replace("title: A cold morning", "title: *a"), 3, "anchors and aliases"),
        (GOOD.replace("title: A", "title: !!python/name:os.system A"), 3, "tags"),
        (GOOD.replace("title: A", "title: !x A"), 3, "tags"),
        (f"%YAML 1.1\n---\n{GOOD}", 1, "one document"),
        (f"{GOOD}---\n{GOOD}", 16, "one document"),
        (GOOD.replace("title: A", "title: a: A"), 3, "not YAML: mapping values"),
        (GOOD.replace("[identified", "[[[[[identified"), 9, "nested too deeply"),
        ("[" * 60_000, 1, "nested too deeply"),
        ("{a: " * 15_000, 1, "nested too deeply"),
        ("- - - - - - - - - -\n" * 3000, 1, "nested too deeply"),
        ("- x\n" * 16_000, 4000, "too much in this file"),
        ("'" * 60_001, 1, "not YAML"),
        ("a: >\n" + " x\n" * 20_000, 1, "missing here"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_with_line_and_reason(bad: str, line: int, says: str) -> None:
    with pytest.raises(LessonRefusedError) as refused:
        lesson_of(bad.encode(), "bad.yaml")
    fault = refused.value.faults[0]
    assert says in fault.reason, fault
    assert fault.line == line, fault
    assert f"bad.yaml, line {line}: " in refused.value.message
    assert terminal_text(fault.reason) == fault.reason
    assert len(fault.reason) < 600, "a huge argument is not repeated"


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"lesson: x\nfor: \xff\n", 2), (GOOD.encode("utf-16"), 1), (b"\x00" * 100, 1)],
)
def test_what_is_no_text_is_refused(content: bytes, line: int) -> None:
    with pytest.raises(LessonRefusedError) as refused:
        lesson_of(content, "bad.yaml")
    assert [one.line for one in refused.value.faults] == [line]


def test_every_fault_is_said() -> None:
    bad = GOOD.replace("voter: 128", "voter: x").replace("try_again", "nowhere")
    with pytest.raises(LessonRefusedError) as refused:
        lesson_of(bad.replace("title: A cold morning\n", "").encode(), "bad.yaml")
    said = {one.line for one in refused.value.faults}
    assert {1, 5, 10} <= said


def test_a_file_full_of_faults_is_answered_shortly() -> None:
    with pytest.raises(LessonRefusedError) as refused:
        lesson_of("".join(f"k{number}: x\n" for number in range(1900)).encode(), "bad.yaml")
    assert len(refused.value.faults) == 50
    assert refused.value.faults[0].line == 1


def test_only_a_plain_file_of_bounded_size_is_read(tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_text(GOOD, encoding="utf-8")
    assert read_lesson(good).id == "cold_morning"
    large, link, missing = tmp_path / "large.yaml", tmp_path / "link.yaml", tmp_path / "none.yaml"
    large.write_bytes(b"#" * (LARGEST + 1))
    link.symlink_to(good)
    for path, code in (
        (large, "file_too_large"), (link, "not_a_regular_file"), (tmp_path, "not_a_regular_file"),
        (missing, "lesson_unreadable"),
    ):  # fmt: skip
        with pytest.raises(Exception) as refused:  # noqa: PT011  (a KnownError; its code is what counts)
            read_lesson(path)
        assert getattr(refused.value, "code", None) == code


def test_words_of_a_shipped_lesson_are_keys() -> None:
    shipped = GOOD.replace("title: A cold morning\n", "").replace("why:", "tip:")
    with pytest.raises(LessonRefusedError) as refused:
        lesson_of(shipped.encode(), "bad.yaml", is_shipped=True)
    reasons = " ".join(one.reason for one in refused.value.faults)
    assert "«tip» is not known here" in reasons
    assert "says of a shipped lesson is a key" in reasons
