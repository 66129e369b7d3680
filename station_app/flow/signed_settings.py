"""The settings that two persons have signed, and no others (ADR 0025).

`settings.toml` ends with a line that the station's log key has signed; which signed settings are
the newest is sealed with the station's secrets. Whatever works with an unlocked station takes
its settings from here, each time from the bytes that were checked.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from station_app.domain.appearance import Appearance
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.settings import (
    Machine,
    Trusted,
    machine_from,
    read_machine,
    settings_bytes,
)
from station_app.snapshots import ListKind, LoadingStation
from station_app.vault import (
    SET_UP,
    IdentityKind,
    Proof,
    PublicIdentity,
    SettingsChange,
    SignedText,
    Signer,
    StationFolder,
    Unlocked,
    is_signed,
    mark_settings,
    read_signed_text,
    refuse_changed_pins,
    replace_file,
    require,
    sign_text,
)

_WHAT: Final = "settings"


def known_settings(folder: StationFolder, unlocked: Unlocked) -> Machine:
    """The settings of an unlocked station: the newest that two persons have signed.

    Where a change was cut off between the file and its mark, it is finished. Raises
    `KnownError`: `settings_missing`, `settings_unreadable`; `settings_unsigned` (of the first
    version), `settings_changed_unsigned`; `settings_refused`, and as `refuse_changed_pins`,
    `mark_settings` do.
    """
    path, marks = folder.settings, unlocked.marks
    public = unlocked.identity.public(unlocked.station)
    data = settings_bytes(path)
    signed = _read(data, public)
    if signed is None or signed.revision < marks.settings_revision:
        raise _not_signed(data, was_signed=marks.settings_revision > 0)
    machine = machine_from(signed.text.encode(), path)
    if machine.trusted != trusted_of(refuse_changed_pins(folder, public)):
        raise _not_signed(data, was_signed=True)
    if signed.revision > marks.settings_revision:
        # Only an unlocked station signs: the file is newer than the mark, never the other way.
        mark_settings(folder, unlocked, signed.revision, _change(marks.settings, signed))
    elif signed.sha256 != marks.settings:
        raise _not_signed(data, was_signed=True)
    return machine


def seen_settings(folder: StationFolder) -> Machine:
    """The settings of a locked station, checked against its public identity.

    That file is plain too, so this finds mistakes only; `known_settings` is certain. Settings
    of the first version are read as they are. Raises `KnownError` `settings_changed_unsigned`,
    as `read_machine` and `PublicIdentity.load` do.
    """
    path = folder.settings
    data = settings_bytes(path)
    if not is_signed(data):
        return machine_from(data, path)
    signed = _read(data, PublicIdentity.load(folder.public_identity))
    if signed is None:
        raise _not_signed(data, was_signed=True)
    return machine_from(signed.text.encode(), path)


def loading_station(
    folder: StationFolder,
    engines: Collection[str],
    named: Sequence[PublicIdentity] = (),
    precinct: str = "",
) -> LoadingStation:
    """Who loads a list here: issuers, precinct and kind as the locked station knows them.

    `named` issuers are trusted where none was pinned at provisioning, and `precinct` is believed
    where there are no settings. Raises `KnownError` `issuers_missing`, and as `seen_settings` and
    `PublicIdentity.load` do.
    """
    trusted = PublicIdentity.load_all(folder.trusted, IdentityKind.ISSUER) or named
    if not trusted:
        raise KnownError(
            Code.ISSUERS_MISSING,
            f"No issuer is known: there is no *.issuer.json in {folder.trusted}. "
            "Set the station up with its issuers, or name their folder with --issuers.",
        )
    machine = seen_settings(folder) if folder.settings.exists() else None
    return LoadingStation(
        identity=PublicIdentity.load(folder.public_identity),
        trusted=trusted,
        engines=engines,
        precinct=precinct if machine is None else machine.precinct,
        kind=None if machine is None else ListKind(machine.kind),
    )


def refuse_unsigned(folder: StationFolder) -> None:
    """Raises `KnownError` `settings_unsigned` for settings of the first version."""
    data = settings_bytes(folder.settings)
    if not is_signed(data):
        raise _not_signed(data, was_signed=False)


def trusted_of(pins: Iterable[PublicIdentity]) -> Trusted:
    """The settings' words for pinned identities."""
    found = tuple(pins)
    return Trusted(
        *(
            tuple(sorted(one.fingerprint().hex() for one in found if one.kind is kind))
            for kind in (IdentityKind.ISSUER, IdentityKind.RECIPIENT)
        )
    )


def first_settings(folder: StationFolder, machine: Machine, signer: Signer) -> SignedText:
    """Write the settings of a station that is being set up. Raises as `replace_file` does."""
    return _write(folder, machine, 1, (SET_UP,), signer)


def apply_settings(
    folder: StationFolder,
    unlocked: Unlocked,
    proofs: Iterable[Proof],
    machine: Machine,
    now: datetime,
    operation: Operation = Operation.SIGN_SETTINGS,
) -> SignedText:
    """Sign other settings for the station; the journal tells of it at the next unlocking.

    `proofs` are those of `operation`, of two persons. Whom the station trusts stays what it is.
    Raises `KnownError`: `not_allowed`, `approval_expired`, as `refuse_changed_pins`,
    `mark_settings` and `replace_file` do.
    """
    by = [proof.person_id for proof in require(proofs, operation)]
    public, marks = unlocked.identity.public(unlocked.station), unlocked.marks
    trusted = trusted_of(refuse_changed_pins(folder, public))
    machine = replace(machine, trusted=trusted)
    found = _read(settings_bytes(folder.settings), public) if folder.settings.exists() else None
    revision = max(marks.settings_revision, found.revision if found else 0) + 1
    signed = _write(folder, machine, revision, by, unlocked.identity.signer())
    change = _change(marks.settings, signed, now)
    mark_settings(folder, unlocked, revision, change)
    return signed


def write_desk_settings(folder: StationFolder, machine: Machine) -> None:
    """Write what one person may change. Raises `KnownError` as `replace_file` does."""
    replace_file(folder.desk_settings, machine.desk_toml().encode())


def keep_appearance(folder: StationFolder, appearance: Appearance) -> None:
    """Remember how the screens look; nobody signs, and the journal need not tell of it (ADR 0060).

    Raises `KnownError` as `read_machine` and `write_desk_settings` do.
    """
    machine = read_machine(folder.settings)
    if machine.appearance != appearance:
        write_desk_settings(folder, replace(machine, appearance=appearance))


def _write(
    folder: StationFolder, machine: Machine, revision: int, by: Sequence[str], signer: Signer
) -> SignedText:
    data = sign_text(_WHAT, machine.to_toml(), revision, by, signer)
    signed = read_signed_text(_WHAT, data, signer.public_key)
    assert signed is not None, "what has just been signed"
    replace_file(folder.settings, data)
    return signed


def _read(data: bytes, public: PublicIdentity) -> SignedText | None:
    key = public.signing_key
    return None if key is None else read_signed_text(_WHAT, data, key)


def _change(old: str, signed: SignedText, now: datetime | None = None) -> SettingsChange:
    at = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return SettingsChange(secrets.token_hex(8), at, old, signed.sha256, signed.by)


def _not_signed(data: bytes, *, was_signed: bool) -> KnownError:
    if not was_signed and not is_signed(data):
        return KnownError(
            Code.SETTINGS_UNSIGNED,
            "The settings of this station were made by an older version, and nobody has signed "
            "them. An operator and a member sign those of "
            "the plan: station-app settings apply PLAN.",
        )
    return KnownError(
        Code.SETTINGS_CHANGED_UNSIGNED,
        "The settings of this station are not those that two persons have signed: somebody has "
        "changed the file, or put an old one back. Call the commission; with the plan from its "
        "own hand an operator and a member type: station-app settings apply PLAN.",
    )
