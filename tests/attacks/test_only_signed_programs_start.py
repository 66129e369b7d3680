"""A hosted reader's program is the one that two persons signed, whoever writes to the folder.

Version a9a29b6 hosted no programs.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

import pytest

from station_app.devices.hosted import signed_program as module
from station_app.devices.hosted.signed_program import SignedScanner, sealed_copy, signed_program
from station_app.devices.signed_files import SignedFile
from station_app.domain.errors import DeviceFaultError, KnownError

READER = f"""#!{sys.executable} -IS
import json, os, sys
def say(header):
    text = json.dumps(header).encode()
    os.write(1, len(text).to_bytes(4, "big") + text)
os.read(0, 65536)
say({{"is": "hello", "protocol": 1}})
seen = sorted(os.environ), sorted(os.listdir("/proc/self/fd")), os.getcwd(), sys.path
open("PLACE", "w").write(json.dumps(seen))
say({{"is": "ready", "name": "NAME", "ppi": 500}})
while os.read(0, 65536):
    pass
"""


class Station:
    """A station's folder with one program, and what the settings say of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen = folder, folder / "seen"
        (folder / "readers").mkdir()
        self.program = folder / "readers/acme"
        self.write("Acme")
        self.signed = self.signature()

    def write(self, name: str) -> None:
        self.program.write_text(READER.replace("PLACE", str(self.seen)).replace("NAME", name))

    def signature(self) -> SignedFile:
        return SignedFile("readers/acme", hashlib.sha256(self.program.read_bytes()).hexdigest())

    def scanner(self, port: str = "readers/acme") -> SignedScanner:
        return SignedScanner(port, self.folder, [self.signed])


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def refused(scanner: SignedScanner) -> str:
    with pytest.raises(DeviceFaultError) as caught:
        scanner.open()
    assert caught.value.code == "scanner_program_refused"
    assert "settings apply" in caught.value.message
    return caught.value.message


def test_the_signed_program_starts(station: Station) -> None:
    scanner = station.scanner()
    assert scanner.open().name == "Acme"
    scanner.close()


def test_a_changed_program_does_not(station: Station) -> None:
    station.write("Other")
    assert "another hash" in refused(station.scanner())
    assert not station.seen.exists()


def test_a_program_that_nobody_signed_does_not(station: Station) -> None:
    refused(station.scanner("readers/other"))
    refused(SignedScanner("", station.folder, []))


@pytest.mark.parametrize("path", ["../acme", "/bin/cat", "readers/../../bin/cat", "", "a\0b"])
def test_a_path_that_leads_out_of_the_folder_does_not(station: Station, path: str) -> None:
    with pytest.raises(KnownError):
        signed_program(station.folder, SignedFile(path, station.signed.sha256))


def test_a_link_does_not(station: Station) -> None:
    station.program.rename(station.folder / "elsewhere")
    station.program.symlink_to(station.folder / "elsewhere")
    assert "cannot be read" in refused(station.scanner())
    station.program.unlink()
    os.mkfifo(station.program)
    refused(station.scanner())


def test_exchanged_after_the_check_the_checked_one_starts(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment between check and start is as long as the attacker likes."""

    def exchanged(folder: Path, signed: SignedFile) -> object:
        program = signed_program(folder, signed)
        station.write("Other")  # by its name
        handle = os.open(station.program, os.O_WRONLY)
        os.pwrite(handle, b"#!/bin/false\n", 0)  # in its place, through the same file
        os.close(handle)
        return program

    monkeypatch.setattr(module, "signed_program", exchanged)
    scanner = station.scanner()
    assert scanner.open().name == "Acme"
    scanner.close()


def test_the_copy_cannot_be_written_to(station: Station) -> None:
    handle, _ = sealed_copy(station.program)
    with pytest.raises(OSError, match=r"not permitted|denied|busy"):
        os.pwrite(handle, b"x", 0)
    with pytest.raises(OSError, match=r"not permitted|denied|busy"):
        os.ftruncate(handle, 1)
    with pytest.raises(OSError, match=r"not permitted|denied|busy"):
        os.open(f"/proc/self/fd/{handle}", os.O_RDWR | os.O_TRUNC)
    os.close(handle)


def test_nothing_of_the_stations_environment_reaches_it(
    station: Station, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit")
    for name in ("LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONSTARTUP", "FP_VIRTUAL_IMAGE", "PATH"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("LD_PRELOAD", str(tmp_path / "none.so"))
    monkeypatch.chdir(tmp_path)
    secret = os.open(station.program, os.O_RDONLY)
    os.set_inheritable(secret, True)
    scanner = station.scanner()
    scanner.open()
    scanner.close()
    os.close(secret)
    names, files, folder, path = json.loads(station.seen.read_text())
    assert [one for one in names if one != "LC_CTYPE"] == ["LANG", "PATH"]
    assert len(files) <= 6, "the three standard ones, its own program, and what lists them"
    assert folder == "/"
    assert str(tmp_path) not in path


def test_a_station_with_many_open_files_hands_none_on(station: Station) -> None:
    """More than the program itself may open: those have numbers above its limit."""
    held = [os.open("/dev/null", os.O_RDONLY) for _ in range(300)]
    try:
        scanner = station.scanner()
        scanner.open()
        scanner.close()
    finally:
        for one in held:
            os.close(one)
    _, files, _, _ = json.loads(station.seen.read_text())
    above = [one for one in files if int(one) > 255]
    assert len(above) <= 1, "its own program, and no pipe of ours"
