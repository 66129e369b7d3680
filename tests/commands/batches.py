"""A stick with a table of stations, and laptops to take it to."""

from pathlib import Path
from typing import Any

import pytest

from station_app.vault import StationFolder
from tests.commands.stations import PEOPLE, PLAN, Table, passphrase_of
from tests.commands.typed_words import answer, make_cheap, secret_file

HEADER = "precinct,kit,snapshot,operator,chair,member,technician"
NAMES = [name for name, _ in PEOPLE.values()]


class Batch(Table):
    """A stick with a table of three stations, and laptops, each a home of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(folder)
        self._patch, self._laptops = monkeypatch, folder.parent / "laptops"
        common = PLAN.replace('precinct = "9042"\n', "").replace('kit = "1"\n', "")
        common = common.replace('folder = "station"\n', "")
        self.config.write_text(common.replace('[list]\nsnapshot = "9042-1.vsnap"\n', ""))
        for role, id_ in zip(("operator", "chair", "member", "technician"), PEOPLE, strict=True):
            secret_file(self.secrets / f"{role}.passphrase", passphrase_of(id_))
        self.table = folder / "kits.csv"
        self.fill(*(f"9042,{kit},9042-1.vsnap" for kit in "123"))

    def fill(self, *lines: str, header: str = HEADER) -> None:
        people = ",".join(NAMES)
        rows = [f"{line},{people}" if header == HEADER else line for line in lines]
        self.table.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")

    def laptop(self, name: str) -> StationFolder:
        """Sit down at a laptop; the station that is or will be there."""
        home = self._laptops / name
        self._patch.setenv("STATION_APP_HOME", str(home))
        self._patch.setattr("platform.node", lambda: name)
        return StationFolder(home / "training")

    def asking(self, *more: str | Path) -> list[str | Path]:
        given = ("--batch", self.table, "--passphrase-dir", self.secrets)
        return ["provision", *given, *self.digits, *more]

    def at(self, name: str, kit: str = "", code: int = 0) -> Any:
        self.station = self.laptop(name)
        return answer(*self.asking(*(("--kit", kit) if kit else ())), code=code)

    def report(self, *more: str | Path, code: int = 0) -> Any:
        return answer("provision", "--batch", self.table, "--report", *more, code=code)

    @property
    def results(self) -> Path:
        return self.folder / "kits.stations"


def made_batch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """A stick in a folder of its own."""
    make_cheap(monkeypatch)
    stick = folder / "stick"
    stick.mkdir()
    return Batch(stick, monkeypatch)
