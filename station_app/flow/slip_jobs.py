"""What is to be printed next, as the journal has it."""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day import DayState
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.slips import HeadSlip, Slip, SlipMark
from station_app.domain.voters import Voter, short_name
from station_app.journal import Clock, JournalReader


@dataclass(frozen=True, slots=True)
class SlipJob:
    """The slip of an identification: the `copies`th of it; `head` is the journal's, in short."""

    logged: LoggedOutcome
    copies: int
    head: str

    @property
    def file_name(self) -> str:
        """The name where slips are kept as files; the same slip again takes the same one."""
        copy = f"-copy-{self.copies}" if self.copies > 1 else ""
        return f"slip-{self.logged.number:06d}{copy}"

    def slip(self, voter: Voter | None, mark: SlipMark, *, is_kept: bool) -> Slip:
        """The slip; without the voter's name where it is kept in a plain file.

        A voter who is not on this station's list has a list number from the journal only.
        """
        logged = self.logged
        assert logged.list_number is not None
        name = short_name(voter.surname, voter.given_names) if voter and not is_kept else ""
        page, line = (voter.page, voter.line) if voter else (0, 0)
        return Slip(logged.number, logged.at, logged.list_number, page, line, name, self.head, mark)


@dataclass(frozen=True, slots=True)
class Jobs:
    """The next job, None when there is none, and how many slips are to be printed."""

    job: SlipJob | HeadSlip | None
    waiting: int


def next_jobs(journal: JournalReader, wishes: Sequence[int], *, head: bool, clock: Clock) -> Jobs:
    """What to print next; on the journal's lane.

    First what somebody asks for: the slips of the entries `wishes`, the oldest wish first,
    and the journal's head if `head`; then the identifications of the day that stand and
    have no slip yet, oldest first. Once the day is closed its slips are counted: only heads
    are printed. What does not stand has no slip.
    """
    look = journal.look
    is_closed = look.day.state is DayState.CLOSED
    standing = {
        one.number: one
        for one in (() if is_closed else look.day_outcomes())
        if one.outcome is OutcomeKind.IDENTIFIED and look.void_of(one.number) is None
    }
    wished = [number for number in wishes if number in standing]
    unprinted = [number for number in standing if not look.slips_of(number)]
    waiting = len({*wished, *unprinted}) + head
    if head and not wished:
        return Jobs(HeadSlip(clock(), journal.head, look.figures().identified), waiting)
    number = next(iter((*wished, *unprinted)), None)
    if number is None:
        return Jobs(None, 0)
    copies = look.slips_of(number) + 1
    return Jobs(SlipJob(standing[number], copies, journal.head.short), waiting)
