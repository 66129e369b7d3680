"""The machine around the devices: the product's udev rules, and `station-app devices`."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from station_app.devices.drivers import DeviceFamily
from station_app.devices.usb import usb_devices
from tests.commands.typed_words import answer, run
from tests.vm.emulator import Emulator
from tests.vm.gadget import Gadget, load_modules, wait_until
from tests.vm.wire_printer import CDC_ACM

UDEVD = "/usr/lib/systemd/systemd-udevd"
READER = "usb:05ba:000a:VM4500"
WORDS = {"manufacturer": "Honeywell", "product": "Reader", "serialnumber": "R0001"}


@pytest.fixture(scope="module")
def udev() -> Iterator[None]:
    """udev with the rules that the product prints for an administrator."""
    if shutil.which("udevadm") is None or not Path(UDEVD).exists():
        pytest.skip("udev is not installed")
    folder = Path("/etc/udev/rules.d")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "70-station-app.rules").write_text(run("devices", "rules").stdout)
    subprocess.run([UDEVD, "--daemon"], check=True, capture_output=True)
    yield
    subprocess.run(["udevadm", "control", "--exit"], check=True)


@pytest.fixture(scope="module")
def reader(udev: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A reader, a receipt printer and a serial reader of documents, all plugged in."""
    with ExitStack() as undoing:
        device = undoing.enter_context(Emulator("uareu4500", "VM4500"))
        device.do("plug")
        slips = tmp_path_factory.mktemp("slips")
        printer = undoing.enter_context(Emulator("printer", str(slips)))
        printer.do("plug")
        load_modules(CDC_ACM.driver)
        gadget = Gadget("reader", (0x0C2E, 0x0CAA), WORDS, CDC_ACM.function, {})
        undoing.callback(gadget.remove)
        gadget.plug(CDC_ACM.node)
        settled()
        yield device


def settled() -> None:
    subprocess.run(["udevadm", "settle"], check=True)


def as_user(groups: tuple[str, ...], holds: Callable[[], bool]) -> bool:
    """Whether it holds for a user of these groups and no other rights."""
    child = os.fork()
    if child == 0:
        os.setgroups([group_of(one) for one in groups])
        os.setgid(65534)
        os.setuid(65534)
        os._exit(0 if holds() else 1)
    return os.waitpid(child, 0)[1] == 0


def group_of(name: str) -> int:
    import grp

    return grp.getgrnam(name).gr_gid


@pytest.mark.parametrize(
    ("group", "node"),
    [
        ("plugdev", lambda: next(one.node for one in usb_devices() if one.identity == READER)),
        ("lp", lambda: Path("/dev/usb/lp0")),
        ("dialout", lambda: Path(CDC_ACM.node)),
    ],
)
def test_the_rules_give_each_device_to_its_group(
    reader: Emulator, group: str, node: Callable[[], Path]
) -> None:
    place = node()

    def may_use() -> bool:
        return os.access(place, os.R_OK | os.W_OK)

    assert as_user((group,), may_use)
    assert not as_user((), may_use)


def test_a_reader_without_permission_says_so(reader: Emulator) -> None:
    def is_permitted() -> bool:
        return next(one.is_permitted for one in usb_devices() if one.identity == READER)

    assert as_user(("plugdev",), is_permitted)
    assert not as_user(("lp",), is_permitted)


def test_everything_plugged_in_is_listed(reader: Emulator) -> None:
    found = {one["port"]: one for one in answer("devices", "list")["devices"]}
    assert found[READER]["driver"] == "libfprint"
    assert found[READER]["family"] == DeviceFamily.FINGER_SCANNER
    assert found["usb:04b8:0202:J3EG012345"]["driver"] == "escpos"
    assert found["usb:0c2e:0caa:R0001"]["driver"]


def test_whatever_comes_and_goes_is_told(reader: Emulator) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-m", "station_app", "devices", "watch", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watching.stderr is not None
    assert watching.stdout is not None
    lines = map(json.loads, watching.stdout)
    assert watching.stderr.readline().startswith("Watching")
    reader.do("unplug")
    wait_until(lambda: all(one.identity != READER for one in usb_devices()))
    gone = next(one for one in lines if one["event"] == "gone")
    reader.do("plug")
    came = next(one for one in lines if one["event"] == "came")
    watching.send_signal(2)
    watching.communicate(timeout=60)
    assert gone["port"] == came["port"] == READER
