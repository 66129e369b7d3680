"""Many signatures, checked by several processes."""

import os
import signal
import time
from multiprocessing import Pipe, active_children

import pytest

from station_app.domain.entries import SessionStarted
from station_app.journal import signature_checks as module
from station_app.journal import verify_journal
from station_app.journal.signature_checks import SignatureChecks
from tests.journal.journal_samples import Station
from tests.journal.log_samples import KEY, SIGNER

MESSAGES = [str(number).encode() for number in range(20)]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH", 3)


def _all_good(bad: int | None, first: int) -> bool:
    with SignatureChecks(KEY, first, processes=2) as checks:
        for number, message in enumerate(MESSAGES):
            signature = SIGNER.sign(message if number != bad else b"another")
            checks.take(message, signature)
        return checks.all_good()


def test_a_few_need_no_process() -> None:
    assert _all_good(None, first=20)
    with pytest.raises(ValueError, match="not signed by this station"):
        _all_good(19, first=20)
    assert not active_children()


@pytest.mark.parametrize("bad", [None, 5, 19])
def test_more_are_checked_elsewhere(bad: int | None) -> None:
    assert _all_good(bad, first=5) is (bad is None)
    assert not active_children()


@pytest.mark.parametrize("bad", [None, 0, 3])
def test_what_the_other_process_answers(bad: int | None) -> None:
    here, there = Pipe()
    for number in (0, 3):
        messages = MESSAGES[number : number + 3]
        here.send([(one, SIGNER.sign(b"" if number == bad else one)) for one in messages])
    here.send([])
    module._check(there, KEY)
    assert here.recv() is (bad is None)
    here.close()
    module._check(there, KEY)


def test_who_stops_early_leaves_nothing_behind() -> None:
    with SignatureChecks(KEY, 0, processes=1) as checks:
        for message in MESSAGES:
            checks.take(message, SIGNER.sign(message))
        assert len(active_children()) == 1
    assert not active_children()


def test_a_lost_process_is_no_consent() -> None:
    with SignatureChecks(KEY, 0, processes=1) as checks:
        for message in MESSAGES[:6]:
            checks.take(message, SIGNER.sign(message))
        (child,) = active_children()
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        while child.is_alive():
            time.sleep(0.01)
        for message in MESSAGES[6:]:
            checks.take(message, SIGNER.sign(message))
        assert not checks.all_good()


@pytest.mark.parametrize("bad", [None, 7, 12])
def test_a_journal(station: Station, monkeypatch: pytest.MonkeyPatch, bad: int | None) -> None:
    """The report is the same, whoever has checked the signatures."""
    monkeypatch.setattr(SignatureChecks.__init__, "__defaults__", (5, 1))
    station.write_day()
    if bad is not None:
        with station.tampering() as database:
            database.execute(f"UPDATE entry SET signature = zeroblob(64) WHERE number = {bad}")
    report = verify_journal(station.path, station.key, KEY)
    assert (report.sound, report.first_bad) == (bad is None, bad)
    assert report.entries == (12 if bad is None else bad - 1)


def test_a_lost_process_costs_only_time(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SignatureChecks, "all_good", lambda _: False)
    journal = station.create()
    journal.append(SessionStarted(1))
    journal.close()
    assert verify_journal(station.path, station.key, KEY).sound
