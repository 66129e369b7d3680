"""Screen 08 with everything that it can say, and the voters that a face may belong to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QRectF
from PySide6.QtGui import QImage, QImageWriter, QPainter

from station_app.domain.faces import FaceFlaw
from station_app.domain.liveness import FaceFailure, FaceStep, Turn
from station_app.domain.samples import FaceImage
from station_app.domain.session_states import FaceWhy
from station_app.flow.face_capture import FaceView
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.portraits import WEBCAM, portrait, portrait_jpeg
from station_app.ui.operator.face import FaceAnswer, FaceStageView
from station_app.ui.operator.page import View
from station_app.ui.operator.views import VoterCard
from station_app.ui.widgets.photo_view import paint_silhouette

CAMERA_FAULTS: Final = (
    "camera_lost", "camera_busy", "camera_no_picture", "camera_not_permitted", "camera_several",
    "other",
)  # fmt: skip


def face_views(voter: VoterCard) -> dict[str, View]:
    """Every view of the screen, by the name of its picture."""
    asked = FaceStageView(1, FaceWhy.TRIES, True, 1, 2, voter, answer=FaceAnswer.NO_ONLY)
    called = replace(asked, why=FaceWhy.CALLED, has_finger=True)
    waits = replace(called, voter=None, answer=FaceAnswer.WAITS)
    search = replace(waits, is_named=False)
    done = replace(asked, is_live=True, answer=FaceAnswer.OPEN)
    return {
        "face": asked,
        "face-called": called,
        "face-waits": waits,
        "face-exempt": replace(asked, why=FaceWhy.EXEMPT),
        "face-no-fingers": replace(asked, why=FaceWhy.NO_FINGERS),
        "face-scanner-lost": replace(called, why=FaceWhy.SCANNER_LOST),
        **{
            f"face-again-{failed.value.replace('_', '-')}": replace(
                called, attempt=2, failed=failed
            )
            for failed in FaceFailure
            if failed not in (FaceFailure.JUMPED, FaceFailure.FROZEN)  # read like FLAT
        },
        "face-done": done,
        "face-no-photo": replace(done, voter=replace(voter, portrait=b"")),
        "face-answered": replace(done, answer=FaceAnswer.SAID_YES),
        "face-search": search,
        "face-searching": replace(search, is_live=True, has_finger=False),
        "face-camera-lost": replace(called, fault=CAMERA_FAULTS[0]),
        **{
            f"face-{code.replace('_', '-')}": replace(search, fault=code)
            for code in CAMERA_FAULTS[1:]
        },
    }


def seen_in(view: FaceStageView, faces: "Faces") -> FaceView:
    """What the camera may see in that view."""
    if view.is_live:
        return FaceView(FaceStep.DONE, faces.live(0), made=2, of=2, progress=1.0)
    return FaceView(FaceStep.TURN, faces.live(10), turn=Turn.LEFT, of=2)


def face_orders(faces: "Faces") -> dict[str, FaceView]:
    """Everything that may be asked of the person, by the name of its picture."""
    look = FaceView(FaceStep.LOOK, faces.live(0), of=2)
    return {
        "face-loading": FaceView(FaceStep.LOADING, of=2),
        "face-opening": FaceView(FaceStep.OPENING, of=2),
        "face-hold": look,
        **{f"face-{flaw.value.replace('_', '-')}": replace(look, flaw=flaw) for flaw in FaceFlaw},
        "face-right": FaceView(FaceStep.TURN, faces.live(-20), turn=Turn.RIGHT, made=1, of=2),
        "face-back": FaceView(FaceStep.BACK, faces.live(20), made=1, of=2),
    }


@dataclass(frozen=True, slots=True)
class Faces:
    """Pictures of people: `photo` of the sample's woman or man as the list has it (JPEG or PNG),
    `live` of the woman before the camera, her head turned by so many degrees.
    """

    photo: Callable[[str], bytes]
    live: Callable[[int], FaceImage]


@cache
def _drawn_photo(sex: str) -> bytes:
    picture = QImage(480, 600, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    paint_silhouette(painter, sex, QRectF(0, 0, 480, 600), 0)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(data.data())


@cache
def _drawn_live(_yaw: int) -> FaceImage:
    picture = QImage(640, 480, QImage.Format.Format_RGB888)
    picture.fill(0xAEBCC7)
    painter = QPainter(picture)
    paint_silhouette(painter, "f", QRectF(128, 0, 384, 480), 0)
    painter.end()
    return FaceImage(bytes(picture.constBits()), 640, 480)


_PEOPLE: Final = {"f": InventedFace(5, "f", 35), "m": InventedFace(4, "m", 78)}


@cache
def _invented_photo(sex: str) -> bytes:
    return portrait_jpeg(_PEOPLE[sex])


@cache
def _invented_live(yaw: int) -> FaceImage:
    picture = portrait(_PEOPLE["f"], replace(WEBCAM, yaw=yaw, light=3))
    return FaceImage(picture.tobytes(), picture.shape[1], picture.shape[0])


DRAWN: Final = Faces(_drawn_photo, _drawn_live)
"""Silhouettes, at once."""
INVENTED: Final = Faces(_invented_photo, _invented_live)
"""Computed people, half a second each."""
