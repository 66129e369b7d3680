from dataclasses import replace

import numpy as np
import pytest

from station_app.biometrics.fingerprint import packed_codes
from station_app.biometrics.fingerprint.chunk_content import chunk_arrays
from station_app.biometrics.fingerprint.engine import ENGINE, pack
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate, GalleryChunk


def codes(rng: np.random.Generator, count: int) -> np.ndarray:
    """Random int8 codes of the length real ones have."""
    values = rng.normal(size=(count, STANDARD.code_size))
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    return np.rint(values * STANDARD.code_scale).clip(-127, 127).astype(np.int8)


def invented(rng: np.random.Generator, count: int) -> list[tuple[int, EnrolledTemplate]]:
    fingers = []
    for number in range(count):
        size = int(rng.integers(1, 49))
        fingers.append(
            (
                number // 2,
                EnrolledTemplate(
                    ENGINE,
                    FingerPosition(2 + 5 * (number % 2)),
                    50,
                    b"",
                    codes(rng, size).tobytes(),
                ),
            )
        )
    return fingers


def naive(probe: np.ndarray, finger: EnrolledTemplate, floor: float) -> float:
    """The score as BIOMETRICS.md writes it."""
    stored = np.frombuffer(finger.encoding, np.int8).reshape(-1, STANDARD.code_size)
    scale = STANDARD.code_scale**2
    total = 0.0
    for own in probe.astype(np.float64):
        best = max(float(own @ other) / scale for other in stored.astype(np.float64))
        total += max(0.0, best - floor) ** 2
    return total / np.sqrt(len(probe) * len(stored))


def gallery_of(
    fingers: list[tuple[int, EnrolledTemplate]], p: Parameters = STANDARD, chunk: int = 256
) -> Gallery:
    return Gallery(pack(fingers, chunk), ENGINE, p, kernel="numpy")


@pytest.mark.parametrize("block", [7, 64])
def test_scores_are_the_plain_formula(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(packed_codes, "BLOCK", block)
    rng = np.random.default_rng(3)
    low = replace(STANDARD, prefilter_floor=0.1)
    fingers = invented(rng, 60)
    gallery = gallery_of(fingers, low, chunk=13)
    for size in (1, 20, 48):
        probe = codes(rng, size)
        expected = np.array([naive(probe, finger, 0.1) for _, finger in fingers])
        assert expected.max() > 0.01
        np.testing.assert_allclose(gallery.scores(probe), expected, rtol=2e-4, atol=1e-6)


def test_best_are_the_highest_scores_where_the_list_is_small() -> None:
    rng = np.random.default_rng(14)
    gallery = gallery_of(invented(rng, 200), replace(STANDARD, prefilter_floor=0.1))
    probe = codes(rng, 48)
    scores = gallery.scores(probe)
    indices, found = gallery.best(probe, 30)
    assert indices.tolist() == np.argsort(-scores, kind="stable")[:30].tolist()
    np.testing.assert_array_equal(found, scores[indices])
    for count in (200, 999):
        assert sorted(gallery.best(probe, count)[0].tolist()) == list(range(200))


@pytest.mark.parametrize("probe_size", [1, 5, 48])
def test_two_stages_find_the_mate_and_give_its_exact_score(probe_size: int) -> None:
    rng = np.random.default_rng(15)
    fingers = invented(rng, 900)
    p = replace(STANDARD, shortlist_least=40)
    gallery = gallery_of(fingers, p)
    for place in (0, 450, 899):
        encoding = np.frombuffer(fingers[place][1].encoding, np.int8).reshape(-1, 64)
        noise = rng.integers(-12, 13, encoding.shape)
        probe = (encoding + noise).clip(-127, 127).astype(np.int8)[:probe_size]
        indices, scores = gallery.best(probe, 30)
        assert len(indices) == len(set(indices.tolist())) == 30
        assert indices[0] == place
        np.testing.assert_allclose(scores, gallery.scores(probe)[indices], rtol=1e-5)
        assert np.all(np.diff(scores) <= 0)


def test_own_code_scores_highest_in_list_order() -> None:
    rng = np.random.default_rng(4)
    fingers = invented(rng, 300)
    gallery = Gallery(pack(fingers), ENGINE)
    for place in (0, 17, 299):
        encoding = np.frombuffer(fingers[place][1].encoding, np.int8).reshape(-1, 64)
        assert int(gallery.scores(encoding).argmax()) == place
        assert gallery.rows[place] == place // 2
        assert gallery.positions[place] == fingers[place][1].position


def test_codes_come_back_by_index() -> None:
    fingers = invented(np.random.default_rng(16), 70)
    gallery = Gallery(pack(fingers, chunk=9), ENGINE)
    for index, found in zip((3, 69), gallery.codes_of(np.array([3, 69])), strict=True):
        assert found.tobytes() == fingers[index][1].encoding


def test_fingers_of_a_voter() -> None:
    gallery = Gallery(pack(invented(np.random.default_rng(5), 9)), ENGINE)
    assert gallery.fingers_of(1).tolist() == [2, 3]
    assert gallery.fingers_of(4).tolist() == [8]
    assert gallery.fingers_of(77).tolist() == []


def test_empty_gallery_and_empty_probe() -> None:
    assert len(Gallery([], ENGINE)) == 0
    assert Gallery([], ENGINE).scores(codes(np.random.default_rng(1), 5)).shape == (0,)
    gallery = Gallery(pack(invented(np.random.default_rng(6), 3)), ENGINE)
    nothing = np.zeros((0, 64), np.int8)
    assert gallery.scores(nothing).tolist() == [0, 0, 0]
    assert gallery.best(nothing, 2)[1].tolist() == [0, 0]
    assert Gallery([], ENGINE).best(codes(np.random.default_rng(1), 5), 2)[0].tolist() == []


def test_memory_a_finger_is_bounded() -> None:
    rng = np.random.default_rng(7)
    full = EnrolledTemplate(ENGINE, FingerPosition.RIGHT_INDEX, 50, b"", codes(rng, 48).tobytes())
    gallery = Gallery(pack((row, full) for row in range(500)), ENGINE)
    assert gallery.memory / len(gallery) <= 3200


def test_another_engine_is_refused() -> None:
    (chunk,) = pack(invented(np.random.default_rng(8), 3))
    with pytest.raises(KnownError) as caught:
        Gallery([replace(chunk, engine="other/9")], ENGINE)
    assert caught.value.code == "gallery_engine"


(PACKED,) = pack(invented(np.random.default_rng(9), 3))


@pytest.mark.parametrize(
    "damaged",
    [
        replace(PACKED, rows=PACKED.rows[:-1]),
        replace(PACKED, rows=PACKED.rows[:-4]),
        replace(PACKED, rows=b""),
        replace(PACKED, content=PACKED.content[:-1]),
        replace(PACKED, content=PACKED.content[:4]),
        replace(PACKED, content=b""),
        replace(PACKED, content=PACKED.content[:3] + b"\xff\xff\xff" + bytes(3 * 255 * 64)),
    ],
)
def test_arrays_that_disagree_are_refused(damaged: GalleryChunk) -> None:
    with pytest.raises(KnownError) as caught:
        Gallery([damaged], ENGINE)
    assert caught.value.code == "gallery_damaged"


def test_codes_are_not_copied_out_of_a_chunk() -> None:
    arrays = chunk_arrays(PACKED)
    content = np.frombuffer(PACKED.content, np.uint8)
    for array in (arrays.positions, arrays.counts, arrays.codes):
        assert np.shares_memory(array, content)


def test_packing_keeps_order_and_bytes() -> None:
    fingers = invented(np.random.default_rng(10), 5)
    chunks = list(pack(fingers, chunk=2))
    assert [len(chunk) for chunk in chunks] == [2, 2, 1]
    assert np.frombuffer(b"".join(c.rows for c in chunks), "<i4").tolist() == [0, 0, 1, 1, 2]
    assert b"".join(chunk_arrays(c).codes.tobytes() for c in chunks) == b"".join(
        f.encoding for _, f in fingers
    )
    assert isinstance(chunks[0], GalleryChunk)
    assert chunks[0].engine == ENGINE


def test_a_finger_of_another_engine_is_not_packed() -> None:
    (row, finger), *_ = invented(np.random.default_rng(1), 1)
    old = replace(finger, engine="leader-mcc/1.ea070a")
    with pytest.raises(KnownError, match="Enrol the finger again") as caught:
        list(pack([(row, finger), (row, old)]))
    assert caught.value.code == "template_engine"
