"""Promise: a corrected list gives nobody who was identified a second chance (ADR 0023).

The attack: the day is open, and a newer list of the commission comes in which voters have other
ids, by mistake or on purpose. On a9a29b6 the list was taken, and the same person was identified
again under the new id. A new list is held against the one in use before it, by what both say of
the people who were identified: PIN, enrolled fingers, and whether they are on it at all.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from station_app.assembly.door import StationDoor
from station_app.biometrics.face.embedders import SFACE_ENGINE, unit
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.minutiae import unpack_minutiae
from station_app.domain.appends import AlreadyAccepted
from station_app.domain.entries import (
    ActUndone,
    CommissionDecision,
    ListCompared,
    ListCounted,
    ListWithdrawn,
    SessionStarted,
    StruckOff,
    VoterMarked,
)
from station_app.domain.entry_codes import (
    Decision,
    DocumentSeen,
    ManualReason,
    StrikeReason,
    UndoneAct,
    UndoReason,
)
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import FACE_POSITION, EnrolledTemplate
from station_app.domain.voters import Voter
from station_app.flow.day_reading import read_record
from station_app.flow.day_report import is_all_compared
from station_app.flow.opening import UnlockedStation, open_unlocked
from station_app.snapshots import loaded_list
from tests.attacks.polling_day import (
    REOPENED,
    close_day,
    first_day,
    identify,
    opening,
    voter_id,
)
from tests.flow.loaded_station import (
    CHAIR,
    ISSUER,
    NOW,
    OPERATOR,
    Fingers,
    LoadedStation,
    enrolled,
    voter_in,
)


@pytest.fixture(scope="module")
def fingers() -> Fingers:
    return enrolled(FingerEngine(), 6)


@pytest.fixture
def station(tmp_path: Path, fingers: Fingers) -> LoadedStation:
    """Two of six voters have been identified: entries 5 and 7."""
    made = LoadedStation(tmp_path, fingers, member=True)
    first_day(made, 0, 1)
    return made


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(KnownError) as caught:
        action()
    return caught.value.code


def other_id(row: int) -> Voter:
    """Everybody has another id; PINs and fingers are the same."""
    return replace(voter_in(row), voter_id=f"W-{row:016X}")


def stranger_in_row_1(row: int) -> Voter:
    """The voter of row 1 has another id and another PIN; the finger is theirs."""
    if row != 1:
        return voter_in(row)
    return replace(voter_in(row), voter_id="W-1", pin="99999999999999")


def other_pin(voter_id: str, pin: str = "99999999999999") -> Callable[[int], Voter]:
    """The voter of row 1 has this id and PIN; everybody else is who they were."""
    return lambda row: (
        replace(voter_in(row), voter_id=voter_id, pin=pin) if row == 1 else voter_in(row)
    )


def compared(station: LoadedStation) -> ListCompared:
    (entry,) = [one for one in station.entries() if isinstance(one, ListCompared)]
    return entry


def agree(station: LoadedStation) -> int:
    with station.unlocked() as unlocked:
        agreed = station.leaders(unlocked)
        with closing(open_unlocked(station.folder, unlocked, lambda: NOW, agreed=agreed)) as opened:
            return opened.voters.voters


def test_the_same_pin_under_another_id_takes_the_list_away(station: LoadedStation) -> None:
    station.load(2, person=other_id)
    assert code_of(station.open) == "list_ids_changed"
    assert loaded_list(station.folder, (ISSUER,)).manifest.sequence == 1
    station.open()
    (withdrawn,) = [one for one in station.entries() if isinstance(one, ListWithdrawn)]
    assert (withdrawn.sequence, withdrawn.code) == (2, "list_ids_changed")
    with station.journal() as journal:
        assert isinstance(identify(journal, voter_id(1)), AlreadyAccepted)


def test_an_honest_correction_is_taken(station: LoadedStation) -> None:
    station.load(2, person=lambda row: replace(voter_in(row), address="A corrected address"))
    assert station.open() == 6
    entry = compared(station)
    assert (entry.compared, entry.accepted, entry.marked, entry.missing) == (True, 2, 0, 0)
    assert (entry.chair, entry.member) == ("", "")
    assert station.verified().sound


def test_a_finger_under_another_id_is_left_to_the_commission(station: LoadedStation) -> None:
    station.load(2, person=stranger_in_row_1)
    assert code_of(station.open) == "list_lacks_accepted"
    assert agree(station) == 6
    entry = compared(station)
    assert (entry.marked, entry.missing, entry.chair, entry.member) == (1, 1, "c1", "m1")
    (marked,) = [one for one in station.entries() if isinstance(one, VoterMarked)]
    assert (marked.voter_id, marked.list_number) == ("W-1", 2)
    with station.journal() as journal:
        assert journal.look.marked().keys() == {"W-1"}
        assert marked.first_entry == journal.look.acceptances()[voter_id(1)]
        with pytest.raises(ValueError, match="the commission decides"):
            identify(journal, "W-1")
        journal.close_interrupted_sessions()
        session = journal.last_session() + 1
        journal.append(SessionStarted(session))
        journal.append(
            CommissionDecision(
                session, Decision.CONFIRMED, ManualReason.OTHER, DocumentSeen.ID_CARD, "o1", "m1"
            )
        )
    assert station.verified().sound


def test_a_stopped_comparison_admits_nobody(station: LoadedStation) -> None:
    """It writes nothing and decides nothing by ids alone: the next unlocking compares anew."""
    station.load(2, person=stranger_in_row_1)
    before = station.entries()

    def stops_at_once() -> datetime:
        door.stop_comparing()
        return NOW

    door = StationDoor(station.folder, stops_at_once, UnlockedStation.close)
    for _ in range(2):
        for person, words in (("o1", OPERATOR), ("c1", CHAIR)):
            door.enter(person, words)
        assert code_of(door.open) == "list_comparing_stopped"
        assert door.compared() is None
    assert station.entries() == before
    assert loaded_list(station.folder, (ISSUER,)).manifest.sequence == 2
    assert code_of(station.open) == "list_lacks_accepted"
    assert agree(station) == 6
    assert compared(station).compared


def test_a_window_that_closes_as_enter_is_pressed_waits_for_no_comparison(
    station: LoadedStation,
) -> None:
    station.load(2, person=stranger_in_row_1)
    door = StationDoor(station.folder, lambda: NOW, UnlockedStation.close)

    def enter() -> None:
        for person, words in (("o1", OPERATOR), ("c1", CHAIR)):
            door.enter(person, words)

    enter()
    door.stop_comparing()
    assert code_of(door.open) == "list_comparing_stopped"
    door.forget()
    enter()
    assert code_of(door.open) == "list_lacks_accepted", "compared to the end"


@pytest.mark.parametrize("pin", ["99999999999999", "88888888888888"])
def test_a_second_correction_does_not_forget_who_was_marked(
    station: LoadedStation, pin: str
) -> None:
    """By their finger, and by their PIN where the finger is gone too.

    Until the last review a voter who was identified, then marked under another id, was nobody any
    more in the third list.
    """
    station.load(2, person=other_pin("W-1"))
    agree(station)
    fingerless = 1 if pin == "99999999999999" else None
    station.load(3, person=other_pin("X-1", pin), fingerless=fingerless)
    station.open()
    with station.journal() as journal:
        assert journal.look.marked().keys() == {"W-1", "X-1"}
        assert set(journal.look.marked().values()) == {journal.look.acceptances()[voter_id(1)]}
        with pytest.raises(ValueError, match="the commission decides"):
            identify(journal, "X-1")
    station.open()
    assert station.verified().sound


def test_who_was_not_on_the_list_before_either_is_said(station: LoadedStation) -> None:
    """List 2 lacks them, list 3 has their finger under another id: nothing of them is left."""
    station.load(2, voters=1)
    agree(station)
    station.load(3, person=other_pin("W-1"))
    station.open()
    entry = [one for one in station.entries() if isinstance(one, ListCompared)][-1]
    assert (entry.compared, entry.unseen) == (True, 1)
    assert not is_all_compared(entry)


def test_a_finger_taken_anew_is_found_too(
    tmp_path: Path, station: LoadedStation, fingers: Fingers
) -> None:
    """Not the same bytes: a minutia less, as another image of the finger would give."""
    engine = FingerEngine()
    template = dict(fingers)[1]

    found = unpack_minutiae(template.content)
    surest = np.argsort(-found.confidences.astype(np.int32), kind="stable")[:-3]
    anew = engine.enrol_minutiae(found.picked(surest), FingerPosition(template.position), 70)
    station.fingers = [(row, anew if row == 1 else finger) for row, finger in fingers]
    station.load(2, person=stranger_in_row_1)
    assert agree(station) == 6
    assert [one.voter_id for one in station.entries() if isinstance(one, VoterMarked)] == ["W-1"]


def portraits(count: int, seed: int = 5) -> Fingers:
    """A face for each voter, no two alike."""
    values = np.random.default_rng(seed).normal(size=(count, 128)).astype(np.float32)
    return [(row, face_template(values[row])) for row in range(count)]


def face_template(values: NDArray[np.float32]) -> EnrolledTemplate:
    content = unit(values).astype("<f4").tobytes()
    return EnrolledTemplate(SFACE_ENGINE.name, FACE_POSITION, 80, content, content)


def another_portrait(faces: Fingers, row: int, of: int) -> Fingers:
    """The voter in `row` gets another picture of the voter in the row `of`."""
    face = np.frombuffer(faces[of][1].content, "<f4")
    noise = np.random.default_rng(8).normal(size=128).astype(np.float32)
    return [*faces[:row], (row, face_template(face + 0.5 * unit(noise))), *faces[row + 1 :]]


def test_a_face_under_another_id_is_left_to_the_commission(
    tmp_path: Path, fingers: Fingers
) -> None:
    """Who is exempt from fingers is on the new list under another id and PIN, with a new photo."""
    station = LoadedStation(tmp_path, fingers, member=True)
    faces = portraits(6)
    first_day(station, 0, 1, faces=faces)
    station.load(2, person=stranger_in_row_1, faces=another_portrait(faces, 1, 1), fingerless=1)
    assert code_of(station.open) == "list_lacks_accepted"
    assert agree(station) == 6
    assert compared(station).marked == 1
    (marked,) = [one for one in station.entries() if isinstance(one, VoterMarked)]
    assert marked.voter_id == "W-1"


def test_new_photos_of_others_mark_nobody(tmp_path: Path, fingers: Fingers) -> None:
    station = LoadedStation(tmp_path, fingers, member=True)
    first_day(station, 0, 1, faces=portraits(6))
    station.load(2, faces=portraits(6, seed=6))
    assert station.open() == 6
    assert (compared(station).compared, compared(station).marked) == (True, 0)


def test_a_list_with_faces_is_compared_with_one_without(station: LoadedStation) -> None:
    station.load(2, person=stranger_in_row_1, faces=portraits(6))
    assert agree(station) == 6
    assert compared(station).marked == 1, "by the finger"


def test_a_list_that_lacks_somebody_identified_needs_two_persons(station: LoadedStation) -> None:
    station.load(2, voters=1)
    assert code_of(station.open) == "list_lacks_accepted"
    assert agree(station) == 1
    entry = compared(station)
    assert (entry.missing, entry.chair, entry.member) == (1, "c1", "m1")
    with station.journal() as journal:
        assert isinstance(identify(journal, voter_id(1)), AlreadyAccepted)
        close_day(journal)
        assert journal.look.figures().identified == 2


def test_one_person_does_not_agree_for_two(station: LoadedStation) -> None:
    station.load(2, voters=1)
    with station.unlocked() as unlocked:
        alone = unlocked.proofs
        assert (
            code_of(lambda: open_unlocked(station.folder, unlocked, lambda: NOW, agreed=alone))
            == "not_allowed"
        )


@pytest.mark.parametrize("gone", ["file", "head"])
def test_an_old_list_that_is_not_there_is_said(station: LoadedStation, gone: str) -> None:
    station.load(2, person=lambda row: other_id(row) if row > 1 else voter_in(row))
    before = station.folder.lists / "before.head"
    if gone == "head":
        before.unlink()
    else:
        manifest = loaded_list(station.folder, (ISSUER,)).manifest
        for path in station.folder.lists.glob("*.vlist"):
            if path.stem != manifest.list_sha256:
                path.unlink()
    assert station.open() == 6
    entry = compared(station)
    assert (entry.compared, entry.accepted, entry.marked, entry.missing) == (False, 2, 0, 0)
    assert station.verified().sound


def test_it_is_compared_once_and_before_the_list_is_in_use(station: LoadedStation) -> None:
    station.load(2)
    station.open()
    kinds = station.kinds()
    new = ["list_proven", "list_compared", "list_counted"]
    assert kinds[kinds.index("list_proven") :] == new
    station.open()
    assert station.kinds() == kinds


def strike(station: LoadedStation, *rows: int) -> None:
    with station.journal() as journal:
        for row in rows:
            named = (voter_id(row), row + 1)
            journal.append(StruckOff(*named, StrikeReason.COURT, "c1", "m1"))


def left(station: LoadedStation) -> tuple[int, int, int, int]:
    """Listed, struck off, of them not listed, and left."""
    with station.journal() as journal:
        figures = journal.look.figures()
        return figures.listed, figures.struck_off, figures.struck_not_listed, figures.entitled


def counted(station: LoadedStation) -> list[ListCounted]:
    return [one for one in station.entries() if isinstance(one, ListCounted)]


def test_who_was_struck_off_is_taken_off_a_shorter_list_once(
    tmp_path: Path, fingers: Fingers
) -> None:
    """On the eve and on the open day; the next list may have them again."""
    station = LoadedStation(tmp_path, fingers, member=True)
    station.load(1)
    station.open()
    strike(station, 4, 5)
    fifth, sixth = station.kinds().index("struck_off") + 1, len(station.kinds())
    station.load(2, voters=5)
    station.open()
    assert counted(station) == [ListCounted(2, 5, f"{sixth}")]
    assert "list_compared" not in station.kinds(), "nobody was identified"
    with station.journal() as journal:
        journal.append(replace(opening(), list_sequence=2, listed=5))
    assert left(station) == (5, 2, 1, 4)
    station.load(3)
    station.open()
    assert left(station) == (6, 2, 0, 4)
    station.load(4, voters=4)
    station.open()
    assert left(station) == (4, 2, 2, 4)
    assert counted(station)[-1] == ListCounted(4, 4, f"{fifth} {sixth}")
    with station.journal() as journal:
        gone = (UndoneAct.STRUCK_OFF, voter_id(5), 6, UndoReason.OTHER, "c1", "m1")
        journal.append(ActUndone(sixth, *gone))
        close_day(journal)
    station.load(5, voters=3)
    station.open()
    assert left(station) == (4, 1, 1, 4), "the closed day has the list it was closed with"
    with station.journal() as journal:
        journal.append(REOPENED)
        assert read_record(journal).list_sequence == 5
    assert left(station) == (3, 1, 1, 3)
    entries = len(station.entries())
    station.open()
    assert len(station.entries()) == entries
    assert station.verified().sound


def test_a_voter_struck_off_keeps_their_number(tmp_path: Path, fingers: Fingers) -> None:
    """The same PIN under another id would admit whom the court has struck off."""
    station = LoadedStation(tmp_path, fingers, member=True)
    station.load(1)
    station.open()
    strike(station, 5)
    station.load(2, person=lambda row: other_id(row) if row == 5 else voter_in(row))
    assert code_of(station.open) == "list_ids_changed"
    assert loaded_list(station.folder, (ISSUER,)).manifest.sequence == 1
