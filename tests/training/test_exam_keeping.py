"""The exam's sheet on a stick: all of it or nothing, and nothing else is replaced."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from station_app.devices.media import Medium
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.flow.sticks import StickFinder
from station_app.training.exam_keeping import keep_sheet, sheet_facts
from tests.devices.folder_medium import folder_as_medium
from tests.papers.exam_samples import LEFT, RIGHT, WRONG
from tests.private_mounts import run_with_mounts

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def stick(tmp_path: Path) -> Medium:
    return folder_as_medium(tmp_path)


def finder(stick: Medium) -> StickFinder:
    return StickFinder([], lambda: [stick])


def test_text_facts_and_page(stick: Medium, qtbot: QtBot) -> None:
    names = keep_sheet(finder(stick), stick, WRONG)
    assert sorted(Path(name).suffix for name in names) == [".json", ".pdf", ".txt"]
    assert {path.name for path in stick.folder.iterdir()} == set(names)
    found = {Path(name).suffix: stick.folder / name for name in names}
    facts = json.loads(found[".json"].read_bytes())
    assert facts == sheet_facts(WRONG)
    assert facts["training"] is True
    assert facts["right"] + sum(bool(line["errors"]) for line in facts["lines"]) == 20
    assert sum(facts["errors"].values()) == sum(len(line["errors"]) for line in facts["lines"])
    assert found[".txt"].read_text(encoding="utf-8").startswith("TRAINING. Exam sheet\n")
    assert found[".pdf"].read_bytes().startswith(b"%PDF")


def test_another_sheet_is_not_replaced(stick: Medium, qtbot: QtBot) -> None:
    first = keep_sheet(finder(stick), stick, RIGHT)
    other = keep_sheet(finder(stick), stick, LEFT)
    assert not set(first) & set(other)
    assert len(list(stick.folder.iterdir())) == 6


def test_what_is_left_of_another_sheet_is_not_replaced(stick: Medium, qtbot: QtBot) -> None:
    left = stick.folder / next(
        one for one in keep_sheet(finder(stick), stick, RIGHT) if one.endswith(".txt")
    )
    left.write_bytes(b"with the trainer's notes")
    left.with_suffix(".json").unlink()
    keep_sheet(finder(stick), stick, RIGHT)
    assert left.read_bytes() == b"with the trainer's notes"


def test_no_name_is_in_it() -> None:
    assert {key for line in sheet_facts(RIGHT)["lines"] for key in line} == {
        "number", "case", "fault", "seconds", "errors",
    }  # fmt: skip


def test_a_stick_that_is_full_or_read_only_is_told_and_keeps_no_part(tmp_path: Path) -> None:
    """On real small disks."""
    assert run_with_mounts("tests.training.exam_sticks", tmp_path) == {
        "full": [Code.MEDIUM_FULL, 0],
        "read_only": [Code.MEDIUM_READ_ONLY, 0],
        "roomy": [3, 3],
    }


def test_a_stick_that_was_pulled(stick: Medium, qtbot: QtBot) -> None:
    with pytest.raises(KnownError) as caught:
        keep_sheet(StickFinder([], list), stick, RIGHT)
    assert caught.value.code == Code.MEDIUM_LOST
    assert list(stick.folder.iterdir()) == []


def test_one_pulled_while_writing(stick: Medium, qtbot: QtBot) -> None:
    looks = iter([[stick], []])
    with pytest.raises(KnownError) as caught:
        keep_sheet(StickFinder([], lambda: next(looks)), stick, RIGHT)
    assert caught.value.code == Code.MEDIUM_LOST
    assert list(stick.folder.iterdir()) == [], "no file stays where no stick is"


def test_a_real_stick_that_may_not_be_written(stick: Medium, qtbot: QtBot) -> None:
    gone = replace(stick, folder=stick.folder / "not there")
    with pytest.raises(KnownError) as caught:
        keep_sheet(finder(gone), gone, RIGHT)
    assert caught.value.code == Code.MEDIUM_LOST
