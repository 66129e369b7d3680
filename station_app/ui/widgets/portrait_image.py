"""Portraits of a list as Qt images: their size is known before memory is taken for them."""

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QImage, QImageReader

_FORMATS: Final = {b"\x89PNG": b"png", b"\xff\xd8\xff": b"jpeg"}
_LARGEST_SIDE: Final = 1600
"""Pixels. The centre puts none of more than 1000 into a list."""


def portrait_image(data: bytes) -> QImage:
    """The portrait; a null image for what is no PNG or JPEG of a portrait's size."""
    known = next((known for start, known in _FORMATS.items() if data.startswith(start)), None)
    if known is None:
        return QImage()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    reader = QImageReader(buffer, QByteArray(known))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > _LARGEST_SIDE:
        return QImage()
    picture = reader.read()
    return picture if picture.size() == size else QImage()
