"""Entries about lists, people and what waited: there and back, and where they may stand."""

import dataclasses

import pytest

from station_app.domain.entries import (
    KINDS,
    Entry,
    EventUnread,
    ImportedEvent,
    ListProven,
    SessionStarted,
    SettingsChanged,
)
from station_app.domain.entry_codes import OutcomeKind
from station_app.journal import verify_journal
from station_app.journal.leaves import read_leaf, utc_milliseconds, write_leaf
from tests.journal.journal_samples import MORNING, Station, ended

ID, HAPPENED = "0123456789abcdef", "2026-10-03T09:30:00Z"
UNREAD = EventUnread(ID, "", "ab" * 32)
NEWER = ListProven("ee" * 32, 2, "dd" * 32)


def sample(cls: type[ImportedEvent]) -> ImportedEvent:
    facts = {name: 3 if one.holds is int else "word" for name, one in cls.about.fields.items()}
    return cls(**facts | {"event_id": ID, "happened": HAPPENED})


EVENTS = [sample(cls) for cls in KINDS.values() if issubclass(cls, ImportedEvent)]


@pytest.mark.parametrize("entry", [*EVENTS, UNREAD, NEWER], ids=lambda entry: str(entry.kind))
def test_there_and_back_and_sound_in_a_journal(station: Station, entry: Entry) -> None:
    leaf = write_leaf(entry, utc_milliseconds(MORNING))
    assert read_leaf(leaf)[0] == entry
    journal = station.create()
    journal.append(entry)
    journal.close()
    report = verify_journal(station.path, station.key)
    assert (report.sound, report.entries) == (True, 2)


def test_an_event_is_imported_once_even_as_another_kind(station: Station) -> None:
    journal = station.create()
    assert not journal.has_imported(ID)
    journal.append(UNREAD)
    journal.close()
    journal = station.open()
    assert journal.has_imported(ID)
    with pytest.raises(ValueError, match="imported before"):
        journal.append(SettingsChanged(ID, HAPPENED, "0.1.0"))
    journal.close()


@pytest.mark.parametrize("sequence", [1, 0])
def test_a_list_is_newer_than_those_before_it(station: Station, sequence: int) -> None:
    journal = station.create()
    with pytest.raises(ValueError, match="not newer"):
        journal.append(dataclasses.replace(NEWER, list_sequence=sequence))
    journal.append(NEWER)
    with pytest.raises(ValueError, match="not newer"):
        journal.append(NEWER)
    assert journal.proven == NEWER
    assert journal.opened.list_sequence == 1
    journal.close()


def test_a_session_cut_off_has_the_policy_of_its_list(station: Station) -> None:
    journal = station.create()
    journal.append(NEWER)
    journal.append(SessionStarted(1))
    journal.close_interrupted_sessions()
    assert journal.look.day_outcomes()[-1].outcome is OutcomeKind.INTERRUPTED
    with pytest.raises(ValueError, match="has ended"):
        journal.append(ended(1, OutcomeKind.ABANDONED))
    journal.close()
    with station.tampering() as database:
        (leaf,) = database.row("SELECT leaf FROM entry WHERE number = 4", ()) or (b"",)
    assert f'"policy":"{NEWER.policy}"'.encode() in leaf


@pytest.mark.parametrize(
    "wrong",
    [("0123", HAPPENED), (ID.upper(), HAPPENED), (ID, "yesterday"), (ID, HAPPENED + "\n")],
)
def test_an_event_without_id_or_time(wrong: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="no id or no time"):
        SettingsChanged(*wrong, "0.1.0")
