#!/bin/sh
# Installs what this checkout lacks: system libraries (as root; otherwise prints the one
# command to type), the virtual environment, the locked packages. Quick when all is there.
# Usage: sh scripts/install.sh run|dev|devices
# `devices`: qemu, and the newest Debian kernel package unpacked below build/vm (tests/vm).
set -eu
cd "$(dirname "$0")/.."
want=${1:-}
case $want in
run) lock=requirements.lock ;;
dev) lock=requirements-dev.lock ;;
devices) lock= ;;
*) echo "usage: sh scripts/install.sh run|dev|devices" >&2; exit 2 ;;
esac

# What Qt's window, sound and offscreen parts load that their wheels do not bring (NEEDED entries
# of their files), each with the Debian 12 and Ubuntu 24.04 package that brings it.
libraries="
libEGL.so.1=libegl1 libGL.so.1=libgl1 libfontconfig.so.1=libfontconfig1
libglib-2.0.so.0=libglib2.0-0 libdbus-1.so.3=libdbus-1-3 libgssapi_krb5.so.2=libgssapi-krb5-2
libxkbcommon.so.0=libxkbcommon0 libxkbcommon-x11.so.0=libxkbcommon-x11-0
libX11.so.6=libx11-6 libX11-xcb.so.1=libx11-xcb1 libXext.so.6=libxext6 libXrandr.so.2=libxrandr2
libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 libxcb-image.so.0=libxcb-image0
libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-randr.so.0=libxcb-randr0
libxcb-render-util.so.0=libxcb-render-util0 libxcb-shape.so.0=libxcb-shape0
libxcb-sync.so.1=libxcb-sync1 libxcb-xfixes.so.0=libxcb-xfixes0 libxcb-xkb.so.1=libxcb-xkb1
libwayland-cursor.so.0=libwayland-cursor0 libpulse.so.0=libpulse0 libdrm.so.2=libdrm2
"
# What the tests of real drivers start a virtual machine with, and use inside it: programs, and
# libfprint.
machine="
qemu-system-x86_64=qemu-system-x86 busybox=busybox-static modprobe=kmod
udevadm=udev mkfs.vfat=dosfstools mkfs.exfat=exfatprogs mke2fs=e2fsprogs dmsetup=dmsetup
libfprint-2.so.2=libfprint-2-2 libusb-1.0.so.0=libusb-1.0-0
"

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

missing_packages() {
    # shellcheck disable=SC2086  # a list of words on purpose
    "$python" - $1 <<'PY'
import ctypes, os, shutil, sys
missing = []
places = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
for pair in sys.argv[1:]:
    wanted, package = pair.split("=")
    if ".so" not in wanted:
        if shutil.which(wanted, path=places) is None:
            missing.append(package)
        continue
    try:
        ctypes.CDLL(wanted)
    except OSError:
        missing.append(package)
try:
    import ensurepip, venv
except ImportError:
    missing.append("python3-venv")
print(*missing)
PY
}

install_packages() {
    apt="apt-get install -y --no-install-recommends $1"
    if ! command -v apt-get >/dev/null; then
        stop "These Debian packages are missing, and there is no apt-get here: $1." \
            "Install what your system calls them, then run the same command again."
    fi
    if [ "$(id -u)" != 0 ]; then
        become="sudo sh"
        command -v sudo >/dev/null || become="su -"
        stop "System packages are missing. Type this once, then run the same command again:" "" \
            "  $become -c 'apt-get update && $apt'" ""
    fi
    echo "Installing system packages: $1" >&2
    log=$(mktemp)
    # `make test` installs for tests and for their machine at once: one apt-get after the other.
    exec 9<scripts/install.sh
    ! command -v flock >/dev/null || flock 9
    # A machine just started may hold the lock for its own updates.
    if ! { apt-get -qq update && DEBIAN_FRONTEND=noninteractive $apt \
        -qq -o DPkg::Lock::Timeout=120; } >"$log" 2>&1 9<&-; then
        cat "$log" >&2
        stop "The system packages could not be installed; apt-get says why above." \
            "Put that right (network? package sources?), then run the same command again."
    fi
    rm -f "$log"
    exec 9<&-
}

# Tried once a source and way of building. Without a compiler numpy does the same work, and one line says so.
build_kernel() {
    source=station_app/biometrics/fingerprint/kernel/prefilter.c
    tried=.venv/.kernel-$(cat "$source" scripts/build_kernel.py | cksum | tr ' ' '-')
    if ! [ -e "$tried" ] && touch "$tried" 2>/dev/null; then
        .venv/bin/python scripts/build_kernel.py --if-missing || true
    fi
}

# The kernel that `linux-image-amd64` stands for, as a package: unpacked, not installed.
fetch_kernel() {
    place=build/vm
    for found in "$place"/linux-image-*/boot/vmlinuz-*; do
        [ -e "$found" ] && return
    done
    command -v apt-get >/dev/null || stop "There is no apt-get here to fetch a kernel package with." \
        "Unpack Debian's linux-image-*-amd64 package below $PWD/$place, in a folder of its name."
    package=$(apt-cache depends linux-image-amd64 2>/dev/null |
        sed -n 's/^ *Depends: *\(linux-image-[0-9].*\)/\1/p' | head -n 1)
    [ -n "$package" ] || stop "No package source here has linux-image-amd64: this needs Debian on amd64." \
        "Elsewhere unpack Debian's linux-image-*-amd64 package below $PWD/$place, in a folder of its name."
    echo "Fetching $package" >&2
    rm -rf "$place/fetched"
    mkdir -p "$place/fetched"
    log=$(mktemp)
    if ! (cd "$place/fetched" && apt-get -qq download "$package" && dpkg-deb -x ./*.deb unpacked) >"$log" 2>&1; then
        cat "$log" >&2
        stop "The kernel package could not be fetched; apt-get says why above." \
            "Run apt-get update as root, then the same command again."
    fi
    rm -f "$log"
    mv "$place/fetched/unpacked" "$place/$package"
    rm -rf "$place/fetched"
}

python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    stop "This needs Python 3.11 or newer. Install python3, or set PYTHON=/path/to/python3.11."
fi

# The system's own interpreter, also in a shell where .venv is activated and may be made again.
python=$("$python" -c 'import sys; print(sys._base_executable)')

if [ "$want" = devices ]; then
    packages=$(missing_packages "$machine")
    [ -z "$packages" ] || install_packages "$packages"
    fetch_kernel
    exit 0
fi

# An environment is good for one place, one Python and one lock file.
place="$PWD $("$python" -c 'import sys; print(sys.base_prefix, *sys.version_info[:2])')"
stamp=".venv/.installed-$want-$({ echo "$place"; cat "$lock"; } | cksum | tr ' ' '-')"
if [ -e "$stamp" ] && ! [ -e .venv/.unfinished ]; then
    build_kernel
    exit 0
fi

[ -w . ] || stop "Nothing can be written in $PWD." \
    "Copy the checkout to a folder of your own, then run the same command there."
if [ -e .venv ] && ! [ -w .venv ]; then
    stop "$PWD/.venv belongs to somebody else." "Remove it, then run the same command again."
fi

packages=$(missing_packages "$libraries")
if [ -n "$packages" ]; then
    install_packages "$packages"
    packages=$(missing_packages "$libraries")
    [ -z "$packages" ] || stop "$python still lacks what these packages bring: $packages." \
        "If PYTHON is set, unset it to use the system's python3, then run the same command again."
fi

# `.unfinished` outlives an installation that was cut short: its packages cannot be trusted, and
# what was downloaded is still in pip's cache.
if [ -e .venv/.unfinished ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1 ||
    { [ -e .venv/.place ] && [ "$(cat .venv/.place)" != "$place" ]; }; then
    rm -rf .venv
fi
echo "Installing the locked packages ($lock)" >&2
if ! [ -e .venv ]; then
    mkdir .venv
    : >.venv/.unfinished
    "$python" -m venv .venv
fi
: >.venv/.unfinished
echo "$place" >.venv/.place
rm -f .venv/.installed-"$want"-*
pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check "$@"; }
if ! pip install --require-hashes --no-deps -r "$lock" ||
    ! pip install --no-deps --no-build-isolation -e .; then
    stop "The packages could not be installed; pip says why above." \
        "Put that right (network? 2 GB of free space?), then run the same command again."
fi
# The first start is as quick as the second.
.venv/bin/python -m compileall -q station_app || true
: >"$stamp"
rm .venv/.unfinished
build_kernel
