"""Lists built from invented voters, invented fingers and the real engine."""

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from station_app.biometrics.fingerprint.chunk_content import chunk_arrays
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.biometrics.images import read_finger_image
from station_app.centre import BuildReport, EnrolmentImage, build_list
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import GalleryChunk
from station_app.domain.samples import FingerImage
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList
from station_app.synthetic.precinct import Precinct, invent_precinct
from tests.centre.list_header import HEADER

FINGERS = (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)


@pytest.fixture(scope="module")
def precinct() -> Precinct:
    return invent_precinct(3, 7, FINGERS)


@pytest.fixture(scope="module")
def images(precinct: Precinct) -> list[EnrolmentImage]:
    def reader(row: int, position: FingerPosition) -> Callable[[], FingerImage]:
        return lambda: precinct.enrolment(row, position)

    return [
        EnrolmentImage(row, position, reader(row, position))
        for row in range(3)
        for position in FINGERS
    ]


def _build(
    path: Path,
    precinct: Precinct,
    images: Sequence[EnrolmentImage],
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> BuildReport:
    return build_list(
        path,
        PUBLIC_DEMO_LIST_KEY,
        HEADER,
        voters=precinct.voters,
        images=images,
        jobs=jobs,
        progress=progress,
    )


def _chunks(path: Path) -> list[GalleryChunk]:
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        return list(voters.chunks(ENGINE))


def test_every_finger_is_enrolled(
    tmp_path: Path, precinct: Precinct, images: list[EnrolmentImage]
) -> None:
    told: list[tuple[int, int]] = []
    path = tmp_path / "a.vlist"
    report = _build(path, precinct, images, progress=lambda done, of: told.append((done, of)))
    assert report == BuildReport(voters=3, enrolled=6, failures={}, voters_without_finger=())
    assert told == [(done, 6) for done in range(1, 7)]
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        assert (voters.voters, voters.fingers) == (3, 6)
        assert [voters.voter(row) for row in range(3)] == list(precinct.voters)
        assert all(voters.templates(ENGINE, [(row, at) for row in range(3) for at in FINGERS]))
    (chunk,) = _chunks(path)
    assert chunk_arrays(chunk).positions.tobytes() == bytes(FINGERS) * 3


def test_neither_order_nor_cores_change_the_list(
    tmp_path: Path, precinct: Precinct, images: list[EnrolmentImage]
) -> None:
    _build(tmp_path / "one.vlist", precinct, images[:4])
    _build(tmp_path / "two.vlist", precinct, images[3::-1], jobs=2)
    assert _chunks(tmp_path / "one.vlist") == _chunks(tmp_path / "two.vlist")


def test_images_that_can_not_be_used_are_counted(
    tmp_path: Path, precinct: Precinct, images: list[EnrolmentImage]
) -> None:
    blank = FingerImage(b"\xff" * 300 * 400, 300, 400, 500)
    bad = [
        EnrolmentImage(1, FINGERS[0], lambda: blank),
        EnrolmentImage(1, FINGERS[1], lambda: read_finger_image(tmp_path / "none.png")),
        EnrolmentImage(2, FINGERS[1], lambda: blank),
    ]
    report = _build(tmp_path / "a.vlist", precinct, [images[0], images[4], *bad])
    assert report.enrolled == 2
    assert report.failures == {"image_unreadable": 1, "not_enrollable": 2}
    assert report.voters_without_finger == (precinct.voters[1].list_number,)


def test_a_list_of_nobodys_fingers(tmp_path: Path, precinct: Precinct) -> None:
    report = _build(tmp_path / "a.vlist", precinct, [])
    assert report.enrolled == 0
    assert report.voters_without_finger == (1, 2, 3)
    assert _chunks(tmp_path / "a.vlist") == []


def test_fingers_without_a_place(
    tmp_path: Path, precinct: Precinct, images: list[EnrolmentImage]
) -> None:
    for row in (-1, 3):
        with pytest.raises(ValueError, match="no voter"):
            _build(tmp_path / "a.vlist", precinct, [dataclasses.replace(images[0], row=row)])
    with pytest.raises(ValueError, match="twice"):
        _build(tmp_path / "a.vlist", precinct, [images[0], images[0]])
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_of_the_program_is_not_counted(tmp_path: Path, precinct: Precinct) -> None:
    def broken() -> FingerImage:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _build(tmp_path / "a.vlist", precinct, [EnrolmentImage(0, FINGERS[0], broken)], jobs=2)
    assert list(tmp_path.iterdir()) == []
