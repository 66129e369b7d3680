"""A Futronic FS81: usbfs and libusb are real, only the reader is not, and is nobody's real one."""

from station_app.devices.drivers import SCANNERS, named
from station_app.domain.samples import FingerImage
from tests.vm.fs81 import LINES, WIDTH
from tests.vm.usb_readers import UsbReaderCase, UsbReaderConformance


class Fs81Case(UsbReaderCase):
    """Garbage cannot be arranged: a frame is bytes without any form, and judged as a picture."""

    device = ("fs81",)
    port = "usb:1491:0020"
    driver = named(SCANNERS, "futronic")
    glass = bytes((x * x + 3 * y) % 251 for y in range(LINES) for x in range(WIDTH))
    image = FingerImage(glass, WIDTH, LINES, 500)


class TestFs81(UsbReaderConformance):
    driver = named(SCANNERS, "futronic")
    make = Fs81Case
