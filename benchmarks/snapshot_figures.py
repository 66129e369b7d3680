"""Snapshots of a large precinct: how big, how fast, and whether any change gets by.

`python benchmarks/snapshot_figures.py` builds a list of 2,500 invented voters with two
fingers, without portraits and with portraits of 12 kB, makes snapshots of both, verifies,
loads and opens them, then changes one: every byte of its head, every byte of its sealed
keys (signed anew), 1,000 positions of its list, 200 truncations, and snapshots that are
genuine but not for this station. Takes some minutes; `--json` prints for a machine.
"""

import argparse
import dataclasses
import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from big_list import write_big_list

from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.domain.election import ElectionDay
from station_app.domain.errors import KnownError
from station_app.evaluation.timing import Machine, this_machine
from station_app.snapshots import (
    PUBLIC_DEMO_LIST_KEY,
    LoadingStation,
    Manifest,
    ManifestFields,
    list_key,
    load_snapshot,
    loaded_list,
    open_unchanged,
    refuse_changed,
    verify_container,
    write_container,
)
from station_app.snapshots.container import SnapshotHead, read_head
from station_app.vault import (
    IdentityKind,
    PublicIdentity,
    Secret,
    Signer,
    StationFolder,
    StationIdentity,
)

VOTERS = 2500
PORTRAIT_BYTES = 12_000
POSITIONS = 1000
CUTS = 200
NOW = datetime(2026, 10, 4, 9, tzinfo=UTC)

SIGNER, STRANGER = Signer(Secret(b"c" * 32)), Signer(Secret(b"x" * 32))
ISSUER = PublicIdentity(IdentityKind.ISSUER, "commission", SIGNER.public_key, None)
IDENTITY = StationIdentity.generate()
OWN = IDENTITY.public("9042-1")
STATION = LoadingStation(OWN, (ISSUER,), (ENGINE,))
NEIGHBOUR = StationIdentity.generate().public("9043-1")

Timed = dict[str, dict[str, float]]
Refused = dict[str, Counter[str]]


def main() -> None:
    """Measure and print; ends with 1 when a change was not refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    about = this_machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        timed: Timed = {}
        for what, portrait in (("without portraits", 0), ("with portraits", PORTRAIT_BYTES)):
            timed[what] = sizes_and_times(folder / what.split()[0], portrait)
        refused = changes(folder / "without")
    if as_json:
        print(json.dumps({"machine": dataclasses.asdict(about), "timed": timed, "codes": refused}))
    else:
        print_tables(about, timed, refused)
    if any("" in codes for codes in refused.values()):
        raise SystemExit(1)


def sizes_and_times(folder: Path, portrait: int) -> dict[str, float]:
    """Megabytes, and wall and CPU seconds of each step."""
    folder.mkdir()
    figures: dict[str, float] = {}

    @contextmanager
    def lap(name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        figures[f"{name} (s)"] = time.perf_counter() - wall
        figures[f"{name}, CPU (s)"] = time.process_time() - cpu

    list_path, path = folder / "a.vlist", folder / "9042-1.vsnap"
    write_big_list(list_path, VOTERS, portrait)
    with lap("sign and seal"):
        write_container(list_path, fields(), SIGNER, path)
    figures["file (MB)"] = path.stat().st_size / 1e6
    with lap("verify"):
        verify_container(path, STATION.trusted)
    station = StationFolder(folder / "station")
    with lap("load"):
        load_snapshot(path, station, STATION, NOW)
    with lap("open the loaded list"):
        loaded = loaded_list(station, STATION.trusted)
        voters = open_unchanged(loaded, IDENTITY, refuse_changed(loaded))
    with lap("read its fingers"), closing(voters) as one:
        for _ in one.chunks(ENGINE):
            pass
    return figures


def fields(*recipients: PublicIdentity) -> ManifestFields:
    """What the centre adds to the list."""
    return ManifestFields(
        list_key=PUBLIC_DEMO_LIST_KEY,
        recipients=recipients or (OWN, NEIGHBOUR),
        issuer=ISSUER.name,
        valid_from=NOW - timedelta(days=10),
        valid_to=NOW + timedelta(days=10),
        counts={"portraits": 0, "bad_rows": 0},
    )


def changes(folder: Path) -> Refused:
    """The codes of every kind of change; an empty code is a change that got by."""
    path, chance = folder / "9042-1.vsnap", random.Random(4)
    with path.open("rb") as file:
        head = read_head(file, path)
    size = path.stat().st_size
    signed = Manifest.from_bytes(head.manifest)
    places = [chance.randrange(head.size, size) for _ in range(POSITIONS)]
    return {
        "each byte of the head": with_changed_bytes(path, range(head.size)),
        "each byte of the sealed keys, signed anew": with_changed_keys(signed),
        f"{POSITIONS} positions of the list": with_changed_bytes(path, places),
        f"{CUTS} truncations": cut_short(path, [chance.randrange(size) for _ in range(CUTS)]),
        "lists of two precincts exchanged": exchanged(folder, head),
        "another's, or older": genuine_ones(folder, signed, head),
    }


def code_of(action: Callable[[], object]) -> str:
    """The code of a refusal, empty where there is none."""
    try:
        action()
    except KnownError as refusal:
        return refusal.code
    return ""


def with_changed_bytes(path: Path, places: "range | list[int]") -> Counter[str]:
    """One bit of one byte at a time."""
    codes: Counter[str] = Counter()
    with path.open("r+b", buffering=0) as file:
        for place in places:
            byte = os.pread(file.fileno(), 1, place)[0]
            os.pwrite(file.fileno(), bytes([byte ^ 1 << place % 8]), place)
            codes[code_of(lambda: verify_container(path, STATION.trusted))] += 1
            os.pwrite(file.fileno(), bytes([byte]), place)
    verify_container(path, STATION.trusted)
    return codes


def with_changed_keys(signed: Manifest) -> Counter[str]:
    """As if the centre had sealed the key wrongly."""
    codes: Counter[str] = Counter()
    for place in range(len(signed.sealed_key)):
        changed = bytearray(signed.sealed_key)
        changed[place] ^= 1 << place % 8
        wrong = dataclasses.replace(signed, sealed_key=bytes(changed))
        codes[code_of(partial(list_key, wrong, IDENTITY))] += 1
    return codes


def cut_short(path: Path, sizes: list[int]) -> Counter[str]:
    """From the longest to the shortest, in a copy."""
    copy = path.with_name("cut.vsnap")
    copy.write_bytes(path.read_bytes())
    codes: Counter[str] = Counter()
    for size in sorted(sizes, reverse=True):
        os.truncate(copy, size)
        codes[code_of(lambda: verify_container(copy, STATION.trusted))] += 1
    return codes


def exchanged(folder: Path, head: SnapshotHead) -> Counter[str]:
    """A genuine head over another genuine list of the same length."""
    list_path, path = folder / "other.vlist", folder / "exchanged.vsnap"
    write_big_list(list_path, VOTERS)
    path.write_bytes(head.to_bytes() + list_path.read_bytes())
    return Counter(
        [code_of(lambda: load_snapshot(path, StationFolder(folder / "new"), STATION, NOW))]
    )


def genuine_ones(folder: Path, signed: Manifest, head: SnapshotHead) -> Counter[str]:
    """Snapshots that are well signed, offered to a station that has number 2."""
    body = (folder / "9042-1.vsnap").read_bytes()[head.size :]
    station, path = StationFolder(folder / "station"), folder / "variant.vsnap"

    def offer(manifest: Manifest, signer: Signer = SIGNER) -> str:
        unsigned = SnapshotHead(manifest.to_bytes(), b"")
        path.write_bytes(unsigned.signed + signer.sign(unsigned.signed) + body)
        return code_of(lambda: load_snapshot(path, station, STATION, NOW))

    second = dataclasses.replace(signed, sequence=2)
    if offer(second):
        raise SystemExit("number 2 is not loaded")
    changed = (
        {"sequence": 1},
        {"precinct": "9043"},
        {"election_day": ElectionDay("another", NOW.date())},
        {"recipients": signed.recipients[1:]},
        {"engines": ("other/1",)},
        {"list_sha256": "ab" * 32},
        {"valid_to": NOW - timedelta(days=1)},
        {"valid_from": NOW + timedelta(days=1)},
    )
    codes = Counter(offer(dataclasses.replace(second, **change)) for change in changed)
    foreign = dataclasses.replace(second, issuer_key=STRANGER.public_key)
    return codes + Counter([offer(foreign, STRANGER)])


def print_tables(about: Machine, timed: Timed, refused: Refused) -> None:
    """Tables for people."""
    print(f"{about.cpu}, {about.cores} cores, Python {about.python}, load {about.load}")
    print(f"{VOTERS} voters, two fingers each; portraits of {PORTRAIT_BYTES} bytes\n")
    first, second = timed
    print(f"| {'':<29} | {first} | {second} |\n|{'-' * 31}|{'-' * 18}:|{'-' * 15}:|")
    for name, value in timed[first].items():
        print(f"| {name:<29} | {value:>17.3f} | {timed[second][name]:>14.3f} |")
    print("\n| change | tried | refused as |\n|---|---|---|")
    for what, codes in refused.items():
        shown = ", ".join(f"`{code or 'NOT REFUSED'}` {n}" for code, n in sorted(codes.items()))
        print(f"| {what} | {codes.total()} | {shown} |")


if __name__ == "__main__":
    main()
