"""`station-app journal` in this process, and logs in folders for it."""

from pathlib import Path

from typer.testing import CliRunner

from station_app.commands.journal import app
from station_app.journal.tlog_tiles import log_files
from station_app.vault import AgeIdentity, IdentityKind, PublicIdentity
from tests.journal.journal_samples import Station
from tests.journal.log_samples import leaves_of


def run(*words: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result
    return result.exit_code, result.stdout, result.stderr


def write_log(station: Station, folder: Path) -> Path:
    """The station's closed journal as a tlog-tiles log in `folder`."""
    for name, content in log_files(station.head.read_text(), leaves_of(station)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def write_identity(public_key: bytes, path: Path) -> Path:
    """A station's public identity with this key."""
    age = AgeIdentity.generate().recipient
    PublicIdentity(IdentityKind.STATION, "9042-1", public_key, age).write(path)
    return path
