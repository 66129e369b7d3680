"""The promise: a station works with the settings that two persons have signed, and no others.

The attack: `settings.toml` was a plain file. On version a9a29b6 an old journal put back under an
old head was refused as long as the mirror was configured; with the `[mirror]` table taken out of
the file it was opened, and neither the journal nor the readiness sheet said a word. A plan with
invented drivers was provisioned and the station was READY.

Now the station's key signs the settings, what is the newest of them is sealed with its secrets,
every change is an act of two persons that the journal tells, and each unlocking tells under which
settings it was.
"""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.devices.drivers import DeviceFamily, DriverUse, drivers
from station_app.domain.entries import SettingsSigned
from station_app.domain.errors import KnownError
from station_app.domain.roles import NEEDED, Operation
from station_app.flow.mirroring import mirror_opener
from station_app.flow.signed_settings import apply_settings, known_settings
from station_app.flow.station_journal import open_journal
from station_app.settings import Machine, StationKind, read_machine, read_plan
from station_app.snapshots import add_pending, loaded_list
from station_app.vault import (
    AgeIdentity,
    IdentityKind,
    Passphrase,
    PublicIdentity,
    Secret,
    Signer,
    StationIdentity,
    Unlocked,
    pin,
    refuse_changed_pins,
)
from tests.flow.loaded_station import (
    CHAIR,
    ISSUER,
    MACHINE,
    NOW,
    OPERATOR,
    LoadedStation,
    enrolled,
)

RECIPIENT = PublicIdentity(IdentityKind.RECIPIENT, "CEC", None, AgeIdentity.generate().recipient)


class Mirrored:
    """A station that works with a mirror on a second medium."""

    def __init__(self, folder: Path) -> None:
        self.stick = folder / "second"
        self.stick.mkdir()
        training = replace(MACHINE, kind=StationKind.TRAINING, mirror=str(self.stick))
        fingers = enrolled(FingerEngine(1), 3)
        self.station = LoadedStation(folder / "made", fingers, training, [ISSUER, RECIPIENT])
        self.folder = self.station.folder
        self.settings = self.folder.settings
        self.station.load(1)

    def unlocked(self) -> Unlocked:
        return self.station.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))

    def work(self) -> None:
        """An unlocking, whose entries are on the mirror as well."""
        self.station.open()
        unlocked = self.unlocked()
        machine = known_settings(self.folder, unlocked)
        manifest = loaded_list(self.folder, (ISSUER,)).manifest
        with closing(open_journal(self.folder, unlocked, manifest, lambda: NOW)) as recorder:
            journal = recorder.journal
            open_mirror = mirror_opener(self.folder, unlocked, machine, journal.opened)
            assert open_mirror is not None
            with closing(open_mirror()) as mirror:
                mirror.append(journal.look.records(mirror.upto + 1, 10**6))

    def sign(self, machine: Machine) -> str:
        unlocked = self.unlocked()
        signed = apply_settings(self.folder, unlocked, unlocked.proofs, machine, NOW)
        return signed.sha256

    def code(self) -> str:
        try:
            self.station.open()
        except KnownError as fault:
            return fault.code
        return "open"


@pytest.fixture
def mirrored(tmp_path: Path) -> Mirrored:
    made = Mirrored(tmp_path)
    made.work()
    return made


def without_mirror(path: Path) -> None:
    text = path.read_text()
    path.write_text(text[: text.index("[mirror]")] + text[text.index("[trust]") :])


def gone(path: Path) -> None:
    path.unlink()


def as_the_first_version_wrote_them(path: Path) -> None:
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))


def with_another_key(path: Path) -> None:
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]) + lines[-1][:-129] + "0" * 128 + "\n")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (without_mirror, "settings_changed_unsigned"),
        (gone, "settings_missing"),
        (as_the_first_version_wrote_them, "settings_changed_unsigned"),
        (with_another_key, "settings_changed_unsigned"),
    ],
)
def test_a_journal_put_back_and_the_mirror_taken_out(
    mirrored: Mirrored, tmp_path: Path, change: Callable[[Path], None], code: str
) -> None:
    """As the attack did it: the old journal and its head, and one change of the settings."""
    for name in ("journal.db", "journal.db.head"):
        shutil.copy(mirrored.folder.root / name, tmp_path / name)
    add_pending(mirrored.folder.pending_events, "settings_changed", {"app": "1"}, NOW)
    mirrored.work()
    for name in ("journal.db", "journal.db.head"):
        shutil.copy(tmp_path / name, mirrored.folder.root / name)
    assert mirrored.code() == "journal_rolled_back"
    change(mirrored.settings)
    assert mirrored.code() == code


@pytest.mark.timeout(60)
@pytest.mark.parametrize("who", ["a" * 5000, "a " * 5000, "o1 c1"])
def test_a_last_line_made_to_be_slow(mirrored: Mirrored, who: str) -> None:
    """A line of 200 letters kept every command busy for ever until the last review."""
    text = mirrored.settings.read_text()
    mirrored.settings.write_text(f"{text}# revision 1, agreed by {who}!\n")
    assert mirrored.code() == "settings_changed_unsigned"


@pytest.mark.parametrize("name", ["settings", "desk_settings"])
def test_a_number_of_5000_digits(mirrored: Mirrored, name: str) -> None:
    """TOML's reader raises what is no TOML fault; it was a fault of the program."""
    path: Path = getattr(mirrored.folder, name)
    path.write_text(f"a = {'9' * 5000}\n")
    with pytest.raises(KnownError) as caught:
        read_machine(mirrored.settings)
    assert caught.value.code == "settings_refused"


def test_old_signed_settings_put_back(mirrored: Mirrored) -> None:
    """Genuine, and no longer what holds: from before a mirror was configured, for example."""
    old = mirrored.settings.read_bytes()
    known = known_settings(mirrored.folder, mirrored.unlocked())
    mirrored.sign(replace(known, mirror=""))
    new = mirrored.settings.read_bytes()
    mirrored.settings.write_bytes(old)
    assert mirrored.code() == "settings_changed_unsigned"
    mirrored.settings.write_bytes(new)
    assert mirrored.code() == "open"


def test_the_journal_tells_who_signed_what(mirrored: Mirrored) -> None:
    """Also where the plain file of waiting events was removed: it is not told there."""
    old = hashlib.sha256(mirrored.settings.read_bytes()).hexdigest()
    known = known_settings(mirrored.folder, mirrored.unlocked())
    new = mirrored.sign(replace(known, mirror=""))
    assert new == hashlib.sha256(mirrored.settings.read_bytes()).hexdigest()
    mirrored.folder.pending_events.unlink(missing_ok=True)
    mirrored.station.open()
    mirrored.station.open()
    told = [one for one in mirrored.station.entries() if isinstance(one, SettingsSigned)]
    assert [(one.old, one.new, one.by) for one in told] == [(old, new, "o1 c1")]


def test_nobody_else_tells_of_signed_settings(mirrored: Mirrored) -> None:
    facts = {"old": "", "new": "ab" * 32, "by": "o1 c1"}
    add_pending(mirrored.folder.pending_events, "settings_signed", facts, NOW)
    mirrored.station.open()
    assert "settings_signed" not in mirrored.station.kinds()
    assert mirrored.station.kinds()[-1] == "event_unread"


def test_one_person_signs_nothing(mirrored: Mirrored) -> None:
    unlocked = mirrored.unlocked()
    known = known_settings(mirrored.folder, unlocked)
    before = mirrored.settings.read_bytes()
    for proofs in (unlocked.proofs[:1], unlocked.proofs[1:], ()):
        with pytest.raises(KnownError) as caught:
            apply_settings(mirrored.folder, unlocked, proofs, replace(known, mirror=""), NOW)
        assert caught.value.code == "not_allowed"
    assert mirrored.settings.read_bytes() == before


def test_cut_off_between_the_file_and_its_mark(
    mirrored: Mirrored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever signs has the keys: the file is believed, and the journal tells of it."""
    unlocked = mirrored.unlocked()
    known = known_settings(mirrored.folder, unlocked)
    with monkeypatch.context() as cut:
        cut.setattr("station_app.flow.signed_settings.mark_settings", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            apply_settings(
                mirrored.folder, unlocked, unlocked.proofs, replace(known, mirror=""), NOW
            )
    assert mirrored.code() == "open"
    (told,) = [one for one in mirrored.station.entries() if isinstance(one, SettingsSigned)]
    assert told.by == "o1 c1"
    assert known_settings(mirrored.folder, mirrored.unlocked()).mirror == ""


def test_settings_of_the_first_version_wait_for_two_persons(tmp_path: Path) -> None:
    """Signing what lies there would sign what an attacker has left: the plan is signed."""
    station = LoadedStation(tmp_path, enrolled(FingerEngine(1), 3), is_signed=False)
    station.load(1)
    with pytest.raises(KnownError) as caught:
        station.open()
    assert caught.value.code == "settings_unsigned"
    unlocked = station.people.unlock("o1", Passphrase(OPERATOR), "c1", Passphrase(CHAIR))
    apply_settings(station.folder, unlocked, unlocked.proofs, MACHINE, NOW)
    unlocked.lock()
    assert station.open() == 3
    assert "settings_signed" in station.kinds()


def test_a_list_of_another_use_than_the_signed_one(mirrored: Mirrored) -> None:
    known = known_settings(mirrored.folder, mirrored.unlocked())
    mirrored.sign(replace(known, precinct="9043"))
    assert mirrored.code() == "vsnap_other_precinct"
    mirrored.sign(replace(known, kind=StationKind.LIVE))
    assert mirrored.code() == "vsnap_other_purpose"


@pytest.mark.parametrize(
    ("family", "driver"),
    [("finger_scanner", "secugen"), ("camera", "nonsense"), ("printer", "laser")],
)
def test_drivers_that_do_not_exist(tmp_path: Path, family: str, driver: str) -> None:
    plan = tmp_path / "station.toml"
    people = "\n".join(
        f'[[people]]\nid = "{id_}"\nname = "Аты"\nrole = "{role}"'
        for id_, role in (("o1", "operator"), ("c1", "chair"), ("m1", "member"))
    )
    plan.write_text(
        '[station]\nkind = "live"\nprecinct = "9042"\nkit = "1"\n\n'
        f'[devices.{family}]\ndriver = "{driver}"\n\n[trust]\nissuers = ["a.json"]\n\n{people}\n'
    )
    with pytest.raises(KnownError) as caught:
        read_plan(plan)
    assert caught.value.code == "settings_refused"
    for known in drivers(DeviceFamily(family)):
        assert known.use is not DriverUse.LIVE or known.name in caught.value.message


def test_every_act_that_signs_settings_needs_two() -> None:
    assert len(NEEDED[Operation.SIGN_SETTINGS]) == len(NEEDED[Operation.TAKE_OVER]) == 2


def test_an_issuer_planted_before_two_persons_typed_is_not_believed(tmp_path: Path) -> None:
    """Whose lists count is read with the unlocked key, and from nobody who looked before it.

    Planted issuer, pins and public identity fit each other, as the first look of a command
    sees them.
    """
    station = LoadedStation(tmp_path, enrolled(FingerEngine(1), 3))
    station.load(1)
    station.open()
    shutil.rmtree(station.folder.trusted)
    station.folder.trusted.mkdir()
    other = StationIdentity.generate()
    planted, public = create_planted_issuer(), other.public("9042-1")
    pin(station.folder, [planted], public, other.signer())
    station.folder.public_identity.write_bytes(public.to_bytes())
    assert refuse_changed_pins(station.folder, public) == (planted,)
    with pytest.raises(KnownError) as caught:
        station.open()
    assert caught.value.code == "pins_changed"


def create_planted_issuer() -> PublicIdentity:
    key = Signer(Secret(b"p" * 32)).public_key
    return PublicIdentity(IdentityKind.ISSUER, "Commission", key, None)
