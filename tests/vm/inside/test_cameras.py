"""Cameras: the kernel's uvcvideo is real."""

from pathlib import Path

import cv2

from station_app.devices.cameras.v4l_nodes import v4l_cameras
from station_app.devices.drivers import CAMERAS, named
from tests.devices.camera_conformance import CameraConformance, numbered_picture
from tests.vm.emulator import Emulator
from tests.vm.gadget import load_modules, wait_until
from tests.vm.uvc_camera import SIZES


class UvcCase:
    """A webcam on the bus."""

    port = "usb:046d:0825:A1B2C3D4"

    def __init__(self, folder: Path) -> None:
        load_modules("uvcvideo")
        for width, height in SIZES:
            for number in range(4):
                picture = numbered_picture(width, height, number)
                assert cv2.imwrite(str(folder / f"{width}x{height}-{number}.jpg"), picture)
        self._device = Emulator("uvc_camera", "Webcam", "A1B2C3D4", str(folder))
        self.plug_in()

    def unplug(self) -> None:
        self._device.do("unplug")
        wait_until(lambda: not v4l_cameras())

    def plug_in(self) -> None:
        self._device.do("plug")
        wait_until(lambda: any(one.is_permitted for one in v4l_cameras()))

    def close(self) -> None:
        self._device.close()


class TestUvc(CameraConformance):
    driver = named(CAMERAS, "v4l2")
    make = UvcCase
    frames_a_second = 2  # emulated by a slow machine
    opens = 10
