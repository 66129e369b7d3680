"""The state of the computer on Linux: battery, disk, Caps Lock, sleep."""

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_POWER: Final = Path("/sys/class/power_supply")
_LAMPS: Final = Path("/sys/class/leds")
_PROBE: Final = ".disk-test"
_PROBE_BYTES: Final = 1 << 20


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
    percents = [_number(folder, "capacity") or 0 for folder in found]
    discharging = any(_text(folder, "status") == "Discharging" for folder in found)
    return Battery(
        percent=round(sum(percents) / len(percents)),
        is_charging=not discharging,
        minutes=_minutes(found) if discharging else None,
    )


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
