"""The whole check, against journals that somebody with the key has rewritten."""

from collections.abc import Callable

import pytest

from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from station_app.journal import VerifyReport, verify_journal
from station_app.journal.checkpoints import Checkpoint, read_note
from station_app.journal.leaves import utc_milliseconds, write_leaf
from station_app.journal.records import Record, insert_record, read_records
from station_app.journal.tree import Frontier
from station_app.vault import Database, Secret, Signer
from tests.journal.journal_samples import ORIGIN, Station, day, identified


def _verify(station: Station) -> VerifyReport:
    return verify_journal(station.path, station.key, station.signer.public_key)


def test_a_sound_journal(station: Station) -> None:
    station.write_day()
    report = _verify(station)
    head = read_note(station.head.read_text(), station.signer.public_key)
    assert report == VerifyReport(
        sound=True,
        entries=12,
        first_bad=None,
        reason="",
        origin=ORIGIN,
        root=head.root.hex(),
        public_key=station.signer.public_key.hex(),
        key_is_given=True,
        sessions=4,
        identified=2,
    )


def test_without_a_key_the_journal_names_its_own(station: Station) -> None:
    station.write_day()
    report = verify_journal(station.path, station.key)
    assert report.sound
    assert not report.key_is_given
    assert report.public_key == station.signer.public_key.hex()


def test_reading_changes_nothing(station: Station) -> None:
    station.write_day()
    before = station.path.read_bytes()
    _verify(station)
    assert station.path.read_bytes() == before
    assert len(list(station.path.parent.iterdir())) == 2


@pytest.mark.parametrize(
    ("statement", "first_bad", "reason"),
    [
        ("DELETE FROM entry", 1, "does not begin with its opening"),
        ("DELETE FROM entry WHERE number = 1", 1, "does not begin with its opening"),
        ("UPDATE entry SET leaf = x'00' WHERE number = 1", 1, "not JSON"),
        ("DELETE FROM entry WHERE number = 5", 5, "missing"),
        ("UPDATE entry SET root = zeroblob(32) WHERE number = 7", 7, "fit the tree"),
        ("UPDATE entry SET signature = zeroblob(64) WHERE number = 7", 7, "signed"),
        ("UPDATE entry SET signature = x'' WHERE number = 12", 12, "signed"),
        ("UPDATE entry SET ended_session = 9 WHERE number = 5", 5, "session"),
        ("UPDATE entry SET ended_session = NULL WHERE number = 3", 3, "session"),
        ("DELETE FROM active_acceptance", None, "identified voters"),
        ("UPDATE active_acceptance SET entry = 4 WHERE entry = 3", None, "identified voters"),
        ("INSERT INTO active_acceptance VALUES ('V-9', 12)", None, "identified voters"),
    ],
)
def test_tampered_rows(
    station: Station, statement: str, first_bad: int | None, reason: str
) -> None:
    station.write_day()
    with station.tampering() as database:
        database.execute(statement)
    report = _verify(station)
    assert not report.sound
    assert report.first_bad == first_bad
    assert reason in report.reason


def test_a_removed_tail_is_known_by_the_head(station: Station) -> None:
    station.write_day()
    with station.tampering() as database:
        database.execute("DELETE FROM entry WHERE number > 8")
    report = _verify(station)
    assert not report.sound
    assert report.entries == 8
    assert ".head" in report.reason


def _signed_anew(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Station], None]:
    """Rewrite all leaves, the tree and every signature, as the station's own key can."""

    def rewrite(station: Station) -> None:
        with station.tampering() as database:
            leaves = change([record.leaf for record in read_records(database)])
            database.execute("DELETE FROM entry")
            _sign_all(database, station, leaves)

    return rewrite


def _sign_all(database: Database, station: Station, leaves: list[bytes]) -> None:
    frontier = Frontier()
    for number, leaf in enumerate(leaves, start=1):
        frontier = frontier.with_leaf(leaf)
        checkpoint = Checkpoint(ORIGIN, number, frontier.root())
        ended = int(leaf.split(b'"session":')[1].split(b",")[0]) if b'"outcome"' in leaf else None
        record = Record(number, leaf, checkpoint.root, checkpoint.sign(station.signer), ended)
        insert_record(database, record)
    station.head.write_text(checkpoint.note(station.signer.public_key, record.signature))


def test_a_journal_signed_anew_whole_is_sound(station: Station) -> None:
    """DECISIONS 7: only printed and mirrored heads tell; this check promises no more."""
    station.write_day()
    _signed_anew(lambda leaves: leaves)(station)
    assert _verify(station).sound


@pytest.mark.parametrize(
    ("change", "first_bad", "reason"),
    [
        (lambda leaves: [*leaves, leaves[0]], 13, "only the first"),
        (lambda leaves: [*leaves, leaves[1]], 13, "not a new one"),
        (lambda leaves: [*leaves, leaves[4]], 13, "ended or has not begun"),
        (lambda leaves: [leaves[0], b" " + leaves[1], *leaves[2:]], 2, "canonical"),
        (lambda leaves: [leaves[0], b"[]", *leaves[2:]], 2, "kind"),
        (lambda leaves: [*leaves[:9], leaves[9].replace(b'try":3', b'try":8')], 10, "first"),
    ],
)
def test_rules_hold_for_signed_entries_too(
    station: Station,
    change: Callable[[list[bytes]], list[bytes]],
    first_bad: int,
    reason: str,
) -> None:
    station.write_day()
    _signed_anew(change)(station)
    report = _verify(station)
    assert not report.sound
    assert report.first_bad == first_bad
    assert report.entries == first_bad - 1
    assert reason in report.reason


def test_a_voter_identified_twice(station: Station) -> None:
    station.write_day()
    at = utc_milliseconds(station.now)
    again = [write_leaf(SessionStarted(5), at), write_leaf(identified(5, 17), at)]
    _signed_anew(lambda leaves: leaves + again)(station)
    report = _verify(station)
    assert not report.sound
    assert report.first_bad == 14
    assert "was identified before" in report.reason


def test_signed_by_somebody_else(station: Station) -> None:
    station.write_day()
    report = verify_journal(station.path, station.key, Signer(Secret(b"t" * 32)).public_key)
    assert not report.sound
    assert ".head" in report.reason


def test_a_public_key_that_is_none(station: Station) -> None:
    station.write_day()
    _signed_anew(
        lambda leaves: [
            leaves[0].replace(station.signer.public_key.hex().encode(), b"no key"),
            *leaves[1:],
        ]
    )(station)
    report = verify_journal(station.path, station.key)
    assert not report.sound


def test_damage_is_placed(station: Station) -> None:
    """A journal of several pages with one damaged: the entries before it are still good."""
    journal = station.create()
    for session in range(1, 81):
        journal.append(SessionStarted(session))
        journal.append(identified(session, session))
    journal.close()
    content = bytearray(station.path.read_bytes())
    content[-8000] ^= 1
    station.path.write_bytes(content)
    report = _verify(station)
    assert not report.sound
    assert "HMAC" in report.reason
    assert report.first_bad is not None
    assert report.entries == report.first_bad - 1 > 10


def test_what_can_not_be_examined(station: Station) -> None:
    with pytest.raises(KnownError) as caught:
        _verify(station)
    assert caught.value.code == "journal_missing"
    station.write_day()
    with pytest.raises(KnownError) as caught:
        verify_journal(station.path, Secret(b"l" * 32))
    assert caught.value.code == "wrong_key"
    journal = station.open()
    with pytest.raises(KnownError) as caught:
        _verify(station)
    assert caught.value.code == "already_running"
    journal.close()


def test_the_day_has_every_kind() -> None:
    assert len(day()) == 11
