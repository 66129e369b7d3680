"""A list of any size out of the demo list's fingers."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from station_app.biometrics.engines import packed
from station_app.biometrics.face.embedders import INVENTED_ENGINE, LENGTH, unit
from station_app.biometrics.fingerprint.chunk_content import chunk_arrays
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.domain.gallery import FACE_POSITION, EnrolledTemplate
from station_app.domain.voters import Voter
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, ListKind, VoterList, write_list
from station_app.synthetic.register import invent_register
from station_app.training.lists import shipped_demo_list

_CODE = 64
_QUALITY = 60  # nothing compares it


def write_big_list(
    path: Path,
    voters: int,
    portrait_bytes: int = 0,
    *,
    shuffled: bool = True,
    kind: ListKind = ListKind.DEMO,
    faces: bool = False,
) -> int:
    """Write a list of `voters` voters; returns the number of its fingers.

    The first voters are the demo list's own. After them its fingers come again in turn
    with the values of every code in another order: as long, but alike to nobody. Portraits,
    where wanted, are random bytes: as long, but pictures of nobody. Not `shuffled`, the
    fingers come again as they are, and the list passes a station's trial. With `faces` everybody
    has one: random embeddings, as many numbers as real ones.
    """
    with closing(VoterList.open(shipped_demo_list(), PUBLIC_DEMO_LIST_KEY)) as demo:
        own = [demo.voter(row) for row in range(demo.voters)]
        enrolled = list(_fingers(demo))
        header = replace(demo.header, kind=kind, engines=(ENGINE,))
    fingers = []
    for row in range(voters):
        turn, source = divmod(row, len(own))
        own_turn = turn if shuffled else 0
        fingers += [(row, _in_turn(one, own_turn)) for at, one in enrolled if at == source]
    embedded = list(_faces(voters)) if faces else []
    if faces:
        header = replace(header, engines=(ENGINE, INVENTED_ENGINE.name))
    write_list(
        path,
        PUBLIC_DEMO_LIST_KEY,
        header,
        voters=_with_portraits([*own, *_more(own, voters)][:voters], portrait_bytes),
        templates=[*fingers, *embedded],
        chunks=packed([*fingers, *embedded]),
    )
    return len(fingers)


def _with_portraits(voters: list[Voter], size: int) -> Iterator[Voter]:
    chance = np.random.default_rng(12)
    for voter in voters:
        yield replace(voter, portrait=chance.bytes(size)) if size else voter


def _fingers(demo: VoterList) -> Iterator[tuple[int, EnrolledTemplate]]:
    for arrays in map(chunk_arrays, demo.chunks(ENGINE)):
        codes = np.split(arrays.codes, np.cumsum(arrays.counts, dtype=np.intp))
        for row, position, code in zip(arrays.rows, arrays.positions, codes, strict=False):
            key = int(row), int(position)
            (content,) = demo.templates(ENGINE, [key])
            yield key[0], EnrolledTemplate(ENGINE, key[1], _QUALITY, content, code.tobytes())


def _faces(voters: int) -> Iterator[tuple[int, EnrolledTemplate]]:
    values = np.random.default_rng(9).normal(size=(voters, LENGTH)).astype(np.float32)
    for row, one in enumerate(values):
        content = unit(one).tobytes()
        yield row, EnrolledTemplate(INVENTED_ENGINE.name, FACE_POSITION, _QUALITY, content, content)


def _in_turn(finger: EnrolledTemplate, turn: int) -> EnrolledTemplate:
    if turn == 0:
        return finger
    order = np.random.default_rng(turn).permutation(_CODE)
    codes = np.frombuffer(finger.encoding, np.int8).reshape(-1, _CODE)[:, order]
    return replace(finger, encoding=codes.tobytes())


def _more(own: list[Voter], voters: int) -> Iterator[Voter]:
    """Invented voters beyond the demo list's, none of whom has an id or PIN of theirs."""
    ids, pins = {one.voter_id for one in own}, {one.pin for one in own}
    number = len(own)
    for entry in invent_register(voters, 2027):
        voter = entry.voter
        if voter.voter_id in ids or voter.pin in pins:
            continue
        number += 1
        yield Voter(
            voter.voter_id, number, voter.pin, voter.surname, voter.given_names, voter.sex,
            voter.born, voter.address, voter.page, voter.line,
        )  # fmt: skip
