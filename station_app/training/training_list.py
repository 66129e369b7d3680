"""A list for training, made of another one of invented people, whose fingers are enrolled there."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

from station_app.biometrics.engines import packed
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.biometrics.fingerprint.meetings import only_rows
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.voters import Voter
from station_app.snapshots import ListHeader, ListKind, VoterList, write_list
from station_app.synthetic.precinct import PRECINCT_NUMBER
from station_app.vault import Secret

_QUALITY: Final = 80
"""Recorded for every finger: the list does not give the real value."""


def write_training_list(
    path: Path,
    key: Secret,
    source: VoterList,
    voters: Sequence[Voter],
    rows: Sequence[int],
    sequence: int,
    created: datetime,
    place: str,
) -> None:
    """Write the list at `path`, of the voters of these rows of `source`, who keep their order.

    `voters` are all of `source`, as the new list knows them; portraits and templates are taken from
    `source`. Raises `KnownError` as `VoterList` and `write_list` do.
    """
    header = ListHeader(
        kind=ListKind.TRAINING,
        election=source.header.election,
        precinct=PRECINCT_NUMBER,
        place=place,
        station=f"{PRECINCT_NUMBER}-1",
        seat="1",
        sequence=sequence,
        engines=source.header.engines,
        created=created,
        policy=source.header.policy,
        election_day=source.header.election_day,
    )
    places = {row: at for at, row in enumerate(rows)}
    write_list(
        path,
        key,
        header,
        voters=(replace(voters[row], portrait=source.voter(row).portrait) for row in rows),
        templates=_templates(source, places),
        chunks=chain(_chunks(source, places), packed(_faces(source, places))),
    )


def _templates(
    source: VoterList, places: Mapping[int, int]
) -> Iterator[tuple[int, EnrolledTemplate]]:
    for one in source.enrolled(ENGINE):
        if one.row in places:
            position = FingerPosition(one.position)
            stored = EnrolledTemplate(ENGINE, position, _QUALITY, one.content, b"")
            yield places[one.row], stored
    yield from _faces(source, places)


def _faces(source: VoterList, places: Mapping[int, int]) -> list[tuple[int, EnrolledTemplate]]:
    """An engine for faces has in memory what the list stores."""
    return [
        (
            places[one.row],
            EnrolledTemplate(engine, one.position, _QUALITY, one.content, one.content),
        )
        for engine in source.header.engines
        if engine != ENGINE
        for one in source.enrolled(engine)
        if one.row in places
    ]


def _chunks(source: VoterList, places: Mapping[int, int]) -> Iterator[GalleryChunk]:
    for chunk in only_rows(source.chunks(ENGINE), places):
        layout = f"<{len(chunk)}i"
        rows = (places[row] for row in struct.unpack(layout, chunk.rows))
        yield replace(chunk, rows=struct.pack(layout, *rows))
