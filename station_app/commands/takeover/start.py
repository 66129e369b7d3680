"""`station-app takeover start`: the spare goes on for the station that has died."""

import json
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from station_app import settings
from station_app.commands.passphrases import chosen, in_folder, known
from station_app.commands.snapshot.answers import answering
from station_app.commands.snapshot.load import STEPS
from station_app.commands.snapshot.progress import watched
from station_app.commands.two_persons import MemberId, OperatorId, opened_by_two
from station_app.domain.roles import Person, Role
from station_app.flow.takeover_evidence import Evidence, read_seen, weigh
from station_app.flow.takeover_people import add_person, people_change, remove_strangers
from station_app.journal.short_heads import ShortHead
from station_app.snapshots import Progress
from station_app.snapshots.takeover_file import OpenedPack, open_pack
from station_app.snapshots.takeover_pack import TakeoverPack
from station_app.vault import (
    IdentityKind,
    People,
    Proof,
    PublicIdentity,
    StationFolder,
    Unlocked,
    refuse_changed_pins,
)

if TYPE_CHECKING:
    from station_app.flow.takeover import TakenOverStation


def start(
    pack: Annotated[Path, typer.Argument(help="The takeover pack, *.takeover.")],
    *,
    mirror: Annotated[
        Path | None,
        typer.Option(help="The medium of the station that has died: its folder or its file."),
    ] = None,
    head: Annotated[
        list[str] | None,
        typer.Option(
            metavar='"1204 9f3a 71c4"',
            help="A head as its slips print it; may be given again. The newest says the most.",
        ),
    ] = None,
    accept_missing: Annotated[
        bool,
        typer.Option(
            "--accept-missing",
            help="Go on though entries are known to be missing. The chair and a member answer "
            "for it.",
        ),
    ] = False,
    station: Annotated[
        Path | None, typer.Option(help="The spare's folder; without it the user's own.")
    ] = None,
    operator: OperatorId = "",
    member: MemberId = "",
    chair: Annotated[str, typer.Option(help="Which chair agrees, by id.")] = "",
    second: Annotated[
        str, typer.Option(help="Which member agrees beside the chair; needed where several are.")
    ] = "",
    passphrase_dir: Annotated[
        Path | None,
        typer.Option(
            help="Folder with a file <id>.passphrase of mode 0600 for everybody; without it each "
            "types their own."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take over: load the pack's list, and carry on the journal that the mirror holds.

    Two persons unlock the spare; whom the pack names and the spare does not know yet chooses a
    passphrase; the chair and a member agree. Nobody else can unlock it afterwards. Ends with 0
    when the spare goes on, with 1 and the reason when it does not; the journal of the other
    station is never changed.
    """
    # The matching core comes with it: the list is tried before it is used.
    from station_app.flow.takeover import refuse_unfit  # noqa: PLC0415

    folder = StationFolder(station or settings.station_home("live"))
    typed = tuple(map(_typed_head, head or ()))
    since = time.monotonic()
    with answering(as_json, taken_over=False):
        refuse_changed_pins(folder, PublicIdentity.load(folder.public_identity))
        trusted = PublicIdentity.load_all(folder.trusted, IdentityKind.ISSUER)
        found = open_pack(pack, trusted)
        refuse_unfit(folder, found)
        people_change(People.load(folder).persons, found.pack.people)
        with opened_by_two(folder, operator, member, passphrase_dir) as (people, unlocked):
            refuse_changed_pins(folder, unlocked.identity.public(unlocked.station))
            evidence = _evidence(found.pack, unlocked, mirror, typed)
            if not accept_missing:
                evidence.refuse_missing()
            _tell_evidence(found.pack, evidence)
            proofs = _proofs(folder, people, unlocked, found.pack, chair, second, passphrase_dir)
            done = _taken_over(folder, unlocked, proofs, trusted, found, evidence)
    seconds = round(time.monotonic() - since, 2)
    if as_json:
        typer.echo(json.dumps(_facts(found.pack, done, seconds), ensure_ascii=False))
    else:
        typer.echo(_text(found.pack, done))


def _typed_head(text: str) -> ShortHead:
    try:
        return ShortHead.parse(text)
    except ValueError as fault:
        raise typer.BadParameter(f"{text!r}: {fault}.") from fault


def _evidence(
    pack: TakeoverPack, unlocked: Unlocked, mirror: Path | None, typed: tuple[ShortHead, ...]
) -> Evidence:
    keys = pack.mirror_keys(unlocked.identity.age)
    seen = None if mirror is None else read_seen(mirror, pack, keys)
    return weigh(pack, seen, typed)


def _tell_evidence(pack: TakeoverPack, evidence: Evidence) -> None:
    """What the chair and the member agree to, before they type."""
    typer.echo(_at_hand(pack.original.station, evidence), err=True)


def _at_hand(original: str, evidence: Evidence) -> str:
    lines = [f"{evidence.size} entries of {original} are at hand."]
    if evidence.last_at is not None:
        # Local time, which people compare with when they last saw the station at work.
        lines.append(f"The last one is of {evidence.last_at.astimezone():%Y-%m-%d %H:%M:%S}.")
    if evidence.missing:
        lines.append(f"At least {evidence.missing} are missing.")
    elif evidence.is_damaged:
        lines.append("The mirror is damaged: more may be missing.")
    else:
        lines.append("Whether there were later ones, nobody can see from here.")
    return " ".join(lines)


def _proofs(
    folder: StationFolder,
    people: People,
    unlocked: Unlocked,
    pack: TakeoverPack,
    chair: str,
    second: str,
    passphrases: Path | None,
) -> tuple[Proof, ...]:
    """Everybody the pack names can unlock, nobody else can; the chair and a member agree."""
    now = datetime.now(UTC)
    change = people_change(unlocked.persons, pack.people)
    for one in change.to_add:
        prompt = f"{one.name} ({one.role}), choose your passphrase, at least 12 characters"
        words = (one.id, one.name, people.station)
        passphrase = chosen(prompt, in_folder(passphrases, one.id), *words)
        from_file = passphrases is not None
        add_person(folder, people, unlocked, one, passphrase, now, from_file=from_file)
    first = _one(pack.people, Role.CHAIR, chair, "--chair")
    others = [one for one in pack.people if one.role.kind is Role.MEMBER and one != first]
    proofs = list(unlocked.proofs)
    for one in (first, _one(others, Role.MEMBER, second, "--second")):
        if all(proof.person != one for proof in proofs):
            typed = known(f"{one.name} ({one.role}), you agree with your passphrase",
                          in_folder(passphrases, one.id))  # fmt: skip
            proofs.append(people.prove(unlocked, one.id, typed))
    remove_strangers(folder, people, unlocked, proofs, change.to_remove, now)
    return tuple(proofs)


def _one(people: Iterable[Person], kind: Role, id_: str, option: str) -> Person:
    """The person of a kind who is named, or the only one there is."""
    persons = [one for one in people if kind in (one.role, one.role.kind)]
    found = [one for one in persons if one.id == id_ or not id_]
    if len(found) == 1:
        return found[0]
    ids = ", ".join(one.id for one in persons)
    raise typer.BadParameter(f"Say which {kind} agrees, with {option}: {ids}.")


def _taken_over(
    folder: StationFolder,
    unlocked: Unlocked,
    proofs: tuple[Proof, ...],
    trusted: tuple[PublicIdentity, ...],
    found: OpenedPack,
    evidence: Evidence,
) -> "TakenOverStation":
    from station_app.biometrics.fingerprint.engine import ENGINE  # noqa: PLC0415
    from station_app.flow.takeover import take_over  # noqa: PLC0415

    with watched(STEPS) as tell:

        def show(at: Progress) -> None:
            tell(at.step, at.done, at.of)

        return take_over(
            folder, unlocked, proofs, trusted, found, evidence, (ENGINE,), _now, show
        )  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC)


def _facts(pack: TakeoverPack, done: "TakenOverStation", seconds: float) -> dict[str, Any]:
    last_at = done.evidence.last_at
    return {
        "taken_over": True,
        "original": pack.original.station,
        "precinct": pack.original.precinct,
        "list": done.manifest.sequence,
        "voters": done.voters,
        "carried": done.evidence.size,
        "last_at": last_at and last_at.isoformat(),
        "missing": done.evidence.missing,
        "damaged": done.evidence.is_damaged,
        "seconds": seconds,
    }


def _text(pack: TakeoverPack, done: "TakenOverStation") -> str:
    original, evidence = pack.original.station, done.evidence
    lines = [
        f"{pack.spare} goes on for {original}, precinct {pack.original.precinct}: list "
        f"{done.manifest.sequence}, {done.voters} voters.",
        _at_hand(original, evidence),
    ]
    if evidence.size:
        lines.append("Whoever was identified in them is refused here as identified already.")
    if evidence.missing or evidence.is_damaged or not evidence.size:
        what = "last entries" if evidence.size else "entries"
        lines.append(
            f"This station can not see {original}'s {what}. Before each identification the "
            "commission looks at the paper list: who has signed there was identified already."
        )
    else:
        lines.append(
            f"If {original} worked after that entry, the commission looks at the paper list before "
            "each identification: who has signed there was identified already."
        )
    if evidence.mirror is not None:
        lines.append(
            f"Put {original}'s medium into an envelope for the commission, and an empty one in "
            "for this station's own mirror."
        )
    lines.append(f"Do not use {original} again, even if it starts: hand it to the commission.")
    lines.append("Next: station-app readiness.")
    return "\n".join(lines)
