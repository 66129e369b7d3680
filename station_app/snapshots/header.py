"""What a list says about itself."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum

from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import Policy


class ListKind(StrEnum):
    """What a list may be used for; a live one refuses simulated devices."""

    LIVE = "live"
    TRAINING = "training"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class ListHeader:
    """One list: for which election, place and seat, by which rules, made when and by what.

    `precinct` is the precinct's code (four digits in the reference country), `place` the
    name of the polling station, `station` and `seat` name the kit. `sequence` counts the
    lists issued for this kit from 1. `engine` names engine and version of every finger in
    it. `created` is an aware time, kept in UTC to the second.
    """

    kind: ListKind
    election: str
    precinct: str
    place: str
    station: str
    seat: str
    sequence: int
    engine: str
    created: datetime
    policy: Policy

    def to_texts(self) -> dict[str, str]:
        """Names and texts, as they stand in the table `meta`."""
        texts = {
            field.name: str(getattr(self, field.name))
            for field in fields(self)
            if field.name not in ("created", "policy")
        }
        texts["created"] = self.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        texts["policy"] = write_policy(self.policy)
        return texts

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> "ListHeader":
        """The inverse of `to_texts`. Raises `ValueError` when something is missing or wrong."""
        try:
            return cls(
                kind=ListKind(texts["kind"]),
                election=texts["election"],
                precinct=texts["precinct"],
                place=texts["place"],
                station=texts["station"],
                seat=texts["seat"],
                sequence=int(texts["sequence"]),
                engine=texts["engine"],
                created=datetime.fromisoformat(texts["created"]),
                policy=read_policy(texts["policy"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError("the header is not complete") from error


def write_policy(policy: Policy) -> str:
    """The rules as the JSON text whose SHA-256 is `Policy.digest`."""
    return json.dumps(asdict(policy), sort_keys=True, separators=(",", ":"))


def read_policy(text: str) -> Policy:
    """The inverse of `write_policy`. Raises `ValueError`, `KeyError` or `TypeError`."""
    values = json.loads(text)
    order = tuple(FingerPosition(position) for position in values.pop("finger_order"))
    return Policy(**values, finger_order=order)
