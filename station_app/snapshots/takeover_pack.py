"""What a takeover pack says: who has died, which spare goes on, who may unlock it."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import rfc8785

from station_app.domain.roles import Person, Role
from station_app.vault import AgeIdentity, PublicIdentity, Secret, seal, unseal

SUFFIX: Final = ".takeover"
_STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"
_KEY: Final = re.compile(r"[0-9a-f]{64}")

MirrorKeys = Mapping[bytes, Secret]
"""The keys of mirrors, by the salts in their headers."""


@dataclass(frozen=True, slots=True)
class Original:
    """Whose place is taken: its name, its journal's origin and public key (32 bytes), its
    precinct.
    """

    station: str
    origin: str
    public_key: bytes
    precinct: str


@dataclass(frozen=True, slots=True)
class TakeoverPack:
    """What the commission says: who has died, which spare goes on, who may unlock it.

    `made` is in UTC to the second. `spare_fingerprint` is that of the spare's public identity
    (32 bytes). `heads` are signed notes of the original's journal that have been seen.
    `sealed_keys` is an age file with the keys of its mirrors, empty for none. `snapshot_head`
    (32 bytes) is the digest of the snapshot's head, `snapshot_size` its bytes.
    """

    made: datetime
    issuer: str
    issuer_key: bytes
    original: Original
    spare: str
    spare_fingerprint: bytes
    people: tuple[Person, ...]
    heads: tuple[str, ...]
    sealed_keys: bytes
    snapshot_head: bytes
    snapshot_size: int

    @property
    def file_name(self) -> str:
        """What its file is called, `<original>-by-<spare>.takeover`."""
        return f"{self.original.station}-by-{self.spare}{SUFFIX}"

    def mirror_keys(self, identity: AgeIdentity) -> MirrorKeys:
        """The keys in it, opened by the spare. Raises `KnownError` as `unseal` does."""
        if not self.sealed_keys:
            return {}
        found = json.loads(unseal(self.sealed_keys, identity))
        return {bytes.fromhex(salt): Secret(bytes.fromhex(key)) for salt, key in found.items()}

    def to_bytes(self) -> bytes:
        """The canonical JSON."""
        return rfc8785.dumps(
            {
                "original": {
                    "origin": self.original.origin,
                    "precinct": self.original.precinct,
                    "public_key": self.original.public_key.hex(),
                    "station": self.original.station,
                },
                "heads": list(self.heads),
                "issuer": {"name": self.issuer, "public_key": self.issuer_key.hex()},
                "made": self.made.strftime(_STAMP),
                "people": [
                    {"id": one.id, "name": one.name, "role": one.role.value} for one in self.people
                ],
                "sealed_keys": base64.b64encode(self.sealed_keys).decode(),
                "snapshot": {"head": self.snapshot_head.hex(), "size": self.snapshot_size},
                "spare": {"fingerprint": self.spare_fingerprint.hex(), "station": self.spare},
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "TakeoverPack":
        """The inverse of `to_bytes`. Raises `ValueError` for what it would not write."""
        try:
            pack = _read(json.loads(data))
            written = pack.to_bytes()
        except (
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
            rfc8785.CanonicalizationError,
        ) as error:
            raise ValueError("it is not a takeover pack") from error
        if written != data:
            raise ValueError("it is not in canonical form")
        return pack


def seal_mirror_keys(keys: MirrorKeys, spare: PublicIdentity) -> bytes:
    """The keys as an age file that the spare alone opens; nothing for none."""
    if not keys:
        return b""
    assert spare.recipient is not None, "a station has a recipient"
    plain = rfc8785.dumps({salt.hex(): key.reveal().hex() for salt, key in keys.items()})
    return seal(plain, [spare.recipient])


def _read(values: dict[str, Any]) -> TakeoverPack:
    original, spare, snapshot = values["original"], values["spare"], values["snapshot"]
    return TakeoverPack(
        made=datetime.strptime(values["made"], _STAMP).replace(tzinfo=UTC),
        issuer=_text(values["issuer"]["name"]),
        issuer_key=_key(values["issuer"]["public_key"]),
        original=Original(
            _text(original["station"]),
            _text(original["origin"]),
            _key(original["public_key"]),
            _text(original["precinct"]),
        ),
        spare=_text(spare["station"]),
        spare_fingerprint=_key(spare["fingerprint"]),
        people=tuple(Person(one["id"], one["name"], Role(one["role"])) for one in values["people"]),
        heads=tuple(map(_text, values["heads"])),
        sealed_keys=base64.b64decode(values["sealed_keys"], validate=True),
        snapshot_head=_key(snapshot["head"]),
        snapshot_size=_size(snapshot["size"]),
    )


def _size(value: object) -> int:
    if type(value) is not int or not 0 < value < 2**53:
        raise ValueError("it is not a size")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("it is not a text")  # noqa: TRY004  (what was read, not what was passed)
    return value


def _key(text: str) -> bytes:
    if not _KEY.fullmatch(text):
        raise ValueError("it is not 32 bytes in hex")
    return bytes.fromhex(text)
