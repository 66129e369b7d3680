"""The slip printer that a station's settings name."""

from typing import Final

from station_app.devices.printers.escpos import EscposRasterPrinter
from station_app.devices.printers.escpos_settings import escpos_settings
from station_app.devices.printers.folder import FolderPrinter
from station_app.devices.printers.printer import SlipPrinter
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.slips import PrinterState
from station_app.flow.kept_printer import KeptPrinter
from station_app.settings import SIMULATED, Device, DeviceFamily, Machine
from station_app.vault import StationFolder

_ESCPOS: Final = "escpos"


def slip_printer(folder: StationFolder, machine: Machine | None) -> SlipPrinter:
    """The printer, not opened yet; without one, the station's folder of slips.

    `machine` is None where a station has no settings. Raises `KnownError` `settings_refused`
    for a driver or a port that is not known.
    """
    device = _printer(machine)
    if device is None or device.driver == SIMULATED:
        return FolderPrinter(folder.root / "slips")
    if device.driver == _ESCPOS:
        return EscposRasterPrinter(escpos_settings(device.port))
    raise KnownError(
        "settings_refused",
        f"The slip printer's driver is not known: {device.driver}. "
        f"Write {_ESCPOS} or {SIMULATED} for [devices.printer] in the station's settings.",
    )


def printer_fault(folder: StationFolder, machine: Machine) -> str:
    """Ask the printer; the code of why it cannot print, empty where it can or there is none.

    Only while no desk has it open. Raises `KnownError` as `slip_printer` does.
    """
    printer = slip_printer(folder, machine)
    if isinstance(printer, FolderPrinter):
        return ""
    kept = KeptPrinter(printer)
    try:
        kept.check()
    except DeviceLostError:
        return PrinterState.LOST.code
    except DeviceFaultError as fault:
        return fault.code
    finally:
        kept.close()
    return ""


def _printer(machine: Machine | None) -> Device | None:
    devices = () if machine is None else machine.devices
    return next((one for one in devices if one.family is DeviceFamily.PRINTER), None)
