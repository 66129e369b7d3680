"""How long a technician's stick takes from laptop to laptop: the machine's part of a batch.

`python benchmarks/batch_figures.py` makes the commission's keys and a table of `--laptops` stations
(20), goes to each laptop (a `STATION_APP_HOME` of its own) and types the one command, seals every
list of 2,500 invented voters, goes round again, and prints the report: each a process of its own,
the start of Python included; nothing of it is a person's time. `--stick DIR` puts the table on a
real stick. `--json` prints for a machine.
"""

import argparse
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from big_list import write_big_list

from station_app.evaluation.timing import this_machine
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListKind, ManifestFields, write_container
from station_app.vault import Passphrase, PublicIdentity, open_issuer

VOTERS, PORTRAIT_BYTES, LIMIT_S = 2500, 12_000, 60.0
PRECINCT = "9042"  # of the list that `big_list` writes
PLAN = """
[station]
kind = "training"
[devices.finger_scanner]
driver = "simulated"
[trust]
issuers = ["CEC.issuer.json"]
"""
ROLES = ("operator", "chair", "member")


def main() -> None:
    """Measure and print; ends with 1 when a laptop takes a minute or more in either round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laptops", type=int, default=20)
    parser.add_argument("--stick", type=Path, help="a folder on a stick, empty")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        seconds = measure(Path(name), asked.stick or Path(name) / "stick", asked.laptops)
    about = this_machine()
    if asked.json:
        print(json.dumps({"machine": dataclasses.asdict(about), "seconds": seconds}))
    else:
        print(f"{about.cpu}, {about.cores} cores, Python {about.python}, {asked.laptops} laptops")
        for what, taken in seconds.items():
            middle, most = statistics.median(taken), max(taken)
            print(f"{what:<28}{middle:8.2f} s, at most {most:.2f} s; all {sum(taken):.0f} s")
    if max(max(taken) for taken in seconds.values()) >= LIMIT_S:
        raise SystemExit(1)


def measure(folder: Path, stick: Path, laptops: int) -> dict[str, list[float]]:
    """Wall seconds of each command, by what it does."""
    stick.mkdir(exist_ok=True)
    secrets = folder / "secrets"
    secrets.mkdir()
    for id_ in ("issuer", *ROLES):
        file = secrets / f"{id_}.passphrase"
        file.touch(0o600)
        file.write_text(f"four words of nobody here {id_}")
    key = ("--passphrase-file", str(secrets / "issuer.passphrase"))
    run(folder, folder, "issuer", "create", "CEC", "--out", str(folder), *key)
    issuer = PublicIdentity.load(folder / "CEC.issuer.json")
    issuer.save(stick)
    (stick / "station.toml").write_text(PLAN)
    table = stick / "kits.csv"
    rows = [f"{PRECINCT},{number},{number}.vsnap,O,C,M" for number in range(1, laptops + 1)]
    table.write_text("\n".join([f"precinct,kit,snapshot,{','.join(ROLES)}", *rows]) + "\n")
    words = ("provision", "--batch", str(table), "--passphrase-dir", str(secrets))
    seconds: dict[str, list[float]] = {"set up": [], "load the list": [], "nothing to do": []}
    homes = {number: folder / f"laptop-{number}" for number in range(1, laptops + 1)}
    for number, home in homes.items():
        given = ("--kit", f"{PRECINCT}-{number}", "--accept-issuer", issuer.digits())
        seconds["set up"].append(run(folder, home, *words, *given))
    seal(folder, stick, laptops)
    for what in ("load the list", "nothing to do"):
        for home in homes.values():
            seconds[what].append(run(folder, home, *words))
    seconds["report"] = [run(folder, folder, "provision", "--batch", str(table), "--report")]
    return seconds


def seal(folder: Path, stick: Path, laptops: int) -> None:
    """The centre's part, which is not timed: one list, sealed to each station."""
    big = folder / "big.vlist"
    write_big_list(big, VOTERS, PORTRAIT_BYTES, kind=ListKind.TRAINING)
    words = Passphrase("four words of nobody here issuer")
    signer = open_issuer(folder / "CEC.issuer-key.json", words)
    now = datetime.now(UTC)
    for number in range(1, laptops + 1):
        station = stick / "kits.stations" / f"{PRECINCT}-{number}.station.json"
        fields = ManifestFields(
            list_key=PUBLIC_DEMO_LIST_KEY,
            recipients=(PublicIdentity.load(station),),
            issuer="CEC",
            valid_from=now - timedelta(days=1),
            valid_to=now + timedelta(days=5),
            counts={"portraits": VOTERS, "bad_rows": 0},
        )
        write_container(big, fields, signer, stick / f"{number}.vsnap")


def run(folder: Path, home: Path, *words: str) -> float:
    """Wall seconds of `station-app WORDS` on the laptop whose home that is."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "station_app", *words],
        cwd=folder,
        env=os.environ | {"STATION_APP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
