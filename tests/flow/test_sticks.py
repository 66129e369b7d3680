"""Which stick takes a file: never the station's own, and one that will not do says why."""

from dataclasses import replace
from pathlib import Path

import pytest

from station_app.devices.media import Medium
from station_app.domain.errors import KnownError
from station_app.flow.sticks import StickFault, StickFinder, Sticks
from tests.devices.folder_medium import folder_as_medium

GOOD = Medium(Path("/media/k"), "KINGSTON", 31 * 10**9, 12 * 10**9, "FAT32", is_writable=True)
LOCKED = replace(GOOD, folder=Path("/media/l"), name="LOCKED", is_writable=False)
SMALL = replace(GOOD, folder=Path("/media/s"), name="SMALL", free=5)


def test_one_that_will_do_needs_no_question() -> None:
    assert Sticks((GOOD,), 10).only is GOOD
    assert Sticks((GOOD, SMALL), 10).only is None, "a person says which"
    assert Sticks((SMALL,), 10).only is None
    assert Sticks((), 10).only is None


def test_why_a_stick_will_not_do() -> None:
    sticks = Sticks((GOOD, LOCKED, SMALL), 10)
    assert [sticks.fault(one) for one in sticks.media] == [
        None,
        StickFault.READ_ONLY,
        StickFault.TOO_SMALL,
    ]
    reading = Sticks(sticks.media)
    assert [reading.fault(one) for one in reading.media] == [None] * 3


def test_the_stations_own_media_are_not_offered(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("own", "mirror", "stick")]
    for place in places:
        (place / "journal").mkdir(parents=True)
    media = [folder_as_medium(place) for place in places]
    apart = [tmp_path / "own" / "journal", tmp_path / "mirror" / "journal"]
    assert [one.name for one in StickFinder(apart, lambda: media).find(1).media] == ["stick"]


def test_a_stick_that_was_pulled_is_not_written_to(tmp_path: Path) -> None:
    medium = folder_as_medium(tmp_path)
    StickFinder([], lambda: [medium]).refuse_pulled(medium)
    with pytest.raises(KnownError) as caught:
        StickFinder([], list).refuse_pulled(medium)
    assert caught.value.code == "medium_lost"
