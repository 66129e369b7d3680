"""Which mirror a station has, by its settings and its pins."""

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from station_app.domain.entries import JournalOpened
from station_app.domain.errors import KnownError
from station_app.journal.mirror import Mirror, MirrorOwner, check_against_journal
from station_app.settings import Machine, StationKind
from station_app.vault import IdentityKind, StationFolder, Unlocked, refuse_changed_pins

OpenMirror = Callable[[], Mirror]


def mirror_opener(
    folder: StationFolder, unlocked: Unlocked, machine: Machine, opened: JournalOpened
) -> OpenMirror | None:
    """What opens the mirror of the station's journal, which `opened` begins; None where none is
    configured.

    The mirror is sealed to the recipients pinned at provisioning. A live station's has to be on
    another disk than its journal. Raises `KnownError` as `refuse_changed_pins` does.
    """
    if not machine.mirror:
        return None
    owner = MirrorOwner(
        station=unlocked.station,
        origin=opened.origin,
        signer=unlocked.identity.signer(),
        journal_key=unlocked.journal_key,
        recipients=tuple(
            one.recipient
            for one in refuse_changed_pins(folder, unlocked.identity.public(unlocked.station))
            if one.kind is IdentityKind.RECIPIENT and one.recipient is not None
        ),
        previous_root=opened.previous_root or "",
    )
    apart_from = folder.root if machine.kind is StationKind.LIVE else None
    return partial(Mirror.open, Path(machine.mirror), owner, apart_from)


def refuse_rolled_back(open_mirror: OpenMirror, size: int, root_at: Callable[[int], bytes]) -> None:
    """Hold a journal that is being opened against its mirror, if that is there.

    Why it is not there is `Mirroring`'s to say. Raises `KnownError` `journal_rolled_back`.
    """
    try:
        mirror = open_mirror()
    except KnownError:
        return
    with closing(mirror):
        check_against_journal(mirror, size, root_at)
