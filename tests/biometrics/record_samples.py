"""Finger minutiae records of both editions, invented by hypothesis and by hand."""

from hypothesis import strategies as st

from station_app.biometrics.interchange.records import (
    NOT_COMPUTED,
    NOT_REPORTED,
    CaptureTime,
    Certification,
    Device,
    Edition,
    FingerMinutiaeRecord,
    MinutiaKind,
    QualityBlock,
    RecordMinutia,
    Representation,
    RidgeEnding,
)
from station_app.domain.fingers import FingerPosition

bytes16 = st.integers(0, 0xFFFF)
bytes8 = st.integers(0, 0xFF)


@st.composite
def extended_data(draw: st.DrawFn, counted: int) -> bytes:
    areas = draw(st.lists(st.tuples(bytes16, st.binary(max_size=12)), max_size=3))
    return b"".join(
        kind.to_bytes(2, "big") + (len(data) + counted).to_bytes(2, "big") + data
        for kind, data in areas
    )


@st.composite
def minutiae(
    draw: st.DrawFn, size: tuple[int, int], qualities: st.SearchStrategy[int]
) -> tuple[RecordMinutia, ...]:
    one = st.builds(
        RecordMinutia,
        kind=st.sampled_from(MinutiaKind),
        x=st.integers(0, size[0] - 1),
        y=st.integers(0, size[1] - 1),
        angle=bytes8,
        quality=qualities,
    )
    return tuple(draw(st.lists(one, max_size=20)))


sizes = st.tuples(st.integers(1, 1 << 14), st.integers(1, 1 << 14))
resolutions = st.tuples(st.integers(39, 787), st.integers(39, 787))
views = st.lists(
    st.tuples(st.sampled_from(FingerPosition), st.integers(0, 15)),
    min_size=1,
    max_size=3,
    unique=True,
)


@st.composite
def records_2005(draw: st.DrawFn) -> FingerMinutiaeRecord:
    size, resolution = draw(sizes), draw(resolutions)
    device = draw(st.builds(Device, model=st.integers(0, 0xFFF), certified=st.booleans()))
    reported = st.integers(1, 100) | st.just(NOT_REPORTED)
    shown = tuple(
        Representation(
            position,
            number,
            draw(st.integers(0, 15)),
            *size,
            *resolution,
            (QualityBlock(draw(st.integers(0, 100))),),
            draw(minutiae(size, reported)),
            draw(extended_data(4) | extended_data(0)),
            device,
        )
        for position, number in draw(views)
    )
    return FingerMinutiaeRecord(Edition.E2005, shown)


@st.composite
def records_2011(draw: st.DrawFn) -> FingerMinutiaeRecord:
    certified = draw(st.booleans())
    blocks = st.lists(st.builds(Certification, bytes16, bytes8), max_size=3)
    scores = st.integers(0, 100) | st.just(NOT_COMPUTED)
    shown = []
    for position, number in draw(views):
        size = draw(sizes)
        width = draw(st.sampled_from([5, 6]))
        reported = scores | st.just(NOT_REPORTED) if width == 6 else st.just(NOT_REPORTED)
        shown.append(
            Representation(
                position,
                number,
                draw(bytes8),
                *size,
                *draw(resolutions),
                tuple(
                    draw(st.lists(st.builds(QualityBlock, scores, bytes16, bytes16), max_size=3))
                ),
                draw(minutiae(size, reported)),
                draw(extended_data(4)),
                draw(st.builds(Device, bytes8, bytes16, bytes16)),
                draw(
                    st.builds(CaptureTime, bytes16, bytes8, bytes8, bytes8, bytes8, bytes8, bytes16)
                ),
                tuple(draw(blocks)) if certified else (),
                width,
                draw(st.sampled_from(RidgeEnding)),
            )
        )
    return FingerMinutiaeRecord(Edition.E2011, tuple(shown), certified)


any_record = records_2005() | records_2011()


def plain_record(
    edition: Edition = Edition.E2005, rows: tuple[RecordMinutia, ...] = (), **changed: object
) -> FingerMinutiaeRecord:
    """One right index finger of 300 x 400 pixels at 500 ppi."""
    facts: dict[str, object] = {
        "position": FingerPosition.RIGHT_INDEX,
        "number": 0,
        "impression": 0,
        "width": 300,
        "height": 400,
        "resolution_x": 197,
        "resolution_y": 197,
        "qualities": (QualityBlock(70),),
        "minutiae": rows or (RecordMinutia(MinutiaKind.ENDING, 10, 20, 64, 80),),
    }
    return FingerMinutiaeRecord(edition, (Representation(**(facts | changed)),))  # type: ignore[arg-type]
