"""What an exam shows beside the desk: who stands there, what may be done, and the sheet."""

from dataclasses import dataclass
from typing import Final

from station_app.domain.entry_codes import DocumentSeen
from station_app.domain.exam_sheet import ExamSheet
from station_app.domain.fingers import FingerPosition
from station_app.training.actions import Action, LayFinger, LoadPaper, PlugCamera, PlugScanner, Sit
from station_app.training.sentences import Sentence

EXAM_OFFERS: Final[tuple[Action, ...]] = (
    LayFinger(FingerPosition.RIGHT_INDEX),
    LayFinger(FingerPosition.LEFT_INDEX),
    Sit(),
    PlugScanner(),
    PlugCamera(),
    LoadPaper(),
)
"""The bar's actions: all of them are offered, all the time. The fingers are those that the invented
list has. How one is laid down is the voter's: a dry one is dry until it was moistened.
"""


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """The document that the voter hands over: its kind, PIN, and the name on it."""

    seen: DocumentSeen
    pin: str
    name: str


@dataclass(frozen=True, slots=True)
class ExamCard:
    """The voter who stands at the desk, as an operator sees and hears them.

    `portrait` is the face (JPEG, 300 x 375 px), empty until it is drawn. `sex` ("f" or "m") and
    `years` say in words what it shows. `document` is None for a voter without one. `says` is what
    the voter says; it never names what has to be done.
    """

    portrait: bytes
    sex: str
    years: int
    document: ShownDocument | None = None
    says: Sentence | None = None


@dataclass(frozen=True, slots=True)
class ExamView:
    """An exam now: voter `number` of `of`, 0 before the first.

    Nothing hints at what has to be done, and nothing tells whether it was right. `card` is None
    while nobody stands there. The next voter comes when the learner calls them: `next_pressed` is
    taken at any time while `may_call`, also while a session goes on; `is_free` says that the desk
    is ready, so that the button can be calm instead of strong. `is_last`: nobody comes after this
    voter, and the button says that the exam ends. `sheet` is there once it is over.

    Before the first voter `is_preparing` while the day's earlier events are played: the desk is
    covered then.
    """

    number: int
    of: int
    card: ExamCard | None = None
    is_preparing: bool = False
    may_call: bool = False
    is_free: bool = False
    is_last: bool = False
    sheet: ExamSheet | None = None

    @property
    def is_over(self) -> bool:
        """Whether the sheet is shown, and the desk is not."""
        return self.sheet is not None
