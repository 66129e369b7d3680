"""In the virtual machine: the station names a reader, also after it was pulled and came back."""

from station_app.devices.usb import usb_devices
from tests.vm.gadget import wait_until
from tests.vm.uareu4500 import UareU4500

IDENTITY = "usb:05ba:000a:VM4500"


def identities() -> list[str]:
    return [one.identity for one in usb_devices()]


def main() -> None:
    reader = UareU4500("VM4500")
    reader.plug()
    wait_until(lambda: IDENTITY in identities())
    reader.unplug()
    wait_until(lambda: IDENTITY not in identities())
    reader.plug()
    wait_until(lambda: IDENTITY in identities())
    (found,) = (one for one in usb_devices() if one.identity == IDENTITY)
    assert found.is_permitted
    assert found.title == "DigitalPersona, Inc. U.are.U 4500 Fingerprint Reader"
    reader.close()
    print("named")


if __name__ == "__main__":
    main()
