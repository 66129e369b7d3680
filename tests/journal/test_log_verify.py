"""Judging a log: what is signed may still break the rules of entries."""

from pathlib import Path

import pytest

from station_app.domain.entries import SessionStarted
from station_app.journal.leaves import utc_milliseconds, write_leaf
from station_app.journal.tlog_tiles import log_files
from station_app.journal.verify import VerifyReport, verify_log
from tests.journal.journal_samples import MORNING, ORIGIN, Station, day, identified
from tests.journal.log_samples import KEY, leaves_of, log_of, signed_note


def test_a_sound_log(station: Station) -> None:
    station.write_day()
    leaves = leaves_of(station)
    files = dict(log_files(station.head.read_text(), leaves))
    report = verify_log(files, KEY)
    assert report == VerifyReport(
        sound=True,
        entries=12,
        first_bad=None,
        reason="",
        origin=ORIGIN,
        root=report.root,
        public_key=KEY.hex(),
        key_is_given=True,
        sessions=4,
        identified=2,
    )
    without = verify_log(files, None)
    assert without.sound
    assert not without.key_is_given
    assert without.public_key == KEY.hex()


@pytest.mark.parametrize("key", [KEY, None])
def test_a_log_that_was_changed(key: bytes | None) -> None:
    files = log_of(_leaves()) | {"tile/0/000.p/12": b""}
    report = verify_log(files, key)
    assert (report.sound, report.entries, report.first_bad) == (False, 0, None)
    assert "tile/0/000.p/12 does not fit" in report.reason
    assert report.public_key == (key.hex() if key else "")


def _leaves() -> list[bytes]:
    at = utc_milliseconds(MORNING)
    return [write_leaf(entry, at) for entry in (Station(Path()).opening(), *day())]


@pytest.mark.parametrize(
    ("change", "first_bad", "reason"),
    [
        (lambda leaves: leaves[1:], 1, "opens the journal"),
        (lambda leaves: [*leaves, leaves[2]], 13, "ended or has not begun"),
        (lambda leaves: [*leaves, b"{}"], 13, "kind is not known"),
        (
            lambda leaves: [
                *leaves,
                write_leaf(SessionStarted(5), utc_milliseconds(MORNING)),
                write_leaf(identified(5, 17), utc_milliseconds(MORNING)),
            ],
            14,
            "was identified before",
        ),
    ],
)
def test_rules_hold_for_signed_entries_too(change, first_bad: int, reason: str) -> None:
    report = verify_log(log_of(change(_leaves())), KEY)
    assert not report.sound
    assert (report.first_bad, report.entries) == (first_bad, first_bad - 1)
    assert reason in report.reason


def test_a_log_of_nothing() -> None:
    report = verify_log(log_of([]), KEY)
    assert "has no entry" in report.reason


@pytest.mark.parametrize("origin", [ORIGIN, "station-app/demo/9"])
def test_an_opening_of_another_journal(origin: str) -> None:
    leaves = _leaves()
    if origin == ORIGIN:
        leaves[0] = leaves[0].replace(KEY.hex().encode(), bytes(32).hex().encode())
    files = dict(log_files(signed_note(leaves, origin=origin), leaves))
    report = verify_log(files, KEY)
    assert (report.sound, report.entries, report.first_bad) == (False, 0, 1)
    assert "opens another journal" in report.reason
