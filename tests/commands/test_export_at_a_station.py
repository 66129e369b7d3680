"""The commission takes the day away: F9 in the room of a real station, on media that fail."""

import dataclasses
import os
import resource
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.assembly.commission_room import CommissionRoomControl, nothing_to_check
from station_app.devices.media import Medium
from station_app.domain.day_report import HandCount
from station_app.domain.entries import JournalExported
from station_app.domain.entry_codes import Paper
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.flow.day_export import DayExport, export_parts
from station_app.flow.lane import Lane
from station_app.flow.sticks import StickFinder
from station_app.journal import bundle
from station_app.ui.commission.day_page import DAY, ClosedPage, RunningPage
from station_app.ui.commission.export import ExportBar
from station_app.ui.stick_picker import StickDialog
from station_app.ui.widgets.text_block import TextBlock
from station_app.vault import IdentityKind, Passphrase, PublicIdentity, open_recipient, pin
from tests.commands.days import VOTERS, Day, fresh_day
from tests.commands.stations import ISSUER_WORDS
from tests.devices.folder_medium import folder_as_medium
from tests.journal.opened_bundle import open_bundle

SMALL = 4096


class RoomAtWork:
    """A station whose day is open, the room on an English screen, and sticks to put in."""

    def __init__(self, qtbot: QtBot, day: Day) -> None:
        self.day, self.is_left = day, False
        opened = day.station.opened
        parts = export_parts(opened.recorder, day.table.station, day.unlocked)
        assert parts is not None
        self.sticks: list[Path] = []
        self.files = Lane("files", day.bridge, _raise)
        self.finder = StickFinder([day.table.station.root, self.mirror.parent], self._media)
        export = DayExport(
            parts, opened.lanes.journal, self.files, self.finder, day.station.runner.mend
        )
        self.room_control = CommissionRoomControl(
            day.station, day.services, day.equipment, day.bridge, self.files, nothing_to_check,
            "en", ("ky", "ru", "en"),
            self.finder, has_lock=True, export=export,
        )  # fmt: skip
        self.room = self.room_control.room
        qtbot.addWidget(self.room)
        leaders = day.sign(Operation.OPEN_DAY, "c1", "m1")
        day.act(day.services.desk.open_day, leaders, None, is_confirmed=True)
        day.identify_by_commission(VOTERS[0].pin)
        self.room.resize(1366, 768)
        self.room.show()
        self.room.activateWindow()
        qtbot.waitUntil(self.room.isActiveWindow)
        day.wait(lambda: isinstance(self.room.page, RunningPage))

    @property
    def mirror(self) -> Path:
        return self.day.table.folder / "MIRROR" / "journal"

    def stick(self, name: str) -> Path:
        """Put one in."""
        made = self.day.table.folder / name
        made.mkdir()
        self.sticks.append(made)
        return made

    def f9(self) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.room, Qt.Key.Key_F9)

    def export(self, says: str) -> None:
        """F9, until the page says so."""
        self.f9()
        self.says(says)

    def _media(self) -> list[Medium]:
        return [folder_as_medium(one) for one in self.sticks if one.is_dir()]

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.room, key)

    def says(self, part: str) -> None:
        self.day.wait(lambda: any(part in text for text in self.words()))

    def words(self) -> list[str]:
        QApplication.processEvents()
        return [one.text() for one in self.room.findChildren(TextBlock) if one.isVisible()]

    def close_day(self) -> None:
        day = self.day
        day.wait(lambda: not day.look().unprinted)
        leaders, seen = day.sign(Operation.CLOSE_DAY, "c1", "m1"), day.look().figures
        day.act(day.services.desk.close_day, leaders, seen, HandCount(1, 1), {})
        self.room.go_to(DAY)
        day.wait(lambda: isinstance(self.room.page, ClosedPage))

    def exports(self) -> list[JournalExported]:
        """What the journal says once everything is closed."""
        self.leave()
        return [one for one in self.day.entries() if isinstance(one, JournalExported)]

    def leave(self) -> None:
        """Close the station, once."""
        if self.is_left:
            return
        self.is_left = True
        self.room.hide()
        self.day.close()
        self.files.close()


def _raise(bug: BaseException) -> None:
    raise bug


@pytest.fixture
def at_work(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RoomAtWork]:
    room = RoomAtWork(qtbot, fresh_day(tmp_path, monkeypatch))
    yield room
    room.leave()


@contextmanager
def full_medium() -> Iterator[None]:
    """The kernel lets no file grow beyond some bytes; the journal is only read meanwhile."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_part_of_the_day_then_all_of_it_then_nothing_new(at_work: RoomAtWork) -> None:
    table = at_work.day.table
    stick = at_work.stick("KINGSTON")
    at_work.says("The day as one sealed file")
    at_work.export("entries written to KINGSTON")
    (part,) = stick.iterdir()
    digits = table.digits[3]
    assert f"Sealed to: БШК ({digits})" in at_work.words()
    at_work.close_day()
    at_work.says("Not exported yet")
    at_work.export("entries written to KINGSTON")
    at_work.says("Exported at ")
    at_work.export("Nothing new: the file on KINGSTON is intact")
    whole = max(stick.iterdir())
    assert {part, whole} == set(stick.iterdir())
    first, second = at_work.exports()
    assert first.size < second.size
    key = open_recipient(table.folder / "БШК.recipient-key.json", Passphrase(ISSUER_WORDS))
    names = {name.removeprefix("9042-1-day1-") for name in open_bundle(whole, key).papers}
    assert names == {"zero-report.pdf", "readiness.pdf", f"{Paper.PROTOCOL}.pdf"}
    assert len(open_bundle(part, key).papers) == len(names) - 1


def test_a_full_stick_and_then_one_with_room(at_work: RoomAtWork) -> None:
    stick = at_work.stick("SMALL")
    with full_medium():
        at_work.export("The stick is full. Nothing was exported.")
    at_work.says("Take a stick with more room and press F9 again.")
    assert not list(stick.iterdir())
    at_work.export("entries written to SMALL")
    assert len(at_work.exports()) == 1


def test_a_stick_pulled_while_it_is_written(
    at_work: RoomAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = at_work.stick("PULLED")
    with monkeypatch.context() as pulled:
        pulled.setattr(os, "posix_fadvise", lambda *_: shutil.rmtree(stick))
        at_work.export("The stick does not answer. Nothing was written.")
    at_work.f9()
    at_work.says("No stick is in")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    stick.mkdir()
    at_work.export("entries written to PULLED")
    assert len(at_work.exports()) == 1


def test_a_stick_pulled_once_the_journal_says_so_has_the_day(
    at_work: RoomAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file was read back before: nobody is told that nothing was written."""
    at_work.stick("KINGSTON")
    at_work.day.wait(lambda: not at_work.day.look().unprinted)
    journal = at_work.day.station.opened.recorder.journal
    size = journal.size
    monkeypatch.setattr(
        at_work.finder, "_media", lambda: at_work._media() if journal.size == size else []
    )
    at_work.export("entries written to KINGSTON")
    assert len(at_work.exports()) == 1


def test_another_stick_in_its_place_before_it_is_said(
    at_work: RoomAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file may be on either: the journal says nothing of it, and the next try is whole."""
    stick = at_work.stick("KINGSTON")
    serial = "A"

    def media() -> list[Medium]:
        return [dataclasses.replace(one, identity=serial) for one in at_work._media()]

    def exchange(*_: int) -> None:
        nonlocal serial
        serial = "B"

    monkeypatch.setattr(at_work.finder, "_media", media)
    with monkeypatch.context() as exchanging:
        exchanging.setattr(os, "posix_fadvise", exchange)
        at_work.export("Another stick is in the place of the chosen one.")
    at_work.export("entries written to KINGSTON")
    (one,) = at_work.exports()
    assert f"9042-1-{one.size:08}.journal.age" in {path.name for path in stick.iterdir()}


def test_which_of_several_sticks_and_none(at_work: RoomAtWork) -> None:
    at_work.stick("MIRROR")  # never offered: the station itself writes there
    at_work.f9()
    at_work.says("No stick is in")
    first, second = at_work.stick("ONE"), at_work.stick("TWO")
    at_work.key(Qt.Key.Key_F5)
    at_work.says("Arrow keys choose, Enter takes the stick.")
    dialog = at_work.room.findChildren(StickDialog)[-1]
    assert dialog.list is not None
    names = [row.accessibleName() for row in dialog.list.rows]
    assert [name.partition(".")[0] for name in names] == ["ONE", "TWO"]
    assert all(" GB, " in name for name in names), "size and what is free"
    at_work.key(Qt.Key.Key_Down)
    at_work.key(Qt.Key.Key_Return)
    at_work.says("entries written to TWO")
    assert (len(list(first.iterdir())), len(list(second.iterdir()))) == (0, 1)
    assert len(at_work.exports()) == 1


def test_a_stick_that_is_read_only_or_too_small_says_so(
    at_work: RoomAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work.stick("LOCKED")
    (seen,) = at_work._media()
    locked = dataclasses.replace(seen, is_writable=False)
    monkeypatch.setattr(at_work, "_media", lambda: [locked])
    monkeypatch.setattr(at_work.finder, "_media", lambda: [locked])
    at_work.f9()
    at_work.says("Arrow keys choose")
    dialog = at_work.room.findChildren(StickDialog)[-1]
    assert dialog.list is not None
    assert "Read only" in dialog.list.rows[0].accessibleName()
    at_work.key(Qt.Key.Key_Return)
    assert not list(at_work.sticks[0].iterdir())
    small = dataclasses.replace(seen, free=10)
    monkeypatch.setattr(at_work.finder, "_media", lambda: [small])
    at_work.key(Qt.Key.Key_F5)
    at_work.day.wait(
        lambda: dialog.list is not None and "Only 1 MB free" in dialog.list.rows[0].accessibleName()
    )
    monkeypatch.setattr(at_work.finder, "_media", lambda: [seen])
    at_work.key(Qt.Key.Key_F5)
    at_work.day.wait(lambda: dialog.list is not None and dialog.list.rows[0].isEnabled())
    at_work.key(Qt.Key.Key_Return)
    at_work.says("entries written to LOCKED")


def test_what_is_not_mounted_any_more_is_not_written_to(
    at_work: RoomAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder may still be there: on the station's own disk."""
    stick = at_work.stick("KINGSTON")
    (seen,) = at_work._media()
    looks = iter([[seen]])
    monkeypatch.setattr(at_work.finder, "_media", lambda: next(looks, []))
    at_work.export("The stick does not answer. Nothing was written.")
    assert not list(stick.iterdir())


def test_nothing_is_locked_or_begun_again_while_it_is_written(at_work: RoomAtWork) -> None:
    at_work.stick("KINGSTON")
    at_work.f9()
    at_work.f9()
    at_work.says("The day is being written to KINGSTON")
    assert not at_work.room_control.may_lock
    at_work.f9()
    at_work.says("entries written to KINGSTON")
    assert at_work.room_control.may_lock
    assert len(at_work.exports()) == 1


def test_a_stick_that_hangs_holds_up_nobody_at_the_desk(
    at_work: RoomAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work.stick("KINGSTON")
    answers, put = threading.Event(), bundle._put

    def hang(path: Path, sealed: bytes, digest: str) -> None:
        answers.wait(60)
        put(path, sealed, digest)

    with monkeypatch.context() as patched:
        patched.setattr(bundle, "_put", hang)
        at_work.f9()
        at_work.says("The day is being written to KINGSTON")
        at_work.day.identify_by_commission(VOTERS[1].pin)
        assert not answers.is_set()
        answers.set()
        at_work.says("entries written to KINGSTON")


def test_where_nobody_was_named_it_is_hidden(at_work: RoomAtWork) -> None:
    day = at_work.day
    own = day.unlocked.identity.public(day.unlocked.station)
    issuers = PublicIdentity.load_all(day.table.station.trusted, IdentityKind.ISSUER)
    recipients = list(day.table.station.trusted.glob("*.recipient.json"))
    for one in recipients:
        one.unlink()
    assert recipients
    asked = (day.station.opened.recorder, day.table.station, day.unlocked)
    with pytest.raises(KnownError) as caught:
        export_parts(*asked)
    assert caught.value.code == "pins_changed"
    pin(day.table.station, issuers, own, day.unlocked.identity.signer())
    assert export_parts(*asked) is None
    room_control = CommissionRoomControl(
        day.station, day.services, day.equipment, day.bridge, at_work.files, nothing_to_check,
            "en", ("ky", "ru", "en"),
        at_work.finder, has_lock=True,
    )  # fmt: skip
    at_work.room.hide()
    room_control.room.show()
    day.wait(lambda: isinstance(room_control.room.page, RunningPage))
    assert not room_control.room.findChildren(ExportBar)
    assert room_control.room.help_pages() == ("day",)
    room_control.room.close()
    assert at_work.room.help_pages() == ("day", "export")


def test_a_fault_of_the_laptop_s_own_disk_is_not_the_stick_s(
    at_work: RoomAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is on the stick, and its entry does not fit beside it."""
    at_work.day.wait(lambda: not at_work.day.look().unprinted)
    stick = at_work.stick("KINGSTON")
    with ExitStack() as full, monkeypatch.context() as filling:
        filling.setattr(os, "posix_fadvise", lambda *_: full.enter_context(full_medium()))
        at_work.export("The disk does not answer. What was saved stays as it is.")
    assert len(list(stick.iterdir())) == 1
    at_work.export("entries written to KINGSTON")
    (one,) = at_work.exports()
    assert [path.name for path in stick.iterdir()] == [f"9042-1-{one.size:08}.journal.age"]
