"""USB devices made of configfs and dummy_hcd: the kernel has both ends of the cable.

Documentation/usb/gadget_configfs.rst and gadget-testing.rst of the kernel. dummy_hcd has one socket
a controller, `CONTROLLERS` of them.
"""

import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

CONTROLLERS: Final = 4
_ROOT: Final = Path("/sys/kernel/config/usb_gadget")
_PATIENCE_S: Final = 30.0


def load_modules(*names: str) -> None:
    """Load drivers of the kernel."""
    subprocess.run(["modprobe", "-a", *names], check=True)


def wait_until(holds: Callable[[], bool], patience: float = _PATIENCE_S) -> None:
    """Until it holds."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


class Gadget:
    """A device with one function: `printer`, `acm`, `mass_storage` or `hid`.

    `attributes` of the function by their path in configfs (`lun.0/file`). `plug` makes it appear,
    `unplug` takes it away in the middle of whatever goes on.
    """

    def __init__(
        self,
        name: str,
        ids: tuple[int, int],
        strings: Mapping[str, str],
        function: str,
        attributes: Mapping[str, str | bytes],
    ) -> None:
        if not Path("/sys/module/dummy_hcd").exists():
            subprocess.run(["modprobe", "dummy_hcd", f"num={CONTROLLERS}"], check=True)
        load_modules("libcomposite")
        if not _ROOT.exists():
            subprocess.run(["mount", "-t", "configfs", "config", "/sys/kernel/config"], check=True)
        self._folder = _ROOT / name
        words, configuration = self._folder / "strings/0x409", self._folder / "configs/c.1"
        for folder in (self._folder, words, configuration):
            folder.mkdir(parents=True)
        (self._folder / "idVendor").write_text(f"{ids[0]:#06x}")
        (self._folder / "idProduct").write_text(f"{ids[1]:#06x}")
        for key, text in strings.items():
            (words / key).write_text(text)
        self.function = self._folder / "functions" / f"{function}.{name}"
        self.function.mkdir()
        for key, value in attributes.items():
            data = value.encode() if isinstance(value, str) else value
            (self.function / key).write_bytes(data)
        (configuration / self.function.name).symlink_to(self.function)

    def plug(self, node: str | Path = "") -> None:
        """Plug it into a free controller, and wait for its node."""
        taken = {(one / "UDC").read_text().strip() for one in _ROOT.iterdir()}
        free = sorted({one.name for one in Path("/sys/class/udc").iterdir()} - taken)
        (self._folder / "UDC").write_text(free[0])
        if node:
            wait_until(Path(node).exists)

    def unplug(self) -> None:
        """Pull the cable."""
        (self._folder / "UDC").write_text("\n")

    def remove(self) -> None:
        """Unplug it where it is not yet, and forget it."""
        if (self._folder / "UDC").read_text().strip():
            self.unplug()
        configuration = self._folder / "configs/c.1"
        (configuration / self.function.name).unlink()
        self.function.rmdir()
        configuration.rmdir()
        (self._folder / "strings/0x409").rmdir()
        self._folder.rmdir()
