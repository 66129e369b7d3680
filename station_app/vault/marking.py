"""Writing a station's marks (`marks`), which only an unlocked station can."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.vault.attempts import Clock, boot_seconds
from station_app.vault.disk import replace_file
from station_app.vault.proofs import Proof, require
from station_app.vault.station_folder import StationFolder
from station_app.vault.station_secrets import FILE as SECRETS_FILE
from station_app.vault.station_secrets import Marks, SettingsChange, StationSecrets
from station_app.vault.unlocked import Unlocked


def write_marks(
    folder: StationFolder, unlocked: Unlocked, change: Callable[[Marks], Marks]
) -> None:
    """Change the marks in the file and in `unlocked`; nothing is written if they stay the same.

    Raises `KnownError`: `station_locked`, `secrets_missing`, `secrets_damaged`, `secrets_older`
    (an old copy was put back while the station was unlocked), and as `write_fault` says.
    """
    key, path = unlocked.station_key(), folder.sealed_secrets
    try:
        secrets = StationSecrets.open(SECRETS_FILE.read(path), key, unlocked.station)
    except ValueError:
        raise SECRETS_FILE.damaged(path) from None
    if secrets.marks.revision < unlocked.marks.revision:
        raise KnownError(
            Code.SECRETS_OLDER,
            f"{path} is an older copy than the one that this station was unlocked with. Keep "
            "the folder as it is, and call the commission.",
        )
    marks = change(secrets.marks)
    if marks != secrets.marks:
        secrets = secrets.marked(replace(marks, revision=secrets.marks.revision + 1))
        replace_file(path, secrets.seal(key, unlocked.station))
    unlocked.remember(secrets)


def mark_journal(folder: StationFolder, unlocked: Unlocked, journal: str) -> None:
    """Mark that the station works with this journal, named by the hex root of its first entry.

    To be called with the journal that was opened, before anything is written about a person:
    from then on, deleting files does not make the station look new. Raises `KnownError` as
    `refuse_other_journal` and `write_marks` do.
    """
    refuse_other_journal(unlocked, journal)
    write_marks(folder, unlocked, lambda marks: replace(marks, journal=journal))


def mark_opened(folder: StationFolder, unlocked: Unlocked, checked_list: str) -> None:
    """Mark as genuine the file of people, and the file of the list (its `mark`).

    A change of people that was cut off before its mark is finished. Raises `KnownError` as
    `write_marks` does.
    """
    found = unlocked.record.revision
    write_marks(
        folder,
        unlocked,
        lambda marks: replace(
            marks,
            people_revision=max(found, marks.people_revision),
            checked_list=checked_list,
        ),
    )


def refuse_other_journal(unlocked: Unlocked, journal: str) -> None:
    """Raises `KnownError` `journal_not_ours` for a journal that this station does not work with.

    Where none is marked (a new station, one of the first version, one whose journal was ended)
    any journal is accepted but the ended one.
    """
    marks = unlocked.marks
    if journal != marks.journal if marks.has_journal else journal == marks.ended:
        raise KnownError(
            Code.JOURNAL_NOT_OURS,
            "The journal in the station's folder is not the one that this station has worked "
            "with. Put the right journal and its .head file back, or call the commission.",
        )


def mark_ended(
    folder: StationFolder,
    unlocked: Unlocked,
    proofs: Iterable[Proof],
    clock: Clock = boot_seconds,
) -> None:
    """Mark that the present journal has ended: the next one may begin, and it never comes back.

    To be called once the journal has been put aside. `proofs` are the chair's and a member's,
    those of `Operation.RENEW`. Nothing changes where no journal is marked. Raises `KnownError` as
    `require` and `write_marks` do.
    """
    require(proofs, Operation.RENEW, clock)

    def ended(marks: Marks) -> Marks:
        return replace(marks, journal="", ended=marks.journal) if marks.has_journal else marks

    write_marks(folder, unlocked, ended)


def mark_settings(
    folder: StationFolder, unlocked: Unlocked, revision: int, change: SettingsChange
) -> None:
    """Mark the settings that two persons have signed; the journal records it later.

    Raises `KnownError` as `write_marks` does.
    """

    def signed(marks: Marks) -> Marks:
        marks = marks.with_settings(change.new, revision)
        return replace(marks, untold=(*marks.untold, change))

    write_marks(folder, unlocked, signed)


def mark_told(folder: StationFolder, unlocked: Unlocked, told: Iterable[SettingsChange]) -> None:
    """Mark that the journal records these changes. Raises `KnownError` as `write_marks` does."""
    gone = tuple(told)
    write_marks(folder, unlocked, lambda marks: marks.without(gone))
