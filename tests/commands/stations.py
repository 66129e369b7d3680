"""A commission's table and a bare machine, to set up from the command line."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine, pack
from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.domain.election import ElectionDay
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.policy import PROVISIONAL
from station_app.snapshots import (
    ListHeader,
    ListKind,
    ManifestFields,
    write_container,
    write_list,
)
from station_app.synthetic.register import invent_register
from station_app.vault import Passphrase, PublicIdentity, Secret, StationFolder, open_issuer
from tests.commands.typed_words import answer, secret_file

ISSUER_WORDS = "мөөр басуучу төрт сөз"
PEOPLE = {
    "o1": ("Айбек Асанов", "operator"),
    "c1": ("Бермет Сыдыкова", "chair"),
    "m1": ("Нурлан Токтогулов", "member"),
    "t1": ("Азамат Рысалиев", "technician"),
}
PLAN = """
[station]
kind = "training"
precinct = "9042"
kit = "1"
folder = "station"

[devices.finger_scanner]
driver = "simulated"

[trust]
issuers = ["БШК.issuer.json"]
recipients = ["БШК.recipient.json"]

[list]
snapshot = "9042-1.vsnap"
"""


def _fingers() -> list[tuple[int, EnrolledTemplate]]:
    """One finger of random minutiae, of the first voter."""
    rng = np.random.default_rng(1)
    minutiae = Minutiae(
        rng.integers(20, 240, 45).astype(np.int32),
        rng.integers(20, 300, 45).astype(np.int32),
        rng.integers(0, 256, 45).astype(np.uint8),
        np.sort(rng.integers(100, 255, 45).astype(np.uint8))[::-1].copy(),
    )
    return [(0, FingerEngine(1).enrol_minutiae(minutiae, FingerPosition.RIGHT_INDEX, 80))]


_FINGERS = _fingers()


def passphrase_of(id_: str) -> str:
    return f"жети өмүр китеп {id_}"


class Table:
    """The files of one provisioning in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.words = secret_file(folder / "issuer-words", ISSUER_WORDS)
        for kind in ("issuer", "recipient"):
            answer(kind, "create", "БШК", "--out", folder, "--passphrase-file", self.words)
        self.secrets = folder / "secrets"
        self.secrets.mkdir()
        for id_ in PEOPLE:
            secret_file(self.secrets / f"{id_}.passphrase", passphrase_of(id_))
        self.config = folder / "station.toml"
        self.write()
        self.station = StationFolder(folder / "station")

    def write(self, **changed: str) -> None:
        """The plan, with texts replaced."""
        text = PLAN + "".join(
            f'\n[[people]]\nid = "{id_}"\nname = "{name}"\nrole = "{role}"\n'
            for id_, (name, role) in PEOPLE.items()
        )
        for old, new in changed.items():
            assert old in text
            text = text.replace(old, new)
        self.config.write_text(text, encoding="utf-8")

    def brings(self, path: str, content: bytes, table: str = "executables") -> Path:
        """A file beside the plan, and its line in the plan."""
        place = self.folder / path
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        text = self.config.read_text("utf-8")
        line = f'[{table}]\n"{path}" = "{digest}"\n\n[trust]'
        self.config.write_text(text.replace("[trust]", line, 1), "utf-8")
        return place

    @property
    def digits(self) -> list[str]:
        kinds = ("issuer", "recipient")
        return [
            word
            for kind in kinds
            for word in (
                f"--accept-{kind}",
                PublicIdentity.load(self.folder / f"БШК.{kind}.json").digits(),
            )
        ]

    def provisioning(self, *words: str | Path) -> list[str | Path]:
        """The command with everything given."""
        given = ("--config", self.config, "--passphrase-dir", self.secrets)
        return ["provision", *given, *self.digits, *words]

    def provision(self, *words: str | Path, code: int = 0) -> Any:
        return answer(*self.provisioning(*words), code=code)

    def sign(self, *words: str | Path, code: int = 0) -> Any:
        """The plan's settings, which o1 and c1 sign."""
        by = ("--member", "c1", "--passphrase-dir", self.secrets)
        return answer("settings", "apply", self.config, *by, *words, code=code)

    def snapshot(
        self, voters: int = 3, sequence: int = 1, days: int = 7, *also: PublicIdentity
    ) -> Path:
        """A list with one finger, sealed to the station, valid for some days from yesterday."""
        key, path = Secret(bytes(range(32))), self.folder / "9042-1.vlist"
        now = datetime.now(UTC)
        header = ListHeader(
            kind=ListKind.TRAINING,
            election="Шайлоо 2026",
            precinct="9042",
            place="№ 5 мектеп, «Ынтымак»",
            station="",
            seat="",
            sequence=sequence,
            engines=(ENGINE,),
            created=now - timedelta(days=1),
            policy=PROVISIONAL,
            election_day=ElectionDay("KG-2026", date(2026, 11, 29)),
        )
        people = [one.voter for one in invent_register(voters, 7)]
        write_list(path, key, header, voters=people, templates=_FINGERS, chunks=pack(_FINGERS))
        fields = ManifestFields(
            list_key=key,
            recipients=(PublicIdentity.load(self.station.public_identity), *also),
            issuer="БШК",
            valid_from=now - timedelta(days=1),
            valid_to=now + timedelta(days=days),
            counts={"portraits": 0, "bad_rows": 2},
        )
        signer = open_issuer(self.folder / "БШК.issuer-key.json", Passphrase(ISSUER_WORDS))
        write_container(path, fields, signer, out := self.folder / "9042-1.vsnap")
        path.unlink()
        return out
