"""The check of an open journal: sound, changed in every way there is, and interrupted."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station_app.domain.entries import SessionStarted
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.flow import integrity
from station_app.flow.integrity import AGE, CheckProgress
from tests.flow.logged_day import LoggedDay, outcome, small_day


@pytest.fixture
def day(tmp_path: Path) -> Iterator[LoggedDay]:
    made = LoggedDay(tmp_path)
    made.write(*small_day())
    yield made
    made.close()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "_PART", 5)


@pytest.mark.usefixtures("small_parts")
def test_a_sound_journal_is_sound_and_progress_is_counted(day: LoggedDay) -> None:
    seen: list[CheckProgress | None] = []
    day.check.observe(lambda: seen.append(day.check.progress))
    found = day.checked()
    assert found is not None
    head = day.journal_lane.call(lambda: day.journal.head)
    assert (found.sound, found.entries, found.first_bad) == (True, 18, 0)
    assert head.short == f"18 {found.short_head}"
    assert [one.checked for one in seen if one is not None] == [0, 0, 5, 10, 15]
    assert seen[-1] is None


@pytest.mark.usefixtures("small_parts")
def test_entries_written_meanwhile_are_left_to_the_next_check(day: LoggedDay) -> None:
    def write() -> None:
        if day.check.progress == CheckProgress(5, 18):
            day.write(SessionStarted(6), outcome(6, OutcomeKind.IDENTIFIED, 3))

    day.check.observe(write)
    found = day.checked()
    assert found is not None
    assert (found.sound, found.entries) == (True, 18)
    again = day.checked()
    assert again is not None
    assert (again.sound, again.entries) == (True, 20)


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE number = 6) WHERE number = 7", 7),
        ("UPDATE entry SET root = zeroblob(32) WHERE number = 9", 9),
        ("UPDATE entry SET signature = zeroblob(64) WHERE number = 3", 3),
        ("UPDATE entry SET ended_session = 77 WHERE number = 5", 5),
        ("DELETE FROM entry WHERE number = 12", 12),
        ("DELETE FROM entry WHERE number = 18", 18),
        ("DELETE FROM entry WHERE number > 15", 16),
        ("DELETE FROM active_acceptance WHERE voter_id = 'V-2'", 0),
    ],
)
@pytest.mark.usefixtures("small_parts")
def test_the_first_bad_entry_is_named(day: LoggedDay, statement: str, first_bad: int) -> None:
    day.change(statement)
    found = day.checked()
    assert found is not None
    assert (found.sound, found.first_bad) == (False, first_bad)


def test_another_history_under_the_same_key_is_no_match(tmp_path: Path, day: LoggedDay) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    other = LoggedDay(folder)
    other.now += timedelta(hours=1)
    other.write(*small_day())
    records = other.journal_lane.call(lambda: other.journal.look.records(1, 99))
    other.close()
    for record in records:
        leaf, root, signature = record.leaf.hex(), record.root.hex(), record.signature.hex()
        day.change(
            f"UPDATE entry SET leaf = x'{leaf}', root = x'{root}', signature = x'{signature}'"
            f" WHERE number = {record.number}"
        )
    found = day.checked()
    assert found is not None
    assert (found.sound, found.first_bad) == (False, 0)


def test_it_is_repeated_when_it_is_old(day: LoggedDay) -> None:
    first = day.checked()
    day.check.check_if_old()
    assert day.check.progress is None
    day.now += AGE
    day.check.check_if_old()
    assert day.bridge.run(lambda: day.check.progress is None, 60)
    assert first is not None
    assert day.check.last is not None
    assert day.check.last.checked_at - first.checked_at >= AGE


def test_it_is_repeated_when_the_journal_has_more_than_doubled(day: LoggedDay) -> None:
    day.checked()
    day.check.check_if_old(seen=36)
    assert day.check.progress is None
    day.check.check_if_old(seen=37)
    assert day.check.progress is not None
    assert day.bridge.run(lambda: day.check.progress is None, 60)


def test_one_check_runs_at_a_time_and_none_after_closing(day: LoggedDay) -> None:
    day.check.check()
    day.check.check()
    day.check.close()
    assert not day.bridge.run(lambda: day.check.progress is None, 0.3)
    day.check.check()
    assert day.check.last is None


@pytest.mark.usefixtures("small_parts")
def test_closing_half_way_ends_the_check(day: LoggedDay) -> None:
    def stop() -> None:
        if day.check.progress == CheckProgress(5, 18):
            day.check.close()

    day.check.observe(stop)
    day.check.check()
    assert not day.bridge.run(lambda: day.check.progress is None, 0.3)
    assert day.check.last is None


class _Unreadable:
    """Stands where a disk fails, which cannot be provoked on a healthy one."""

    def __init__(self, code: str) -> None:
        self._fault = KnownError(code, "The disk does not answer. Call the technician.")

    def acceptances(self) -> dict[str, int]:
        raise self._fault


@pytest.mark.parametrize("code", ["disk_fault", "journal_damaged"])
def test_what_can_not_be_read_is_a_fault_unless_it_was_changed(
    day: LoggedDay, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(type(day.journal), "look", property(lambda _: _Unreadable(code)))
    found = day.checked()
    if code == "disk_fault":
        assert found is None
        assert day.check.fault == code
        assert day.check.progress is None
    else:
        assert found is not None
        assert not found.sound
