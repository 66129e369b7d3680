"""A view of an open journal: the day, its figures, the story of an entry."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from station_app.domain.appends import AlreadyAccepted, LoggedOutcome
from station_app.domain.day import Day
from station_app.domain.day_acts import LoggedAct, accepted_by
from station_app.domain.day_log import StoryLine
from station_app.domain.day_report import DayFigures
from station_app.domain.entries import DeviceTested, Entry, ListCompared, StationWasOff
from station_app.domain.entry_codes import OutcomeKind
from station_app.journal.carrying import happening
from station_app.journal.records import Record, read_acceptances, read_some
from station_app.journal.replay import Replay
from station_app.vault import Database

_CHUNK: Final = 1000


class JournalView:
    """The state after the entries so far; made by `Journal.look` for one use on its thread."""

    def __init__(self, database: Database, replay: Replay) -> None:
        self._database = database
        self._replay = replay

    @property
    def day(self) -> Day:
        """The day and its state."""
        return self._replay.day

    def figures(self) -> DayFigures:
        """The day's sums so far."""
        return self._replay.figures()

    @property
    def identified(self) -> int:
        """Number of valid identifications of the day; as in `figures`, without adding up."""
        return self._replay.identified

    @property
    def by_commission(self) -> int:
        """How many of them the commission has made."""
        return len(self._replay.by_commission)

    def records(self, first: int, count: int) -> tuple[Record, ...]:
        """At most `count` records from number `first` on."""
        return read_some(self._database, first, count)

    def day_outcomes(self) -> tuple[LoggedOutcome, ...]:
        """The ends of the day's sessions, oldest first."""
        return tuple(self._replay.outcomes[self._replay.first_of_day :])

    def day_acts(self) -> tuple[LoggedAct, ...]:
        """The day's acts, oldest first."""
        return self._replay.acts.of_day()

    def refuses(self, entries: Collection[Entry]) -> bool:
        """Whether these entries, one after the other, may not come next."""
        replay = self._replay.copy()
        try:
            for entry in entries:
                replay.check(entry)
                if replay.is_repeated(entry):
                    return True
                replay.apply(entry, datetime.now(UTC))
        except ValueError:
            return True
        return False

    def void_of(self, number: int) -> int | None:
        """The entry that has made the identification of entry `number` void, or has undone that
        act, if one has.
        """
        return self._replay.voids.get(number) or self._replay.acts.undone.get(number)

    def is_unexplained(self, act: LoggedAct) -> bool:
        """Whether the station was off, and nobody has said why."""
        is_off = isinstance(act.entry, StationWasOff)
        return is_off and act.number not in self._replay.acts.explained

    @property
    def is_at_work(self) -> bool:
        """See `Replay.is_at_work`."""
        return self._replay.is_at_work

    def slips_of(self, number: int) -> int:
        """How many slips were printed for the identification of entry `number`."""
        return self._replay.slips.get(number, 0)

    @property
    def tested(self) -> tuple[DeviceTested, ...]:
        """The newest test of each part that the journal tells of."""
        return tuple(self._replay.tested.values())

    @property
    def exported(self) -> int:
        """The entry of the newest export of this journal, 0 before one."""
        return self._replay.exported

    @property
    def is_ended(self) -> bool:
        """Whether the journal has ended (another election begins): no entry may follow."""
        return self._replay.is_ended

    def acceptances(self) -> dict[str, int]:
        """The table of settled voters: who, and by which entry."""
        return read_acceptances(self._database)

    def with_ballot(self) -> dict[str, int]:
        """Voters identified, or with a ballot taken to them, each with that entry."""
        acts = self._replay.acts
        return {
            voter: number
            for voter, number in self._replay.acceptances.items()
            if acts.takes_ballot(number) or not acts.settles(number)
        }

    @property
    def list_sequence(self) -> int:
        """See `Replay.list_sequence`."""
        return self._replay.list_sequence

    def struck_off(self) -> dict[str, int]:
        """Voters struck off now, each with that entry."""
        return self._replay.acts.struck_off()

    @property
    def left_out(self) -> tuple[int, ...]:
        """Those of these entries whose voters are not on the list that the day counts by."""
        return tuple(sorted(self._replay.acts.left_out))

    def settled(self, voter_ids: Collection[str]) -> dict[str, AlreadyAccepted]:
        """Those of these voters who are settled, and by which entry."""
        found: dict[str, AlreadyAccepted] = {}
        for voter in voter_ids:
            if (number := self._replay.acceptances.get(voter)) is not None:
                entry, at = happening(self.records(number, 1)[0].leaf)
                found[voter] = accepted_by(entry, number, at)
        return found

    def marked(self) -> dict[str, int]:
        """The voters whom only the commission identifies (`voter_marked`), each with the entry that
        identified the other one.
        """
        return dict(self._replay.marked)

    @property
    def comparisons(self) -> tuple[ListCompared, ...]:
        """How each list loaded during the day compared with the one before it."""
        found = []
        for number in self._replay.comparisons:
            entry, _ = happening(self.records(number, 1)[0].leaf)
            assert isinstance(entry, ListCompared)
            found.append(entry)
        return tuple(found)

    @property
    def unheld_list(self) -> str:
        """See `Replay.unheld_list`."""
        return self._replay.unheld_list

    def story(self, logged: LoggedOutcome | LoggedAct) -> tuple[StoryLine, ...]:
        """The entries of a session and those that speak of its outcome, or an act and those that
        speak of it, oldest first.

        A carried entry appears as the entry that it carries, with that entry's time;
        the entry numbers it names are those of the journal it was carried from.
        """
        numbers = self._replay.about.get(logged.number, ())
        later = [record for number in numbers for record in self.records(number, 1)]
        if isinstance(logged, LoggedAct):
            return tuple(map(_line, (*self.records(logged.number, 1), *later)))
        span = self.records(logged.begun, logged.number - logged.begun + 1)
        own = (
            line
            for line in map(_line, span)
            if getattr(line.entry, "session", None) == logged.session
        )
        return (*own, *map(_line, later))

    def identified_before(self, logged: LoggedOutcome) -> LoggedOutcome | None:
        """The last identification of the same voter before `logged`, None without one: a ballot
        may have been taken to that voter.
        """
        earlier = (
            one
            for one in reversed(self._replay.outcomes)
            if one.number < logged.number
            and one.voter_id == logged.voter_id
            and one.outcome is OutcomeKind.IDENTIFIED
        )
        return None if logged.voter_id is None else next(earlier, None)

    def entries(self, kinds: Collection[type[Entry]]) -> tuple[StoryLine, ...]:
        """The day's entries of some kinds, oldest first; reads the day's part of the file.

        Acts of the days before the opening belong to the day (`domain.day`).
        """
        first = max(self._replay.day.opened_entry, 1)
        acts = [one.number for one in self.day_acts()]
        early = {*acts, *filter(None, map(self.void_of, acts))}
        lines = [
            _line(record)
            for number in sorted(early)
            if number < first
            for record in self.records(number, 1)
        ]
        lines = [line for line in lines if type(line.entry) in kinds]
        while chunk := self.records(first, _CHUNK):
            lines += [line for line in map(_line, chunk) if type(line.entry) in kinds]
            first += len(chunk)
        return tuple(lines)


def _line(record: Record) -> StoryLine:
    entry, at = happening(record.leaf)
    return StoryLine(record.number, at, entry)
