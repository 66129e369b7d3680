"""The hands: they do an action in the real window, by keys as a person would, and at the bar.

An action is a script: a generator of moves (a key, a text, a wait), each done a moment after the
one before. `Show me`, going back a step and the tests have this one way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from PySide6.QtCore import QKeyCombination, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from station_app.domain.session_states import AwaitingFace
from station_app.flow.runner import Runner
from station_app.training.actions import Action, Place
from station_app.training.cast import Actor, Cast
from station_app.ui.desk_and_room import DeskAndRoom
from station_app.ui.operator.dialogs import HelpOverlay
from station_app.ui.shell import Shell
from station_app.ui.widgets.key_bar import DeskKey

_POLL_MS: Final = 10
_PATIENCE_MS: Final = 60_000
_WATCHED_PATIENCE_MS: Final = 15_000
"""A page that does not come in this time will not; who watches is left alone before."""
_MOST_TABS: Final = 60


@dataclass(frozen=True, slots=True)
class Press:
    """A key is pressed, with its modifiers."""

    key: Qt.Key | QKeyCombination


@dataclass(frozen=True, slots=True)
class Write:
    """A text is typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Until:
    """Nothing is done until this holds; `what` says it for who looks for a fault."""

    holds: Callable[[], bool]
    what: str


@dataclass(frozen=True, slots=True)
class Look:
    """A person looks at the screen for so many moments."""

    moments: int = 1


Move = Press | Write | Until | Look
Script = Iterator[Move]


class HandsStage(Protocol):
    """What the hands act on."""

    @property
    def shell(self) -> Shell:
        """What is shown: the desk, a room, or a station's door."""
        ...

    @property
    def pages(self) -> DeskAndRoom:
        """The desk and the commission's room; while a station is locked there are none."""
        ...

    @property
    def runner(self) -> Runner | None:
        """The session's runner."""
        ...

    @property
    def cast(self) -> Cast:
        """The lesson's people."""
        ...

    @property
    def person(self) -> Actor | None:
        """Who is at the desk."""
        ...

    def passphrase_of(self, person_id: str) -> str:
        """What this person of the invented commission types."""
        ...

    def do_at_bar(self, action: Action) -> None:
        """See `CoachedStage`."""
        ...


class HandsStuckError(Exception):
    """The screen is not as a script expects it: the lesson does not fit the program, or the learner
    has gone elsewhere.
    """


SeenT = TypeVar("SeenT")


def seen(one: object, kind: type[SeenT]) -> SeenT:
    """The same, which the script has to do with; raises `HandsStuckError` where it is another."""
    if not isinstance(one, kind):
        raise HandsStuckError(f"a {kind.__name__} is not shown")
    return one


ActionT = TypeVar("ActionT", bound=Action)
SCRIPTS: Final[dict[type[Action], Callable[[Any, Any], Script]]] = {}
"""A script for each action that is not done at the bar."""


def script(
    *actions: type[Action],
) -> Callable[[Callable[[Any, Any], Script]], Callable[[Any, Any], Script]]:
    """Puts a function into the table: it gets the stage and the action."""

    def add(function: Callable[[Any, Any], Script]) -> Callable[[Any, Any], Script]:
        for one in actions:
            SCRIPTS[one] = function
        return function

    return add


class Hands(QObject):
    """Acts in `window`, one action at a time; `moment_ms` is between two moves. No part of the
    window, which would keep what they act on.

    `stuck` is told why where the screen is not as a script expects it.
    """

    def __init__(self, window: QWidget, moment_ms: int) -> None:
        super().__init__()
        self._window, self.moment_ms = window, moment_ms
        self.stuck: Callable[[str], None] = lambda _: None
        self._script: Script = iter(())
        self._until: Until | None = None
        self._waited = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._move)

    @property
    def is_busy(self) -> bool:
        """Whether an action is being done."""
        return self._timer.isActive()

    def do(self, stage: HandsStage, action: Action) -> None:
        """Do this; what was being done is left as it is."""
        self._until = None
        self._script = self._whole(stage, action)
        self._timer.start(0)

    def rest(self) -> None:
        """Do no more."""
        self._timer.stop()

    def _whole(self, stage: HandsStage, action: Action) -> Script:
        """The script, after whatever lies over the page is put away."""
        yield Until(self._has_keyboard, "the window has the keyboard")
        if isinstance(stage.shell.overlay, HelpOverlay):
            yield Press(Qt.Key.Key_Escape)
        if action.place is Place.BAR:
            stage.do_at_bar(action)
            return
        yield from SCRIPTS[type(action)](stage, action)

    def _has_keyboard(self) -> bool:
        if not self._window.isActiveWindow():
            self._window.activateWindow()
        return self._window.isActiveWindow()

    def _move(self) -> None:
        try:
            self._go_on()
        except HandsStuckError as why:
            self.rest()
            self.stuck(str(why))

    def _go_on(self) -> None:
        if self._until is not None:
            if not self._until.holds():
                self._wait(self._until)
                return
            self._until = None
        move = next(self._script, None)
        match move:
            case None:
                return
            case Press(key):
                press(self._window, key)
            case Write(text):
                self._write(text)
            case Until():
                self._until, self._waited = move, 0
                self._timer.start(0)
                return
            case Look(moments):
                self._timer.start(moments * self.moment_ms)
                return
        self._timer.start(self.moment_ms)

    def _write(self, text: str) -> None:
        """A sign after the other, so that it can be seen."""
        if self.moment_ms == 0:
            for sign in text:
                type_sign(self._window, sign)
        elif text:
            type_sign(self._window, text[0])
            self._script = _before(Write(text[1:]), self._script)

    def _wait(self, until: Until) -> None:
        self._waited += _POLL_MS
        if self._waited > (_WATCHED_PATIENCE_MS if self.moment_ms else _PATIENCE_MS):
            raise HandsStuckError(f"waited in vain until {until.what}")
        self._timer.start(_POLL_MS)


def _before(move: Move, rest: Script) -> Script:
    yield move
    yield from rest


def press(window: QWidget, key: Qt.Key | QKeyCombination) -> None:
    """Press and release a key as the keyboard does: shortcuts first, then what has the focus.

    Given to the window itself, QtTest would run the event loop in it, which PySide does not bear.
    """
    if isinstance(key, QKeyCombination):
        QTest.keyClick(_with_focus(window), key.key(), key.keyboardModifiers())
    else:
        QTest.keyClick(_with_focus(window), key)


def type_sign(window: QWidget, sign: str) -> None:
    """Type one character; one without a key on every keyboard comes as an input method gives it."""
    if sign.isascii():
        QTest.keyClick(_with_focus(window), ord(sign))
        return
    none = Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_unknown, none, sign)
    QApplication.sendEvent(_with_focus(window), event)


def _with_focus(window: QWidget) -> QWidget:
    return QApplication.focusWidget() or window


def pressed(key: DeskKey) -> Press:
    """One of the desk's keys."""
    return Press(key.value.presses[0])


def tab_to(*widgets: QWidget) -> Script:
    """Tab until one of these has the keyboard."""
    for _ in range(_MOST_TABS):
        if QApplication.focusWidget() in widgets:
            return
        yield Press(Qt.Key.Key_Tab)
    raise HandsStuckError(f"Tab does not lead to {widgets[0].accessibleName()}")


def digit(number: int) -> Press:
    """The key of a number from 0 to 9."""
    return Press(Qt.Key(Qt.Key.Key_0 + number))


def may_answer(stage: HandsStage, *, same: bool) -> Callable[[], bool]:
    """Whether the operator may say now that it is the same person, or that it is not."""

    def holds() -> bool:
        state = None if stage.runner is None else stage.runner.state
        return isinstance(state, AwaitingFace) and state.may_answer(same=same)

    return holds
