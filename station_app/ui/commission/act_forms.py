"""The day's acts as a table: what is asked for each, and the entry that is drafted of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from station_app.domain.day import Day, refuse_now
from station_app.domain.entries import (
    Admitted,
    CameBack,
    IssuedElsewhere,
    OffExplained,
    SentAway,
    StationMoved,
    StruckOff,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    DocumentSeen,
    OffCause,
    SentAwayReason,
    StrikeReason,
)
from station_app.flow.day_acts import ActDraft, needs_two

Codes = tuple[StrEnum, ...]
_SOME_ROOMS: Final = {"from_room": "---", "to_room": "----"}
_ORIGINALS: Final = tuple(one for one in DocumentSeen if one is not DocumentSeen.NONE)


@dataclass(frozen=True, slots=True)
class Asked:
    """One of several that has to be chosen: the entry's field, its codes, the words' family."""

    field: str
    codes: Codes
    words: str


@dataclass(frozen=True, slots=True)
class ActForm:
    """What is asked for an act before it is signed."""

    act: Callable[..., ActDraft]
    kind: str
    icon: str
    asked: tuple[Asked, ...] = ()
    takes_numbers: bool = False
    rooms: tuple[str, ...] = ()

    def draft(self, picks: Mapping[str, int], rooms: Mapping[str, str], off: int = 0) -> ActDraft:
        """The act with what was chosen and written; `off` is the entry that is explained."""
        values: dict[str, Any] = {one.field: one.codes[picks[one.field]] for one in self.asked}
        values |= {name: rooms[name] for name in self.rooms}
        return self.act(**values, **({"entry": off} if self.kind == OffExplained.kind else {}))

    @property
    def _sample(self) -> ActDraft:
        return self.draft({one.field: 0 for one in self.asked}, _SOME_ROOMS)

    @property
    def needs_two(self) -> bool:
        """Whether chair and member sign it."""
        return needs_two(self._sample)

    def is_allowed(self, day: Day, list_kind: str) -> bool:
        """Whether the act may come in this state of the day."""
        return not refuse_now(day, self._sample, list_kind)


def _blank(cls: type[Any]) -> Callable[..., ActDraft]:
    """The class with nothing in the fields that are filled in when it is written."""
    empty = {one.name: one.holds() for one in cls.about.fields.values() if not one.members}

    def make(**values: Any) -> ActDraft:
        made: ActDraft = cls(**(empty | values))
        return made

    return make


FORMS: Final = (
    ActForm(
        _blank(IssuedElsewhere), IssuedElsewhere.kind, "ph.house-line",
        (Asked("place", tuple(BallotPlace), "act.place"),), takes_numbers=True,
    ),
    ActForm(
        _blank(Admitted), Admitted.kind, "ph.user-plus",
        (
            Asked("basis", tuple(AdmissionBasis), "act.basis"),
            Asked("document", _ORIGINALS, "decide.document"),
        ),
    ),
    ActForm(
        _blank(StruckOff), StruckOff.kind, "ph.user-minus",
        (Asked("reason", tuple(StrikeReason), "act.struck"),), takes_numbers=True,
    ),
    ActForm(
        _blank(SentAway), SentAway.kind, "ph.sign-out",
        (Asked("reason", tuple(SentAwayReason), "act.sent"),),
    ),
    ActForm(_blank(CameBack), CameBack.kind, "ph.sign-in"),
    ActForm(
        _blank(OffExplained), OffExplained.kind, "ph.lightning-slash",
        (Asked("cause", tuple(OffCause), "act.off"),),
    ),
    ActForm(
        _blank(StationMoved), StationMoved.kind, "ph.arrows-left-right",
        rooms=("from_room", "to_room"),
    ),
)  # fmt: skip
"""In the order of the page, whose keys 1 to 7 they have."""
