"""What the computer says of itself, from folders made like the kernel's."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from station_app.devices.computer import (
    Battery,
    BatteryDrain,
    DrainEnd,
    battery,
    caps_lamp,
    free_bytes,
    keeps_what_is_written,
    measure_drain,
)
from station_app.devices.finger_scanner import StopToken
from station_app.devices.media import files_on, mounted_media, newest_first
from tests.devices.test_usb import plug


def supply(root: Path, name: str, **files: str) -> None:
    folder = root / name
    folder.mkdir(parents=True)
    for file, text in files.items():
        (folder / file).write_text(text + "\n")


def test_a_battery_tells_how_long_it_lasts(tmp_path: Path) -> None:
    supply(tmp_path, "AC", type="Mains", online="0")
    supply(
        tmp_path,
        "BAT0",
        type="Battery",
        capacity="38",
        status="Discharging",
        energy_now="14000000",
        power_now="12000000",
    )
    assert battery(tmp_path) == Battery(38, is_charging=False, minutes=70)


def test_two_batteries_are_one_to_the_station(tmp_path: Path) -> None:
    for name, capacity, status in (("BAT0", "90", "Discharging"), ("BAT1", "40", "Full")):
        supply(
            tmp_path,
            name,
            type="Battery",
            capacity=capacity,
            status=status,
            charge_now="2000000",
            current_now="1000000",
        )
    assert battery(tmp_path) == Battery(65, is_charging=False, minutes=120)


@pytest.mark.parametrize("status", ["Charging", "Full", "Not charging", "Unknown"])
def test_a_battery_that_does_not_empty_has_no_end(tmp_path: Path, status: str) -> None:
    supply(tmp_path, "BAT0", type="Battery", capacity="80", status=status)
    assert battery(tmp_path) == Battery(80, is_charging=True, minutes=None)


def test_a_mouse_is_not_the_machines_battery(tmp_path: Path) -> None:
    supply(tmp_path, "hid", type="Battery", scope="Device", capacity="80", status="Discharging")
    supply(tmp_path, "BAT9", type="Battery", status="Unknown")
    assert battery(tmp_path) is None
    assert battery(tmp_path / "nothing") is None


def test_an_idle_flow_is_no_division_by_zero(tmp_path: Path) -> None:
    supply(
        tmp_path,
        "BAT0",
        type="Battery",
        capacity="80",
        status="Discharging",
        energy_now="14",
        power_now="0",
    )
    assert battery(tmp_path) == Battery(80, is_charging=False, minutes=None)


def test_the_lamp_of_any_keyboard_tells_caps_lock(tmp_path: Path) -> None:
    assert caps_lamp(tmp_path) is None
    supply(tmp_path, "input3::capslock", brightness="0")
    assert caps_lamp(tmp_path) is False
    supply(tmp_path, "input7::capslock", brightness="1")
    assert caps_lamp(tmp_path) is True


def test_the_disk_test_leaves_nothing_behind(tmp_path: Path) -> None:
    assert keeps_what_is_written(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert free_bytes(tmp_path) > 0


def test_files_are_found_newest_first_and_one_folder_deep(tmp_path: Path) -> None:
    import os

    names = ("9042-1.vsnap", "lists/9042-2.vsnap", "lists/deep/9042-3.vsnap", ".x.vsnap", "a.txt")
    for age, name in enumerate(names):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        os.utime(path, (1000 + age, 1000 + age))
    (tmp_path / "folder.vsnap").mkdir()
    found = newest_first(files_on(tmp_path, ".vsnap"))
    assert [one.path.name for one in found] == ["9042-2.vsnap", "9042-1.vsnap"]
    with pytest.raises(OSError, match="pulled out"):
        files_on(tmp_path / "pulled out", ".vsnap")


def test_only_mount_points_are_media(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert mounted_media([f"{tmp_path}/*"]) == []
    assert [one.folder for one in mounted_media(["/proc"])] == [Path("/proc")]


def test_a_stick_that_was_pulled_out_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is still mounted, and its folder cannot be read any more."""
    for name in ("dead", "user/good"):
        (tmp_path / name).mkdir(parents=True)
    scandir = os.scandir

    def broken(path: object) -> object:
        if str(path).endswith("dead"):
            raise OSError(errno.EIO, "pulled out")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", broken)
    monkeypatch.setattr(os.path, "ismount", lambda path: str(path).endswith("good"))
    found = mounted_media([f"{tmp_path}/*/*"])
    assert [one.folder for one in found] == [tmp_path / "user" / "good"]
    assert found[0].size >= found[0].free > 0


def test_a_stick_is_called_by_its_label_then_its_maker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).name != "media")
    media, labels, blocks = (tmp_path / name for name in ("media", "labels", "blocks"))
    for name in ("1A2B-3C4D", "ВЫБОРЫ 1", "F00D-BEEF"):
        (media / name).mkdir(parents=True)
    labels.mkdir()
    (labels / "ВЫБОРЫ\\x201").symlink_to("/dev/sdx1")
    (blocks / "sdy" / "device").mkdir(parents=True)
    (blocks / "sdy" / "device" / "vendor").write_text("Kingston \n")
    (blocks / "sdy" / "device" / "model").write_text("DataTraveler 3.0\n")
    (blocks / "sdy" / "sdy1").mkdir()
    (blocks / "sdy1").symlink_to(blocks / "sdy" / "sdy1")
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        f"50 28 8:1 / {media}/1A2B-3C4D rw shared:1 - vfat /dev/sdy1 rw\n"
        f"51 28 8:2 / {media}/ВЫБОРЫ\\0401 rw - exfat /dev/sdx1 rw\n"
    )
    found = mounted_media([f"{media}/*"], mounts, labels, blocks)
    assert [(one.name, one.file_system) for one in found] == [
        ("Kingston DataTraveler 3.0", "FAT32"),
        ("F00D-BEEF", ""),
        ("ВЫБОРЫ 1", "exFAT"),
    ]


def drain(root: Path, **files: str) -> None:
    supply(root, "BAT0", type="Battery", status="Discharging", **files)


class Clock:
    """Goes on by what was waited for; at each wait the battery gets `losses` less."""

    def __init__(self, root: Path, file: str, *values: str) -> None:
        self.now, self._values = 0.0, iter(values)
        self._file = root / "BAT0" / file

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        value = next(self._values)
        if value == "mains":
            (self._file.parent / "status").write_text("Charging\n")
        elif value == "stop":
            return True
        else:
            self._file.write_text(value)
        return False


def measured(tmp_path: Path, clock: Clock, seconds: float = 10) -> BatteryDrain:
    told: list[float] = []
    stop = cast("StopToken", SimpleNamespace(wait=clock.wait))
    found = measure_drain(seconds, lambda over, _of: told.append(over), stop, tmp_path, clock)
    assert told == sorted(told)
    return found


def test_the_drain_of_a_battery(tmp_path: Path) -> None:
    """50 Wh full, 100 mWh in 10 seconds: 1.4 hours."""
    drain(tmp_path, energy_now="40000000", energy_full="50000000", capacity="80")
    found = measured(tmp_path, Clock(tmp_path, "energy_now", "39950000", "39900000"))
    assert (found.end, found.seconds) == (DrainEnd.DONE, 10)
    assert found.percent == pytest.approx(0.2)
    assert found.hours == pytest.approx(50 / 36)


def test_whole_percents_say_nothing_in_so_short_a_time(tmp_path: Path) -> None:
    drain(tmp_path, capacity="80")
    found = measured(tmp_path, Clock(tmp_path, "capacity", "80", "79"))
    assert (found.percent, found.hours) == (pytest.approx(1), None)
    (tmp_path / "BAT0" / "capacity").write_text("80")
    found = measured(tmp_path, Clock(tmp_path, "capacity", "79", "77"), 10)
    assert found.hours == pytest.approx(10 / 3600 * 100 / 3)


def test_on_mains_nothing_is_measured(tmp_path: Path) -> None:
    nothing = BatteryDrain(DrainEnd.MAINS, 0, 0, None)
    assert measured(tmp_path, Clock(tmp_path, "capacity")) == nothing
    supply(tmp_path, "BAT0", type="Battery", status="Charging", capacity="80")
    assert measured(tmp_path, Clock(tmp_path, "capacity")) == nothing


@pytest.mark.parametrize(("value", "end"), [("mains", DrainEnd.MAINS), ("stop", DrainEnd.STOPPED)])
def test_a_drain_that_ends_early(tmp_path: Path, value: str, end: DrainEnd) -> None:
    drain(tmp_path, energy_now="40000000", energy_full="50000000")
    found = measured(tmp_path, Clock(tmp_path, "energy_now", "39000000", value), 60)
    assert (found.end, found.seconds) == (end, 5)
    assert found.percent == pytest.approx(2)


def test_a_stick_is_known_by_its_file_system_and_its_serial_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "media" / "STICK"
    stick.mkdir(parents=True)
    monkeypatch.setattr(os.path, "ismount", lambda path: path == str(stick))
    mounts, uuids, blocks = (tmp_path / name for name in ("mountinfo", "uuids", "blocks"))
    mounts.write_text(f"50 28 8:1 / {stick} rw - vfat /dev/sdz1 rw\n")
    uuids.mkdir()
    disk = plug(tmp_path / "usb1/1-2", serial="E0D55E6C") / "1-2:1.0/block/sdz/sdz1"
    disk.mkdir(parents=True)
    blocks.mkdir()
    (blocks / "sdz1").symlink_to(disk)

    def identity() -> str:
        (found,) = mounted_media([f"{tmp_path}/media/*"], mounts, tmp_path, blocks, uuids)
        return found.identity

    device = stick.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    assert identity() == f"{number} usb:05ba:000a:E0D55E6C"
    (uuids / "1A2B-3C4D").symlink_to("/dev/sdz1")
    assert identity() == "1A2B-3C4D usb:05ba:000a:E0D55E6C"
    (blocks / "sdz1").unlink()
    assert identity() == "1A2B-3C4D"
