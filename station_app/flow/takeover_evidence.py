"""The entries found of a dead station's journal, and whether it had more.

Heads come from the commission (signed notes in the pack) and from slips (typed). They tell how
long the journal was at least; entries come from the mirror alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.checkpoints import ShortHead, read_note
from station_app.journal.leaves import read_leaf
from station_app.journal.mirror import (
    MirroredJournal,
    find_mirror,
    load_header,
    read_mirror,
)
from station_app.snapshots.takeover_pack import MirrorKeys, TakeoverPack


@dataclass(frozen=True, slots=True)
class TakeoverEvidence:
    """The mirror (None: there is none), the size of the newest known head (0 for none), and when
    that head was seen, if anybody noted it (aware).
    """

    mirror: MirroredJournal | None
    newest_head: int
    newest_at: datetime | None = None

    @property
    def size(self) -> int:
        """Entries found."""
        return 0 if self.mirror is None else self.mirror.size

    @property
    def known_size(self) -> int:
        """The largest size of the journal that an entry or a head proves, 0 for none."""
        return max(self.size, self.newest_head)

    @property
    def known_at(self) -> datetime | None:
        """When the journal had that size; None where nothing says so."""
        return self.last_at if self.size == self.known_size else self.newest_at

    @property
    def missing(self) -> int:
        """Lower bound on the missing entries; there may be more."""
        return max(0, self.newest_head - self.size)

    @property
    def is_damaged(self) -> bool:
        """Whether bytes of the mirror were changed, so that entries may be missing."""
        return self.mirror is not None and self.mirror.is_damaged

    @property
    def is_blind(self) -> bool:
        """Whether nothing tells that these were all: no entries, or a damaged mirror."""
        return not self.size or self.is_damaged

    @property
    def last_at(self) -> datetime | None:
        """When the last entry found was written (UTC, by its station's clock)."""
        if self.mirror is None or not self.size:
            return None
        return read_leaf(self.mirror.entries[-1].leaf)[1]

    def refuse_gaps(self, original: str) -> None:
        """Raise `KnownError` where entries are, or may be, missing: two persons accept that.

        `takeover_blind` where none was found, else `takeover_behind`; `original` is the name of
        the station that has died.
        """
        if not self.size:
            known = f"It had at least {self.newest_head}. " if self.newest_head else ""
            raise KnownError(
                Code.TAKEOVER_BLIND,
                f"No entry of {original} was found, so whoever was identified there would be "
                f"identified here again. {known}Look for its second copy and name it with "
                "--mirror. If there is none, the chair and a member accept that with "
                "--accept-missing, and the paper list is checked before each slip.",
            )
        if self.missing or self.is_damaged:
            known = (
                f"the journal had at least {self.newest_head}"
                if self.missing
                else "the mirror is damaged, so there may have been more"
            )
            raise KnownError(
                Code.TAKEOVER_BEHIND,
                f"{self.size} entries of {original} were found; {known}. Look for its newest "
                "mirror. If there is none, the chair and a member accept that with "
                "--accept-missing, and the paper list is checked before each slip.",
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
            Code.TAKEOVER_OTHER_MIRROR,
            f"{path} is the mirror of {header.station}, not of {original.station}. Put in the "
            "medium of the station that has died.",
        )
    if header.salt not in keys:
        raise KnownError(
            Code.TAKEOVER_MIRROR_SEALED,
            f"The pack does not open {path}. Give the commission this mirror's header "
            "(`station-app takeover request`), and ask for another pack.",
        )
    return read_mirror(path, keys[header.salt])


def weigh_evidence(
    pack: TakeoverPack,
    mirror: MirroredJournal | None,
    typed: Sequence[ShortHead] = (),
    times: Mapping[int, datetime] | None = None,
) -> TakeoverEvidence:
    """Check the entries found against every known head.

    `times` says when heads of these sizes were printed, where somebody noted it. Raises
    `KnownError` `takeover_other_history` where one contradicts them, and
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
    return TakeoverEvidence(mirror, newest, (times or {}).get(newest))


def _holds(mirror: MirroredJournal, head: ShortHead) -> bool:
    return head.is_of(head.size, mirror.root_at(head.size))


def _foreign(pack: TakeoverPack) -> KnownError:
    return KnownError(
        Code.TAKEOVER_HEAD_FOREIGN,
        f"The pack holds a head that {pack.original.station} has not signed. Ask the commission "
        "for another pack.",
    )


def _contradicted(pack: TakeoverPack, head: ShortHead) -> KnownError:
    return KnownError(
        Code.TAKEOVER_OTHER_HISTORY,
        f"The head {head} is not one of the journal in this mirror. If it was typed, compare it "
        f"with the slip; otherwise {pack.original.station} had another history: keep everything "
        "and call the commission.",
    )
