"""Opening the loaded list with the station's identity, once two persons have unlocked it."""

from collections.abc import Sequence

from station_app.domain.errors import KnownError
from station_app.snapshots.container import Told, list_blocks, opened, untold
from station_app.snapshots.loaded import LoadedList, loaded_list
from station_app.snapshots.manifest import Manifest
from station_app.snapshots.reader import VoterList
from station_app.snapshots.refusals import Refusal
from station_app.snapshots.tables import LIST
from station_app.vault import (
    PublicIdentity,
    Secret,
    StationFolder,
    StationIdentity,
    unseal,
)


def open_loaded(
    folder: StationFolder,
    identity: StationIdentity,
    trusted: Sequence[PublicIdentity],
    told: Told = untold,
) -> VoterList:
    """The loaded list, every byte of it checked against the issuer's signature.

    Raises `KnownError` as `loaded_list`, `refuse_changed` and `open_unchanged` do.
    """
    loaded = loaded_list(folder, trusted)
    refuse_changed(loaded, told)
    return open_unchanged(loaded, identity)


def open_unchanged(loaded: LoadedList, identity: StationIdentity) -> VoterList:
    """The list, whose bytes `refuse_changed` has checked: what fails now, was signed so.

    The trial search and `prove` or `put_back` are the caller's, and so is the clock
    (`refuse_outside_validity`). Raises `KnownError` as `list_key` and `VoterList.open` do,
    and `vsnap_list_disagrees`.
    """
    voters = VoterList.open(loaded.path, list_key(loaded.manifest, identity))
    try:
        _refuse_disagreement(loaded.manifest, voters)
    except KnownError:
        voters.close()
        raise
    return voters


def refuse_changed(loaded: LoadedList, told: Told = untold) -> None:
    """Read the stored list. Raises `KnownError` `list_missing`, `list_damaged`."""
    try:
        with opened(loaded.path) as file:
            for _ in list_blocks(file, loaded.manifest, loaded.path, told):
                pass
    except KnownError as fault:
        if fault.code == Refusal.MISSING:
            raise LIST.missing(loaded.path) from fault
        raise LIST.damaged(loaded.path) from fault


def list_key(manifest: Manifest, identity: StationIdentity) -> Secret:
    """The key of the list. Raises `KnownError` `vsnap_key`."""
    try:
        return Secret(unseal(manifest.sealed_key, identity.age))
    except (KnownError, ValueError) as error:
        raise Refusal.KEY.error() from error


def _refuse_disagreement(manifest: Manifest, voters: VoterList) -> None:
    header = voters.header
    said = {
        "kind": (manifest.kind, header.kind),
        "election": (manifest.election, header.election),
        "precinct": (manifest.precinct, header.precinct),
        "place": (manifest.place, header.place),
        "sequence": (manifest.sequence, header.sequence),
        "created": (manifest.created, header.created),
        "engine": (header.engine in manifest.engines, True),
        "election_day": (manifest.election_day, header.election_day),
        "ballots": (manifest.ballots, header.ballots),
        "kits": (manifest.kits, header.kits),
        "policy": (manifest.policy, header.policy),
        "voters": (manifest.counts["voters"], voters.voters),
        "fingers": (manifest.counts["fingers"], voters.fingers),
    }
    for what, (signed, found) in said.items():
        if signed != found:
            raise Refusal.LIST_DISAGREES.error(what=what)
