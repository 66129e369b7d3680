"""The rules of one election, as they travel in the signed list.

Their hash is in every outcome of the journal. It is taken over the text that was signed,
so rules that a later program adds change no hash of an older election (ADR 0022).
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import Asked, Finger

_LARGEST: Final = 2**53 - 1
_LARGEST_RATE: Final = 1000.0
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")

ADDED: Final[dict[str, Any]] = {"camera_wait_s": 60, "face_tries": 0, "face_turns": 3}
"""Rules that came after the first texts were signed, and what a text without them means.

The first texts said nothing of faces: no face is compared by them.
"""


class UnknownRulesError(ValueError):
    """A text has rules that this program cannot follow; `names` are those that can be shown."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__("the policy has rules that this program does not know")
        self.names = names


@dataclass(frozen=True, slots=True)
class Policy:
    """Frozen rules; evidence is -log10 FMR.

    `tries`: images a session may use in all. `tries_without_pin`: adequate images without
    a match after which a session without a PIN ends as not on this list.
    `quality_floor`: station quality (0..100) below which an image is not adequate.
    `fmr_verify_log10`: threshold of a 1:1 decision. `fpir_log10`: -log10 of the false
    positive identification rate allowed for one session's 1:N searches.
    `margin_log10`: evidence by which the first voter must lead the second.
    `scanner_wait_s`: how long a session waits for an unplugged scanner.
    `finger_order`: the fingers to ask for, in turn. `manual_alarm_percent`: the commission's
    part of the identifications (1..100) above which the screens warn. `head_slip_minutes`:
    how often the journal's head is printed while the day is open (10..720), 0 for never.
    `face_tries`: how often a session's face may be compared (1..5), 0 where faces are not compared
    at this election. `face_turns`: turns of the head that a face try asks for. `camera_wait_s`:
    how long a session waits for an unplugged camera. A face is held against `fmr_verify_log10`.

    `signed_text` is the text that these rules were read from, None where they were not read.
    Rules changed by `replace` are not those of the text any more, and forget it.
    """

    tries: int
    tries_without_pin: int
    quality_floor: int
    fmr_verify_log10: float
    fpir_log10: float
    margin_log10: float
    scanner_wait_s: int
    finger_order: tuple[FingerPosition, ...]
    manual_alarm_percent: int
    head_slip_minutes: int
    face_tries: int
    face_turns: int
    camera_wait_s: int
    signed_text: str | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.signed_text is not None and _values(self.signed_text) != self._rules():
            object.__setattr__(self, "signed_text", None)

    @property
    def text(self) -> str:
        """The rules as JSON: the signed text, or how this program writes them."""
        return _canonical(self._rules()) if self.signed_text is None else self.signed_text

    @classmethod
    def from_text(cls, text: str) -> "Policy":
        """The rules of a signed text, which they keep.

        Rules that the text lacks are as `ADDED` says. Raises `UnknownRulesError` for others
        than this program's, and `ValueError` for a text that is no policy: rules decide an
        election, so none is left out or guessed.
        """
        values = _values(text)
        values["finger_order"] = tuple(map(FingerPosition, values["finger_order"]))
        return cls(**values, signed_text=text)

    @property
    def asked_order(self) -> tuple[Asked, ...]:
        """What a person is asked for, in turn."""
        return tuple(map(Finger, self.finger_order))

    def digest(self) -> str:
        """Hex SHA-256 of `text`, written into every outcome entry."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def _rules(self) -> dict[str, Any]:
        rules = asdict(self)
        del rules["signed_text"]
        return rules | {"finger_order": [int(position) for position in self.finger_order]}


def _values(text: str) -> dict[str, Any]:
    """The rules in a text, each of its type, those of `ADDED` completed."""
    try:
        values = json.loads(text)
        is_ours = isinstance(values, dict) and _canonical(values) == text
    except (ValueError, RecursionError) as error:
        raise ValueError("the policy is not JSON") from error
    if not is_ours:
        raise ValueError("the policy is not in the form in which it is signed")
    wanted = {one.name: one.type for one in fields(Policy) if one.name != "signed_text"}
    if unknown := values.keys() - wanted.keys():
        raise UnknownRulesError(tuple(sorted(filter(_NAME.fullmatch, unknown))))
    rules: dict[str, Any] = ADDED | values
    for name, kind in wanted.items():
        if name not in rules or not _can_be(rules[name], kind):
            raise ValueError(f"the policy cannot say so of {name}")
    return rules


def _can_be(value: Any, kind: Any) -> bool:
    if kind is int:
        return type(value) is int and abs(value) <= _LARGEST
    if kind is float:
        return type(value) in (int, float) and abs(value) <= _LARGEST_RATE
    return isinstance(value, list) and all(
        type(one) is int and one in set(FingerPosition) for one in value
    )


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


PROVISIONAL = Policy(
    tries=4,
    tries_without_pin=2,
    quality_floor=35,
    fmr_verify_log10=4.0,
    fpir_log10=3.0,
    margin_log10=1.0,
    scanner_wait_s=60,
    finger_order=(FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX),
    manual_alarm_percent=5,
    head_slip_minutes=60,
    face_tries=2,
    face_turns=3,
    camera_wait_s=60,
)
