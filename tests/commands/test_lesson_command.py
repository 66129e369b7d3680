"""`station-app lesson`: what there is, what is wrong with a file, one without a person."""

import json
from pathlib import Path

import pytest

from station_app.languages import language_codes
from station_app.training.lesson_file import shipped_lessons
from tests.assembly.command_runs import run_here, run_program

GOOD = """\
lesson: mine
for: operator
title: Mine
people: {a: {voter: 3}}
steps:
  - {happens: [comes a], do: finger right_index, shows: identified}
"""


@pytest.mark.parametrize("language", language_codes())
def test_lessons_are_listed_with_their_titles(language: str) -> None:
    run = run_here("lesson", "list", "--language", language, "--json")
    assert run.code == 0
    listed = json.loads(run.out)
    assert [one["id"] for one in listed] == [one.id for one in shipped_lessons()]
    assert all(one["title"] for one in listed)
    plain = run_here("lesson", "list", "--language", language)
    assert len(plain.out.splitlines()) == len(listed)


def test_every_fault_of_every_file_is_said(tmp_path: Path) -> None:
    good, bad, none = tmp_path / "good.yaml", tmp_path / "bad.yaml", tmp_path / "none.yaml"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text(GOOD.replace("voter: 3", "voter: x").replace("identified", "so"), "utf-8")
    run = run_here("lesson", "check", good, bad, none)
    assert run.code == 1
    lines = run.out.splitlines()
    assert lines[0] == f"{good}: mine, 1 steps, no fault"
    assert lines[1].startswith(f"{bad}:4: ")
    assert lines[2].startswith(f"{bad}:6: ")
    assert str(none) in lines[-1]
    assert run_here("lesson", "check", good).code == 0


def test_a_lesson_that_is_not_there_is_refused(tmp_path: Path) -> None:
    run = run_here("lesson", "run", "juggling", "--headless")
    assert run.code == 1
    assert "first_voter" in run.err
    assert run_here("lesson", "run", tmp_path / "x.yaml", "--headless").code == 1
    assert run_here("lesson", "run", "a" * 300, "--headless").code == 1
    assert run_here("lesson", "run", "--headless").code == 2


def test_a_step_that_is_not_recognised_is_named(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(GOOD.replace("shows: identified", "shows: already"), encoding="utf-8")
    run = run_program("lesson", "run", mine, "--headless", "--language", "en")
    assert run.code == 1
    assert "mine: step 1 of 1 (line 6) was not recognised" in run.out
