"""An engine is a folder and a line: this file has both of a toy, and nothing else knows it.

The toy knows an image by its hash. It goes from the building of a list over its load and its trial
to a session at a live station and the session's entry, with a toy scanner.
"""

import hashlib
import struct
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from station_app.biometrics import engines
from station_app.biometrics.engines import Engine, engine_names
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.centre.finger_sources import FingerImageOf
from station_app.centre.list_building import build_list
from station_app.devices import drivers
from station_app.devices.drivers import DeviceFamily, Driver
from station_app.devices.finger_scanner import FingerScanner, ScannerInfo, StopToken, Tell
from station_app.domain.entries import DayOpened, FingerTry, Outcome
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk, TemplateStore
from station_app.domain.matching import Candidate, Examination
from station_app.domain.policy import Policy
from station_app.domain.readiness_report import Weight
from station_app.domain.samples import CaptureResult, Finger, FingerImage, Meters, Sample, Stopped
from station_app.flow.readiness import look_at
from station_app.settings import Device, StationKind
from station_app.snapshots import (
    PUBLIC_DEMO_LIST_KEY,
    ListKind,
    LoadingStation,
    VoterList,
    load_snapshot,
    write_list,
)
from station_app.synthetic.precinct import Precinct
from station_app.ui.operator.notice import RestingView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import IdentifiedView
from station_app.vault import IdentityKind, PublicIdentity, StationFolder
from tests.assembly.door_at_work import (
    NOW,
    RIGHT,
    load_the_stick,
    machine,
    open_journal,
    press,
    sees,
    set_up,
    shown_door,
    unlock,
    wait,
)

NAME = "toy/1"
Key = tuple[int, int]


def image_of(row: int) -> FingerImage:
    return FingerImage(bytes([row]) * 1024, 32, 32, 500)


class ToyEnroller:
    def enrol(self, sample: Sample, position: FingerPosition) -> EnrolledTemplate:
        digest = hashlib.sha256(sample.pixels).digest()
        return EnrolledTemplate(NAME, position, 80, digest, digest)


def pack(templates: Iterable[tuple[int, EnrolledTemplate]]) -> Iterator[GalleryChunk]:
    for row, one in templates:
        yield GalleryChunk(NAME, struct.pack("<i", row), bytes([one.position]) + one.encoding)


class ToyMatcher:
    engine = NAME

    def __init__(self, store: TemplateStore) -> None:
        self._store = store
        self._hashes = dict(_read(store))

    def examine(self, sample: Sample, named_row: int | None) -> Examination:
        seen = hashlib.sha256(sample.pixels).digest()
        met = [key for key, digest in self._hashes.items() if digest == seen]
        found = tuple(Candidate(row, Finger(FingerPosition(at)), 12.0) for row, at in met)
        return Examination(80, None, found, len(self._hashes), 0.0, 0.0)

    def finds_its_own(self) -> bool:
        return self._store.templates(NAME, list(self._hashes)) == list(self._hashes.values())

    def meetings(
        self, keys: Collection[Key], before: TemplateStore, rows: Collection[int], policy: Policy
    ) -> Iterator[tuple[Key, int | None]]:
        known = {digest: row for (row, _), digest in _read(before) if row in rows}
        for key in keys:
            yield key, known.get(self._hashes[key])


def _read(store: TemplateStore) -> Iterator[tuple[Key, bytes]]:
    for chunk in store.chunks(NAME):
        (row,) = struct.unpack("<i", chunk.rows)
        yield (row, chunk.content[0]), chunk.content[1:]


TOY: Engine[FingerImage, Meters] = Engine(
    NAME, FingerImage, ToyEnroller, pack, ToyMatcher, lambda _: Meters(5, 5, 5)
)


class ToyScanner:
    """A glass that has images on it until they are taken."""

    is_simulated = False
    glass: ClassVar[list[FingerImage]] = []

    def open(self) -> ScannerInfo:
        return ScannerInfo("Toy", 500, 0, 0)

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        while not stop.wait(0.01):
            if self.glass:
                return self.glass.pop()
        return Stopped()

    def close(self) -> None:
        pass


SCANNER: Driver[FingerScanner] = Driver(
    DeviceFamily.FINGER_SCANNER, "toy", lambda _port, _context: ToyScanner(), lambda _port: True
)


@pytest.fixture
def toy_list(tmp_path: Path, people: Precinct, small_list: Path) -> Path:
    """A live list whose voters were enrolled by the toy alone."""
    with closing(VoterList.open(small_list, PUBLIC_DEMO_LIST_KEY)) as demo:
        header = replace(demo.header, kind=ListKind.LIVE, station="9042", created=NOW)
    images = [[FingerImageOf(RIGHT, partial(image_of, row))] for row in range(len(people.voters))]
    path = tmp_path / "toy.vlist"
    with pytest.MonkeyPatch.context() as centre:
        centre.setattr(engines, "ENGINES", (TOY,))
        header = replace(header, engines=engine_names())
        report = build_list(
            path, PUBLIC_DEMO_LIST_KEY, header, voters=people.voters, fingers=images, jobs=1
        )
    assert (report.enrolled, report.failures) == (12, {})
    return path


def test_from_the_building_of_a_list_to_the_entry(
    tmp_path: Path,
    toy_list: Path,
    people: Precinct,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setattr(engines, "ENGINES", (*engines.ENGINES, TOY))
    monkeypatch.setattr(drivers, "SCANNERS", (*drivers.SCANNERS, SCANNER))
    scanner = Device(DeviceFamily.FINGER_SCANNER, "toy")
    settings = machine(kind=StationKind.LIVE, devices=(scanner,))
    station = set_up(tmp_path / "station", toy_list, PUBLIC_DEMO_LIST_KEY, settings)
    with shown_door(station, qtbot) as door:
        load_the_stick(door)
        press(door, Qt.Key.Key_F12)
        unlock(door)
        sees(door, RestingView)
        press(door, Qt.Key.Key_F12)
        wait(lambda: door.window.currentWidget() is door.screen)
        open_the_day(station)
        unlock(door)
        sees(door, ReadyView)
        ToyScanner.glass.append(image_of(3))
        sees(door, IdentifiedView)
        press(door, Qt.Key.Key_Return)
        sees(door, ReadyView)
        press(door, Qt.Key.Key_F12)
        wait(lambda: door.window.currentWidget() is door.screen)
    with closing(open_journal(station, "live")) as journal:
        written = [one.entry for one in journal.look.entries((FingerTry, Outcome))]
    (tried,) = [one for one in written if isinstance(one, FingerTry)]
    (outcome,) = [one for one in written if isinstance(one, Outcome)]
    assert (tried.asked, tried.fingers_compared) == (RIGHT, 12)
    assert (outcome.engine, outcome.list_number) == (NAME, people.voters[3].list_number)


def open_the_day(station: StationFolder) -> None:
    with closing(open_journal(station, "live")) as journal:
        named = (journal.opened.election_id, journal.opened.election_date)
        journal.append(DayOpened(1, 1, 12, "", 0, "c1", "m1", *named))


def test_a_list_of_two_engines_is_used_where_one_is_known(tmp_path: Path, small_list: Path) -> None:
    path = tmp_path / "both.vlist"
    toys = [(row, ToyEnroller().enrol(image_of(row), RIGHT)) for row in range(12)]
    with closing(VoterList.open(small_list, PUBLIC_DEMO_LIST_KEY)) as demo:
        fingers = [
            (one.row, EnrolledTemplate(ENGINE, one.position, 60, one.content, b""))
            for one in demo.enrolled(ENGINE)
        ]
        write_list(
            path,
            PUBLIC_DEMO_LIST_KEY,
            replace(demo.header, kind=ListKind.TRAINING, station="9042", engines=(ENGINE, NAME)),
            voters=[demo.voter(row) for row in range(demo.voters)],
            templates=[*fingers, *toys],
            chunks=[*demo.chunks(ENGINE), *pack(toys)],
        )
    with pytest.raises(KnownError, match="this program has"):
        engines.usable((NAME,))
    (own,) = engines.usable((NAME, ENGINE)).values()
    assert own.name == ENGINE
    station = set_up(tmp_path / "station", path, PUBLIC_DEMO_LIST_KEY)
    issuers = PublicIdentity.load_all(station.trusted, IdentityKind.ISSUER)
    identity = PublicIdentity.load(station.public_identity)
    (stick,) = (tmp_path / "stick").iterdir()
    load_snapshot(stick, station, LoadingStation(identity, issuers, engine_names()), NOW, by="t-1")
    reasons = {one.code: one for one in look_at(station, engine_names(), NOW).reasons}
    assert "vsnap_other_engine" not in reasons
    assert dict(reasons["list_partly_usable"].facts) == {"offered": NAME}
    reasons = {one.code: one for one in look_at(station, ("other/1",), NOW).reasons}
    assert reasons["vsnap_other_engine"].weight is Weight.BLOCKS
