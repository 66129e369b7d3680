"""The event the journal gets for a change of a station's people."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from station_app.domain.roles import Person
from station_app.snapshots import add_pending
from station_app.vault import Proof, StationFolder

PersonEvent = Literal["person_added", "person_removed", "passphrase_replaced"]


def note_person(
    folder: StationFolder,
    event: PersonEvent,
    person: Person,
    by: Iterable[Proof],
    now: datetime,
    *,
    from_file: bool = False,
) -> None:
    """Note who was changed and who agreed, until the next unlocking signs it.

    `from_file` says that a new passphrase was not typed. Raises `KnownError` as `add_pending`.
    """
    facts: dict[str, str | int] = {
        "by": " ".join(one.person_id for one in by),
        "person": person.id,
        "role": person.role.value,
    }
    if event != "person_removed":
        facts["typed"] = int(not from_file)
    add_pending(folder.pending_events, event, facts, now)
