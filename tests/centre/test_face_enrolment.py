"""Portraits become face templates, or a flaw that is said."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from station_app.biometrics.engines import ENGINES, engine_names
from station_app.biometrics.face.embedders import INVENTED_ENGINE
from station_app.centre.enrolment import EnrolledVoter, enrol_voters
from station_app.centre.finger_sources import PortraitOf, VoterFiles
from station_app.domain.gallery import FACE_POSITION, OF_INVENTED
from station_app.domain.samples import FaceShots
from tests.centre.drawn_portraits import FLAWED, drawn, saved, tilted

OF_REAL_PEOPLE = [
    one.name for one in ENGINES if one.takes is FaceShots and not one.name.endswith(OF_INVENTED)
]


def enrolled(portrait: Path | PortraitOf, *, invented: bool = False) -> EnrolledVoter:
    (voter,) = enrol_voters([VoterFiles(0, (), portrait)], 500, invented)
    return voter


def test_a_portrait_is_stored_and_makes_a_template(tmp_path: Path) -> None:
    path = saved(drawn(), tmp_path / "a.jpg")
    voter = enrolled(path)
    assert [one.engine for one in voter.faces] == OF_REAL_PEOPLE
    assert {one.position for one in voter.faces} == {FACE_POSITION}
    assert min(one.quality for one in voter.faces) > 50
    assert (voter.portrait, voter.face_flaw) == (path.read_bytes(), None)


@pytest.mark.parametrize("flaw", FLAWED)
def test_a_portrait_that_shows_too_little_stays_a_photo(tmp_path: Path, flaw: str) -> None:
    voter = enrolled(saved(FLAWED[flaw](), tmp_path / "a.png"))
    assert (voter.faces, voter.face_flaw) == ((), (flaw, "a.png"))
    assert voter.portrait, "people compare it"
    assert voter.portrait_left_out is None


def test_a_crooked_photo_is_said_and_compared_all_the_same(tmp_path: Path) -> None:
    voter = enrolled(saved(tilted(), tmp_path / "a.jpg"))
    assert len(voter.faces) == len(OF_REAL_PEOPLE)
    assert voter.face_flaw == ("tilted", "a.jpg")


def test_a_face_is_taken_from_the_file_and_not_from_what_is_stored(tmp_path: Path) -> None:
    """In 3000 pixels a face of 130 is enough; in the 400 that are stored it is not."""
    far = Image.new("RGB", (3000, 3000), (215, 215, 215))
    far.paste(drawn().resize((900, 1125)), (1050, 900))
    path = saved(far, tmp_path / "far.jpg")
    voter = enrolled(path)
    small = np.asarray(Image.open(io.BytesIO(voter.portrait)))
    assert max(small.shape) == 400
    assert len(voter.faces) == len(OF_REAL_PEOPLE)
    again = saved(Image.fromarray(small), tmp_path / "small.png")
    assert enrolled(again).face_flaw == ("too_small", "small.png")


def test_a_photo_that_lies_on_its_side_is_set_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    path = tmp_path / "a.jpg"
    drawn().transpose(Image.Transpose.ROTATE_90).save(path, quality=95, exif=turned)
    assert len(enrolled(path).faces) == len(OF_REAL_PEOPLE)


def test_invented_people_have_an_engine_of_their_own() -> None:
    def read() -> bytes:
        packed = io.BytesIO()
        drawn().save(packed, "JPEG", quality=85)
        return packed.getvalue()

    voter = enrolled(PortraitOf(read), invented=True)
    assert [one.engine for one in voter.faces] == [INVENTED_ENGINE.name]
    assert INVENTED_ENGINE.name in engine_names()
    assert voter.portrait == read()
