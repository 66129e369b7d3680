"""The coach of a lesson: keeps the place in it, and says what comes next and what was wrong."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from station_app.domain.fingers import FingerPosition
from station_app.synthetic.presets import Preset
from station_app.training.actions import (
    ACTIONS,
    Action,
    LayFinger,
    LeaveRoom,
    LoadPaper,
    OtherPin,
    Place,
    PlugCamera,
    PlugCharger,
    PlugScanner,
    Present,
    PressCancel,
    PressNext,
    Sit,
    action_of,
)
from station_app.training.cast import Cast, present_of
from station_app.training.happenings import (
    BatteryLow,
    CameraOut,
    Comes,
    Happening,
    Leaves,
    PaperOut,
    ScannerOut,
)
from station_app.training.lesson import Lesson, LessonStep
from station_app.training.lesson_facts import Fact, Handled, Page, Shown
from station_app.training.lesson_people import SHOWN
from station_app.training.sentences import Sentence


class RowState(StrEnum):
    """How far a step is."""

    DONE = "done"
    CURRENT = "current"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as the learner sees it."""

    sentence: Sentence
    state: RowState


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Who is at the desk, as far as the learner may know.

    `pin` is their document's, empty without a document; `says` is what they say.
    """

    name: str
    pin: str = ""
    says: Sentence | None = None


@dataclass(frozen=True, slots=True)
class WrongStep:
    """Something else than the step was done: what, and what is next.

    `help_page` is that of the screen on which the step began. `way` says how to go on: from here
    (`wrong.go_on`), or back a step (`wrong.go_back`) where the desk is elsewhere by now.
    """

    done: Sentence
    expected: Sentence
    help_page: str
    way: Sentence


@dataclass(frozen=True, slots=True)
class LessonView:
    """Everything the lesson's panel shows.

    `number` of `of` is the step, from 1. `happened` tells what the world did before it. `is_busy`:
    something is being prepared, or shown by the hands, and nobody is asked for anything.
    """

    number: int
    of: int
    title: Sentence
    why: Sentence | None
    rows: tuple[StepRow, ...]
    tip: Sentence | None = None
    person: PersonCard | None = None
    offers: tuple[Action, ...] = ()
    wrong: WrongStep | None = None
    happened: tuple[Sentence, ...] = ()
    can_go_back: bool = False
    is_busy: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class LessonResult:
    """How a lesson went: `wrong` counts acts by the name of the action, `shown` the steps that the
    hands did for the learner.
    """

    lesson: str
    steps_done: int
    steps: int
    wrong: Mapping[str, int]
    shown: int
    seconds: float

    @property
    def is_done(self) -> bool:
        """Whether every step was done."""
        return self.steps_done == self.steps


class CoachedStage(Protocol):
    """A stage as far as the coach knows it; everything on the main thread."""

    @property
    def cast(self) -> Cast:
        """The lesson's people."""
        ...

    def follow(self, listen: Callable[[Fact], None]) -> None:
        """Tell `listen` of every fact from now on."""
        ...

    def do_happening(self, happening: Happening, done: Callable[[], None]) -> None:
        """Let this happen; `done` is called once it has, at once or later."""
        ...

    def do_at_bar(self, action: Action) -> None:
        """Let voter or hand do this; the fact is told first. Raises `KnownError` as fingers do."""
        ...


_ENDS: Final = frozenset(
    {
        Shown.IDENTIFIED,
        Shown.ALREADY,
        Shown.NOT_ON_LIST,
        Shown.COMMISSION,
        Shown.MANUAL,
        Shown.VOIDED,
        Shown.BLOCKED,
    }
)
"""Pages that stay until somebody does something: where one comes instead of the step's, the act
had another end."""
_LASTING: Final = frozenset(
    {Shown.IDENTIFIED, Shown.ALREADY, Shown.NOT_ON_LIST, Shown.VOIDED, Shown.BLOCKED}
)
"""Pages that an entry stands behind: after a wrong act led to one, the step cannot end as it
should, even on a desk that looks as it did before."""
_WAYS_BACK: Final = (PressCancel, PressNext, LeaveRoom)
"""Acts that lead back from a wrong one, and are not wrong after it."""
_ASKS_FINGER: Final = frozenset({Shown.READY, Shown.CAPTURE, Shown.TRY_AGAIN})
_OTHER_INDEX: Final = {
    FingerPosition.RIGHT_INDEX: FingerPosition.LEFT_INDEX,
    FingerPosition.LEFT_INDEX: FingerPosition.RIGHT_INDEX,
}
_REMEDIES: Final[dict[type[Happening], Action]] = {
    ScannerOut: PlugScanner(),
    CameraOut: PlugCamera(),
    PaperOut: LoadPaper(),
    BatteryLow: PlugCharger(),
}


class Coach:
    """Keeps the place in a lesson; `changed` is called whenever `view` is another one.

    `clock` gives monotonic seconds. Between `showing` and the end of the step, the hands act for
    the learner: nothing that they do is counted.
    """

    def __init__(self, lesson: Lesson, stage: CoachedStage, clock: Callable[[], float]) -> None:
        self.lesson, self._stage, self._clock = lesson, stage, clock
        self.changed: Callable[[], None] = lambda: None
        self._began = clock()
        self._ended: float | None = None
        self._wrong_acts: Counter[str] = Counter()
        self._shown_steps = set[int]()
        self._furthest = 0
        self._set_out(stage)

    def _set_out(self, stage: CoachedStage) -> None:
        self._stage = stage
        self._round = object()
        self._place = 0
        self._at_desk = ""
        self._page: Page | None = None
        self._began_at: Page | None = None
        self._is_done = False
        self._is_showing = False
        self._waiting = list[Happening]()
        self._is_preparing = True
        self._happened: tuple[Happening, ...] = ()
        self._broken: dict[Action, None] = {}
        self._wrong: Sentence | None = None
        self._is_written = False

    # --- the lesson's course -----------------------------------------------------------------

    def start(self) -> None:
        """Begin with the first step; once a stage."""
        round_ = self._round

        def listen(fact: Fact) -> None:
            if round_ is self._round:
                self._take(fact)

        self._stage.follow(listen)
        self._begin_step()

    def go_back(self, stage: CoachedStage) -> None:
        """Go back a step, or to the beginning of this one where the desk is elsewhere: everything
        begins anew on a new `stage`, where the hands have to do the steps up to `place` again.
        """
        is_begun = self.is_astray or self._is_showing
        until = self._place if is_begun else max(0, self._place - 1)
        self._set_out(stage)
        self._furthest = until
        self._ended = None
        self.start()

    def begin_anew(self, stage: CoachedStage) -> None:
        """Do the whole lesson again, on a new `stage`; nothing of before counts."""
        self._set_out(stage)
        self._furthest, self._ended, self._began = 0, None, self._clock()
        self._wrong_acts.clear()
        self._shown_steps.clear()
        self.start()

    def showing(self) -> None:
        """The hands do the present step for the learner."""
        self._is_showing = True
        self.changed()

    def go_on_alone(self) -> None:
        """The hands could not go on: the learner does, at the step where the desk is."""
        self._is_showing, self._furthest = False, 0
        self.changed()

    @property
    def is_astray(self) -> bool:
        """Whether a wrong act has led away from where the step began: to another page, or through
        one that changed what comes next, or cannot be taken back.
        """
        is_here = self._began_at is not None and self._shows(self._began_at.shown)
        return self._wrong is not None and (self._is_written or not is_here)

    @property
    def place(self) -> int:
        """The present step, from 0."""
        return self._place

    @property
    def step(self) -> LessonStep | None:
        """The present step; None after the last."""
        steps = self.lesson.steps
        return steps[self._place] if self._place < len(steps) else None

    @property
    def page(self) -> Page | None:
        """What the desk shows; None before it was told."""
        return self._page

    @property
    def replays_until(self) -> int:
        """The step that was gone back to; 0 where none was."""
        return self._furthest

    @property
    def is_replaying(self) -> bool:
        """Whether steps before the one that was gone back to are still to be done again."""
        return self._place < self._furthest

    @property
    def is_ready(self) -> bool:
        """Whether the learner may act: nothing happens now."""
        return not self._is_preparing and self.step is not None

    @property
    def result(self) -> LessonResult:
        """How it went so far."""
        end = self._clock() if self._ended is None else self._ended
        return LessonResult(
            lesson=self.lesson.id,
            steps_done=self._place,
            steps=len(self.lesson.steps),
            wrong=dict(self._wrong_acts),
            shown=len(self._shown_steps),
            seconds=end - self._began,
        )

    def _begin_step(self) -> None:
        step = self.step
        self._is_done, self._wrong, self._is_preparing = False, None, step is not None
        self._is_written = False
        self._waiting = [] if step is None else list(step.happens)
        self._happened = () if step is None else step.happens
        if step is None:
            self._ended = self._clock()
            self.changed()
            return
        self._let_happen()

    def _let_happen(self) -> None:
        if not self._waiting:
            self._is_preparing = False
            self._began_at = self._page
            self.changed()
            return
        happening, round_ = self._waiting.pop(0), self._round
        match happening:
            case Comes(who):
                self._at_desk = who
            case Leaves():
                self._at_desk = ""
            case _ if type(happening) in _REMEDIES:
                self._broken[_REMEDIES[type(happening)]] = None
            case _:
                pass

        def happened() -> None:
            if round_ is self._round:
                self._let_happen()

        self.changed()
        self._stage.do_happening(happening, happened)

    # --- facts ------------------------------------------------------------------------------------

    def _take(self, fact: Fact) -> None:
        if isinstance(fact, Page):
            self._page = fact
            self._began_at = self._began_at or fact
        step = self.step
        if step is not None and not self._is_preparing:
            act = action_of(fact, self._present)
            if act is not None:
                self._judge(step, act, fact)
            if isinstance(fact, Page) and self.step is step:
                self._look(step, fact)
                self._is_written |= self._wrong is not None and fact.shown in _LASTING
        self.changed()

    @property
    def _present(self) -> Present:
        return present_of(self._stage.cast, self._at_desk)

    def _judge(self, step: LessonStep, act: Action, fact: Fact) -> None:
        self._broken.pop(act, None)
        if act == step.do:
            self._is_done, self._wrong, self._is_written = True, None, False
            # Of an event and of a finger the desk hears after us: its page is still the old one.
            comes_later = isinstance(fact, Handled) or isinstance(act, LayFinger | Sit)
            if step.shows is None or (not comes_later and self._shows(step.shows)):
                self._complete()
            elif isinstance(act, PlugCamera) and self._page and self._page.shown in _ENDS:
                self._has_other_end(step)  # it was out for so long that the desk went on
        elif not (act.is_free or isinstance(act, step.do.way) or self._comes_back(act)):
            self._note_wrong(act)

    def _comes_back(self, act: Action) -> bool:
        return self._wrong is not None and isinstance(act, _WAYS_BACK)

    def _look(self, step: LessonStep, page: Page) -> None:
        """Whether the page that has come ends the step, or the act had another end."""
        if isinstance(step.do, PressNext) and _closes(self._began_at, page.shown):
            self._is_done = True  # nobody can press Enter any more
        if not self._is_done:
            return
        if page.shown is step.shows or step.shows is None:
            self._complete()
        elif page.shown in _ENDS or _is_lost(self._began_at, page.shown):
            self._has_other_end(step)

    def _has_other_end(self, step: LessonStep) -> None:
        self._is_done = False
        self._wrong = step.do.sentence(self._present)

    def _note_wrong(self, act: Action) -> None:
        if not (self._is_showing or self.is_replaying):
            self._wrong_acts[_name(act)] += 1
        self._wrong = act.sentence(self._present)
        self._is_written |= act.is_final

    def _shows(self, shown: Shown) -> bool:
        return self._page is not None and self._page.shown is shown

    def _complete(self) -> None:
        if self._is_showing and not self.is_replaying:
            self._shown_steps.add(self._place)
        self._is_showing = self._is_showing and self.is_replaying
        self._place += 1
        self._begin_step()

    # --- what the panel shows -----------------------------------------------------------------

    @property
    def view(self) -> LessonView:
        """Everything the panel shows."""
        lesson, steps, present = self.lesson, self.lesson.steps, self._present
        place = max(self._place, self._furthest)
        is_over = place == len(steps)
        is_busy = not is_over and (self._is_preparing or self._is_showing or self.is_replaying)
        return LessonView(
            number=min(place + 1, len(steps)),
            of=len(steps),
            title=lesson.title,
            why=lesson.why,
            rows=tuple(
                StepRow(step.sentence(present), _row_state(at, place))
                for at, step in enumerate(steps)
            ),
            tip=lesson.tip,
            person=self._card(),
            offers=() if is_over or is_busy else self._offers(steps[place]),
            wrong=self._wrong_step(),
            happened=(*(one.sentence for one in self._happened), *self._passphrases()),
            can_go_back=not self.is_replaying and (place > 0 or self.is_astray or self._is_showing),
            is_busy=is_busy,
            is_over=is_over,
        )

    def _passphrases(self) -> tuple[Sentence, ...]:
        """What is typed in the present step, where somebody signs."""
        step = self.step
        return (SHOWN[self.lesson.at],) if step is not None and step.do.is_signed else ()

    def _card(self) -> PersonCard | None:
        if not self._at_desk:
            return None
        actor = self._stage.cast[self._at_desk]
        return PersonCard(actor.person.name, actor.person.pin, actor.says)

    def _wrong_step(self) -> WrongStep | None:
        step = self.step
        if self._wrong is None or step is None or self.is_replaying:
            return None
        return WrongStep(
            done=self._wrong,
            expected=step.sentence(self._present),
            help_page="" if self._began_at is None else self._began_at.help_page,
            way=Sentence("wrong.go_back" if self.is_astray else "wrong.go_on"),
        )

    def _offers(self, step: LessonStep) -> tuple[Action, ...]:
        """The bar's buttons: what the file says, or what people could do now, in the order of the
        table, so that no place tells the right one.
        """
        if step.offers:
            return step.offers
        found = set[Action](self._broken)
        page = self._page
        if page is not None and self._at_desk:
            if page.shown in _ASKS_FINGER:
                found |= _finger_offers(page.finger)
            elif page.shown is Shown.FACE:
                found.add(Sit())
        if step.do.place is Place.BAR:
            found.add(step.do)
        return tuple(sorted(found, key=_in_order))


def _finger_offers(asked: FingerPosition) -> set[Action]:
    """The finger asked for, the same one dry, and another."""
    position = asked or FingerPosition.RIGHT_INDEX
    other = _OTHER_INDEX.get(position, FingerPosition.RIGHT_INDEX)
    return {LayFinger(position), LayFinger(position, Preset.DRY), LayFinger(other)}


def _closes(before: Page | None, now: Shown) -> bool:
    """Whether an identified voter's screen was closed, which nobody has to do."""
    return before is not None and (before.shown, now) == (Shown.IDENTIFIED, Shown.READY)


def _is_lost(before: Page | None, now: Shown) -> bool:
    """Whether the scanner was away for so long that the session ended."""
    return before is not None and (before.shown, now) == (Shown.UNPLUGGED, Shown.READY)


def _in_order(action: Action) -> tuple[int, str]:
    return list(ACTIONS.forms.values()).index(type(action)), repr(action)


def _row_state(at: int, place: int) -> RowState:
    if at < place:
        return RowState.DONE
    return RowState.CURRENT if at == place else RowState.WAITING


def _name(act: Action) -> str:
    return "other_pin" if isinstance(act, OtherPin) else ACTIONS.name_of(act)
