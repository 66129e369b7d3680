"""Snapshots of invented lists, and a station to load them into."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from station_app.domain.errors import KnownError
from station_app.snapshots import (
    LoadedSnapshot,
    LoadingStation,
    Manifest,
    ManifestFields,
    VoterList,
    load_snapshot,
    loaded_list,
    open_unchanged,
    refuse_changed,
    write_container,
    write_list,
)
from station_app.snapshots.loading import Tell
from station_app.vault import (
    AgeIdentity,
    IdentityKind,
    PublicIdentity,
    Secret,
    Signer,
    StationFolder,
    StationIdentity,
)
from tests.snapshots.list_samples import ENGINE, HEADER, fingers, packed, voter

LIST_KEY = Secret(b"a list's key of thirty-two bytes")
SIGNER = Signer(Secret(b"i" * 32))
ISSUER = PublicIdentity(IdentityKind.ISSUER, "БШК", SIGNER.public_key, None)
FROM, UNTIL = datetime(2026, 9, 30, tzinfo=UTC), datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
NOW = datetime(2026, 10, 3, 9, 30, tzinfo=UTC)


# The keys of stations that do not exist, the same in every process of a test.
IDENTITY = StationIdentity(
    Secret(b"1" * 32),
    AgeIdentity("AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZ9K4CN"),
)
OTHER_IDENTITY = StationIdentity(
    Secret(b"2" * 32),
    AgeIdentity("AGE-SECRET-KEY-1HMEVKUJH6A4CZSDPC68X9A6TSL9296W92GUN59GT9X5KGKPAJRHSQHALVP"),
)
OWN, OTHER = IDENTITY.public("9042-1"), OTHER_IDENTITY.public("9042-2")
STATION = LoadingStation(OWN, (ISSUER,), (ENGINE,))


def open_loaded(
    folder: StationFolder, identity: StationIdentity, trusted: Sequence[PublicIdentity]
) -> VoterList:
    """The loaded list, every byte of it checked against the issuer's signature."""
    loaded = loaded_list(folder, trusted)
    return open_unchanged(loaded, identity, refuse_changed(loaded))


def write_snapshot(
    out: Path,
    *,
    voters: int = 3,
    sequence: int = 3,
    precinct: str = "9042",
    signer: Signer = SIGNER,
    recipients: tuple[PublicIdentity, ...] = (OWN, OTHER),
    counts: Mapping[str, int] | None = None,
    **header: Any,
) -> Manifest:
    """A snapshot at `out`; two with the same arguments differ (SQLCipher salts each list)."""
    list_path = out.with_suffix(".vlist")
    write_list_of(list_path, voters, sequence=sequence, precinct=precinct, **header)
    manifest = seal_list(list_path, out, signer, recipients, counts)
    list_path.unlink()
    return manifest


def write_list_of(list_path: Path, voters: int = 3, **header: Any) -> None:
    """A list of invented voters under `LIST_KEY`."""
    changed = dataclasses.replace(HEADER, **header)
    made_by = changed.engines[0]
    pairs = [(row, dataclasses.replace(one, engine=made_by)) for row, one in fingers(voters)]
    write_list(
        list_path,
        LIST_KEY,
        changed,
        voters=map(voter, range(voters)),
        templates=pairs,
        chunks=packed(pairs),
    )


def seal_list(
    list_path: Path,
    out: Path,
    signer: Signer = SIGNER,
    recipients: tuple[PublicIdentity, ...] = (OWN, OTHER),
    counts: Mapping[str, int] | None = None,
) -> Manifest:
    """The snapshot of such a list at `out`."""
    fields = ManifestFields(
        list_key=LIST_KEY,
        recipients=recipients,
        issuer="БШК",
        valid_from=FROM,
        valid_to=UNTIL,
        counts=counts or {"portraits": 2, "bad_rows": 0},
    )
    return write_container(list_path, fields, signer, out)


def load_here(
    path: Path,
    root: Path,
    *,
    station: LoadingStation = STATION,
    now: datetime = NOW,
    tell: Tell = lambda _: None,
) -> LoadedSnapshot:
    return load_snapshot(path, StationFolder(root), station, now, tell, by="t-1")


def refusal(
    path: Path, root: Path, *, station: LoadingStation = STATION, now: datetime = NOW
) -> str:
    """The code that a load ends with, empty when it is not refused."""
    return code_of(lambda: load_here(path, root, station=station, now=now))


def code_of(action: Callable[[], object]) -> str:
    """The code that `action` is refused with, empty when it is not; its sentence is whole."""
    try:
        action()
    except KnownError as error:
        fault = error
    else:
        return ""
    assert fault.message.endswith((".", ")")), fault.message
    assert "{" not in fault.message
    return fault.code


def count_voters(root: Path) -> int:
    """The number of voters of the loaded list, opened and checked whole."""
    with closing(open_loaded(StationFolder(root), IDENTITY, (ISSUER,))) as voters:
        assert voters.voter(1) == voter(1)
        return voters.voters


def names_left(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "lists").iterdir())
