"""A centre as the commission runs it: its commands, its folders, and what lies on sticks."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from station_app.assembly.command_line import app
from station_app.journal.tlog_tiles import log_files
from tests.centre.made_logs import MadeLog
from tests.centre.made_packs import ISSUER, issue


class AttackedCentre:
    """`station-app centre` on a database, with folders of keys, spares, packs and a stick."""

    def __init__(self, database: str, folder: Path) -> None:
        self.database = database
        self.stick, self.keys, self.spares, self.packs = (
            folder / name for name in ("stick", "keys", "spares", "packs")
        )
        for made in (self.stick, self.keys, self.spares, self.packs):
            made.mkdir()
        self.issuer = ISSUER.save(folder)
        self._logs = 0

    def run(self, *words: object, code: int) -> str:
        """What a command prints; it has to end with `code`."""
        given = ["centre", *words, "--database", self.database]
        result = CliRunner().invoke(app, [str(word) for word in given])
        assert result.exit_code == code, result.output
        return result.stdout

    def pin(self, *stations: MadeLog) -> None:
        for one in stations:
            one.public.save(self.keys)

    def pin_spare(self, *spares: MadeLog) -> None:
        for one in spares:
            one.public.save(self.spares)

    def issue(self, spare: MadeLog, original: MadeLog) -> str:
        """A pack of the commission for this spare; its SHA-256."""
        return issue(self.packs, spare, original).sha256

    def lay(self, *logs: MadeLog) -> None:
        """Put logs on the stick, whatever they call themselves."""
        for log in logs:
            self._logs += 1
            lay(log, self.stick / f"log-{self._logs}")

    def collect(self, code: int = 0) -> dict[str, str]:
        """What became of each source, by the last part of its name: an arrival or a code."""
        given: list[object] = [self.stick, "--jobs", 1]
        for option, folder in (("--keys", self.keys), ("--spares", self.spares)):
            given += [option, folder] if any(folder.iterdir()) else []
        if any(self.packs.glob("*.takeover")):
            given += ["--packs", self.packs, "--issuer", self.issuer]
        found = json.loads(self.run("collect", *given, "--json", code=code))
        return {
            Path(one["path"]).name: one["code"] or one["loaded"]["arrival"]
            for one in found["arrived"]
        }

    def report(self, code: int = 3) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(self.run("report", "--json", code=code))
        return made

    def identified(self) -> dict[str, int]:
        """Identifications that stand, by station."""
        return {
            station["station"]: station["identified"]
            for precinct in self.report()["precincts"]
            for station in precinct["stations"]
        }

    def alarms(self, code: int = 3) -> list[tuple[str, str]]:
        """Codes and stations."""
        return [(one["code"], one["station"]) for one in self.report(code)["alarms"]]


def lay(log: MadeLog, place: Path) -> Path:
    """The log as a folder of tiles."""
    for name, content in log_files(log.note(), log.leaves):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def a_day(station: str, voters: range, **of: Any) -> MadeLog:
    """A station's day on which these voters were identified."""
    log = MadeLog(station, **of)
    log.open_day()
    for voter in voters:
        log.identify(voter)
    return log


def invented(station: str, key_of: MadeLog, voters: range, **taken: Any) -> MadeLog:
    """A journal under the name of `station`, signed with another's genuine key, that begins with
    a takeover nobody has seen and goes on with voters nobody has met.
    """
    log = MadeLog(station, identity=key_of.identity)
    nothing = {"public_key": "", "size": 0, "root": "", "note": "", "pack_sha256": "00" * 32}
    log.take_over(MadeLog(station), 0, **nothing | taken)
    log.open_day()
    for voter in voters:
        log.identify(voter)
    return log


__all__ = ["AttackedCentre", "MadeLog", "a_day", "invented", "lay"]
