"""Takeover packs as the commission issues them, about stations made of leaves alone."""

from datetime import UTC, datetime
from pathlib import Path

from station_app.snapshots.takeover_pack import (
    OpenedPack,
    OriginalStation,
    TakeoverPack,
    open_pack,
    write_pack,
)
from station_app.vault import IdentityKind, PublicIdentity, Secret, Signer
from tests.centre.made_logs import MadeLog

_SIGNER = Signer(Secret(b"issuer" + bytes(26)))
ISSUER = PublicIdentity(IdentityKind.ISSUER, "CEC", _SIGNER.public_key, None)


def issue(folder: Path, spare: MadeLog, original: MadeLog, precinct: str = "") -> OpenedPack:
    """The pack with which `spare` goes on for `original`."""
    snapshot = folder / "any.vsnap"
    snapshot.write_bytes(b"a list is in here")
    pack = TakeoverPack(
        made=datetime(2026, 10, 4, 6, tzinfo=UTC),
        issuer=ISSUER.name,
        issuer_key=_SIGNER.public_key,
        original=OriginalStation(
            original.station,
            original.origin,
            original.public.signing_key or b"",
            precinct or original.station.rpartition("-")[0],
        ),
        spare=spare.station,
        spare_fingerprint=spare.public.fingerprint(),
        people=(),
        heads=(),
        sealed_keys=b"",
        snapshot_head=bytes(32),
        snapshot_size=snapshot.stat().st_size,
    )
    return open_pack(write_pack(pack, snapshot, _SIGNER, folder), (ISSUER,))
