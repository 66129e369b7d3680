"""Lists, journals and keys that are not what they should be: a sentence, a code, nothing lost."""

import dataclasses
import secrets
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine, pack
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.errors import KnownError
from station_app.flow.bridge import QueueBridge
from station_app.flow.open_station import OpenStation, open_station
from station_app.journal import verify_journal
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListHeader, ListKind, VoterList, write_list
from station_app.synthetic.precinct import Precinct
from station_app.vault import Secret, Signer, StationFolder, load_key, load_or_create_key
from tests.assembly.command_runs import assert_refused, run_here, run_program
from tests.domain.turning_heads import still
from tests.flow.face_desk import PosedCamera


class Wrapped:
    """A simulated scanner inside another object, which does not say what it is."""

    def __init__(self) -> None:
        inside = SimulatedFingerScanner()
        self.open, self.capture, self.close = inside.open, inside.capture, inside.close


def open_here(
    folder: Path,
    list_path: Path,
    key: Secret = PUBLIC_DEMO_LIST_KEY,
    scanner: FingerScanner | None = None,
) -> OpenStation:
    chosen = scanner or SimulatedFingerScanner()
    return open_station(StationFolder(folder), list_path, key, chosen, QueueBridge())


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(KnownError) as caught:
        action()
    assert caught.value.message.endswith((".", "key"))
    return caught.value.code


@pytest.fixture
def station(tmp_path: Path, small_list: Path) -> StationFolder:
    """A station that was opened once and closed."""
    open_here(tmp_path / "station", small_list).close()
    return StationFolder(tmp_path / "station")


@pytest.fixture
def other_key(tmp_path: Path) -> Path:
    load_or_create_key(tmp_path / "other.key")
    return tmp_path / "other.key"


# --- lists ---


@pytest.mark.parametrize("command", ["inspect", "verify"])
def test_a_list_with_another_key(command: str, small_list: Path, other_key: Path) -> None:
    refused = run_program("snapshot", command, small_list, "--key-file", other_key)
    assert_refused(refused, "key", "small.vlist")
    missing = run_here("snapshot", command, small_list, "--key-file", other_key.with_name("no"))
    assert_refused(missing, "There is no key file")


def test_lists_that_are_none(tmp_path: Path, small_list: Path) -> None:
    whole = small_list.read_bytes()
    bad = {
        "cut.vlist": whole[: len(whole) // 2 + 100],
        "stump.vlist": whole[:5000],
        "random.vlist": secrets.token_bytes(100_000),
        "empty.vlist": b"",
        "text.vlist": b"surname;given names\n" * 2000,
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    with sqlite3.connect(tmp_path / "plain.vlist") as plain:
        plain.execute("CREATE TABLE voter (surname TEXT)")
    plain.close()
    for name in [*bad, "plain.vlist", "missing.vlist"]:
        assert_refused(run_here("snapshot", "verify", tmp_path / name))
        opened = code_of(partial(open_here, tmp_path / "station", tmp_path / name))
        assert opened in ("wrong_key", "list_damaged", "not_a_list", "list_missing")
    for name in ("random.vlist", "plain.vlist"):
        assert_refused(run_here("snapshot", "inspect", tmp_path / name))
    assert not (tmp_path / "station").exists(), "no journal is begun for a list that is none"
    assert run_here("snapshot", "verify", tmp_path).code == 1
    assert run_here("snapshot", "verify").code == 2


def rewritten(path: Path, people: Precinct, header: ListHeader, engine: str) -> Path:
    """The first two voters' list with another header."""
    finger = FingerEngine().enrol(people.enrolment(0, people.fingers[0]), people.fingers[0])
    fingers = [(0, dataclasses.replace(finger, engine=engine))]
    write_list(
        path,
        PUBLIC_DEMO_LIST_KEY,
        dataclasses.replace(header, engines=(engine,)),
        voters=people.voters[:2],
        templates=fingers,
        chunks=[dataclasses.replace(chunk, engine=engine) for chunk in pack([(0, finger)])],
    )
    return path


def header_of(path: Path) -> ListHeader:
    voters = VoterList.open(path, PUBLIC_DEMO_LIST_KEY)
    voters.close()
    return voters.header


def test_a_list_of_another_engine(tmp_path: Path, small_list: Path, people: Precinct) -> None:
    path = rewritten(tmp_path / "old.vlist", people, header_of(small_list), "leader-mcc/0.old")
    assert run_program("snapshot", "verify", path).code == 0, "the file itself is sound"
    assert code_of(lambda: open_here(tmp_path / "station", path)) == "gallery_engine"
    assert not (tmp_path / "station").exists()


def test_a_live_list_refuses_the_simulated_scanner(
    tmp_path: Path, small_list: Path, people: Precinct
) -> None:
    header = dataclasses.replace(header_of(small_list), kind=ListKind.LIVE)
    path = rewritten(tmp_path / "live.vlist", people, header, header.engines[0])
    assert code_of(lambda: open_here(tmp_path / "station", path)) == "simulated_on_live_list"
    assert code_of(lambda: open_here(tmp_path / "station", path, scanner=Wrapped())) == (
        "simulated_on_live_list"
    )
    assert not (tmp_path / "station").exists()


class RealScanner(SimulatedFingerScanner):
    """Says that it is a device."""

    is_simulated = False


def test_a_live_list_refuses_a_simulated_camera(
    tmp_path: Path, small_list: Path, people: Precinct
) -> None:
    header = dataclasses.replace(header_of(small_list), kind=ListKind.LIVE)
    path = rewritten(tmp_path / "live.vlist", people, header, header.engines[0])
    station, camera = StationFolder(tmp_path / "station"), PosedCamera(still)

    def opened() -> OpenStation:
        scanner, bridge = RealScanner(), QueueBridge()
        return open_station(station, path, PUBLIC_DEMO_LIST_KEY, scanner, bridge, camera=camera)

    with pytest.raises(KnownError, match="the camera is a simulated one") as caught:
        opened()
    assert caught.value.code == "simulated_on_live_list"


def test_a_list_without_faces_asks_no_camera(
    tmp_path: Path, small_list: Path, people: Precinct
) -> None:
    header = dataclasses.replace(header_of(small_list), engines=(ENGINE,))
    path = rewritten(tmp_path / "fingers.vlist", people, header, ENGINE)
    camera = PosedCamera(still)
    station = open_station(
        StationFolder(tmp_path / "station"),
        path,
        PUBLIC_DEMO_LIST_KEY,
        SimulatedFingerScanner(),
        QueueBridge(),
        camera=camera,
    )
    assert not station.runner.can_face
    assert station.runner.camera is None
    station.close()
    assert camera.opened == 0


# --- journals ---


def assert_sound(station: StationFolder) -> None:
    public_key = Signer(load_key(station.signing_key)).public_key
    report = verify_journal(station.journal, load_key(station.journal_key), public_key)
    assert report.sound, report.reason


def test_a_journal_with_another_key(station: StationFolder, other_key: Path) -> None:
    refused = run_program("journal", "verify", station.journal, "--key-file", other_key)
    assert_refused(refused, "key")
    assert run_program("journal", "verify", station.journal).code == 0


@pytest.mark.parametrize("name", ["journal.key", "signing.key"])
def test_a_station_without_one_of_its_keys(
    name: str, station: StationFolder, small_list: Path
) -> None:
    key = station.root / "keys" / name
    kept = key.read_bytes()
    key.unlink()
    assert code_of(lambda: open_here(station.root, small_list)) == "key_missing"
    assert not key.exists(), "a new key would hide that the old one is gone"
    key.write_bytes(kept)
    assert code_of(lambda: open_here(station.root, small_list)) == "key_file_exposed"
    key.chmod(0o600)
    open_here(station.root, small_list).close()
    assert_sound(station)


def test_a_journal_of_another_list(
    tmp_path: Path, station: StationFolder, small_list: Path, people: Precinct
) -> None:
    header = header_of(small_list)
    path = rewritten(tmp_path / "other.vlist", people, header, header.engines[0])
    assert code_of(lambda: open_here(station.root, path)) == "journal_of_other_list"
    open_here(station.root, small_list).close()  # the refusal let go of the journal
    assert_sound(station)


def test_a_journal_of_another_station(
    tmp_path: Path, station: StationFolder, small_list: Path, people: Precinct
) -> None:
    header = dataclasses.replace(header_of(small_list), station="somebody-else")
    path = rewritten(tmp_path / "foreign.vlist", people, header, header.engines[0])
    assert code_of(lambda: open_here(station.root, path)) == "foreign_journal"
    open_here(station.root, small_list).close()
    assert_sound(station)


def test_a_journal_with_another_stations_keys(
    tmp_path: Path, station: StationFolder, small_list: Path
) -> None:
    open_here(tmp_path / "second", small_list).close()
    second = StationFolder(tmp_path / "second")
    kept = {path: path.read_bytes() for path in (station.journal_key, station.signing_key)}
    station.signing_key.write_bytes(second.signing_key.read_bytes())
    assert code_of(lambda: open_here(station.root, small_list)) == "foreign_journal"
    station.journal_key.write_bytes(second.journal_key.read_bytes())
    assert code_of(lambda: open_here(station.root, small_list)) == "wrong_key"
    for path, content in kept.items():
        path.write_bytes(content)
    assert_sound(station)


def test_a_station_is_opened_once_at_a_time(station: StationFolder, small_list: Path) -> None:
    first = open_here(station.root, small_list)
    assert code_of(lambda: open_here(station.root, small_list)) == "already_running"
    first.close()
    assert_sound(station)
