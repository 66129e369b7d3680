"""A day in the journal: what it refuses, and that it adds up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.day import DayState
from station_app.domain.entries import (
    ClockChanged,
    CommissionDecision,
    DayOpened,
    DayReopened,
    DifferenceExplained,
    Entry,
    OutcomeVoided,
    SessionStarted,
    SlipFailed,
    SlipPrinted,
    StopDecided,
)
from station_app.domain.entry_codes import (
    Count,
    Decision,
    DocumentSeen,
    ManualReason,
    Method,
    OutcomeKind,
    PrintedTo,
    ReopenReason,
    StopFinding,
)
from station_app.domain.errors import KnownError
from station_app.journal import Journal, verify_journal
from tests.journal.journal_samples import (
    OPENED,
    Station,
    already,
    closed,
    ended,
    identified,
    voided,
)

REOPENED = DayReopened(ReopenReason.COUNTS_WRONG, "chair-1", "member-1")


def decision(session: int, said: Decision) -> CommissionDecision:
    return CommissionDecision(
        session, said, ManualReason.WORN, DocumentSeen.ID_CARD, "operator-1", "member-1"
    )


@pytest.fixture
def journal(station: Station):
    journal = station.create()
    journal.append(OPENED)
    yield journal
    journal.close()


def write(journal: Journal, *entries: Entry) -> list[int]:
    numbers = []
    for entry in entries:
        answer = journal.append(entry)
        assert isinstance(answer, Appended)
        numbers.append(answer.number)
    return numbers


def is_sound(station: Station, journal: Journal) -> bool:
    journal.close()
    station.open().close()
    return verify_journal(station.path, station.key, station.signer.public_key).sound


def test_a_void_frees_the_voter_and_nothing_disappears(station: Station, journal: Journal) -> None:
    write(journal, SessionStarted(1), identified(1, 17), voided(4, 17))
    write(journal, SessionStarted(2), identified(2, 17), SessionStarted(3))
    again = journal.append(identified(3, 17))
    assert isinstance(again, AlreadyAccepted)
    assert again.first_number == 7
    write(journal, already(3, 17, 7))
    look = journal.look
    assert (look.void_of(4), look.void_of(7)) == (5, None)
    figures = look.figures()
    assert (figures.identified, figures.voided, figures.already_identified) == (1, 1, 1)
    assert is_sound(station, journal)


@pytest.mark.parametrize("entry", [voided(4, 4), voided(3, 17), voided(99, 17)])
def test_only_an_identification_that_stands_is_made_void(
    journal: Journal, entry: OutcomeVoided
) -> None:
    write(journal, SessionStarted(1), identified(1, 17))
    with pytest.raises(ValueError, match="does not identify"):
        journal.append(entry)
    write(journal, voided(4, 17))
    with pytest.raises(ValueError, match="does not identify"):
        journal.append(voided(4, 17))


def test_a_stop_is_decided_about_once_and_told_in_its_story(
    station: Station, journal: Journal
) -> None:
    def found(stopped: int) -> StopDecided:
        return StopDecided(stopped, StopFinding.LIST_ERROR, "operator-1", "member-1")

    write(journal, SessionStarted(1), identified(1, 17), SessionStarted(2), already(2, 17, 4))
    for number in (4, 5, 99):
        with pytest.raises(ValueError, match="stopped nobody"):
            journal.append(found(number))
    write(journal, found(6))
    with pytest.raises(ValueError, match="decided about before"):
        journal.append(found(6))
    look = journal.look
    figures = look.figures()
    assert (figures.identified, figures.already_identified, figures.stops_decided) == (1, 1, 1)
    stop = look.day_outcomes()[-1]
    assert [line.entry for line in look.story(stop)][-1] == found(6)
    write(journal, voided(4, 17))
    assert journal.look.figures().stops_decided == 1
    assert is_sound(station, journal)


def test_the_commission_identifies_after_it_has_decided(station: Station, journal: Journal) -> None:
    by_commission = replace(identified(1, 17), method=Method.COMMISSION)
    write(journal, SessionStarted(1))
    with pytest.raises(ValueError, match="not confirmed"):
        journal.append(by_commission)
    write(journal, decision(1, Decision.CONFIRMED), by_commission)
    write(journal, SessionStarted(2), decision(2, Decision.REFUSED))
    for entry in (identified(2, 4), replace(identified(2, 4), method=Method.COMMISSION)):
        with pytest.raises(ValueError, match=r"confirmed|refused"):
            journal.append(entry)
    write(journal, ended(2, OutcomeKind.REFUSED))
    with pytest.raises(ValueError, match="session 2"):
        journal.append(decision(2, Decision.CONFIRMED))
    figures = journal.look.figures()
    assert (figures.by_commission, figures.refused, figures.manual_share) == (1, 1, 1.0)
    assert is_sound(station, journal)


@pytest.mark.parametrize("method", [Method.PIN, Method.NONE])
def test_nobody_is_identified_by_what_no_closing_counts(journal: Journal, method: Method) -> None:
    write(journal, SessionStarted(1))
    with pytest.raises(ValueError, match="no count of a closing"):
        journal.append(replace(identified(1, 17), method=method))


def test_slips_are_counted_by_the_entry_they_are_for(station: Station, journal: Journal) -> None:
    write(journal, SessionStarted(1), identified(1, 17))
    for entry in (SlipPrinted(3, 1, PrintedTo.PRINTER), SlipFailed(3, "paper_out")):
        with pytest.raises(ValueError, match="identifies nobody"):
            journal.append(entry)
    write(journal, SlipFailed(4, "paper_out"))
    with pytest.raises(ValueError, match="from 1 on"):
        journal.append(SlipPrinted(4, 2, PrintedTo.PRINTER))
    write(journal, SlipPrinted(4, 1, PrintedTo.PRINTER), SlipPrinted(4, 2, PrintedTo.FOLDER))
    assert journal.look.slips_of(4) == 2
    figures = journal.look.figures()
    assert (figures.slips, figures.reprints) == (1, 1)
    (logged,) = journal.look.day_outcomes()
    kinds = [line.entry.kind for line in journal.look.story(logged)]
    assert kinds == ["session_started", "outcome", "slip_failed", "slip_printed", "slip_printed"]
    assert is_sound(station, journal)


def test_a_day_closes_with_the_counts_of_its_entries(station: Station, journal: Journal) -> None:
    write(journal, SessionStarted(1), identified(1, 17), SlipPrinted(4, 1, PrintedTo.PRINTER))
    write(journal, SessionStarted(2))
    right = {"by_finger": 1, "slips": 1, "ballots": 1, "signatures": 1}
    with pytest.raises(ValueError, match="under way"):
        journal.append(closed(**right))
    write(journal, ended(2, OutcomeKind.NOT_ON_LIST))
    with pytest.raises(ValueError, match="not_on_list 0"):
        journal.append(closed(**right))
    right["not_on_list"] = 1
    with pytest.raises(ValueError, match="ballots is not explained"):
        journal.append(closed(**right | {"ballots": 2}))
    write(journal, closed(**right))
    assert journal.look.day.state is DayState.CLOSED
    with pytest.raises(ValueError, match="not open"):
        journal.append(SessionStarted(3))
    assert is_sound(station, journal)


def test_a_difference_is_explained_with_its_numbers(station: Station, journal: Journal) -> None:
    write(journal, SessionStarted(1), identified(1, 17), SlipPrinted(4, 1, PrintedTo.PRINTER))
    counts = {"by_finger": 1, "slips": 1, "ballots": 2, "signatures": 1}
    other = DifferenceExplained(Count.BALLOTS, 1, 3, "One ballot was spoilt and replaced")
    with pytest.raises(ValueError, match="not explained"):
        journal.append_all((other, closed(**counts)))
    assert journal.look.day.state is DayState.OPEN
    journal.append_all((replace(other, counted=2), closed(**counts)))
    write(journal, REOPENED)
    with pytest.raises(ValueError, match="not explained"):
        journal.append(closed(**counts))
    assert is_sound(station, journal)


def test_an_append_of_several_is_all_or_nothing(station: Station, journal: Journal) -> None:
    with pytest.raises(ValueError, match="session 7"):
        journal.append_all((SessionStarted(1), SessionStarted(2), ended(7, OutcomeKind.REFUSED)))
    assert (journal.size, journal.last_session()) == (2, 0)
    write(journal, SessionStarted(1), identified(1, 17), SessionStarted(2))
    with pytest.raises(ValueError, match="identifies a voter again"):
        journal.append_all((SessionStarted(3), identified(2, 17)))
    answers = journal.append_all((SessionStarted(3), identified(3, 4)))
    assert [one.number for one in answers] == [6, 7]
    assert is_sound(station, journal)


def test_another_day_begins_with_nobody_identified(station: Station, journal: Journal) -> None:
    write(journal, SessionStarted(1), identified(1, 17), SlipPrinted(4, 1, PrintedTo.FOLDER))
    write(journal, closed(by_finger=1, slips=1, ballots=1, signatures=1))
    write(journal, replace(OPENED, day=2))
    assert journal.look.figures().identified == 0
    assert journal.look.day_outcomes() == ()
    write(journal, SessionStarted(2), identified(2, 17))
    assert journal.look.figures().identified == 1
    assert [line.number for line in journal.look.entries((DayOpened, SessionStarted))] == [7, 8]
    assert is_sound(station, journal)


def test_a_clock_that_goes_back_is_written_down(station: Station, journal: Journal) -> None:
    station.now -= timedelta(minutes=4)
    (number,) = write(journal, SessionStarted(1))
    moved = journal.look.entries((ClockChanged,))
    assert [line.number for line in moved] == [number - 1]
    assert moved[0].entry == ClockChanged(4 * 60_000 - 1000)
    station.now -= timedelta(seconds=1.5)
    write(journal, identified(1, 17))
    assert len(journal.look.entries((ClockChanged,))) == 1
    assert is_sound(station, journal)


def test_a_second_identification_after_the_clock_went_back(
    station: Station, journal: Journal
) -> None:
    write(journal, SessionStarted(1), identified(1, 17), SessionStarted(2))
    station.now -= timedelta(hours=1)
    assert isinstance(journal.append(identified(2, 17)), AlreadyAccepted)
    write(journal, already(2, 17, 4))
    assert is_sound(station, journal)


def test_listeners_are_told_of_what_is_durable(station: Station, journal: Journal) -> None:
    told: list[int] = []
    journal.listen(lambda records: told.extend(record.number for record in records))
    write(journal, SessionStarted(1))
    journal.append_all((identified(1, 17), SessionStarted(2)))
    with pytest.raises(ValueError, match="session 9"):
        journal.append(ended(9, OutcomeKind.REFUSED))
    assert told == [3, 4, 5]


def test_the_head_in_short_is_what_slips_say(station: Station, journal: Journal) -> None:
    head = journal.head
    assert head.note == station.head.read_text()
    assert head.short == f"2 {head.root.hex()[:4]} {head.root.hex()[4:8]}"


def test_a_table_that_forgets_a_void_is_found(station: Station, journal: Journal) -> None:
    write(journal, SessionStarted(1), identified(1, 17), voided(4, 17))
    journal.close()
    with station.tampering() as database:
        database.execute("INSERT INTO active_acceptance VALUES (?, 4)", (f"V-{17:016X}",))
    assert not verify_journal(station.path, station.key, station.signer.public_key).sound
    with pytest.raises(KnownError, match=r"damaged|changed"):
        station.open()
