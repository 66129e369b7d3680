"""From a bare machine to a station: its identity, its people, whom it trusts, its settings.

A station appears whole or not at all: it is made in a folder beside its place, which is
renamed last. Nothing here removes or replaces a journal, keys or people.
"""

import errno
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from station_app import __version__
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.flow.signed_settings import (
    apply_settings,
    first_settings,
    known_settings,
    seen_settings,
    trusted_of,
    write_desk_settings,
)
from station_app.settings import Machine, Plan, StationKind, missing_files, write_files
from station_app.snapshots import add_pending, loaded_list
from station_app.vault import (
    Cost,
    Enrolment,
    IdentityKind,
    People,
    PublicIdentity,
    SignedText,
    StationFolder,
    StationSecrets,
    Unlocked,
    make_folder,
    pin,
    refuse_changed_pins,
    sync_folder,
    write_fault,
)

OURS: Final = 0o700
"""Mode of a station's folders: its user's alone."""

_COMMISSION: Final = (IdentityKind.ISSUER, IdentityKind.RECIPIENT)


def identities_to_pin(plan: Plan) -> tuple[PublicIdentity, ...]:
    """The commission's identities that the plan names, issuers first, each once.

    Raises `KnownError` as `PublicIdentity.load` does, `identity_other_kind`, and
    `identity_exists` for two of one kind and name.
    """
    found: dict[str, PublicIdentity] = {}
    for kind, paths in zip(_COMMISSION, (plan.issuers, plan.recipients), strict=True):
        for path in paths:
            one = PublicIdentity.load(path)
            if one.kind is not kind:
                raise KnownError(
                    Code.IDENTITY_OTHER_KIND,
                    f"{path} is of a {one.kind}, and the plan names it as {kind}. Correct it.",
                )
            if found.setdefault(one.file_name, one) != one:
                raise KnownError(
                    Code.IDENTITY_EXISTS,
                    f"The plan names two different identities {one.file_name}. "
                    "Ask the commission which one is right.",
                )
    return tuple(found.values())


def is_set_up(root: Path) -> bool:
    """Whether the folder is a station already."""
    return StationFolder(root).people.exists()


def refuse_unusable(root: Path) -> None:
    """Raises `KnownError`: `station_exists`; `folder_not_empty`, for other things in it;
    `no_write_permission`. Asked before people type anything.
    """
    if is_set_up(root):
        raise KnownError(
            Code.STATION_EXISTS,
            f"{root} is a station already, and nothing was changed. For the list, the ports and "
            "the languages of its plan say --again, for its other settings `settings apply`; for "
            "another station choose another folder, or move this one away to keep it.",
        )
    try:
        is_free = not root.exists() or not any(root.iterdir())
        parent = next(one for one in root.absolute().parents if one.exists())
        if not os.access(parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as fault:
        raise write_fault(fault, root) from fault
    if not is_free:
        raise KnownError(
            Code.FOLDER_NOT_EMPTY,
            f"{root} is no station, and there are files in it. Nothing was changed: choose "
            "another folder, or move them away.",
        )


def set_up(
    root: Path,
    plan: Plan,
    pins: Sequence[PublicIdentity],
    people: Sequence[Enrolment],
    cost: Cost,
    now: datetime,
) -> PublicIdentity:
    """Make the station in the folder `root`, and give its public identity.

    `pins` have been compared by people, `people` are the plan's with the passphrases that
    each has typed. Raises `KnownError` as `refuse_unusable`, `missing_files`, `People.create` and
    `write_fault` do; there is no station then.
    """
    refuse_unusable(root)
    draft = StationFolder(root.with_name(root.name + ".new"))
    try:
        _throw_away(draft)
        files = missing_files(plan, draft.root)
        make_folder(draft.root)
        write_files(draft.root, files)
        draft.trusted.mkdir(mode=OURS)
        public, signed = _fill(draft, plan.machine, pins, people, cost)
        _write_down(draft, public, signed, pins, people, now)
        draft.root.rename(root)
        sync_folder(root.parent)
    except OSError as fault:
        raise write_fault(fault, root) from fault
    return public


def bring_up_to_date(
    root: Path,
    plan: Plan,
    pins: Sequence[PublicIdentity],
    now: datetime,
    ask: Callable[[], Person],
) -> PublicIdentity:
    """Give a station what one person may change of its plan: ports and languages, and the signed
    files that it lacks.

    `ask` gives the technician or operator who has typed their passphrase; it is called where
    there is something to change.
    Keys, people, pins and the signed settings stay what they are. Raises `KnownError`:
    `station_other` (the plan is another station's), `pins_differ` (it trusts somebody who was
    not compared when the station was set up), `settings_need_two` (its other settings are not
    those that were signed), as `refuse_changed_pins`, `seen_settings`, `missing_files` and
    `write_fault` do.
    """
    folder, machine = StationFolder(root), plan.machine
    old = seen_settings(folder)
    public = PublicIdentity.load(folder.public_identity)
    refuse_other_station(folder, plan, public.name, old.kind)
    trusted = refuse_changed_pins(folder, public)
    refuse_new_pins(trusted, pins)
    try:
        for place in (folder.root, folder.keys, folder.trusted):
            place.chmod(OURS)
    except OSError as fault:
        raise write_fault(fault, root) from fault
    # A spare that has taken over is of another precinct than its plan's; pins never change.
    if replace(machine, precinct=old.precinct, trusted=old.trusted).to_toml() != old.to_toml():
        raise KnownError(
            Code.SETTINGS_NEED_TWO,
            "The plan has other settings than those that were signed. An operator and a member "
            "agree to them: station-app settings apply PLAN. Nothing else was changed.",
        )
    write_files(root, missing_files(plan, root))
    machine = _with_desk_choices(machine, old)
    if machine.desk_toml() != old.desk_toml():
        facts = {"app": __version__, "by": ask().id}
        write_desk_settings(folder, machine)
        add_pending(folder.pending_events, "settings_changed", facts, now)
    return public


def _with_desk_choices(machine: Machine, old: Machine) -> Machine:
    """The plan's settings, with what was chosen at the desk: ports that the plan leaves open, and
    how the screens look.
    """
    chosen = {(one.family, one.driver): one.port for one in old.devices}
    return replace(
        machine,
        devices=tuple(
            replace(one, port=one.port or chosen.get((one.family, one.driver), ""))
            for one in machine.devices
        ),
        appearance=old.appearance,
    )


def sign_plan(
    folder: StationFolder,
    unlocked: Unlocked,
    plan: Plan,
    pins: Sequence[PublicIdentity],
    now: datetime,
) -> SignedText | None:
    """Sign the plan's settings, by the two persons who have unlocked the station.

    The answer is what is signed now; None where the plan changes nothing, and nothing was
    written. The precinct of a spare that has taken over stays that of its list. Raises
    `KnownError`: `station_other`, `pins_differ`, and as `missing_files`, `apply_settings`,
    `write_desk_settings` do. The files that they name are there once they are signed.
    """
    public = unlocked.identity.public(unlocked.station)
    trusted = refuse_changed_pins(folder, public)
    refuse_new_pins(trusted, pins)
    try:
        old: Machine | None = known_settings(folder, unlocked)
    except KnownError:
        old = None  # unsigned or changed: that is what is mended here
    kind = plan.machine.kind if old is None else old.kind
    refuse_other_station(folder, plan, unlocked.station, kind)
    precinct = _precinct_at_work(folder, public, trusted) if old is None else old.precinct
    machine = replace(
        plan.machine, precinct=precinct or plan.machine.precinct, trusted=trusted_of(trusted)
    )
    if old is not None:
        machine = _with_desk_choices(machine, old)
    files = missing_files(plan, folder.root)
    if old is not None and not files and _are_same(machine, old):
        return None
    write_desk_settings(folder, machine)
    signed = apply_settings(folder, unlocked, unlocked.proofs, machine, now)
    write_files(folder.root, files)
    return signed


def _are_same(one: Machine, other: Machine) -> bool:
    """Whether both parts are: the one that two persons sign, and the desk's."""
    return (one.to_toml(), one.desk_toml()) == (other.to_toml(), other.desk_toml())


def _precinct_at_work(
    folder: StationFolder, public: PublicIdentity, trusted: Sequence[PublicIdentity]
) -> str:
    """The precinct of the loaded list, if the commission has signed one for this station."""
    issuers = [one for one in trusted if one.kind is IdentityKind.ISSUER]
    try:
        manifest = loaded_list(folder, issuers).manifest
    except KnownError:
        return ""
    return manifest.precinct if manifest.recipient(public.fingerprint()) is not None else ""


def refuse_other_station(folder: StationFolder, plan: Plan, name: str, kind: StationKind) -> None:
    """Raises `KnownError` `station_other` unless the plan is that station's."""
    machine = plan.machine
    if (machine.station, machine.kind) != (name, kind):
        raise KnownError(
            Code.STATION_OTHER,
            f"{folder.root} is station {name} ({kind}), the plan is for {machine.station} "
            f"({machine.kind}). Choose the right plan, or another folder.",
        )


def refuse_new_pins(trusted: Sequence[PublicIdentity], pins: Sequence[PublicIdentity]) -> None:
    """Raises `KnownError` `pins_differ` where a plan's `pins` are not all `trusted`."""
    new = [one for one in pins if one not in trusted]
    if new:
        raise KnownError(
            Code.PINS_DIFFER,
            f"The plan trusts {new[0].file_name}, which this station was not set up with. "
            "If the commission has a new key, set the station up anew in another folder.",
        )


def _fill(
    folder: StationFolder,
    machine: Machine,
    pins: Sequence[PublicIdentity],
    people: Sequence[Enrolment],
    cost: Cost,
) -> tuple[PublicIdentity, SignedText]:
    secrets = StationSecrets.generate()
    public, signer = secrets.identity.public(machine.station), secrets.identity.signer()
    public.write(folder.public_identity)
    pin(folder, pins, public, signer)
    signed = first_settings(folder, replace(machine, trusted=trusted_of(pins)), signer)
    write_desk_settings(folder, machine)
    secrets = secrets.marked(secrets.marks.with_settings(signed.sha256, signed.revision))
    operator = next(one for one in people if one.person.role is Role.OPERATOR)
    chair = next(one for one in people if one.person.role is Role.CHAIR)
    others = [one for one in people if one not in (operator, chair)]
    People.create(folder, machine.station, secrets, operator, chair, cost, others)
    return public, signed


def _write_down(
    folder: StationFolder,
    public: PublicIdentity,
    signed: SignedText,
    pins: Sequence[PublicIdentity],
    people: Sequence[Enrolment],
    now: datetime,
) -> None:
    """For the journal, once two persons can sign it: who was trusted from the beginning."""
    facts: dict[str, str | int] = {
        "app": __version__,
        "people": len(people),
        "pins": " ".join(one.fingerprint().hex() for one in pins),
        "settings": signed.sha256,
        "station": public.name,
        "station_fingerprint": public.fingerprint().hex(),
        "typed": sum(not one.from_file for one in people),
    }
    add_pending(folder.pending_events, "station_provisioned", facts, now)


def _throw_away(draft: StationFolder) -> None:
    """What is left of a station that was not finished; it has never had a journal."""
    if draft.journal.exists() or draft.root.is_symlink():
        raise KnownError(
            Code.FOLDER_NOT_EMPTY, f"{draft.root} is in the way. Move it away, then try again."
        )
    if draft.root.exists():
        shutil.rmtree(draft.root)
