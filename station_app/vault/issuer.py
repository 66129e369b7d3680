"""The commission's keys on the centre's machine, each in a file under a passphrase.

An issuer's key signs voter lists; a recipient's key opens what stations send back. Neither
is ever on a station. Without its passphrase the file does not open, so it may be kept on a
stick; whoever has it tries passphrases at the cost of Argon2id.
"""

from pathlib import Path
from secrets import token_bytes
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault.disk import replace_file
from station_app.vault.identity import IDENTITY_MEMBERS, IdentityKind, PublicIdentity
from station_app.vault.keys import SECRET_BYTES, Secret
from station_app.vault.passphrases import Passphrase
from station_app.vault.seals import AGE_IDENTITY_BYTES, AgeIdentity
from station_app.vault.signatures import Signer
from station_app.vault.stretching import Cost, measure_cost
from station_app.vault.strict_json import canonical, read_record, write_record
from station_app.vault.untrusted_files import SmallFile
from station_app.vault.wrapping import Hidden, Wrapped, WrongPassphraseError, unwrap, wrap

_FORMAT: Final = "station-app/commission-key/1"
_SIZES: Final = {
    IdentityKind.ISSUER: SECRET_BYTES,
    IdentityKind.RECIPIENT: AGE_IDENTITY_BYTES,
}
_FILE: Final = SmallFile(
    "commission_key",
    "key file of the commission",
    "Put it back from its copy, or name the right file.",
    limit=8192,
)


def create_issuer(
    name: str, folder: Path, passphrase: Passphrase, cost: Cost | None = None
) -> PublicIdentity:
    """Make a signing key: `<name>.issuer-key.json` and `<name>.issuer.json` in `folder`.

    Without `cost` it is measured on this machine. Raises `KnownError`:
    `commission_key_exists`, `identity_exists`, `passphrase_short`, `passphrase_guessable`,
    what `write_fault` says; `ValueError` for a bad name.
    """
    seed = Secret(token_bytes(SECRET_BYTES))
    public = PublicIdentity(IdentityKind.ISSUER, name, Signer(seed).public_key, None)
    _create(public, seed, folder, passphrase, cost)
    return public


def create_recipient(
    name: str, folder: Path, passphrase: Passphrase, cost: Cost | None = None
) -> PublicIdentity:
    """Make a key to be sealed to: `<name>.recipient-key.json` and `<name>.recipient.json`.

    Raises as `create_issuer` does.
    """
    age = AgeIdentity.generate()
    public = PublicIdentity(IdentityKind.RECIPIENT, name, None, age.recipient)
    _create(public, age, folder, passphrase, cost)
    return public


def open_issuer(path: Path, passphrase: Passphrase) -> Signer:
    """The signer of the issuer whose key file is at `path`.

    Raises `KnownError`: `commission_key_missing`, `commission_key_unreadable`,
    `commission_key_damaged` (or of another kind), `wrong_passphrase`.
    """
    return Signer(Secret(_open(path, IdentityKind.ISSUER, passphrase)))


def open_recipient(path: Path, passphrase: Passphrase) -> AgeIdentity:
    """The age identity of the recipient at `path`; raises as `open_issuer` does."""
    return AgeIdentity(_open(path, IdentityKind.RECIPIENT, passphrase).decode())


def reveal_recipient(path: Path, passphrase: Passphrase, to: Path) -> None:
    """Write the key as the identity file that `age -d -i` reads, mode 0600.

    Whoever has that file opens every bundle: remove it after use. Raises as `open_recipient`
    does, `KnownError` `file_exists`, and as `write_fault` says.
    """
    if to.exists():
        raise KnownError(Code.FILE_EXISTS, f"There is a file {to} already. Choose another name.")
    replace_file(to, open_recipient(path, passphrase).reveal() + b"\n")


def public_part(path: Path) -> PublicIdentity:
    """The public identity in a key file, read without its passphrase.

    It is authentic only once a passphrase has opened the file. Raises `KnownError` as
    `open_issuer` does.
    """
    return _read(path)[0]


def _create(
    public: PublicIdentity, secret: Hidden, folder: Path, passphrase: Passphrase, cost: Cost | None
) -> None:
    path = folder / f"{public.name}.{public.kind}-key.json"
    if path.exists():
        raise KnownError(
            Code.COMMISSION_KEY_EXISTS,
            f"There is a key file {path} already. It is never overwritten: take another name "
            "or folder.",
        )
    passphrase.refuse_weak(public.name)
    wrapped = wrap(secret, passphrase, cost or measure_cost(), _context(public))
    public.save(folder)
    record = public.to_record() | {"format": _FORMAT, "wrapped": wrapped.to_record()}
    replace_file(path, write_record(record))


def _open(path: Path, kind: IdentityKind, passphrase: Passphrase) -> bytes:
    public, wrapped = _read(path)
    if public.kind is not kind:
        raise KnownError(
            Code.IDENTITY_OTHER_KIND,
            f"{path} is the key of {public.kind} {public.name}, and the key of an {kind} is "
            f"needed. Name a file *.{kind}-key.json.",
        )
    try:
        return unwrap(wrapped, passphrase, _context(public))
    except WrongPassphraseError:
        raise KnownError(
            Code.WRONG_PASSPHRASE,
            f"The passphrase does not open {path}. Check the keyboard's language and Caps "
            "Lock, then try again.",
        ) from None


def _read(path: Path) -> tuple[PublicIdentity, Wrapped]:
    try:
        record = read_record(_FILE.read(path), _FORMAT, (*IDENTITY_MEMBERS, "wrapped"))
        public = PublicIdentity.from_record(record)
        if public.kind not in _SIZES:
            raise _FILE.damaged(path)
        return public, Wrapped.from_record(record["wrapped"], _SIZES[public.kind])
    except ValueError as error:
        raise _FILE.damaged(path) from error


def _context(public: PublicIdentity) -> bytes:
    return _FORMAT.encode() + b"\n" + canonical(public.to_record())
