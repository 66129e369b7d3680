import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from station_app.evaluation.evaluate import app


@pytest.mark.realdata
def test_fvc2002_db1_meets_its_targets(real_fingers: Path) -> None:
    folder = real_fingers / "fvc2002_db1"
    if not folder.is_dir():
        pytest.skip("no fvc2002_db1")
    result = CliRunner().invoke(app, ["fingerprints", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert (figures["images"], figures["fingers"]) == (80, 10)
    assert figures["eer_fvc"] <= 1.5
    assert figures["rank1"] >= 97
    assert figures["failed_to_extract"] == 0
