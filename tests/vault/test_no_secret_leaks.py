"""Everything a whole run writes or says is searched for passphrases and keys.

The run sets a station up, unlocks it, changes its people, mistypes, meets damaged files and
makes the commission's keys. Files, standard output and error, log records, exceptions with
their causes and local variables, and reprs are searched for every secret as text and as
raw, hex and base64 bytes.
"""

import base64
import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from station_app.domain.roles import Role
from station_app.vault import (
    AgeIdentity,
    Database,
    FileKind,
    IdentityKind,
    Passphrase,
    People,
    PublicIdentity,
    StationFolder,
    StationSecrets,
    create_issuer,
    create_recipient,
    open_issuer,
    open_recipient,
    seal,
    unseal,
)
from tests.vault.people_samples import (
    CHAIR,
    OPERATOR,
    OTHERS,
    QUICK,
    STATION,
    WRONG,
    BootClock,
    person,
)

NEW = Passphrase("жаңы узун сөз тап")
ANOTHER = Passphrase("башка узун сөз тап")
SIGNS = Passphrase("мөөр басуучу төрт сөз")
OPENS = Passphrase("ача турган төрт сөз")
THEIRS = [one.passphrase for one in (OPERATOR, CHAIR, *OTHERS)]
NOTES = FileKind(0x54455354, 1, "notes", "notes", "", ("CREATE TABLE note (text)",))
PART = 12
"""Bytes of a secret that may not be found either, from its start or its end."""


def forms(secret: bytes) -> Iterator[bytes]:
    """How a secret could stand somewhere."""
    yield from (secret, secret[:PART], secret[-PART:])
    yield repr(secret)[2:-1].encode()
    for text in (secret.hex(), secret.hex().upper()):
        yield from (text.encode(), text[: 2 * PART].encode())
    # In base64 a secret looks different at each of three places.
    for before in range(3):
        for encode in (base64.standard_b64encode, base64.urlsafe_b64encode):
            yield encode(bytes(before) + secret)[4 : 4 + 12]
            yield encode(bytes(before) + secret)[4:-8]
    yield base64.b32encode(secret)[:20]


@dataclass
class Run:
    """What was said and made in a run."""

    secrets: dict[str, bytes] = field(default_factory=dict, repr=False)
    said: list[str] = field(default_factory=list, repr=False)

    def keep(self, name: str, secret: bytes) -> None:
        self.secrets[name] = secret

    def tell(self, *things: object) -> None:
        self.said += [f"{thing!r} {thing!s} {thing}" for thing in things]

    def fail(self, act: Callable[..., object], *values: Any, **named: Any) -> None:
        try:
            act(*values, **named)
        except Exception as error:
            self.said.append(repr(error))
            # As a crash report would have it, with every frame's variables.
            report = traceback.TracebackException.from_exception(error, capture_locals=True)
            self.said += list(report.format())
            logging.getLogger("test").exception("refused")
        else:
            pytest.fail(f"{act} was not refused")


def work(run: Run, home: Path) -> None:
    for number, passphrase in enumerate([*THEIRS, NEW, ANOTHER, SIGNS, OPENS, WRONG]):
        run.keep(f"passphrase {number}", passphrase.reveal())
    clock = BootClock()
    folder = StationFolder(home / "station")
    secrets = StationSecrets.generate()
    run.keep("signing seed", secrets.identity.signing_seed.reveal())
    run.keep("age identity", secrets.identity.age.reveal())
    run.keep("journal key", secrets.journal_key.reveal())
    people = People.create(folder, STATION, secrets, OPERATOR, CHAIR, QUICK, OTHERS, clock)
    public = secrets.identity.public(STATION)
    public.write(folder.public_identity)
    run.tell(secrets, secrets.identity, people, OPERATOR, public, THEIRS)
    change_people(run, people, folder, clock)
    damage(run, people, folder)
    run_journal(run, folder, secrets)
    run_commission(run, home, public)


def change_people(run: Run, people: People, folder: StationFolder, clock: BootClock) -> None:
    entered = [people.enter(one.person.id, one.passphrase) for one in (OPERATOR, CHAIR, OTHERS[2])]
    for one in entered:
        run.keep(f"share {one.person.id}", one.share.reveal())
    unlocked = people.join(*entered[:2])
    run.keep("station key", unlocked.station_key().reveal())
    run.tell(unlocked, entered, unlocked.identity, unlocked.journal_key, unlocked.proofs)
    proofs = unlocked.proofs
    added = person("m2", Role.MEMBER)
    people.add(unlocked, proofs, added, NEW)
    people.replace_passphrase(unlocked, proofs, "m1", ANOTHER)
    run.fail(people.replace_passphrase, unlocked, proofs, "m1", NEW)
    people.remove(unlocked, proofs, "m2")
    run.fail(people.join, *entered[::2])
    run.fail(people.add, unlocked, proofs, added, Passphrase("ten letters"[:10]))
    run.fail(people.add, unlocked, [], added, NEW)
    run.fail(people.add, unlocked, proofs, OPERATOR.person, NEW)
    run.fail(people.remove, unlocked, proofs, "c1")
    run.fail(people.unlock, "o1", THEIRS[0], "c1", WRONG)
    for _ in range(6):
        run.fail(people.prove, unlocked, "m1", WRONG)
    run.tell(people.attempts)
    clock.now += 61
    run.fail(People.create, folder, STATION, None, OPERATOR, CHAIR, QUICK)
    unlocked.lock()
    run.fail(lambda: unlocked.journal_key)
    run.tell(unlocked)


def damage(run: Run, people: People, folder: StationFolder) -> None:
    for path in (folder.sealed_secrets, folder.people):
        whole = path.read_bytes()
        path.write_bytes(whole[:-40] + bytes(20) + whole[-20:])
        run.fail(people.unlock, "o1", THEIRS[0], "c1", THEIRS[1])
        path.write_bytes(whole)


def run_journal(run: Run, folder: StationFolder, secrets: StationSecrets) -> None:
    database = Database.build(folder.journal, NOTES, secrets.journal_key)
    run.tell(database)
    run.fail(database.execute, "SELECT * FROM nothing")
    database.close()
    run.fail(Database.open_log, folder.journal, NOTES, secrets.identity.signing_seed)


def run_commission(run: Run, home: Path, station: PublicIdentity) -> None:
    folder = home / "centre"
    folder.mkdir()
    create_issuer("БШК", folder, SIGNS, QUICK)
    recipient = create_recipient("БШК", folder, OPENS, QUICK)
    signer = open_issuer(folder / "БШК.issuer-key.json", SIGNS)
    age = open_recipient(folder / "БШК.recipient-key.json", OPENS)
    run.keep("commission's age identity", age.reveal())
    run.tell(signer, age, recipient, PublicIdentity.load_all(folder, IdentityKind.ISSUER))
    run.fail(open_issuer, folder / "БШК.issuer-key.json", OPENS)
    run.fail(open_recipient, folder / "БШК.recipient-key.json", SIGNS)
    run.fail(create_issuer, "БШК", folder, SIGNS, QUICK)
    list_key = bytes(range(100, 132))
    run.keep("list key", list_key)
    assert station.recipient is not None
    sealed = seal(list_key, [station.recipient])
    (home / "sealed.age").write_bytes(sealed)
    run.fail(unseal, sealed, age)
    run.fail(unseal, sealed[:-1], AgeIdentity.generate())
    typed = home / "passphrase.txt"
    typed.touch(mode=0o644)
    typed.write_bytes(SIGNS.reveal())
    run.fail(Passphrase.from_file, typed)
    typed.unlink()


def test_no_secret_is_written_or_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    run = Run()
    with caplog.at_level(logging.DEBUG):
        work(run, tmp_path)
    out, err = capfd.readouterr()
    places = {
        "standard output": out.encode(),
        "standard error": err.encode(),
        "log": caplog.text.encode(),
        "said": "\n".join(run.said).encode(),
    }
    for path in sorted(tmp_path.rglob("*")):
        places[str(path.name)] = str(path).encode() + (path.read_bytes() if path.is_file() else b"")
    assert len(run.secrets) == 19
    assert len(places) > 10
    found = [
        f"{name} in {place}"
        for name, secret in run.secrets.items()
        for place, content in places.items()
        if any(form in content for form in forms(secret))
    ]
    assert not found


@pytest.mark.parametrize("place", range(3))
def test_the_search_finds_what_is_there(place: int) -> None:
    secret = bytes(range(200, 232))
    around = bytes([7]) * place + secret + b"after"
    for content in (
        around,
        repr(around).encode(),
        around.hex().encode(),
        around.hex().upper().encode(),
        base64.b64encode(around),
        base64.urlsafe_b64encode(around),
        base64.b64encode(secret[:20]),
    ):
        assert any(form in content for form in forms(secret)), content
