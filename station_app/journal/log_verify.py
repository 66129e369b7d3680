"""`verify_log`: the whole check of a journal that has left its station as a log."""

from collections.abc import Iterable, Mapping

from station_app.domain.errors import KnownError
from station_app.journal.leaves import read_leaf
from station_app.journal.log_reading import SignedLog, read_log
from station_app.journal.replay import Replay
from station_app.journal.verify import VerifyReport


def verify_log(files: Mapping[str, bytes], public_key: bytes | None) -> VerifyReport:
    """Check a tlog-tiles log, contents by name, and whether each entry may stand where it does.

    As `read_log`, then the rules of the entries. What is not sound is a report, not an error.
    `public_key` is the station's (32 bytes); without it the key that the first entry names is
    used.
    """
    try:
        log = read_log(files, public_key)
    except KnownError as damaged:
        return _report(None, Replay(), public_key, damaged.message)
    replay = Replay()
    try:
        _replay(log.leaves, log.origin, log.public_key, replay)
    except ValueError as fault:
        return _report(log, replay, public_key, f"The journal does not hold together: {fault}.")
    return _report(log, replay, public_key, "")


def _replay(leaves: Iterable[bytes], origin: str, key: bytes, replay: Replay) -> None:
    for leaf in leaves:
        entry, at = read_leaf(leaf)
        replay.check(entry)
        if replay.is_repeated(entry):
            raise ValueError("it identifies a voter who was identified before")
        replay.apply(entry, at)
        if replay.size == 1:
            _refuse_other(origin, key, replay)
    if replay.opened is None:
        raise ValueError("it has no entry")


def _refuse_other(origin: str, key: bytes, replay: Replay) -> None:
    opened = replay.opened
    if opened is None or (opened.origin, opened.public_key) != (origin, key.hex()):
        replay.size = 0
        raise ValueError("its first entry opens another journal")


def _report(
    log: SignedLog | None, replay: Replay, given_key: bytes | None, reason: str
) -> VerifyReport:
    key = log.public_key if log else given_key
    return VerifyReport(
        sound=not reason,
        entries=replay.size,
        first_bad=replay.size + 1 if log and reason else None,
        reason=reason,
        origin=log.origin if log else "",
        root=log.root.hex() if log else "",
        public_key=key.hex() if key else "",
        key_is_given=given_key is not None,
        sessions=replay.last_session,
        identified=len(replay.acceptances),
    )
