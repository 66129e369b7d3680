"""What a caller may rely on, for every document reader adapter.

`test_document_readers.py` has for each line of the table a case, which knows how to show its reader
a document and how to pull its cable, and a subclass of `DocumentReaderConformance`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, Protocol

import pytest

from station_app.devices.document_reader import DocumentReader, DocumentReaderInfo
from station_app.devices.drivers import Driver
from station_app.devices.finger_scanner import StopToken
from station_app.domain.documents import DocumentRead, DocumentUnread
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.samples import Stopped
from tests.devices.scanner_conformance import after

PIN = "21501199000015"


class DocumentReaderCase(Protocol):
    """A document reader, what is shown to it, and its cable."""

    reader: DocumentReader

    def show(self, pin: str) -> DocumentRead | DocumentUnread:
        """Show the document of this PIN; gives what is to be read."""
        ...

    def show_garbage(self) -> None:
        """Show something that is no document, or break off in the middle of one."""

    def take_away(self) -> None:
        """Take away what was shown."""

    def unplug(self) -> None: ...

    def plug_in(self) -> None: ...


def pin(number: int) -> str:
    return f"215011990{number:05d}"


class DocumentReaderConformance:
    """The suite; `driver` is the adapter's line, `make` its case, ended by its `close` if any.

    `reads`: how often a document is read one after the other.
    """

    driver: ClassVar[Driver[DocumentReader]]
    make: ClassVar[Callable[[Path], DocumentReaderCase]]
    reads: ClassVar = 50

    @pytest.fixture
    def case(self, tmp_path: Path) -> Iterator[DocumentReaderCase]:
        made = type(self).make(tmp_path)
        yield made
        made.reader.close()
        getattr(made, "close", lambda: None)()

    def test_is_simulated_as_its_line_says(self, case: DocumentReaderCase) -> None:
        assert case.reader.is_simulated is self.driver.is_simulated

    def test_open_says_what_it_is(self, case: DocumentReaderCase) -> None:
        info = case.reader.open()
        assert isinstance(info, DocumentReaderInfo)
        assert info.name
        assert info.name.isprintable()

    def test_open_may_be_called_twice(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        case.reader.open()
        shown = case.show(PIN)
        assert case.reader.read(StopToken()) == shown

    def test_a_document_that_is_shown_is_read(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        shown: list[DocumentRead | DocumentUnread] = []
        after(0.1, lambda: shown.append(case.show(PIN)))
        read = case.reader.read(StopToken())
        assert [read] == shown

    def test_a_document_that_stays_is_read_once(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        shown = case.show(PIN)
        assert case.reader.read(StopToken()) == shown
        stop = StopToken()
        after(0.4, stop.stop)
        assert case.reader.read(stop) == Stopped()

    def test_a_document_that_comes_back_is_read_again(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        shown = case.show(PIN)
        assert case.reader.read(StopToken()) == shown
        case.take_away()
        later(1.3, lambda: case.show(PIN))
        assert case.reader.read(StopToken()) == shown

    def test_stop_returns_within_200_ms(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        stop, stopped_at = StopToken(), list[float]()

        def end() -> None:
            stopped_at.append(time.monotonic())
            stop.stop()

        after(0.1, end)
        assert case.reader.read(stop) == Stopped()
        assert time.monotonic() - stopped_at[0] < 0.2

    def test_a_reader_that_is_stopped_already_reads_nothing(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        case.show(PIN)
        stop = StopToken()
        stop.stop()
        assert case.reader.read(stop) == Stopped()

    def test_garbage_costs_one_document(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        case.show_garbage()
        stop = StopToken()
        after(1.0, stop.stop)
        assert isinstance(case.reader.read(stop), DocumentUnread | Stopped)
        case.take_away()
        later(0.2, lambda: case.show(PIN))
        read = case.reader.read(StopToken())
        case.take_away()
        assert read == case.show(PIN)

    def test_lost_while_it_waits_and_opened_again(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        unplugging = threading.Timer(0.1, case.unplug)
        unplugging.start()
        self._is_lost(lambda: case.reader.read(StopToken()))
        unplugging.join()
        self._is_lost(case.reader.open)
        case.reader.close()
        self._is_lost(case.reader.open)
        case.plug_in()
        case.reader.open()
        shown = case.show(PIN)
        assert case.reader.read(StopToken()) == shown

    def test_lost_before_it_is_asked(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        case.unplug()
        self._is_lost(lambda: case.reader.read(StopToken()))

    def test_lost_with_a_document_half_read(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        case.show_garbage()
        case.unplug()
        self._is_lost(lambda: _until_it_ends(case.reader))

    def test_lost_before_it_is_opened(self, case: DocumentReaderCase) -> None:
        case.unplug()
        self._is_lost(case.reader.open)
        case.plug_in()
        case.reader.open()

    def test_a_closed_reader_reads_nothing(self, case: DocumentReaderCase) -> None:
        with pytest.raises(KnownError):
            case.reader.read(StopToken())
        case.reader.open()
        case.reader.close()
        case.reader.close()
        with pytest.raises(KnownError):
            case.reader.read(StopToken())

    def test_many_documents_leave_nothing_behind(self, case: DocumentReaderCase) -> None:
        case.reader.open()
        self._reads(case, 2)
        # A timer of another test may still end meanwhile: fewer is no leak.
        descriptors, threads = _descriptors(), threading.active_count()
        self._reads(case, self.reads)
        for _ in range(5):
            case.reader.close()
            case.reader.open()
        assert _descriptors() <= descriptors
        assert threading.active_count() <= threads

    def _reads(self, case: DocumentReaderCase, count: int) -> None:
        for number in range(count):
            shown = case.show(pin(number))
            assert case.reader.read(StopToken()) == shown
            case.take_away()

    def _is_lost(self, act: Callable[[], object]) -> None:
        with pytest.raises(DeviceLostError) as lost:
            act()
        assert lost.value.code == Code.DOCUMENT_READER_LOST


def _until_it_ends(reader: DocumentReader) -> None:
    while isinstance(reader.read(StopToken()), DocumentUnread):
        pass


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def later(seconds: float, act: Callable[[], object]) -> None:
    after(seconds, lambda: (act(), None)[1])
