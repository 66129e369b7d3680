"""What the commission reads: a day by precinct, and what does not fit together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from station_app.centre.collecting.alarms import ALARMS, Alarm
from station_app.centre.collecting.collect import Collection, collect
from station_app.centre.collecting.day_figures import Report
from station_app.centre.collecting.report import report
from station_app.commands.centre.report import _lines
from station_app.domain.entries import (
    DayReopened,
    DeviceLost,
    DifferenceExplained,
    SessionStarted,
    SlipFailed,
)
from station_app.domain.entry_codes import Count, Method, OutcomeKind, ReopenReason, TakeoverSource
from station_app.domain.errors import KnownError
from station_app.vault import StationIdentity
from tests.centre.made_logs import MORNING, MadeLog
from tests.centre.made_packs import issue

DAY = date(2026, 10, 4)


class Centre:
    """A collection in a database, fed with logs; every report is also written out for people."""

    def __init__(self, database: str, folder: Path) -> None:
        self.asked = Collection(database=database, folders=(folder,), recipient=None, jobs=1)
        self.folder = folder
        self._made: dict[tuple[date | None, str | None, float], Report] = {}

    def take(self, *logs: MadeLog, **changed: Any) -> None:
        self._made.clear()
        for log in logs:
            log.save(self.folder)
        found = collect(replace(self.asked, **changed), lambda *_: None)
        assert not found.refused

    def report(
        self, day: date | None = None, precinct: str | None = None, manual: float = 100
    ) -> Report:
        """Of everything taken so far; made once until more is taken."""
        if (day, precinct, manual) not in self._made:
            self._made[day, precinct, manual] = self._report(day, precinct, manual)
        return self._made[day, precinct, manual]

    def _report(self, day: date | None, precinct: str | None, manual: float) -> Report:
        made = report(self.asked.database, day, precinct, manual)
        said = "\n".join(_lines(made, by_station=True))
        for alarm in made.alarms:
            assert f"{alarm.code} (" in said
            assert alarm.detail in said
        return made

    def alarms(self) -> list[tuple[str, str, int]]:
        """Code, station and entry of each."""
        return [(one.code, one.station, one.entry) for one in self.report().alarms]

    def alarm(self, code: str) -> Alarm:
        (found,) = [one for one in self.report().alarms if one.code == code]
        return found


@pytest.fixture
def centre(database: str, tmp_path: Path) -> Centre:
    folder = tmp_path / "in"
    folder.mkdir()
    return Centre(database, folder)


def a_day(station: str = "9042-1", voters: range = range(1, 4)) -> MadeLog:
    log = MadeLog(station)
    log.open_day()
    for voter in voters:
        log.identify(voter)
    return log


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(KnownError) as caught:
        act()
    return caught.value.code


def test_a_day_adds_up(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGTZ", "Asia/Bishkek")
    first, second = a_day(), a_day("9042-2", range(4, 6))
    wrong = first.identify(7)
    first.void(wrong, 7)
    first.identify(7, Method.COMMISSION)
    first.identify(8, Method.FACE)
    first.end(OutcomeKind.ALREADY_IDENTIFIED, 7)
    for outcome in (
        OutcomeKind.NOT_ON_LIST, OutcomeKind.NOT_ON_LIST, OutcomeKind.REFUSED,
        OutcomeKind.UNREADABLE, OutcomeKind.ABANDONED, OutcomeKind.DEVICE_LOST,
        OutcomeKind.INTERRUPTED,
    ):  # fmt: skip
        first.end(outcome)
    first.add(
        SessionStarted(99),
        DeviceLost(None, "finger_scanner"),
        SlipFailed(4, "printer_dead"),
        DifferenceExplained(Count.BALLOTS, 6, 5, "One ballot was spoilt"),
    )
    first.add_values(kind="clock_changed", back_ms=3)
    first.add_values(kind="mirror_lost", code="gone")
    first.add_values(kind="outcome", session=99, outcome="of_next_year", method="aura")
    first.close_day()
    closed = first.now
    centre.take(first, second)
    made = centre.report()
    assert (made.day, made.kind, made.alarms, made.listed) == (DAY, "live", (), 1400)
    assert not made.keys_are_pinned
    (precinct,) = made.precincts
    assert precinct.opened == MORNING + timedelta(seconds=2)
    assert precinct.closed is None
    assert precinct.stations["9042-1"].closed == closed
    assert precinct.turnout == pytest.approx(0.5)
    values = precinct.to_values()
    names = made.figures.to_values().keys()
    assert {name: values[name] for name in names if values[name]} == {
        "identified": 7, "issued": 7, "by_finger": 5, "by_face": 1, "by_commission": 1, "voided": 1,
        "already_identified": 1, "not_on_list": 2, "refused": 1, "unreadable": 1, "abandoned": 1,
        "ended_by_device": 1, "interrupted": 1, "device_losses": 1, "mirror_losses": 1,
        "slips_failed": 1, "clock_changes": 1, "differences_explained": 1, "manual_share": 14.29,
    }  # fmt: skip
    assert (values["closed"], values["opened"]) == (None, "2026-10-04T01:00:02Z")
    assert [one["station"] for one in values["stations"]] == ["9042-1", "9042-2"]
    head = values["stations"][0]["heads"][0]
    assert head.split()[0] == str(first.size)
    assert made.to_values()["identified"] == 7
    assert values["stations"][0]["explanations"] == [
        {"what": "ballots", "expected": 6, "counted": 5, "reason": "One ballot was spoilt"}
    ]
    second.close_day()
    second.add(DayReopened(ReopenReason.CLOSED_EARLY, "c1", "m1"))
    centre.take(second)
    assert centre.report().precincts[0].closed is None
    second.close_day()
    centre.take(second)
    assert centre.report().precincts[0].closed == max(second.now, closed)
    assert centre.report().figures.reopenings == 1


def test_a_report_of_one_precinct_or_day(centre: Centre) -> None:
    centre.take(a_day(), a_day("9043-1", range(10, 12)))
    assert [one.precinct for one in centre.report().precincts] == ["9042", "9043"]
    (only,) = centre.report(precinct="9043").precincts
    assert only.figures.identified == 2
    assert refused(lambda: centre.report(precinct="1")) == "precinct_unknown"
    other = centre.report(day=date(2026, 10, 11))
    assert other.figures.identified == 0
    assert [one.code for one in other.alarms] == ["other_day", "other_day"]


def test_nothing_collected(centre: Centre) -> None:
    assert refused(centre.report) == "collection_missing"
    centre.take()
    assert refused(centre.report) == "nothing_collected"


def test_a_journal_without_a_day_is_of_the_day_it_was_written(centre: Centre) -> None:
    log = MadeLog("9042-1", now=MORNING - timedelta(hours=7))  # 00:00 in Bishkek
    log.identify(1)
    centre.take(log)
    made = centre.report()
    assert (made.day, made.figures.identified, made.alarms) == (DAY, 1, ())
    assert made.precincts[0].turnout is None


def test_one_voter_at_two_stations(centre: Centre) -> None:
    first, second, third = a_day(), a_day("9043-1", range(10, 12)), a_day("9044-1", range(0))
    at_first, at_second = 6, second.identify(2)
    void = third.identify(3)
    third.void(void, 3)
    centre.take(first, second, third)
    assert centre.alarms() == [
        ("identified_twice", "9042-1", at_first),
        ("identified_twice", "9043-1", at_second),
    ]
    detail = centre.report().alarms[0].detail
    assert detail.startswith("voter V-0000000000000002: 9042-1 entry 6 at 01:00:06 UTC by finger")
    assert "9043-1 entry 8" in detail
    # Made void at one of them it stands once.
    second.void(at_second, 2)
    centre.take(second)
    assert centre.alarms() == []
    # A station that breaks its own rule is not believed either.
    first.identify(1)
    centre.take(first)
    assert [one[0] for one in centre.alarms()] == ["identified_twice"] * 2


def test_the_same_voter_on_another_day_is_no_double(centre: Centre) -> None:
    log = a_day()
    log.close_day()
    log.now += timedelta(days=7)
    log.open_day(2)
    log.identify(1)
    other = a_day("9043-1", range(10, 12))
    centre.take(log, other)
    assert (centre.report().day, centre.alarms()) == (DAY, [])
    assert centre.report(day=DAY + timedelta(days=7)).figures.identified == 1


def test_a_void_that_names_nothing(centre: Centre) -> None:
    log = a_day()
    log.void(4, 99)
    log.void(900, 1)
    centre.take(log)
    assert centre.alarm("void_of_nothing").detail == "2 times"
    assert centre.report().figures.voided == 0


def test_a_fork_is_loud_and_counted_once(centre: Centre) -> None:
    log = a_day()
    other = log.copy()
    log.identify(50)
    log.identify(51)
    other.identify(60)
    centre.take(log, other)
    alarm = centre.alarm("fork")
    assert (alarm.station, alarm.precinct, alarm.entry) == ("9042-1", "9042", 10)
    assert f"{log.size} " in alarm.detail
    assert f"{other.size} " in alarm.detail
    assert centre.report().figures.identified == 5
    assert len(centre.report().precincts[0].stations["9042-1"].heads) == 2
    assert [one[0] for one in centre.alarms()] == ["fork"]


def test_two_keys_under_one_name_are_a_fork(centre: Centre) -> None:
    centre.take(a_day(), a_day(voters=range(10, 12)))
    assert [one[0] for one in centre.alarms()] == ["fork"]


def test_keys_that_are_not_pinned(centre: Centre) -> None:
    good, other, unknown = a_day(), a_day("9043-1", range(10, 12)), a_day("9044-1", range(2))
    borrowed = MadeLog("9045-1", identity=good.identity)
    awaited = StationIdentity.generate().public("9046-1")
    pins = (good.public, other.public, awaited)
    centre.take(good, other, unknown, borrowed)
    assert centre.alarms() == [("identified_twice", "9042-1", 4), ("identified_twice", "9044-1", 6)]
    centre.take(pins=pins)
    assert centre.alarms() == [
        ("key_unknown", "9044-1", 0),
        ("key_of_another", "9045-1", 0),
        ("station_missing", "9046-1", 0),
    ]
    made = centre.report()
    assert made.keys_are_pinned
    assert made.figures.identified == 5
    missing = {one.precinct: one.missing for one in made.precincts if one.missing}
    assert missing == {"9046": ("9046-1",)}
    # A spare is not awaited.
    centre.take(spares=(awaited,))
    assert [one[0] for one in centre.alarms()] == ["key_unknown", "key_of_another"]


def test_a_stranger_says_nothing_about_others(centre: Centre) -> None:
    good = a_day()
    stranger = MadeLog("9042-1", now=good.now)
    stranger.take_over(good, 0, size=3)
    stranger.carry(leaf.replace(b'"listed":1400', b'"listed":1') for leaf in good.leaves[:5])
    stranger.void(2 + 4, 1)
    centre.take(good, stranger, pins=(good.public,))
    assert centre.alarms() == [("key_unknown", "9042-1", 0)]
    made = centre.report()
    assert (made.figures.identified, made.figures.voided, made.listed) == (3, 0, 1400)


def taken_over(station: str = "9042-1") -> tuple[MadeLog, MadeLog]:
    """A station that was lost, and the one that goes on for it."""
    lost = a_day()
    lost.void(lost.identify(7), 7)
    successor = MadeLog(station, now=lost.now)
    successor.take_over(lost)
    successor.identify(8)
    successor.void(2 + 6, 2)  # the other's entry 6 is this one's entry 8
    return lost, successor


@pytest.mark.parametrize("order", [(0,), (1, 0), (0, 1)])
@pytest.mark.parametrize("station", ["9042-1", "9042-9"])
def test_what_a_successor_carries_counts_once(
    centre: Centre, order: tuple[int, ...], station: str
) -> None:
    lost, successor = taken_over(station)
    for place in order:
        centre.take((successor, lost)[place])
    made = centre.report()
    assert centre.alarms() == [("takeover", station, 2)]
    figures = made.figures
    assert (figures.identified, figures.voided, figures.takeovers) == (3, 2, 1)
    assert made.listed == 1400
    assert set(made.precincts[0].stations) == {"9042-1", station}


def test_what_the_lost_station_wrote_and_nobody_saw(centre: Centre) -> None:
    lost = a_day()
    successor = MadeLog("9042-1", now=lost.now)
    successor.take_over(lost, 6)
    successor.identify(3)
    centre.take(successor)
    assert [one[0] for one in centre.alarms()] == ["takeover"]
    centre.take(lost)
    alarms = centre.alarms()
    assert ("went_on", "9042-1", 7) in alarms
    assert [one[0] for one in alarms] == [
        "identified_twice",
        "identified_twice",
        "takeover",
        "went_on",
    ]
    assert centre.report().figures.identified == 4


def test_a_successor_that_knows_more_than_what_arrived(centre: Centre) -> None:
    lost, successor = taken_over()
    lost.save(centre.folder, 6)
    centre.take(successor)
    assert centre.report().figures.identified == 3
    assert [one[0] for one in centre.alarms()] == ["takeover"]


def test_a_takeover_of_a_takeover(centre: Centre) -> None:
    lost, second = taken_over()
    third = MadeLog("9042-1", now=second.now)
    third.take_over(second)
    third.void(2 + 2 + 4, 1)
    third.identify(1)
    for logs in ((third,), (lost,), (second,)):
        centre.take(*logs)
        assert [one[0] for one in centre.alarms()] == ["takeover", "takeover"]
        made = centre.report()
        assert (made.figures.identified, made.figures.voided) == (3, 3)


def test_what_was_explained_at_a_lost_station(centre: Centre) -> None:
    lost = a_day()
    lost.add(DifferenceExplained(Count.SLIPS, 3, 2, "Paper was out"))
    successor = MadeLog("9042-1", now=lost.now)
    successor.take_over(lost)
    centre.take(successor)
    (station,) = centre.report().precincts[0].stations.values()
    assert [one.reason for one in station.explanations] == ["Paper was out"]


def test_a_takeover_of_which_nothing_was_seen(centre: Centre) -> None:
    lost = a_day()
    successor = MadeLog("9042-1", now=lost.now)
    successor.take_over(lost, 0, public_key="", root="", note="", source=TakeoverSource.NOTHING)
    successor.identify(10)
    centre.take(lost, successor)
    assert [one[0] for one in centre.alarms()] == ["takeover", "went_on"]
    assert centre.alarm("went_on").detail.startswith(f"{lost.size} entries are known, and 9042-1,")
    assert centre.report().figures.identified == 4


def test_a_spare_with_its_own_key(centre: Centre, tmp_path: Path) -> None:
    lost = a_day()
    spare = MadeLog("9900-7", now=lost.now)
    pack = issue(tmp_path, spare, lost)
    spare.take_over(lost, pack_sha256=pack.sha256)
    spare.identify(8)
    centre.take(lost, spare, pins=(lost.public,))
    assert centre.alarms() == [("key_unknown", "9900-7", 0)]
    assert centre.report().figures.identified == 3
    centre.take(spares=(spare.public,))
    assert centre.alarms() == [("takeover_refused", "9900-7", 2)]
    assert "its pack was not given (--packs)" in centre.alarm("takeover_refused").detail
    assert centre.report().figures.identified == 3
    centre.take(packs=(pack,))
    assert centre.alarms() == [("takeover", "9900-7", 2)]
    (precinct,) = centre.report().precincts
    assert (precinct.precinct, precinct.figures.identified) == ("9042", 4)
    assert set(precinct.stations) == {"9042-1", "9900-7"}


def test_a_list_counted_by_a_station_that_nobody_knows_counts_nowhere(centre: Centre) -> None:
    unknown, log = a_day("9042-9"), MadeLog("9042-1")
    struck = unknown.add_values(kind="struck_off", voter_id="V-9")
    unknown.add_values(kind="list_counted", listed=9, left_out=f"{struck}")
    log.take_over(unknown)
    log.open_day()
    centre.take(log, pins=(log.public,))
    (precinct,) = centre.report().precincts
    assert (precinct.listed, precinct.entitled, precinct.figures.struck_off) == (1400, 1400, 0)
    log.add_values(kind="list_counted", listed=8, left_out=f"{struck + 2}")
    centre.take(log)
    (precinct,) = centre.report().precincts
    assert (precinct.listed, precinct.entitled) == (8, 8)
    assert precinct.figures.struck_not_listed == 0


def test_entries_that_were_changed_on_the_way_to_the_successor(centre: Centre) -> None:
    lost = a_day()
    leaves = [leaf.replace(b'"list_number":2', b'"list_number":9') for leaf in lost.leaves]
    successor = MadeLog("9042-1", now=lost.now)
    successor.take_over(lost, 0, size=len(leaves))
    successor.carry(leaves)
    centre.take(successor)
    assert [one[0] for one in centre.alarms()] == ["takeover", "takeover_unproven"]
    centre.take(lost)
    assert [one[0] for one in centre.alarms()] == [
        "carried_differs",
        "takeover",
        "takeover_unproven",
    ]
    assert centre.alarm("carried_differs").entry == 6


@pytest.mark.parametrize("changed", [{"note": ""}, {"public_key": "ab"}, {"public_key": "no hex"}])
def test_a_takeover_without_a_proof(centre: Centre, changed: dict[str, str]) -> None:
    lost = a_day()
    successor = MadeLog("9042-1", now=lost.now)
    successor.take_over(lost, **changed)
    centre.take(successor)
    assert {one[0] for one in centre.alarms()} & {"takeover_unproven", "takeover_gap"}


def test_a_takeover_of_something_else(centre: Centre) -> None:
    log = a_day()
    log.take_over(MadeLog("9042-2"), origin="elsewhere")
    log.add_values(kind="taken_over", origin=None)
    centre.take(log)
    assert {one[0] for one in centre.alarms()} == {"takeover", "takeover_unproven"}


def test_a_day_that_is_reopened_and_was_never_open(centre: Centre) -> None:
    log = MadeLog("9042-1")
    log.add(DayReopened(ReopenReason.OTHER, "c1", "m1"))
    log.identify(1)
    centre.take(log)
    assert centre.report().figures.identified == 1


def test_a_takeover_with_a_gap(centre: Centre) -> None:
    lost = a_day()
    successor = MadeLog("9042-1", now=lost.now)
    successor.take_over(lost, 0, size=lost.size)
    successor.carry(lost.leaves[:3])
    centre.take(successor)
    assert centre.alarm("takeover_gap").detail == f"once, up to {lost.size - 3} entries"


def test_carried_entries_that_nothing_explains(centre: Centre) -> None:
    log = a_day()
    log.add_values(kind="carried", number=1, leaf="{}")
    log.take_over(a_day("9042-2"), 2)
    log.add_values(kind="carried", number="3", leaf="{}")
    log.add_values(kind="carried", number=3, leaf="[]")
    log.add_values(kind="carried", number=3, leaf=3)
    log.leaves.append(rb'{"kind":"carried","leaf":"{\"a\":\"\ud800\"}","number":3}')
    log.add_values(kind="carried", number=9, leaf="{}")
    centre.take(log)
    assert centre.alarm("carried_unclear").detail == "6 times"


def test_clocks(centre: Centre) -> None:
    back, late, wrong, ahead, timeless = (
        a_day(f"904{n}-1", range(10 * n, 10 * n + 3)) for n in range(5)
    )
    back.now -= timedelta(seconds=90)
    back.identify(100)
    late.now += timedelta(hours=24)
    late.identify(101)
    wrong = MadeLog("9042-1", now=MORNING - timedelta(days=365))
    wrong.open_day()
    ahead = MadeLog("9043-1", now=MORNING - timedelta(days=365))
    ahead.open_day(phone_time="2026-10-04T01:00:00Z", difference_s=-365 * 86400)
    ahead.identify(102)
    timeless.add_values(kind="slip_failed", at="soon")
    timeless.add_values(kind="slip_failed", at="soonZ")
    timeless.add_values(kind="slip_failed", at="0001-01-01T00:00:00Z")
    timeless.add_values(kind="slip_failed", at="9999-12-31T23:00:00Z")
    centre.take(back, late, wrong, ahead, timeless)
    assert centre.alarms() == [
        ("clock_back", "9040-1", 9),
        ("outside_day", "9041-1", 9),
        ("other_day", "9042-1", 0),
        ("clocks_differ", "9043-1", 2),
        ("outside_day", "9043-1", 2),
        ("clock_back", "9044-1", 11),
        ("no_time", "9044-1", 9),
        ("outside_day", "9044-1", 11),
    ]
    assert centre.alarm("clocks_differ").detail.endswith("31536000 s")
    assert centre.report().alarms[0].detail == "once, up to 89000 ms"


def test_identified_while_the_day_was_not_open(centre: Centre) -> None:
    log = MadeLog("9042-1")
    log.identify(1)
    log.open_day()
    log.close_day()
    log.identify(2)
    centre.take(log)
    alarm = centre.alarm("day_not_open")
    assert (alarm.entry, alarm.detail) == (3, "2 times")


def test_acts_that_no_station_of_ours_writes(centre: Centre) -> None:
    """Undone without having been done, undone twice, of another kind, and after the closing."""
    log = a_day()
    log.add_values(kind="act_undone", act="admitted", entry=900)
    log.add_values(kind="act_undone", act="issued_elsewhere", entry=4, voter_id=f"V-{1:016X}")
    admitted = log.add_values(kind="admitted")
    for act in ("struck_off", "admitted", "admitted"):
        log.add_values(kind="act_undone", act=act, entry=admitted)
    taken = log.add_values(kind="issued_elsewhere", voter_id="V-77")
    log.add_values(kind="outcome_voided", entry=taken, voter_id="V-77")
    log.close_day()
    log.add_values(kind="issued_elsewhere", voter_id="V-78")
    log.add_values(kind="admitted")
    centre.take(log)
    assert centre.alarm("void_of_nothing").detail == "5 times"
    assert centre.alarm("day_not_open").detail == "2 times"
    figures = centre.report().figures
    assert (figures.identified, figures.admitted, figures.issued_elsewhere) == (3, 1, 2)
    assert (figures.acts_undone, figures.struck_off, figures.voided) == (1, 0, 0)


def test_a_list_that_no_station_of_ours_counts(centre: Centre) -> None:
    """Numbers that are none, voters below zero, strikings off that are none, or undone."""
    log, other, named = a_day(), a_day("9043-1"), []
    for number in range(3):
        named.append(log.add_values(kind="struck_off", voter_id=f"V-{number}"))
    log.add_values(kind="list_counted", listed=1200, left_out=f"{named[0]} {named[1]} 3 900")
    log.add_values(kind="act_undone", act="struck_off", entry=named[0], voter_id="V-0")
    for listed, left_out in ((-5, ["x"]), (True, "5 5 -5 \u0665"), ("9" * 99, "9" * 3000)):
        other.add_values(kind="struck_off", voter_id="V-9")
        other.add_values(kind="list_counted", listed=listed, left_out=left_out)
    centre.take(log, other)
    first, second = centre.report().precincts
    assert (first.listed, first.entitled) == (1200, 1199)
    assert (first.figures.struck_off, first.figures.struck_not_listed) == (2, 1)
    assert (second.listed, second.entitled, second.figures.struck_not_listed) == (1400, 1397, 0)
    assert centre.report().to_values()["left_on_list"] == 2596


def test_entries_without_a_time_or_of_the_last_year(centre: Centre) -> None:
    logs = [a_day(f"904{n}-1", range(n)) for n in range(2)]
    for log in logs:
        log.add_values(kind="outcome", outcome="identified", voter_id="V-9", method="x", at="soon")
    logs[0].add_values(kind="day_closed", at="9999-12-31T23:00:00Z")
    centre.take(*logs)
    twice = [one for one in centre.report().alarms if one.code == "identified_twice"]
    assert "at an unknown time by x" in twice[0].detail
    assert [one.figures.by_other for one in centre.report().precincts] == [1, 1]


def test_kinds_without_number_are_not_told_apart(centre: Centre) -> None:
    log = a_day()
    for number in range(50):
        log.add_values(kind=f"of_next_year_{number}")
        log.add_values(kind="outcome", outcome=f"o{number}", method=f"m{number}")
    centre.take(log)
    (station,) = centre.report().precincts[0].stations.values()
    assert (station.figures.identified, station.figures.unended) == (3, -50)


def test_a_manual_share_above_the_usual(centre: Centre) -> None:
    log = a_day()
    log.identify(9, Method.COMMISSION)
    centre.take(log)
    (alarm,) = centre.report(manual=5).alarms
    assert (alarm.code, alarm.precinct, alarm.detail) == ("manual_share", "9042", "25.0 %")
    assert alarm.to_values()["code"] in ALARMS


@pytest.mark.parametrize("code", ALARMS)
def test_the_words_of_an_alarm_go_into_a_sentence(code: str) -> None:
    assert ALARMS[code]
    assert ALARMS[code][-1] != "."


def test_a_longer_journal_counts_its_findings_once(centre: Centre) -> None:
    log = a_day()
    log.void(900, 1)
    log.save(centre.folder)
    centre.take()
    log.void(901, 1)
    log.identify(20)
    centre.take(log)
    assert centre.alarm("void_of_nothing").detail == "2 times"


def test_the_election_s_day_is_the_signed_list_s(centre: Centre) -> None:
    """Whatever the clock and the phone say, at whichever opening."""
    first, second = (MadeLog(f"904{n}-1", now=MORNING + timedelta(days=n)) for n in (2, 3))
    for log in (first, second):
        log.add_values(**opened("kg-2026-1", "2026-10-11", day=1))
        log.identify(1)
        log.close_day()
    second.add_values(**opened("kg-2026-1", "2026-10-11", day=2))
    second.identify(2)
    second.identify(1)
    centre.take(first, second)
    made = centre.report()
    assert (made.day, made.figures.identified) == (date(2026, 10, 11), 4)
    twice = [one for one in centre.alarms() if one[0] == "identified_twice"]
    assert [one[1] for one in twice] == ["9042-1", "9043-1", "9043-1"]
    assert {one[0] for one in centre.alarms()} == {"identified_twice", "outside_day"}


def test_two_elections_on_one_day(centre: Centre) -> None:
    """A voter may come to each; an old entry that names none may be of either."""
    logs = [MadeLog(f"904{n}-1") for n in range(3)]
    for log, election in zip(logs, ("kg-2026-a", "kg-2026-b", ""), strict=True):
        log.add_values(**opened(election, "2026-10-04" if election else "", day=1))
    for log in logs[:2]:
        log.identify(1)
    centre.take(*logs)
    assert centre.alarms() == []
    logs[2].identify(1)
    centre.take(logs[2])
    stations = [one[1] for one in centre.alarms() if one[0] == "identified_twice"]
    assert stations == ["9040-1", "9041-1", "9042-1", "9042-1"]


def test_training_is_of_the_day_it_was_done(centre: Centre) -> None:
    log = MadeLog("9042-1", kind="training")
    log.add_values(**opened("kg-2026-1", "2026-10-11", day=1))
    log.identify(1)
    centre.take(log, kind="training")
    assert (centre.report().day, centre.alarms()) == (DAY, [])


@pytest.mark.parametrize("written", ["soon", "2026-13-01", "", None, 7])
def test_an_election_date_that_is_none(centre: Centre, written: object) -> None:
    log = MadeLog("9042-1")
    log.add_values(**opened("kg-2026-1", written, day=1))
    log.identify(1)
    centre.take(log)
    assert (centre.report().day, centre.alarms()) == (DAY, [])


def opened(election: object, on: object, day: int) -> dict[str, Any]:
    """An opening as versions write it that know the election's day."""
    return {
        "kind": "day_opened", "day": day, "list_sequence": 1, "listed": 1400, "phone_time": "",
        "difference_s": 0, "chair": "c1", "member": "m1", "election_id": election,
        "election_date": on,
    }  # fmt: skip
