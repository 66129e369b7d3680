"""A stick prepared as a station's mirror costs the station no time and no memory.

Promise: what a mirror costs grows with its size and no faster, whatever is in it, and a header
says how long it is before it is read. The attack: somebody copies the header of a real mirror,
which its station has signed, and fills the rest with the mark that each frame begins with; or
signs a header of their own that is 4 GiB long, holds other types than texts, or writes to the
terminal. On version a9a29b6 every mark was tried as a frame of half the file: 7.9 s of CPU for
1 MB, four times as much for 2 MB.
"""

import io
import json
import struct
import time
from contextlib import closing
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.journal.mirror import Mirror, MirrorOwner, read_mirror
from station_app.journal.mirror_file import MAGIC, read_header
from station_app.vault import AgeIdentity, Secret, Signer

SIGNER = Signer(Secret(b"s" * 32))
OWNER = MirrorOwner(
    "9042-1",
    "station-app/live/9042-1",
    SIGNER,
    Secret(b"k" * 32),
    (AgeIdentity.generate().recipient,),
)
MOST_SECONDS = 1.0


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A mirror with nothing but its header."""
    with closing(Mirror.open(tmp_path, OWNER)) as made:
        return made.path


@pytest.mark.parametrize("megabytes", [1, 8])
@pytest.mark.parametrize("length", ["half the file", "short"])
def test_marks_without_frames(mirror: Path, megabytes: int, length: str) -> None:
    head, size = mirror.read_bytes(), megabytes << 20
    mark = read_header(io.BytesIO(head)).mark
    frame = mark + struct.pack("<I", size // 2 if length == "half the file" else 40)
    mirror.write_bytes(head + bytes(12) + frame * (size // len(frame)))
    before = time.process_time()
    with pytest.raises(KnownError) as refused:
        Mirror.open(mirror.parent, OWNER)
    assert refused.value.code == "mirror_damaged"
    assert read_mirror(mirror, Secret(b"m" * 32)).is_damaged
    assert time.process_time() - before < MOST_SECONDS


def test_a_torn_end_is_still_cut_off(mirror: Path) -> None:
    """What an honest station leaves when the power is cut, with the mark in it by chance."""
    head = mirror.read_bytes()
    mark = read_header(io.BytesIO(head)).mark
    mirror.write_bytes(head + mark + struct.pack("<I", 5000) + b"torn" * 100 + mark + b"torn" * 9)
    with closing(Mirror.open(mirror.parent, OWNER)) as opened:
        assert opened.upto == 0
    assert mirror.read_bytes() == head


def test_a_header_of_4_gigabytes(mirror: Path) -> None:
    start = MAGIC + struct.pack("<I", 0xFFFFFFFF)
    mirror.write_bytes(start + SIGNER.sign(start))
    with mirror.open("r+b") as file:
        file.truncate(1 << 29)
    before = time.process_time()
    with pytest.raises(KnownError) as refused:
        Mirror.open(mirror.parent, OWNER)
    assert refused.value.code == "mirror_damaged"
    assert time.process_time() - before < MOST_SECONDS


@pytest.mark.parametrize(
    "values",
    [
        {"station": 1},
        {"station": "\x1b]0;9042-2\x07"},
        {"origin": ["station-app/live/9042-1"]},
        {"origin": "o" * 5000},
        {"salt": 5},
        {"sealed_key": None},
    ],
)
def test_other_values_that_the_station_has_signed(mirror: Path, values: dict[str, object]) -> None:
    text = json.loads(mirror.read_bytes()[len(MAGIC) + 4 : -64])
    changed = json.dumps(text | values).encode()
    signed = MAGIC + struct.pack("<I", len(changed)) + changed
    mirror.write_bytes(signed + SIGNER.sign(signed))
    with pytest.raises(KnownError) as refused:
        Mirror.open(mirror.parent, OWNER)
    assert refused.value.code == "mirror_damaged"
