"""`station-app journal head`: the signed head, as a note and as on slips."""

import json

import typer

from station_app.commands.answers import answering
from station_app.commands.journal.sources import (
    File,
    Identity,
    Json,
    KeyFile,
    PassphraseDir,
    Source,
)
from station_app.commands.two_persons import MemberId, OperatorId
from station_app.domain.day_report import Head
from station_app.domain.shown_text import terminal_text
from station_app.journal.checkpoints import verifier_key


def head(
    file: File,
    key_file: KeyFile = None,
    identity: Identity = None,
    operator: OperatorId = "",
    member: MemberId = "",
    passphrase_dir: PassphraseDir = None,
    as_json: Json = False,
) -> None:
    """Print the newest signed head: short as on slips, the note, and the key for other tools.

    The head is computed from the entries and held against its signature first. Ends with 0,
    or with 1 when they do not agree.
    """
    source = Source(file, key_file, operator, member, passphrase_dir, identity)
    with answering(as_json):
        log = source.signed_log()
    found = Head(log.size, log.root, log.note)
    verifier = verifier_key(log.origin, log.public_key)
    if as_json:
        facts = {
            "origin": log.origin,
            "size": log.size,
            "root": log.root.hex(),
            "short": found.short,
            "note": log.note,
            "public_key": log.public_key.hex(),
            "verifier_key": verifier,
            "key_is_given": log.key_is_given,
        }
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    text = f"{found.short}\n\n{log.note}\nVerifier key for other tools: {verifier}"
    typer.echo(terminal_text(text))
    if not log.key_is_given:
        typer.echo("It is the key that the journal itself names.")
