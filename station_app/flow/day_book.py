"""The acts of the day, written into the journal, and why one is refused before that."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from station_app.domain.appends import Appended
from station_app.domain.day import refuse_now
from station_app.domain.day_log import Integrity
from station_app.domain.day_report import DayFigures, HandCount, gaps_of
from station_app.domain.election import entry_texts
from station_app.domain.entries import (
    DayClosed,
    DayOpened,
    DayPaused,
    DayReopened,
    DayResumed,
    DifferenceExplained,
    Entry,
    OutcomeVoided,
    PaperMade,
)
from station_app.domain.entry_codes import (
    Count,
    PauseReason,
    ReopenReason,
    UndoReason,
    VoidReason,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person, who_may
from station_app.flow.day_acts import (
    ActDraft,
    CheckedNumber,
    act_refused,
    entries_of,
    undoing,
)
from station_app.flow.day_reading import refused, standing
from station_app.flow.day_report import StationFacts
from station_app.flow.recorder import Recorder
from station_app.snapshots import Refusal

CLOCK_TOLERANCE: Final = timedelta(minutes=2)
"""How far the station's clock may be from the chair's phone without a word."""


def is_clock_wrong(ahead: timedelta) -> bool:
    """Whether a clock that is so far ahead (or behind) has to be set, or confirmed."""
    return abs(ahead) > CLOCK_TOLERANCE


def clock_wrong(ahead: timedelta) -> KnownError | None:
    """`clock_wrong` for a clock that is wrong."""
    if not is_clock_wrong(ahead):
        return None
    minutes = round(abs(ahead) / timedelta(minutes=1))
    return KnownError(
        Code.CLOCK_WRONG,
        f"The clock is wrong by {minutes} minutes. Set it, or confirm that both times are "
        "written down.",
    )


def outside_validity(facts: StationFacts, now: datetime) -> KnownError | None:
    """`vsnap_not_yet_valid` or `vsnap_expired` outside the days of the list."""
    shown = f"{now:%Y-%m-%d %H:%M %Z}"
    if facts.valid_from is not None and now < facts.valid_from:
        since = f"{facts.valid_from:%Y-%m-%d %H:%M %Z}"
        return Refusal.NOT_YET_VALID.error(since=since, now=shown)
    if facts.valid_to is not None and now > facts.valid_to:
        until = f"{facts.valid_to:%Y-%m-%d %H:%M %Z}"
        return Refusal.EXPIRED.error(until=until, now=shown)
    return None


def journal_damaged(found: Integrity | None) -> KnownError | None:
    """`journal_damaged` where the last full check has found something."""
    if found is None or found.sound:
        return None
    return KnownError(
        Code.JOURNAL_DAMAGED,
        f"Journal does not match from entry {found.first_bad}. Stop and call headquarters.",
    )


def not_these_persons(operation: Operation, signers: Sequence[Person]) -> KnownError | None:
    """`not_allowed` unless these are the persons that `operation` needs, in that order."""
    ids = tuple(person.id for person in signers)
    if who_may(operation, {person.id: person.role for person in signers}) == ids:
        return None
    return KnownError(Code.NOT_ALLOWED, "These persons may not sign this. Ask those who may.")


def session_under_way() -> KnownError:
    """`session_under_way`: somebody is being identified."""
    return KnownError(
        Code.SESSION_UNDER_WAY,
        "Somebody's identification is under way. Let it end at the desk, then try again.",
    )


def reason_missing() -> KnownError:
    """`reason_missing`: a difference has no written reason."""
    return KnownError(
        Code.REASON_MISSING,
        "A count differs from the journal's number, and no reason is written. Write one.",
    )


class DayBook:
    """Used on the journal's lane.

    Acts raise `KnownError` as `Recorder.append` does, and `day_refused` outside their time.
    """

    def __init__(self, recorder: Recorder, facts: StationFacts) -> None:
        self._recorder, self._facts = recorder, facts

    def open(
        self, signers: Sequence[Person], phone_time: datetime | None, difference_s: int
    ) -> None:
        """Open the next day."""
        chair, member = signers
        election_id, election_date = entry_texts(self._facts.election_day)
        self._write(
            DayOpened(
                day=self._recorder.journal.look.day.number + 1,
                list_sequence=self._facts.list_sequence,
                listed=self._facts.listed,
                phone_time=_stamp(phone_time),
                difference_s=difference_s,
                chair=chair.id,
                member=member.id,
                election_id=election_id,
                election_date=election_date,
            )
        )

    def pause(self, by: Person, reason: PauseReason) -> None:
        """Pause identification."""
        self._write(DayPaused(reason=reason, by=by.id))

    def resume(self, by: Person) -> None:
        """End the pause."""
        self._write(DayResumed(by=by.id))

    def void(self, number: int, reason: VoidReason, signers: Sequence[Person]) -> None:
        """Make the identification of entry `number` void.

        Raises `KnownError` `void_refused` where that entry identifies nobody of this day, or
        is void already.
        """
        operator, member = signers
        found = next(
            (one for one in standing(self._recorder.journal.look) if one.number == number), None
        )
        if found is None or found.voter_id is None or found.list_number is None:
            raise KnownError(
                Code.VOID_REFUSED,
                f"Entry {number} is not an identification of this day, or was voided. "
                "Look at the day log again.",
            )
        self._write(
            OutcomeVoided(
                entry=number,
                voter_id=found.voter_id,
                list_number=found.list_number,
                reason=reason,
                operator=operator.id,
                member=member.id,
            )
        )

    def act(
        self, draft: ActDraft, voters: Sequence[CheckedNumber], signers: Sequence[Person]
    ) -> None:
        """Write an act, for all of the `voters` or for none.

        Raises `KnownError` `act_refused` where the journal does not take it.
        """
        self._write_acts(entries_of(draft, voters, signers, self._recorder.journal.look))

    def undo(self, number: int, reason: UndoReason, signers: Sequence[Person]) -> None:
        """Undo the act of entry `number`; raises as `act` does."""
        acts = self._recorder.journal.look.day_acts()
        found = next((one for one in acts if one.number == number), None)
        if found is None:
            raise act_refused()
        self._write_acts((undoing(found, reason, signers),))

    def _write_acts(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._refuse(entry)
        if self._recorder.journal.look.refuses(entries):
            raise act_refused()
        self._recorder.append_all(entries)

    def close(
        self,
        seen: DayFigures,
        counted: HandCount,
        reasons: Mapping[Count, str],
        signers: Sequence[Person],
    ) -> None:
        """Close the day with the counts that the commission has seen; `reasons` has a written
        one for every difference.

        Raises `KnownError` `counts_changed` where the journal gives other figures by now.
        """
        look = self._recorder.journal.look
        figures = look.figures()
        if figures != seen:
            raise KnownError(
                Code.COUNTS_CHANGED,
                "The journal's counts have changed since they were shown. Compare them again.",
            )
        chair, member = signers
        explained = [
            DifferenceExplained(gap.what, gap.expected, gap.counted, reasons[gap.what])
            for gap in gaps_of(figures, counted)
        ]
        closed = _closing(look.day.number, figures, counted, chair, member)
        self._refuse(closed)
        self._recorder.append_all([*explained, closed])

    def reopen(self, reason: ReopenReason, signers: Sequence[Person]) -> None:
        """Open a closed day again."""
        chair, member = signers
        self._write(DayReopened(reason=reason, chair=chair.id, member=member.id))

    def paper(self, made: PaperMade) -> None:
        """Write down that a paper was made."""
        self._write(made)

    def _write(self, entry: Entry) -> None:
        self._refuse(entry)
        answer = self._recorder.append(entry)
        assert isinstance(answer, Appended), "an act identifies nobody"

    def _refuse(self, entry: Entry) -> None:
        reason = refuse_now(self._recorder.journal.look.day, entry, self._facts.list_kind)
        if reason:
            raise refused(reason)


def _closing(
    day: int, figures: DayFigures, counted: HandCount, chair: Person, member: Person
) -> DayClosed:
    return DayClosed(
        day=day,
        listed=figures.listed,
        by_finger=figures.by_finger,
        by_face=figures.by_face,
        by_commission=figures.by_commission,
        voided=figures.voided,
        already_identified=figures.already_identified,
        not_on_list=figures.not_on_list,
        unreadable=figures.unreadable,
        refused=figures.refused,
        slips=figures.slips,
        reprints=figures.reprints,
        ballots=counted.ballots,
        signatures=counted.signatures,
        chair=chair.id,
        member=member.id,
        **{name: getattr(figures, name) for name in DayClosed.about.added},
    )


def _stamp(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
