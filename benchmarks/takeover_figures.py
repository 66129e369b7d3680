"""How long a takeover takes, and what the mirror costs.

`python benchmarks/takeover_figures.py` sets up a station and a spare with a list of 2,500
invented voters (two fingers, portraits of 12 kB), writes a day of 2,500 identifications into
the station's journal and its mirror, throws the station's folder away, and lets the spare take
over: `takeover request`, `pack` and `start`, each a process of its own. Prints wall seconds of
the whole processes; nothing of it is a person's time. Then, in this process, the mirror: one
entry written and synced, 100,000 entries caught up and read again. `--mirror FOLDER` measures
that on a medium of your own. `--json` prints for a machine.
"""

import argparse
import dataclasses
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from big_list import write_big_list

from station_app.domain.entries import DayOpened, Entry, Outcome, SessionStarted
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.evaluation.timing import this_machine
from station_app.flow.mirroring import CHUNK, mirror_opener
from station_app.flow.opening import open_unlocked
from station_app.flow.recorder import Recorder
from station_app.journal.checkpoints import Checkpoint
from station_app.journal.leaves import write_leaf
from station_app.journal.mirror import Mirror, MirrorOwner
from station_app.journal.records import Record
from station_app.journal.tree import Frontier
from station_app.snapshots import (
    PUBLIC_DEMO_LIST_KEY,
    ListKind,
    ManifestFields,
    write_container,
)
from station_app.vault import (
    AgeIdentity,
    Passphrase,
    People,
    PublicIdentity,
    Secret,
    Signer,
    StationFolder,
    open_issuer,
)

VOTERS = 2500
PORTRAIT_BYTES = 12_000
LIMIT_S = 600
APPENDS = 500
LONG = 100_000
PLAN = """
[station]
kind = "training"
precinct = "9042"
kit = "{kit}"
folder = "{folder}"
[devices.finger_scanner]
driver = "simulated"
[mirror]
folder = "{mirror}"
[trust]
issuers = ["CEC.issuer.json"]
recipients = ["CEC.recipient.json"]
[list]
snapshot = "list.vsnap"
[[people]]
id = "o1"
name = "Operator"
role = "operator"
[[people]]
id = "c1"
name = "Chair"
role = "chair"
[[people]]
id = "m1"
name = "Member"
role = "member"
"""


def passphrase_of(id_: str) -> str:
    """A passphrase for each person and key; nobody has another's."""
    return f"four words of nobody here {id_}"


def main() -> None:
    """Measure and print; ends with 1 when the machine's part takes 10 minutes or more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--mirror", type=Path, help="a folder on the medium to measure")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        seconds, said = measure(Path(name))
        figures = mirror_figures(given.mirror or Path(name))
    about = this_machine()
    together = sum(seconds.values())
    facts = {"takeover": seconds, "said": said, "mirror": figures}
    if given.json:
        print(json.dumps({"machine": dataclasses.asdict(about)} | facts))
    else:
        print(f"{about.cpu}, {about.cores} cores, Python {about.python}")
        for what, taken in seconds.items():
            print(f"{what:<36}{taken:10.2f} s")
        print(f"{'together':<36}{together:10.2f} s of {LIMIT_S}")
        print(f"{'entries carried':<36}{said['carried']:10}")
        for what, taken in figures.items():
            print(f"{what:<36}{taken:10.2f}")
    if together >= LIMIT_S or said["missing"] != 0:
        raise SystemExit(1)


def measure(folder: Path) -> tuple[dict[str, float], dict[str, Any]]:
    """Wall seconds of each command, and what the takeover has said."""
    passphrases, stick = folder / "passphrases", folder / "stick"
    for made in (passphrases, stick):
        made.mkdir()
    for id_ in ("key", "o1", "c1", "m1"):
        file = passphrases / f"{id_}.passphrase"
        file.touch(0o600)
        file.write_text(passphrase_of(id_))
    key = ("--passphrase-file", "passphrases/key.passphrase")
    for kind in ("issuer", "recipient"):
        run(folder, kind, "create", "CEC", "--out", ".", *key)
    setting_up(folder, "original", "1", stick)
    snapshot = sealed(folder)
    run(folder, "provision", "--config", "original.toml", "--again")
    station = StationFolder(folder / "original")
    work(station)
    setting_up(folder, "spare", "S1", stick)
    shutil.rmtree(station.root)
    seconds = {}
    _, seconds["takeover request"] = run(
        folder, "takeover", "request", "--station", "spare", "--mirror", "stick", "--out", "asked"
    )
    words = (
        "--plan", "original.toml", "--original", "9042-1.station.json", "--snapshot", snapshot,
        "--spare", "asked/9042-S1.station.json", "--mirror", "asked/9042-1.mirror-header",
        "--sign", "CEC.issuer-key.json", "--open", "CEC.recipient-key.json", "--out", "packs",
        "--open-passphrase-file", "passphrases/key.passphrase", *key,
    )  # fmt: skip
    _, seconds["takeover pack"] = run(folder, "takeover", "pack", *words)
    said, seconds["takeover start"] = run(
        folder, "takeover", "start", "packs/9042-1-by-9042-S1.takeover", "--station", "spare",
        "--mirror", "stick", "--member", "c1", "--passphrase-dir", "passphrases",
    )  # fmt: skip
    return seconds, said


def setting_up(folder: Path, name: str, kit: str, stick: Path) -> None:
    """A station of the plan, with the commission's digits."""
    (folder / f"{name}.toml").write_text(PLAN.format(kit=kit, folder=name, mirror=stick))
    words = ["provision", "--config", f"{name}.toml", "--passphrase-dir", "passphrases"]
    for kind in ("issuer", "recipient"):
        digits = PublicIdentity.load(folder / f"CEC.{kind}.json").digits()
        words += [f"--accept-{kind}", digits]
    run(folder, *words, "--out", ".")


def sealed(folder: Path) -> str:
    """The station's snapshot, which the commission can open too."""
    big = folder / "big.vlist"
    write_big_list(big, VOTERS, PORTRAIT_BYTES, shuffled=False, kind=ListKind.TRAINING)
    now = datetime.now(UTC)
    fields = ManifestFields(
        list_key=PUBLIC_DEMO_LIST_KEY,
        recipients=(
            PublicIdentity.load(folder / "9042-1.station.json"),
            PublicIdentity.load(folder / "CEC.recipient.json"),
        ),
        issuer="CEC",
        valid_from=now - timedelta(days=1),
        valid_to=now + timedelta(days=5),
        counts={"portraits": VOTERS, "bad_rows": 0},
    )
    signer = open_issuer(folder / "CEC.issuer-key.json", Passphrase(passphrase_of("key")))
    write_container(big, fields, signer, folder / "list.vsnap")
    return "list.vsnap"


def work(station: StationFolder) -> None:
    """A day of identifications, each on the mirror."""
    with at_work(station) as recorder:
        journal = recorder.journal
        named = (journal.opened.election_id, journal.opened.election_date)
        entries: list[Entry] = [DayOpened(1, 1, VOTERS, "", 0, "c1", "m1", *named)]
        for number in range(1, VOTERS + 1):
            entries += [SessionStarted(number), identified(number, journal.proven.policy)]
        for at in range(0, len(entries), CHUNK):
            recorder.append_all(entries[at : at + CHUNK])


@contextmanager
def at_work(station: StationFolder) -> Iterator[Recorder]:
    """The station's journal with its mirror behind it."""
    typed = [Passphrase(passphrase_of(id_)) for id_ in ("o1", "c1")]
    unlocked = People.load(station).unlock("o1", typed[0], "c1", typed[1])
    with closing(open_unlocked(station, unlocked, utc_now)) as opened:
        recorder, journal = opened.recorder, opened.recorder.journal
        open_mirror = mirror_opener(station, unlocked, opened.machine, journal.opened)
        assert open_mirror is not None
        with closing(open_mirror()) as mirror:
            mirror.append(journal.look.records(1, LONG))
            recorder.listen(mirror.append)
            yield recorder


def identified(session: int, policy: str) -> Outcome:
    """The voter of that number, by a finger."""
    return Outcome(
        session=session, outcome=OutcomeKind.IDENTIFIED, reason="", method=Method.FINGER,
        voter_id=f"V-{session:016X}", list_number=session, first_entry=None,
        evidence_milli=9123, threshold_milli=6100, fingers_compared=5000, tries=0,
        engine="leader-mcc/1", policy=policy,
    )  # fmt: skip


def mirror_figures(folder: Path) -> dict[str, float]:
    """Milliseconds an entry, and seconds for a long journal."""
    place = folder / "mirror-figures"
    place.mkdir()
    try:
        return _mirror_figures(place)
    finally:
        shutil.rmtree(place)


def _mirror_figures(place: Path) -> dict[str, float]:
    signer, origin = Signer(Secret(b"s" * 32)), "station-app/live/9042-1"
    recipients = (AgeIdentity.generate().recipient,)
    owner = MirrorOwner("9042-1", origin, signer, Secret(b"k" * 32), recipients)
    records = long_journal(signer, origin)
    with closing(Mirror.open(place, owner)) as mirror:
        taken = sorted(timed(lambda one=one: mirror.append([one])) for one in records[:APPENDS])
        start = time.perf_counter()
        for at in range(APPENDS, LONG, CHUNK):
            mirror.append(records[at : at + CHUNK])
        caught_up = time.perf_counter() - start
        size = mirror.path.stat().st_size
    opening = timed(lambda: Mirror.open(place, owner).close())
    return {
        "one entry, synced, p50, ms": taken[APPENDS // 2] * 1000,
        "one entry, synced, p99, ms": taken[APPENDS * 99 // 100] * 1000,
        f"catching up {LONG} entries, s": caught_up,
        f"opening with {LONG} entries, s": opening,
        f"the mirror of {LONG} entries, MB": size / 1e6,
    }


def long_journal(signer: Signer, origin: str) -> Sequence[Record]:
    """The records of a journal of outcomes."""
    at, frontier, found = datetime(2026, 11, 29, 8, tzinfo=UTC), Frontier(), []
    for number in range(1, LONG + 1):
        leaf = write_leaf(identified(number, "cd" * 32), at)
        frontier = frontier.with_leaf(leaf)
        checkpoint = Checkpoint(origin, number, frontier.root())
        found.append(Record(number, leaf, checkpoint.root, checkpoint.sign(signer), number))
    return found


def timed(act: Any) -> float:
    """Wall seconds."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def run(folder: Path, *words: str) -> tuple[dict[str, Any], float]:
    """What `station-app WORDS --json` says, and its wall seconds."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "station_app", *words, "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    return (said if isinstance(said, dict) else {}), time.perf_counter() - start


if __name__ == "__main__":
    main()
