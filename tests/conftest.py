"""What holds for the tests of every room."""

import logging
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt
# The card service's library reads it once in a process, whichever test comes first.
os.environ["PCSCLITE_CSOCK_NAME"] = f"{tempfile.gettempdir()}/pcscd-{os.getpid()}.comm"

import pytest
from hypothesis import settings

settings.register_profile("busy", deadline=None)
settings.load_profile("busy")  # an example's 200 ms are over where other work takes the cores

_LONG_FILES = (
    "test_simulated_day",
    "test_headless_demo",
    "test_exam_at_work",
    "test_power_cuts",
    "test_nothing_is_cut",
    "test_hot_plug",
    "test_changed_bytes",
    "test_slip_printer_conformance",
    "test_document_readers",
    "test_hosted_scanners",
    "test_uart_scanner",
    "test_sbi_scanner",
    "test_desk_killed",
    "test_lessons_at_a_station",
    "test_lessons_at_the_desk",
    "test_lessons_before_the_camera",
)
"""Begin first, so that no worker is left alone with one of them at the end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--device", metavar="DRIVER[:PORT]", help="a real scanner for -m hardware")
    parser.addoption("--report", type=Path, default=Path("build"), help="where its report goes")


def pytest_configure(config: pytest.Config) -> None:
    if (device := config.getoption("--device")) is None:
        return
    from tests.devices.hardware_report import AskedDevice, HardwareRun

    try:
        run = HardwareRun(AskedDevice.of(device), config.getoption("--report"))
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error
    config.pluginmanager.register(run, HardwareRun.name)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files first; what needs a real device and a person's hand with `--device` only, and
    what is marked as long where the marks asked for (`-m`) name it.
    """
    items.sort(key=lambda one: one.path.stem not in _LONG_FILES)
    left = {"hardware": config.getoption("--device") is None, "long": not config.getoption("-m")}
    for mark in (name for name, is_left in left.items() if is_left):
        config.hook.pytest_deselected(items=[one for one in items if one.get_closest_marker(mark)])
        items[:] = [one for one in items if not one.get_closest_marker(mark)]


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c_is_heard() -> Iterator[None]:
    """Also where whoever started the tests ignores it (`nohup`, a job in the background), which
    every program started by a test would inherit.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class _Warnings(logging.Handler):
    """Keeps what is a warning, or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _only_expected_log_records(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning of ours in the log is a fault, unless the test's `expected_log` names it.

    What it names has to come. Qt's warnings are looked at by pytest-qt (`qt_log_level_fail`).
    """
    seen = _Warnings()
    ours = logging.getLogger("station_app")
    ours.addHandler(seen)
    yield
    ours.removeHandler(seen)
    expected = {word for mark in request.node.iter_markers("expected_log") for word in mark.args}
    said = {str(record.msg) for record in seen.records}
    unexpected = [record for record in seen.records if str(record.msg) not in expected]
    assert not unexpected, [
        f"{record.name}:{record.lineno} {record.msg} {record.__dict__.get('code', '')}"
        for record in unexpected
    ]
    assert said == expected, f"these did not come: {expected - said}"


@pytest.fixture(autouse=True)
def _gone_widgets_are_freed() -> Iterator[None]:
    """Qt deletes what `deleteLater` was called on only where an event loop runs; few tests run one.

    The hidden widgets of all tests before slowed each later test, and the first with a loop
    deleted thousands of them: half a minute.
    """
    yield
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def _no_application_without_widgets() -> Iterator[None]:
    """A `QGuiApplication` that a test leaves behind crashes the next one that shows a widget.

    Whoever draws papers without a window asks for pytest-qt's `qapp` first.
    """
    yield
    if "PySide6.QtGui" in sys.modules:
        from PySide6.QtCore import QCoreApplication
        from PySide6.QtWidgets import QApplication

        made = QCoreApplication.instance()
        assert made is None or isinstance(made, QApplication), "ask for `qapp` in this test"
