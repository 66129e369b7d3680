"""Signed logs as stations write them, made of leaves alone: no database, no devices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785

from station_app.domain.entries import (
    Carried,
    DayClosed,
    DayOpened,
    Entry,
    JournalOpened,
    Outcome,
    OutcomeVoided,
    SessionStarted,
    TakenOver,
)
from station_app.domain.entry_codes import Method, OutcomeKind, TakeoverSource, VoidReason
from station_app.journal.bundle import pack
from station_app.journal.checkpoints import Checkpoint
from station_app.journal.leaves import write_leaf
from station_app.journal.tlog_tiles import log_files
from station_app.journal.tree import leaf_hash, tree_root
from station_app.vault import AgeIdentity, PublicIdentity, StationIdentity, seal

MORNING = datetime(2026, 10, 4, 1, 0, tzinfo=UTC)
"""07:00 in Bishkek."""


@dataclass
class MadeLog:
    """A station's log; its clock goes a second further with every entry."""

    station: str
    kind: str = "live"
    identity: StationIdentity = field(default_factory=StationIdentity.generate)
    now: datetime = MORNING
    leaves: list[bytes] = field(default_factory=list)
    sessions: int = 0

    def __post_init__(self) -> None:
        self.add(
            JournalOpened(
                origin=self.origin,
                list_hash="ab" * 32,
                list_sequence=1,
                list_kind=self.kind,
                policy="cd" * 32,
                public_key=self.identity.signer().public_key.hex(),
                app_version="0.1.0",
            )
        )

    @property
    def origin(self) -> str:
        return f"station-app/{self.kind}/{self.station}"

    @property
    def public(self) -> PublicIdentity:
        return self.identity.public(self.station)

    @property
    def size(self) -> int:
        return len(self.leaves)

    def add(self, *entries: Entry) -> int:
        """Append, and the number of the last."""
        for entry in entries:
            self.now += timedelta(seconds=1)
            self.leaves.append(write_leaf(entry, self.now))
        return self.size

    def add_values(self, **values: Any) -> int:
        """Append an entry of any kind, known or not."""
        self.now += timedelta(seconds=1)
        at = self.now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        self.leaves.append(rfc8785.dumps({"at": at} | values))
        return self.size

    def open_day(self, day: int = 1, listed: int = 1400, **changed: Any) -> int:
        values: dict[str, Any] = {
            "day": day, "list_sequence": 1, "listed": listed, "phone_time": "",
            "difference_s": 0, "chair": "c1", "member": "m1",
        }  # fmt: skip
        return self.add(DayOpened(**values | changed))

    def close_day(self, day: int = 1) -> int:
        counts = dict.fromkeys(
            (
                "listed", "by_finger", "by_face", "by_commission", "voided",
                "already_identified", "not_on_list", "unreadable", "refused", "slips",
                "reprints", "ballots", "signatures",
            ),
            0,
        )  # fmt: skip
        return self.add(DayClosed(day=day, **counts, chair="c1", member="m1"))

    def identify(self, voter: int, method: Method = Method.FINGER) -> int:
        return self.end(OutcomeKind.IDENTIFIED, voter, method)

    def end(
        self, outcome: OutcomeKind, voter: int | None = None, method: Method = Method.FINGER
    ) -> int:
        self.sessions += 1
        named = voter is not None
        return self.add(
            SessionStarted(self.sessions),
            Outcome(
                session=self.sessions,
                outcome=outcome,
                reason="",
                method=method if named else Method.NONE,
                voter_id=f"V-{voter:016X}" if named else None,
                list_number=voter,
                first_entry=1 if outcome is OutcomeKind.ALREADY_IDENTIFIED else None,
                evidence_milli=9123,
                threshold_milli=6100,
                fingers_compared=2800,
                tries=1,
                engine="leader-mcc/1",
                policy="cd" * 32,
            ),
        )

    def void(self, entry: int, voter: int) -> int:
        return self.add(
            OutcomeVoided(
                entry=entry,
                voter_id=f"V-{voter:016X}",
                list_number=voter,
                reason=VoidReason.PHOTO_MISMATCH,
                operator="o1",
                member="m1",
            )
        )

    def take_over(self, other: "MadeLog", seen: int | None = None, **changed: Any) -> None:
        """Go on for another station, of which `seen` entries are carried."""
        leaves = other.leaves[:seen]
        values: dict[str, Any] = {
            "origin": other.origin,
            "public_key": other.identity.signer().public_key.hex(),
            "size": len(leaves),
            "root": root(leaves).hex(),
            "note": other.note(len(leaves)),
            "pack_sha256": "ef" * 32,
            "source": TakeoverSource.MIRROR,
            "missing": 0,
            "chair": "c1",
            "member": "m1",
        }
        self.add(TakenOver(**values | changed))
        self.carry(leaves)

    def carry(self, leaves: Iterable[bytes]) -> None:
        self.add(*(Carried(number, leaf.decode()) for number, leaf in enumerate(leaves, 1)))

    def note(self, size: int | None = None) -> str:
        leaves = self.leaves[:size]
        head, signer = Checkpoint(self.origin, len(leaves), root(leaves)), self.identity.signer()
        return head.note(signer.public_key, head.sign(signer))

    def copy(self) -> "MadeLog":
        """The same station so far: what it writes now is another history."""
        other = MadeLog(self.station, self.kind, self.identity, self.now)
        other.leaves[:], other.sessions, other.now = self.leaves, self.sessions, self.now
        return other

    def save(self, folder: Path, size: int | None = None) -> Path:
        """The log as a folder of tiles."""
        place = folder / f"{self.station}-{sha256(self.note(size).encode()).hexdigest()[:8]}"
        for name, content in log_files(self.note(size), self.leaves[:size]):
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return place

    def seal(self, folder: Path, recipient: AgeIdentity, size: int | None = None) -> Path:
        """The log as a bundle."""
        packed = pack(self.note(size), self.leaves[:size], {}, self.public)
        path = folder / f"{self.station}-{len(self.leaves[:size]):08}.journal.age"
        path.write_bytes(seal(packed, [recipient.recipient]))
        return path


def root(leaves: Sequence[bytes]) -> bytes:
    return tree_root([leaf_hash(leaf) for leaf in leaves])
