"""How the product's own small programs are started, from a checkout and from the packed program.

They import nothing but the standard library and are up within hundredths of a second: run
by this Python, apart from its environment and its packages (`-I -S`), or, where the program
is packed, by the packed program itself, which then does nothing else (`run_own_program`).
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

NAMES: Final = ("warden", "libfprint_child", "futronic_child")
_MARK: Final = "--own-program="
_PACKED: Final[dict[str, str]] = {
    "_PYI_ARCHIVE_FILE": sys.executable,
    "_PYI_PARENT_PROCESS_LEVEL": "1",
}
"""With these PyInstaller's loader does not put the packed libraries before the system's, whose
libfprint needs those it was built with. Without them it works wherever both are alike."""


def own_program(name: str) -> list[str]:
    """The words that start it; its own arguments follow."""
    assert name in NAMES
    if _is_packed():
        return [sys.executable, _MARK + name]
    module = f"{__package__}.{name}"
    root = str(Path(__file__).parents[3])
    start = f"import sys; sys.path.append({root!r}); import {module} as m"
    return [sys.executable, "-I", "-S", "-c", f"{start}; sys.exit(m.main(sys.argv[1:]))"]


def own_environment() -> dict[str, str]:
    """What such a program needs in its environment."""
    return dict(_PACKED) if _is_packed() else {}


def run_own_program(arguments: Sequence[str]) -> int | None:
    """Be the program that the first argument names, in a packed program; None where it names none.

    Called before anything else is imported.
    """
    if not (_is_packed() and arguments and arguments[0].startswith(_MARK)):
        return None
    name = arguments[0].removeprefix(_MARK)
    if name not in NAMES:
        return None
    module = importlib.import_module(f"station_app.devices.hosted.{name}")
    code: int = module.main(list(arguments[1:]))
    return code


def _is_packed() -> bool:
    return bool(getattr(sys, "frozen", False))
