"""A folder of real finger images as an invented precinct."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from station_app.centre.list_building import RealFinger, find_real_fingers, invent_voters
from station_app.domain.errors import KnownError
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList
from station_app.training.lists import build_real_finger_list

FOLDER = Path(
    os.environ.get("STATION_REAL_FINGERS")
    or Path(__file__).parents[3] / "shared" / "data" / "fingerprints"
)


def _touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).touch()
    return folder


def _code(folder: Path) -> str:
    with pytest.raises(KnownError) as caught:
        find_real_fingers(folder)
    return caught.value.code


def test_the_lowest_impression_is_enrolled(tmp_path: Path) -> None:
    _touch(tmp_path, "101_3.png", "101_10.png", "101_2.tif", "9_1.bmp", "notes.txt")
    assert find_real_fingers(tmp_path) == (
        RealFinger("9", tmp_path / "9_1.bmp", ()),
        RealFinger(
            "101", tmp_path / "101_2.tif", (tmp_path / "101_3.png", tmp_path / "101_10.png")
        ),
    )


def test_folders_without_fingers(tmp_path: Path) -> None:
    assert _code(tmp_path) == "folder_empty"
    assert _code(_touch(tmp_path, "notes.txt")) == "folder_empty"
    assert _code(_touch(tmp_path, "photo.png")) == "folder_misnamed"
    assert _code(tmp_path / "photo.png") == "folder_missing"
    assert _code(tmp_path / "none") == "folder_missing"


def test_voters_are_invented_for_them(tmp_path: Path) -> None:
    fingers = find_real_fingers(_touch(tmp_path, "1_1.png", "2_1.png", "3_1.png"))
    voters = invent_voters(fingers)
    assert len({voter.pin for voter in voters}) == 3
    assert [voter.list_number for voter in voters] == [1, 2, 3]
    assert voters == invent_voters(fingers)


@pytest.mark.realdata
def test_real_fingers_become_a_list(tmp_path: Path) -> None:
    folder = FOLDER / "fvc2002_db1"
    if not folder.is_dir():
        pytest.skip("the real finger images are not here")
    fingers = find_real_fingers(folder)
    path = tmp_path / "real.vlist"
    report = build_real_finger_list(path, fingers, 500)
    assert report.enrolled == report.voters == len(fingers) >= 10
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        assert voters.fingers == report.enrolled
