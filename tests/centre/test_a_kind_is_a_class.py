"""A kind of entry that only this file knows goes from the journal to the centre.

Two kinds, because an entry belongs either to a session or to the identification it names.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import psycopg
import pytest

from station_app.centre.collecting.collect import Collection, collect
from station_app.domain.entries import (
    KINDS,
    DayOpened,
    Entry,
    JournalOpened,
    Outcome,
    SessionStarted,
)
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.entry_kinds import entry
from station_app.flow.day_reading import read_record
from station_app.journal import Journal, verify_journal
from station_app.journal.bundle import DayToExport, export_bundle
from station_app.journal.leaves import read_leaf
from station_app.ui.commission.story_panel import story_words
from station_app.ui.texts import Texts
from station_app.vault import AgeIdentity, IdentityKind, PublicIdentity, Secret, StationIdentity

KEY, IDENTITY, CENTRE = Secret(b"k" * 32), StationIdentity.generate(), AgeIdentity.generate()
ORIGIN = "station-app/training/9042-1"
MORNING = datetime(2026, 10, 4, 2, 0, tzinfo=UTC)
WORDS = {"story.chair_offered": "A chair was offered", "story.ballot_spoilt": "Ballot spoilt"}


class Spoilt(StrEnum):
    """What is wrong with a ballot."""

    TORN = "torn"
    INKED = "inked"


@entry("chair_offered", by="operator", disposition="success")
class ChairOffered(Entry):
    """The person was offered a chair."""

    session: Annotated[int, "the session"]
    minutes: Annotated[int | None, "how long they sat"] = None

    def __post_init__(self) -> None:
        if self.minutes is not None and self.minutes < 0:
            raise ValueError("nobody sits for less than no time")


@entry("ballot_spoilt", by="commission", disposition="notice", incident="how")
class BallotSpoilt(Entry):
    """A ballot was spoilt and exchanged."""

    entry: Annotated[int, "the entry that identified the voter"]
    how: Annotated[Spoilt, "what is wrong with it"]


class WithWords(Texts):
    """The catalogues of a version that has words for both."""

    def __call__(self, key: str, **values: str | int) -> str:
        return WORDS[key] if key in WORDS else super().__call__(key, **values)


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    """A journal of seven entries, two of them of the new kinds."""
    for cls in (ChairOffered, BallotSpoilt):
        monkeypatch.setitem(KINDS, cls.kind, cls)
    signer = IDENTITY.signer()
    key = signer.public_key.hex()
    opened = JournalOpened(ORIGIN, "ab" * 32, 1, "training", "cd" * 32, key, "0.2.0")
    path = tmp_path / "journal.db"
    times = (MORNING + timedelta(seconds=second) for second in range(1000))
    made = Journal.create(path, KEY, signer, opened, lambda: next(times))
    made.append(DayOpened(1, 1, 600, "", 0, "c1", "m1"))
    made.append(SessionStarted(1))
    made.append(ChairOffered(1, 5))
    made.append(
        Outcome(1, OutcomeKind.IDENTIFIED, "", Method.FINGER, "V-1", 1, None, 9123, 6100, 600, 1,
                "leader-mcc/1", "cd" * 32)
    )  # fmt: skip
    made.append(BallotSpoilt(5, Spoilt.TORN))
    made.append(ChairOffered(2))
    yield made
    made.close()


def test_it_is_written_read_and_verified(journal: Journal, tmp_path: Path) -> None:
    leaves = [record.leaf for record in journal.look.records(1, journal.size)]
    assert leaves[5] == (
        b'{"at":"2026-10-04T02:00:05.000Z","entry":5,"how":"torn","kind":"ballot_spoilt"}'
    )
    kept = [read_leaf(leaf)[0] for leaf in leaves]
    assert kept[3::2] == [ChairOffered(1, 5), BallotSpoilt(5, Spoilt.TORN)]
    assert kept[6] == ChairOffered(2), "without what was added, as an older version wrote it"
    journal.close()
    report = verify_journal(tmp_path / "journal.db", KEY)
    assert (report.sound, report.entries) == (True, 7)
    with pytest.raises(ValueError, match="another type"):
        read_leaf(leaves[5].replace(b"torn", b"eaten"))
    with pytest.raises(ValueError, match="less than no time"):
        read_leaf(leaves[3].replace(b'"minutes":5', b'"minutes":-5'))


def test_it_names_an_identification_that_there_is(journal: Journal) -> None:
    with pytest.raises(ValueError, match="identifies nobody"):
        journal.append(BallotSpoilt(4, Spoilt.INKED))


def test_the_day_log_tells_it(journal: Journal) -> None:
    (logged,) = journal.look.day_outcomes()
    told = story_words(WithWords("en"), journal.look.story(logged), {})
    assert [words for _, words in told] == ["A chair was offered", "Ballot spoilt"]


def test_the_protocol_names_it(journal: Journal) -> None:
    (incident,) = read_record(journal).incidents
    assert incident.entry == BallotSpoilt(5, Spoilt.TORN)


def test_the_centre_collects_it(journal: Journal, tmp_path: Path, database: str) -> None:
    leaves = [record.leaf for record in journal.look.records(1, journal.size)]
    day = DayToExport(journal.head.note, leaves, {}, IDENTITY.public("9042-1"))
    medium = tmp_path / "medium"
    medium.mkdir()
    to = PublicIdentity(IdentityKind.RECIPIENT, "CEC", None, CENTRE.recipient)
    export_bundle(medium, day, [to], lambda size, sha256, recipient: None)

    asked = Collection(database, (medium,), CENTRE, kind="training", jobs=1)
    (arrived,) = collect(asked, lambda step, done, of: None).arrived
    assert arrived.loaded is not None, arrived.reason
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT number, kind, leaf->>'how' FROM station_app.entry WHERE kind = %s",
            (BallotSpoilt.kind,),
        ).fetchall()
        assert rows == [(6, "ballot_spoilt", "torn")]
