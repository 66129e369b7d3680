"""`station-app centre` as the commission's engineer types it."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from station_app.assembly.command_line import app
from station_app.centre.collecting.alarms import ALARMS
from station_app.domain.entry_codes import Method
from station_app.vault import AgeIdentity, Cost, Passphrase, create_recipient, open_recipient
from tests.centre.made_logs import MadeLog
from tests.centre.made_packs import ISSUER, issue

WORDS = "төрт башка сөз жаз"


class Desk:
    """The centre's machine."""

    def __init__(self, database: str, folder: Path) -> None:
        self.database = database
        self.folder, self.keys, self.spares = folder / "in", folder / "keys", folder / "spares"
        for made in (self.folder, self.keys, self.spares):
            made.mkdir()
        self.words = folder / "words"
        self.words.touch(0o600)
        self.words.write_text(WORDS)
        create_recipient("БШК", folder, Passphrase(WORDS), Cost(memory_kib=8, iterations=1))
        self.key = folder / "БШК.recipient-key.json"
        self.age: AgeIdentity = open_recipient(self.key, Passphrase(WORDS))

    def run(self, *words: object, code: int = 0) -> str:
        given = ["centre", *words, "--database", self.database]
        result = CliRunner().invoke(app, [str(word) for word in given])
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert result.exit_code == code, result.output
        return result.stdout if code != 2 and result.stdout else result.output

    def collect(self, *words: object, code: int = 0) -> str:
        opened = ("--recipient", self.key, "--passphrase-file", self.words)
        return self.run("collect", self.folder, *opened, "--jobs", 1, *words, code=code)

    def report(self, *words: object, code: int = 0) -> str:
        return self.run("report", *words, code=code)

    def answer(self, *words: object, code: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", code=code))


@pytest.fixture
def desk(database: str, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path)


def a_day(station: str = "9042-1", voters: range = range(1, 4)) -> MadeLog:
    log = MadeLog(station)
    log.open_day()
    for voter in voters:
        log.identify(voter)
    return log


def test_collect_and_report(desk: Desk) -> None:
    log = a_day()
    log.public.save(desk.keys)
    reason = "One was spoilt\x1b[2J"  # as no station of ours would write it
    log.add_values(
        kind="difference_explained", what="ballots", expected=3, counted=2, reason=reason
    )
    log.close_day()
    log.seal(desk.folder, desk.age)
    said = desk.collect("--keys", desk.keys)
    assert "1 new, 0 longer, 0 forked, 0 known before, 0 refused. Entries added: 10," in said
    assert "1 known before" in desk.collect()
    told = desk.report()
    assert "Polling day 2026-10-04, live journals: 1 precinct, 1 station." in told
    assert "1400 listed, 3 identified (0.2 % of them): by finger 3" in told
    assert "07:00" in told  # the polling station's time
    assert told.rstrip().endswith("No alarms.")
    told = desk.report("--precinct", "9042")
    assert f"{log.size} " in told
    assert "9042-1 explains ballots, 2 where there must be 3: One was spoilt\\x1b[2J" in told


def test_a_fork_ends_with_3(desk: Desk) -> None:
    log = a_day()
    other = log.copy()
    log.identify(50)
    other.identify(60)
    log.seal(desk.folder, desk.age)
    desk.collect()
    other.save(desk.folder)
    said = desk.collect(code=3)
    assert "FORK: " in said
    assert "9042-1 has signed two histories that disagree" in said
    told = desk.report(code=3)
    assert "fork (1): a station has two histories." in told
    assert "Collect once with --keys" in told


def test_a_refused_bundle_ends_with_1(desk: Desk) -> None:
    a_day().seal(desk.folder, AgeIdentity.generate())
    assert "refused: " in desk.collect(code=1)
    (one,) = json.loads(desk.collect("--json", code=1))["arrived"]
    assert (one["code"], one["loaded"]) == ("seal_not_for_us", None)
    for number in range(30):
        (desk.folder / f"{number}.journal.age").write_bytes(b"x")
    assert "refused: and 11 more" in desk.collect(code=1)


def test_the_whole_report_as_json_and_csv(desk: Desk) -> None:
    first, second = a_day(), a_day("9043-1", range(3, 9))
    second.identify(20, Method.COMMISSION)
    for log in (first, second):
        log.seal(desk.folder, desk.age)
    MadeLog("9044-1").public.save(desk.keys)
    first.public.save(desk.keys)
    second.public.save(desk.keys)
    found = json.loads(desk.collect("--keys", desk.keys, "--json"))
    assert (found["finished"], found["known"]) == (True, 0)
    assert {one["loaded"]["station"] for one in found["arrived"]} == {"9042-1", "9043-1"}
    made = desk.answer("report", code=3)
    assert (made["identified"], made["listed"], made["utc_offset_minutes"]) == (10, 2800, 360)
    codes = {(one["code"], one["precinct"]) for one in made["alarms"]}
    assert codes == {
        ("identified_twice", "9042"), ("identified_twice", "9043"),
        ("manual_share", "9043"), ("station_missing", "9044"),
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(desk.report("--csv", code=3))))
    assert [row["precinct"] for row in rows] == ["9042", "9043", "9044"]
    assert rows[1]["alarms"] == "identified_twice=1 manual_share=1"
    assert (rows[2]["missing"], rows[2]["listed"], rows[2]["seen"]) == ("9044-1", "", "0")
    (only,) = desk.answer("report", "--precinct", "9042", code=3)["precincts"]
    assert only["stations"][0]["identified"] == 3
    told = desk.report(code=3)
    assert "1 of 1" in told
    assert "0 of 1" in told
    assert (
        desk.answer("report", "--precinct", "9042", "--day", "2026-10-05", code=3)["identified"]
        == 0
    )
    assert "manual_share" not in desk.report("--manual-alarm", 50, code=3)


def test_a_country_is_shown_by_its_alarms(desk: Desk) -> None:
    for number in range(45):
        a_day(f"{9000 + number}-1", range(10 * number, 10 * number + 1)).save(desk.folder)
    assert "and 45 more without an alarm; --csv has all of them." in (
        desk.collect() and desk.report()
    )
    for number in range(12):
        log = a_day(f"{9000 + number}-2", range(10 * number, 10 * number + 1))
        log.save(desk.folder)
    desk.collect()
    told = desk.report(code=3)
    assert "and 33 more without an alarm" in told
    assert "and 14 more; --json has all of them." in told


def test_every_alarm_is_said_in_words(desk: Desk) -> None:
    """A day on which everything went wrong."""
    logs = strange_day(desk)
    for log in logs:
        log.save(desk.folder)
    packs = ("--packs", desk.folder.parent, "--issuer", ISSUER.save(desk.folder.parent))
    desk.collect("--keys", desk.keys, "--spares", desk.spares, *packs, code=3)
    told = desk.report(code=3)
    said = {line.partition(" (")[0]: line for line in told.splitlines() if "): " in line}
    assert set(said) >= set(ALARMS), set(ALARMS) - set(said)
    for code, meaning in ALARMS.items():
        assert said[code].endswith(f": {meaning}.")
    made = desk.answer("report", code=3)
    assert {one["code"] for one in made["alarms"]} == set(ALARMS)
    shown = [one["id"] for one in made["alarms"] if one["id"] in told]
    assert len(shown) == len(set(shown)) == len(made["alarms"])


def strange_day(desk: Desk) -> list[MadeLog]:
    """Journals with everything that is an alarm, one station for each where that is possible."""
    pinned = [MadeLog(f"{9100 + n}-1") for n in range(12)]
    clocks, unclear, gap, early, twice, twice_too, fork, manual, next_week, lost, missing, mute = (
        pinned
    )
    for log in pinned:
        if log not in (early, next_week):
            log.open_day(difference_s=900 if log is clocks else 0)
    clocks.now -= timedelta(minutes=1)
    clocks.identify(1)
    clocks.now += timedelta(days=1)
    clocks.identify(2)
    mute.add_values(kind="slip_failed", at="soon")
    unclear.add_values(kind="carried", number=1, leaf="{}")
    unclear.void(900, 1)
    early.identify(10)
    early.open_day()
    for log in (twice, twice_too):
        log.identify(20)
    other = fork.copy()
    fork.identify(30)
    other.identify(31)
    manual.identify(40, Method.COMMISSION)
    next_week.now += timedelta(days=7)
    next_week.open_day()
    for voter in range(50, 54):
        lost.identify(voter)
    # Three spares go on for the lost station: one without everything it wrote, one with what
    # it never wrote, one with too little; a fourth has no pack, and a fifth took nothing over.
    behind, forged, short, unknown, alone = (MadeLog(f"9900-{n}") for n in range(1, 6))
    packs = [issue(desk.folder.parent, one, lost).sha256 for one in (behind, forged, short)]
    behind.take_over(lost, 6, pack_sha256=packs[0])
    changed = [leaf.replace(b'"list_number":51', b'"list_number":59') for leaf in lost.leaves]
    forged.take_over(lost, 0, size=lost.size, pack_sha256=packs[1])
    forged.carry(changed)
    short.take_over(lost, 0, size=lost.size, pack_sha256=packs[2])
    short.carry(lost.leaves[:3])
    unknown.take_over(lost)
    alone.identify(60)
    stranger, borrowed = a_day("9200-1", range(70, 72)), MadeLog("9201-1", identity=gap.identity)
    for log in pinned:
        log.public.save(desk.keys)
    for log in (behind, forged, short, unknown, alone):
        log.public.save(desk.spares)
    return [
        *(one for one in pinned if one is not missing),
        other, behind, forged, short, unknown, alone, stranger, borrowed,
    ]  # fmt: skip


def test_alarms_are_explained(desk: Desk) -> None:
    log = a_day()
    log.void(900, 1)
    log.save(desk.folder)
    desk.collect()
    (alarm,) = desk.answer("report", code=3)["alarms"]
    words = ("explain", alarm["id"], "--reason")
    assert desk.answer(*words, "two\nlines", code=1)["code"] == "reason_unfit"
    assert desk.answer("explain", "0123456789", "--reason", "x", code=1)["code"] == "alarm_unknown"
    assert "Explained: void_of_nothing of 9042-1." in desk.run(*words, "We do not know yet")
    desk.run(*words, "Typed at the wrong desk")
    made = desk.answer("report")
    assert made["alarms"][0]["explained"]["reason"] == "Typed at the wrong desk"
    assert made["precincts"][0]["alarms"] == {}
    assert made["precincts"][0]["explained"] == 1
    told = desk.report()
    assert "No alarms.\nEXPLAINED\n" in told
    assert "We do not know yet" not in told
    # It was explained as it was: one more is an alarm again.
    log.void(901, 1)
    log.save(desk.folder)
    desk.collect()
    assert [one["explained"] for one in desk.answer("report", code=3)["alarms"]] == [None]


def test_packs_need_who_issued_them(desk: Desk) -> None:
    a_day().save(desk.folder)
    assert "--issuer" in desk.collect("--packs", desk.keys, code=2)
    issuer = ISSUER.save(desk.keys)
    words = ("--packs", desk.keys, "--issuer", issuer, "--json")
    assert json.loads(desk.collect(*words, code=1))["code"] == "takeover_missing"


def test_a_database_without_journals(desk: Desk) -> None:
    assert desk.answer("report", code=1)["code"] == "collection_missing"
    assert "There is no journal in these folders" in desk.collect(code=1)
    assert json.loads(desk.collect("--json", code=1))["finished"] is False
    assert "No journal was collected" in desk.report(code=1)


def test_what_is_typed_wrongly(desk: Desk) -> None:
    assert "+06:00" in desk.collect("--utc-offset", "6", code=2)
    assert "not both" in desk.report("--json", "--csv", code=2)
    said = desk.collect("--keys", desk.keys, "--json", code=1)
    assert json.loads(said) == {
        "finished": False,
        "code": "identity_missing",
        "reason": f"There is no public identity of a station, *.station.json, in {desk.keys}. "
        "Check it.",
    }
    desk.database = "postgresql://me:secret@host/name"
    assert desk.answer("report", code=1)["code"] == "database_url_password"


def test_a_time_of_the_last_year(desk: Desk) -> None:
    log = a_day()
    log.add_values(kind="day_closed", at="9999-12-31T23:00:00Z")
    log.save(desk.folder)
    desk.collect()
    assert "outside_day (1)" in desk.report("--precinct", "9042", code=3)


def test_times_west_of_greenwich(desk: Desk) -> None:
    a_day().save(desk.folder)
    desk.collect("--utc-offset", "-03:30")
    assert "21:30" in desk.report("--day", "2026-10-03")
