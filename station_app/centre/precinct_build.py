"""One precinct: rows, files and rules to a signed and sealed snapshot."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from secrets import token_bytes
from typing import Any, Final

from station_app.biometrics.engines import FINGERS, engine_names, packed
from station_app.biometrics.fingerprint.engine import ENGINE, pack
from station_app.centre.build_state import PrecinctReport, SnapshotPlace, inputs_digest
from station_app.centre.enrolment import EnrolledVoter, pairs_of
from station_app.centre.finger_sources import FingerSources, VoterFiles
from station_app.centre.policy_file import ElectionRules
from station_app.centre.register import Register
from station_app.centre.register_rows import RegisterRow
from station_app.centre.shared_faces import SharedFace, shared_faces
from station_app.centre.shared_fingers import PrecinctFingers, SharedFinger, strongest
from station_app.centre.workers import EnrolmentWorkers
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.voters import Voter
from station_app.snapshots import (
    Kit,
    ListHeader,
    Manifest,
    ManifestFields,
    write_container,
    write_list,
)
from station_app.snapshots.manifest import FORMAT
from station_app.vault import IdentityKind, PublicIdentity, Secret, Signer


class StationRecipients:
    """The public identities in a folder.

    A precinct's stations lie in a folder of its code, or beside each other, named
    `<precinct>-<kit>`. Nothing is ever sealed to a station that is another precinct's.
    `commission` are the recipients (`*.recipient.json`) in the folder: every list is sealed to
    them too, so that it can be sealed to a spare on the day (ADR 0018). Raises `KnownError` as
    `PublicIdentity.load` does, and `folder_missing`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.is_dir():
            raise KnownError(
                Code.FOLDER_MISSING,
                f"The folder of stations, {folder}, is missing; check its name.",
            )
        self._by_name: defaultdict[str, list[PublicIdentity]] = defaultdict(list)
        self.commission = PublicIdentity.load_all(folder, IdentityKind.RECIPIENT)
        for station in PublicIdentity.load_all(folder, IdentityKind.STATION):
            self._by_name[station.name.rpartition("-")[0]].append(station)

    def of(self, precinct: str) -> tuple[PublicIdentity, ...]:
        """The stations of a precinct. Raises `KnownError` `recipients_none`, `recipients_same`."""
        own = self._folder / precinct
        found = list(self._by_name[precinct])
        if own.is_dir():
            found += PublicIdentity.load_all(own, IdentityKind.STATION)
        if not found:
            raise KnownError(
                Code.RECIPIENTS_NONE,
                f"No station of precinct {precinct} is known: there is neither "
                f"{own}/*.station.json nor {self._folder}/{precinct}-*.station.json.",
            )
        unique = {station.fingerprint(): station for station in found}
        if len({station.name for station in unique.values()}) < len(unique):
            raise KnownError(
                Code.RECIPIENTS_SAME,
                f"Two stations of precinct {precinct} have one name and different keys. "
                "Compare both aloud, and take the one that is no longer in use out.",
            )
        return tuple(sorted(unique.values(), key=lambda station: station.name))


Tell = Callable[[str, int, int], None]
"""Is told of a step how much of it is done, of how much."""

NAMED_STRAYS: Final = 10
_NAMED: Final = 5
_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class BuildOrder:
    """The settings of a build, the same for every precinct; `ppi` is the finger images' resolution.

    `strict` refuses a precinct of which something is left out or doubtful. `invented` portraits
    were drawn by a computer.
    """

    rules: ElectionRules
    sequence: int
    stations: StationRecipients
    sources: FingerSources
    signer: Signer
    issuer: str
    out: Path
    ppi: int
    now: datetime
    strict: bool
    invented: bool


@dataclass(frozen=True, slots=True)
class BuiltPrecinct:
    """A precinct's report, and whether an earlier run had finished it."""

    report: PrecinctReport
    kept: bool


@dataclass(frozen=True, slots=True)
class _Precinct:
    """A precinct's part of the register, and who may open its list."""

    code: str
    rows: list[RegisterRow]
    bad_rows: tuple[tuple[int, str, int], ...]
    files: list[VoterFiles]
    stray_files: list[str]
    stations: tuple[PublicIdentity, ...]
    doubtful_rows: tuple[tuple[int, str], ...]

    @property
    def places(self) -> list[str]:
        """The names of the polling station that its rows give, each once."""
        return list(dict.fromkeys(row.place for row in self.rows if row.place))

    @property
    def place(self) -> str:
        """The first of them; its code where there is none."""
        return next(iter(self.places), self.code)

    @property
    def kits(self) -> tuple[Kit, ...]:
        """Its stations as the list names them; each serves every list number."""
        return tuple(Kit(one.name, one.fingerprint().hex()) for one in self.stations)


@dataclass(frozen=True, slots=True)
class _Shared:
    """Voters who share a finger, and those who share a face."""

    fingers: Sequence[SharedFinger]
    faces: Sequence[SharedFace]


def build_precinct(
    register: Register,
    column: str,
    code: str,
    order: BuildOrder,
    workers: EnrolmentWorkers,
    tell: Tell,
) -> BuiltPrecinct:
    """Make the snapshot of the precinct `code` unless it is finished.

    `column` is what the register calls the precinct, empty where it has no such column. Raises
    `KnownError`: `precinct_empty`, `strict_refused`, what `StationRecipients.of`,
    `SnapshotPlace.finished`, `EnrolmentWorkers`, `write_list` and `write_container` raise,
    `register_changed`.
    """
    precinct = _precinct_of(register, column, code, order)
    _refuse_if_strict(
        order,
        code,
        {
            "rows left out": precinct.bad_rows,
            "doubtful rows": precinct.doubtful_rows,
            "files of nobody": precinct.stray_files,
        },
    )
    place = SnapshotPlace(order.out, f"{code}-{order.sequence}")
    inputs = inputs_digest(
        _facts(precinct, order),
        (row.values() for row in precinct.rows),
        set(chain.from_iterable(files.paths for files in precinct.files)),
    )
    if report := place.finished(inputs):
        return BuiltPrecinct(report, kept=True)
    enrolled = _enrolled(precinct, order, workers, tell)
    _refuse_if_strict(
        order,
        code,
        {
            "fingers left out": [one.file for voter in enrolled for one in voter.fingers_left_out],
            "portraits left out": [
                voter.portrait_left_out[1] for voter in enrolled if voter.portrait_left_out
            ],
            "portraits without a usable face": [
                voter.face_flaw[1] for voter in enrolled if voter.face_flaw and not voter.faces
            ],
        },
    )
    shared = _Shared(_shared(enrolled, order, workers, tell), _alike(enrolled, order))
    try:
        report = _written(precinct, enrolled, shared, order, place)
    finally:
        place.list_draft.unlink(missing_ok=True)
    place.finish(inputs, report)
    return BuiltPrecinct(report, kept=False)


def _refuse_if_strict(order: BuildOrder, code: str, found: Mapping[str, Sequence[object]]) -> None:
    told = [
        f"{what} ({len(those)}): {', '.join(_shown(one) for one in those[:_NAMED])}"
        for what, those in found.items()
        if those
    ]
    if order.strict and told:
        raise KnownError(
            Code.STRICT_REFUSED,
            f"Precinct {code}: {'; '.join(told)}. Correct them, or build without --strict.",
        )


def _shown(one: object) -> str:
    return f"{one[0]} {one[1]}" if isinstance(one, tuple) else str(one)


def _precinct_of(register: Register, column: str, code: str, order: BuildOrder) -> _Precinct:
    rows = list(register.rows_of(column))
    bad = tuple((one.row, one.fault.value, one.first) for one in register.bad_rows(column))
    if not rows:
        raise KnownError(
            Code.PRECINCT_EMPTY,
            f"The register has no voter of precinct {code} ({len(bad)} rows left out). "
            "Correct the register.",
        )
    files, strays = order.sources.voters_files(rows, code)
    day = order.rules.election_day.date
    doubtful = tuple((row.row, "born") for row in rows if row.is_doubtful(day))
    return _Precinct(code, rows, bad, files, strays, order.stations.of(code), doubtful)


def _facts(precinct: _Precinct, order: BuildOrder) -> dict[str, Any]:
    """The snapshot's other sources, beside rows and files."""
    rules = order.rules
    return {
        "precinct": precinct.code,
        "sequence": order.sequence,
        "engine": ", ".join(engine_names()),
        "format": FORMAT,
        "election": [rules.election, rules.kind.value],
        "election_day": [rules.election_day.election_id, rules.election_day.date.isoformat()],
        "ballots": [[ballot.id, ballot.title] for ballot in rules.ballots],
        "valid": [rules.valid_from.isoformat(), rules.valid_to.isoformat()],
        "policy": rules.policy.digest(),
        "issuer": [order.issuer, order.signer.public_key.hex()],
        "stations": [station.fingerprint().hex() for station in precinct.stations],
        "commission": [one.fingerprint().hex() for one in order.stations.commission],
        "bad_rows": precinct.bad_rows,
        "ppi": order.ppi,
        "invented": order.invented,
    }


def _enrolled(
    precinct: _Precinct, order: BuildOrder, workers: EnrolmentWorkers, tell: Tell
) -> list[EnrolledVoter]:
    found = []
    tell("enrol", 0, len(precinct.files))
    each = workers.enrol(precinct.files, order.ppi, invented=order.invented)
    for done, voter in enumerate(each, start=1):
        found.append(voter)
        tell("enrol", done, len(precinct.files))
    return found


def _shared(
    enrolled: Sequence[EnrolledVoter], order: BuildOrder, workers: EnrolmentWorkers, tell: Tell
) -> list[SharedFinger]:
    own = [pair for pair in pairs_of(enrolled) if pair[1].engine == ENGINE]
    fingers = PrecinctFingers(tuple(pack(own)), tuple(finger.content for _, finger in own))
    found: list[SharedFinger] = []
    for done, part in workers.search(fingers, order.rules.policy):
        found += part
        tell("search", done, len(fingers))
    return strongest(found)


def _alike(enrolled: Sequence[EnrolledVoter], order: BuildOrder) -> list[SharedFace]:
    faces = [(voter.row, one) for voter in enrolled for one in voter.faces]
    return shared_faces(faces, order.rules.policy)


def _written(
    precinct: _Precinct,
    enrolled: Sequence[EnrolledVoter],
    shared: _Shared,
    order: BuildOrder,
    place: SnapshotPlace,
) -> PrecinctReport:
    """Write list and snapshot aside. The list's key is in this process only, and then gone."""
    key = Secret(token_bytes(_KEY_BYTES))
    pairs = list(pairs_of(enrolled))
    write_list(
        place.list_draft,
        key,
        _header(precinct, order, enrolled),
        voters=_voters(precinct.rows, enrolled),
        templates=pairs,
        chunks=packed(pairs),
    )
    portraits = sum(bool(voter.portrait) for voter in enrolled)
    fields = ManifestFields(
        list_key=key,
        recipients=(*precinct.stations, *order.stations.commission),
        issuer=order.issuer,
        valid_from=order.rules.valid_from,
        valid_to=order.rules.valid_to,
        counts={
            "portraits": portraits,
            "bad_rows": len(precinct.bad_rows),
            "doubtful_rows": len(precinct.doubtful_rows),
            "finger_exempt": sum(row.voter.finger_exempt for row in precinct.rows),
            "voters_without_finger": len(_without_finger(precinct, enrolled)),
            "fingers_left_out": sum(len(voter.fingers_left_out) for voter in enrolled),
            "portraits_left_out": sum(bool(voter.portrait_left_out) for voter in enrolled),
            "portraits_without_face": len(list(_flawed(precinct, enrolled, is_compared=False))),
            "portraits_flawed": len(list(_flawed(precinct, enrolled, is_compared=True))),
            "shared_fingers": len(shared.fingers),
            "shared_faces": len(shared.faces),
        },
    )
    manifest = write_container(place.list_draft, fields, order.signer, place.draft)
    return _report(precinct, enrolled, shared, manifest)


def _report(
    precinct: _Precinct,
    enrolled: Sequence[EnrolledVoter],
    shared: _Shared,
    manifest: Manifest,
) -> PrecinctReport:
    numbers = [row.voter.list_number for row in precinct.rows]
    rate = 10**-manifest.policy.fpir_log10
    return PrecinctReport(
        precinct=manifest.precinct,
        place=manifest.place,
        sequence=manifest.sequence,
        file=manifest.file_name,
        list_sha256=manifest.list_sha256,
        stations=tuple(station.name for station in precinct.stations),
        voters=manifest.counts["voters"],
        fingers=manifest.counts["fingers"],
        portraits=manifest.counts["portraits"],
        faces=manifest.counts["faces"],
        portraits_without_face=tuple(_flawed(precinct, enrolled, is_compared=False)),
        portraits_flawed=tuple(_flawed(precinct, enrolled, is_compared=True)),
        bad_rows=precinct.bad_rows,
        voters_without_finger=_without_finger(precinct, enrolled),
        fingers_left_out=tuple(
            (numbers[one.row], one.position, one.code, one.file)
            for voter in enrolled
            for one in voter.fingers_left_out
        ),
        portraits_left_out=tuple(
            (numbers[voter.row], *voter.portrait_left_out)
            for voter in enrolled
            if voter.portrait_left_out
        ),
        shared_fingers=tuple(
            (
                numbers[one.row],
                one.position,
                numbers[one.other_row],
                one.other_position,
                round(one.evidence * 1000),
            )
            for one in shared.fingers
        ),
        # Each search is allowed this rate, and each pair is looked at from both sides.
        shared_by_chance=round(manifest.counts["fingers"] * rate / 2, 2),
        stray_files=len(precinct.stray_files),
        stray_names=tuple(precinct.stray_files[:NAMED_STRAYS]),
        doubtful_rows=precinct.doubtful_rows,
        finger_exempt=manifest.counts["finger_exempt"],
        places=len(precinct.places),
        shared_faces=tuple(
            (numbers[one.row], numbers[one.other_row], round(one.evidence * 1000))
            for one in shared.faces
        ),
        shared_faces_by_chance=round(manifest.faces * rate / 2, 2),
    )


def _flawed(
    precinct: _Precinct, enrolled: Sequence[EnrolledVoter], *, is_compared: bool
) -> Iterator[tuple[int, int, str, str]]:
    """List number, register row, flaw and file of the portraits with a flaw.

    Those that are compared all the same, or those that make no template.
    """
    for row, voter in zip(precinct.rows, enrolled, strict=True):
        if voter.face_flaw and bool(voter.faces) == is_compared:
            yield row.voter.list_number, row.row, *voter.face_flaw


def _without_finger(precinct: _Precinct, enrolled: Sequence[EnrolledVoter]) -> tuple[int, ...]:
    """List numbers of the voters who have no finger in the list and are not exempt."""
    return tuple(
        row.voter.list_number
        for row, voter in zip(precinct.rows, enrolled, strict=True)
        if not voter.fingers and not row.voter.finger_exempt
    )


def _header(
    precinct: _Precinct, order: BuildOrder, enrolled: Sequence[EnrolledVoter]
) -> ListHeader:
    """It names the engines that have made a template, and in any case the one for fingers."""
    made = {FINGERS.name} | {one.engine for _, one in pairs_of(enrolled)}
    kits = precinct.kits
    return ListHeader(
        kind=order.rules.kind,
        election=order.rules.election,
        precinct=precinct.code,
        place=precinct.place,
        station=kits[0].station if len(kits) == 1 else precinct.code,
        seat="",
        sequence=order.sequence,
        engines=tuple(one for one in engine_names() if one in made),
        created=order.now,
        policy=order.rules.policy,
        election_day=order.rules.election_day,
        ballots=order.rules.ballots,
        kits=kits,
    )


def _voters(rows: Sequence[RegisterRow], enrolled: Sequence[EnrolledVoter]) -> Iterator[Voter]:
    for row, found in zip(rows, enrolled, strict=True):
        yield replace(row.voter, portrait=found.portrait)
