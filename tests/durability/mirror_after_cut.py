"""What a mirror must be after a power cut."""

from contextlib import closing
from hashlib import sha256
from pathlib import Path

from station_app.domain.errors import KnownError
from station_app.journal.mirror import Mirror, MirrorOwner
from station_app.journal.mirror_file import Frames, mirror_key, read_header
from station_app.journal.records import Record
from station_app.vault import AgeIdentity
from tests.durability.durable_station import KEY, ORIGIN, SIGNER

OWNER = MirrorOwner("9042-1", ORIGIN, SIGNER, KEY, (AgeIdentity.generate().recipient,))


def record(number: int) -> Record:
    """Entry `number`, of a length of its own; a mirror does not look into what it is given."""
    root = sha256(str(number).encode()).digest()
    return Record(number, f"leaf {number} ".encode() * (20 + number), root, root * 2, None)


def judge(disk: Path, said: str) -> str:
    """What is wrong with the mirror after this was said, "" for nothing.

    It is opened as a start does, goes on for an entry, and every entry is read.
    """
    told = [int(line.split()[1]) for line in said.splitlines() if line.startswith("mirrored")]
    least = max(told, default=0)
    try:
        with closing(Mirror.open(disk, OWNER)) as mirror:
            upto = mirror.upto
            mirror.append([record(upto + 1)])
            found = _read(mirror.path)
    except KnownError as error:
        return f"{error.code}: {least} mirrored"
    if upto < least:
        return f"lost: {least} mirrored, {upto} there"
    return "" if found == [record(number) for number in range(1, upto + 2)] else "changed"


def _read(path: Path) -> list[Record]:
    with path.open("rb") as file:
        header = read_header(file)
        frames = Frames(header, mirror_key(KEY, header.header.salt))
        return [
            Record(one.number, one.leaf, one.root, one.signature, None)
            for _, entries in frames.read(file)
            for one in entries
        ]
