"""From the second passphrase to the desk, for a list of 2,500 voters with two fingers each.

`python benchmarks/unlock_to_ready.py` unlocks a provisioned station with a loaded list several
times. The passphrases are stretched at the least cost there is, so that the time is that of
everything but Argon2id: the first unlocking tries the list and makes the journal, the later
ones open both. Prints wall seconds until the desk has been painted; ends with 1 when a later one
takes a second or more. `--json` prints for a machine.
"""

import argparse
import dataclasses
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from big_list import write_big_list
from PySide6.QtWidgets import QApplication

from station_app.assembly.technician import DoorScreens, open_door
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.domain.roles import Person, Role
from station_app.evaluation.timing import this_machine
from station_app.flow.signed_settings import first_settings, trusted_of
from station_app.settings import Machine, StationKind
from station_app.snapshots import (
    PUBLIC_DEMO_LIST_KEY,
    ListKind,
    ManifestFields,
    load_snapshot,
    write_container,
)
from station_app.snapshots import LoadingStation as Recipient
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.notice import RestingView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.unlock.entry import SideState, UnlockStage
from station_app.vault import (
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

VOTERS = 2500
AGAIN = 5
LIMIT_S = 1.0
PATIENCE_S = 60.0
WORDS = {Role.OPERATOR: "seven rivers carry books", Role.MEMBER: "eight hills keep the snow"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    with tempfile.TemporaryDirectory() as name:
        seconds = measure(loaded_station(Path(name)))
    first, later = seconds[0], statistics.median(seconds[1:])
    about = this_machine()
    figures = {"first": first, "later, median": later, "later, slowest": max(seconds[1:])}
    if as_json:
        print(json.dumps({"machine": dataclasses.asdict(about), "seconds": figures}))
    else:
        print(f"{about.cpu}, {about.cores} cores, Python {about.python}, load {about.load}")
        for what, taken in figures.items():
            print(f"{what:<16}{taken:8.2f} s")
    if later >= LIMIT_S:
        raise SystemExit(1)


def loaded_station(root: Path) -> StationFolder:
    """A station with two people, and the list in it."""
    plain, snapshot = root / "big.vlist", root / "big.vsnap"
    write_big_list(plain, VOTERS, shuffled=False, kind=ListKind.TRAINING)
    folder = StationFolder(root / "station")
    folder.root.mkdir()
    identity, signer = StationIdentity.generate(), Signer(Secret(b"i" * 32))
    own = identity.public("9042-1")
    own.write(folder.public_identity)
    folder.trusted.mkdir()
    issuer = PublicIdentity(IdentityKind.ISSUER, "CEC", signer.public_key, None)
    pin(folder, [issuer], own, identity.signer())
    machine = Machine(
        StationKind.TRAINING, "9042", "1", ("en",), ("ky",), (), trusted=trusted_of([issuer])
    )
    signed = first_settings(folder, machine, identity.signer())
    marks = Marks().with_settings(signed.sha256, signed.revision)
    People.create(
        folder,
        "9042-1",
        StationSecrets(identity, Secret(b"j" * 32), marks),
        Enrolment(Person("o1", "O", Role.OPERATOR), Passphrase(WORDS[Role.OPERATOR])),
        Enrolment(Person("c1", "C", Role.CHAIR), Passphrase(WORDS[Role.MEMBER])),
        Cost(memory_kib=8, iterations=1),
    )
    now = datetime.now(UTC)
    fields = ManifestFields(
        list_key=PUBLIC_DEMO_LIST_KEY,
        recipients=(own,),
        issuer="CEC",
        valid_from=now - timedelta(days=1),
        valid_to=now + timedelta(days=1),
        counts={"portraits": 0, "bad_rows": 0},
    )
    write_container(plain, fields, signer, snapshot)
    recipient = Recipient(own, (issuer,), (ENGINE,), "")
    load_snapshot(snapshot, folder, recipient, now)
    return folder


def measure(folder: StationFolder) -> list[float]:
    """Seconds of the first unlocking and of the ones after it."""
    app = QApplication(sys.argv[:1])

    def until(condition: Callable[[], bool]) -> None:
        end = time.perf_counter() + PATIENCE_S
        while not condition():
            app.processEvents()
            if time.perf_counter() > end:
                raise SystemExit("the station does not open")
            time.sleep(0.001)

    def on_bug(bug: BaseException) -> None:
        raise SystemExit(f"a bug: {bug!r}") from bug

    with closing(open_door(folder, "ky", on_bug, audible=False)) as door:
        door.window.resize(1366, 768)
        door.window.show()
        return [unlock(door, until) for _ in range(1 + AGAIN)]


def unlock(door: DoorScreens, until: Callable[[Callable[[], bool]], None]) -> float:
    """Seconds from the second passphrase to Ready; the station is locked again."""
    until(lambda: door.screen.view.stage is UnlockStage.LOCKED)
    door.screen.passphrase_taken.emit(Role.OPERATOR, WORDS[Role.OPERATOR])
    until(lambda: door.screen.view.operator.state is SideState.ACCEPTED)
    begun = time.perf_counter()
    door.screen.passphrase_taken.emit(Role.MEMBER, WORDS[Role.MEMBER])
    until(lambda: is_ready(door))
    door.window.grab()
    taken = time.perf_counter() - begun
    door.idle.ask()
    return taken


def is_ready(door: DoorScreens) -> bool:
    """Whether the desk is there: it waits for the first person, or for the day to be opened."""
    page = door.window.currentWidget()
    return isinstance(page, StationWindow) and isinstance(page.desk.view, ReadyView | RestingView)


if __name__ == "__main__":
    main()
