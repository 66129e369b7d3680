"""The public identities that a station trusts: pinned when it was set up, signed with its own key.

The files are plain; without a signature whoever can write to the folder could add an issuer
of their own before the first unlock. `refuse_changed` without a secret believes the public
identity that lies beside them; at an unlock it is given that of the opened secrets, which
nobody can exchange.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault.disk import READABLE, replace_file
from station_app.vault.identity import IdentityKind, PublicIdentity
from station_app.vault.signatures import Signer, is_signed_by
from station_app.vault.station_folder import StationFolder
from station_app.vault.strict_json import bytes_of, canonical, list_of, read_record, write_record
from station_app.vault.untrusted_files import SmallFile

_FORMAT: Final = "station-app/pins/1"
_MEMBERS: Final = ("pins", "signature", "station")
_HASH_BYTES, _SIGNATURE_BYTES = 32, 64
_FILE: Final = SmallFile(
    "pins",
    "signed record of whom the station trusts",
    "Set the station up anew.",
    limit=65536,
)
_COMMISSION: Final = (IdentityKind.ISSUER, IdentityKind.RECIPIENT)


def pin(
    folder: StationFolder,
    pins: Sequence[PublicIdentity],
    station: PublicIdentity,
    signer: Signer,
) -> None:
    """Write the identities into the folder's `trusted`, and their signed record.

    Raises `KnownError` as `PublicIdentity.save` does.
    """
    for one in pins:
        one.save(folder.trusted)
    facts = _facts(pins, station)
    record = {"format": _FORMAT} | facts | {"signature": signer.sign(_message(facts)).hex()}
    replace_file(_path(folder), write_record(record), READABLE)


def pinned(folder: StationFolder) -> tuple[PublicIdentity, ...]:
    """The pinned identities, issuers first. Raises `KnownError` as `PublicIdentity.load`."""
    return tuple(
        one for kind in _COMMISSION for one in PublicIdentity.load_all(folder.trusted, kind)
    )


def refuse_changed_pins(
    folder: StationFolder, station: PublicIdentity
) -> tuple[PublicIdentity, ...]:
    """The identities in the folder, if they are those that the station signed when it was set up.

    `station` is the public part of the opened identity at an unlock, `station.json` before.
    Raises `KnownError`: `pins_missing`, `pins_unreadable`, `pins_damaged`, `pins_changed`,
    and as `PublicIdentity.load` does.
    """
    path = _path(folder)
    try:
        record = read_record(_FILE.read(path), _FORMAT, _MEMBERS)
        signature = bytes_of(record["signature"], _SIGNATURE_BYTES)
        for one in (*list_of(record["pins"]), record["station"]):
            bytes_of(one, _HASH_BYTES)
    except ValueError as fault:
        raise _FILE.damaged(path) from fault
    pins = pinned(folder)
    facts = _facts(pins, station)
    said = {name: record[name] for name in facts}
    key = station.signing_key
    if said != facts or key is None or not is_signed_by(key, _message(facts), signature):
        raise KnownError(
            Code.PINS_CHANGED,
            f"{folder.trusted} is not what it was when the station was set up: somebody may "
            "have added or removed an issuer. Load nothing; call the commission.",
        )
    return pins


def _facts(pins: Sequence[PublicIdentity], station: PublicIdentity) -> dict[str, Any]:
    return {
        "pins": sorted(one.fingerprint().hex() for one in pins),
        "station": station.fingerprint().hex(),
    }


def _message(facts: dict[str, Any]) -> bytes:
    """The signed bytes. A checkpoint has a number in its second line, so it never equals these."""
    return _FORMAT.encode() + b"\n" + canonical(facts)


def _path(folder: StationFolder) -> Path:
    return folder.trusted / "pins.json"
