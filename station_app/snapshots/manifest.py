"""A snapshot's manifest, which its issuer signs.

The bytes are canonical JSON (RFC 8785). Every number is an integer. The policy stands as
the text that its hash is taken over (`Policy.digest`), because RFC 8785 would write the
rates in it differently.

Format 1 has no member `format`. From format 2 on, `format` and `needs` (the first version
of this program that reads the format) keep their places, so that an older program can say
which one is needed (ADR 0022).
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

import rfc8785

from station_app.domain.election import Ballot, ElectionDay
from station_app.domain.policy import Policy, UnknownRulesError
from station_app.snapshots.header import (
    Kit,
    ListKind,
    ballot_values,
    check_day,
    kit_values,
    read_ballots,
    read_day,
    read_kits,
)

COUNTED: Final = ("voters", "fingers", "portraits", "bad_rows")
"""The counts that every manifest has; a builder may add others."""

FORMAT: Final = 2
"""The newest format, in which snapshots are written."""

_NEEDS: Final = "0.2.0"
_CODE: Final = re.compile(r"[\w][\w.-]{0,31}")
_VERSION: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,2}")
_COUNT_NAME: Final = re.compile(r"[a-z][a-z_]{0,63}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"
_LONGEST_TEXT: Final = 300
_LARGEST: Final = 2**53 - 1  # what RFC 8785 can write
_KEY_BYTES: Final = 32


class NewerFormatError(ValueError):
    """A manifest of a later format, or with later rules.

    `what` says which, `needs` is the version that reads it, empty if unsaid.
    """

    def __init__(self, what: str, needs: str) -> None:
        super().__init__(f"it has {what}, of a newer program")
        self.what = what
        self.needs = needs


@dataclass(frozen=True, slots=True)
class Recipient:
    """A station that can open the list: its name, its age recipient, and the hex SHA-256
    of its public identity (`PublicIdentity.fingerprint`), which people compare.
    """

    station: str
    recipient: str
    fingerprint: str

    def __post_init__(self) -> None:
        _check(_is_line(self.station) and _is_line(self.recipient), "a recipient")
        _check(_HASH.fullmatch(self.fingerprint), "a recipient's fingerprint")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One snapshot.

    `kind` to `sequence` and `policy` are those of the list inside (only `place` may be
    empty); `sequence` counts the snapshots issued for the precinct from 1. `engines` are
    names and versions of every engine whose templates are in the list. `counts` has at
    least the names of `COUNTED`.
    Times are aware, in UTC to the second; the snapshot may be used from `valid_from` to
    `valid_to`, both included. `list_size` is in bytes, `list_sha256` hex. `issuer` and
    `issuer_key` (32 bytes) name who signs. `sealed_key` is an age file whose 32 bytes are
    the list's key. `election_day`, `ballots` and `kits` are those of the list inside, from
    format 2 on. Raises `ValueError` for values no snapshot can have.
    """

    kind: ListKind
    election: str
    precinct: str
    place: str
    sequence: int
    created: datetime
    valid_from: datetime
    valid_to: datetime
    engines: tuple[str, ...]
    counts: Mapping[str, int]
    policy: Policy
    list_size: int
    list_sha256: str
    issuer: str
    issuer_key: bytes
    recipients: tuple[Recipient, ...]
    sealed_key: bytes
    election_day: ElectionDay | None = None
    ballots: tuple[Ballot, ...] = ()
    kits: tuple[Kit, ...] = ()

    def __post_init__(self) -> None:
        _check(_is_line(self.election), "the election's name")
        _check(not self.place or _is_line(self.place), "the place")
        _check(_is_line(self.issuer), "the issuer's name")
        _check(all(map(_is_line, self.engines)), "an engine's name")
        _check(_CODE.fullmatch(self.precinct), "the precinct's code")
        _check(_HASH.fullmatch(self.list_sha256), "the list's hash")
        _check(0 < self.sequence <= _LARGEST and 0 < self.list_size <= _LARGEST, "a number")
        _check(len(self.issuer_key) == _KEY_BYTES and self.sealed_key, "a key")
        _check(self.engines and self.recipients, "engines and recipients")
        _check(self.valid_from <= self.valid_to, "the validity")
        _check(self.counts.keys() >= set(COUNTED), "the counts")
        check_day(self.election_day, self.ballots, self.kits)
        for name, count in self.counts.items():
            _check(_COUNT_NAME.fullmatch(name) and 0 <= count <= _LARGEST, "a count")
        object.__setattr__(self, "counts", MappingProxyType(dict(self.counts)))
        for name in ("created", "valid_from", "valid_to"):
            at: datetime = getattr(self, name)
            object.__setattr__(self, name, at.astimezone(UTC).replace(microsecond=0))

    @property
    def format(self) -> int:
        """The format it is written in: 1 knows no election day."""
        return 1 if self.election_day is None else FORMAT

    @property
    def faces(self) -> int:
        """Voters with a template of the face; none in a snapshot that says nothing of faces."""
        return self.counts.get("faces", 0)

    @property
    def file_name(self) -> str:
        """The name of the snapshot's file, `<precinct>-<sequence>.vsnap`."""
        return f"{self.precinct}-{self.sequence}.vsnap"

    def recipient(self, fingerprint: bytes) -> Recipient | None:
        """The recipient with this fingerprint (32 bytes), None when there is none."""
        wanted = fingerprint.hex()
        return next((one for one in self.recipients if one.fingerprint == wanted), None)

    def to_values(self) -> dict[str, Any]:
        """The manifest as plain JSON values."""
        values: dict[str, Any] = {
            "kind": self.kind.value,
            "election": self.election,
            "precinct": self.precinct,
            "place": self.place,
            "sequence": self.sequence,
            "created": self.created.strftime(_STAMP),
            "valid_from": self.valid_from.strftime(_STAMP),
            "valid_to": self.valid_to.strftime(_STAMP),
            "engines": list(self.engines),
            "counts": dict(self.counts),
            "policy": self.policy.text,
            "list_size": self.list_size,
            "list_sha256": self.list_sha256,
            "issuer": {"name": self.issuer, "public_key": self.issuer_key.hex()},
            "recipients": [
                {"station": one.station, "recipient": one.recipient, "fingerprint": one.fingerprint}
                for one in self.recipients
            ],
            "sealed_key": base64.b64encode(self.sealed_key).decode(),
        }
        if self.election_day is not None:
            values |= {
                "format": FORMAT,
                "needs": _NEEDS,
                "election_id": self.election_day.election_id,
                "election_date": self.election_day.date.isoformat(),
                "ballots": ballot_values(self.ballots),
                "kits": kit_values(self.kits),
            }
        return values

    def to_bytes(self) -> bytes:
        """The canonical JSON, UTF-8."""
        return rfc8785.dumps(self.to_values())

    @classmethod
    def from_bytes(cls, data: bytes) -> "Manifest":
        """The inverse of `to_bytes`.

        Raises `ValueError` for anything it would not write, `NewerFormatError` among it.
        """
        try:
            manifest = _read(json.loads(data))
            written = manifest.to_bytes()
        except (KeyError, TypeError, AttributeError, RecursionError, rfc8785.CanonicalizationError):
            raise ValueError("it is not a manifest") from None
        if written != data:
            raise ValueError("it is not in canonical form")
        return manifest


def _read(values: dict[str, Any]) -> Manifest:
    number = values.get("format", 1)
    if type(number) is int and number > FORMAT:
        raise NewerFormatError(f"format {number}", _needs(values))
    is_first = number == 1
    return Manifest(
        kind=ListKind(values["kind"]),
        election=values["election"],
        precinct=values["precinct"],
        place=values["place"],
        sequence=_integer(values["sequence"]),
        created=_time(values["created"]),
        valid_from=_time(values["valid_from"]),
        valid_to=_time(values["valid_to"]),
        engines=tuple(values["engines"]),
        counts={name: _integer(count) for name, count in values["counts"].items()},
        policy=_policy(values),
        list_size=_integer(values["list_size"]),
        list_sha256=values["list_sha256"],
        issuer=values["issuer"]["name"],
        issuer_key=bytes.fromhex(values["issuer"]["public_key"]),
        recipients=tuple(
            Recipient(one["station"], one["recipient"], one["fingerprint"])
            for one in values["recipients"]
        ),
        sealed_key=base64.b64decode(values["sealed_key"], validate=True),
        election_day=None if is_first else read_day(values),
        ballots=() if is_first else read_ballots(values["ballots"]),
        kits=() if is_first else read_kits(values["kits"]),
    )


def _policy(values: dict[str, Any]) -> Policy:
    try:
        return Policy.from_text(values["policy"])
    except UnknownRulesError as error:
        what = f"the rules {', '.join(error.names)}" if error.names else "rules"
        raise NewerFormatError(what, _needs(values)) from error


def _needs(values: dict[str, Any]) -> str:
    needs = values.get("needs")
    return needs if isinstance(needs, str) and _VERSION.fullmatch(needs) else ""


def _integer(value: object) -> int:
    # A bool is an int to Python, and 3.0 a sequence to nobody.
    if type(value) is not int:
        raise ValueError("it is not an integer")
    return value


def _time(text: str) -> datetime:
    return datetime.strptime(text, _STAMP).replace(tzinfo=UTC)


def _is_line(text: str) -> bool:
    """A line that can be shown: no control characters, which could rewrite a terminal."""
    shown = text.replace("\u00a0", " ")
    return bool(text.strip()) and shown.isprintable() and len(text) <= _LONGEST_TEXT


def _check(good: object, what: str) -> None:
    if not good:
        raise ValueError(f"{what} of the manifest cannot be so")
