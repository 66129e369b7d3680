"""What has been chosen on screen 09: the rules, without the dialog."""

from dataclasses import dataclass

from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason
from station_app.domain.roles import Person
from station_app.ui.operator.views import ManualView, PersonStage

REASONS = tuple(ManualReason)
DOCUMENTS = (DocumentSeen.ID_CARD, DocumentSeen.PASSPORT, DocumentSeen.OTHER)


@dataclass(frozen=True, slots=True)
class ManualForm:
    """The choices about one person; nothing is chosen beforehand."""

    reason: ManualReason | None = None
    document: DocumentSeen | None = None

    def missing(self, view: ManualView, decision: Decision) -> str:
        """What has to be chosen before two persons may sign, empty when nothing has to be.

        A refusal needs neither a voter nor a document.
        """
        if decision is Decision.CONFIRMED and view.stage is not PersonStage.KNOWN:
            return "person"
        if self.reason is None:
            return "reason"
        if decision is Decision.CONFIRMED and self.document is None:
            return "document"
        return ""


@dataclass(frozen=True, slots=True)
class ManualDecision:
    """What the commission has decided; `ticket` is that of the view that was asked about."""

    ticket: int
    decision: Decision
    reason: ManualReason
    document: DocumentSeen
    operator: Person
    member: Person


@dataclass(frozen=True, slots=True)
class VoidAgreement:
    """Operator and member agree that the identification shown is wrong; see `ManualDecision`."""

    ticket: int
    operator: Person
    member: Person
