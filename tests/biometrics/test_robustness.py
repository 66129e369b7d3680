import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from station_app.domain.errors import KnownError
from station_app.domain.samples import FingerImage
from station_app.evaluation.alterations import ALTERATIONS, Alteration
from station_app.evaluation.evaluate import app
from station_app.evaluation.robustness import (
    Cases,
    RobustnessFigures,
    measure_robustness,
)

Impression = Callable[[int, int], FingerImage]
SWAPPED = Alteration("test", "another finger", lambda subject: subject.ghost)


def measured(cases: Cases, *names: str) -> RobustnessFigures:
    chosen = [one for one in (*ALTERATIONS, SWAPPED) if one.name in {"as it is", *names}]
    return measure_robustness(cases, 4.0, lambda _: 5.0, lambda *_: None, chosen)


def test_what_holds_and_what_fails(impression: Impression) -> None:
    cases = Cases(
        enrolments=[lambda: impression(1, 1), lambda: impression(2, 1), lambda: impression(3, 1)],
        probes=[(0, lambda: impression(1, 2)), (1, lambda: impression(2, 2))],
        ghost=impression(4, 1),
    )
    figures = measured(cases, "inverted", "40 %, middle", "another finger")
    assert (figures.fingers, figures.gallery) == (2, 3)
    verdicts = {row.name: row.verdict for row in figures.rows}
    assert verdicts == {
        "as it is": "holds",
        "40 %, middle": "holds",
        "inverted": "holds",
        "another finger": "fails",
    }
    plain = figures.rows[0]
    assert (plain.rank1, plain.fnmr, plain.wrongly_accepted) == (100, 0, 0)
    assert plain.median_evidence > 5 > plain.strongest_other


def test_someone_else_accepted_is_counted(impression: Impression) -> None:
    cases = Cases(
        enrolments=[lambda: impression(1, 1), lambda: impression(2, 1)],
        probes=[(0, lambda: impression(2, 2))],
        ghost=impression(4, 1),
    )
    (row,) = measured(cases).rows
    assert (row.rank1, row.fnmr, row.wrongly_accepted) == (0, 100, 1)


def test_nothing_to_measure_is_refused(impression: Impression) -> None:
    with pytest.raises(KnownError) as caught:
        measured(Cases([lambda: impression(1, 1)], [], impression(4, 1)))
    assert caught.value.code == "folder_too_few"


def test_the_command_on_a_folder(
    tmp_path: Path, impression: Impression, monkeypatch: pytest.MonkeyPatch
) -> None:
    for finger, number in ((1, 1), (1, 2), (2, 1), (2, 2)):
        image = impression(finger, number)
        pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
        assert cv2.imwrite(str(tmp_path / f"{finger}_{number}.png"), pixels)
    module = "station_app.evaluation.robustness.measure_robustness"
    few = [one for one in ALTERATIONS if one.name in {"as it is", "+15 degrees"}]
    monkeypatch.setattr(f"{module}.__defaults__", (few,))
    arguments = ["robustness", str(tmp_path), "--padding", "0", "--probes", "1"]
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert (figures["fingers"], figures["gallery"]) == (2, 2)
    assert [row["verdict"] for row in figures["rows"]] == ["holds", "holds"]
    table = CliRunner().invoke(app, arguments)
    assert "as it is" in table.stdout
    assert "+15 degrees" in table.stdout


def test_the_command_refuses_a_folder_without_images(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["robustness", str(tmp_path)])
    assert result.exit_code == 1
    assert "has no" in result.stderr
