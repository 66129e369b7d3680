"""The coach: which facts end a step, what is wrong, what the panel is told."""

import pytest

from station_app.domain import session_events as events
from station_app.domain.entries import DayClosed
from station_app.domain.entry_codes import Decision, DocumentSeen, ManualReason
from station_app.domain.fingers import FingerPosition
from station_app.synthetic.presets import Preset
from station_app.training.actions import (
    CallCommission,
    Decide,
    LayFinger,
    LoadPaper,
    PlugCamera,
    PlugScanner,
    Sit,
)
from station_app.training.coach import Coach, LessonView, RowState
from station_app.training.happenings import Comes, ScannerOut
from station_app.training.lesson import Lesson
from station_app.training.lesson_facts import Asked, Handled, Page, Pressed, Shown, Written
from station_app.training.lesson_file import lesson_of
from tests.training.lesson_stage import ToldStage

HEAD = "lesson: x\nfor: operator\ntitle: X\npeople: {a: {voter: 11}, b: {stranger: 1}}\nsteps:\n"
INDEX, LEFT = FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX
READY = Page(Shown.READY, "ready", INDEX)
CAPTURE = Page(Shown.CAPTURE, "capture", INDEX)
AGAIN = Page(Shown.TRY_AGAIN, "try_again", LEFT)
IDENTIFIED = Page(Shown.IDENTIFIED, "identified")
MANUAL = Page(Shown.MANUAL, "manual")
FINGER, NEXT = LayFinger(INDEX), Handled(events.NextPressed())
COMMISSION, CANCELLED = Handled(events.CommissionCalled()), Handled(events.Cancelled())


class Learning:
    """A coach at work, and its stage; `seconds` is its clock."""

    def __init__(self, steps: str) -> None:
        self.lesson: Lesson = lesson_of(f"{HEAD}{steps}".encode(), "x.yaml")
        self.seconds = 10.0
        self.stage = ToldStage(self.lesson)
        self.coach = Coach(self.lesson, self.stage, lambda: self.seconds)
        self.views: list[LessonView] = []
        self.coach.changed = lambda: self.views.append(self.coach.view)

    def begin(self, page: Page = READY) -> "Learning":
        self.coach.start()
        self.stage.tell(page)
        return self

    @property
    def view(self) -> LessonView:
        return self.coach.view


TWO = """\
  - {happens: [comes a], do: finger right_index, shows: identified}
  - {do: next, shows: ready}
"""


def test_a_lesson_is_done_step_by_step() -> None:
    at = Learning(TWO).begin()
    assert at.stage.happened == [Comes("a")]
    view = at.view
    assert (view.number, view.of, view.is_over, view.can_go_back) == (1, 2, False, False)
    assert [row.state for row in view.rows] == [RowState.CURRENT, RowState.WAITING]
    assert view.person is not None
    assert len(view.person.pin) == 14
    at.stage.do_at_bar(FINGER)
    at.stage.tell(CAPTURE)
    assert at.view.number == 1, "the page of the step has not come"
    at.stage.tell(IDENTIFIED)
    assert (at.view.number, at.view.can_go_back) == (2, True)
    at.seconds = 15.0
    at.stage.tell(NEXT, READY)
    assert at.view.is_over
    assert all(row.state is RowState.DONE for row in at.view.rows)
    result = at.coach.result
    assert (result.is_done, result.steps_done, result.wrong, result.seconds) == (True, 2, {}, 5.0)
    at.seconds, before = 99.0, at.view
    at.stage.tell(COMMISSION, MANUAL)
    assert (at.coach.result.seconds, at.view) == (5.0, before)


@pytest.mark.parametrize("shows", [", shows: ready", ""])
def test_an_identified_voters_screen_that_closes_is_no_dead_end(shows: str) -> None:
    """It does so while the learner looks at it: Enter has nothing to close then."""
    at = Learning(f"{TWO.splitlines()[0]}\n  - {{do: next{shows}}}\n{TWO}").begin()
    at.stage.do_at_bar(FINGER)
    at.stage.tell(IDENTIFIED)
    assert at.coach.place == 1
    at.stage.tell(READY)
    assert (at.coach.place, at.coach.result.wrong) == (2, {})


def test_who_plugs_the_scanner_in_too_late_is_led_back() -> None:
    """After a minute the session has ended: the page of the step cannot come."""
    out = "{happens: [scanner_out], do: plug_scanner, shows: capture}"
    at = Learning(f"  - {{happens: [comes a], do: pin, shows: capture}}\n  - {out}\n").begin()
    at.stage.is_held = True
    at.stage.tell(Handled(events.PinEntered(at.view.person.pin if at.view.person else "")), CAPTURE)
    at.stage.tell(Page(Shown.UNPLUGGED, "unplugged"))
    at.stage.held.pop()()
    at.stage.do_at_bar(PlugScanner())
    at.stage.tell(READY)
    assert at.view.wrong is not None
    assert at.view.wrong.way.key == "wrong.go_back"


def test_who_plugs_the_camera_in_too_late_is_led_back() -> None:
    face = Page(Shown.FACE, "face")
    at = Learning(
        "  - {happens: [comes a, camera_out], do: face, shows: face}\n"
        "  - {do: plug_camera, shows: face}\n"
    ).begin()
    at.stage.tell(Handled(events.FaceCalled()), face, MANUAL)
    assert (at.coach.place, at.view.wrong) == (1, None)
    at.stage.do_at_bar(PlugCamera())
    assert at.view.wrong is not None
    assert at.view.wrong.way.key == "wrong.go_back"


def test_a_wrong_act_that_stays_leads_a_step_back() -> None:
    """The day is closed by other counts, on the same page: it cannot be closed once more."""
    close = Page(Shown.ROOM_CLOSE, "day_close")
    at = Learning("  - {do: close_day 2 3}\n").begin(close)
    at.stage.tell(Written(DayClosed(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, "c1", "m1")))
    assert at.view.wrong is not None
    assert (at.view.wrong.way.key, at.view.can_go_back) == ("wrong.go_back", True)
    at.stage.tell(Asked(Pressed.HELP), close)
    assert at.coach.is_astray


def test_a_page_of_before_the_act_is_not_its_end() -> None:
    dry = "  - {happens: [comes a], do: finger right_index dry, shows: try_again}\n"
    at = Learning(dry * 2).begin()
    act = LayFinger(INDEX, Preset.DRY)
    at.stage.do_at_bar(act)
    at.stage.tell(AGAIN)
    assert at.coach.place == 1
    at.stage.do_at_bar(act)
    assert at.coach.place == 1
    at.stage.tell(CAPTURE, AGAIN)
    assert at.view.is_over


def test_something_else_is_wrong_and_the_way_back_is_not() -> None:
    at = Learning(TWO).begin()
    at.stage.tell(COMMISSION, MANUAL)
    wrong = at.view.wrong
    assert wrong is not None
    assert (wrong.done.key, wrong.expected.key) == ("step.commission", "step.finger.good")
    assert (wrong.help_page, wrong.way.key) == ("ready", "wrong.go_back")
    at.stage.tell(CANCELLED, READY)
    wrong = at.view.wrong
    assert wrong is not None
    assert (wrong.done.key, wrong.way.key) == ("step.commission", "wrong.go_on")
    assert at.coach.result.wrong == {"commission": 1}
    at.stage.do_at_bar(FINGER)
    at.stage.tell(IDENTIFIED)
    assert at.view.wrong is None
    assert at.coach.place == 1


def test_who_was_identified_on_the_way_is_not_undone_by_coming_back() -> None:
    at = Learning(TWO).begin()
    at.stage.do_at_bar(LayFinger(FingerPosition.LEFT_INDEX))
    at.stage.tell(IDENTIFIED, NEXT, READY)
    wrong = at.view.wrong
    assert wrong is not None
    assert (wrong.way.key, at.view.can_go_back) == ("wrong.go_back", True)
    at.coach.go_back(at.stage)
    assert (at.view.number, at.view.wrong) == (1, None)


@pytest.mark.parametrize(
    "fact", [Asked(Pressed.HELP), Asked(Pressed.SLIP), Page(Shown.ROOM_LOG, "log")]
)
def test_help_and_looking_around_are_never_wrong(fact: Asked | Page) -> None:
    at = Learning(TWO).begin()
    at.stage.tell(fact)
    assert (at.view.wrong, at.coach.result.wrong) == (None, {})


def test_another_pin_than_the_documents_is_wrong() -> None:
    at = Learning("  - {happens: [comes a], do: pin, shows: capture}\n").begin()
    at.stage.tell(Handled(events.PinEntered("1" * 14)))
    assert at.coach.result.wrong == {"other_pin": 1}
    card = at.view.person
    assert card is not None
    at.stage.tell(Handled(events.PinEntered(card.pin)), CAPTURE)
    assert at.view.is_over


def test_the_way_to_an_act_is_not_wrong() -> None:
    steps = "  - {happens: [comes a], do: decide refused other id_card, shows: ready}\n"
    at = Learning(steps).begin()
    at.stage.tell(COMMISSION, MANUAL)
    assert at.view.wrong is None
    said = events.CommissionRefused(1, ManualReason.OTHER, DocumentSeen.ID_CARD, "o", "m")
    at.stage.tell(Handled(said), READY)
    assert (at.view.is_over, at.coach.result.wrong) == (True, {})
    assert CallCommission in Decide(Decision.REFUSED, ManualReason.OTHER, DocumentSeen.ID_CARD).way


def test_an_act_that_ends_elsewhere_is_told() -> None:
    at = Learning(TWO).begin()
    at.stage.do_at_bar(FINGER)
    at.stage.tell(Page(Shown.ALREADY, "already"))
    wrong = at.view.wrong
    assert wrong is not None
    assert (wrong.done, wrong.way.key) == (wrong.expected, "wrong.go_back")
    assert at.coach.place == 0


def test_nothing_counts_while_the_world_is_at_work() -> None:
    at = Learning(TWO)
    at.stage.is_held = True
    at.begin()
    assert (at.coach.is_ready, at.view.is_busy, at.view.offers) == (False, True, ())
    at.stage.tell(COMMISSION, MANUAL)
    at.stage.do_at_bar(FINGER)
    at.stage.tell(IDENTIFIED)
    assert (at.coach.place, at.coach.result.wrong) == (0, {})
    at.stage.held.pop()()
    assert (at.coach.is_ready, at.view.is_busy) == (True, False)


def test_offers_are_what_people_could_do_now() -> None:
    pin = "  - {happens: [comes a], do: pin, shows: capture}\n"
    at = Learning(f"{pin}  - {{happens: [scanner_out], do: face}}\n").begin()
    assert set(at.view.offers) == {FINGER, LayFinger(LEFT), LayFinger(INDEX, Preset.DRY)}
    card = at.view.person
    assert card is not None
    at.stage.tell(Handled(events.PinEntered(card.pin)), CAPTURE)
    assert at.stage.happened[-1] == ScannerOut()
    at.stage.tell(Page(Shown.UNPLUGGED, "scanner_unplugged"))
    assert at.view.offers == (PlugScanner(),)
    at.stage.tell(Page(Shown.FACE, "face"))
    assert at.view.offers == (Sit(), PlugScanner())
    at.stage.do_at_bar(PlugScanner())
    assert at.view.offers == (Sit(),)
    assert at.coach.result.wrong == {"plug_scanner": 1}


def test_what_the_step_asks_of_the_bar_is_always_offered() -> None:
    at = Learning("  - {do: paper}\n").begin()
    assert at.view.offers == (LoadPaper(),)


def test_one_step_back_is_a_new_stage_on_which_the_steps_before_are_done_again() -> None:
    at = Learning(TWO + TWO).begin()
    at.stage.do_at_bar(FINGER)
    at.stage.tell(IDENTIFIED, COMMISSION, NEXT, READY)
    assert (at.coach.place, at.coach.result.wrong) == (2, {"commission": 1})
    old, at.stage = at.stage, ToldStage(at.lesson)
    at.coach.go_back(at.stage)
    view = at.view
    assert (at.coach.is_replaying, at.coach.replays_until, view.is_busy) == (True, 1, True)
    assert (view.number, view.can_go_back, view.rows[0].state) == (2, False, RowState.DONE)
    old.tell(NEXT)
    assert at.coach.place == 0, "a stage that was left tells nothing"
    at.stage.tell(READY)
    at.stage.do_at_bar(FINGER)
    at.stage.tell(IDENTIFIED)
    assert (at.coach.is_replaying, at.coach.is_ready, at.view.is_busy) == (False, True, False)
    assert at.coach.result.wrong == {"commission": 1}


def test_where_the_desk_is_elsewhere_a_step_back_leads_to_this_steps_beginning() -> None:
    at = Learning(TWO).begin()
    at.stage.tell(COMMISSION, MANUAL)
    assert at.view.can_go_back, "also of the first step"
    at.coach.go_back(ToldStage(at.lesson))
    assert (at.view.number, at.view.can_go_back, at.view.wrong) == (1, False, None)
    again = ToldStage(at.lesson)
    at.coach.go_back(again)
    again.tell(READY)
    again.do_at_bar(FINGER)
    again.tell(IDENTIFIED, COMMISSION, MANUAL)
    at.coach.go_back(ToldStage(at.lesson))
    assert (at.coach.replays_until, at.view.number) == (1, 2)


def test_what_the_hands_show_can_be_broken_off() -> None:
    at = Learning(TWO).begin()
    at.coach.showing()
    assert (at.view.is_busy, at.view.can_go_back) == (True, True)
    at.coach.go_back(ToldStage(at.lesson))
    assert (at.view.number, at.view.is_busy) == (1, False)


def test_steps_that_the_hands_did_are_counted_as_shown() -> None:
    at = Learning(TWO).begin()
    at.coach.showing()
    assert at.view.is_busy
    at.stage.tell(COMMISSION, CANCELLED)
    at.stage.do_at_bar(FINGER)
    at.stage.tell(IDENTIFIED)
    assert not at.view.is_busy
    result = at.coach.result
    assert (result.shown, result.wrong) == (1, {})


def test_where_the_hands_are_at_a_loss_the_learner_goes_on() -> None:
    at = Learning(TWO).begin()
    at.coach.showing()
    at.coach.go_on_alone()
    assert not at.view.is_busy
    at.stage.do_at_bar(FINGER)
    at.stage.tell(IDENTIFIED)
    at.stage = ToldStage(at.lesson)
    at.coach.go_back(at.stage)
    at.coach.go_on_alone()
    view = at.view
    assert (view.number, view.is_busy, at.coach.result.shown) == (1, False, 0)


def test_a_lesson_begun_anew_forgets_how_it_went() -> None:
    at = Learning(TWO).begin()
    at.stage.tell(COMMISSION, CANCELLED, READY)
    at.stage = ToldStage(at.lesson)
    at.coach.begin_anew(at.stage)
    assert (at.coach.place, at.coach.result.wrong, at.view.wrong) == (0, {}, None)
