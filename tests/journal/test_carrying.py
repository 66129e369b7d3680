"""A journal that goes on for another: what it carries counts, and is all there."""

from dataclasses import replace

import pytest

from station_app.domain.appends import AlreadyAccepted
from station_app.domain.entries import (
    Carried,
    Entry,
    JournalEnded,
    JournalOpened,
    ListProven,
    SessionStarted,
    SlipPrinted,
    TakenOver,
)
from station_app.domain.entry_codes import OutcomeKind, PrintedTo, TakeoverSource
from station_app.journal import Journal, verify_journal
from station_app.journal.leaves import read_leaf, write_leaf
from station_app.journal.tree import Frontier
from station_app.vault import Secret, Signer
from tests.journal.journal_samples import (
    OPENED,
    Station,
    already,
    closed,
    day,
    ended,
    identified,
    voided,
)


class Spare(Station):
    """Another station with another key."""

    def __init__(self, folder, name: str = "9042-2") -> None:
        super().__init__(folder, f"station-app/demo/{name}")
        self.signer = Signer(Secret(name.encode().ljust(32)))


class LiveSpare(Spare):
    """One with a live list, whose number is `sequence`."""

    def __init__(self, folder, name: str, sequence: int) -> None:
        super().__init__(folder, name)
        self.sequence = sequence

    def opening(self) -> JournalOpened:
        return replace(super().opening(), list_kind="live", list_sequence=self.sequence)


def takeover(journal: Journal, station: Station) -> list[Entry]:
    """What a spare writes that has seen the whole of `journal`."""
    head = journal.head
    taken = TakenOver(
        origin=journal.opened.origin,
        public_key=station.signer.public_key.hex(),
        size=head.size,
        root=head.root.hex(),
        note=head.note,
        pack_sha256="ab" * 32,
        source=TakeoverSource.MIRROR,
        missing=0,
        chair="chair-1",
        member="member-1",
    )
    records = journal.look.records(1, head.size)
    return [taken, *(Carried(one.number, one.leaf.decode()) for one in records)]


@pytest.fixture
def dead(station: Station) -> Journal:
    """A day that was cut off: 17 and 4 identified, 4 made void, session 5 under way."""
    journal = station.create()
    for entry in (OPENED, *(one for one in day() if not _names_first(one))):
        journal.append(entry)
    return journal


def _names_first(entry: Entry) -> bool:
    return getattr(entry, "session", None) == 3


@pytest.fixture
def spare(tmp_path) -> Spare:
    return Spare(tmp_path / "spare")


def is_sound(station: Station) -> bool:
    station.open().close()
    return verify_journal(station.path, station.key, station.signer.public_key).sound


def test_who_was_identified_there_is_stopped_here(
    station: Station, dead: Journal, spare: Spare
) -> None:
    dead.append(SessionStarted(5))
    dead.append(already(5, 17, 4))
    dead.append(SlipPrinted(4, 1, PrintedTo.PRINTER))
    dead.append(voided(9, 4))
    dead.append(SessionStarted(6))
    journal = spare.create()
    journal.append_all(takeover(dead, station))
    assert journal.size == dead.size + 2
    assert journal.look.day == replace(dead.look.day, opened_entry=4)
    assert journal.look.figures() == dead.look.figures()
    assert journal.close_interrupted_sessions() == 1
    journal.append(SessionStarted(7))
    answer = journal.append(identified(7, 17))
    assert isinstance(answer, AlreadyAccepted)
    (first, *_) = dead.look.day_outcomes()
    assert (answer.first_number, answer.first_at) == (first.number + 2, first.at)
    journal.append(already(7, 17, answer.first_number))
    journal.append(SessionStarted(8))
    journal.append(identified(8, 4))
    assert journal.look.slips_of(6) == 1
    (told, *_) = journal.look.day_outcomes()
    kinds = [line.entry.kind for line in journal.look.story(told)]
    assert kinds == ["session_started", "outcome", "slip_printed"]
    journal.close()
    assert is_sound(spare)


def test_a_spare_of_a_spare(station: Station, dead: Journal, spare: Spare, tmp_path) -> None:
    second = spare.create()
    second.append_all(takeover(dead, station))
    second.append(SessionStarted(5))
    second.append(already(5, 17, 6))
    third_station = Spare(tmp_path / "third", "9042-3")
    third = third_station.create()
    third.append_all(takeover(second, spare))
    third.append(SessionStarted(6))
    answer = third.append(identified(6, 17))
    assert isinstance(answer, AlreadyAccepted)
    assert answer.first_number == 8
    third.close()
    assert is_sound(third_station)


def test_what_is_carried_is_whole_and_in_order(
    station: Station, dead: Journal, spare: Spare
) -> None:
    taken, *carried = takeover(dead, station)
    journal = spare.create()
    with pytest.raises(ValueError, match="follows the takeover"):
        journal.append(carried[0])
    journal.append(taken)
    with pytest.raises(ValueError, match="second entry"):
        journal.append(taken)
    with pytest.raises(ValueError, match="nothing between"):
        journal.append(OPENED)
    with pytest.raises(ValueError, match="is missing"):
        journal.append(carried[1])
    with pytest.raises(ValueError, match="another journal"):
        journal.append(replace(carried[0], leaf=carried[1].leaf))
    journal.append_all(carried[:-1])
    with pytest.raises(ValueError, match="does not give the root"):
        journal.append(replace(carried[-1], leaf=carried[-2].leaf))
    journal.append(carried[-1])
    with pytest.raises(ValueError, match="nothing between"):
        journal.append(carried[-1])


def test_a_takeover_stands_second(station: Station, dead: Journal, spare: Spare) -> None:
    journal = spare.create()
    journal.append(OPENED)
    with pytest.raises(ValueError, match="second entry"):
        journal.append(takeover(dead, station)[0])


def test_a_takeover_that_saw_nothing(spare: Spare, dead: Journal, station: Station) -> None:
    journal = spare.create()
    taken = takeover(dead, station)[0]
    nothing = replace(taken, size=0, root="", note="", source=TakeoverSource.NOTHING)
    journal.append(nothing)
    journal.append(OPENED)
    journal.close()
    assert is_sound(spare)


def test_carried_entries_keep_the_rules(station: Station, dead: Journal, spare: Spare) -> None:
    """The root fits, but somebody who wrote both journals has broken a rule in the first."""
    taken, *carried = takeover(dead, station)
    last = carried[-1]
    _, at = read_leaf(last.leaf.encode())
    broken = write_leaf(ended(9, OutcomeKind.REFUSED), at)
    frontier = Frontier()
    for one in carried[:-1]:
        frontier = frontier.with_leaf(one.leaf.encode())
    root = frontier.with_leaf(broken).root().hex()
    journal = spare.create()
    with pytest.raises(ValueError, match="session 9"):
        journal.append_all(
            [replace(taken, root=root), *carried[:-1], replace(last, leaf=broken.decode())]
        )
    assert journal.size == 1


@pytest.mark.parametrize("is_open", [True, False])
def test_the_second_day_of_a_live_station(tmp_path, *, is_open: bool) -> None:
    """The original has opened it on a new list, or the spare has that list."""
    original = LiveSpare(tmp_path / "original", "9042-1", 1)
    journal = original.create()
    second = replace(OPENED, day=2, list_sequence=2)
    journal.append_all([OPENED, closed()])
    if is_open:
        journal.append(ListProven("12" * 32, 2, "cd" * 32))
        journal.append_all([second, SessionStarted(1), identified(1, 17)])
    spare = LiveSpare(tmp_path / "spare", "9042-2", 2)
    taken = spare.create()
    taken.append_all(takeover(journal, original))
    if not is_open:
        taken.append(second)
    assert taken.look.day.number == 2
    taken.append(SessionStarted(2))
    assert isinstance(taken.append(identified(2, 17)), AlreadyAccepted) is is_open
    taken.close()
    assert is_sound(spare)


@pytest.mark.parametrize("sequence", [1, 2])
def test_no_second_day_on_the_same_list(tmp_path, sequence: int) -> None:
    """Nor on one that was proven before the day was closed."""
    original = LiveSpare(tmp_path / "original", "9042-1", 1)
    journal = original.create()
    journal.append(OPENED)
    if sequence == 2:
        journal.append(ListProven("12" * 32, 2, "cd" * 32))
    journal.append(closed())
    taken = LiveSpare(tmp_path / "spare", "9042-2", sequence).create()
    taken.append_all(takeover(journal, original))
    assert taken.look.day == replace(
        journal.look.day, opened_entry=4, closed_entry=journal.size + 2
    )
    with pytest.raises(ValueError, match="opened before"):
        taken.append(replace(OPENED, day=2, list_sequence=sequence))


def test_no_second_day_for_the_spare_of_a_spare_on_its_list(tmp_path) -> None:
    """The first station had an older list, and its opening is carried after the spare's."""
    first = LiveSpare(tmp_path / "first", "9042-1", 1)
    journal = first.create()
    journal.append(OPENED)
    second = LiveSpare(tmp_path / "second", "9042-2", 2)
    taken = second.create()
    taken.append_all(takeover(journal, first))
    taken.append(closed())
    third = LiveSpare(tmp_path / "third", "9042-3", 2).create()
    third.append_all(takeover(taken, second))
    with pytest.raises(ValueError, match="opened before"):
        third.append(replace(OPENED, day=2, list_sequence=2))


def test_a_carried_entry_needs_a_takeover_before_it(
    station: Station, dead: Journal, spare: Spare
) -> None:
    """A history whose second entry carries what nothing was taken over for."""
    taken, *carried = takeover(dead, station)
    _, at = read_leaf(carried[0].leaf.encode())
    stray = write_leaf(Carried(1, carried[0].leaf), at)
    root = Frontier().with_leaf(carried[0].leaf.encode()).with_leaf(stray).root().hex()
    journal = spare.create()
    journal.append(replace(taken, size=2, root=root))
    journal.append(carried[0])
    with pytest.raises(ValueError, match="nothing was taken over for"):
        journal.append(Carried(2, stray.decode()))


def test_nobody_is_carried_as_identified_twice(
    station: Station, dead: Journal, spare: Spare
) -> None:
    taken, *carried = takeover(dead, station)
    session = max(int(line.entry.session) for line in dead.look.entries((SessionStarted,))) + 1
    _, at = read_leaf(carried[-1].leaf.encode())
    again = [write_leaf(one, at) for one in (SessionStarted(session), identified(session, 17))]
    frontier = Frontier()
    for leaf in (*(one.leaf.encode() for one in carried), *again):
        frontier = frontier.with_leaf(leaf)
    more = [Carried(len(carried) + n, leaf.decode()) for n, leaf in enumerate(again, 1)]
    journal = spare.create()
    journal.append_all(
        [replace(taken, size=frontier.size, root=frontier.root().hex()), *carried, more[0]]
    )
    with pytest.raises(ValueError, match="was identified before"):
        journal.append(more[1])


def test_a_journal_that_ended_is_not_carried_on(station: Station, spare: Spare) -> None:
    dead = station.create()
    dead.append(OPENED)
    with pytest.raises(ValueError, match="the day is open"):
        dead.append(JournalEnded("chair-1", "member-1"))
    dead.append(closed())
    dead.append(JournalEnded("chair-1", "member-1"))
    journal = spare.create()
    with pytest.raises(ValueError, match="has ended"):
        journal.append_all(takeover(dead, station))
    assert journal.size == 1
