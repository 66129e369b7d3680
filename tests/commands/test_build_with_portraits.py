"""`snapshot build` with portraits: faces in the list, flaws in the report, counts signed."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from station_app.biometrics.face.embedders import INVENTED_ENGINE, SFACE_ENGINE
from station_app.biometrics.face.search import FaceSearcher
from station_app.centre.portraits import read_portrait
from station_app.domain.samples import FaceShots, FingerImage
from station_app.flow.list_trial import matchers_of
from station_app.snapshots import LoadingStation, load_snapshot, verify_container
from station_app.vault import StationFolder
from tests.centre.commission import POLICY, POSITIONS, VOTERS, Table, people, row_of
from tests.centre.drawn_portraits import cat, drawn, saved, tilted
from tests.snapshots.snapshot_samples import open_loaded

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def table(tmp_path: Path) -> Table:
    made = Table(tmp_path)
    made.write(*(row_of(number) for number in range(VOTERS)))
    made.finger(0, POSITIONS[0])
    ids = [voter.voter_id for voter in people().voters]
    saved(drawn(), made.portraits / f"{ids[0]}.jpg")
    saved(drawn(1), made.portraits / f"{ids[1]}.png")
    saved(cat(), made.portraits / f"{ids[2]}.png")
    return made


def built(table: Table, *words: str) -> dict[str, Any]:
    code, out, _ = table.build("--precinct", "9042", "--json", *words)
    assert code == 0, out
    (one,) = json.loads(out)["built"]
    assert isinstance(one, dict)
    return one


def test_faces_are_found_by_the_station_that_gets_the_list(table: Table, tmp_path: Path) -> None:
    own = table.station("9042-1")
    one = built(table)
    assert (one["faces"], one["portraits"]) == (2, 3)
    number = people().voters[2].list_number
    name = f"{people().voters[2].voter_id}.png"
    assert one["portraits_without_face"] == [[number, 4, "no_face", name]]
    path = table.out / "9042-1.vsnap"
    manifest = verify_container(path, table.trusted)
    assert manifest.faces == 2
    assert manifest.counts["portraits_without_face"] == 1
    assert SFACE_ENGINE.name in manifest.engines
    folder = StationFolder(tmp_path / "station")
    load_snapshot(path, folder, LoadingStation(own, table.trusted, manifest.engines), NOW)
    with closing(open_loaded(folder, table.identities["9042-1"], table.trusted)) as voters:
        assert voters.faces == 2
        matchers = matchers_of(voters)
        assert set(matchers) == {FingerImage, FaceShots}
        assert all(matcher.finds_its_own() for matcher in matchers.values())
        seen = read_portrait(table.portraits / f"{people().voters[1].voter_id}.png").seen
        found = matchers[FaceShots].examine(FaceShots((seen,)), None).candidates
        assert voters.voter(found[0].row).voter_id == people().voters[1].voter_id
        cat_row = voters.find_by_pin(people().voters[2].pin)
        assert cat_row is not None
        assert voters.voter(cat_row).portrait, "people look at it"


def test_what_is_wrong_with_portraits_is_said(table: Table) -> None:
    table.station("9042-1")
    third, fourth = people().voters[2], people().voters[3]
    saved(tilted(), table.portraits / f"{fourth.voter_id}.jpg")
    _, said, _ = table.build("--precinct", "9042")
    assert f"{VOTERS} voters, 1 fingers, 3 faces, 4 portraits" in said
    assert "portraits without a face to compare; people can look at them: 1 no_face" in said
    assert f"    {third.voter_id}.png, row 4, of number {third.list_number}: no_face" in said
    assert "portraits that compare worse: 1 tilted" in said
    (table.out / "9042-1.vsnap").unlink()
    code, said, _ = table.build("--precinct", "9042", "--sequence", "2", "--strict")
    assert code == 1
    assert f"portraits without a usable face (1): {third.voter_id}.png" in said


def test_one_photo_of_two_voters_is_told(table: Table) -> None:
    table.station("9042-1")
    first, fourth = people().voters[0], people().voters[3]
    saved(drawn(), table.portraits / f"{fourth.voter_id}.jpg")
    one = built(table)
    (shared,) = one["shared_faces"]
    assert shared[:2] == [first.list_number, fourth.list_number]
    assert verify_container(table.out / "9042-1.vsnap", table.trusted).counts["shared_faces"] == 1
    _, said, _ = table.build("--precinct", "9042")
    assert f"{first.list_number} and {fourth.list_number}, evidence" in said


def test_invented_people_are_in_no_live_list(table: Table) -> None:
    table.station("9042-1")
    code, out, _ = table.build("--precinct", "9042", "--json", "--invented-people")
    assert (code, json.loads(out)["code"]) == (1, "live_of_invented")
    table.policy.write_text(POLICY.replace('kind = "live"', 'kind = "training"'))
    built(table, "--invented-people")
    manifest = verify_container(table.out / "9042-1.vsnap", table.trusted)
    assert INVENTED_ENGINE.name in manifest.engines
    assert SFACE_ENGINE.name not in manifest.engines


def test_the_faces_of_a_list_are_tried_where_it_is(table: Table) -> None:
    """A list of faces alone opens too: nobody has a finger, and the finger's engine is named."""
    own = table.station("9042-1")
    for file in table.fingers.iterdir():
        file.unlink()
    built(table)
    path = table.out / "9042-1.vsnap"
    manifest = verify_container(path, table.trusted)
    folder = StationFolder(table.folder / "station")
    load_snapshot(path, folder, LoadingStation(own, table.trusted, manifest.engines), NOW)
    with closing(open_loaded(folder, table.identities["9042-1"], table.trusted)) as voters:
        matchers = matchers_of(voters)
        assert set(matchers) == {FingerImage, FaceShots}
        assert isinstance(matchers[FaceShots], FaceSearcher)
        assert all(matcher.finds_its_own() for matcher in matchers.values())
