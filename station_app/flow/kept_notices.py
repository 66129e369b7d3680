"""Notices that a fault kept out of the journal: they wait for the next unlocking (ADR 0032).

After a fault nothing is written into a journal until a person has mended it. A station that is
closed before keeps what nobody waited for among its waiting events (ADR 0011): the next unlocking
imports them, each with the time that it had.
"""

import logging
from typing import assert_never

from station_app.domain.entries import (
    DeviceLost,
    DeviceReturned,
    MirrorLost,
    MirrorReturned,
    NoticeKept,
    SlipFailed,
)
from station_app.domain.errors import KnownError
from station_app.flow.recorder import Notice, Recorder
from station_app.snapshots import add_pending
from station_app.vault import StationFolder

_log = logging.getLogger(__name__)


def keep_notices(folder: StationFolder, recorder: Recorder) -> None:
    """Put down what a closed recorder could not write; lost where the folder takes nothing either,
    which the program's log says.
    """
    try:
        for at, notice in recorder.late:
            what, number = _told(notice)
            facts: dict[str, str | int] = {"notice": notice.kind, "what": what, "number": number}
            add_pending(folder.pending_events, NoticeKept.kind, facts, at, may_be_left_out=True)
    except KnownError as fault:
        _log.warning("notices_lost", extra={"code": fault.code})


def _told(notice: Notice) -> tuple[str, int]:
    """The device or the code, and the number that goes with it; 0 for none."""
    match notice:
        case MirrorLost(code=code):
            return code, 0
        case MirrorReturned(behind=behind):
            return "", behind
        case DeviceLost() | DeviceReturned():
            return notice.device, notice.session or 0
        case SlipFailed(entry=entry, code=code):
            return code, entry
        case _:
            assert_never(notice)
