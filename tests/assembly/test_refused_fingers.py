"""Folders and pictures that are no fingers, at the two commands that take them."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.assembly.command_runs import (
    Run,
    assert_refused,
    run_here,
    run_program,
    write_finger_folder,
)

Pixels = NDArray[np.uint8] | NDArray[np.uint16]
Picture = Callable[[], Pixels]


def noise(*shape: int) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)


def photo() -> NDArray[np.uint8]:
    """A landscape: a bright sky, dark hills, everything smooth."""
    y, x = np.mgrid[0:400, 0:320] / 320
    hills = y > 0.7 + 0.12 * np.sin(7 * x) + 0.05 * np.sin(23 * x)
    grey = np.where(hills, 60 + 40 * np.sin(4 * y), 230 - 90 * y)
    colours = np.stack([grey, grey * 0.9, grey * 0.7], axis=-1)
    return colours.clip(0, 255).astype(np.uint8)


NO_FINGERS: dict[str, Picture] = {
    "blank": lambda: np.full((384, 320), 255, np.uint8),
    "noise": lambda: noise(384, 320),
    "photo": photo,
}
NOT_READ: dict[str, Picture] = {
    "tiny": lambda: noise(10, 10),
    "huge": lambda: np.full((8000, 8000), 200, np.uint8),
}


def save(folder: Path, name: str, pixels: Pixels) -> None:
    assert cv2.imwrite(str(folder / name), pixels)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "fingers"
    folder.mkdir()
    return folder


def evaluate(folder: Path) -> Run:
    return run_here("evaluate", "fingerprints", folder)


def demo(folder: Path, run: Callable[..., Run] = run_program) -> Run:
    """In a process of its own, where the desk has the only application."""
    return run("demo", "--headless", "--fingers", folder, "--out", folder.parent / "out")


def refused_demo(folder: Path) -> Run:
    return demo(folder, run_here)


def count(run: Run, name: str) -> int:
    (line,) = [line for line in run.out.splitlines() if line.strip().startswith(name)]
    return int(line.split()[-1])


def test_pictures_of_no_finger(folder: Path) -> None:
    write_finger_folder(folder, fingers=1, impressions=2)
    for number, picture in enumerate(NO_FINGERS.values(), start=3):
        save(folder, f"101_{number}.png", picture())
    save(folder, "900_1.png", NO_FINGERS["photo"]())
    save(folder, "900_2.png", NO_FINGERS["noise"]())
    run = demo(folder)
    assert run.code == 0, run.said
    assert count(run, "wrong person") == 0
    assert count(run, "not enrolled") == 1
    assert count(run, "identified") >= 1
    measured = evaluate(folder)
    assert measured.code == 0, measured.said
    assert "Failed to extract" in measured.out


def test_pictures_that_are_not_read(folder: Path) -> None:
    write_finger_folder(folder, fingers=2, impressions=2)
    for number, picture in enumerate(NOT_READ.values(), start=3):
        save(folder, f"101_{number}.png", picture())
    (folder / "101_5.png").write_bytes((folder / "101_2.png").read_bytes()[:3000])
    (folder / "101_6.tif").write_bytes(b"II*\0 and no more")
    run = demo(folder)
    assert run.code == 0, run.said
    assert count(run, "no image") == 4
    assert count(run, "identified") == 2
    for name in sorted(path.name for path in folder.glob("101_[3-6].*")):
        refused = evaluate(folder)
        assert_refused(refused, name)
        (folder / name).unlink()
    assert evaluate(folder).code == 0


def test_any_depth_and_colour_of_a_finger(folder: Path) -> None:
    """16 bits, RGB and RGBA of the same finger: identified like the grey one."""
    write_finger_folder(folder, fingers=1, impressions=2)
    grey = cv2.imread(str(folder / "101_2.png"), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    save(folder, "101_3.png", grey.astype(np.uint16) * np.uint16(257))
    for name, pixels in (
        ("101_4.png", cv2.cvtColor(grey, cv2.COLOR_GRAY2BGRA)),
        ("101_5.bmp", cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)),
        ("101_6.tif", grey),
    ):
        save(folder, name, np.asarray(pixels, np.uint8))
    run = demo(folder)
    assert run.code == 0, run.said
    assert count(run, "identified") == count(run, "at once") == 5


@pytest.mark.parametrize("command", [evaluate, refused_demo])
def test_folders_that_are_none(command: Callable[[Path], Run], tmp_path: Path) -> None:
    def made(name: str, *files: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for file in files:
            (folder / file).write_text("x")
        return folder

    assert_refused(command(tmp_path / "missing"), "missing")
    assert_refused(command(made("empty")), "PNG")
    assert_refused(command(made("no_pictures", "readme.txt", "1_1.jpg")), "PNG")
    assert_refused(command(made("misnamed", "left.png", "right.png")), "<finger>_<impression>")
    (tmp_path / "file").write_text("x")
    assert_refused(command(tmp_path / "file"))


def test_nobody_to_queue(folder: Path) -> None:
    """One impression each, or none that can be enrolled: nothing to show, and it says why."""
    write_finger_folder(folder, fingers=2, impressions=1)
    assert_refused(refused_demo(folder), "impression")
    for path in folder.iterdir():
        path.unlink()
    save(folder, "1_1.png", NO_FINGERS["blank"]())
    save(folder, "1_2.png", NO_FINGERS["blank"]())
    assert_refused(refused_demo(folder), "enrol")


def test_wrong_usage(folder: Path) -> None:
    assert run_here("demo", "--headless", "--fingers", folder, "--dpi", "50").code == 2
    assert run_here("demo", "--language", "fr").code == 2
    assert run_here("evaluate", "fingerprints").code == 2
    assert run_here("evaluate", "fingerprints", folder, "--dpi", "5").code in (1, 2)
    assert run_here("no-such-command").code == 2


def test_wrong_usage_names_the_help_of_the_command_that_was_used() -> None:
    for words, command in (
        (("journal", "verify"), "station-app journal verify"),
        (("journal", "verfy"), "station-app journal"),
        (("jurnal",), "station-app"),
    ):
        assert f"`{command} --help` lists what there is." in run_here(*words).err
