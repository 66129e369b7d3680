"""Screen 09 without its dialog: whom the commission decides about, and what has been chosen."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, assert_never

from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason
from station_app.domain.roles import Person
from station_app.domain.session_states import AwaitingCommission, CommissionWhy
from station_app.ui.operator.page import StateContext, StatePage, View
from station_app.ui.operator.verdict import CommissionReason, CommissionVerdict
from station_app.ui.operator.views import VoterCard

REASONS = tuple(ManualReason)
DOCUMENTS = (DocumentSeen.ID_CARD, DocumentSeen.PASSPORT, DocumentSeen.OTHER)


class PersonStage(StrEnum):
    """How far the station is with the person the commission decides about."""

    PROPOSED = "proposed"
    ASK_PIN = "ask_pin"
    LOOKING_UP = "looking_up"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class ManualShare:
    """Identifications that stand, how many of them by the commission, and the alarm in percent."""

    by_commission: int
    identified: int
    alarm_percent: int

    @property
    def is_over(self) -> bool:
        """Whether the manual cases are more than the alarm allows."""
        return self.by_commission * 100 > self.alarm_percent * self.identified


@dataclass(frozen=True, slots=True)
class ProposedCard:
    """A voter whom the face may belong to; `is_marked`: perhaps identified under another id."""

    voter: VoterCard
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class ManualView(CommissionVerdict):
    """The commission decides about the person of session `session`.

    `ticket` goes back with the answer. `voter` is the voter of the document, None before
    its record is read; `tries` images were used. `proposed` are the voters to choose from, in the
    list's order, whoever of them the face resembles most.
    """

    ticket: int
    session: int
    reason: CommissionReason
    stage: PersonStage
    voter: VoterCard | None
    tries: int
    share: ManualShare
    proposed: tuple[ProposedCard, ...] = ()

    @property
    def own_help(self) -> tuple[str, ...]:
        return ("manual_proposed" if self.proposed else "manual",)

    def goes_on(self, before: View | None) -> bool:
        return isinstance(before, ManualView) and before.session == self.session

    @property
    def is_passing(self) -> bool:
        """A record is read in some milliseconds."""
        return self.stage is PersonStage.LOOKING_UP


NOBODY: Final = -1
"""In the place of a proposed voter: it is none of them."""


@dataclass(frozen=True, slots=True)
class ManualForm:
    """The choices about one person; nothing is chosen beforehand.

    `chosen` is the place of a voter among those proposed, or `NOBODY`.
    """

    chosen: int | None = None
    reason: ManualReason | None = None
    document: DocumentSeen | None = None

    def missing(self, view: ManualView, decision: Decision) -> str:
        """What has to be chosen before two persons may sign, empty when nothing has to be.

        A refusal needs neither a voter nor a document.
        """
        shown = self.shown(view)
        if shown.stage is PersonStage.PROPOSED:
            return "proposed"
        if decision is Decision.CONFIRMED and shown.stage is not PersonStage.KNOWN:
            return "person"
        if self.reason is None:
            return "reason"
        if decision is Decision.CONFIRMED and self.document is None:
            return "document"
        return ""

    def place(self, view: ManualView) -> int | None:
        """The place of the voter chosen among those proposed."""
        return None if not view.proposed or self.chosen == NOBODY else self.chosen

    def shown(self, view: ManualView) -> ManualView:
        """The view with the voter chosen among those proposed, or without any."""
        if view.stage is not PersonStage.PROPOSED or self.chosen is None:
            return view
        if self.chosen == NOBODY:
            return replace(view, stage=PersonStage.ASK_PIN)
        one = view.proposed[self.chosen]
        reason = CommissionReason.MARKED if one.is_marked else view.reason
        return replace(view, stage=PersonStage.KNOWN, voter=one.voter, reason=reason)


@dataclass(frozen=True, slots=True)
class ManualDecision:
    """What the commission has decided; `ticket` is that of the view that was asked about.

    `chosen` is the place of the voter among those proposed, None where none was to be chosen.
    """

    ticket: int
    decision: Decision
    reason: ManualReason
    document: DocumentSeen
    operator: Person
    member: Person
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class VoidAgreement:
    """Operator and member agree that the identification shown is wrong; see `ManualDecision`."""

    ticket: int
    operator: Person
    member: Person


def _view(state: AwaitingCommission, now: StateContext) -> ManualView:
    session, voter, tally = state.session, state.voter, now.tally
    stage = PersonStage.KNOWN if voter else PersonStage.ASK_PIN
    if voter is None and (state.looks_up or state.unread or session.named_row is not None):
        stage = PersonStage.LOOKING_UP
    elif state.proposed:
        stage = PersonStage.PROPOSED
    is_proposed = stage is PersonStage.PROPOSED
    alarm = now.policy.manual_alarm_percent
    return ManualView(
        ticket=state.ticket,
        session=session.number,
        reason=_reason(state),
        stage=stage,
        voter=now.card(voter) if voter else None,
        tries=session.tries,
        share=ManualShare(tally.by_commission, tally.identified, alarm),
        proposed=tuple(
            ProposedCard(now.card(one.voter), one.is_marked)
            for one in (state.proposed if is_proposed else ())
        ),
    )


def _reason(state: AwaitingCommission) -> CommissionReason:
    if state.is_marked:
        return CommissionReason.MARKED
    match state.why:
        case CommissionWhy.MARKED:
            return CommissionReason.MARKED
        case CommissionWhy.OTHER_VOTER:
            return CommissionReason.OTHER_VOTER
        case CommissionWhy.CALLED:
            return CommissionReason.CALLED
        case CommissionWhy.TRIES:
            some = bool(state.session.compared)
            return CommissionReason.NO_MATCH if some else CommissionReason.UNREADABLE
        case CommissionWhy.FACE_FAILED | CommissionWhy.CANNOT_TURN:
            return CommissionReason.FACE_FAILED
        case CommissionWhy.FACE_DIFFERS | CommissionWhy.FACE_DISAGREES | CommissionWhy.FACE_UNKNOWN:
            return CommissionReason.FACE_NO_MATCH
        case CommissionWhy.FACE_PROPOSES:
            return CommissionReason.FACE_PROPOSES
        case CommissionWhy.CAMERA_LOST:
            return CommissionReason.CAMERA_LOST
        case CommissionWhy.NO_FINGERS:
            return CommissionReason.NO_FINGERS
        case _:
            assert_never(state.why)


PAGES: Final = (StatePage(AwaitingCommission, _view),)
