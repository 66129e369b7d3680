"""Scripts: who comes to the desk, what they do, what goes wrong, how it must end."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason, OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.live_scenes import Cheat
from station_app.synthetic.presets import Preset
from station_app.vault import Passphrase

Impression = Callable[[], FingerImage]
"""Makes the image that the scanner captures; called on the scanner's lane."""


class PersonHand(Protocol):
    """Somebody's fingers: invented, or images in files."""

    def finger(self, position: FingerPosition, manner: Preset, number: int) -> Impression:
        """One of them as it is laid on the glass for the `number`-th time, from 1.

        Raises `KnownError` `no_finger_image` and as `read_finger_image` does where there is no
        image to be read.
        """
        ...


class MidCapture(StrEnum):
    """An interruption while a finger is being captured."""

    LIFTED = "lifted"
    CANCELLED = "cancelled"
    UNPLUGGED = "unplugged"


@dataclass(frozen=True, slots=True)
class GivePin:
    """The document's PIN is typed."""

    pin: str


@dataclass(frozen=True, slots=True)
class FingerTouch:
    """A finger is laid down; held, unless something happens to it."""

    impression: Impression
    then: MidCapture | None = None


@dataclass(frozen=True, slots=True)
class ShowFace:
    """Somebody sits down before the camera and turns the head as asked; with `cheat` it is not
    they who are seen. Where the desk does not ask for the face, the operator does.

    `same` is the operator's answer, once the turns were made and there is a photo to compare.
    """

    face: InventedFace
    same: bool = True
    cheat: Cheat | None = None


@dataclass(frozen=True, slots=True)
class CallCommission:
    """The operator asks the commission to decide."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The member who signs beside the operator, and their passphrase."""

    person_id: str
    passphrase: Passphrase


@dataclass(frozen=True, slots=True)
class Decide:
    """The commission decides about the person; without it, they go back undecided.

    Among voters proposed it confirms who the person is, and refuses where they are none of them.
    """

    signed: Signature
    decision: Decision
    reason: ManualReason
    document: DocumentSeen


Act = GivePin | FingerTouch | ShowFace | CallCommission | Decide


class ScriptFault(StrEnum):
    """A fault around a visit, which ends before the next one."""

    SCANNER_PULLED = "scanner pulled"
    PAPER_OUT = "paper out"
    CLOCK_BACK = "clock back"
    CRASH = "crash"


class Expected(StrEnum):
    """What a person who is played by hand is expected to meet."""

    IDENTIFIED = "identified"
    SECOND_TRY = "second_try"
    DRY_FINGER = "dry_finger"
    ALREADY = "already"
    NOT_ON_LIST = "not_on_list"
    CANCELLED = "cancelled"
    UNPLUGGED = "unplugged"
    COMMISSION = "commission"
    MADE_VOID = "made_void"
    BY_FACE = "by_face"
    FACE_DIFFERS = "face_differs"
    FACE_PROPOSED = "face_proposed"


@dataclass(frozen=True, slots=True)
class QueuePerson:
    """Somebody who comes to the desk, number `number` of the script.

    Each question of the desk is answered by the next of `acts`. When these are through, who
    `insists` lays down the finger that is asked for, comes back with the document when a finger
    alone did not find them, and has the commission decide as `decided`; others leave.
    `mismatch` is the member with whom an identification is made void: the photo is another's.

    Expected: one of `ends` (none: they are not sent to the desk), as the voter `voter_id` where a
    voter is named, after `tries` images (None: any number), `voided`, and sent to the commission
    as `is_marked` or not.

    `face` is theirs; who `insists` sits down before the camera where it is asked for, and the
    operator answers that they are the voter of the photo, or not (`is_same_face`).

    `name`, `pin` (their document's, empty without one) and `expects` are for the dock.
    """

    who: str
    acts: tuple[Act, ...]
    ends: Collection[OutcomeKind]
    voter_id: str | None = None
    tries: int | None = None
    voided: bool = False
    is_marked: bool = False
    mismatch: Signature | None = None
    insists: bool = False
    decided: Decide | None = None
    fault: ScriptFault | None = None
    number: int = 0
    hand: PersonHand | None = None
    pin: str = ""
    name: str = ""
    face: InventedFace | None = None
    is_same_face: bool = True
    expects: Expected = Expected.IDENTIFIED


def without_faces(people: Iterable[QueuePerson]) -> list[QueuePerson]:
    """Those who come to a desk without a camera, or whose list has no faces."""
    return [one for one in people if not any(isinstance(act, ShowFace) for act in one.acts)]


@dataclass(frozen=True, slots=True)
class VisitEnd:
    """How it ended for person number `visit`; times in milliseconds.

    `outcome` is that of the last session, entry `entry` of the journal; None, and 0, for somebody
    who was not sent to the desk. `sessions`, `tries` and the times count the whole way there.
    `voided`: the identification was made void in the same visit. `is_marked`: the desk sent them
    to the commission as perhaps identified under another id. `after_crash`: the end was durable
    when the desk was killed, so that only the journal could tell.
    """

    visit: int
    outcome: OutcomeKind | None = None
    entry: int = 0
    voter_id: str | None = None
    voided: bool = False
    sessions: int = 0
    tries: int = 0
    extract_ms: float = 0.0
    search_ms: float = 0.0
    journal_ms: float = 0.0
    is_marked: bool = False
    after_crash: bool = False

    @property
    def software_ms(self) -> float:
        """The software's share of the person's time."""
        return self.extract_ms + self.search_ms + self.journal_ms

    @property
    def is_timed(self) -> bool:
        """Whether the software took its time, and the desk lived to tell."""
        return self.outcome is not None and not self.after_crash


_NAMES_VOTER: Final = (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)


@dataclass(frozen=True, slots=True)
class VisitResult:
    """A person, and how it ended for them."""

    person: QueuePerson
    end: VisitEnd

    @property
    def faults(self) -> list[str]:
        """Deviations from the script's expectations, a sentence each."""
        person, end, faults = self.person, self.end, []
        if (end.outcome not in person.ends) if person.ends else (end.outcome is not None):
            faults.append(f"{person.who} ended as {end.outcome}")
        if end.voter_id != (person.voter_id if end.outcome in _NAMES_VOTER else None):
            faults.append(f"{person.who} named another voter than planned")
        if person.tries not in (None, end.tries):
            faults.append(f"{person.who} took {end.tries} tries, not {person.tries}")
        if end.voided != person.voided:
            faults.append(f"{person.who} was{'' if end.voided else ' not'} made void")
        if end.is_marked != person.is_marked:
            faults.append(f"{person.who} was{'' if end.is_marked else ' not'} sent away as marked")
        return faults

    @property
    def as_expected(self) -> bool:
        """Whether there are none."""
        return not self.faults
