"""A station with two people, and snapshots of invented fingers to load into it."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import numpy as np

from station_app.biometrics import engines
from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.domain.election import ElectionDay
from station_app.domain.entries import Entry
from station_app.domain.fingers import FingerPosition
from station_app.domain.gallery import EnrolledTemplate
from station_app.domain.policy import PROVISIONAL
from station_app.domain.roles import Person, Role
from station_app.domain.voters import Voter
from station_app.flow.opening import open_unlocked
from station_app.flow.signed_settings import first_settings, trusted_of
from station_app.flow.station_journal import open_journal
from station_app.journal import Journal, VerifyReport, verify_journal
from station_app.journal.leaves import read_leaf
from station_app.journal.records import JOURNAL, read_records
from station_app.languages import voter_languages
from station_app.settings import Machine, StationKind
from station_app.snapshots import (
    ListHeader,
    ListKind,
    LoadingStation,
    ManifestFields,
    load_snapshot,
    loaded_list,
    write_container,
    write_list,
)
from station_app.vault import (
    Cost,
    Database,
    Enrolment,
    IdentityKind,
    Marks,
    Passphrase,
    People,
    Proof,
    PublicIdentity,
    Secret,
    Signer,
    StationFolder,
    StationIdentity,
    StationSecrets,
    Unlocked,
    pin,
)

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
MEMBER = "nine foxes cross the ice"
OPERATOR, CHAIR = "seven rivers carry books", "eight hills keep the snow"
JOURNAL_KEY, LIST_KEY = Secret(b"j" * 32), Secret(b"k" * 32)
SIGNER = Signer(Secret(b"i" * 32))
ISSUER = PublicIdentity(IdentityKind.ISSUER, "CEC", SIGNER.public_key, None)
DAY = ElectionDay("KG-2026", date(2026, 11, 29))
_SECOND_MEMBER = Enrolment(Person("m1", "G. Ismailova", Role.MEMBER), Passphrase(MEMBER))
PINS = (ISSUER,)
MACHINE = Machine(StationKind.LIVE, "9042", "1", ("ky",), voter_languages(), ())
Fingers = Sequence[tuple[int, EnrolledTemplate]]


def enrolled(engine: FingerEngine, voters: int, seed: int = 1) -> Fingers:
    """A finger of 45 random minutiae for each voter."""
    rng = np.random.default_rng(seed)

    def minutiae() -> Minutiae:
        return Minutiae(
            rng.integers(20, 240, 45).astype(np.int32),
            rng.integers(20, 300, 45).astype(np.int32),
            rng.integers(0, 256, 45).astype(np.uint8),
            np.sort(rng.integers(100, 255, 45).astype(np.uint8))[::-1].copy(),
        )

    return [
        (row, engine.enrol_minutiae(minutiae(), FingerPosition.RIGHT_INDEX, 80))
        for row in range(voters)
    ]


class LoadedStation:
    """A station's folder and what happens to it; with a second member where `member` says so."""

    def __init__(
        self,
        root: Path,
        fingers: Fingers,
        machine: Machine = MACHINE,
        pins: Sequence[PublicIdentity] = PINS,
        *,
        is_signed: bool = True,
        member: bool = False,
    ) -> None:
        self.kind = ListKind(machine.kind.value)
        self.folder = StationFolder(root / "station")
        self.folder.root.mkdir(parents=True)
        self.fingers = fingers
        self._stick = root / "stick"
        self._stick.mkdir()
        self.identity = StationIdentity.generate()
        self.own = self.identity.public("9042-1")
        self.folder.trusted.mkdir()
        pin(self.folder, pins, self.own, self.identity.signer())
        trusting = replace(machine, trusted=trusted_of(pins))
        signed = first_settings(self.folder, trusting, self.identity.signer())
        marks = Marks().with_settings(signed.sha256, signed.revision)
        if not is_signed:  # as the first version left it
            self.folder.settings.write_text(trusting.to_toml(), encoding="utf-8")
            marks = Marks()
        self.people = People.create(
            self.folder,
            "9042-1",
            StationSecrets(self.identity, JOURNAL_KEY, marks),
            Enrolment(Person("o1", "N. Sadyrova", Role.OPERATOR), Passphrase(OPERATOR)),
            Enrolment(Person("c1", "B. Osmonov", Role.CHAIR), Passphrase(CHAIR)),
            Cost(memory_kib=8, iterations=1),
            (_SECOND_MEMBER,) if member else (),
        )

    def load(
        self,
        sequence: int,
        *,
        voters: int | None = None,
        packed: Fingers | None = None,
        person: Callable[[int], Voter] | None = None,
        day: ElectionDay = DAY,
        faces: Fingers = (),
        fingerless: int | None = None,
    ) -> None:
        """A new snapshot; `packed` are other fingers in the gallery than those stored, `person`
        is who stands in a row. The voter of row `fingerless` has no finger in it.
        """
        count = len(self.fingers) if voters is None else voters
        fingers = [pair for pair in list(self.fingers)[:count] if pair[0] != fingerless]
        path = self._stick / f"{sequence}-{random.randrange(10**9)}.vsnap"
        plain = path.with_suffix(".vlist")
        header = ListHeader(
            kind=self.kind,
            election="KG-2026-11-29",
            precinct="9042",
            place="School",
            station="9042-1",
            seat="1",
            sequence=sequence,
            created=NOW,
            engines=tuple(dict.fromkeys((ENGINE, *(one.engine for _, one in faces)))),
            policy=PROVISIONAL,
            election_day=day,
        )
        chunks = engines.packed([*(fingers if packed is None else list(packed)[:count]), *faces])
        people = map(person or voter_in, range(count))
        templates = [*fingers, *faces]
        write_list(plain, LIST_KEY, header, voters=people, templates=templates, chunks=chunks)
        fields = ManifestFields(
            list_key=LIST_KEY,
            recipients=(self.own,),
            issuer="CEC",
            valid_from=NOW,
            valid_to=NOW.replace(day=30),
            counts={"portraits": 0, "bad_rows": 0},
        )
        write_container(plain, fields, SIGNER, path)
        load_snapshot(
            path,
            self.folder,
            LoadingStation(self.own, (ISSUER,), engines.engine_names()),
            NOW,
            by="t-1",
        )

    def open(self) -> int:
        """Two persons unlock; how many voters are on the list."""
        with self.unlocked() as unlocked:
            opened = open_unlocked(self.folder, unlocked, lambda: NOW)
            opened.close()
            return opened.voters.voters

    @contextmanager
    def unlocked(self) -> Iterator[Unlocked]:
        """Operator and chair have typed their passphrases."""
        unlocked = self.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
        try:
            yield unlocked
        finally:
            unlocked.lock()

    def leaders(self, unlocked: Unlocked) -> tuple[Proof, ...]:
        """The chair, who has unlocked, and a member agree."""
        return (*unlocked.proofs, self.people.prove(unlocked, "m1", Passphrase(MEMBER)))

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """The station's journal, as a desk has it open."""
        with self.unlocked() as unlocked:
            manifest = loaded_list(self.folder, (ISSUER,)).manifest
            with closing(open_journal(self.folder, unlocked, manifest, lambda: NOW)) as recorder:
                yield cast(Journal, recorder.journal)

    def entries(self) -> list[Entry]:
        """Everything in the journal."""
        database = Database.open_to_read(self.folder.journal, JOURNAL, JOURNAL_KEY)
        try:
            return [read_leaf(record.leaf)[0] for record in read_records(database)]
        finally:
            database.close()

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.entries()]

    def verified(self) -> VerifyReport:
        """The journal held against the station's public log key."""
        return verify_journal(self.folder.journal, JOURNAL_KEY, self.own.signing_key)


def voter_in(row: int) -> Voter:
    return Voter(
        voter_id=f"V-{row:016X}",
        list_number=row + 1,
        pin=f"2010119909{row:04d}",
        surname="Usonova",
        given_names="Ayperi",
        sex="f",
        born=date(1990, 1, 1),
        address="",
        page=1,
        line=row + 1,
        portrait=b"",
    )
