"""The stations of a simulated day: one at work and a spare, their people, lists and pack.

Everything here is invented and public, passphrases and the issuer's key too: it guards nothing.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from station_app.biometrics.engines import engine_names
from station_app.centre.takeover_pack import PackOrder, make_pack
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person, Role
from station_app.flow.approvals import Approver
from station_app.flow.provisioning import set_up
from station_app.languages import language_codes, voter_languages
from station_app.settings import Machine, Plan, StationKind
from station_app.snapshots import (
    PUBLIC_DEMO_LIST_KEY,
    LoadingStation,
    ManifestFields,
    VoterList,
    load_snapshot,
    write_container,
)
from station_app.synthetic.precinct import PRECINCT_NUMBER, Precinct
from station_app.training.day_plan import LASTS, OPENS, ListCorrection
from station_app.training.script import Signature
from station_app.training.training_list import write_training_list
from station_app.vault import (
    Cost,
    Enrolment,
    IdentityKind,
    Passphrase,
    People,
    PublicIdentity,
    Secret,
    Signer,
    StationFolder,
    Unlocked,
    replace_file,
)
from station_app.vault.keys import new_share
from station_app.vault.people_file import share_context
from station_app.vault.wrapping import wrap

OPERATOR: Final = Person("o1", "N. Sadyrova", Role.OPERATOR)
CHAIR: Final = Person("c1", "T. Abdykadyrov", Role.CHAIR)
MEMBER: Final = Person("m1", "G. Ismailova", Role.MEMBER)
PEOPLE: Final = (OPERATOR, CHAIR, MEMBER)
COST: Final = Cost(memory_kib=8, iterations=1)
"""Next to nothing: these passphrases are in the source."""

_WORDS: Final = {
    OPERATOR.id: "seven rivers carry books",
    CHAIR.id: "eight hills keep the snow",
    MEMBER.id: "nine foxes cross the ice",
}
_SIGNER: Final = Signer(Secret(b"issuer of simulated days, public"))
ISSUER: Final = PublicIdentity(IdentityKind.ISSUER, "simulated", _SIGNER.public_key, None)
_LIST_KEY: Final = Secret(b"list key of simulated days, open")
_OTHER_ID: Final = "V-FFFFFFFFFFFFFFFF"
_OTHER_PIN: Final = "29912300000001"
"""No invented voter has it: there is no 99th of the month."""

MORNING: Final = "morning.vsnap"
CORRECTED: Final = "corrected.vsnap"
PACKS: Final = "packs"


@dataclass(frozen=True, slots=True)
class DayRun:
    """Which day is simulated, and the folder of its list and its stations."""

    voters: int
    seed: int
    folder: Path

    @property
    def station(self) -> StationFolder:
        """Where the station lives that opens the day."""
        return StationFolder(self.folder / "station")

    @property
    def spare(self) -> StationFolder:
        """Where the spare lives that ends it."""
        return StationFolder(self.folder / "spare")

    @property
    def list_path(self) -> Path:
        """The list of everybody's fingers, kept for another run."""
        return self.folder / "day.vlist"

    @property
    def clock(self) -> Path:
        """The file from which the machine's clock continues after a crash."""
        return self.folder / "clock"

    @property
    def outbox(self) -> Path:
        """The commission's files for the stations."""
        return self.folder / "outbox"


def passphrase_of(person_id: str) -> Passphrase:
    """This person's passphrase."""
    return Passphrase(_WORDS[person_id])


def member_signs() -> Signature:
    """The member, beside the operator at the desk."""
    return Signature(MEMBER.id, passphrase_of(MEMBER.id))


@contextmanager
def unlocking(folder: StationFolder) -> Iterator[tuple[People, Unlocked]]:
    """Operator and chair unlock the station, which is locked again at the end."""
    people = People.load(folder)
    words = (passphrase_of(OPERATOR.id), passphrase_of(CHAIR.id))
    unlocked = people.unlock(OPERATOR.id, words[0], CHAIR.id, words[1])
    try:
        yield people, unlocked
    finally:
        unlocked.lock()


def set_up_stations(run: DayRun, correction: ListCorrection, precinct: Precinct) -> None:
    """Make both stations, the two lists and the spare's pack, and load the first list.

    Everybody is enrolled in `run.list_path`. Raises `KnownError` as `set_up`, `write_list`,
    `write_container`, `make_pack` and `load_snapshot` do.
    """
    own = _set_up(run.station, "1")
    spare = _set_up(run.spare, "2")
    run.outbox.mkdir()
    rows = range(len(precinct.voters))
    at_first = [row for row in rows if row != correction.added]
    corrected = corrected_precinct(precinct, correction)
    at_noon = [row for row in rows if row != correction.missing]
    with closing(VoterList.open(run.list_path, PUBLIC_DEMO_LIST_KEY)) as source:
        for name, sequence, people, listed in (
            (MORNING, 1, precinct, at_first),
            (CORRECTED, 2, corrected, at_noon),
        ):
            plain = run.outbox / f"{sequence}.vlist"
            write_training_list(
                plain, _LIST_KEY, source, people.voters, listed, sequence,
                OPENS - timedelta(hours=20 - sequence), "School",
            )  # fmt: skip
            fields = ManifestFields(
                list_key=_LIST_KEY,
                recipients=(own, spare),
                issuer=ISSUER.name,
                valid_from=OPENS - timedelta(days=1),
                valid_to=OPENS + LASTS + timedelta(days=1),
                counts={"portraits": source.faces, "bad_rows": 0},
            )
            write_container(plain, fields, _SIGNER, run.outbox / name)
            plain.unlink()
    order = PackOrder(own, spare, run.outbox / CORRECTED, PEOPLE, (), (), None, ISSUER, _SIGNER)
    make_pack(order, run.outbox / PACKS, OPENS)
    load_list(run, MORNING)


def load_list(run: DayRun, name: str) -> None:
    """A technician loads the snapshot of this name into the station."""
    own = PublicIdentity.load(run.station.public_identity)
    station = LoadingStation(own, (ISSUER,), engine_names())
    load_snapshot(run.outbox / name, run.station, station, OPENS, by="t1")


def corrected_precinct(precinct: Precinct, correction: ListCorrection) -> Precinct:
    """The people as the corrected list knows them: one has another id and PIN."""
    voters = list(precinct.voters)
    renamed = voters[correction.renamed]
    voters[correction.renamed] = replace(renamed, voter_id=_OTHER_ID, pin=_OTHER_PIN)
    return replace(precinct, voters=tuple(voters))


def _set_up(folder: StationFolder, kit: str) -> PublicIdentity:
    kind = StationKind.TRAINING
    machine = Machine(kind, PRECINCT_NUMBER, kit, language_codes()[:1], voter_languages(), ())
    plan = Plan(machine, folder.root, (), (), PEOPLE, None)
    people = [Enrolment(one, passphrase_of(one.id)) for one in PEOPLE]
    return set_up(folder.root, plan, (ISSUER,), people, COST, OPENS)


# --- one who tries to be two (`tests/attacks/test_one_person_is_not_two.py`) ------------------

_VICTIMS: Final = (CHAIR, MEMBER)
_AIMS: Final = (Operation.OPEN_DAY, Operation.VOID)


def try_to_be_two(folder: StationFolder, station: str, approver: Approver) -> tuple[str, ...]:
    """Forge the file of people, type both passphrases, open and void; the codes of the refusals.

    "allowed" where it was not refused. The file is put back afterwards.
    """
    mine = {one.id: Passphrase(f"a passphrase of my own for {one.id}") for one in _VICTIMS}
    tries: list[Callable[[], object]] = [
        *(partial(approver.prove, one.id, mine[one.id]) for one in _VICTIMS),
        *(partial(approver.approve, aim) for aim in _AIMS),
    ]
    with _forged(folder, station, mine):
        return tuple(map(_refusal_of, tries))


@contextmanager
def _forged(folder: StationFolder, station: str, mine: dict[str, Passphrase]) -> Iterator[None]:
    good = folder.people.read_bytes()
    record = json.loads(good)
    for one in record["people"]:
        victim = next((each for each in _VICTIMS if each.id == one["id"]), None)
        if victim is not None:
            one["share"] = _share(victim, station, mine[victim.id])
    replace_file(folder.people, json.dumps(record).encode())
    try:
        yield
    finally:
        replace_file(folder.people, good)


def _share(person: Person, station: str, passphrase: Passphrase) -> dict[str, object]:
    return wrap(new_share(), passphrase, COST, share_context(person, station)).to_record()


def _refusal_of(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except KnownError as refusal:
        return refusal.code
    return "allowed"
