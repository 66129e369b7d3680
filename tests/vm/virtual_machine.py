"""Runs a command as root under Debian's own kernel, with this machine's files, in qemu.

The kernel is a package that `sh scripts/install.sh devices` has unpacked below `build/vm`. The
machine is emulated, so it starts where virtual machines are not allowed, and is ten to twenty
times slower than the real one. Without a network, and nothing on this machine is changed:
its files are shared read only, and one folder comes back.
"""

import ctypes
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_KERNELS: Final = ROOT / "build" / "vm"
_QEMU: Final = "qemu-system-x86_64"
_PROCESSOR: Final = "Nehalem"
"""The oldest one that numpy runs on. Younger ones fuse multiply and add, and with that emulated a
network takes twelve times as long: one finger had not been read after five minutes.
"""
_PLACES: Final = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
_DRIVERS: Final = ("virtio_pci", "9pnet_virtio", "9p", "overlay")
"""What the machine needs to reach this machine's files."""
_FOLDERS: Final = ("bin", "modules", "host", "layer", "root", "proc", "dev")


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command in the machine left: `code` is None where it did not end in time, or the
    machine did not start; `log` is what it printed, or the kernel's last words.
    """

    code: int | None
    log: str
    seconds: float


def missing() -> str:
    """Why no virtual machine can run here, in a sentence; empty where one can."""
    lacking = [one for one in (_QEMU, "busybox", "modprobe", "depmod") if _program(one) is None]
    if lacking:
        return f"not installed here: {', '.join(lacking)} (make test-devices installs them)"
    if kernel() is None:
        return "no kernel package below build/vm (make test-devices fetches one)"
    return ""


def has_libfprint() -> bool:
    """The system's libfprint is there."""
    try:
        ctypes.CDLL("libfprint-2.so.2")
    except OSError:
        return False
    return True


def kernel() -> Path | None:
    """The newest unpacked kernel package; `KERNEL_PACKAGE` names another."""
    given = os.environ.get("KERNEL_PACKAGE")
    found = [Path(given)] if given else list(_KERNELS.glob("linux-image-*"))
    whole = [one for one in found if list(one.glob("boot/vmlinuz-*"))]
    return max(whole, key=lambda one: (one / "boot").stat().st_mtime, default=None)


def run_in_vm(
    command: str,
    *,
    seconds: float,
    out: Path,
    cores: int = 2,
    memory_mb: int = 2048,
) -> Finished:
    """Run a shell command in the checkout's folder; `out` is `/vmout` in the machine.

    `seconds` holds for the command and the start together.
    """
    package = kernel()
    assert package is not None, missing()
    out.mkdir(parents=True, exist_ok=True)
    for name in ("code", "log"):
        (out / name).unlink(missing_ok=True)
    (out / "command").write_text(f"cd {ROOT}\n{command}\n", encoding="utf-8")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="station-app-vm-") as folder:
        first = _first_files(package, Path(folder))
        words = _qemu(package, first, out, cores, memory_mb)
        try:
            run = subprocess.run(
                words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=seconds, check=False,
            )  # fmt: skip
            complaint = run.stderr
        except subprocess.TimeoutExpired:
            complaint = f"not finished after {seconds:.0f} s"
    code, log = _text(out / "code"), _text(out / "log")
    if not code:
        last = _text(out / "console").splitlines()[-20:]
        return Finished(None, "\n".join((log, complaint, *last)), time.monotonic() - began)
    return Finished(int(code), log, time.monotonic() - began)


def _qemu(package: Path, first: Path, out: Path, cores: int, memory_mb: int) -> Sequence[str]:
    """Without the kernel's guards against speculation: an emulated processor does not speculate,
    and empties its caches at each system call for them, a quarter of the time.
    """
    (image,) = package.glob("boot/vmlinuz-*")
    shared = {
        "host": ("/", ",readonly=on,multidevs=remap"),
        "out": (str(out), ""),
        "modules": (str(package / "lib" / "modules"), ",readonly=on"),
    }
    words = [
        _QEMU, "-M", "q35,accel=tcg", "-cpu", _PROCESSOR, "-m", str(memory_mb), "-smp", str(cores),
        "-nodefaults", "-nographic", "-no-reboot", "-monitor", "none", "-nic", "none",
        "-serial", f"file:{out / 'console'}",
        "-kernel", str(image), "-initrd", str(first),
        "-append", "console=ttyS0 quiet panic=-1 mitigations=off",
        "-device", "virtio-gpu-pci,max_outputs=2",
    ]  # fmt: skip
    for tag, (path, more) in shared.items():
        words += ["-virtfs", f"local,path={path},mount_tag={tag},security_model=none{more}"]
    return words


def _first_files(package: Path, folder: Path) -> Path:
    """The archive that the kernel starts with: busybox, a few drivers, `init.sh`."""
    (modules,) = (package / "lib" / "modules").iterdir()
    if not (modules / "modules.dep.bin").exists():
        subprocess.run([_found("depmod"), "-b", package, modules.name], check=True)
    tree = folder / "tree"
    for name in _FOLDERS:
        (tree / name).mkdir(parents=True)
    shutil.copy(_found("busybox"), tree / "bin" / "busybox")
    drivers = _drivers(package, modules.name)
    for one in drivers:
        shutil.copy(one, tree / "modules")
    (tree / "modules" / "order").write_text("".join(f"{one.name}\n" for one in drivers))
    init = tree / "init"
    shutil.copy(Path(__file__).with_name("init.sh"), init)
    init.chmod(0o755)
    names = "".join(f"{path.relative_to(tree)}\n" for path in sorted(tree.rglob("*")))
    archive = folder / "initrd"
    with archive.open("wb") as written:
        subprocess.run(
            [_found("busybox"), "cpio", "-o", "-H", "newc"],
            input=names.encode(), stdout=written, stderr=subprocess.DEVNULL, cwd=tree, check=True,
        )  # fmt: skip
    return archive


def _drivers(package: Path, version: str) -> list[Path]:
    """The files of the drivers, each after those that it needs."""
    asked = subprocess.run(
        [_found("modprobe"), "-d", package, "-S", version, "--show-depends", "-a", *_DRIVERS],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = (line.split() for line in asked.stdout.splitlines())
    return list(dict.fromkeys(Path(words[1]) for words in lines if words[0] == "insmod"))


@cache
def _program(name: str) -> str | None:
    return shutil.which(name, path=_PLACES)


def _found(name: str) -> str:
    path = _program(name)
    assert path is not None, name
    return path


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
