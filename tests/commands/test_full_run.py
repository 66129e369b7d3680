"""From nothing to a station that is ready, from the command line; no secret is said or kept."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from station_app.assembly.command_line import DeferredCommand, app
from station_app.domain.policy import PROVISIONAL
from station_app.synthetic.register import invent_register, register_csv
from station_app.vault import (
    IdentityKind,
    Passphrase,
    People,
    PublicIdentity,
    open_issuer,
    refuse_changed_pins,
)
from tests.commands.stations import ISSUER_WORDS, PEOPLE, Table, passphrase_of
from tests.commands.typed_words import run
from tests.snapshots.snapshot_samples import open_loaded

VOTERS = 6


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path)


def write_register(path: Path) -> None:
    voters = (one.voter for one in invent_register(VOTERS, 11))
    path.write_text(register_csv(voters, "9042", "№ 5 мектеп"), encoding="utf-8")


def write_policy(path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    rules = {
        name: getattr(PROVISIONAL, name)
        for name in PROVISIONAL.__dataclass_fields__
        if name not in ("finger_order", "signed_text")
    }
    fingers = json.dumps([one.name.lower() for one in PROVISIONAL.finger_order])
    path.write_text(
        "\n".join([
            '[election]\nid = "KG-2026"\nname = "Шайлоо 2026"\nkind = "training"',
            f"date = {now.date().isoformat()}",
            f"valid_from = {(now - timedelta(days=1)).isoformat()}",
            f"valid_to = {(now + timedelta(days=9)).isoformat()}",
            "[rules]",
            *(f"{name} = {value}" for name, value in rules.items()),
            f"finger_order = {fingers}",
        ]),
        encoding="utf-8",
    )  # fmt: skip


def build_list(table: Table, stick: Path) -> list[str]:
    """What `snapshot build` says; the snapshot is where the plan looks for it."""
    register, policy, out = table.folder / "voters.csv", table.folder / "policy.toml", table.folder
    write_register(register)
    write_policy(policy)
    given = {
        "--register": register,
        "--policy": policy,
        "--recipients": stick,
        "--sign": table.folder / "БШК.issuer-key.json",
        "--out": out / "built",
        "--precinct": "9042",
        "--jobs": "1",
        "--passphrase-file": table.words,
    }
    said = run("snapshot", "build", *(word for pair in given.items() for word in pair))
    (found,) = (out / "built").rglob("9042-1.vsnap")
    found.rename(out / "9042-1.vsnap")
    return [said.stdout, said.stderr]


def test_from_nothing_to_ready(table: Table) -> None:
    stick = table.folder / "stick"
    said: list[str] = []

    def tell(*words: str | Path, code: int = 0) -> None:
        result = run(*words, code=code)
        said.extend([result.stdout, result.stderr])

    station = table.station.root
    tell(*table.provisioning("--out", stick))
    tell("readiness", "--station", station, code=1)
    said += build_list(table, stick)
    tell(*table.provisioning("--again"))
    tell("people", "list", "--station", station)
    tell("identity", "show", station)
    # Invented voters without fingers: everything but the list is as it should be.
    tell("readiness", "--station", station, code=1)
    tell("readiness", "--station", station, "--json", code=1)
    reasons = json.loads(said[-2])["reasons"]
    blocking = [one["code"] for one in reasons if one["weight"] == "blocks"]
    assert blocking == ["list_without_fingers"]
    passphrases = {id_: Passphrase(passphrase_of(id_)) for id_ in PEOPLE}
    people = People.load(table.station)
    unlocked = people.unlock("o1", passphrases["o1"], "c1", passphrases["c1"])
    trusted = PublicIdentity.load_all(table.station.trusted, IdentityKind.ISSUER)
    refuse_changed_pins(table.station, unlocked.identity.public(unlocked.station))
    with closing(open_loaded(table.station, unlocked.identity, trusted)) as voters:
        assert voters.voters == VOTERS
        pins = [voters.voter(row).pin for row in range(VOTERS)]
    secrets = {id_: one.reveal() for id_, one in passphrases.items()}
    secrets |= {
        "issuer": ISSUER_WORDS.encode(),
        "signing seed": unlocked.identity.signing_seed.reveal(),
        "age identity": unlocked.identity.age.reveal(),
        "journal key": unlocked.journal_key.reveal(),
    }
    secrets |= {f"PIN {number}": pin.encode() for number, pin in enumerate(pins)}
    issuer_key = table.folder / "БШК.issuer-key.json"
    assert open_issuer(issuer_key, Passphrase(ISSUER_WORDS)).public_key == trusted[0].signing_key
    places = {"said": "\n".join(said).encode()}
    places |= {
        str(path): path.read_bytes()
        for path in table.folder.rglob("*")
        if path.is_file() and path.parent != table.secrets and path.name != "voters.csv"
    }
    del places[str(table.words)]
    found = [
        f"{name} in {place}"
        for name, secret in secrets.items()
        for place, content in places.items()
        if secret in content or secret.hex().encode() in content
    ]
    assert not found


def options(command: Any, place: str = "") -> Iterator[str]:
    """Every parameter of every command, after the words that lead to it."""
    if isinstance(command, DeferredCommand):
        command = command.loaded()
    for parameter in command.params:
        yield f"{place} {parameter.name}"
    for word, part in getattr(command, "commands", {}).items():
        yield from options(part, f"{place} {word}")


def test_no_command_takes_a_secret_as_an_argument() -> None:
    names = [name for name in options(typer.main.get_command(app)) if "pass" in name.split()[-1]]
    assert len(names) >= 6
    assert [name for name in names if not name.endswith(("_file", "_dir"))] == []


def test_a_passphrase_is_on_no_command_line(table: Table) -> None:
    """As the system shows it of a running process, in a process of its own."""
    program = (
        "import sys\nfrom station_app.commands import provision\n"
        "from station_app.vault import Cost\nfrom station_app.assembly.command_line import run\n"
        "provision.measure_cost = lambda: Cost(memory_kib=8, iterations=1)\n"
        "code = run(sys.argv[1:])\n"
        "print(open('/proc/self/cmdline').read(), open('/proc/self/environ').read())\n"
        "sys.exit(code)"
    )
    words = [str(word) for word in table.provisioning("--json")]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
    )
    assert '"provisioned": true' in done.stdout
    for id_ in PEOPLE:
        assert passphrase_of(id_) not in done.stdout + done.stderr
