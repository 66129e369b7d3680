"""Every state of the technician's page of devices, with invented ones."""

from dataclasses import replace

from station_app.devices.drivers import DeviceFamily, DriverUse
from station_app.devices.plugged_in import PluggedIn
from station_app.flow.device_choice import SeenDevice, Standing
from station_app.ui.technician.devices_page import DevicesView, PlannedDevice, PlannedState

SCANNER, PRINTER = DeviceFamily.FINGER_SCANNER, DeviceFamily.PRINTER
CAMERA, READER = DeviceFamily.CAMERA, DeviceFamily.DOCUMENT_READER
UAREU = PluggedIn(SCANNER, "libfprint", "usb:05ba:000a:A1B2C3D4", "DigitalPersona U.are.U 4500")
SECOND = replace(UAREU, port="usb:05ba:000a:E5F6A7B8")
TM20 = PluggedIn(PRINTER, "escpos", "usb:04b8:0202:J3KF012345", "EPSON TM-T20II")
WEBCAM = PluggedIn(CAMERA, "v4l2", "usb:046d:0825:1", "Logitech Webcam C270")
GUN = PluggedIn(
    READER, "serial", "usb:0c2e:0b6a", "Honeywell Xenon 1902 (ttyACM0)", is_certain=False
)
FUTRONIC = PluggedIn(None, "", "usb:1491:0020", "Futronic FS80")
SWIPE = PluggedIn(SCANNER, "libfprint", "usb:147e:2016", "UPEK TouchStrip", "scanner_unfit")
MODULE = PluggedIn(
    SCANNER, "uart", "usb:1a86:7523", "USB Serial (ttyUSB0)", "", DriverUse.EVALUATION
)
HOSTILE = PluggedIn(None, "", "usb:0000:0000", "M" * 128)


def sample_devices_views() -> dict[str, DevicesView]:
    """Every state, by the name of its picture."""
    there = (
        PlannedDevice(SCANNER, "libfprint", PlannedState.THERE, UAREU.name),
        PlannedDevice(CAMERA, "v4l2", PlannedState.THERE, WEBCAM.name),
        PlannedDevice(PRINTER, "escpos", PlannedState.THERE, TM20.name),
    )
    used = (
        SeenDevice(UAREU, Standing.USED),
        SeenDevice(WEBCAM, Standing.USED),
        SeenDevice(TM20, Standing.USED),
    )
    return {
        "plugged-in": DevicesView((*used, SeenDevice(FUTRONIC, Standing.NO_DRIVER)), there),
        "plugged-in-looking": DevicesView(None),
        "plugged-in-none": DevicesView(
            (), tuple(replace(one, state=PlannedState.ABSENT, name="") for one in there)
        ),
        "plugged-in-choose": DevicesView(
            (
                SeenDevice(UAREU, Standing.FREE),
                SeenDevice(SECOND, Standing.FREE),
                SeenDevice(GUN, Standing.FREE),
                SeenDevice(TM20, Standing.USED),
            ),
            (
                PlannedDevice(SCANNER, "libfprint", PlannedState.CHOOSE),
                PlannedDevice(PRINTER, "escpos", PlannedState.THERE, TM20.name),
                PlannedDevice(READER, "serial", PlannedState.CHOOSE),
            ),
        ),
        "plugged-in-used": DevicesView(used, there, used=UAREU.name),
        "plugged-in-not-saved": DevicesView(used, there, fault="disk_full"),
        "plugged-in-forbidden": DevicesView(
            (
                SeenDevice(replace(UAREU, fault="scanner_not_permitted"), Standing.USED),
                SeenDevice(replace(TM20, fault="printer_no_permission"), Standing.USED),
            ),
            (
                PlannedDevice(SCANNER, "libfprint", PlannedState.FORBIDDEN, UAREU.name),
                PlannedDevice(CAMERA, "v4l2", PlannedState.ABSENT),
                PlannedDevice(PRINTER, "escpos", PlannedState.FORBIDDEN, TM20.name),
                PlannedDevice(READER, "serial", PlannedState.UNFIT, GUN.name),
            ),
        ),
        "plugged-in-others": DevicesView(
            (
                SeenDevice(UAREU, Standing.OTHER_DRIVER, twins=2),
                SeenDevice(SWIPE, Standing.OTHER_DRIVER),
                SeenDevice(MODULE, Standing.NOT_LIVE),
                SeenDevice(TM20, Standing.NOT_PLANNED),
                SeenDevice(WEBCAM, Standing.OTHER_DRIVER),
                SeenDevice(HOSTILE, Standing.NO_DRIVER),
                SeenDevice(FUTRONIC, Standing.NO_DRIVER),
            ),
            (PlannedDevice(SCANNER, "hosted", PlannedState.SIMULATED),),
        ),
        "plugged-in-no-station": DevicesView((SeenDevice(UAREU, Standing.NO_SETTINGS),)),
    }
