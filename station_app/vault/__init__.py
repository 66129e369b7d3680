"""Keys, people and sealed files: the only room that touches cryptography and SQLCipher.

`Secret` holds 32 bytes that never show in a repr, a log or a pickle; `Signer` signs with
Ed25519; `Database` is an encrypted SQLite file whose faults arrive as `KnownError`.
`PublicIdentity` is what people hand on; `seal` encrypts to it, `unseal` opens with the
`AgeIdentity` it belongs to.
"""

from station_app.vault.database import Database, Row
from station_app.vault.disk import replace_file, sync_folder, write_fault
from station_app.vault.faults import FileKind
from station_app.vault.identity import IdentityKind, PublicIdentity, StationIdentity
from station_app.vault.keys import Secret, load_key, load_or_create_key
from station_app.vault.seals import AgeIdentity, seal, unseal
from station_app.vault.signatures import Signer, is_signed_by
from station_app.vault.station_folder import StationFolder

__all__ = [
    "AgeIdentity",
    "Database",
    "FileKind",
    "IdentityKind",
    "PublicIdentity",
    "Row",
    "Secret",
    "Signer",
    "StationFolder",
    "StationIdentity",
    "is_signed_by",
    "load_key",
    "load_or_create_key",
    "replace_file",
    "seal",
    "sync_folder",
    "unseal",
    "write_fault",
]
