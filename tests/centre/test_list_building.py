"""Lists built from invented voters, invented fingers and the real engine."""

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from station_app.biometrics.fingerprint.chunk_content import chunk_arrays
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.centre.finger_sources import FingerFile, FingerImageOf
from station_app.centre.list_building import BuildReport, build_list
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


Images = Sequence[Sequence[FingerImageOf | FingerFile]]


@pytest.fixture(scope="module")
def images(precinct: Precinct) -> Images:
    return [
        [FingerImageOf(at, partial(precinct.enrolment, row, at)) for at in FINGERS]
        for row in range(3)
    ]


def _build(
    path: Path,
    precinct: Precinct,
    images: Images,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> BuildReport:
    return build_list(
        path,
        PUBLIC_DEMO_LIST_KEY,
        HEADER,
        voters=precinct.voters,
        fingers=images,
        jobs=jobs,
        progress=progress,
    )


def _chunks(path: Path) -> list[GalleryChunk]:
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        return list(voters.chunks(ENGINE))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, precinct: Precinct, images: Images) -> Path:
    """A list of everybody, built by one process."""
    told: list[tuple[int, int]] = []
    path = tmp_path_factory.mktemp("built") / "a.vlist"
    report = _build(path, precinct, images, progress=lambda done, of: told.append((done, of)))
    assert report == BuildReport(
        voters=3, enrolled=6, faces=0, failures={}, voters_without_finger=()
    )
    assert told == [(done, 3) for done in range(1, 4)]
    return path


def test_every_finger_is_enrolled(built: Path, precinct: Precinct) -> None:
    with closing(VoterList.open(built, PUBLIC_DEMO_LIST_KEY)) as voters:
        assert (voters.voters, voters.fingers) == (3, 6)
        assert [voters.voter(row) for row in range(3)] == list(precinct.voters)
        assert all(voters.templates(ENGINE, [(row, at) for row in range(3) for at in FINGERS]))
    (chunk,) = _chunks(built)
    assert chunk_arrays(chunk).positions.tobytes() == bytes(FINGERS) * 3


def test_neither_order_nor_cores_change_the_list(
    tmp_path: Path, built: Path, precinct: Precinct, images: Images
) -> None:
    _build(tmp_path / "two.vlist", precinct, [own[::-1] for own in images], jobs=2)
    assert _chunks(built) == _chunks(tmp_path / "two.vlist")


def test_images_that_can_not_be_used_are_counted(
    tmp_path: Path, precinct: Precinct, images: Images
) -> None:
    blank = FingerImage(b"\xff" * 300 * 400, 300, 400, 500)
    bad = [
        FingerImageOf(FINGERS[0], lambda: blank),
        FingerFile(tmp_path / "none.png", FINGERS[1]),
        FingerImageOf(FINGERS[1], lambda: blank),
    ]
    given = [[images[0][0]], bad[:2], [images[2][0], bad[2]]]
    report = _build(tmp_path / "a.vlist", precinct, given)
    assert report.enrolled == 2
    assert report.failures == {"image_unreadable": 1, "not_enrollable": 2}
    assert report.voters_without_finger == (precinct.voters[1].list_number,)


def test_a_list_of_nobodys_fingers(tmp_path: Path, precinct: Precinct) -> None:
    report = _build(tmp_path / "a.vlist", precinct, [])
    assert report.enrolled == 0
    assert report.voters_without_finger == (1, 2, 3)
    assert _chunks(tmp_path / "a.vlist") == []


def test_a_finger_that_is_given_twice(tmp_path: Path, precinct: Precinct, images: Images) -> None:
    report = _build(tmp_path / "a.vlist", precinct, [[images[0][0]] * 2])
    assert (report.enrolled, report.failures) == (1, {"finger_given": 1})


def test_a_mistake_of_the_program_is_not_counted(tmp_path: Path, precinct: Precinct) -> None:
    def broken() -> FingerImage:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _build(tmp_path / "a.vlist", precinct, [[FingerImageOf(FINGERS[0], broken)]])
    assert list(tmp_path.iterdir()) == []
