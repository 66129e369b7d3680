"""Which slip printer a station has, by its settings."""

from station_app.devices.printers.folder import FolderPrinter
from station_app.devices.printers.printer import SlipPrinter
from station_app.settings import Machine
from station_app.vault import StationFolder


def slip_printer(folder: StationFolder, machine: Machine | None) -> SlipPrinter:
    """Without a printer each slip becomes a PDF in the station's folder `slips`."""
    return FolderPrinter(folder.root / "slips")
