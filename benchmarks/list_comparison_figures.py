"""How long a corrected list is held against the one in use before it (ADR 0023).

`python benchmarks/list_comparison_figures.py [--voters 2500] [--json]` writes a list of that
many voters with two fingers each, all of them identified, and three corrections of it: nobody
changed, 25 voters enrolled anew under another id, everybody enrolled anew under another id.
Fingers are random minutiae, as long as real ones and alike to nobody.
"""

import argparse
import json
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine, pack
from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.biometrics.fingerprint.search import list_searcher
from station_app.domain.election import ElectionDay
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import FingerImage
from station_app.domain.voters import Voter
from station_app.flow.list_trial import ListBefore, Matchers, compare_lists
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListHeader, ListKind, VoterList, write_list

FINGERS = (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)
CHANGED = 25
_MINUTIAE = 45
_HEADER = ListHeader(
    kind=ListKind.DEMO,
    election="benchmark",
    precinct="9042",
    place="School",
    station="9042-1",
    seat="1",
    sequence=1,
    created=datetime(2026, 11, 28, tzinfo=UTC),
    engines=(ENGINE,),
    policy=PROVISIONAL,
    election_day=ElectionDay("benchmark", date(2026, 11, 29)),
)
Fingers = list[tuple[int, EnrolledTemplate]]


def fingers_of(voters: int, seed: int) -> Fingers:
    """Two fingers of random minutiae for each voter."""
    chance, engine = np.random.default_rng(seed), FingerEngine()

    def minutiae() -> Minutiae:
        return Minutiae(
            chance.integers(20, 240, _MINUTIAE).astype(np.int32),
            chance.integers(20, 300, _MINUTIAE).astype(np.int32),
            chance.integers(0, 256, _MINUTIAE).astype(np.uint8),
            np.sort(chance.integers(100, 255, _MINUTIAE).astype(np.uint8))[::-1].copy(),
        )

    return [
        (row, engine.enrol_minutiae(minutiae(), place, 80))
        for row in range(voters)
        for place in FINGERS
    ]


def voter(row: int) -> Voter:
    return Voter(
        f"V-{row:016X}", row + 1, f"{row:014d}", "Usonova", "Ayperi", "f", date(1990, 1, 1), "",
        1, row + 1,
    )  # fmt: skip


def anew(row: int) -> Voter:
    return replace(voter(row), voter_id=f"W-{row:016X}", pin=f"9{row:013d}")


def write(path: Path, voters: list[Voter], fingers: Fingers) -> Path:
    write_list(
        path, PUBLIC_DEMO_LIST_KEY, _HEADER, voters=voters, templates=fingers, chunks=pack(fingers)
    )
    return path


def measure(before: Path, new: Path, accepted: int) -> dict[str, float]:
    """Seconds of the comparison alone; the trial has built the new list's gallery already."""
    entries = {f"V-{row:016X}": row + 1 for row in range(accepted)}
    with (
        closing(VoterList.open(before, PUBLIC_DEMO_LIST_KEY)) as old,
        closing(VoterList.open(new, PUBLIC_DEMO_LIST_KEY)) as voters,
    ):
        matchers: Matchers = {FingerImage: list_searcher(voters)}
        told: list[int] = []
        start = time.perf_counter()
        held = ListBefore("ab" * 32, None, entries, marked={}, struck=())
        found = compare_lists(held, old, voters, matchers, lambda done, _: told.append(done))
        seconds = time.perf_counter() - start
    return {
        "seconds": round(seconds, 2),
        "compared": len(told),
        "marked": len(found.marked),
        "missing": found.missing,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voters", type=int, default=2500)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    count = wanted.voters
    fingers = fingers_of(count, seed=1)
    people = [voter(row) for row in range(count)]
    some = [anew(row) if row < CHANGED else voter(row) for row in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        before = write(place / "before.vlist", people, fingers)
        figures = {
            "nobody changed": measure(before, write(place / "same.vlist", people, fingers), count),
            f"{CHANGED} enrolled anew under another id": measure(
                before, write(place / "some.vlist", some, fingers), count
            ),
            "everybody enrolled anew under another id": measure(
                before,
                write(place / "all.vlist", list(map(anew, range(count))), fingers_of(count, 2)),
                count,
            ),
        }
    if wanted.json:
        print(json.dumps(figures))
    else:
        for name, values in figures.items():
            print(f"{name}: {values}")


if __name__ == "__main__":
    main()
