"""docs/formats.md describes the mirror that is written."""

import json
import re
from contextlib import closing
from pathlib import Path

from station_app.journal.mirror import Mirror, MirrorOwner
from station_app.journal.mirror_file import LARGEST_FRAME, MAGIC, read_header
from station_app.vault import AgeIdentity, FrameCipher, Secret
from station_app.vault.keys import derived_key
from tests.journal.journal_samples import Station

TEXT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
MIRROR = TEXT.partition("## The mirror")[2].partition("## The takeover")[0]


def test_it_is_read_as_described(station: Station, tmp_path: Path) -> None:
    """With nothing but the description, byte by byte."""
    with closing(station.create()) as journal:
        (record,) = journal.look.records(1, 1)
    recipients = (AgeIdentity.generate().recipient,)
    owner = MirrorOwner("9042-1", station.origin, station.signer, station.key, recipients)
    with closing(Mirror.open(tmp_path, owner)) as mirror:
        mirror.append([record])
    content = mirror.path.read_bytes()
    size = int.from_bytes(content[8:12], "little")
    header = json.loads(content[12 : 12 + size])
    frames = 12 + size + 64
    with mirror.path.open("rb") as file:
        found = read_header(file)
    assert (found.end, content[:8]) == (frames, MAGIC)
    for member in header:
        assert f"`{member}`" in MIRROR
    assert content[frames : frames + 8] == found.digest[:8]
    length = int.from_bytes(content[frames + 8 : frames + 12], "little")
    assert frames + 12 + length == len(content)
    info = b"station-app/journal-mirror/1\n" + bytes.fromhex(header["salt"])
    cipher = FrameCipher(Secret(derived_key(info, station.key).reveal()))
    plain = cipher.open(content[frames + 12 :], found.digest)
    assert int.from_bytes(plain[:8], "little") == 1
    assert (plain[8:40], plain[40:104]) == (record.root, record.signature)
    assert int.from_bytes(plain[104:108], "little") == len(record.leaf)
    assert plain[108:] == record.leaf


def test_numbers_and_names() -> None:
    assert f"{LARGEST_FRAME:,}" in MIRROR
    assert MAGIC.decode().strip() in MIRROR
    assert re.findall(r"`(mirror_\w+)`", MIRROR)
