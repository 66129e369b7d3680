"""The first unlocking after a load finishes it."""

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.biometrics import engines
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.search import Searcher
from station_app.domain.entries import (
    Entry,
    EventUnread,
    JournalOpened,
    ListLoaded,
    ListProven,
    ListWithdrawn,
    PersonAdded,
)
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import TemplateStore
from station_app.flow import list_trial, opening
from station_app.journal import Journal
from station_app.snapshots import (
    CheckedFile,
    LoadedList,
    add_pending,
    loaded_list,
    read_pending,
    refuse_changed,
)
from tests.flow.loaded_station import ISSUER, NOW, Fingers, LoadedStation, enrolled


@pytest.fixture(scope="module")
def fingers() -> Fingers:
    return enrolled(FingerEngine(), 9)


@pytest.fixture
def station(tmp_path: Path, fingers: Fingers) -> LoadedStation:
    return LoadedStation(tmp_path, fingers)


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(KnownError) as caught:
        action()
    return caught.value.code


def swapped(fingers: Fingers) -> Fingers:
    """The codes of each finger belong to the next voter."""
    return [(row, fingers[(row + 1) % len(fingers)][1]) for row, _ in fingers]


def test_the_first_load_opens_a_journal_under_the_stations_own_keys(station: LoadedStation) -> None:
    add_pending(station.folder.pending_events, "person_added", PERSON, NOW)
    station.load(3)
    assert station.open() == 9
    opened, added, loaded = station.entries()
    assert isinstance(opened, JournalOpened)
    assert (opened.origin, opened.list_sequence) == ("station-app/live/9042-1", 3)
    assert isinstance(added, PersonAdded)
    assert (added.person, added.happened) == ("o2", "2026-11-28T09:30:00Z")
    assert isinstance(loaded, ListLoaded)
    assert (loaded.list_sha256, loaded.by) == (opened.list_hash, "t-1")
    report = station.verified()
    assert report.sound, report.reason
    assert report.key_is_given
    assert not station.folder.journal_key.exists()
    assert loaded_list(station.folder, (ISSUER,)).is_proven
    assert read_pending(station.folder.pending_events).size == 0


def test_a_second_unlocking_tries_and_writes_nothing(
    station: LoadedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.load(3)
    station.open()
    before = station.kinds()
    monkeypatch.setattr(list_trial.ListTrial, "passed", None)
    assert station.open() == 9
    assert station.kinds() == before


def test_a_newer_list_is_tried_and_the_journal_goes_on_with_it(station: LoadedStation) -> None:
    station.load(3)
    station.open()
    station.load(5, voters=8)
    assert station.open() == 8
    assert station.kinds() == ["journal_opened", "list_loaded", "list_loaded", "list_proven"]
    last = station.entries()[-1]
    assert isinstance(last, ListProven)
    assert last.list_sequence == 5
    assert station.verified().sound
    assert len(list(station.folder.lists.glob("*.vlist"))) == 1


def test_after_a_bad_list_the_old_one_is_back(station: LoadedStation) -> None:
    station.load(3)
    station.open()
    station.load(5, packed=swapped(station.fingers))
    assert code_of(station.open) == "list_withdrawn"
    assert loaded_list(station.folder, (ISSUER,)).manifest.sequence == 3
    assert station.open() == 9
    last = station.entries()[-1]
    assert isinstance(last, ListWithdrawn)
    assert (last.sequence, last.code) == (5, "trial_search_failed")
    assert code_of(lambda: station.load(4)) == "vsnap_rollback"
    station.load(6)
    assert station.open() == 9
    assert station.verified().sound


def test_a_bad_first_list_leaves_none_and_no_journal(station: LoadedStation) -> None:
    station.load(3, packed=swapped(station.fingers))
    assert code_of(station.open) == "list_withdrawn_last"
    assert not station.folder.journal.exists()
    assert code_of(station.open) == "vsnap_none_loaded"
    station.load(4)
    assert station.open() == 9
    kinds = ["journal_opened", "list_loaded", "list_withdrawn", "list_loaded"]
    assert station.kinds() == kinds


def test_a_list_without_fingers_has_nothing_to_try(station: LoadedStation) -> None:
    station.load(1, voters=0)
    assert station.open() == 0


def test_voters_who_share_a_finger_do_not_fail_it(tmp_path: Path, fingers: Fingers) -> None:
    station = LoadedStation(tmp_path, [(row, fingers[0][1]) for row in range(5)])
    station.load(1)
    assert station.open() == 5


def test_a_fault_of_the_machine_is_not_the_lists(
    station: LoadedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: TemplateStore) -> Searcher:
        raise KnownError("model_damaged", "The network is damaged.")

    station.load(3)
    monkeypatch.setattr(engines, "ENGINES", (replace(engines.ENGINES[0], matcher=broken),))
    assert code_of(station.open) == "model_damaged"
    assert loaded_list(station.folder, (ISSUER,)).manifest.sequence == 3


def test_a_fault_of_the_disk_takes_no_list_away(
    station: LoadedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise KnownError("disk_fault", "The disk does not answer.")

    station.load(3)
    with monkeypatch.context() as failing:
        failing.setattr(Searcher, "finds_its_own", broken)
        assert code_of(station.open) == "disk_fault"
    assert loaded_list(station.folder, (ISSUER,)).manifest.sequence == 3
    assert station.open() == 9


def test_a_list_that_lacks_a_finger_it_names_is_taken_away(station: LoadedStation) -> None:
    station.load(3)
    station.open()
    left = FingerPosition.LEFT_INDEX
    station.load(5, packed=[(row, replace(one, position=left)) for row, one in station.fingers])
    assert code_of(station.open) == "list_withdrawn"
    assert station.open() == 9
    last = station.entries()[-1]
    assert isinstance(last, ListWithdrawn)
    assert (last.sequence, last.code) == (5, "gallery_damaged")


def changed_in_place(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[20_000] ^= 1
    path.write_bytes(content)


def exchanged_and_back(path: Path) -> None:
    other = path.with_name("other")
    path.replace(other)
    other.replace(path)


@pytest.mark.parametrize("change", [changed_in_place, exchanged_and_back, Path.touch])
def test_a_list_changed_between_its_check_and_its_opening_is_not_withdrawn(
    station: LoadedStation, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    station.load(3)
    path = loaded_list(station.folder, (ISSUER,)).path

    def racing(loaded: LoadedList) -> CheckedFile:
        checked = refuse_changed(loaded)
        time.sleep(0.02)  # beyond the grain of the file system's clock
        change(path)
        return checked

    with monkeypatch.context() as patch:
        patch.setattr(list_trial, "refuse_changed", racing)
        assert code_of(station.open) == "list_damaged"
    assert loaded_list(station.folder, (ISSUER,)).manifest.sequence == 3
    events = read_pending(station.folder.pending_events).events
    assert [one.event for one in events] == ["list_loaded"]
    if change is not changed_in_place:
        assert station.open() == 9


@pytest.mark.parametrize("cut", ["_import_events", "drop_pending", "prove_list"])
def test_cut_off_before_a_step_no_event_is_lost_or_doubled(
    station: LoadedStation, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    class CutError(Exception):
        pass

    def cut_off(*_: object) -> None:
        raise CutError

    add_pending(station.folder.pending_events, "person_added", PERSON, NOW)
    station.load(3)
    station.open()
    add_pending(station.folder.pending_events, "person_added", PERSON, NOW)
    station.load(5)
    with monkeypatch.context() as patch:
        patch.setattr(opening, cut, cut_off)
        with pytest.raises(CutError):
            station.open()
    add_pending(station.folder.pending_events, "settings_changed", {"app": "0.1.0"}, NOW)
    assert station.open() == 9
    assert sorted(station.kinds()) == [
        "journal_opened", "list_loaded", "list_loaded", "list_proven", "person_added",
        "person_added", "settings_changed",
    ]  # fmt: skip
    assert read_pending(station.folder.pending_events).size == 0
    assert loaded_list(station.folder, (ISSUER,)).is_proven
    assert station.verified().sound


@pytest.mark.parametrize("appends", range(4))
def test_cut_off_after_any_entry_of_the_first_unlocking(
    station: LoadedStation, monkeypatch: pytest.MonkeyPatch, appends: int
) -> None:
    append, left = Journal.append, appends

    def cut_off(journal: Journal, entry: Entry) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise KnownError("disk_full", "The disk is full.")
        return append(journal, entry)

    for _ in range(3):
        add_pending(station.folder.pending_events, "person_added", PERSON, NOW)
    station.load(3)
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", cut_off)
        assert code_of(station.open) == "disk_full"
    assert station.open() == 9
    assert station.kinds() == ["journal_opened", *["person_added"] * 3, "list_loaded"]
    assert station.verified().sound


def test_an_older_list_than_the_journal_knows_is_refused(
    station: LoadedStation, tmp_path: Path
) -> None:
    station.load(3)
    station.open()
    shutil.copytree(station.folder.lists, tmp_path / "old")
    station.load(5)
    station.open()
    shutil.rmtree(station.folder.lists)
    shutil.copytree(tmp_path / "old", station.folder.lists)
    assert code_of(station.open) == "list_rolled_back"
    shutil.rmtree(station.folder.lists)
    station.load(5)
    assert code_of(station.open) == "vsnap_same_sequence_other_hash"
    station.load(6)
    assert station.open() == 9


def test_a_removed_journal_is_told(station: LoadedStation) -> None:
    station.load(3)
    station.open()
    for path in station.folder.root.glob("journal.db*"):
        path.unlink()
    assert code_of(station.open) == "journal_gone"


def test_what_is_no_event_is_written_down_as_such(station: LoadedStation) -> None:
    path = station.folder.pending_events
    add_pending(path, "other_program", {"said": "Asanova"}, NOW)
    add_pending(path, "person_added", {**PERSON, "role": 3}, NOW)
    add_pending(path, "settings_changed", {"app": "a\nb"}, NOW)
    with path.open("ab") as file:
        file.write(b"no line of ours\n")
    station.load(3)
    station.open()
    unread = [entry for entry in station.entries() if isinstance(entry, EventUnread)]
    assert [bool(one.happened) for one in unread] == [True, True, True, False]
    assert "list_loaded" in station.kinds()
    assert station.verified().sound


PERSON = {"by": "o1 c1", "person": "o2", "role": "operator"}
