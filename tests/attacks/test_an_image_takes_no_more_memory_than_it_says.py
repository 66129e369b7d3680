"""A small file that claims a small image cannot make the program decode a large one.

Promise: the size of an image is known, and limited, before memory is taken for it; a header that
says two sizes is refused with the reason. The attack: files of less than 2 MB (a TIFF with two
widths, strips or tiles larger than the image, several pages; a PNG with two headers, or with an
animation; a WSQ with two frames; a portrait of 49 megapixels in 6 kB) of which a decoder makes
hundreds of MB. On version a9a29b6 the TIFF with two widths passed the check as 300 x 300 and was
decoded as 20,000 x 20,000: 386 MB.

Each file is read in a process of its own, whose peak memory is compared with that of reading a
plain small image.
"""

import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import pytest
from PIL import Image

MOST_MB = 64
BIG = 20_000

_READ = """
import json, resource, sys
from pathlib import Path
from station_app.domain.errors import KnownError

if sys.argv[1] == "image":
    from station_app.biometrics.images import read_finger_image as read
elif sys.argv[1] == "portrait":
    from station_app.centre.portraits import read_portrait as read
else:
    from station_app.ui.widgets.photo_view import portrait_image
    def read(path):
        if portrait_image(path.read_bytes()).isNull():
            raise KnownError("null_image", "nothing is shown")

def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

plain, file = Path(sys.argv[2]), Path(sys.argv[3])
read(plain)
before, code, says = peak(), "", ""
try:
    read(file)
except KnownError as refused:
    code, says = refused.code, refused.message
print(json.dumps([code, says, (peak() - before) // 1024]))
"""


def outcome(how: str, plain: Path, file: Path) -> tuple[str, str, int]:
    """The refusal's code and sentence (empty: it was read), and MB above the plain image."""
    done = subprocess.run(
        [sys.executable, "-c", _READ, how, str(plain), str(file)],
        check=True,
        capture_output=True,
        timeout=60,
        env={"QT_QPA_PLATFORM": "offscreen", "OPENBLAS_NUM_THREADS": "1"},
    )
    code, says, megabytes = json.loads(done.stdout)
    return code, says, megabytes


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def _header(width: int, height: int, depth: int = 8, colour: int = 0) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def _png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + _chunk(b"IEND", b"")


@cache
def _zeros(count: int) -> bytes:
    """So many zero bytes, packed; made when the first attack needs them."""
    packer = zlib.compressobj(1)
    blocks, rest = divmod(count, 1 << 20)
    block = bytes(1 << 20)
    return b"".join(
        [
            *(packer.compress(block) for _ in range(blocks)),
            packer.compress(bytes(rest)),
            packer.flush(),
        ]
    )


def _rows(width: int, height: int) -> bytes:
    return _zeros((width + 1) * height)


def _tiff(tags: Sequence[tuple[int, int, int, int]], strip: bytes, following: int = 0) -> bytes:
    directory = struct.pack("<H", len(tags))
    directory += b"".join(struct.pack("<HHII", *tag) for tag in tags) + struct.pack("<I", following)
    return b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip + directory


def _tags(width: int, height: int, size: int, **others: int) -> list[tuple[int, int, int, int]]:
    """A grey image in one strip; `others` (`t` and a number) replace or add tags."""
    values = {256: width, 257: height, 258: 8, 259: 8, 262: 1, 273: 8, 277: 1, 278: height}
    values |= {279: size} | {int(name[1:]): value for name, value in others.items()}
    return [(tag, 4, 1, value) for tag, value in sorted(values.items())]


def _tiff_of(width: int = 300, height: int = 300, *, rows: int = 300 * 300, **others: int) -> bytes:
    strip = _zeros(rows)
    return _tiff(_tags(width, height, len(strip), **others), strip)


def _two_sizes(*, sorted_tags: bool) -> bytes:
    strip = _zeros(BIG * BIG)
    tags = [*_tags(BIG, BIG, len(strip)), (256, 4, 1, 300), (257, 4, 1, 300)]
    return _tiff(sorted(tags) if sorted_tags else tags, strip)


def _two_widths() -> bytes:
    strip = _zeros(BIG * BIG)
    return _tiff([(256, 4, 1, BIG), *_tags(300, 300, len(strip), t257=BIG)], strip)


def _tiles() -> bytes:
    size = len(_zeros(300 * 300))
    return _tiff_of(t322=BIG, t323=BIG, t324=8, t325=size)


def _pages() -> bytes:
    """Its next page is itself."""
    strip = _zeros(300 * 300)
    return _tiff(_tags(300, 300, len(strip)), strip, 8 + len(strip))


def _animated() -> bytes:
    frame = struct.pack(">IIIIIHHBB", 0, 300, 300, 0, 0, 1, 1, 0, 0)
    frames = _chunk(b"acTL", struct.pack(">II", 2, 0)) + _chunk(b"fcTL", frame)
    return _png(_header(300, 300), frames, _chunk(b"IDAT", _rows(300, 300)))


def _text() -> bytes:
    text = _chunk(b"zTXt", b"a\0\0" + _zeros(200_000_000))
    return _png(_header(300, 300), text, _chunk(b"IDAT", _rows(300, 300)))


def _bmp() -> bytes:
    header = struct.pack("<IHHI", 0, 0, 0, 54)
    header += struct.pack("<IiiHHIIiiII", 40, BIG, BIG, 1, 8, 1, 0, 0, 0, 256, 0)
    return b"BM" + header + bytes(2000)


def _wsq() -> bytes:
    """A frame of 20,000 x 20,000 before that of the image."""
    sound = (Path(__file__).parents[1] / "biometrics/samples/invented-finger.wsq").read_bytes()
    frame = bytes.fromhex("ffa2 0011 00ff 4e20 4e20 000000 000000 00 0000")
    return sound[:2] + frame + sound[2:]


def _two_headers(*sizes: int, last: bool = False) -> bytes:
    first, second = (_header(size, size) for size in sizes)
    drawn = _chunk(b"IDAT", _rows(BIG, BIG))
    return _png(first, drawn, second) if last else _png(first, second, drawn)


ATTACKS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "tiff: two widths": ("tif", _two_widths, "image_unreadable"),
    "tiff: two sizes, small last": (
        "tif", partial(_two_sizes, sorted_tags=False), "image_unreadable",
    ),
    "tiff: two sizes, in order": ("tif", partial(_two_sizes, sorted_tags=True), "image_unreadable"),
    "tiff: big": ("tif", partial(_tiff_of, BIG, BIG, rows=BIG * BIG), "image_too_large"),
    "tiff: a tall strip": (
        "tif", partial(_tiff_of, 2400, rows=BIG * BIG, t278=400_000), "image_unreadable",
    ),
    "tiff: wide tiles": ("tif", _tiles, "image_unreadable"),
    "tiff: pages without end": ("tif", _pages, "image_unreadable"),
    "tiff: 60,000 colours": ("tif", partial(_tiff_of, t277=60_000), "image_unreadable"),
    "tiff: 64 bits": ("tif", partial(_tiff_of, t258=64), "image_unreadable"),
    "tiff: a packing with a dictionary": (
        "tif", partial(_tiff_of, t259=34925), "image_unreadable",
    ),
    "png: small, then big": ("png", partial(_two_headers, 300, BIG), "image_unreadable"),
    "png: big, then small": ("png", partial(_two_headers, BIG, 300), "image_unreadable"),
    "png: small at the end": (
        "png", partial(_two_headers, BIG, 300, last=True), "image_unreadable",
    ),
    "png: more rows than it says": (
        "png", lambda: _png(_header(300, 300), _chunk(b"IDAT", _rows(BIG, BIG))), "",
    ),
    "png: a text that unpacks": ("png", _text, ""),
    "png: animated": ("png", _animated, ""),
    "wsq: two frames": ("wsq", _wsq, "image_unreadable"),
    "bmp: big, packed": ("bmp", _bmp, "image_too_large"),
}  # fmt: skip
"""By what it is: the file's ending and content, and the code of the refusal (none: it is read)."""


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small grey image, and a portrait: a PNG is both."""
    path = tmp_path_factory.mktemp("plain") / "plain.png"
    Image.new("L", (300, 300)).save(path)
    return path


@pytest.mark.parametrize("name", ATTACKS)
def test_a_finger_image(tmp_path: Path, plain: Path, name: str) -> None:
    ending, made, expected = ATTACKS[name]
    content = made()
    file = tmp_path / f"1_1.{ending}"
    file.write_bytes(content)
    assert len(content) < 2 << 20
    code, says, megabytes = outcome("image", plain, file)
    assert code == expected
    assert bool(says) == bool(expected)
    assert megabytes < MOST_MB


@pytest.mark.parametrize("how", ["portrait", "desk"])
def test_a_portrait(tmp_path: Path, plain: Path, how: str) -> None:
    """49 megapixels of one colour: 6 kB, which the centre used to take into the list as it is."""
    packed = io.BytesIO()
    Image.new("1", (7000, 7000)).save(packed, "PNG")
    assert len(packed.getvalue()) < 32 * 1024
    file = tmp_path / "v.png"
    file.write_bytes(packed.getvalue())
    code, _, megabytes = outcome(how, plain, file)
    assert code == {"portrait": "portrait_too_large", "desk": "null_image"}[how]
    assert megabytes < MOST_MB
