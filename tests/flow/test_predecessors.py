"""What a journal says of the stations that were taken over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from station_app.domain.entries import Carried, Entry, JournalOpened, TakenOver
from station_app.domain.entry_codes import TakeoverSource
from station_app.flow.day_reading import read_predecessors
from station_app.journal import Journal
from station_app.journal.leaves import write_leaf
from station_app.journal.tree import Frontier
from station_app.vault import Secret, Signer

NOON = datetime(2026, 10, 4, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("missing", "blind", "needs"), [(0, 0, False), (0, 1, True), (3, 0, True), (0, None, False)]
)
def test_what_was_seen_of_the_stations_before(
    tmp_path: Path, missing: int, blind: int | None, needs: bool
) -> None:
    """9042-3 goes on for 9042-2, which had gone on for 9042-1 without a mirror."""

    def leaf_of(entry: Entry, minute: int) -> bytes:
        return write_leaf(entry, NOON + timedelta(minutes=minute))

    def opened(station: str, key: str) -> JournalOpened:
        return JournalOpened(f"station-app/demo/{station}", "ab" * 32, 3, "demo", "p", key, "1")

    def taken(origin: str, key: str, size: int, root: str, **more: Any) -> TakenOver:
        source = TakeoverSource.MIRROR if size else TakeoverSource.NOTHING
        values = {"missing": 0, "chair": "c1", "member": "m1", "pack_sha256": "", "note": ""}
        return TakenOver(
            origin=f"station-app/demo/{origin}", public_key=key, size=size, root=root,
            source=source, **values | more,
        )  # fmt: skip

    first = taken("9042-1", "", 0, "")
    leaves = [leaf_of(opened("9042-2", "22" * 32), 0), leaf_of(first, 1)]
    frontier = Frontier().with_leaf(leaves[0]).with_leaf(leaves[1])
    added = {} if blind is None else {"known_size": 2, "known_at": "", "blind": blind}
    own = taken("9042-2", "22" * 32, 2, frontier.root().hex(), missing=missing, **added)
    signer = Signer(Secret(b"s" * 32))
    key = signer.public_key.hex()
    journal = Journal.create(
        tmp_path / "journal.db", Secret(b"k" * 32), signer, opened("9042-3", key), lambda: NOON
    )
    journal.append_all([own, *(Carried(n, leaf.decode()) for n, leaf in enumerate(leaves, 1))])
    second, original = read_predecessors(journal.look)
    journal.close()
    assert (second.station, second.entries, second.needs_paper_list) == ("9042-2", 2, needs)
    assert second.seen_until == NOON + timedelta(minutes=1)
    assert (original.station, original.entries, original.seen_until) == ("9042-1", 0, None)
    assert original.needs_paper_list, "an entry of an older version says it by its size"
