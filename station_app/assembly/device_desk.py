"""What the technician's page of devices works with: the machine, and the station's settings."""

from collections.abc import Callable, Sequence
from datetime import datetime

from station_app.devices.drivers import drivers, named
from station_app.devices.finger_scanner import StopToken
from station_app.devices.plugged_in import PluggedIn, plugged_in
from station_app.devices.watching import MachineWatch
from station_app.domain.errors import KnownError
from station_app.flow.device_choice import (
    SeenDevice,
    Standing,
    hardware_of,
    seen_devices,
    use_device,
)
from station_app.flow.signed_settings import seen_settings
from station_app.settings import Device, Machine
from station_app.ui.technician.devices_page import DevicesView, PlannedDevice, PlannedState
from station_app.vault import StationFolder

_ORDER = (
    Standing.FREE,
    Standing.USED,
    Standing.OTHER_DRIVER,
    Standing.NOT_LIVE,
    Standing.NOT_PLANNED,
    Standing.NO_DRIVER,
    Standing.NO_SETTINGS,
)


class StationDevices:
    """Implements `DevicesDesk` for the station in `folder`."""

    def __init__(
        self,
        folder: StationFolder,
        now: Callable[[], datetime],
        look: Callable[[], Sequence[PluggedIn]] = plugged_in,
        watch: Callable[[], MachineWatch] = MachineWatch,
    ) -> None:
        self._folder, self._now, self._look, self._watch = folder, now, look, watch
        self._watching: MachineWatch | None = None

    def look(self) -> DevicesView:
        """See `DevicesDesk`. From here on no change is missed."""
        self._watched()
        found = self._look()
        machine, fault = None, ""
        if self._folder.settings.exists():
            try:
                machine = seen_settings(self._folder)
            except KnownError as refusal:
                fault = refusal.code
        seen = [one for one in seen_devices(found, machine) if _is_shown(one)]
        devices = () if machine is None else machine.devices
        return DevicesView(
            seen=tuple(sorted(seen, key=lambda one: _ORDER.index(one.standing))),
            planned=tuple(_planned(one, found, machine) for one in devices),
            fault=fault,
        )

    def use(self, device: PluggedIn) -> None:
        """See `DevicesDesk`."""
        use_device(self._folder, device, self._now())

    def changed(self, stop: StopToken, seconds: float) -> bool:
        """See `DevicesDesk`."""
        return self._watched().wait(stop, seconds)

    def close(self) -> None:
        """See `DevicesDesk`."""
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.close()

    def _watched(self) -> MachineWatch:
        if self._watching is None:
            self._watching = self._watch()
        return self._watching


def _is_shown(seen: SeenDevice) -> bool:
    """A serial port may be anything: it is shown where its driver is the signed one."""
    return seen.device.is_certain or seen.standing in (Standing.USED, Standing.FREE)


def _planned(device: Device, found: Sequence[PluggedIn], machine: Machine | None) -> PlannedDevice:
    family, driver = device.family, device.driver
    if named(drivers(family), driver).is_simulated:
        return PlannedDevice(family, driver, PlannedState.SIMULATED)
    mine = [one for one in found if (one.family, one.driver) == (family, driver)]
    try:
        hardware = hardware_of(device, found)
    except KnownError:
        hardware = ""
    used = next((one for one in mine if one.port == hardware), None)
    if used is None:
        is_choice = not hardware and any(
            one.standing is Standing.FREE for one in seen_devices(mine, machine)
        )
        state = PlannedState.CHOOSE if is_choice else PlannedState.ABSENT
        return PlannedDevice(family, driver, PlannedState.THERE if hardware else state)
    if used.fault:
        is_forbidden = used.is_forbidden
        state = PlannedState.FORBIDDEN if is_forbidden else PlannedState.UNFIT
        return PlannedDevice(family, driver, state, used.name)
    return PlannedDevice(family, driver, PlannedState.THERE, used.name)
