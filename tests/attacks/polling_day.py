"""A live station's day, entry by entry, as the desk and the commission's room write it."""

from typing import Final

from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.election import ElectionDay, entry_texts
from station_app.domain.entries import (
    DayClosed,
    DayOpened,
    DayReopened,
    DifferenceExplained,
    JournalExported,
    Outcome,
    SessionStarted,
)
from station_app.domain.entry_codes import Count, Method, OutcomeKind, ReopenReason
from station_app.journal import Journal
from tests.flow.loaded_station import DAY, Fingers, LoadedStation

REOPENED: Final = DayReopened(ReopenReason.CLOSED_EARLY, "c1", "m1")


def opening(number: int = 1, day: ElectionDay = DAY) -> DayOpened:
    return DayOpened(number, 1, 9, "", 0, "c1", "m1", *entry_texts(day))


def identify(
    journal: Journal, voter_id: str, method: Method = Method.FINGER
) -> Appended | AlreadyAccepted:
    """A person comes to the desk and is identified, or stopped as identified already."""
    session = journal.last_session() + 1
    journal.append(SessionStarted(session))
    outcome = Outcome(
        session=session,
        outcome=OutcomeKind.IDENTIFIED,
        reason="",
        method=method,
        voter_id=voter_id,
        list_number=1,
        first_entry=None,
        evidence_milli=9000,
        threshold_milli=6000,
        fingers_compared=6,
        tries=1,
        engine="x",
        policy=journal.proven.policy,
    )
    answer = journal.append(outcome)
    if isinstance(answer, AlreadyAccepted):
        journal.close_interrupted_sessions()
    return answer


def close_day(journal: Journal) -> None:
    """Close the day with the counts of its entries; nobody had a slip."""
    figures = journal.look.figures()
    counts = {
        name: getattr(figures, name)
        for name in (
            "listed", "by_finger", "by_face", "by_commission", "voided", "already_identified",
            "not_on_list", "unreadable", "refused", "slips", "reprints", *DayClosed.about.added,
        )
    }  # fmt: skip
    number = figures.identified
    explained = (
        [DifferenceExplained(Count.SLIPS, number, 0, "There was no printer")] if number else []
    )
    closed = DayClosed(
        day=journal.look.day.number,
        **counts,
        ballots=number,
        signatures=number,
        chair="c1",
        member="m1",
    )
    journal.append_all([*explained, closed])


def export(journal: Journal) -> None:
    journal.append(JournalExported(journal.size, "ab" * 32, "cd" * 32))


def voter_id(row: int) -> str:
    """The id of the voter in a row of `LoadedStation`'s lists."""
    return f"V-{row:016X}"


def first_day(station: LoadedStation, *rows: int, faces: Fingers = ()) -> None:
    """The list is loaded, the day opened, and the voters of these rows are identified."""
    station.load(1, faces=faces)
    station.open()
    with station.journal() as journal:
        journal.append(opening())
        for row in rows:
            assert isinstance(identify(journal, voter_id(row)), Appended)
