"""ISO/IEC 19794-2 records: round trips, and one clear error for everything else."""

import struct
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.biometrics.interchange import (
    Edition,
    FingerMinutiaeRecord,
    RecordMinutia,
    read_record,
    record_bytes,
    record_from,
)
from station_app.biometrics.interchange.description import describe
from station_app.biometrics.interchange.records import (
    NOT_COMPUTED,
    CaptureTime,
    Certification,
    Device,
    MinutiaKind,
    QualityBlock,
    RecordFault,
    RidgeEnding,
)
from station_app.biometrics.interchange.rules import extended_areas, warnings
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from tests.biometrics.record_samples import any_record, plain_record

HAND_MADE_2005 = bytes.fromhex(
    "464d520020323000"  # FMR, 20
    "00000030 8123"  # 48 bytes; a certified device of model 0x123
    "012c 0190 00c5 00c5 01 00"  # 300 x 400 pixels, 197 a cm, one view
    "07 18 46 02"  # left index, view 1, swipe, quality 70, two minutiae
    "400a 0014 40 50"  # ending (10, 20), 90 degrees, quality 80
    "812b 018f ff 00"  # bifurcation (299, 399), 358.6 degrees, quality not reported
    "0006 0001 0006 0009"  # an area of ridge counts
)

HAND_MADE_2011 = bytes.fromhex(
    "464d520030333000"  # FMR, 030
    "00000044 0001 01"  # 68 bytes, one representation, certifications are there
    "00000035"  # 53 bytes
    "07db 0b 18 0e 05 3b ffff"  # 24 November 2011, 14:05:59
    "04 0007 0102"  # sensor technology, vendor, model
    "02 46 000f 0001 ff 000f 0002"  # quality 70, and one not computed
    "01 0003 02"  # a certification
    "02 00 00c5 00c5 1c 012c 0190"  # right index, view 0, 197 a cm, other, 300 x 400
    "51 01"  # minutiae of 5 bytes, endings on the ridge, one minutia
    "400a 0014 40"
    "0000"
)


@settings(max_examples=60)
@given(any_record)
def test_record_to_bytes_to_record(record: FingerMinutiaeRecord) -> None:
    data = record_bytes(record)
    assert record_from(data) == record
    assert record_bytes(record_from(data)) == data


@settings(max_examples=300)
@given(st.binary(max_size=200), st.sampled_from([b"", b"FMR\0", b"FMR\0 20\0", b"FMR\x00030\0"]))
def test_any_bytes_are_a_record_or_one_error(noise: bytes, start: bytes) -> None:
    settle(start + noise)


@settings(max_examples=300)
@given(
    st.sampled_from([HAND_MADE_2005, HAND_MADE_2011]),
    st.lists(st.tuples(st.integers(8, 90), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(-8, 8),
)
def test_damaged_records_are_a_record_or_one_error(
    sound: bytes, changes: list[tuple[int, int]], longer: int
) -> None:
    data = bytearray(sound)
    for place, value in changes:
        data[place % len(data)] = value
    settle(bytes(data) + bytes(longer) if longer >= 0 else bytes(data[:longer]))


def settle(data: bytes) -> None:
    try:
        record = record_from(data)
    except KnownError as refusal:
        answer = refusal.code
    else:
        answer = "accepted" if record_bytes(record) == data else "changed"
    assert answer in {"accepted", "template_unreadable"}


def test_a_record_of_the_2005_edition_read_by_hand() -> None:
    record = record_from(HAND_MADE_2005)
    (one,) = record.representations
    assert record.edition is Edition.E2005
    assert (one.position, one.number, one.impression) == (FingerPosition.LEFT_INDEX, 1, 8)
    assert (one.width, one.height, one.resolution_x, one.resolution_y) == (300, 400, 197, 197)
    assert one.device == Device(model=0x123, certified=True)
    assert one.quality == 70
    assert one.minutiae == (
        RecordMinutia(MinutiaKind.ENDING, 10, 20, 64, 80),
        RecordMinutia(MinutiaKind.BIFURCATION, 299, 399, 255),
    )
    assert extended_areas(one.extended, record.edition) == [(1, b"\x00\x09")]
    assert record_bytes(record) == HAND_MADE_2005


def test_a_record_of_the_2011_edition_read_by_hand() -> None:
    record = record_from(HAND_MADE_2011)
    (one,) = record.representations
    assert record.edition is Edition.E2011
    assert one.captured == CaptureTime(2011, 11, 24, 14, 5, 59)
    assert one.device == Device(4, 7, 0x102)
    assert one.qualities == (QualityBlock(70, 15, 1), QualityBlock(NOT_COMPUTED, 15, 2))
    assert one.certifications == (Certification(3, 2),)
    assert (one.impression, one.ridge_ending) == (28, RidgeEnding.RIDGE_END)
    assert one.minutiae == (RecordMinutia(MinutiaKind.ENDING, 10, 20, 64),)
    assert describe(record)["fingers"][0]["captured"] == "2011-11-24T14:05:59"
    assert record_bytes(record) == HAND_MADE_2011


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (5, b"30", "version"),
        (8, b"\x00\x00\x00\x31", "49 bytes announced, 48 found"),
        (12, b"\x91", "reserved bits of the header"),
        (14, b"\x00\x00", "image width 0"),
        (18, b"\x00\x00", "resolution 0"),
        (22, b"\x00", "bytes follow the last view"),
        (22, b"\x02", "cut off"),
        (23, b"\x01", "reserved bits of the header"),
        (24, b"\x0b", "finger position 11"),
        (26, b"\x65", "finger quality 101"),
        (28, b"\xc0", "reserved type"),
        (30, b"\x40", "reserved bits"),
        (33, b"\xfe", "quality 254"),
        (33, b"\xff", "quality 255"),
        (34, b"\x81\x2c", "minutia 2: (300, 399) is outside the image of 300 x 400"),
        (41, b"\x03", "bytes follow"),
        (45, b"\x07", "extended data do not fill"),
    ],
)
def test_what_is_wrong_is_said(place: int, value: bytes, says: str) -> None:
    data = bytearray(HAND_MADE_2005)
    data[place : place + len(value)] = value
    with pytest.raises(KnownError) as caught:
        record_from(bytes(data), "finger.fmr")
    assert caught.value.code == "template_unreadable"
    assert caught.value.message.startswith("finger.fmr is not a sound ISO/IEC 19794-2 record (")
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (14, b"\x02", "flag 2"),
        (14, b"\x00", "minutiae of 0 bytes"),
        (18, b"\x36", "54 bytes of a representation announced, 53 found"),
        (34, b"\x65", "finger quality 101"),
        (59, b"\x41", "minutiae of 4 bytes"),
        (59, b"\x52", "ridge ending type 2"),
    ],
)
def test_what_is_wrong_in_the_2011_edition_is_said(place: int, value: bytes, says: str) -> None:
    data = bytearray(HAND_MADE_2011)
    data[place : place + len(value)] = value
    with pytest.raises(KnownError) as caught:
        record_from(bytes(data))
    assert says in caught.value.message


def test_an_ansi_378_record_is_named() -> None:
    data = b"FMR\0 20\0" + struct.pack(">H", 60) + bytes(50)
    with pytest.raises(KnownError, match="ANSI INCITS 378-2004"):
        record_from(data)


def test_no_finger_and_too_many_views_of_one_are_refused() -> None:
    record = plain_record()
    with pytest.raises(RecordFault, match="no finger"):
        record_bytes(replace(record, representations=()))
    with pytest.raises(RecordFault, match="2 times"):
        record_bytes(replace(record, representations=record.representations * 2))
    with pytest.raises(RecordFault, match="at most 176"):
        record_bytes(replace(record, representations=record.representations * 177))


@pytest.mark.parametrize(
    "changed",
    [
        {"captured": CaptureTime(2020)},
        {"certifications": (Certification(1, 1),)},
        {"minutia_bytes": 5, "minutiae": ()},
        {"ridge_ending": RidgeEnding.RIDGE_END},
        {"qualities": ()},
        {"qualities": (QualityBlock(70, vendor=1),)},
        {"qualities": (QualityBlock(NOT_COMPUTED),)},
        {"device": Device(technology=1)},
    ],
)
def test_what_only_the_2011_edition_can_say(changed: dict[str, object]) -> None:
    newer = plain_record(Edition.E2011, **changed)
    newer = replace(newer, certification_blocks=bool(newer.representations[0].certifications))
    assert record_from(record_bytes(newer)) == newer
    with pytest.raises(RecordFault):
        record_bytes(replace(newer, edition=Edition.E2005))


def test_the_2005_edition_states_size_and_device_once() -> None:
    first = plain_record().representations[0]
    for other in (
        replace(first, number=1, width=301),
        replace(first, number=1, resolution_x=196),
        replace(first, number=1, device=Device(model=1)),
    ):
        with pytest.raises(RecordFault, match="several"):
            record_bytes(FingerMinutiaeRecord(Edition.E2005, (first, other)))


def test_lengths_of_extended_areas_may_count_their_own_four_bytes_or_not_in_2005() -> None:
    counted = bytes.fromhex("0101 0006 abcd")
    not_counted = bytes.fromhex("0101 0002 abcd")
    for extended in (counted, not_counted):
        assert extended_areas(extended, Edition.E2005) == [(0x101, b"\xab\xcd")]
    with pytest.raises(RecordFault):
        extended_areas(not_counted, Edition.E2011)


def test_warnings_name_what_is_unusual() -> None:
    twice = (RecordMinutia(MinutiaKind.OTHER, 1, 1, 1),) * 2
    record = plain_record(
        Edition.E2011,
        rows=twice,
        position=FingerPosition.UNKNOWN,
        impression=200,
        qualities=(),
        resolution_x=60,
        resolution_y=60,
        device=Device(technology=99),
        captured=CaptureTime(2020, 13),
        ridge_ending=RidgeEnding.RIDGE_END,
        extended=bytes.fromhex("0003 0004 0100 0004"),
    )
    told = " ".join(warnings(record))
    for words in (
        "position is not stated",
        "impression type 200",
        "technology 99",
        "not a time",
        "below 99",
        "no finger quality",
        "no minutia has a quality",
        "twice",
        "on the ridge",
        "(zonal quality) are kept",
        "(type 256) are kept",
    ):
        assert words in told
    assert "certification scheme" in " ".join(
        warnings(plain_record(Edition.E2011, certifications=(Certification(1, 9),)))
    )
    assert "no minutiae" in " ".join(warnings(plain_record(minutiae=())))
    assert warnings(plain_record()) == []


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "finger.fmr"
    path.write_bytes(HAND_MADE_2005)
    assert read_record(path) == record_from(HAND_MADE_2005)
    path.write_bytes(bytes((1 << 20) + 1))
    for reading in (lambda: read_record(path), lambda: record_from(path.read_bytes())):
        with pytest.raises(KnownError) as caught:
            reading()
        assert caught.value.code == "template_too_large"
    with pytest.raises(KnownError, match=r"gone\.fmr cannot be opened"):
        read_record(tmp_path / "gone.fmr")
