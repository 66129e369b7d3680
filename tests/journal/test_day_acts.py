"""Acts beside the desk in the journal: what they change, and which the journal refuses."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.entries import (
    ActUndone,
    Admitted,
    CameBack,
    DayClosed,
    DayPaused,
    Entry,
    IssuedElsewhere,
    ListCounted,
    ListProven,
    OffExplained,
    SentAway,
    SessionStarted,
    SlipPrinted,
    StationLocked,
    StationMoved,
    StationUnlocked,
    StationWasOff,
    StruckOff,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    DocumentSeen,
    LockCause,
    OffCause,
    PauseReason,
    PrintedTo,
    SentAwayReason,
    StrikeReason,
    UndoneAct,
    UndoReason,
)
from station_app.journal import Journal, verify_journal
from tests.journal.journal_samples import OPENED, Station, already, closed, identified, voided

OFF = StationWasOff("2026-10-04T02:00:00Z")
SECOND, THIRD = (ListProven(f"{one:064x}", one, "cd" * 32) for one in (2, 3))
MOVED = StationMoved("Room 12", "Sports hall", "c1", "m1")


def voter_id(voter: int) -> str:
    return f"V-{voter:016X}"


def elsewhere(voter: int, place: BallotPlace = BallotPlace.HOME) -> IssuedElsewhere:
    return IssuedElsewhere(voter_id(voter), voter, place, "c1", "m1")


def struck(voter: int) -> StruckOff:
    return StruckOff(voter_id(voter), voter, StrikeReason.MOVED, "c1", "m1")


def admitted(number: int) -> Admitted:
    return Admitted(number, AdmissionBasis.COURT_ORDER, DocumentSeen.PASSPORT, "c1", "m1")


def undone(entry: int, act: UndoneAct, voter: int | None = None) -> ActUndone:
    named = None if voter is None else voter_id(voter)
    return ActUndone(entry, act, named, voter, UndoReason.WRONG_VOTER, "c1", "m1")


@pytest.fixture
def journal(station: Station) -> Iterator[Journal]:
    journal = station.create()
    journal.append(OPENED)
    yield journal
    journal.close()


def write(journal: Journal, *entries: Entry) -> int:
    """The number of the last one."""
    for entry in entries:
        answer = journal.append(entry)
        assert isinstance(answer, Appended)
    return journal.size


def is_sound(station: Station, journal: Journal) -> bool:
    journal.close()
    station.open().close()
    return verify_journal(station.path, station.key, station.signer.public_key).sound


def test_a_ballot_taken_to_a_voter_stops_at_the_desk(station: Station, journal: Journal) -> None:
    first = write(journal, elsewhere(17, BallotPlace.HOSPITAL))
    write(journal, SessionStarted(1))
    answer = journal.append(identified(1, 17))
    assert isinstance(answer, AlreadyAccepted)
    assert (answer.first_number, answer.place) == (first, BallotPlace.HOSPITAL)
    assert not answer.is_struck_off
    write(journal, already(1, 17, first))
    figures = journal.look.figures()
    assert (figures.identified, figures.issued_elsewhere, figures.issued) == (0, 1, 1)
    assert (figures.already_identified, journal.look.identified) == (1, 0)
    assert journal.look.with_ballot() == {voter_id(17): first}
    assert is_sound(station, journal)


def test_undone_it_frees_the_voter(station: Station, journal: Journal) -> None:
    first = write(journal, elsewhere(17))
    write(journal, undone(first, UndoneAct.ISSUED_ELSEWHERE, 17), SessionStarted(1))
    write(journal, identified(1, 17))
    figures = journal.look.figures()
    assert (figures.identified, figures.issued_elsewhere, figures.acts_undone) == (1, 0, 1)
    answer = journal.append(elsewhere(17))
    assert isinstance(answer, AlreadyAccepted), "who was identified has a ballot"
    assert answer.place is None
    assert is_sound(station, journal)


def test_nobody_identifies_a_voter_struck_off(station: Station, journal: Journal) -> None:
    first = write(journal, struck(17))
    write(journal, SessionStarted(1))
    answer = journal.append(identified(1, 17))
    assert isinstance(answer, AlreadyAccepted)
    assert answer.is_struck_off
    with pytest.raises(ValueError, match="strikes this voter off"):
        journal.append(already(1, 17, first))
    assert journal.look.with_ballot() == {}
    assert journal.look.acceptances() == {voter_id(17): first}
    write(journal, undone(first, UndoneAct.STRUCK_OFF, 17), identified(1, 17))
    assert is_sound(station, journal)


@pytest.mark.parametrize(
    ("before", "entry", "why"),
    [
        ([], admitted(2), "numbered from 1"),
        ([admitted(1), undone(3, UndoneAct.ADMITTED)], admitted(1), "numbered from 1"),
        ([admitted(1), undone(3, UndoneAct.ADMITTED)], undone(3, UndoneAct.ADMITTED), "no more"),
        ([elsewhere(17)], undone(3, UndoneAct.STRUCK_OFF, 17), "not this act"),
        ([elsewhere(17)], undone(3, UndoneAct.ISSUED_ELSEWHERE, 4), "not this act"),
        ([elsewhere(17)], undone(2, UndoneAct.ISSUED_ELSEWHERE, 17), "not this act"),
        ([elsewhere(17)], voided(3, 17), "does not identify"),
        ([elsewhere(17)], SlipPrinted(3, 1, PrintedTo.PRINTER), "identifies nobody"),
        ([admitted(1)], OffExplained(3, OffCause.POWER, "o1"), "does not say"),
        ([OFF, OffExplained(3, OffCause.POWER, "o1")], OffExplained(3, OffCause.OTHER, "o1"),
         "before why"),
        ([], CameBack("o1"), "still away"),
        ([SentAway(SentAwayReason.OTHER, "o1"), CameBack("o1")], CameBack("o1"), "still away"),
        ([], MOVED, "not paused"),
        ([], replace(elsewhere(17), voter_id=""), "names no voter"),
        ([], replace(struck(17), voter_id=""), "names no voter"),
        ([], ListCounted(2, 600, ""), "not the one in use"),
        ([SECOND], ListCounted(1, 600, ""), "not the one in use"),
        ([elsewhere(17)], ListCounted(1, 600, "3"), "strikes nobody off"),
        ([struck(17)], ListCounted(1, 600, "2 3"), "strikes nobody off"),
        ([struck(17), undone(3, UndoneAct.STRUCK_OFF, 17)], ListCounted(1, 600, "3"),
         "strikes nobody off"),
        ([struck(17), struck(4)], ListCounted(1, 0, "3"), "more voters are struck off"),
    ],
)  # fmt: skip
def test_an_act_that_does_not_follow_is_refused(
    journal: Journal, before: list[Entry], entry: Entry, why: str
) -> None:
    write(journal, *before)
    with pytest.raises(ValueError, match=why):
        journal.append(entry)
    assert journal.look.refuses([entry])


@pytest.mark.parametrize(
    ("make", "values"),
    [
        (Admitted, (1, AdmissionBasis.COURT_ORDER, DocumentSeen.NONE, "c1", "m1")),
        (ActUndone, (3, UndoneAct.ADMITTED, "V-1", 1, UndoReason.OTHER, "c1", "m1")),
        (ActUndone, (3, UndoneAct.STRUCK_OFF, None, None, UndoReason.OTHER, "c1", "m1")),
        (StationWasOff, ("yesterday",)),
        (StationWasOff, ("2026-02-30T25:00:00Z",)),
        (StationMoved, ("Room 12", "Room 12", "c1", "m1")),
        (StationMoved, ("Room 12", "\x1b[2J hall", "c1", "m1")),
        (StationMoved, ("12", "Sports hall", "c1", "m1")),
    ],
)
def test_an_act_that_says_nothing_is_none(make: type[Entry], values: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"document|fit|UTC|range|room"):
        make(*values)


@pytest.mark.parametrize(
    ("listed", "left_out"), [(-1, ""), (9, "0"), (9, "3 3"), (9, "4 3"), (9, " 3"), (9, "3  4"),
                             (9, "+3"), (9, "٣"), (9, "9" * 5000)],
)  # fmt: skip
def test_a_list_is_counted_in_one_way(listed: int, left_out: str) -> None:
    with pytest.raises(ValueError, match=r"voters|numbers|upwards"):
        ListCounted(2, listed, left_out)


def test_who_is_struck_off_and_left_out_is_taken_off_once(
    station: Station, journal: Journal
) -> None:
    write(journal, struck(17), struck(4))

    def left(*entries: Entry) -> tuple[int, int, int, int]:
        write(journal, *entries)
        figures = journal.look.figures()
        return figures.listed, figures.struck_off, figures.struck_not_listed, figures.entitled

    assert left() == (600, 2, 0, 598)
    assert left(SECOND, ListCounted(2, 599, "3")) == (599, 2, 1, 598)
    assert journal.look.left_out == (3,)
    assert left(THIRD, ListCounted(3, 601, "4")) == (601, 2, 1, 600), "17 is back, 4 is not there"
    assert left(undone(4, UndoneAct.STRUCK_OFF, 4)) == (601, 1, 0, 600)
    assert left(struck(4)) == (601, 2, 0, 599)
    acts = dict.fromkeys(DayClosed.about.added, 0) | {"struck_off": 2, "acts_undone": 1}
    with pytest.raises(ValueError, match="listed 600"):
        journal.append(closed(**acts))
    assert left(closed(listed=601, **acts)) == (601, 2, 0, 599)
    fourth = ListProven("ee" * 32, 4, "cd" * 32)
    number = journal.size - 1
    assert left(fourth, ListCounted(4, 9, f"{number}")) == (601, 2, 0, 599), "the day is closed"
    assert journal.look.list_sequence == 3
    assert is_sound(station, journal)


def test_a_journal_that_counted_no_list_counts_nobody_below_zero(journal: Journal) -> None:
    """As an older version left it: its list lacks those struck off, and no entry says so."""
    write(journal, *map(struck, range(1, 4)))
    assert replace(journal.look.figures(), listed=2).entitled == 0


def test_a_day_adds_up_line_by_line(station: Station, journal: Journal) -> None:
    write(journal, elsewhere(1), elsewhere(2), admitted(1), struck(3))
    write(journal, SentAway(SentAwayReason.CONDITION, "o1"), CameBack("o1"), OFF)
    write(journal, DayPaused(PauseReason.OTHER, "o1"), MOVED)
    counts = {"issued_elsewhere": 2, "admitted": 1, "struck_off": 1, "sent_away": 1, "came_back": 1,
              "station_was_off": 1, "acts_undone": 0}  # fmt: skip
    figures = journal.look.figures()
    assert {name: getattr(figures, name) for name in counts} == counts
    assert (figures.issued, figures.entitled) == (3, 599)
    whole = closed(ballots=3, signatures=3, **counts)
    short = [
        replace(whole, ballots=0),
        replace(whole, struck_off=0),
        replace(whole, **dict.fromkeys(DayClosed.about.added)),
    ]
    for entry in short:
        with pytest.raises(ValueError, match=r"explained|entries give"):
            journal.append(entry)
    write(journal, whole)
    with pytest.raises(ValueError, match="not open"):
        journal.append(elsewhere(5))
    assert is_sound(station, journal)


@pytest.mark.parametrize(("kind", "allowed"), [("live", True), ("training", False), ("demo", True)])
def test_voters_are_visited_before_a_live_day(tmp_path: Path, kind: str, allowed: bool) -> None:
    station = Station(tmp_path, f"station-app/{kind}/9042-1")
    opening = replace(
        station.opening(),
        list_kind=kind,
        election_id="KG",
        election_date="2026-10-05",
        previous_origin="",
        previous_size=0,
        previous_root="",
    )
    journal = Journal.create(station.path, station.key, station.signer, opening, station.clock)
    day = replace(OPENED, election_id="KG", election_date="2026-10-05")
    if not allowed:
        with pytest.raises(ValueError, match="not open"):
            journal.append(elsewhere(17))
        journal.close()
        return
    write(journal, elsewhere(17), struck(4))
    if kind == "live":
        with pytest.raises(ValueError, match="not open"):
            journal.append(admitted(1))
        write(journal, day)
        figures = journal.look.figures()
        assert (figures.issued_elsewhere, figures.struck_off, figures.identified) == (1, 1, 0)
        lines = journal.look.entries([IssuedElsewhere, StruckOff])
        assert [line.number for line in lines] == [2, 3]
        write(journal, SessionStarted(1))
        assert isinstance(journal.append(identified(1, 17)), AlreadyAccepted)
    assert is_sound(station, journal)


def test_another_day_of_training_knows_no_acts(tmp_path: Path) -> None:
    station = Station(tmp_path, "station-app/training/9042-1")
    opening = replace(station.opening(), list_kind="training")
    journal = Journal.create(station.path, station.key, station.signer, opening, station.clock)
    write(journal, OPENED, elsewhere(17), admitted(1))
    names = {"issued_elsewhere": 1, "admitted": 1}
    rest = dict.fromkeys(DayClosed.about.added - names.keys(), 0)
    write(journal, closed(ballots=2, signatures=2, **names, **rest), replace(OPENED, day=2))
    assert not journal.look.figures().has_acts
    with pytest.raises(ValueError, match="no more"):
        journal.append(undone(4, UndoneAct.ADMITTED))
    write(journal, elsewhere(17), admitted(1))
    assert is_sound(station, journal)


def test_a_station_nobody_locked_is_at_work(journal: Journal) -> None:
    told = []
    for entry in (
        StationUnlocked("o1", "m1"),
        StationLocked(LockCause.KEY),
        StationUnlocked("o1", "m1"),
        StationLocked(LockCause.BATTERY),
    ):
        write(journal, entry)
        told.append(journal.look.is_at_work)
    assert told == [True, False, True, True]


def test_the_story_of_an_act(journal: Journal) -> None:
    number = write(journal, elsewhere(17))
    write(journal, undone(number, UndoneAct.ISSUED_ELSEWHERE, 17))
    (act,) = journal.look.day_acts()
    assert [line.entry.kind for line in journal.look.story(act)] == [
        "issued_elsewhere",
        "act_undone",
    ]
    assert journal.look.void_of(number) == number + 1
