"""What goes between the commission's computer and the station in the virtual machine.

The commission works on this machine, the station in the virtual one; `Courier` is the folder that
both see, in the place of a person who carries files.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PATIENCE_S: Final = 240.0
PEOPLE: Final = {
    "aida": ("Айда Үсөнова", "operator"),
    "bakyt": ("Бакыт Жумабеков", "member"),
    "gulnara": ("Гүлнара Исмаилова", "chair"),
}
PASSPHRASES: Final = {
    "aida": "velvet comb, nine maps",
    "bakyt": "hazel reads under tin",
    "gulnara": "plough walks far away",
}
ENROLLED: Final = ("101", "102", "103", "104", "105", "106", "107", "108")
"""Fingers of the set, impression 1 of each is on the list; list numbers are in this order."""
STRANGER: Final = "109"
IMPRESSIONS: Final = ("2", "3")
"""What is laid on the reader's glass."""


@dataclass(frozen=True, slots=True)
class Courier:
    """The folder, and what lies in it by name."""

    folder: Path

    def bring(self, name: str, data: bytes) -> None:
        """Lay a file down, whole."""
        draft = self.folder / f"{name}.part"
        draft.write_bytes(data)
        draft.rename(self.folder / name)

    def wait_for(self, pattern: str, patience: float = PATIENCE_S) -> Path:
        """The file of this pattern; the other side may have to make it first."""
        end = time.monotonic() + patience
        while True:
            found = [one for one in self.folder.glob(pattern) if one.suffix != ".part"]
            if found:
                return found[0]
            refused = self.folder / "refused"
            assert not refused.exists(), refused.read_text(encoding="utf-8")
            assert time.monotonic() < end, f"nobody brought {pattern}"
            time.sleep(0.1)

    def tell(self, name: str, what: object) -> None:
        """Lay facts down."""
        self.bring(f"{name}.json", json.dumps(what).encode())

    def read(self, name: str) -> dict[str, Any]:
        """Facts that were laid down."""
        found: dict[str, Any] = json.loads((self.folder / f"{name}.json").read_text("utf-8"))
        return found

    def glass(self, finger: str, impression: str) -> Path:
        """An impression as it lies on the reader's glass: raw pixels."""
        return self.folder / f"{finger}_{impression}.raw"
