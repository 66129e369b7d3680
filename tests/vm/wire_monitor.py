"""A second monitor on a display adapter of the kernel's (virtio-gpu), and an X server on both.

The kernel is told of the plug and of the monitor's EDID where a driver would tell it (the
connector's `status` in sysfs, `edid_override` in debugfs); everything above that is real.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.vm.gadget import load_modules, wait_until

DISPLAY: Final = ":7"
PROGRAMS: Final = ("Xorg", "openbox", "xrandr", "xdotool")
OWN, OTHER = "Virtual-1", "Virtual-2"
_SYSFS: Final = Path("/sys/class/drm")
_DEBUGFS: Final = Path("/sys/kernel/debug")
_XORG: Final = """Section "Device"
    Identifier "adapter"
    Driver "modesetting"
    Option "AccelMethod" "none"
EndSection
"""


def missing_programs() -> list[str]:
    """What the window system needs and this machine lacks."""
    return [one for one in PROGRAMS if shutil.which(one) is None]


class WireMonitor:
    """The monitor beside the desk's own; unplugged at first. Needs udev running, for the server."""

    def __init__(self, place: Path) -> None:
        load_modules("virtio-gpu", "evdev")
        wait_until((_SYSFS / f"card0-{OTHER}").exists)
        if not (_DEBUGFS / "dri").exists():
            subprocess.run(["mount", "-t", "debugfs", "none", str(_DEBUGFS)], check=True)
        config = place / "xorg.conf"
        config.write_text(_XORG)
        words = ["Xorg", DISPLAY, "-config", str(config), "-logfile", str(place / "xorg.log")]
        words += ["-noreset", "-nolisten", "tcp", "-novtswitch", "-sharevts", "vt1"]
        self._server = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        wait_until(lambda: self._ask("xrandr") is not None)
        self._windows = subprocess.Popen(["openbox"], env=self.environment())
        assert self._ask("xrandr", "--output", OWN, "--mode", "1280x800") is not None
        self.use(other=False)

    def environment(self) -> dict[str, str]:
        """For programs that open windows."""
        return {"DISPLAY": DISPLAY, "PATH": "/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}

    def plug(self, edid: bytes) -> None:
        (_DEBUGFS / "dri" / "0" / OTHER / "edid_override").write_bytes(edid)
        (_SYSFS / f"card0-{OTHER}" / "status").write_text("on")

    def pull(self) -> None:
        (_SYSFS / f"card0-{OTHER}" / "status").write_text("off")

    def use(self, *, other: bool) -> None:
        """What a desktop does when a monitor comes or goes; a bare window manager does nothing."""
        state = f"{OTHER} connected" if other else f"{OTHER} disconnected"
        wait_until(lambda: state in (self._ask("xrandr") or ""))  # the server has heard of it
        words = ["--mode", "1024x768", "--right-of", OWN] if other else ["--off"]
        assert self._ask("xrandr", "--output", OTHER, *words) is not None

    def type(self, sign: str) -> None:
        """A key of the keyboard, to whatever has it."""
        assert self._ask("xdotool", "key", sign) is not None

    def close(self) -> None:
        self.pull()
        for one in (self._windows, self._server):
            one.terminate()
            one.wait(30)

    def _ask(self, *words: str) -> str | None:
        done = subprocess.run(
            words, check=False, env=self.environment(), capture_output=True, text=True
        )
        return done.stdout if done.returncode == 0 else None
