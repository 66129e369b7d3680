"""Keys, people and sealed files: the only room that touches cryptography and SQLCipher.

`Secret` holds 32 bytes that never show in a repr, a log or a pickle; `Signer` signs with
Ed25519; `Database` is an encrypted SQLite file whose faults arrive as `KnownError`.
`PublicIdentity` is what people hand on; `seal` encrypts to it, `unseal` opens with the
`AgeIdentity` it belongs to. `People` unlocks a station with two persons' passphrases and
makes the proofs that `require` asks for; `create_issuer` and `open_issuer` are the
commission's side. `open_regular` opens files on a medium.
"""

from station_app.vault.attempts import Attempts
from station_app.vault.database import Database, FileKind, Row
from station_app.vault.device_roots import DeviceRoots
from station_app.vault.disk import (
    OTHERS_MAY_LOOK,
    READABLE,
    access_fault,
    draft_path,
    make_folder,
    new_file,
    refuse_other_spelling,
    replace_file,
    sweep_drafts,
    sync_folder,
    write_fault,
)
from station_app.vault.identity import IdentityKind, PublicIdentity, StationIdentity
from station_app.vault.issuer import (
    create_issuer,
    create_recipient,
    open_issuer,
    open_recipient,
    public_part,
    reveal_recipient,
)
from station_app.vault.keys import Secret, derived_key, load_key, load_or_create_key
from station_app.vault.marking import (
    mark_ended,
    mark_journal,
    mark_opened,
    mark_settings,
    mark_told,
    refuse_other_journal,
)
from station_app.vault.passphrases import Passphrase
from station_app.vault.people import Enrolment, People
from station_app.vault.pins import pin, pinned, refuse_changed_pins
from station_app.vault.proofs import Proof, require
from station_app.vault.read_back import ReadBack, read_back
from station_app.vault.seals import AgeIdentity, seal, unseal
from station_app.vault.signatures import (
    SET_UP,
    SignedText,
    Signer,
    is_signed,
    is_signed_by,
    read_signed_text,
    sign_text,
)
from station_app.vault.station_folder import StationFolder
from station_app.vault.station_secrets import Marks, SettingsChange, StationSecrets
from station_app.vault.stretching import Cost, measure_cost
from station_app.vault.unlocked import EnteredPerson, Unlocked
from station_app.vault.untrusted_files import is_pulled, medium_lost, open_regular, read_regular
from station_app.vault.wrapping import FrameCipher

__all__ = [
    "OTHERS_MAY_LOOK",
    "READABLE",
    "SET_UP",
    "AgeIdentity",
    "Attempts",
    "Cost",
    "Database",
    "DeviceRoots",
    "Enrolment",
    "EnteredPerson",
    "FileKind",
    "FrameCipher",
    "IdentityKind",
    "Marks",
    "Passphrase",
    "People",
    "Proof",
    "PublicIdentity",
    "ReadBack",
    "Row",
    "Secret",
    "SettingsChange",
    "SignedText",
    "Signer",
    "StationFolder",
    "StationIdentity",
    "StationSecrets",
    "Unlocked",
    "access_fault",
    "create_issuer",
    "create_recipient",
    "derived_key",
    "draft_path",
    "is_pulled",
    "is_signed",
    "is_signed_by",
    "load_key",
    "load_or_create_key",
    "make_folder",
    "mark_ended",
    "mark_journal",
    "mark_opened",
    "mark_settings",
    "mark_told",
    "measure_cost",
    "medium_lost",
    "new_file",
    "open_issuer",
    "open_recipient",
    "open_regular",
    "pin",
    "pinned",
    "public_part",
    "read_back",
    "read_regular",
    "read_signed_text",
    "refuse_changed_pins",
    "refuse_other_journal",
    "refuse_other_spelling",
    "replace_file",
    "require",
    "reveal_recipient",
    "seal",
    "sign_text",
    "sweep_drafts",
    "sync_folder",
    "unseal",
    "write_fault",
]
