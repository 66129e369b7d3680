"""A desk whose journal refuses at random: nothing is said too early, lost, doubled or mixed up."""

import logging
import random
from collections.abc import Sequence
from functools import partial

import pytest

from station_app.domain import session_events as ev
from station_app.domain.appends import Appended
from station_app.domain.day import DayState
from station_app.domain.entries import (
    DeviceLost,
    DeviceReturned,
    Entry,
    FingerTry,
    MirrorReturned,
    Outcome,
    PaperMade,
    SessionStarted,
)
from station_app.domain.entry_codes import Paper, PrintedTo
from station_app.domain.errors import KnownError
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingSample,
    Blocked,
    Idle,
    Resting,
    State,
    Verdict,
    WaitingForScanner,
)
from tests.flow.desk_parts import IMAGE, Book, a_voter
from tests.flow.whole_desk import Station


class FlakyBook(Book):
    """Refuses a part of what it is asked."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance, self.refuses = chance, 0.0

    def append_all(self, entries: Sequence[Entry]) -> tuple[Appended, ...]:
        if self.chance.random() < self.refuses:
            raise KnownError("disk_full", "full")
        return super().append_all(entries)


def what_people_do(state: State, chance: random.Random, station: Station) -> ev.Event:
    ticket, matcher = state.ticket, station.matcher
    match state:
        case Idle() if chance.random() < 0.5:
            return ev.PinEntered(a_voter(chance.randrange(4)).pin)
        case Idle() | AwaitingSample():
            matcher.answers.append((chance.randrange(4), chance.choice([2.0, 12.0, 12.0])))
            return ev.Captured(ticket, IMAGE)
        case WaitingForScanner():
            return ev.ScannerReturned(ticket)
        case AwaitingCommission():
            return ev.Cancelled()
        case Verdict():
            return ev.NextPressed()
        case Resting():
            return ev.DayChanged(DayState.OPEN)
        case _:
            return ev.RetryPressed()


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_refused(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    book = FlakyBook(random.Random(seed))
    monkeypatch.setattr("tests.flow.whole_desk.Book", lambda: book)
    monkeypatch.setattr(logging.getLogger("station_app.flow.recorder"), "disabled", True)
    station = Station()
    runner, lane, recorder = station.runner, station.lanes.journal, station.recorder
    late: list[Entry] = []
    acts: list[tuple[Entry, list[object]]] = []

    def notice(number: int) -> None:
        entry = MirrorReturned(number)
        late.append(entry)
        lane.run(lambda: recorder.append_late(entry), lambda _: None, runner.report_bug)

    def act(number: int) -> None:
        made = PaperMade(Paper.HEAD_SLIP, f"{number:064x}", PrintedTo.FOLDER)
        answers: list[object] = []
        acts.append((made, answers))
        write = partial(recorder.append, made)
        runner.mend(lambda: lane.run(write, answers.append, answers.append))

    for number in range(40):
        if chance.random() < 0.4:
            book.refuses = chance.choice([0, 0, 0.3, 1])
        others = [
            partial(notice, number),
            partial(act, number),
            partial(runner.handle, ev.ScannerLost(runner.state.ticket)),
            partial(runner.handle, ev.DayChanged(DayState.PAUSED)),
            partial(runner.handle, ev.RetryPressed()),
        ]
        if chance.random() < 0.35:
            chance.choice(others)()
        else:
            runner.handle(what_people_do(runner.state, chance, station))
        station.bridge.run(lambda: False, chance.choice([0, 0.002, 0.01]))
        if isinstance(runner.state, Verdict):
            assert runner.state.outcome in book.entries, "said before it is durable"

    book.refuses = 0
    for _ in range(60):
        if isinstance(runner.state, Idle) and recorder.fault is None:
            break
        is_stuck = isinstance(runner.state, Blocked | Verdict | Resting | WaitingForScanner)
        runner.handle(what_people_do(runner.state, chance, station) if is_stuck else ev.Cancelled())
        station.bridge.run(lambda: False, 0.02)
    assert station.bridge.run(lambda: all(len(answers) == 1 for _, answers in acts), 60)
    lane.call(lambda: None)
    assert station.witness.bugs == []
    assert [one for one in book.entries if isinstance(one, MirrorReturned)] == late
    for made, (answer,) in acts:
        assert book.entries.count(made) == isinstance(answer, Appended)
    assert are_whole(book.entries)
    station.runner.stop()


def are_whole(entries: Sequence[Entry]) -> bool:
    """One session after the other, each whole; every lost scanner returned before the next loss."""
    under_way, tries, sessions, is_lost = 0, 0, 0, False
    for one in entries:
        match one:
            case SessionStarted(session=session):
                assert (under_way, session) == (0, sessions + 1)
                under_way, tries, sessions = session, 0, session
            case FingerTry(session=session, number=number):
                assert (session, number) == (under_way, tries + 1)
                tries = number
            case Outcome(session=session, tries=number):
                assert session == under_way
                assert number >= tries, "one that was cancelled is counted and not written"
                under_way = 0
            case DeviceLost() | DeviceReturned():
                assert isinstance(one, DeviceLost) is not is_lost
                is_lost = not is_lost
            case _:
                pass
    return under_way == 0 and sessions > 0
