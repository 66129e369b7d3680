"""What format 1 holds is read as the same values, and format 2 is not gone back from."""

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from station_app.domain.election import ElectionDay
from station_app.domain.errors import KnownError
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList, list_faults
from station_app.vault import Database, StationFolder
from tests.snapshots.first_format import FIRST, OLD_HEADER, write_first_list, write_first_snapshot
from tests.snapshots.list_samples import ENGINE, POSITIONS, finger, fingers, voter
from tests.snapshots.snapshot_samples import (
    IDENTITY,
    ISSUER,
    load_here,
    open_loaded,
    refusal,
    write_snapshot,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_first_list(tmp_path / "first.vlist", PUBLIC_DEMO_LIST_KEY)


@pytest.fixture
def opened(path: Path) -> Iterator[VoterList]:
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        yield voters


def test_its_header_has_no_election_day(opened: VoterList) -> None:
    assert opened.header == OLD_HEADER
    assert (opened.header.format, opened.header.election_day) == (1, None)
    assert (opened.header.ballots, opened.header.kits) == ((), ())
    assert (opened.voters, opened.fingers) == (5, 10)


def test_everybody_is_due_everything_and_nobody_exempt(opened: VoterList) -> None:
    for row in range(5):
        assert opened.voter(row) == dataclasses.replace(voter(row), ballots=(), finger_exempt=False)
    assert opened.voter_of(voter(2).voter_id) == opened.voter(2)


def test_its_fingers_are_those_of_one_engine(opened: VoterList) -> None:
    (chunk,) = opened.chunks(ENGINE)
    own = fingers(5)
    assert len(chunk) == 10
    assert chunk.content == (
        bytes(one.position for _, one in own)
        + bytes(len(one.encoding) // 64 for _, one in own)
        + b"".join(one.encoding for _, one in own)
    )
    keys = [(4, POSITIONS[1]), (0, POSITIONS[0])]
    assert opened.templates(ENGINE, keys) == [finger(row, at).content for row, at in keys]
    with pytest.raises(KnownError) as refused:
        list(opened.chunks("x/1"))
    assert refused.value.code == "gallery_engine"


def test_every_byte_is_checked(path: Path) -> None:
    assert list_faults(path, PUBLIC_DEMO_LIST_KEY) == []


def test_its_file_does_not_take_a_header_of_format_2(path: Path) -> None:
    with closing(Database.open_log(path, FIRST, PUBLIC_DEMO_LIST_KEY)) as database:
        for name, value in (
            ("election_id", "KG-2026"), ("election_date", "2026-11-29"), ("ballots", "[]"),
            ("kits", "[]"), ("engines", '["leader-mcc/1"]'),
        ):  # fmt: skip
            database.execute("INSERT INTO meta VALUES (?, ?)", (name, value))
    with pytest.raises(KnownError) as refused:
        VoterList.open(path, PUBLIC_DEMO_LIST_KEY)
    assert refused.value.code == "list_damaged"


def test_a_snapshot_of_it_is_loaded_and_opened(tmp_path: Path) -> None:
    manifest = write_first_snapshot(tmp_path / "first.vsnap")
    assert manifest.format == 1
    assert "format" not in manifest.to_values()
    load_here(tmp_path / "first.vsnap", tmp_path / "station")
    with closing(open_loaded(StationFolder(tmp_path / "station"), IDENTITY, (ISSUER,))) as voters:
        assert voters.header == OLD_HEADER


def test_format_2_follows_it_and_it_never_format_2(tmp_path: Path) -> None:
    root = tmp_path / "station"
    write_first_snapshot(tmp_path / "3.vsnap", sequence=3)
    write_first_snapshot(tmp_path / "5.vsnap", sequence=5)
    write_snapshot(tmp_path / "4.vsnap", sequence=4)
    write_snapshot(tmp_path / "named.vsnap", sequence=4, election="Шайлоо 2027")
    load_here(tmp_path / "3.vsnap", root)
    assert refusal(tmp_path / "named.vsnap", root) == "vsnap_other_purpose"
    assert refusal(tmp_path / "4.vsnap", root) == ""
    assert refusal(tmp_path / "5.vsnap", root) == "vsnap_other_election"


@pytest.mark.parametrize(
    "day",
    [
        ElectionDay("KG-2026-2", date(2026, 12, 13)),
        ElectionDay("KG-2026-2", date(2026, 11, 29)),
        ElectionDay("KG-2026", date(2026, 11, 30)),
    ],
)
def test_another_election_day_is_refused(tmp_path: Path, day: ElectionDay) -> None:
    """Another id, another date, or both: two persons renew the station for it."""
    root = tmp_path / "station"
    write_snapshot(tmp_path / "3.vsnap", sequence=3)
    write_snapshot(tmp_path / "4.vsnap", sequence=4, election_day=day)
    load_here(tmp_path / "3.vsnap", root)
    with pytest.raises(KnownError, match=r"works for KG-2026 on 2026-11-29.*station-app renew"):
        load_here(tmp_path / "4.vsnap", root)
    assert refusal(tmp_path / "4.vsnap", root) == "vsnap_other_election"


def test_the_days_name_may_be_corrected(tmp_path: Path) -> None:
    root = tmp_path / "station"
    write_snapshot(tmp_path / "3.vsnap", sequence=3)
    write_snapshot(tmp_path / "4.vsnap", sequence=4, election="Шайлоо-2026")
    load_here(tmp_path / "3.vsnap", root)
    assert refusal(tmp_path / "4.vsnap", root) == ""
