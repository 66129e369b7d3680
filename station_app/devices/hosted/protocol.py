"""What the station and a reader's program say to each other; docs/reader-protocol.md for makers.

A message is 4 bytes of length (big-endian), that many bytes of a JSON object, then the raw
bytes that its `bytes` announces. The program is not trusted: every length is looked at before
anything is taken in, every field before it is used.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from station_app.domain.samples import FingerImage, RetryReason

PROTOCOL: Final = 1
MOST_HEADER: Final = 4096
"""Bytes of a message's JSON."""
MOST_PIXELS: Final = 4 << 20
"""Bytes of a picture: 2048 x 2048."""
_MOST_SIDE: Final = 4096
_MOST_PPI: Final = 2000
_MOST_NAME: Final = 80
_LENGTH: Final = 4


class ProtocolError(Exception):
    """What the program sent is none of its messages; the text is for its maker."""


class Ability(StrEnum):
    """What a reader can do besides giving an image."""

    STREAMS = "streams"
    SENSES_FINGER = "senses_finger"
    GIVES_AFTER_LIFT = "gives_after_lift"
    ONLY_FRAMES = "only_frames"
    CANCELS = "cancels"
    FINGER_OFF = "finger_off"


_NEEDED_WITH_ONLY_FRAMES: Final = {Ability.STREAMS, Ability.SENSES_FINGER, Ability.CANCELS}


class FaultCode(StrEnum):
    """Why a reader that is there does not work."""

    BROKEN = "broken"
    BUSY = "busy"
    NO_PERMISSION = "no_permission"
    UNFIT = "unfit"
    DRIVER_MISSING = "driver_missing"


RETRY_REASONS: Final = frozenset(RetryReason) - {RetryReason.NO_MATCH}
"""What a reader can say of a finger; whether it matches is not its business."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The program speaks this version."""

    protocol: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The reader is open. Width and height are 0 where they vary."""

    name: str
    ppi: int
    width: int
    height: int
    abilities: frozenset[Ability]


@dataclass(frozen=True, slots=True)
class FingerSaid:
    """A finger was laid on the glass, or lifted."""

    to: int
    on: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame of the live view, or the image that ends a capture.

    `progress` is 0.0 to 1.0; an image has 1.0. `ppi` is 0 where the message does not say it.
    """

    to: int
    width: int
    height: int
    ppi: int
    progress: float
    is_image: bool
    pixels: bytes

    def at(self, ppi: int) -> FingerImage:
        """The picture as a finger's, at the reader's resolution."""
        return FingerImage(self.pixels, self.width, self.height, ppi)


@dataclass(frozen=True, slots=True)
class RetrySaid:
    """The capture ended without an image."""

    to: int
    reason: RetryReason


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The work with this number ended because the station cancelled it."""

    to: int


@dataclass(frozen=True, slots=True)
class Restart:
    """The program asks to be started anew and asked again; no finger is on the glass."""

    to: int


@dataclass(frozen=True, slots=True)
class FaultSaid:
    """The reader does not work; the program ends."""

    code: FaultCode


@dataclass(frozen=True, slots=True)
class LostSaid:
    """The reader is not there; the program ends."""


@dataclass(frozen=True, slots=True)
class Pong:
    """The program is awake."""


Message = (
    Hello
    | Ready
    | FingerSaid
    | Picture
    | RetrySaid
    | Cancelled
    | Restart
    | FaultSaid
    | LostSaid
    | Pong
)


def order(do: str, number: int = 0) -> dict[str, object]:
    """What the station asks of the program; `number` names the work that it begins or ends."""
    if do == "hello":
        return {"do": do, "protocol": PROTOCOL}
    return {"do": do, "number": number} if number else {"do": do}


def packed(header: Mapping[str, object], raw: bytes = b"") -> bytes:
    """A message as it goes over the pipe."""
    text = json.dumps({**header, "bytes": len(raw)} if raw else dict(header)).encode()
    return len(text).to_bytes(_LENGTH, "big") + text + raw


class MessageReader:
    """Takes bytes as they come and gives whole messages.

    Holds at most one message beside what was fed last. After a `ProtocolError` it is of no more
    use: where the next message begins is unknown.
    """

    def __init__(self) -> None:
        self._box = bytearray()

    def feed(self, data: bytes) -> None:
        """Take what came."""
        self._box += data

    def next(self) -> Message | None:
        """The next whole message; None until more is fed. Raises `ProtocolError`."""
        box = self._box
        if len(box) < _LENGTH:
            return None
        end = _LENGTH + int.from_bytes(box[:_LENGTH], "big")
        if not _LENGTH < end <= _LENGTH + MOST_HEADER:
            raise ProtocolError(f"a header of {end - _LENGTH:,} bytes; 1 to {MOST_HEADER:,} may be")
        if len(box) < end:
            return None
        fields = _Fields.read(bytes(box[_LENGTH:end]))
        size = fields.whole("bytes", MOST_PIXELS, 0)
        if len(box) < end + size:
            return None
        raw = bytes(box[end : end + size])
        del box[: end + size]
        return _message(fields, raw)


@dataclass(frozen=True, slots=True)
class _Fields:
    """A message's JSON object."""

    values: Mapping[str, object]

    @classmethod
    def read(cls, text: bytes) -> "_Fields":
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ProtocolError("a header that is no JSON") from error
        if not isinstance(values, dict):
            raise ProtocolError("a header that is no JSON object")
        return cls(values)

    def whole(self, name: str, most: int, default: int | None = None, least: int = 0) -> int:
        value = self.values.get(name, default)
        if type(value) is not int or not least <= value <= most:
            raise ProtocolError(f"`{name}` is no whole number from {least} to {most:,}")
        return value

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if not isinstance(value, bool):
            raise ProtocolError(f"`{name}` is neither true nor false")
        return value

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if not isinstance(value, str):
            raise ProtocolError(f"`{name}` is no text")
        return value

    def to(self) -> int:
        return self.whole("to", 1 << 53, least=1)


def _message(fields: _Fields, raw: bytes) -> Message:
    kind = fields.text("is")
    if raw and kind not in {"frame", "image"}:
        raise ProtocolError(f"{len(raw)} bytes after a message that has none")
    match kind:
        case "hello":
            return Hello(fields.whole("protocol", 1_000_000))
        case "ready":
            return _ready(fields)
        case "finger":
            return FingerSaid(fields.to(), fields.flag("on"))
        case "frame" | "image":
            return _picture(fields, raw, is_image=kind == "image")
        case "retry":
            return RetrySaid(fields.to(), _reason(fields.text("reason")))
        case "cancelled":
            return Cancelled(fields.to())
        case "restart":
            return Restart(fields.to())
        case "fault":
            return FaultSaid(_fault(fields.text("code")))
        case "lost":
            return LostSaid()
        case "pong":
            return Pong()
    raise ProtocolError("`is` names no message of this protocol")


def _ready(fields: _Fields) -> Ready:
    said = fields.values.get("abilities", [])
    if not isinstance(said, list) or any(one not in list(Ability) for one in said):
        raise ProtocolError(f"`abilities` is no list of {', '.join(Ability)}")
    abilities = frozenset(Ability(one) for one in said)
    if Ability.ONLY_FRAMES in abilities and not abilities >= _NEEDED_WITH_ONLY_FRAMES:
        raise ProtocolError(f"only_frames needs {', '.join(sorted(_NEEDED_WITH_ONLY_FRAMES))} too")
    if {Ability.STREAMS, Ability.GIVES_AFTER_LIFT} <= abilities:
        raise ProtocolError("a reader that streams does not say gives_after_lift")
    name = "".join(one for one in fields.text("name") if one.isprintable())[:_MOST_NAME].strip()
    if not name:
        raise ProtocolError("`name` is empty")
    return Ready(
        name,
        fields.whole("ppi", _MOST_PPI, least=1),
        fields.whole("width", _MOST_SIDE, 0),
        fields.whole("height", _MOST_SIDE, 0),
        abilities,
    )


def _picture(fields: _Fields, raw: bytes, *, is_image: bool) -> Picture:
    width = fields.whole("width", _MOST_SIDE, least=1)
    height = fields.whole("height", _MOST_SIDE, least=1)
    if fields.whole("bits", 64, 8) != 8:
        raise ProtocolError("`bits` is not 8: a pixel is one byte")
    if len(raw) != width * height:
        raise ProtocolError(f"{len(raw):,} bytes do not make {width} x {height} pixels")
    done = 100 if is_image else fields.whole("progress", 100, 0)
    ppi = fields.whole("ppi", _MOST_PPI, 0)
    return Picture(fields.to(), width, height, ppi, done / 100, is_image, raw)


def _reason(text: str) -> RetryReason:
    if text not in RETRY_REASONS:
        raise ProtocolError(f"`reason` is none of {', '.join(sorted(RETRY_REASONS))}")
    return RetryReason(text)


def _fault(text: str) -> FaultCode:
    if text not in list(FaultCode):
        raise ProtocolError(f"`code` is none of {', '.join(FaultCode)}")
    return FaultCode(text)
