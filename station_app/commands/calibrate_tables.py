"""What `station-app calibrate` prints: Markdown tables, as they go into docs/accuracy.md."""

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.table import Table

from station_app.biometrics.evaluation.calibration_run import (
    CHECKED_AT,
    SEARCHED,
    CalibrationRun,
    Checked,
    decisions,
)
from station_app.biometrics.evaluation.two_fingers import JOINED_AT, TwoFingers
from station_app.biometrics.fingerprint.calibration import Calibration


def tables(run: CalibrationRun, joined: Sequence[TwoFingers]) -> list[Table]:
    """The fit, its check, the thresholds, and two fingers joined."""
    return [
        _fits(run.calibration.made_from),
        _checks(run.checks),
        _thresholds(run.calibration),
        _joined(joined),
    ]


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.MARKDOWN)
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _fits(told: dict[str, Any]) -> Table:
    shape, least, most = told["shape"]
    levels = list(told["decided_by"])
    needs = (f"needed at 10^-{level}: fit, edge" for level in levels)
    table = _table(
        f"Tails of common shape {shape} ({least} to {most})", "set", "comparisons", *needs
    )
    for one in told["sets"]:
        edges = (one["needed"][level] for level in levels)
        scores = (f"{fitted:.4f}, {high:.4f}" for fitted, high in edges)
        table.add_row(one["name"], f"{one['comparisons']:,}", *scores)
    return table


def _checks(checks: Sequence[Checked]) -> Table:
    table = _table(
        "Share of impostors counted where the mapping says 10^-n",
        "set", "comparisons", *(f"10^-{level:g}" for level in CHECKED_AT), "held",
    )  # fmt: skip
    for check in checks:
        held = "yes" if check.held else "no"
        table.add_row(check.name, f"{check.comparisons:,}", *map(_share, check.shares), held)
    return table


def _thresholds(calibration: Calibration) -> Table:
    table = _table("Thresholds", "decision", "-log10 FMR", "raw score")
    for name, level in decisions().items():
        table.add_row(name, f"{level:.2f}", f"{calibration.needed(level):.4f}")
    return table


def _joined(joined: Sequence[TwoFingers]) -> Table:
    strangers = (f"strangers at 10^-{level:g}" for level in JOINED_AT)
    missed = ("missed by one", "by two", "by two joined")
    table = _table(f"Two fingers joined, {SEARCHED} searched", "set", *strangers, *missed)
    for two in joined:
        missed_shares = (two.missed_one, two.missed_two, two.missed_joined)
        shares = (f"{share:.1f} %" for share in missed_shares)
        table.add_row(two.name, *map(_share, two.impostors), *shares)
    return table


def _share(share: float) -> str:
    return f"{share:.1e}" if share else "0"
