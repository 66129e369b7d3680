"""Promise: a voter is identified once in an election day, whatever is opened or loaded (ADR 0023).

The attack: on a9a29b6 two persons closed the day, loaded a newer list of the same election and
opened "day 2" on the same date: every acceptance was cleared, the same voter was identified again,
and `journal verify` called the journal sound. An honest correction of the list at noon did the
same. Who was identified belongs to the election day that the signed list names: openings,
closings, corrected lists, restarts, takeovers and renewals clear nobody.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.day import DayState
from station_app.domain.election import ElectionDay, entry_texts
from station_app.domain.entries import (
    Carried,
    DayOpened,
    DayPaused,
    DayResumed,
    Entry,
    JournalOpened,
    ListProven,
    TakenOver,
)
from station_app.domain.entry_codes import PauseReason, TakeoverSource
from station_app.domain.errors import KnownError
from station_app.flow.station_journal import renew
from station_app.journal import Journal, verify_journal
from station_app.snapshots import forget_list
from station_app.vault import Secret, Signer
from tests.attacks.polling_day import (
    REOPENED,
    close_day,
    export,
    first_day,
    identify,
    opening,
    voter_id,
)
from tests.flow.loaded_station import DAY, JOURNAL_KEY, NOW, Fingers, LoadedStation, enrolled

SECOND_ROUND = ElectionDay("KG-2026-2", date(2026, 12, 13))


@pytest.fixture(scope="module")
def fingers() -> Fingers:
    return enrolled(FingerEngine(), 6)


@pytest.fixture
def station(tmp_path: Path, fingers: Fingers) -> LoadedStation:
    return LoadedStation(tmp_path, fingers, member=True)


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(KnownError) as caught:
        action()
    return caught.value.code


def test_a_second_opening_on_a_newer_list_is_refused(station: LoadedStation) -> None:
    first_day(station, 1)
    with station.journal() as journal:
        close_day(journal)
    station.load(2)
    station.open()
    with station.journal() as journal:
        with pytest.raises(ValueError, match="opened before"):
            journal.append(opening(2))
        as_before = DayOpened(2, 2, 9, "", 0, "c1", "m1")  # what a9a29b6 wrote
        with pytest.raises(ValueError, match="says no election"):
            journal.append(as_before)
        journal.append(REOPENED)
        assert isinstance(identify(journal, voter_id(1)), AlreadyAccepted)
        assert isinstance(identify(journal, voter_id(2)), Appended)
    assert station.verified().sound


def test_a_list_corrected_at_noon_frees_nobody(station: LoadedStation) -> None:
    first_day(station, 1)
    station.load(2)
    station.open()
    with station.journal() as journal:
        assert isinstance(identify(journal, voter_id(1)), AlreadyAccepted)
        assert isinstance(identify(journal, voter_id(2)), Appended)
        close_day(journal)
        assert journal.look.figures().identified == 2
    assert station.verified().sound


def test_a_list_of_another_day_does_not_join_the_journal(station: LoadedStation) -> None:
    first_day(station, 1)
    assert code_of(lambda: station.load(2, day=SECOND_ROUND)) == "vsnap_other_election"
    forget_list(station.folder)  # somebody with the disk helps it in
    station.load(2, day=SECOND_ROUND)
    assert code_of(station.open) == "list_other_election_day"


def renewed(station: LoadedStation) -> None:
    with station.unlocked() as unlocked:
        renew(station.folder, unlocked, station.leaders(unlocked), lambda: NOW)


def test_a_renewed_station_does_not_go_back_to_the_same_day(station: LoadedStation) -> None:
    first_day(station, 1)
    with station.journal() as journal:
        close_day(journal)
        export(journal)
    renewed(station)
    station.load(2)
    assert code_of(station.open) == "election_over"
    station.load(4, day=SECOND_ROUND)
    assert station.open() == 6
    with station.journal() as journal:
        journal.append(opening(1, SECOND_ROUND))
        assert isinstance(identify(journal, voter_id(1)), Appended)
    assert station.verified().sound


def test_nobody_renews_to_get_rid_of_a_day(station: LoadedStation) -> None:
    first_day(station, 1)
    assert code_of(lambda: renewed(station)) == "renew_day_open"
    with station.journal() as journal:
        close_day(journal)
    assert code_of(lambda: renewed(station)) == "renew_not_exported"
    with station.unlocked() as unlocked:
        alone = unlocked.proofs  # an operator and the chair
        assert code_of(lambda: renew(station.folder, unlocked, alone, lambda: NOW)) == "not_allowed"


def test_a_journal_moved_aside_by_hand_begins_no_other_one(station: LoadedStation) -> None:
    first_day(station, 1)
    aside = station.folder.journals / "station-app-live-9042-1-6-0123456789ab"
    aside.mkdir(parents=True)
    for path in station.folder.root.glob("journal.db*"):
        path.rename(aside / path.name)
    for path in station.folder.lists.glob("*.head"):
        path.rename(aside / path.name)
    (station.folder.lists / "proven").unlink()
    station.load(3, day=SECOND_ROUND)
    assert code_of(station.open) == "journal_gone"


class Desk:
    """A live station, or the spare that goes on for it: what people can do to its journal."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0
        self.sequence = 1
        self.now = NOW
        self.journal = self._create(0)
        self.accepted: set[int] = set()

    def _signer(self, number: int) -> Signer:
        return Signer(Secret(bytes([number + 1]) * 32))

    def _opened(self, number: int) -> JournalOpened:
        return JournalOpened(
            f"station-app/live/9042-{number}",
            "ab" * 32,
            self.sequence,
            "live",
            "cd" * 32,
            self._signer(number).public_key.hex(),
            "1",
            *entry_texts(DAY),
            "",
            0,
            "",
        )

    def _path(self, number: int) -> Path:
        return self.folder / str(number) / "journal.db"

    def _create(self, number: int) -> Journal:
        made = self._opened(number)
        return Journal.create(
            self._path(number), JOURNAL_KEY, self._signer(number), made, lambda: self.now
        )

    def do(self, act: str) -> None:
        getattr(self, act)()

    def open_day(self) -> None:
        self.journal.append(opening(self.journal.look.day.number + 1))

    def open_as_before(self) -> None:
        number = self.journal.look.day.number + 1
        self.journal.append(replace(opening(number), election_id=None, election_date=None))

    def open_the_second_round(self) -> None:
        self.journal.append(opening(self.journal.look.day.number + 1, SECOND_ROUND))

    def pause(self) -> None:
        self.journal.append(DayPaused(PauseReason.POWER, "m1"))

    def resume(self) -> None:
        self.journal.append(DayResumed("m1"))

    def close(self) -> None:
        close_day(self.journal)

    def reopen(self) -> None:
        self.journal.append(REOPENED)

    def load_list(self) -> None:
        self.sequence += 1
        proven = ListProven(f"{self.sequence:064x}", self.sequence, "cd" * 32, *entry_texts(DAY))
        self.journal.append(proven)

    def restart(self) -> None:
        number, origin = self.number, self.journal.opened.origin
        self.journal.close()
        self.journal = Journal.open(
            self._path(number), JOURNAL_KEY, self._signer(number), origin, lambda: self.now
        )

    def take_over(self) -> None:
        old = self.journal
        records = old.look.records(1, old.size)
        head = old.head
        self.number += 1
        self.journal = self._create(self.number)
        taken = TakenOver(
            old.opened.origin, old.opened.public_key, head.size, head.root.hex(), head.note,
            "ef" * 32, TakeoverSource.MIRROR, 0, "c1", "m1",
        )  # fmt: skip
        carried: list[Entry] = [Carried(one.number, one.leaf.decode()) for one in records]
        self.journal.append_all([taken, *carried])
        old.close()

    def identify(self, voter: int) -> None:
        """Whoever is identified was not identified before, and whoever was is stopped."""
        if self.journal.look.day.state is not DayState.OPEN:
            return
        answer = identify(self.journal, voter_id(voter))
        assert isinstance(answer, AlreadyAccepted) == (voter in self.accepted)
        self.accepted.add(voter)

    def is_sound(self) -> bool:
        self.journal.close()
        key = self._signer(self.number).public_key
        return verify_journal(self._path(self.number), JOURNAL_KEY, key).sound


ACTS = (
    "open_day", "open_as_before", "open_the_second_round", "pause", "resume", "close", "reopen",
    "load_list", "restart", "take_over",
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.one_of(st.sampled_from(ACTS), st.integers(1, 3)), max_size=25))
def test_whatever_people_do_nobody_is_identified_twice(acts: list[str | int]) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.open_day()
        for act in acts:
            if isinstance(act, int):
                desk.identify(act)
            else:
                with suppress(ValueError):  # the journal refuses what may not come
                    desk.do(act)
        assert desk.is_sound()
