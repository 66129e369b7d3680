"""Portraits of invented people: the same each time, of whom and in the view that was asked for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.synthetic import head_mesh
from station_app.synthetic.faces import HairStyle, InventedFace, head_shape, looks
from station_app.synthetic.head_mesh import SKIN
from station_app.synthetic.portraits import ENROLMENT, WEBCAM, any_view, portrait, portrait_jpeg
from station_app.synthetic.precinct import invent_precinct

WOMAN, MAN = InventedFace(7, "f", 31), InventedFace(8, "m", 64)


def test_the_same_person_and_view_give_the_same_pixels() -> None:
    first = portrait(WOMAN)
    assert (first.shape, first.dtype) == ((375, 300, 3), np.uint8)
    portrait(MAN)
    assert np.array_equal(portrait(WOMAN), first)
    assert not np.array_equal(portrait(WOMAN, any_view(3)), first)
    assert not np.array_equal(portrait(InventedFace(9, "f", 31)), first)


def test_a_photo_for_a_list_is_small() -> None:
    photo = portrait_jpeg(MAN)
    assert photo[:2] == b"\xff\xd8"
    assert 5_000 < len(photo) < 32 * 1024


def test_heads_turn_to_the_side_that_is_asked_for() -> None:
    """The skin's middle moves to the right of the picture for a turn to the person's left."""

    def middle(yaw: float) -> float:
        picture = portrait(MAN, replace(WEBCAM, yaw=yaw)).astype(int)
        is_skin = picture[60:300, :, 0] - picture[60:300, :, 2] > 40
        return float(np.nonzero(is_skin)[1].mean())

    assert middle(-25) < middle(0) - 5
    assert middle(25) > middle(0) + 5


@pytest.mark.parametrize("age", [17, 101])
def test_only_grown_people_are_drawn(age: int) -> None:
    with pytest.raises(ValueError, match="age"):
        InventedFace(1, "f", age)


def test_heads_are_heads() -> None:
    """Every shape stays near the neutral mesh: nobody is drawn as a monster."""
    mesh = head_mesh.head_mesh()
    face = (mesh.material == SKIN) & (mesh.positions[:, 1] > 6.2)
    for seed in range(40):
        shape = head_shape(InventedFace(seed, "fm"[seed % 2], 18 + 2 * seed))
        assert np.abs(shape - mesh.positions)[face].max() < 1.0
        assert not np.array_equal(shape, mesh.positions)


def test_looks_follow_sex_and_age() -> None:
    old = [looks(InventedFace(seed, "f", 75)) for seed in range(60)]
    young = [looks(InventedFace(seed, "f", 22)) for seed in range(60)]
    men = [looks(InventedFace(seed, "m", 75)) for seed in range(60)]
    assert np.mean([one.grey for one in young]) < 0.05 < np.mean([one.grey for one in men])
    assert max(one.wrinkles for one in young) < 0.3 < min(one.wrinkles for one in old)
    assert all(one.stubble == 0 and one.moustache == 0 for one in old + young)
    assert not any(one.style is HairStyle.SCARF for one in men)
    assert any(one.style is HairStyle.SCARF for one in old)
    assert any(one.glasses for one in men)


def test_a_face_is_its_voters() -> None:
    precinct = invent_precinct(12, 5, (FingerPosition.RIGHT_INDEX,))
    faces = [precinct.face(row) for row in range(12)]
    assert [one.sex for one in faces] == [voter.sex for voter in precinct.voters]
    assert all(
        abs(one.age - (2026 - voter.born.year)) <= 1
        for one, voter in zip(faces, precinct.voters, strict=True)
    )
    assert len({one.seed for one in faces}) == 12
    assert precinct.stranger_face(0).sex == precinct.stranger_voter(0).sex
    assert ENROLMENT.yaw == 0


def test_a_damaged_mesh_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "head-mesh.npz"
    damaged.write_bytes(head_mesh.ASSET.read_bytes()[:-1] + b"?")
    for path in (damaged, tmp_path / "none.npz"):
        monkeypatch.setattr(head_mesh, "ASSET", path)
        with pytest.raises(KnownError) as caught:
            head_mesh.head_mesh.__wrapped__()
        assert caught.value.code == "model_damaged"
