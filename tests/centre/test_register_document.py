"""voter_snapshots/README.md describes the register that is read, and its example is one."""

import json
import re
from pathlib import Path

from station_app.centre import finger_sources, register_rows
from station_app.centre.csv_records import CsvEncoding
from station_app.centre.policy_file import read_rules
from station_app.centre.register import Register
from station_app.centre.register_rows import OPTIONAL, REQUIRED, RowFault
from station_app.domain.policy import PROVISIONAL

FOLDER = Path(__file__).parents[2] / "voter_snapshots"
TEXT = (FOLDER / "README.md").read_text(encoding="utf-8")
EXAMPLE = FOLDER / "example"


def test_every_column() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    schema = json.loads(block)
    assert tuple(schema["required"]) == REQUIRED
    assert tuple(schema["properties"]) == REQUIRED + OPTIONAL
    patterns = {
        name: one["pattern"].strip("^$")
        for name, one in schema["properties"].items()
        if "pattern" in one
    }
    number = register_rows._NUMBER.pattern
    assert patterns == {
        "voter_id": register_rows._VOTER_ID.pattern,
        "list_number": number,
        "pin": register_rows._PIN.pattern,
        "page": number,
        "line": number,
        "precinct": register_rows._PRECINCT.pattern,
    }


def test_every_reason_and_ending() -> None:
    for fault in RowFault:
        assert re.search(rf"[`\"]{fault}[`\"]", TEXT), fault
    for ending in finger_sources.RECORD_ENDINGS:
        assert f"`{ending[1:]}`" in TEXT
    sources = Path(finger_sources.__file__).parent
    code = "".join((sources / f"{name}.py").read_text() for name in ("finger_sources", "enrolment"))
    for reason in re.findall(r'"((?:finger|portrait|file)_[a-z_]+)"', code):
        assert f"`{reason}`" in TEXT, reason


def test_the_example_is_read() -> None:
    rules = read_rules(EXAMPLE / "policy.toml")
    assert rules.policy == PROVISIONAL
    ballots = [ballot.id for ballot in rules.ballots]
    register = Register.open(EXAMPLE / "voters.csv", CsvEncoding.UTF8, lambda *_: None, ballots)
    assert register.precincts == ("9042",)
    voters = [row.voter for row in register.rows_of("9042")]
    assert [voter.ballots for voter in voters] == [(), ("president",), (), ()]
    assert [voter.finger_exempt for voter in voters] == [False, False, True, False]
    assert not any(register.bad_rows(precinct) for precinct in (*register.precincts, None))
    register.close()
