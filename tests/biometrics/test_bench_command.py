import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from station_app.assembly import command_line
from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.matching import Examination
from station_app.domain.samples import FingerImage
from station_app.evaluation import bench, core_bench, gallery_growth
from station_app.evaluation.core_bench import Effort
from station_app.evaluation.finger_speed import at_size
from station_app.evaluation.gallery_growth import DEFAULT, WHOLE, FingerMaker, Growth, fit_lines
from station_app.evaluation.nbis import MISSING, as_png, bozorth_here
from station_app.evaluation.timing import Spread, interleaved
from station_app.synthetic.presets import Preset

Impression = Callable[[int, int], FingerImage]

PROMISED = {
    "extract_ms_p50", "prefilter_templates_per_s", "rerank20_ms", "verdict_ms_p50",
    "verdict_ms_p95", "bozorth3_us", "gallery_bytes_per_finger",
}  # fmt: skip
DETAILS = {
    "notes", "machine", "extraction", "prefilter", "growth_line", "rerank", "comparison",
    "verdict", "memory", "bozorth3", "ratios",
}  # fmt: skip
TINY = Effort(1, 2, 2, 2, (40, 80, 160), ((20, 2), (15, 10)))
ONCE = replace(TINY, probes=1, verdicts=1, pairs=1)


class Yardstick:
    """Answers at once, as the package does after a while."""

    def extract(self, image: bytes) -> bytes:
        return image

    def score(self, one: bytes, other: bytes) -> int:
        return len(one + other) % 60


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch, impression: Impression) -> None:
    """A bench of a second, of fingers that other tests want, too."""
    monkeypatch.setattr(bench, "QUICK", TINY)
    monkeypatch.setattr(core_bench, "SIZES", (core_bench.FIRST_SIZE,))
    monkeypatch.setattr(bench, "_FINGERS_QUICK", 2)

    def pressed(seed: int, number: int, preset: Preset) -> FingerImage:
        assert preset is Preset.GOOD
        return impression(seed + 1, number + 1)

    monkeypatch.setattr(bench, "pressed", pressed)
    monkeypatch.setattr(core_bench, "bozorth_here", lambda: None)


@pytest.fixture
def enrolled(engine: FingerEngine, extracted: Callable[[int, int], Any]) -> list[EnrolledTemplate]:
    return [engine.enrolled(extracted(finger, 1)) for finger in (1, 2)]


@pytest.mark.usefixtures("little")
def test_json_of_real_images_without_the_yardstick(tmp_path: Path, impression: Impression) -> None:
    for finger in (1, 2):
        for number in (1, 2):
            (tmp_path / f"{finger}_{number}.png").write_bytes(as_png(impression(finger, number)))
    arguments = ["bench", "--quick", "--images", str(tmp_path)]
    result = CliRunner().invoke(command_line.app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert set(figures) == PROMISED | DETAILS
    assert figures["notes"]["images"] == f"2 fingers, 4 images, {tmp_path.name}"
    rates = figures["prefilter_templates_per_s"]
    assert {"40", "80", "160"} < set(rates)
    assert rates["160"] > 0
    assert rates["1000000"] is None
    numbers = PROMISED - {"prefilter_templates_per_s", "bozorth3_us"}
    assert all(figures[name] > 0 for name in numbers)
    assert (figures["bozorth3_us"], figures["bozorth3"], figures["ratios"]) == (None, None, {})
    assert figures["notes"]["bozorth3"] == MISSING
    verdicts = figures["verdict"]
    strangers = verdicts.pop("20 x 2, 320x384, strangers")
    assert [strangers[name] for name in ("mate_first", "identified", "misidentified")] == [0] * 3
    assert {one["mate_first"] for one in verdicts.values()} == {1}
    assert verdicts["20 x 2, 256x288"]["fingers"] == 40
    assert {"station's", "numpy, two stages", "search"} <= set(figures["prefilter"]["80"]["times"])

    for name in ("2_1.png", "2_2.png"):
        (tmp_path / name).unlink()
    refused = CliRunner().invoke(command_line.app, arguments)
    assert refused.exit_code == 1
    assert "at least two fingers" in refused.stderr


@pytest.mark.usefixtures("little")
def test_tables_of_invented_fingers_with_the_yardstick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_bench, "bozorth_here", Yardstick)
    monkeypatch.setattr(bench, "QUICK", ONCE)
    result = CliRunner().invoke(command_line.app, ["bench", "--quick"])
    assert result.exit_code == 0, result.output
    for words in (
        "2 fingers, 4 images, invented", "| 256x288, one thread", "| 320x384, mindtct",
        "| 1:1, same finger, bozorth3", "| prefilter: ns a finger", "| search of 160",
        "| comparison 1:1",
    ):  # fmt: skip
        assert words in result.stdout


def test_wrong_usage_and_a_missing_folder(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(command_line.app, ["bench", "--images", str(tmp_path / "no")]).exit_code == 1
    assert run(command_line.app, ["bench", "--dpi", "many"]).exit_code == 2


@pytest.mark.usefixtures("little")
def test_stops_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> Examination:
        raise KeyboardInterrupt

    monkeypatch.setattr("station_app.biometrics.fingerprint.search.Searcher.examine", stop)
    result = CliRunner().invoke(command_line.app, ["bench", "--quick"])
    assert result.exit_code == 130
    assert "nothing was measured" in result.stderr


def test_cases_take_turns() -> None:
    calls: list[tuple[str, int]] = []
    told: list[tuple[int, int]] = []
    cases = {name: lambda x, name=name: calls.append((name, x)) for name in "ab"}
    spreads = interleaved(cases, [1, 2, 3], lambda done, of: told.append((done, of)))
    turns = [("a", 1), ("b", 1), ("b", 2), ("a", 2), ("a", 3), ("b", 3)]
    assert calls == [("a", 1), ("b", 1), *turns]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert spreads["a"].runs == 3
    assert 0 <= spreads["a"].cpu_p50 <= spreads["a"].cpu_p95


def grown(times: dict[int, float]) -> Iterator[Growth]:
    for size, ms in times.items():
        yield Growth(size, {}, dict.fromkeys((WHOLE, DEFAULT), Spread(ms, ms, ms, ms, ms, 1)))


def test_a_straight_line_is_found() -> None:
    line = fit_lines(grown({1000: 12.0, 10_000: 30.0, 100_000: 210.0}))[WHOLE]
    assert (line.ns_per_finger, line.intercept_ms) == (2000, 10)
    assert (line.r_squared, line.worst_percent) == (1, 0)
    curved = fit_lines(grown({1000: 1.0, 10_000: 100.0, 100_000: 10_000.0}))
    assert curved["prefilter"].worst_percent > 30
    assert fit_lines(grown({1000: 12.0, 10_000: 30.0})) == {}


def test_made_lists(enrolled: list[EnrolledTemplate]) -> None:
    maker = FingerMaker(enrolled)
    gallery = Gallery(maker.chunks(51, 2), ENGINE)
    assert len(gallery) == 51
    assert gallery.rows.tolist() == [number // 2 for number in range(51)]
    assert set(gallery.positions.tolist()) == {1, 2}
    assert [*maker.chunks(51, 2)] == [*maker.chunks(51, 2)]
    # Made out of only two fingers, they still are less like each than it is like itself.
    own = np.frombuffer(enrolled[1].encoding, np.int8).reshape(-1, 64)
    scores = gallery.scores(own)
    assert scores.argmax() == 1
    assert np.sort(scores)[-2] < 0.7 * scores[1]
    assert maker.fetch(2)([(0, 2)]) == [enrolled[1].content]
    stored = maker.fetch(2)([(row // 2, 1 + row % 2) for row in range(51)])
    assert all(
        len(one) >= 4 + 6 * n for one, n in zip(stored, gallery.counts.tolist(), strict=True)
    )
    assert len(maker.made(3)) == 3


def test_what_does_not_fit_into_memory_is_skipped(
    monkeypatch: pytest.MonkeyPatch, engine: FingerEngine, enrolled: list[EnrolledTemplate]
) -> None:
    monkeypatch.setattr(gallery_growth, "free_bytes", lambda: 2**30)
    answer = gallery_growth.grow(engine, FingerMaker(enrolled), [], [1_000_000], pytest.fail)
    assert "1.0 GB are free" in answer["1000000"].skipped
    assert answer["1000000"].times == {}


@pytest.mark.parametrize("size", [(256, 288), (320, 384), (384, 352)])
def test_images_of_any_size(impression: Impression, size: tuple[int, int]) -> None:
    image = at_size(impression(1, 1), *size)
    assert (image.width, image.height) == size


def test_the_yardstick_where_it_is_installed(impression: Impression) -> None:
    yardstick = bozorth_here()
    if yardstick is None:
        pytest.skip(MISSING)
    one, again, other = (
        yardstick.extract(as_png(impression(finger, number)))
        for finger, number in ((1, 1), (1, 2), (2, 1))
    )
    assert yardstick.score(one, again) > 50 > yardstick.score(one, other)
