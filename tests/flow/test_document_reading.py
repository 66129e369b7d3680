"""Documents beside the desk: one after the other, lost and back, and where they are acted on."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.devices.document_reader import DocumentReaderInfo, ReadResult
from station_app.devices.finger_scanner import StopToken
from station_app.domain.documents import (
    DocumentKind,
    DocumentRead,
    DocumentUnread,
    ReaderStatus,
    UnreadReason,
)
from station_app.domain.entries import DeviceLost, DeviceReturned
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import Stopped
from station_app.domain.session_states import Verdict
from station_app.flow.document_reading import DocumentReading, takes_document
from station_app.flow.lane import Lane
from tests.domain.test_session_table import ALREADY, SESSION, STATES
from tests.domain.zone_samples import OTHER_PIN, PIN
from tests.flow.slip_desk import SlipDesk

CARD, OTHER = (DocumentRead(pin, DocumentKind.ID_CARD) for pin in (PIN, OTHER_PIN))
LOST = DeviceLostError("pulled", Code.DOCUMENT_READER_LOST)
BROKEN = DeviceFaultError(Code.DOCUMENT_READER_FAULT, "broken")


class Reader:
    """What it gives is put into a queue; a fault lasts until it is taken back."""

    is_simulated = True

    def __init__(self) -> None:
        self.shown: queue.Queue[ReadResult] = queue.Queue()
        self.fault: KnownError | None = None
        self.opened = self.closed = 0
        self.lanes: set[str] = set()

    def open(self) -> DocumentReaderInfo:
        self._check()
        self.opened += 1
        return DocumentReaderInfo("Reader of a test")

    def read(self, stop: StopToken) -> ReadResult:
        while not stop.stopped:
            self._check()
            try:
                return self.shown.get(timeout=0.01)
            except queue.Empty:
                continue
        return Stopped()

    def close(self) -> None:
        self.closed += 1

    def _check(self) -> None:
        self.lanes.add(threading.current_thread().name)
        if self.fault is not None:
            raise self.fault


class Desk:
    """A journal with its lane, and the reader's."""

    def __init__(self, place: Path) -> None:
        self.slips, self.reader = SlipDesk(place), Reader()
        self.taken: list[DocumentRead | DocumentUnread] = []
        self.told: list[ReaderStatus] = []
        self._lane = Lane("reader", self.slips.bridge, self.slips.bugs.append)
        self.reading = DocumentReading(
            self.reader,
            self._lane,
            self.slips._lanes.journal,
            self.slips.recorder,
            self.slips.bridge,
            self.taken.append,
            self.told.append,
        )
        self.reading.start()

    def end(self) -> None:
        self.reading.stop()
        self.reading.stop()
        self._lane.close()
        self.slips.end()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.end()


def test_documents_come_one_after_the_other(desk: Desk) -> None:
    for found in (CARD, DocumentUnread(UnreadReason.MISREAD), OTHER, OTHER):
        desk.reader.shown.put(found)
    desk.slips.until(lambda: len(desk.taken) == 4)
    assert desk.taken == [CARD, DocumentUnread(UnreadReason.MISREAD), OTHER, OTHER]
    assert desk.told == [ReaderStatus()]
    assert desk.reader.lanes == {"reader_0"}


def test_a_reader_that_is_pulled_out_comes_back_and_both_are_written(desk: Desk) -> None:
    desk.slips.until(lambda: desk.reading.status == ReaderStatus())
    desk.reader.fault = LOST
    desk.slips.until(lambda: desk.reading.status == ReaderStatus("document_reader_lost"))
    desk.slips.bridge.run(lambda: False, 2.2)  # it is tried twice in this time
    assert len(desk.told) == 2
    desk.reader.fault = None
    desk.reader.shown.put(CARD)
    desk.slips.until(lambda: desk.taken == [CARD])
    assert desk.told == [ReaderStatus(), ReaderStatus(LOST.code), ReaderStatus()]
    desk.slips.until(lambda: len(desk.slips.entries(DeviceLost, DeviceReturned)) == 2)
    assert desk.slips.entries(DeviceLost, DeviceReturned) == [
        DeviceLost(None, "document_reader"),
        DeviceReturned(None, "document_reader"),
    ]


def test_one_that_flaps_is_opened_less_and_less_often(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten losses, one after each opening: all are written, and they become rare."""
    desk.slips.until(lambda: desk.reading.status == ReaderStatus())
    losses, waits = iter([LOST] * 10), list[float]()
    later = desk.slips.bridge.later

    class Hurried:
        """A bridge on which nobody waits."""

        def later(self, seconds: float, call: Callable[[], None]) -> None:
            waits.append(seconds)
            later(0.0, call)

    monkeypatch.setattr(desk.reading, "_bridge", Hurried())

    def flap(stop: StopToken) -> ReadResult:
        for loss in losses:
            raise loss
        return Reader.read(desk.reader, stop)

    monkeypatch.setattr(desk.reader, "read", flap)
    desk.reader.shown.put(CARD)  # ends the first read
    desk.slips.until(lambda: len(waits) == 10 and desk.reading.status == ReaderStatus())
    assert waits == [1, 1, 1, 2, 4, 8, 16, 30, 30, 30]
    desk.slips.until(lambda: len(desk.slips.entries(DeviceLost, DeviceReturned)) == 20)


def test_one_that_fails_is_told_and_not_written_as_lost(desk: Desk) -> None:
    desk.slips.until(lambda: desk.reading.status == ReaderStatus())
    desk.reader.fault = BROKEN
    desk.slips.until(lambda: desk.reading.status == ReaderStatus(BROKEN.code))
    desk.slips.until(lambda: desk.reader.closed > 0)
    desk.reader.fault = None
    desk.slips.until(lambda: desk.reading.status == ReaderStatus())
    assert desk.slips.entries(DeviceLost, DeviceReturned) == []


def test_nothing_is_taken_after_the_stop(tmp_path: Path) -> None:
    made = Desk(tmp_path)
    made.slips.until(lambda: made.reading.status == ReaderStatus())
    made.end()
    made.reader.shown.put(CARD)
    made.slips.bridge.run(lambda: False, 0.2)
    assert made.taken == []


def test_no_pin_is_written_or_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.reader.shown.put(CARD)
    desk.slips.until(lambda: desk.taken == [CARD])
    desk.reader.fault = LOST
    desk.slips.until(lambda: desk.reading.status == ReaderStatus(LOST.code))
    assert PIN not in caplog.text + repr(caplog.records)
    assert PIN not in repr(desk.slips.entries(object))


def test_a_camera_is_lent_for_a_face_and_taken_back(desk: Desk) -> None:
    desk.slips.until(lambda: desk.reader.opened == 1)
    told: list[str] = []
    desk.reading.lend(lambda: told.append("lent"))
    desk.reading.lend(lambda: told.append("again"))  # the next try of the same person
    desk.slips.until(lambda: sorted(told) == ["again", "lent"])
    assert desk.reader.closed == 1
    desk.reader.shown.put(CARD)
    desk.reading.take_back()
    desk.slips.until(lambda: desk.taken == [CARD])
    desk.reading.take_back()
    assert desk.reader.opened == 2


def test_a_reader_that_is_stopped_while_lent_stays_closed(desk: Desk) -> None:
    desk.slips.until(lambda: desk.reader.opened == 1)
    told: list[str] = []
    desk.reading.lend(lambda: told.append("lent"))
    desk.slips.until(lambda: told == ["lent"])
    desk.reading.stop()
    desk.reading.take_back()
    desk.reading.lend(lambda: told.append("at once"))
    assert told == ["lent", "at once"]
    assert desk.reader.opened == 1


@pytest.mark.parametrize("name", STATES)
def test_a_document_counts_where_a_pin_is_typed_and_nowhere_else(name: str) -> None:
    assert takes_document(STATES[name]) is (
        name in ("idle", "after_stop", "asked", "proposes", "search")
    )


@pytest.mark.parametrize(("method", "takes"), [(Method.NONE, True), (Method.PIN, False)])
def test_after_not_on_list_a_document_is_looked_up_once(method: Method, takes: bool) -> None:
    not_listed = replace(
        ALREADY,
        outcome=OutcomeKind.NOT_ON_LIST,
        method=method,
        voter_id=None,
        list_number=None,
        first_entry=None,
    )
    assert takes_document(Verdict(1, SESSION, not_listed, 9, None, None)) is takes
    assert not takes_document(Verdict(1, SESSION, ALREADY, 9, None, None))
