"""Where a station keeps its journal, its keys, its people and its voter list."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

_JOURNALS: Final = "journals"


@dataclass(frozen=True, slots=True)
class StationFolder:
    """The layout of one station's folder (`docs/formats.md`).

    A live station's secrets are in `sealed_secrets`, which two persons open; the plain
    key files are those of demonstrations.
    """

    root: Path

    @classmethod
    def of_journal(cls, journal: Path) -> "StationFolder":
        """The folder of the station whose journal this is, in its place or put aside."""
        around = journal.absolute().parent
        is_aside = around.parent.name == _JOURNALS and cls(around.parent.parent).keys.is_dir()
        return cls(around.parent.parent if is_aside else journal.parent)

    @property
    def journal(self) -> Path:
        """The encrypted journal."""
        return self.root / "journal.db"

    @property
    def keys(self) -> Path:
        """The folder of everything that opens something; mode 0700."""
        return self.root / "keys"

    @property
    def journal_key(self) -> Path:
        """The key that opens a demonstration's journal."""
        return self.keys / "journal.key"

    @property
    def signing_key(self) -> Path:
        """The seed that signs a demonstration's checkpoints."""
        return self.keys / "signing.key"

    @property
    def people(self) -> Path:
        """Who may unlock the station, with their wrapped shares of its key."""
        return self.keys / "people.json"

    @property
    def sealed_secrets(self) -> Path:
        """The station's secrets, under the key that two persons have together."""
        return self.keys / "station.sealed"

    @property
    def attempts(self) -> Path:
        """How many wrong passphrases there were in a row."""
        return self.keys / "attempts.json"

    @property
    def public_identity(self) -> Path:
        """The station's own public identity."""
        return self.root / "station.json"

    @property
    def settings(self) -> Path:
        """The settings that two persons sign: which station it is, its mirror, its drivers."""
        return self.root / "settings.toml"

    @property
    def desk_settings(self) -> Path:
        """The settings that one person may change: ports of devices, languages."""
        return self.root / "desk.toml"

    @property
    def trusted(self) -> Path:
        """The folder of the public identities pinned at provisioning: whose lists are
        loaded, to whom results are sealed.
        """
        return self.root / "trusted"

    @property
    def lists(self) -> Path:
        """The folder of the loaded voter list; what is in it is `snapshots`' business."""
        return self.root / "lists"

    @property
    def papers(self) -> Path:
        """The folder of what was printed and goes to the commission: protocols, sheets (PDF)."""
        return self.root / "papers"

    @property
    def log(self) -> Path:
        """The folder of the program's log: codes and places in the code, and nobody."""
        return self.root / "log"

    @property
    def journals(self) -> Path:
        """The folder of the journals of elections before this one, each in one of its own."""
        return self.root / _JOURNALS

    @property
    def takeover_draft(self) -> Path:
        """The folder of a takeover that is under way or was cut off."""
        return self.root / "takeover.new"

    @property
    def pending_events(self) -> Path:
        """Events that happened while nobody could sign them."""
        return self.root / "pending-events.jsonl"
