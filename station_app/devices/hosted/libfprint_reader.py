"""Readers that the system's libfprint drives: which there are, and the child that speaks with one.

libfprint says neither the resolution nor whether its images suffice for identification, so there
is a table, by USB id. The id tables are those of libfprint's drivers (1.94).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from station_app.devices.found_device import FoundDevice
from station_app.devices.hosted.hosted_scanner import FAULTS, HostedScanner
from station_app.devices.hosted.own_program import own_program
from station_app.devices.hosted.protocol import FaultCode
from station_app.devices.hosted.reader_process import Program
from station_app.devices.usb import UsbDevice, usb_devices
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError

WAIT_LIMIT_S: Final = 150.0
"""libfprint refuses a reader after 180 s of waiting for a finger (fp-device.c, temp_hot_seconds)."""


class Tried(StrEnum):
    """On what an adapter was tried."""

    HARDWARE = "hardware"
    RECORDING = "recording"
    EMULATOR = "emulator"
    NOTHING = "nothing"
