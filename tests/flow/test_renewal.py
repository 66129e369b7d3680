"""A closed and exported station takes another election; what was cut off is finished later."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from station_app.domain.election import ElectionDay, entry_texts
from station_app.domain.entries import (
    DayClosed,
    DayOpened,
    Entry,
    JournalEnded,
    JournalExported,
    JournalOpened,
    StationLocked,
)
from station_app.domain.entry_codes import LockCause
from station_app.domain.errors import KnownError
from station_app.flow.station_journal import new_journal, renew
from station_app.journal import verify_journal
from station_app.journal.past_journals import past_journals
from station_app.journal.records import JOURNAL, head_file, read_records
from station_app.snapshots import loaded_list
from station_app.vault import Database
from tests.flow.loaded_station import DAY, ISSUER, JOURNAL_KEY, NOW, LoadedStation

OPENED = DayOpened(1, 1, 0, "", 0, "c1", "m1", *entry_texts(DAY))
CLOSED = DayClosed(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "c1", "m1")
NEXT = ElectionDay("KG-2026-2", date(2026, 12, 13))


@pytest.fixture
def station(tmp_path: Path) -> LoadedStation:
    """Its day is closed and exported."""
    made = LoadedStation(tmp_path, [], member=True)
    made.load(7)
    made.open()
    write(made, OPENED, CLOSED)
    export(made)
    return made


def write(station: LoadedStation, *entries: Entry) -> None:
    with station.journal() as journal:
        journal.append_all(entries)


def export(station: LoadedStation) -> None:
    with station.journal() as journal:
        journal.append(JournalExported(journal.size, "ab" * 32, "cd" * 32))


def renewed(station: LoadedStation) -> Path:
    with station.unlocked() as unlocked:
        return renew(station.folder, unlocked, station.leaders(unlocked), lambda: NOW)


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(KnownError) as caught:
        action()
    return caught.value.code


def first_entry(station: LoadedStation) -> JournalOpened:
    entry = station.entries()[0]
    assert isinstance(entry, JournalOpened)
    return entry


def test_the_journal_is_put_aside_and_the_next_one_names_it(station: LoadedStation) -> None:
    journal = station.folder.journal
    report = station.verified()
    done = renewed(station)
    assert not journal.exists()
    assert done.parent == station.folder.journals
    aside = verify_journal(done / "journal.db", JOURNAL_KEY, station.own.signing_key)
    assert (aside.sound, aside.entries) == (True, report.entries + 1)
    assert sorted(one.name for one in done.iterdir()) == [
        "journal.db", "journal.db.head", "loaded.head", "proven",
    ]  # fmt: skip
    assert list(station.folder.lists.glob("*.vlist")) == []
    assert code_of(station.open) == "vsnap_none_loaded"
    station.load(1, day=NEXT)
    station.open()
    opened = first_entry(station)
    assert (opened.previous_origin, opened.previous_size) == (opened.origin, report.entries + 1)
    assert opened.previous_root is not None
    assert done.name == (
        f"station-app-live-9042-1-{report.entries + 1}-{opened.previous_root[:12]}"
    )
    assert (opened.election_id, opened.election_date) == ("KG-2026-2", "2026-12-13")
    assert station.verified().sound


def test_a_third_election_names_the_second(station: LoadedStation) -> None:
    renewed(station)
    station.load(1, day=NEXT)
    station.open()
    named = dict(zip(("election_id", "election_date"), entry_texts(NEXT), strict=True))
    write(station, replace(OPENED, **named), CLOSED)
    export(station)
    second = renewed(station)
    with station.unlocked() as unlocked:
        signer, ended = unlocked.identity.signer(), unlocked.marks.ended
    past = past_journals(
        station.folder.journals, JOURNAL_KEY, signer, "station-app/live/9042-1", ended
    )
    station.load(2, day=ElectionDay("KG-2027", date(2027, 1, 10)))
    for one in past:  # the newest is named by the sealed mark, the others each by the next
        away = one.folder.rename(station.folder.root / "away")
        assert code_of(station.open) == "past_journal_missing"
        away.rename(one.folder)
    station.open()
    assert [one.election for one in past] == [entry_texts(DAY), entry_texts(NEXT)]
    assert past[-1].folder == second
    assert first_entry(station).previous_root == past[-1].root.hex()


def test_a_list_of_format_1_does_not_follow_a_renewal(station: LoadedStation) -> None:
    """It names no election day, so nobody can see that it is another one."""
    renewed(station)
    station.load(1, day=NEXT)
    named = loaded_list(station.folder, (ISSUER,)).manifest
    old = replace(named, election_day=None, ballots=(), kits=())
    with station.unlocked() as unlocked:
        path = station.folder.journal
        code = code_of(lambda: new_journal(station.folder, path, unlocked, old, lambda: NOW))
    assert code == "election_unnamed"


def test_what_says_nothing_of_the_day_may_follow_the_export(station: LoadedStation) -> None:
    write(station, StationLocked(LockCause.LEFT))
    renewed(station)


def test_what_was_not_exported_keeps_it(tmp_path: Path) -> None:
    station = LoadedStation(tmp_path, [], member=True)
    assert code_of(lambda: renewed(station)) == "renew_nothing"
    station.load(1)
    station.open()
    write(station, OPENED)
    export(station)
    assert code_of(lambda: renewed(station)) == "renew_day_open"
    write(station, CLOSED)
    assert code_of(lambda: renewed(station)) == "renew_not_exported"
    export(station)
    renewed(station)
    assert code_of(lambda: renewed(station)) == "renew_nothing"


def test_a_changed_journal_is_not_put_aside(station: LoadedStation) -> None:
    content = bytearray(station.folder.journal.read_bytes())
    content[len(content) // 2] ^= 1
    station.folder.journal.write_bytes(content)
    assert code_of(lambda: renewed(station)) == "journal_damaged"
    assert station.folder.journal.exists()


def test_nothing_follows_the_end(station: LoadedStation) -> None:
    write(station, JournalEnded("c1", "m1"))
    assert code_of(station.open) == "renewal_unfinished"
    with station.journal() as journal, pytest.raises(ValueError, match="has ended"):
        journal.append(StationLocked(LockCause.LEFT))


def test_a_copy_of_a_journal_put_aside_is_no_missing_one(station: LoadedStation) -> None:
    done = renewed(station)
    shutil.copytree(done, done.with_name("backup"))
    station.load(1, day=NEXT)
    station.open()
    assert first_entry(station).previous_size


def test_a_planted_folder_stops_nobody_and_ends_nothing(station: LoadedStation) -> None:
    """On the way to another election nobody is identified; anybody can make a folder."""
    planted = station.folder.journals / "planted.moving"
    planted.mkdir(parents=True)
    station.open()
    for path in (station.folder.journal, head_file(station.folder.journal)):
        path.unlink()
    assert code_of(station.open) == "journal_gone"
    assert code_of(lambda: renewed(station)) == "journal_gone"


def test_another_journal_is_not_ended_in_its_place(station: LoadedStation) -> None:
    """That of the election before, genuine and ended, where the present one was deleted."""
    done = renewed(station)
    station.load(1, day=NEXT)
    station.open()
    for path in (station.folder.journal, head_file(station.folder.journal)):
        path.unlink()
        shutil.copy(done / path.name, path)
    assert code_of(lambda: renewed(station)) == "journal_not_ours"
    planted = done.rename(done.with_name("planted.moving"))
    for path in (station.folder.journal, head_file(station.folder.journal)):
        path.unlink()
    assert code_of(lambda: renewed(station)) == "journal_not_ours"
    assert planted.exists()
    with station.unlocked() as unlocked:
        assert unlocked.marks.has_journal


def test_an_election_is_the_same_in_capitals(station: LoadedStation) -> None:
    renewed(station)
    station.load(8, day=replace(DAY, election_id=DAY.election_id.lower()))
    assert code_of(station.open) == "election_over"


class CutError(BaseException):
    """The power is cut."""


@contextmanager
def cut_before(step: int) -> Iterator[list[int]]:
    """Cut before the `step`-th change of a name on the disk; counts them."""
    done = [0]

    def watch(event: str, _: tuple[object, ...]) -> None:
        if not is_on[0] or event not in ("os.rename", "os.remove", "os.mkdir"):
            return
        done[0] += 1
        if done[0] == step:
            is_on[0] = False
            raise CutError

    is_on = [True]
    sys.addaudithook(watch)
    try:
        yield done
    finally:
        is_on[0] = False


def journals_of_the_day(station: LoadedStation) -> int:
    """How many journals there are, in place or aside, that opened a day."""
    found = [*station.folder.root.rglob("journal.db")]
    for path in found:
        database = Database.open_to_read(path, JOURNAL, JOURNAL_KEY)
        assert sum(1 for _ in read_records(database)) >= 5
        database.close()
    return len(found)


@pytest.mark.parametrize("step", range(1, 13))
def test_cut_off_before_any_step_it_is_finished_by_giving_it_again(
    station: LoadedStation, step: int
) -> None:
    with station.unlocked() as unlocked:
        proofs = station.leaders(unlocked)
        with cut_before(step) as done, suppress(CutError):
            renew(station.folder, unlocked, proofs, lambda: NOW)
    if done[0] < step:
        assert done[0] >= 10, "every step was tried"
        return
    assert journals_of_the_day(station) == 1
    if (station.folder.lists / "loaded.head").exists():
        # Nothing has begun, or nobody gets in.
        code = ""
        try:
            station.open()
        except KnownError as fault:
            code = fault.code
        assert code in ("", "renewal_unfinished")
    else:
        assert code_of(station.open) == "vsnap_none_loaded"
        if not any(station.folder.journals.glob("*[!g]")):
            station.load(8)
            assert code_of(station.open) == "renewal_unfinished"
    if station.folder.journal.exists() or any(station.folder.journals.glob("*.moving")):
        renewed(station)
    assert journals_of_the_day(station) == 1
    station.load(9)
    assert code_of(station.open) == "election_over"
    station.load(10, day=NEXT)
    station.open()
    assert first_entry(station).previous_size
    assert station.verified().sound
