"""Opening the loaded list with the station's identity, once two persons have unlocked it."""

import hashlib
import os
import time
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final

from station_app.domain.errors import KnownError
from station_app.snapshots.container import TellBytes, list_blocks, opened_snapshot, tell_nobody
from station_app.snapshots.header import ListHeader
from station_app.snapshots.loaded import LoadedList
from station_app.snapshots.manifest import Manifest
from station_app.snapshots.refusals import Refusal
from station_app.snapshots.voter_list import LIST, VoterList
from station_app.vault import (
    Secret,
    StationIdentity,
    unseal,
)

SAID_TWICE: Final = tuple(
    one.name for one in fields(Manifest) if one.name in {own.name for own in fields(ListHeader)}
)
"""Fields that both the signed manifest and the header of the list inside have."""

_SETTLED_NS: Final = 2 * 10**9
"""Longer than the grain of any file system's times: two changes within it look like one."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The file whose bytes were checked, as the file system told it apart then.

    Writing to the file or replacing it changes one of these. Only the
    machine's administrator can set the time of change back. `is_settled`: it was not changed
    just before, so that a later change has another time.
    """

    device: int
    inode: int
    size: int
    changed_ns: int
    is_settled: bool = field(compare=False)

    @classmethod
    def of(cls, about: os.stat_result) -> "CheckedFile":
        """From a result of `os.stat`."""
        is_settled = time.time_ns() - about.st_ctime_ns > _SETTLED_NS
        return cls(about.st_dev, about.st_ino, about.st_size, about.st_ctime_ns, is_settled)

    def mark(self, loaded: LoadedList) -> str:
        """The mark to seal (`mark_opened`) for a file with this list, empty where not settled."""
        if not self.is_settled:
            return ""
        facts = (loaded.manifest.list_sha256, self.device, self.inode, self.size, self.changed_ns)
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def refuse_changed_since(loaded: LoadedList, marked: str) -> CheckedFile:
    """The stored list's file, read only where its mark is not `marked`.

    So an exchanged or written file is read whole, as `refuse_changed` does, and a file that was
    moved to another disk is too. Raises as that does.
    """
    now = _now_at(loaded.path)
    if now is not None and now.mark(loaded) == marked != "":
        return now
    return refuse_changed(loaded)


def open_unchanged(
    loaded: LoadedList, identity: StationIdentity, checked: CheckedFile | None = None
) -> VoterList:
    """The list, whose bytes `refuse_changed` has checked: what fails now, was signed so.

    With `checked`, what `refuse_changed` said, the file opened has to be that one: a list exchanged
    in between is `list_damaged`. The trial search and `prove_list` or `put_list_back` are the
    caller's, and so is the clock (`refuse_outside_validity`). Raises `KnownError` as `list_key` and
    `VoterList.open` do, and `vsnap_list_disagrees`.
    """
    voters = VoterList.open(loaded.path, list_key(loaded.manifest, identity))
    try:
        if checked is not None and _now_at(loaded.path) != checked:
            raise LIST.damaged(loaded.path)
        _refuse_disagreement(loaded.manifest, voters)
    except KnownError:
        voters.close()
        raise
    return voters


def refuse_changed(loaded: LoadedList, told: TellBytes = tell_nobody) -> CheckedFile:
    """Read the stored list; says which file that was.

    Raises `KnownError` `list_missing`, `list_damaged`.
    """
    try:
        with opened_snapshot(loaded.path) as file:
            checked = CheckedFile.of(os.fstat(file.fileno()))
            for _ in list_blocks(file, loaded.manifest, loaded.path, told):
                pass
            if CheckedFile.of(os.fstat(file.fileno())) != checked:
                raise LIST.damaged(loaded.path)
    except KnownError as fault:
        if fault.code == Refusal.MISSING:
            raise LIST.missing(loaded.path) from fault
        raise LIST.damaged(loaded.path) from fault
    return checked


def _now_at(path: Path) -> CheckedFile | None:
    try:
        return CheckedFile.of(path.stat())
    except OSError:
        return None


def list_key(manifest: Manifest, identity: StationIdentity) -> Secret:
    """The key of the list. Raises `KnownError` `vsnap_key`."""
    try:
        return Secret(unseal(manifest.sealed_key, identity.age))
    except (KnownError, ValueError) as error:
        raise Refusal.KEY.error() from error


def _refuse_disagreement(manifest: Manifest, voters: VoterList) -> None:
    """Raise where manifest and list differ."""
    header = voters.header
    said = {name: (getattr(manifest, name), getattr(header, name)) for name in SAID_TWICE}
    said |= {
        "policy": (manifest.policy.text, header.policy.text),
        "voters": (manifest.counts["voters"], voters.voters),
        "fingers": (manifest.counts["fingers"], voters.fingers),
        "faces": (manifest.faces, voters.faces),
    }
    for what, (signed, found) in said.items():
        if signed != found:
            raise Refusal.LIST_DISAGREES.error(what=what)
