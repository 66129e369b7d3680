"""Minutiae to records and back, and fingers enrolled from records alone."""

from collections.abc import Callable

import numpy as np
import pytest

from station_app.biometrics.fingerprint.engine import FingerEngine, pack
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.biometrics.fingerprint.search import Searcher
from station_app.biometrics.fingerprint.template import Template
from station_app.biometrics.interchange import (
    Edition,
    FingerMinutiaeRecord,
    RecordMinutia,
    record_bytes,
    record_from,
)
from station_app.biometrics.interchange.conversion import (
    NEUTRAL,
    foreign_fingers,
    to_minutiae,
    to_record,
)
from station_app.biometrics.interchange.description import describe
from station_app.biometrics.interchange.records import MinutiaKind, QualityBlock
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from tests.biometrics.record_samples import plain_record


def row(x: int, y: int, angle: int = 0, quality: int = 254) -> RecordMinutia:
    return RecordMinutia(MinutiaKind.OTHER, x, y, angle, quality)


@pytest.mark.parametrize("edition", Edition)
def test_our_minutiae_come_back(random_minutiae: Callable[..., Minutiae], edition: Edition) -> None:
    ours = random_minutiae(60, 3)
    record = to_record(ours, (320, 320), 83, FingerPosition.LEFT_THUMB, edition)
    (finger,) = foreign_fingers(record_from(record_bytes(record)))
    assert (finger.position, finger.quality) == (FingerPosition.LEFT_THUMB, 83)
    back = finger.minutiae
    # Confidences are rounded to hundredths, and equal ones stand in another order.
    assert np.abs(back.confidences.astype(int) - ours.confidences).max() <= 2
    places = [(m.xs.tolist(), m.ys.tolist(), m.directions.tolist()) for m in (ours, back)]
    assert sorted(zip(*places[0], strict=True)) == sorted(zip(*places[1], strict=True))
    again = to_record(back, (320, 320), 83, FingerPosition.LEFT_THUMB, edition)
    assert record_bytes(again) == record_bytes(
        to_record(to_minutiae(again.representations[0]), (320, 320), 83, finger.position, edition)
    )


def test_iso_turns_the_other_way() -> None:
    """ISO counts counter-clockwise as seen, the core clockwise; right is 0 for both."""
    rows = (row(10, 10, 0), row(11, 10, 64), row(12, 10, 200))
    found = to_minutiae(plain_record(rows=rows).representations[0])
    by_x = dict(zip(found.xs.tolist(), found.directions.tolist(), strict=True))
    assert by_x == {10: 0, 11: 192, 12: 56}


@pytest.mark.parametrize(
    ("per_cm", "x"), [(197, 200), (195, 200), (394, 100), (99, 398), (39, 1009)]
)
def test_pixels_come_to_500_ppi(per_cm: int, x: int) -> None:
    record = plain_record(rows=(row(200, 0),), resolution_x=per_cm, resolution_y=per_cm)
    assert to_minutiae(record.representations[0]).xs.tolist() == [x]


def test_oblong_pixels_are_refused() -> None:
    oblong = plain_record(resolution_x=197, resolution_y=190)
    with pytest.raises(KnownError, match="197 pixels per cm across and 190 down"):
        foreign_fingers(oblong)
    assert "197 pixels per cm across" in " ".join(describe(oblong)["warnings"])


def test_no_finger_is_as_large_as_this() -> None:
    rows = (row(16383, 16383, quality=90),)
    large = plain_record(rows=rows, width=16384, height=16384, resolution_x=39, resolution_y=39)
    with pytest.raises(KnownError, match="82692 pixels") as caught:
        foreign_fingers(large)
    assert caught.value.code == "template_resolution"
    assert "82692" in " ".join(describe(large)["warnings"])


def test_missing_qualities_are_neutral_and_the_middle_comes_first() -> None:
    rows = (row(0, 0), row(100, 100), row(52, 48), row(90, 40, quality=90), row(5, 90, quality=10))
    found = to_minutiae(plain_record(rows=rows).representations[0])
    assert found.xs.tolist() == [90, 52, 100, 0, 5]
    assert found.confidences.tolist() == [230, 128, 128, 128, 26]
    assert len(to_minutiae(plain_record(minutiae=()).representations[0])) == 0


def test_the_best_view_of_a_finger_is_taken() -> None:
    view = plain_record(Edition.E2011).representations[0]

    def other(number: int, score: int, position: FingerPosition, rows: int) -> None:
        shown.append(
            type(view)(
                position,
                number,
                0,
                300,
                400,
                197,
                197,
                (QualityBlock(score),),
                tuple(row(i, i) for i in range(rows)),
            )
        )

    shown: list[type(view)] = []  # type: ignore[valid-type]
    other(0, 60, FingerPosition.LEFT_INDEX, 3)
    other(1, 80, FingerPosition.LEFT_INDEX, 2)
    other(2, 80, FingerPosition.LEFT_INDEX, 4)
    other(0, 10, FingerPosition.UNKNOWN, 1)
    other(1, 255, FingerPosition.UNKNOWN, 1)
    fingers = foreign_fingers(FingerMinutiaeRecord(Edition.E2011, tuple(shown)))
    assert [(f.position.value, f.quality, len(f.minutiae)) for f in fingers] == [
        (7, 80, 4),
        (0, 10, 1),
        (0, NEUTRAL, 1),
    ]


def test_a_finger_enrolled_from_a_record_alone_is_found(
    engine: FingerEngine, extracted: Callable[[int, int], Template]
) -> None:
    enrolled = []
    for finger in (1, 2, 3):
        record = to_record(extracted(finger, 1).minutiae, (320, 384), 90, edition=Edition.E2011)
        (foreign,) = foreign_fingers(record_from(record_bytes(record)))
        enrolled.append(
            engine.enrol_minutiae(foreign.minutiae, FingerPosition.RIGHT_THUMB, foreign.quality)
        )
    assert {one.quality for one in enrolled} == {90}
    gallery = Gallery(pack(enumerate(enrolled)), engine.name)
    searcher = Searcher(engine, gallery, lambda keys: [enrolled[r].content for r, _ in keys])
    for finger in (1, 2, 3):
        best = searcher.candidates(extracted(finger, 2))[0]
        assert best.row == finger - 1
        assert best.evidence > 6


def test_too_few_minutiae_do_not_enrol(engine: FingerEngine) -> None:
    record = plain_record()
    (foreign,) = foreign_fingers(record)
    with pytest.raises(KnownError, match="0 usable minutiae") as caught:
        engine.enrol_minutiae(foreign.minutiae)
    assert caught.value.code == "not_enrollable"
    assert "cannot be enrolled, 0 minutiae are usable" in describe(record)["warnings"][0]
