"""How long the machine's part of provisioning takes, for a list of 2,500 voters.

`python benchmarks/provision_figures.py` makes the commission's keys, sets a station up, seals
it a list of 2,500 invented voters with two fingers and portraits of 12 kB, loads that with
`provision --again`, and prints the readiness sheet: each a process of its own, as a
technician starts them. Prints wall seconds of the whole process, the start of Python
included; nothing of it is a person's time. `--json` prints for a machine.
"""

import argparse
import dataclasses
import json
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

VOTERS = 2500
PORTRAIT_BYTES = 12_000
LIMIT_S = 60
PLAN = """
[station]
kind = "training"
precinct = "9042"
kit = "1"
folder = "station"
[devices.finger_scanner]
driver = "simulated"
[trust]
issuers = ["CEC.issuer.json"]
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
    """Measure and print; ends with 1 when provisioning and loading take a minute or more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    with tempfile.TemporaryDirectory() as name:
        seconds = measure(Path(name))
    together = seconds["set up"] + seconds["load the list"]
    about = this_machine()
    if as_json:
        print(json.dumps({"machine": dataclasses.asdict(about), "seconds": seconds}))
    else:
        print(f"{about.cpu}, {about.cores} cores, Python {about.python}")
        for what, taken in seconds.items():
            print(f"{what:<24}{taken:8.2f} s")
        print(f"{'set up and load':<24}{together:8.2f} s of {LIMIT_S}")
    if together >= LIMIT_S:
        raise SystemExit(1)


def measure(folder: Path) -> dict[str, float]:
    """Wall seconds of each command."""
    big = folder / "big.vlist"
    write_big_list(big, VOTERS, PORTRAIT_BYTES, kind=ListKind.TRAINING)
    passphrases = folder / "passphrases"
    passphrases.mkdir()
    for id_ in ("issuer", "o1", "c1", "m1"):
        file = passphrases / f"{id_}.passphrase"
        file.touch(0o600)
        file.write_text(passphrase_of(id_))
    key = ["--passphrase-file", str(passphrases / "issuer.passphrase")]
    seconds = {"issuer create": run(folder, "issuer", "create", "CEC", "--out", ".", *key)}
    digits = PublicIdentity.load(folder / "CEC.issuer.json").digits()
    plan = folder / "station.toml"
    plan.write_text(PLAN)
    words = ("provision", "--config", plan.name, "--passphrase-dir", "passphrases")
    seconds["set up"] = run(folder, *words, "--accept-issuer", digits)
    now = datetime.now(UTC)
    fields = ManifestFields(
        list_key=PUBLIC_DEMO_LIST_KEY,
        recipients=(PublicIdentity.load(folder / "station" / "station.json"),),
        issuer="CEC",
        valid_from=now - timedelta(days=1),
        valid_to=now + timedelta(days=5),
        counts={"portraits": VOTERS, "bad_rows": 0},
    )
    signer = open_issuer(folder / "CEC.issuer-key.json", Passphrase(passphrase_of("issuer")))
    write_container(big, fields, signer, folder / "list.vsnap")
    seconds["load the list"] = run(folder, *words, "--again")
    words = ("readiness", "--station", "station", "--pdf", "sheet.pdf")
    seconds["readiness, with its PDF"] = run(folder, *words)
    return seconds


def run(folder: Path, *words: str) -> float:
    """Wall seconds of `station-app WORDS`."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "station_app", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
