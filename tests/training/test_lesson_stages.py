"""A lesson asks no stage for what it does not have; the author is told the line."""

import pytest

from station_app.training.lesson_file import LessonRefusedError, lesson_of

HEAD = "lesson: x\nfor: operator\ntitle: X\npeople: {a: {voter: 1}}\n"


@pytest.mark.parametrize(
    ("at", "steps", "line", "said"),
    [
        ("desk", "  - do: unlock\n", 7, "unlock is for a whole station"),
        ("desk", "  - happens: [no_list]\n    do: room\n", 7, "no_list is for a whole station"),
        ("desk", "  - do: room\n  - do: takeover\n", 8, "takeover is for a whole station"),
        ("station", "  - do: unlock\n  - do: face\n", 8, "face is for a desk"),
        (
            "station",
            "  - do: unlock\n  - happens: [camera_out]\n    do: room\n",
            8,
            "camera_out is for a desk",
        ),
        (
            "station",
            "  - do: unlock\n  - happens: [identified a]\n    do: room\n",
            8,
            "identified belongs to the first step",
        ),
    ],
)
def test_what_a_stage_lacks(at: str, steps: str, line: int, said: str) -> None:
    with pytest.raises(LessonRefusedError) as caught:
        lesson_of(f"{HEAD}at: {at}\nsteps:\n{steps}".encode(), "x.yaml")
    assert [(one.line, said in one.reason) for one in caught.value.faults] == [(line, True)]


def test_what_it_has() -> None:
    steps = "  - happens: [identified a]\n    do: unlock\n    shows: ready\n"
    assert lesson_of(f"{HEAD}at: station\nsteps:\n{steps}".encode(), "x.yaml").steps
