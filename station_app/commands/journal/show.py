"""`station-app journal show` and `head`: entries as they stand there, and the signed head."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

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
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.journal.checkpoints import verifier_key


def show(
    file: File,
    first: Annotated[int, typer.Option("--from", min=1, help="The first entry.")] = 1,
    last: Annotated[int | None, typer.Option("--to", min=1, help="The last entry.")] = None,
    kind: Annotated[str, typer.Option(help="Only entries of this kind.")] = "",
    session: Annotated[int | None, typer.Option(help="Only entries of this session.")] = None,
    key_file: KeyFile = None,
    identity: Identity = None,
    operator: OperatorId = "",
    member: MemberId = "",
    passphrase_dir: PassphraseDir = None,
    as_json: Json = False,
) -> None:
    """Print entries, one a line; with --json as objects with number and entry.

    A journal's file is shown as it is, damaged or not: `verify` says whether to believe it.
    An entry carried from another station's journal is found by what it carries, too. A
    session's entries are those that name it, and what was said of its outcome later.
    """
    source = Source(file, key_file, operator, member, passphrase_dir, identity)
    with answering(as_json):
        for number, entry in _wanted(_numbered(source, last), kind, session):
            if number >= first:
                typer.echo(_json(number, entry) if as_json else _line(number, entry))


def _numbered(source: Source, last: int | None) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, leaf in enumerate(source.leaves(), start=1):
        if last is not None and number > last:
            return
        yield number, _read(leaf, number)


def _read(leaf: bytes | str, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(leaf)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict):
        raise KnownError(
            Code.JOURNAL_DAMAGED,
            f"Entry {number} is not an entry. Type `station-app journal verify` to see what is "
            "damaged, and keep the journal as it is.",
        )
    return entry


def _wanted(
    entries: Iterator[tuple[int, dict[str, Any]]], kind: str, session: int | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    of_session: set[int] = set()
    for number, entry in entries:
        happened = _carried(entry, number)
        if kind and kind not in (entry.get("kind"), happened.get("kind")):
            continue
        if session is not None:
            names_it = happened.get("session") == session
            if not names_it and entry.get("entry") not in of_session:
                continue
            of_session.add(number)
        yield number, entry


def _carried(entry: dict[str, Any], number: int) -> dict[str, Any]:
    """What an entry says has happened: itself, or what it carries from another journal."""
    while entry.get("kind") == "carried" and isinstance(entry.get("leaf"), str):
        entry = _read(entry["leaf"], number)
    return entry


def _json(number: int, entry: dict[str, Any]) -> str:
    return json.dumps({"number": number, "entry": entry}, ensure_ascii=False)


def _line(number: int, entry: dict[str, Any]) -> str:
    facts = [
        f"{name}={_value(value)}" for name, value in entry.items() if name not in ("at", "kind")
    ]
    line = "  ".join([f"{number:>6}", str(entry.get("at")), str(entry.get("kind")), *facts])
    return terminal_text(line)


def _value(value: Any) -> str:
    """Plain where it is plain; anything with a space or an unseen character in quotes."""
    if isinstance(value, str) and value.isprintable() and value and " " not in value:
        return value
    return "-" if value is None else json.dumps(value, ensure_ascii=False)


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
