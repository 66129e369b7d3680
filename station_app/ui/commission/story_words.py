"""The story of an entry in words: one line for each thing that happened, never a score."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from station_app.domain.day_log import StoryLine
from station_app.domain.entries import (
    CommissionDecision,
    Entry,
    FingerTry,
    Outcome,
    OutcomeVoided,
    SessionStarted,
    SlipPrinted,
)
from station_app.domain.entry_codes import Method, OutcomeKind, PrintedTo
from station_app.ui.texts import Texts

Told = tuple[datetime, str]


def story_words(
    texts: Texts,
    lines: Iterable[StoryLine],
    people: Mapping[str, str],
    first_at: datetime | None = None,
) -> tuple[Told, ...]:
    """Time and words of each line; tries that ended alike are told together.

    `first_at` is when somebody who was stopped had been identified, None where unknown.
    """
    told: list[Told] = []
    tries: list[tuple[StoryLine, FingerTry]] = []
    for line in lines:
        entry = line.entry
        if isinstance(entry, FingerTry):
            if tries and tries[-1][1].hint != entry.hint:
                told += _tries(texts, tries, matched=False)
                tries = []
            tries.append((line, entry))
            continue
        told += _tries(texts, tries, matched=_is_match(entry))
        tries = []
        words = _words(texts, entry, people, first_at)
        if words:
            told.append((line.at, words))
    return (*told, *_tries(texts, tries, matched=False))


def _is_match(entry: Entry) -> bool:
    """Whether it says that the try before it was a match."""
    ends = (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
    return isinstance(entry, Outcome) and entry.method is Method.FINGER and entry.outcome in ends


def _tries(texts: Texts, tries: list[tuple[StoryLine, FingerTry]], *, matched: bool) -> list[Told]:
    """The tries so far; where the outcome is a match it was the last one's."""
    if not tries:
        return []
    if matched:
        line, matching = tries[-1]
        match = texts("story.finger", number=matching.number, what=texts("story.match"))
        return [*_tries(texts, tries[:-1], matched=False), (line.at, match)]
    first, last = tries[0][1].number, tries[-1][1].number
    hint = tries[-1][1].hint
    what = texts("story.no_match" if hint is None else f"story.hint.{hint.value}")
    words = (
        texts("story.finger", number=first, what=what)
        if first == last
        else texts("story.fingers", first=first, last=last, what=what)
    )
    return [(tries[-1][0].at, words)]


def _words(texts: Texts, entry: Entry, people: Mapping[str, str], first_at: datetime | None) -> str:
    match entry:
        case Outcome(outcome=OutcomeKind.IDENTIFIED):
            return ""  # the row's tag says it, and the line before why
        case Outcome(outcome=OutcomeKind.ALREADY_IDENTIFIED, list_number=number):
            if first_at is None or number is None:
                return texts("story.already_before")
            number_words = texts.list_number(number)
            return texts("story.already", time=texts.time(first_at), number=number_words)
        case Outcome(outcome=OutcomeKind.REFUSED, reason="other_voter"):
            return texts("story.outcome.other_voter")
        case Outcome(outcome=outcome):
            return texts(f"story.outcome.{outcome.value}")
        case CommissionDecision(decision=decision, reason=reason, member=member):
            why = texts(f"story.reason.{reason.value}")
            who = people.get(member, member)
            return texts(f"story.decided.{decision.value}", member=who, reason=why)
        case OutcomeVoided(reason=reason, member=member):
            why = texts(f"void.reason.{reason.value}")
            return texts("story.voided", member=people.get(member, member), reason=why)
        case SlipPrinted():
            return _slip_words(texts, entry)
        case SessionStarted():
            return ""
        case _:
            return texts(f"story.{entry.kind}")


def _slip_words(texts: Texts, entry: SlipPrinted) -> str:
    if entry.to is PrintedTo.FOLDER:
        return texts("story.slip_saved")
    if entry.copies == 1:
        return texts("story.slip")
    return texts("story.slip_copy", number=entry.copies)
