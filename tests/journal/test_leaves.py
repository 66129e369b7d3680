"""Entries as canonical JSON, there and back."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.entries import Entry, JournalOpened, Outcome
from station_app.domain.entry_codes import OutcomeKind
from station_app.journal.leaves import read_leaf, utc_milliseconds, write_leaf
from tests.journal.journal_samples import day, finger_try, identified

AT = datetime(2026, 10, 4, 9, 5, 7, 42_000, tzinfo=UTC)
EARLIEST = datetime(1970, 1, 1)  # noqa: DTZ001  (hypothesis adds the zone)
LATEST = datetime(2200, 1, 1)  # noqa: DTZ001
OPENING = JournalOpened("station-app/demo/1", "ab", 1, "demo", "cd", "ef", "0.1.0")


def test_a_leaf_byte_by_byte() -> None:
    assert write_leaf(finger_try(3), AT).decode() == (
        '{"adequate":false,"asked":2,"at":"2026-10-04T09:05:07.042Z","best_evidence_milli":null,'
        '"fingers_compared":600,"hint":"too_dry","kind":"finger_try","number":1,"quality":14,'
        '"session":3}'
    )


@pytest.mark.parametrize("entry", [OPENING, *day()], ids=lambda entry: str(entry.kind))
def test_there_and_back(entry: Entry) -> None:
    leaf = write_leaf(entry, AT)
    assert read_leaf(leaf) == (entry, AT)
    assert type(read_leaf(leaf)[0]) is type(entry)


@given(st.datetimes(EARLIEST, LATEST, timezones=st.timezones()))
def test_times_are_utc_milliseconds(at: datetime) -> None:
    cut = utc_milliseconds(at)
    assert cut.tzinfo is UTC
    assert timedelta(0) <= at - cut < timedelta(milliseconds=1)
    assert read_leaf(write_leaf(OPENING, cut))[1] == cut


def test_no_field_could_carry_what_the_journal_must_not_hold() -> None:
    names = {field.name for cls in get_args(Entry) for field in dataclasses.fields(cls)}
    assert not names & {"pin", "name", "surname", "given_names", "born", "address", "image",
                        "portrait", "template", "minutiae", "encoding"}  # fmt: skip
    for cls in get_args(Entry):
        for hint in get_type_hints(cls).values():
            assert float not in (get_args(hint) or (hint,))
            assert bytes not in (get_args(hint) or (hint,))


def test_an_outcome_that_contradicts_itself() -> None:
    good = identified(1, 17)
    for changes in (
        {"voter_id": None},
        {"list_number": None},
        {"first_entry": 3},
        {"outcome": OutcomeKind.ALREADY_IDENTIFIED},
        {"outcome": OutcomeKind.REFUSED},
        {"reason": "Asanova Ayperi"},
        {"reason": "x" * 65},
    ):
        with pytest.raises(ValueError, match=r"outcome"):
            dataclasses.replace(good, **changes)


def _tampered(**changes: object) -> bytes:
    values = json.loads(write_leaf(identified(1, 17), AT))
    for name, value in changes.items():
        if value is ...:
            del values[name]
        else:
            values[name] = value
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()


def test_the_tampering_is_otherwise_canonical() -> None:
    assert _tampered() == write_leaf(identified(1, 17), AT)


@pytest.mark.parametrize(
    ("leaf", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"{", "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b"[]", "kind"),
        (b"{}", "kind"),
        (_tampered(kind="void"), "kind"),
        (_tampered(kind=3), "kind"),
        (_tampered(kind=None), "kind"),
        (_tampered(at=...), "when"),
        (_tampered(at=12), "when"),
        (_tampered(at="2026-10-04T09:05:07.042+06:00"), "when"),
        (_tampered(at="yesterdayZ"), "when"),
        (_tampered(at="2026-13-04T09:05:07.042Z"), "month"),
        (_tampered(at="2026-10-04T09:05:07Z"), "when"),
        (_tampered(at="2026-10-04T09:05:07.042000Z"), "when"),
        (_tampered(reason=...), "fields"),
        (_tampered(pin="10102199000001"), "fields"),
        (_tampered(session="1"), "another type"),
        (_tampered(session=1.0), "another type"),
        (_tampered(session=True), "another type"),
        (_tampered(session=None), "another type"),
        (_tampered(evidence_milli=9.1), "another type"),
        (_tampered(voter_id=17), "another type"),
        (_tampered(method=None), "another type"),
        (_tampered(method=True), "another type"),
        (_tampered(method="palm"), "another type"),
        (_tampered(outcome="void"), "another type"),
        (_tampered(session=[1]), "another type"),
        (_tampered(session=float("nan")), "another type"),
        (_tampered(session=2**53), "another type"),
        (_tampered(session=-(2**53)), "another type"),
        (_tampered(voter_id=None), "do not fit"),
        (_tampered() + b" ", "canonical"),
        (_tampered().decode().encode("utf-16"), "canonical"),
        (_tampered(engine="\ud800"), "canonical"),
        (_tampered(engine="x").replace(b'"x"', b'"\xed\xa0\x80"'), "canonical"),
        (_tampered(engine="x").replace(b'"x"', b'"\\u0078"'), "canonical"),
        (_tampered(session=2).replace(b'"session":2', b'"session":-0'), "canonical"),
        (_tampered().replace(b'"tries":1', b'"tries":1,"tries":1'), "canonical"),
    ],
    ids=str,
)
def test_what_is_no_leaf(leaf: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_leaf(leaf)


@given(st.text(), st.integers(-(2**53) + 1, 2**53 - 1))
def test_any_text_and_number_is_read_as_it_is_written(text: str, number: int) -> None:
    """Reading has its own canonical form, which is rfc8785's for all that entries hold."""
    entry = dataclasses.replace(OPENING, app_version=text, list_sequence=number)
    assert read_leaf(write_leaf(entry, AT)) == (entry, AT)


def test_other_zones_are_written_in_utc() -> None:
    bishkek = timezone(timedelta(hours=6))
    at = utc_milliseconds(datetime(2026, 10, 4, 15, 5, 7, 42_999, tzinfo=bishkek))
    assert b'"at":"2026-10-04T09:05:07.042Z"' in write_leaf(OPENING, at)


def test_outcomes_are_kept_whole() -> None:
    entry, _ = read_leaf(write_leaf(identified(1, 17), AT))
    assert isinstance(entry, Outcome)
    assert entry.outcome is OutcomeKind.IDENTIFIED
