"""The day's acts beside the desk: whom list numbers mean, what is written, what was written.

An act is drafted as the entry that it becomes, with nothing where voter, number and persons go.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from station_app.domain.appends import AlreadyAccepted
from station_app.domain.day_acts import DayAct, LoggedAct, undo_of
from station_app.domain.entries import ActUndone, Admitted, Entry, OffExplained
from station_app.domain.entry_codes import UndoReason
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person
from station_app.journal.journal_view import JournalView

ActDraft = DayAct | OffExplained

FindVoters = Callable[[Collection[int]], Mapping[int, tuple[str, str]]]
"""Voter id and short name by list number, as `VoterList.by_number`; on the list's lane."""


@dataclass(frozen=True, slots=True)
class CheckedNumber:
    """A list number, and the voter whom the list in use means by it, empty for nobody.

    `settled` is the entry that keeps a ballot from this voter, None where nothing does.
    """

    list_number: int
    voter_id: str = ""
    name: str = ""
    settled: AlreadyAccepted | None = None

    @property
    def is_free(self) -> bool:
        """Whether an act may name this voter."""
        return bool(self.voter_id) and self.settled is None


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act of the day; `is_undone`: it counts no more."""

    act: LoggedAct
    is_undone: bool = False


def read_acts(look: JournalView) -> tuple[ActLine, ...]:
    """The day's acts, newest first."""
    return tuple(
        ActLine(act, look.void_of(act.number) is not None) for act in reversed(look.day_acts())
    )


def checked(
    numbers: Sequence[int],
    found: Mapping[int, tuple[str, str]],
    settled: Mapping[str, AlreadyAccepted],
) -> tuple[CheckedNumber, ...]:
    """The numbers in their order, each once."""
    return tuple(
        CheckedNumber(number, voter_id, name, settled.get(voter_id))
        for number in dict.fromkeys(numbers)
        for voter_id, name in (found.get(number, ("", "")),)
    )


def entries_of(
    draft: ActDraft, voters: Sequence[CheckedNumber], signers: Sequence[Person], look: JournalView
) -> tuple[Entry, ...]:
    """The act as it is written, an entry for each voter; `signers` are chair and member, or the
    one person who says so.
    """
    names = ("by",) if len(signers) == 1 else ("chair", "member")
    values: dict[str, Any] = dict(zip(names, (one.id for one in signers), strict=True))
    if isinstance(draft, Admitted):
        values["number"] = 1 + sum(isinstance(one.entry, Admitted) for one in look.day_acts())
    act = replace(draft, **values)
    if not voters:
        return (act,)
    return tuple(_naming(act, one) for one in voters)


def _naming(act: ActDraft, voter: CheckedNumber) -> Entry:
    values: dict[str, Any] = {"voter_id": voter.voter_id, "list_number": voter.list_number}
    return replace(act, **values)


def undoing(act: LoggedAct, reason: UndoReason, signers: Sequence[Person]) -> ActUndone:
    """The entry that undoes an act."""
    chair, member = signers
    return ActUndone(
        entry=act.number,
        act=undo_of(act),
        voter_id=act.voter_id,
        list_number=act.list_number,
        reason=reason,
        chair=chair.id,
        member=member.id,
    )


def act_refused() -> KnownError:
    """`act_refused`: a voter is settled, or the act was undone, since it was looked at."""
    return KnownError(
        Code.ACT_REFUSED,
        "The journal does not take this act now: perhaps a voter was identified meanwhile, or the "
        "act was undone. Look at the numbers again.",
    )


def needs_two(draft: ActDraft) -> bool:
    """Whether chair and member sign it; else one person who is present says so."""
    return "chair" in draft.about.fields
