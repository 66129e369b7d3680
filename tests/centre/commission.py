"""A commission's table: a register, files, rules, stations and a key, all invented."""

import csv
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from typer.testing import CliRunner

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.commands.snapshot import app
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage
from station_app.synthetic.export import png_bytes
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.synthetic.presets import Preset
from station_app.vault import (
    Cost,
    IdentityKind,
    Passphrase,
    PublicIdentity,
    StationIdentity,
    create_issuer,
)

POSITIONS = (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)
VOTERS = 4
PASSPHRASE = "төрт башка сөз жаз"
POLICY = """\
[election]
id = "KG-2026"
date = 2026-11-29
name = "Шайлоо 2026"
kind = "live"
valid_from = 2026-11-20T00:00:00+06:00
valid_to = 2026-12-05T23:59:59+06:00

[rules]
tries = 4
tries_without_pin = 2
quality_floor = 35
fmr_verify_log10 = 4
fpir_log10 = 3.0
margin_log10 = 1.0
scanner_wait_s = 60
manual_alarm_percent = 5
head_slip_minutes = 60
face_tries = 2
face_turns = 3
camera_wait_s = 60
finger_order = ["right_index", "left_index"]
"""
COLUMNS = (
    "voter_id", "list_number", "pin", "surname", "given_names", "sex", "born", "address",
    "page", "line", "precinct", "place",
)  # fmt: skip
PLACE = "№ 5 мектеп, «Ынтымак»"


@cache
def people() -> Precinct:
    return invent_precinct(VOTERS, 404, POSITIONS)


@cache
def engine() -> FingerEngine:
    return FingerEngine()


@cache
def enrolment(row: int, position: FingerPosition, number: int = 0) -> FingerImage:
    return people().impression(row, position, number, Preset.GOOD)


def row_of(number: int, precinct: str = "9042", **changed: str) -> dict[str, str]:
    """The register's row of the invented voter `number`, from 0."""
    voter = people().voters[number]
    row = {name: str(getattr(voter, name)) for name in COLUMNS[:10]}
    return row | {"precinct": precinct, "place": PLACE} | changed


def csv_text(rows: Iterable[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> str:
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, columns, lineterminator="\r\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue()


class Table:
    """The folders of one build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.register = folder / "voters.csv"
        self.fingers, self.portraits = folder / "fingers", folder / "portraits"
        self.stations, self.out = folder / "stations", folder / "out"
        self.policy = folder / "policy.toml"
        self.passphrase = folder / "passphrase"
        for made in (self.fingers, self.portraits, self.stations):
            made.mkdir()
        self.policy.write_text(POLICY)
        self.passphrase.touch(0o600)
        self.passphrase.write_text(PASSPHRASE)
        self.passphrase.chmod(0o600)
        self.issuer = create_issuer(
            "БШК", folder, Passphrase(PASSPHRASE), Cost(memory_kib=8, iterations=1)
        )
        self.key = folder / "БШК.issuer-key.json"
        self.identities: dict[str, StationIdentity] = {}

    def station(self, name: str) -> PublicIdentity:
        self.identities[name] = StationIdentity.generate()
        public = self.identities[name].public(name)
        public.save(self.stations)
        return public

    def finger(self, row: int, position: FingerPosition, name: str = "", number: int = 0) -> Path:
        """Save one image of a voter's finger under its own or another name."""
        voter_id = people().voters[row].voter_id
        path = self.fingers / (name or f"{voter_id}_{int(position)}.png")
        path.write_bytes(png_bytes(enrolment(row, position, number)))
        return path

    def all_fingers(self) -> None:
        for row in range(VOTERS):
            for position in POSITIONS:
                self.finger(row, position)

    def write(self, *rows: dict[str, str]) -> None:
        self.register.write_text(csv_text(rows), encoding="utf-8", newline="")

    def words(self, *words: str | Path) -> list[str]:
        given = {
            "--register": self.register,
            "--fingers": self.fingers,
            "--portraits": self.portraits,
            "--policy": self.policy,
            "--recipients": self.stations,
            "--sign": self.key,
            "--out": self.out,
            "--passphrase-file": self.passphrase,
        }
        pairs = [str(word) for pair in given.items() for word in pair]
        return ["build", *pairs, *map(str, words)]

    def build(self, *words: str | Path) -> tuple[int, str, str]:
        """Exit code, output and errors of one call in this process."""
        result = CliRunner().invoke(app, self.words("--jobs", "1", *words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result.exit_code, result.stdout, result.stderr

    @property
    def trusted(self) -> tuple[PublicIdentity, ...]:
        return PublicIdentity.load_all(self.folder, IdentityKind.ISSUER)
