"""A station with two people and a stick, and what a person does before the desk."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from station_app.assembly.technician import DoorScreens, open_door
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.devices.media import Medium
from station_app.domain.entries import DayOpened
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.roles import Person, Role
from station_app.flow.signed_settings import (
    apply_settings,
    first_settings,
    trusted_of,
    write_desk_settings,
)
from station_app.journal import Journal
from station_app.languages import voter_languages
from station_app.settings import Device, Machine, StationKind
from station_app.snapshots import (
    PUBLIC_DEMO_LIST_KEY,
    ListKind,
    ManifestFields,
    VoterList,
    write_container,
    write_list,
)
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.notice import RestingView
from station_app.ui.technician.load_page import LOAD, LoadPage
from station_app.ui.technician.loading import LoadingView
from station_app.ui.unlock.entry import SideState, UnlockStage
from station_app.vault import (
    AgeIdentity,
    Cost,
    Enrolment,
    IdentityKind,
    Marks,
    Passphrase,
    People,
    PublicIdentity,
    Secret,
    Signer,
    StationFolder,
    StationIdentity,
    StationSecrets,
    pin,
)
from tests.devices.folder_medium import folder_as_medium

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
OPERATOR, CHAIR = "seven rivers carry books", "eight hills keep the snow"
RIGHT = FingerPosition.RIGHT_INDEX
BOTH = (("o1", Passphrase(OPERATOR)), ("c1", Passphrase(CHAIR)))
QUICK = Cost(memory_kib=8, iterations=1)


def machine(
    mirror: str = "",
    kind: StationKind = StationKind.TRAINING,
    devices: tuple[Device, ...] = (),
) -> Machine:
    """The settings of a station."""
    return Machine(kind, "9042", "1", ("en",), voter_languages(), devices, mirror)


def set_up(
    root: Path, plain: Path, list_key: Secret, settings: Machine | None = None
) -> StationFolder:
    """The station `root` without a list, and the list `plain` for it in `stick` beside it."""
    folder = StationFolder(root)
    folder.root.mkdir()
    identity = StationIdentity.generate()
    own = identity.public("9042-1")
    own.write(folder.public_identity)
    signer = Signer(Secret(b"i" * 32))
    folder.trusted.mkdir()
    issuer = PublicIdentity(IdentityKind.ISSUER, "CEC", signer.public_key, None)
    recipient = AgeIdentity.generate().recipient
    results = PublicIdentity(IdentityKind.RECIPIENT, "CEC results", None, recipient)
    pins = (issuer, results)
    pin(folder, pins, own, identity.signer())
    trusting = replace(settings or machine(), trusted=trusted_of(pins))
    signed = first_settings(folder, trusting, identity.signer())
    write_desk_settings(folder, trusting)
    marks = Marks().with_settings(signed.sha256, signed.revision)
    People.create(
        folder,
        "9042-1",
        StationSecrets(identity, Secret(b"j" * 32), marks),
        Enrolment(Person("o1", "N. Sadyrova", Role.OPERATOR), Passphrase(OPERATOR)),
        Enrolment(Person("c1", "B. Osmonov", Role.CHAIR), Passphrase(CHAIR)),
        QUICK,
    )
    stick = root.parent / "stick"
    stick.mkdir()
    fields = ManifestFields(
        list_key=list_key,
        recipients=(own,),
        issuer="CEC",
        valid_from=NOW,
        valid_to=NOW.replace(day=30),
        counts={"portraits": 0, "bad_rows": 0},
    )
    write_container(plain, fields, signer, stick / "9042-1.vsnap")
    return folder


def sign(folder: StationFolder, settings: Machine) -> None:
    """Other settings, which two persons sign."""
    people = People.load(folder)
    unlocked = people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    try:
        apply_settings(folder, unlocked, unlocked.proofs, settings, NOW)
    finally:
        unlocked.lock()


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)
    assert condition()


def enter(text: str) -> None:
    QTest.keyClicks(keyboard(), text)
    QTest.keyClick(keyboard(), Qt.Key.Key_Return)


def keyboard() -> QWidget:
    """What has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def sticks_beside(station: StationFolder) -> list[Medium]:
    """The folder `stick` beside the station, in the place of a stick."""
    stick = station.root.parent / "stick"
    return [folder_as_medium(stick)] if stick.is_dir() else []


def load_the_stick(door: DoorScreens) -> LoadingView:
    """From the locked screen to the end of a load, by keyboard alone."""
    wait(lambda: door.screen.view.stage is UnlockStage.NO_LIST)
    QTest.keyClick(keyboard(), Qt.Key.Key_Return)
    wait(lambda: door.window.currentWidget() is door.room)

    def found() -> bool:
        page = door.room.page
        return isinstance(page, LoadPage) and page.choices is not None

    wait(found)
    QTest.keyClick(keyboard(), Qt.Key.Key_Return)
    wait(lambda: isinstance(door.room.view_of(LOAD), LoadingView) and not door.loading.is_loading)
    view = door.room.view_of(LOAD)
    assert isinstance(view, LoadingView)
    return view


def unlock(door: DoorScreens) -> None:
    """Both passphrases; the door is opening then."""
    wait(lambda: door.screen.view.stage is UnlockStage.LOCKED)
    enter(OPERATOR)
    wait(lambda: door.screen.view.operator.state is SideState.ACCEPTED)
    enter(CHAIR)


def write_list_of(kind: ListKind, path: Path, source: Path) -> None:
    """The list `source` for another use; its `station` is a precinct's code, no station's."""
    with closing(VoterList.open(source, PUBLIC_DEMO_LIST_KEY)) as demo:
        chunks = list(demo.chunks(ENGINE))
        rows = [int(row) for one in chunks for row in np.frombuffer(one.rows, "<i4")]
        stored = demo.templates(ENGINE, [(row, RIGHT) for row in rows])
        fingers = [
            (row, EnrolledTemplate(ENGINE, RIGHT, 60, content, b""))
            for row, content in zip(rows, stored, strict=True)
        ]
        header = replace(demo.header, kind=kind, station="9042", created=NOW)
        voters = [demo.voter(row) for row in range(demo.voters)]
    write_list(path, PUBLIC_DEMO_LIST_KEY, header, voters=voters, templates=fingers, chunks=chunks)


def press(door: DoorScreens, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or door.window, key)


def page(door: DoorScreens) -> StationWindow:
    shown = door.window.currentWidget()
    assert isinstance(shown, StationWindow)
    return shown


def sees(door: DoorScreens, kind: type) -> None:
    def seen() -> bool:
        shown = door.window.currentWidget()
        return isinstance(shown, StationWindow) and isinstance(shown.desk.view, kind)

    wait(seen)


def open_journal(station: StationFolder, kind: str) -> Journal:
    """The journal of the locked station, as its two persons open it."""
    unlocked = People.load(station)
    both = [
        unlocked.enter(*who) for who in (("o1", Passphrase(OPERATOR)), ("c1", Passphrase(CHAIR)))
    ]
    opened = unlocked.join(*both)
    origin, signer = f"station-app/{kind}/9042-1", opened.identity.signer()
    return Journal.open(station.journal, opened.journal_key, signer, origin, lambda: NOW)


@contextmanager
def shown_door(station: StationFolder, qtbot: QtBot, language: str = "en") -> Iterator[DoorScreens]:
    """The screens before the desk, at work; no bug may have ended them or the desk."""
    bugs: list[BaseException] = []
    screens = open_door(
        station,
        language,
        bugs.append,
        audible=False,
        now=lambda: NOW,
        media=lambda: sticks_beside(station),
    )
    with closing(screens):
        window = screens.window
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        yield screens
    assert (bugs, screens.desk.bug) == ([], None)


def open_the_day(folder: Path, demo_list: Path, qtbot: QtBot) -> None:
    """Set up `station` and its stick in `folder`, load the list and open the training day."""
    plain = folder / "plain.vlist"
    write_list_of(ListKind.TRAINING, plain, demo_list)
    station = set_up(folder / "station", plain, PUBLIC_DEMO_LIST_KEY)
    with shown_door(station, qtbot) as door:
        load_the_stick(door)
        press(door, Qt.Key.Key_F12)
        unlock(door)
        sees(door, RestingView)
        press(door, Qt.Key.Key_F12)
        wait(lambda: not door.window.findChildren(StationWindow))
    with closing(open_journal(station, "training")) as journal:
        named = (journal.opened.election_id, journal.opened.election_date)
        journal.append(DayOpened(1, 1, 12, "", 0, "c1", "m1", *named))
