"""What a journal's entries add up to, and which entry may follow."""

from datetime import datetime

from station_app.domain.appends import LoggedOutcome
from station_app.domain.entries import (
    Entry,
    FingerTry,
    ImportedEvent,
    JournalOpened,
    ListProven,
    Outcome,
    SessionStarted,
)
from station_app.domain.entry_codes import OutcomeKind


class Replay:
    """The sum of the entries so far.

    `acceptances` holds the entry number of each identified voter, `open_tries` the tries
    used so far in each session without an outcome, `proven` the entry that names the list
    in use (highest sequence there was), `imported` the ids of events imported so far.
    """

    def __init__(self) -> None:
        self.size = 0
        self.opened: JournalOpened | None = None
        self.proven: JournalOpened | ListProven | None = None
        self.imported: set[str] = set()
        self.last_session = 0
        self.open_tries: dict[int, int] = {}
        self.acceptances: dict[str, int] = {}
        self.outcomes: list[LoggedOutcome] = []

    def check(self, entry: Entry) -> None:
        """Raise `ValueError` when `entry` may not come next.

        The first entry, and no other, opens the journal; sessions are numbered upwards;
        tries and outcomes belong to a session under way; a session has one outcome; lists
        are numbered upwards; an event is imported once.
        A second identification is for `is_repeated`.
        """
        if (self.opened is None) != isinstance(entry, JournalOpened):
            raise ValueError("the first entry, and only the first, opens the journal")
        match entry:
            case SessionStarted(session=session) if session <= self.last_session:
                raise ValueError(f"session {session} is not a new one")
            case FingerTry(session=session) | Outcome(session=session) if (
                session not in self.open_tries
            ):
                raise ValueError(f"session {session} has ended or has not begun")
            case ListProven(list_sequence=sequence) if (
                self.proven is None or sequence <= self.proven.list_sequence
            ):
                raise ValueError("the list it names is not newer than the one before it")
            case ImportedEvent(event_id=event_id) if event_id in self.imported:
                raise ValueError("it was imported before")
            case Outcome(outcome=OutcomeKind.ALREADY_IDENTIFIED, voter_id=str(voter)) if (
                self.acceptances.get(voter) != entry.first_entry
            ):
                raise ValueError("the entry it names did not identify this voter first")
            case _:
                pass

    def is_repeated(self, entry: Entry) -> bool:
        """Whether `entry` identifies a voter who has been identified before."""
        return (
            isinstance(entry, Outcome)
            and entry.outcome is OutcomeKind.IDENTIFIED
            and entry.voter_id in self.acceptances
        )

    def apply(self, entry: Entry, at: datetime) -> None:
        """Count in an entry that `check` has passed."""
        self.size += 1
        match entry:
            case JournalOpened():
                self.opened = self.proven = entry
            case ListProven():
                self.proven = entry
            case ImportedEvent(event_id=event_id):
                self.imported.add(event_id)
            case SessionStarted(session=session):
                self.last_session = session
                self.open_tries[session] = 0
            case FingerTry(session=session):
                self.open_tries[session] += 1
            case Outcome():
                del self.open_tries[entry.session]
                self.outcomes.append(LoggedOutcome(self.size, at, entry.outcome, entry.list_number))
                if entry.outcome is OutcomeKind.IDENTIFIED and entry.voter_id is not None:
                    self.acceptances[entry.voter_id] = self.size
            case _:
                pass
