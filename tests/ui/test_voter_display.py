"""Voters and observers see four facts of an identified voter, and of anybody else nothing."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from station_app.domain.day import DayState
from station_app.domain.entries import Outcome, OutcomeVoided, StopDecided
from station_app.domain.entry_codes import Method, OutcomeKind, StopFinding, VoidReason
from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Finger, RetryReason
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    Blocked,
    CommissionWhy,
    DecidingStop,
    FaceWhy,
    Idle,
    LookingUp,
    Matching,
    Proposed,
    Recording,
    Resting,
    Reviewing,
    Session,
    State,
    Verdict,
    Voided,
    Voiding,
    WaitingForScanner,
)
from station_app.domain.voters import Voter
from station_app.flow.day_reading import Tally
from station_app.languages import voter_languages
from station_app.ui.operator.pages import PAGES
from station_app.ui.operator.views import StationKind
from station_app.ui.public import public_desk
from station_app.ui.public.public_desk import PublicDesk
from station_app.ui.public.public_pages import DisplayFacts, Form, PublicPage
from station_app.ui.public.public_view import PublicView, Scene, ShownVoter, public_view
from station_app.ui.public.public_window import PublicWindow
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.samples.faces import DRAWN
from tests.ui.samples.public import SIZES, public_states

VOTER = Voter(
    voter_id="V-0123456789ABCDEF",
    list_number=8613,
    pin="21204199100123",
    surname="Toktonalieva",
    given_names="Aizharkyn",
    sex="f",
    born=date(1991, 4, 12),
    address="Abdrakhmanov 176",
    page=431,
    line=12,
    portrait=DRAWN.photo("f"),
)
OF_THE_VOTER = (
    "V-0123456789ABCDEF", "8613", "8 613", "8,613", "21204199100123", "Toktonalieva", "Aizharkyn",
    "1991", "12.04", "Abdrakhmanov", "431",
)  # fmt: skip
FINGER = Finger(FingerPosition.RIGHT_INDEX)
SESSION = Session(5, FINGER, named_row=3, tries=1)
AT = datetime(2026, 11, 29, 3, 14, tzinfo=UTC)
VOID = OutcomeVoided(40, VOTER.voter_id, 8613, VoidReason.PHOTO_MISMATCH, "o1", "m1")


def outcome(kind: OutcomeKind, method: Method = Method.FINGER) -> Outcome:
    named = kind in (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
    return Outcome(
        session=5,
        outcome=kind,
        reason="",
        method=method,
        voter_id=VOTER.voter_id if named else None,
        list_number=8613 if named else None,
        first_entry=3 if kind is OutcomeKind.ALREADY_IDENTIFIED else None,
        evidence_milli=9000,
        threshold_milli=6000,
        fingers_compared=600,
        tries=1,
        engine="toy/1",
        policy=PROVISIONAL.digest(),
    )


def verdict(kind: OutcomeKind, *, held: bool = False) -> Verdict:
    return Verdict(1, SESSION, outcome(kind), 40, VOTER, AT, held=held)


IDENTIFIED = verdict(OutcomeKind.IDENTIFIED)
STOP = verdict(OutcomeKind.ALREADY_IDENTIFIED, held=True)
RECORDING = Recording(1, SESSION, outcome(OutcomeKind.IDENTIFIED), VOTER, AT)
STATES: tuple[State, ...] = (
    Idle(1, 6, FINGER),
    *(Resting(1, 6, why) for why in DayState),
    LookingUp(1, SESSION),
    AwaitingSample(1, SESSION),
    AwaitingSample(1, SESSION, touched=True),
    *(AwaitingSample(1, SESSION, reason=reason) for reason in RetryReason),
    Matching(1, SESSION),
    Reviewing(1, SESSION),
    *(AwaitingFace(1, SESSION, why, VOTER, is_live=True, answer=True) for why in FaceWhy),
    *(AwaitingCommission(1, SESSION, why, VOTER) for why in CommissionWhy),
    AwaitingCommission(
        1, SESSION, CommissionWhy.FACE_PROPOSES, proposed=(Proposed(VOTER, is_marked=True),)
    ),
    RECORDING,
    *(verdict(kind) for kind in OutcomeKind if kind is not OutcomeKind.IDENTIFIED),
    verdict(OutcomeKind.IDENTIFIED, held=True),
    STOP,
    DecidingStop(1, SESSION, STOP, StopDecided(40, StopFinding.OTHER, "o1", "m1")),
    Idle(1, 6, FINGER, STOP),
    Voiding(1, SESSION, VOID),
    Voided(1, SESSION, VOID),
    WaitingForScanner(1, 6),
    WaitingForScanner(1, 6, SESSION, RetryReason.NO_MATCH),
    Blocked(1, 6, "disk_full"),
    Blocked(1, 6, "disk_full", RECORDING),
)
"""Every state of the desk, each with a voter wherever it can hold one."""


class StateTeller:
    """A runner, as far as it tells of states."""

    def __init__(self) -> None:
        self.tally = Tally(7)
        self.observers: list[PublicDesk] = []

    def observe(self, observer: PublicDesk) -> None:
        self.observers.append(observer)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[PublicWindow]:
    window = PublicWindow(("ky", "ru"), StationKind.LIVE)
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.resize(480, 270)
    window.set_facts(DisplayFacts("7042", "11:42", 7))
    window.show()
    yield window
    window.hide()
    window.deleteLater()


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QObject]:
    parent = QObject()
    yield parent
    parent.deleteLater()


class Shown:
    """The window as the desk's outlet, and what came."""

    def __init__(self, window: PublicWindow) -> None:
        self.window, self.views, self.count = window, [], 0

    def show_view(self, view: PublicView) -> None:
        self.views.append(view)
        self.window.show_view(view)

    def set_count(self, identified: int | None) -> None:
        self.count = identified
        self.window.set_facts(replace(self.window.facts, identified_today=identified))


@pytest.fixture
def shown(window: PublicWindow) -> Shown:
    return Shown(window)


@pytest.fixture
def desk(shown: Shown, parent: QObject) -> PublicDesk:
    return PublicDesk(StateTeller(), [shown], parent)  # type: ignore[arg-type]


def spoken(window: QWidget) -> Iterator[str]:
    """Whatever the accessibility tree says, from the window down."""

    def of(one: QAccessibleInterface | None) -> Iterator[str]:
        if one is None or not one.isValid():
            return
        for part in QAccessible.Text:
            if part is not QAccessible.Text.DebugDescription:
                yield one.text(part)
        for number in range(one.childCount()):
            yield from of(one.child(number))

    yield from of(QAccessible.queryAccessibleInterface(window))


def written(window: QWidget) -> str:
    """Every text of the widget tree and of the accessibility tree."""
    labels = [one.text() for one in window.findChildren(QLabel)]
    names = [one.accessibleName() for one in window.findChildren(QWidget)]
    return " | ".join([*labels, *names, *spoken(window), window.windowTitle()])


def picture(window: PublicWindow) -> QImage:
    return window.grab().toImage()


def test_a_voter_on_the_display_has_four_facts() -> None:
    assert [one.name for one in fields(ShownVoter)] == [
        "surname", "given_names", "list_number", "portrait",
    ]  # fmt: skip
    assert all(isinstance(one, str) for one in Scene)
    shown = ShownVoter.of(VOTER)
    assert "Tokto" not in repr(shown)
    assert not hasattr(shown, "__dict__")


def test_every_state_of_the_desk_is_told() -> None:
    assert {type(state) for state in STATES} == set(PAGES)


def test_all_states_but_identified_look_the_same_and_say_nothing_of_the_voter(
    window: PublicWindow,
) -> None:
    known = {}
    for scene in (Scene.IDLE, Scene.WAIT):
        window.show_view(scene)
        known[scene] = picture(window)
    assert known[Scene.IDLE] != known[Scene.WAIT]
    for before in (Scene.IDLE, Scene.WAIT, ShownVoter.of(VOTER)):
        for state in STATES:
            window.show_view(before)
            window.show_view(public_view(state, before))
            assert picture(window) in known.values(), state
            said = written(window)
            assert [word for word in OF_THE_VOTER if word in said] == [], state


def test_an_identified_voter_sees_photo_name_and_list_number(window: PublicWindow) -> None:
    window.show_view(Scene.IDLE)
    idle = picture(window)
    window.show_view(public_view(IDENTIFIED, Scene.IDLE))
    assert picture(window) != idle
    said = written(window)
    assert {word for word in OF_THE_VOTER if word in said} == {"8613", "Toktonalieva", "Aizharkyn"}


@pytest.mark.parametrize(
    ("state", "scene"),
    [
        (AwaitingSample(1, SESSION), Scene.IDLE),
        (AwaitingSample(1, SESSION, reason=RetryReason.TOO_DRY), Scene.WAIT),
        (verdict(OutcomeKind.ALREADY_IDENTIFIED), Scene.WAIT),
        (verdict(OutcomeKind.NOT_ON_LIST), Scene.WAIT),
        (verdict(OutcomeKind.IDENTIFIED, held=True), Scene.WAIT),
        (AwaitingFace(1, SESSION, FaceWhy.EXEMPT), Scene.WAIT),
        (AwaitingCommission(1, SESSION, CommissionWhy.CALLED), Scene.WAIT),
        (Blocked(1, 6, "disk_full"), Scene.IDLE),
        (Blocked(1, 6, "disk_full", RECORDING), Scene.WAIT),
        (WaitingForScanner(1, 6), Scene.IDLE),
        (Resting(1, 6, DayState.PAUSED), Scene.IDLE),
    ],
)
def test_whoever_is_not_identified_is_asked_to_speak_with_the_operator(
    state: State, scene: Scene
) -> None:
    assert public_view(state, Scene.IDLE) is scene


def test_the_display_does_not_flicker_while_a_person_waits() -> None:
    for state in (Matching(1, SESSION), Reviewing(1, SESSION), RECORDING, LookingUp(1, SESSION)):
        assert public_view(state, Scene.WAIT) is Scene.WAIT
        assert public_view(state, Scene.IDLE) is Scene.IDLE
        assert public_view(state, ShownVoter.of(VOTER)) is Scene.IDLE


def test_a_name_goes_with_the_next_person_or_after_seconds(
    desk: PublicDesk, window: PublicWindow, shown: Shown, qtbot: QtBot
) -> None:
    assert public_desk.LINGER_MS <= 10_000
    idle = STATES[0]
    desk.state_changed(IDENTIFIED)
    desk.state_changed(idle)
    assert "Toktonalieva" in written(window), "the screen closes after 2.5 s, too soon to read"
    desk.state_changed(AwaitingSample(2, replace(SESSION, number=6), touched=True))
    assert "Toktonalieva" not in written(window)
    desk._linger.setInterval(1)
    desk.state_changed(IDENTIFIED)
    desk.state_changed(idle)
    desk.state_changed(idle)
    qtbot.waitUntil(lambda: shown.views[-1] is Scene.IDLE)
    assert "Toktonalieva" not in written(window)


def test_locking_takes_the_name_and_the_count_away(
    desk: PublicDesk, window: PublicWindow, shown: Shown
) -> None:
    desk.state_changed(IDENTIFIED)
    assert shown.count == 7
    desk.leave()
    said = written(window)
    assert [word for word in OF_THE_VOTER if word in said] == []
    assert (shown.views[-1], shown.count) == (Scene.IDLE, None)
    desk.state_changed(IDENTIFIED)
    assert shown.views[-1] is Scene.IDLE, "a desk that was left tells nothing any more"


def test_a_bug_shows_nothing_to_voters(desk: PublicDesk, shown: Shown) -> None:
    desk.state_changed(IDENTIFIED)
    desk.broke(RuntimeError(), 40)
    assert shown.views[-1] is Scene.IDLE


def test_the_commission_is_called_and_called_off(
    desk: PublicDesk, shown: Shown, qtbot: QtBot
) -> None:
    stopped = verdict(OutcomeKind.ALREADY_IDENTIFIED)
    desk.state_changed(stopped)
    desk.call()
    desk.state_changed(STATES[0])
    assert shown.views == [Scene.WAIT, Scene.CALL], "a call lasts into the next session"
    desk.call()
    assert shown.views[-1] is Scene.IDLE
    desk.call()
    desk.state_changed(IDENTIFIED)
    assert shown.views[-1] == ShownVoter.of(VOTER), "an identified voter comes first"
    desk.state_changed(stopped)
    assert shown.views[-1] is Scene.WAIT, "and ends the call"
    desk._call.setInterval(1)
    desk.call()
    qtbot.waitUntil(lambda: shown.views[-1] is Scene.WAIT)


def test_no_name_or_number_makes_the_window_larger_than_its_screen(window: PublicWindow) -> None:
    window.show_view(ShownVoter("Щ" * 80, "W" * 80, 9_999_999, b""))
    assert window.minimumSizeHint().width() <= window.width()
    assert [one.text() for one in window.findChildren(TextBlock) if one.is_clipped()] == []


def test_a_hidden_window_keeps_nothing(window: PublicWindow) -> None:
    window.show_view(ShownVoter.of(VOTER))
    window.hide()
    assert window.findChildren(QLabel) == []
    window.show()
    assert "Toktonalieva" in written(window)
    (page,) = window.findChildren(PublicPage)
    assert page.size() == window.size(), "what is painted first is as large as the screen"


def test_the_clock_builds_nothing_anew(window: PublicWindow) -> None:
    (before,) = [one for one in window.findChildren(TextBlock) if one.text() == "11:42"]
    window.set_facts(replace(window.facts, clock="11:43"))
    assert before.text() == "11:43"


def test_it_takes_no_focus_and_has_no_shortcuts(window: PublicWindow) -> None:
    window.show_view(ShownVoter.of(VOTER))
    assert window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    for one in (window, *window.findChildren(QWidget)):
        assert one.focusPolicy() is Qt.FocusPolicy.NoFocus, one
        assert one.actions() == []


@pytest.mark.parametrize("ending", ["-square", "-tall"])  # the wide one is walked
@pytest.mark.parametrize("language", voter_languages())
def test_nothing_is_cut_on_any_screen(qtbot: QtBot, language: str, ending: str) -> None:
    size = QSize(*SIZES[ending])
    assert Form.of(size).name == ending[1:].upper()
    for state, root in public_states(language, size):
        QApplication.processEvents()  # lays it out
        assert root.size() == size, state
        cut = [one.text() for one in root.findChildren(TextBlock) if one.is_clipped()]
        outside = [
            one
            for one in root.findChildren(QWidget)
            if one.parentWidget() is not None
            and not one.parentWidget().rect().adjusted(-1, -1, 1, 1).contains(one.geometry())
        ]
        assert (cut, outside) == ([], []), state
