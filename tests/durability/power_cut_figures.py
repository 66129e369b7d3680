"""How many disks the power-cut replay judges, and what it finds on them.

    python -m tests.durability.power_cut_figures [--every-sector] [--log-as-shipped]

`--every-sector` tears each write at every sector, `--log-as-shipped` writes 45 sessions with the
product's own limit of 256 pages (not reached in mid-run): minutes, not seconds. A log is one file
or, after a fold, its next use from its beginning.
"""

import argparse
import time
from collections.abc import Sequence

from tests.durability.journal_after_cut import acknowledged
from tests.durability.power_cuts import (
    FULL_RUN,
    SHORT_RUN,
    Start,
    killed_at_birth,
    laboratory,
    record_journal,
)
from tests.durability.test_power_cuts import FOLD, folds

SYNCS_OF_BIRTH = range(1, 12)


def judge(name: str, starts: Sequence[Start], options: Sequence[str], every_sector: bool) -> None:
    begun = time.monotonic()
    with laboratory() as work:
        run = record_journal(work, starts, *options)
        count = found = 0
        for _, fault in run.disks(every_sector=every_sector):
            count += 1
            found += bool(fault)
    operations = run.history.operations
    print(
        f"{name:19}{len(starts):7}{acknowledged(run.history.said):8}{folds(operations):7}"
        f"{len(operations):11,}{count:8,}{found:8,}{time.monotonic() - begun:7.0f} s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every-sector", action="store_true")
    parser.add_argument("--log-as-shipped", action="store_true")
    given = parser.parse_args()
    print(f"{'':19} starts entries   logs operations   disks  faulty     took")
    judge("the full run", FULL_RUN, FOLD, given.every_sector)
    for sync in SYNCS_OF_BIRTH:
        judge(f"killed at fsync {sync}", killed_at_birth(sync), FOLD, given.every_sector)
    if given.log_as_shipped:
        starts = (Start(("45",)), Start(("0",), 8), Start(("0",)))
        judge("the log as shipped", starts, (), given.every_sector)
    for way in ("NORMAL", "OFF", "head", "folder"):
        judge(f"made weak: {way}", SHORT_RUN, (*FOLD, "--weak", way), every_sector=False)


if __name__ == "__main__":
    main()
