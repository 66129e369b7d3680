"""`station-app journal verify`: is it sound, and does it hold the head on a slip?"""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from station_app.commands.answers import ExitCode, answering
from station_app.commands.journal.sources import (
    File,
    Identity,
    Json,
    KeyFile,
    PassphraseDir,
    Source,
)
from station_app.commands.two_persons import MemberId, OperatorId
from station_app.domain.shown_text import terminal_text
from station_app.journal import VerifyReport, verify_journal
from station_app.journal.checkpoints import HeadCheck, ShortHead
from station_app.journal.stored_log import stored_leaves
from station_app.journal.tlog_tiles import read_log
from station_app.journal.verify import verify_log

HeadOption = Annotated[
    str, typer.Option(help='A head from a slip or a paper, e.g. "1204 9f3a 71c4".')
]
_SAID = {
    HeadCheck.CONTAINED: "The journal holds the head {head}.",
    HeadCheck.SHORTER: "NOT THIS JOURNAL. It ends before the head {head}: it is an older copy. "
    "Keep it as it is and call the commission.",
    HeadCheck.OTHER: "NOT THIS JOURNAL. Its entries up to {size} are not those of the head {head}: "
    "it was rewritten, or the head is another station's. Keep it and call the commission.",
}


def verify(
    file: File,
    head: HeadOption = "",
    key_file: KeyFile = None,
    identity: Identity = None,
    operator: OperatorId = "",
    member: MemberId = "",
    passphrase_dir: PassphraseDir = None,
    as_json: Json = False,
) -> None:
    """Check every byte, entry, checkpoint and signature of a journal or of a log.

    A live station's journal, whose keys are sealed, is opened by an operator and a member,
    and held against the station's own key. Otherwise signatures are held against --identity,
    or signing.key beside the journal's key; where there is neither, against the key that the
    journal itself names. Ends with 0 when it is sound and holds the head that was given,
    with 1 and the reason when not, or when it cannot be examined.
    """
    wanted = parse_head(head)
    source = Source(file, key_file, operator, member, passphrase_dir, identity)
    with answering(as_json, sound=False):
        report, holding = _examined(source, wanted)
    facts: dict[str, Any] = asdict(report)
    lines = [_sentences(report)]
    if wanted and holding:
        facts["head"] = {"given": str(wanted), "holding": holding.value}
        lines.append(_SAID[holding].format(head=wanted, size=wanted.size))
    typer.echo(json.dumps(facts) if as_json else terminal_text("\n".join(lines)))
    if not report.sound or holding not in (None, HeadCheck.CONTAINED):
        raise typer.Exit(ExitCode.REFUSED)


def parse_head(text: str) -> ShortHead | None:
    """The head that was given, None for none. Raises `typer.BadParameter`."""
    try:
        return ShortHead.parse(text) if text else None
    except ValueError as fault:
        raise typer.BadParameter(f"{fault}.") from fault


def _examined(source: Source, head: ShortHead | None) -> tuple[VerifyReport, HeadCheck | None]:
    """The report, and what a sound journal says to the head."""
    if source.is_log:
        files, key = source.log_files(), source.given_key()
        report = verify_log(files, key)
        if head is None or not report.sound:
            return report, None
        return report, head.held_against(read_log(files, key).leaves)
    with source.keys() as keys:
        report = verify_journal(source.file, keys.journal_key, keys.public_key)
        if head is None or not report.sound:
            return report, None
        return report, head.held_against(stored_leaves(source.file, keys.journal_key))


def _sentences(report: VerifyReport) -> str:
    lines = [
        f"Journal {report.origin}: {report.entries} good entries, {report.sessions} sessions, "
        f"{report.identified} voters identified.",
        f"Tree root {report.root}.",
    ]
    if not report.key_is_given:
        lines.append("Signatures checked against the key that the journal itself names.")
    if report.sound:
        lines.append("The journal is sound.")
    else:
        where = "" if report.first_bad is None else f" First bad entry: {report.first_bad}."
        lines.append(f"NOT SOUND. {report.reason}{where}")
        lines.append("Keep the file as it is and call the commission's technician.")
    return "\n".join(lines)
