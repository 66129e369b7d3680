"""Journals come in: each whole, each once, and two histories are never merged."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
import pytest
import rfc8785

from station_app.centre.collecting.collect import Collected, Collection, collect
from station_app.centre.collecting.loading import Arrival
from station_app.domain.errors import KnownError
from station_app.journal.tree import tree_root
from station_app.vault import AgeIdentity
from tests.centre.made_logs import MadeLog, root

RECIPIENT = AgeIdentity.generate()
Rows = list[tuple[Any, ...]]


class Centre:
    """A collection in a database, fed from one folder."""

    def __init__(self, database: str, folder: Path) -> None:
        self.asked = Collection(database=database, folders=(folder,), recipient=RECIPIENT, jobs=1)
        self.folder = folder
        self.told: list[tuple[str, int, int]] = []

    def collect(self, **changed: Any) -> Collected:
        return collect(replace(self.asked, **changed), lambda *told: self.told.append(told))

    def rows(self, query: str) -> Rows:
        with psycopg.connect(self.asked.database) as connection:
            connection.execute("SET search_path = station_app")
            return connection.execute(query.encode()).fetchall()


@pytest.fixture
def centre(database: str, tmp_path: Path) -> Centre:
    folder = tmp_path / "in"
    folder.mkdir()
    return Centre(database, folder)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(KnownError) as caught:
        act()
    return caught.value.code


def arrivals(found: Collected) -> list[tuple[str, int]]:
    assert not found.refused, found.refused
    return [(one.loaded.arrival.value, one.loaded.added) for one in found.arrived if one.loaded]


def a_day(station: str = "9042-1", voters: range = range(1, 4)) -> MadeLog:
    log = MadeLog(station)
    log.open_day()
    for voter in voters:
        log.identify(voter)
    return log


def test_every_leaf_is_kept_as_it_was_signed(centre: Centre) -> None:
    log = a_day()
    log.add_values(
        kind="of_next_year", text='tab\t "quote" \\ nul \0 ө \u2028', list=[1, {"a": None}]
    )
    log.add_values(kind="day_closed", day="not a number")
    log.add_values(kind="nul \0")
    log.leaves.append(rb'{"at":"soon","kind":"\ud800","voter_id":7}')
    log.seal(centre.folder, RECIPIENT)
    assert arrivals(centre.collect()) == [("new", log.size)]
    rows = centre.rows("SELECT number, leaf::text, kind FROM entry ORDER BY number")
    leaves = [leaf.encode() for _, leaf, _ in rows]
    assert leaves == log.leaves
    assert [number for number, *_ in rows] == list(range(1, log.size + 1))
    assert rows[-4][2] == "of_next_year"
    ((size, kept, note),) = centre.rows("SELECT size, root, note FROM history")
    assert (size, kept, note) == (log.size, root(leaves), log.note())
    # The tree can be computed in SQL alone.
    hashes = centre.rows(
        "SELECT sha256('\\x00'::bytea || convert_to(leaf::text, 'UTF8')) FROM entry ORDER BY number"
    )
    assert tree_root([one for (one,) in hashes]) == kept


def test_the_same_again_changes_nothing(centre: Centre) -> None:
    log = a_day()
    bundle = log.seal(centre.folder, RECIPIENT)
    centre.collect()
    before = centre.rows("SELECT * FROM entry ORDER BY number"), centre.rows("TABLE history")
    again = centre.collect()
    assert (again.known, again.arrived) == (1, ())
    # Sealed once more it is another file, and as a folder it is no file at all.
    bundle.rename(centre.folder / "old.journal.age")
    log.seal(centre.folder, RECIPIENT)
    place = log.save(centre.folder)
    assert arrivals(centre.collect()) == [("same", 0), ("same", 0)]
    assert centre.collect(folders=(place,)).known == 1
    assert before == (
        centre.rows("SELECT * FROM entry ORDER BY number"),
        centre.rows("TABLE history"),
    )
    assert centre.told[:1] == [("collect", 1, 1)]


def test_a_longer_journal_adds_its_new_entries(centre: Centre) -> None:
    log = a_day()
    noon = log.size
    log.identify(9)
    log.void(log.size, 9)
    log.close_day()
    places = [centre.folder / name for name in ("noon", "evening", "late", "early")]
    for place in places:
        place.mkdir()
    log.seal(places[0], RECIPIENT, noon)
    assert arrivals(centre.collect(folders=(places[0],))) == [("new", noon)]
    log.seal(places[1], RECIPIENT)
    assert arrivals(centre.collect(folders=(places[1],))) == [("longer", log.size - noon)]
    # An older copy that comes later says nothing new.
    log.seal(places[2], RECIPIENT, noon)
    log.save(places[3], 4)
    assert arrivals(centre.collect(folders=tuple(places[2:]))) == [("older", 0), ("older", 0)]
    assert centre.rows("SELECT size FROM history") == [(log.size,)]
    assert centre.rows("SELECT count(*), count(DISTINCT number) FROM entry") == [(log.size,) * 2]
    assert centre.rows("SELECT count(*) FROM void") == [(1,)]


def test_two_histories_of_a_station_are_both_kept(centre: Centre) -> None:
    log = a_day()
    other = log.copy()
    log.identify(50)
    other.identify(60)
    other.identify(61)
    log.save(centre.folder)
    centre.collect()
    other.save(centre.folder)
    found = centre.collect()
    assert arrivals(found) == [("fork", other.size)]
    assert [one.loaded.station for one in found.forks if one.loaded] == ["9042-1"]
    assert sorted(centre.rows("SELECT size FROM history")) == [(log.size,), (other.size,)]
    # Each goes on by itself.
    log.identify(51)
    other.identify(62)
    log.save(centre.folder)
    other.save(centre.folder)
    assert sorted(arrivals(centre.collect())) == [("longer", 2), ("longer", 2)]
    # What both begin with belongs to either.
    log.save(centre.folder, 5)
    assert arrivals(centre.collect()) == [("older", 0)]


def test_one_bad_source_stops_no_other(centre: Centre) -> None:
    good = a_day()
    good.seal(centre.folder, RECIPIENT)
    a_day("9042-2").seal(centre.folder, AgeIdentity.generate())
    (centre.folder / "9042-3-00000001.journal.age").write_bytes(b"no age file")
    for station in ("9042-4", "9042-5"):
        place = a_day(station).save(centre.folder)
        tile = place / "tile" / "entries" / "000.p" / "8"
        tile.write_bytes(tile.read_bytes().replace(b'"session":1', b'"session":7'))
        if station == "9042-5":
            (place / "checkpoint").unlink()  # no longer a log at all
    a_day("unnamed").save(centre.folder)
    MadeLog("9042-6", kind="training").save(centre.folder)
    (centre.folder / "gone.journal.age").symlink_to(centre.folder / "nowhere")
    half = a_day("9042-0").save(centre.folder)
    (half / "tile" / "entries" / "x").symlink_to(centre.folder / "nowhere")
    deep = a_day("9041-1")
    deep.leaves.append(b'{"a":' + b"[" * 9000 + b"]" * 9000 + b"}")
    deep.save(centre.folder)
    nothing = a_day("9042-7")
    nothing.leaves.append(b"[]")
    nothing.save(centre.folder)
    not_a_number = a_day("9042-9")
    not_a_number.leaves.append(b'{"kind":NaN}')
    not_a_number.save(centre.folder)
    unstorable = a_day("9042-8")
    unstorable.add_values(kind="outcome", outcome="identified", voter_id=token_hex(9000))
    unstorable.save(centre.folder)
    found = centre.collect()
    codes = {Path(one.path).name[:6]: one.code for one in found.refused}
    assert codes == {
        "gone.j": "not_a_regular_file",
        "9042-0": "not_a_regular_file",
        "9041-1": "log_unreadable",
        "9042-2": "seal_not_for_us",
        "9042-3": "seal_damaged",
        "9042-4": "log_damaged",
        "unname": "log_of_no_station",
        "9042-6": "log_other_kind",
        "9042-7": "log_unreadable",
        "9042-8": "log_unreadable",
        "9042-9": "log_unreadable",
    }
    assert [one.loaded.station for one in found.arrived if one.loaded] == ["9042-1"]
    assert centre.rows("SELECT count(*) FROM entry") == [(good.size,)]
    assert centre.rows("SELECT count(*) FROM maker") == [(1,)]
    assert all(one.reason.endswith(".") for one in found.refused)


def test_without_a_key_bundles_are_refused_and_logs_are_not(centre: Centre) -> None:
    a_day().seal(centre.folder, RECIPIENT)
    a_day("9042-2").save(centre.folder)
    found = centre.collect(recipient=None)
    assert [one.code for one in found.refused] == ["recipient_needed"]
    assert [one.loaded.station for one in found.arrived if one.loaded] == ["9042-2"]


def test_processes_do_what_one_does(centre: Centre) -> None:
    logs = [a_day(f"{9000 + number}-1", range(number, number + 3)) for number in range(12)]
    for log in logs:
        log.seal(centre.folder, RECIPIENT)
        log.identify(77)
        log.seal(centre.folder, RECIPIENT)
    (centre.folder / "x.journal.age").write_bytes(b"")
    found = centre.collect(jobs=2)
    assert [one.code for one in found.refused] == ["seal_damaged"]
    assert len(found.arrived) == 25
    assert centre.told[-3] == ("collect", 25, 25)
    assert centre.rows("SELECT count(*), sum(size) FROM history") == [
        (12, sum(log.size for log in logs))
    ]
    assert centre.collect(jobs=2).known == 24


def test_what_is_missing(centre: Centre, tmp_path: Path) -> None:
    assert refused(lambda: centre.collect(folders=(tmp_path / "no",))) == "folder_missing"
    os.mkfifo(tmp_path / "pipe")
    (one,) = centre.collect(folders=(tmp_path / "pipe",)).refused
    assert (one.path, one.code) == (str(tmp_path / "pipe"), "not_a_regular_file")
    found = centre.collect(folders=(tmp_path / "in",))
    assert (found.known, found.arrived) == (0, ())


def test_a_database_is_for_one_kind_and_one_offset(centre: Centre) -> None:
    # Nothing is in it: whatever was said first holds for nothing yet.
    centre.collect(kind="demo", utc_offset=timedelta(0))
    assert centre.collect(kind="training").arrived == ()
    a_day().seal(centre.folder, RECIPIENT)
    assert [one.code for one in centre.collect(kind="training").refused] == ["log_other_kind"]
    centre.collect()
    assert refused(lambda: centre.collect(kind="demo")) == "collection_kind"
    assert refused(lambda: centre.collect(utc_offset=timedelta(0))) == "collection_offset"
    with psycopg.connect(centre.asked.database) as connection:
        connection.execute("UPDATE station_app.collection SET version = 0")
    assert refused(centre.collect) == "collection_version"


def test_a_database_is_for_one_election(centre: Centre) -> None:
    """A station and a stick serve in both rounds; the second journal is no fork of the first."""
    first, second = MadeLog("9042-1"), MadeLog("9042-1")
    second.identity = first.identity
    for log, election in ((first, "kg-2026-1"), (second, "kg-2026-2")):
        opened = json.loads(log.leaves[0]) | {
            "election_id": election,
            "election_date": "2026-10-04",
        }
        opened["public_key"] = first.public.signing_key.hex()
        log.leaves[0] = rfc8785.dumps(opened)
        log.save(centre.folder)
    found = centre.collect(election="kg-2026-2")
    assert sorted(one.code for one in found.arrived) == ["", "log_other_election"]
    a_day("9042-2").save(centre.folder)  # of a version that names none
    assert [one.code for one in centre.collect().arrived] == ["log_other_election", ""]
    assert refused(lambda: centre.collect(election="kg-2026-1")) == "collection_election"
    assert centre.rows("SELECT election FROM collection") == [("kg-2026-2",)]


def test_a_file_may_be_named_itself(centre: Centre) -> None:
    bundle = a_day().seal(centre.folder, RECIPIENT)
    # As an old machine has written it to a stick.
    bundle = bundle.rename(os.fsdecode(os.fsencode(centre.folder) + b"/\xf3\xf7.journal.age"))
    digest = hashlib.sha256(bundle.read_bytes()).digest()
    assert len(centre.collect(folders=(bundle, centre.folder)).arrived) == 1
    name = str(centre.folder / "\ufffd\ufffd.journal.age")
    assert centre.rows("SELECT digest, name, size FROM source") == [(digest, name, 8)]


def test_arrivals_have_words() -> None:
    assert json.dumps(Arrival.OLDER) == '"older"'
