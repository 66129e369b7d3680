"""A small list of invented voters, with bytes in the place of templates."""

import array
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from station_app.domain.election import Ballot, ElectionDay
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.policy import PROVISIONAL
from station_app.domain.voters import Voter
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, Kit, ListHeader, ListKind, write_list

ENGINE = "leader-mcc/1"
POSITIONS = (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)
HEADER = ListHeader(
    kind=ListKind.DEMO,
    election="Шайлоо 2026",
    precinct="9042",
    place="№ 5 мектеп",
    station="9042-1",
    seat="1",
    sequence=3,
    engines=(ENGINE,),
    created=datetime(2026, 9, 30, 12, 0, tzinfo=UTC),
    policy=PROVISIONAL,
    election_day=ElectionDay("KG-2026", date(2026, 11, 29)),
    ballots=(Ballot("president", "Президент"), Ballot("council", "Айылдык кеңеш")),
    kits=(Kit("9042-1", "ab" * 32, (1, 1200)), Kit("9042-2", "cd" * 32)),
)


def voter(row: int) -> Voter:
    return Voter(
        voter_id=f"V-{row:016X}",
        list_number=row + 1,
        pin=f"2010119909{row:04d}",
        surname=f"Үсөнова{row}",
        given_names="Айпери Жоомартовна",
        sex="f",
        born=date(1990, 1, 1 + row % 28),
        address="ул. Ынтымак, 5",
        page=row // 20 + 1,
        line=row % 20 + 1,
        portrait=b"\x89PNG" * row,
        ballots=("president",) if row % 3 == 1 else (),
        finger_exempt=row % 5 == 2,
    )


def finger(row: int, position: FingerPosition) -> EnrolledTemplate:
    return EnrolledTemplate(
        engine=ENGINE,
        position=position,
        quality=50 + (row + position) % 50,
        content=f"minutiae {row} {int(position)}".encode() * 9,
        encoding=bytes([row % 256]) * (64 * (20 + (row + position) % 29)),
    )


def fingers(voters: int) -> list[tuple[int, EnrolledTemplate]]:
    return [(row, finger(row, position)) for row in range(voters) for position in POSITIONS]


def packed(pairs: Iterable[tuple[int, EnrolledTemplate]]) -> Iterator[GalleryChunk]:
    """Chunks of up to 256 templates, as an engine's packing makes them."""
    waiting = list(pairs)
    for start in range(0, len(waiting), 256):
        part = waiting[start : start + 256]
        rows = array.array("i", [row for row, _ in part])
        assert rows.itemsize == 4
        assert sys.byteorder == "little"
        yield GalleryChunk(
            engine=part[0][1].engine,
            rows=rows.tobytes(),
            content=b"".join(one.encoding for _, one in part),
        )


def write_sample(path: Path, voters: int = 200) -> Path:
    pairs = fingers(voters)
    write_list(
        path,
        PUBLIC_DEMO_LIST_KEY,
        HEADER,
        voters=map(voter, range(voters)),
        templates=pairs,
        chunks=packed(pairs),
    )
    return path
