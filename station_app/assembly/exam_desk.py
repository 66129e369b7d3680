"""An exam on a lesson's desk: what happened earlier today, whom the learner calls, the journal."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from station_app.assembly.lesson_desk import LessonDesk
from station_app.domain.entries import Entry
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.domain.exam_sheet import ExamFault
from station_app.domain.roles import Role
from station_app.domain.session_states import AwaitingSample, Idle, Matching, State, Verdict
from station_app.flow.lane import Lane
from station_app.flow.runner import DeskObserver
from station_app.journal.leaves import read_leaf
from station_app.journal.records import Record
from station_app.synthetic.live_scenes import Sitting
from station_app.synthetic.portraits import portrait_jpeg
from station_app.training.actions import Action, LoadPaper, PlugCamera, PressNext
from station_app.training.cast import Actor, Cast
from station_app.training.exam import Exam
from station_app.training.exam_draw import ExamDraw, ExamVoter
from station_app.training.happenings import CameraOut, Comes, PaperOut, ScannerOut
from station_app.training.lesson import Audience, Lesson, LessonStep, StageKind
from station_app.training.player import Player
from station_app.training.script import QueuePerson, VisitResult
from station_app.training.sentences import Sentence

_CAMERA_OUT_S: Final = 0.6
"""So long the player leaves the camera's cable out."""

EXAM_STAGE: Final = Lesson(
    "exam",
    Audience.OPERATOR,
    StageKind.DESK,
    {},
    (LessonStep(PressNext()),),
    Sentence("exam.title"),
)
"""What a stage has to know of an exam: an open day, and nobody in it yet."""


class ExamDesk(DeskObserver):
    """Beside a `stage` that is started, on the main thread.

    `prepare` comes first. Then the learner calls voters (`exam.call_next`) and chooses what they
    do (`do_at_bar`), or the player does it all (`play`). `changed` is called when `exam.view` is
    another one. `is_watched` False: devices stay hurried.
    """

    def __init__(
        self,
        stage: LessonDesk,
        draw: ExamDraw,
        begun: datetime,
        changed: Callable[[], None] = lambda: None,
        *,
        is_watched: bool = True,
    ) -> None:
        self.stage = stage
        self._is_watched, self._is_played = is_watched, False
        stage.cast = _cast_of(draw)
        self.exam = Exam(draw, begun, changed=changed, comes=self._step_up)
        stage.runner.observe(self)
        stage.runner.observe(self.exam)
        stage.at.station.opened.recorder.listen(self._written)

    def prepare(self, done: Callable[[], None]) -> None:
        """Let happen what happened earlier today, then call `done`."""
        self.stage.hurry(is_on=True)

        def over() -> None:
            self._write_acts()
            if self._is_watched:
                self.stage.hurry(is_on=False)
            self.exam.state_changed(self.stage.runner.state)
            self.exam.begin()
            done()

        self._lead(self.exam.draw.earlier, over)

    def do_at_bar(self, action: Action) -> None:
        """Let the voter at the desk do this, or a hand on a device."""
        with suppress(KnownError):  # a finger that this voter does not have
            self.stage.do_at_bar(action)
        if isinstance(action, LoadPaper):
            self.exam.paper_is_in(is_in=True)

    def play(self, done: Callable[[], None], on_result: Callable[[VisitResult], None]) -> None:
        """Let the one player deal with everybody, as a learner who makes no mistake.

        Called before `prepare` is done.
        """
        self._is_played = True

        def begin(person: QueuePerson) -> None:
            voter = self.exam.draw.voters[person.number - 1]
            if voter.needs_camera:  # drawn while a camera looks, it takes twice as long
                Sitting(voter.face).prepared()
            self.exam.call_next()

        def ended(result: VisitResult) -> None:
            self.do_at_bar(LoadPaper())
            on_result(result)

        people = [voter.person for voter in self.exam.draw.voters]
        self.prepare(lambda: self._lead(people, done, ended, begin))

    def draw_on(self, lane: Lane) -> None:
        """Draw the faces of the exam's cards on `lane`, one after the other; and whoever will sit
        before the camera, long before they come: that time is not the learner's.
        """
        waiting = list(self.exam.draw.voters)

        def draw() -> None:
            if waiting and not self.exam.is_over:
                voter = waiting.pop(0)
                lane.run(
                    lambda: portrait_jpeg(voter.face),
                    lambda jpeg: show(voter, jpeg),
                    lambda _: draw(),
                )

        def show(voter: ExamVoter, jpeg: bytes) -> None:
            self.exam.show_portrait(voter.number, jpeg)
            if voter.needs_camera:
                sitting = Sitting(voter.face)
                lane.run(sitting.prepared, lambda _: draw(), lambda _: draw())
            else:
                draw()

        draw()

    def state_changed(self, state: State) -> None:
        """A finger is taken off once it has been read; an identified voter's lies until the learner
        goes on, who has a photo on the card to compare.
        """
        is_identified = (
            isinstance(state, Verdict) and state.outcome.outcome is OutcomeKind.IDENTIFIED
        )
        if not isinstance(state, Idle | AwaitingSample | Matching) and not is_identified:
            self.stage.glass.lift()

    # --- what happens -----------------------------------------------------------------------------

    def _step_up(self, voter: ExamVoter) -> None:
        """The one before takes finger and face along, and this one's device fails.

        The player pulls the scanner's cable in mid-capture.
        """
        stage = self.stage
        stage.do_happening(Comes(_name(voter)), _nothing)
        match voter.fault:
            case ExamFault.SCANNER_OUT if not self._is_played:
                stage.do_happening(ScannerOut(), _nothing)
            case ExamFault.CAMERA_OUT:
                stage.do_happening(CameraOut(), _nothing)
                if self._is_played:
                    stage.at.bridge.later(_CAMERA_OUT_S, lambda: self.do_at_bar(PlugCamera()))
            case ExamFault.PAPER_OUT:
                stage.do_happening(PaperOut(), _nothing)
                self.exam.paper_is_in(is_in=False)
            case _:
                pass

    def _lead(
        self,
        people: Sequence[QueuePerson],
        done: Callable[[], None],
        on_result: Callable[[VisitResult], None] = lambda _: None,
        begin: Callable[[QueuePerson], None] = lambda _: None,
    ) -> None:
        stage = self.stage
        Player(
            stage.runner,
            stage.glass,
            stage.at.bridge,
            people,
            on_result,
            done,
            begin=begin,
            chair=stage.chair,
        ).start()

    def _write_acts(self) -> None:
        """What chair and member have written down before anybody of the exam comes."""
        under = self.stage.at.station.opened
        signed = {person.role: person.id for person in under.approver.people}
        chair, member = signed[Role.CHAIR], signed[Role.MEMBER]
        acts = [replace(act, chair=chair, member=member) for act in self.exam.draw.acts]
        under.lanes.journal.call(lambda: under.recorder.append_all(acts))

    def _written(self, records: Sequence[Record]) -> None:
        """On the journal's lane, before the state that follows."""
        for record in records:
            self._tell(record.number, read_leaf(record.leaf)[0])

    def _tell(self, number: int, entry: Entry) -> None:
        self.stage.at.bridge.post(lambda: self.exam.entry_written(number, entry))


def _nothing() -> None:
    """Nobody waits for it."""


def _name(voter: ExamVoter) -> str:
    return f"voter_{voter.number}"


def _cast_of(draw: ExamDraw) -> Cast:
    """The voters of an exam as the people of a stage."""
    return {_name(voter): Actor(voter.person, says=voter.says) for voter in draw.voters}
