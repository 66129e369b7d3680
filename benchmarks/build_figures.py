"""How fast the centre builds lists, and how large a list a station still opens at once.

`python benchmarks/build_figures.py` draws an invented precinct, builds its snapshot from
images and from minutiae records, in one process and in two; reads a register of a million
rows; writes a list of 100,000 voters out of the demo list and looks up PINs in it.
`--voters`, `--register-rows` and `--list-voters` set the sizes; `--json` prints for a machine.
"""

import argparse
import dataclasses
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from big_list import write_big_list

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.images import read_finger_image
from station_app.biometrics.interchange import record_bytes
from station_app.biometrics.interchange.conversion import to_record
from station_app.centre.batch import BatchJob, build
from station_app.centre.csv_records import CsvEncoding
from station_app.centre.policy_file import ElectionRules
from station_app.centre.register import Register
from station_app.centre.register_rows import REQUIRED
from station_app.domain.election import ElectionDay
from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import PROVISIONAL
from station_app.evaluation.timing import Machine, resident_mb, this_machine
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListKind, VoterList
from station_app.synthetic.export import FINGERS_FOLDER, REGISTER_NAME, write_precinct
from station_app.synthetic.precinct import PRECINCT_NUMBER, invent_precinct
from station_app.synthetic.presets import Preset
from station_app.vault import Secret, Signer, StationIdentity

FINGERS = (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)
LOOKUPS = 1000
NOW = datetime(2026, 11, 24, tzinfo=UTC)

Figures = dict[str, float | int | None]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=200)
    parser.add_argument("--register-rows", type=int, default=1_000_000)
    parser.add_argument("--list-voters", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        what, path = asked.alone
        print(json.dumps({"register": register_read, "list": looked_up}[what](Path(path))))
        return
    about = this_machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = build_speeds(folder, asked.voters)
        register = large_register(folder / "voters.csv", asked.register_rows)
        large = large_list(folder / "large.vlist", asked.list_voters)
    if asked.json:
        figures = {"build": built, "register": register, "list": large}
        print(json.dumps({"machine": dataclasses.asdict(about)} | figures))
    else:
        print_tables(about, asked.voters, built, {"register": register, "list": large})


def build_speeds(folder: Path, voters: int) -> dict[str, Figures]:
    """Voters a second, from images and from records, in one process and in two."""
    precinct = invent_precinct(voters, 2026, FINGERS)
    drawn = folder / "drawn"
    write_precinct(precinct, drawn, 1, Preset.GOOD, lambda *_: None)
    images, records = drawn / FINGERS_FOLDER, folder / "records"
    records.mkdir()
    engine = FingerEngine()
    for voter in precinct.voters:
        for position in FINGERS:
            name = f"{voter.voter_id}_{int(position)}"
            found = engine.extract(read_finger_image(images / f"{name}.png"))
            record = to_record(found.minutiae, (320, 384), found.quality, position)
            (records / f"{name}.fmr").write_bytes(record_bytes(record))
    stations = folder / "stations"
    stations.mkdir()
    StationIdentity.generate().public(f"{PRECINCT_NUMBER}-1").save(stations)
    return {
        f"{name}, {jobs} process{'es' if jobs > 1 else ''}": one_build(
            folder, drawn / REGISTER_NAME, what, jobs, voters
        )
        for name, what in (("images", images), ("minutiae records", records))
        for jobs in (1, 2)
    }


def one_build(folder: Path, register: Path, fingers: Path, jobs: int, voters: int) -> Figures:
    """One build: seconds, CPU seconds of all processes, and of them in steps, voters a second."""
    began: dict[str, float] = {}
    ended: dict[str, float] = {}

    def tell(step: str, *_: int) -> None:
        began.setdefault(step, time.perf_counter())
        ended[step] = time.perf_counter()

    job = BatchJob(
        register=register,
        encoding=CsvEncoding.UTF8,
        fingers=fingers,
        portraits=None,
        rules=ElectionRules(
            election="Invented election",
            kind=ListKind.TRAINING,
            valid_from=NOW,
            valid_to=NOW + timedelta(days=9),
            policy=PROVISIONAL,
            election_day=ElectionDay("invented", NOW.date()),
        ),
        recipients=folder / "stations",
        issuer="commission",
        signer=Signer(Secret(b"c" * 32)),
        out=folder / f"out-{fingers.name}-{jobs}",
        precincts=(PRECINCT_NUMBER,),
        now=NOW,
        jobs=jobs,
    )
    cpu, own, wall = cpu_seconds(), time.process_time(), time.perf_counter()
    report = build(job, tell)
    wall, own, cpu = time.perf_counter() - wall, time.process_time() - own, cpu_seconds() - cpu
    assert report.built[0].voters == voters
    return {
        "voters a second": round(voters / wall, 2),
        "seconds": round(wall, 2),
        "of them enrolling": round(ended["enrol"] - began["enrol"], 2),
        "searching for shared fingers": round(ended["search"] - ended["enrol"], 2),
        "writing, signing": round(ended["precincts"] - ended["search"], 2),
        "CPU milliseconds a voter": round(cpu / voters * 1000, 1),
        "of them not shared": round(own / voters * 1000, 1),
        "a process at most (MB)": round(
            resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        )
        if jobs > 1
        else resident_mb(peak=True),
    }


def cpu_seconds() -> float:
    """Of this process and its ended children."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def large_register(path: Path, rows: int) -> Figures:
    """Reading a register, by a process that has done nothing else."""
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join((*REQUIRED, "precinct", "place")) + "\n")
        for n in range(rows):
            file.write(
                f"V-{n:016X},{n // 400 + 1},{n:014d},Үсөнова,Айпери Жоомартовна,f,1990-01-05,"
                f'"ул. Ынтымак, {n % 90}",{n // 20},{n % 20 + 1},{n % 400:04d},№ 5 мектеп\n'
            )
    return {"file (MB)": round(path.stat().st_size / 1e6, 1)} | alone("register", path)


def register_read(path: Path) -> Figures:
    """The first reading, and one precinct's rows."""
    before, cpu = resident_mb(), time.process_time()
    with closing(Register.open(path, CsvEncoding.UTF8, lambda *_: None)) as register:
        cpu = time.process_time() - cpu
        start = time.perf_counter()
        rows = len(list(register.rows_of(register.precincts[0])))
        return {
            "rows": len(register),
            "precincts": len(register.precincts),
            "first reading, CPU (s)": round(cpu, 1),
            f"a precinct of {rows} rows (ms)": round((time.perf_counter() - start) * 1000, 1),
            "memory at most (MB)": round((resident_mb(peak=True) or 0) - (before or 0), 1),
        }


def alone(what: str, path: Path) -> Figures:
    """The figures of `register_read` or `looked_up` in a process of its own."""
    command = [sys.executable, __file__, "--alone", what, str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(answer.stdout)
    return figures


def large_list(path: Path, voters: int) -> Figures:
    """The size of a list, and how it is used by a process that has done nothing else."""
    fingers = write_big_list(path, voters)
    size = path.stat().st_size
    return {"fingers": fingers, "file (MB)": round(size / 1e6, 1)} | alone("list", path)


def looked_up(path: Path) -> Figures:
    """Open, look up random PINs (every second one on the list), then read the gallery."""
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        chance = random.Random(7)
        pins = [voters.voter(chance.randrange(voters.voters)).pin for _ in range(LOOKUPS)]
    before, start = resident_mb(), time.perf_counter()
    with closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as voters:
        opened, count = time.perf_counter() - start, voters.voters
        times = []
        for number, pin in enumerate(pins):
            wanted = pin if number % 2 else pin[::-1]
            start = time.perf_counter()
            row = voters.find_by_pin(wanted)
            if row is not None:
                voters.voter(row)
            times.append((time.perf_counter() - start) * 1000)
        searching = resident_mb()
        start = time.perf_counter()
        gallery = Gallery(voters.chunks(ENGINE), ENGINE)
        ready = time.perf_counter() - start
    return {
        "voters": count,
        "open (ms)": round(opened * 1000, 2),
        "PIN to voter, median (ms)": round(median(times), 3),
        "PIN to voter, 99 % (ms)": round(quantiles(times, n=100)[-1], 3),
        "PIN to voter, slowest (ms)": round(max(times), 3),
        "memory for opening and PINs (MB)": round((searching or 0) - (before or 0), 1),
        "gallery read and packed (s)": round(ready, 2),
        "memory of the gallery (MB)": round(gallery.memory / 1e6, 1),
        "resident with the gallery (MB)": resident_mb(),
        "resident at most (MB)": resident_mb(peak=True),
    }


def print_tables(
    about: Machine, voters: int, built: dict[str, Figures], large: dict[str, Figures]
) -> None:
    """As they stand in the documents."""
    print(f"{about.cpu}, {about.cores} cores, load {about.load}, Python {about.python}\n")
    names = list(next(iter(built.values())))
    print(f"| {voters} voters, {len(FINGERS)} fingers each, from | " + " | ".join(names) + " |")
    print("|---" * (len(names) + 1) + "|")
    for what, figures in built.items():
        print(f"| {what} | " + " | ".join(str(figures[name]) for name in names) + " |")
    for what, figures in large.items():
        print(f"\n| large {what} | |\n|---|---|")
        for name, figure in figures.items():
            print(f"| {name} | {figure} |")


if __name__ == "__main__":
    main()
