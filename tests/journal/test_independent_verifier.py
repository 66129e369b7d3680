"""Two verifiers that share no line of code say the same of every log."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.domain.entries import (
    DayOpened,
    DayReopened,
    DifferenceExplained,
    Entry,
    IssuedElsewhere,
    JournalEnded,
    ListCounted,
    ListProven,
    SessionStarted,
    StopDecided,
    StruckOff,
    VoterMarked,
)
from station_app.domain.entry_codes import (
    BallotPlace,
    Count,
    OutcomeKind,
    ReopenReason,
    StopFinding,
    StrikeReason,
)
from station_app.journal.leaves import write_leaf
from station_app.journal.tlog_tiles import log_files
from station_app.journal.verify import verify_log
from tests.journal import independent_verifier
from tests.journal.journal_samples import MORNING, Station, already, day, ended, identified
from tests.journal.log_samples import KEY, leaves_of, log_of
from tests.journal.test_carrying import Spare, takeover
from tests.journal.test_journal_day import OPENED, closed, voided

Leaves = list[bytes]

STRUCK = StruckOff(f"V-{17:016X}", 17, StrikeReason.MOVED, "chair-1", "member-1")
SECOND_LIST = ListProven("ef" * 32, 2, "cd" * 32)


def _leaves(*entries: Entry) -> Leaves:
    return [write_leaf(entry, MORNING.replace(microsecond=0)) for entry in entries]


def _opening() -> Entry:
    return Station(Path()).opening()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _both(folder: Path, files: Mapping[str, bytes], key: bytes = KEY) -> list[bool]:
    """What ours and the other say: sound or not."""
    _write(folder, files)
    try:
        independent_verifier.verify(folder, key)
    except independent_verifier.UnsoundError:
        theirs = False
    else:
        theirs = True
    return [verify_log(files, key).sound, theirs]


SOUND: dict[str, Callable[[], list[Entry]]] = {
    "a first entry": lambda: [],
    "a day": day,
    "a void": lambda: [
        SessionStarted(1), identified(1, 17), voided(3, 17),
        SessionStarted(2), identified(2, 17), SessionStarted(3), already(3, 17, 6),
    ],
    "two days": lambda: [
        OPENED, SessionStarted(1), identified(1, 17),
        DifferenceExplained(Count.SLIPS, 1, 0, "No printer was there."),
        closed(by_finger=1, ballots=1, signatures=1),
        DayOpened(2, 1, 600, "", 0, "chair-1", "member-1"),
        SessionStarted(2), identified(2, 17),
    ],
    "a list without who is struck off": lambda: [
        OPENED, STRUCK, SECOND_LIST, ListCounted(2, 0, "3"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_sound_logs(tmp_path: Path, name: str) -> None:
    files = log_of(_leaves(_opening(), *SOUND[name]()))
    assert _both(tmp_path, files) == [True, True]


def test_a_journal_of_more_than_a_tile(tmp_path: Path) -> None:
    entries = [
        entry
        for session in range(1, 301)
        for entry in (SessionStarted(session), identified(session, session))
    ]
    assert _both(tmp_path, log_of(_leaves(_opening(), *entries))) == [True, True]


def test_a_journal_that_carries_another(tmp_path: Path, station: Station) -> None:
    first = station.create()
    for entry in (SessionStarted(1), identified(1, 17), SessionStarted(2), identified(2, 4)):
        first.append(entry)
    first.append(voided(3, 17))
    first.append(STRUCK)
    first.append(ListCounted(1, 0, "7"))
    spare = Spare(tmp_path / "spare")
    second = spare.create()
    second.append_all(takeover(first, station))
    assert second.look.left_out == (9,)
    with pytest.raises(ValueError, match="strikes nobody off"):
        second.append(ListCounted(1, 600, "7"))
    second.append(ListCounted(1, 600, "9"))
    assert second.look.figures().entitled == 600
    for entry in (SessionStarted(3), identified(3, 5), voided(13, 5)):
        second.append(entry)
    note = second.head.note
    second.close()
    files = dict(log_files(note, leaves_of(spare)))
    key = spare.signer.public_key
    assert _both(tmp_path / "log", files, key) == [True, True]


UNSOUND: dict[str, Callable[[], Leaves]] = {
    "nobody's": lambda: [],
    "no opening": lambda: _leaves(SessionStarted(1)),
    "two openings": lambda: _leaves(_opening(), _opening()),
    "another's opening": lambda: _leaves(Station(Path(), "station-app/demo/9").opening()),
    "identified twice": lambda: _leaves(
        _opening(), SessionStarted(1), identified(1, 17), SessionStarted(2), identified(2, 17)
    ),
    "two outcomes": lambda: _leaves(
        _opening(), SessionStarted(1), identified(1, 17), ended(1, OutcomeKind.REFUSED)
    ),
    "a void of nothing": lambda: _leaves(_opening(), voided(1, 17)),
    "a void of another entry": lambda: _leaves(
        _opening(), SessionStarted(1), identified(1, 17), voided(2, 17)
    ),
    "a void twice": lambda: _leaves(
        _opening(), SessionStarted(1), identified(1, 17), voided(3, 17), voided(3, 17)
    ),
    "a STOP decided after the closing": lambda: _leaves(
        _opening(), OPENED, SessionStarted(1), identified(1, 17), SessionStarted(2),
        already(2, 17, 4), DifferenceExplained(Count.SLIPS, 1, 0, "No printer was there."),
        closed(by_finger=1, already_identified=1, ballots=1, signatures=1),
        StopDecided(6, StopFinding.OTHER, "operator-1", "member-1"),
    ),
    "a ballot taken to nobody": lambda: _leaves(
        _opening(), OPENED, IssuedElsewhere("", 0, BallotPlace.HOME, "chair-1", "member-1")
    ),
    "nobody struck off is left out": lambda: _leaves(
        _opening(), OPENED, SessionStarted(1), identified(1, 17), ListCounted(1, 600, "4")
    ),
    "more struck off than listed": lambda: _leaves(
        _opening(), OPENED, STRUCK, ListCounted(1, 0, "")
    ),
    "another list counted": lambda: _leaves(
        _opening(), OPENED, STRUCK, SECOND_LIST, ListCounted(1, 599, "3")
    ),
    "fewer voters than none": lambda: [
        *_leaves(_opening()),
        write_leaf(OPENED, MORNING.replace(microsecond=0)).replace(b"600", b"-60"),
    ],
    "not JSON": lambda: [*_leaves(_opening()), b"{"],
    "not canonical": lambda: [*_leaves(_opening()), b' {"at":"Z","kind":"session_started"}'],
    "not an object": lambda: [*_leaves(_opening()), b"[]"],
    "no kind": lambda: [*_leaves(_opening()), b'{"at":"Z"}'],
    "an outcome without a session": lambda: [
        *_leaves(_opening()), b'{"at":"2026-10-04T09:05:07.042Z","kind":"outcome"}',
    ],
    "carried without a takeover": lambda: [
        *_leaves(_opening()), b'{"at":"2026-10-04T09:05:07.042Z","kind":"carried","leaf":"{}"}',
    ],
    "deep": lambda: [*_leaves(_opening()), b"[" * 60_000],
}  # fmt: skip


LIVE = "station-app/live/9042-1"
FIRST_ROUND, SECOND_ROUND = ("KG-2026", "2026-11-29"), ("KG-2026-2", "2026-12-13")
NOBODY = closed()


def _live(*election: str) -> Entry:
    """The first entry of a live journal; without an election that of an older version."""
    named = (*election, "", 0, "") if election else ()
    opened = replace(Station(Path(), LIVE).opening(), list_kind="live")
    return replace(opened, **dict(zip(_ADDED, named, strict=False)))


_ADDED = ("election_id", "election_date", "previous_origin", "previous_size", "previous_root")


def _opened(number: int, *election: str) -> Entry:
    return DayOpened(number, 1, 600, "", 0, "chair-1", "member-1", *election)


def _list(number: int, *election: str) -> Entry:
    return ListProven("ef" * 32, number, "cd" * 32, *election)


ELECTIONS: dict[str, tuple[list[Entry], bool]] = {
    "an older version's second day": (
        [_live(), _opened(1), NOBODY, _list(2), _opened(2)], True,
    ),
    "a day of a list that names none": ([_live("", ""), _opened(1, "", "")], True),
    "named from the morning on": (
        [_live("", ""), _opened(1, "", ""), _list(2, *FIRST_ROUND)], True,
    ),
    "a corrected list, opened again": (
        [
            _live(*FIRST_ROUND), _opened(1, *FIRST_ROUND), NOBODY, _list(2, *FIRST_ROUND),
            DayReopened(ReopenReason.CLOSED_EARLY, "chair-1", "member-1"),
        ],
        True,
    ),
    "a second day": (
        [
            _live(*FIRST_ROUND), _opened(1, *FIRST_ROUND), NOBODY, _list(2, *FIRST_ROUND),
            _opened(2, *FIRST_ROUND),
        ],
        False,
    ),
    "a second day of a list that names none": (
        [_live("", ""), _opened(1, "", ""), NOBODY, _list(2, "", ""), _opened(2, "", "")], False,
    ),
    "another election's list": ([_live(*FIRST_ROUND), _list(2, *SECOND_ROUND)], False),
    "another election's day": ([_live(*FIRST_ROUND), _opened(1, *SECOND_ROUND)], False),
    "a list that names none any more": ([_live(*FIRST_ROUND), _list(2, "", "")], False),
    "an opening as before": ([_live(*FIRST_ROUND), _opened(1)], False),
    "an older day, then a new second one": (
        [_live(), _opened(1), NOBODY, _list(2, *FIRST_ROUND), _opened(2, *FIRST_ROUND)], False,
    ),
    "after the end": (
        [_live(*FIRST_ROUND), JournalEnded("chair-1", "member-1"), _list(2, *FIRST_ROUND)], False,
    ),
    "a marked voter by finger": (
        [
            _live(*FIRST_ROUND), _opened(1, *FIRST_ROUND), SessionStarted(1), identified(1, 17),
            VoterMarked(f"V-{4:016X}", 4, 4), SessionStarted(2), identified(2, 4),
        ],
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ELECTIONS)
def test_a_live_journal_is_of_one_election_day(tmp_path: Path, name: str) -> None:
    entries, is_sound = ELECTIONS[name]
    assert _both(tmp_path, log_of(_leaves(*entries), LIVE)) == [is_sound, is_sound]


@pytest.mark.parametrize("name", UNSOUND)
def test_unsound_logs(tmp_path: Path, name: str) -> None:
    """Signed by the station's own key, and still not a journal."""
    assert _both(tmp_path, log_of(UNSOUND[name]())) == [False, False]


def test_another_key(tmp_path: Path) -> None:
    files = log_of(_leaves(_opening(), *day()))
    assert _both(tmp_path, files, bytes(32)) == [False, False]


@settings(max_examples=100)
@given(st.data())
def test_every_damage(data: st.DataObject) -> None:
    files = log_of(_leaves(_opening(), *day()))
    name = data.draw(st.sampled_from(sorted(files)))
    content = bytearray(files[name])
    match data.draw(st.sampled_from(["change", "cut", "add", "remove", "more"])):
        case "change":
            content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(
                st.integers(0, 7)
            )
        case "cut":
            del content[data.draw(st.integers(0, len(content) - 1)) :]
        case "add":
            content += data.draw(st.binary(min_size=1, max_size=40))
        case "remove":
            files.pop(name)
        case "more":
            name, content = "tile/0/001", bytearray(32)
    if name in files or name == "tile/0/001":
        files[name] = bytes(content)
    with tempfile.TemporaryDirectory() as folder:
        assert _both(Path(folder), files) == [False, False]


def test_from_the_command_line(tmp_path: Path) -> None:
    files = log_of(_leaves(_opening(), *day()))
    _write(tmp_path, files)
    command = [sys.executable, independent_verifier.__file__, tmp_path, KEY.hex()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "sound\n"
    (tmp_path / "checkpoint").unlink()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "NOT SOUND: checkpoint is missing\n")


def test_it_shares_nothing_with_the_application() -> None:
    text = Path(independent_verifier.__file__).read_text()
    assert "station_app" not in text
