import json
from collections.abc import Callable
from functools import partial
from math import log10
from pathlib import Path

import pytest
from typer.testing import CliRunner

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.template import Template
from station_app.domain.samples import FingerImage
from station_app.evaluation.evaluate import app
from station_app.evaluation.gallery_growth import searcher_of
from station_app.evaluation.strangers import Stranger, search_strangers
from station_app.synthetic.presets import Preset

Impression = Callable[[int, int], FingerImage]


def test_a_voter_among_the_strangers_is_counted(
    engine: FingerEngine, impression: Impression, extracted: Callable[[int, int], Template]
) -> None:
    searcher = searcher_of(engine, [(row, engine.enrolled(extracted(row, 1))) for row in (1, 2)])
    queue = [
        Stranger("stranger", partial(impression, 3, 1)),
        Stranger("voter", partial(impression, 1, 2)),
        Stranger("stranger", partial(impression, 4, 1)),
    ]
    figures = search_strangers(searcher, 2, queue, 5.0, 35, lambda *_: None)
    strangers, voter = figures.conditions
    assert (strangers.searches, strangers.adequate, strangers.wrong) == (2, 2, 0)
    assert (voter.searches, voter.wrong) == (1, 1)
    assert figures.wrong == 1
    assert figures.largest == voter.largest > 5 > strangers.largest
    assert figures.expected == pytest.approx(log10(6))


def test_the_command_on_invented_voters() -> None:
    result = CliRunner().invoke(app, ["strangers", "--invented", "1", "--people", "1", "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert (figures["fingers"], figures["searches"]) == (2, len(Preset) + 3)
    assert figures["wrong"] == 0
    assert figures["conditions"][-1]["name"] == "12 % of a good print"


def test_the_command_refuses_what_is_no_list(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["strangers", "--precinct", str(tmp_path / "no.vlist")])
    assert result.exit_code == 1
    assert "no.vlist" in result.stderr
