"""The promise: a bad source on a stick costs itself and nothing else.

The attack: a stick with a journal that was not written by a station, or with things that are no
files at all. On version a9a29b6 one of them ended the whole collecting, for all journals of all
stations: a NUL in a name, a link to /dev/zero, a sparse bundle of 5 or 60 GB, a folder that this
user may not read (an ext4 stick has one from the beginning, `lost+found`); a pipe hung it for
ever.

Now each is refused alone, under a code that says why, within seconds and a bounded memory,
and every other journal on the stick is collected.
"""

import io
import json
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from station_app.centre.collecting.collect import Collection
from station_app.centre.collecting.collect import collect as collect_all
from station_app.journal.checkpoints import Checkpoint
from station_app.journal.tlog_tiles import log_files
from station_app.vault import AgeIdentity, seal
from tests.attacks.attacked_centre import AttackedCentre, MadeLog, a_day, lay
from tests.centre.made_logs import root

MEMORY = 3 << 30
SECONDS = 60
_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
from station_app.assembly.command_line import app
app(sys.argv[2:])
"""


def collect(centre: AttackedCentre, code: int = 1) -> dict[str, str]:
    """What becomes of each source, in a process with little memory and little time."""
    given = [
        "centre",
        "collect",
        centre.stick,
        "--database",
        centre.database,
        "--jobs",
        1,
        "--json",
    ]
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(MEMORY), *map(str, given)],
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert time.monotonic() - started < SECONDS
    return {
        Path(one["path"]).name: one["code"] or one["loaded"]["arrival"]
        for one in json.loads(done.stdout)["arrived"]
    }


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def test_things_that_are_no_files(centre: AttackedCentre) -> None:
    for name in ("pipe", "zero", "passwords", "dangling", "socketless"):
        lay(a_day("9042-2", range(3)), centre.stick / name)
    os.mkfifo(centre.stick / "pipe" / "tile" / "entries" / "pipe")
    for name, target in (
        ("zero", "/dev/zero"),
        ("passwords", "/etc/passwd"),
        ("dangling", "/nowhere"),
    ):
        (centre.stick / name / "tile" / "more").symlink_to(target)
    (centre.stick / "socketless" / "checkpoint").unlink()
    os.mkfifo(centre.stick / "socketless" / "checkpoint")
    os.mkfifo(centre.stick / "pipe.journal.age")
    (centre.stick / "zero.journal.age").symlink_to("/dev/zero")
    (centre.stick / "round").symlink_to(centre.stick)
    lay(a_day("9042-1", range(3)), centre.stick / "good")
    names = ("pipe", "zero", "passwords", "dangling", "socketless", "pipe.journal.age",
             "zero.journal.age")  # fmt: skip
    assert collect(centre) == dict.fromkeys(names, "not_a_regular_file") | {"good": "new"}


def test_things_that_are_too_large(centre: AttackedCentre) -> None:
    sparse(centre.stick / "5.journal.age", 5 << 30)
    sparse(centre.stick / "60.journal.age", 60 << 30)
    lay(a_day("9042-2", range(3)), centre.stick / "tile of 60 GB")
    sparse(centre.stick / "tile of 60 GB" / "tile" / "x", 60 << 30)
    many = lay(a_day("9042-3", range(3)), centre.stick / "30,000 names")
    for number in range(30_000):
        (many / "tile" / f"{number}").touch()
    claims = lay(a_day("9042-4", range(3)), centre.stick / "claims 10^18 entries")
    note = (claims / "checkpoint").read_text().split("\n")
    (claims / "checkpoint").write_text("\n".join([note[0], "9" * 18, *note[2:]]))
    lay(a_day("9042-1", range(3)), centre.stick / "good")
    assert collect(centre) == {
        "5.journal.age": "file_too_large",
        "60.journal.age": "file_too_large",
        "tile of 60 GB": "file_too_large",
        "30,000 names": "file_too_large",
        "claims 10^18 entries": "log_damaged",
        "good": "new",
    }


def named(origin: str) -> MadeLog:
    """A log that calls itself anything."""

    class Named(MadeLog):
        @property
        def origin(self) -> str:
            return origin

    return Named("9042-9")


def test_names_that_no_station_has(centre: AttackedCentre) -> None:
    origins = (
        "station-app/live/9042\0-1",
        "station-app/live/\x1b]0;owned\x07-1",
        "station-app/live/../../etc-1",
        "station-app/live/9042?-1",
        "station-app/live/" + "9" * 300 + "-1",
        "station-app/live/9042\u202e-1",
        "elsewhere",
    )
    for number, origin in enumerate(origins):
        lay(named(origin), centre.stick / f"bad {number}")
    lay(a_day("9042-1", range(3)), centre.stick / "good")
    bad = {f"bad {number}": "log_of_no_station" for number in range(len(origins))}
    assert collect(centre) == bad | {"good": "new"}


HOSTILE = {
    "deep": b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "a long number": b'{"kind":"x","n":' + b"9" * 60_000 + b"}",
    "no number": b'{"kind":NaN}',
    "no text": b"\xff\xfe{}",
    "no object": b"[]",
    "no entry": b"not json",
    "a long voter": (
        b'{"kind":"outcome","outcome":"identified","at":"2026-10-04T01:00:00.000Z","voter_id":"'
        + os.urandom(30_000).hex().encode()[:60_000]
        + b'"}'
    ),
}
"""Leaves that a key holder can sign, and no station would."""
ODD = {
    "a huge number": b'{"kind":"x","n":1e999999}',
    "the last year": b'{"kind":"outcome","at":"9999-12-31T23:59:59.999Z"}',
    "the first year": b'{"kind":"outcome","at":"0001-01-01T00:00:00.000Z"}',
    "NUL in a takeover": b'{"kind":"taken_over","origin":"\\u0000","public_key":"00","size":9}',
    "half a character": rb'{"kind":"\ud800","at":"soon"}',
    "SQL": b'{"kind":"outcome","outcome":"identified","voter_id":"\';DROP SCHEMA station_app;--"}',
}
"""Leaves that are kept as they were signed, whatever they say."""


def test_contents_that_no_station_writes(centre: AttackedCentre) -> None:
    for number, (name, leaf) in enumerate((HOSTILE | ODD).items()):
        log = a_day(f"{5000 + number}-1", range(3))
        log.leaves.append(leaf)
        lay(log, centre.stick / name)
    lay(a_day("9042-1", range(3)), centre.stick / "good")
    found = collect(centre)
    assert found == dict.fromkeys(HOSTILE, "log_unreadable") | dict.fromkeys(ODD, "new") | {
        "good": "new"
    }


def test_a_note_that_its_key_has_not_signed(centre: AttackedCentre) -> None:
    log, other = a_day("9042-2", range(3)), a_day("9042-2", range(3))
    place = lay(log, centre.stick / "forged")
    head = Checkpoint(log.origin, log.size, root(log.leaves))
    signer = other.identity.signer()
    note = head.note(log.identity.signer().public_key, head.sign(signer))
    (place / "checkpoint").write_text(note)
    lay(a_day("9042-1", range(3)), centre.stick / "good")
    assert collect(centre) == {"forged": "log_damaged", "good": "new"}


def test_folders_that_this_user_may_not_read(
    centre: AttackedCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = a_day("9042-1", range(3))
    lay(log, centre.stick / "good")
    for name in ("lost+found", "closed"):
        (centre.stick / name).mkdir()
    if os.geteuid() == 0:
        # Root reads everything: the refusal of the kernel is said in its place.
        walk = os.walk

        def refusing(top: Path, onerror: object = None) -> object:
            for place, folders, files in walk(top):
                for name in ("closed", "lost+found"):
                    if name in folders:
                        folders.remove(name)
                        assert callable(onerror)
                        onerror(PermissionError(13, "no", os.path.join(place, name)))  # noqa: PTH118
                yield place, folders, files

        monkeypatch.setattr("station_app.centre.collecting.log_sources.os.walk", refusing)
    else:
        for name in ("lost+found", "closed"):
            (centre.stick / name).chmod(0)
    assert centre.collect(code=1) == {"closed": "log_source_unreadable", "good": "new"}


def test_a_bundle_that_is_sealed_well_and_holds_anything(centre: AttackedCentre) -> None:
    """Anybody can seal to the commission: what comes out of a seal is as hostile as a stick."""
    commission = AgeIdentity.generate()
    good = a_day("9042-1", range(3))
    good.seal(centre.stick, commission)
    log = list(log_files(good.note(), good.leaves))
    identity = ("station.json", good.public.to_bytes())
    for name, members in {
        "leads out": [identity, *log, ("../../out", b"x")],
        "twice": [identity, *log, log[0]],
        "no station": log,
        "30,000 names": [identity, *log, *((f"tile/x/{n}", b"") for n in range(30_000))],
    }.items():
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            for member, content in members:
                about = tarfile.TarInfo(member)
                about.size = len(content)
                tar.addfile(about, io.BytesIO(content))
        sealed = seal(packed.getvalue(), [commission.recipient])
        (centre.stick / f"{name}.journal.age").write_bytes(sealed)
    found = collect_all(
        Collection(centre.database, (centre.stick,), commission, jobs=1), lambda *_: None
    )
    codes = {Path(one.path).name.removesuffix(".journal.age"): one.code for one in found.arrived}
    assert codes == {
        "leads out": "bundle_damaged",
        "twice": "bundle_damaged",
        "no station": "bundle_damaged",
        "30,000 names": "log_damaged",
        f"9042-1-{good.size:08}": "",
    }
