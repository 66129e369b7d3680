"""`station-app takeover start`: the spare goes on for the station that has died."""

import json
import re
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from station_app.commands.answers import AsJson, answering, watched
from station_app.commands.options import StationOption, station_folder
from station_app.commands.passphrases import chosen, in_folder
from station_app.commands.snapshot.load import STEPS
from station_app.commands.two_persons import (
    ChairId,
    MemberId,
    OperatorId,
    PassphraseFolder,
    SecondId,
    agreed_by,
    leaders,
    opened_by_two,
)
from station_app.flow.takeover import add_person, people_difference, remove_strangers
from station_app.flow.takeover_evidence import TakeoverEvidence, read_seen, weigh_evidence
from station_app.journal.checkpoints import ShortHead
from station_app.snapshots import LoadProgress
from station_app.snapshots.takeover_pack import OpenedPack, TakeoverPack, open_pack
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

_CLOCK: Final = re.compile(r"[0-9]{2}:[0-9]{2}")


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
            metavar='"1204 9f3a 71c4 10:42"',
            help="A head as its slips print it, with the slip's time where there is one; may be "
            "given again. The newest says the most.",
        ),
    ] = None,
    accept_missing: Annotated[
        bool,
        typer.Option(
            "--accept-missing",
            help="Go on though entries are missing, or none was found. The chair and a member "
            "accept it with their passphrases; without this you are asked.",
        ),
    ] = False,
    station: StationOption = None,
    operator: OperatorId = "",
    member: MemberId = "",
    chair: ChairId = "",
    second: SecondId = "",
    passphrase_dir: PassphraseFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take over: load the pack's list, and carry on the journal that the mirror holds.

    Two persons unlock the spare; whom the pack names and the spare does not know yet chooses a
    passphrase; the chair and a member agree. Nobody else can unlock it afterwards. Ends with 0
    when the spare goes on, with 1 and the reason when it does not; the journal of the other
    station is never changed.
    """
    # The matching core comes with it: the list is tried before it is used.
    from station_app.flow.takeover import refuse_unfit

    typed = tuple(_typed_head(text, datetime.now().astimezone()) for text in head or ())
    since = time.monotonic()
    with answering(as_json, taken_over=False):
        folder = station_folder(station)
        refuse_changed_pins(folder, PublicIdentity.load(folder.public_identity))
        trusted = PublicIdentity.load_all(folder.trusted, IdentityKind.ISSUER)
        found = open_pack(pack, trusted)
        refuse_unfit(folder, found)
        people_difference(People.load(folder).persons, found.pack.people)
        with opened_by_two(folder, operator, member, passphrase_dir) as (people, unlocked):
            evidence = _evidence(found.pack, unlocked, mirror, typed)
            original = found.pack.original.station
            # What the chair and the member agree to, before they type.
            typer.echo(_said(original, evidence), err=True)
            may_ask = passphrase_dir is None and not as_json
            accepts = _accepts(original, evidence, is_accepted=accept_missing, may_ask=may_ask)
            agreeing = _Agreeing(chair, second, passphrase_dir, accepts=accepts)
            proofs = _proofs(folder, people, unlocked, found.pack, agreeing)
            done = _taken_over(folder, unlocked, proofs, found, evidence, accepts)
    seconds = round(time.monotonic() - since, 2)
    if as_json:
        typer.echo(json.dumps(_facts(found.pack, done, seconds), ensure_ascii=False))
    else:
        typer.echo(_text(found.pack, done))


_Typed = tuple[ShortHead, datetime | None]


@dataclass(frozen=True, slots=True)
class _Agreeing:
    """Who agrees, by id (empty: the only one there is), and whether they accept gaps."""

    chair: str
    second: str
    passphrases: Path | None
    accepts: bool


def _typed_head(text: str, now: datetime) -> _Typed:
    """The head, and when it was printed: the last time that the clock said so."""
    head, _, clock = text.strip().rpartition(" ")
    if not _CLOCK.fullmatch(clock):
        head, clock = text, ""
    try:
        at = time_of_day.fromisoformat(clock) if clock else None
        found = ShortHead.parse(head)
    except ValueError as fault:
        raise typer.BadParameter(f"{text!r}: {fault}.") from fault
    if at is None:
        return found, None
    today = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return found, today if today <= now else today - timedelta(days=1)


def _evidence(
    pack: TakeoverPack, unlocked: Unlocked, mirror: Path | None, typed: tuple[_Typed, ...]
) -> TakeoverEvidence:
    keys = pack.mirror_keys(unlocked.identity.age)
    seen = None if mirror is None else read_seen(mirror, pack, keys)
    times = {head.size: at for head, at in typed if at is not None}
    return weigh_evidence(pack, seen, [head for head, _ in typed], times)


def _accepts(
    original: str, evidence: TakeoverEvidence, *, is_accepted: bool, may_ask: bool
) -> bool:
    """Whether gaps are accepted; False where there are none. Raises as `refuse_gaps` does."""
    if is_accepted or not (evidence.missing or evidence.is_blind):
        return is_accepted
    if may_ask and _can_ask():
        is_accepted = typer.confirm(
            "Go on all the same? It cannot be taken back, and the paper list is then checked "
            "before each slip until closing. The chair and a member type their passphrases for "
            "it.",
            err=True,
        )
    if not is_accepted:
        evidence.refuse_gaps(original)
    return True


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _said(original: str, evidence: TakeoverEvidence) -> str:
    """What was found of the other station's journal, and what is unknown."""
    known = f"{evidence.known_size} entries{_moment(evidence.known_at, ' at ')}"
    if not evidence.size:
        first = (
            f"No entry of {original} was found: whoever was identified there would be identified "
            "here again."
        )
        if not evidence.known_size:
            return f"{first} How many it had is unknown."
        return f"{first} It had at least {known}; what it did after that is unknown."
    lines = [f"{evidence.size} entries of {original} were found{_moment(evidence.last_at)}."]
    if evidence.missing:
        lines.append(f"It had at least {known}: {evidence.missing} are missing.")
        lines.append("What it did after that is unknown.")
    elif evidence.is_damaged:
        lines.append("The mirror is damaged: there may have been more.")
    else:
        lines.append("There may have been later ones.")
    return " ".join(lines)


def _moment(at: datetime | None, before: str = ", the last one of ") -> str:
    """Local time, which people compare with when they last saw the station at work."""
    return "" if at is None else f"{before}{at.astimezone():%Y-%m-%d %H:%M:%S}"


def _proofs(
    folder: StationFolder,
    people: People,
    unlocked: Unlocked,
    pack: TakeoverPack,
    agreeing: _Agreeing,
) -> tuple[Proof, ...]:
    """Everybody the pack names can unlock, nobody else can; the chair and a member agree.

    Who accepts that entries are missing says so with a passphrase of its own, even after
    unlocking.
    """
    now, passphrases = datetime.now(UTC), agreeing.passphrases
    both = leaders(pack.people, agreeing.chair, agreeing.second)
    change = people_difference(unlocked.persons, pack.people)
    for one in change.to_add:
        prompt = f"{one.name} ({one.role}), choose your passphrase, at least 12 characters"
        words = (one.id, one.name, people.station)
        passphrase = chosen(prompt, in_folder(passphrases, one.id), *words)
        from_file = passphrases is not None
        add_person(folder, people, unlocked, one, passphrase, now, from_file=from_file)
    what = "you accept that entries are missing" if agreeing.accepts else "you agree"
    proofs = agreed_by(both, people, unlocked, passphrases, what, anew=agreeing.accepts)
    remove_strangers(folder, people, unlocked, proofs, change.to_remove, now)
    return proofs


def _taken_over(
    folder: StationFolder,
    unlocked: Unlocked,
    proofs: tuple[Proof, ...],
    found: OpenedPack,
    evidence: TakeoverEvidence,
    accepts: bool,
) -> "TakenOverStation":
    from station_app.biometrics.engines import engine_names
    from station_app.flow.takeover import take_over

    with watched(STEPS) as tell:

        def show(at: LoadProgress) -> None:
            tell(at.step, at.done, at.of)

        return take_over(
            folder, unlocked, proofs, found, evidence, engine_names(), _now,
            accept_missing=accepts, tell=show,
        )  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC)


def _facts(pack: TakeoverPack, done: "TakenOverStation", seconds: float) -> dict[str, Any]:
    last_at, known_at = done.evidence.last_at, done.evidence.known_at
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
        "known_size": done.evidence.known_size,
        "known_at": known_at and known_at.isoformat(),
        "blind": done.evidence.is_blind,
        "seconds": seconds,
    }


def _text(pack: TakeoverPack, done: "TakenOverStation") -> str:
    original, evidence = pack.original.station, done.evidence
    lines = [
        f"{pack.spare} goes on for {original}, precinct {pack.original.precinct}: list "
        f"{done.manifest.sequence}, {done.voters} voters.",
        _said(original, evidence),
    ]
    if evidence.size:
        lines.append("Whoever was identified in them is refused here as identified already.")
    signed = "who has signed there was identified already."
    if evidence.missing or evidence.is_blind:
        what = "last entries" if evidence.size else "entries"
        lines.append(
            f"This station cannot see {original}'s {what}, and says so at its desk and on its "
            "papers until closing. Before each slip the commission checks the signature on the "
            f"paper list: {signed}"
        )
    else:
        lines.append(
            f"If {original} worked after that entry, the commission checks the signature on the "
            f"paper list before each slip: {signed}"
        )
    if evidence.mirror is not None:
        lines.append(
            f"Put {original}'s medium into an envelope for the commission, and an empty one in "
            "for this station's own mirror."
        )
    lines.append(f"Do not use {original} again, even if it starts: hand it to the commission.")
    lines.append("Next: station-app readiness.")
    return "\n".join(lines)
