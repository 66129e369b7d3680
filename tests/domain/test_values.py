"""Values that refuse what they cannot be."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from station_app.domain import session_outcomes as ends
from station_app.domain.election import Ballot, titles_due
from station_app.domain.entries import DifferenceExplained, Outcome
from station_app.domain.entry_codes import Count, OutcomeKind
from station_app.domain.errors import SCREEN_CODES, DeviceFaultError, KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import Finger, FingerImage
from station_app.domain.session_states import Session
from station_app.domain.slips import SlipImage
from tests.domain.session_samples import voter

IDENTIFIED = ends.identified(Session(1, Finger(FingerPosition.RIGHT_INDEX)), voter(4), PROVISIONAL)


@pytest.mark.parametrize("sizes", [(0, 4, 500), (4, 0, 500), (4, 4, 0), (-4, -4, 500)])
def test_an_image_has_a_size(sizes: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="image of"):
        FingerImage(b"\0" * 16, *sizes)


@pytest.mark.parametrize("count", [0, 15, 17])
def test_an_image_has_a_byte_a_pixel(count: int) -> None:
    with pytest.raises(ValueError, match="do not make a 4x4 image"):
        FingerImage(bytes(count), 4, 4, 500)


@pytest.mark.parametrize("reason", ["Токтоналиева Айжаркын", "UPPER", "a" * 65, "line\n"])
def test_a_reason_is_a_code(reason: str) -> None:
    with pytest.raises(ValueError, match="a code, not a text"):
        replace(IDENTIFIED, reason=reason)


def voterless(kind: OutcomeKind) -> Outcome:
    return replace(IDENTIFIED, outcome=kind, voter_id=None, list_number=None)


@pytest.mark.parametrize("kind", OutcomeKind)
def test_a_voter_is_named_by_identified_and_stop_only(kind: OutcomeKind) -> None:
    names = kind in (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
    first = 3 if kind is OutcomeKind.ALREADY_IDENTIFIED else None
    if names:
        assert replace(IDENTIFIED, outcome=kind, first_entry=first).voter_id == "V-4"
        with pytest.raises(ValueError, match="voter and list number"):
            voterless(kind)
    else:
        assert voterless(kind).list_number is None
        with pytest.raises(ValueError, match="voter and list number"):
            replace(IDENTIFIED, outcome=kind)


def test_a_voter_is_named_whole() -> None:
    with pytest.raises(ValueError, match="voter and list number"):
        replace(IDENTIFIED, voter_id=None)
    with pytest.raises(ValueError, match="voter and list number"):
        replace(IDENTIFIED, list_number=None)


def test_only_stop_has_a_first_entry() -> None:
    with pytest.raises(ValueError, match="the first entry"):
        replace(IDENTIFIED, first_entry=3)
    with pytest.raises(ValueError, match="the first entry"):
        replace(IDENTIFIED, outcome=OutcomeKind.ALREADY_IDENTIFIED)


def test_five_fingers_a_hand() -> None:
    assert [finger.name for finger in FingerPosition if finger.is_left] == [
        "LEFT_THUMB", "LEFT_INDEX", "LEFT_MIDDLE", "LEFT_RING", "LEFT_LITTLE"
    ]  # fmt: skip


def test_values_cannot_be_changed() -> None:
    values = (
        EnrolledTemplate("e/1", FingerPosition.RIGHT_INDEX, 80, b"", bytes(64)),
        GalleryChunk("engine/1", b"", b""),
        IDENTIFIED,
        PROVISIONAL,
    )
    for value in values:
        with pytest.raises(FrozenInstanceError):
            setattr(value, fields(value)[0].name, None)


def test_a_known_fault_says_its_sentence() -> None:
    fault = DeviceFaultError("device_fault", "The scanner does not answer; plug it in again.")
    assert isinstance(fault, KnownError)
    assert fault.code in SCREEN_CODES
    assert str(fault) == fault.message


def test_each_screen_code_is_there_once() -> None:
    assert len(set(SCREEN_CODES)) == len(SCREEN_CODES)


@pytest.mark.parametrize(
    ("counted", "reason", "message"),
    [
        (10, "Nothing differs", "no difference"),
        (11, "no", "3 to 300"),
        (11, "x" * 301, "3 to 300"),
        (11, " a blank before it", "3 to 300"),
        (11, "two\nlines", "3 to 300"),
    ],
)
def test_a_difference_is_explained_in_a_line(counted: int, reason: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DifferenceExplained(Count.BALLOTS, 10, counted, reason)


@pytest.mark.parametrize(("pixels", "width", "height"), [(b"", 0, 0), (b"\0", 9, 1), (b"\0", 8, 2)])
def test_a_slips_dots_fit_its_size(pixels: bytes, width: int, height: int) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        SlipImage(pixels, width, height)


BALLOTS = (Ballot("president", "President"), Ballot("council", "Council"), Ballot("mayor", "Mayor"))


@pytest.mark.parametrize(
    ("due", "ballots", "told"),
    [
        ((), BALLOTS, ("President", "Council", "Mayor")),
        (("mayor", "president"), BALLOTS, ("President", "Mayor")),
        (("council",), BALLOTS, ("Council",)),
        ((), BALLOTS[:1], ()),
        (("president",), BALLOTS[:1], ()),
        ((), (), ()),
    ],
)
def test_ballots_are_told_where_the_day_has_several(
    due: tuple[str, ...], ballots: tuple[Ballot, ...], told: tuple[str, ...]
) -> None:
    assert titles_due(due, ballots) == told
