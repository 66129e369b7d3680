"""A USB stick behind the kernel's usb-storage, with a real file system, mounted as desktops do it.

Between the stick and its memory is device-mapper: `delay` where a stick is slow, `flakey` where it
can fail (Documentation/admin-guide/device-mapper of the kernel).
"""

import contextlib
import fcntl
import os
import subprocess
from enum import StrEnum
from pathlib import Path
from typing import Final

from tests.vm.gadget import Gadget, load_modules, wait_until

_OPTIONS: Final = {"vfat": "utf8,shortname=mixed,flush", "exfat": ""}
"""As udisks2 mounts them."""
_DRIVERS: Final = ("usb_storage", "sd_mod", "nls_utf8", "nls_cp437", "nls_ascii")
_MAPPER: Final = ("dmsetup", "--noudevsync")
_BLKFLSBUF: Final = 0x1261
"""Writes out and forgets what the kernel holds of a block device (linux/fs.h)."""


class Flaw(StrEnum):
    """How a stick's memory fails; the value are the words that `flakey` has for it."""

    DEAD = "0"
    """Neither reads nor writes."""
    WRITES_FAIL = "1 error_writes"
    WRITES_LOST = "1 drop_writes"
    """Says that it has written, and has not."""


class WireStick:
    """`folder` is where it is mounted: `/media/` and its label. `fs` is vfat or exfat.

    `slow_ms` is how long each write takes. Where it `can_fail`, `break_down` and `mend` say when.
    """

    def __init__(
        self,
        label: str,
        size_mb: int = 64,
        *,
        fs: str = "vfat",
        slow_ms: int = 0,
        can_fail: bool = False,
        serial: str = "",
    ) -> None:
        load_modules(*_DRIVERS, fs)
        self.folder, self._fs, self._label = Path("/media") / label, fs, label
        self._memory = Path("/dev/shm") / f"{label}{serial}.stick"
        with self._memory.open("wb") as file:
            file.truncate(size_mb << 20)
        make = ["mkfs.vfat", "-n"] if fs == "vfat" else ["mkfs.exfat", "-L"]
        _run(*make, label, str(self._memory))
        self._loop, self._sectors = "", size_mb << 11
        self._backing = str(self._memory)
        if slow_ms:
            self._backing = self._mapped("delay", f"0 {{0}} 0 {slow_ms}")
        elif can_fail:
            self._backing = self._mapped("flakey", "1 0")
        self._gadget = Gadget(
            f"{label}{serial}".lower(),
            (0x0951, 0x1666),
            {
                "manufacturer": "Kingston",
                "product": "DataTraveler",
                "serialnumber": serial or label,
            },
            "mass_storage",
            {"lun.0/removable": "1", "lun.0/file": self._backing},
        )
        self._disk = ""
        self._links: list[Path] = []

    def _mapped(self, target: str, words: str) -> str:
        """The memory behind a target of device-mapper; `{0}` in its words is the memory."""
        load_modules("loop", f"dm_{target}")
        self._loop = _run("losetup", "--find", "--show", str(self._memory))
        _run(*_MAPPER, "create", self._label, "--table", self._table(target, words))
        asked = ("info", "-c", "--noheadings", "-o", "blkdevname", self._label)
        return f"/dev/{_run('dmsetup', *asked)}"

    def _table(self, target: str, words: str) -> str:
        return f"0 {self._sectors} {target} {self._loop} 0 {words.format(self._loop)}"

    def break_down(self, flaw: Flaw) -> None:
        """From now on its memory fails so; what it has been given before is in it."""
        self.forget()
        self._behave(f"0 1 {flaw}")

    def mend(self) -> None:
        """It works again. What it has acknowledged and not written meanwhile is lost."""
        self._behave("1 0")
        self.forget()

    def forget(self) -> None:
        """Empty the stick's own cache: the next read comes from its memory."""
        handle = os.open(self._backing, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # its memory does not take it
                fcntl.ioctl(handle, _BLKFLSBUF, 0)
        finally:
            os.close(handle)

    def _behave(self, words: str) -> None:
        _run(*_MAPPER, "suspend", "--nolockfs", "--noflush", self._label)
        _run(*_MAPPER, "load", self._label, "--table", self._table("flakey", words))
        _run(*_MAPPER, "resume", self._label)

    def plug(self, *, read_only: bool = False) -> None:
        """Put it in; it is mounted when this returns."""
        before = _disks()
        self._switch(read_only)
        self._gadget.plug()
        wait_until(lambda: len(_disks() - before) == 1 and _has_size(_disks() - before))
        (name,) = _disks() - before
        self._disk = f"/dev/{name}"
        wait_until(Path(self._disk).exists)
        self._name_disk()
        self.folder.mkdir(parents=True, exist_ok=True)
        options = ",".join(filter(None, ("ro" if read_only else "rw", _OPTIONS[self._fs])))
        _run("mount", "-t", self._fs, "-o", options, self._disk, str(self.folder))

    def _name_disk(self) -> None:
        """The links that udev makes."""
        for kind, tag in (("by-uuid", "UUID"), ("by-label", "LABEL")):
            link = Path("/dev/disk") / kind / _run("blkid", "-o", "value", "-s", tag, self._disk)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(self._disk)
            self._links.append(link)

    def _gone(self) -> None:
        """Its disk and what udev called it."""
        if self._disk:
            wait_until(lambda: not Path(self._disk).exists())
        self._disk = ""
        while self._links:
            self._links.pop().unlink(missing_ok=True)

    def _switch(self, is_on: bool) -> None:
        """Its switch against writing: turned while it is out."""
        lun = self._gadget.function / "lun.0"
        if (lun / "ro").read_text().strip() != f"{is_on:d}":
            (lun / "file").write_text("\n")
            (lun / "ro").write_text(f"{is_on:d}")
            (lun / "file").write_text(self._backing)

    def take_out(self) -> None:
        """As people should: asked for first."""
        _run("umount", str(self.folder))
        self._gadget.unplug()
        self._gone()

    def pull(self) -> None:
        """Pull it out without asking; it stays mounted, as it does until the desktop notices.

        Returns once the kernel has noticed, which is a moment later.
        """
        self._gadget.unplug()
        wait_until(lambda: Path(self._disk).name not in _disks())

    def forget_mount(self) -> None:
        """What the desktop does once it has noticed."""
        with contextlib.suppress(subprocess.CalledProcessError):
            _run("umount", "-l", str(self.folder))
        self._gone()
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def close(self) -> None:
        """Take it away."""
        with contextlib.suppress(subprocess.CalledProcessError):
            _run("umount", str(self.folder))
        self._gadget.remove()
        self._gone()
        if self._loop:
            _run(*_MAPPER, "remove", self._label)
            _run("losetup", "-d", self._loop)
        self._memory.unlink()


def _disks() -> set[str]:
    return {one.name for one in Path("/sys/block").glob("sd*")}


def _has_size(names: set[str]) -> bool:
    return all(int((Path("/sys/block") / one / "size").read_text()) for one in names)


def _run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout.strip()
