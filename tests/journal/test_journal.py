"""The station's journal: writing, opening again, refusing what is not its own."""

import os
import shutil
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlcipher3.dbapi2 import DatabaseError

from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.entries import (
    Entry,
    FacesProposed,
    HeadNotTurned,
    SessionStarted,
)
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.journal import verify_journal
from station_app.journal.checkpoints import read_note
from station_app.vault import Secret, Signer, StationFolder
from tests.journal.journal_samples import (
    MORNING,
    ORIGIN,
    Station,
    already,
    by_face,
    day,
    ended,
    face_compared,
    face_try,
    finger_try,
    identified,
)


def _refusal(station: Station) -> KnownError:
    with pytest.raises(KnownError) as caught:
        station.open()
    return caught.value


def _cut_ms(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def test_a_new_journal_says_whose_it_is(station: Station) -> None:
    journal = station.create()
    assert journal.size == 1
    assert journal.opened == station.opening()
    assert journal.last_session() == 0
    head = read_note(journal.head.note, station.signer.public_key)
    assert (head.origin, head.size) == (ORIGIN, 1)
    assert station.head.read_text() == journal.head.note
    journal.close()
    assert {entry.name for entry in station.path.parent.iterdir()} == {
        "journal.db",
        "journal.db.head",
    }
    assert StationFolder(station.path.parent).journal == station.path


def test_files_are_private(station: Station) -> None:
    journal = station.create()
    journal.append(SessionStarted(1))
    for file in station.path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    journal.close()


def test_append_answers_number_and_time(station: Station) -> None:
    journal = station.create()
    answer = journal.append(SessionStarted(1))
    assert answer == Appended(2, _cut_ms(station.now))
    assert answer.at.microsecond % 1000 == 0
    journal.close()


def test_every_append_is_in_the_head_outside(station: Station) -> None:
    journal = station.create()
    for number, entry in enumerate(day(), start=2):
        assert journal.append(entry) == Appended(number, _cut_ms(station.now))
        head = read_note(station.head.read_text(), station.signer.public_key)
        assert head.size == journal.size == number
        assert journal.head.note == station.head.read_text()
    journal.close()


def test_opens_again_where_it_ended(station: Station) -> None:
    station.write_day()
    journal = station.open()
    assert journal.size == 12
    assert journal.last_session() == 4
    assert journal.head.note == station.head.read_text()
    assert journal.append(SessionStarted(5)) == Appended(13, _cut_ms(station.now))
    journal.close()
    assert verify_journal(station.path, station.key, station.signer.public_key).sound


def test_a_voter_is_accepted_once(station: Station) -> None:
    journal = station.create()
    journal.append(SessionStarted(1))
    first = journal.append(identified(1, 17))
    assert isinstance(first, Appended)
    journal.append(SessionStarted(2))
    size = journal.size
    assert journal.append(identified(2, 17)) == AlreadyAccepted(3, first.at)
    assert journal.size == size
    journal.append(already(2, 17, 3))
    journal.close()
    journal = station.open()
    journal.append(SessionStarted(3))
    assert journal.append(identified(3, 17)) == AlreadyAccepted(3, first.at)
    assert isinstance(journal.append(identified(3, 18)), Appended)
    journal.close()
    assert verify_journal(station.path, station.key).identified == 2


@pytest.mark.parametrize(
    ("before", "entry", "why"),
    [
        ([], Station(Path()).opening(), "only the first, opens the journal"),
        ([], finger_try(1), "session 1 has ended or has not begun"),
        ([], ended(1, OutcomeKind.ABANDONED), "session 1 has ended or has not begun"),
        ([SessionStarted(2)], SessionStarted(1), "session 1 is not a new one"),
        ([SessionStarted(2)], SessionStarted(2), "session 2 is not a new one"),
        (
            [SessionStarted(1), ended(1, OutcomeKind.ABANDONED)],
            ended(1, OutcomeKind.REFUSED),
            "session 1 has ended",
        ),
        ([SessionStarted(1), identified(1, 7)], identified(1, 8), "session 1 has ended"),
        ([SessionStarted(1), identified(1, 7)], finger_try(1), "session 1 has ended"),
        ([SessionStarted(1)], already(1, 7, 2), "did not identify this voter first"),
        ([], face_try(1), "session 1 has ended or has not begun"),
        ([SessionStarted(1), face_try(1)], by_face(1, 7), "have not both said"),
        (
            [SessionStarted(1), face_compared(1, True, False)],
            by_face(1, 7),
            "have not both said",
        ),
        (
            [SessionStarted(1), face_compared(1, False, True)],
            by_face(1, 7),
            "have not both said",
        ),
        ([SessionStarted(1), face_compared(1, True, True)], by_face(1, 7), "have not both said"),
        ([SessionStarted(1), face_try(1)], identified(1, 7), "have not both said"),
        (
            [SessionStarted(1), finger_try(1), face_compared(1, False, None)],
            identified(1, 7),
            "have not both said",
        ),
        (
            [
                SessionStarted(1),
                face_try(1),
                face_compared(1, True, True),
                ended(1, OutcomeKind.ABANDONED),
                SessionStarted(2),
            ],
            by_face(2, 7),
            "have not both said",
        ),
        (
            [SessionStarted(1), identified(1, 7), SessionStarted(2)],
            already(2, 7, 4),
            "did not identify this voter first",
        ),
    ],
)
def test_an_entry_that_may_not_come_is_a_mistake_of_the_program(
    station: Station, before: list[Entry], entry: Entry, why: str
) -> None:
    journal = station.create()
    for one in before:
        journal.append(one)
    with pytest.raises(ValueError, match=why):
        journal.append(entry)
    assert journal.size == len(before) + 1
    journal.append(SessionStarted(9))
    journal.close()
    assert verify_journal(station.path, station.key).sound


def test_a_day_with_faces(station: Station) -> None:
    journal = station.create()
    for entry in (
        SessionStarted(1), finger_try(1), face_try(1, 2), face_compared(1, True, True),
        by_face(1, 7),
        SessionStarted(2), HeadNotTurned(2), ended(2, OutcomeKind.UNREADABLE),
        SessionStarted(3), face_try(3), FacesProposed(3, 2), finger_try(3, 2),
    ):  # fmt: skip
        journal.append(entry)
    figures = journal.look.figures()
    assert (figures.by_face, figures.identified, figures.unreadable) == (1, 1, 1)
    journal.close()
    assert verify_journal(station.path, station.key).identified == 1
    journal = station.open()
    assert journal.close_interrupted_sessions() == 1
    assert journal.look.figures().interrupted == 1
    journal.close()


def test_sessions_cut_by_a_crash_are_ended_at_the_next_start(station: Station) -> None:
    journal = station.create()
    for entry in (SessionStarted(1), SessionStarted(2), finger_try(2), finger_try(2, 2)):
        journal.append(entry)
    journal.append(ended(1, OutcomeKind.ABANDONED))
    journal.close()
    journal = station.open()
    assert journal.close_interrupted_sessions() == 1
    assert journal.close_interrupted_sessions() == 0
    assert journal.look.figures().interrupted == 1
    with pytest.raises(ValueError, match="session 2"):
        journal.append(identified(2, 7))
    journal.close()
    assert verify_journal(station.path, station.key).sound


def test_figures_and_outcomes(station: Station) -> None:
    station.write_day()
    journal = station.open()
    figures = journal.look.figures()
    assert (figures.identified, figures.already_identified, figures.not_on_list) == (2, 1, 1)
    outcomes = journal.look.day_outcomes()
    assert [one.number for one in outcomes] == [3, 8, 10, 12]
    *_, second, newest = outcomes
    assert (newest.number, newest.at) == (12, _cut_ms(MORNING + timedelta(seconds=12)))
    assert (newest.outcome, newest.list_number) == (OutcomeKind.NOT_ON_LIST, None)
    assert (second.number, second.list_number) == (10, 17)
    journal.close()


def test_is_not_made_over_another(station: Station) -> None:
    station.write_day()
    with pytest.raises(KnownError) as caught:
        station.create()
    assert caught.value.code == "file_exists"
    station.path.unlink()
    with pytest.raises(KnownError) as caught:
        station.create()
    assert caught.value.code == "journal_missing"


def test_the_opening_names_the_signing_key(station: Station) -> None:
    signer = station.signer
    station.signer = Signer(Secret(b"t" * 32))
    opening = station.opening()
    station.signer = signer
    station.opening = lambda: opening  # type: ignore[method-assign]
    with pytest.raises(ValueError, match="signing key"):
        station.create()
    assert not station.path.exists()


def test_nowhere_to_make_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnownError) as caught:
        Station(tmp_path / "file" / "station").create()
    assert caught.value.code == "no_write_permission"


def test_a_draft_of_a_crash_is_no_hindrance(station: Station) -> None:
    station.path.parent.mkdir()
    station.path.with_name("journal.db.0123456789abcdef.new").write_bytes(b"half a journal")
    station.create().close()
    station.open().close()


def test_another_stations_journal(station: Station, tmp_path: Path) -> None:
    station.write_day()
    station.origin = "station-app/demo/9042-2"
    assert _refusal(station).code == "foreign_journal"
    station.origin = ORIGIN
    station.signer = Signer(Secret(b"t" * 32))
    assert _refusal(station).code == "foreign_journal"


def test_the_wrong_key(station: Station) -> None:
    station.write_day()
    station.key = Secret(b"l" * 32)
    assert _refusal(station).code == "wrong_key"


def test_no_journal(station: Station) -> None:
    assert _refusal(station).code == "journal_missing"


def test_a_second_program(station: Station) -> None:
    journal = station.create()
    assert _refusal(station).code == "already_running"
    journal.append(SessionStarted(1))
    journal.close()


def test_an_old_copy_put_back(station: Station, tmp_path: Path) -> None:
    station.create().close()
    shutil.copy(station.path, tmp_path / "old.db")
    journal = station.open()
    journal.append(SessionStarted(1))
    journal.close()
    shutil.copy(tmp_path / "old.db", station.path)
    assert _refusal(station).code == "journal_rolled_back"
    report = verify_journal(station.path, station.key)
    assert not report.sound
    assert report.first_bad is None


def test_an_old_copy_that_was_written_on(station: Station, tmp_path: Path) -> None:
    """Without its head the copy grew past it: at the head's size the trees differ."""
    station.write_day()
    head = station.head.read_bytes()
    for file in (station.path, station.head):
        file.unlink()
    station.now = MORNING + timedelta(hours=1)
    station.write_day()
    journal = station.open()
    journal.append(SessionStarted(5))
    journal.close()
    station.head.write_bytes(head)
    assert _refusal(station).code == "journal_rolled_back"


def test_a_head_that_a_crash_left_behind(station: Station) -> None:
    journal = station.create()
    behind = station.head.read_bytes()
    journal.append(SessionStarted(1))
    journal.append(ended(1, OutcomeKind.ABANDONED))
    ahead = station.head.read_bytes()
    journal.close()
    station.head.write_bytes(behind)
    assert verify_journal(station.path, station.key).sound
    station.open().close()
    assert station.head.read_bytes() == ahead


def test_a_crash_before_the_first_head(station: Station) -> None:
    station.create().close()
    head = station.head.read_bytes()
    station.head.unlink()
    assert verify_journal(station.path, station.key).sound
    station.open().close()
    assert station.head.read_bytes() == head


def test_a_head_that_is_gone(station: Station) -> None:
    station.write_day()
    station.head.unlink()
    assert _refusal(station).code == "journal_head_missing"
    assert not verify_journal(station.path, station.key).sound


@pytest.mark.parametrize("content", [b"", b"text", b"\xff\xfe", b"x" * 100_000])
def test_a_head_that_is_damaged(station: Station, content: bytes) -> None:
    station.write_day()
    station.head.write_bytes(content)
    assert _refusal(station).code == "journal_head_damaged"


def test_a_head_that_is_a_folder(station: Station) -> None:
    station.write_day()
    station.head.unlink()
    station.head.mkdir()
    assert _refusal(station).code == "journal_head_damaged"
    report = verify_journal(station.path, station.key)
    assert not report.sound
    assert ".head" in report.reason


def test_the_head_of_another_journal_with_the_same_key(station: Station, tmp_path: Path) -> None:
    station.write_day()
    other = Station(tmp_path / "other", "station-app/demo/9042-2")
    other.write_day()
    shutil.copy(other.head, station.head)
    assert _refusal(station).code == "foreign_journal"


@pytest.mark.expected_log("head_file_behind")
def test_the_head_file_can_not_be_written(station: Station) -> None:
    """The entry is durable all the same; the next append heals the head, or writes nothing."""
    journal = station.create()
    station.head.unlink()
    station.head.mkdir()
    assert isinstance(journal.append(SessionStarted(1)), Appended)
    with pytest.raises(KnownError):
        journal.append(ended(1, OutcomeKind.ABANDONED))
    assert journal.size == 2
    station.head.rmdir()
    assert journal.append(ended(1, OutcomeKind.ABANDONED)) == Appended(3, _cut_ms(station.now))
    assert station.head.read_text() == journal.head.note
    journal.close()
    assert verify_journal(station.path, station.key).sound


def test_an_acceptance_without_its_entry_is_damage(station: Station) -> None:
    station.write_day()
    with station.tampering() as database:
        database.execute("DELETE FROM active_acceptance WHERE entry = 3")
    assert _refusal(station).code == "journal_damaged"


def test_entries_can_not_be_changed_by_statement(station: Station) -> None:
    station.write_day()
    journal = station.open()
    database = journal._database
    for statement in ("DELETE FROM entry WHERE number = 12", "UPDATE entry SET leaf = x'00'"):
        with pytest.raises(DatabaseError, match="entries"):
            database.execute(statement)
    journal.close()


def test_two_outcomes_of_a_session_do_not_fit_in_the_table(station: Station) -> None:
    station.write_day()
    with (
        station.tampering() as database,
        pytest.raises(DatabaseError, match="UNIQUE"),
    ):
        database.execute("UPDATE entry SET ended_session = 1 WHERE number = 8")


def test_an_append_survives_a_full_disk(station: Station) -> None:
    journal = station.create()
    journal.append(SessionStarted(1))
    journal._database.execute("PRAGMA max_page_count=1")
    session = 2

    def write_until_full() -> None:
        nonlocal session
        while True:
            journal.append(SessionStarted(session))
            session += 1

    with pytest.raises(KnownError) as caught:
        write_until_full()
    assert caught.value.code == "disk_full"
    assert journal.size == session
    journal._database.execute("PRAGMA max_page_count=1000")
    assert journal.append(SessionStarted(session)) == Appended(session + 1, _cut_ms(station.now))
    journal.close()
    assert verify_journal(station.path, station.key).entries == session + 1


def test_syncs_before_it_answers(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = station.create()
    synced: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(handle)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    journal.append(SessionStarted(1))
    assert len(synced) == 2  # the head file and its folder; SQLite syncs its log itself
    journal.close()
