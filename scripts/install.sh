#!/bin/sh
# Installs what this checkout lacks: system libraries (as root; otherwise prints the one
# command to type), the virtual environment, the locked packages. Quick when all is there.
# Usage: sh scripts/install.sh run|dev
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}
case $want in
run) lock=requirements.lock ;;
dev) lock=requirements-dev.lock ;;
*) echo "usage: sh scripts/install.sh run|dev" >&2; exit 2 ;;
esac

python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "This needs Python 3.11 or newer. Install python3, or set PYTHON=/path/to/python3.11." >&2
    exit 1
fi

# library that must be loadable -> Debian and Ubuntu package that brings it
libraries="
libEGL.so.1=libegl1 libGL.so.1=libgl1 libfontconfig.so.1=libfontconfig1
libxkbcommon.so.0=libxkbcommon0 libdbus-1.so.3=libdbus-1-3 libglib-2.0.so.0=libglib2.0-0
libpulse.so.0=libpulse0 libxcb-cursor.so.0=libxcb-cursor0 libxkbcommon-x11.so.0=libxkbcommon-x11-0
libxcb-icccm.so.4=libxcb-icccm4 libxcb-image.so.0=libxcb-image0 libxcb-keysyms.so.1=libxcb-keysyms1
libxcb-render-util.so.0=libxcb-render-util0 libxcb-shape.so.0=libxcb-shape0
libxcb-xinerama.so.0=libxcb-xinerama0 libxcb-randr.so.0=libxcb-randr0 libxcb-xkb.so.1=libxcb-xkb1
"
loadable() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" >/dev/null 2>&1; }

stamp=".venv/.installed-$want-$(cksum <"$lock" | tr ' ' '-')"
[ -e "$stamp" ] && exit 0

packages=""
for pair in $libraries; do
    loadable "${pair%%=*}" || packages="$packages ${pair##*=}"
done
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    packages="$packages python3-venv"
fi
if [ -n "$packages" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing system packages:$packages" >&2
        apt-get update -qq >&2
        # shellcheck disable=SC2086  # a list of words on purpose
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
    else
        echo "System packages are missing. Type this once, then run the same command again:" >&2
        echo "  sudo apt-get update && sudo apt-get install -y$packages" >&2
        exit 1
    fi
fi

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "Installing the locked packages ($lock)" >&2
rm -f .venv/.installed-"$want"-*
.venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --require-hashes --no-deps -r "$lock"
.venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --no-deps --no-build-isolation -e .
: >"$stamp"
