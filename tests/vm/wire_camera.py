"""A webcam on the bus, and what stands before it."""

from pathlib import Path

import cv2
import numpy as np

from station_app.devices.cameras.v4l_nodes import v4l_cameras
from tests.vm.emulator import kept_emulator
from tests.vm.gadget import load_modules, wait_until
from tests.vm.uvc_camera import SIZES


class WireCamera:
    """Shows `pictures` (BGR) in turn, at the sizes that it has."""

    port = "usb:046d:0825:A1B2C3D4"

    def __init__(self, folder: Path, pictures: list[np.ndarray]) -> None:
        load_modules("uvcvideo")
        self._folder = folder
        self._write(pictures)
        self._device = kept_emulator("uvc_camera", "Webcam", "A1B2C3D4")
        self._device.do("show", str(folder))
        self._device.do("mend")
        self.plug_in()

    def show_pictures(self, pictures: list[np.ndarray]) -> None:
        """Other ones from now on."""
        self._write(pictures)
        self._device.do("show", str(self._folder))

    def spoil(self) -> None:
        """Frames are damaged from now on."""
        self._device.do("spoil")

    def fall_silent(self) -> None:
        """No frames from now on; it stays plugged in."""
        self._device.do("stop")

    def mend(self) -> None:
        """Whole frames again."""
        self._device.do("mend")

    def unplug(self) -> None:
        """Pull the cable."""
        self._device.do("unplug")
        wait_until(lambda: not v4l_cameras())

    def plug_in(self) -> None:
        """Put it in, until the driver has found it."""
        self._device.do("plug")
        wait_until(lambda: any(one.is_permitted for one in v4l_cameras()))

    def close(self) -> None:
        """Take it away."""
        self.unplug()

    def _write(self, pictures: list[np.ndarray]) -> None:
        for size in SIZES:
            for number, picture in enumerate(pictures):
                path = self._folder / f"{size[0]}x{size[1]}-{number}.jpg"
                assert cv2.imwrite(str(path), cv2.resize(picture, size))
