"""A commission's room over a real journal; every lane waits until the test lets it work."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.devices.printers.page_printer import PrintWatch
from station_app.domain.day import DayState
from station_app.domain.day_log import Integrity
from station_app.domain.day_report import DayReport
from station_app.domain.entries import (
    CommissionDecision,
    Entry,
    JournalOpened,
    Outcome,
    PaperMade,
    SessionStarted,
    SlipPrinted,
)
from station_app.domain.entry_codes import (
    Decision,
    DocumentSeen,
    ManualReason,
    Method,
    OutcomeKind,
    Paper,
    PrintedTo,
)
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.flow.approvals import CommissionAct, DemoApprover
from station_app.flow.bridge import QueueBridge
from station_app.flow.day_desk import DayDesk
from station_app.flow.day_parts import DayLanes, DayParts, MadePaper
from station_app.flow.day_report import StationFacts
from station_app.flow.opening_checks import CheckedPart, OpeningCheck
from station_app.flow.recorder import Recorder
from station_app.journal import Journal
from station_app.journal.leaves import read_leaf
from station_app.ui.commission.closing_controller import DayRoomParts
from station_app.ui.commission.day_controller import DayController
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.widgets.text_block import TextBlock
from station_app.vault import Secret, Signer
from tests.ui.door_samples import SlowLane

WORDS = "demonstration only"
SEVEN = datetime(2026, 11, 29, 1, 30, tzinfo=UTC)
BISHKEK = timezone(timedelta(hours=6))
PEOPLE = (
    Person("o1", "N. Sadyrova", Role.OPERATOR),
    Person("m1", "G. Ismailova", Role.MEMBER),
    Person("c1", "B. Osmonov", Role.CHAIR),
)
CONTROL = Qt.KeyboardModifier.ControlModifier


class CommissionDesk:
    """The room shown on an English screen, and what is behind it."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.now = SEVEN
        self.lane = SlowLane()
        self.journal = self._journal(folder)
        self.papers: list[tuple[Paper, DayReport]] = []
        self.paper_fault: KnownError | None = None
        self.checks = tuple(OpeningCheck(what) for what in CheckedPart)
        self.told: list[DayState] = []
        self.is_free = True
        self.printer = ""
        self.while_printing: Callable[[PrintWatch], None] = lambda _: None
        self.bridge = QueueBridge()
        self.slips_asked = 0
        self.act = CommissionAct(self.lane, DemoApprover(PEOPLE, "o1", WORDS))
        self.integrity = IntegrityView(Integrity(True, 1, "1 1a5e 90cc", SEVEN))
        self.desk = self._desk()
        self.room = CommissionRoom(language="en", moving=False)
        qtbot.addWidget(self.room)
        self.control = DayController(
            self.room,
            self.desk,
            DayRoomParts(
                act=self.act,
                people=lambda: PEOPLE,
                lane=self.lane,
                checks=lambda: self.checks,
                now=lambda: self.now,
                local=lambda at: at.astimezone(BISHKEK),
                is_desk_free=lambda: self.is_free,
                print_slips=self._print_slips,
            ),
        )
        self.control.show_integrity(self.integrity)
        self.room.resize(1366, 768)
        self.room.show()
        self.room.activateWindow()
        qtbot.waitUntil(self.room.isActiveWindow)
        self.settle()

    def _desk(self) -> DayDesk:
        parts = DayParts(
            facts=StationFacts(
                station="9042-1",
                precinct="9042",
                place="School 12",
                election="KG-2026",
                list_kind="training",
                list_sequence=3,
                listed=2318,
                public_key="ab" * 32,
                app_version="0.1.0",
                manual_alarm_percent=5,
                head_slip_minutes=0,
            ),
            recorder=Recorder(self.journal),
            people=lambda: PEOPLE,
            find_voters=lambda numbers: {
                one: (f"V-{one}", f"Asanova A. {one}") for one in numbers if one <= 2318
            },
            demographics=lambda ids: {id_: ("f", date(1990, 1, 1)) for id_ in ids},
            make_paper=self._make_paper,
            print_head=lambda: None,
            now=lambda: self.now,
            local=lambda at: at.astimezone(BISHKEK),
            may_rest=lambda: self.is_free,
            tell=self.told.append,
            mend=lambda then: then(),
            integrity=lambda: self.integrity.last,
        )
        return DayDesk(parts, DayLanes(self.lane, self.lane, self.lane), self.bridge)

    def _journal(self, folder: Path) -> Journal:
        signer = Signer(Secret(b"s" * 32))
        opened = JournalOpened(
            origin="station-app/training/9042-1",
            list_hash="ab" * 32,
            list_sequence=3,
            list_kind="training",
            policy="cd" * 32,
            public_key=signer.public_key.hex(),
            app_version="0.1.0",
        )
        path = folder / "journal.db"
        return Journal.create(path, Secret(b"k" * 32), signer, opened, lambda: self.now)

    def _make_paper(self, paper: Paper, report: DayReport, watch: PrintWatch) -> MadePaper:
        if self.paper_fault is not None:
            raise self.paper_fault
        self.papers.append((paper, report))
        self.while_printing(watch)
        return MadePaper(PaperMade(paper, "ef" * 32, PrintedTo.FOLDER), printer=self.printer)

    def _print_slips(self) -> None:
        self.slips_asked += 1

    # --- driving --------------------------------------------------------------------------

    def settle(self) -> None:
        """Let everything that waits be done."""
        self.bridge.run(lambda: False, 0)
        self.lane.answer()
        QApplication.processEvents()
        self.lane.answer()

    def press(
        self, key: Qt.Key, with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """A key, wherever the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.room, key, with_)
        QApplication.processEvents()

    def go(self, number: int) -> None:
        """Ctrl and a number: another page."""
        self.press(Qt.Key(Qt.Key.Key_0 + number), CONTROL)
        self.settle()

    def type(self, text: str) -> None:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClicks(widget, text)
        QApplication.processEvents()

    def confirm(self) -> None:
        self.press(Qt.Key.Key_Return, CONTROL)
        self.settle()

    def sign(self, words: str = WORDS) -> None:
        """Chair and member type, by the keyboard alone; there is one member beside the chair."""
        self.type(words)
        self.press(Qt.Key.Key_Tab)
        self.type(words)
        self.confirm()

    def words(self) -> list[str]:
        """Everything that can be read on the screen."""
        QApplication.processEvents()
        return [block.text() for block in self.room.findChildren(TextBlock) if block.isVisible()]

    def says(self, part: str) -> bool:
        return any(part in text for text in self.words())

    # --- the journal ----------------------------------------------------------------------

    def open_day(self) -> None:
        """Open the day without the screen."""
        _, member, chair = PEOPLE
        faults: list[KnownError] = []
        self.desk.open_day(
            (chair, member), None, is_confirmed=True, done=lambda _: None, failed=faults.append
        )
        self.settle()
        assert faults == []
        self.control.refresh()
        self.settle()

    def identify(self, session: int, *, slip: bool = True, manual: bool = False) -> int:
        self.journal.append(SessionStarted(session))
        if manual:
            self.journal.append(
                CommissionDecision(
                    session, Decision.CONFIRMED, ManualReason.WORN, DocumentSeen.ID_CARD, "o1", "m1"
                )
            )
        outcome = Outcome(
            session=session,
            outcome=OutcomeKind.IDENTIFIED,
            reason="",
            method=Method.COMMISSION if manual else Method.FINGER,
            voter_id=f"V-{session}",
            list_number=session,
            first_entry=None,
            evidence_milli=None,
            threshold_milli=None,
            fingers_compared=0,
            tries=1,
            engine="",
            policy="cd" * 32,
        )
        number = getattr(self.journal.append(outcome), "number", 0)
        if slip:
            self.journal.append(SlipPrinted(number, 1, PrintedTo.PRINTER))
        return number

    def entries(self) -> list[Entry]:
        return [read_leaf(record.leaf)[0] for record in self.journal.look.records(1, 10_000)]

    def close(self) -> None:
        self.room.hide()
        self.desk.stop()
        self.journal.close()
