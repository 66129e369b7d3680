"""The table of a learner's actions: how a file writes each, how it is said, and what shows it.

An action is recognised by a fact (`lesson_facts`), never by a key: `Action.of` reads the fact.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Self, TypeVar

from station_app.domain import session_events as events
from station_app.domain.entries import (
    Admitted,
    CameBack,
    DayClosed,
    DayOpened,
    DayPaused,
    DayResumed,
    IssuedElsewhere,
    OffExplained,
    SentAway,
    StruckOff,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    Decision,
    DocumentSeen,
    ManualReason,
    OffCause,
    PauseReason,
    SentAwayReason,
    StopFinding,
    StrikeReason,
)
from station_app.domain.fingers import FingerPosition
from station_app.synthetic.presets import Preset
from station_app.training.lesson_facts import (
    Asked,
    AtBar,
    Fact,
    Handled,
    Page,
    Pressed,
    Shown,
    Written,
)
from station_app.training.sentences import Sentence
from station_app.training.word_forms import PERSON, REST, WordForms


class Place(StrEnum):
    """Where an action is done."""

    BAR = "bar"
    DESK = "desk"
    ROOM = "room"
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class Present:
    """What an action may speak of: the PIN of the document of the person at the desk (empty for
    none), and the list numbers of the lesson's people.
    """

    pin: str = ""
    numbers: tuple[tuple[str, int], ...] = ()

    def who(self, list_number: int | None) -> str:
        """The name of the person with this list number, empty for nobody of the lesson."""
        return next((name for name, number in self.numbers if number == list_number), "")

    def number(self, who: str) -> int:
        """The list number of a person of the lesson, 0 for a stranger."""
        return dict(self.numbers).get(who, 0)


NOBODY: Final = Present()


@dataclass(frozen=True, slots=True)
class Action:
    """One of them, with its arguments; equal ones are the same act.

    `place` is where it is done. `is_free`: may be done at any time, and is never wrong. `way` are
    acts that lead to this one where it is asked for, and are not wrong there. `is_signed`:
    passphrases are typed for it. `is_final`: once it is done, the journal takes no other one.
    """

    place: ClassVar[Place]
    is_free: ClassVar[bool] = False
    is_signed: ClassVar[bool] = False
    is_final: ClassVar[bool] = False
    way: "ClassVar[tuple[type[Action], ...]]" = ()

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        """The action that this fact shows, None for none of this kind."""
        if isinstance(fact, AtBar) and isinstance(fact.action, cls):
            return fact.action
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """In words: the key `step.<name>`, with a point for a space."""
        return Sentence(self._key())

    def _key(self, *more: str) -> str:
        return ".".join(("step", *ACTIONS.name_of(self).split(), *more))


ACTIONS: Final = WordForms[Action]("action")
ActionT = TypeVar("ActionT", bound=Action)


def action(name: str, place: Place) -> Callable[[type[ActionT]], type[ActionT]]:
    """Puts a class into the table."""

    def add(form: type[ActionT]) -> type[ActionT]:
        form.place = place
        ACTIONS.add(name, form)
        return form

    return add


def action_of(fact: Fact, present: Present) -> Action | None:
    """The action that this fact shows, None for a fact that is nobody's act."""
    forms: tuple[type[Action], ...] = (*ACTIONS.forms.values(), OtherPin)
    found = (form.of(fact, present) for form in forms)
    return next((one for one in found if one is not None), None)


def finger_sentence(position: FingerPosition) -> Sentence:
    """A finger by its full name."""
    return Sentence(f"finger.name.{position.name.lower()}")


def document_sentence(document: DocumentSeen) -> Sentence:
    """A document as the dialog has it; a refusal may do without one, which no row says."""
    family = "decide" if document is DocumentSeen.NONE else "manual"
    return Sentence(f"{family}.document.{document}")


# --- at the bar: what voter and devices do ------------------------------------------------


@action("finger", Place.BAR)
@dataclass(frozen=True, slots=True)
class LayFinger(Action):
    """The person lays this finger on the glass."""

    position: FingerPosition
    manner: Preset = Preset.GOOD

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key for each manner."""
        return Sentence(self._key(self.manner), {"finger": finger_sentence(self.position)})


@action("sit", Place.BAR)
@dataclass(frozen=True, slots=True)
class Sit(Action):
    """The person sits down before the camera."""


@action("plug_scanner", Place.BAR)
@dataclass(frozen=True, slots=True)
class PlugScanner(Action):
    """The scanner's cable is put back."""


@action("plug_camera", Place.BAR)
@dataclass(frozen=True, slots=True)
class PlugCamera(Action):
    """The camera's cable is put back."""


@action("paper", Place.BAR)
@dataclass(frozen=True, slots=True)
class LoadPaper(Action):
    """A new roll is put into the printer."""


@action("charger", Place.BAR)
@dataclass(frozen=True, slots=True)
class PlugCharger(Action):
    """The charger is plugged in."""


# --- at the desk ------------------------------------------------------------------------------


@action("pin", Place.DESK)
@dataclass(frozen=True, slots=True)
class TypePin(Action):
    """The PIN of the person's document is typed."""

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Handled(events.PinEntered(pin)) if pin == present.pin:
                return cls()
        return None


@dataclass(frozen=True, slots=True)
class OtherPin(Action):
    """Another PIN than the document's was typed; no lesson asks for that."""

    place = Place.DESK

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Handled(events.PinEntered(pin)) if pin != present.pin:
                return cls()
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key of its own."""
        return Sentence("step.other_pin")


@action("choose", Place.DESK)
@dataclass(frozen=True, slots=True)
class ChooseFinger(Action):
    """Another finger is asked for."""

    position: FingerPosition

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Handled(events.FingerChosen(finger, missing)) if finger not in missing:
                return cls(finger)
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """With the finger."""
        return Sentence(self._key(), {"finger": finger_sentence(self.position)})


@action("missing", Place.DESK)
@dataclass(frozen=True, slots=True)
class MarkMissing(Action):
    """A finger is marked as missing."""

    position: FingerPosition

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Handled(events.FingerChosen(finger, missing)) if finger in missing:
                return cls(finger)
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """With the finger."""
        return Sentence(self._key(), {"finger": finger_sentence(self.position)})


class _ByEvent(Action):
    """An action that is one event of the session."""

    __slots__ = ()
    event: ClassVar[events.Event]

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        return cls() if isinstance(fact, Handled) and fact.event == cls.event else None


@action("face", Place.DESK)
@dataclass(frozen=True, slots=True)
class CallFace(_ByEvent):
    """The face is asked for."""

    event = events.FaceCalled()


@action("yes", Place.DESK)
@dataclass(frozen=True, slots=True)
class SayYes(_ByEvent):
    """The operator says that the person is the one of the photo."""

    event = events.FaceAnswered(same=True)


@action("no", Place.DESK)
@dataclass(frozen=True, slots=True)
class SayNo(_ByEvent):
    """The operator says that the person is not, or may not be, the one of the photo."""

    event = events.FaceAnswered(same=False)


@action("cannot_turn", Place.DESK)
@dataclass(frozen=True, slots=True)
class CannotTurn(_ByEvent):
    """The person cannot turn the head."""

    event = events.TurnRefused()


@action("commission", Place.DESK)
@dataclass(frozen=True, slots=True)
class CallCommission(_ByEvent):
    """The commission is asked: about the person, about the photo, or about a stop."""

    event = events.CommissionCalled()


@action("decide", Place.DESK)
@dataclass(frozen=True, slots=True)
class Decide(Action):
    """Operator and member decide about the person, and sign.

    Where voters are proposed, the one confirmed is the person themselves.
    """

    is_signed = is_final = True
    decision: Decision
    reason: ManualReason
    document: DocumentSeen

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Handled(events.CommissionConfirmed(reason=reason, document=document)):
                return cls(Decision.CONFIRMED, reason, document)
            case Handled(events.CommissionRefused(reason=reason, document=document)):
                return cls(Decision.REFUSED, reason, document)
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key for each decision."""
        return Sentence(
            self._key(self.decision),
            {
                "reason": Sentence(f"manual.reason.{self.reason}"),
                "document": document_sentence(self.document),
            },
        )


@action("mismatch", Place.DESK)
@dataclass(frozen=True, slots=True)
class MakeVoid(Action):
    """Operator and member make the identification void: the photo is another person's."""

    is_signed = is_final = True

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        return cls() if isinstance(fact, Handled) and _is_void(fact.event) else None


def _is_void(event: events.Event) -> bool:
    return isinstance(event, events.VoidConfirmed)


@action("stop", Place.DESK)
@dataclass(frozen=True, slots=True)
class FindStop(Action):
    """Operator and member write down what they found about who was stopped."""

    is_signed = is_final = True
    finding: StopFinding

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Handled(events.StopAgreed(finding=finding)):
                return cls(finding)
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """With the finding."""
        return Sentence(self._key(), {"finding": Sentence(f"stop.finding.{self.finding}")})


@action("next", Place.DESK)
@dataclass(frozen=True, slots=True)
class PressNext(_ByEvent):
    """The verdict is closed: the next voter."""

    event = events.NextPressed()


@action("cancel", Place.DESK)
@dataclass(frozen=True, slots=True)
class PressCancel(_ByEvent):
    """The session is ended before a verdict."""

    event = events.Cancelled()


@action("retry", Place.DESK)
@dataclass(frozen=True, slots=True)
class PressRetry(_ByEvent):
    """After a fault: try again."""

    event = events.RetryPressed()


class _ByPress(Action):
    """An action that is asked of the screen itself."""

    __slots__ = ()
    is_free = True
    what: ClassVar[Pressed]

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        return cls() if isinstance(fact, Asked) and fact.what is cls.what else None


@action("help", Place.DESK)
@dataclass(frozen=True, slots=True)
class OpenHelp(_ByPress):
    """The help of the screen is opened."""

    what = Pressed.HELP


@action("slip", Place.DESK)
@dataclass(frozen=True, slots=True)
class PrintSlip(_ByPress):
    """The slip is printed again."""

    what = Pressed.SLIP


@action("room", Place.DESK)
@dataclass(frozen=True, slots=True)
class EnterRoom(_ByPress):
    """The commission's room is entered."""

    what = Pressed.ROOM


@action("desk", Place.ROOM)
@dataclass(frozen=True, slots=True)
class LeaveRoom(_ByPress):
    """Back to the desk."""

    what = Pressed.DESK


# --- in the commission's room -----------------------------------------------------------------


class RoomPage(StrEnum):
    """Pages of the commission's room, in the order of its column."""

    DAY = "day"
    LOG = "log"
    TURNOUT = "turnout"
    DECISIONS = "decisions"
    CLOSE = "close"
    EXCEPTIONS = "exceptions"

    @property
    def shown(self) -> Shown:
        """The page as a step ends at it."""
        return Shown(f"room.{self}")


@action("go", Place.ROOM)
@dataclass(frozen=True, slots=True)
class GoTo(Action):
    """Another page of the room is opened."""

    is_free = True
    page: RoomPage

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        if isinstance(fact, Page) and fact.shown.startswith("room."):
            return cls(RoomPage(fact.shown.removeprefix("room.")))
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key for each page."""
        return Sentence(self._key(self.page))


@action("open_day", Place.ROOM)
@dataclass(frozen=True, slots=True)
class OpenDay(Action):
    """Chair and member open the day."""

    is_signed = is_final = True

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Written(DayOpened()):
                return cls()
        return None


@action("pause", Place.ROOM)
@dataclass(frozen=True, slots=True)
class PauseDay(Action):
    """Identification rests."""

    reason: PauseReason

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Written(DayPaused(reason=reason)):
                return cls(reason)
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """With the reason."""
        return Sentence(self._key(), {"reason": Sentence(f"day.pause.{self.reason}")})


@action("resume", Place.ROOM)
@dataclass(frozen=True, slots=True)
class ResumeDay(Action):
    """Identification goes on."""

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Written(DayResumed()):
                return cls()
        return None


@action("close_day", Place.ROOM)
@dataclass(frozen=True, slots=True)
class CloseDay(Action):
    """The counts are typed, a difference is explained (`note`), chair and member sign."""

    is_signed = is_final = True
    ballots: int
    signatures: int
    note: Annotated[str, REST] = field(default="", compare=False)
    """The words of an explanation are the learner's own."""

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Written(DayClosed(ballots=ballots, signatures=signatures)):
                return cls(ballots, signatures)
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """With both counts."""
        values = {"ballots": self.ballots, "signatures": self.signatures}
        return Sentence(self._key(), values)


@action("act elsewhere", Place.ROOM)
@dataclass(frozen=True, slots=True)
class GiveElsewhere(Action):
    """A ballot was taken to this voter."""

    is_signed = is_final = True
    where: BallotPlace
    who: Annotated[str, PERSON]

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Written(IssuedElsewhere(list_number=number, place=where)):
                return cls(where, present.who(number))
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key for each place, with the voter's list number."""
        return Sentence(self._key(self.where), {"number": present.number(self.who)})


@action("act strike", Place.ROOM)
@dataclass(frozen=True, slots=True)
class StrikeOff(Action):
    """This voter may not have a ballot."""

    is_signed = is_final = True
    reason: StrikeReason
    who: Annotated[str, PERSON]

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Written(StruckOff(list_number=number, reason=reason)):
                return cls(reason, present.who(number))
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key for each reason, with the voter's list number."""
        return Sentence(self._key(self.reason), {"number": present.number(self.who)})


@action("act admit", Place.ROOM)
@dataclass(frozen=True, slots=True)
class Admit(Action):
    """Somebody who is not on the list may have a ballot."""

    is_signed = True
    basis: AdmissionBasis
    document: DocumentSeen

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Written(Admitted(basis=basis, document=document)):
                return cls(basis, document)
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key for each basis, with the document."""
        return Sentence(self._key(self.basis), {"document": document_sentence(self.document)})


@action("act sent_away", Place.ROOM)
@dataclass(frozen=True, slots=True)
class SendAway(Action):
    """Somebody was sent away without a ballot."""

    reason: SentAwayReason

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Written(SentAway(reason=reason)):
                return cls(reason)
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key for each reason."""
        return Sentence(self._key(self.reason))


@action("act came_back", Place.ROOM)
@dataclass(frozen=True, slots=True)
class ComeBack(Action):
    """One of those who were sent away has come back."""

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Written(CameBack()):
                return cls()
        return None


@action("act off", Place.ROOM)
@dataclass(frozen=True, slots=True)
class ExplainOff(Action):
    """Somebody says why the station was off."""

    is_final = True
    cause: OffCause

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        match fact:
            case Written(OffExplained(cause=cause)):
                return cls(cause)
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key for each cause."""
        return Sentence(self._key(self.cause))


TypePin.way = (PressNext,)
"""After "not on this list" the same person comes again with a document."""
Decide.way = (CallCommission, TypePin)
MakeVoid.way = FindStop.way = (CallCommission,)
