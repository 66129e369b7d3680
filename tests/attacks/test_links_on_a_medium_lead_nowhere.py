"""What lies on a stick beforehand leads the program nowhere, and never holds it up.

Promise: whatever is written onto a medium replaces what lay in its place, and is never written
through it; whatever is read from one is a plain file of bounded size. The attack: a stick is
prepared with symbolic links, in place of the file or of its draft, to a key on the station's
disk; with links to `/dev/zero`, named pipes, folders and sparse files of 60 GB in place of what
a station reads. On version a9a29b6 a mirror, a public identity and a day log overwrote the key
through links named `*.new`; a pipe stopped the program for ever, `/dev/zero` filled its memory.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import FrameType

import pytest

from station_app.biometrics.images import read_finger_image
from station_app.biometrics.interchange import read_record
from station_app.centre.portraits import read_portrait
from station_app.centre.register import CsvEncoding, Register
from station_app.devices.media import files_on
from station_app.domain.errors import KnownError
from station_app.flow.day_log import write_day_log_csv
from station_app.journal.log_places import log_at
from station_app.journal.mirror import Mirror, MirrorOwner, load_header
from station_app.settings import read_plan
from station_app.snapshots import read_manifest
from station_app.snapshots.takeover_pack import open_pack
from station_app.vault import (
    AgeIdentity,
    PublicIdentity,
    Secret,
    Signer,
    StationIdentity,
    replace_file,
)
from tests.journal.opened_bundle import open_bundle

KEY = b"the station's only copy of its sealed secrets"
IDENTITY = StationIdentity.generate()
COMMISSION = AgeIdentity.generate()
OWNER = MirrorOwner(
    "9042-1",
    "station-app/live/9042-1",
    Signer(Secret(b"s" * 32)),
    Secret(b"k" * 32),
    (COMMISSION.recipient,),
)


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Nothing here may take longer than 20 seconds: a pipe would take for ever."""

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError("the program is held up")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "station.sealed"
    path.write_bytes(KEY)
    return path


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def _mirror(stick: Path) -> None:
    with closing(Mirror.open(stick, OWNER)):
        pass


def _csv(stick: Path) -> None:
    write_day_log_csv(stick, "9042-1-day-log.csv", (), lambda at: at)


WRITERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "mirror": ("9042-1.journal-mirror", _mirror),
    "identity": ("9042-1.station.json", lambda stick: IDENTITY.public("9042-1").save(stick)),
    "day log": ("9042-1-day-log.csv", _csv),
    "any file": ("paper.pdf", lambda stick: replace_file(stick / "paper.pdf", b"%PDF-")),
}


@pytest.mark.parametrize("what", WRITERS)
def test_a_link_in_place_of_the_draft(stick: Path, key: Path, what: str) -> None:
    name, write = WRITERS[what]
    (stick / f"{name}.new").symlink_to(key)
    write(stick)
    assert (stick / name).is_file()
    assert key.read_bytes() == KEY


@pytest.mark.parametrize("what", ["day log", "any file"])
def test_a_link_in_place_of_the_file_is_replaced(stick: Path, key: Path, what: str) -> None:
    name, write = WRITERS[what]
    (stick / name).symlink_to(key)
    write(stick)
    assert not (stick / name).is_symlink()
    assert key.read_bytes() == KEY


def test_a_link_in_place_of_an_identity_is_not_taken_for_one(stick: Path, key: Path) -> None:
    (stick / "9042-1.station.json").symlink_to(key)
    with pytest.raises(KnownError) as refused:
        IDENTITY.public("9042-1").save(stick)
    assert refused.value.code == "identity_damaged"
    assert key.read_bytes() == KEY


@pytest.mark.parametrize("what", ["link", "pipe", "folder of links"])
def test_a_mirror_that_is_none(stick: Path, key: Path, what: str) -> None:
    path = stick / OWNER.file_name
    if what == "link":
        path.symlink_to(key)
    elif what == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(stick)
    with pytest.raises(KnownError) as refused:
        _mirror(stick)
    assert refused.value.code == "mirror_damaged"
    assert key.read_bytes() == KEY


def test_drafts_that_were_cut_off_are_swept_and_links_among_them_not_followed(
    stick: Path, key: Path
) -> None:
    (stick / f"paper.pdf.{'0' * 16}.new").symlink_to(key)
    (stick / f"paper.pdf.{'1' * 16}.new").write_bytes(b"half a paper")
    replace_file(stick / "paper.pdf", b"%PDF-")
    assert [path.name for path in stick.iterdir()] == ["paper.pdf"]
    assert key.read_bytes() == KEY


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "snapshot": ("vsnap_not_a_snapshot", read_manifest),
    "takeover pack": ("takeover_not_a_pack", lambda path: open_pack(path, ())),
    "mirror": ("", load_header),
    "bundle": ("", lambda path: open_bundle(path, COMMISSION)),
    "identity": ("identity_damaged", PublicIdentity.load),
    "image": ("image_unreadable", read_finger_image),
    "template": ("template_unreadable", read_record),
    "portrait": ("portrait_unreadable", read_portrait),
    "register": ("", lambda path: Register.open(path, CsvEncoding.UTF8, lambda *_: None)),
    "plan": ("settings_unreadable", read_plan),
    "log": ("", log_at),
}
"""What reads a file of a medium, and the code of its refusal; empty for `not_a_regular_file`."""

TRAPS: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "link to zeros": lambda path: path.symlink_to("/dev/zero"),
    "link to a file": lambda path: path.symlink_to(path.with_name("station.sealed")),
    "folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("what", READERS)
def test_what_is_no_plain_file_is_not_read(tmp_path: Path, key: Path, what: str, trap: str) -> None:
    if (what, trap) == ("log", "folder"):
        pytest.skip("a log may be a folder")
    code, read = READERS[what]
    path = tmp_path / "trap"
    TRAPS[trap](path)
    with pytest.raises(KnownError) as refused:
        read(path)
    assert refused.value.code == (code or "not_a_regular_file")


@pytest.mark.parametrize("what", [one for one in READERS if one not in ("register", "plan")])
def test_a_sparse_file_of_60_gigabytes(tmp_path: Path, what: str) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        try:
            file.truncate(60 << 30)
        except OSError:
            pytest.skip("this file system holds no such file")
    with pytest.raises(KnownError) as refused:
        READERS[what][1](path)
    too_large = {"image": "image_too_large", "template": "template_too_large"}
    too_large |= {"portrait": "portrait_too_large"}
    code = READERS[what][0] or "file_too_large"
    assert refused.value.code == too_large.get(what, code)


def test_traps_are_not_offered(stick: Path, key: Path) -> None:
    """The list of snapshots on a stick shows plain files, and is made without opening any."""
    os.mkfifo(stick / "a.vsnap")
    (stick / "b.vsnap").symlink_to(key)
    (stick / "c.vsnap").mkdir()
    (stick / "d.vsnap").write_bytes(b"VSNAP1\n")
    assert [one.path.name for one in files_on(stick, ".vsnap")] == ["d.vsnap"]
