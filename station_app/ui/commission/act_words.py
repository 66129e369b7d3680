"""The day's acts in words, for the day log's stories and the page of exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from station_app.domain.entries import (
    ActUndone,
    Admitted,
    CameBack,
    Entry,
    IssuedElsewhere,
    OffExplained,
    SentAway,
    StationMoved,
    StationWasOff,
    StruckOff,
)
from station_app.ui.texts import Texts


@dataclass(frozen=True, slots=True)
class OffTimes:
    """The station was off at some time between two local times, as entry `number` says."""

    since: datetime
    until: datetime
    number: int = 0

    @classmethod
    def of(cls, off: StationWasOff, at: datetime, number: int = 0) -> "OffTimes":
        """What the entry says that was written at the local time `at`."""
        return cls(datetime.fromisoformat(off.since).astimezone(at.tzinfo), at, number)

    @property
    def minutes(self) -> int:
        """The minutes between, at least 0: a clock may have gone back."""
        return max(0, round((self.until - self.since) / timedelta(minutes=1)))


def act_words(texts: Texts, entry: Entry, at: datetime) -> str:
    """What the act or its undoing says; `at` is its local time. Empty for other kinds."""
    match entry:
        case IssuedElsewhere(place=place):
            return texts("story.issued_elsewhere", place=texts(f"act.place.{place.value}"))
        case Admitted(number=number, basis=basis, document=document):
            return texts(
                "story.admitted",
                number=texts.number(number),
                basis=texts(f"act.basis.{basis.value}"),
                document=texts(f"decide.document.{document.value}"),
            )
        case StruckOff(reason=struck):
            return texts("story.struck_off", reason=texts(f"act.struck.{struck.value}"))
        case ActUndone(reason=undone):
            return texts("story.act_undone", reason=texts(f"act.undo.{undone.value}"))
        case SentAway(reason=sent):
            return texts("story.sent_away", reason=texts(f"act.sent.{sent.value}"))
        case CameBack():
            return texts("story.came_back")
        case StationWasOff():
            return off_words(texts, OffTimes.of(entry, at))
        case OffExplained(cause=cause):
            return texts("story.off_explained", cause=texts(f"act.off.{cause.value}"))
        case StationMoved(from_room=from_room, to_room=to_room):
            return texts("story.station_moved", from_room=from_room, to_room=to_room)
        case _:
            return ""


def act_line(texts: Texts, entry: Entry, at: datetime) -> str:
    """The same in a word or two, for a narrow row; empty where the kind says it all."""
    match entry:
        case IssuedElsewhere(place=place):
            return texts(f"act.place.{place.value}")
        case Admitted(basis=basis):
            return texts(f"act.basis.{basis.value}")
        case StruckOff(reason=struck):
            return texts(f"act.struck.{struck.value}")
        case SentAway(reason=sent):
            return texts(f"act.sent.{sent.value}")
        case StationWasOff():
            off = OffTimes.of(entry, at)
            minutes = texts.number(off.minutes)
            return texts("act.minutes", since=texts.time(off.since), minutes=minutes)
        case _:
            return ""


def off_words(texts: Texts, off: OffTimes) -> str:
    """Between which times the station was off, and for how many minutes at most."""
    return texts(
        "story.station_was_off",
        since=texts.time(off.since),
        until=texts.time(off.until),
        minutes=texts.number(off.minutes),
    )


def signer_words(texts: Texts, entry: Entry, people: Mapping[str, str]) -> str:
    """Who signed an act, or who said so; `people` are names by id. Empty for the station's own."""
    ids = [getattr(entry, name) for name in ("chair", "member", "by") if hasattr(entry, name)]
    names = ", ".join(people.get(one, one) for one in ids)
    return texts("act.signed", names=names) if names else ""
