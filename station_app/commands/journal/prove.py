"""`station-app journal prove`: proofs of one entry or of one head, made and checked."""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from station_app.commands.answers import answering
from station_app.commands.journal.sources import (
    Identity,
    Json,
    KeyFile,
    PassphraseDir,
    Source,
    signing_key_of,
)
from station_app.commands.journal.verify import HeadOption, parse_head
from station_app.commands.two_persons import MemberId, OperatorId
from station_app.domain.day_report import Head
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.journal.checkpoints import ShortHead
from station_app.journal.proof_files import (
    ConsistencyProof,
    InclusionProof,
    prove_entry,
    prove_since,
    read_proof,
)
from station_app.vault import READABLE, replace_file
from station_app.vault.untrusted_files import SmallFile

_FILE: Final = SmallFile("proof", "proof", "Get it again from whoever made it.", limit=256 * 1024)


def prove(
    file: Annotated[
        Path | None, typer.Argument(help="The journal, or a log: a folder or a tar.")
    ] = None,
    entry: Annotated[int | None, typer.Argument(help="The entry to prove, from 1.")] = None,
    since: Annotated[
        int | None, typer.Option(help="Prove that entries 1 to this one have not changed.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="Check the proof in this file; needs no journal.")
    ] = None,
    head: HeadOption = "",
    to: Annotated[Path | None, typer.Option(help="Where to; without it printed.")] = None,
    key_file: KeyFile = None,
    identity: Identity = None,
    operator: OperatorId = "",
    member: MemberId = "",
    passphrase_dir: PassphraseDir = None,
    as_json: Json = False,
) -> None:
    """Prove that an entry is in the journal, or that the journal continues an older head.

    `prove FILE ENTRY` writes a proof of one entry, `prove FILE --since SIZE` one of
    everything up to an entry, `prove --check PROOF` checks either: against --identity, or
    the key that the proof itself names; the older head also against --head from a slip.
    Ends with 0, or with 1 when a proof fails or cannot be made.
    """
    wanted = parse_head(head)
    if check is not None and file is None and since is None:
        _check(check, wanted, identity, as_json)
        return
    if file is None or check is not None or (entry is None) is (since is None):
        raise typer.BadParameter("Name a journal with an entry or with --since; or --check alone.")
    if wanted:
        raise typer.BadParameter("--head goes with --check; or see `verify --head`.")
    source = Source(file, key_file, operator, member, passphrase_dir, identity)
    with answering(as_json):
        data = _made(source, entry, since).to_bytes()
        if to is not None:
            replace_file(to, data, READABLE)
    if to is None:
        typer.echo(data.decode(), nl=False)
    elif as_json:
        typer.echo(json.dumps({"proof": str(to)}))
    else:
        typer.echo(f"The proof is in {to}. Check it with: station-app journal prove --check {to}")


def _made(
    source: Source, entry: int | None, since: int | None
) -> InclusionProof | ConsistencyProof:
    log = source.signed_log()
    try:
        if entry is not None:
            return prove_entry(log, entry)
        assert since is not None, "the caller has looked"
        return prove_since(log, since)
    except ValueError as fault:
        raise KnownError(
            Code.NOT_IN_JOURNAL,
            f"The journal has entries 1 to {log.size}: {fault}. Choose one of these.",
        ) from fault


def _check(path: Path, head: ShortHead | None, identity: Path | None, as_json: bool) -> None:
    with answering(as_json, proven=False):
        key = None if identity is None else signing_key_of(identity)
        proof = _read(path)
        try:
            covering = proof.check(key)
            _hold_against(proof, head)
        except ValueError as fault:
            raise KnownError(
                Code.PROOF_FAILS,
                f"{path} proves nothing: {fault}. Ask whoever gave it for the journal itself.",
            ) from fault
    short = Head(covering.size, covering.root, proof.note).short
    facts: dict[str, Any] = {"proven": True, "origin": covering.origin, "head": short}
    if isinstance(proof, InclusionProof):
        facts |= {"entry": proof.entry, "leaf": json.loads(proof.leaf)}
        said = f"Entry {proof.entry} of {covering.origin}, head {short}:\n{proof.leaf.decode()}"
    else:
        facts |= {"since": proof.since, "since_root": proof.since_root.hex()}
        old = Head(proof.since, proof.since_root, "").short
        said = f"{covering.origin}, head {short}, continues its head {old}: nothing has changed."
    facts |= {"public_key": (key or proof.public_key).hex(), "key_is_given": key is not None}
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else terminal_text(said))
    if key is None and not as_json:
        typer.echo(f"Signed by the key that the proof itself names: {proof.public_key.hex()}.")


def _read(path: Path) -> InclusionProof | ConsistencyProof:
    data = _FILE.read(path)
    try:
        return read_proof(data)
    except ValueError as fault:
        raise _FILE.damaged(path) from fault


def _hold_against(proof: InclusionProof | ConsistencyProof, head: ShortHead | None) -> None:
    if head is None:
        return
    if isinstance(proof, InclusionProof):
        raise ValueError("it is of an entry, and a head needs a proof made with --since")  # noqa: TRY004
    if not head.is_of(proof.since, proof.since_root):
        raise ValueError(f"it is not about the head {head}")
