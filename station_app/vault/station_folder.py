"""Where a station keeps its journal and its keys."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StationFolder:
    """The layout of one station's folder: `journal.db`, `journal.db.head`, `keys/*.key`."""

    root: Path

    @classmethod
    def of_journal(cls, journal: Path) -> "StationFolder":
        """The folder a journal file lies in."""
        return cls(journal.parent)

    @property
    def journal(self) -> Path:
        """The encrypted journal."""
        return self.root / "journal.db"

    @property
    def journal_key(self) -> Path:
        """The key that opens the journal."""
        return self.root / "keys" / "journal.key"

    @property
    def signing_key(self) -> Path:
        """The seed that signs the journal's checkpoints."""
        return self.root / "keys" / "signing.key"

    @property
    def lists(self) -> Path:
        """Folder of the loaded voter list and of the one before it."""
        return self.root / "lists"

    @property
    def pending_events(self) -> Path:
        """What happened while nobody could sign it, one line an event."""
        return self.root / "pending-events.jsonl"
