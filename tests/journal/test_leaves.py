"""Entries as canonical JSON, there and back."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.entries import KINDS, Entry, JournalOpened, Outcome
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.entry_kinds import Field, entry
from station_app.journal.leaves import read_leaf, utc_milliseconds, write_leaf
from tests.journal.journal_samples import day, finger_try, identified

AT = datetime(2026, 10, 4, 9, 5, 7, 42_000, tzinfo=UTC)
EARLIEST = datetime(1970, 1, 1)  # noqa: DTZ001  (hypothesis adds the zone)
LATEST = datetime(2200, 1, 1)  # noqa: DTZ001
LARGEST = 2**53 - 1
RECORDED = (Path(__file__).parents[1] / "fixtures/entry_leaves.jsonl").read_bytes().splitlines()
RECORDED_KINDS = {json.loads(leaf)["kind"]: leaf for leaf in reversed(RECORDED)}
"""The whole one of each kind."""
OPENING = JournalOpened("station-app/demo/1", "ab", 1, "demo", "cd", "ef", "0.1.0")


def test_a_leaf_byte_by_byte() -> None:
    assert write_leaf(finger_try(3), AT).decode() == (
        '{"adequate":false,"asked":2,"at":"2026-10-04T09:05:07.042Z","best_evidence_milli":null,'
        '"fingers_compared":600,"hint":"too_dry","kind":"finger_try","number":1,"quality":14,'
        '"session":3}'
    )


@pytest.mark.parametrize("written", [OPENING, *day()], ids=lambda written: str(written.kind))
def test_there_and_back(written: Entry) -> None:
    leaf = write_leaf(written, AT)
    assert read_leaf(leaf) == (written, AT)
    assert type(read_leaf(leaf)[0]) is type(written)


@given(st.datetimes(EARLIEST, LATEST, timezones=st.timezones()))
def test_times_are_utc_milliseconds(at: datetime) -> None:
    cut = utc_milliseconds(at)
    assert cut.tzinfo is UTC
    assert timedelta(0) <= at - cut < timedelta(milliseconds=1)
    assert read_leaf(write_leaf(OPENING, cut))[1] == cut


@pytest.mark.parametrize("leaf", RECORDED, ids=lambda leaf: json.loads(leaf)["kind"])
def test_recorded_leaves_are_read_and_written_byte_by_byte(leaf: bytes) -> None:
    """Three of every kind, written when a1e24a6 was: whole, without what is optional or added."""
    assert write_leaf(*read_leaf(leaf)) == leaf


def test_no_kind_that_was_ever_written_is_gone() -> None:
    assert RECORDED_KINDS.keys() <= KINDS.keys()


@given(st.sampled_from(RECORDED), st.data())
def test_any_values_of_the_right_types_come_back(leaf: bytes, data: st.DataObject) -> None:
    recorded, at = read_leaf(leaf)
    values = {name: data.draw(_values(one)) for name, one in recorded.about.fields.items()}
    if data.draw(st.booleans()):
        values |= dict.fromkeys(recorded.about.added)
    try:
        changed = dataclasses.replace(recorded, **values)
    except ValueError:
        return  # the kind's own rules
    assert read_leaf(write_leaf(changed, at)) == (changed, at)


def _values(field: Field) -> st.SearchStrategy[object]:
    """Any value of a field; those that say nothing are drawn where a kind has it from the start."""
    if field.members:
        found: st.SearchStrategy[object] = st.sampled_from([*field.members.values()])
    else:
        found = {str: st.text(), int: st.integers(-LARGEST, LARGEST), bool: st.booleans()}[
            field.holds
        ]
    return st.none() | found if field.is_optional and not field.is_added else found


def _of_another_type(field: Field) -> list[object]:
    wrong: list[object] = [1.0, [], {}, [1], float("nan"), 2**53, "no such code"]
    wrong += [True] if bool not in field.plain else []
    wrong += [None] if field.is_added or not field.is_optional else []
    return [one for one in wrong if type(one) is not str or str not in field.plain]


@pytest.mark.parametrize("kind", RECORDED_KINDS)
def test_no_field_takes_a_value_of_another_type(kind: str) -> None:
    values = json.loads(RECORDED_KINDS[kind])
    for name, field in KINDS[kind].about.fields.items():
        for wrong in _of_another_type(field):
            with pytest.raises(ValueError, match="another type"):
                read_leaf(_canonical(values | {name: wrong}))
        if KINDS[kind].about.added == {name}:
            continue  # without it the entry is one of an older version
        with pytest.raises(ValueError, match="not those of its kind"):
            read_leaf(_canonical({key: value for key, value in values.items() if key != name}))
    with pytest.raises(ValueError, match="not those of its kind"):
        read_leaf(_canonical(values | {"more": 1}))


@entry("finger_try", by="station", disposition="notice")
class Unknown(Entry):
    """Nobody has registered it, and its kind is another's."""


def test_an_entry_that_could_not_be_read_is_not_written() -> None:
    with pytest.raises(ValueError, match="kind is not known"):
        write_leaf(Unknown(), AT)


def test_no_field_could_carry_what_the_journal_must_not_hold() -> None:
    names = {name for cls in KINDS.values() for name in cls.about.fields}
    assert not names & {"pin", "name", "surname", "given_names", "born", "address", "image",
                        "portrait", "template", "minutiae", "encoding"}  # fmt: skip


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
    return _canonical(values)


def _canonical(values: dict[str, object]) -> bytes:
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
