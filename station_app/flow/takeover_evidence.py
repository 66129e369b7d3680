"""What is left of a dead station's journal, and whether it had more.

Heads come from the commission (signed notes in the pack) and from slips (typed). They tell how
long the journal was at least; entries come from the mirror alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from station_app.domain.errors import KnownError
from station_app.journal.checkpoints import read_note
from station_app.journal.leaves import read_leaf
from station_app.journal.mirror_reading import (
    MirroredJournal,
    find_mirror,
    load_header,
    read_mirror,
)
from station_app.journal.short_heads import ShortHead
from station_app.snapshots.takeover_pack import MirrorKeys, TakeoverPack


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen: the mirror (None: there is none), and the size of the newest head that is
    known, 0 for none.
    """

    mirror: MirroredJournal | None
    newest_head: int

    @property
    def size(self) -> int:
        """Entries at hand."""
        return 0 if self.mirror is None else self.mirror.size

    @property
    def missing(self) -> int:
        """How many entries are known to be missing. That there were no others, nothing says."""
        return max(0, self.newest_head - self.size)

    @property
    def is_damaged(self) -> bool:
        """Whether bytes of the mirror were changed, so that entries may be missing."""
        return self.mirror is not None and self.mirror.is_damaged

    @property
    def last_at(self) -> datetime | None:
        """When the last entry at hand was written (UTC, by its station's clock)."""
        if self.mirror is None or not self.size:
            return None
        return read_leaf(self.mirror.entries[-1].leaf)[1]

    def refuse_missing(self) -> None:
        """Raise `KnownError` `takeover_behind` where entries are, or may be, missing."""
        if not self.missing and not self.is_damaged:
            return
        known = f"at least {self.newest_head}" if self.missing else "perhaps more"
        raise KnownError(
            "takeover_behind",
            f"The journal of the other station had {known} entries, and {self.size} are at hand. "
            "Look for its newest mirror. If there is none, the chair and a member agree with "
            "--accept-missing, and the paper list tells who was identified since.",
        )


def read_seen(place: Path, pack: TakeoverPack, keys: MirrorKeys) -> MirroredJournal:
    """The mirror at `place` (its folder or file), which has to be the original's.

    Raises `KnownError` as `find_mirror` and `read_mirror` do, `takeover_other_mirror`, and
    `takeover_mirror_sealed` where the pack does not hold its key.
    """
    path = find_mirror(place)
    header = load_header(path).header
    original = pack.original
    if (header.origin, header.public_key) != (original.origin, original.public_key):
        raise KnownError(
            "takeover_other_mirror",
            f"{path} is the mirror of {header.station}, not of {original.station}. Put in the "
            "medium of the station that has died.",
        )
    if header.salt not in keys:
        raise KnownError(
            "takeover_mirror_sealed",
            f"The pack does not open {path}. Give the commission this mirror's header "
            "(`station-app takeover request`), and ask for another pack.",
        )
    return read_mirror(path, keys[header.salt])


def weigh(
    pack: TakeoverPack, mirror: MirroredJournal | None, typed: Sequence[ShortHead] = ()
) -> Evidence:
    """Hold the entries at hand against every head that is known.

    Raises `KnownError` `takeover_other_history` where one contradicts them, and
    `takeover_head_foreign` for a note in the pack that the original has not signed.
    """
    newest = 0
    for note in pack.heads:
        try:
            head = read_note(note, pack.original.public_key)
        except ValueError as error:
            raise _foreign(pack) from error
        if head.origin != pack.original.origin:
            raise _foreign(pack)
        if mirror and 0 < head.size <= mirror.size and mirror.root_at(head.size) != head.root:
            raise _contradicted(pack, ShortHead(head.size, head.root.hex()[:8]))
        newest = max(newest, head.size)
    for short in typed:
        if mirror and short.size <= mirror.size and not _holds(mirror, short):
            raise _contradicted(pack, short)
        newest = max(newest, short.size)
    return Evidence(mirror, newest)


def _holds(mirror: MirroredJournal, head: ShortHead) -> bool:
    return head.is_of(head.size, mirror.root_at(head.size))


def _foreign(pack: TakeoverPack) -> KnownError:
    return KnownError(
        "takeover_head_foreign",
        f"The pack holds a head that {pack.original.station} has not signed. Ask the commission "
        "for another pack.",
    )


def _contradicted(pack: TakeoverPack, head: ShortHead) -> KnownError:
    return KnownError(
        "takeover_other_history",
        f"The head {head} is not one of the journal in this mirror. If it was typed, compare it "
        f"with the slip; otherwise {pack.original.station} had another history: keep everything "
        "and call the commission.",
    )
