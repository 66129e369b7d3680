"""The suite of sticks on a folder: what a bare machine can show; tests/vm has the real ones.

The folder does what was measured of a pulled vfat stick: it lists as empty, its files are not
found, `statvfs` answers as before. Only its disk is gone from sysfs.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.devices import stick_trial
from station_app.devices.media import Medium
from station_app.domain.errors import KnownError
from station_app.vault import untrusted_files
from tests.devices.folder_medium import folder_as_medium
from tests.devices.stick_conformance import StickSuite, refused


class FolderStick:
    """A folder in the place of a stick, and a sysfs that its disk can leave."""

    is_real = False

    def __init__(self, around: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._away = around / "stick", around / "away"
        self.folder.mkdir()
        self._patch, self._serial, self._is_in = monkeypatch, "A", True
        self._free: int | None = None
        self._is_writable = True
        disks = around / "sysfs"
        disks.mkdir()
        device = self.folder.stat().st_dev
        self._disk = disks / f"{os.major(device) or 8}:{os.minor(device)}"
        monkeypatch.setattr(untrusted_files, "_DISKS", disks)
        real = os.major
        monkeypatch.setattr(os, "major", lambda number: real(number) or 8)  # tmpfs is no disk
        self._plug()

    def _plug(self) -> None:
        self._disk.mkdir()
        (self._disk / "size").write_text("262144\n")

    def pull(self) -> None:
        if not self._is_in:
            return
        self._is_in = False
        self._away.mkdir()
        for path in list(self.folder.iterdir()):
            path.rename(self._away / path.name)
        (self._disk / "size").unlink()
        self._disk.rmdir()

    def put_back(self) -> None:
        self._is_in = True
        self._plug()
        for path in list(self._away.iterdir()):
            path.rename(self.folder / path.name)
        self._away.rmdir()

    def exchange(self) -> None:
        self.pull()
        self._is_in, self._serial = True, "B"
        self._plug()

    def lock(self) -> None:
        self._is_writable = False
        self._refuse(30)

    def fill(self) -> None:
        self._free = 1_000_000
        self._refuse(28)

    def _refuse(self, number: int) -> None:
        """EROFS or ENOSPC of whatever is created in the folder."""
        create = os.open

        def no_more(path: object, flags: int, *rest: int) -> int:
            if flags & os.O_CREAT and str(path).startswith(str(self.folder)):
                raise OSError(number, os.strerror(number), str(path))
            return create(path, flags, *rest)  # type: ignore[arg-type]

        self._patch.setattr(os, "open", no_more)

    def media(self) -> list[Medium]:
        if not self._is_in:
            return []
        about = folder_as_medium(self.folder)
        free = about.free if self._free is None else self._free
        return [replace(about, identity=self._serial, free=free, is_writable=self._is_writable)]


class TestFolderStick(StickSuite):
    @pytest.fixture
    def stick(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStick:
        return FolderStick(tmp_path, monkeypatch)


def test_an_empty_card_reader_has_no_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = FolderStick(tmp_path, monkeypatch)
    assert not untrusted_files.is_pulled(stick.folder)
    (stick._disk / "size").write_text("0\n")
    assert untrusted_files.is_pulled(stick.folder / "any" / "file")


def test_without_sysfs_nothing_is_pulled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted_files, "_DISKS", tmp_path / "none")
    assert not untrusted_files.is_pulled(tmp_path / "file")
    assert not untrusted_files.is_pulled(Path("a\0b"))


def test_a_worn_stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def worn(path: Path) -> Path:
        (file,) = path.iterdir()
        with file.open("r+b") as there:
            there.write(b"other bytes")
        return path

    refused(
        "medium_worn",
        lambda: stick_trial.try_stick(tmp_path, lambda *_: None, lambda: False, 5000, worn),
    )
    assert list(tmp_path.iterdir()) == []


def test_a_remount_is_the_better_proof(tmp_path: Path) -> None:
    def remounted(path: Path) -> Path:
        return path

    def tried(remount: Callable[[Path], Path | None]) -> stick_trial.Proof:
        done = stick_trial.try_stick(tmp_path, lambda *_: None, lambda: False, 5000, remount)
        assert done is not None
        return done.proof

    assert tried(remounted) is stick_trial.Proof.REMOUNTED
    assert tried(lambda _: None) is not stick_trial.Proof.REMOUNTED


UDISKS = """#!/bin/sh
echo "$@" >>"{log}"
[ "$1" != "{fails}" ]
"""


@pytest.mark.parametrize(
    ("fails", "asked"),
    [("nothing", ["unmount", "mount"]), ("unmount", ["unmount"]), ("mount", ["unmount", "mount"])],
)
def test_udisks_is_asked_to_remount(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str, asked: list[str]
) -> None:
    program, log = tmp_path / "udisksctl", tmp_path / "log"
    program.write_text(UDISKS.format(log=log, fails=fails))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(stick_trial, "mount_source", lambda _: "/dev/sdz1")
    monkeypatch.setattr(stick_trial, "mounted_at", lambda _: Path("/media/u/NEW"))

    def remount() -> Path | None:
        return stick_trial.remount_by_udisks(Path("/media/u/OLD"))

    if fails == "mount":
        with pytest.raises(KnownError) as lost:
            remount()
        assert lost.value.code == "medium_lost"
    else:
        assert remount() == (None if fails == "unmount" else Path("/media/u/NEW"))
    lines = log.read_text().splitlines()
    assert [line.split()[0] for line in lines] == asked
    assert all("--no-user-interaction --block-device /dev/sdz1" in line for line in lines)
