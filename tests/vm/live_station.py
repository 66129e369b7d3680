"""The commission's side of the live station: its keys, its list, and what it collects afterwards.

The voters are invented, their fingers are those of FVC2002 DB1; without that set nothing is run.
Whatever holds a picture of a real finger is in a folder that is gone at the end.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from station_app.synthetic.register import invent_register, register_csv
from station_app.vault import Passphrase, open_recipient
from tests.centre.postgres_server import create_database, running_server
from tests.commands.typed_words import secret_file
from tests.journal import independent_verifier
from tests.journal.opened_bundle import open_bundle
from tests.vm.courier import ENROLLED, IMPRESSIONS, PEOPLE, STRANGER, Courier
from tests.vm.pytest_in_vm import OUT, Ran, Row, suites_in_vm
from tests.vm.uareu4500 import LINES, WIDTH
from tests.vm.virtual_machine import ROOT

FINGERS: Final = (
    Path(os.environ.get("STATION_REAL_FINGERS") or ROOT.parent / "shared/data/fingerprints")
    / "fvc2002_db1"
)
LIVE: Final = "live_station"
_FVC_PPI: Final = 500
_READER_PPI: Final = 512
_BISHKEK: Final = timezone(timedelta(hours=6))
_WORDS: Final = "orchard violin issuer copper"
_ENVIRONMENT: Final = os.environ | {"TZ": "Asia/Bishkek"}


@dataclass(frozen=True, slots=True)
class Steps:
    """What was done on this side, and how long it took."""

    done: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """One of them."""
        began = time.monotonic()
        yield
        self.done.append((what, round(time.monotonic() - began, 1)))


class Commission:
    """Its computer: keys, register and policy in a folder, and the courier's folder beside it."""

    def __init__(self, folder: Path, courier: Courier) -> None:
        self._folder, self.courier = folder, courier
        self._words = secret_file(folder / "words", _WORDS)
        self._keys = folder / "keys"

    def prepare(self) -> None:
        """Keys, the plan of the station, and what will lie on the reader's glass."""
        digits = {}
        for kind in ("issuer", "recipient"):
            _command(
                kind, "create", "Commission", "--out", self._keys, "--passphrase-file", self._words
            )
            public = self._keys / f"Commission.{kind}.json"
            (shown,) = json.loads(_command(kind, "show", public, "--json"))
            digits[f"--accept-{kind}"] = shown["digits"]
            self.courier.bring(public.name, public.read_bytes())
        self.courier.tell("digits", digits)
        self.courier.bring("station.toml", _plan().encode())
        for finger in (*ENROLLED, STRANGER):
            for impression in IMPRESSIONS:
                frame = on_the_glass(FINGERS / f"{finger}_{impression}.png")
                self.courier.bring(self.courier.glass(finger, impression).name, frame)

    def issue(self, steps: Steps) -> None:
        """Once the station's identity has come: a live list for it, sealed and signed."""
        identity = self.courier.wait_for("*.station.json")
        with steps.step("commission: live list built of impression 1, signed and sealed"):
            self._build(identity)

    def _build(self, identity: Path) -> None:
        stations, fingers = self._folder / "stations", self._folder / "fingers"
        for made in (stations, fingers):
            made.mkdir()
        (stations / identity.name).write_bytes(identity.read_bytes())
        voters = [one.voter for one in invent_register(len(ENROLLED), 7)]
        for voter, finger in zip(voters, ENROLLED, strict=True):
            image = (FINGERS / f"{finger}_1.png").read_bytes()
            (fingers / f"{voter.voter_id}_2.png").write_bytes(image)
        register, policy = self._folder / "register.csv", self._folder / "policy.toml"
        register.write_text(register_csv(voters, "9042", "School 5"), encoding="utf-8")
        policy.write_text(_policy(), encoding="utf-8")
        out = self._folder / "lists"
        _command(
            "snapshot", "build", "--register", register, "--fingers", fingers, "--policy", policy,
            "--recipients", stations, "--sign", self._keys / "Commission.issuer-key.json",
            "--passphrase-file", self._words, "--precinct", "9042", "--out", out, "--jobs", "1",
            "--strict",
        )  # fmt: skip
        (snapshot,) = out.glob("*.vsnap")
        self.courier.tell(
            "numbers", {f: v.list_number for f, v in zip(ENROLLED, voters, strict=True)}
        )
        self.courier.bring(snapshot.name, snapshot.read_bytes())

    def collect(self) -> None:
        """The report counts what the station counted, from what the courier brought back."""
        key = self._keys / "Commission.recipient-key.json"
        with running_server("fsync=off", "max_connections=10", "shared_buffers=16MB") as server:
            database = create_database(server, "centre")
            _command(
                "centre", "collect", self.courier.folder, "--database", database,
                "--recipient", key, "--passphrase-file", self._words,
                "--keys", self._folder / "stations", "--jobs", "1",
            )  # fmt: skip
            said = _command("centre", "report", "--database", database, "--json", codes=(0, 3))
        report = json.loads(said)
        (precinct,) = report["precincts"]
        counted = self.courier.read("counted")
        assert {name: precinct[name] for name in counted} == counted
        assert report["alarms"] == [], report["alarms"]

    def verify(self) -> None:
        """The exported journal is sound, says a program that shares nothing with this one."""
        key = open_recipient(self._keys / "Commission.recipient-key.json", Passphrase(_WORDS))
        bundle = open_bundle(self.courier.wait_for("*.journal.age", 0), key)
        log = self._folder / "log"
        for name, content in bundle.log.items():
            (log / name).parent.mkdir(parents=True, exist_ok=True)
            (log / name).write_bytes(content)
        signing = bundle.identity.signing_key
        assert signing is not None
        said = _run([sys.executable, independent_verifier.__file__, log, signing.hex()])
        assert said == "sound\n", said


def live_station(beside: Sequence[str]) -> Ran:
    """The whole of it; the steps of both sides are printed, with their times.

    `beside` are suites that its machine runs afterwards.
    """
    if not FINGERS.is_dir():
        ran = suites_in_vm(beside) if beside else Ran([], 0.0)
        return replace(
            ran, rows=[Row(LIVE, skipped={f"no finger images in {FINGERS}": 1}), *ran.rows]
        )
    steps = Steps()
    out = OUT / LIVE
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="station-app-commission-") as folder:
        commission = Commission(Path(folder), Courier(out / "courier"))
        commission.courier.folder.mkdir(parents=True)
        try:
            ran = _day(beside, commission, steps)
        finally:
            shutil.rmtree(commission.courier.folder)
    _print_steps(out / "steps.jsonl", steps)
    return ran


def _day(beside: Sequence[str], commission: Commission, steps: Steps) -> Ran:
    with steps.step("commission: keys, plan, images for the reader"):
        commission.prepare()
    with ThreadPoolExecutor(1) as machine:
        environment = "STATION_COURIER=/vmout/courier TZ=Asia/Bishkek"
        running = machine.submit(suites_in_vm, [LIVE, *beside], environment=environment)
        try:
            commission.issue(steps)
        except AssertionError as fault:
            commission.courier.bring("refused", str(fault).encode())
        ran = running.result()
    row = ran.rows[0]
    if row.faults or row.skipped:
        return ran
    for what, act in (
        ("commission: journal verified by the independent verifier", commission.verify),
        ("commission: journal collected and reported", commission.collect),
    ):
        try:
            with steps.step(what):
                act()
        except AssertionError as fault:
            row.faults.append(f"{what}: {fault}")
        else:
            row.passed += 1
    return ran


def _print_steps(inside: Path, steps: Steps) -> None:
    lines = inside.read_text().splitlines() if inside.exists() else []
    for what, seconds in (*map(json.loads, lines), *steps.done):
        print(f"  {seconds:7.1f} s  {what}")


def on_the_glass(path: Path) -> bytes:
    """An image of FVC2002 as the reader would see it: its resolution, its frame, dark ridges.

    The frame is lower than the image: of the image's height the part with most ridges is kept.
    """
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert image is not None, path
    scale = _READER_PPI / _FVC_PPI
    seen = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    height, width = seen.shape
    ridges = np.abs(cv2.Laplacian(seen.astype(np.float32), cv2.CV_32F))
    rows, columns = ridges.sum(axis=1), ridges.sum(axis=0)
    top = int(np.convolve(rows, np.ones(LINES), "valid").argmax())
    left = int(np.convolve(columns, np.ones(WIDTH), "valid").argmax())
    assert height >= LINES
    assert width >= WIDTH
    return seen[top : top + LINES, left : left + WIDTH].tobytes()


def _plan() -> str:
    people = "".join(
        f'\n[[people]]\nid = "{id_}"\nname = "{name}"\nrole = "{role}"\n'
        for id_, (name, role) in PEOPLE.items()
    )
    return (
        '[station]\nkind = "live"\nprecinct = "9042"\nkit = "1"\nfolder = "/run/disk/station"\n'
        'languages = ["en", "ky", "ru"]\n\n[devices.finger_scanner]\ndriver = "libfprint"\n\n'
        '[devices.printer]\ndriver = "escpos"\n\n'
        '[trust]\nissuers = ["Commission.issuer.json"]\n'
        'recipients = ["Commission.recipient.json"]\n'
        f"{people}"
    )


def _policy() -> str:
    """The example's, for a live election of today."""
    today = datetime.now(UTC).astimezone(_BISHKEK)
    example = ROOT / "voter_snapshots" / "example" / "policy.toml"
    text = example.read_text(encoding="utf-8")
    for old, new in (
        ('kind = "training"', 'kind = "live"'),
        ("date = 2026-11-29", f"date = {today.date()}"),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


def _command(*words: str | Path, codes: tuple[int, ...] = (0,)) -> str:
    """`station-app WORDS`, as a program."""
    return _run([sys.executable, "-m", "station_app", *words], codes)


def _run(words: list[str | Path], codes: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(
        list(map(str, words)), cwd=ROOT, env=_ENVIRONMENT, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode in codes, (words, done.stdout, done.stderr)
    return done.stdout
