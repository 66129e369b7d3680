"""The write-ahead log that a cut-off writer leaves: whole, changed, cut short, thrown away.

SQLite ends a log at the first frame that is not intact, as after a power cut. Entries
whose frames were changed on purpose are lost that way; the head outside the file, which
covers them, tells.
"""

import shutil
from pathlib import Path

import pytest

from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from station_app.journal import Journal, verify_journal
from tests.durability.durable_station import KEY, ORIGIN, SIGNER, identified, now, open_or_create

FRAME = 24 + 16384
HEADER = 32


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """A journal of 5 entries whose writer was cut off: the last 4 are in the log only."""
    running = open_or_create(tmp_path / "running" / "journal.db")
    for session in (1, 2):
        running.append(SessionStarted(session))
        running.append(identified(session))
    folder = tmp_path / "cut"
    shutil.copytree(tmp_path / "running", folder)
    running.close()
    return folder / "journal.db"


def _log(journal: Path) -> Path:
    return journal.with_name("journal.db-wal")


def _verdict(journal: Path) -> str:
    """ "sound", the reason of the report, or the code of the refusal."""
    try:
        report = verify_journal(journal, KEY, SIGNER.public_key)
    except KnownError as error:
        return error.code
    return "sound" if report.sound else report.reason


def _open_code(journal: Path) -> str:
    try:
        Journal.open(journal, KEY, SIGNER, ORIGIN, now).close()
    except KnownError as error:
        return error.code
    return "sound"


def test_a_whole_log_is_read_and_folded_in(cut: Path) -> None:
    assert _verdict(cut) == "sound"
    journal = Journal.open(cut, KEY, SIGNER, ORIGIN, now)
    assert journal.size == 5
    journal.close()
    assert not _log(cut).exists()
    assert verify_journal(cut, KEY, SIGNER.public_key).entries == 5


def test_a_log_thrown_away(cut: Path) -> None:
    _log(cut).unlink()
    assert ".head" in _verdict(cut)
    assert _open_code(cut) == "journal_rolled_back"


def test_a_log_cut_short(cut: Path) -> None:
    content = _log(cut).read_bytes()
    for size in (0, 10, HEADER, HEADER + 10, HEADER + FRAME, len(content) - 1):
        _log(cut).write_bytes(content[:size])
        assert _verdict(cut) != "sound", f"cut to {size} bytes"


@pytest.mark.parametrize("opening", [False, True], ids=["verify", "open"])
def test_a_changed_byte_in_any_frame(cut: Path, opening: bool) -> None:
    """Every frame's header, and a stride over the page in it."""
    content = _log(cut).read_bytes()
    frames = (len(content) - HEADER) // FRAME
    assert frames >= 8
    places = [*range(HEADER)] if not opening else []
    for frame in range(frames):
        start = HEADER + frame * FRAME
        places += [start + offset for offset in (0, 3, 4, 9, 17, 23, 24, 5000, FRAME - 1)]
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 0x10
        case = cut.parent / f"case-{place}-{opening}"
        case.mkdir()
        for name in ("journal.db", "journal.db.head"):
            shutil.copy(cut.parent / name, case / name)
        (case / "journal.db-wal").write_bytes(changed)
        verdict = (_open_code if opening else _verdict)(case / "journal.db")
        assert verdict != "sound", f"byte {place}"
        assert "fault" not in verdict, f"byte {place}"
