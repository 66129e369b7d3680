"""The state of the computer on Linux: battery, disk, Caps Lock, sleep."""

import ctypes
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from station_app.devices.finger_scanner import StopToken

_POWER: Final = Path("/sys/class/power_supply")
_SERIAL: Final = Path("/sys/class/dmi/id/product_serial")
_LAMPS: Final = Path("/sys/class/leds")
_LOOK_EVERY_S: Final = 5.0
_FINE_STEP: Final = 0.2
_COARSE_STEP: Final = 2.0
_NO_SERIAL: Final = frozenset(
    {"to be filled by o.e.m.", "default string", "system serial number", "none", "not specified"}
)
"""What makers leave in its place."""
_PROBE: Final = ".disk-test"
_PROBE_BYTES: Final = 1 << 20
_PR_SET_DUMPABLE: Final = 4  # of <linux/prctl.h>


@dataclass(frozen=True, slots=True)
class Battery:
    """`percent` is 0 to 100; `minutes` left until empty, None where the machine cannot say."""

    percent: int
    is_charging: bool
    minutes: int | None


def battery(supplies: Path = _POWER) -> Battery | None:
    """The machine's battery, None where there is none.

    Of several the charges are averaged. Fields as in the kernel's
    Documentation/ABI/testing/sysfs-class-power: energies in uWh or charges in uAh, flows in
    uW or uA. A mouse's battery (`scope` Device) is not the machine's.
    """
    found = [folder for folder in _batteries(supplies) if _number(folder, "capacity") is not None]
    if not found:
        return None
    percents = [min(max(0, _number(folder, "capacity") or 0), 100) for folder in found]
    discharging = any(_text(folder, "status") == "Discharging" for folder in found)
    return Battery(
        percent=round(sum(percents) / len(percents)),
        is_charging=not discharging,
        minutes=_minutes(found) if discharging else None,
    )


class DrainEnd(StrEnum):
    """Why a measurement of the battery ended."""

    DONE = "done"
    STOPPED = "stopped"
    MAINS = "mains"
    """On mains, or without a battery: nothing is measured."""


@dataclass(frozen=True, slots=True)
class BatteryDrain:
    """What the battery lost in `seconds` without the charger.

    `hours` is how long a full battery would last under the same load; None where it lost too
    little to say.
    """

    end: DrainEnd
    seconds: float
    percent: float
    hours: float | None


def measure_drain(
    seconds: float,
    tell: Callable[[float, float], None],
    stop: StopToken,
    supplies: Path = _POWER,
    clock: Callable[[], float] = time.monotonic,
) -> BatteryDrain:
    """Watch the battery for so many seconds; `tell` hears how many are over, of how many.

    Ends early when `stop` is set or the charger is plugged in: then it says what was measured
    until then. The load is whatever the machine does meanwhile. The clock stops while the
    machine sleeps, and a sleep longer than a look ends up in the loss: do not let it sleep.
    """
    began, first = clock(), _charge(supplies)
    over, last, end = 0.0, first, DrainEnd.DONE
    while first is not None and over < seconds:
        tell(over, seconds)
        if stop.wait(min(_LOOK_EVERY_S, seconds - over)):
            end = DrainEnd.STOPPED
            break
        now = _charge(supplies)
        if now is None:
            end = DrainEnd.MAINS
            break
        over, last = clock() - began, now
    if first is None or last is None:
        return BatteryDrain(DrainEnd.MAINS, 0.0, 0.0, None)
    if end is DrainEnd.DONE:
        tell(seconds, seconds)
    percent = 100 * (first.share - last.share)
    tells = over > 0 and percent >= last.step
    return BatteryDrain(end, over, percent, over / 3600 * 100 / percent if tells else None)


@dataclass(frozen=True, slots=True)
class _Charge:
    """`share` of the full charge, 0 to 1; `step` is the smallest loss that says anything, percent:
    one that counts whole percents moves by one after no time at all."""

    share: float
    step: float


def _charge(supplies: Path) -> _Charge | None:
    """Of all batteries together while the machine lives on them, else None."""
    found = _batteries(supplies)
    if not any(_text(folder, "status") == "Discharging" for folder in found):
        return None
    for now, full in (("energy_now", "energy_full"), ("charge_now", "charge_full")):
        values = [(_number(folder, now), _number(folder, full)) for folder in found]
        known = [(left, of) for left, of in values if left is not None and of]
        if len(known) == len(found):
            share = sum(left for left, _ in known) / sum(of for _, of in known)
            return _Charge(share, _FINE_STEP)
    percents = [one for folder in found if (one := _number(folder, "capacity")) is not None]
    return _Charge(sum(percents) / len(percents) / 100, _COARSE_STEP) if percents else None


def free_bytes(folder: Path) -> int:
    """Bytes that this user may still write. Raises `OSError`."""
    return shutil.disk_usage(folder).free


def keeps_what_is_written(folder: Path) -> bool:
    """Write 1 MB, have it on the disk, read it back. Raises `OSError`."""
    data = os.urandom(_PROBE_BYTES)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=_PROBE) as file:  # new, of a random name
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        return file.read() == data


def seconds_asleep() -> float:
    """Seconds that the computer has slept since it was started; 0 where it does not say.

    `CLOCK_BOOTTIME` counts sleep, `CLOCK_MONOTONIC` does not (clock_gettime(2)).
    """
    try:
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
    except (AttributeError, OSError):
        return 0.0


def computer_serial(file: Path = _SERIAL) -> str:
    """The machine's serial number; empty where it has none or this user may not read it (Linux
    shows it to root alone, unless a udev rule lets others)."""
    text = _text(file.parent, file.name)
    is_one = text.isprintable() and 4 <= len(text) <= 64 and any(one != "0" for one in text)
    return text if is_one and text.casefold() not in _NO_SERIAL else ""


def caps_lamp(lamps: Path = _LAMPS) -> bool | None:
    """Whether the Caps Lock lamp of any keyboard is lit, None where there is no lamp."""
    lit = [_number(lamp, "brightness") for lamp in lamps.glob("*::capslock")]
    known = [one for one in lit if one is not None]
    return any(known) if known else None


def _batteries(supplies: Path) -> list[Path]:
    try:
        folders = sorted(supplies.iterdir())
    except OSError:
        return []
    return [
        folder
        for folder in folders
        if _text(folder, "type") == "Battery" and _text(folder, "scope") != "Device"
    ]


def _minutes(found: list[Path]) -> int | None:
    left, flow = 0, 0
    for folder in found:
        energy, power = _number(folder, "energy_now"), _number(folder, "power_now")
        if energy is None or power is None:
            energy, power = _number(folder, "charge_now"), _number(folder, "current_now")
        if energy is None or power is None:
            return None
        left, flow = left + energy, flow + abs(power)
    return round(60 * left / flow) if flow else None


def _number(folder: Path, name: str) -> int | None:
    text = _text(folder, name)
    try:
        return int(text)
    except ValueError:
        return None


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def keep_memory_private() -> None:
    """No core file of this process, nor of those it starts; no debugger of the same user.

    A debugger of root gets in all the same. Where the system has no `prctl`, only the first
    holds.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
