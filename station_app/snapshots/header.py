"""A list's header: election, precinct, policy, engines, kits."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from station_app.domain.election import Ballot, ElectionDay
from station_app.domain.gallery import OF_INVENTED
from station_app.domain.policy import Policy
from station_app.snapshots.refusals import Refusal
from station_app.vault import Secret

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")
_LARGEST_NUMBER: Final = 9_999_999  # of seven digits, as in the register

PUBLIC_DEMO_LIST_KEY: Final = Secret(b"station-app public demo list key")
"""The key of lists of invented people. It protects nothing and is meant to be known."""


class ListKind(StrEnum):
    """The permitted use of a list; a live one refuses simulated devices."""

    LIVE = "live"
    TRAINING = "training"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Kit:
    """One kit of the precinct: its station's name, the hex SHA-256 of its public identity
    (`PublicIdentity.fingerprint`), and the list numbers it serves, both included; None is all.

    Raises `ValueError` for values that no kit can have.
    """

    station: str
    fingerprint: str
    list_numbers: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if not self.station.strip() or not self.station.isprintable():
            raise ValueError("a kit's station has a name")
        if not _FINGERPRINT.fullmatch(self.fingerprint):
            raise ValueError("a kit's fingerprint is a SHA-256 in hex")
        if self.list_numbers is not None:
            first, last = self.list_numbers
            if not 0 <= first <= last <= _LARGEST_NUMBER:
                raise ValueError("a kit serves list numbers from the lower to the higher one")


def refuse_invented_on_live(kind: ListKind, engines: Iterable[str]) -> None:
    """Engines for invented people compare by limits that hold for nobody else.

    Raises `KnownError` `vsnap_other_purpose` where a live list has one.
    """
    if kind is ListKind.LIVE and any(one.endswith(OF_INVENTED) for one in engines):
        raise Refusal.OTHER_PURPOSE.error(offered="invented people", own="an election")


@dataclass(frozen=True, slots=True)
class ListHeader:
    """One list: for which election, place and seat, by which rules, made when and by what.

    `precinct` is the precinct's code (four digits in the reference country), `place` the
    name of the polling station, `station` and `seat` name the kit. `sequence` counts the
    lists issued for this kit from 1. `engines` name engine and version of every template
    in it, the fingers' first. `created` is an aware time, kept in UTC to the second.

    `election_day` is None for lists of format 1 only, which have no `ballots` and `kits`.
    `ballots` are those of the day; without any, every voter is due one that has no name.
    `kits` are those of the precinct.
    """

    kind: ListKind
    election: str
    precinct: str
    place: str
    station: str
    seat: str
    sequence: int
    engines: tuple[str, ...]
    created: datetime
    policy: Policy
    election_day: ElectionDay | None = None
    ballots: tuple[Ballot, ...] = ()
    kits: tuple[Kit, ...] = ()

    def __post_init__(self) -> None:
        check_day(self.election_day, self.ballots, self.kits)

    @property
    def format(self) -> int:
        """The format of the list: 1 knows no election day."""
        return 1 if self.election_day is None else 2

    def to_texts(self) -> dict[str, str]:
        """Names and texts, as the table `meta` holds them."""
        texts = {
            "kind": self.kind.value,
            "election": self.election,
            "precinct": self.precinct,
            "place": self.place,
            "station": self.station,
            "seat": self.seat,
            "sequence": str(self.sequence),
            "created": self.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "policy": self.policy.text,
        }
        if self.election_day is None:
            (texts["engine"],) = self.engines
        else:
            texts |= {
                "engines": _text(list(self.engines)),
                "election_id": self.election_day.election_id,
                "election_date": self.election_day.date.isoformat(),
                "ballots": _text(ballot_values(self.ballots)),
                "kits": _text(kit_values(self.kits)),
            }
        return texts

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> "ListHeader":
        """The inverse of `to_texts`. Raises `ValueError` when something is missing or wrong."""
        is_first = "election_id" not in texts
        try:
            return cls(
                kind=ListKind(texts["kind"]),
                election=texts["election"],
                precinct=texts["precinct"],
                place=texts["place"],
                station=texts["station"],
                seat=texts["seat"],
                sequence=int(texts["sequence"]),
                engines=(texts["engine"],) if is_first else _engines(texts["engines"]),
                created=datetime.fromisoformat(texts["created"]),
                policy=Policy.from_text(texts["policy"]),
                election_day=None if is_first else read_day(texts),
                ballots=() if is_first else read_ballots(json.loads(texts["ballots"])),
                kits=() if is_first else read_kits(json.loads(texts["kits"])),
            )
        except (KeyError, TypeError) as error:
            raise ValueError("the header is not complete") from error


def _engines(text: str) -> tuple[str, ...]:
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError("engines are a list of names")
    return tuple(found)


def check_day(day: ElectionDay | None, ballots: Sequence[Ballot], kits: Sequence[Kit]) -> None:
    """Raises `ValueError` for ballots or kits named twice, or without an election day."""
    if day is None and (ballots or kits):
        raise ValueError("ballots and kits belong to an election day")
    if len({ballot.id for ballot in ballots}) < len(ballots):
        raise ValueError("two ballots have one id")
    names, prints = {kit.station for kit in kits}, {kit.fingerprint for kit in kits}
    if len(names) < len(kits) or len(prints) < len(kits):
        raise ValueError("two kits have one name or one identity")


def read_day(values: Mapping[str, Any]) -> ElectionDay:
    """The day in `election_id` and `election_date`.

    Raises `ValueError`, `KeyError` or `TypeError`.
    """
    return ElectionDay(values["election_id"], date.fromisoformat(values["election_date"]))


def ballot_values(ballots: Sequence[Ballot]) -> list[dict[str, str]]:
    """Ballots as JSON values."""
    return [{"id": one.id, "title": one.title} for one in ballots]


def read_ballots(values: Any) -> tuple[Ballot, ...]:
    """The inverse of `ballot_values`. Raises `ValueError`, `KeyError` or `TypeError`."""
    return tuple(Ballot(one["id"], one["title"]) for one in values)


def kit_values(kits: Sequence[Kit]) -> list[dict[str, Any]]:
    """Kits as JSON values."""
    return [
        {
            "station": one.station,
            "fingerprint": one.fingerprint,
            "list_numbers": None if one.list_numbers is None else list(one.list_numbers),
        }
        for one in kits
    ]


def read_kits(values: Any) -> tuple[Kit, ...]:
    """The inverse of `kit_values`. Raises `ValueError`, `KeyError` or `TypeError`."""
    return tuple(
        Kit(one["station"], one["fingerprint"], _range(one["list_numbers"])) for one in values
    )


def _range(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    first, last = value
    if type(first) is not int or type(last) is not int:
        raise ValueError("list numbers are whole")
    return first, last


def _text(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
