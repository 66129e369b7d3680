"""The recorder: in order, nothing past a fault, and what nobody waits for is written late."""

import traceback

import pytest

from station_app.domain import session_events as ev
from station_app.domain.appends import Appended
from station_app.domain.day import DayState
from station_app.domain.entries import MirrorLost, MirrorReturned, SessionStarted
from station_app.domain.errors import KnownError
from station_app.domain.session_states import AwaitingSample, Blocked, Idle, Resting, Verdict
from station_app.flow.recorder import Recorder
from tests.flow.desk_parts import Book, a_voter
from tests.flow.whole_desk import Station

LOST, RETURNED = MirrorLost("mirror_missing"), MirrorReturned(3)


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def recorder(book: Book) -> Recorder:
    return Recorder(book)  # type: ignore[arg-type]


def refuse(recorder: Recorder, book: Book) -> None:
    """The disk is full once, and mended at once."""
    book.full = True
    with pytest.raises(KnownError):
        recorder.append(SessionStarted(1))
    book.full = False


def test_after_a_fault_nobody_passes_until_a_person_has_mended_it(
    recorder: Recorder, book: Book
) -> None:
    refuse(recorder, book)
    for write in (
        lambda: recorder.append(LOST),
        lambda: recorder.append_all([LOST, RETURNED]),
    ):
        with pytest.raises(KnownError) as caught:
            write()
        assert caught.value.code == "disk_full"
    assert (book.entries, recorder.fault is not None) == ([], True)
    recorder.resume()
    assert recorder.fault is None
    assert isinstance(recorder.append(LOST), Appended)
    assert (book.entries, recorder.last_entry) == ([LOST], 1)


def test_all_or_none_that_is_refused_is_a_fault_too(recorder: Recorder, book: Book) -> None:
    book.full = True
    with pytest.raises(KnownError):
        recorder.append_all([LOST, RETURNED])
    book.full = False
    with pytest.raises(KnownError):
        recorder.append(LOST)
    assert book.entries == []


@pytest.mark.expected_log("entries_wait")
def test_what_nobody_waits_for_is_written_before_what_comes_after_the_fault(
    recorder: Recorder, book: Book
) -> None:
    refuse(recorder, book)
    recorder.append_late(LOST)
    recorder.append_late(RETURNED)
    assert book.entries == []
    recorder.resume()
    recorder.append(SessionStarted(1))
    assert book.entries == [LOST, RETURNED, SessionStarted(1)]


@pytest.mark.expected_log("entries_wait")
def test_what_is_still_late_has_its_time(recorder: Recorder, book: Book) -> None:
    recorder.append_late(LOST)
    refuse(recorder, book)
    before = book.now()
    recorder.append_late(RETURNED)
    ((at, entry),) = recorder.late
    assert entry == RETURNED
    assert before <= at <= book.now()
    recorder.resume()
    assert recorder.late == ()


@pytest.mark.expected_log("entries_wait")
def test_a_late_entry_that_is_refused_again_stays(recorder: Recorder, book: Book) -> None:
    book.full = True
    recorder.append_late(LOST)
    recorder.resume()
    assert recorder.fault is not None
    book.full = False
    recorder.resume()
    assert book.entries == [LOST]


def test_each_fault_is_told_once_and_each_entry_to_every_listener(
    recorder: Recorder, book: Book
) -> None:
    faults: list[str] = []
    heard: list[int] = []
    recorder.watch(lambda: faults.append(recorder.fault.code if recorder.fault else ""))
    recorder.listen(lambda _: heard.append(recorder.last_entry))
    refuse(recorder, book)
    with pytest.raises(KnownError):
        recorder.append(LOST)
    recorder.resume()
    recorder.append(LOST)
    assert (faults, heard) == (["disk_full"], [1])


def test_once_stopped_nothing_is_written_any_more(recorder: Recorder, book: Book) -> None:
    recorder.append(LOST)
    assert recorder.stop() == 1
    recorder.resume()
    with pytest.raises(KnownError):
        recorder.append(RETURNED)
    assert book.entries == [LOST]


def test_a_bug_lets_nothing_pass_that_was_asked_for_after_it(
    recorder: Recorder, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def has_a_bug(_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(book, "append", has_a_bug)
        with pytest.raises(ZeroDivisionError):
            recorder.append(SessionStarted(1))
    with pytest.raises(KnownError) as caught:  # it was waiting on the lane already
        recorder.append(LOST)
    assert (caught.value.code, book.entries) == ("desk_stopped", [])


def test_a_fault_that_is_met_all_night_does_not_grow(recorder: Recorder, book: Book) -> None:
    book.full = True
    for _ in range(50):
        with pytest.raises(KnownError):
            recorder.append(LOST)
    assert recorder.fault is not None
    assert len(traceback.extract_tb(recorder.fault.__traceback__)) < 10


def meet_a_fault(station: Station) -> None:
    """As slips, or an act of the day, meet it."""
    station.book.full = True
    with pytest.raises(KnownError):
        station.write(LOST)
    station.book.full = False


@pytest.mark.parametrize(("day", "state"), [(DayState.OPEN, Idle), (DayState.PAUSED, Resting)])
def test_a_fault_that_others_meet_blocks_the_desk_between_two_persons(
    day: DayState, state: type
) -> None:
    station = Station(day=day)
    meet_a_fault(station)
    blocked = station.until(Blocked)
    assert isinstance(blocked, Blocked)
    assert (blocked.code, blocked.day) == ("disk_full", day)
    assert station.runner.may_rest, "an act of the commission may try again"
    assert station.runner.may_lock
    station.runner.handle(ev.RetryPressed())
    station.until(state)
    station.write(RETURNED)
    assert station.book.entries == [RETURNED]
    station.runner.stop()


def test_a_fault_that_others_meet_in_a_session_blocks_at_its_next_entry(station: Station) -> None:
    station.runner.handle(ev.PinEntered(a_voter(3).pin))
    station.until(AwaitingSample)
    assert station.bridge.run(lambda: len(station.book.entries) == 1, 60)
    meet_a_fault(station)
    station.bridge.run(lambda: False, 0.2)
    assert isinstance(station.runner.state, AwaitingSample)
    station.matcher.answers = [(3, 12.0)]
    station.place()
    station.until(Blocked)
    station.runner.handle(ev.RetryPressed())
    assert station.bridge.run(lambda: len(station.book.entries) == 3, 60)
    kinds = [entry.kind for entry in station.book.entries]
    assert kinds == ["session_started", "finger_try", "outcome"]


def test_what_is_asked_for_after_mending_comes_after_what_the_desk_owes(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.book.full = True
    station.place()
    station.until(Blocked)
    station.book.full = False
    done: list[object] = []
    station.runner.mend(
        lambda: station.lanes.journal.run(
            lambda: station.recorder.append(RETURNED), done.append, station.runner.report_bug
        )
    )
    assert done == []
    assert station.bridge.run(lambda: bool(done), 60)
    assert station.book.entries[-1] == RETURNED
    assert [entry.kind for entry in station.book.entries[:-1]][-1] == "outcome"


def test_where_nothing_is_wrong_nobody_waits_for_mending(station: Station) -> None:
    done: list[int] = []
    station.runner.mend(lambda: done.append(1))
    assert done == [1]


def test_the_safe_screen_names_the_last_entry_whoever_wrote_it(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.place()
    station.until(Verdict)
    station.write(LOST, RETURNED)
    station.runner.report_bug(ZeroDivisionError())
    with pytest.raises(KnownError):
        station.write(LOST)
    assert station.witness.last_entry == len(station.book.entries) == 5
